internal import Foundation

// What expressions come to.

extension ScriptScope {
  func value(of expression: ScriptExpression) throws(ScriptError) -> ScriptValue {
    switch expression.kind {
    case .number(let number, let unit):
      return .quantity(Quantity(value: number * (unit?.factor ?? 1), dimension: unit?.dimension ?? .none))
    case .name(let name):
      switch self[name] {
      case .value(let value)?: return value
      case let other?:
        throw ScriptError(place: expression.place, problem: .wrongKind(name, isA: other.article, wanted: "a value"))
      case nil:
        let known = names { if case .value = $0 { true } else { false } }
        throw unknown(name, at: expression.place, wanted: "value", known: known)
      }
    case .negation(let inner): return .quantity(-(try quantity(inner)))
    case .inversion(let inner): return .truth(!(try truth(inner)))
    case .operation(let operation, let left, let right): return try combined(operation, left, right, at: expression.place)
    case .function(let function, let argument): return .quantity(try applied(function, to: argument, at: expression.place))
    }
  }

  func quantity(_ expression: ScriptExpression) throws(ScriptError) -> Quantity {
    guard case .quantity(let quantity) = try value(of: expression) else {
      throw ScriptError(place: expression.place, problem: .wrongValue(of: "value", isA: "a comparison", wanted: "a number"))
    }
    return quantity
  }

  func truth(_ expression: ScriptExpression) throws(ScriptError) -> Bool {
    let value = try value(of: expression)
    guard case .truth(let truth) = value else {
      throw ScriptError(place: expression.place, problem: .wrongValue(of: "condition", isA: value.article, wanted: "a comparison such as i > 2"))
    }
    return truth
  }

  private func combined(
    _ operation: ScriptExpression.Operator, _ left: ScriptExpression, _ right: ScriptExpression, at place: SourcePlace
  ) throws(ScriptError) -> ScriptValue {
    switch operation {
    case .and:
      let (a, b) = (try truth(left), try truth(right))
      return .truth(a && b)
    case .or:
      let (a, b) = (try truth(left), try truth(right))
      return .truth(a || b)
    default: break
    }
    let a = try quantity(left), b = try quantity(right)
    if operation != .multiply, operation != .divide, a.dimension != b.dimension {
      let verb =
        switch operation {
        case .add: "added"
        case .subtract: "subtracted"
        default: "compared"
        }
      throw ScriptError(place: place, problem: .cannotCombine(a.dimension.article, b.dimension.article, verb: verb))
    }
    switch operation {
    case .add: return .quantity(try checked(Quantity(value: a.value + b.value, dimension: a.dimension), at: place))
    case .subtract: return .quantity(try checked(Quantity(value: a.value - b.value, dimension: a.dimension), at: place))
    case .multiply: return .quantity(try checked(a * b, at: place))
    case .divide:
      guard b.value != 0 else { throw ScriptError(place: place, problem: .notANumberAnyMore("it divides by 0")) }
      return .quantity(try checked(a / b, at: place))
    case .equal: return .truth(isEqual(a.value, b.value))
    case .unequal: return .truth(!isEqual(a.value, b.value))
    case .less: return .truth(a.value < b.value && !isEqual(a.value, b.value))
    case .lessOrEqual: return .truth(a.value < b.value || isEqual(a.value, b.value))
    case .greater: return .truth(a.value > b.value && !isEqual(a.value, b.value))
    case .greaterOrEqual: return .truth(a.value > b.value || isEqual(a.value, b.value))
    case .and, .or: preconditionFailure("answered above")
    }
  }

  /// 0.1 + 0.2 is 0.3, as people reckon.
  private func isEqual(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 1e-12 * max(abs(a), abs(b)) }

  private func applied(
    _ function: ScriptExpression.Function, to argument: ScriptExpression, at place: SourcePlace
  ) throws(ScriptError) -> Quantity {
    let x = try quantity(argument)
    switch function {
    case .sine, .cosine:
      guard x.dimension == .angle else {
        let what = "value of \(function.rawValue)"
        throw ScriptError(place: argument.place, problem: .wrongValue(of: what, isA: x.dimension.article, wanted: "an angle such as 30 deg"))
      }
      return Quantity(value: function == .sine ? sin(x.value) : cos(x.value))
    case .magnitude: return Quantity(value: abs(x.value), dimension: x.dimension)
    case .root:
      let d = x.dimension
      guard x.value >= 0 else { throw ScriptError(place: place, problem: .notANumberAnyMore("the root of a negative number")) }
      guard d.length % 2 == 0, d.angle % 2 == 0, d.time % 2 == 0, !d.isShare else {
        let wanted = "a number without a unit, or a length times a length"
        throw ScriptError(place: argument.place, problem: .wrongValue(of: "value of sqrt", isA: d.article, wanted: wanted))
      }
      return Quantity(value: x.value.squareRoot(), dimension: Dimension(length: d.length / 2, angle: d.angle / 2, time: d.time / 2))
    }
  }

  private func checked(_ quantity: Quantity, at place: SourcePlace) throws(ScriptError) -> Quantity {
    guard quantity.value.isFinite else { throw ScriptError(place: place, problem: .notANumberAnyMore("it is too large")) }
    return quantity
  }
}

internal import Foundation
internal import Kinematics

// Expressions where a statement wants something of a certain kind and size.

extension ScriptScope {
  /// A quantity of a dimension.
  ///
  /// - Parameters:
  ///   - what: "time", for messages.
  ///   - example: "a time such as 0.5 s".
  func amount(_ expression: ScriptExpression, of what: String, _ dimension: Dimension, example: String) throws(ScriptError) -> Double {
    let quantity = try quantity(expression)
    if quantity.dimension == dimension { return quantity.value }
    if quantity.dimension == .none {
      throw ScriptError(place: expression.place, problem: .missingUnit(of: what, units: ScriptUnit.names(of: dimension)))
    }
    throw ScriptError(place: expression.place, problem: .wrongValue(of: what, isA: quantity.dimension.article, wanted: example))
  }

  /// How fast motions are: a share of the limits, above 0 and at most 1, or the velocity of the tool centre point [m/s].
  /// How far a gripper is to open, 0…1.
  func opening(_ expression: ScriptExpression) throws(ScriptError) -> Double {
    let share = try amount(expression, of: "opening", .share, example: "a share of the gripper's way such as 40%")
    guard 0...1 ~= share else {
      throw ScriptError(place: expression.place, problem: .outOfRange(expression.place.excerptText, range: "from 0% to 100%"))
    }
    return share
  }

  func speed(_ expression: ScriptExpression) throws(ScriptError) -> (share: Double, ofTool: Double?) {
    let quantity = try quantity(expression)
    if quantity.dimension == .velocity {
      guard quantity.value >= 1e-4, quantity.value <= 10 else {
        throw ScriptError(place: expression.place, problem: .outOfRange(expression.place.excerptText, range: "from 0.1 mm/s to 10 m/s"))
      }
      return (1, quantity.value)
    }
    let share = try amount(expression, of: "speed", .share, example: "a share of the limits such as 50%")
    guard share >= 0.001, share <= 1 else {
      throw ScriptError(place: expression.place, problem: .outOfRange(expression.place.excerptText, range: "from 0.1% to 100%"))
    }
    return (share, nil)
  }

  /// [s]
  func duration(_ expression: ScriptExpression) throws(ScriptError) -> Double {
    let seconds = try amount(expression, of: "time", .time, example: "a time such as 0.5 s")
    guard seconds >= 0, seconds <= 86_400 else {
      throw ScriptError(place: expression.place, problem: .outOfRange(expression.place.excerptText, range: "a time from 0 s to a day"))
    }
    return seconds
  }

  /// - Returns: The radius [m], [rad], and whether it is one of joint motions.
  func blend(_ expression: ScriptExpression) throws(ScriptError) -> (radius: Double, isOfJoints: Bool) {
    let radius = try quantity(expression)
    guard radius.dimension != .none else {
      throw ScriptError(
        place: expression.place,
        problem: .missingUnit(of: "blend", units: ScriptUnit.names(of: .length) + ScriptUnit.names(of: .angle)))
    }
    guard radius.dimension == .length || radius.dimension == .angle else {
      throw ScriptError(
        place: expression.place,
        problem: .wrongValue(of: "blend", isA: radius.dimension.article, wanted: "a length such as 10 mm, or of moves an angle such as 10 deg"))
    }
    guard radius.value >= 0, radius.value <= 10 else {
      throw ScriptError(
        place: expression.place,
        problem: .outOfRange(expression.place.excerptText, range: radius.dimension == .length ? "from 0 to 10 m" : "from 0 to 10 rad"))
    }
    return (radius.value, radius.dimension == .angle)
  }

  /// The blend that a motion says itself.
  func blend(_ expression: ScriptExpression, of way: ScriptMotion.Way) throws(ScriptError) -> Double {
    let blend = try blend(expression)
    guard blend.isOfJoints == !way.isOfTool else {
      throw ScriptError(
        place: expression.place,
        problem: .wrongValue(
          of: way.isOfTool ? "blend of a line or an arc" : "blend of a move", isA: blend.isOfJoints ? "an angle" : "a length",
          wanted: way.isOfTool ? "a length such as 10 mm" : "an angle such as 10 deg"))
    }
    return blend.radius
  }

  /// How often, from 0 to 10000.
  func count(_ expression: ScriptExpression) throws(ScriptError) -> Int {
    let count = try quantity(expression)
    guard count.dimension == .none else {
      throw ScriptError(
        place: expression.place, problem: .wrongValue(of: "count", isA: count.dimension.article, wanted: "a whole number from 1 to 10000"))
    }
    let whole = count.value.rounded()
    guard abs(count.value - whole) < 1e-9, whole >= 1, whole <= 10_000 else {
      throw ScriptError(place: expression.place, problem: .outOfRange(expression.place.excerptText, range: "a whole number from 1 to 10000"))
    }
    return Int(whole)
  }

  /// "10 20 30 mm": what has no unit takes that of the number after it.
  func vector(_ triple: ScriptTriple, _ dimension: Dimension, example: String) throws(ScriptError) -> SIMD3<Double> {
    var vector = SIMD3<Double>()
    var unit: ScriptUnit?
    for (axis, element) in triple.elements.enumerated().reversed() {
      unit = element.writtenUnit ?? unit
      vector[axis] = try unitless(element, unit, of: dimension, example: example)
    }
    let limit = dimension == .length ? 100.0 : 100 * .pi
    guard vector.max() <= limit, vector.min() >= -limit else {
      let range = dimension == .length ? "within 100 m of the base" : "within fifty turns"
      throw ScriptError(place: triple.place, problem: .outOfRange(triple.place.excerptText, range: range))
    }
    return vector
  }

  /// A value of a row, in a unit given elsewhere if it has none; 0 needs none.
  private func unitless(
    _ element: ScriptExpression, _ unit: ScriptUnit?, of dimension: Dimension, example: String
  ) throws(ScriptError) -> Double {
    let quantity = try quantity(element)
    guard quantity.dimension == .none else { return try amount(element, of: dimension.noun, dimension, example: example) }
    if let unit, unit.dimension == dimension { return quantity.value * unit.factor }
    guard quantity.value == 0 else {
      throw ScriptError(place: element.place, problem: .missingUnit(of: dimension.noun, units: ScriptUnit.names(of: dimension)))
    }
    return 0
  }

  /// Joint positions [rad; m].
  func positions(_ joints: ScriptJoints, of arm: ScriptArm) throws(ScriptError) -> JointVector {
    guard joints.elements.count == arm.joints.count else {
      throw ScriptError(place: joints.place, problem: .wrongJointCount(given: joints.elements.count, expected: arm.joints.count))
    }
    var positions = JointVector(count: arm.joints.count)
    for (index, element) in joints.elements.enumerated() {
      let joint = arm.joints[index]
      var quantity = try quantity(element)
      if quantity.dimension == .none, let unit = joints.unit {
        quantity = quantity * Quantity(value: unit.factor, dimension: unit.dimension)
      }
      guard quantity.dimension == .none || quantity.dimension == (joint.slides ? .length : .angle) || quantity.value == 0 else {
        throw ScriptError(
          place: element.place, problem: .wrongJointUnit(joint: joint.name, slides: joint.slides, isA: quantity.dimension.article))
      }
      guard abs(quantity.value) <= 1e6 else {
        throw ScriptError(place: element.place, problem: .outOfRange(element.place.excerptText, range: "a joint position"))
      }
      positions[index] = quantity.value
    }
    return positions
  }
}

extension ScriptExpression {
  /// The unit of a plain number with at most a sign.
  fileprivate var writtenUnit: ScriptUnit? {
    switch kind {
    case .number(_, let unit): unit
    case .negation(let inner): inner.writtenUnit
    default: nil
    }
  }
}

/// Something with a value: `60 mm`, `depth / 2`, `i == 1 or isLast`.
///
/// Two expressions are equal where they say the same, wherever they stand.
struct ScriptExpression: Sendable, Equatable {
  indirect enum Kind: Sendable, Equatable {
    case number(Double, ScriptUnit?)
    case name(String)
    case negation(ScriptExpression)
    case inversion(ScriptExpression)
    case operation(Operator, ScriptExpression, ScriptExpression)
    case function(Function, ScriptExpression)
  }

  enum Operator: String, Sendable, CaseIterable {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case equal = "=="
    case unequal = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case and, or

    static let comparisons: [Operator] = [.equal, .unequal, .less, .lessOrEqual, .greater, .greaterOrEqual]
  }

  enum Function: String, Sendable, CaseIterable {
    case sine = "sin"
    case cosine = "cos"
    case magnitude = "abs"
    case root = "sqrt"
  }

  let kind: Kind
  let place: SourcePlace

  static func == (a: Self, b: Self) -> Bool { a.kind == b.kind }
}

/// A name, and where it stands. Equal to another that says the same.
struct ScriptName: Sendable, Equatable {
  let text: String
  let place: SourcePlace

  static func == (a: Self, b: Self) -> Bool { a.text == b.text }
}

/// Three numbers in a row: `200 0 150 mm`. What has no unit takes that of the number after it.
struct ScriptTriple: Sendable, Equatable {
  let x, y, z: ScriptExpression

  var elements: [ScriptExpression] { [x, y, z] }
  var place: SourcePlace { x.place.through(z.place) }
}

/// Joint positions: `[0, 20, 90] deg`.
struct ScriptJoints: Sendable, Equatable {
  let elements: [ScriptExpression]
  /// Of the elements that have none of their own.
  let unit: ScriptUnit?
  let place: SourcePlace

  static func == (a: Self, b: Self) -> Bool { a.elements == b.elements && a.unit == b.unit }
}

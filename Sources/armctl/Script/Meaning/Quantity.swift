internal import Foundation

/// What kind of thing a number measures: the exponents of length, angle and time, and whether it is a share such as 50%.
struct Dimension: Sendable, Hashable {
  var length = 0
  var angle = 0
  var time = 0
  var isShare = false

  static let none = Dimension()
  static let length = Dimension(length: 1)
  static let angle = Dimension(angle: 1)
  static let time = Dimension(time: 1)
  static let share = Dimension(isShare: true)
  static let velocity = Dimension(length: 1, time: -1)
  static let angularVelocity = Dimension(angle: 1, time: -1)

  /// Whether it has no exponents: a plain number or a share.
  var isPure: Bool { length == 0 && angle == 0 && time == 0 }

  /// For sentences: "length".
  var noun: String {
    switch self {
    case .none: "number without a unit"
    case .share: "share"
    case .length: "length"
    case .angle: "angle"
    case .time: "time"
    case .velocity: "velocity"
    case .angularVelocity: "angular velocity"
    default: "product of units"
    }
  }

  /// "a length", "an angle"
  var article: String { (self == .angle || self == .angularVelocity ? "an " : "a ") + noun }
}

/// A number with its dimension, in SI.
struct Quantity: Sendable, Equatable {
  var value: Double
  var dimension = Dimension.none

  static prefix func - (a: Self) -> Self { Quantity(value: -a.value, dimension: a.dimension) }

  /// The product. A share of something is some of that thing.
  static func * (a: Self, b: Self) -> Self {
    var dimension = Dimension(
      length: a.dimension.length + b.dimension.length, angle: a.dimension.angle + b.dimension.angle, time: a.dimension.time + b.dimension.time)
    dimension.isShare = dimension.isPure && a.dimension.isPure && (a.dimension.isShare || b.dimension.isShare)
    return Quantity(value: a.value * b.value, dimension: dimension)
  }

  /// The quotient; of two shares a plain number.
  static func / (a: Self, b: Self) -> Self {
    var dimension = Dimension(
      length: a.dimension.length - b.dimension.length, angle: a.dimension.angle - b.dimension.angle, time: a.dimension.time - b.dimension.time)
    dimension.isShare = dimension.isPure && a.dimension.isShare && !b.dimension.isShare
    return Quantity(value: a.value / b.value, dimension: dimension)
  }
}

/// What an expression comes to.
enum ScriptValue: Sendable, Equatable {
  case quantity(Quantity)
  case truth(Bool)

  /// For sentences: "a length", "a yes or no".
  var article: String {
    switch self {
    case .quantity(let quantity): quantity.dimension.article
    case .truth: "a comparison"
    }
  }
}

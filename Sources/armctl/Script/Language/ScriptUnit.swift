/// The units that a script may say.
enum ScriptUnit: String, Sendable, CaseIterable {
  case degree = "deg"
  case radian = "rad"
  case millimetre = "mm"
  case centimetre = "cm"
  case metre = "m"
  case second = "s"
  case millisecond = "ms"
  case minute = "min"
  case percent = "%"
  case millimetrePerSecond = "mm/s"
  case centimetrePerSecond = "cm/s"
  case metrePerSecond = "m/s"
  case degreePerSecond = "deg/s"
  case radianPerSecond = "rad/s"

  /// One of it in SI.
  var factor: Double {
    switch self {
    case .degree, .degreePerSecond: .pi / 180
    case .radian, .metre, .second, .metrePerSecond, .radianPerSecond: 1
    case .millimetre, .millisecond, .millimetrePerSecond: 1e-3
    case .centimetre, .centimetrePerSecond, .percent: 1e-2
    case .minute: 60
    }
  }

  var dimension: Dimension {
    switch self {
    case .degree, .radian: .angle
    case .millimetre, .centimetre, .metre: .length
    case .second, .millisecond, .minute: .time
    case .percent: .share
    case .millimetrePerSecond, .centimetrePerSecond, .metrePerSecond: .velocity
    case .degreePerSecond, .radianPerSecond: .angularVelocity
    }
  }

  /// The unit per second, if the language knows it.
  var perSecond: ScriptUnit? { ScriptUnit(rawValue: rawValue + "/s") }

  /// The names of a dimension's units.
  static func names(of dimension: Dimension) -> [String] { allCases.filter { $0.dimension == dimension }.map(\.rawValue) }
}

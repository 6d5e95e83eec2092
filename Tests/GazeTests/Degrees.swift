extension Double {
  /// An angle that is written in degrees [rad].
  var degrees: Double { self * .pi / 180 }
}

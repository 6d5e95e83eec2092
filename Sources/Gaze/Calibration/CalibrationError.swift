/// Why a calibration cannot be used.
public enum CalibrationError: Error, Sendable, Equatable, CustomStringConvertible {
  case tooFewPoints(count: Int, needed: Int)
  /// What was looked at or touched lies on one line.
  case onOneLine
  /// So many looks went somewhere else.
  case tooManyOutliers(points: [Int], count: Int)
  /// Residuals by leaving one out [m].
  case tooCoarse(rms: Double, worst: Double, point: Int, limit: Double)
  /// Touched places are not on one plane [m].
  case notFlat(worst: Double, point: Int, limit: Double)
  /// Looks of so different kinds cannot belong together.
  case mixedLooks

  public var description: String {
    switch self {
    case .tooFewPoints(let count, let needed): "\(count) points are too few to calibrate with; \(needed) are needed."
    case .onOneLine: "The points lie on one line, or nearly."
    case .tooManyOutliers(let points, let count):
      "\(points.count) of \(count) points do not fit the others: \(points.map { "\($0 + 1)" }.joined(separator: ", "))."
    case .tooCoarse(let rms, let worst, let point, let limit):
      "The map is off by \(millimetres(rms)) mm (RMS), \(millimetres(worst)) mm at point \(point + 1); the limit is \(millimetres(limit)) mm."
    case .notFlat(let worst, let point, let limit):
      "The places that were touched are not flat: place \(point + 1) is \(millimetres(worst)) mm off; the limit is \(millimetres(limit)) mm."
    case .mixedLooks: "Some looks are places on a screen and some are sight lines."
    }
  }

  /// What to do about it, for after "try: ".
  public var suggestion: String {
    switch self {
    case .tooFewPoints, .onOneLine: "nine points, in rows of three over the part of the table that is used"
    case .tooManyOutliers: "the calibration again, with the eyes on the tool's tip until it moves on"
    case .tooCoarse: "the tracker's own calibration, then this one again; the head still, the light steady"
    case .notFlat: "the places again, each with the tip on the table itself"
    case .mixedLooks: "one source from the first point to the last"
    }
  }
}

/// With one decimal.
func millimetres(_ length: Double) -> String {
  guard length.isFinite, abs(length) < 1e9 else { return "\(length * 1e3)" }
  let tenths = Int((length * 1e4).rounded())
  return "\(tenths < 0 ? "-" : "")\(abs(tenths) / 10).\(abs(tenths) % 10)"
}

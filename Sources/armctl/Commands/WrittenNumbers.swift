internal import ArgumentParser
internal import Foundation

/// Numbers with commas between, as a command line has them.
enum WrittenNumbers {
  /// - Parameters:
  ///   - option: What errors call the text.
  ///   - angles: The numbers from this index on are angles, which may end in "deg".
  ///   - areDegrees: Whether angles without that are in degrees all the same.
  /// - Throws: `ValidationError` with the word that is no number.
  static func parse(_ text: String, of option: String, angles: PartialRangeFrom<Int>, areDegrees: Bool = false) throws -> [Double] {
    try text.split(separator: ",", omittingEmptySubsequences: false).enumerated().map { index, piece in
      var word = piece.trimmingCharacters(in: .whitespaces)
      let isAngle = angles.contains(index), hasSuffix = isAngle && word.hasSuffix("deg")
      if hasSuffix { word = String(word.dropLast(3)) }
      guard let number = Double(word), number.isFinite else { throw ValidationError("\(option) has \"\(piece)\" where a number should be.") }
      return hasSuffix || (isAngle && areDegrees) ? number * .pi / 180 : number
    }
  }
}

/// A pose of the tool in the base: x,y,z [m], and then a quaternion x,y,z,w, or roll,pitch,yaw, or nothing.
struct WrittenPose {
  /// [m]
  let position: SIMD3<Double>
  /// x, y, z, w; nil where the tool keeps its direction.
  let quaternion: [Double]?

  init(_ text: String, of option: String, areDegrees: Bool = false) throws {
    let isEuler = text.split(separator: ",", omittingEmptySubsequences: false).count == 6
    let numbers = try WrittenNumbers.parse(text, of: option, angles: isEuler ? 3... : 7..., areDegrees: areDegrees)
    switch numbers.count {
    case 3: quaternion = nil
    case 6: quaternion = Self.quaternion(roll: numbers[3], pitch: numbers[4], yaw: numbers[5])
    case 7:
      let length = numbers[3...].reduce(0) { $0 + $1 * $1 }.squareRoot()
      guard length > 0 else { throw ValidationError("\(option) has a quaternion of length 0.") }
      quaternion = numbers[3...].map { $0 / length }
    default: throw ValidationError("\(option) needs 3, 6 or 7 numbers, not \(numbers.count).")
    }
    position = SIMD3(numbers[..<3])
  }

  /// Of the rotation about the fixed axes x, then y, then z: URDF's roll, pitch, yaw [rad].
  static func quaternion(roll: Double, pitch: Double, yaw: Double) -> [Double] {
    let (sr, cr) = (sin(roll / 2), cos(roll / 2))
    let (sp, cp) = (sin(pitch / 2), cos(pitch / 2))
    let (sy, cy) = (sin(yaw / 2), cos(yaw / 2))
    return [sr * cp * cy - cr * sp * sy, cr * sp * cy + sr * cp * sy, cr * cp * sy - sr * sp * cy, cr * cp * cy + sr * sp * sy]
  }
}

import Foundation

@testable import Gaze

/// A synthetic tracker's samples as the bytes of a real one's protocol, and read again.
enum TrackerWire: CaseIterable {
  case none, openGaze, opentrack, pupil

  /// - Returns: nil where this tracker sends nothing while the eyes are closed.
  func carried(_ look: SyntheticEye.Look) -> GazeSample? {
    let sample = GazeTable.sample(look)
    guard case .screen(let share) = sample.look else { return nil }
    switch self {
    case .none: return sample
    case .openGaze:
      let text = String(
        format: "<REC TIME=\"%.5f\" BPOGX=\"%.5f\" BPOGY=\"%.5f\" BPOGV=\"%d\" />", sample.time, share.x, share.y, sample.isValid ? 1 : 0)
      if case .sample(let read) = OpenGazeRecord.line(Array(text.utf8), time: 0) { return read }
      return nil
    case .pupil:
      let confidence = sample.isValid ? 0.95 : 0.0
      var bytes: [UInt8] = [0x83, 0xA8] + Array("norm_pos".utf8) + [0x92] + Self.packed(share.x) + Self.packed(1 - share.y)
      bytes += [0xAA] + Array("confidence".utf8) + Self.packed(confidence) + [0xA9] + Array("timestamp".utf8) + Self.packed(sample.time)
      return try? PupilMessage.samples(bytes).first
    case .opentrack:
      guard let angle = look.measured else { return nil }
      let direction = SIMD3(tan(angle.x), tan(angle.y), 1).unit
      let yaw = atan2(direction.x, direction.z) * 180 / .pi
      let pitch = asin(-direction.y) * 180 / .pi
      // The head sways by some millimetres.
      let sway = SIMD3(sin(look.time), cos(0.7 * look.time), sin(1.3 * look.time)) * 0.3
      let numbers = [sway.x, sway.y, sway.z, yaw, pitch, 0]
      return OpentrackDatagram.sample(numbers.flatMap { withUnsafeBytes(of: $0.bitPattern.littleEndian, Array.init) }, time: look.time)
    }
  }

  private static func packed(_ number: Double) -> [UInt8] { [0xCB] + withUnsafeBytes(of: number.bitPattern.bigEndian, Array.init) }
}

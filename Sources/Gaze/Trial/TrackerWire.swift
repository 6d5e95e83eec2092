internal import Foundation

/// A tracker's own protocol: samples as the bytes that the real one sends, and read again.
public enum TrackerWire: String, CaseIterable, Sendable {
  case openGaze = "OpenGaze", opentrack, pupil = "Pupil"

  /// - Parameter sample: A place of the screen of a trial.
  /// - Returns: nil where this tracker sends nothing while the eyes are closed.
  public func carried(_ sample: GazeSample) -> GazeSample? {
    guard case .screen(let share) = sample.look else { return nil }
    switch self {
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
      guard sample.isValid else { return nil }
      let angle = TrialTable.view.angle(of: share)
      let direction = SIMD3(tan(angle.x), tan(angle.y), 1).unit
      let yaw = atan2(direction.x, direction.z) * 180 / .pi
      let pitch = asin(-direction.y) * 180 / .pi
      // The head sways by some millimetres.
      let sway = SIMD3(sin(sample.time), cos(0.7 * sample.time), sin(1.3 * sample.time)) * 0.3
      let numbers = [sway.x, sway.y, sway.z, yaw, pitch, 0]
      return OpentrackDatagram.sample(numbers.flatMap { withUnsafeBytes(of: $0.bitPattern.littleEndian, Array.init) }, time: sample.time)
    }
  }

  private static func packed(_ number: Double) -> [UInt8] { [0xCB] + withUnsafeBytes(of: number.bitPattern.bigEndian, Array.init) }
}

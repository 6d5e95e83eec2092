internal import Foundation

/// opentrack's "UDP over network" output: where a head is and how it is turned, for pointing with the head.
///
/// Six little-endian doubles: x, y, z [cm], yaw, pitch, roll [°]. Yaw turns to the right, pitch upwards.
public enum OpentrackDatagram {
  public static let size = 48

  /// The sight line straight ahead of the face, in a frame whose x points to the right, y down and z ahead; nil for what is no such datagram.
  ///
  /// - Parameter time: When it came [s]: the datagram has no time.
  public static func sample(_ bytes: some Collection<UInt8>, time: Double) -> GazeSample? {
    guard bytes.count == size else { return nil }
    var numbers = [Double](repeating: 0, count: 6)
    var (index, pattern) = (0, UInt64(0))
    for byte in bytes {
      pattern |= UInt64(byte) << UInt64(8 * (index % 8))
      index += 1
      if index % 8 == 0 {
        numbers[index / 8 - 1] = Double(bitPattern: pattern)
        pattern = 0
      }
    }
    let (yaw, pitch) = (numbers[3] * .pi / 180, numbers[4] * .pi / 180)
    guard numbers.allSatisfy(\.isFinite), abs(yaw) < .pi / 2, abs(pitch) < .pi / 2 else {
      return GazeSample(time: time, look: .ray(origin: SIMD3(repeating: .nan), direction: SIMD3(repeating: .nan)))
    }
    return GazeSample(
      time: time, look: .ray(origin: SIMD3(numbers[0], numbers[1], numbers[2]) / 100, direction: direction(yaw: yaw, pitch: pitch)))
  }
}

private func direction(yaw: Double, pitch: Double) -> SIMD3<Double> {
  SIMD3(sin(yaw) * cos(pitch), -sin(pitch), cos(yaw) * cos(pitch))
}

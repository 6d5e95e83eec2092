internal import Glibc
public import MotorDrivers

/// A GPIO line without a chip: a file that holds `1` while the line is active, else `0`. People and tests switch inputs with `echo`.
public final class EmulatedLine: DigitalInput, DigitalOutput {
  public let name: String
  private let path: String
  private let descriptor: Int32

  /// Makes the file, or takes the one that is there as it is.
  ///
  /// - Throws: ``GPIOError/noChip(chip:line:reason:)`` where it cannot be had.
  public init(name: String, folder: String) throws(GPIOError) {
    self.name = name
    path = "\(folder)/\(name)"
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .noChip(chip: path, line: 0, reason: String(cString: strerror(errno))) }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  public func isActive() throws(GPIOError) -> Bool {
    var level = UInt8(ascii: "0")
    guard pread(descriptor, &level, 1, 0) >= 0 else { throw .lost(chip: path, line: 0, reason: "the file cannot be read") }
    return level == UInt8(ascii: "1")
  }

  public func set(isActive: Bool) throws(GPIOError) {
    let text: (UInt8, UInt8) = (UInt8(ascii: isActive ? "1" : "0"), UInt8(ascii: "\n"))
    guard withUnsafeBytes(of: text, { pwrite(descriptor, $0.baseAddress, 2, 0) }) == 2 else {
      throw .lost(chip: path, line: 0, reason: "the file cannot be written")
    }
  }
}

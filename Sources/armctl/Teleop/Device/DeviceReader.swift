internal import Foundation

/// An evdev device that is read without ever waiting for it.
final class DeviceReader {
  let path: String
  let descriptor: Int32
  /// What the device calls itself.
  let name: String
  private let ask: Question
  private var rest: [UInt8] = []
  private var buffer = [UInt8](repeating: 0, count: 64 * InputEvent.size)
  /// Whether it was unplugged.
  private(set) var isGone = false

  /// `ioctl`: the descriptor, the request, and room for the answer; negative where there is none, else how long it is.
  typealias Question = (Int32, UInt, UnsafeMutableRawPointer) -> Int32

  /// - Parameter ask: What the kernel is asked through.
  /// - Throws: ``CommandFailure`` where it cannot be opened.
  init(path: String, ask: @escaping Question = { ioctl($0, $1, $2) }) throws(CommandFailure) {
    self.path = path
    self.ask = ask
    descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else {
      let reason = errno
      throw CommandFailure(
        "The device \(path) cannot be read: \(String(cString: strerror(reason))).",
        suggestion: reason == EACCES ? "`sudo usermod -aG input $USER`, and log in again" : "`ls /dev/input/by-id`, or no --device")
    }
    name = Self.name(of: descriptor, ask) ?? path
  }

  deinit { close(descriptor) }

  /// What has happened since.
  func read() -> [InputEvent] {
    guard !isGone else { return [] }
    let count = buffer.withUnsafeMutableBytes { Foundation.read(descriptor, $0.baseAddress, $0.count) }
    if count == 0 || (count < 0 && ![EAGAIN, EINTR].contains(errno)) { isGone = true }
    guard count > 0 else { return [] }
    rest += buffer[..<count]
    let whole = rest.count / InputEvent.size
    defer { rest.removeFirst(whole * InputEvent.size) }
    return (0..<whole).map { InputEvent(rest[($0 * InputEvent.size)..<(($0 + 1) * InputEvent.size)]) }
  }

  // MARK: What the kernel tells of a device

  /// `_IOC(_IOC_READ, 'E', number, size)` of linux/input.h.
  private static func request(_ number: Int, size: Int) -> UInt { UInt(2 << 30 | size << 16 | 0x45 << 8 | number) }

  private static func name(of descriptor: Int32, _ ask: Question) -> String? {
    var letters = [UInt8](repeating: 0, count: 256)
    let count = letters.withUnsafeMutableBytes { ask(descriptor, request(0x06, size: 256), $0.baseAddress!) }
    return count > 1 ? String(decoding: letters.prefix(Int(count) - 1), as: UTF8.self) : nil
  }

  /// Whether it has a key or an axis: bit `code` of what `EVIOCGBIT` tells of events of that type.
  private func has(_ type: Int, _ code: Int) -> Bool {
    var bits = [UInt8](repeating: 0, count: 96)
    let count = bits.withUnsafeMutableBytes { ask(descriptor, Self.request(0x20 + type, size: 96), $0.baseAddress!) }
    return count > code / 8 && bits[code / 8] & 1 << (code % 8) != 0
  }

  /// What it is, by what it has: a gamepad's first button, or six axes about and along, told as deflections.
  var map: DeviceMap? {
    if has(1, 0x130) { return .gamepad }
    return (0..<6).allSatisfy { has(3, $0) } || (0..<6).allSatisfy { has(2, $0) } ? .mouse3D : nil
  }

  /// From where to where each axis goes, as the device says it.
  func ranges(of map: DeviceMap) -> [Int: ClosedRange<Int32>] {
    var ranges: [Int: ClosedRange<Int32>] = [:]
    for axis in map.axes {
      // struct input_absinfo: value, minimum, maximum, fuzz, flat, resolution.
      var numbers = [Int32](repeating: 0, count: 6)
      let told = numbers.withUnsafeMutableBytes { ask(descriptor, Self.request(0x40 + axis.code, size: 24), $0.baseAddress!) }
      if told >= 0, numbers[1] < numbers[2] { ranges[axis.code] = numbers[1]...numbers[2] }
    }
    return ranges
  }

  /// The first device that can jog an arm.
  static func find(in folder: String = "/dev/input") -> DeviceReader? {
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { $0.hasPrefix("event") }
    return names.sorted { $0.count == $1.count ? $0 < $1 : $0.count < $1.count }.lazy.compactMap { try? DeviceReader(path: "\(folder)/\($0)") }
      .first { $0.map != nil }
  }
}

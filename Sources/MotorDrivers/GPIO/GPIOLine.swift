internal import CGPIOLines
internal import Glibc

/// A GPIO line as an input, through libgpiod. The line is this program's until the object goes.
public final class GPIOInput: DigitalInput {
  private let line: GPIOLine

  public var name: String { line.name }

  /// - Parameters:
  ///   - chip: `gpiochip0`, or a path.
  ///   - line: The line's number on the chip, from 0.
  ///   - isActiveLow: Whether a low level counts as active, as with a switch against ground.
  public init(chip: String, line number: Int, isActiveLow: Bool = false) throws(GPIOError) {
    line = try GPIOLine(chip: chip, number: number) { stage in
      gpio_line_open_input(chip, UInt32(clamping: number), GPIOLine.consumer, isActiveLow, &stage)
    }
  }

  public func isActive() throws(GPIOError) -> Bool {
    let value = gpio_line_read(line.handle)
    guard value >= 0 else { throw line.loss(errno) }
    return value == 1
  }
}

/// A GPIO line as an output, through libgpiod. When the object goes the line is released; what level it has then is up to the chip.
public final class GPIOOutput: DigitalOutput {
  private let line: GPIOLine

  public var name: String { line.name }

  /// - Parameters:
  ///   - chip: `gpiochip0`, or a path.
  ///   - line: The line's number on the chip, from 0.
  ///   - isActiveLow: Whether active means a low level.
  ///   - isActive: What it begins as.
  public init(chip: String, line number: Int, isActiveLow: Bool = false, isActive: Bool = false) throws(GPIOError) {
    line = try GPIOLine(chip: chip, number: number) { stage in
      gpio_line_open_output(chip, UInt32(clamping: number), GPIOLine.consumer, isActiveLow, isActive, &stage)
    }
  }

  public func set(isActive: Bool) throws(GPIOError) {
    guard gpio_line_write(line.handle, isActive) == 0 else { throw line.loss(errno) }
  }
}

/// The request that both directions share.
private final class GPIOLine {
  static let consumer = "armctl"

  let chip: String
  let number: Int
  let name: String
  let handle: OpaquePointer

  init(chip: String, number: Int, request: (inout gpio_stage) -> OpaquePointer?) throws(GPIOError) {
    var stage = GPIO_STAGE_CHIP
    errno = 0
    guard number >= 0, let handle = request(&stage) else {
      throw number < 0 ? .noLine(chip: chip, line: number) : .requesting(chip, number, stage: stage, errno: errno)
    }
    self.chip = chip
    self.number = number
    self.name = "\(chip) line \(number)"
    self.handle = handle
  }

  deinit { gpio_line_close(handle) }

  func loss(_ code: Int32) -> GPIOError {
    .lost(chip: chip, line: number, reason: code == ENODEV ? "the chip was taken away" : "the system reports an input or output error")
  }
}

extension GPIOError {
  fileprivate static func requesting(_ chip: String, _ line: Int, stage: gpio_stage, errno code: Int32) -> GPIOError {
    switch (stage, code) {
    case (_, EACCES), (_, EPERM): .denied(chip: chip, line: line)
    case (GPIO_STAGE_CHIP, ENOENT): .noChip(chip: chip, line: line, reason: "there is no such chip")
    case (GPIO_STAGE_CHIP, ENOTTY), (GPIO_STAGE_CHIP, ENODEV): .noChip(chip: chip, line: line, reason: "it is no GPIO chip")
    case (GPIO_STAGE_CHIP, _): .noChip(chip: chip, line: line, reason: String(cString: strerror(code)))
    case (GPIO_STAGE_LINE, _): .noLine(chip: chip, line: line)
    case (_, EBUSY): .lineBusy(chip: chip, line: line)
    default: .refused(chip: chip, line: line, reason: String(cString: strerror(code)))
    }
  }
}

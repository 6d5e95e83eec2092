/// Why a GPIO line cannot be used. `description` is one sentence; `suggestion` says what to do about it.
public enum GPIOError: Error, Equatable, Sendable {
  case noChip(chip: String, line: Int, reason: String)
  case noLine(chip: String, line: Int)
  /// The kernel or another program holds the line.
  case lineBusy(chip: String, line: Int)
  case denied(chip: String, line: Int)
  /// The line cannot do what it was requested for.
  case refused(chip: String, line: Int, reason: String)
  /// The line worked and no longer does.
  case lost(chip: String, line: Int, reason: String)
}

extension GPIOError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .noChip(let chip, let line, let reason): "cannot open GPIO chip \(chip) for line \(line): \(reason)"
    case .noLine(let chip, let line): "GPIO chip \(chip) has no line \(line)"
    case .lineBusy(let chip, let line): "line \(line) of GPIO chip \(chip) is in use"
    case .denied(let chip, let line): "this user may not open GPIO chip \(chip) for line \(line)"
    case .refused(let chip, let line, let reason): "line \(line) of GPIO chip \(chip) cannot be requested: \(reason)"
    case .lost(let chip, let line, let reason): "line \(line) of GPIO chip \(chip) is lost: \(reason)"
    }
  }

  /// What to do about it, for after "try: ".
  public var suggestion: String {
    switch self {
    case .noChip: "`gpiodetect` lists the chips"
    case .noLine(let chip, _): "`gpioinfo \(chip)` lists its lines"
    case .lineBusy(let chip, let line): "`gpioinfo \(chip)` names who uses line \(line); end that, or choose another line"
    case .denied: "`sudo usermod -aG gpio $USER`, and log in again"
    case .refused(let chip, _, _): "`gpioinfo \(chip)` tells what the line is for; choose another"
    case .lost: "see to the GPIO adapter and its cable, then restart"
    }
  }
}

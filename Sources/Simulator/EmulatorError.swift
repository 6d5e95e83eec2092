/// Why an emulator cannot run.
public enum EmulatorError: Error, Equatable, Sendable, CustomStringConvertible {
  /// No pseudo-terminal could be had.
  case noTerminal(reason: String)
  /// The link to it could not be made.
  case cannotLink(path: String, reason: String)
  /// The recording could not be written.
  case cannotRecord(path: String, reason: String)

  public var description: String {
    switch self {
    case .noTerminal(let reason): "no pseudo-terminal can be opened: \(reason)"
    case .cannotLink(let path, let reason): "the link \(path) cannot be made: \(reason)"
    case .cannotRecord(let path, let reason): "the true motion cannot be recorded in \(path): \(reason)"
    }
  }

  /// What to do about it, for after "try: ".
  public var suggestion: String {
    switch self {
    case .noTerminal: "mount devpts on /dev/pts"
    case .cannotLink: "a --link in a folder that is yours, where no ordinary file has that name"
    case .cannotRecord: "a --truth in a folder that is yours, on a disk that is not full"
    }
  }
}

internal import Dispatch
internal import MotorDrivers
internal import Synchronization

// The gripper and the inputs that are wired to this computer.

extension LiveArm {
  var inputLevels: [Bool] { peripherals.levels }

  var gripperState: GripperState { hand.withLock(\.state) }

  func setGripper(_ opening: Double, completion: @escaping @Sendable (Result<Void, ServiceError>) -> Void) {
    guard let gripper = peripherals.gripper else { return completion(.failure(.noGripper)) }
    guard opening == 0 || opening == 1 else { return completion(.failure(.gripperOnlyOpensAndCloses(opening))) }
    let command = hand.withLock { $0.begin(opening) }
    do throws(GPIOError) { try gripper.close.set(isActive: opening == 0) } catch {
      _ = hand.withLock { $0.end(command) }
      return completion(.failure(ServiceError(.driveFault, "\(error)".capitalizedSentence, suggestion: error.suggestion)))
    }
    events.asyncAfter(deadline: .now() + gripper.duration) { [self] in
      guard hand.withLock({ $0.end(command) }) else { return completion(.failure(.otherGripperCommand)) }
      occur("gripper", opening == 1 ? "The gripper is open." : "The gripper is closed.", details: ["opening": .number(opening)])
      completion(.success(()))
    }
  }

  /// Tells of inputs that have changed. On `events`.
  func lookAtInputs() {
    for (name, isOn) in peripherals.look() {
      occur("input", "The input \(name) is \(isOn ? "on" : "off").", details: ["input": .string(name), "on": .bool(isOn)])
    }
  }
}

/// What the gripper was told, and whether it is done.
struct Hand {
  private(set) var state = GripperState()
  private var commands = 0

  /// - Returns: The command's number.
  mutating func begin(_ opening: Double) -> Int {
    commands += 1
    state = GripperState(opening: opening, isMoving: true)
    return commands
  }

  /// - Returns: Whether no other command has come since.
  mutating func end(_ command: Int) -> Bool {
    guard command == commands else { return false }
    state.isMoving = false
    return true
  }
}

extension ServiceError {
  static let noGripper = ServiceError(
    .wrongMode, "This arm has no gripper that its file describes.", suggestion: "gripper: in the arm file, which docs/Configuration.md describes")

  static let otherGripperCommand = ServiceError(.stopped, "Another command came for the gripper.", suggestion: "one command at a time")

  static func gripperOnlyOpensAndCloses(_ opening: Double) -> ServiceError {
    ServiceError(.parameter, "This gripper only opens and closes.", value: opening, suggestion: "`opening` 1, open, or 0, closed")
  }
}

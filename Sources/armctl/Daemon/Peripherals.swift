internal import MotorDrivers
internal import Synchronization

/// What is wired to this computer beside the motors: inputs that programs wait for, and a gripper that opens and closes.
final class Peripherals: @unchecked Sendable {
  /// An input counts as changed when it has been so at so many looks in a row: contacts bounce.
  private static let looks = 5

  private struct Input {
    var name: String
    var line: any DigitalInput
    /// As it counts, and how many looks in a row it was otherwise.
    var isOn = false
    var doubts = 0
  }

  struct Gripper {
    /// Active while it is to be closed.
    var close: any DigitalOutput
    /// How long it takes from open to closed and back [s].
    var duration: Double
  }

  /// No inputs, and no gripper.
  static var none: Peripherals { Peripherals() }

  let inputNames: [String]
  let gripper: Gripper?
  private let lock = Mutex(())
  private var inputs: [Input] = []

  private init() {
    (inputNames, gripper) = ([], nil)
  }

  /// - Throws: ``GPIOError`` where an input cannot be read.
  init(inputs: [(name: String, line: any DigitalInput)], gripper: Gripper? = nil) throws(GPIOError) {
    inputNames = inputs.map(\.name)
    self.gripper = gripper
    for (name, line) in inputs { self.inputs.append(Input(name: name, line: line, isOn: try line.isActive())) }
  }

  /// Of every input in the order of their names; from any thread.
  var levels: [Bool] { lock.withLock { _ in inputs.map(\.isOn) } }

  /// Looks at every input; to be called every few milliseconds. What cannot be read stays as it was.
  ///
  /// - Returns: Those that have changed.
  func look() -> [(name: String, isOn: Bool)] {
    lock.withLock { _ in
      var changes: [(String, Bool)] = []
      for index in inputs.indices {
        guard let isOn = try? inputs[index].line.isActive(), isOn != inputs[index].isOn else {
          inputs[index].doubts = 0
          continue
        }
        inputs[index].doubts += 1
        guard inputs[index].doubts >= Self.looks else { continue }
        (inputs[index].isOn, inputs[index].doubts) = (isOn, 0)
        changes.append((inputs[index].name, isOn))
      }
      return changes
    }
  }
}

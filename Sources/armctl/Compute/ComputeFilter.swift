internal import ArgumentParser
internal import Foundation
internal import Kinematics

/// Options that every filter about an arm has.
struct ArmOptions: ParsableArguments {
  @Option(help: "The arm's URDF file.")
  var urdf: String?

  @Option(help: "The link whose pose is asked for.")
  var tip: String?

  @Option(help: "The link that stands still (default: the file's root).")
  var base: String?

  @Option(help: "Instead of those: an arm's name, its folder, or its arm.yaml, for its tool, payload and limits.")
  var arm: String?

  func validate() throws {
    let parts = [urdf.map { _ in "--urdf" }, tip.map { _ in "--tip" }, base.map { _ in "--base" }].compactMap(\.self)
    switch (arm, urdf, tip) {
    case (nil, nil, _) where parts.isEmpty: throw ValidationError("Say which arm: either --urdf FILE --tip LINK or --arm NAME.")
    case (nil, nil, _): throw ValidationError("\(parts[0]) goes with --urdf FILE, the arm's URDF.")
    case (nil, _, nil): throw ValidationError("--urdf goes with --tip LINK, the link whose pose is asked for.")
    case (_?, _, _) where !parts.isEmpty:
      throw ValidationError("--arm names a URDF, its base and its tip already; leave out \(parts.joined(separator: " and ")), or --arm.")
    default: break
    }
  }

  func model() throws -> RobotModel { try load().model }

  /// The arm, and what its goals leave open unless a question says otherwise.
  func load() throws -> (model: RobotModel, free: InverseKinematics.FreeAxes) {
    if let arm {
      do throws(CommandFailure) {
        let configuration = try CommandFailure.loadArm(arm)
        return (configuration.model, configuration.freeAxes)
      } catch {
        _ = error.report()
        throw ExitCode.wrongUsage
      }
    }
    do throws(URDFError) {
      let model = try RobotModel(urdf: URDF(contentsOf: urdf ?? ""), base: base, tip: tip ?? "")
      return (model, .usual(jointCount: model.jointCount))
    } catch {
      FileHandle.standardError.write(Data("\(error)\ntry: \(error.suggestion)\n".utf8))
      throw ExitCode.wrongUsage
    }
  }
}

/// Options that say how long a computation took.
struct TimingOptions: ParsableArguments {
  @Flag(help: "Add \"ns\": the nanoseconds of the computation alone.")
  var time = false

  @Option(name: .customLong("repeat"), help: "Compute N times and report the shortest time.")
  var repeats = 1

  func validate() throws {
    guard repeats >= 1 else { throw ValidationError("--repeat must be at least 1, not \(repeats).") }
  }

  /// Runs `work` as often as asked and returns its last result with the shortest time [ns], less what reading the clock takes.
  func measured<Result>(_ work: () -> Result) -> (result: Result, nanoseconds: Double) {
    guard time else { return (work(), 0) }
    var result = work()
    var shortest = UInt64.max
    for _ in 0..<repeats {
      let start = DispatchTime.now().uptimeNanoseconds
      result = work()
      shortest = min(shortest, DispatchTime.now().uptimeNanoseconds - start)
    }
    return (result, max(0, Double(shortest) - Self.clockReading))
  }

  /// How long two readings of the clock are apart when nothing happens between them [ns].
  private static let clockReading: Double = {
    var shortest = UInt64.max
    for _ in 0..<1000 {
      let start = DispatchTime.now().uptimeNanoseconds
      shortest = min(shortest, DispatchTime.now().uptimeNanoseconds - start)
    }
    return Double(shortest)
  }()
}

/// Answers every line of standard input that is not blank on standard output.
///
/// - Throws: `ExitCode(1)` at the end if a line was not a JSON object.
func filterLines(
  from nextLine: () -> String? = { readLine(strippingNewline: true) },
  to write: ([UInt8]) -> Void = { FileHandle.standardOutput.write(Data($0)) },
  _ answer: (ComputeRequest) throws(ComputeError) -> JSONValue
) throws {
  var sawOtherThanJSON = false
  while let line = nextLine() {
    if line.allSatisfy(\.isWhitespace) { continue }
    let output: JSONValue
    do throws(ComputeError) {
      let result = try answer(ComputeRequest(parsing: line))
      guard result.isFinite else {
        throw ComputeError(kind: "out-of-range", message: "the answer holds numbers that are not finite; what was given is too large or too small")
      }
      output = result
    } catch {
      sawOtherThanJSON = sawOtherThanJSON || error.kind == "not-json"
      output = error.json
    }
    write(output.bytes + [UInt8(ascii: "\n")])
  }
  if sawOtherThanJSON { throw ExitCode(1) }
}

extension JSONValue {
  /// Whether it has no number that is infinite or none at all.
  fileprivate var isFinite: Bool {
    switch self {
    case .number(let number): number.isFinite
    case .array(let elements): elements.allSatisfy(\.isFinite)
    case .object(let object): object.members.allSatisfy(\.value.isFinite)
    case .null, .bool, .string: true
    }
  }

  init(_ vector: SIMD3<Double>) { self.init(numbers: [vector.x, vector.y, vector.z]) }
  init(_ vector: SIMD4<Double>) { self.init(numbers: [vector.x, vector.y, vector.z, vector.w]) }
}

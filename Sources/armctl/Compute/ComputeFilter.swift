internal import ArgumentParser
internal import Foundation
internal import Kinematics

/// Options that every filter about an arm has.
struct ArmOptions: ParsableArguments {
  @Option(help: "The arm's URDF file.")
  var urdf: String

  @Option(help: "The link whose pose is asked for.")
  var tip: String

  @Option(help: "The link that stands still (default: the file's root).")
  var base: String?

  func model() throws -> RobotModel {
    do throws(URDFError) {
      return try RobotModel(urdf: URDF(contentsOf: urdf), base: base, tip: tip)
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

/// Answers every line of standard input on standard output.
///
/// - Throws: `ExitCode(1)` at the end if a line was not a JSON object.
func filterLines(_ answer: (ComputeRequest) throws(ComputeError) -> JSONValue) throws {
  var sawOtherThanJSON = false
  while let line = readLine(strippingNewline: true) {
    let output: JSONValue
    do throws(ComputeError) {
      output = try answer(ComputeRequest(parsing: line))
    } catch {
      sawOtherThanJSON = sawOtherThanJSON || error.kind == "not-json"
      output = error.json
    }
    FileHandle.standardOutput.write(Data(output.bytes + [UInt8(ascii: "\n")]))
  }
  if sawOtherThanJSON { throw ExitCode(1) }
}

extension JSONValue {
  init(_ vector: SIMD3<Double>) { self.init(numbers: [vector.x, vector.y, vector.z]) }
  init(_ vector: SIMD4<Double>) { self.init(numbers: [vector.x, vector.y, vector.z, vector.w]) }
}

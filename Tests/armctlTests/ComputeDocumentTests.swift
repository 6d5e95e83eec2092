import ArgumentParser
import Foundation
import Kinematics
import TestSupport
import Testing

@testable import armctl

/// Every example of docs/Compute.md is answered as it stands there, but for the digits that it leaves out.
@Suite struct ComputeDocumentTests {
  struct Example: Sendable, CustomTestStringConvertible {
    let arguments: [String]
    let line, answer: String
    var testDescription: String { line }
  }

  /// A line `echo 'LINE' | armctl compute ik …`, and the answer on the lines below it.
  static let examples: [Example] = {
    let document = (try? String(contentsOfFile: packageFile("docs/Compute.md"), encoding: .utf8)) ?? ""
    var examples: [(arguments: [String], line: String, answer: String)] = []
    for text in document.split(separator: "\n", omittingEmptySubsequences: false) {
      if let command = text.wholeMatch(of: #/    echo '(.*)' \| armctl compute ik (.*)/#) {
        examples.append((command.2.split(separator: " ").map(String.init), String(command.1), ""))
      } else if text.hasPrefix("        "), !examples.isEmpty {
        // A backslash at the end of a line goes on in the middle of a text.
        let part = text.trimmingPrefix(while: \.isWhitespace)
        examples[examples.count - 1].answer += part.hasSuffix("\\") ? part.dropLast() : part
      }
    }
    return examples.map { Example(arguments: $0.arguments, line: $0.line, answer: $0.answer) }
  }()

  @Test(arguments: examples) func isAnsweredSo(_ example: Example) throws {
    let command = try ComputeIK.parse(example.arguments.map { $0.hasSuffix(".urdf") ? packageFile($0) : $0 })
    let (model, free) = try command.arm.load()
    var settings = InverseKinematics.Settings()
    settings.freeAxes = free
    settings.maximumIterations = .max
    let solver = InverseKinematics(model: model, settings: settings), request = try ComputeRequest(parsing: example.line)
    let answer: JSONValue
    do throws(ComputeError) { answer = .object(try command.answer(request, by: solver)) } catch { answer = error.json }
    let documented = try JSONValue(parsing: example.answer)
    #expect(isSame(answer, documented), "\(answer)\n\(documented)")
  }

  @Test func everythingThatStopsAnArmIsShown() throws {
    let names = try Self.examples.map { try JSONValue(parsing: $0.answer)["error"]?["stoppedBy"]?.string }
    #expect(names == ["limits", "orientation", "reach"])
  }

  /// Numbers may be rounded to four decimals.
  private func isSame(_ a: JSONValue, _ b: JSONValue) -> Bool {
    if let a = a.number, let b = b.number { return abs(a - b) <= 0.50001e-4 }
    if let a = a.array, let b = b.array { return a.count == b.count && zip(a, b).allSatisfy(isSame) }
    if let a = a.object, let b = b.object {
      return a.names == b.names && a.names.allSatisfy { name in a[name].flatMap { a in b[name].map { isSame(a, $0) } } ?? false }
    }
    return a == b
  }
}

import Foundation
import TestSupport
import Testing

@testable import armctl

/// docs/Command-socket.md says what the table of methods says, and its transcripts are what a server answers.
@Suite("Command socket documentation") struct SocketDocumentationTests {
  private let document: String
  private let table: MethodTable

  init() throws {
    document = try String(contentsOfFile: packageFile("docs/Command-socket.md"), encoding: .utf8)
    table = .standard(for: FakeArm().arm)
  }

  /// How a method stands in the document, up to its first transcript.
  private func section(_ method: armctl.Method) -> String {
    var lines = ["### `\(method.name)`", "", method.summary + (method.needsLease ? " Needs the lease where somebody holds it." : ""), ""]
    if !method.parameters.isEmpty {
      lines += ["| parameter | value | | meaning |", "|---|---|---|---|"]
      for parameter in method.parameters {
        lines.append(
          "| `\(parameter.name)` | \(parameter.expectation(jointCount: nil)) | \(parameter.isRequired ? "required" : "") | \(parameter.summary) |")
      }
      lines.append("")
    }
    return (lines + ["Result: \(method.result).", ""]).joined(separator: "\n")
  }

  @Test func everyMethodIsDescribedAsItIs() {
    for method in table.methods {
      #expect(document.contains(section(method)), "docs/Command-socket.md should have:\n\(section(method))")
    }
    let described = document.split(separator: "\n").filter { $0.hasPrefix("### `") }.map { String($0.dropFirst(5).dropLast()) }
    #expect(described == table.names)
  }

  @Test func everyErrorIsListed() {
    let rows =
      ServiceError.Kind.allCases.map { "| −\(-$0.code) | `\($0.rawValue)` |" } + [
        "| −32700 | `json` |", "| −32600 | `request` |", "| −32601 | `method` |",
      ]
    for row in rows { #expect(document.contains("\n" + row), "docs/Command-socket.md should have a row \(row)") }
  }

  /// Requests (`→`) and answers (`←`) of every transcript, on a server of its own for each.
  @Test func transcriptsAreTrue() throws {
    var methods: Set<String> = []
    for transcript in transcripts {
      let harness = try SocketHarness(FakeArm(isFinishingJobs: true))
      let client = try harness.rawClient()
      var token = ""
      for (index, line) in transcript.enumerated() {
        let text = String(line.dropFirst(2)).replacingOccurrences(of: "\"TOKEN\"", with: "\"\(token)\"")
        if line.hasPrefix("→") {
          let request = try JSONValue(parsing: text)
          for request in request.array ?? [request] { methods.insert(request["method"]?.string ?? "") }
          client.send(line: text)
        } else if try JSONValue(parsing: text)["method"] == nil {
          // What comes unasked is only an example; answers are exact.
          var answer = try #require(try client.answer())
          while answer["method"] != nil { answer = try #require(try client.answer()) }
          if let given = answer["result"]?["token"]?.string { token = given }
          let written = Self.timeless(try JSONValue(parsing: text))
          #expect(Self.timeless(answer).description == written.description, "\(transcript[..<index].last ?? "")")
        }
      }
    }
    #expect(Set(table.names).subtracting(methods).isEmpty)
  }

  private var transcripts: [[Substring]] {
    document.components(separatedBy: "```text\n").dropFirst().map { block in
      block.components(separatedBy: "```")[0].split(separator: "\n").filter { $0.hasPrefix("→") || $0.hasPrefix("←") }
    }
  }

  /// The value with all times, ticks and tokens alike.
  private static func timeless(_ value: JSONValue) -> JSONValue {
    switch value {
    case .array(let elements): return .array(elements.map { timeless($0) })
    case .object(let object):
      var result = JSONObject()
      for (name, member) in object.members {
        switch name {
        case "time", "tick", "held": result.append(name, 0)
        case "token": result.append(name, "TOKEN")
        default: result.append(name, timeless(member))
        }
      }
      return .object(result)
    default: return value
    }
  }
}

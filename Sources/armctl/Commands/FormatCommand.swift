internal import ArgumentParser
internal import Foundation

/// `armctl format`: scripts, written neatly.
struct FormatCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "format", abstract: "Write scripts in the one neat way: indentation, blanks, comments in columns.",
    discussion: """
      The files are rewritten where that changes them; `-` is standard input, written to standard output. What a script says stays the same. \
      A script that cannot be read is left alone, and its first mistake is told.

      Examples:
        armctl format Examples/*.arm
        armctl format --check Examples/*.arm
      """)

  @Argument(help: "The scripts' files, or -.")
  var files: [String]
  @Flag(help: "Change nothing; exit with 1 where a file would change.")
  var check = false

  func run() throws {
    try CommandFailure.reporting {
      var changed: [String] = []
      for file in files {
        let text = try RunCommand.text(of: file)
        let formatted = try Self.formatted(text, file: file)
        if file == "-", !check {
          print(formatted, terminator: "")
        } else if formatted != text {
          changed.append(file)
          if !check { try Self.write(formatted, to: file) }
        }
      }
      if check, !changed.isEmpty {
        throw CommandFailure("Not formatted: \(changed.joined(separator: ", ")).", suggestion: "armctl format \(changed.joined(separator: " "))")
      }
    }
  }

  private static func formatted(_ text: String, file: String) throws -> String {
    do throws(ScriptError) { return try ScriptFormatter.formatted(text, file: file) } catch {
      throw CommandFailure("\(error)\n\(error.excerpt)", suggestion: error.suggestion)
    }
  }

  private static func write(_ text: String, to file: String) throws {
    do { try text.write(toFile: file, atomically: true, encoding: .utf8) } catch {
      throw CommandFailure("\(file) cannot be written: \(error.localizedDescription)", suggestion: "its permissions")
    }
  }
}

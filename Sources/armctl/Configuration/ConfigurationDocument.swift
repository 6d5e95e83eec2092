internal import Foundation
internal import Yams

/// The arm file's text as a tree of YAML nodes, with the means to say where something is wrong in it.
struct ConfigurationDocument {
  let file: String
  let lines: [String]
  let root: Node

  /// - Throws: What keeps the text from being YAML with every key at most once.
  init(text: String, file: String) throws(ConfigurationError) {
    self.file = file
    lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { String($0.hasSuffix("\r") ? $0.dropLast() : $0) }
    do {
      guard let node = try compose(yaml: text), node.mapping != nil || node.sequence != nil || !(node.scalar?.string ?? "").isEmpty else {
        throw Self.wholeFile(file, "the file is empty", suggestion: "copy an arm.yaml from Robots, and change it")
      }
      root = node
    } catch let error as YamlError {
      throw Self.syntaxError(error, text: text, file: file, lines: lines)
    } catch let error as ConfigurationError {
      throw error
    } catch {
      throw Self.wholeFile(file, "the file cannot be read as YAML: \(error)", suggestion: "check that it is text in UTF-8")
    }
  }

  static func wholeFile(_ file: String, _ sentence: String, suggestion: String) -> ConfigurationError {
    ConfigurationError(file: file, place: nil, sentence: sentence, suggestion: suggestion)
  }

  /// What is wrong at a place of the file.
  func error(at mark: Mark?, _ sentence: String, suggestion: String) -> ConfigurationError {
    ConfigurationError(file: file, place: mark.map { Self.place($0, lines: lines) }, sentence: sentence, suggestion: suggestion)
  }

  private static func place(_ mark: Mark, lines: [String]) -> ConfigurationError.Place {
    // Errors at the end of the file have a mark behind the last line.
    let line = min(max(1, mark.line), max(1, lines.count))
    let text = line <= lines.count ? lines[line - 1] : ""
    return ConfigurationError.Place(line: line, column: line == mark.line ? max(1, mark.column) : text.count + 1, text: text)
  }
}

// MARK: - Syntax errors

extension ConfigurationDocument {
  private static func syntaxError(_ error: YamlError, text: String, file: String, lines: [String]) -> ConfigurationError {
    switch error {
    case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      return syntaxError(problem, context: context, at: mark, file: file, lines: lines)
    case .duplicatedKeysInMapping(let names, let context):
      return repeatedKey(names.first ?? "", first: context.mark, text: text, file: file, lines: lines)
    case .reader(let problem, _, _, _): return wholeFile(file, "the file is no text: \(problem)", suggestion: "save it as text in UTF-8")
    default: return wholeFile(file, "the file cannot be read as YAML", suggestion: "check that it is text in UTF-8")
    }
  }

  private static func syntaxError(
    _ problem: String, context: YamlError.Context?, at mark: Mark, file: String, lines: [String]
  ) -> ConfigurationError {
    let place = place(mark, lines: lines)
    let indentation = place.text.prefix { $0 == " " || $0 == "\t" }
    if let tab = indentation.firstIndex(of: "\t") {
      let column = place.text.distance(from: place.text.startIndex, to: tab) + 1
      return ConfigurationError(
        file: file, place: .init(line: place.line, column: column, text: place.text), sentence: "a tab stands in the indentation",
        suggestion: "indent with spaces")
    }
    if problem.contains("could not find expected ':'"), let context {
      return ConfigurationError(
        file: file, place: self.place(context.mark, lines: lines), sentence: "the file is no YAML here: a key without a colon and a space behind it",
        suggestion: "write KEY: VALUE")
    }
    let beginning = context.map { $0.mark.line == mark.line ? " \($0.text)" : " \($0.text) that begins in line \($0.mark.line)" } ?? ""
    return ConfigurationError(
      file: file, place: place, sentence: "the file is no YAML here: \(problem)\(beginning)",
      suggestion: "look for a missing colon, bracket or quotation mark here or in the line above, and for a changed indentation")
  }

  /// Yams tells where a key that is there twice stands first. With that one renamed, the other is found in the tree.
  private static func repeatedKey(_ name: String, first: Mark, text: String, file: String, lines: [String]) -> ConfigurationError {
    var second: Mark?
    var renamed = lines
    if first.line <= lines.count, name.count > 0 {
      var letters = Array(lines[first.line - 1])
      let placeholder = Array(String(repeating: "\u{E000}", count: name.count))
      if letters.count >= first.column - 1 + name.count {
        letters.replaceSubrange((first.column - 1)..<(first.column - 1 + name.count), with: placeholder)
        renamed[first.line - 1] = String(letters)
        if let node = try? compose(yaml: renamed.joined(separator: "\n")) { second = sibling(of: String(placeholder), named: name, in: node) }
      }
    }
    return ConfigurationError(
      file: file, place: place(second ?? first, lines: lines),
      sentence: second == nil ? "the key \"\(name)\" is there twice" : "the key \"\(name)\" is there twice, first in line \(first.line)",
      suggestion: "remove one of the two")
  }

  /// The key `name` in the mapping that also has the key `other`.
  private static func sibling(of other: String, named name: String, in node: Node) -> Mark? {
    if let mapping = node.mapping {
      if mapping.contains(where: { $0.key.scalar?.string == other }) { return mapping.first { $0.key.scalar?.string == name }?.key.mark }
      return mapping.lazy.compactMap { sibling(of: other, named: name, in: $0.value) }.first
    }
    return node.sequence?.lazy.compactMap { sibling(of: other, named: name, in: $0) }.first
  }
}

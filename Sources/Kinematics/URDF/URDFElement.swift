internal import Foundation
internal import FoundationXML

/// One XML element with what it holds and the line that it ends its opening tag in.
struct URDFElement {
  let name: String
  let attributes: [String: String]
  let line: Int
  var children: [URDFElement] = []
  /// The first text between the elements that is more than white space, and its line.
  var strayText: (text: String, line: Int)?

  func first(_ name: String) -> URDFElement? { children.first { $0.name == name } }
  func all(_ name: String) -> [URDFElement] { children.filter { $0.name == name } }

  /// How errors call it: by its name attribute where it has one.
  var label: String {
    guard let own = attributes["name"], name == "link" || name == "joint" else { return "<\(name)>" }
    return "\(name) \"\(own)\""
  }

  /// The outermost element of `text`.
  init(parsing text: String, file: String) throws(URDFError) {
    let builder = URDFElementBuilder()
    let parser = XMLParser(data: Data(text.utf8))
    parser.delegate = builder
    let isWellFormed = parser.parse()
    if let root = builder.root, isWellFormed {
      self = root
      return
    }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let line = min(max(builder.failureLine ?? parser.lineNumber, 1), max(lines.count, 1))
    let near = lines[line - 1].trimmingCharacters(in: .whitespaces).prefix(80)
    let reason = builder.failure ?? "this is not well-formed XML"
    throw URDFError(file: file, line: line, problem: .malformed(reason: reason, near: String(near)))
  }

  init(name: String, attributes: [String: String], line: Int) {
    (self.name, self.attributes, self.line) = (name, attributes, line)
  }
}

/// Collects the parser's events into a tree.
private final class URDFElementBuilder: NSObject, XMLParserDelegate {
  private(set) var root: URDFElement?
  private(set) var failureLine: Int?
  private(set) var failure: String?
  private var open: [URDFElement] = []

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?, attributes: [String: String]
  ) {
    open.append(URDFElement(name: name, attributes: attributes, line: parser.lineNumber))
  }

  func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
    guard let element = open.popLast() else { return }
    if open.isEmpty { root = element } else { open[open.count - 1].children.append(element) }
  }

  func parser(_ parser: XMLParser, foundCharacters text: String) {
    guard let start = text.firstIndex(where: { !$0.isWhitespace }), !open.isEmpty, open[open.count - 1].strayText == nil else { return }
    // The parser stands at the text's end.
    let line = parser.lineNumber - text[start...].count(where: \.isNewline)
    open[open.count - 1].strayText = (text.trimmingCharacters(in: .whitespacesAndNewlines), line)
  }

  func parser(_ parser: XMLParser, parseErrorOccurred error: any Error) {
    guard failureLine == nil else { return }
    failureLine = parser.lineNumber
    failure = reason(for: (error as NSError).code)
  }

  /// The commonest of libxml2's error numbers in words.
  private func reason(for code: Int) -> String {
    let innermost = open.last.map { "<\($0.name)> of line \($0.line)" }
    switch code {
    case 4: return "the file is empty"
    case 5, 77: return innermost.map { "the file ends before \($0) is closed" } ?? "the file ends too early"
    case 39, 40: return "an attribute's value lacks its quotes"
    case 41, 65: return "an attribute is not of the form name=\"value\""
    case 42: return "an attribute is there twice"
    case 73: return "a tag lacks its >"
    case 76: return innermost.map { "the closing tag does not close \($0)" } ?? "a closing tag closes nothing"
    default: return "this is not well-formed XML" + (innermost.map { " (in \($0))" } ?? "")
    }
  }
}

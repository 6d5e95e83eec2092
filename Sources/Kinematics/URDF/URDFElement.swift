internal import Foundation
internal import FoundationXML

/// One XML element with what it holds and where it begins.
struct URDFElement {
  let name: String
  let attributes: [String: String]
  let place: URDF.Place
  /// Where each attribute's name begins.
  let attributePlaces: [String: URDF.Place]
  var children: [URDFElement] = []
  /// The first text between the elements that is more than white space, and its line.
  var strayText: (text: String, line: Int)?

  var line: Int { place.line }

  func first(_ name: String) -> URDFElement? { children.first { $0.name == name } }
  func all(_ name: String) -> [URDFElement] { children.filter { $0.name == name } }

  /// How errors call it: by its name attribute where it has one.
  var label: String {
    guard let own = attributes["name"], name == "link" || name == "joint" else { return "<\(name)>" }
    return "\(name) \"\(own)\""
  }

  /// The outermost element of `text`.
  init(parsing text: String, file: String) throws(URDFError) {
    guard text.contains(where: { !$0.isWhitespace }) else { throw URDFError(file: file, place: nil, problem: .unreadable(reason: "it is empty")) }
    let builder = URDFElementBuilder(places: URDFPlaces(text).tags)
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
    throw URDFError(file: file, place: URDF.Place(line: line, column: nil), problem: .malformed(reason: reason, near: String(near)))
  }

  init(name: String, attributes: [String: String], tag: URDFPlaces.Tag) {
    (self.name, self.attributes, place, attributePlaces) = (name, attributes, tag.place, tag.attributes)
  }
}

/// Collects the parser's events into a tree.
private final class URDFElementBuilder: NSObject, XMLParserDelegate {
  private(set) var root: URDFElement?
  private(set) var failureLine: Int?
  private(set) var failure: String?
  private var open: [URDFElement] = []
  private let places: [URDFPlaces.Tag]
  private var count = 0
  /// A URDF needs six.
  private static let deepest = 100

  init(places: [URDFPlaces.Tag]) { self.places = places }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?, attributes: [String: String]
  ) {
    let tag = count < places.count ? places[count] : URDFPlaces.Tag(place: URDF.Place(line: parser.lineNumber, column: nil))
    count += 1
    guard open.count < Self.deepest else {
      (failureLine, failure) = (parser.lineNumber, "elements are nested more than \(Self.deepest) deep")
      return parser.abortParsing()
    }
    open.append(URDFElement(name: name, attributes: attributes, tag: tag))
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
    case 4: return "there is no tag"
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

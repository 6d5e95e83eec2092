/// Where every opening tag of an XML text begins, and its attributes, in the order in which a parser meets them.
///
/// The parser itself only tells where a tag ends.
struct URDFPlaces {
  struct Tag {
    let place: URDF.Place
    var attributes: [String: URDF.Place] = [:]
  }

  private(set) var tags: [Tag] = []
  private let bytes: [UInt8]
  private var index = 0
  private var line = 1
  private var column = 1

  init(_ text: String) {
    bytes = Array(text.utf8)
    while index < bytes.count {
      guard bytes[index] == UInt8(ascii: "<") else {
        step()
        continue
      }
      if isNext("<!--") {
        skip(past: "-->")
      } else if isNext("<![CDATA[") {
        skip(past: "]]>")
      } else if isNext("<?") {
        skip(past: "?>")
      } else if isNext("<!") || isNext("</") {
        skip(past: ">")
      } else {
        readTag()
      }
    }
  }

  private mutating func readTag() {
    var tag = Tag(place: URDF.Place(line: line, column: column))
    step()
    _ = word()
    while index < bytes.count, bytes[index] != UInt8(ascii: ">") {
      let place = URDF.Place(line: line, column: column), name = word()
      if !name.isEmpty {
        tag.attributes[name] = tag.attributes[name] ?? place
      } else if bytes[index] == UInt8(ascii: "\"") || bytes[index] == UInt8(ascii: "'") {
        let quote = bytes[index]
        step()
        while index < bytes.count, bytes[index] != quote { step() }
        step()
      } else {
        step()
      }
    }
    tags.append(tag)
  }

  /// A name, which is left behind.
  private mutating func word() -> String {
    let start = index
    while index < bytes.count, !" \t\r\n=/>\"'<".utf8.contains(bytes[index]) { step() }
    return String(decoding: bytes[start..<index], as: UTF8.self)
  }

  private func isNext(_ letters: String) -> Bool { bytes[index...].starts(with: letters.utf8) }

  private mutating func skip(past letters: String) {
    while index < bytes.count, !isNext(letters) { step() }
    for _ in letters.utf8 where index < bytes.count { step() }
  }

  private mutating func step() {
    guard index < bytes.count else { return }
    if bytes[index] == UInt8(ascii: "\n") {
      (line, column) = (line + 1, 1)
    } else if index + 1 == bytes.count || bytes[index + 1] & 0xC0 != 0x80 {
      // Letters beyond ASCII take several bytes.
      column += 1
    }
    index += 1
  }
}

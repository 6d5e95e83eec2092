internal import Foundation

/// Gazepoint's OpenGaze protocol: lines of XML over TCP, each one empty element with attributes.
///
/// - Source: Gazepoint, *Open Gaze API*, version 2.0, sections 3 and 5.
public enum OpenGazeRecord {
  /// What to send for records with a time, the best point of gaze and, to tell closed eyes, its validity.
  public static let requests =
    ["ENABLE_SEND_TIME", "ENABLE_SEND_POG_BEST", "ENABLE_SEND_DATA"].map { "<SET ID=\"\($0)\" STATE=\"1\" />\r\n" }.joined()

  /// A line of the server.
  public enum Line: Sendable, Equatable {
    case sample(GazeSample)
    /// An answer to a request, or a record without a gaze.
    case other
    case malformed
  }

  /// - Parameters:
  ///   - bytes: One line without its end.
  ///   - time: When it came [s], for records without `TIME`.
  public static func line(_ bytes: some Collection<UInt8>, time: Double) -> Line {
    let text = String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespaces)
    guard let (name, attributes) = element(text[...]) else { return .malformed }
    guard name == "REC", let x = attributes["BPOGX"], let y = attributes["BPOGY"], let valid = attributes["BPOGV"] else {
      return ["REC", "ACK", "NACK", "CAL"].contains(name) ? .other : .malformed
    }
    let stamp = attributes["TIME"].map { Double($0) } ?? time
    guard let x = Double(x), let y = Double(y), let stamp, valid == "0" || valid == "1" else { return .malformed }
    return .sample(GazeSample(time: stamp, look: .screen(SIMD2(x, y)), isValid: valid == "1"))
  }

  /// The name and the attributes of one empty element, and nothing before or after it.
  private static func element(_ text: Substring) -> (name: String, attributes: [String: String])? {
    guard text.first == "<", text.hasSuffix("/>") else { return nil }
    var rest = text.dropFirst().dropLast(2)
    let name = rest.prefix { $0.isLetter || $0 == "_" }
    guard !name.isEmpty else { return nil }
    rest = rest.dropFirst(name.count)
    var attributes: [String: String] = [:]
    while true {
      let trimmed = rest.drop { $0 == " " || $0 == "\t" }
      if trimmed.isEmpty { return (String(name), attributes) }
      guard trimmed.startIndex > rest.startIndex else { return nil }
      let key = trimmed.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
      rest = trimmed.dropFirst(key.count)
      guard !key.isEmpty, rest.hasPrefix("=\"") else { return nil }
      rest = rest.dropFirst(2)
      guard let end = rest.firstIndex(of: "\"") else { return nil }
      let value = rest[..<end]
      guard !value.contains("<"), attributes.updateValue(String(value), forKey: String(key)) == nil else { return nil }
      rest = rest[rest.index(after: end)...]
    }
  }
}

@testable import armctl

/// A terminal of a few escape sequences: those that a painter may use. Inks come back as their parameters.
struct TerminalEmulator {
  let width, height: Int
  private(set) var glyphs: [Unicode.Scalar]
  private(set) var looks: [String]
  private var (x, y) = (0, 0)
  private var look = ""
  private var isBeyond = false

  init(width: Int, height: Int) {
    (self.width, self.height) = (width, height)
    glyphs = Array(repeating: "#", count: width * height)
    looks = Array(repeating: "?", count: width * height)
  }

  /// - Returns: A complaint about a sequence that is unknown or leaves the screen; nil where all is well.
  mutating func feed(_ bytes: [UInt8]) -> String? {
    var rest = Substring(String(decoding: bytes, as: UTF8.self)).unicodeScalars
    while let scalar = rest.popFirst() {
      guard scalar == "\u{1B}" else {
        if isBeyond { return "writes beyond the last column" }
        (glyphs[y * width + x], looks[y * width + x]) = (scalar, look)
        if x + 1 < width { x += 1 } else { isBeyond = true }
        continue
      }
      guard rest.popFirst() == "[" else { return "no sequence" }
      let parameters = String(rest.prefix { !("@"..."~").contains($0) })
      rest = rest.dropFirst(parameters.unicodeScalars.count)
      if let complaint = carryOut(rest.popFirst() ?? " ", parameters) { return complaint }
    }
    return nil
  }

  private mutating func carryOut(_ final: Unicode.Scalar, _ parameters: String) -> String? {
    let numbers = parameters.split(separator: ";", omittingEmptySubsequences: false).map { Int($0) ?? 1 }
    switch (final, parameters) {
    case ("h", "?2026"), ("l", "?2026"): return nil
    case ("m", _): look = parameters
    case ("J", "2"): for cell in glyphs.indices { (glyphs[cell], looks[cell]) = (" ", "") }
    case ("K", ""): for column in x..<width { (glyphs[y * width + column], looks[y * width + column]) = (" ", look) }
    case ("C", _):
      x += numbers[0]
      isBeyond = false
    case ("H", _): (x, y, isBeyond) = ((numbers.count > 1 ? numbers[1] : 1) - 1, numbers[0] - 1, false)
    default: return "unknown: \(parameters)\(final)"
    }
    return (0..<width).contains(x) && (0..<height).contains(y) ? nil : "leaves the screen"
  }
}

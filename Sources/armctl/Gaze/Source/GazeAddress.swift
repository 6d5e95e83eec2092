internal import Foundation
internal import Gaze
internal import Kinematics

/// Where looks come from: what `--source` says.
enum GazeAddress: Equatable, Sendable {
  /// Lines of JSON on standard input.
  case lines
  /// `gaze.look` on the command socket.
  case socket
  /// Datagrams of JSON.
  case datagrams(host: String, port: UInt16)
  case openGaze(host: String, port: UInt16)
  case opentrack(host: String, port: UInt16)
  /// Pupil Core; of a surface with markers, if one is named.
  case pupil(host: String, port: UInt16, surface: String?)
  case synthetic(SyntheticEye.Settings)
  /// The terminal's pointer or its arrow keys.
  case mouse

  struct Failure: Error, Equatable {
    var sentence: String
    var suggestion: String
  }

  static let kinds = ["-", "socket", "udp", "gazepoint", "opentrack", "pupil", "synthetic", "mouse"]

  /// - Throws: ``Failure``, which says what is wrong and what there is.
  init(_ text: String) throws(Failure) {
    if text == "-" {
      self = .lines
      return
    }
    let kind = String(text.prefix { $0 != ":" })
    let rest = text.dropFirst(kind.count + 1)
    switch kind {
    case "udp":
      let place = try Self.place(rest, of: text, defaultHost: "127.0.0.1", defaultPort: nil)
      self = .datagrams(host: place.host, port: place.port)
    case "gazepoint":
      let place = try Self.place(rest, of: text, defaultHost: "127.0.0.1", defaultPort: 4242)
      self = .openGaze(host: place.host, port: place.port)
    case "opentrack":
      let place = try Self.place(rest, of: text, defaultHost: "127.0.0.1", defaultPort: 4242)
      self = .opentrack(host: place.host, port: place.port)
    case "pupil":
      let place = try Self.place(rest, of: text, defaultHost: "127.0.0.1", defaultPort: 50020)
      self = .pupil(host: place.host, port: place.port, surface: place.path)
    case "synthetic": self = .synthetic(try Self.eye(rest, of: text))
    case "mouse": self = .mouse
    case "socket" where text.hasSuffix(":"): self = .socket
    default: throw Self.unknown(kind)
    }
  }

  private static func unknown(_ kind: String) -> Failure {
    Failure(
      sentence: sentence("There is no gaze source \"\(kind)\"", kind, among: kinds),
      suggestion: "--source udp://127.0.0.1:5005, or --source synthetic:")
  }

  /// What is wrong, and what there is instead.
  private static func sentence(_ start: String, _ name: String, among names: [String]) -> String {
    let phrase = Suggestion.phrase(for: name, among: names)
    return "\(start); \(phrase)" + (phrase.hasSuffix("?") ? "" : ".")
  }

  /// `//HOST:PORT/PATH`, of which everything but the port may be left out, and the port where there is a usual one.
  private static func place(
    _ rest: Substring, of text: String, defaultHost: String, defaultPort: UInt16?
  ) throws(Failure) -> (host: String, port: UInt16, path: String?) {
    let failure = Failure(
      sentence: "The gaze source \(text) has no place that can be read.",
      suggestion: "\(text.prefix { $0 != ":" })://127.0.0.1:\(defaultPort ?? 5005)")
    guard rest.hasPrefix("//") || rest.isEmpty else { throw failure }
    let parts = rest.dropFirst(2).split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    let place = parts.first ?? ""
    let path = parts.count > 1 && !parts[1].isEmpty ? String(parts[1]) : nil
    // An address of IPv6 stands in brackets.
    let end = place.hasPrefix("[") ? place.firstIndex(of: "]") : nil
    let colon = (end.map { place[$0...] } ?? place).firstIndex(of: ":")
    let host = end.map { place[place.index(after: place.startIndex)..<$0] } ?? place[..<(colon ?? place.endIndex)]
    let port = colon.map { UInt16(place[place.index(after: $0)...]) } ?? defaultPort
    guard let port, port > 0 else { throw failure }
    return (host.isEmpty ? defaultHost : String(host), port, path)
  }

  /// `noise=1,offset=0.5,rate=60,blinks=0.25,drift=0.1,seed=3`: degrees, Hz, and degrees in a minute.
  private static func eye(_ rest: Substring, of text: String) throws(Failure) -> SyntheticEye.Settings {
    var settings = SyntheticEye.Settings()
    settings.noise = 0.5 * .pi / 180
    for part in rest.split(separator: ",") {
      let pair = part.split(separator: "=", maxSplits: 1).map(String.init)
      guard pair.count == 2, let value = Double(pair[1]), (0...100_000).contains(value) else {
        throw Failure(sentence: "\"\(part)\" in \(text) is no NAME=NUMBER.", suggestion: "synthetic:noise=1,rate=60")
      }
      switch pair[0] {
      case "noise": settings.noise = value * .pi / 180
      case "offset": settings.offset = SIMD2(value, 0) * .pi / 180
      case "rate": settings.rate = min(2000, max(1, value))
      case "blinks": settings.blinkRate = value
      case "drift": settings.drift = value * .pi / 180 / 60
      case "seed": settings.seed = UInt64(value)
      default:
        let names = ["noise", "offset", "rate", "blinks", "drift", "seed"]
        throw Failure(
          sentence: sentence("A synthetic eye has no \"\(pair[0])\"", pair[0], among: names),
          suggestion: "synthetic:noise=1,rate=60")
      }
    }
    return settings
  }
}

extension GazeAddress: CustomStringConvertible {
  var description: String {
    switch self {
    case .lines: "standard input"
    case .socket: "the command socket"
    case .datagrams(let host, let port): "udp://\(host):\(port)"
    case .openGaze(let host, let port): "Gazepoint at \(host):\(port)"
    case .opentrack(let host, let port): "opentrack on \(host):\(port)"
    case .pupil(let host, let port, let surface): "Pupil at \(host):\(port)" + (surface.map { ", surface \($0)" } ?? "")
    case .synthetic: "a synthetic eye"
    case .mouse: "the pointer"
    }
  }

  /// For whoever is to make the looks; nil where a tracker does.
  var hint: String? {
    switch self {
    case .synthetic: "1 to 9 tell the eye what to look at, 0 lets it wander, x closes it."
    case .mouse: "The pointer is where you look; a click confirms."
    default: nil
    }
  }

  /// Whether its shares are of the table itself, so that nothing needs to be calibrated.
  var isOnTable: Bool {
    switch self {
    case .synthetic, .mouse: true
    default: false
    }
  }
}

/// Where clients find a server: a path, or a port of this machine with the file of its token, as in `tcp:7373:/run/user/1000/armctl.sock.token`.
enum CommandAddress: Equatable {
  case path(String)
  case port(Int, tokenFile: String)

  /// - Parameter text: A path, or `tcp:PORT` with `:FILE` behind it where the token is elsewhere than beside the usual path; nil is the usual path.
  init(_ text: String?) throws(SocketError) {
    guard let text, text.hasPrefix(Self.scheme) else {
      self = .path(try SocketPath.resolve(explicit: text))
      return
    }
    let parts = text.dropFirst(Self.scheme.count).split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard let port = Int(parts[0]), 1...65535 ~= port else { throw .noPort(text) }
    self = .port(port, tokenFile: parts.count > 1 ? String(parts[1]) : try Self.tokenFile(besides: SocketPath.resolve()))
  }

  /// Where the token of a server is that listens on `path` and is told nothing else.
  static func tokenFile(besides path: String) -> String { path + ".token" }

  private static let scheme = "tcp:"
}

internal import NIOCore

/// Keeps a client on TCP out until it has shown the token. A value; the connection asks it about every request.
struct Door {
  /// How long a client may stand before it, how often it may try, and how long its lines may be meanwhile [bytes].
  static let patience = TimeAmount.seconds(5), tries = 3, longestLine = 4096
  /// So many may stand before it at once.
  static let maximumWaiting = 16

  private let token: AccessToken
  private var tries = 0

  init(token: AccessToken) { self.token = token }

  /// Whether the client has tried often enough.
  var isShut: Bool { tries >= Self.tries }

  /// Something came that is no request at all.
  mutating func refuse() { tries += 1 }

  /// - Throws: Why the client stays out.
  mutating func open(to request: RPCRequest) throws(ServiceError) {
    tries += 1
    guard request.method == "auth" else {
      throw ServiceError(
        .unauthorized, "Over TCP a client shows its token before anything else.",
        suggestion: #"{"id":1,"method":"auth","params":{"token":"…"}}, with the token in the file that armctl serve names"#)
    }
    guard token.matches(request.parameters["token"]?.string ?? "") else {
      throw ServiceError(.unauthorized, "The token is wrong.", suggestion: "the token in the file that armctl serve names")
    }
  }
}

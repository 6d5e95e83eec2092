internal import Foundation

/// Where the command socket is.
enum SocketPath {
  /// `explicit` (the option `--socket`), else `$XDG_RUNTIME_DIR/armctl.sock`, else `armctl-UID/armctl.sock` in the temporary directory,
  /// in a folder of the user's own with mode 0700.
  ///
  /// - Parameter isCreating: Whether the private folder is made where it is missing: servers do, clients do not.
  /// - Throws: ``SocketError`` if the path is too long for a socket, or the folder is not private.
  static func resolve(
    explicit: String? = nil, environment: [String: String] = ProcessInfo.processInfo.environment, isCreating: Bool = false
  ) throws(SocketError) -> String {
    let path: String
    if let explicit, !explicit.isEmpty {
      path = explicit
    } else if let runtime = environment["XDG_RUNTIME_DIR"], !runtime.isEmpty {
      path = runtime + "/armctl.sock"
    } else {
      let temporary = environment["TMPDIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
      let folder = "\(temporary)/armctl-\(getuid())"
      try checkPrivate(folder, isCreating: isCreating)
      path = folder + "/armctl.sock"
    }
    guard path.utf8.count < maximumLength else { throw .pathTooLong(path: path, limit: maximumLength - 1) }
    return path
  }

  /// Bytes in `sockaddr_un.sun_path`, with its final zero.
  static let maximumLength = MemoryLayout.size(ofValue: sockaddr_un().sun_path)

  /// A folder that another user prepared could hand our clients a socket of theirs.
  private static func checkPrivate(_ folder: String, isCreating: Bool) throws(SocketError) {
    if isCreating { mkdir(folder, 0o700) }
    var information = stat()
    guard lstat(folder, &information) == 0 else {
      if isCreating { throw .cannotCreate(path: folder, reason: String(cString: strerror(errno))) }
      return
    }
    guard information.st_mode & S_IFMT == S_IFDIR, information.st_uid == getuid(), information.st_mode & 0o077 == 0 else {
      throw .folderNotPrivate(path: folder)
    }
  }
}

/// Why there is no command socket to serve on or to talk to. `description` is one sentence.
enum SocketError: Error, Equatable, Sendable, CustomStringConvertible {
  case pathTooLong(path: String, limit: Int)
  case folderNotPrivate(path: String)
  case cannotCreate(path: String, reason: String)
  /// Another server lives there.
  case inUse(path: String)
  /// Something that is no socket has the name.
  case notASocket(path: String)
  /// What looks like a TCP address says no port.
  case noPort(String)
  /// The port cannot be listened on.
  case portRefused(Int, reason: String)
  case noToken(path: String)
  /// Others could read the token, or it is no plain file.
  case tokenNotPrivate(path: String)
  case tokenTooShort(path: String, least: Int)

  var description: String {
    switch self {
    case .pathTooLong(let path, let limit): "The socket path \(path) is longer than the \(limit) bytes that a socket's name may have."
    case .folderNotPrivate(let path): "The folder \(path) does not belong to this user alone."
    case .cannotCreate(let path, let reason): "\(path) cannot be created: \(reason)."
    case .inUse(let path): "Another server answers on \(path)."
    case .notASocket(let path): "\(path) is there, but it is no socket."
    case .noPort(let text): "\"\(text)\" does not say a TCP port from 1 to 65535."
    case .portRefused(let port, let reason): "TCP port \(port) of this machine cannot be listened on: \(reason)."
    case .noToken(let path): "There is no token in \(path)."
    case .tokenNotPrivate(let path): "\(path) is not a file that belongs to this user alone."
    case .tokenTooShort(let path, let least): "The token in \(path) is shorter than \(least) characters."
    }
  }

  /// What to do about it, for after "try: ".
  var suggestion: String {
    switch self {
    case .pathTooLong: "--socket /tmp/arm.sock, or another short path"
    case .folderNotPrivate: "--socket with a path in a folder of your own, or chmod 700 if the folder is yours"
    case .cannotCreate: "--socket with a path in a folder that exists and that you may write to"
    case .inUse: "armctl status to use it, or --socket with another path for a second arm"
    case .notASocket: "--socket with another path, or move that file away"
    case .noPort: "tcp:7373"
    case .portRefused: "--tcp with another port, or 0 for any that is free"
    case .noToken: "tcp:PORT:FILE with the file that armctl serve named when it started"
    case .tokenNotPrivate(let path): "chmod 600 \(path), or remove it and start armctl serve again, which makes a new one"
    case .tokenTooShort(let path, _): "remove \(path) and start armctl serve again, which makes a new one"
    }
  }
}

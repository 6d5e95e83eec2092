internal import Foundation
internal import NIOCore
internal import NIOPosix

/// Serves one arm on a Unix socket to clients of the same user. docs/Command-socket.md has the rules.
final class CommandServer: Sendable {
  struct Settings: Sendable {
    /// What `hello` answers as `server`.
    var serverName = "armctl"
    /// Bytes in a request's line; also how much of one client may wait to be handled.
    var maximumLineLength = 1 << 20
    var maximumBatchCount = 64
    /// Connections at once.
    var maximumClients = 512
    /// Requests of one client that wait for their answers.
    var maximumPendingRequests = 256
    /// Notifications that wait for one client to read.
    var notificationQueueLength = 64
    /// Bytes of answers that wait for one client to read before its other requests wait too…
    var answerHighWater = 64 << 10
    /// …and before it is closed.
    var maximumUnsentAnswers = 1 << 20
  }

  let path: String
  private let group: MultiThreadedEventLoopGroup
  private let channel: any Channel
  private let hub: CommandHub
  private let file: SocketFile

  /// Binds and listens; clients are served when this returns.
  ///
  /// - Parameter path: What ``SocketPath/resolve(explicit:environment:isCreating:)`` gives.
  init(service: any ArmService, path: String, settings: Settings = Settings()) throws(SocketError) {
    self.path = path
    file = try SocketFile(listeningAt: path)
    group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let hub = CommandHub(
      service: service, eventLoop: group.next(), table: .standard(for: service.arm), settings: settings)
    self.hub = hub
    service.observe { [weak hub] event in hub?.hop { $0.accept(event) } }

    let bootstrap = ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 512)
      .serverChannelOption(.maxMessagesPerRead, value: 16)
      .childChannelOption(.allowRemoteHalfClosure, value: true)
      .childChannelOption(.maxMessagesPerRead, value: 1)
      .childChannelOption(.writeBufferWaterMark, value: .init(low: settings.answerHighWater / 2, high: settings.answerHighWater))
      .childChannelInitializer { channel in Self.admit(channel, to: hub) }
    do {
      channel = try bootstrap.withBoundSocket(file.descriptor).wait()
    } catch {
      file.remove()
      try? group.syncShutdownGracefully()
      throw .cannotCreate(path: path, reason: "\(error)")
    }
  }

  /// Says goodbye to every client, and removes the socket.
  func shutdown() {
    try? channel.close().wait()
    hub.hop { $0.closeAll() }
    try? group.syncShutdownGracefully()
    file.remove()
  }

  /// What tests and benchmarks ask of the fan: states encoded so far.
  func stateEncodingCount() -> Int { (try? hub.eventLoop.submit { [hub] in hub.stateFan.encodingCount }.wait()) ?? 0 }

  /// Lets clients of the same user in, and root.
  private static func admit(_ channel: any Channel, to hub: CommandHub) -> EventLoopFuture<Void> {
    guard let provider = channel as? any SocketOptionProvider else { return channel.eventLoop.makeFailedFuture(ChannelError.operationUnsupported) }
    let credentials: EventLoopFuture<PeerCredentials> = provider.unsafeGetSocketOption(
      level: .socket, name: NIOBSDSocket.Option(rawValue: SO_PEERCRED))
    return credentials.flatMapThrowing { peer in
      guard peer.isAllowed(user: getuid()) else { throw ChannelError.operationUnsupported }
      let client = ClientConnection(number: hub.nextClientNumber(), name: "process \(peer.process)", hub: hub, settings: hub.settings)
      try channel.pipeline.syncOperations.addHandler(client)
    }
  }
}

/// Linux's `struct ucred`, which Glibc's module hides.
struct PeerCredentials: Sendable {
  var process: pid_t
  var user: uid_t
  var group: gid_t

  /// The socket's mode keeps other users out; this keeps them out if somebody changes it.
  func isAllowed(user own: uid_t) -> Bool { user == own || user == 0 }
}

internal import Foundation
internal import NIOCore
internal import NIOPosix

/// Serves one arm on a Unix socket to clients of the same user, and if wanted on TCP to those of this machine who know its token.
/// docs/Command-socket.md has the rules.
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
  /// The TCP port; nil where there is none.
  let port: Int?
  private let group: MultiThreadedEventLoopGroup
  private let channels: [any Channel]
  private let hub: CommandHub
  private let file: SocketFile

  /// Binds and listens; clients are served when this returns.
  ///
  /// - Parameters:
  ///   - path: What ``SocketPath/resolve(explicit:environment:isCreating:)`` gives.
  ///   - tcp: A port to listen on as well, 0 for any that is free, and what clients have to show there.
  init(
    service: any ArmService, path: String, tcp: (port: Int, token: AccessToken)? = nil, settings: Settings = Settings()
  ) throws(SocketError) {
    self.path = path
    file = try SocketFile(listeningAt: path)
    group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let hub = CommandHub(
      service: service, eventLoop: group.next(), table: .standard(for: service.arm), settings: settings)
    self.hub = hub
    service.observe { [weak hub] event in hub?.hop { $0.accept(event) } }
    group.next().execute { Self.hurry() }

    var channels: [any Channel] = []
    do throws(SocketError) {
      do { channels.append(try Self.bootstrap(hub) { Self.admit($0, to: hub) }.withBoundSocket(file.descriptor).wait()) } catch {
        throw .cannotCreate(path: path, reason: "\(error)")
      }
      if let (port, token) = tcp {
        // A server that is started anew gets its port back at once.
        let bootstrap = Self.bootstrap(hub) { Self.admit($0, to: hub, token) }.serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
        do { channels.append(try bootstrap.bind(host: "127.0.0.1", port: port).wait()) } catch {
          throw .portRefused(port, reason: (error as? IOError).map { String(cString: strerror($0.errnoCode)) } ?? "\(error)")
        }
      }
    } catch {
      file.remove()
      try? group.syncShutdownGracefully()
      throw error
    }
    port = tcp == nil ? nil : channels.last?.localAddress?.port
    self.channels = channels
  }

  private static func bootstrap(
    _ hub: CommandHub, _ admit: @escaping @Sendable (any Channel) -> EventLoopFuture<Void>
  ) -> ServerBootstrap {
    ServerBootstrap(group: hub.eventLoop)
      .serverChannelOption(.backlog, value: 512)
      // Little at a time, of connections as of bytes, so that no client keeps the others waiting.
      .serverChannelOption(.maxMessagesPerRead, value: 1)
      .childChannelInitializer { channel in
        do { try setOptions(of: channel, hub.settings) } catch { return channel.eventLoop.makeFailedFuture(error) }
        return admit(channel)
      }
  }

  /// At once, where the bootstrap's own options would each take a future of each connection.
  private static func setOptions(of channel: any Channel, _ settings: Settings) throws {
    guard let options = channel.syncOptions else { throw ChannelError.operationUnsupported }
    try options.setOption(.allowRemoteHalfClosure, value: true)
    try options.setOption(.maxMessagesPerRead, value: 1)
    try options.setOption(.recvAllocator, value: AdaptiveRecvByteBufferAllocator(minimum: 512, initial: 2048, maximum: 16384))
    try options.setOption(.writeBufferWaterMark, value: .init(low: settings.answerHighWater / 2, high: settings.answerHighWater))
  }

  /// Puts the calling thread before all ordinary ones and behind the control loop, as far as the system allows: a `stop` is not to wait for whoever
  /// computes. Threads that it starts are ordinary.
  private static func hurry() {
    /// `SCHED_RESET_ON_FORK`, which Glibc's module hides.
    let resetOnFork: Int32 = 0x4000_0000
    var parameters = sched_param(sched_priority: 40)
    if pthread_setschedparam(pthread_self(), SCHED_FIFO | resetOnFork, &parameters) != 0 {
      setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, -10)
    }
  }

  /// Says goodbye to every client, and removes the socket.
  func shutdown() {
    for channel in channels { try? channel.close().wait() }
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

  /// Lets clients on TCP come as far as the door.
  private static func admit(_ channel: any Channel, to hub: CommandHub, _ token: AccessToken) -> EventLoopFuture<Void> {
    channel.eventLoop.makeCompletedFuture {
      let name = "TCP client \(channel.remoteAddress?.port ?? 0)"
      let client = ClientConnection(number: hub.nextClientNumber(), name: name, door: Door(token: token), hub: hub, settings: hub.settings)
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

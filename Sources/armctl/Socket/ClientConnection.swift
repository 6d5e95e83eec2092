internal import Dispatch
internal import NIOCore

/// One client: takes its bytes apart, handles its requests in order, and sends what it is owed without ever waiting for it.
///
/// Everything here runs on the hub's event loop. A few requests are handled at a time, so that no client keeps the others waiting; while a
/// client does not read its answers, its requests wait too. Only `stop` is taken out of the line.
final class ClientConnection: ChannelDuplexHandler, @unchecked Sendable {
  typealias InboundIn = ByteBuffer
  typealias OutboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  /// A line longer than this is parsed on a queue of its own: a megabyte of JSON would hold the event loop for milliseconds.
  private static let longLine = 16 * 1024
  /// Between two pieces of a long line, of 16 kB at most: whoever sends megabytes gets 8 of them a second through.
  private static let pauseWithinLongLine = TimeAmount.milliseconds(2)

  let number: Int
  /// For messages: what `hello` said, else the process.
  var name: String
  var stateSubscription: StateSubscription?
  var wantsJobs = false
  var wantsEvents = false
  /// Looks and confirmations, and what is made of them.
  var wantsLooks = false
  var wantsBeliefs = false
  /// Requests whose answer is still to come.
  var pendingAnswers = 0

  /// nil once the client has shown the token, and where it needs none.
  private(set) var door: Door?

  private unowned let hub: CommandHub
  private let settings: CommandServer.Settings
  private var context: ChannelHandlerContext?
  private var framer: LineFramer
  private var inbox = ClientInbox()
  /// What is left of the array of requests under way.
  private var batch: (answers: Batch, elements: [JSONValue], next: Int, isOvertaken: Bool)?
  private var isParsing = false
  private var isParsedLineOvertaken = false
  private var isDraining = false
  private var isWaitingForTurn = false
  private var isReadHeld = false
  private var isPausing = false
  private var isInputClosed = false
  private var isClosing = false
  private var notifications: NotificationQueue

  init(number: Int, name: String, door: Door? = nil, hub: CommandHub, settings: CommandServer.Settings) {
    self.number = number
    self.name = name
    self.hub = hub
    self.settings = settings
    self.door = door
    framer = LineFramer(maximumLength: door == nil ? settings.maximumLineLength : Door.longestLine)
    notifications = NotificationQueue(capacity: settings.notificationQueueLength)
  }

  // MARK: The channel

  func handlerAdded(context: ChannelHandlerContext) { self.context = context }

  func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

  func channelActive(context: ChannelHandlerContext) {
    if !hub.add(self) {
      isClosing = true
      hub.refuse(self)
    }
    if door != nil {
      context.eventLoop.assumeIsolated().scheduleTask(in: Door.patience) { [weak self] in
        if self?.door != nil { self?.close() }
      }
    }
    context.fireChannelActive()
  }

  func channelInactive(context: ChannelHandlerContext) {
    isClosing = true
    inbox = ClientInbox()
    batch = nil
    hub.remove(self)
    context.fireChannelInactive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if isClosing { return }
    let buffer = unwrapInboundIn(data)
    var lines: [LineFramer.Line] = []
    buffer.withUnsafeReadableBytes { framer.feed($0, into: &lines) }
    accept(lines)
  }

  func channelReadComplete(context: ChannelHandlerContext) { drain() }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case .inputClosed? = event as? ChannelEvent {
      var lines: [LineFramer.Line] = []
      framer.finish(into: &lines)
      isInputClosed = true
      accept(lines)
      drain()
    }
    context.fireUserInboundEventTriggered(event)
  }

  /// Reading stops while much waits to be handled, and pauses within long lines.
  func read(context: ChannelHandlerContext) {
    isReadHeld = true
    if framer.unfinishedLength <= Self.longLine { return readOn() }
    if isPausing { return }
    isPausing = true
    context.eventLoop.assumeIsolated().scheduleTask(in: Self.pauseWithinLongLine) { [weak self] in
      self?.isPausing = false
      self?.readOn()
    }
  }

  private func readOn() {
    guard let context, isReadHeld, !isPausing, inbox.byteCount < settings.maximumLineLength else { return }
    isReadHeld = false
    context.read()
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    if context.channel.isWritable {
      sendNotifications()
      drain()
    }
    context.fireChannelWritabilityChanged()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

  // MARK: Requests

  private func accept(_ lines: [LineFramer.Line]) {
    for line in lines {
      // Stop never queues: where something waits, it is taken out of the line.
      let mustWait = door == nil && (!inbox.isEmpty || batch != nil || isParsing || context?.channel.isWritable == false)
      if mustWait, case .text(let bytes) = line, let request = Self.stop(in: bytes) {
        overtake()
        handle(request)
      } else {
        inbox.append(line)
      }
    }
  }

  /// The arm was stopped: nothing that waits here may move it any more.
  func overtake() {
    inbox.overtake()
    batch?.isOvertaken = true
    isParsedLineOvertaken = true
  }

  private static func stop(in line: [UInt8]) -> RPCRequest? {
    guard line.count < 1024, mentionsStop(line), let value = try? JSONValue(parsing: line), let request = try? RPCRequest(value),
      request.method == "stop"
    else { return nil }
    return request
  }

  /// A quick look, since every line that must wait is looked at: whether `"stop"` stands anywhere in it.
  private static func mentionsStop(_ line: [UInt8]) -> Bool {
    line.withUnsafeBufferPointer { bytes in
      var index = 5
      while index < bytes.count {
        if bytes[index] == UInt8(ascii: "\""), bytes[index - 1] == UInt8(ascii: "p"), bytes[index - 2] == UInt8(ascii: "o"),
          bytes[index - 3] == UInt8(ascii: "t"), bytes[index - 4] == UInt8(ascii: "s"), bytes[index - 5] == UInt8(ascii: "\"")
        {
          return true
        }
        index += 1
      }
      return false
    }
  }

  /// Handles some of what waits. The rest has its turn later.
  private func drain() {
    guard let context, !isDraining, !isClosing else { return }
    isDraining = true
    let end = NIODeadline.now() + ClientTurns.turn
    var requests = ClientTurns.requests
    while requests > 0, !isShutOut, !isParsing, context.channel.isWritable, handleNext(), NIODeadline.now() < end { requests -= 1 }
    context.flush()
    isDraining = false
    if isShutOut { return closeAfterAnswers() }
    if hasMore, !isWaitingForTurn {
      isWaitingForTurn = true
      hub.turns.add(self)
    }
    readOn()
    closeIfDone()
  }

  func takeTurn() {
    isWaitingForTurn = false
    drain()
  }

  /// Whether a client before the door has tried often enough.
  private var isShutOut: Bool { door?.isShut ?? false }

  private var hasMore: Bool { (batch != nil || !inbox.isEmpty) && !isParsing && context?.channel.isWritable == true }

  /// - Returns: Whether anything waited.
  private func handleNext() -> Bool {
    if let (answers, elements, next, isOvertaken) = batch {
      batch = next + 1 < elements.count ? (answers, elements, next + 1, isOvertaken) : nil
      handle(elements[next], batch: answers, index: next, isOvertaken: isOvertaken)
      return true
    }
    guard let (line, isOvertaken) = inbox.popFirst() else { return false }
    switch line {
    case .tooLong: fail(.lineTooLong(limit: framer.maximumLength))
    case .text(let bytes) where bytes.count > Self.longLine: parseElsewhere(bytes, isOvertaken: isOvertaken)
    case .text(let bytes): handle(Self.parse(bytes), isOvertaken: isOvertaken)
    }
    return true
  }

  private func parseElsewhere(_ bytes: [UInt8], isOvertaken: Bool) {
    (isParsing, isParsedLineOvertaken) = (true, isOvertaken)
    hub.parsingQueue.async { [self] in
      let parsed = Self.parse(bytes)
      hub.eventLoop.execute { [self] in
        isParsing = false
        handle(parsed, isOvertaken: isParsedLineOvertaken)
        drain()
      }
    }
  }

  private static func parse(_ line: [UInt8]) -> Result<JSONValue, JSONParser.Failure> {
    Result { () throws(JSONParser.Failure) in try JSONValue(parsing: line) }
  }

  private func handle(_ parsed: Result<JSONValue, JSONParser.Failure>, isOvertaken: Bool) {
    switch parsed {
    case .failure(let failure): fail(.notJSON("\(failure)"))
    case .success(.array) where door != nil: handle(.null)
    case .success(.array(let elements)):
      if elements.isEmpty {
        fail(.notRequest("A batch may not be empty.", suggestion: #"[{"id":1,"method":"state"}]"#))
      } else if elements.count > settings.maximumBatchCount {
        fail(.notRequest("A batch may hold at most \(settings.maximumBatchCount) requests.", suggestion: "several batches"))
      } else {
        batch = (Batch(count: elements.count), elements, 0, isOvertaken)
      }
    case .success(let value): handle(value, isOvertaken: isOvertaken)
    }
  }

  private func handle(_ value: JSONValue, batch: Batch? = nil, index: Int = 0, isOvertaken: Bool = false) {
    do throws(RPCRequest.Refusal) {
      handle(try RPCRequest(value), batch: batch, index: index, isOvertaken: isOvertaken)
    } catch {
      pendingAnswers += 1
      door?.refuse()
      Reply(client: self, id: error.id, batch: batch, index: index).fail(error.error)
    }
  }

  private func handle(_ request: RPCRequest, batch: Batch? = nil, index: Int = 0, isOvertaken: Bool = false) {
    pendingAnswers += 1
    let reply = Reply(client: self, id: request.id, batch: batch, index: index)
    if door != nil {
      knock(with: request, reply)
    } else if pendingAnswers > settings.maximumPendingRequests, request.method != "stop" {
      reply.fail(
        ServiceError(
          .busy, "\(settings.maximumPendingRequests) requests of this client wait for their answers already.",
          suggestion: "again when some of them have been answered"))
    } else {
      hub.handle(request, from: self, isOvertaken: isOvertaken, reply: reply)
    }
  }

  /// A client on TCP shows its token, or is cut off after some tries.
  private func knock(with request: RPCRequest, _ reply: Reply) {
    do throws(ServiceError) {
      try door?.open(to: request)
      door = nil
      framer.maximumLength = settings.maximumLineLength
      reply.succeed([:])
    } catch {
      reply.fail(error)
    }
  }

  /// An answer to what could not be understood.
  private func fail(_ error: RPCError) {
    pendingAnswers += 1
    door?.refuse()
    Reply(client: self, id: .null, batch: nil, index: 0).fail(error)
  }

  // MARK: Answers and notifications

  /// Sends one answer; nil where none is due.
  func sendAnswer(_ answer: [UInt8]?) {
    guard let context, context.channel.isActive else { return }
    if let answer {
      var buffer = context.channel.allocator.buffer(capacity: answer.count + 1)
      buffer.writeBytes(answer)
      buffer.writeInteger(UInt8(ascii: "\n"))
      context.write(wrapOutboundOut(buffer), promise: nil)
      if !context.channel.isWritable, unsentByteCount(context) > settings.maximumUnsentAnswers {
        isClosing = true
        context.close(promise: nil)
        return
      }
    }
    if !isDraining {
      context.flush()
      closeIfDone()
    }
  }

  /// Sends the notification now if the client reads, else keeps it for later, as far as there is room.
  func notify(_ entry: NotificationQueue.Entry) {
    guard !isClosing, context != nil else { return }
    notifications.append(entry)
    sendNotifications()
  }

  /// No more states after the subscription's end.
  func forgetStates() { notifications.removeStates() }

  /// Refuses a client that comes when there are too many, and lets it go.
  func close(with error: RPCError) {
    guard let context else { return }
    let answer: JSONValue = ["jsonrpc": "2.0", "id": .null, "error": error.json]
    context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: answer.bytes + [UInt8(ascii: "\n")])), promise: nil)
    context.close(promise: nil)
  }

  func close() {
    isClosing = true
    context?.close(promise: nil)
  }

  private func sendNotifications() {
    guard let context else { return }
    var hasWritten = false
    while context.channel.isWritable, let line = notifications.popFirst() {
      context.write(wrapOutboundOut(line), promise: nil)
      hasWritten = true
    }
    if hasWritten, !isDraining { context.flush() }
  }

  private func unsentByteCount(_ context: ChannelHandlerContext) -> Int {
    (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
  }

  /// A client that has closed its sending half goes when it has all that it asked for.
  private func closeIfDone() {
    guard isInputClosed, !isClosing, inbox.isEmpty, batch == nil, !isParsing, pendingAnswers == 0, stateSubscription == nil, !wantsJobs, !wantsEvents,
      !wantsLooks, !wantsBeliefs
    else { return }
    closeAfterAnswers()
  }

  /// Closes the connection when what was written has gone out.
  private func closeAfterAnswers() {
    guard let context, !isClosing else { return }
    isClosing = true
    let sent = context.eventLoop.makePromise(of: Void.self)
    let channel = context.channel
    sent.futureResult.whenComplete { _ in channel.close(promise: nil) }
    context.writeAndFlush(wrapOutboundOut(ByteBuffer()), promise: sent)
  }
}

internal import NIOCore

/// How a client wants its states.
struct StateSubscription: Hashable {
  /// [Hz], above 0 and at most the loop's rate.
  var rate: Double
  var fields: StateFields
}

/// Sends states to their subscribers. One timer for each distinct subscription, none where there is no subscriber;
/// each tick is encoded once for each set of fields, whoever watches. Runs on the event loop.
final class StateFan {
  private final class Group {
    var clients: [Int: ClientConnection] = [:]
    var timer: Scheduled<Void>?
    var lastTick: UInt64?
  }

  private let service: any ArmService
  private let eventLoop: any EventLoop
  private var groups: [StateSubscription: Group] = [:]
  private var encoded: [StateFields: (tick: UInt64, entry: NotificationQueue.Entry)] = [:]
  /// States encoded so far.
  private(set) var encodingCount = 0

  init(service: any ArmService, eventLoop: any EventLoop) {
    self.service = service
    self.eventLoop = eventLoop
  }

  func add(_ client: ClientConnection, _ subscription: StateSubscription) {
    let group = groups[subscription] ?? Group()
    group.clients[client.number] = client
    if groups.updateValue(group, forKey: subscription) == nil { schedule(subscription, at: .now()) }
  }

  func remove(_ client: ClientConnection, _ subscription: StateSubscription) {
    guard let group = groups[subscription] else { return }
    group.clients[client.number] = nil
    guard group.clients.isEmpty else { return }
    group.timer?.cancel()
    groups[subscription] = nil
    if !groups.keys.contains(where: { $0.fields == subscription.fields }) { encoded[subscription.fields] = nil }
  }

  /// The next one is due a period after this one was, so that the rate does not drift; what is missed is left out.
  private func schedule(_ subscription: StateSubscription, at due: NIODeadline) {
    guard let group = groups[subscription] else { return }
    let loopBound = NIOLoopBound(self, eventLoop: eventLoop)
    group.timer = eventLoop.assumeIsolated().scheduleTask(deadline: due) {
      loopBound.value.send(subscription, due: due)
    }
  }

  private func send(_ subscription: StateSubscription, due: NIODeadline) {
    guard let group = groups[subscription] else { return }
    let state = service.state()
    if group.lastTick != state.tick {
      group.lastTick = state.tick
      let entry = encoded(state, subscription.fields)
      for client in group.clients.values { client.notify(entry) }
    }
    let period = TimeAmount.nanoseconds(Int64(1e9 / subscription.rate))
    let now = NIODeadline.now()
    schedule(subscription, at: due + period > now ? due + period : now + period)
  }

  private func encoded(_ state: ArmState, _ fields: StateFields) -> NotificationQueue.Entry {
    if let (tick, entry) = encoded[fields], tick == state.tick { return entry }
    let entry = JSONWriter.stateNotification(state, fields: fields)
    encoded[fields] = (state.tick, entry)
    encodingCount += 1
    return entry
  }
}

internal import MotorDrivers

/// A CAN bus in time: who waits to send, who wins, when each frame is through.
///
/// Each sender offers its oldest frame; where several wait when the bus falls idle, the lowest identifier wins. Frames take the time of their bits.
struct CANWire: Sendable {
  private struct Waiting: Sendable {
    var frame: CANFrame
    var readyTime: Double
    var order: Int
  }

  /// [bit/s]
  let bitrate: Double
  private var queues: [[Waiting]]
  private var current: (frame: CANFrame, sender: Int, endTime: Double)?
  private var idleTime = 0.0
  private var order = 0
  /// Time that frames have taken [s].
  private(set) var busyTime = 0.0

  init(senders: Int, bitrate: Double) {
    self.bitrate = bitrate
    queues = Array(repeating: [], count: senders)
  }

  func waitingCount(of sender: Int) -> Int { queues[sender].count }

  mutating func enqueue(_ frame: CANFrame, from sender: Int, at time: Double) {
    queues[sender].append(Waiting(frame: frame, readyTime: time, order: order))
    order += 1
  }

  /// Forgets what a sender has not begun to send.
  mutating func clear(sender: Int) { queues[sender].removeAll() }

  /// When something next happens here; infinite where nothing waits.
  var nextEventTime: Double {
    if let current { return current.endTime }
    var ready = Double.infinity
    for queue in queues {
      if let first = queue.first { ready = min(ready, first.readyTime) }
    }
    return max(ready, idleTime)
  }

  /// Does what happens at `nextEventTime`; returns the frame that has got through, with its sender.
  mutating func handleEvent() -> (frame: CANFrame, sender: Int)? {
    if let done = current {
      current = nil
      return (done.frame, done.sender)
    }
    let start = nextEventTime
    var winner: Int?
    for (sender, queue) in queues.enumerated() {
      guard let first = queue.first, first.readyTime <= start else { continue }
      if let best = winner.flatMap({ queues[$0].first }),
        (best.frame.arbitrationKey, best.order) <= (first.frame.arbitrationKey, first.order)
      {
        continue
      }
      winner = sender
    }
    guard let winner else { return nil }
    let frame = queues[winner].removeFirst().frame
    let duration = Double(frame.exactBitCount) / bitrate
    busyTime += duration
    idleTime = start + duration
    current = (frame, winner, idleTime - Double(CANFrame.pauseBits) / bitrate)
    return nil
  }
}

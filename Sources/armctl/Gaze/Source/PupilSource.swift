internal import Foundation
internal import Gaze

/// Pupil Core's network: asks its remote for the port that it publishes on, and subscribes there. That port is another one each time Pupil is
/// started, so after a silence it is asked for again.
final class PupilSource {
  private let library: ZeroMQ
  private let host: String
  private let port: UInt16
  private let surface: String?
  /// Has been asked for the port, and has not answered yet.
  private var remote: ZeroMQ.Connection?
  private var subscription: ZeroMQ.Connection?
  /// When something was heard or asked for last [s].
  private var latest = Double.infinity
  private(set) var malformed = 0

  /// Pupil tells of surfaces with every picture that shows them [s].
  private static let longestSilence = 2.0

  init(host: String, port: UInt16, surface: String?) throws(GazeInput.Failure) {
    (self.host, self.port, self.surface) = (host, port, surface)
    library = try ZeroMQ()
    ask()
    if remote == nil { throw .noSocket(place: "\(host):\(port)", reason: "ZeroMQ cannot connect there") }
  }

  /// -1 where there is nothing to wait for.
  var descriptor: Int32 { (subscription ?? remote)?.descriptor ?? -1 }

  /// What has come.
  /// - Parameter now: By the monotonic clock [s].
  func read(upTo most: Int, at now: Double) -> [GazeSample] {
    latest = min(latest, now)
    subscribeWhereTold()
    var samples: [GazeSample] = []
    let topic = Array(PupilMessage.topic(surface: surface).utf8)
    while samples.count < most, let parts = subscription?.receive() {
      // A subscription is to all topics that begin alike: to those of surfaces with longer names, too.
      if surface != nil, parts[0] != topic { continue }
      latest = now
      do throws(MessagePack.Failure) {
        samples += try PupilMessage.samples(parts.count > 1 ? parts[1] : [])
      } catch {
        malformed += 1
      }
    }
    if now - latest > Self.longestSilence {
      latest = now
      ask()
    }
    return samples
  }

  private func ask() {
    remote = ZeroMQ.Connection(library, .request, to: "tcp://\(host):\(port)")
    if remote?.send("SUB_PORT") != true { remote = nil }
  }

  private func subscribeWhereTold() {
    guard let answer = remote?.receive()?.first else { return }
    remote = nil
    guard let told = UInt16(String(decoding: answer, as: UTF8.self)) else { return }
    subscription = ZeroMQ.Connection(library, .subscriber, to: "tcp://\(host):\(told)")
    subscription?.subscribe(to: PupilMessage.topic(surface: surface))
  }
}

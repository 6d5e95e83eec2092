internal import Foundation
internal import Gaze

/// Pupil Core's network: asks its remote for the port that it publishes on, and subscribes there.
final class PupilSource {
  private enum Stage {
    case asking(ZeroMQ.Connection)
    case subscribed(ZeroMQ.Connection)
  }

  private let library: ZeroMQ
  private let host: String
  private let topic: String
  private var stage: Stage
  private(set) var malformed = 0

  init(host: String, port: UInt16, surface: String?) throws(GazeInput.Failure) {
    library = try ZeroMQ()
    let endpoint = "tcp://\(host):\(port)"
    guard let remote = ZeroMQ.Connection(library, .request, to: endpoint), remote.send("SUB_PORT") else {
      throw .noSocket(place: "\(host):\(port)", reason: "ZeroMQ cannot connect there")
    }
    self.host = host
    topic = PupilMessage.topic(surface: surface)
    stage = .asking(remote)
  }

  var descriptor: Int32 {
    switch stage {
    case .asking(let connection), .subscribed(let connection): connection.descriptor
    }
  }

  /// What has come.
  func read(upTo most: Int) -> [GazeSample] {
    if case .asking(let remote) = stage {
      guard let answer = remote.receive()?.first, let port = UInt16(String(decoding: answer, as: UTF8.self)),
        let connection = ZeroMQ.Connection(library, .subscriber, to: "tcp://\(host):\(port)")
      else { return [] }
      connection.subscribe(to: topic)
      stage = .subscribed(connection)
    }
    guard case .subscribed(let connection) = stage else { return [] }
    var samples: [GazeSample] = []
    while samples.count < most, let parts = connection.receive() {
      do throws(MessagePack.Failure) {
        samples += try parts.count > 1 ? PupilMessage.samples(parts[1]) : []
      } catch {
        malformed += 1
      }
    }
    return samples
  }
}

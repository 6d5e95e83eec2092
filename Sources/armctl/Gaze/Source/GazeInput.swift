internal import Foundation
internal import Gaze

/// Reads looks from wherever they come, without ever waiting for them. For one thread.
final class GazeInput {
  enum Failure: Error, Equatable, CustomStringConvertible {
    case unknownHost(String)
    case noSocket(place: String, reason: String)
    /// libzmq is not installed.
    case noZeroMQ

    var description: String {
      switch self {
      case .unknownHost(let host): "Nobody knows the host \(host)."
      case .noSocket(let place, let reason): "Looks cannot be had from \(place): \(reason)."
      case .noZeroMQ: "Pupil Core speaks ZeroMQ, and its library libzmq is not installed."
      }
    }

    /// What to do about it, for after "try: ".
    var suggestion: String {
      switch self {
      case .unknownHost: "the host's address in numbers"
      case .noSocket: "the tracker's program, and whether another one listens there"
      case .noZeroMQ: "apt-get install libzmq5"
      }
    }
  }

  private enum Wire {
    case lines(descriptor: Int32, LineFramer)
    case datagrams(GazeSocket)
    case openGaze(GazeSocket, LineFramer, hasAsked: Bool)
    case opentrack(GazeSocket)
    case pupil(PupilSource)
  }

  private var wire: Wire
  private var buffer = [UInt8](repeating: 0, count: 1 << 16)
  /// Letters that could not be read.
  private(set) var malformed = 0
  /// Why nothing more will come; nil while something may.
  private(set) var ending: String?

  /// No more than this at one time: the rest waits until the arm and the terminal have had their turn.
  private static let most = 512

  /// - Parameter standardInput: What lines are read from.
  /// - Returns: nil for looks that do not come from outside.
  init?(_ address: GazeAddress, standardInput: Int32 = STDIN_FILENO) throws(Failure) {
    switch address {
    case .lines:
      _ = fcntl(standardInput, F_SETFL, fcntl(standardInput, F_GETFL) | O_NONBLOCK)
      wire = .lines(descriptor: standardInput, LineFramer(maximumLength: 4096))
    case .datagrams(let host, let port): wire = .datagrams(try GazeSocket.listening(host: host, port: port))
    case .opentrack(let host, let port): wire = .opentrack(try GazeSocket.listening(host: host, port: port))
    case .openGaze(let host, let port):
      wire = .openGaze(try GazeSocket.connected(host: host, port: port), LineFramer(maximumLength: 4096), hasAsked: false)
    case .pupil(let host, let port, let surface): wire = .pupil(try PupilSource(host: host, port: port, surface: surface))
    case .socket, .synthetic, .mouse: return nil
    }
  }

  /// To wait for.
  var descriptor: Int32 {
    switch wire {
    case .lines(let descriptor, _): descriptor
    case .datagrams(let socket), .opentrack(let socket), .openGaze(let socket, _, _): socket.descriptor
    case .pupil(let source): source.descriptor
    }
  }

  /// Whether ``read(at:)`` must also be called without the descriptor's telling: before a connection stands, ZeroMQ and TCP tell nothing.
  var needsAsking: Bool {
    switch wire {
    case .pupil: true
    case .openGaze(_, _, let hasAsked): !hasAsked
    default: false
    }
  }

  /// What has come.
  /// - Parameter now: By the monotonic clock [s].
  func read(at now: Double) -> [GazeSample] {
    guard ending == nil else { return [] }
    var samples: [GazeSample] = []
    switch wire {
    case .lines(let descriptor, var framer):
      var lines: [LineFramer.Line] = []
      let count = buffer.withUnsafeMutableBytes { Foundation.read(descriptor, $0.baseAddress, $0.count) }
      if count > 0 {
        buffer.withUnsafeBytes { framer.feed(UnsafeRawBufferPointer(rebasing: $0[..<count]), into: &lines) }
      } else if count == 0 || ![EAGAIN, EINTR].contains(errno) {
        ending = "Standard input has ended."
      }
      wire = .lines(descriptor: descriptor, framer)
      take(lines, into: &samples) { GazeLine.sample($0, time: now) }
    case .datagrams(let socket):
      for bytes in datagrams(of: socket) {
        let lines = bytes.split(separator: UInt8(ascii: "\n")).map { LineFramer.Line.text(Array($0)) }
        take(lines, into: &samples) { GazeLine.sample($0, time: now) }
      }
    case .opentrack(let socket):
      take(datagrams(of: socket).map { .text($0) }, into: &samples) { OpentrackDatagram.sample($0, time: now) }
    case .openGaze(let socket, var framer, var hasAsked):
      if !hasAsked, socket.isWritable { hasAsked = socket.write(OpenGazeRecord.requests) }
      var lines: [LineFramer.Line] = []
      if case .bytes(let bytes) = next(of: socket) { bytes.withUnsafeBytes { framer.feed($0, into: &lines) } }
      wire = .openGaze(socket, framer, hasAsked: hasAsked)
      for line in lines {
        guard case .text(let bytes) = line else {
          malformed += 1
          continue
        }
        switch OpenGazeRecord.line(bytes, time: now) {
        case .sample(let sample): samples.append(sample)
        case .malformed: malformed += 1
        case .other: break
        }
      }
    case .pupil(let source):
      samples = source.read(upTo: Self.most, at: now)
      malformed = source.malformed
    }
    return samples
  }

  private func take(_ lines: [LineFramer.Line], into samples: inout [GazeSample], _ sample: ([UInt8]) -> GazeSample?) {
    for line in lines {
      if case .text(let bytes) = line, let sample = sample(bytes) { samples.append(sample) } else { malformed += 1 }
    }
  }

  private func datagrams(of socket: GazeSocket) -> [[UInt8]] {
    var all: [[UInt8]] = []
    while all.count < Self.most, case .bytes(let bytes) = next(of: socket) { all.append(bytes) }
    return all
  }

  private func next(of socket: GazeSocket) -> GazeSocket.Reading {
    let reading = socket.read(into: &buffer)
    if case .end(let reason) = reading { ending = "The tracker is gone: \(reason)." }
    return reading
  }
}

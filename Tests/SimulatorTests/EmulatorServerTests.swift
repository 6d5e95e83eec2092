import Foundation
import Glibc
import Kinematics
import Testing

@testable import Simulator

/// The emulated arm on a real pseudo-terminal.
@Suite(.serialized) struct EmulatorServerTests {
  /// A server on a thread of its own, in a folder of its own.
  private final class Served: @unchecked Sendable {
    let folder: String
    let server: EmulatorServer
    private let finished = DispatchSemaphore(value: 0)
    private(set) var failure: EmulatorError?

    init(arm: EmulatedArm? = nil, truth: Bool = false, link: String? = nil) throws {
      folder = NSTemporaryDirectory() + "emulator-\(UUID().uuidString)"
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      var settings = EmulatorServer.Settings()
      settings.realTimePriority = nil
      settings.endsOnSignals = false
      settings.endsWithParent = false
      server = EmulatorServer(
        arm: try arm ?? SimulatedModels.dummyArm(), link: link ?? folder + "/line", truth: truth ? folder + "/truth.csv" : nil, settings: settings)
    }

    func start() {
      Thread.detachNewThread { [self] in
        do throws(EmulatorError) { try server.run() } catch { failure = error }
        finished.signal()
      }
      let deadline = Date() + patience
      while !server.isServing && Date() < deadline { sched_yield() }
    }

    func stop() -> Bool {
      server.stop()
      defer { try? FileManager.default.removeItem(atPath: folder) }
      return finished.wait(timeout: .now() + patience) == .success
    }
  }

  /// A client's end of the line.
  private final class Client {
    let descriptor: Int32

    init?(_ path: String) {
      descriptor = open(path, O_RDWR | O_NOCTTY)
      if descriptor < 0 { return nil }
    }

    deinit { close(descriptor) }

    func send(_ text: String) { _ = text.withCString { write(descriptor, $0, strlen($0)) } }

    /// Reads until the text ends in `end`.
    func text(endingIn end: String) -> String {
      let deadline = Date() + patience
      var text = ""
      var buffer = [UInt8](repeating: 0, count: 4096)
      while !text.hasSuffix(end) && Date() < deadline {
        var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&request, 1, 1000) > 0 else { continue }
        let count = read(descriptor, &buffer, buffer.count)
        if count > 0 { text += String(decoding: buffer[..<count], as: UTF8.self) }
      }
      return text
    }
  }

  @Test func bytesGoBothWaysAndClientsMayComeAndGo() throws {
    let served = try Served()
    served.start()
    for _ in 0..<3 {
      let client = try #require(Client(served.server.link))
      client.send("C\rV\r")
      #expect(client.text(endingIn: "V1013\r") == "\rV1013\r")
    }
    let client = try #require(Client(served.server.link))
    client.send("S8\rO\rt12380000000000000000\r")
    let text = client.text(endingIn: "00\r")
    #expect(text.hasPrefix("\r\r\rt1238") && text.count == 3 + 22)
    #expect(served.stop())
    #expect(access(served.server.link, F_OK) != 0)
  }

  @Test func aClientThatIsKilledDoesNoHarm() throws {
    let served = try Served()
    served.start()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", "exec 3<>\"$0\"; printf 'N\\r' >&3; kill -KILL $$", served.server.link]
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationReason == .uncaughtSignal)
    let client = try #require(Client(served.server.link))
    client.send("V\r")
    #expect(client.text(endingIn: "V1013\r").hasSuffix("V1013\r"))
    #expect(served.stop())
  }

  @Test func theLineIsForItsOwnerOnly() throws {
    let served = try Served()
    served.start()
    var found = stat()
    #expect(stat(served.server.link, &found) == 0)
    #expect(found.st_mode & 0o777 == 0o600)
    #expect(found.st_mode & S_IFMT == S_IFCHR)
    #expect(served.stop())
  }

  @Test func anOrdinaryFileIsNotReplacedByTheLink() throws {
    let folder = NSTemporaryDirectory() + "emulator-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = folder + "/file"
    try "precious".write(toFile: path, atomically: true, encoding: .utf8)
    let server = EmulatorServer(arm: try SimulatedModels.dummyArm(), link: path)
    let expected = EmulatorError.cannotLink(path: path, reason: "a file of that name exists")
    #expect(throws: expected) { try server.run() }
    #expect(expected.description == "the link \(path) cannot be made: a file of that name exists")
    #expect(expected.suggestion == "a --link in a folder that is yours, where no ordinary file has that name")
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "precious")
  }

  @Test func aLinkThatIsLeftOverIsReplacedAndALaterOneIsLeftAlone() throws {
    let first = try Served()
    symlink("/nowhere", first.server.link)
    first.start()
    let second = try Served(link: first.server.link)
    second.start()
    // Both serve; the name is the second's now, and stays when the first one ends.
    first.server.stop()
    let client = try #require(Client(second.server.link))
    client.send("V\r")
    #expect(client.text(endingIn: "V1013\r") == "V1013\r")
    #expect(second.stop())
    #expect(first.stop())
  }

  @Test func theTrueMotionIsRecorded() throws {
    let served = try Served(truth: true)
    served.start()
    let path = served.folder + "/truth.csv"
    let deadline = Date() + patience
    var lines: [Substring] = []
    while lines.count < 200 && Date() < deadline {
      lines = ((try? String(contentsOfFile: path, encoding: .utf8)) ?? "").split(separator: "\n")
      sched_yield()
    }
    #expect(served.stop())
    #expect(lines.first == "time,q1,q2,q3,q4,q5,q6,v1,v2,v3,v4,v5,v6")
    let rows = lines.dropFirst().dropLast().map { $0.split(separator: ",").compactMap { Double($0) } }
    #expect(rows.allSatisfy { $0.count == 13 })
    #expect(zip(rows, rows.dropFirst()).allSatisfy { $0[0] < $1[0] })
    #expect(abs((rows.first?[2] ?? 0) - SimulatedModels.rest[1]) < 1e-3)
  }
}

/// Far more than anything here takes, on the busiest machine [s].
private let patience = 60.0

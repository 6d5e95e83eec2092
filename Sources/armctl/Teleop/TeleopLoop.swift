internal import Foundation

/// Teleoperation between a terminal and the command socket.
final class TeleopLoop {
  private let client: CommandClient
  private let loop: SessionLoop<Teleoperation>
  private var view = TeleopView()
  private var devices: JogPort

  init(client: CommandClient, terminal: TerminalSession, arm: TeleopArm, devices: JogPort, theme: Theme) {
    (self.client, self.devices) = (client, devices)
    loop = SessionLoop(Teleoperation(arm: arm), client: client, terminal: terminal, theme: theme)
  }

  /// Returns when the person leaves or the terminal is gone.
  /// - Throws: ``CommandClient/Failure`` when the server is gone.
  func run() throws(CommandClient.Failure) {
    try client.call("hello", ["protocol": 1, "client": .string(ClientName.name(of: "teleop")), "role": "terminal"])
    try client.call("subscribe", ["topics": ["state", "job", "event"], "rate": .number(Teleoperation.frameRate)])
    loop.session.readingTime = loop.now
    while !loop.session.isLeaving {
      readDevice()
      loop.session.pass(to: loop.now)
      try loop.exchange()
      saveFiles()
      loop.draw { view.screen(of: $0, width: $1, height: $2, at: $3) }
      loop.wait(forOthers: devices.descriptors, until: devices.deadline)
      try loop.hear()
      if !loop.readKeys() || !loop.heedSignals() { break }
    }
    if !loop.session.isLeaving { loop.session.take(KeyEvent(key: .control("c")), at: loop.now) }
    try loop.exchange()
  }

  private func readDevice() {
    switch devices.news(at: loop.now) {
    case .found(let device, let name): loop.session.find(device, named: name, at: loop.now)
    case .events(let events): loop.session.take(events, at: loop.now)
    case .gone: loop.session.loseDevice(at: loop.now)
    case .nothing: return
    }
    loop.isDirty = true
  }

  private func saveFiles() {
    for file in loop.session.files {
      loop.session.didSave(file, problem: Self.write(file), at: loop.now)
      loop.isDirty = true
    }
    loop.session.files = []
  }

  /// - Returns: What went wrong; nil where nothing did.
  private static func write(_ file: TeleopFile) -> String? {
    let descriptor = open(file.name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { return errno == EEXIST ? "there is such a file already" : String(cString: strerror(errno)) }
    defer { close(descriptor) }
    let bytes = Array(file.text.utf8)
    return Foundation.write(descriptor, bytes, bytes.count) == bytes.count ? nil : String(cString: strerror(errno))
  }
}

import Foundation
import Testing

@testable import armctl

@Suite("Teleop: what is shown") struct TeleopViewTests {
  @Test(arguments: 3...8) func nothingOverlapsOnAnyScreen(joints: Int) throws {
    for width in stride(from: 60, through: 200, by: 7) {
      for height in 20...60 {
        let layout = try #require(TeleopLayout(width: width, height: height, jointCount: joints))
        var rows = [layout.header]
        rows += (0..<joints).map { layout.joints + $0 } + (0..<3).map { layout.tool + $0 } + (0..<4).map { layout.jog + $0 }
        rows += [layout.message, layout.message + 1, layout.hints, layout.hints + 1]
        #expect(rows == rows.sorted() && Set(rows).count == rows.count && rows.last == height - 1)
        for area in [layout.side, layout.top] {
          #expect(area.x > layout.panelWidth && area.x + area.width < width + 1 && area.width >= 12)
          #expect(area.y >= 2 && area.y + area.height <= layout.message && area.height >= 4)
        }
        let (side, top) = (layout.side, layout.top)
        #expect(side.x + side.width < top.x || side.y + side.height < top.y)
      }
    }
  }

  /// In a narrow window, who leads goes before how the bus is.
  @Test(arguments: [
    (60, "anna", 0.0, "led by anna", "tick 120 µs"), (60, "pick-and-place.arm on pts/12", 0, "led by pick-and-place.arm on pts/12", ""),
    (60, "anna", 0.031, "led by anna", "bus 80 %, lost 3.1 %"),
    (60, "an-arm-script-with-a-long-name.arm on pts/12", 0, "led by an-arm-script-with-a-long-name.arm …", ""),
    (100, "pick-and-place.arm on pts/12", 0.031, "led by pick-and-place.arm on pts/12", "bus 80 %, lost 3.1 %  tick 120 µs"),
  ])
  func theHeaderHasRoomForWhoLeads(width: Int, holder: String, errors: Double, lead: String, health: String) {
    var rig = TeleopRig()
    rig.teleop.leaseHolder = holder
    rig.teleop.health = .init(missedTicks: 0, tick: 120e-6, busLoad: 0.8, busErrors: errors)
    var view = TeleopView()
    let line = view.screen(of: rig.teleop, width: width, height: 20, at: rig.time).lines[0].trimmingCharacters(in: .whitespaces)
    #expect(line.contains(" " + lead) && line.hasSuffix(health.isEmpty ? lead : "  " + health), "\(line)")
  }

  @Test func aScreenThatIsTooSmallAsksForMore() {
    let rig = TeleopRig()
    var view = TeleopView()
    for (width, height) in [(59, 24), (80, 19), (20, 3), (1, 1)] {
      let screen = view.screen(of: rig.teleop, width: width, height: height, at: rig.time)
      let text = "Please make this window at least 60 × 20: it has \(width) × \(height). Space stops the arm, Ctrl-C leaves."
      let lines = Screen.wrapped(text, width: width, rows: height).map { String($0.prefix(width)).trimmingCharacters(in: .whitespaces) }
      #expect(screen.lines.prefix(lines.count).map { $0.trimmingCharacters(in: .whitespaces) } == lines)
      #expect(width < 40 || lines.joined(separator: " ") == text)
    }
  }

  /// An arm that moves as a real one does, drawn twenty times a second for ten seconds.
  @Test func aFrameIsShort() throws {
    var rig = TeleopRig()
    var view = TeleopView(), painter = ScreenPainter(theme: .colour)
    painter.isSynchronized = true
    for (width, height) in [(60, 20), (100, 30), (140, 45)] {
      var sizes: [Int] = []
      for frame in 0..<200 {
        let t = Double(frame) / 20
        let q = [sin(t), 0.6 * sin(0.7 * t), 1 + 0.5 * cos(0.9 * t), sin(1.3 * t), cos(t), t / 5]
        rig.state["position"] = JSONValue(numbers: q)
        rig.state["external"] = JSONValue(numbers: q.map { 3 * sin(17 * $0) })
        let (places, pose) = Self.places(at: q)
        rig.state["pose"] = pose
        rig.pass(0.05)
        rig.teleop.places = places
        let bytes = painter.paint(view.screen(of: rig.teleop, width: width, height: height, at: rig.time))
        if frame > 0 { sizes.append(bytes.count) }
      }
      let most = try #require(sizes.max())
      print("teleop \(width)×\(height): bytes a frame \(sizes.sorted()[sizes.count / 2]) median, \(most) most")
      if width <= 100 { #expect(most <= 2000) }
      painter.forget()
    }
  }

  /// A plain chain of links that turn about z, y, y, x, y, x.
  private static func places(at q: [Double]) -> (ArmPlaces?, JSONValue) {
    var points: [[Double]] = [[0, 0, 0.1]]
    var (pitch, place) = (0.0, [0, 0, 0.1])
    for (joint, length) in [(1, 0.15), (2, 0.16), (4, 0.08)] {
      pitch += q[joint]
      place = [place[0] + length * sin(pitch) * cos(q[0]), place[1] + length * sin(pitch) * sin(q[0]), place[2] + length * cos(pitch)]
      points.append(place)
    }
    let pose: JSONValue = ["position": JSONValue(numbers: place), "quaternion": [0, .number(sin(pitch / 2)), 0, .number(cos(pitch / 2))]]
    return (ArmPlaces(["joints": .array(points.map { JSONValue(numbers: $0) }), "pose": pose]), pose)
  }

  @Test(arguments: [
    ("a short one", 20, ["a short one"]), ("one two three four", 9, ["one two", "three …"]), ("one two three", 8, ["one two", "three"]),
  ])
  func messagesAreWrapped(text: String, width: Int, lines: [String]) {
    #expect(Screen.wrapped(text, width: width, rows: 2) == lines)
  }

  @Test(arguments: [(60, 20), (80, 24), (120, 40)]) func theHelpFits(width: Int, height: Int) {
    var rig = TeleopRig()
    rig.type("?")
    var view = TeleopView()
    let text = view.screen(of: rig.teleop, width: width, height: height, at: rig.time).lines.joined(separator: "\n")
    for line in TeleopKeys.help.flatMap(\.lines) { #expect(text.contains(line.meaning), "\(line.meaning)") }
  }
}

internal import Foundation
internal import Kinematics
internal import Planner

/// Draws teleoperation on a screen. Keeps only what makes the picture calm: its scale, and the scene it has read.
struct TeleopView {
  private var picture = ArmPicture()
  private var scene: (source: JSONValue, read: TeleopScene)?

  mutating func screen(of teleop: Teleoperation, width: Int, height: Int, at time: Double) -> Screen {
    var screen = Screen(width: width, height: height)
    guard let layout = TeleopLayout(width: width, height: height, jointCount: teleop.arm.joints.count) else {
      let text =
        "Please make this window at least \(TeleopLayout.least.width) × \(TeleopLayout.least.height): it has \(width) × \(height). "
        + "Space stops the arm, Ctrl-C leaves."
      for (row, line) in Screen.wrapped(text, width: width, rows: height).enumerated() { screen.write(line, x: 0, y: row, .warning) }
      return screen
    }
    drawHeader(teleop, layout, at: time, on: &screen)
    drawJoints(teleop, layout, on: &screen)
    drawTool(teleop, layout, on: &screen)
    drawJog(teleop, layout, at: time, on: &screen)
    drawPictures(teleop, layout, on: &screen)
    drawMessage(teleop, layout, at: time, on: &screen)
    drawHints(teleop, layout, on: &screen)
    switch teleop.panel {
    case .help: Self.drawHelp(on: &screen)
    case .poses(let index): Self.drawPoses(teleop.arm, chosen: index, layout, on: &screen)
    case .none, .naming, .switchingOff: break
    }
    return screen
  }

  // MARK: The pictures

  private mutating func drawPictures(_ teleop: Teleoperation, _ layout: TeleopLayout, on screen: inout Screen) {
    if let source = teleop.scene, source != scene?.source { scene = (source, TeleopScene(source)) }
    let tool = teleop.places.map { places in
      Pose(rotation: Rotation(quaternion: places.quaternion), translation: places.points.last ?? .zero)
    }
    let obstacles = scene?.read.obstacles(tool: tool ?? .identity) ?? []
    if let places = teleop.places { picture.include(arm: places.points, obstacles: scene?.read.standing ?? []) }
    picture.include(teleop.ghost?.points ?? [])
    var side = BrailleCanvas(columns: layout.side.width, rows: layout.side.height)
    var top = BrailleCanvas(columns: layout.top.width, rows: layout.top.height)
    let scale = picture.scale(side: side, top: top), angle = teleop.settings.viewAngle
    picture.draw(
      arm: teleop.places, ghost: teleop.ghost, obstacles: obstacles, picture.projection(.fromSide, angle: angle, scale: scale, on: side), on: &side)
    picture.draw(
      arm: teleop.places, ghost: teleop.ghost, obstacles: obstacles, picture.projection(.fromAbove, angle: angle, scale: scale, on: top), on: &top)
    side.draw(on: &screen, x: layout.side.x, y: layout.side.y)
    top.draw(on: &screen, x: layout.top.x, y: layout.top.y)
    let degrees = Int((angle * 180 / .pi).rounded()), axis = degrees == 0 ? "x →" : "x \(degrees)° →"
    title("side", axis + "  z ↑", layout.side, on: &screen)
    title("top", axis + (degrees == 0 ? "  y ↑" : ""), layout.top, on: &screen)
  }

  private func title(_ name: String, _ axes: String, _ area: TeleopLayout.Area, on screen: inout Screen) {
    screen.write(name, x: area.x, y: area.y - 1, .faint)
    screen.write(axes, endingBefore: area.x + area.width, y: area.y - 1, .faint)
  }
}

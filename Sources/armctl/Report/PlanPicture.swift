internal import Foundation
internal import Kinematics
internal import Planner

/// An arm on its way among obstacles, from the side and from above, as an SVG drawing: its spheres at the start, at the goal and in between, and the
/// line that its tool draws. Where there is no way, start and goal alone.
struct PlanPicture {
  let name, subtitle: String
  /// With its tool.
  let arm: RobotModel
  let model: CollisionModel
  let obstacles: [Obstacle]
  let start: JointVector
  /// Nil where nobody knows it.
  let goal: JointVector?
  /// Configurations from start to goal, spread evenly over the way; none where there is none.
  let way: [JointVector]
  /// What touches at the start, and at the goal.
  var contacts: (start: [Clearance], goal: [Clearance]) = ([], [])

  /// So many postures between start and goal are drawn.
  private static let ghosts = 5
  /// More names than that only hide the picture.
  private static let mostNames = 40

  var svg: String {
    let frame = Frame(around: extent)
    var drawing = SVG(width: Self.width, height: Self.top + frame.height + 96)
    drawing.rectangle(.zero, [drawing.width, drawing.height], "fill=\"#fff\"")
    drawing.label(name, at: [Self.left, 34], "font-size=\"21\" font-weight=\"bold\" fill=\"\(Ink.dark)\"")
    drawing.label(subtitle, at: [Self.left, 55], "font-size=\"13\" fill=\"\(Ink.pale)\"")
    draw(PictureView(.fromSide, frame: frame, left: Self.left, top: Self.top), "From the side", into: &drawing)
    draw(PictureView(.fromAbove, frame: frame, left: Self.left + Self.size + Self.gap, top: Self.top), "From above", into: &drawing)
    drawLegend(below: Self.top + frame.height, into: &drawing)
    return drawing.text
  }

  // MARK: What is seen

  typealias Frame = PictureView.Frame

  private static let width = 1040.0, left = 70.0, top = 104.0, size = 425.0, gap = 75.0
  private enum Ink {
    static let dark = "#1f2d36", pale = "#5d6d76"
    static let start = "#2f8199", goal = "#d9541e", ghost = "#9fb2bb", still = "#73868f", obstacle = "#e9d9b8", edge = "#b3904a"
    static let name = "#7d6230", touching = "#b0002a"
  }

  /// Around the arm on its way and around the obstacles as far as they are near it.
  private var extent: (lower: SIMD3<Double>, upper: SIMD3<Double>) {
    var lower = SIMD3<Double>(repeating: .infinity), upper = -lower
    for q in ends + way {
      for sphere in model.spheres(at: q).flatMap(\.spheres) {
        lower = pointwiseMin(lower, sphere.center - sphere.radius)
        upper = pointwiseMax(upper, sphere.center + sphere.radius)
      }
    }
    let room = 0.35 * (upper - lower).max(), (least, most) = (lower - room, upper + room)
    for obstacle in obstacles {
      for point in obstacle.outline {
        lower = pointwiseMin(lower, pointwiseMax(point, least))
        upper = pointwiseMax(upper, pointwiseMin(point, most))
      }
    }
    return (lower, upper)
  }

  private var ends: [JointVector] { [start] + (goal.map { [$0] } ?? []) }

  private var ghosts: [JointVector] {
    guard way.count > 2 else { return [] }
    return (1...Self.ghosts).map { way[$0 * (way.count - 1) / (Self.ghosts + 1)] }
  }

  /// The joints' places and the tool's, from the base.
  private func bones(at q: JointVector) -> [SIMD3<Double>] { (arm.jointFrames(at: q) + [arm.pose(at: q)]).map(\.translation) }

  private var touchedObstacles: Set<String> { Set((contacts.start + contacts.goal).compactMap(\.other.obstacle)) }

  // MARK: Drawing

  private func draw(_ view: PictureView, _ title: String, into drawing: inout SVG) {
    drawing.label(title, at: [view.left, Self.top - 14], "font-size=\"13\" font-weight=\"600\" fill=\"\(Ink.dark)\"")
    view.drawGrid(into: &drawing)
    drawing.add(view.clipPath)
    drawing.add("<g clip-path=\"url(#\(view.id))\">")
    // The farthest first.
    for obstacle in obstacles.sorted(by: { view.nearness(of: $0) < view.nearness(of: $1) }) { draw(obstacle, view, into: &drawing) }
    for ghost in ghosts { drawArm(at: ghost, Ink.ghost, opacity: 0.3, view, into: &drawing) }
    for (end, (ink, contacts)) in zip(ends, [(Ink.start, contacts.start), (Ink.goal, contacts.goal)]) {
      drawArm(at: end, ink, opacity: 0.85, touching: contacts, view, into: &drawing)
      let joints = bones(at: end).map(view.place)
      drawing.polyline(joints, "fill=\"none\" stroke=\"#fff\" stroke-width=\"2\" stroke-opacity=\"0.9\" stroke-linejoin=\"round\"")
      for joint in joints { drawing.circle(joint, radius: 2.6, "fill=\"#fff\"") }
    }
    if !way.isEmpty {
      let line = way.map { view.place(arm.pose(at: $0).translation) }
      drawing.polyline(line, "fill=\"none\" stroke=\"#fff\" stroke-width=\"4.5\" stroke-opacity=\"0.85\" stroke-linejoin=\"round\"")
      drawing.polyline(line, "fill=\"none\" stroke=\"\(Ink.dark)\" stroke-width=\"1.8\" stroke-linejoin=\"round\"")
    }
    for (end, ink) in zip(ends, [Ink.start, Ink.goal]) {
      drawing.circle(view.place(arm.pose(at: end).translation), radius: 4.4, "fill=\"\(ink)\" stroke=\"#fff\" stroke-width=\"1.5\"")
    }
    drawing.add("</g>")
    view.drawBorder(into: &drawing)
    if obstacles.count <= Self.mostNames { drawNames(view, into: &drawing) }
  }

  /// Its spheres in one colour, what the checks see of it; those that stand still and those that touch something in others.
  private func drawArm(
    at q: JointVector, _ ink: String, opacity: Double, touching contacts: [Clearance] = [], _ view: PictureView, into drawing: inout SVG
  ) {
    let still = model.spheres(at: start).flatMap(\.spheres), touching = contacts.flatMap { [$0.link, $0.other.link] }
    drawing.add("<g fill=\"\(ink)\" opacity=\"\(opacity)\">")
    var index = 0
    for (link, spheres) in model.spheres(at: q) {
      for sphere in spheres {
        let own = touching.contains(link) ? Ink.touching : q == goal && q != start && still[index] == sphere ? Ink.still : nil
        drawing.circle(view.place(sphere.center), radius: sphere.radius * view.scale, own.map { "fill=\"\($0)\"" } ?? "")
        index += 1
      }
    }
    drawing.add("</g>")
  }

  /// On the obstacles or beside them, and off the arm and its way where there is room.
  private func drawNames(_ view: PictureView, into drawing: inout SVG) {
    let arms = (ends + ghosts).flatMap { q in
      model.spheres(at: q).flatMap(\.spheres).map { PictureLabels.Circle(middle: view.place($0.center), radius: $0.radius * view.scale) }
    }
    let tool = way.map { PictureLabels.Circle(middle: view.place(arm.pose(at: $0).translation), radius: 3) }
    var labels = PictureLabels(within: view.room, off: arms + tool)
    for obstacle in obstacles {
      guard let box = PictureLabels.Box(around: shown(obstacle, view)) else { continue }
      let ink = touchedObstacles.contains(obstacle.name) ? Ink.touching : Ink.name, spot = labels.place(obstacle.name, of: box)
      let style = "font-size=\"\(Int(PictureLabels.fontSize))\" text-anchor=\"middle\""
      // A light rim below the words; not every viewer knows `paint-order`.
      drawing.label(obstacle.name, at: spot, "\(style) fill=\"#fff\" stroke=\"#fff\" stroke-width=\"2.5\"")
      drawing.label(obstacle.name, at: spot, "\(style) fill=\"\(ink)\"")
    }
  }

  private func draw(_ obstacle: Obstacle, _ view: PictureView, into drawing: inout SVG) {
    let (edge, width) = touchedObstacles.contains(obstacle.name) ? (Ink.touching, 2) : (Ink.edge, 1)
    let style = "fill=\"\(Ink.obstacle)\" fill-opacity=\"0.6\" stroke=\"\(edge)\" stroke-width=\"\(width)\" stroke-linejoin=\"round\""
    switch obstacle.shape {
    case .points(let cloud):
      drawing.add("<g fill=\"\(edge)\" opacity=\"0.5\">")
      for point in cloud.sample(of: 4000) {
        drawing.circle(view.place(obstacle.baseFromObstacle * point), radius: max(cloud.radius * view.scale, 0.8), "")
      }
      drawing.add("</g>")
    case .halfSpace:
      let part = view.part(below: obstacle.baseFromObstacle)
      if !part.isEmpty { drawing.polygon(part, style) }
    default:
      drawing.polygon(PictureView.hull(of: shown(obstacle, view)), style)
    }
  }

  /// Points around what a view shows of an obstacle; none where it shows nothing.
  private func shown(_ obstacle: Obstacle, _ view: PictureView) -> [SIMD2<Double>] {
    if case .halfSpace = obstacle.shape { view.part(below: obstacle.baseFromObstacle) } else { obstacle.outline.map(view.place) }
  }

  private func drawLegend(below bottom: Double, into drawing: inout SVG) {
    let y = bottom + 62
    var x = Self.left
    let marks = [
      (Ink.start, 0.85, "start", true), (Ink.goal, 0.85, "goal", goal != nil), (Ink.ghost, 0.5, "on its way", !way.isEmpty),
      (Ink.obstacle, 1, "obstacle", !obstacles.isEmpty), (Ink.touching, 1, "touching", !(contacts.start + contacts.goal).isEmpty),
    ]
    for (ink, opacity, words, isThere) in marks where isThere {
      drawing.circle([x + 6, y], radius: 6, "fill=\"\(ink)\" opacity=\"\(opacity)\"")
      drawing.label(words, at: [x + 18, y + 4], "font-size=\"12\" fill=\"\(Ink.dark)\"")
      x += 46 + 7 * Double(words.count)
    }
    guard !way.isEmpty else { return }
    drawing.line([x, y], [x + 22, y], "stroke=\"\(Ink.dark)\" stroke-width=\"1.8\"")
    drawing.label("the tool's way", at: [x + 30, y + 4], "font-size=\"12\" fill=\"\(Ink.dark)\"")
  }
}

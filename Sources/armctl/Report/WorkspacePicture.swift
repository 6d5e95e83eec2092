internal import Foundation
internal import Kinematics

/// Two sections through what an arm's tool reaches, as an SVG drawing: from the side and from above, shaded by how freely the tool moves, with
/// the arm in its home pose.
struct WorkspacePicture {
  let name: String
  let subtitle: String
  let model: RobotModel
  let free: InverseKinematics.FreeAxes
  /// What the arm is drawn in, and its name.
  let posture: (name: String, position: JointVector)
  let reach: Reach

  var svg: String {
    let radius = 1.05 * reach.farthest, side = sideView(radius: radius), above = topView(radius: radius)
    let most = max(1e-12, (side.section.ease + above.section.ease).compactMap(\.self).max() ?? 0)
    var drawing = SVG(width: Self.width, height: Self.height)
    drawing.rectangle(.zero, [Self.width, Self.height], "fill=\"#fff\"")
    drawing.label(name, at: [Self.left, 34], "font-size=\"21\" font-weight=\"bold\" fill=\"\(Ink.dark)\"")
    drawing.label(subtitle, at: [Self.left, 55], "font-size=\"13\" fill=\"\(Ink.pale)\"")
    draw(side, at: Self.left, most: most, into: &drawing)
    draw(above, at: Self.left + Self.size + Self.gap, most: most, into: &drawing)
    drawLegend(into: &drawing)
    return drawing.text
  }

  // MARK: What is seen

  /// One of the two sections and what stands about it.
  private struct View {
    let section: WorkspaceSection
    let title, across, up: String
    /// In the plane's coordinates [m].
    let middle: SIMD2<Double>
    let radius: Double
    let isFromTheSide: Bool
  }

  private func sideView(radius: Double) -> View {
    let plane = model.verticalPlane(through: posture.position), shoulder = plane.coordinates(of: reach.shoulder)
    let degrees = atan2(plane.across.y, plane.across.x) * 180 / .pi
    let direction = abs(degrees) < 0.5 ? "x" : String(format: "towards %.0f°", degrees)
    return View(
      section: model.workspace(in: plane, middle: shoulder, radius: radius, free: free),
      title: "From the side: upright, " + (abs(degrees) < 0.5 ? "along x" : direction)
        + (model.uprightAxis == nil ? " through the base's origin" : " through the base axis"), across: direction, up: "z", middle: shoulder,
      radius: radius, isFromTheSide: true)
  }

  private func topView(radius: Double) -> View {
    // A tool that never rises or sinks is not seen at any other height.
    let isLevel = model.freedom(free: .none).locked.contains(Freedom.Direction(frame: .base, isTurn: false, axis: 2))
    let height = isLevel ? model.pose(at: posture.position).translation.z : reach.shoulder.z
    let plane = model.horizontalPlane(atHeight: height), shoulder = plane.coordinates(of: reach.shoulder)
    return View(
      section: model.workspace(in: plane, middle: shoulder, radius: radius, free: free),
      title: String(format: "From above: level, at the \(isLevel ? "tool" : "shoulder")'s height of %.0f mm", 1000 * height), across: "x", up: "y",
      middle: shoulder, radius: radius, isFromTheSide: false)
  }

  // MARK: Drawing

  private static let width = 1040.0, height = 610.0, left = 70.0, top = 104.0, size = 425.0, gap = 75.0
  private enum Ink {
    static let dark = "#1f2d36", pale = "#5d6d76", grid = "#dfe6ea", arm = "#1f2d36", tool = "#d9541e"
    static let bands = ["#e6f0f3", "#c3dfe6", "#93c6d2", "#5ba5b7", "#2f8199"]
  }

  private func draw(_ view: View, at left: Double, most: Double, into drawing: inout SVG) {
    let scale = Self.size / (2 * view.radius)
    /// Of a point of the plane.
    func place(_ point: SIMD2<Double>) -> SIMD2<Double> {
      let off = scale * (point - view.middle)
      return [left + Self.size / 2 + off.x, Self.top + Self.size / 2 - off.y]
    }
    drawing.label(view.title, at: [left, Self.top - 14], "font-size=\"13\" font-weight=\"600\" fill=\"\(Ink.dark)\"")
    drawGrid(view, left: left, place: place, into: &drawing)
    drawRegion(view, id: view.isFromTheSide ? "side" : "above", most: most, place: place, into: &drawing)
    drawBase(view, left: left, place: place, into: &drawing)
    drawArm(view.section.plane, place: place, into: &drawing)
    drawing.rectangle([left, Self.top], [Self.size, Self.size], "fill=\"none\" stroke=\"\(Ink.pale)\" stroke-width=\"1\"")
  }

  private func drawGrid(_ view: View, left: Double, place: (SIMD2<Double>) -> SIMD2<Double>, into drawing: inout SVG) {
    let step = Self.step(for: 2 * view.radius), bottom = Self.top + Self.size
    drawing.rectangle([left, Self.top], [Self.size, Self.size], "fill=\"#fff\"")
    for (axis, word) in [(0, view.across), (1, view.up)] {
      let lowest = ((view.middle[axis] - view.radius) / step).rounded(.up), highest = ((view.middle[axis] + view.radius) / step).rounded(.down)
      for index in stride(from: lowest, through: highest, by: 1) {
        let number = String(format: "%.0f", index == 0 ? 0 : 1000 * index * step).replacingOccurrences(of: "-", with: "−")
        var point = view.middle
        point[axis] = index * step
        let spot = place(point), style = "stroke=\"\(index == 0 ? "#b9c6cd" : Ink.grid)\""
        if axis == 0 {
          drawing.line([spot.x, Self.top], [spot.x, bottom], style)
          drawing.label(number, at: [spot.x, bottom + 16], Self.tickStyle("middle"))
        } else {
          drawing.line([left, spot.y], [left + Self.size, spot.y], style)
          drawing.label(number, at: [left - 7, spot.y + 4], Self.tickStyle("end"))
        }
      }
      let spot: SIMD2<Double> = axis == 0 ? [left + Self.size / 2, bottom + 35] : [left - 46, Self.top + Self.size / 2]
      let turn = axis == 0 ? "" : String(format: " transform=\"rotate(-90 %.1f %.1f)\"", spot.x, spot.y)
      drawing.label("\(word) [mm]", at: spot, "font-size=\"12\" text-anchor=\"middle\" fill=\"\(Ink.dark)\"" + turn)
    }
  }

  private static func tickStyle(_ anchor: String) -> String { "font-size=\"11\" text-anchor=\"\(anchor)\" fill=\"\(Ink.pale)\"" }

  /// A round number that divides a range into eight parts or so [m].
  private static func step(for range: Double) -> Double {
    let rough = range / 8, power = pow(10, floor(log10(rough)))
    return power * ([1, 2, 5, 10].first { $0 * power >= rough } ?? 10)
  }

  /// Bands of ease, the lowest being all that is reached.
  private func drawRegion(_ view: View, id: String, most: Double, place: (SIMD2<Double>) -> SIMD2<Double>, into drawing: inout SVG) {
    let section = view.section
    func field(_ values: [Double]) -> GridField { GridField(columns: section.columns, rows: section.rows, values: values) }
    let reached = field(section.ease.map { $0 == nil ? 0 : 1 })
    let weight = reached.blurred(1.2), sum = field(section.ease.map { ($0 ?? 0) / most }).blurred(1.2)
    let ease = field(zip(sum.values, weight.values).map { $1 > 1e-6 ? $0 / $1 : 0 })
    func path(_ loops: [[SIMD2<Double>]], tolerance: Double) -> String {
      SVG.curves(
        loops.map { loop in simplified(smoothed(loop).map { place(section.first + section.cell * $0) }, tolerance: tolerance) }.filter {
          $0.count > 2
        })
    }
    let edge = reached.contours(at: 0.5) { column, row, isAlongRow in
      let cells = 0..<section.columns, index = row * section.columns + column
      return cells.contains(column) && cells.contains(row) ? (isAlongRow ? section.edgeAcross : section.edgeUp)[index] : nil
    }
    let outline = path(edge, tolerance: 0.15)
    drawing.add("<clipPath id=\"\(id)\"><path clip-rule=\"evenodd\" d=\"\(outline)\"/></clipPath>")
    drawing.add("<path fill-rule=\"evenodd\" fill=\"\(Ink.bands[0])\" d=\"\(outline)\"/>")
    drawing.add("<g clip-path=\"url(#\(id))\" fill-rule=\"evenodd\">")
    for (index, band) in Ink.bands.enumerated().dropFirst() {
      let level = Double(index) / Double(Ink.bands.count)
      drawing.add("<path fill=\"\(band)\" d=\"\(path(ease.contours(at: level), tolerance: 0.35))\"/>")
    }
    drawing.add("</g>")
    drawing.add("<path fill=\"none\" stroke=\"#2f6172\" stroke-width=\"1.2\" d=\"\(outline)\"/>")
  }

  private func drawBase(_ view: View, left: Double, place: (SIMD2<Double>) -> SIMD2<Double>, into drawing: inout SVG) {
    let origin = place(view.section.plane.coordinates(of: .zero)), axis = model.uprightAxis.map { place(view.section.plane.coordinates(of: $0)) }
    guard view.isFromTheSide else {
      drawing.circle(axis ?? origin, radius: 9, "fill=\"none\" stroke=\"\(Ink.pale)\" stroke-width=\"1.5\"")
      return
    }
    if let axis { drawing.line([axis.x, Self.top], [axis.x, Self.top + Self.size], "stroke=\"\(Ink.pale)\" stroke-dasharray=\"9 3 2 3\"") }
    drawing.line(origin - [26, 0], origin + [26, 0], "stroke=\"\(Ink.dark)\" stroke-width=\"2\"")
    for step in 0..<6 {
      let start = origin + [-24 + 10 * Double(step), 0]
      drawing.line(start, start + [-6, 7], "stroke=\"\(Ink.dark)\"")
    }
  }

  /// The arm as lines from joint to joint, and where its tool points.
  private func drawArm(_ plane: WorkspaceSection.Plane, place: (SIMD2<Double>) -> SIMD2<Double>, into drawing: inout SVG) {
    let frames = model.jointFrames(at: posture.position), tool = model.pose(at: posture.position)
    func shadow(_ point: SIMD3<Double>) -> SIMD2<Double> { place(plane.coordinates(of: point)) }
    let joints = frames.map { shadow($0.translation) }, end = shadow(tool.translation)
    let tip = shadow(tool.translation + 0.09 * reach.farthest * tool.rotation.z)
    let style = "fill=\"none\" stroke-linecap=\"round\" stroke-linejoin=\"round\""
    drawing.polyline([shadow(.zero)] + joints + [end], "\(style) stroke=\"#fff\" stroke-width=\"9\" stroke-opacity=\"0.8\"")
    drawing.polyline([shadow(.zero)] + joints + [end], "\(style) stroke=\"\(Ink.arm)\" stroke-width=\"5\"")
    drawing.line(end, tip, "stroke=\"\(Ink.tool)\" stroke-width=\"2.5\" stroke-linecap=\"round\"")
    for joint in joints { drawing.circle(joint, radius: 4.2, "fill=\"#fff\" stroke=\"\(Ink.arm)\" stroke-width=\"2\"") }
    drawing.circle(end, radius: 4.6, "fill=\"\(Ink.tool)\" stroke=\"#fff\" stroke-width=\"1.5\"")
  }

  private func drawLegend(into drawing: inout SVG) {
    let y = Self.top + Self.size + 52, wide = 42.0
    drawing.circle([Self.left + 5, y + 6], radius: 4.6, "fill=\"\(Ink.tool)\"")
    drawing.label(
      "the tool's point and its z, the arm at “\(posture.name)”", at: [Self.left + 18, y + 10], "font-size=\"12\" fill=\"\(Ink.dark)\"")
    let start = Self.left + Self.size + Self.gap
    drawing.label("manipulability at best", at: [start, y + 10], "font-size=\"12\" fill=\"\(Ink.dark)\"")
    let bar = start + Self.size - wide * Double(Ink.bands.count)
    for (index, band) in Ink.bands.enumerated() {
      drawing.rectangle([bar + wide * Double(index), y - 2], [wide, 14], "fill=\"\(band)\" stroke=\"#2f6172\" stroke-width=\"0.5\"")
    }
    drawing.label("none", at: [bar, y + 27], Self.tickStyle("start"))
    drawing.label("most", at: [start + Self.size, y + 27], Self.tickStyle("end"))
  }
}

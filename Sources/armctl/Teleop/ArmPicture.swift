internal import Foundation
internal import Kinematics
internal import Planner

/// The arm, what is around it and where it is meant to go, from the side and from above, as dots.
///
/// Both views share the axis to the right, which the view angle turns about the base's z. They only ever grow: a picture that changes its scale all
/// the time is hard to look at.
struct ArmPicture: Equatable, Sendable {
  enum Side: Sendable { case fromSide, fromAbove }

  /// What must be seen, in the base [m].
  private var lower = SIMD3<Double>(repeating: .infinity)
  private var upper = SIMD3<Double>(repeating: -.infinity)

  /// So much is seen around what must be [m].
  private static let room = 0.03

  /// Makes sure that these are seen.
  mutating func include(_ points: [SIMD3<Double>]) {
    for point in points where point.x.isFinite && point.y.isFinite && point.z.isFinite {
      // In coarse steps, so that a moving arm does not stir the picture.
      let grid = 0.05
      lower = pointwiseMin(lower, ((point - Self.room) / grid).rounded(.down) * grid)
      upper = pointwiseMax(upper, ((point + Self.room) / grid).rounded(.up) * grid)
    }
  }

  /// Makes sure that the arm is seen, wherever it goes short of stretching out, and what stands near it.
  mutating func include(arm points: [SIMD3<Double>], obstacles: [Obstacle]) {
    guard points.count > 1 else { return }
    let reach = zip(points, points.dropFirst()).reduce(0) { $0 + ($1.1 - $1.0).length }, near = 0.55 * reach
    include(points + [[-near, -near, 0], [near, near, 1.2 * near]])
    for obstacle in obstacles {
      guard case .halfSpace = obstacle.shape else {
        include(obstacle.outline.filter { abs($0.x) < reach && abs($0.y) < reach && abs($0.z) < reach })
        continue
      }
    }
  }

  /// How the base's points come to be dots of a canvas.
  struct Projection: Equatable, Sendable {
    let side: Side
    let angle: Double
    let middle: SIMD3<Double>
    /// Dots a metre.
    let scale: Double
    let width, height: Double

    func place(_ point: SIMD3<Double>) -> SIMD2<Double> {
      let off = point - middle, right = cos(angle) * off.x + sin(angle) * off.y, away = cos(angle) * off.y - sin(angle) * off.x
      return [(width - 1) / 2 + scale * right, (height - 1) / 2 - scale * (side == .fromSide ? off.z : away)]
    }
  }

  /// Half of what is seen: across in any direction, and up.
  private var half: (across: Double, up: Double) {
    let half = 0.5 * (upper - lower)
    guard half.x.isFinite else { return (0.5, 0.5) }
    return ((half.x * half.x + half.y * half.y).squareRoot() / 1.15, half.z)
  }

  private var middle: SIMD3<Double> { lower.x.isFinite ? 0.5 * (lower + upper) : .zero }

  /// The scale at which both views fit.
  func scale(side: BrailleCanvas, top: BrailleCanvas) -> Double {
    let (across, up) = half
    return min(
      Double(min(side.width, top.width)) / (2 * across), Double(side.height) / (2 * up), Double(top.height) / (2 * across))
  }

  func projection(_ side: Side, angle: Double, scale: Double, on canvas: BrailleCanvas) -> Projection {
    Projection(side: side, angle: angle, middle: middle, scale: scale, width: Double(canvas.width), height: Double(canvas.height))
  }

  // MARK: Drawing

  private static let armPen = BrailleCanvas.Pen(ink: .arm, weight: 4)
  private static let toolPen = BrailleCanvas.Pen(ink: .good, weight: 5)
  private static let ghostPen = BrailleCanvas.Pen(ink: .ghost, weight: 3, spacing: 2)
  private static let obstaclePen = BrailleCanvas.Pen(ink: .obstacle, weight: 2)
  private static let floorPen = BrailleCanvas.Pen(ink: .faint, weight: 1, spacing: 4)

  /// - Parameter obstacles: In the base.
  func draw(arm: ArmPlaces?, ghost: ArmPlaces?, obstacles: [Obstacle], _ projection: Projection, on canvas: inout BrailleCanvas) {
    drawFloor(projection, on: &canvas)
    for obstacle in obstacles { draw(obstacle, projection, on: &canvas) }
    if let ghost {
      let points = ghost.points.map(projection.place)
      for (a, b) in zip(points, points.dropFirst()) { canvas.line(from: a, to: b, Self.ghostPen) }
      if let tool = points.last { canvas.disc(at: tool, radius: 1, BrailleCanvas.Pen(ink: .ghost, weight: 3)) }
    }
    guard let arm, let tool = arm.points.last else { return }
    let points = arm.points.map(projection.place), isLarge = canvas.height >= 44
    for (a, b) in zip(points, points.dropFirst()) {
      if isLarge { canvas.thickLine(from: a, to: b, Self.armPen) } else { canvas.line(from: a, to: b, Self.armPen) }
    }
    for joint in points.dropLast() { canvas.disc(at: joint, radius: isLarge ? 1.5 : 1, Self.armPen) }
    let reach = 5 / max(projection.scale, 1e-9)
    canvas.line(from: projection.place(tool), to: projection.place(tool + reach * arm.toolAxis), Self.toolPen)
  }

  private func drawFloor(_ projection: Projection, on canvas: inout BrailleCanvas) {
    let base = projection.place(.zero)
    if projection.side == .fromSide {
      canvas.line(from: [0, base.y], to: [projection.width - 1, base.y], Self.floorPen)
    } else {
      canvas.line(from: [0, base.y], to: [projection.width - 1, base.y], Self.floorPen)
      canvas.line(from: [base.x, 0], to: [base.x, projection.height - 1], Self.floorPen)
    }
  }

  private func draw(_ obstacle: Obstacle, _ projection: Projection, on canvas: inout BrailleCanvas) {
    switch obstacle.shape {
    // The floor is there already, and a wall of no end is seen where it is met.
    case .halfSpace: return
    case .points(let cloud):
      for point in cloud.sample(of: 400) { canvas.dot(projection.place(obstacle.baseFromObstacle * point), Self.obstaclePen) }
    default: canvas.polygon(PictureView.hull(of: obstacle.outline.map(projection.place)), Self.obstaclePen)
    }
  }
}

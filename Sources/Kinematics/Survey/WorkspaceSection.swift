internal import Foundation

/// A plane section through what an arm's tool reaches: for each cell of a grid, how freely the tool moves there at best.
public struct WorkspaceSection: Sendable {
  /// Where the section is: points are `origin` + a·`across` + b·`up`, the two being unit vectors at right angles.
  public struct Plane: Sendable {
    public let origin, across, up: SIMD3<Double>

    public init(origin: SIMD3<Double>, across: SIMD3<Double>, up: SIMD3<Double>) { (self.origin, self.across, self.up) = (origin, across, up) }

    var normal: SIMD3<Double> { cross(across, up) }

    /// The two coordinates of a point's shadow on the plane [m].
    public func coordinates(of point: SIMD3<Double>) -> SIMD2<Double> { [dot(point - origin, across), dot(point - origin, up)] }

    public func point(_ coordinates: SIMD2<Double>) -> SIMD3<Double> { origin + coordinates.x * across + coordinates.y * up }
  }

  public let plane: Plane
  /// Of one side of a cell [m].
  public let cell: Double
  public let columns, rows: Int
  /// The first cell's middle, in the plane's coordinates [m].
  public let first: SIMD2<Double>
  /// Row by row: the manipulability (the product of the tool's gains) of the most free of the postures found for each cell's middle; nil where
  /// the tool does not get.
  public let ease: [Double?]
  /// Row by row: where the edge passes between a cell's middle and that of the next cell in its row, and that of the cell above it, as a share
  /// of the way; nil where no edge is between the two.
  public let edgeAcross, edgeUp: [Double?]
}

extension RobotModel {
  /// Where the vertical axis that the first joint turns about meets the base's xy plane; nil where that joint slides or its axis leans [m].
  public var uprightAxis: SIMD3<Double>? {
    let first = jointFrames(at: JointVector(count: jointCount))[0]
    return !isPrismatic[0] && abs(first.rotation.z.z) > 0.999 ? [first.translation.x, first.translation.y, 0] : nil
  }

  /// The vertical plane through the first joint's axis, or through the base's origin where that is not upright, in which the tool stands at
  /// `posture`, or nearly so; along the base's x where it stands on the axis. Distances across count from the base's origin.
  public func verticalPlane(through posture: JointVector) -> WorkspaceSection.Plane {
    let foot = uprightAxis ?? .zero
    var way = pose(at: posture).translation - foot
    way.z = 0
    let across: SIMD3<Double> = way.length > 0.02 * typicalLength ? way / way.length : [1, 0, 0]
    return WorkspaceSection.Plane(origin: foot - dot(foot, across) * across, across: across, up: [0, 0, 1])
  }

  /// The horizontal plane at a height over the base [m].
  public func horizontalPlane(atHeight height: Double) -> WorkspaceSection.Plane {
    WorkspaceSection.Plane(origin: [0, 0, height], across: [1, 0, 0], up: [0, 1, 0])
  }

  /// A section through the workspace.
  ///
  /// Configurations spread over the limits have one joint moved so that the tool comes to lie in the plane. What they leave open at the edge is
  /// found by walking there from cell to cell, and good postures spread the same way.
  ///
  /// - Parameters:
  ///   - radius: How far from the middle the grid goes [m].
  ///   - middle: In the plane's coordinates [m].
  ///   - free: What goals leave open.
  ///   - samples: Configurations that are tried.
  public func workspace(
    in plane: WorkspaceSection.Plane, middle: SIMD2<Double>, radius: Double, free: InverseKinematics.FreeAxes, cells: Int = 121,
    samples: Int = 40_000
  ) -> WorkspaceSection {
    var survey = WorkspaceSurvey(model: self, plane: plane, middle: middle, radius: radius, free: free, cells: cells)
    survey.sample(samples)
    survey.settle()
    survey.walk()
    survey.spread()
    survey.findEdges()
    return survey.section
  }
}

/// The making of a ``WorkspaceSection``.
private struct WorkspaceSurvey {
  let model: RobotModel
  let plane: WorkspaceSection.Plane
  let free: InverseKinematics.FreeAxes
  let rank: Int
  let length: Double
  let cell: Double
  let cells: Int
  let first: SIMD2<Double>
  private let ranges: [ClosedRange<Double>]
  private let isPrismatic: [Bool]
  private var ease: [Double?]
  private var posture: [JointVector?]
  private var edgeAcross: [Double?]
  private var edgeUp: [Double?]
  /// Takes one way down from a posture, for goals that are a point.
  private let solver: InverseKinematics
  /// Begins again elsewhere a few times.
  private let patientSolver: InverseKinematics
  private var wasSearched: [Bool]

  init(model: RobotModel, plane: WorkspaceSection.Plane, middle: SIMD2<Double>, radius: Double, free: InverseKinematics.FreeAxes, cells: Int) {
    (self.model, self.plane, self.free, self.cells) = (model, plane, free, cells)
    rank = max(1, model.freedom(free: free).boundRank)
    (length, ranges, isPrismatic) = (model.typicalLength, model.surveyedRange, model.isPrismatic)
    cell = 2 * radius / Double(cells - 1)
    first = middle - SIMD2(repeating: radius)
    ease = Array(repeating: nil, count: cells * cells)
    posture = Array(repeating: nil, count: cells * cells)
    (edgeAcross, edgeUp) = (ease, ease)
    var settings = InverseKinematics.Settings()
    (settings.maximumAttempts, settings.positionTolerance) = (1, cell / 50)
    solver = InverseKinematics(model: model, settings: settings)
    settings.maximumAttempts = 6
    patientSolver = InverseKinematics(model: model, settings: settings)
    wasSearched = Array(repeating: false, count: cells * cells)
  }

  var section: WorkspaceSection {
    WorkspaceSection(
      plane: plane, cell: cell, columns: cells, rows: cells, first: first, ease: ease, edgeAcross: edgeAcross, edgeUp: edgeUp)
  }

  mutating func sample(_ count: Int) {
    var sequence = EvenSequence(dimensions: model.jointCount)
    for _ in 0..<count {
      let q = model.configuration(at: sequence.next())
      for inPlane in broughtIntoPlane(q) { note(inPlane) }
    }
  }

  /// The same configuration with the first joint that moves the tool across the plane moved until it is in it; as it is where none does.
  private func broughtIntoPlane(_ q: JointVector) -> [JointVector] {
    func height(_ joint: Int, _ position: Double) -> Double {
      var moved = q
      moved[joint] = position
      return dot(model.pose(at: moved).translation - plane.origin, plane.normal)
    }
    for joint in q.indices {
      let range = ranges[joint]
      var places: [Double]
      if isPrismatic[joint] {
        let start = height(joint, 0), slope = height(joint, 1) - start
        guard abs(slope) > 0.1 else { continue }
        places = [-start / slope]
      } else {
        // While one joint turns the height is a sinusoid.
        let zero = height(joint, 0), third = height(joint, 2 * .pi / 3), other = height(joint, -2 * .pi / 3)
        let mean = (zero + third + other) / 3, cosine = (2 * zero - third - other) / 3, sine = (third - other) / 3.0.squareRoot()
        let swing = (cosine * cosine + sine * sine).squareRoot()
        guard swing > 0.05 * length else { continue }
        guard abs(mean) <= swing else { return [] }
        let middle = (range.lowerBound + range.upperBound) / 2, half = acos(-mean / swing)
        places = [atan2(sine, cosine) + half, atan2(sine, cosine) - half].map { $0 + 2 * .pi * ((middle - $0) / (2 * .pi)).rounded() }
      }
      return places.filter(range.contains).map { place in
        var moved = q
        moved[joint] = place
        return moved
      }
    }
    return [q]
  }

  /// Takes a posture for the cell that its tool is in, if it is the most free there so far.
  private mutating func note(_ q: JointVector) {
    let (pose, jacobian) = model.poseAndJacobian(at: q)
    guard abs(dot(pose.translation - plane.origin, plane.normal)) < cell, let index = index(of: plane.coordinates(of: pose.translation)) else {
      return
    }
    let gains = jacobian.bearing(toolFrame: pose.rotation, free: free).manipulability(length: length).gains
    let volume = gains.prefix(rank).reduce(1, *)
    if volume > ease[index] ?? -1 { (ease[index], posture[index]) = (volume, q) }
  }

  private func index(of coordinates: SIMD2<Double>) -> Int? {
    let place = ((coordinates - first) / cell).rounded(.toNearestOrEven), limit = Double(cells)
    guard place.x >= 0, place.y >= 0, place.x < limit, place.y < limit else { return nil }
    return Int(place.y) * cells + Int(place.x)
  }

  /// Moves every posture to its cell's middle, and empties cells whose middle it does not get to.
  mutating func settle() {
    for index in ease.indices {
      guard let start = posture[index] else { continue }
      (ease[index], posture[index]) = (nil, nil)
      if let found = moved(start, to: middle(of: index)) { note(found) }
    }
  }

  /// Enters cells that are empty next to ones that are not, as long as there is a way from the one's posture to the other's middle; where that
  /// comes to its end, also from anywhere.
  mutating func walk() {
    var edge = ease.indices.filter { ease[$0] != nil }
    while !edge.isEmpty {
      var next: [Int] = []
      for index in edge {
        guard let start = posture[index] else { continue }
        for other in neighbours(of: index, Self.allSides) where ease[other] == nil {
          guard let found = moved(start, to: middle(of: other)) else { continue }
          note(found)
          if ease[other] != nil { next.append(other) }
        }
      }
      edge = next.isEmpty ? searchedEdge() : next
    }
  }

  /// Looks for postures at the empty cells that are next to others, each once.
  private mutating func searchedEdge() -> [Int] {
    let borders = ease.indices.filter { index in
      ease[index] == nil && !wasSearched[index] && neighbours(of: index, Self.allSides).contains { ease[$0] != nil }
    }
    return borders.filter { index in
      wasSearched[index] = true
      let seed = model.configuration(at: Array(repeating: 0.5, count: model.jointCount))
      guard let found = try? patientSolver.solution(for: goal(middle(of: index)), near: seed, free: .position) else { return false }
      note(found.q)
      return ease[index] != nil
    }
  }

  private static let allSides = [(1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (1, -1), (-1, 1), (-1, -1)]

  /// Offers every cell the postures of its neighbours, moved to it: once from each side.
  mutating func spread() {
    for (order, sides) in [(Array(ease.indices), [(-1, 0), (0, -1)]), (ease.indices.reversed(), [(1, 0), (0, 1)])] {
      for index in order where ease[index] != nil {
        for other in neighbours(of: index, sides) {
          if let start = posture[other], (ease[other] ?? 0) > (ease[index] ?? 0), let found = moved(start, to: middle(of: index)) { note(found) }
        }
      }
    }
  }

  /// Halves the way between a cell that the tool gets to and a neighbour that it does not get to, again and again.
  mutating func findEdges() {
    for index in ease.indices {
      for (isAcross, step) in [(true, (1, 0)), (false, (0, 1))] {
        guard let other = neighbours(of: index, [step]).first, (ease[index] == nil) != (ease[other] == nil) else { continue }
        let (inner, outer) = ease[index] == nil ? (other, index) : (index, other)
        guard var start = posture[inner] else { continue }
        var reached = 0.0, missed = 1.0
        for _ in 0..<5 {
          let share = (reached + missed) / 2
          if let found = moved(start, to: (1 - share) * middle(of: inner) + share * middle(of: outer)) {
            (reached, start) = (share, found)
          } else {
            missed = share
          }
        }
        let share = inner == index ? reached : 1 - reached
        if isAcross { edgeAcross[index] = share } else { edgeUp[index] = share }
      }
    }
  }

  private func middle(of index: Int) -> SIMD2<Double> { first + cell * [Double(index % cells), Double(index / cells)] }

  private func neighbours(of index: Int, _ steps: [(Int, Int)]) -> [Int] {
    steps.compactMap { step in
      let column = index % cells + step.0, row = index / cells + step.1
      return (0..<cells).contains(column) && (0..<cells).contains(row) ? row * cells + column : nil
    }
  }

  private func goal(_ coordinates: SIMD2<Double>) -> Pose { Pose(translation: plane.point(coordinates)) }

  /// A posture with the tool at a place, by way of others from a near one; nil where the way ends before. At the edge it takes many small steps.
  private func moved(_ start: JointVector, to coordinates: SIMD2<Double>) -> JointVector? {
    var q = start, distance = 2 * cell
    while true {
      do throws(InverseKinematics.Failure) {
        return try solver.solution(for: goal(coordinates), near: q, free: .position).q
      } catch {
        guard case .notReached(let closest, _) = error, closest.residual.position < 0.7 * distance else { return nil }
        (q, distance) = (closest.q, closest.residual.position)
      }
    }
  }
}

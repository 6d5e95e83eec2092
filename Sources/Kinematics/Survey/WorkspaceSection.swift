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
  /// Row by row: the most free of the postures found in each cell, as the geometric mean of the tool's gains; nil where the tool does not get.
  public let ease: [Double?]

  public subscript(column: Int, row: Int) -> Double? { ease[row * columns + column] }
  /// The middle of a cell, in the plane's coordinates [m].
  public func middle(_ column: Int, _ row: Int) -> SIMD2<Double> { first + cell * [Double(column), Double(row)] }
}

extension RobotModel {
  /// The vertical plane through the base axis, or through the base's origin where the first joint does not turn about a vertical, in which the tool
  /// stands at `posture`, or nearly so; along the base's x where it stands on the axis.
  public func verticalPlane(through posture: JointVector) -> WorkspaceSection.Plane {
    let first = jointFrames(at: posture)[0]
    let isUpright = !isPrismatic[0] && abs(first.rotation.z.z) > 0.999
    let origin: SIMD3<Double> = isUpright ? [first.translation.x, first.translation.y, 0] : .zero
    var across = pose(at: posture).translation - origin
    across.z = 0
    return WorkspaceSection.Plane(origin: origin, across: across.length > 0.02 * typicalLength ? across / across.length : [1, 0, 0], up: [0, 0, 1])
  }

  /// The horizontal plane at a height over the base [m].
  public func horizontalPlane(atHeight height: Double) -> WorkspaceSection.Plane {
    WorkspaceSection.Plane(origin: [0, 0, height], across: [1, 0, 0], up: [0, 1, 0])
  }

  /// A section through the workspace.
  ///
  /// Configurations spread over the limits have one joint moved so that the tool comes to lie in the plane. What they leave open at the edge is
  /// found by walking there from cell to cell.
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
    survey.walk()
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

  init(model: RobotModel, plane: WorkspaceSection.Plane, middle: SIMD2<Double>, radius: Double, free: InverseKinematics.FreeAxes, cells: Int) {
    (self.model, self.plane, self.free, self.cells) = (model, plane, free, cells)
    rank = max(1, model.freedom(free: free).boundRank)
    (length, ranges, isPrismatic) = (model.typicalLength, model.surveyedRange, model.isPrismatic)
    cell = 2 * radius / Double(cells - 1)
    first = middle - SIMD2(repeating: radius)
    ease = Array(repeating: nil, count: cells * cells)
    posture = Array(repeating: nil, count: cells * cells)
  }

  var section: WorkspaceSection {
    WorkspaceSection(plane: plane, cell: cell, columns: cells, rows: cells, first: first, ease: ease)
  }

  mutating func sample(_ count: Int) {
    var sequence = EvenSequence(dimensions: model.jointCount)
    for _ in 0..<count {
      let q = model.configuration(at: sequence.next())
      for inPlane in broughtIntoPlane(q) { note(inPlane) }
    }
  }

  /// The same configuration with the first joint that moves the tool across the plane moved until it is in it.
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
    return []
  }

  /// Takes a posture for the cell that its tool is in, if it is the most free there so far.
  private mutating func note(_ q: JointVector) {
    let (pose, jacobian) = model.poseAndJacobian(at: q)
    guard abs(dot(pose.translation - plane.origin, plane.normal)) < cell, let index = index(of: plane.coordinates(of: pose.translation)) else { return }
    let gains = jacobian.bearing(toolFrame: pose.rotation, free: free).manipulability(length: length).gains
    let mean = pow(gains.prefix(rank).reduce(1, *), 1 / Double(rank))
    if mean > ease[index] ?? -1 { (ease[index], posture[index]) = (mean, q) }
  }

  private func index(of coordinates: SIMD2<Double>) -> Int? {
    let place = ((coordinates - first) / cell).rounded(.toNearestOrEven), limit = Double(cells)
    guard place.x >= 0, place.y >= 0, place.x < limit, place.y < limit else { return nil }
    return Int(place.y) * cells + Int(place.x)
  }

  /// Enters cells that are open next to ones that are not, as long as there is a way from the one's posture to the other's middle.
  mutating func walk() {
    var settings = InverseKinematics.Settings()
    (settings.maximumAttempts, settings.positionTolerance) = (1, cell / 100)
    let solver = InverseKinematics(model: model, settings: settings)
    var edge = ease.indices.filter { ease[$0] != nil }
    while !edge.isEmpty {
      var next: [Int] = []
      for index in edge {
        guard let start = posture[index] else { continue }
        let column = index % cells, row = index / cells
        for (across, up) in [(1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (1, -1), (-1, 1), (-1, -1)] {
          let (x, y) = (column + across, row + up)
          guard (0..<cells).contains(x), (0..<cells).contains(y), ease[y * cells + x] == nil else { continue }
          let goal = Pose(translation: plane.point(first + cell * [Double(x), Double(y)]))
          guard let found = try? solver.solution(for: goal, near: start, free: .position) else { continue }
          note(found.q)
          if ease[y * cells + x] != nil { next.append(y * cells + x) }
        }
      }
      edge = next
    }
  }
}

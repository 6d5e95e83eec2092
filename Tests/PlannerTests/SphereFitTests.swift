import Foundation
import Kinematics
import TestSupport
import Testing

@testable import Planner

/// Fits are judged by points drawn in the shapes and on the spheres, with the shapes' own formulas.
@Suite struct SphereFitTests {
  struct Case: Sendable, CustomStringConvertible {
    let name: String
    /// Where each is in the solid.
    let parts: [(shape: URDF.Shape, pose: Pose)]
    /// Of the union of spheres by the solid's at 8 mm.
    let volumeRatio: Double
    var description: String { name }

    var mesh: TriangleMesh {
      var mesh = TriangleMesh()
      for part in parts { if let shape = TriangleMesh(part.shape) { mesh.append(shape, at: part.pose) } }
      return mesh
    }

    /// Anywhere in one of the parts.
    func point(inPart index: Int, using generator: inout SeededGenerator) -> SIMD3<Double> {
      let part = parts[index], half: SIMD3<Double>
      switch part.shape {
      case .box(let size): half = 0.5 * size
      case .cylinder(let radius, let length): half = [radius, radius, length / 2]
      case .sphere(let radius): half = [radius, radius, radius]
      case .capsule(let radius, let length): half = [radius, radius, radius + length / 2]
      case .mesh: half = .zero
      }
      let alone = Case(name: name, parts: [part], volumeRatio: 1)
      while true {
        let point = part.pose * generator.point(in: (-half, half))
        if alone.distance(to: point) < 1e-15 { return point }
      }
    }

    /// From a point to the solid; 0 inside [m].
    func distance(to point: SIMD3<Double>) -> Double {
      parts.map { part in
        let shape: Obstacle.Shape
        switch part.shape {
        case .box(let size): shape = .box(halfExtents: 0.5 * size)
        case .cylinder(let radius, let length): shape = .cylinder(radius: radius, length: length)
        case .sphere(let radius): shape = .sphere(radius: radius)
        case .capsule(let radius, let length): shape = .capsule(radius: radius, length: length)
        case .mesh: return .infinity
        }
        return plainDistance(Obstacle(name: "", shape: shape, baseFromObstacle: part.pose), point)
      }.min() ?? .infinity
    }
  }

  static let tilted = Pose(rotation: Rotation(roll: 0.4, pitch: -0.7, yaw: 1.1), translation: [0.1, -0.2, 0.3])

  static let cases = [
    Case(name: "sphere", parts: [(.sphere(radius: 0.05), .identity)], volumeRatio: 1.4),
    Case(name: "capsule", parts: [(.capsule(radius: 0.026, length: 0.146), tilted)], volumeRatio: 2),
    Case(name: "cylinder", parts: [(.cylinder(radius: 0.06, length: 0.07), tilted)], volumeRatio: 2),
    Case(name: "box", parts: [(.box(size: [0.08, 0.08, 0.2]), tilted)], volumeRatio: 2),
    Case(name: "plate", parts: [(.box(size: [0.08, 0.06, 0.004]), .identity)], volumeRatio: 10),
    Case(name: "needle", parts: [(.box(size: [0.001, 0.001, 0.2]), tilted)], volumeRatio: 1500),
    Case(
      name: "angle", parts: [(.box(size: [0.04, 0.04, 0.2]), .identity), (.box(size: [0.2, 0.04, 0.04]), Pose(translation: [0.08, 0, 0.08]))],
      volumeRatio: 2),
    Case(
      name: "capsule of three", volumeRatio3: 1.8),
  ]

  @Test(arguments: cases) func spheresHoldTheSolid(_ c: Case) {
    var generator = SeededGenerator(seed: 71)
    let fit = SphereFit(c.mesh)
    for index in 0..<caseCount(1500) {
      let point = c.point(inPart: index % c.parts.count, using: &generator)
      #expect(c.distance(to: point) < 1e-12)
      let depth = fit.spheres.map { $0.radius - length(point - $0.center) }.max() ?? -1
      #expect(depth >= 0, "\(point) is \(depth) deep")
    }
    // The solid's own corners and edges, which random points miss.
    for point in c.mesh.vertices { #expect(fit.spheres.contains { length(point - $0.center) <= $0.radius }) }
  }

  @Test(arguments: cases) func spheresStickOutNoFartherThanSaid(_ c: Case) {
    var generator = SeededGenerator(seed: 72)
    let fit = SphereFit(c.mesh, settings: SphereFit.Settings(tightness: 0.012, count: 200))
    var farthest = 0.0
    for sphere in fit.spheres {
      for _ in 0..<caseCount(400) { farthest = max(farthest, c.distance(to: sphere.center + sphere.radius * generator.direction())) }
    }
    // The depth of a middle is known to within half a cell, a quarter of the tightness.
    #expect(farthest <= fit.overshoot + 0.003, "\(farthest) \(fit.overshoot)")
    #expect(fit.overshoot <= 0.012 + 0.001)
  }

  @Test(arguments: cases) func spheresAreFewAndTight(_ c: Case) throws {
    var generator = SeededGenerator(seed: 73)
    let fit = SphereFit(c.mesh, settings: SphereFit.Settings(count: 200)), bounds = try #require(c.mesh.bounds)
    let lower = bounds.lower - 0.03, upper = bounds.upper + 0.03
    var solid = 0, covered = 0
    for _ in 0..<caseCount(20_000) {
      let point = generator.point(in: (lower, upper))
      if c.distance(to: point) == 0 { solid += 1 }
      if fit.spheres.contains(where: { length(point - $0.center) < $0.radius }) { covered += 1 }
    }
    guard solid > 50 else { return }
    #expect(Double(covered) <= c.volumeRatio * Double(solid), "\(Double(covered) / Double(solid)) with \(fit.spheres.count)")
  }

  @Test func fewerSpheresAreLarger() {
    let box = TriangleMesh.box([0.1, 0.1, 0.4]), half = 0.5 * (0.1 * 0.1 + 0.1 * 0.1 + 0.4 * 0.4).squareRoot()
    var last = Double.infinity
    for count in [1, 3, 8, 24] {
      let fit = SphereFit(box, settings: SphereFit.Settings(tightness: 0.006, count: count))
      #expect(fit.spheres.count <= count && fit.overshoot <= last)
      last = fit.overshoot
      for corner in box.vertices { #expect(fit.spheres.contains { length(corner - $0.center) <= $0.radius }) }
      // One sphere is the one through the corners.
      if count == 1 { #expect(fit.spheres[0].radius >= half - 1e-6 && fit.spheres[0].radius < 1.03 * half) }
    }
    #expect(last < 0.035)
  }

  @Test func theSameMeshGivesTheSameSpheres() {
    let mesh = Self.cases[6].mesh
    #expect(SphereFit(mesh) == SphereFit(mesh))
  }

  /// A box without a lid is a shell: its walls are held, whatever becomes of the room between them.
  @Test func openMeshesAreHeld() {
    let closed = TriangleMesh.box([0.1, 0.1, 0.1])
    let open = TriangleMesh(vertices: closed.vertices, faces: Array(closed.faces.dropFirst(2)))
    for mesh in [open, TriangleMesh(vertices: [[0, 0, 0], [0.1, 0, 0], [0, 0.05, 0]], faces: [[0, 1, 2]])] {
      let fit = SphereFit(mesh)
      var generator = SeededGenerator(seed: 74)
      for face in mesh.faces.indices {
        let (a, b, c) = mesh.corners(of: face)
        for _ in 0..<200 {
          let u = generator.number(0...1), v = generator.number(0...(1 - u)), point = a + u * (b - a) + v * (c - a)
          #expect(fit.spheres.contains { length(point - $0.center) <= $0.radius + 1e-9 })
        }
      }
    }
  }

  /// Scale, mirror and place of a mesh are the URDF's; links without shapes get nothing.
  @Test func armsAreFittedLinkByLink() throws {
    let text = """
      <robot name="r">
        <link name="a"><collision><origin xyz="0 0 1"/><geometry><mesh filename="m.stl" scale="0.001 -0.001 0.001"/></geometry></collision></link>
        <link name="b"><visual><geometry><sphere radius="0.1"/></geometry></visual></link><link name="c"/>
        <joint name="j" type="fixed"><parent link="a"/><child link="b"/></joint>
        <joint name="k" type="fixed"><parent link="b"/><child link="c"/></joint>
      </robot>
      """
    let urdf = try URDF(parsing: text)
    var box = TriangleMesh()
    box.append(TriangleMesh.box([100, 100, 100]), at: Pose(translation: [0, 200, 0]))
    let plain = ArmFit(urdf) { _, _ in box }
    #expect(plain.links.map(\.name) == ["a"])
    #expect(plain.spheres.links[0].spheres.contains { length($0.center - [0, -0.2, 1]) < 0.06 })
    #expect(plain.spheres.links[0].spheres.allSatisfy { length($0.center - [0, -0.2, 1]) < 0.09 })
    #expect(ArmFit(urdf, usesVisuals: true) { _, _ in box }.links.map(\.name) == ["a", "b"])
    #expect(throws: MeshFile.Problem.empty(file: "m.stl")) { try ArmFit(urdf) { _, name throws(MeshFile.Problem) in throw .empty(file: name) } }
  }
}

extension SphereFitTests.Case {
  /// A cylinder and the two spheres at its ends, as URDFs write capsules.
  fileprivate init(name: String, volumeRatio3: Double) {
    let pose = SphereFitTests.tilted
    self.init(
      name: name,
      parts: [
        (.cylinder(radius: 0.022, length: 0.09), pose), (.sphere(radius: 0.022), pose * Pose(translation: [0, 0, 0.045])),
        (.sphere(radius: 0.022), pose * Pose(translation: [0, 0, -0.045])),
      ], volumeRatio: volumeRatio3)
  }
}

extension SeededGenerator {
  mutating func point(in box: (lower: SIMD3<Double>, upper: SIMD3<Double>)) -> SIMD3<Double> {
    box.lower + (box.upper - box.lower) * [number(0...1), number(0...1), number(0...1)]
  }

  mutating func direction() -> SIMD3<Double> {
    let height = number(-1...1), angle = number(-Double.pi...Double.pi), across = (1 - height * height).squareRoot()
    return [across * cos(angle), across * sin(angle), height]
  }
}

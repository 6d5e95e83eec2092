import Foundation
import Kinematics
import TestSupport
import Testing

@testable import Planner

/// The pieces that checks are made of.
@Suite struct CollisionPartsTests {
  @Test func sinesAreThoseOfTheLibrary() {
    var generator = SeededGenerator(seed: 31)
    for _ in 0..<caseCount(2000) {
      let angles = Rake((0..<8).map { _ in Float(generator.number(-30...30)) })
      let (sine, cosine) = sineAndCosine(angles)
      for lane in 0..<8 {
        #expect(abs(Double(sine[lane]) - sin(Double(angles[lane]))) < 1.2e-7)
        #expect(abs(Double(cosine[lane]) - cos(Double(angles[lane]))) < 1.2e-7)
      }
    }
  }

  @Test func reciprocalRoots() {
    for exponent in -20...20 {
      let value = Float(1.37) * Float(sign: .plus, exponent: exponent, significand: 1), root = reciprocalSquareRoot(Rake(repeating: value))[3]
      #expect(abs(root * value.squareRoot() - 1) < 4e-7)
    }
  }

  @Test func theNearestOfManyIsFound() {
    var generator = SeededGenerator(seed: 32)
    for count in [1, 7, 8, 9, 100, 3000] {
      for dimensions in [1, 3, 7] {
        let points = (0..<count).map { _ in
          SIMD8<Float>((0..<8).map { $0 < dimensions ? Float(generator.number(-1...1)) : 0 })
        }
        let tree = NeighbourTree(points, dimensions: dimensions)
        for _ in 0..<20 {
          let query = SIMD8<Float>((0..<8).map { $0 < dimensions ? Float(generator.number(-1.5...1.5)) : 0 })
          let squares = points.map { ((($0 - query) * ($0 - query)).sum()) }, least = squares.min() ?? 0
          let found = tree.nearest(to: query, within: .infinity)
          #expect(abs((found?.square ?? -1) - least) < 1e-5)
          #expect(found.map { abs(squares[Int($0.index)] - least) < 1e-5 } == true)
          #expect(tree.nearest(to: query, within: least * 0.99) == nil)
        }
      }
    }
    #expect(NeighbourTree([], dimensions: 3).nearest(to: .zero, within: .infinity) == nil)
    // Points that coincide, which no plane divides.
    #expect(NeighbourTree([SIMD8<Float>](repeating: .zero, count: 500), dimensions: 3).nearest(to: .zero, within: 1)?.square == 0)
  }

  @Test func aGrowingTreeKnowsItsNearest() {
    var generator = SeededGenerator(seed: 33)
    var tree = ConfigurationTree(jointCount: 6)
    var all: [JointRow] = []
    for index in 0..<5000 {
      let q = JointRow((0..<8).map { $0 < 6 ? Float(generator.number(-3...3)) : 0 })
      tree.append(q, parent: Int32(index - 1))
      all.append(q)
      guard index % 97 == 0 || [1023, 1024, 2048, 4096].contains(index) else { continue }
      let query = JointRow((0..<8).map { $0 < 6 ? Float(generator.number(-3...3)) : 0 })
      let least = all.map { distance($0, query) }.min() ?? 0, found = tree.nearest(to: query)
      #expect(abs(found.square.squareRoot() - least) < 1e-5)
      #expect(abs(distance(tree[found.node], query) - least) < 1e-5)
    }
    #expect(tree.branch(to: 4999).count == 5000)
  }

  @Test func samplesAreEvenAndTheSameForASeed() {
    var one = SampleSequence(seed: 5, dimensions: 7), same = SampleSequence(seed: 5, dimensions: 7), other = SampleSequence(seed: 6, dimensions: 7)
    var octants = [Int](repeating: 0, count: 8), differs = false
    for _ in 0..<800 {
      let sample = one.next()
      #expect(sample == same.next())
      differs = differs || sample != other.next()
      for lane in 0..<8 { #expect(sample[lane] >= 0 && sample[lane] < 1) }
      octants[(sample[0] < 0.5 ? 0 : 1) + (sample[1] < 0.5 ? 0 : 2) + (sample[2] < 0.5 ? 0 : 4)] += 1
    }
    #expect(differs)
    for count in octants { #expect(count > 80 && count < 120) }
  }

  @Test func enclosingSpheresEncloseTightly() {
    var generator = SeededGenerator(seed: 34)
    for _ in 0..<50 {
      let spheres = (0..<Int.random(in: 1...20, using: &generator)).map { _ in
        ArmSpheres.Sphere(center: generator.vector(0.3), radius: generator.number(0.01...0.1))
      }
      let ball = ArmSpheres.Sphere(enclosing: spheres)
      for sphere in spheres { #expect(length(sphere.center - ball.center) + sphere.radius < ball.radius + 1e-12) }
      // No ball is smaller than half the widest distance.
      let widest = spheres.flatMap { a in spheres.map { length(a.center - $0.center) + a.radius + $0.radius } }.max() ?? 0
      #expect(ball.radius >= widest / 2 - 1e-12 && ball.radius < widest * 0.62)
    }
  }

  /// The tree's own frames put every link where its joints do.
  @Test func choosingFramesMovesNoLink() throws {
    var generator = SeededGenerator(seed: 35)
    for arm in [try SphereArm.panda(), try SphereArm.crooked()] {
      for _ in 0..<50 {
        let q = generator.configuration(of: arm.model), frames = arm.model.tree.frames(at: q)
        for (name, place) in arm.model.tree.places {
          let found = frames[place.frame] * place.frameFromLink, expected = arm.pose(of: name, at: q)
          for point in [SIMD3<Double>.zero, [1, 0, 0], [0, 1, 0]] { #expect(length(found * point - expected * point) < 1e-9) }
        }
      }
    }
  }
}

import Foundation
import Testing

@testable import Planner

@Suite struct MeshFileTests {
  /// A tetrahedron's corners, three for each face.
  static let corners: [SIMD3<Double>] = [
    [0, 0, 0], [0, 1, 0], [1, 0, 0], [0, 0, 0], [1, 0, 0], [0, 0, 1], [0, 0, 0], [0, 0, 1], [0, 1, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1],
  ]

  static func binary(_ corners: [SIMD3<Double>] = corners, promised: Int? = nil, head: String = "solid made by a program") -> [UInt8] {
    var bytes = Array(head.utf8) + [UInt8](repeating: 32, count: 80 - head.utf8.count)
    func append(_ word: UInt32) { withUnsafeBytes(of: word.littleEndian) { bytes += $0 } }
    append(UInt32(promised ?? corners.count / 3))
    for (index, corner) in corners.enumerated() {
      if index % 3 == 0 { for _ in 0..<3 { append(Float(0).bitPattern) } }
      for axis in 0..<3 { append(Float(corner[axis]).bitPattern) }
      if index % 3 == 2 { bytes += [0, 0] }
    }
    return bytes
  }

  static let ascii: String = {
    var text = "solid t\n"
    for first in stride(from: 0, to: corners.count, by: 3) {
      text += "  facet normal 0 0 0\n    outer loop\n"
      for corner in corners[first..<first + 3] { text += "      vertex \(corner.x) \(corner.y) \(corner.z)\r\n" }
      text += "    endloop\n  endfacet\n"
    }
    return text + "endsolid t\n"
  }()

  static let obj = """
    # a tetrahedron
    mtllib t.mtl
    o t
    v 0 0 0
    v 1 0 0 0.5 0.5 0.5
    v 0 1 0
    v 0 0 1
    vn 0 0 1
    f 1//1 3//1 2//1
    f 1 2 4
    f -4 -1 -2
    f 2/1/1 3/1/1 4/1/1
    """

  @Test func allKindsHoldTheSame() throws {
    for (bytes, name) in [
      (Self.binary(), "t.stl"), (Self.binary(head: "exported"), "T.STL"), (Array(Self.ascii.utf8), "t.stl"), (Array(Self.obj.utf8), "t.obj"),
    ] {
      let mesh = try MeshFile.mesh(of: bytes, named: name)
      let corners = mesh.faces.indices.flatMap { face in
        let (a, b, c) = mesh.corners(of: face)
        return [a, b, c]
      }
      #expect(corners == Self.corners)
    }
    // A square is two triangles.
    let square = try MeshFile.mesh(of: Array("v 0 0 0\nv 1 0 0\nv 1 1 0\nv 0 1 0\nf 1 2 3 4\n".utf8), named: "s.obj")
    #expect(square.faces == [[0, 1, 2], [0, 2, 3]])
  }

  @Test func manyFacesAreRead() throws {
    let faces = 1_000_000, one = Array(Self.corners[0..<3])
    let unit = Array(Self.binary(one).dropFirst(84))
    var bytes = Array(Self.binary(one, promised: faces).prefix(84))
    bytes.reserveCapacity(84 + 50 * faces)
    for _ in 0..<faces { bytes += unit }
    let mesh = try MeshFile.mesh(of: bytes, named: "many.stl")
    #expect(mesh.faces.count == faces)
  }

  struct Slip: Sendable, CustomTestStringConvertible {
    let bytes: [UInt8]
    var name = "t.stl"
    let sentence, suggestion: String
    var testDescription: String { sentence }
  }

  static let again = "export the mesh again as binary STL, in metres or with a scale in the URDF"

  @Test(arguments: [
    Slip(bytes: [], sentence: "t.stl: the file is empty", suggestion: "write the file again; it was cut off"),
    Slip(
      bytes: Array(binary().dropLast(60)), sentence: "t.stl: the file ends after 2 of 4 triangles",
      suggestion: "write the file again; it was cut off"),
    Slip(
      bytes: Array(binary().prefix(50)), sentence: "t.stl: the file ends after 0 of 1 triangles", suggestion: "write the file again; it was cut off"),
    Slip(bytes: binary([], promised: 0), sentence: "t.stl: the mesh has no triangles", suggestion: again),
    Slip(
      bytes: binary(Array(corners.dropLast()) + [[0, .nan, 0]]),
      sentence: "t.stl: triangle 3 has a corner that is not made of finite numbers", suggestion: again),
    Slip(
      bytes: Array(ascii.replacingOccurrences(of: "vertex 1.0 0.0 0.0", with: "vertex 1.0 zero 0.0").utf8),
      sentence: "t.stl:6: `vertex 1.0 zero 0.0` is no vertex of three finite numbers and no face of three corners", suggestion: again),
    Slip(
      bytes: Array(ascii.utf8.prefix(200)), sentence: "t.stl: the file ends after 1 of 2 triangles",
      suggestion: "write the file again; it was cut off"),
    Slip(
      bytes: Array((obj + "\nf 1 2 9\n").utf8), name: "t.obj", sentence: "t.obj:13: a face has the corner `9`, where 4 vertices are known",
      suggestion: again),
    Slip(
      bytes: Array("v 0 0 0\nf 1 1\n".utf8), name: "t.obj",
      sentence: "t.obj:2: `f 1 1` is no vertex of three finite numbers and no face of three corners", suggestion: again),
    Slip(
      bytes: Array("v 0 0 inf\n".utf8), name: "t.obj",
      sentence: "t.obj:1: `v 0 0 inf` is no vertex of three finite numbers and no face of three corners", suggestion: again),
    Slip(
      bytes: [1, 2, 3], name: "t.dae", sentence: "t.dae: meshes are read from .stl and .obj files, and this is neither",
      suggestion: "convert the mesh to binary STL"),
  ]) func brokenFilesAreSaid(_ slip: Slip) {
    let error = #expect(throws: MeshFile.Problem.self) { try MeshFile.mesh(of: slip.bytes, named: slip.name) }
    #expect(error?.description == slip.sentence)
    #expect(error?.suggestion == slip.suggestion)
  }
}

internal import Foundation

/// Reads the triangles of STL files, binary and ASCII, and of OBJ files.
///
/// OBJ: vertices and faces of three corners and more, whatever else there is; corners may count back from the end. Colours, normals, textures,
/// names and materials are passed over. Faces without area stay.
///
/// - Source: 3D Systems, *StereoLithography Interface Specification* (1988); Wavefront, *Advanced Visualizer*, appendix B1 (1989).
public enum MeshFile {
  public enum Problem: Error, Sendable, Equatable {
    case empty(file: String)
    case unknownFormat(file: String)
    case noTriangles(file: String)
    case tooShort(file: String, triangles: Int, promised: Int)
    /// Triangles count from 0.
    case notFinite(file: String, triangle: Int)
    case badLine(file: String, line: Int, text: String)
    case badCorner(file: String, line: Int, corner: String, vertices: Int)
  }

  /// - Parameter name: What errors call the file; its ending tells OBJ from STL.
  public static func mesh(of bytes: [UInt8], named name: String) throws(Problem) -> TriangleMesh {
    guard !bytes.isEmpty else { throw .empty(file: name) }
    let ending = name.split(separator: ".").last.map { $0.lowercased() } ?? ""
    let mesh: TriangleMesh
    switch ending {
    case "obj": mesh = try objMesh(of: bytes, named: name)
    case "stl": mesh = try isASCII(bytes) ? asciiMesh(of: bytes, named: name) : binaryMesh(of: bytes, named: name)
    default: throw .unknownFormat(file: name)
    }
    guard !mesh.faces.isEmpty else { throw .noTriangles(file: name) }
    return mesh
  }

  // MARK: STL

  /// Binary files may begin with `solid`, too; then their length gives them away, or that there is no `facet`.
  private static func isASCII(_ bytes: [UInt8]) -> Bool {
    guard bytes.starts(with: Array("solid".utf8)) else { return false }
    if bytes.count >= 84, bytes.count == 84 + 50 * promised(bytes) { return false }
    let head = String(decoding: bytes.prefix(1024), as: UTF8.self)
    return head.contains("facet") || head.contains("endsolid")
  }

  private static func promised(_ bytes: [UInt8]) -> Int {
    bytes.withUnsafeBytes { Int(UInt32(littleEndian: $0.loadUnaligned(fromByteOffset: 80, as: UInt32.self))) }
  }

  private static func binaryMesh(of bytes: [UInt8], named name: String) throws(Problem) -> TriangleMesh {
    guard bytes.count >= 84 else { throw .tooShort(file: name, triangles: 0, promised: 1) }
    let count = promised(bytes), there = (bytes.count - 84) / 50
    guard there >= count else { throw .tooShort(file: name, triangles: there, promised: count) }
    var vertices: [SIMD3<Double>] = []
    vertices.reserveCapacity(3 * count)
    bytes.withUnsafeBytes { bytes in
      for triangle in 0..<count {
        for corner in 0..<3 {
          func number(_ axis: Int) -> Double {
            let offset = 84 + 50 * triangle + 12 + 12 * corner + 4 * axis
            return Double(Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))))
          }
          vertices.append([number(0), number(1), number(2)])
        }
      }
    }
    return try mesh(ofCorners: vertices, named: name)
  }

  private static func asciiMesh(of bytes: [UInt8], named name: String) throws(Problem) -> TriangleMesh {
    var vertices: [SIMD3<Double>] = [], isClosed = false
    for (index, line) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
      let words = Words(line)
      if words.first(is: "endsolid") { isClosed = true }
      guard words.first(is: "vertex") else { continue }
      guard let vertex = words.numbers else {
        // The last line may be cut off.
        guard line.endIndex < bytes.endIndex else { break }
        throw .badLine(file: name, line: index + 1, text: words.text)
      }
      vertices.append(vertex)
    }
    guard isClosed, vertices.count % 3 == 0 else { throw .tooShort(file: name, triangles: vertices.count / 3, promised: vertices.count / 3 + 1) }
    return try mesh(ofCorners: vertices, named: name)
  }

  private static func mesh(ofCorners vertices: [SIMD3<Double>], named name: String) throws(Problem) -> TriangleMesh {
    if let bad = vertices.firstIndex(where: { !($0.x.isFinite && $0.y.isFinite && $0.z.isFinite) }) {
      throw .notFinite(file: name, triangle: bad / 3)
    }
    return TriangleMesh(vertices: vertices, faces: (0..<Int32(vertices.count / 3)).map { [3 * $0, 3 * $0 + 1, 3 * $0 + 2] })
  }

  // MARK: OBJ

  private static func objMesh(of bytes: [UInt8], named name: String) throws(Problem) -> TriangleMesh {
    var vertices: [SIMD3<Double>] = [], faces: [SIMD3<Int32>] = []
    for (index, line) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
      let words = Words(line)
      if words.first(is: "v") {
        guard let vertex = words.numbers else { throw .badLine(file: name, line: index + 1, text: words.text) }
        vertices.append(vertex)
      } else if words.first(is: "f") {
        var corners: [Int32] = []
        for word in words.rest {
          let number = word.prefix { $0 != UInt8(ascii: "/") }, text = String(decoding: number, as: UTF8.self)
          guard let corner = Int(text), corner != 0, abs(corner) <= vertices.count else {
            throw .badCorner(file: name, line: index + 1, corner: text, vertices: vertices.count)
          }
          corners.append(Int32(corner > 0 ? corner - 1 : vertices.count + corner))
        }
        guard corners.count >= 3 else { throw .badLine(file: name, line: index + 1, text: words.text) }
        for next in 1..<corners.count - 1 { faces.append([corners[0], corners[next], corners[next + 1]]) }
      }
    }
    return TriangleMesh(vertices: vertices, faces: faces)
  }

  /// A line's words.
  private struct Words {
    private let words: [ArraySlice<UInt8>]
    private let line: ArraySlice<UInt8>

    init(_ line: ArraySlice<UInt8>) {
      self.line = line
      words = line.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: "\r") }
    }

    func first(is word: StaticString) -> Bool {
      guard let first = words.first, first.count == word.utf8CodeUnitCount else { return false }
      return word.withUTF8Buffer { first.elementsEqual($0) }
    }

    var rest: ArraySlice<ArraySlice<UInt8>> { words.dropFirst() }

    /// The three finite numbers behind the first word.
    var numbers: SIMD3<Double>? {
      let numbers = rest.prefix(3).compactMap { Double(String(decoding: $0, as: UTF8.self)) }
      return numbers.count == 3 && numbers.allSatisfy(\.isFinite) ? SIMD3(numbers) : nil
    }

    var text: String { String(decoding: line.prefix(60), as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines) }
  }
}

extension MeshFile.Problem: CustomStringConvertible {
  public var description: String {
    switch self {
    case .empty(let file): "\(file): the file is empty"
    case .unknownFormat(let file): "\(file): meshes are read from .stl and .obj files, and this is neither"
    case .noTriangles(let file): "\(file): the mesh has no triangles"
    case .tooShort(let file, let triangles, let promised): "\(file): the file ends after \(triangles) of \(promised) triangles"
    case .notFinite(let file, let triangle): "\(file): triangle \(triangle) has a corner that is not made of finite numbers"
    case .badLine(let file, let line, let text): "\(file):\(line): `\(text)` is no vertex of three finite numbers and no face of three corners"
    case .badCorner(let file, let line, let corner, let vertices):
      "\(file):\(line): a face has the corner `\(corner)`, where \(vertices) vertices are known"
    }
  }

  /// What to do about it, for after "try: ".
  public var suggestion: String {
    switch self {
    case .empty, .tooShort: "write the file again; it was cut off"
    case .unknownFormat: "convert the mesh to binary STL"
    case .noTriangles, .notFinite, .badLine, .badCorner: "export the mesh again as binary STL, in metres or with a scale in the URDF"
    }
  }
}

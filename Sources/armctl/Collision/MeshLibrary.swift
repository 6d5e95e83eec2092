internal import Foundation
internal import Kinematics
internal import Planner

/// The mesh files that a URDF names: where they are, what is in them, and one number that tells their contents apart from others.
struct MeshLibrary {
  /// A link's file that cannot be used.
  struct Problem: Error {
    let place: URDF.Place
    let sentence, suggestion: String
  }

  private let folder: String
  /// By the name that the URDF uses.
  private var files: [String: [UInt8]] = [:]
  private(set) var contents: ContentHash

  /// Reads all files that an arm's shapes name.
  ///
  /// - Parameter urdfBytes: Of the URDF file.
  init(of urdf: URDF, urdfBytes: [UInt8], usesVisuals: Bool) throws(Problem) {
    folder = (urdf.file as NSString).deletingLastPathComponent
    contents = ContentHash()
    contents.add(urdfBytes)
    for link in urdf.links {
      for geometry in link.shapes(usesVisuals: usesVisuals) {
        if let size = geometry.shape.largestSize { try Self.check(size, of: link) }
        guard case .mesh(let name, _) = geometry.shape, files[name] == nil else { continue }
        let bytes = try read(name, of: link)
        files[name] = bytes
        contents.add(bytes)
      }
    }
  }

  /// - Precondition: The URDF's shapes name the file.
  func mesh(of link: URDF.Link, _ name: String) throws(Problem) -> TriangleMesh {
    let mesh: TriangleMesh
    do throws(MeshFile.Problem) { mesh = try MeshFile.mesh(of: files[name] ?? [], named: name) } catch {
      throw Problem(place: link.place, sentence: "the mesh of link \"\(link.name)\" cannot be used: \(error)", suggestion: error.suggestion)
    }
    for geometry in link.collisions + link.visuals {
      guard case .mesh(name, let scale) = geometry.shape, let (lower, upper) = mesh.bounds else { continue }
      try Self.check((scale * (upper - lower)).largestMagnitude, of: link)
    }
    return mesh
  }

  /// No link of an arm is longer [m]; a mesh drawn in millimetres is.
  private static let longest = 20.0

  private static func check(_ size: Double, of link: URDF.Link) throws(Problem) {
    guard abs(size) > longest else { return }
    throw Problem(
      place: link.place,
      sentence: "the shape of link \"\(link.name)\" is \(String(format: "%.4g", abs(size))) m long, and no link is longer than \(Int(longest)) m",
      suggestion: "sizes in metres; for a mesh in millimetres scale=\"0.001 0.001 0.001\"")
  }

  private func read(_ name: String, of link: URDF.Link) throws(Problem) -> [UInt8] {
    let paths = candidates(for: name)
    guard let path = paths.first(where: { FileManager.default.fileExists(atPath: $0) }) else {
      throw Problem(
        place: link.place, sentence: "the mesh \"\(name)\" of link \"\(link.name)\" is not there; looked for \(paths[0])",
        suggestion: name.hasPrefix("package://")
          ? "put the folder of the package beside the URDF, or name a file of spheres in collision.spheres"
          : "put the file there, or name a file of spheres in collision.spheres")
    }
    guard let bytes = FileManager.default.contents(atPath: path) else {
      throw Problem(place: link.place, sentence: "the mesh \(path) of link \"\(link.name)\" cannot be read", suggestion: "a file that you may read")
    }
    return Array(bytes)
  }

  /// Where a file may be. A package is looked for beside the URDF, then beside each folder above it; the folder itself may be the package.
  private func candidates(for name: String) -> [String] {
    guard name.hasPrefix("package://") else {
      let path = name.hasPrefix("file://") ? String(name.dropFirst(7)) : name
      return [path.hasPrefix("/") ? path : (folder as NSString).appendingPathComponent(path)]
    }
    let path = String(name.dropFirst("package://".count)), inside = path.split(separator: "/").dropFirst().joined(separator: "/")
    var paths: [String] = [], here = URL(fileURLWithPath: folder.isEmpty ? "." : folder).standardizedFileURL
    while true {
      paths.append(here.appendingPathComponent(path).path)
      if here.lastPathComponent == path.split(separator: "/").first.map(String.init) { paths.append(here.appendingPathComponent(inside).path) }
      guard here.pathComponents.count > 1 else { break }
      here.deleteLastPathComponent()
    }
    return paths
  }
}

/// One number for contents: the same for the same bytes, and all but surely another one for others.
struct ContentHash: Equatable {
  private(set) var value: UInt64 = 0x9E37_79B9_7F4A_7C15

  mutating func add(_ bytes: [UInt8]) {
    add(UInt64(bytes.count))
    bytes.withUnsafeBytes { bytes in
      let whole = bytes.count / 8 * 8
      for offset in stride(from: 0, to: whole, by: 8) { add(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))) }
      for byte in bytes[whole...] { add(UInt64(byte)) }
    }
  }

  /// Each word is mixed in with the multiplier and the shift of Murmur's 64-bit finaliser.
  mutating func add(_ word: UInt64) {
    value = (value ^ word) &* 0xFF51_AFD7_ED55_8CCD
    value ^= value >> 33
  }
}

extension URDF.Shape {
  /// Of its sides, or across it [m]; nil of a mesh, which has to be read first.
  fileprivate var largestSize: Double? {
    switch self {
    case .box(let size): size.largestMagnitude
    case .cylinder(let radius, let length), .capsule(let radius, let length): max(2 * abs(radius), abs(length))
    case .sphere(let radius): 2 * abs(radius)
    case .mesh: nil
    }
  }
}

extension SIMD3<Double> {
  fileprivate var largestMagnitude: Double { Swift.max(abs(x), abs(y), abs(z)) }
}

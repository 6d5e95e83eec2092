internal import Foundation
internal import Kinematics
internal import Planner

/// What stands for an arm where collisions are checked, and where that is from.
struct ArmCollision {
  let model: CollisionModel
  /// Nil where the spheres are from a file.
  let fit: Fit?

  /// How well spheres stand for the URDF's shapes.
  struct Fit {
    /// For each link with spheres how far they stick out of its shape [m].
    let overshoots: [String: Double]
    /// How far they were to, at most [m].
    let tightness: Double
    /// Read from a file beside the arm's, which an earlier fit left.
    let isKept: Bool
    /// Why they could not be kept for the next time.
    let keepingProblem: String?

    /// The links whose spheres stick out farther than they were to, beyond what that is known to, the worst first.
    var looseLinks: [(name: String, overshoot: Double)] {
      overshoots.filter { $0.value > tightness + 0.0005 }.map { ($0.key, $0.value) }.sorted { ($1.1, $0.0) < ($0.1, $1.0) }
    }
  }

  /// Links that nothing stands for although they look like something, and links that have no shape at all.
  let invisible, shapeless: [String]
}

extension ArmConfiguration {
  /// The arm as collision checks see it, in the order and with the limits of its joints; nil where the arm file does not ask for it.
  ///
  /// - Parameter note: Takes a sentence about what did not go well but does not matter.
  /// - Throws: What is wrong with its spheres, its meshes or with the URDF.
  func collisionModel(note: (String) -> Void = Self.noteOnStandardError) throws(ConfigurationError) -> CollisionModel? {
    guard let found = try armCollision() else { return nil }
    if let problem = found.fit?.keepingProblem { note(problem) }
    return found.model
  }

  private static func noteOnStandardError(_ sentence: String) { FileHandle.standardError.write(Data((sentence + "\n").utf8)) }

  /// As ``collisionModel(note:)``, with all that a report tells.
  func armCollision() throws(ConfigurationError) -> ArmCollision? {
    guard collision.spheres != nil || collision.fit != nil else { return nil }
    guard let bytes = FileManager.default.contents(atPath: modelFile) else {
      throw ConfigurationError(file: modelFile, place: nil, sentence: "the file cannot be read", suggestion: "a URDF that you may read")
    }
    let urdf: URDF
    do throws(URDFError) { urdf = try URDF(parsing: String(decoding: bytes, as: UTF8.self), file: modelFile) } catch {
      throw ConfigurationError(file: modelFile, line: error.place?.line, sentence: error.sentence, suggestion: error.suggestion)
    }
    let spheres: SphereFile, fit: ArmCollision.Fit?
    do throws(SphereFileError) {
      if let path = collision.spheres {
        (spheres, fit) = (try SphereFile(contentsOf: path), nil)
      } else {
        (spheres, fit) = try fitted(urdf, bytes: Array(bytes), collision.fit ?? .init())
      }
      let model = try spheres.model(of: urdf, jointNames: model.jointNames, limits: (lower: Array(limits.lower), upper: Array(limits.upper)))
      let seen = Set(model.coveredNames), rest = urdf.links.filter { !seen.contains($0.name) }
      return ArmCollision(
        model: model, fit: fit, invisible: rest.filter { !$0.visuals.isEmpty || !$0.collisions.isEmpty }.map(\.name),
        shapeless: rest.filter { $0.visuals.isEmpty && $0.collisions.isEmpty }.map(\.name))
    } catch {
      throw ConfigurationError(file: error.file, line: error.line, sentence: error.sentence, suggestion: error.suggestion)
    }
  }

  /// Spheres fitted to the URDF's shapes, or those that an earlier fit to the same contents left.
  private func fitted(_ urdf: URDF, bytes: [UInt8], _ wanted: Collision.Fit) throws(SphereFileError) -> (SphereFile, ArmCollision.Fit) {
    do throws(MeshLibrary.Problem) {
      let meshes = try MeshLibrary(of: urdf, urdfBytes: bytes, usesVisuals: wanted.usesVisuals)
      var key = meshes.contents
      for number in [wanted.settings.tightness, Double(wanted.settings.count), wanted.usesVisuals ? 1 : 0] { key.add(number.bitPattern) }
      let store = FitStore(besideArmFile: file)
      if let kept = store.fit(key: key) {
        return (kept.spheres, .init(overshoots: kept.overshoots, tightness: wanted.settings.tightness, isKept: true, keepingProblem: nil))
      }
      let fit = try ArmFit(urdf, settings: wanted.settings, usesVisuals: wanted.usesVisuals, mesh: meshes.mesh)
      let overshoots = Dictionary(uniqueKeysWithValues: fit.links.map { ($0.name, $0.fit.overshoot) })
      let problem = store.keep(fit, key: key)
      return (
        SphereFile(fit.spheres, named: urdf.file),
        .init(overshoots: overshoots, tightness: wanted.settings.tightness, isKept: false, keepingProblem: problem)
      )
    } catch {
      throw SphereFileError(file: urdf.file, line: error.place.line, sentence: error.sentence, suggestion: error.suggestion)
    }
  }
}

extension ConfigurationError {
  /// - Parameter line: Of `file`, where known.
  fileprivate init(file: String, line: Int?, sentence: String, suggestion: String) {
    self.init(file: file + (line.map { ":\($0)" } ?? ""), place: nil, sentence: sentence, suggestion: suggestion)
  }
}

internal import Kinematics
internal import Planner

extension ArmConfiguration {
  /// The arm as collision checks see it, in the order and with the limits of its joints; nil where nobody says what stands for it.
  ///
  /// - Throws: What is wrong with its spheres or with the URDF.
  func collisionModel() throws(ConfigurationError) -> CollisionModel? {
    guard let path = collision.spheres else { return nil }
    let urdf: URDF
    do throws(URDFError) { urdf = try URDF(contentsOf: modelFile) } catch {
      throw ConfigurationError(
        file: error.file + (error.place.map { ":\($0.line)" } ?? ""), place: nil, sentence: error.sentence, suggestion: error.suggestion)
    }
    do throws(SphereFileError) {
      return try SphereFile(contentsOf: path).model(
        of: urdf, jointNames: model.jointNames, limits: (lower: Array(limits.lower), upper: Array(limits.upper)))
    } catch {
      throw ConfigurationError(file: error.file, place: nil, sentence: error.sentence, suggestion: error.suggestion)
    }
  }
}

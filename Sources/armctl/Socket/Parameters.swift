internal import Kinematics

/// The parameters of one request after they were checked against the method's specifications.
struct Parameters: Sendable {
  let members: JSONObject

  /// - Throws: −32602 for the first parameter that is unknown, missing, of the wrong type or out of range.
  init(_ members: JSONObject, of method: String, specifications: [ParameterSpecification], jointCount: Int) throws(RPCError) {
    let known = specifications.map(\.name)
    let list = known.isEmpty ? "`\(method)` takes no parameters" : "parameters of `\(method)`: " + known.joined(separator: ", ")
    for name in members.names where !known.contains(name) {
      let nearest = Suggestion.nearest(to: name, among: known)
      throw .parameter(
        name, "`\(method)` has no parameter `\(excerpt(name))`" + (nearest.map { "; did you mean `\($0)`?" } ?? "."), nearest: nearest,
        suggestion: list)
    }
    for specification in specifications {
      if let value = members[specification.name] {
        try specification.check(value, jointCount: jointCount)
      } else if specification.isRequired {
        throw .parameter(
          specification.name,
          "`\(method)` needs `\(specification.name)`: \(specification.expectation(jointCount: jointCount)).", suggestion: list)
      }
    }
    self.members = members
  }

  /// Of values that were checked already.
  init(_ members: JSONObject) { self.members = members }

  func objects(_ name: String) -> [Parameters] { members[name]?.array?.compactMap { $0.object.map { Parameters($0) } } ?? [] }
  func string(_ name: String) -> String? { members[name]?.string }
  func strings(_ name: String) -> [String]? { members[name]?.array?.compactMap(\.string) }
  func bool(_ name: String) -> Bool? { members[name]?.bool }
  func number(_ name: String) -> Double? { members[name]?.number }
  func integer(_ name: String) -> Int? { members[name]?.integer }
  func joints(_ name: String) -> JointVector? { members[name]?.numbers.map { JointVector($0) } }

  func vector(_ name: String) -> SIMD3<Double>? { members[name]?.numbers.flatMap { $0.count == 3 ? SIMD3($0) : nil } }

  /// The quaternion is brought to unit length.
  func pose(_ name: String) -> ToolPose? {
    guard let position = members[name]?["position"]?.numbers, position.count == 3,
      let quaternion = members[name]?["quaternion"]?.numbers, quaternion.count == 4
    else { return nil }
    let raw = SIMD4(quaternion)
    return ToolPose(position: SIMD3(position), quaternion: raw / (raw * raw).sum().squareRoot())
  }
}

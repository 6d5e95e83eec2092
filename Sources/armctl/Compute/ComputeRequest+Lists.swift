internal import Kinematics

/// Lists of names, objects and configurations in a line of input.
extension ComputeRequest {
  func strings(_ name: String) throws(ComputeError) -> [String] {
    guard let array = members[name]?.array, array.allSatisfy({ $0.string != nil }) else {
      throw ComputeError(kind: "not-names", message: "\"\(name)\" must be a list of names")
    }
    return array.compactMap(\.string)
  }

  func objects(_ name: String) throws(ComputeError) -> [ComputeRequest] {
    guard let array = members[name]?.array, array.allSatisfy({ $0.object != nil }) else {
      throw ComputeError(kind: "not-objects", message: "\"\(name)\" must be a list of objects")
    }
    return array.compactMap(\.object).map(ComputeRequest.init(members:))
  }

  /// Configurations of some joints.
  func vectors(_ name: String, joints: [String]) throws(ComputeError) -> [JointVector] {
    guard let value = members[name] else { throw ComputeError(kind: "missing-key", message: "the key \"\(name)\" is missing") }
    guard let rows = value.array else {
      throw ComputeError(kind: "not-a-list", message: "\"\(name)\" must be a list of configurations and is \(value.kindName)")
    }
    var vectors: [JointVector] = []
    vectors.reserveCapacity(rows.count)
    for (index, row) in rows.enumerated() {
      guard let numbers = row.numbers, numbers.count == joints.count else {
        throw ComputeError(
          kind: "wrong-length", message: "element \(index) of \"\(name)\" must be an array of \(Self.counted(joints.count))",
          suggestion: "one for each of \(joints.joined(separator: ", "))")
      }
      vectors.append(JointVector(numbers))
    }
    return vectors
  }
}

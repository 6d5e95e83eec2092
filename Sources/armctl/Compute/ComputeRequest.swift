internal import Kinematics

/// One line of input: a JSON object whose members are asked for by name.
struct ComputeRequest {
  let members: JSONObject

  init(members: JSONObject) { self.members = members }

  init(parsing line: String) throws(ComputeError) {
    let value: JSONValue
    do {
      value = try JSONValue(parsing: line)
    } catch {
      throw .notJSON(error.description)
    }
    guard let object = value.object else { throw .notJSON("it is \(value.kindName)") }
    members = object
  }

  func has(_ name: String) -> Bool { members[name] != nil && members[name] != .null }

  /// - Parameter owners: What each number belongs to, where that has a name.
  func numbers(_ name: String, count: Int, of owners: [String] = []) throws(ComputeError) -> [Double] {
    try numbers(.numbers(name, count: count), count: count, of: owners)
  }

  private func numbers(_ key: NeededKey, count: Int, of owners: [String] = []) throws(ComputeError) -> [Double] {
    let name = key.name
    guard let value = members[name] else { throw missing([key]) }
    guard let numbers = value.numbers else {
      let found = value.array.map { "its element \($0.firstIndex { $0.number == nil } ?? 0) is \($0.first { $0.number == nil }?.shown ?? "")" }
      throw ComputeError(
        kind: "not-numbers", message: "\"\(name)\" must be an array of \(Self.counted(count)), but \(found ?? "it is \(value.kindName)")",
        suggestion: key.advice)
    }
    guard numbers.count == count else {
      let purpose = owners.isEmpty ? "" : ", for \(owners.joined(separator: ", ")),"
      throw ComputeError(
        kind: "wrong-length", message: "\"\(name)\" must hold \(Self.counted(count))\(purpose) and holds \(numbers.count)",
        suggestion: key.advice)
    }
    return numbers
  }

  /// "1 number", "6 numbers".
  static func counted(_ count: Int) -> String { count == 1 ? "1 number" : "\(count) numbers" }

  func vector(_ name: String, count: Int) throws(ComputeError) -> JointVector { JointVector(try numbers(name, count: count)) }

  /// One number for each of some joints, such as its position, velocity, acceleration or effort may be.
  func jointVector(_ name: String, joints: [String]) throws(ComputeError) -> JointVector {
    let numbers = try numbers(name, count: joints.count, of: joints)
    try expectModerate(numbers, of: name)
    return JointVector(numbers)
  }

  /// Beyond it an angle has too few digits left, and squares and products come near what numbers can be.
  private static let largest = 1e9

  private func expectModerate(_ numbers: [Double], of name: String) throws(ComputeError) {
    guard let number = numbers.first(where: { !(abs($0) <= Self.largest) }) else { return }
    throw ComputeError(
      kind: "out-of-range", message: "\"\(name)\" holds \(number), and no number in it may be beyond ±1e9", suggestion: "metres and radians")
  }

  func bool(_ name: String) throws(ComputeError) -> Bool {
    guard let value = members[name], value != .null else { return false }
    guard let bool = value.bool else {
      throw ComputeError(
        kind: "not-boolean", message: "\"\(name)\" must be true or false and is \(value.kindName)", suggestion: "write \"\(name)\":true")
    }
    return bool
  }

  /// A number; nil where it is not given.
  func number(_ name: String) throws(ComputeError) -> Double? {
    guard has(name), let value = members[name] else { return nil }
    guard let number = value.number else {
      throw ComputeError(kind: "not-a-number", message: "\"\(name)\" must be a number and is \(value.shown)")
    }
    return number
  }

  /// An object of which only some members are known, as a request of its own.
  func object(_ name: String, known: [String]) throws(ComputeError) -> ComputeRequest {
    guard let value = members[name] else { throw missing([NeededKey(name: name, example: "{\"\(known.first ?? "")\":…}")]) }
    guard let object = value.object else {
      throw ComputeError(kind: "not-an-object", message: "\"\(name)\" must be an object and is \(value.kindName)")
    }
    let request = ComputeRequest(members: object)
    try request.expectOnly(known)
    return request
  }

  /// One of a few names; nil where it is not given.
  func choice<Choice: RawRepresentable<String> & CaseIterable>(_ name: String) throws(ComputeError) -> Choice? {
    guard has(name) else { return nil }
    let names = Choice.allCases.map(\.rawValue)
    guard let given = members[name]?.string else {
      throw ComputeError(
        kind: "not-a-name", message: "\"\(name)\" must be one of \(names.joined(separator: ", "))", suggestion: "write \"\(name)\":\"\(names[0])\"")
    }
    guard let choice = Choice(rawValue: given) else {
      throw ComputeError(
        kind: "unknown-name", message: "\"\(name)\" cannot be \"\(given)\"; \(Suggestion.phrase(for: given, among: names))",
        suggestion: "write \"\(name)\":\"\(Suggestion.nearest(to: given, among: names) ?? names[0])\"")
    }
    return choice
  }

  /// Four numbers, of whatever length as a vector.
  func quaternion() throws(ComputeError) -> SIMD4<Double> { SIMD4(try numbers(.quaternion, count: 4)) }

  /// The pose in `position` and `quaternion`.
  ///
  /// - Parameter isAnyTurn: Whether the turn does not matter; then the quaternion may be left out.
  func pose(isAnyTurn: Bool = false) throws(ComputeError) -> Pose {
    let position = try numbers("position", count: 3)
    try expectModerate(position, of: "position")
    if isAnyTurn, !has("quaternion") { return Pose(translation: SIMD3(position)) }
    let quaternion = try quaternion()
    let square = (quaternion * quaternion).sum()
    guard abs(square - 1) < 1e-3 else {
      throw ComputeError(
        kind: "not-unit", message: "\"quaternion\" must have the length 1 and has \(square.squareRoot())",
        suggestion: "write it as x, y, z, w, and divide each by the length; [0,0,0,1] turns nothing")
    }
    return Pose(rotation: Rotation(quaternion: quaternion), translation: SIMD3(position))
  }
}

extension JSONValue {
  /// What stands where a number should be.
  fileprivate var shown: String { string.map { "\"\($0.prefix(20))\"" } ?? kindName }
}

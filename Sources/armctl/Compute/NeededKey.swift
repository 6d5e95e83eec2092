internal import Kinematics

/// A key that a line of input cannot do without.
struct NeededKey: Sendable {
  let name: String
  /// A value that it may have, as JSON.
  let example: String
  /// Another key that does in its place, where there is one.
  var alternative: String?

  /// Numbers in a list, such as one for each joint.
  static func numbers(_ name: String, count: Int, or alternative: String? = nil) -> Self {
    Self(name: name, example: "[\(Array(repeating: "0", count: count).joined(separator: ","))]", alternative: alternative)
  }

  /// A turn that turns nothing; four zeros would be none.
  static let quaternion = Self(name: "quaternion", example: "[0,0,0,1]")

  /// What to do where it is missing or wrong.
  var advice: String { Self.advice([self]) }

  static func advice(_ keys: [Self]) -> String {
    "write \(keys.map { "\"\($0.name)\":\($0.example)" }.joined(separator: ",")) with your numbers"
  }
}

extension ComputeRequest {
  /// Throws where a key is missing that a command needs, naming all that are, or where there is one that it does not know.
  func expect(_ needed: [NeededKey], optional: [String] = []) throws(ComputeError) {
    let missing = needed.filter { !has($0.name) && !($0.alternative.map(has) ?? false) }
    let known = needed.flatMap { [$0.name] + ($0.alternative.map { [$0] } ?? []) } + optional
    for name in members.names where !known.contains(name) {
      let meant = Suggestion.nearest(to: name, among: known)
      guard meant == nil, !missing.isEmpty else {
        throw ComputeError(
          kind: "unknown-key", message: "the key \"\(name)\" is unknown; \(Suggestion.phrase(for: name, among: known))",
          suggestion: meant.map { "write \"\($0)\"" } ?? "leave it out")
      }
      throw ComputeError(
        kind: "unknown-key", message: "the key \"\(name)\" is unknown, and \(Self.areMissing(missing))", suggestion: NeededKey.advice(missing))
    }
    guard missing.isEmpty else { throw self.missing(missing) }
  }

  /// Throws where there is a key that a command does not know.
  func expectOnly(_ known: [String]) throws(ComputeError) { try expect([], optional: known) }

  func missing(_ keys: [NeededKey]) -> ComputeError {
    let present = members.isEmpty ? "there is no key at all" : "it has \(members.names.joined(separator: ", "))"
    return ComputeError(kind: "missing-key", message: "\(Self.areMissing(keys)); \(present)", suggestion: NeededKey.advice(keys))
  }

  /// `the key "q" is missing`, `the keys "qd" and "qdd" (or "effort") are missing`.
  private static func areMissing(_ keys: [NeededKey]) -> String {
    let names = keys.map { "\"\($0.name)\"" + ($0.alternative.map { " (or \"\($0)\")" } ?? "") }
    guard names.count > 1 else { return "the key \(names.joined()) is missing" }
    return "the keys \(names.dropLast().joined(separator: ", ")) and \(names.last ?? "") are missing"
  }
}

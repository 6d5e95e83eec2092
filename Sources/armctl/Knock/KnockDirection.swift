/// The twenty-six directions of a cube's faces, edges and corners, in base axes.
struct KnockDirection: Sendable, Equatable {
  let vector: SIMD3<Double>

  static let all: [KnockDirection] = {
    let signs = [-1.0, 0, 1]
    return signs.flatMap { x in signs.flatMap { y in signs.map { z in SIMD3(x, y, z) } } }
      .filter { $0 != .zero }.map { KnockDirection(vector: $0 / ($0 * $0).sum().squareRoot()) }
  }()

  /// As `+x-z`, or as three numbers with commas.
  init?(_ text: String) {
    let numbers = text.split(separator: ",", omittingEmptySubsequences: false).compactMap { Double($0) }
    if numbers.count == 3 {
      let vector = SIMD3(numbers), length = (vector * vector).sum().squareRoot()
      guard length > 1e-9, length.isFinite else { return nil }
      self.vector = vector / length
    } else {
      guard let known = Self.all.first(where: { $0.name == text }) else { return nil }
      self = known
    }
  }

  init(vector: SIMD3<Double>) { self.vector = vector }

  /// As `+x-z` for the twenty-six, else as three numbers.
  var name: String {
    let peak = max(abs(vector.x), abs(vector.y), abs(vector.z))
    let parts = zip(["x", "y", "z"], [vector.x, vector.y, vector.z])
    guard parts.allSatisfy({ abs($0.1) < 1e-9 || abs(abs($0.1) - peak) < 1e-9 }) else { return "\(vector.x),\(vector.y),\(vector.z)" }
    return parts.map { $0.1 > 1e-9 ? "+" + $0.0 : $0.1 < -1e-9 ? "-" + $0.0 : "" }.joined()
  }
}

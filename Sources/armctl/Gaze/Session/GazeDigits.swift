/// Which digit stands beside which thing of the scene: the same for as long as the thing is seen, and when it comes again, unless another one has
/// needed it meanwhile.
struct GazeDigits: Equatable, Sendable {
  private var names = [String?](repeating: nil, count: 9)

  /// - Parameter seen: The things that are there now, by their names.
  mutating func see(_ seen: [String]) {
    for name in seen where digit(of: name) == nil {
      let free = names.firstIndex(of: nil) ?? names.firstIndex { $0.map { !seen.contains($0) } ?? true }
      if let free { names[free] = name }
    }
  }

  /// From 1 to 9; nil for what is one too many.
  func digit(of name: String) -> Int? { names.firstIndex(of: name).map { $0 + 1 } }

  func name(of digit: Int) -> String? { names.indices.contains(digit - 1) ? names[digit - 1] : nil }
}

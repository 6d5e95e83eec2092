/// Makes a free path shorter by free straight ways between places on it.
struct RouteSimplifier: ~Copyable {
  var check: MotionCheck
  var samples: SampleSequence
  static let tries = Int(env("TRIES", 40))
  static let cuts = Int(env("CUTS", 2))
  static let relaxes = Int(env("RELAX", 2))
  static let minGain = env("GAIN", 0.01)

  mutating func simplified(_ path: [JointRow]) -> [JointRow] {
    var path = path
    skipVertices(&path)
    var before = length(path)
    for _ in 0..<Int(env("ROUNDS", 4)) {
      shortcut(&path, tries: Self.tries)
      for _ in 0..<Self.cuts { cutCorners(&path) }
      for _ in 0..<Self.relaxes { relax(&path) }
      skipVertices(&path)
      let now = length(path)
      if now > before * (1 - Self.minGain) { break }
      before = now
    }
    return path
  }

  /// From each vertex straight to the farthest that can be reached so.
  mutating func skipVertices(_ path: inout [JointRow]) {
    var index = 0
    while index + 2 < path.count {
      var target = path.count - 1
      while target > index + 1, !check.isFree(from: path[index], to: path[target]) { target -= 1 }
      path.removeSubrange(index + 1..<target)
      index += 1
    }
  }

  mutating func shortcut(_ path: inout [JointRow], tries: Int) {
    for _ in 0..<tries {
      guard path.count > 2 else { return }
      var lengths: [Float] = [0]
      for (a, b) in zip(path, path.dropFirst()) { lengths.append(lengths[lengths.count - 1] + distance(a, b)) }
      let total = lengths[lengths.count - 1]
      let sample = samples.next()
      let (s, t) = (total * min(sample[0], sample[1]), total * max(sample[0], sample[1]))
      var i = 0, j = 0
      while lengths[i + 1] < s { i += 1 }
      while lengths[j + 1] < t { j += 1 }
      guard i < j else { continue }
      let a = path[i] + (path[i + 1] - path[i]) * ((s - lengths[i]) / (lengths[i + 1] - lengths[i]))
      let b = path[j] + (path[j + 1] - path[j]) * ((t - lengths[j]) / (lengths[j + 1] - lengths[j]))
      guard t - s - distance(a, b) > 0.001 * total else { continue }
      if check.isFree(from: a, to: b) { path.replaceSubrange(i + 1...j, with: [a, b]) }
    }
  }

  mutating func cutCorners(_ path: inout [JointRow]) {
    var index = 1
    while index + 1 < path.count {
      let a = path[index - 1], v = path[index], b = path[index + 1]
      let reach = min(distance(a, v), distance(v, b))
      let ua = (a - v) * (1 / distance(a, v)), ub = (b - v) * (1 / distance(v, b))
      var share: Float = 1
      for _ in 0..<3 {
        let p = v + ua * (reach * share), q = v + ub * (reach * share)
        if 2 * reach * share - distance(p, q) < 0.003 { break }
        if check.isFree(from: p, to: q) {
          path.replaceSubrange(index...index, with: [p, q])
          index += 1
          break
        }
        share /= 2
      }
      index += 1
    }
    // drop doubles
    var result = [path[0]]
    for q in path.dropFirst() where distance(q, result[result.count - 1]) > 1e-5 { result.append(q) }
    result[result.count - 1] = path[path.count - 1]
    path = result
  }

  mutating func relax(_ path: inout [JointRow]) {
    guard path.count > 2 else { return }
    for index in 1..<path.count - 1 {
      let a = path[index - 1], v = path[index], b = path[index + 1]
      let chord = b - a, square = sum(chord * chord)
      let foot = a + chord * max(0, min(1, sum((v - a) * chord) / max(square, 1e-12)))
      var share: Float = 0.5
      for _ in 0..<2 {
        let moved = v + (foot - v) * share
        if distance(a, v) + distance(v, b) - distance(a, moved) - distance(moved, b) < 0.003 { break }
        if check.isFree(from: a, to: moved), check.isFree(from: moved, to: b) {
          path[index] = moved
          break
        }
        share /= 2
      }
    }
  }

  func distance(_ a: JointRow, _ b: JointRow) -> Float { sum((a - b) * (a - b)).squareRoot() }
  func length(_ path: [JointRow]) -> Float { zip(path, path.dropFirst()).reduce(0) { $0 + distance($1.0, $1.1) } }
}

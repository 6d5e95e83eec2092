/// The name that a person most likely meant: the one with the fewest letters to change, if those are at most a third of them.
func nearestName(to word: String, among names: [String]) -> String? {
  let letters = Array(word.lowercased().utf8.prefix(64))
  let distances = names.map { (name: $0, distance: editDistance(letters, Array($0.lowercased().utf8))) }
  guard let best = distances.min(by: { $0.distance < $1.distance }) else { return nil }
  return best.distance <= max(1, max(letters.count, best.name.utf8.count) / 3) ? best.name : nil
}

/// Letters to insert, remove, replace or swap with their neighbour.
private func editDistance(_ a: [UInt8], _ b: [UInt8]) -> Int {
  var beforePrevious: [Int] = []
  var previous = Array(0...b.count)
  for i in a.indices {
    var current = [i + 1]
    for j in b.indices {
      var distance = min(previous[j + 1] + 1, current[j] + 1, previous[j] + (a[i] == b[j] ? 0 : 1))
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { distance = min(distance, beforePrevious[j - 1] + 1) }
      current.append(distance)
    }
    beforePrevious = previous
    previous = current
  }
  return previous[b.count]
}

/// Finds the name that was probably meant, for errors that say what exists instead.
public enum Suggestion {
  /// The candidate nearest to `name`, if it is near enough to be a slip of the finger, the first one where several are equally near; else the only
  /// one that `name` is short for.
  ///
  /// Near enough: one slip in names of up to four letters, two in longer ones. Upper and lower case count as the same letter.
  /// A `name` without bounds is no burden: only candidates of about its length are compared with it letter by letter.
  public static func nearest(to name: String, among candidates: some Sequence<String>) -> String? {
    // No candidate is as long as this, so the rest of a name that is need not be looked at.
    let letters = Array(name.prefix(1000).lowercased())
    var best: (name: String, slips: Int)?
    for candidate in candidates {
      let candidateLetters = Array(candidate.lowercased())
      let allowance = min(letters.count, candidateLetters.count) <= 4 ? 1 : 2
      guard abs(letters.count - candidateLetters.count) <= allowance else { continue }
      let slips = slips(from: letters, to: candidateLetters)
      if slips <= allowance, slips < best?.slips ?? .max { best = (candidate, slips) }
    }
    return best?.name ?? written(shortAs: letters, among: candidates)
  }

  /// The only candidate that begins with so many letters, two at least.
  private static func written(shortAs letters: [Character], among candidates: some Sequence<String>) -> String? {
    guard letters.count >= 2 else { return nil }
    let longer = candidates.filter { $0.lowercased().hasPrefix(String(letters)) }
    return longer.count == 1 ? longer[0] : nil
  }

  /// What to say after a name that does not exist: `did you mean "joint"?`, else the names there are, up to eight of them.
  public static func phrase(for name: String, among candidates: [String]) -> String {
    if let meant = nearest(to: name, among: candidates) { return "did you mean \"\(meant)\"?" }
    guard !candidates.isEmpty else { return "none is known" }
    let shown = candidates.prefix(8).joined(separator: ", ")
    return "known: " + (candidates.count > 8 ? "\(shown) and \(candidates.count - 8) more" : shown)
  }

  /// How many letters must be inserted, dropped, replaced or swapped with their neighbour.
  ///
  /// - Source: the optimal string alignment distance, L. Boytsov, *Indexing methods for approximate dictionary searching* (2011), section 2.
  static func slips(from a: [Character], to b: [Character]) -> Int {
    guard !a.isEmpty, !b.isEmpty else { return max(a.count, b.count) }
    var beforeLast = [Int](), last = Array(0...b.count)
    for i in 1...a.count {
      var row = [i]
      for j in 1...b.count {
        var cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1))
        if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] { cost = min(cost, beforeLast[j - 2] + 1) }
        row.append(cost)
      }
      (beforeLast, last) = (last, row)
    }
    return last[b.count]
  }
}

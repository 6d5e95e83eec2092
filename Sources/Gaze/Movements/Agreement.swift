/// How well two labellings of the same samples agree beyond what chance would do: 1 where they are the same, 0 where it might be chance.
///
/// - Precondition: As many labels of each, and at least one.
/// - Source: Cohen, *A coefficient of agreement for nominal scales*, 1960.
public func cohensKappa(_ a: [Bool], _ b: [Bool]) -> Double {
  precondition(a.count == b.count && !a.isEmpty, "labels of the same samples")
  let count = Double(a.count)
  let same = Double(zip(a, b).count { $0 == $1 }) / count
  let (shareA, shareB) = (Double(a.count { $0 }) / count, Double(b.count { $0 }) / count)
  let chance = shareA * shareB + (1 - shareA) * (1 - shareB)
  return chance < 1 ? (same - chance) / (1 - chance) : 1
}

internal import Foundation

/// Numbers on a square grid, row by row, and the lines on which they have a value.
struct GridField {
  let columns, rows: Int
  var values: [Double]

  subscript(column: Int, row: Int) -> Double { values[row * columns + column] }

  /// Smoothed by a bell curve with a deviation of `width` cells; what is beyond the edge counts as zero.
  func blurred(_ width: Double) -> GridField {
    let reach = Int((3 * width).rounded(.up))
    let bell = (-reach...reach).map { exp(-Double($0 * $0) / (2 * width * width)) }, sum = bell.reduce(0, +)
    var across = self, both = self
    for row in 0..<rows {
      for column in 0..<columns {
        across.values[row * columns + column] =
          (-reach...reach).reduce(0) { (0..<columns).contains(column + $1) ? $0 + bell[$1 + reach] * self[column + $1, row] : $0 } / sum
      }
    }
    for row in 0..<rows {
      for column in 0..<columns {
        both.values[row * columns + column] =
          (-reach...reach).reduce(0) { (0..<rows).contains(row + $1) ? $0 + bell[$1 + reach] * across[column, row + $1] : $0 } / sum
      }
    }
    return both
  }

  /// The closed lines about all that is at least `level`, which they have to their left; in cells, from the first cell's middle.
  ///
  /// - Parameter crossing: Where a line passes between a cell and the next one in its row, or the one above: the share of the way. In
  ///   proportion to the values where nil.
  /// - Source: W. Lorensen and H. Cline, *Marching cubes* (1987), in two dimensions.
  func contours(at level: Double, crossing: (_ column: Int, _ row: Int, _ isAlongRow: Bool) -> Double? = { _, _, _ in nil }) -> [[SIMD2<Double>]] {
    func value(_ column: Int, _ row: Int) -> Double {
      (0..<columns).contains(column) && (0..<rows).contains(row) ? self[column, row] : level - 1
    }
    // A line enters and leaves a square between four values through its sides. Each side has a number: even for those along a row.
    let width = columns + 2
    func place(_ side: Int) -> SIMD2<Double> {
      let column = side / 2 % width - 1, row = side / 2 / width - 1
      let (otherColumn, otherRow) = side % 2 == 0 ? (column + 1, row) : (column, row + 1)
      let here = value(column, row), there = value(otherColumn, otherRow)
      let share = crossing(column, row, side % 2 == 0) ?? (level - here) / (there - here)
      return [Double(column) + (side % 2 == 0 ? share : 0), Double(row) + (side % 2 == 0 ? 0 : share)]
    }
    func side(_ column: Int, _ row: Int, isAlongRow: Bool) -> Int { 2 * ((row + 1) * width + column + 1) + (isAlongRow ? 0 : 1) }

    var next: [Int: Int] = [:], starts: [Int] = []
    for row in -1..<rows {
      for column in -1..<columns {
        let corners = [(0, 0), (1, 0), (1, 1), (0, 1)].map { value(column + $0.0, row + $0.1) >= level }
        guard corners.contains(true), corners.contains(false) else { continue }
        let sides = [
          side(column, row, isAlongRow: true), side(column + 1, row, isAlongRow: false), side(column, row + 1, isAlongRow: true),
          side(column, row, isAlongRow: false),
        ]
        for index in 0..<4 where corners[index] && !corners[(index + 1) % 4] {
          let entry = (1...3).map { (index + $0) % 4 }.first { !corners[$0] && corners[($0 + 1) % 4] } ?? index
          next[sides[index]] = sides[entry]
          starts.append(sides[index])
        }
      }
    }
    var lines: [[SIMD2<Double>]] = []
    for start in starts where next[start] != nil {
      var line: [SIMD2<Double>] = [], side = start
      while let following = next.removeValue(forKey: side) {
        line.append(place(side))
        side = following
      }
      if line.count > 2 { lines.append(line) }
    }
    return lines
  }
}

/// A closed line with every point moved halfway to the middle of its neighbours, twice.
func smoothed(_ loop: [SIMD2<Double>]) -> [SIMD2<Double>] {
  (0..<2).reduce(loop) { line, _ in
    line.indices.map { (line[($0 + line.count - 1) % line.count] + 2 * line[$0] + line[($0 + 1) % line.count]) / 4 }
  }
}

/// A closed line with no more points than it needs to stay within `tolerance` of its old self.
///
/// - Source: D. Douglas and T. Peucker, *Algorithms for the reduction of the number of points* (1973).
func simplified(_ loop: [SIMD2<Double>], tolerance: Double) -> [SIMD2<Double>] {
  guard loop.count > 4 else { return loop }
  func kept(_ range: ClosedRange<Int>) -> [Int] {
    let start = loop[range.lowerBound], end = loop[range.upperBound % loop.count], way = end - start
    let length = max((way * way).sum().squareRoot(), 1e-12)
    var farthest = (index: range.lowerBound, distance: 0.0)
    for index in range.dropFirst().dropLast() {
      let off = loop[index] - start
      let distance = length > 1e-9 ? abs(off.x * way.y - off.y * way.x) / length : (off * off).sum().squareRoot()
      if distance > farthest.distance { farthest = (index, distance) }
    }
    guard farthest.distance > tolerance else { return [range.lowerBound] }
    return kept(range.lowerBound...farthest.index) + kept(farthest.index...range.upperBound)
  }
  let middle = loop.count / 2
  return (kept(0...middle) + kept(middle...loop.count)).map { loop[$0] }
}

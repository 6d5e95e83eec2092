/// Where things are on the screen: the numbers on the left, the arm from two sides on the right, messages and keys below.
struct TeleopLayout: Equatable, Sendable {
  struct Area: Equatable, Sendable {
    var x, y, width, height: Int
  }

  static let least = (width: 60, height: 20)

  let header = 0
  /// Of the panel on the left.
  let panelWidth: Int
  let joints: Int
  let tool: Int
  /// Speed and axes; what is felt; what is taught.
  let jog: Int
  /// The arm from the side and from above; the same scale fits both.
  let side, top: Area
  /// Of two lines each.
  let message, hints: Int

  /// - Returns: Nil where the screen is too small.
  init?(width: Int, height: Int, jointCount: Int) {
    guard width >= Self.least.width, height >= Self.least.height else { return nil }
    panelWidth = width >= 96 ? 42 : 31
    message = height - 4
    hints = height - 2
    // Blank lines where there is room for them.
    let free = message - 1 - jointCount - 3 - 4
    joints = free >= 3 ? 2 : 1
    tool = joints + jointCount + (free >= 1 ? 1 : 0)
    jog = tool + 3 + (free >= 2 ? 1 : 0)
    let left = panelWidth + 1, room = width - left - 1, rows = message - 2
    // Dots are square: two to a column, four to a row.
    let beside = min(room / 2 * 2, rows * 4), stacked = min(room * 2, rows / 2 * 4)
    if beside > stacked {
      let each = (room - 2) / 2
      side = Area(x: left, y: 2, width: each, height: rows - 1)
      top = Area(x: left + room - each, y: 2, width: each, height: rows - 1)
    } else {
      let upper = rows / 2
      side = Area(x: left, y: 2, width: room, height: upper - 1)
      top = Area(x: left, y: 2 + upper, width: room, height: rows - upper - 1)
    }
  }
}

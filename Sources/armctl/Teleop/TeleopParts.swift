// What teleoperation shows and remembers.

extension Teleoperation {
  struct Health: Equatable, Sendable {
    /// Ticks of the loop that were missed, in all.
    var missedTicks = 0
    /// 99th percentile of how long a tick takes [s].
    var tick = 0.0
    /// Shares of the wire's time and of replies.
    var busLoad = 0.0, busErrors = 0.0
  }

  /// A planned motion under way.
  struct Job: Equatable, Sendable {
    var number: Int
    var title: String
    var progress = 0.0
    /// "knocked", "paused"; nil where it just goes on.
    var remark: String?
    /// Whether it is a step of a jog.
    var isStep = false
  }

  /// A planned motion that somebody else asked for.
  struct OtherJob: Equatable, Sendable {
    var client: String
    var progress: Double?
    var pausedBy: String?

    /// - Parameter answer: Of `job.get`; nil where no job is under way.
    init?(_ answer: JSONValue) {
      guard answer["job"]?.integer != nil, let client = answer["client"]?.string else { return nil }
      (self.client, progress, pausedBy) = (client, answer["progress"]?.number, answer["pausedBy"]?.string)
    }

    /// "pick.arm on pts/1 moves the arm, 40 %; space stops it."
    var sentence: String {
      let share = progress.map { ", \(Int(($0 * 100).rounded())) %" } ?? ""
      return pausedBy.map { "A motion of \(client)\(share.isEmpty ? "" : share + ",") is paused by \($0); space ends it." }
        ?? "\(client) moves the arm\(share); space stops it."
    }
  }

  /// A motion that the person may agree to.
  struct Proposal: Equatable, Sendable {
    /// Counts up, so that late answers are known.
    var number: Int
    /// "to home", "back to where the last jog began"
    var title: String
    var method: String
    var parameters: JSONObject
    /// Once it is planned: how long it takes [s], and where it ends [rad; m].
    var duration: Double?
    var end: [Double]?
    /// Where there are obstacles, the nearest that it comes to one [m].
    var clearance: Double?
    /// Why it cannot be.
    var refusal: String?
  }

  enum Panel: Equatable, Sendable {
    case none, help
    /// The poses, with the one that is chosen.
    case poses(Int)
    /// A name that is being typed.
    case naming(String)
    /// Whether to switch the motors off.
    case switchingOff
  }
}

/// An axis that a held key or a deflected stick moves, and how far it is deflected: ±1 of a key.
struct JoggedAxis: Equatable, Sendable {
  var axis: Int
  var share: Double
}

/// Where the arm's parts are, in the base [m].
struct ArmPlaces: Equatable, Sendable {
  /// From the base over the joints to the tool.
  var points: [SIMD3<Double>]
  /// The tool's z axis.
  var toolAxis: SIMD3<Double>
  /// x, y, z, w of the tool.
  var quaternion: SIMD4<Double>

  /// - Parameter answer: Of `model.places`.
  init?(_ answer: JSONValue) {
    guard let rows = answer["joints"]?.array, let place = answer["pose"]?["position"]?.numbers, place.count == 3,
      let q = answer["pose"]?["quaternion"]?.numbers, q.count == 4
    else { return nil }
    let joints = rows.compactMap { $0.numbers.flatMap { $0.count == 3 ? SIMD3($0) : nil } }
    points = [.zero] + joints + [SIMD3(place)]
    quaternion = SIMD4(q)
    toolAxis = [2 * (q[0] * q[2] + q[1] * q[3]), 2 * (q[1] * q[2] - q[0] * q[3]), 1 - 2 * (q[0] * q[0] + q[1] * q[1])]
  }
}

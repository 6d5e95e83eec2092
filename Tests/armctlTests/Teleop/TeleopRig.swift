@testable import armctl

/// Teleoperation on logical time, with a server that answers at once.
struct TeleopRig {
  var teleop: Teleoperation
  private(set) var time = 100.0
  /// Every request and when it was sent, but for the questions that are asked all the time.
  private(set) var sent: [(time: Double, request: ArmRequest<Teleoperation.Purpose>)] = []
  var state: JSONObject
  /// Answers other than the usual ones, by method.
  var refusals: [String: RPCError] = [:]
  /// Whom the lease is taken from.
  var leaseIsTakenFrom: String?
  /// The answer of `job.get`.
  var otherJob: JSONValue = ["job": nil]
  private var jobCount = 0
  private var nextState = 0.0

  static let home = [0, -0.5, 1.5, 0, 0.5, 0]

  init(joints: Int = 6, tellsReleases: Bool = false, hasGripper: Bool = false) {
    let names = ["waist", "shoulder", "elbow", "forearm", "wrist", "roll", "seventh", "eighth"]
    var arm = TeleopArm(
      name: "test", joints: names.prefix(joints).map { TeleopArm.Joint(name: $0, lower: -2, upper: 2, velocity: 1.5) },
      poses: [("home", Array(Self.home.prefix(joints))), ("rest", [Double](repeating: 0, count: joints))])
    arm.hasGripper = hasGripper
    teleop = Teleoperation(arm: arm)
    teleop.deadMan.tellsReleases = tellsReleases
    let numbers = JSONValue(numbers: (0..<joints).map { $0 < 6 ? Self.home[$0] : 0 })
    state = [
      "time": 1, "mode": "hold", "position": numbers, "setpoint": numbers, "external": .array((0..<joints).map { .number(0.1 * Double($0)) }),
      "pose": ["position": [0.3, 0.05, 0.2], "quaternion": [0, 1, 0, 0]], "fault": nil, "homed": true, "hindrance": nil,
    ]
    pass(0.1)
    sent = []
  }

  /// Lets time go by, with states twenty times a second.
  mutating func pass(_ seconds: Double) {
    let end = time + seconds
    while true {
      let next = min(end, nextState, max(teleop.deadline, time))
      time = next
      if time >= nextState {
        teleop.take(state: state, at: time)
        nextState = time + 0.05
      }
      teleop.pass(to: time)
      answer()
      if time >= end { return }
      // What is due now has been done.
      if teleop.deadline <= time { time += 1e-6 }
    }
  }

  mutating func press(_ key: Key, _ phase: KeyEvent.Phase = .press, place: Character? = nil) {
    teleop.take(KeyEvent(key: key, phase: phase, place: place), at: time)
    answer()
  }

  /// What a gamepad or a 3D mouse tells, all of one moment.
  mutating func feel(_ kinds: InputEvent.Kind...) {
    teleop.take((kinds + [.report]).map { InputEvent(time: time, kind: $0) }, at: time)
    answer()
  }

  mutating func plugIn(_ map: DeviceMap) {
    teleop.find(JogDevice(map), named: "Test Pad", at: time)
    answer()
  }

  mutating func unplug() {
    teleop.loseDevice(at: time)
    answer()
  }

  mutating func type(_ text: String) { for character in text { press(.character(character)) } }

  /// As a keyboard without releases tells it.
  mutating func hold(_ key: Key, for seconds: Double, delay: Double = 0.5, interval: Double = 0.04) {
    press(key)
    let end = time + seconds
    pass(min(delay, seconds))
    while time < end {
      press(key)
      pass(min(interval, max(end - time, 1e-3)))
    }
  }

  mutating func tell(event: JSONObject) {
    teleop.take(event: event, at: time)
    answer()
  }

  mutating func tell(job: JSONObject) {
    teleop.take(job: job, at: time)
    answer()
  }

  mutating func forget() { sent = [] }

  var methods: [String] { sent.map(\.request.method) }
  func requests(_ method: String) -> [JSONObject] { sent.filter { $0.request.method == method }.map(\.request.parameters) }

  private mutating func answer() {
    while true {
      let requests = teleop.takeOutbox()
      if requests.isEmpty { return }
      for request in requests {
        if !["health", "lease.get", "job.get", "scene.get", "model.places", "lease.renew"].contains(request.method) { sent.append((time, request)) }
        let result: Result<JSONValue, RPCError> =
          if let refusal = refusals[request.method] { .failure(refusal) } else { .success(usualAnswer(request)) }
        teleop.take(answer: result, for: request.purpose, at: time)
      }
    }
  }

  private mutating func usualAnswer(_ request: ArmRequest<Teleoperation.Purpose>) -> JSONValue {
    switch request.method {
    case "lease.acquire":
      var answer: JSONObject = ["token": "T", "priority": "terminal", "ttl": 0.3]
      answer["from"] = leaseIsTakenFrom.map { .string($0) }
      return .object(answer)
    case "job.get": return otherJob
    case "model.places":
      return [
        "joints": [[0, 0, 0.1], [0, 0, 0.1], [0.1, 0, 0.25], [0.2, 0, 0.25]], "pose": ["position": [0.3, 0.05, 0.2], "quaternion": [0, 1, 0, 0]],
      ]
    case "record.get":
      let points = [Self.home, Self.home.map { $0 + 0.1 }]
      return ["waypoints": .array(points.map { JSONValue(numbers: $0) }), "blend": 0.04, "duration": 3.5]
    case let method where method.hasPrefix("move."):
      if request.parameters["dryRun"] == true { return ["duration": 1.25, "end": JSONValue(numbers: Self.home), "clearance": ["distance": 0.031]] }
      jobCount += 1
      return ["job": .number(Double(jobCount)), "duration": 1.25]
    default: return [:]
    }
  }
}

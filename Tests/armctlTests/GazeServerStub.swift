import Foundation
import Gaze

@testable import armctl

/// A session with a server that agrees to everything at once, and a clock that a test winds. The arm's joint positions are its tool's place.
struct GazeStage {
  var session: GazeSession
  var time = 100.0
  var tool = SIMD3(0.2, 0.0, 0.1)
  var sent: [ArmRequest<GazeSession.Purpose>] = []
  var news: [JSONObject] = []
  /// Every motion is planned to take so long [s], at full speed.
  var duration = 2.0
  var isRefusing: RPCError?
  var gripperRefusal: RPCError?
  /// Of motions of the tool: why it cannot be at a place [m]; nil where it can.
  var isBarred: ((SIMD3<Double>) -> RPCError?)?
  /// What the tracker makes of a sample; false where it sends nothing.
  var lie: ((inout GazeSample) -> Bool)?
  /// So many lines ahead cannot be gone.
  var linesRefused = 0
  /// So many requests that need a lease find that it has ended.
  var leasesEnded = 0
  private var job = 0
  private var stateDue = 0.0
  /// The rest of motions under way, by their job, and where they end.
  private var moving: (job: Int, left: Double, end: SIMD3<Double>)?
  private(set) var isPaused = false

  private var scene: JSONValue

  static let scene: JSONValue = [
    "boxes": [
      ["name": "cup", "center": [0.2, 0.08, 0.02], "halfExtents": [0.02, 0.02, 0.02]],
      ["name": "box", "center": [0.2, -0.08, 0.02], "halfExtents": [0.02, 0.02, 0.02]],
      ["name": "table", "center": [0.2, 0, -0.05], "halfExtents": [0.5, 0.5, 0.05]],
    ]
  ]

  init(_ change: (inout GazeSession.Settings) -> Void = { _ in }, isCalibrated: Bool = true, scene: JSONValue = Self.scene) {
    self.scene = scene
    var settings = GazeSession.Settings()
    change(&settings)
    let calibration = GazePuppet.calibration(of: settings.area, on: settings.plane, noise: 0.003)
    session = GazeSession(settings: settings, calibration: isCalibrated ? calibration : nil)
    session.hasGripper = true
    pass(0.6)
  }

  /// The sample of a look at a place of the table.
  func sample(_ place: SIMD2<Double>, at time: Double? = nil) -> GazeSample {
    let area = session.settings.area
    let share = SIMD2((area.upper.y - place.y) / area.size.y, (area.upper.x - place.x) / area.size.x)
    return GazeSample(time: time ?? self.time, look: .screen(share))
  }

  /// Lets time pass in steps of 5 ms, with looks at a place, if one is given, at `rate` Hz.
  mutating func pass(_ duration: Double, lookingAt place: SIMD2<Double>? = nil, rate: Double = 60, holding key: Key? = nil) {
    let end = time + duration
    var due = time
    while time < end - 1e-9 {
      time += 0.005
      while let place, due <= time {
        due += 1 / rate
        var sample = sample(place, at: due - 1 / rate)
        if lie?(&sample) ?? true { session.take(sample, at: time) }
        serve()
      }
      if let key { session.take(KeyEvent(key: key, phase: .again), at: time) }
      tellState()
      session.pass(to: time)
      serve()
      advance(by: 0.005)
    }
  }

  mutating func press(_ key: Key) {
    session.take(KeyEvent(key: key), at: time)
    session.pass(to: time)
    serve()
  }

  mutating func tell(event: JSONObject) {
    session.take(event: event, at: time)
    serve()
  }

  /// Something else is around the arm, and the session has seen it.
  mutating func change(scene: JSONValue, lookingAt place: SIMD2<Double>? = nil) {
    self.scene = scene
    pass(0.6, lookingAt: place)
  }

  /// The arm carries a cube of 20 mm, in the tool's frame, and the session has seen it.
  mutating func carry(_ name: String, center: [Double]) {
    let boxes =
      (Self.scene["boxes"]?.array ?? []) + [
        ["name": .string(name), "frame": "tool", "center": JSONValue(numbers: center), "halfExtents": [0.01, 0.01, 0.01]]
      ]
    change(scene: ["boxes": .array(boxes)])
  }

  /// The server has ended the motion under way.
  mutating func endMotion() { moving = nil }

  func methods(_ prefix: String) -> [ArmRequest<GazeSession.Purpose>] { sent.filter { $0.method.hasPrefix(prefix) } }
  func kinds() -> [String] { news.compactMap { $0["kind"]?.string } }

  private mutating func tellState() {
    guard time >= stateDue else { return }
    stateDue = time + 0.01
    let state: JSONObject = [
      "time": .number(time * 1e9), "mode": "hold", "position": JSONValue(numbers: [tool.x, tool.y, tool.z]),
      "pose": ["position": JSONValue(numbers: [tool.x, tool.y, tool.z]), "quaternion": [1, 0, 0, 0]],
    ]
    session.take(state: state, at: time)
  }

  /// Answers what was asked, until nothing more is.
  mutating func serve() {
    while true {
      let requests = session.takeOutbox()
      news += session.news
      session.news = []
      if requests.isEmpty { return }
      for request in requests {
        sent.append(request)
        session.take(answer: answer(request), for: request.purpose, at: time)
      }
    }
  }

  private mutating func answer(_ request: ArmRequest<GazeSession.Purpose>) -> Result<JSONValue, RPCError> {
    if let isRefusing, request.method.hasPrefix("move.") { return .failure(isRefusing) }
    if request.method == "move.pose", let place = request.parameters["pose"]?["position"]?.numbers, let refusal = isBarred?(SIMD3(place)) {
      return .failure(refusal)
    }
    if request.parameters["from"] != nil, linesRefused > 0 {
      linesRefused -= 1
      return .failure(RPCError(code: -32006, message: "The line passes so near a singularity.", data: ["kind": "singular", "try": "a joint motion"]))
    }
    if request.parameters["token"] != nil, request.method.hasPrefix("move."), leasesEnded > 0 {
      leasesEnded -= 1
      return .failure(RPCError(code: -32001, message: "The lease of this token has ended.", data: ["kind": "lease.ended"]))
    }
    switch request.method {
    case "lease.acquire": return .success(["token": "T", "priority": "gaze", "ttl": 0.2])
    case "scene.get": return .success(scene)
    case "gripper.set": return gripperRefusal.map { .failure($0) } ?? .success([:])
    case "model.places":
      let place = request.parameters["position"] ?? JSONValue(numbers: [tool.x, tool.y, tool.z])
      return .success(["joints": [[0, 0, 0.1]], "pose": ["position": place, "quaternion": [1, 0, 0, 0]]])
    case "move.pose", "move.linear", "move.to", "move.joints":
      let point = request.parameters["pose"]?["position"] ?? request.parameters["point"] ?? request.parameters["position"]
      let end = point?.numbers ?? [0.2, 0, 0.2]
      let time = duration / (request.parameters["speed"]?.number ?? 1)
      if request.parameters["dryRun"] == true {
        let path: JSONValue = [JSONValue(numbers: [tool.x, tool.y, tool.z]), JSONValue(numbers: end)]
        return .success(["duration": .number(time), "end": JSONValue(numbers: end), "path": path])
      }
      job += 1
      moving = (job, time, SIMD3(end))
      return .success(["job": .number(Double(job)), "duration": .number(time)])
    case "servo.twist":
      let linear = SIMD3(request.parameters["linear"]?.numbers ?? [0, 0, 0])
      velocity = linear
      return .success([:])
    case "pause":
      isPaused = true
      return .success([:])
    case "resume":
      isPaused = false
      return .success([:])
    case "job.cancel", "stop":
      moving = nil
      return .success([:])
    default: return .success([:])
    }
  }

  private(set) var velocity = SIMD3<Double>.zero

  private mutating func advance(by step: Double) {
    tool += velocity * step
    guard let (job, left, end) = moving, !isPaused else { return }
    moving?.left = left - step
    guard left <= step else { return }
    moving = nil
    tool = end
    session.take(job: ["job": .number(Double(job)), "state": "done", "progress": 1], at: time)
    serve()
  }
}

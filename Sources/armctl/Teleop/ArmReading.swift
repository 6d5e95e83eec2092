/// The arm's state as the server tells it, as far as teleoperation shows it.
struct ArmReading: Equatable, Sendable {
  /// What keeps the arm from moving as it is asked to.
  struct Hindrance: Equatable, Sendable {
    /// How much of the wish is brought about, 1 all of it.
    var share: Double
    var message, suggestion: String
  }

  /// [ns]
  var time = 0.0
  var mode = "off"
  /// [rad; m]
  var position: [Double] = []
  var setpoint: [Double] = []
  /// Efforts from outside [N·m; N]; nil where they are not estimated.
  var external: [Double?] = []
  /// Of the tool, in the base [m]; x, y, z, w.
  var place = SIMD3<Double>.zero
  var quaternion = SIMD4<Double>(0, 0, 0, 1)
  var fault: String?
  var isHomed = true
  var hindrance: Hindrance?

  /// Whether somebody may have a hand on it.
  var isLed: Bool { mode == "float" || mode == "comply" }
}

extension ArmReading {
  /// - Parameter state: The answer or notification `state`.
  init(_ state: JSONObject) {
    time = state["time"]?.number ?? 0
    mode = state["mode"]?.string ?? "off"
    position = state["position"]?.numbers ?? []
    setpoint = state["setpoint"]?.numbers ?? []
    external = state["external"]?.array?.map(\.number) ?? []
    if let numbers = state["pose"]?["position"]?.numbers, numbers.count == 3 { place = SIMD3(numbers) }
    if let numbers = state["pose"]?["quaternion"]?.numbers, numbers.count == 4 { quaternion = SIMD4(numbers) }
    fault = state["fault"]?["message"]?.string
    isHomed = state["homed"]?.bool ?? true
    if let hindrance = state["hindrance"]?.object {
      self.hindrance = Hindrance(
        share: hindrance["share"]?.number ?? 1, message: hindrance["message"]?.string ?? "", suggestion: hindrance["try"]?.string ?? "")
    }
  }
}

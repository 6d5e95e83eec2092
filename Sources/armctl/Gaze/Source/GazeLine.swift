internal import Gaze

/// A sample in armctl's own format: one JSON object.
///
///     {"t": 8231456000000, "x": 0.5, "y": 0.25, "conf": 0.9, "valid": true}
///     {"t": 8231456000000, "origin": [0, 0, 0.6], "direction": [0.1, 0.3, 0.9]}
///
/// `t` is in nanoseconds of any clock that runs evenly; x and y are shares of the screen from its upper left corner. What else is in the
/// object is somebody else's.
enum GazeLine {
  /// - Parameter time: When it came [s], for samples without `t`.
  /// - Returns: nil for what is no sample.
  static func sample(_ bytes: [UInt8], time: Double) -> GazeSample? {
    guard let value = try? JSONValue(parsing: bytes), let object = value.object else { return nil }
    return sample(object, time: time)
  }

  static func sample(_ object: JSONObject, time: Double) -> GazeSample? {
    let isValid = object["valid"].map { $0.bool } ?? true
    let confidence = object["conf"].map { $0.number } ?? 1
    let stamp = object["t"].map { $0.number.map { $0 * 1e-9 } } ?? time
    guard let isValid, let confidence, let stamp else { return nil }
    if let x = object["x"]?.number, let y = object["y"]?.number {
      return GazeSample(time: stamp, look: .screen(SIMD2(x, y)), confidence: confidence, isValid: isValid)
    }
    if let origin = object["origin"]?.numbers, let direction = object["direction"]?.numbers, origin.count == 3, direction.count == 3 {
      return GazeSample(time: stamp, look: .ray(origin: SIMD3(origin), direction: SIMD3(direction)), confidence: confidence, isValid: isValid)
    }
    return isValid ? nil : GazeSample(time: stamp, look: .screen(.zero), confidence: 0, isValid: false)
  }

  /// The object of a sample, without a newline.
  static func bytes(_ sample: GazeSample) -> [UInt8] {
    var object: JSONObject = ["t": .number((sample.time * 1e9).rounded())]
    switch sample.look {
    case .screen(let share): (object["x"], object["y"]) = (.number(share.x), .number(share.y))
    case .ray(let origin, let direction):
      object["origin"] = JSONValue(numbers: [origin.x, origin.y, origin.z])
      object["direction"] = JSONValue(numbers: [direction.x, direction.y, direction.z])
    }
    object["conf"] = .number(sample.confidence)
    object["valid"] = .bool(sample.isValid)
    return JSONValue.object(object).bytes
  }
}

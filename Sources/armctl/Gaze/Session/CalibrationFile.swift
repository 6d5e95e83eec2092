internal import Foundation
internal import Gaze

/// A calibration in a file beside the arm file: `gaze-calibration.json`.
enum CalibrationFile {
  static let name = "gaze-calibration.json"

  static func json(_ calibration: GazeCalibration) -> JSONValue {
    func numbers(_ v: SIMD3<Double>) -> JSONValue { JSONValue(numbers: [v.x, v.y, v.z]) }
    let plane = calibration.plane
    var object: JSONObject = [
      "version": 1,
      "plane": ["origin": numbers(plane.origin), "xAxis": numbers(plane.xAxis), "yAxis": numbers(plane.yAxis)],
      "view": ["size": JSONValue(numbers: [calibration.view.size.x, calibration.view.size.y]), "distance": .number(calibration.view.distance)],
      "residuals": .array(calibration.residuals.map { $0.map(JSONValue.number) ?? .null }),
      "noise": .number(calibration.noise), "noiseOnTable": .number(calibration.noiseOnTable),
    ]
    switch calibration.map {
    case .screen(let homography): object["homography"] = JSONValue(numbers: homography.elements)
    case .ray(let pose): object["tracker"] = ["axes": .array(pose.axes.map(numbers)), "origin": numbers(pose.origin)]
    }
    return .object(object)
  }

  /// - Returns: nil for what is no calibration.
  static func calibration(_ value: JSONValue) -> GazeCalibration? {
    func vector(_ value: JSONValue?) -> SIMD3<Double>? { value?.numbers.flatMap { $0.count == 3 ? SIMD3($0) : nil } }
    guard value["version"]?.integer == 1, let origin = vector(value["plane"]?["origin"]), let x = vector(value["plane"]?["xAxis"]),
      let y = vector(value["plane"]?["yAxis"]), let plane = TablePlane(origin: origin, xAxis: x, yAxis: y),
      let size = value["view"]?["size"]?.numbers, size.count == 2, let distance = value["view"]?["distance"]?.number,
      let residuals = value["residuals"]?.array, let noise = value["noise"]?.number, let noiseOnTable = value["noiseOnTable"]?.number,
      size[0] > 0, size[1] > 0, distance > 0, noise >= 0, noiseOnTable >= 0
    else { return nil }
    let map: GazeMap
    if let elements = value["homography"]?.numbers, elements.count == 8 {
      map = .screen(Homography(elements: elements))
    } else if let axes = value["tracker"]?["axes"]?.array?.compactMap({ vector($0) }), axes.count == 3,
      let origin = vector(value["tracker"]?["origin"])
    {
      map = .ray(TrackerPose(axes: axes, origin: origin))
    } else {
      return nil
    }
    return GazeCalibration(
      plane: plane, map: map, residuals: residuals.map(\.number), view: ViewGeometry(size: SIMD2(size[0], size[1]), distance: distance),
      noise: noise, noiseOnTable: noiseOnTable)
  }

  static func read(_ path: String) throws(CommandFailure) -> GazeCalibration? {
    guard let data = FileManager.default.contents(atPath: path) else { return nil }
    guard let value = try? JSONValue(parsing: Array(data)), let calibration = calibration(value) else {
      throw CommandFailure("\(path) is no gaze calibration.", suggestion: "armctl gaze --recalibrate, which writes it anew")
    }
    return calibration
  }

  /// - Returns: What went wrong; nil where nothing did.
  static func write(_ calibration: GazeCalibration, to path: String) -> String? {
    do {
      try Data(json(calibration).bytes + [UInt8(ascii: "\n")]).write(to: URL(fileURLWithPath: path), options: .atomic)
      return nil
    } catch { return "\(error.localizedDescription)" }
  }
}

/// What Pupil Core publishes: a topic, and a datum in MessagePack.
///
/// A gaze datum is a place in the scene camera's picture, which moves with the head; a surface datum is a place on a surface with markers,
/// which does not. In both, (0, 0) is the lower left corner, and a confidence of exactly 0 says that no pupil was seen.
public enum PupilMessage {
  /// What to subscribe to: all gaze, or one surface.
  public static func topic(surface: String?) -> String { surface.map { "surfaces.\($0)" } ?? "gaze." }

  /// The samples in one datum; none in a datum of another kind. Of a surface, one for each eye camera's frame.
  ///
  /// - Throws: ``MessagePack/Failure``.
  public static func samples(_ payload: [UInt8]) throws(MessagePack.Failure) -> [GazeSample] {
    let datum = try MessagePack(reading: payload)
    return (datum["gaze_on_surfaces"]?.elements ?? [datum]).compactMap(sample)
  }

  private static func sample(_ datum: MessagePack) -> GazeSample? {
    guard let place = datum["norm_pos"]?.numbers, place.count == 2, let time = datum["timestamp"]?.number else { return nil }
    let confidence = datum["confidence"]?.number ?? 0
    return GazeSample(time: time, look: .screen(SIMD2(place[0], 1 - place[1])), confidence: confidence, isValid: confidence != 0)
  }
}

internal import Foundation
internal import Gaze

// What is believed, for whoever wants to see it elsewhere: the same that the picture shows.

extension GazeSession {
  /// Lengths in metres, in the plane's coordinates where there are two of them and in the base where there are three.
  func belief(at time: Double) -> JSONObject {
    var belief: JSONObject = ["stream": .string("\(activeGate.state(at: time))"), "rate": .number((sampleRate * 10).rounded() / 10)]
    belief["problem"] = problem(at: time).map(JSONValue.string) ?? .null
    let look = pipeline?.look(at: time)
    belief["look"] = look.map { place($0.place) } ?? .null
    belief["fixation"] = fixation(at: time)
    belief["probabilities"] = probabilities
    belief["undecided"] = .number(intent.inference.entropy)
    belief["target"] = intent.dwell.target.flatMap { intent.targets.indices.contains($0) ? .string(intent.targets[$0].name) : nil } ?? .null
    belief["share"] = .number(intent.dwell.share)
    belief["selected"] = intent.selection.map { .object(Self.members(of: $0)) } ?? .null
    belief["action"] = .string(action.rawValue)
    belief["carried"] = carried.map(JSONValue.string) ?? .null
    belief["state"] = .string(word)
    belief["plan"] = plan
    return belief
  }

  /// What is going on, in one word.
  private var word: String {
    if calibrating != nil || touching != nil { return "calibrating" }
    if isFollowing { return "following" }
    switch errand?.stage {
    case .asking, .rehearsing, .measuring: return "planning"
    case .moving: return "moving"
    case .paused, .stranded: return "paused"
    case .offered: return "offering"
    case nil: return pipeline == nil ? "uncalibrated" : intent.selection == nil ? "looking" : "selected"
    }
  }

  private func fixation(at time: Double) -> JSONValue {
    guard let pipeline, let fixation = pipeline.fixation, let place = pipeline.place(of: fixation) else { return .null }
    return ["place": self.place(place), "seconds": .number(max(0, fixation.end - fixation.start))]
  }

  private var probabilities: JSONValue {
    var likely = JSONObject()
    for (target, probability) in zip(intent.targets, intent.inference.probabilities) { likely[target.name] = .number(probability) }
    return .object(likely)
  }

  private var plan: JSONValue {
    guard let errand else { return .null }
    return [
      "title": .string(errand.title), "step": .number(Double(errand.index + 1)), "steps": .number(Double(errand.steps.count)),
      "progress": .number(errand.progress), "duration": .number(errand.duration),
      "path": .array(errand.path.map { JSONValue(numbers: [$0.x, $0.y, $0.z]) }),
    ]
  }

  private func place(_ place: SIMD2<Double>) -> JSONValue { JSONValue(numbers: [place.x, place.y]) }
}

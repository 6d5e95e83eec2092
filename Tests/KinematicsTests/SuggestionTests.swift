import Kinematics
import Testing

/// The nearest name, as errors propose it.
@Suite struct SuggestionTests {
  struct Case: Sendable {
    let word: String
    let names: [String]
    let nearest: String?
  }

  private static let parameters = ["position", "speed", "token"]

  @Test(arguments: [
    // One slip of each kind
    Case(word: "jiont", names: ["link", "joint"], nearest: "joint"),
    Case(word: "elbw", names: ["elbow"], nearest: "elbow"),
    Case(word: "wrist", names: ["elbow", "waist"], nearest: "waist"),
    Case(word: "sped", names: parameters, nearest: "speed"),
    Case(word: "psition", names: parameters, nearest: "position"),
    Case(word: "postiion", names: parameters, nearest: "position"),
    Case(word: "tokne", names: parameters, nearest: "token"),
    Case(word: "", names: ["a"], nearest: "a"),
    // None
    Case(word: "SHOULDER", names: ["elbow", "shoulder"], nearest: "shoulder"),
    Case(word: "SPEED", names: parameters, nearest: "speed"),
    // Two in a long name, but not in a short one
    Case(word: "positoins", names: parameters, nearest: "position"),
    Case(word: "hme", names: ["rest", "home"], nearest: "home"),
    Case(word: "hm", names: ["rest", "home"], nearest: nil),
    // Written short
    Case(word: "pos", names: parameters, nearest: "position"),
    Case(word: "Vel", names: ["velocity", "effort"], nearest: "velocity"),
    Case(word: "sho", names: ["shoulder_pan", "shoulder_lift"], nearest: nil),
    Case(word: "p", names: parameters, nearest: nil),
    // Another word
    Case(word: "gripper", names: ["elbow", "shoulder"], nearest: nil),
    Case(word: "velocity", names: parameters, nearest: nil),
    Case(word: "", names: parameters, nearest: nil),
    Case(word: "speed", names: [], nearest: nil),
    Case(word: String(repeating: "speed", count: 100_000), names: parameters, nearest: nil),
    // The first of equals
    Case(word: "joint7", names: ["joint1", "joint2"], nearest: "joint1"),
  ])
  func findsTheNameThatWasMeant(_ c: Case) {
    #expect(Suggestion.nearest(to: c.word, among: c.names) == c.nearest)
  }

  @Test func listsWhatThereIs() {
    #expect(Suggestion.phrase(for: "hom", among: ["home", "rest"]) == "did you mean \"home\"?")
    #expect(Suggestion.phrase(for: "re", among: ["home", "rest"]) == "did you mean \"rest\"?")
    #expect(Suggestion.phrase(for: "x9y8z7", among: []) == "none is known")
    #expect(Suggestion.phrase(for: "x9y8z7", among: ["home", "rest"]) == "known: home, rest")
    #expect(Suggestion.phrase(for: "x9y8z7", among: (1...10).map { "joint\($0)" }).hasSuffix("joint8 and 2 more"))
  }
}

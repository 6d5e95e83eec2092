extension ComputeRequest {
  /// The instants that `sample` asks for: an array of times, or a number of even ones from the start to the end. Nil where it is not given.
  func sampleTimes(duration: Double) throws(ComputeError) -> [Double]? {
    guard has("sample"), let value = members["sample"] else { return nil }
    if let times = value.numbers { return times }
    guard let number = value.number, number >= 2, number <= 1_000_000, number == number.rounded() else {
      throw ComputeError(kind: "not-samples", message: "\"sample\" must be an array of times or a whole number of instants, 2 to 1000000")
    }
    let count = Int(number)
    return (0..<count).map { Double($0) / Double(count - 1) * duration }
  }
}

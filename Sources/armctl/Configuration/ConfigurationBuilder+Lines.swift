internal import Yams

// Lines of this computer's GPIO chips.

extension ConfigurationBuilder {
  func gpio() throws(ConfigurationError) -> ArmConfiguration.GPIO {
    let section = top.section("gpio"), inputs = section.section("inputs")
    let gpio = ArmConfiguration.GPIO(
      emergencyStop: section.optionalSection("emergencyStop").map(line), enable: section.optionalSection("enable").map(line),
      inputs: inputs.names.map { .init(name: $0.name, line: line(inputs.section($0.name))) })
    try checkLinesDiffer()
    for (name, mark) in inputs.names where !Self.isName(name) {
      throw error(
        at: mark, "\(inputs.path).\(name) is no name that a script could say", suggestion: "use letters, digits, _ and -, beginning with a letter")
    }
    return gpio
  }

  func gripper() -> ArmConfiguration.Gripper? {
    top.optionalSection("gripper").map { .init(close: line($0.section("close")), duration: $0.number("duration")) }
  }

  private func line(_ section: ConfigurationSection) -> ArmConfiguration.GPIO.Line {
    .init(chip: section.text("chip"), line: Int(section.number("line")), isActiveLow: section.boolean("activeLow"))
  }

  /// A line is for one thing.
  private func checkLinesDiffer() throws(ConfigurationError) {
    let section = top.section("gpio"), inputs = section.section("inputs")
    let sections =
      ["emergencyStop", "enable"].compactMap { section.optionalSection($0) } + inputs.names.map { inputs.section($0.name) }
      + [top.optionalSection("gripper")?.section("close")].compactMap(\.self)
    for (index, later) in sections.enumerated() {
      let line = line(later)
      guard let earlier = sections[..<index].first(where: { self.line($0).chip == line.chip && self.line($0).line == line.line }) else { continue }
      throw error(
        at: later.valueMark(of: "line"), "\(later.path) is line \(line.line) of \(line.chip), which is \(earlier.path) already",
        suggestion: "use two lines")
    }
  }

  private static func isName(_ text: String) -> Bool {
    text.first.map { $0.isASCII && ($0.isLetter || $0 == "_") } ?? false
      && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") }
  }
}

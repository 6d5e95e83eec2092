internal import Foundation
internal import Kinematics

/// What a line that cannot be understood was probably meant to be.
///
/// Knows the slips that people make who come from other languages, or write as they speak. A repair is proposed only where the script is understood
/// with it, at least beyond its line.
struct ScriptRepair {
  /// Slips seldom come alone.
  private static let mostSlips = 4
  private static let mostTrials = 400

  /// - Parameters:
  ///   - text: The whole script.
  ///   - line: From 1.
  ///   - isUnderstood: Whether a script is, at least up to this line.
  /// - Returns: What to write in the line's place; nil where nothing is known that helps.
  static func line(_ line: Int, of text: String, isUnderstood: (String) -> Bool) -> String? {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    guard lines.indices.contains(line - 1) else { return nil }
    let indentation = lines[line - 1].prefix { $0 == " " || $0 == "\t" }
    func isRepaired(_ candidate: String) -> Bool {
      lines[line - 1] = indentation + candidate
      return isUnderstood(lines.joined(separator: "\n"))
    }
    // One slip before two, and in the order of the table.
    let slips = slips
    var tried: Set<String> = [lines[line - 1].trimmingCharacters(in: .whitespaces)], last = Array(tried)
    for _ in 0..<mostSlips {
      var next: [String] = []
      for candidate in last {
        for slip in slips {
          guard tried.count < mostTrials, let mended = slip.mended(candidate), tried.insert(mended).inserted else { continue }
          if isRepaired(mended) { return mended }
          next.append(mended)
        }
      }
      last = next
    }
    return nil
  }

  /// The same where one word alone was mistyped.
  ///
  /// - Parameter word: What was probably meant.
  static func word(at place: SourcePlace, meaning word: String, of text: String, isUnderstood: (String) -> Bool) -> String? {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    guard lines.indices.contains(place.line - 1) else { return nil }
    let line = lines[place.line - 1], start = place.column - 1
    lines[place.line - 1] = line.prefix(start) + word + line.dropFirst(start + place.length)
    return isUnderstood(lines.joined(separator: "\n")) ? lines[place.line - 1].trimmingCharacters(in: .whitespaces) : nil
  }

  /// One kind of slip.
  private struct Slip {
    let pattern: NSRegularExpression
    let mend: ([String]) -> String

    init(_ pattern: String, _ mend: @escaping ([String]) -> String) {
      // The patterns are constants, all of which a test uses.
      guard let pattern = try? NSRegularExpression(pattern: pattern, options: .caseInsensitive) else {
        preconditionFailure("\(pattern) is no pattern")
      }
      (self.pattern, self.mend) = (pattern, mend)
    }

    init(_ pattern: String, _ replacement: String) { self.init(pattern) { _ in replacement } }

    /// With its first match mended; nil where there is none, or where nothing changes.
    func mended(_ text: String) -> String? {
      guard let match = pattern.firstMatch(in: text, range: NSRange(text.startIndex..., in: text)), let range = Range(match.range, in: text) else {
        return nil
      }
      let groups = (0..<match.numberOfRanges).map { index in Range(match.range(at: index), in: text).map { String(text[$0]) } ?? "" }
      let mended = text.replacingCharacters(in: range, with: mend(groups)).trimmingCharacters(in: .whitespaces)
      return mended == text ? nil : mended
    }
  }

  private static let number = #"[-+]?(?:\d+\.?\d*|\.\d+)"#

  private static var slips: [Slip] {
    signs + units + directions + speeds + rows + definitions + blocks + statements + calls + orders + words + omissions
  }

  /// As other languages write it.
  private static var signs: [Slip] {
    [
      Slip(#"\s*(?://|--\s|/\*|;\s*$)(.*)$"#) { $0[1].isEmpty ? "" : "  # " + $0[1].replacing("*/", with: "").trimmingCharacters(in: .whitespaces) },
      Slip(#"^(?:rem|'|%)\s+"#, "# "), Slip(#"["'“”‘’]([A-Za-z_][\w-]*)["'“”‘’]"#) { $0[1] },
      Slip(#"(\#(number))\s*(?:in\b|inch(?:es)?\b|"|″)"#) { plain((254 * (Double($0[1]) ?? 0)).rounded() / 10) + " mm" },
      Slip("°", " deg"), Slip("[–−]", "-"), Slip("[×·]", "*"), Slip(#"\s*@\s*"#, " at "), Slip("&&?", " and "), Slip(#"\|\|?"#, " or "),
      Slip(#"(^if\s[^=]*)=(?!=)"#) { $0[1] + "==" },
      Slip(#"\b(?:then|times)\s*:?\s*$"#, ""), Slip(#"[:{]\s*$"#, ""), Slip(#"^\}$"#, "end"),
    ]
  }

  /// Units by their names.
  private static var units: [Slip] {
    [
      Slip(#"(?<=[\d\s])mill?imet(?:er|re)s?\b"#, "mm"), Slip(#"(?<=[\d\s])centimet(?:er|re)s?\b"#, "cm"), Slip(#"(?<=[\d\s])met(?:er|re)s?\b"#, "m"),
      Slip(#"(?<=[\d\s])(?:secs?|seconds?)\b"#, "s"), Slip(#"(?<=[\d\s])(?:milliseconds?|msecs?)\b"#, "ms"),
      Slip(#"(?<=[\d\s])(?:minutes?|mins)\b"#, "min"),
      Slip(#"(?<=[\d\s])(?:degrees?|degs)\b"#, "deg"), Slip(#"(?<=[\d\s])radians?\b"#, "rad"), Slip(#"\s*\b(?:percent|pct)\b"#, "%"),
      Slip(#"(?<=[a-z])\s*(?:/\s*sec(?:ond)?s?|per\s+s(?:ec(?:ond)?)?)\b"#, "/s"), Slip(#"\bmmps\b"#, "mm/s"),
      // A number with a name has its unit, or gets one.
      Slip(#"((?:by|to|via)\s.*?\b[A-Za-z_][\w-]*)\s+(?:mm|cm|m)\b"#) { $0[1] },
      Slip(#"((?:by|to|via)\s.*?)\b([A-Za-z_][\w-]*)\s+(mm|cm|m)\b"#) { "\($0[1])(\($0[2]) * 1 \($0[3]))" },
    ]
  }

  /// Directions by their names.
  private static var directions: [Slip] {
    [
      Slip(#"^(?:line|move|go)?\s*(?:by\s+)?(up|down|left|right|forwards?|backwards?|back)\s+(?:by\s+)?(\#(number))\s*(mm|cm|m)?"#, direction),
      Slip(#"^(?:line|move|go)\s*(?:by\s+)?(?:in\s+)?([xyz])\s*=?\s*(\#(number))\s*(mm|cm|m)?"#, direction),
      Slip(#"^move\s+by\b"#, "line by"), Slip(#"^line\s+(?=[-\d(\[])"#, "line by "), Slip(#"^by\b"#, "line by"),
      Slip(#"^line\s+by\s+(\#(number))\s*(mm|cm|m)\s*$"#) { "line by \($0[1]) 0 0 \($0[2])" },
      Slip(#"^line\s+by\s+(\#(number))\s+(\#(number))\s*(mm|cm|m)\s*$"#) { "line by \($0[1]) \($0[2]) 0 \($0[3])" },
      Slip(#"\bin\s+(?:world|robot)\b"#, "in base"), Slip(#"\bin\s+(?:tcp|hand|flange)\b"#, "in tool"),
    ]
  }

  private static var speeds: [Slip] {
    [
      Slip(#"^at\b"#, "speed"), Slip(#"\s*,\s*(?=\#(number)\s*%)"#, " at "), Slip(#"\bat\s+(?:a\s+)?speed\b"#, "at"),
      Slip(#"(?<=\S)\s+(?:with\s+)?(?:speed|velocity|vel)\s*=?\s*"#, " at "),
      Slip(#"(?<=[a-z\d\]])\s+(\#(number))\s*%"#) { " at \($0[1])%" },
      Slip(#"\b(at|speed)\s+(0?\.\d+|1(?:\.0*)?)\s*$"#) { "\($0[1]) \(plain((1000 * (Double($0[2]) ?? 1)).rounded() / 10))%" },
      Slip(#"\b(at|speed)\s+(?:full|fast|max(?:imum)?|top)(?:\s+speed)?\b"#) { "\($0[1]) 100%" },
      Slip(#"\b(at|speed)\s+half(?:\s+speed)?\b"#) { "\($0[1]) 50%" },
      Slip(#"\b(at|speed)\s+slow(?:ly)?(?:\s+speed)?\b"#) { "\($0[1]) 20%" }, Slip(#"\s+slowly$"#, " at 20%"),
      Slip(#"\s+(?:fast|quickly)$"#, " at 100%"),
    ]
  }

  /// Three numbers of a place or an offset, and joint positions.
  private static var rows: [Slip] {
    [
      Slip(#"[(\[]\s*(\#(number)(?:\s*\w+)?)\s*,\s*(\#(number)(?:\s*\w+)?)\s*,\s*(\#(number)(?:\s*\w+)?)\s*[)\]]"#) { "\($0[1]) \($0[2]) \($0[3])" },
      Slip(#"(by|to|via|move|=)\s+(\#(number)(?:\s*[a-z]+)?)\s*,\s*(\#(number)(?:\s*[a-z]+)?)\s*,\s*(\#(number))(?!\s*,)"#) {
        "\($0[1]) \($0[2]) \($0[3]) \($0[4])"
      },
      Slip(#"\(\s*((?:\#(number)\s*(?:deg|rad)?\s*,?\s*){4,8})\)"#) { "[\($0[1])]" },
      Slip(#"(?<![\[\d.,-])((?:\#(number)\s*,?\s*){4,8})(?=deg|rad|$)"#) { "[\($0[1].trimmingCharacters(in: .whitespaces))] " },
      Slip(#"\[([^\],]*\#(number)\s+\#(number)[^\],]*)\]"#) { "[\($0[1].split(separator: " ").joined(separator: ", "))]" },
    ]
  }

  private static var definitions: [Slip] {
    [
      Slip(#"^(?:var\s+|const\s+|set\s+|int\s+|float\s+|double\s+)?([A-Za-z_][\w-]*)\s*:?=(?!=)"#) { "let \($0[1]) =" },
      Slip(#"^(?:let\s+)?([A-Za-z_][\w-]*)\s*=\s*(?=\[)"#) { "pose \($0[1]) = " },
      Slip(#"^(pose|place|let|routine)\s+([A-Za-z_][\w-]*)(?!\s*=\s*=)"#) { "\($0[1]) my-\($0[2])" },
      Slip(#"^(?:pose|let)\s+([A-Za-z_][\w-]*)\s*=\s*(?=\#(number)\s+\#(number)\s+\#(number)\b)"#) { "place \($0[1]) = " },
      Slip(#"^(pose|place|let)\s+([A-Za-z_][\w-]*)\s+(?=[\[\d-])"#) { "\($0[1]) \($0[2]) = " },
    ]
  }

  private static var blocks: [Slip] {
    [
      Slip(#"^(?:for|repeat)\s+([A-Za-z_]\w*)\s+(?:in|=)\s+(?:range\s*)?\(?(?:[01]\s*(?:\.\.\.?|to|,|-)\s*)?(\d+)\)?"#) {
        "repeat \($0[2]) as \($0[1])"
      },
      Slip(#"^(?:loop|do|for)\s+(?=\d)"#, "repeat "), Slip(#"^(?:while\s+true|while\s+1|loop|forever|repeat(?:\s+forever)?)\s*$"#, "repeat 10000"),
      Slip(#"^(?:def|func(?:tion)?|sub|proc)\s+([A-Za-z_]\w*)\s*\(?([^)]*)\)?"#) { "routine \($0[1]) \($0[2])" },
      Slip(#"^(?:do\s+|call\s+)?([A-Za-z_][\w-]*)\s*\(([^)]*)\)\s*$"#) { "do \($0[1]) \($0[2])" }, Slip(#"^call\b"#, "do"),
      Slip(#"^(?:elif|elseif|elsif)\b"#, "else if"), Slip(#"^(?:endif|endfor|endloop|done|fi|next|end\s+\w+)$"#, "end"),
      Slip(#"^on\s+(knock|fault)\s*:?\s*(?:do|call|then)\s+"#) { "on \($0[1]) " }, Slip(#"^on\s+(?:collision|contact|touch|bump|hit)\b"#, "on knock"),
    ]
  }

  private static var statements: [Slip] {
    [
      Slip(#"^(?:go\s+to|goto|go|move\s*j|movej)\b"#, "move"),
      Slip(#"^(?:movel|linear|move\s+linear(?:ly)?)\s+(?=[-\d(\[])"#, "line to "), Slip(#"^(?:movel|linear|move\s+linear(?:ly)?)\b"#, "line"),
      Slip(#"^(move|line)(\s+to)?\s+(?:the\s+)?(?:pose|place|position|point)\s+"#) { "\($0[1])\($0[2]) " },
      Slip(#"^(?:sleep|delay|pause|wait)\s*$"#, "wait 1 s"), Slip(#"^(?:sleep|delay|pause|wait\s+(?:for|until))\b"#, "wait"),
      Slip(#"^(wait\s+(?:contact|input\s+\S+))\s+(?:for\s+)?(?=\d)"#) { "\($0[1]) at most " },
      Slip(#"^open\s*(?:the\s+)?(?:gripper|hand|claw)?$"#, "gripper open"), Slip(#"^close\s*(?:the\s+)?(?:gripper|hand|claw)?$"#, "gripper close"),
      Slip(#"^(?:grip|grasp|grab)$"#, "gripper close"), Slip(#"^(?:release|let\s+go)$"#, "gripper open"),
      Slip(#"^(?:stop|exit|quit|halt|return|print\b.*|echo\b.*|import\b.*)$"#) { "# \($0[0])" },
      Slip(#"^([A-Za-z_][\w-]*)$"#) { "move \($0[1])" }, Slip(#"^([A-Za-z_][\w-]*)$"#) { "do \($0[1])" }, Slip(#"^(\S+)"#) { $0[1].lowercased() },
      Slip(#"^.*[A-Z].*$"#) { $0[0].lowercased() },
    ]
  }

  /// As programs for other arms say it.
  private static var calls: [Slip] {
    let axis = #"\s*[=:]?\s*(\#(number)(?:\s*(?:mm|cm|m))?)\s*,?\s*"#
    return [
      Slip(#"^(?:robot|arm|self|time|await|please)\s*\.?\s*(?=[A-Za-z])"#, ""),
      Slip(#"^([A-Za-z_][\w.-]*)\s*\(\s*(.*?)\s*\)\s*$"#) { "\($0[1]) \($0[2])" },
      Slip(#"^gripper\s*[.=:]\s*"#, "gripper "), Slip(#"^(open|close)[_-](?:gripper|hand|claw)\b"#) { "gripper \($0[1].lowercased())" },
      Slip(#"^gripper\s+(?:to\s+)?(open|close)(?:e?d|s|ing)\b"#) { "gripper \($0[1].lowercased())" },
      Slip(#"^move[_-]?(?:to|joints?)\b"#, "move"), Slip(#"^(?:move[_-]?)?lin(?:e[_-]to)?\b"#, "line to"), Slip(#"^g0?[01]\b"#, "line to"),
      Slip(#"^g4\s*p\s*(\#(number))$"#) { "wait \($0[1]) ms" }, Slip(#"^g28$"#, "move home"),
      Slip(#"\bx\#(axis)y\#(axis)z\#(axis)"#) { "\($0[1]) \($0[2]) \($0[3]) " },
      Slip(#"^include\s+['‘“]?([^'"’”]+?)['’”]?$"#) { "include \"\($0[1])\"" },
      Slip(#"^(?:log|say|display|alert|puts|printf?|console)\b.*$"#) { "# \($0[0])" }, Slip(#"(?:\.|!|,?\s*please)$"#, ""),
    ]
  }

  /// What is to happen when, and where things are, in another order.
  private static var orders: [Slip] {
    let length = #"\#(number)\s*(?:mm|cm|m)"#, name = #"[A-Za-z_][\w-]*"#
    return [
      Slip(#"^on\s+(\w+)"#) { "on \(Suggestion.nearest(to: $0[1], among: ScriptStatement.Trigger.allCases.map(\.rawValue)) ?? $0[1])" },
      Slip(#"^on\s+(knock|fault)\s+(?:retry|again|continue|go[\s-]on|ignore|repeat|restart|try\s+again)\b"#) { "on \($0[1]) resume" },
      Slip(#"^on\s+(knock|fault)\s+(?:abort|halt|exit|quit|end|cancel)\b"#) { "on \($0[1]) stop" },
      Slip(#"^(?:when|if|upon)\s+(?:it\s+is\s+|the\s+arm\s+is\s+)?(knock|fault)(?:ed|s)?\s*[,:]?\s*(?:then\s+)?"#) { "on \($0[1]) " },
      Slip(#"^(.*?\b)(\#(name))\s+above(?:\s+by)?\s+(\#(length))"#) { "\($0[1])\($0[3]) above \($0[2])" },
      Slip(#"^(.*?\b)above\s+(\#(name))(?:\s+by)?\s+(\#(length))"#) { "\($0[1])\($0[3]) above \($0[2])" },
      Slip(#"^(.*?\b)(\#(name))\s*\+\s*(\#(length))"#) { "\($0[1])\($0[3]) above \($0[2])" },
      Slip(#"(\#(length))\s+(?:over|on\s+top\s+of|higher\s+than)\b"#) { "\($0[1]) above" },
      Slip(#"^(?:line|move|go)?\s*(?:by\s+)?(\#(number))\s*(mm|cm|m)?\s*(up|down|left|right|forwards?|backwards?|back)(?:wards?)?\b"#) {
        direction([$0[0], $0[3], $0[1], $0[2]])
      },
      Slip(#"^(?:line|move|go)?\s*(?:by\s+)?(\#(number))\s*(mm|cm|m)?\s*(?:in|along|on)\s+(?:the\s+)?([xyz])(?:[\s-]axis)?\b"#) {
        direction([$0[0], $0[3], $0[1], $0[2]])
      },
      Slip(#"^(?:lift|raise|rise)\b(?:\s+by)?"#, "up"), Slip(#"^(?:lower|sink|descend)\b(?:\s+by)?"#, "down"),
    ]
  }

  /// In words that mean the same.
  private static var words: [Slip] {
    let name = #"[A-Za-z_][\w-]*"#
    return [
      Slip(#"^(slowly|quickly|fast)\s+(.*)$"#) { "\($0[2]) \($0[1])" },
      Slip(#"\b(?:turned|pointing|facing|looking)\s+down(?:wards?)?\b"#, "turned 180 0 0 deg"),
      Slip(#"^wait\s+(?:for\s+|until\s+)?(?:a\s+)?(?:touch(?:ed)?|contact|bump)\b"#, "wait contact"),
      Slip(#"^wait\s+(?:for\s+|until\s+)?(?:input\s+)?(\#(name))\s+(?:is\s+)?(on|off)\b"#) { "wait input \($0[1]) \($0[2])" },
      Slip(#"^wait\s+(?:for\s+|until\s+)?(\#(name))"#) { "wait input \($0[1])" },
      Slip(#"\b(?:for\s+at\s+most|max(?:imum)?|timeout|within|up\s+to)\s+(?=\d)"#, "at most "),
      Slip(#"^(?:set\s+)?(speed|blend)\s*(?:to|=|:|is)\s*"#) { "\($0[1]) " },
      Slip(#"^(?:set|let)\s+(\#(name))\s*(?:to|is|be|:)\s+"#) { "let \($0[1]) = " },
      Slip(#"^(\d+)\s*(?:times|x)\b"#) { "repeat \($0[1])" }, Slip(#"^end(?:if|for|loop|repeat|while|routine|def)$"#, "end"),
    ]
  }

  /// What is left out.
  private static var omissions: [Slip] {
    [
      Slip(#"(?<=\d),(?=\d)"#, "."), Slip(#"^line\s+(?!to\b|by\b)"#, "line to "),
      Slip(#"^move\s+[(\[]\s*([A-Za-z_][\w-]*)\s*[)\]]"#) { "move \($0[1])" },
      Slip(#"^wait\s+(\#(number))$"#) { "wait \($0[1]) \((Double($0[1]) ?? 0) < 100 ? "s" : "ms")" },
      Slip(#"((?:by|to|via|=)\s+\#(number)\s+\#(number)\s+\#(number))(?=\s*$|\s+(?:at|blend|in|turned|to)\b)"#) { groups in
        // Nobody says millimetres in hundredths.
        let lengths = groups[1].split(separator: " ").compactMap { Double($0) }
        let areMetres = lengths.allSatisfy { abs($0) < 2 } && lengths.contains { $0 != $0.rounded() }
        return "\(groups[1]) \(areMetres ? "m" : "mm")"
      },
      Slip(#"(turned\s+\#(number)\s+\#(number)\s+\#(number))(?=\s*$|\s+(?:at|blend)\b)"#) { "\($0[1]) deg" },
      Slip(#"^(.*\bblend\s+\#(number))\s*$"#) { "\($0[1]) mm" }, Slip(#"^(.*\bblend\s+\#(number))\s*(?:mm)?\s*$"#) { "\($0[1]) deg" },
      Slip(#"\b(at|speed)\s+(\#(number))\s*$"#) { "\($0[1]) \($0[2])%" },
      Slip(#"^move\s+(?:to\s+)?(?=[-\d.])"#, "line to "),
    ]
  }

  /// "up 50 mm" as an offset along the base's axes.
  private static func direction(_ groups: [String]) -> String {
    let word = groups[1].lowercased(), isBack = ["down", "right", "back", "backward", "backwards"].contains(word)
    let axis = ["x", "forward", "forwards", "back", "backward", "backwards"].contains(word) ? 0 : ["y", "left", "right"].contains(word) ? 1 : 2
    var row = ["0", "0", "0"]
    let size = groups[2].trimmingCharacters(in: CharacterSet(charactersIn: "+"))
    row[axis] = !isBack ? size : size.hasPrefix("-") ? String(size.dropFirst()) : "-" + size
    return "line by \(row.joined(separator: " ")) \(groups.count > 3 && !groups[3].isEmpty ? groups[3] : "mm")"
  }
}

internal import Kinematics
internal import Yams

/// A section of the arm file whose keys, types and ranges are as ``ConfigurationTable`` has them. Keys that are left out have their defaults.
struct ConfigurationSection {
  /// As the file names it, such as `joints.elbow.motor`; empty at the top.
  let path: String
  /// As the table names it, such as `joints.JOINT.motor`.
  let pattern: String
  /// Of its key; nil where the file leaves the section out.
  let mark: Mark?
  private var entries: [(name: String, keyMark: Mark?, value: Value)] = []

  /// A number's place is kept for errors that only a second look finds.
  enum Value {
    case section(ConfigurationSection)
    case text(String, Mark?)
    case number(Double, Mark?)
    case numbers([(value: Double, mark: Mark?)], Mark?)
    case boolean(Bool)
  }

  /// A section that the file leaves out.
  private init(absent pattern: String, path: String) {
    self.path = path
    self.pattern = pattern
    mark = nil
  }

  /// Reads and checks the whole file.
  init(_ document: ConfigurationDocument) throws(ConfigurationError) {
    try self.init(document.root, path: "", pattern: "", mark: nil, document: document)
  }

  private init(_ node: Node, path: String, pattern: String, mark: Mark?, document: ConfigurationDocument) throws(ConfigurationError) {
    self.path = path
    self.pattern = pattern
    self.mark = mark ?? node.mark
    let title = path.isEmpty ? "the file" : path
    let keys = ConfigurationTable.keys(in: pattern)
    guard let mapping = node.mapping else {
      throw document.error(
        at: node.mark ?? mark, "\(title) has to hold keys, such as \(keys.first?.name ?? "name")",
        suggestion: "write KEY: VALUE, one a line, indented alike")
    }
    for (keyNode, valueNode) in mapping {
      guard let name = keyNode.scalar?.string else {
        throw document.error(at: keyNode.mark, "a key of \(title) is no word", suggestion: "write KEY: VALUE")
      }
      let key = try Self.key(named: name, at: keyNode.mark, among: keys, path: path, pattern: pattern, document: document)
      let entryPath = path.isEmpty ? name : "\(path).\(name)"
      let value = try Self.value(valueNode, key: key, path: entryPath, mark: keyNode.mark, document: document)
      entries.append((name, keyNode.mark, value))
    }
    try requireKeys(keys, document: document, title: title)
  }

  private static func key(
    named name: String, at mark: Mark?, among keys: [ConfigurationKey], path: String, pattern: String, document: ConfigurationDocument
  ) throws(ConfigurationError) -> ConfigurationKey {
    if let key = keys.first(where: { $0.name == name }) { return key }
    if let key = keys.first(where: \.hasFreeName) { return key }
    let names = keys.map(\.name)
    let place = path.isEmpty ? "" : " in \(path)"
    if let planned = ConfigurationTable.planned.first(where: { $0.path == (pattern.isEmpty ? name : "\(pattern).\(name)") }) {
      throw document.error(
        at: mark, "\"\(name)\"\(place) is for \(planned.purpose), which is not built yet; built: \(names.joined(separator: ", "))",
        suggestion: "remove it")
    }
    guard Double(name) == nil else {
      throw document.error(
        at: mark, "\"\(name)\"\(place) stands where a key belongs", suggestion: "write numbers with a decimal point, not with a comma")
    }
    let nearest = Suggestion.nearest(to: name, among: names)
    let known = nearest.map { "did you mean \"\($0)\"?" } ?? "known: \(names.joined(separator: ", "))"
    throw document.error(
      at: mark, "the key \"\(name)\" is unknown\(place); \(known)", suggestion: nearest.map { "write \($0)" } ?? "remove it, or use one of those")
  }

  private func requireKeys(_ keys: [ConfigurationKey], document: ConfigurationDocument, title: String) throws(ConfigurationError) {
    for key in keys where entries.allSatisfy({ $0.name != key.name }) {
      guard case .required = key.presence else { continue }
      if key.hasFreeName {
        guard entries.isEmpty else { continue }
        throw document.error(at: mark, "\(title) is empty", suggestion: "name at least one \(key.name.lowercased()) in it")
      }
      throw lacks(key, document: document)
    }
  }

  private func lacks(_ key: ConfigurationKey, document: ConfigurationDocument) -> ConfigurationError {
    document.error(
      at: mark,
      "\(path.isEmpty ? "the file" : path) lacks the key \"\(key.name)\""
        + (entries.isEmpty ? "" : "; it has \(entries.map(\.name).joined(separator: ", "))"),
      suggestion: "add \(key.name): \(key.example)")
  }

  /// What is said where a key is missing that only some files need.
  func lacks(_ name: String, document: ConfigurationDocument) -> ConfigurationError {
    guard let key = ConfigurationTable.keys(in: pattern).first(where: { $0.name == name }) else {
      preconditionFailure("\(joined(pattern, name)) is no key")
    }
    return lacks(key, document: document)
  }

  private static func value(
    _ node: Node, key: ConfigurationKey, path: String, mark: Mark?, document: ConfigurationDocument
  ) throws(ConfigurationError) -> Value {
    let reader = ConfigurationValueReader(node: node, key: key, path: path, mark: node.mark ?? mark, document: document)
    switch key.kind {
    case .section, .named: return .section(try Self(node, path: path, pattern: key.path, mark: mark, document: document))
    case .textOrSection where node.mapping != nil: return .section(try Self(node, path: path, pattern: key.path, mark: mark, document: document))
    case .text, .textOrSection: return .text(try reader.text(), node.mark)
    case .word(let words, let planned): return .text(try reader.word(words, planned: planned), node.mark)
    case .integer(let range): return .number(Double(try reader.integer(in: range)), node.mark)
    case .choice(let choices): return .number(Double(try reader.choice(choices)), node.mark)
    case .number(let range): return .number(try reader.number(in: range), node.mark)
    case .numbers(let count, let range): return .numbers(try reader.numbers(count: count, in: range), node.mark)
    case .boolean: return .boolean(try reader.boolean())
    }
  }
}

// MARK: - Looking up

extension ConfigurationSection {
  /// The names that the file chooses, in its order, with their places.
  var names: [(name: String, mark: Mark?)] { entries.map { ($0.name, $0.keyMark) } }

  private func value(_ name: String) -> Value? { entries.first { $0.name == name }?.value }

  /// Where the key stands; the section where it is left out.
  func mark(of name: String) -> Mark? { entries.first { $0.name == name }?.keyMark ?? mark }

  /// Where the key's value stands.
  func valueMark(of name: String) -> Mark? {
    switch value(name) {
    case .text(_, let mark), .number(_, let mark), .numbers(_, let mark): mark
    default: self.mark(of: name)
    }
  }

  /// The section of that name, empty where the file leaves it out.
  func section(_ name: String) -> ConfigurationSection {
    optionalSection(name) ?? ConfigurationSection(absent: joined(pattern, name), path: joined(path, name))
  }

  func optionalSection(_ name: String) -> ConfigurationSection? {
    guard case .section(let section) = value(name) else { return nil }
    return section
  }

  func text(_ name: String) -> String { optionalText(name) ?? fallback(name) }

  func optionalText(_ name: String) -> String? {
    guard case .text(let text, _) = value(name) else { return nil }
    return text
  }

  /// - Precondition: The table requires the key, or gives it a default.
  func number(_ name: String) -> Double {
    guard let number = optionalNumber(name) ?? Double(fallback(name)) else { preconditionFailure("\(joined(pattern, name)) has no default") }
    return number
  }

  func optionalNumber(_ name: String) -> Double? {
    guard case .number(let number, _) = value(name) else { return nil }
    return number
  }

  func optionalNumbers(_ name: String) -> [(value: Double, mark: Mark?)]? {
    guard case .numbers(let numbers, _) = value(name) else { return nil }
    return numbers
  }

  func boolean(_ name: String) -> Bool {
    guard case .boolean(let value) = value(name) else { return fallback(name) == "true" }
    return value
  }

  private func fallback(_ name: String) -> String {
    guard let key = ConfigurationTable.keys(in: pattern).first(where: { $0.name == name }), case .defaults(let value) = key.presence else {
      preconditionFailure("\(joined(pattern, name)) has no default")
    }
    return value
  }

  private func joined(_ path: String, _ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }
}

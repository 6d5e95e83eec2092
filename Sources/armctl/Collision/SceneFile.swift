internal import Foundation
internal import Planner
internal import Yams

/// A file of what is around the arm, in YAML or JSON: lists of `spheres`, `boxes`, `cylinders`, `capsules`, `halfSpaces` and `clouds`.
struct SceneFile {
  /// Sound, each with a name of its own.
  let items: [SceneItem]
  private let file, text: String

  /// More than a full scene takes [bytes]. Clouds are files of their own.
  private static let capacity = 4 << 20
  private static let mend = "correct it there"

  init(contentsOf path: String) throws(ConfigurationError) {
    func refusal(_ sentence: String, suggestion: String = "give the path of a scene file that you may read") -> ConfigurationError {
      ConfigurationError(file: path, place: nil, sentence: sentence, suggestion: suggestion)
    }
    let attributes = try? FileManager.default.attributesOfItem(atPath: path), size = attributes?[.size] as? Int ?? 0
    guard attributes != nil else { throw refusal("there is no such file") }
    guard attributes?[.type] as? FileAttributeType != .typeDirectory else { throw refusal("this is a folder, not a scene file") }
    guard size <= Self.capacity else {
      throw refusal(
        "the file has \(size / 1_000_000) MB, and \(Self.capacity / 1_000_000) is the most", suggestion: CollisionSceneError.tooMany(0).suggestion)
    }
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { throw refusal("the file cannot be read as text") }
    try self.init(text, file: path)
  }

  /// - Parameter file: What errors call it; paths in it count from its folder.
  init(_ text: String, file: String) throws(ConfigurationError) {
    (self.text, self.file) = (text, file)
    let value = try Self.value(of: text, file: file), folder = (file as NSString).deletingLastPathComponent
    guard value != .null else {
      items = []
      return
    }
    guard let members = value.object else {
      throw ConfigurationError(
        file: file, place: nil, sentence: "the file holds \(value.kindName) instead of lists such as \"boxes\"", suggestion: Self.mend)
    }
    do throws(ComputeError) {
      let request = ComputeRequest(members: members)
      try request.expectOnly(ComputeRequest.sceneLists)
      items = try request.sceneItems(folder: folder)
    } catch {
      throw Self.error(error.message, in: text, file: file) { list, thing in
        guard ComputeRequest.sceneLists.contains(list) else { return true }
        return (try? ComputeRequest(members: [list: .array([thing])]).sceneItems(folder: folder)) == nil
      }
    }
    do throws(CollisionSceneError) { _ = try CollisionScene(items.map(\.obstacle)) } catch { throw self.error(.scene(error)) }
  }

  /// What the arm's world says of the things in the file, with the place of the one that it speaks of.
  func error(_ error: SceneEditError) -> ConfigurationError {
    guard let name = error.item, let index = items.lastIndex(where: { $0.name == name }) else {
      return ConfigurationError(file: file, place: nil, sentence: "\(error)", suggestion: error.suggestion)
    }
    var place = -1
    return Self.error("\(error)", suggestion: error.suggestion, in: text, file: file) { _, _ in
      place += 1
      return place == index
    }
  }

  private static func value(of text: String, file: String) throws(ConfigurationError) -> JSONValue {
    guard text.drop(while: \.isWhitespace).first == "{" else {
      let lines = text.split(whereSeparator: \.isNewline).map { $0.drop(while: \.isWhitespace) }
      return lines.allSatisfy { $0.isEmpty || $0.hasPrefix("#") } ? .null : JSONValue(try ConfigurationDocument(text: text, file: file).root)
    }
    do throws(JSONParser.Failure) { return try JSONValue(parsing: text) } catch {
      let lines = String(decoding: text.utf8.prefix(error.offset), as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
      let whole = text.split(separator: "\n", omittingEmptySubsequences: false)[lines.count - 1]
      throw ConfigurationError(
        file: file, place: .init(line: lines.count, column: (lines.last?.count ?? 0) + 1, text: String(whole)),
        sentence: "the file is not JSON here: \(error.problem)", suggestion: mend)
    }
  }

  /// - Parameter isMeant: Asked for every thing, list by list in the order of the items, until it says yes; other keys come first.
  private static func error(
    _ sentence: String, suggestion: String = mend, in text: String, file: String, where isMeant: (_ list: String, _ thing: JSONValue) -> Bool
  ) -> ConfigurationError {
    // JSON is YAML, too.
    guard let document = try? ConfigurationDocument(text: text, file: file), let lists = document.root.mapping else {
      return ConfigurationError(file: file, place: nil, sentence: sentence, suggestion: suggestion)
    }
    func error(at node: Node) -> ConfigurationError { document.error(at: node.mark, sentence, suggestion: suggestion) }
    for (key, value) in lists {
      guard let name = key.string, !ComputeRequest.sceneLists.contains(name) else { continue }
      if isMeant(name, JSONValue(value)) { return error(at: key) }
    }
    for list in ComputeRequest.sceneLists {
      guard let value = lists[Node(list)] else { continue }
      for thing in value.sequence.map(Array.init) ?? [value] where isMeant(list, JSONValue(thing)) { return error(at: thing) }
    }
    return ConfigurationError(file: file, place: nil, sentence: sentence, suggestion: suggestion)
  }
}

extension JSONValue {
  /// What YAML says, as JSON would say it.
  fileprivate init(_ node: Node) {
    switch node {
    case .mapping(let mapping):
      var object = JSONObject()
      for (key, value) in mapping { object[key.scalar?.string ?? ""] = JSONValue(value) }
      self = .object(object)
    case .sequence(let sequence): self = .array(sequence.map { JSONValue($0) })
    case .scalar(let scalar) where scalar.style == .plain || scalar.style == .any:
      switch scalar.string {
      case "", "~", "null": self = .null
      case "true", "false": self = .bool(scalar.string == "true")
      default: self = Double(scalar.string).flatMap { $0.isFinite ? JSONValue.number($0) : nil } ?? .string(scalar.string)
      }
    case .scalar(let scalar): self = .string(scalar.string)
    case .alias: self = .null
    }
  }
}

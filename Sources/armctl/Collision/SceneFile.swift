internal import Foundation
internal import Planner
internal import Yams

/// A file of what is around the arm, in YAML or JSON: lists of `spheres`, `boxes`, `cylinders`, `capsules`, `halfSpaces` and `clouds`.
struct SceneFile {
  let items: [SceneItem]

  /// More than a full scene takes [bytes]. Clouds are files of their own.
  private static let capacity = 4 << 20

  init(contentsOf path: String) throws(SceneFileError) {
    let size = ((try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? Int) ?? 0
    guard size <= Self.capacity else {
      throw SceneFileError(
        file: path, sentence: "the file has \(size / 1_000_000) MB, and \(Self.capacity / 1_000_000) is the most",
        suggestion: CollisionSceneError.tooMany(0).suggestion)
    }
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
      throw SceneFileError(file: path, sentence: "the file cannot be read as text", suggestion: "give the path of a scene file that you may read")
    }
    self.items = try Self.items(of: text, file: path)
  }

  static func items(of text: String, file: String) throws(SceneFileError) -> [SceneItem] {
    func refusal(_ sentence: String) -> SceneFileError { SceneFileError(file: file, sentence: sentence, suggestion: "correct it there") }
    let value: JSONValue
    do {
      value = text.drop(while: \.isWhitespace).first == "{" ? try JSONValue(parsing: text) : JSONValue(try compose(yaml: text))
    } catch let error as YamlError {
      throw refusal("the file is no YAML: \(error)")
    } catch {
      throw refusal("the file is not JSON: \(error)")
    }
    if value == .null { return [] }
    guard let members = value.object else { throw refusal("the file holds \(value.kindName) instead of lists such as \"boxes\"") }
    do throws(ComputeError) {
      let request = ComputeRequest(members: members)
      try request.expectOnly(ComputeRequest.sceneLists)
      return try request.sceneItems(folder: (file as NSString).deletingLastPathComponent)
    } catch {
      throw refusal(error.message)
    }
  }
}

/// What is wrong with a scene file.
struct SceneFileError: Error, Equatable {
  let file: String
  /// Without the file.
  let sentence: String
  /// What to do about it, for after "try: ".
  let suggestion: String
}

extension JSONValue {
  /// What YAML says, as JSON would say it.
  fileprivate init(_ node: Node?) {
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
    case nil, .alias: self = .null
    }
  }
}

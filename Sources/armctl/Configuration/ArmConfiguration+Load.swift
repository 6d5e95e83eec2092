internal import Foundation

extension ArmConfiguration {
  /// Reads the arm file at `path` and the URDF that it names.
  ///
  /// - Throws: The first thing that is wrong, with its place. A URDF's own errors keep their place in the URDF.
  static func load(_ path: String) throws(ConfigurationError) -> ArmConfiguration {
    let text: String
    do { text = try String(contentsOf: URL(fileURLWithPath: path), encoding: .utf8) } catch {
      let exists = FileManager.default.fileExists(atPath: path)
      throw ConfigurationError(
        file: path, place: nil, sentence: exists ? "the file cannot be read as text" : "there is no such file",
        suggestion: exists ? "give the path of an arm file in UTF-8 that you may read" : "armctl check --arm NAME, or the path of an arm file")
    }
    return try parse(text, file: path)
  }

  /// As ``load(_:)``, from the file's text; the URDF's path counts from `file`'s folder.
  static func parse(_ text: String, file: String) throws(ConfigurationError) -> ArmConfiguration {
    guard !text.isXML else {
      throw ConfigurationError(
        file: file, place: nil, sentence: "this is XML, as a URDF is, and an arm file is YAML",
        suggestion: "an arm.yaml that names a URDF (model: \((file as NSString).lastPathComponent)), as Robots/dummy/arm.yaml does; "
          + "armctl compute also takes --urdf \(file) --tip LINK")
    }
    let document = try ConfigurationDocument(text: text, file: file)
    return try ConfigurationBuilder(document: document, top: ConfigurationSection(document)).build()
  }
}

extension String {
  /// Whether it begins as XML does, with a tag, a comment or a declaration; YAML may only begin with `<<`.
  fileprivate var isXML: Bool {
    guard let start = firstIndex(where: { !$0.isWhitespace && $0 != "\u{FEFF}" }), self[start] == "<" else { return false }
    return self[start...].dropFirst().first.map { $0.isLetter || $0 == "!" || $0 == "?" } ?? false
  }
}

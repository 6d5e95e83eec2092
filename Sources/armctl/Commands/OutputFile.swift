internal import ArgumentParser
internal import Foundation

/// A file that a command was told to write.
struct OutputFile {
  /// What it holds, as a sentence names it.
  enum Kind: String {
    case picture, table
  }

  let kind: Kind
  let path: String
  /// The option that named it.
  let option: String

  private static let otherPictures: Set = ["bmp", "eps", "gif", "jpeg", "jpg", "pdf", "png", "ps", "tif", "tiff", "webp"]

  /// - Throws: Where the name says another kind of picture than is drawn, before any work is done for it.
  func validate() throws(ValidationError) {
    let name = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
    guard kind == .picture, Self.otherPictures.contains(URL(fileURLWithPath: path).pathExtension.lowercased()) else { return }
    throw ValidationError("\(option) draws SVG, which \(path) would not say; name it \(name).svg.")
  }

  func write(_ text: String) throws(CommandFailure) {
    let file = fopen(path, "w")
    let isWritten = file.map { fputs(text, $0) >= 0 } ?? false
    guard file.map({ fclose($0) == 0 }) ?? false, isWritten else {
      throw CommandFailure(
        "The \(kind.rawValue) \(path) cannot be written: \(String(cString: strerror(errno))).",
        suggestion: "\(option) with a path in a folder of yours")
    }
  }
}

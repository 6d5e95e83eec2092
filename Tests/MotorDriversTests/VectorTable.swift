import Foundation
import TestSupport

/// Rows of a table of golden vectors, `firmware-protocol/vectors/NAME.tsv`: `#` begins a remark, the first other line names the columns.
func vectors(_ name: String) -> [[String: String]] {
  guard let text = try? String(contentsOfFile: packageFile("firmware-protocol/vectors/\(name).tsv"), encoding: .utf8) else { return [] }
  let lines = text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { $0.split(separator: "\t").map(String.init) }
  guard let columns = lines.first else { return [] }
  return lines.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(columns, $0)) }
}

/// Bytes from hex digits, two a byte.
func bytes(hex: String) -> [UInt8] {
  let digits = Array(hex.utf8)
  return stride(from: 0, to: digits.count - 1, by: 2).compactMap { UInt8(String(decoding: digits[$0...$0 + 1], as: UTF8.self), radix: 16) }
}

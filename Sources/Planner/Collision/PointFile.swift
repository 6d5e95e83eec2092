internal import Foundation

/// Reads the points of PLY and XYZ files.
///
/// PLY: ASCII and binary of either byte order; of the first element, `vertex`, the properties x, y and z, whatever else there is. XYZ: lines
/// that begin with three
/// numbers; empty lines and those that begin with `#` or `//` are passed over. Points that are not finite, which cameras write where they saw
/// nothing, are
/// left out.
///
/// - Source: G. Turk, *The PLY polygon file format* (1994).
public enum PointFile {
  public enum Problem: Error, Sendable, Equatable, CustomStringConvertible {
    case notNumbers(file: String, line: Int, text: String)
    case badHeader(file: String, line: Int, text: String)
    case noCoordinates(file: String)
    case tooShort(file: String, points: Int, promised: Int)

    public var description: String {
      switch self {
      case .notNumbers(let file, let line, let text): "\(file):\(line): `\(text)` does not begin with three numbers"
      case .badHeader(let file, let line, let text): "\(file):\(line): the PLY header does not allow `\(text)`"
      case .noCoordinates(let file): "\(file): the PLY header does not begin with an element vertex that has the properties x, y and z"
      case .tooShort(let file, let points, let promised): "\(file): the file ends after \(points) of \(promised) points"
      }
    }

    /// What to do about it, for after "try: ".
    public var suggestion: String {
      switch self {
      case .notNumbers: "write one point a line: x y z in metres"
      case .badHeader: "write the header as ply, format, element, property and end_header lines"
      case .noCoordinates: "write the points as element vertex with float properties x, y and z"
      case .tooShort: "write the file again; it was cut off"
      }
    }
  }

  /// - Parameter name: What errors call the file. Its contents say which kind it is.
  public static func points(of bytes: [UInt8], named name: String) throws(Problem) -> [SIMD3<Double>] {
    guard bytes.starts(with: Array("ply".utf8)) else { return try xyzPoints(of: bytes, named: name) }
    var reader = PLYReader(bytes, name)
    return try reader.points()
  }

  private static func xyzPoints(of bytes: [UInt8], named name: String) throws(Problem) -> [SIMD3<Double>] {
    var points: [SIMD3<Double>] = []
    for (index, line) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
      guard let point = try point(line, name, index + 1) else { continue }
      points.append(point)
    }
    return points
  }

  /// The three numbers that a line begins with; nil for a comment and where they are not finite.
  static func point(_ line: ArraySlice<UInt8>, _ name: String, _ number: Int) throws(Problem) -> SIMD3<Double>? {
    let text = String(decoding: line, as: UTF8.self)
    let words = text.split { $0 == " " || $0 == "\t" || $0 == "," || $0 == ";" || $0 == "\r" || $0 == "\r\n" }
    guard let first = words.first, !first.hasPrefix("#"), !first.hasPrefix("//") else { return nil }
    let numbers = words.prefix(3).compactMap { Double($0) }
    guard numbers.count == 3 else { throw .notNumbers(file: name, line: number, text: String(text.prefix(60))) }
    return numbers.allSatisfy(\.isFinite) ? SIMD3(numbers) : nil
  }
}

/// A PLY file: its header, then the elements in order.
private struct PLYReader {
  private struct Element {
    var name: String
    var count: Int
    /// Nil sizes are lists.
    var properties: [(name: String, type: Kind?)] = []
  }

  private enum Kind: String {
    case char, uchar, short, ushort, int, uint, float, double, int8, uint8, int16, uint16, int32, uint32, float32, float64

    var size: Int {
      switch self {
      case .char, .uchar, .int8, .uint8: 1
      case .short, .ushort, .int16, .uint16: 2
      case .int, .uint, .float, .int32, .uint32, .float32: 4
      case .double, .float64: 8
      }
    }
  }

  private let bytes: [UInt8]
  private let name: String
  private var offset = 0
  private var line = 0

  init(_ bytes: [UInt8], _ name: String) { (self.bytes, self.name) = (bytes, name) }

  private mutating func nextLine() -> ArraySlice<UInt8>? {
    guard offset < bytes.count else { return nil }
    let end = bytes[offset...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
    defer { (offset, line) = (end + 1, line + 1) }
    return bytes[offset..<end]
  }

  mutating func points() throws(PointFile.Problem) -> [SIMD3<Double>] {
    let (format, elements) = try header()
    guard let vertex = elements.first, vertex.name == "vertex" else { throw .noCoordinates(file: name) }
    let places = ["x", "y", "z"].compactMap { axis in vertex.properties.firstIndex { $0.name == axis && $0.type != nil } }
    guard places.count == 3, vertex.properties.allSatisfy({ $0.type != nil }) else { throw .noCoordinates(file: name) }
    return format == "ascii" ? try asciiPoints(vertex, places) : try binaryPoints(vertex, places, isBig: format == "binary_big_endian")
  }

  private mutating func header() throws(PointFile.Problem) -> (format: String, elements: [Element]) {
    var format = "", elements: [Element] = []
    while let bytes = nextLine() {
      let text = String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespaces.union(.newlines))
      let words = text.split(separator: " ").map(String.init)
      switch words.first {
      case "ply", "comment", "obj_info", nil: continue
      case "format" where words.count >= 2 && ["ascii", "binary_little_endian", "binary_big_endian"].contains(words[1]): format = words[1]
      case "element" where words.count == 3:
        guard let count = Int(words[2]), count >= 0 else { throw .badHeader(file: name, line: line, text: text) }
        elements.append(Element(name: words[1], count: count))
      case "property" where words.count >= 3 && !elements.isEmpty:
        let type = Kind(rawValue: words[1])
        guard type != nil || words[1] == "list" else { throw .badHeader(file: name, line: line, text: text) }
        elements[elements.count - 1].properties.append((words[words.count - 1], type))
      case "end_header" where !format.isEmpty: return (format, elements)
      default: throw .badHeader(file: name, line: line, text: String(text.prefix(60)))
      }
    }
    throw .noCoordinates(file: name)
  }

  private mutating func asciiPoints(_ vertex: Element, _ places: [Int]) throws(PointFile.Problem) -> [SIMD3<Double>] {
    var points: [SIMD3<Double>] = []
    for index in 0..<vertex.count {
      guard let bytes = nextLine() else { throw .tooShort(file: name, points: index, promised: vertex.count) }
      let text = String(decoding: bytes, as: UTF8.self), words = text.split { $0 == " " || $0 == "\t" || $0 == "\r" }
      let numbers = words.map { Double($0) }
      guard numbers.count >= vertex.properties.count, let x = numbers[places[0]], let y = numbers[places[1]], let z = numbers[places[2]] else {
        throw .notNumbers(file: name, line: line, text: String(text.prefix(60)))
      }
      if x.isFinite, y.isFinite, z.isFinite { points.append([x, y, z]) }
    }
    return points
  }

  private func binaryPoints(_ vertex: Element, _ places: [Int], isBig: Bool) throws(PointFile.Problem) -> [SIMD3<Double>] {
    var offsets: [Int] = [], stride = 0
    for property in vertex.properties {
      offsets.append(stride)
      stride += property.type?.size ?? 0
    }
    guard (bytes.count - offset) / max(stride, 1) >= vertex.count else {
      throw .tooShort(file: name, points: max(0, bytes.count - offset) / max(stride, 1), promised: vertex.count)
    }
    var points: [SIMD3<Double>] = []
    points.reserveCapacity(vertex.count)
    bytes.withUnsafeBytes { raw in
      for index in 0..<vertex.count {
        var point = SIMD3<Double>()
        for axis in 0..<3 {
          let place = places[axis]
          point[axis] = Self.number(raw, at: offset + index * stride + offsets[place], vertex.properties[place].type ?? .float, isBig)
        }
        if point.x.isFinite, point.y.isFinite, point.z.isFinite { points.append(point) }
      }
    }
    return points
  }

  private static func number(_ raw: UnsafeRawBufferPointer, at offset: Int, _ kind: Kind, _ isBig: Bool) -> Double {
    func load<Value: FixedWidthInteger>(_: Value.Type) -> Value {
      let value = raw.loadUnaligned(fromByteOffset: offset, as: Value.self)
      return isBig ? Value(bigEndian: value) : Value(littleEndian: value)
    }
    switch kind {
    case .float, .float32: return Double(Float(bitPattern: load(UInt32.self)))
    case .double, .float64: return Double(bitPattern: load(UInt64.self))
    case .char, .int8: return Double(load(Int8.self))
    case .uchar, .uint8: return Double(load(UInt8.self))
    case .short, .int16: return Double(load(Int16.self))
    case .ushort, .uint16: return Double(load(UInt16.self))
    case .int, .int32: return Double(load(Int32.self))
    case .uint, .uint32: return Double(load(UInt32.self))
    }
  }
}

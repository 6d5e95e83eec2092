internal import Foundation

extension URDF {
  /// Reads the file at `path`.
  ///
  /// - Throws: ``URDFError`` with the line and what is wrong in it.
  public init(contentsOf path: String) throws(URDFError) {
    let text: String
    do {
      text = try String(contentsOfFile: path, encoding: .utf8)
    } catch {
      let reason = FileManager.default.fileExists(atPath: path) ? "it is not UTF-8 text, or you may not read it" : "there is no such file"
      throw URDFError(file: path, place: nil, problem: .unreadable(reason: reason))
    }
    try self.init(parsing: text, file: path)
  }

  /// Reads a URDF from its text; errors name `file`.
  public init(parsing text: String, file: String = "urdf") throws(URDFError) {
    let root = try URDFElement(parsing: text, file: file)
    guard root.name == "robot" else { throw URDFError(file: file, place: root.place, problem: .wrongRoot(found: root.name)) }
    try URDFSchema.check(root, file: file)
    let reader = URDFReader(file: file)
    var links: [Link] = [], joints: [Joint] = []
    for element in root.all("link") { links.append(try reader.link(element)) }
    for element in root.all("joint") { joints.append(try reader.joint(element)) }
    self.file = file
    self.name = root.attributes["name"] ?? ""
    self.links = links
    self.joints = joints
    rootLink = try Self.rootLink(links: links, joints: joints, file: file)
  }
}

/// Turns checked elements into values.
private struct URDFReader {
  let file: String

  func fail(_ problem: URDFError.Problem, at element: URDFElement, attribute: String = "") -> URDFError {
    URDFError(file: file, place: element.attributePlaces[attribute] ?? element.place, problem: problem)
  }

  /// `count` finite numbers, or nil where the attribute is missing.
  func numbers(_ count: Int, _ attribute: String, of element: URDFElement) throws(URDFError) -> [Double]? {
    guard let text = element.attributes[attribute] else { return nil }
    var values: [Double] = []
    for word in text.split(whereSeparator: \.isWhitespace) {
      guard let value = Double(word), value.isFinite else {
        throw fail(.notANumber(String(word), attribute: attribute, text: text, in: element.label), at: element, attribute: attribute)
      }
      values.append(value)
    }
    guard values.count == count else {
      throw fail(.wrongCount(values.count, attribute: attribute, in: element.label, expected: count), at: element, attribute: attribute)
    }
    return values
  }

  func number(_ attribute: String, of element: URDFElement) throws(URDFError) -> Double? {
    try numbers(1, attribute, of: element)?[0]
  }

  func vector(_ attribute: String, of element: URDFElement) throws(URDFError) -> SIMD3<Double>? {
    try numbers(3, attribute, of: element).map { SIMD3($0) }
  }

  func length(_ attribute: String, of element: URDFElement) throws(URDFError) -> Double {
    let value = try number(attribute, of: element) ?? 0
    guard value > 0 else { throw fail(.notPositive(value, attribute: attribute, in: element.label), at: element, attribute: attribute) }
    return value
  }

  func pose(_ origin: URDFElement?) throws(URDFError) -> Pose {
    guard let origin else { return .identity }
    let angles = try vector("rpy", of: origin) ?? .zero
    return Pose(rotation: Rotation(roll: angles.x, pitch: angles.y, yaw: angles.z), translation: try vector("xyz", of: origin) ?? .zero)
  }

  func require(_ name: String, in element: URDFElement) throws(URDFError) -> URDFElement {
    guard let child = element.first(name) else {
      throw fail(.missingElement(name, in: element.label, present: element.children.map(\.name)), at: element)
    }
    return child
  }

  func link(_ element: URDFElement) throws(URDFError) -> URDF.Link {
    let name = element.attributes["name"] ?? ""
    return URDF.Link(
      name: name, inertial: try inertial(element.first("inertial"), link: name), collisions: try geometries("collision", of: element),
      visuals: try geometries("visual", of: element), place: element.place,
      inertiaPlace: element.first("inertial")?.first("inertia")?.place ?? element.place)
  }

  private func geometries(_ kind: String, of link: URDFElement) throws(URDFError) -> [URDF.Geometry] {
    var geometries: [URDF.Geometry] = []
    for element in link.all(kind) {
      let pose = try pose(element.first("origin")), shape = try shape(try require("geometry", in: element))
      geometries.append(URDF.Geometry(name: element.attributes["name"], linkFromShape: pose, shape: shape))
    }
    return geometries
  }

  func inertial(_ element: URDFElement?, link: String) throws(URDFError) -> URDF.Inertial {
    guard let element else { return .none }
    let massElement = try require("mass", in: element), inertiaElement = try require("inertia", in: element)
    let mass = try number("value", of: massElement) ?? 0
    guard mass >= 0 else { throw fail(.negativeMass(mass, link: link), at: massElement, attribute: "value") }
    func moment(_ attribute: String) throws(URDFError) -> Double { try number(attribute, of: inertiaElement) ?? 0 }
    let inertia = SymmetricMatrix3(
      xx: try moment("ixx"), xy: try moment("ixy"), xz: try moment("ixz"), yy: try moment("iyy"), yz: try moment("iyz"), zz: try moment("izz"))
    guard inertia.isPositiveSemidefinite else { throw fail(.impossibleInertia(link: link), at: inertiaElement) }
    return URDF.Inertial(mass: mass, linkFromCenter: try pose(element.first("origin")), inertia: inertia)
  }

  func shape(_ geometry: URDFElement) throws(URDFError) -> URDF.Shape {
    guard let element = geometry.children.first else {
      throw fail(.missingElement("box", in: geometry.label, present: []), at: geometry)
    }
    switch element.name {
    case "box":
      let size = try vector("size", of: element) ?? .zero
      guard size.min() > 0 else { throw fail(.notPositive(size.min(), attribute: "size", in: element.label), at: element, attribute: "size") }
      return .box(size: size)
    case "cylinder": return .cylinder(radius: try length("radius", of: element), length: try length("length", of: element))
    case "capsule": return .capsule(radius: try length("radius", of: element), length: try length("length", of: element))
    case "sphere": return .sphere(radius: try length("radius", of: element))
    default: return .mesh(filename: element.attributes["filename"] ?? "", scale: try vector("scale", of: element) ?? [1, 1, 1])
    }
  }

  func joint(_ element: URDFElement) throws(URDFError) -> URDF.Joint {
    let name = element.attributes["name"] ?? "", type = element.attributes["type"] ?? ""
    guard let kind = URDF.JointKind(rawValue: type) else { throw fail(.unknownJointType(type, joint: name), at: element, attribute: "type") }
    let parent = try require("parent", in: element), child = try require("child", in: element)
    var axis = try element.first("axis").map { axis throws(URDFError) in try vector("xyz", of: axis) ?? .zero } ?? [1, 0, 0]
    if kind != .fixed && kind != .floating {
      let largest = max(abs(axis.x), abs(axis.y), abs(axis.z))
      guard largest > 1e-9 else { throw fail(.zeroAxis(joint: name), at: element.first("axis") ?? element) }
      // By the largest first: the square of a great number may be none.
      axis /= largest
      axis /= (axis * axis).sum().squareRoot()
    }
    return URDF.Joint(
      name: name, kind: kind, parent: parent.attributes["link"] ?? "", child: child.attributes["link"] ?? "",
      parentFromJoint: try pose(element.first("origin")), axis: axis, limit: try limit(element.first("limit"), kind: kind, joint: name),
      mimic: try mimic(element.first("mimic")), place: element.place)
  }

  func limit(_ element: URDFElement?, kind: URDF.JointKind, joint: String) throws(URDFError) -> URDF.Limit {
    var limit = URDF.Limit()
    guard let element else { return limit }
    // Files say 0 where nothing is known, and an effort of -1.
    func magnitude(_ attribute: String, unknown: Double = 0) throws(URDFError) -> Double {
      guard let value = try number(attribute, of: element), value != 0, value != unknown else { return .infinity }
      guard value > 0 else { throw fail(.negativeLimit(value, attribute: attribute, joint: joint), at: element, attribute: attribute) }
      return value
    }
    limit.velocity = try magnitude("velocity")
    limit.acceleration = try magnitude("acceleration")
    limit.jerk = try magnitude("jerk")
    limit.effort = try magnitude("effort", unknown: -1)
    let lower = try number("lower", of: element), upper = try number("upper", of: element)
    guard kind == .revolute || kind == .prismatic else { return limit }
    switch (lower, upper) {
    case (nil, nil): break
    case (nil, _?): throw fail(.halfLimits(joint: joint, missing: "lower"), at: element)
    case (_?, nil): throw fail(.halfLimits(joint: joint, missing: "upper"), at: element)
    case (let lower?, let upper?):
      guard lower <= upper else { throw fail(.upsideDownLimits(joint: joint, lower: lower, upper: upper, unit: kind.unit), at: element) }
      (limit.lower, limit.upper) = (lower, upper)
    }
    return limit
  }

  func mimic(_ element: URDFElement?) throws(URDFError) -> URDF.Mimic? {
    guard let element else { return nil }
    return URDF.Mimic(
      joint: element.attributes["joint"] ?? "", multiplier: try number("multiplier", of: element) ?? 1,
      offset: try number("offset", of: element) ?? 0)
  }
}

/// Which elements and attributes a URDF may have where, so that a misspelt one is found.
///
/// What is unknown but resembles a known name is an error; what is unknown and resembles nothing belongs to some other program and is passed over.
struct URDFSchema {
  /// Attributes that it may have.
  var attributes: [String] = []
  /// Attributes that it must have.
  var required: [String] = []
  /// Elements that it may hold once.
  var single: [String] = []
  /// Elements that it may hold any number of times.
  var many: [String] = []
  /// Elements of other programs, with the same names as ours or nearly so; not looked into.
  var foreign: [String] = []

  static let elements: [String: URDFSchema] = [
    "robot": URDFSchema(
      attributes: ["name", "version"], required: ["name"], many: ["link", "joint"],
      foreign: ["material", "transmission", "gazebo", "sensor", "group", "ros2_control", "mujoco"]),
    "link": URDFSchema(
      attributes: ["name", "type"], required: ["name"], single: ["inertial"], many: ["visual", "collision"],
      foreign: ["origin", "contact", "sensor", "self_collision_checking", "collision_checking"]),
    "inertial": URDFSchema(single: ["origin", "mass", "inertia"]),
    "mass": URDFSchema(attributes: ["value"], required: ["value"]),
    "inertia": URDFSchema(
      attributes: ["ixx", "ixy", "ixz", "iyy", "iyz", "izz"], required: ["ixx", "ixy", "ixz", "iyy", "iyz", "izz"]),
    "visual": URDFSchema(attributes: ["name"], single: ["origin", "geometry"], foreign: ["material"]),
    "collision": URDFSchema(attributes: ["name"], single: ["origin", "geometry"], foreign: ["material", "verbose", "contact_coefficients"]),
    "geometry": URDFSchema(single: ["box", "cylinder", "sphere", "capsule", "mesh"]),
    "box": URDFSchema(attributes: ["size"], required: ["size"]),
    "cylinder": URDFSchema(attributes: ["radius", "length"], required: ["radius", "length"]),
    "capsule": URDFSchema(attributes: ["radius", "length"], required: ["radius", "length"]),
    "sphere": URDFSchema(attributes: ["radius"], required: ["radius"]),
    "mesh": URDFSchema(attributes: ["filename", "scale"], required: ["filename"]),
    "origin": URDFSchema(attributes: ["xyz", "rpy"]),
    "joint": URDFSchema(
      attributes: ["name", "type"], required: ["name", "type"], single: ["origin", "parent", "child", "axis", "limit", "mimic"],
      foreign: ["dynamics", "calibration", "safety_controller", "hardwareInterface", "property", "sensor", "physics"]),
    "parent": URDFSchema(attributes: ["link"], required: ["link"]),
    "child": URDFSchema(attributes: ["link"], required: ["link"]),
    "axis": URDFSchema(attributes: ["xyz"], required: ["xyz"]),
    "limit": URDFSchema(attributes: ["lower", "upper", "velocity", "effort", "acceleration", "deceleration", "jerk"]),
    "mimic": URDFSchema(attributes: ["joint", "multiplier", "offset"], required: ["joint"]),
  ]

  /// Checks an element and all that it holds, down to where other programs' elements begin.
  static func check(_ element: URDFElement, file: String) throws(URDFError) {
    guard let schema = elements[element.name] else { return }
    func fail(_ problem: URDFError.Problem, at place: URDF.Place) -> URDFError { URDFError(file: file, place: place, problem: problem) }

    for attribute in element.attributes.keys.sorted() where !schema.attributes.contains(attribute) && !attribute.contains(":") {
      let open = schema.attributes.filter { element.attributes[$0] == nil }
      for known in [open, schema.attributes] where Suggestion.nearest(to: attribute, among: known) != nil {
        throw fail(.unknownAttribute(attribute, in: element.label, known: known), at: element.attributePlaces[attribute] ?? element.place)
      }
    }
    for attribute in schema.required where element.attributes[attribute] == nil {
      throw fail(.missingAttribute(attribute, in: element.label, present: element.attributes.keys.sorted()), at: element.place)
    }
    if let stray = element.strayText {
      throw fail(.strayText(String(stray.text.prefix(40)), in: element.label), at: URDF.Place(line: stray.line, column: nil))
    }

    let known = schema.single + schema.many
    for (index, child) in element.children.enumerated() where !schema.foreign.contains(child.name) {
      if child.name.hasPrefix("xacro:") { throw fail(.notExpanded(element: child.name), at: child.place) }
      guard known.contains(child.name) else {
        if element.name == "geometry" || Suggestion.nearest(to: child.name, among: known + schema.foreign) != nil {
          throw fail(.unknownElement(child.name, in: element.label, known: known + schema.foreign), at: child.place)
        }
        continue
      }
      if schema.single.contains(child.name), element.children[..<index].contains(where: { $0.name == child.name }) {
        throw fail(.repeatedElement(child.name, in: element.label), at: child.place)
      }
      try check(child, file: file)
    }
  }
}

internal import Foundation
internal import Kinematics
internal import Planner
internal import Yams

// What moves: from a URDF or a table in the file itself, with its tool and what it carries.
extension ConfigurationBuilder {
  /// The arm with its tool and payload, its own limits, and the mass of all links; `urdf` is nil where the file describes the arm itself.
  func robot() throws(ConfigurationError) -> (model: RobotModel, urdf: URDF?, mass: Double) {
    let tool = try tool(), payload = try payload()
    var model: RobotModel, urdf: URDF?, mass: Double
    if let table = top.optionalSection("model")?.optionalSection("dh") {
      (model, mass) = try robot(of: table, tool: tool)
    } else {
      let file = try self.urdf()
      (model, urdf, mass) = (try robot(of: file, tool: tool), file, file.links.map(\.inertial.mass).reduce(0, +))
    }
    model.payload = payload
    return (model, urdf, mass)
  }

  // MARK: A URDF

  private func urdf() throws(ConfigurationError) -> URDF {
    let path = try existingFile(top.text("model"), what: "model file", endings: [".urdf"], at: top.valueMark(of: "model"))
    do throws(URDFError) { return try URDF(contentsOf: path) } catch { throw modelError(error) }
  }

  private func robot(of urdf: URDF, tool: Pose) throws(ConfigurationError) -> RobotModel {
    let links = urdf.links.map(\.name)
    for key in ["tip", "base"] {
      guard let link = top.optionalText(key), !links.contains(link) else { continue }
      let nearest = Suggestion.nearest(to: link, among: links)
      throw error(
        at: top.valueMark(of: key), "the \(key) \"\(link)\" is no link of the model; \(Suggestion.phrase(for: link, among: links))",
        suggestion: nearest.map { "write \($0)" } ?? "use one of the model's links")
    }
    guard let tip = top.optionalText("tip") else { throw top.lacks("tip", document: document) }
    do throws(URDFError) { return try RobotModel(urdf: urdf, base: top.optionalText("base"), tip: tip, tool: tool) } catch {
      throw modelError(error)
    }
  }

  private func modelError(_ error: URDFError) -> ConfigurationError {
    guard let place = error.place, let column = place.column else {
      let line = error.place.map { ":\($0.line)" } ?? ""
      return ConfigurationError(file: error.file + line, place: nil, sentence: error.sentence, suggestion: error.suggestion)
    }
    let lines = ((try? String(contentsOfFile: error.file, encoding: .utf8)) ?? "").split(separator: "\n", omittingEmptySubsequences: false)
    let text = place.line <= lines.count ? String(lines[place.line - 1]) : ""
    return ConfigurationError(
      file: error.file, place: .init(line: place.line, column: column, text: text), sentence: error.sentence, suggestion: error.suggestion)
  }

  // MARK: A table of Denavit and Hartenberg

  private func robot(of section: ConfigurationSection, tool: Pose) throws(ConfigurationError) -> (RobotModel, mass: Double) {
    for key in ["tip", "base"] where top.optionalText(key) != nil {
      throw error(
        at: top.mark(of: key), "\(key) names a link of a URDF, and the model is a table, whose frames have no names", suggestion: "remove \(key)")
    }
    let sections = section.section("rows")
    var rows: [DHTable.Row] = []
    for (name, mark) in sections.names {
      guard rows.count < JointVector.capacity else {
        throw error(
          at: mark, "\(sections.path) has \(sections.names.count) rows, and an arm has at most \(JointVector.capacity) joints",
          suggestion: "remove those that do not move the tool")
      }
      rows.append(try row(name, sections.section(name)))
    }
    let table = DHTable(name: top.text("name"), convention: DHTable.Convention(rawValue: section.text("convention")) ?? .standard, rows: rows)
    do throws(DHTable.Problem) { return (try RobotModel(table, tool: tool), rows.map(\.inertial.mass).reduce(0, +)) } catch {
      throw self.error(at: sections.mark, error.description, suggestion: error.suggestion)
    }
  }

  private func row(_ name: String, _ section: ConfigurationSection) throws(ConfigurationError) -> DHTable.Row {
    for key in ["theta", "alpha"] { try checkAngle(section.number(key), of: "\(section.path).\(key)", at: section.valueMark(of: key)) }
    let mass = section.number("mass"), inertia = try inertia(section)
    guard mass > 0 || (inertia == .zero && section.optionalNumbers("center") == nil) else {
      throw error(at: section.mark, "\(section.path) has a centre or an inertia of mass but no mass", suggestion: "add mass: 0.5, in kilograms")
    }
    let center = section.optionalNumbers("center")?.map(\.value) ?? [0, 0, 0]
    return DHTable.Row(
      name: name, kind: URDF.JointKind(rawValue: section.text("type")) ?? .revolute, theta: section.number("theta"), d: section.number("d"),
      a: section.number("a"), alpha: section.number("alpha"),
      inertial: URDF.Inertial(mass: mass, linkFromCenter: Pose(translation: SIMD3(center)), inertia: inertia))
  }

  /// Of six numbers, refused where no body has them.
  private func inertia(_ section: ConfigurationSection) throws(ConfigurationError) -> SymmetricMatrix3 {
    guard let numbers = section.optionalNumbers("inertia")?.map(\.value) else { return .zero }
    let inertia = SymmetricMatrix3(xx: numbers[0], xy: numbers[1], xz: numbers[2], yy: numbers[3], yz: numbers[4], zz: numbers[5])
    guard inertia.isOfABody(tolerance: ImpossibleInertia.tolerance) else {
      throw error(
        at: section.valueMark(of: "inertia"), "\(section.path).inertia \(ImpossibleInertia.sentence(inertia))",
        suggestion: ImpossibleInertia.suggestion)
    }
    return inertia
  }

  // MARK: What it weighs beyond that

  /// One a joint, in the model's order.
  func corrections(_ model: RobotModel) throws(ConfigurationError) -> [MassCorrection] {
    var corrections: [MassCorrection] = []
    let joints = top.section("joints")
    for (joint, name) in model.jointNames.enumerated() {
      guard let section = joints.section(name).optionalSection("correction") else {
        corrections.append(.zero)
        continue
      }
      let mass = section.number("mass"), own = model.bodyMasses[model.ownBody(of: joint)]
      guard own + mass >= MassCorrection.leastShare * own else {
        throw error(
          at: section.valueMark(of: "mass"),
          "\(section.path).mass is \(plain(mass)) kg, and the model has only \(plain(own)) kg there",
          suggestion: "check the sign, or the model's masses")
      }
      corrections.append(MassCorrection(mass: mass, firstMoment: SIMD3(section.optionalNumbers("moment")?.map(\.value) ?? [0, 0, 0])))
    }
    return corrections
  }

  // MARK: The tool

  private func tool() throws(ConfigurationError) -> Pose {
    guard let pose = top.optionalSection("tool")?.optionalSection("pose") else { return .identity }
    let position = pose.optionalNumbers("position")?.map(\.value) ?? [0, 0, 0]
    return Pose(rotation: try rotation(pose), translation: SIMD3(position))
  }

  private func rotation(_ pose: ConfigurationSection) throws(ConfigurationError) -> Rotation {
    if let angles = pose.optionalNumbers("rpy") {
      guard pose.optionalNumbers("quaternion") == nil else {
        throw error(at: pose.mark(of: "rpy"), "tool.pose has both quaternion and rpy", suggestion: "remove one of the two")
      }
      for angle in angles { try checkAngle(angle.value, of: "tool.pose.rpy", at: angle.mark) }
      return Rotation(roll: angles[0].value, pitch: angles[1].value, yaw: angles[2].value)
    }
    let quaternion = pose.optionalNumbers("quaternion")?.map(\.value) ?? [0, 0, 0, 1]
    let length = quaternion.reduce(0) { $0 + $1 * $1 }.squareRoot()
    guard abs(length - 1) < 1e-3 else {
      throw error(
        at: pose.valueMark(of: "quaternion"), "tool.pose.quaternion has the length \(plain(length)), and has to have the length 1",
        suggestion: length > 1e-6
          ? "write quaternion: [\(quaternion.map { plain($0 / length) }.joined(separator: ", "))]" : "write quaternion: [0, 0, 0, 1]")
    }
    return Rotation(quaternion: SIMD4(quaternion) / length)
  }

  private func payload() throws(ConfigurationError) -> Payload? {
    guard let section = top.optionalSection("tool")?.optionalSection("payload") else { return nil }
    let center = section.optionalNumbers("center")?.map(\.value) ?? [0, 0, 0], inertia = try inertia(section)
    do throws(Payload.Impossible) { return try Payload(mass: section.number("mass"), center: SIMD3(center), inertia: inertia) } catch {
      throw self.error(at: section.mark, error.description, suggestion: error.suggestion)
    }
  }

  func toolLimits() -> ToolLimits {
    var limits = ToolLimits()
    guard let section = top.optionalSection("tool")?.optionalSection("limits") else { return limits }
    (limits.speed, limits.acceleration, limits.jerk) = (section.number("speed"), section.number("acceleration"), section.number("jerk"))
    (limits.angularSpeed, limits.angularAcceleration) = (section.number("angularSpeed"), section.number("angularAcceleration"))
    limits.angularJerk = section.number("angularJerk")
    return limits
  }

  func freeAxes(_ model: RobotModel) -> InverseKinematics.FreeAxes {
    top.optionalSection("tool")?.optionalText("free").flatMap(InverseKinematics.FreeAxes.init(rawValue:)) ?? .usual(jointCount: model.jointCount)
  }
}

/// What is said of an inertia that no body has.
enum ImpossibleInertia {
  /// Files have few digits: what is missing up to this share of the greatest moment is not spoken of.
  static let tolerance = 0.01

  /// Half a sentence, for after what the inertia belongs to.
  static func sentence(_ inertia: SymmetricMatrix3) -> String {
    let moments = inertia.principalMoments
    guard moments[0] >= -1e-9 * moments[2] else { return "cannot be: about some axis it is negative" }
    return "cannot be: its moments about its own axes are \(plain(moments[0])), \(plain(moments[1])) and \(plain(moments[2])) kg·m²,"
      + " and no body has one greater than the other two together"
  }

  static let suggestion = "check ixx … izz: they are about the centre of mass, in kg·m²"
}

/// What is wrong with a URDF, or with what was asked of it, in one sentence with file, line and column.
public struct URDFError: Error, Sendable, Equatable {
  public let file: String
  /// Where in the file the trouble shows; none where it is the file as a whole.
  public let place: URDF.Place?
  public let problem: Problem

  public enum Problem: Sendable, Equatable {
    // The file as XML
    case unreadable(reason: String)
    /// `near` is the line in which it shows; empty where that is blank.
    case malformed(reason: String, near: String)
    case wrongRoot(found: String)
    case notExpanded(element: String)
    // Elements and attributes
    case unknownElement(String, in: String, known: [String])
    case unknownAttribute(String, in: String, known: [String])
    case missingAttribute(String, in: String, present: [String])
    case missingElement(String, in: String, present: [String])
    case repeatedElement(String, in: String)
    case strayText(String, in: String)
    // Values
    case notANumber(String, attribute: String, text: String, in: String)
    case wrongCount(Int, attribute: String, in: String, expected: Int)
    case notPositive(Double, attribute: String, in: String)
    case unknownJointType(String, joint: String)
    case zeroAxis(joint: String)
    case upsideDownLimits(joint: String, lower: Double, upper: Double, unit: String)
    case halfLimits(joint: String, missing: String)
    case negativeLimit(Double, attribute: String, joint: String)
    case negativeMass(Double, link: String)
    case impossibleInertia(link: String)
    // Names and the tree
    case repeatedName(String, kind: String, firstLine: Int)
    case unknownLink(String, role: String, joint: String, known: [String])
    case unknownMimicked(String, joint: String, known: [String])
    case mimicLoop(joints: [String])
    case twoParents(link: String, joints: [String])
    case loop(links: [String])
    case severalRoots([String])
    case noLinks
    // The arm that was asked for
    case unknownFrame(String, role: String, known: [String])
    case noMovableJoint(base: String, tip: String)
    case tooManyJoints(Int, base: String, tip: String)
    case unusableJoint(String, kind: String)
    case noRoomToFollow(joint: String, leader: String, lower: Double, upper: Double, unit: String)
  }
}

extension URDFError: CustomStringConvertible {
  public var description: String { source + ": " + problem.sentence }

  /// The file, with line and column where they are known.
  private var source: String {
    let numbers = [place?.line, place?.column].compactMap(\.self)
    return ([file] + numbers.map(String.init)).joined(separator: ":")
  }

  /// One sentence without its place.
  public var sentence: String { problem.sentence }

  /// What to do about it, for after "try: ".
  public var suggestion: String { problem.remedy }
}

extension URDFError.Problem {
  var sentence: String {
    switch self {
    case .unreadable(let reason): "the file cannot be read: \(reason)"
    case .malformed(let reason, let near): near.isEmpty ? reason : "\(reason), near `\(near)`"
    case .wrongRoot(let found): "the outermost element is <\(found)>, where a URDF has <robot>"
    case .notExpanded(let element): "<\(element)> is a xacro macro, which a URDF does not have"
    case .unknownElement(let name, let owner, let known): "<\(name)> is unknown in \(owner); \(Suggestion.phrase(for: name, among: known))"
    case .unknownAttribute(let name, let owner, let known):
      "the attribute \"\(name)\" is unknown in \(owner); \(Suggestion.phrase(for: name, among: known))"
    case .missingAttribute(let name, let owner, let present):
      "\(owner) lacks the attribute \"\(name)\"" + (present.isEmpty ? "" : "; it has \(present.joined(separator: ", "))")
    case .missingElement(let name, let owner, let present):
      "\(owner) lacks <\(name)>" + (present.isEmpty ? "" : "; it holds \(present.joined(separator: ", "))")
    case .repeatedElement(let name, let owner): "\(owner) holds a second <\(name)>"
    case .strayText(let text, let owner): "\(owner) holds the text `\(text)`, where only elements belong"
    case .notANumber(let word, let attribute, let text, let owner): "`\(word)` in \(attribute)=\"\(text)\" of \(owner) is not a number"
    case .wrongCount(let count, let attribute, let owner, let expected): "\(attribute) of \(owner) holds \(count) numbers, where \(expected) belong"
    case .notPositive(let value, let attribute, let owner): "\(attribute) of \(owner) is \(value), which is not more than 0"
    case .unknownJointType(let type, let joint):
      "joint \"\(joint)\" has the unknown type \"\(type)\"; \(Suggestion.phrase(for: type, among: URDF.JointKind.allCases.map(\.rawValue)))"
    case .zeroAxis(let joint): "the axis of joint \"\(joint)\" has no length"
    case .upsideDownLimits(let joint, let lower, let upper, let unit):
      "the limits of joint \"\(joint)\" are upside down: lower \(lower) \(unit), upper \(upper) \(unit)"
    case .halfLimits(let joint, let missing): "the <limit> of joint \"\(joint)\" has one end only: \"\(missing)\" is missing"
    case .negativeLimit(let value, let attribute, let joint): "the limit of \(attribute) of joint \"\(joint)\" is negative: \(value)"
    case .negativeMass(let mass, let link): "link \"\(link)\" has the negative mass \(mass)"
    case .impossibleInertia(let link): "the inertia of link \"\(link)\" is impossible: about some axis it is negative"
    case .repeatedName(let name, let kind, let firstLine): "the \(kind) \"\(name)\" is there twice, first in line \(firstLine)"
    case .unknownLink(let name, let role, let joint, let known):
      "joint \"\(joint)\" has the \(role) link \"\(name)\", which does not exist; \(Suggestion.phrase(for: name, among: known))"
    case .unknownMimicked(let name, let joint, let known):
      "joint \"\(joint)\" mimics \"\(name)\", which is no other joint; \(Suggestion.phrase(for: name, among: known))"
    case .mimicLoop(let joints): "joints follow one another in a circle: \(joints.joined(separator: " → "))"
    case .twoParents(let link, let joints): "link \"\(link)\" is the child of \(joints.count) joints: \(joints.joined(separator: ", "))"
    case .loop(let links): "the links form a loop: \(links.joined(separator: " → "))"
    case .severalRoots(let names): "the links fall apart into \(names.count) trees, with the roots \(names.joined(separator: ", "))"
    case .noLinks: "there is no link"
    case .unknownFrame(let name, let role, let known):
      "the \(role) link \"\(name)\" does not exist; \(Suggestion.phrase(for: name, among: known))"
    case .noMovableJoint(let base, let tip): "no joint moves between \"\(base)\" and \"\(tip)\""
    case .tooManyJoints(let count, let base, let tip):
      "\(count) joints move between \"\(base)\" and \"\(tip)\", and an arm has at most \(JointVector.capacity)"
    case .unusableJoint(let joint, let kind): "joint \"\(joint)\" is \(kind), which an arm's joint cannot be"
    case .noRoomToFollow(let joint, let leader, let lower, let upper, let unit):
      "the limits of joint \"\(joint)\" leave no place for \"\(leader)\", which it follows: at least \(lower) \(unit), at most \(upper) \(unit)"
    }
  }

  var remedy: String {
    switch self {
    case .unreadable: "give the path of a URDF file that you may read"
    case .malformed: "correct the tag there; every <tag> needs its </tag> or ends in />"
    case .wrongRoot: "begin the file with <robot name=\"…\">"
    case .notExpanded: "expand it first: xacro FILE > arm.urdf"
    case .unknownElement(let name, _, let known), .unknownAttribute(let name, _, let known), .unknownFrame(let name, _, let known),
      .unknownLink(let name, _, _, let known), .unknownMimicked(let name, _, let known):
      Suggestion.nearest(to: name, among: known).map { "write \($0)" } ?? "use one of: \(known.joined(separator: ", "))"
    case .missingAttribute(let name, _, _): "add \(name)=\"…\""
    case .missingElement(let name, _, _): "add <\(name)>"
    case .repeatedElement: "remove one of the two"
    case .strayText: "remove the text"
    case .notANumber: "write plain numbers with a decimal point, separated by spaces"
    case .wrongCount(_, let attribute, _, let expected):
      "write \(attribute)=\"\(Array(repeating: "0", count: expected).joined(separator: " "))\" with your numbers"
    case .notPositive(_, let attribute, _): "give \(attribute) in metres"
    case .unknownJointType: "use one of: \(URDF.JointKind.allCases.map(\.rawValue).joined(separator: ", "))"
    case .zeroAxis: "write the direction that the joint turns about or slides along, such as xyz=\"0 0 1\""
    case .upsideDownLimits: "swap lower and upper"
    case .halfLimits(_, let missing): "add \(missing)=\"…\", or make the joint continuous"
    case .negativeLimit(_, let attribute, _): "give the magnitude, which holds both ways, or leave \(attribute) out where nothing limits it"
    case .negativeMass: "give the mass in kilograms"
    case .impossibleInertia: "check the signs of ixx … izz; they are about the centre of mass, in kg·m²"
    case .repeatedName: "rename one of the two"
    case .mimicLoop: "remove one <mimic>, so that one of the joints leads"
    case .twoParents: "let one joint carry the link"
    case .loop: "remove the joint that closes the loop"
    case .severalRoots: "join the trees with a fixed joint"
    case .noLinks: "describe at least two links and a joint"
    case .noMovableJoint, .tooManyJoints: "choose another base or tip link"
    case .unusableJoint: "choose a base and a tip that leave the joint out, or make it revolute, continuous, prismatic or fixed"
    case .noRoomToFollow: "check the limits of both, and multiplier and offset of the <mimic>"
    }
  }
}

internal import Kinematics

/// What is wrong with an arm's spheres, or with what was asked of them.
public enum CollisionModelError: Error, Sendable, Equatable {
  case noJoints
  case tooManyJoints(Int)
  case unknownJoint(String, known: [String])
  case repeatedJoint(String)
  case unusableJoint(String, kind: String)
  case wrongLimitCount(String, given: Int, expected: Int)
  case upsideDownLimits(joint: String, lower: Double, upper: Double)
  case unknownLink(String, known: [String])
  case repeatedLink(String)
  case pairWithItself(String)
  /// Spheres count from 0, in the file's order.
  case notFinite(link: String, sphere: Int)
  case impossibleRadius(Double, link: String, sphere: Int)
  case nameTaken(String)
  case notAttached(String, known: [String])
}

extension CollisionModelError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .noJoints: "no joint moves, so that there is nothing to plan"
    case .tooManyJoints(let count): "\(count) joints move, and an arm has at most \(JointVector.capacity)"
    case .unknownJoint(let name, let known): "the joint \"\(name)\" does not exist; \(Suggestion.phrase(for: name, among: known))"
    case .repeatedJoint(let name): "the joint \"\(name)\" is named twice"
    case .unusableJoint(let name, let kind): "joint \"\(name)\" is \(kind), which cannot be moved by itself"
    case .wrongLimitCount(let what, let given, let expected): "there are \(given) \(what) limits for \(expected) joints"
    case .upsideDownLimits(let joint, let lower, let upper): "the limits of joint \"\(joint)\" are upside down: lower \(lower), upper \(upper)"
    case .unknownLink(let name, let known): "the link \"\(name)\" does not exist; \(Suggestion.phrase(for: name, among: known))"
    case .repeatedLink(let name): "the spheres of link \"\(name)\" are given twice"
    case .pairWithItself(let name): "link \"\(name)\" is paired with itself"
    case .notFinite(let link, let sphere): "the centre of sphere \(sphere) of link \"\(link)\" is not made of finite numbers"
    case .impossibleRadius(let radius, let link, let sphere):
      "sphere \(sphere) of link \"\(link)\" has the radius \(radius), which is not a positive length"
    case .nameTaken(let name): "the name \"\(name)\" is taken"
    case .notAttached(let name, let known): "nothing called \"\(name)\" is attached; \(Suggestion.phrase(for: name, among: known))"
    }
  }

  /// What to do about it, for after "try: ".
  public var suggestion: String {
    switch self {
    case .noJoints, .tooManyJoints: "name one to \(JointVector.capacity) joints in \"joint_names\""
    case .unknownJoint(_, let known): "name joints of the URDF: \(known.prefix(JointVector.capacity).joined(separator: ", "))"
    case .repeatedJoint(let name): "name \"\(name)\" once"
    case .unusableJoint: "name joints that turn or slide and follow no other"
    case .wrongLimitCount(_, _, let expected): "give \(expected) lower and \(expected) upper limits"
    case .upsideDownLimits(let joint, _, _): "swap the limits of \"\(joint)\""
    case .unknownLink: "name links of the URDF, as it spells them"
    case .repeatedLink(let name): "put all spheres of \"\(name)\" into one list"
    case .pairWithItself: "pair different links; a link cannot collide with itself"
    case .notFinite: "give each centre as three finite numbers in metres"
    case .impossibleRadius: "give each sphere a radius in metres, more than 0"
    case .nameTaken: "call it something that no link or attached object is called"
    case .notAttached: "name something that is attached"
    }
  }
}

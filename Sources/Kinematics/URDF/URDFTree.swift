extension URDF {
  /// Checks that names are unique and known and that the links form one tree; returns its root.
  static func rootLink(links: [Link], joints: [Joint], file: String) throws(URDFError) -> String {
    func fail(_ problem: URDFError.Problem, at place: URDF.Place?) -> URDFError { URDFError(file: file, place: place, problem: problem) }
    guard !links.isEmpty else { throw fail(.noLinks, at: nil) }

    var linkLines: [String: Int] = [:], jointLines: [String: Int] = [:]
    for link in links {
      if let first = linkLines[link.name] { throw fail(.repeatedName(link.name, kind: "link", firstLine: first), at: link.place) }
      linkLines[link.name] = link.place.line
    }
    let linkNames = links.map(\.name)
    var parentJoint: [String: Joint] = [:]
    for joint in joints {
      if let first = jointLines[joint.name] { throw fail(.repeatedName(joint.name, kind: "joint", firstLine: first), at: joint.place) }
      jointLines[joint.name] = joint.place.line
      for (role, name) in [("parent", joint.parent), ("child", joint.child)] where linkLines[name] == nil {
        throw fail(.unknownLink(name, role: role, joint: joint.name, known: linkNames), at: joint.place)
      }
      if let other = parentJoint[joint.child] { throw fail(.twoParents(link: joint.child, joints: [other.name, joint.name]), at: joint.place) }
      parentJoint[joint.child] = joint
    }
    for joint in joints {
      guard let mimic = joint.mimic else { continue }
      let others = joints.map(\.name).filter { $0 != joint.name }
      guard others.contains(mimic.joint) else { throw fail(.unknownMimicked(mimic.joint, joint: joint.name, known: others), at: joint.place) }
    }
    for joint in joints where joint.mimic != nil {
      var path = [joint.name]
      while let next = joints.first(where: { $0.name == path[path.count - 1] })?.mimic?.joint {
        path.append(next)
        if path.dropLast().contains(next) { throw fail(.mimicLoop(joints: Array(path[(path.firstIndex(of: next) ?? 0)...])), at: joint.place) }
      }
    }

    var hasRoot: Set<String> = []
    for link in links {
      var path = [link.name], passed: Set = [link.name]
      while let joint = parentJoint[path[path.count - 1]], !hasRoot.contains(joint.parent) {
        path.append(joint.parent)
        guard passed.insert(joint.parent).inserted else {
          throw fail(.loop(links: path[(path.firstIndex(of: joint.parent) ?? 0)...].reversed()), at: joint.place)
        }
      }
      hasRoot.formUnion(path)
    }
    let roots = links.filter { parentJoint[$0.name] == nil }
    guard roots.count == 1 else { throw fail(.severalRoots(roots.map(\.name)), at: roots[1].place) }
    return roots[0].name
  }
}

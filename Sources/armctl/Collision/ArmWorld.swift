internal import Kinematics
internal import Planner
internal import Synchronization

/// What is around the arm and what it carries, edited from the socket while others plan in it.
///
/// Every edit takes effect as a whole or not at all.
final class ArmWorld: Sendable {
  /// With its tool; its base is what obstacles stand in.
  private let arm: RobotModel
  /// The arm as collision checks see it, with nothing attached; nil where nobody knows its shape.
  private let model: CollisionModel?
  private let margin: Double
  private let rootFromBase: Pose
  /// What stands around the arm whatever the scene is.
  private let fences: [Obstacle]
  private let contents: Mutex<Contents>

  private struct Contents {
    var items: [SceneItem] = []
    var revision = 0
    /// Made when first asked for.
    var surroundings: Surroundings?
  }

  /// - Parameters:
  ///   - model: What stands for the arm; nil where nothing does.
  ///   - margin: Room that motions keep to obstacles [m].
  ///   - fences: Where the arm must not go, as obstacles in its base.
  init(arm: RobotModel, model: CollisionModel?, margin: Double, fences: [Obstacle] = []) {
    (self.arm, self.model, self.margin) = (arm, model, margin)
    // The planes of a box to stay in have one name.
    self.fences = fences.enumerated().map { index, fence in
      let sides = fences[...index].count { $0.name == fence.name }
      var named = fence
      named.name = "fence \(fence.name)" + (sides > 1 ? " (side \(sides))" : "")
      return named
    }
    rootFromBase = model?.rootFromLink(arm.baseName, at: JointVector(count: arm.jointCount)) ?? .identity
    contents = Mutex(Contents())
  }

  /// Whether motions are planned and checked where nobody says otherwise: where there is something to run into.
  var isInhabited: Bool { !fences.isEmpty || contents.withLock { !$0.items.isEmpty } }

  var revision: Int { contents.withLock(\.revision) }

  /// The arm among what is there now; nil where the arm's shape is not known.
  var surroundings: Surroundings? {
    contents.withLock { contents in
      if contents.surroundings == nil { contents.surroundings = try? surroundings(of: contents.items, revision: contents.revision) }
      return contents.surroundings
    }
  }

  /// The same without some of the things, which the arm may touch; those that there are not do not matter.
  func surroundings(without names: [String]) -> Surroundings? {
    let (items, revision) = contents.withLock { ($0.items, $0.revision) }
    guard items.contains(where: { names.contains($0.name) }) else { return surroundings }
    return try? surroundings(of: items.filter { !names.contains($0.name) }, revision: revision)
  }

  /// What streams of commands keep clear of: the things of the scene, and the arm itself; fences have a watch of their own. Nil where the arm's shape
  /// is not known.
  var proximity: Proximity? {
    let (items, revision) = contents.withLock { ($0.items, $0.revision) }
    guard let surroundings = try? surroundings(of: items, revision: revision, fences: []) else { return nil }
    return Proximity(model: surroundings.model, scene: surroundings.scene, base: arm.baseName, revision: revision)
  }

  /// As `scene.get` answers.
  var json: JSONValue {
    let items = contents.withLock(\.items)
    var object = JSONObject()
    for list in ComputeRequest.sceneLists {
      let members = items.filter { $0.listName == list }.map(\.json)
      if !members.isEmpty { object.append(list, .array(members)) }
    }
    return .object(object)
  }
}

// MARK: - Edits

extension ArmWorld {
  /// - Parameter position: Where the joints are, for what changes from standing to being carried or back.
  /// - Returns: How many things there are now.
  func apply(_ edit: SceneEdit, at position: JointVector) throws(SceneEditError) -> Int {
    while true {
      let (items, revision) = contents.withLock { ($0.items, $0.revision) }
      let edited = try edit.applied(to: items) { item, frame throws(SceneEditError) in try moved(item, to: frame, at: position) }
      // Another edit may have come in between: then this one is made anew on top of it.
      let surroundings = try surroundings(of: edited, revision: revision + 1)
      let isDone = contents.withLock { contents in
        guard contents.revision == revision else { return false }
        contents = Contents(items: edited, revision: revision + 1, surroundings: surroundings)
        return true
      }
      if isDone { return edited.count }
    }
  }

  /// The same thing in the same place, seen from another frame.
  private func moved(_ item: SceneItem, to frame: SceneItem.Frame, at q: JointVector) throws(SceneEditError) -> SceneItem {
    var item = item
    let old = try baseFromFrame(item.frame, at: q, for: item.name), new = try baseFromFrame(frame, at: q, for: item.name)
    item.obstacle.baseFromObstacle = new.inverse * old * item.obstacle.baseFromObstacle
    item.frame = frame
    return item
  }

  private func baseFromFrame(_ frame: SceneItem.Frame, at q: JointVector, for item: String) throws(SceneEditError) -> Pose {
    switch frame {
    case .base: return .identity
    case .tool: return arm.pose(at: q)
    case .link(let name):
      guard let root = model?.rootFromLink(name, at: q) else { throw .unknownFrame(name, item: item, known: frameNames) }
      return rootFromBase.inverse * root
    }
  }

  private var frameNames: [String] { ["base", "tool"] + (model?.linkNames ?? []).filter { $0 != "base" && $0 != "tool" } }

  private func surroundings(of items: [SceneItem], revision: Int) throws(SceneEditError) -> Surroundings {
    try surroundings(of: items, revision: revision, fences: fences)
  }

  private func surroundings(of items: [SceneItem], revision: Int, fences: [Obstacle]) throws(SceneEditError) -> Surroundings {
    guard var model else { throw .noShape }
    var names: Set<String> = []
    var standing = fences.map { fence in
      var placed = fence
      placed.baseFromObstacle = rootFromBase * fence.baseFromObstacle
      return placed
    }
    guard items.count <= CollisionScene.capacity else { throw .scene(.tooMany(items.count)) }
    for item in items {
      guard names.insert(item.name).inserted else { throw .scene(.repeatedName(item.name)) }
      var obstacle = item.obstacle
      guard item.frame != .base else {
        obstacle.baseFromObstacle = rootFromBase * obstacle.baseFromObstacle
        standing.append(obstacle)
        continue
      }
      do throws(CollisionSceneError) { _ = try CollisionScene([obstacle]) } catch { throw .scene(error) }
      let attachment = try attachment(item)
      do throws(CollisionModelError) { model = try model.attaching(attachment) } catch { throw .model(error) }
    }
    do throws(CollisionSceneError) {
      return Surroundings(revision: revision, model: model, scene: try CollisionScene(standing), margin: margin)
    } catch {
      throw .scene(error)
    }
  }

  private func attachment(_ item: SceneItem) throws(SceneEditError) -> Attachment {
    guard let cover = item.obstacle.shape.cover else { throw .notCarried(item.name) }
    let link: String, linkFromFrame: Pose
    switch item.frame {
    case .link(let name): (link, linkFromFrame) = (name, .identity)
    case .tool, .base: (link, linkFromFrame) = (arm.tipName, arm.tool)
    }
    guard model?.linkNames.contains(link) == true else { throw .unknownFrame(link, item: item.name, known: frameNames) }
    let linkFromItem = linkFromFrame * item.obstacle.baseFromObstacle
    return Attachment(
      name: item.name, link: link, spheres: cover.map { ArmSpheres.Sphere(center: linkFromItem * $0.center, radius: $0.radius) },
      mayTouch: Set(item.mayTouch), overhang: item.obstacle.overhang)
  }
}

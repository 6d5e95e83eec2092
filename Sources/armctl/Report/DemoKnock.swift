/// The end of the demo: a hard knock in the middle of a job, in lockstep, and what the arm makes of it.
struct DemoKnock {
  let story: KnockStory

  /// As a hand and forearm at 2 m/s give it [N·s].
  private static let impulse = 2.0

  init(_ configuration: ArmConfiguration) throws {
    let scene: KnockScene
    do throws(ConfigurationError) { scene = try KnockScene(configuration) } catch { throw CommandFailure(error) }
    guard let direction = KnockDirection.all.first(where: { $0.name == "+y" }), let stand = scene.stands.first else {
      throw CommandFailure("The arm has no place with room around it to be knocked in.", suggestion: "armctl knock --pose with one of its poses")
    }
    let knock = KnockCase(number: 0, stand: 0, motion: .moving(speed: 0.25), place: .wrist, direction: direction, impulse: Self.impulse)
    let conditions = KnockSweep(scene: scene, cases: []).conditions(at: 0)
    story = KnockStory(knock: knock, stand: stand, result: try KnockTrial(knock, scene: scene, conditions: conditions).run().result)
  }

  var text: String {
    (["And now somebody hits it in the middle of a job, its model wrong by up to 20 % in mass and 30 % in friction:", ""]
      + story.text.split(separator: "\n").map { "  " + $0 }).joined(separator: "\n")
  }
}

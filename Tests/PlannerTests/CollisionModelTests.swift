import Foundation
import Kinematics
import TestSupport
import Testing

@testable import Planner

@Suite struct CollisionModelTests {
  static let home = JointVector([0, -0.785, 0, -2.356, 0, 1.571, 0.785])

  @Test func pairsThatNeverPartAreLeftOut() throws {
    let arm = try SphereArm.panda()
    let found = try CollisionModel(urdf: arm.urdf, spheres: ArmSpheres(links: arm.spheres.links), jointNames: arm.model.jointNames).pairs
    typealias Pair = ArmSpheres.LinkPair
    #expect(found.adjacent.contains(Pair("panda_link3", "panda_link4")))
    #expect(found.adjacent.contains(Pair("panda_link7", "panda_leftfinger")))
    #expect(found.adjacent.contains(Pair("panda_hand", "panda_leftfinger")))
    #expect(found.checked.contains(Pair("panda_link0", "panda_hand")))
    #expect(found.checked.contains(Pair("panda_link2", "panda_leftfinger")))
    // Of eleven links every pair is somewhere, once.
    #expect(Set(found.checked + found.adjacent + found.alwaysTouching).count == 55)
    #expect(found.checked.count + found.adjacent.count + found.alwaysTouching.count == 55)
  }

  @Test func pairsThatAlwaysTouchAreReported() throws {
    let arm = try SphereArm.crooked()
    var links = arm.spheres.links
    links[2].spheres.append(ArmSpheres.Sphere(center: .zero, radius: 1))
    let found = try CollisionModel(urdf: arm.urdf, spheres: ArmSpheres(links: links), jointNames: arm.model.jointNames).pairs
    #expect(found.alwaysTouching.contains(ArmSpheres.LinkPair("arm", "flag")))
    #expect(!found.checked.contains(ArmSpheres.LinkPair("arm", "flag")))
  }

  /// What is carried is checked as if the carrier had its spheres, and no longer once it is put down.
  @Test func attachedThingsCountAsPartsOfTheirLink() throws {
    var generator = SeededGenerator(seed: 41)
    let arm = try SphereArm.panda(), stick = (0..<5).map { ArmSpheres.Sphere(center: [0, 0, 0.1 + 0.05 * Double($0)], radius: 0.03) }
    let carrying = try arm.model.attaching(Attachment(name: "stick", link: "panda_hand", spheres: stick))
    var spheres = arm.spheres
    let hand = try #require(spheres.links.firstIndex { $0.name == "panda_hand" })
    spheres.links[hand].spheres += stick
    let grown = try CollisionModel(
      urdf: arm.urdf, spheres: spheres, jointNames: arm.model.jointNames, limits: (Array(arm.model.lower), Array(arm.model.upper)))
    let scene = try CollisionScene((0..<5).map { generator.obstacle($0, within: 0.9) })
    let configurations = (0..<200).map { _ in generator.configuration(of: arm.model) }
    let bare = CollisionChecker(model: arm.model, scene: scene).flags(of: configurations)
    let carried = CollisionChecker(model: carrying, scene: scene).flags(of: configurations)
    let expected = CollisionChecker(model: grown, scene: scene).flags(of: configurations)
    #expect(zip(carried, expected).allSatisfy { $0 == $1 })
    #expect(zip(carried, bare).contains { $0 != $1 })
    let put = CollisionChecker(model: try carrying.detaching("stick"), scene: scene).flags(of: configurations)
    #expect(zip(put, bare).allSatisfy { $0 == $1 })
  }

  @Test func attachedThingsMayTouchWhatTheyAreAllowedTo() throws {
    let arm = try SphereArm.panda(), ball = [ArmSpheres.Sphere(center: .zero, radius: 0.5)]
    let base: Set = ["panda_link0", "panda_link1", "panda_link2", "panda_link5"]
    let checked = try arm.model.attaching(Attachment(name: "ball", link: "panda_hand", spheres: ball))
    let allowed = try arm.model.attaching(Attachment(name: "ball", link: "panda_hand", spheres: ball, mayTouch: base))
    #expect(!CollisionChecker(model: checked, scene: CollisionScene()).flags(of: [Self.home])[0].selfFree)
    #expect(CollisionChecker(model: allowed, scene: CollisionScene()).flags(of: [Self.home])[0].selfFree)
  }

  struct Slip: Sendable {
    var change: @Sendable (inout ArmSpheres, inout [String]) -> Void
    let sentence, suggestion: String
  }

  @Test(arguments: [
    Slip(
      change: { spheres, _ in spheres.links[0].name = "panda_hnd" },
      sentence: "the link \"panda_hnd\" does not exist; did you mean \"panda_hand\"?", suggestion: "name links of the URDF, as it spells them"),
    Slip(
      change: { spheres, _ in spheres.links.append(spheres.links[0]) }, sentence: "the spheres of link \"panda_hand\" are given twice",
      suggestion: "put all spheres of \"panda_hand\" into one list"),
    Slip(
      change: { spheres, _ in spheres.links[0].spheres[2].radius = -0.1 },
      sentence: "sphere 2 of link \"panda_hand\" has the radius -0.1, which is not a positive length",
      suggestion: "give each sphere a radius in metres, more than 0"),
    Slip(
      change: { spheres, _ in spheres.links[0].spheres[1].center.y = .nan },
      sentence: "the centre of sphere 1 of link \"panda_hand\" is not made of finite numbers",
      suggestion: "give each centre as three finite numbers in metres"),
    Slip(
      change: { spheres, _ in spheres.selfCollisionPairs?.append(ArmSpheres.LinkPair("panda_hand", "panda_hand")) },
      sentence: "link \"panda_hand\" is paired with itself", suggestion: "pair different links; a link cannot collide with itself"),
    Slip(
      change: { _, joints in joints[3] = "panda_joint44" }, sentence: "the joint \"panda_joint44\" does not exist; did you mean \"panda_joint4\"?",
      suggestion:
        "name joints of the URDF: panda_joint1, panda_joint2, panda_joint3, panda_joint4, panda_joint5, panda_joint6, panda_joint7"),
    Slip(
      change: { _, joints in joints[3] = "panda_joint3" }, sentence: "the joint \"panda_joint3\" is named twice",
      suggestion: "name \"panda_joint3\" once"),
    Slip(
      change: { _, joints in joints[3] = "panda_joint8" }, sentence: "joint \"panda_joint8\" is fixed, which cannot be moved by itself",
      suggestion: "name joints that turn or slide and follow no other"),
    Slip(
      change: { _, joints in joints = [] }, sentence: "no joint moves, so that there is nothing to plan",
      suggestion: "name one to 8 joints in \"joint_names\""),
  ]) func slipsAreSaid(_ slip: Slip) throws {
    let arm = try SphereArm.panda()
    var spheres = arm.spheres, joints = arm.model.jointNames
    slip.change(&spheres, &joints)
    let error = #expect(throws: CollisionModelError.self) { try CollisionModel(urdf: arm.urdf, spheres: spheres, jointNames: joints) }
    #expect(error?.description == slip.sentence)
    #expect(error?.suggestion == slip.suggestion)
  }

  @Test func impossibleAttachmentsAreSaid() throws {
    let arm = try SphereArm.panda(), ball = [ArmSpheres.Sphere(center: .zero, radius: 0.1)]
    func sentence(_ name: String, _ link: String, _ spheres: [ArmSpheres.Sphere]) -> String? {
      #expect(throws: CollisionModelError.self) { try arm.model.attaching(Attachment(name: name, link: link, spheres: spheres)) }?.description
    }
    #expect(sentence("panda_hand", "panda_hand", ball) == "the name \"panda_hand\" is taken")
    #expect(sentence("cup", "panda_hnd", ball) == "the link \"panda_hnd\" does not exist; did you mean \"panda_hand\"?")
    #expect(
      sentence("cup", "panda_hand", [ArmSpheres.Sphere(center: .zero, radius: 0)])
        == "sphere 0 of link \"cup\" has the radius 0.0, which is not a positive length")
    #expect(
      #expect(throws: CollisionModelError.self) { try arm.model.detaching("cup") }?.description
        == "nothing called \"cup\" is attached; none is known")
  }
}

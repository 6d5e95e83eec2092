internal import Foundation
internal import Kinematics

/// How fast the tool may be where it could meet people: an estimate, and never a certificate.
struct SocialReport {
  /// One place of the arm, and the mass that a blow with the tool has there: in the direction in which it is least, and most [kg].
  struct Stand {
    let name: String
    let leastMass, greatestMass: Double
  }

  let stands: [Stand]
  /// Half of what moves and all of what is carried, as the standard has it where nothing better is known [kg].
  let standardMass: Double

  init(_ scene: KnockScene) {
    let configuration = scene.configuration
    standardMass = Self.movingMass(of: scene.model) / 2 + (scene.model.payload?.mass ?? 0)
    let named = configuration.poses.map { KnockStand(name: $0.name, position: $0.position) }
    stands = (named + scene.stands.filter { stand in !named.contains { $0.name == stand.name } }).compactMap { stand in
      guard let mobility = scene.model.operationalSpace(at: stand.position, armature: scene.armature)?.mobility else { return nil }
      let moments = SymmetricMatrix3(
        xx: mobility[0, 0], xy: mobility[0, 1], xz: mobility[0, 2], yy: mobility[1, 1], yz: mobility[1, 2], zz: mobility[2, 2]
      ).principalMoments
      return Stand(name: stand.name, leastMass: 1 / max(moments[2], 1e-9), greatestMass: 1 / max(moments[0], 1e-9))
    }
  }

  /// Of all that the joints move, without what is carried [kg].
  private static func movingMass(of model: RobotModel) -> Double {
    var unloaded = model
    unloaded.payload = nil
    return unloaded.movingMass
  }

  /// Where a blow with the tool weighs most [kg].
  var greatestMass: Double { stands.map(\.greatestMass).max() ?? standardMass }

  var text: String {
    var masses = TextTable(head: ["place", "lightest [kg]", "heaviest [kg]"])
    for stand in stands { masses.append([stand.name, Self.mass(stand.leastMass), Self.mass(stand.greatestMass)]) }
    var speeds = TextTable(head: ["body region", "blow [N]", "clamp [N]", "by the standard [m/s]", "heaviest direction [m/s]"])
    for region in BodyRegion.all {
      speeds.append([
        region.name, String(format: "%.0f", region.transientForce), String(format: "%.0f", region.quasiStaticForce),
        String(format: "%.2f", region.greatestSpeed(hitBy: standardMass)), String(format: "%.2f", region.greatestSpeed(hitBy: greatestMass)),
      ])
    }
    return
      (["What a blow with the tool weighs:", ""] + masses.lines
      + ["", "How fast the tool may meet people (ISO 10218-2:2025, Annex A; the standard's mass is \(Self.mass(standardMass)) kg):", ""]
      + speeds.lines + ["", Self.caution]).joined(separator: "\n")
  }

  static let caution = """
    An estimate from the arm's model, and no certificate: edges, pressure on small areas and clamping are not in it.
    Whether an application is safe is for a risk assessment to say.
    """

  private static func mass(_ mass: Double) -> String { mass < 1000 ? String(format: "%.2f", mass) : "cannot move" }

  var json: JSONValue {
    [
      "estimate": true, "standardMass": .number(standardMass), "greatestMass": .number(min(greatestMass, 1e6)),
      "stands": .array(
        stands.map {
          ["name": .string($0.name), "leastMass": .number($0.leastMass), "greatestMass": .number(min($0.greatestMass, 1e6))]
        }),
      "regions": .array(
        BodyRegion.all.map {
          [
            "name": .string($0.name), "transientForce": .number($0.transientForce), "quasiStaticForce": .number($0.quasiStaticForce),
            "speed": .number($0.greatestSpeed(hitBy: standardMass)), "speedHeaviest": .number($0.greatestSpeed(hitBy: greatestMass)),
          ]
        }),
    ]
  }
}

import Foundation
import Kinematics
import TestSupport
import Testing

/// An arm of the test data, as its oracle file names it.
struct OracleArm: Sendable, CustomTestStringConvertible {
  let name: String
  var testDescription: String { name }

  static let all = ["panda", "ur5", "so101", "ar4_mk3"].map(OracleArm.init)

  struct File: Decodable {
    struct Case: Decodable {
      let q, qd, qdd, T, J_lwa, tau, gravity, M, qdd_from_zero_tau, jdot_qd_lwa: Numbers
    }
    let urdf, ee_frame: String
    let joints: [String]
    let cases: [Case]
  }

  /// Numbers in a row, whether the file nests them or not.
  struct Numbers: Decodable {
    let values: [Double]
    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      values = try (try? container.decode([Double].self)) ?? container.decode([[Double]].self).flatMap { $0 }
    }
    var vector: JointVector { JointVector(values) }
  }

  func load() throws -> (model: RobotModel, file: File) {
    let file = try JSONDecoder().decode(File.self, from: Data(contentsOf: dataFile("kinematics/\(name).json")))
    return (try RobotModel(urdf: URDF(contentsOf: packageFile("Tests/Data/kinematics/\(file.urdf)")), tip: file.ee_frame), file)
  }
}

func dataFile(_ name: String) -> URL { URL(fileURLWithPath: packageFile("Tests/Data/\(name)")) }

func dummyModel() throws -> RobotModel { try RobotModel(urdf: URDF(contentsOf: packageFile("Robots/dummy/dummy.urdf")), tip: "flange") }

/// The largest difference between two rows of numbers; infinite where their lengths differ.
func difference(_ a: some Collection<Double>, _ b: some Collection<Double>) -> Double {
  a.count == b.count ? zip(a, b).map { abs($0 - $1) }.max() ?? 0 : .infinity
}

func difference(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> Double { max(abs(a.x - b.x), abs(a.y - b.y), abs(a.z - b.z)) }

func difference(_ a: Pose, _ b: Pose) -> Double {
  max(
    difference(a.translation, b.translation), difference(a.rotation.x, b.rotation.x), difference(a.rotation.y, b.rotation.y),
    difference(a.rotation.z, b.rotation.z))
}

extension JointMatrix {
  /// Row by row.
  var numbers: [Double] { (0..<count).flatMap { row in (0..<count).map { self[row, $0] } } }
}

extension Jacobian {
  /// Row by row, linear rows first.
  var numbers: [Double] {
    let columns = (0..<count).map { self[$0] }
    return (0..<3).flatMap { row in columns.map { $0.linear[row] } } + (0..<3).flatMap { row in columns.map { $0.angular[row] } }
  }
}

extension SeededGenerator {
  mutating func number(in range: ClosedRange<Double>) -> Double { Double.random(in: range, using: &self) }
  mutating func vector(_ count: Int, in range: ClosedRange<Double>) -> JointVector { JointVector((0..<count).map { _ in number(in: range) }) }
  mutating func vector3(in range: ClosedRange<Double>) -> SIMD3<Double> { [number(in: range), number(in: range), number(in: range)] }
  mutating func rotation() -> Rotation { Rotation(rotationVector: vector3(in: -1.8...1.8)) }
  mutating func pose() -> Pose { Pose(rotation: rotation(), translation: vector3(in: -2...2)) }
}

/// An arm with all that a chain may have: joints that turn and slide, skew axes, fixed joints, side branches and links ahead of the base.
let mixedArm = """
  <robot name="mixed">
    <link name="floor">
      <inertial> <mass value="9"/> <inertia ixx="0.2" ixy="0" ixz="0" iyy="0.3" iyz="0" izz="0.4"/> </inertial>
    </link>
    <joint name="mount" type="revolute">
      <parent link="floor"/> <child link="base"/> <origin xyz="0.1 0.2 0.3" rpy="0.3 -0.2 0.1"/> <axis xyz="0 1 0"/>
    </joint>
    <link name="base">
      <inertial> <origin xyz="0 0.1 0.1"/> <mass value="4"/> <inertia ixx="0.05" ixy="0" ixz="0" iyy="0.04" iyz="0.01" izz="0.03"/> </inertial>
    </link>
    <joint name="rail" type="prismatic">
      <parent link="base"/> <child link="cart"/> <origin xyz="0 0.1 0.4" rpy="0.1 0.2 0.3"/> <axis xyz="1 2 -1"/>
      <limit lower="-0.5" upper="0.8" velocity="1" effort="100"/>
    </joint>
    <link name="cart">
      <inertial> <origin xyz="0.02 0.03 -0.05"/> <mass value="2"/>
      <inertia ixx="0.02" ixy="0.001" ixz="0" iyy="0.03" iyz="-0.002" izz="0.025"/> </inertial>
    </link>
    <joint name="yaw" type="continuous">
      <parent link="cart"/> <child link="arm"/> <origin xyz="0.1 0 0.2" rpy="-0.4 0 0.5"/> <axis xyz="0 0.6 0.8"/>
    </joint>
    <link name="arm">
      <inertial> <origin xyz="0.1 0 0" rpy="0.2 0.1 0"/> <mass value="1.5"/>
      <inertia ixx="0.01" ixy="0" ixz="0" iyy="0.02" iyz="0" izz="0.02"/> </inertial>
    </link>
    <joint name="bracket" type="fixed">
      <parent link="arm"/> <child link="plate"/> <origin xyz="0.2 0 0" rpy="0 1 0"/>
    </joint>
    <link name="plate">
      <inertial> <mass value="0.3"/> <inertia ixx="0.001" ixy="0" ixz="0" iyy="0.001" iyz="0" izz="0.001"/> </inertial>
    </link>
    <joint name="lid" type="revolute">
      <parent link="plate"/> <child link="cover"/> <origin xyz="0 0.1 0" rpy="0.5 0 0"/> <axis xyz="1 0 0"/>
    </joint>
    <link name="cover">
      <inertial> <origin xyz="0 0 0.05"/> <mass value="0.2"/> <inertia ixx="0.002" ixy="0" ixz="0" iyy="0.001" iyz="0" izz="0.001"/> </inertial>
    </link>
    <joint name="bend" type="revolute">
      <parent link="plate"/> <child link="hand"/> <origin xyz="0 0 0.3" rpy="0 0 0.7"/> <axis xyz="-1 0 0"/>
      <limit lower="-2" upper="1" velocity="2" effort="20"/>
    </joint>
    <link name="hand">
      <inertial> <origin xyz="0 0.05 0"/> <mass value="0.6"/> <inertia ixx="0.003" ixy="0" ixz="0.0005" iyy="0.002" iyz="0" izz="0.002"/> </inertial>
    </link>
    <joint name="reach" type="prismatic">
      <parent link="hand"/> <child link="finger"/> <origin xyz="0 0.1 0"/> <axis xyz="0 1 0"/>
      <limit lower="0" upper="0.1" velocity="0.1" effort="5"/>
    </joint>
    <link name="finger">
      <inertial> <mass value="0.1"/> <inertia ixx="0.0001" ixy="0" ixz="0" iyy="0.0001" iyz="0" izz="0.0001"/> </inertial>
    </link>
  </robot>
  """

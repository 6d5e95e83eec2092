import Foundation
import Kinematics
import Testing
import TestSupport

/// One wrong letter at a time: each must give its line, what is wrong and what exists instead, in exactly these words.
@Suite struct URDFErrorTests {
  static let arm = """
    <robot name="pair">
      <link name="base">
        <inertial>
          <origin xyz="0 0 0.1" rpy="0 0 0"/>
          <mass value="1.5"/>
          <inertia ixx="0.02" ixy="0" ixz="0" iyy="0.02" iyz="0" izz="0.01"/>
        </inertial>
        <collision>
          <geometry><cylinder radius="0.05" length="0.2"/></geometry>
        </collision>
      </link>
      <joint name="shoulder" type="revolute">
        <origin xyz="0 0 0.2" rpy="0 0 1.57"/>
        <parent link="base"/>
        <child link="upper_arm"/>
        <axis xyz="0 1 0"/>
        <limit lower="-1.5" upper="1.5" velocity="2" effort="10"/>
      </joint>
      <link name="upper_arm"/>
      <joint name="elbow" type="revolute">
        <parent link="upper_arm"/>
        <child link="forearm"/>
        <limit lower="0" upper="2" velocity="2" effort="10"/>
      </joint>
      <link name="forearm"/>
      <joint name="finger" type="prismatic">
        <parent link="forearm"/>
        <child link="tip"/>
        <mimic joint="elbow" multiplier="0.1"/>
      </joint>
      <link name="tip"/>
    </robot>
    """

  /// What was right, what stands there instead, and what is said about it: first line and sentence, then what to do.
  struct Slip: Sendable, CustomTestStringConvertible {
    let right, written, sentence, suggestion: String
    init(_ right: String, _ written: String, _ sentence: String, _ suggestion: String) {
      (self.right, self.written, self.sentence, self.suggestion) = (right, written, sentence, suggestion)
    }
    var testDescription: String { written.isEmpty ? "without \(right)" : written }
  }

  /// Where the file ends in blank lines there is nothing to show.
  @Test func namesNoPlaceWhereThereIsNothing() {
    let error = #expect(throws: URDFError.self) {
      try URDF(parsing: Self.arm.replacingOccurrences(of: "</robot>", with: "\n\n"), file: "pair.urdf")
    }
    #expect(error?.sentence == "the file ends before <robot> of line 1 is closed")
  }

  /// An axis is a direction: its length does not matter, though its square be no number any more.
  @Test func axesMayHaveAnyLength() throws {
    for length in ["1e200", "-1e-8", "3e-5"] {
      let urdf = try URDF(parsing: Self.arm.replacingOccurrences(of: "xyz=\"0 1 0\"", with: "xyz=\"0 \(length) 0\""))
      #expect(urdf.joints[0].axis == [0, length.hasPrefix("-") ? -1 : 1, 0])
    }
  }

  @Test(arguments: slips) func saysWhatIsWrongAndWhatExists(slip: Slip) throws {
    let range = try #require(Self.arm.range(of: slip.right))
    let error = #expect(throws: URDFError.self) {
      try URDF(parsing: Self.arm.replacingCharacters(in: range, with: slip.written), file: "pair.urdf")
    }
    #expect(error?.description == "pair.urdf:" + slip.sentence)
    #expect(error?.suggestion == slip.suggestion)
  }

  static let slips: [Slip] = [
    // XML
    Slip(
      #"<link name="forearm"/>"#, #"<link name="forearm">"#,
      #"32: the closing tag does not close <link> of line 25, near `</robot>`"#,
      #"correct the tag there; every <tag> needs its </tag> or ends in />"#),
    Slip(
      #"</inertial>"#, #"</inertal>"#,
      #"7: the closing tag does not close <inertial> of line 3, near `</inertal>`"#,
      #"correct the tag there; every <tag> needs its </tag> or ends in />"#),
    Slip(
      #"<mass value="1.5"/>"#, #"<mass value=1.5"/>"#,
      #"5: an attribute's value lacks its quotes, near `<mass value=1.5"/>`"#,
      #"correct the tag there; every <tag> needs its </tag> or ends in />"#),
    Slip(
      #"<mass value="1.5"/>"#, #"<mass value="1.5" value="2"/>"#,
      #"5: an attribute is there twice, near `<mass value="1.5" value="2"/>`"#,
      #"correct the tag there; every <tag> needs its </tag> or ends in />"#),
    Slip(
      #"<mass value="1.5"/>"#, #"<mass value="1.5"/"#,
      #"5: an attribute is not of the form name="value", near `<mass value="1.5"/`"#,
      #"correct the tag there; every <tag> needs its </tag> or ends in />"#),
    Slip(
      #"</robot>"#, #""#,
      #"31: the file ends before <robot> of line 1 is closed, near `<link name="tip"/>`"#,
      #"correct the tag there; every <tag> needs its </tag> or ends in />"#),
    Slip(
      #"<robot name="pair">"#, #"<robto name="pair">"#,
      #"32: the closing tag does not close <robto> of line 1, near `</robot>`"#,
      #"correct the tag there; every <tag> needs its </tag> or ends in />"#),
    // Elements
    Slip(
      #"<joint name="elbow" type="revolute">"#, #"<xacro:elbow/><joint name="elbow" type="revolute">"#,
      #"20:3: <xacro:elbow> is a xacro macro, which a URDF does not have"#,
      #"expand it first: xacro FILE > arm.urdf"#),
    Slip(#"<mass value="1.5"/>"#, #"<mas value="1.5"/>"#, #"5:7: <mas> is unknown in <inertial>; did you mean "mass"?"#, #"write mass"#),
    Slip(
      #"<limit lower="-1.5""#, #"<limt lower="-1.5""#,
      #"17:5: <limt> is unknown in joint "shoulder"; did you mean "limit"?"#,
      #"write limit"#),
    Slip(
      #"<axis xyz="0 1 0"/>"#, #"<axes xyz="0 1 0"/>"#,
      #"16:5: <axes> is unknown in joint "shoulder"; did you mean "axis"?"#,
      #"write axis"#),
    Slip(
      #"<origin xyz="0 0 0.2" rpy="0 0 1.57"/>"#, #"<orgin xyz="0 0 0.2" rpy="0 0 1.57"/>"#,
      #"13:5: <orgin> is unknown in joint "shoulder"; did you mean "origin"?"#,
      #"write origin"#),
    Slip(
      #"<cylinder radius"#, #"<cilinder radius"#,
      #"9:17: <cilinder> is unknown in <geometry>; did you mean "cylinder"?"#,
      #"write cylinder"#),
    Slip(
      #"<cylinder radius="0.05" length="0.2"/>"#, #"<cone radius="0.05" length="0.2"/>"#,
      #"9:17: <cone> is unknown in <geometry>; known: box, cylinder, sphere, capsule, mesh"#,
      #"use one of: box, cylinder, sphere, capsule, mesh"#),
    Slip(#"<parent link="base"/>"#, #""#, #"12:3: joint "shoulder" lacks <parent>; it holds origin, child, axis, limit"#, #"add <parent>"#),
    Slip(
      #"<mass value="1.5"/>"#, #"<mass value="1.5"/><mass value="1.5"/>"#,
      #"5:26: <inertial> holds a second <mass>"#,
      #"remove one of the two"#),
    Slip(
      #"<link name="upper_arm"/>"#, #"<link name="upper_arm"/>x"#,
      #"19: <robot> holds the text `x`, where only elements belong"#,
      #"remove the text"#),
    // Attributes
    Slip(#"rpy="0 0 1.57""#, #"rpi="0 0 1.57""#, #"13:27: the attribute "rpi" is unknown in <origin>; did you mean "rpy"?"#, #"write rpy"#),
    Slip(
      #"type="prismatic""#, #"tipe="prismatic""#,
      #"26:24: the attribute "tipe" is unknown in joint "finger"; did you mean "type"?"#,
      #"write type"#),
    Slip(
      #"<link name="upper_arm"/>"#, #"<link nmae="upper_arm"/>"#,
      #"19:9: the attribute "nmae" is unknown in <link>; did you mean "name"?"#,
      #"write name"#),
    Slip(#"<link name="upper_arm"/>"#, #"<link/>"#, #"19:3: <link> lacks the attribute "name""#, #"add name="…""#),
    Slip(
      #"velocity="2" effort="10"/>\#n  </joint>\#n  <link name="upper"#, #"velocty="2" effort="10"/>\#n  </joint>\#n  <link name="upper"#,
      #"17:37: the attribute "velocty" is unknown in <limit>; did you mean "velocity"?"#,
      #"write velocity"#),
    Slip(#"izz="0.01""#, #"izy="0.01""#, #"6:62: the attribute "izy" is unknown in <inertia>; did you mean "izz"?"#, #"write izz"#),
    Slip(
      #"length="0.2""#, #"lenght="0.2""#,
      #"9:41: the attribute "lenght" is unknown in <cylinder>; did you mean "length"?"#,
      #"write length"#),
    // Values
    Slip(
      #"xyz="0 0 0.2""#, #"xyz="0 0 O.2""#,
      #"13:13: `O.2` in xyz="0 0 O.2" of <origin> is not a number"#,
      #"write plain numbers with a decimal point, separated by spaces"#),
    Slip(
      #"xyz="0 0 0.2""#, #"xyz="0 0.2""#,
      #"13:13: xyz of <origin> holds 2 numbers, where 3 belong"#,
      #"write xyz="0 0 0" with your numbers"#),
    Slip(
      #"xyz="0 0 0.2""#, #"xyz="0 0 nan""#,
      #"13:13: `nan` in xyz="0 0 nan" of <origin> is not a number"#,
      #"write plain numbers with a decimal point, separated by spaces"#),
    Slip(
      #"rpy="0 0 1.57""#, #"rpy="0,0,1.57""#,
      #"13:27: `0,0,1.57` in rpy="0,0,1.57" of <origin> is not a number"#,
      #"write plain numbers with a decimal point, separated by spaces"#),
    Slip(
      #"lower="-1.5""#, #"lower="-1.5.""#,
      #"17:12: `-1.5.` in lower="-1.5." of <limit> is not a number"#,
      #"write plain numbers with a decimal point, separated by spaces"#),
    Slip(#"radius="0.05""#, #"radius="-0.05""#, #"9:27: radius of <cylinder> is -0.05, which is not more than 0"#, #"give radius in metres"#),
    Slip(
      #"type="revolute">\#n    <origin"#, #"type="revolut">\#n    <origin"#,
      #"12:26: joint "shoulder" has the unknown type "revolut"; did you mean "revolute"?"#,
      #"use one of: revolute, continuous, prismatic, fixed, floating, planar"#),
    Slip(
      #"type="prismatic""#, #"type="prizmatic""#,
      #"26:24: joint "finger" has the unknown type "prizmatic"; did you mean "prismatic"?"#,
      #"use one of: revolute, continuous, prismatic, fixed, floating, planar"#),
    Slip(
      #"type="prismatic""#, #"type="slider""#,
      #"26:24: joint "finger" has the unknown type "slider"; known: revolute, continuous, prismatic, fixed, floating, planar"#,
      #"use one of: revolute, continuous, prismatic, fixed, floating, planar"#),
    Slip(
      #"xyz="0 1 0""#, #"xyz="0 0 0""#,
      #"16:5: the axis of joint "shoulder" has no length"#,
      #"write the direction that the joint turns about or slides along, such as xyz="0 0 1""#),
    Slip(
      #"lower="-1.5" upper="1.5""#, #"lower="1.5" upper="-1.5""#,
      #"17:5: the limits of joint "shoulder" are upside down: lower 1.5 rad, upper -1.5 rad"#,
      #"swap lower and upper"#),
    Slip(
      #"lower="-1.5" upper="1.5""#, #"lower="-1.5""#,
      #"17:5: the <limit> of joint "shoulder" has one end only: "upper" is missing"#,
      #"add upper="…", or make the joint continuous"#),
    Slip(
      #"velocity="2""#, #"velocity="-2""#,
      #"17:37: the limit of velocity of joint "shoulder" is negative: -2.0"#,
      #"give the magnitude, which holds both ways, or leave velocity out where nothing limits it"#),
    Slip(
      #"effort="10""#, #"effort="-10""#,
      #"17:50: the limit of effort of joint "shoulder" is negative: -10.0"#,
      #"give the magnitude, which holds both ways, or leave effort out where nothing limits it"#),
    Slip(#"mass value="1.5""#, #"mass value="-1.5""#, #"5:13: link "base" has the negative mass -1.5"#, #"give the mass in kilograms"#),
    Slip(
      #"ixx="0.02""#, #"ixx="-0.02""#,
      #"6:7: the inertia of link "base" is impossible: about some axis it is negative"#,
      #"check the signs of ixx … izz; they are about the centre of mass, in kg·m²"#),
    Slip(
      #"ixy="0""#, #"ixy="0.2""#,
      #"6:7: the inertia of link "base" is impossible: about some axis it is negative"#,
      #"check the signs of ixx … izz; they are about the centre of mass, in kg·m²"#),
    // Names and the tree
    Slip(
      #"<link name="upper_arm"/>"#, #"<link name="upper_arm"/><link name="base"/>"#,
      #"19:27: the link "base" is there twice, first in line 2"#,
      #"rename one of the two"#),
    Slip(
      #"joint name="elbow""#, #"joint name="shoulder""#,
      #"20:3: the joint "shoulder" is there twice, first in line 12"#,
      #"rename one of the two"#),
    Slip(
      #"<child link="upper_arm"/>"#, #"<child link="uper_arm"/>"#,
      #"12:3: joint "shoulder" has the child link "uper_arm", which does not exist; did you mean "upper_arm"?"#,
      #"write upper_arm"#),
    Slip(
      #"<parent link="base"/>"#, #"<parent link="bas"/>"#,
      #"12:3: joint "shoulder" has the parent link "bas", which does not exist; did you mean "base"?"#,
      #"write base"#),
    Slip(
      #"<parent link="upper_arm"/>"#, #"<parent link="Forearm2"/>"#,
      #"20:3: joint "elbow" has the parent link "Forearm2", which does not exist; did you mean "forearm"?"#,
      #"write forearm"#),
    Slip(
      #"joint="elbow""#, #"joint="elbw""#,
      #"26:3: joint "finger" mimics "elbw", which is no other joint; did you mean "elbow"?"#,
      #"write elbow"#),
    Slip(
      #"joint="elbow""#, #"joint="finger""#,
      #"26:3: joint "finger" mimics "finger", which is no other joint; known: shoulder, elbow"#,
      #"use one of: shoulder, elbow"#),
    Slip(
      #"<child link="forearm"/>"#, #"<child link="forearm"/><mimic joint="finger"/>"#,
      #"20:3: joints follow one another in a circle: elbow → finger → elbow"#,
      #"remove one <mimic>, so that one of the joints leads"#),
    Slip(
      #"<child link="tip"/>"#, #"<child link="upper_arm"/>"#,
      #"26:3: link "upper_arm" is the child of 2 joints: shoulder, finger"#,
      #"let one joint carry the link"#),
    Slip(
      #"<parent link="base"/>"#, #"<parent link="tip"/>"#,
      #"20:3: the links form a loop: upper_arm → forearm → tip → upper_arm"#,
      #"remove the joint that closes the loop"#),
    Slip(
      #"<link name="tip"/>"#, #"<link name="tip"/><link name="table"/>"#,
      #"31:21: the links fall apart into 2 trees, with the roots base, table"#,
      #"join the trees with a fixed joint"#),
  ]
}

/// What a sound file cannot give, and what it may hold without harm.
@Suite struct RobotModelErrorTests {
  struct Request: Sendable, CustomTestStringConvertible {
    let base: String?, tip, sentence: String
    var testDescription: String { "\(base ?? "root") to \(tip)" }
  }

  static let requests = [
    Request(base: nil, tip: "forearn", sentence: "pair.urdf: the tip link \"forearn\" does not exist; did you mean \"forearm\"?"),
    Request(base: "bse", tip: "forearm", sentence: "pair.urdf: the base link \"bse\" does not exist; did you mean \"base\"?"),
    Request(base: nil, tip: "tool0", sentence: "pair.urdf: the tip link \"tool0\" does not exist; known: base, upper_arm, forearm, tip"),
    Request(base: nil, tip: "base", sentence: "pair.urdf: no joint moves between \"base\" and \"base\""),
  ]

  @Test(arguments: requests) func refusesWhatTheFileLacks(request: Request) throws {
    let urdf = try URDF(parsing: URDFErrorTests.arm, file: "pair.urdf")
    let error = #expect(throws: URDFError.self) { try RobotModel(urdf: urdf, base: request.base, tip: request.tip) }
    #expect(error?.description == request.sentence)
  }

  @Test func refusesMoreThanEightJoints() throws {
    let text =
      "<robot name=\"snake\"><link name=\"l0\"/>"
      + (1...9).map {
        "<link name=\"l\($0)\"/><joint name=\"j\($0)\" type=\"continuous\"><parent link=\"l\($0 - 1)\"/><child link=\"l\($0)\"/></joint>"
      }.joined() + "</robot>"
    let urdf = try URDF(parsing: text, file: "snake.urdf")
    let error = #expect(throws: URDFError.self) { try RobotModel(urdf: urdf, tip: "l9") }
    #expect(error?.description == "snake.urdf: 9 joints move between \"l0\" and \"l9\", and an arm has at most 8")
    #expect(try RobotModel(urdf: urdf, tip: "l8").jointCount == 8)
  }

  @Test func saysThatThereIsNoFile() {
    let error = #expect(throws: URDFError.self) { try URDF(contentsOf: "/nowhere/arm.urdf") }
    #expect(error?.description == "/nowhere/arm.urdf: the file cannot be read: there is no such file")
  }

  @Test(arguments: ["", "\n \n"]) func saysThatAFileIsEmpty(text: String) {
    let error = #expect(throws: URDFError.self) { try URDF(parsing: text, file: "arm.urdf") }
    #expect(error?.description == "arm.urdf: the file cannot be read: it is empty")
  }

  /// So many links that anything done for each pair of them would be felt.
  @Test func manyFixedLinksAreOneBody() throws {
    let count = 3000
    let links = (0...count).map {
      "<link name=\"l\($0)\"><inertial><mass value=\"0.001\"/>"
        + "<inertia ixx=\"0\" ixy=\"0\" ixz=\"0\" iyy=\"0\" iyz=\"0\" izz=\"0\"/></inertial></link>"
    }
    let joints = (1...count).map {
      "<joint name=\"j\($0)\" type=\"\($0 == 1 ? "prismatic" : "fixed")\"><parent link=\"l\($0 - 1)\"/><child link=\"l\($0)\"/></joint>"
    }
    let urdf = try URDF(parsing: "<robot name=\"many\">" + links.joined() + joints.joined() + "</robot>")
    for tip in ["l1", "l\(count)"] { #expect(try abs(RobotModel(urdf: urdf, tip: tip).massMatrix(at: [0])[0, 0] - 3) < 1e-9) }
  }

  @Test func passesOverWhatBelongsToOthers() throws {
    let foreign = """
      <material name="grey"><color rgba="1 1 1 1"/></material> <gazebo reference="base"><selfCollide>1</selfCollide></gazebo>
      <transmission name="t"><type>x</type><joint name="nobody"/><actuator name="a"/></transmission> <ros2_control name="r"/> <whatever/>
      """
    let inJoint = "<dynamics damping=\"1\" mu=\"2\"/> <safety_controller k_velocity=\"1\"/> <calibration rising=\"0\"/>"
    let text = URDFErrorTests.arm.replacing("<link name=\"tip\"/>", with: "<link name=\"tip\"/>" + foreign)
      .replacing("<child link=\"forearm\"/>", with: "<child link=\"forearm\"/>" + inJoint)
    let urdf = try URDF(parsing: text), plain = try URDF(parsing: URDFErrorTests.arm)
    #expect(urdf.joints.map(\.name) == plain.joints.map(\.name))
  }

  /// As CAD exporters write them.
  @Test func takesPlaceholdersForNoLimit() throws {
    let text = URDFErrorTests.arm.replacing("velocity=\"2\" effort=\"10\"", with: "velocity=\"0\" effort=\"-1\"")
    let limits = try RobotModel(urdf: URDF(parsing: text), tip: "forearm").limits
    #expect(limits.velocity == [.infinity, .infinity] && limits.effort == [.infinity, .infinity])
  }

  @Test func keepsShapesAndFollowers() throws {
    let urdf = try URDF(parsing: URDFErrorTests.arm)
    #expect(urdf.links[0].collisions.map(\.shape) == [.cylinder(radius: 0.05, length: 0.2)])
    #expect(urdf.joints[2].mimic?.joint == "elbow")
    #expect(urdf.joints[2].mimic?.multiplier == 0.1)
    #expect(urdf.rootLink == "base")
  }
}

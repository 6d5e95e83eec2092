import Gaze
import TestSupport
import Testing

@testable import armctl

/// What a person reads while directing the arm by looks: sentences, digits, reasons; at every size of the terminal.
@Suite struct GazeScreenTests {
  static let cup = GazeSessionTests.cup

  static func screen(_ stage: GazeStage, _ width: Int = 80, _ height: Int = 24) -> [String] {
    GazeView().screen(of: stage.session, source: "a test", width: width, height: height, at: stage.time).lines
  }

  static func box(_ name: String, _ x: Double, _ y: Double) -> JSONValue {
    ["name": .string(name), "center": [.number(x), .number(y), 0.02], "halfExtents": [0.02, 0.02, 0.02]]
  }

  // MARK: Digits

  @Test func aThingKeepsItsDigit() {
    let (cup, pen, box) = (Self.box("cup", 0.2, 0.08), Self.box("pen", 0.3, 0), Self.box("box", 0.2, -0.08))
    var stage = GazeStage(scene: ["boxes": [cup, pen, box]])
    func digits() -> [Int?] { ["cup", "pen", "box"].map { stage.session.digits.digit(of: $0) } }
    #expect(digits() == [1, 2, 3])
    stage.change(scene: ["boxes": [box, pen]])
    #expect(digits() == [1, 2, 3])
    #expect(Self.screen(stage).contains { $0.contains("3 box") })
    #expect(stage.session.place(of: 3) == SIMD2(0.2, -0.08) && stage.session.place(of: 1) == nil)
    // It is there again, and another one came first.
    stage.change(scene: ["boxes": [Self.box("jar", 0.25, 0.1), box, cup]])
    #expect(digits() == [1, 2, 3] && stage.session.digits.digit(of: "jar") == 4)
    stage.change(scene: [:])
    #expect(stage.session.place(of: 9) == stage.session.settings.area.grid(rows: 3, columns: 3)[8])
  }

  @Test func thereAreNineDigits() {
    var digits = GazeDigits()
    let many = (1...12).map { "thing \($0)" }
    digits.see(many)
    #expect(many.map { digits.digit(of: $0) } == [1, 2, 3, 4, 5, 6, 7, 8, 9, nil, nil, nil])
    // What is not there any more gives way.
    digits.see(Array(many[3...]))
    #expect(many[3...].map { digits.digit(of: $0) } == [4, 5, 6, 7, 8, 9, 1, 2, 3])
    #expect(digits.name(of: 1) == "thing 10" && digits.name(of: 10) == nil && digits.name(of: 0) == nil)
  }

  // MARK: Sentences

  /// Every sentence goes; one that stays for a while says of when it is.
  @Test func sentencesGo() {
    var stage = GazeStage()
    stage.tell(event: ["kind": "knocked", "message": "The arm was knocked."])
    #expect(Self.screen(stage).contains { $0.hasPrefix(" The arm was knocked.") })
    stage.pass(6, lookingAt: SIMD2(0.9, 0.9))
    #expect(Self.screen(stage).contains { $0.hasPrefix(" 6 s ago: The arm was knocked.") || $0.hasPrefix(" 5 s ago: The arm was knocked.") })
    stage.pass(15, lookingAt: SIMD2(0.9, 0.9))
    #expect(!Self.screen(stage).joined().contains("knocked"))
  }

  /// Another action asks anew about what is selected already.
  @Test func anotherActionAsksAnew() {
    var stage = GazeStage()
    stage.pass(1.5, lookingAt: Self.cup)
    stage.press(.character("p"))
    #expect(stage.session.standingNotice?.text == "pick up cup? Enter confirms, Esc does not.")
    stage.press(.escape)
    stage.press(.character("b"))
    #expect(stage.session.notice?.text == "Now: bring what is chosen.")
  }

  @Test func aFaultIsSaidOnce() {
    var stage = GazeStage()
    let sentence = "The motor of waist has not answered for 205 ms."
    stage.session.take(state: ["mode": "fault", "fault": ["message": .string(sentence)]], at: stage.time)
    stage.tell(event: ["kind": "fault", "message": .string(stage.session.reading?.fault ?? sentence)])
    #expect(Self.screen(stage).count { $0.contains("of waist has not answered") } == 1)
    #expect(Self.screen(stage).contains { $0.hasSuffix("Try: armctl reset.") })
  }

  /// A thing that is taken away while it is selected cannot be confirmed any more, and nothing says that it can.
  @Test func noSentenceAsksForWhatIsGone() {
    var stage = GazeStage()
    stage.pass(1.5, lookingAt: Self.cup)
    #expect(stage.session.standingNotice?.text == "go to cup? Enter confirms, Esc does not.")
    stage.change(scene: ["boxes": [Self.box("box", 0.2, -0.08)]], lookingAt: Self.cup)
    #expect(stage.session.standingNotice == nil)
    #expect(stage.kinds().suffix(2) == ["selected", "dropped"])
  }

  /// What Enter would do is asked for as long as it would do it, beside what was done before; and it is no question where it would do nothing.
  @Test func theQuestionIsOfNow() {
    var stage = GazeStage()
    stage.pass(1.5, lookingAt: Self.cup)
    stage.press(.enter)
    stage.pass(6, lookingAt: Self.cup)
    #expect(stage.kinds().suffix(2) == ["done", "selected"])
    let screen = Self.screen(stage).joined(separator: "\n")
    #expect(screen.contains("go to cup: done.") && screen.contains("go to cup? Enter confirms, Esc does not."))
    stage.press(.character("l"))
    #expect(stage.session.standingNotice?.text == "The arm carries nothing to put down. Try: p, to pick something up first.")
    stage.pass(0.2, lookingAt: Self.cup, holding: .character("f"))
    #expect(stage.session.isFollowing && !Self.screen(stage).joined().contains("?"))
  }

  /// A key that moves nothing says why.
  @Test func keysThatMoveNothingSayWhy() {
    for key in [Key.enter, .character("f")] {
      var stage = GazeStage(isCalibrated: false)
      stage.press(key)
      #expect(stage.session.notice?.text == "There is no calibration yet: c makes one.")
    }
    var stage = GazeStage()
    stage.press(.character("f"))
    #expect(stage.session.notice?.text == "No looks: nothing moves.")
    stage.pass(0.2, lookingAt: SIMD2(0.3, 0))
    stage.press(.enter)
    #expect(stage.session.notice?.text == "Nothing is chosen: look at a thing until its ring is full.")
    stage.press(.character("c"))
    stage.press(.character("f"))
    #expect(stage.session.notice?.text == "The arm is busy." && !stage.session.isFollowing)
  }

  /// Before there is a calibration nothing is believed of things.
  @Test func nothingIsBelievedWithoutACalibration() {
    let stage = GazeStage(isCalibrated: false)
    #expect(Self.screen(stage).contains { $0.contains("none yet: press c") })
    #expect(!Self.screen(stage).joined().contains("something else"))
  }

  /// Whoever looks at the bare table, or wants to lay something down there, is told how.
  @Test func theBareTableIsExplained() {
    var stage = GazeStage()
    stage.pass(2, lookingAt: SIMD2(0.3, 0))
    #expect(stage.session.notice?.text == "No thing stands there. Bare places can be chosen with --free.")
    stage.press(.character("l"))
    #expect(stage.session.notice?.text == "Now: put down on what is chosen. Bare places can be chosen with --free.")
    stage = GazeStage { $0.intent.freePoints = true }
    stage.press(.character("l"))
    #expect(stage.session.notice?.text == "Now: put down on what is chosen.")
  }

  // MARK: Liars

  /// Why samples are refused is on the smallest screen, also while others are believed.
  @Test(arguments: [(60, 18), (60, 20), (80, 24), (120, 40)]) func reasonsAreOnEveryScreen(width: Int, height: Int) {
    for reason in SampleGate.Refusal.allCases where reason != .flood && reason != .unreadable && reason != .clockJump && reason != .stale {
      for share in [1, 3] {
        var stage = GazeStage(), count = 0
        stage.pass(1, lookingAt: Self.cup)
        stage.lie = { sample in
          count += 1
          if count % share == 0 { Self.spoil(&sample, reason) }
          return true
        }
        stage.pass(1, lookingAt: Self.cup)
        let lines = Self.screen(stage, width, height)
        #expect(lines.contains { $0.contains(reason.description) }, "\(reason), one of \(share)")
        #expect(lines.contains { $0.contains(", mostly \(reason.word)") }, "\(reason), one of \(share)")
      }
    }
  }

  private static func spoil(_ sample: inout GazeSample, _ reason: SampleGate.Refusal) {
    switch reason {
    case .notANumber: sample.look = .screen(SIMD2(.nan, 0.5))
    case .outOfSight: sample.look = .screen(SIMD2(1e6, 0.5))
    case .unsure: sample.confidence = 0.1
    case .outOfOrder: sample.time -= 0.1
    case .unreadable, .clockJump, .stale, .flood: break
    }
  }

  @Test func whatCannotBeReadIsCounted() {
    for isCalibrated in [true, false] {
      var stage = GazeStage(isCalibrated: isCalibrated)
      stage.pass(1, lookingAt: Self.cup)
      for _ in 0..<40 {
        stage.pass(0.015)
        stage.session.takeUnreadable(at: stage.time)
      }
      #expect(stage.session.problem(at: stage.time) == "The tracker sends what cannot be read.")
      #expect(Self.screen(stage).contains { $0.contains("40, mostly unreadable") })
    }
  }

  /// However many things there are, no line of the panel is written over by another.
  @Test(arguments: [(60, 18), (60, 20), (80, 24), (120, 40)]) func nothingIsWrittenOver(width: Int, height: Int) {
    let boxes = (0..<9).map { Self.box("thing \($0)", 0.16 + 0.07 * Double($0 % 3), -0.1 + 0.1 * Double($0 / 3)) }
    var stage = GazeStage(scene: ["boxes": .array(boxes)])
    stage.pass(1.5, lookingAt: SIMD2(0.16, 0.1))
    stage.press(.enter)
    stage.pass(0.3, lookingAt: SIMD2(0.16, 0.1))
    stage.lie = { sample in
      sample.confidence = 0
      return true
    }
    stage.pass(0.4, lookingAt: SIMD2(0.16, 0.1))
    let text = Self.screen(stage, width, height).joined(separator: "\n")
    for sentence in [
      "● lost", "The tracker is not sure what it sees.", "mostly not sure", "action", "go to thing 6", "paused: Enter goes on", "something else",
      "No looks: the arm rests on its path.", "space stop", "enter confirm",
    ] { #expect(text.contains(sentence), "\(sentence) is missing on\n\(text)") }
  }
}

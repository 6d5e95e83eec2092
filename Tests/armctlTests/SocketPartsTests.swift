import TestSupport
import Testing

@testable import armctl

@Suite("Line framer") struct SocketFramerTests {
  private func lines(_ pieces: [[UInt8]], limit: Int = 8) -> [LineFramer.Line] {
    var framer = LineFramer(maximumLength: limit)
    var lines: [LineFramer.Line] = []
    for piece in pieces { piece.withUnsafeBytes { framer.feed($0, into: &lines) } }
    framer.finish(into: &lines)
    return lines
  }

  private func text(_ string: String) -> LineFramer.Line { .text(Array(string.utf8)) }

  @Test func cutsLinesAndSkipsEmptyOnes() {
    #expect(lines([Array("a\n\nbc\r\n\r\nlast".utf8)]) == [text("a"), text("bc"), text("last")])
  }

  @Test func reportsALongLineOnceAndGoesOn() {
    #expect(lines([Array("12345678\n123456789012345\nb\n".utf8)]) == [text("12345678"), .tooLong, text("b")])
    #expect(lines([Array("123456789".utf8), Array("123\n".utf8), Array("c".utf8)]) == [.tooLong, text("c")])
  }

  @Test(arguments: [
    ("nothing", "", 0), ("whole lines", "a\nbc\n", 0), ("a beginning", "a\nbcd", 3), ("what is skipped, too", "123456789abc", 12),
    ("after what was skipped", "123456789abc\nd", 1),
  ])
  func knowsHowLongTheUnfinishedLineIs(stream: String, bytes: String, length: Int) {
    var framer = LineFramer(maximumLength: 8)
    var lines: [LineFramer.Line] = []
    for byte in bytes.utf8 { withUnsafeBytes(of: byte) { framer.feed($0, into: &lines) } }
    #expect(framer.unfinishedLength == length, "\(stream)")
  }

  @Test func theLinesDoNotDependOnThePieces() {
    var random = SeededGenerator(seed: 4)
    for _ in 0..<caseCount(300) {
      let stream = (0..<200).map { _ in Array("ab\n\r".utf8).randomElement(using: &random) ?? 0 }
      var pieces: [[UInt8]] = []
      var rest = stream[...]
      while !rest.isEmpty {
        let count = Int.random(in: 1...rest.count, using: &random)
        pieces.append(Array(rest.prefix(count)))
        rest = rest.dropFirst(count)
      }
      #expect(lines(pieces) == lines([stream]))
    }
  }
}

@Suite("Client inbox") struct ClientInboxTests {
  /// Against a plain list of what waits.
  @Test func linesComeOutAsTheyWentIn() {
    var random = SeededGenerator(seed: 11)
    var inbox = ClientInbox()
    var waiting: [(line: LineFramer.Line, isOvertaken: Bool)] = []
    var isFilling = true
    for _ in 0..<caseCount(30_000) {
      switch Int.random(in: 0..<400, using: &random) {
      case 0: isFilling.toggle()
      case 1:
        inbox.overtake()
        for index in waiting.indices { waiting[index].isOvertaken = true }
      case 2:
        inbox.append(.tooLong)
        waiting.append((.tooLong, false))
      case let choice where (choice < 300) == isFilling:
        let count = choice % 100 == 3 ? 5000 : Int.random(in: 1...40, using: &random)
        let line = LineFramer.Line.text((0..<count).map { _ in .random(in: 0...255, using: &random) })
        inbox.append(line)
        waiting.append((line, false))
      default:
        let taken = inbox.popFirst()
        let expected = waiting.isEmpty ? nil : waiting.removeFirst()
        #expect(taken?.line == expected?.line)
        #expect(taken?.isOvertaken == expected?.isOvertaken)
      }
      #expect(inbox.isEmpty == waiting.isEmpty)
      #expect(inbox.byteCount == waiting.reduce(0) { if case .text(let bytes) = $1.line { $0 + bytes.count + 32 } else { $0 + 32 } })
    }
  }
}

@Suite("Lease table") struct SocketLeaseTableTests {
  private func acquire(
    _ table: inout LeaseTable, _ client: Int, _ priority: LeaseTable.Priority, token: String, now: Double = 0
  ) throws -> LeaseTable.Lease? {
    try table.acquire(by: client, named: "client \(client)", priority: priority, lifetime: 1, token: token, now: now).displaced
  }

  @Test func onlyAHigherPriorityTakesOver() throws {
    for held in LeaseTable.Priority.allCases {
      for wanted in LeaseTable.Priority.allCases {
        var table = LeaseTable()
        _ = try acquire(&table, 1, held, token: "a")
        if wanted > held {
          #expect(try acquire(&table, 2, wanted, token: "b")?.token == "a")
          #expect(table.lease?.token == "b")
        } else {
          let error = #expect(throws: ServiceError.self) { try acquire(&table, 2, wanted, token: "b") }
          #expect(error?.message == "client 1 holds the lease with priority \(held.name).")
          #expect(table.lease?.token == "a")
        }
      }
    }
  }

  @Test func aHolderKeepsItsToken() throws {
    var table = LeaseTable()
    _ = try acquire(&table, 1, .script, token: "a")
    #expect(try acquire(&table, 1, .terminal, token: "b") == nil)
    #expect(table.lease?.token == "a")
    #expect(table.lease?.priority == .terminal)
  }

  @Test func everyMessageOfTheHolderRenews() throws {
    var table = LeaseTable()
    _ = try acquire(&table, 1, .script, token: "a")
    table.renew(client: 2, token: nil, now: 0.9)
    #expect(table.lease?.deadline == 1)
    table.renew(client: 1, token: nil, now: 0.9)
    #expect(table.lease?.deadline == 1.9)
    table.renew(client: 2, token: "a", now: 1.8)
    #expect(table.lease?.deadline == 2.8)
    let early = table.expire(now: 2.7)
    let due = table.expire(now: 2.8)
    #expect(early == nil && due?.token == "a")
    #expect(table.lease == nil)
  }

  struct Check: Sendable {
    var held: String?
    var given: String?
    var kind: ServiceError.Kind?
  }

  @Test(arguments: [
    Check(held: nil, given: nil, kind: nil),
    Check(held: nil, given: "a", kind: .leaseEnded),
    Check(held: "a", given: nil, kind: .leaseHeld),
    Check(held: "a", given: "a", kind: nil),
    Check(held: "a", given: "b", kind: .leaseEnded),
  ])
  func whoMayMove(_ check: Check) throws {
    var table = LeaseTable()
    if let held = check.held { _ = try acquire(&table, 1, .script, token: held) }
    var kind: ServiceError.Kind?
    do { try table.check(check.given, now: 0) } catch { kind = error.kind }
    #expect(kind == check.kind)
  }
}

@Suite("Job book") struct SocketJobBookTests {
  private func update(_ job: Int, _ state: JobState) -> JobUpdate { JobUpdate(job: job, state: state, time: 0, tick: 0) }

  @Test func aFinalStateStays() {
    var book = JobBook()
    let isFirstNews = book.note(update(1, .done))
    let isSecondNews = book.note(update(1, .progress))
    #expect(isFirstNews != nil && isSecondNews == nil)
    book.assign(1, of: "c", to: "a", onExpiry: .stop, at: 0, tick: 0)
    #expect(book[1]?.state == .done)
    #expect(!book.hasActiveJob(of: "a", onlyStopping: false))
  }

  @Test func forgetsTheOldestFinishedJobs() {
    var book = JobBook()
    _ = book.note(update(1, .progress))
    for job in 2...(JobBook.capacity + 2) { _ = book.note(update(job, .done)) }
    #expect(book[1]?.state == .progress)
    #expect(book[2] == nil)
    #expect(book[3]?.state == .done)
  }

  @Test func knowsWhatALeaseLeavesUnderWay() {
    var book = JobBook()
    book.assign(1, of: "c", to: "a", onExpiry: .finish, at: 0, tick: 0)
    #expect(book.hasActiveJob(of: "a", onlyStopping: false))
    #expect(!book.hasActiveJob(of: "a", onlyStopping: true))
    #expect(!book.hasActiveJob(of: "b", onlyStopping: false))
    book.assign(2, of: "c", to: "a", onExpiry: .stop, at: 0, tick: 0)
    #expect(book.hasActiveJob(of: "a", onlyStopping: true))
  }

  @Test func knowsWhoseJobIsUnderWayAndWhoPausedIt() {
    var book = JobBook()
    book.assign(1, of: "weld.arm", to: nil, onExpiry: .stop, at: 0, tick: 0)
    book.assign(2, of: "later.arm", to: nil, onExpiry: .stop, at: 0, tick: 0)
    #expect(book.underWay == nil)
    _ = book.note(update(1, .started))
    book.pause(by: "anna")
    book.pause(by: "ben")
    let paused = book.note(update(1, .paused))
    #expect(paused?.pausedBy == "anna")
    #expect(book.underWay?.client == "weld.arm" && book.underWay?.update.pausedBy == "anna")
    // What waits behind it may be dropped: that ends no pause.
    _ = book.note(update(2, .cancelled))
    #expect(book.pauser == "anna")
    book.endPause()
    #expect(book.note(update(1, .progress))?.pausedBy == nil)
    book.pause(by: "ben")
    _ = book.note(update(1, .cancelled))
    #expect(book.pauser == nil && book.underWay == nil)
  }

  @Test func countsTheKnocksOnAJobsWay() {
    var book = JobBook()
    for (state, knock) in [(JobState.started, nil), (.knocked, 4), (.recovering, 4), (.progress, 4), (.knocked, 5), (.recovering, 5)] {
      var news = update(1, state)
      news.knock = knock
      _ = book.note(news)
    }
    #expect(book.note(update(1, .done))?.knocks == 2)
    #expect(book.note(update(2, .done))?.knocks == 0)
  }
}

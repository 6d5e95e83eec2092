internal import NIOCore

/// Where the answer to one request goes: to its client at once, or into its batch. Answered exactly once, on the event loop.
struct Reply: @unchecked Sendable {
  let client: ClientConnection
  /// nil of a notification, which is never answered.
  let id: JSONValue?
  let batch: Batch?
  let index: Int

  func succeed(_ result: JSONValue) {
    send { writer in
      writer.raw("\"result\":")
      writer.value(result)
    }
  }

  /// Answers with a result that `write` appends.
  func succeed(writing write: (inout JSONWriter) -> Void) {
    send { writer in
      writer.raw("\"result\":")
      write(&writer)
    }
  }

  func fail(_ error: RPCError) {
    send { writer in
      writer.raw("\"error\":")
      writer.value(error.json)
    }
  }

  func fail(_ error: ServiceError) { fail(RPCError(error)) }

  private func send(_ body: (inout JSONWriter) -> Void) {
    guard let id else {
      finish(nil)
      return
    }
    var writer = JSONWriter(reservingCapacity: 1024)
    writer.raw("{\"jsonrpc\":\"2.0\",\"id\":")
    writer.value(id)
    writer.byte(",")
    body(&writer)
    writer.byte("}")
    finish(writer.bytes)
  }

  private func finish(_ answer: [UInt8]?) {
    client.pendingAnswers -= 1
    if let batch {
      batch.set(answer, at: index, client: client)
    } else {
      client.sendAnswer(answer)
    }
  }
}

/// The answers to an array of requests, sent as one array when the last of them is there.
final class Batch: @unchecked Sendable {
  private var answers: [[UInt8]?]
  private var missing: Int

  init(count: Int) {
    answers = Array(repeating: nil, count: count)
    missing = count
  }

  fileprivate func set(_ answer: [UInt8]?, at index: Int, client: ClientConnection) {
    answers[index] = answer
    missing -= 1
    guard missing == 0 else { return }
    let given = answers.compactMap(\.self)
    guard !given.isEmpty else {
      client.sendAnswer(nil)
      return
    }
    var writer = JSONWriter(reservingCapacity: given.reduce(2) { $0 + $1.count + 1 })
    writer.byte("[")
    for (index, answer) in given.enumerated() {
      if index > 0 { writer.byte(",") }
      writer.raw(answer)
    }
    writer.byte("]")
    client.sendAnswer(writer.bytes)
  }
}

internal import Dispatch
internal import Synchronization

/// Does independent pieces of work on all cores, and returns what came of them in order.
///
/// - Parameter progress: Is told how many pieces are done, from any thread, one at a time.
/// - Throws: The first error by index.
func parallelMap<Input: Sendable, Output: Sendable>(
  _ inputs: [Input], progress: @escaping @Sendable (Int) -> Void = { _ in }, _ work: @escaping @Sendable (Input) throws -> Output
) throws -> [Output] {
  let results = Mutex<(outputs: [Result<Output, any Error>?], done: Int)>((Array(repeating: nil, count: inputs.count), 0))
  DispatchQueue.concurrentPerform(iterations: inputs.count) { index in
    let output = Result { try work(inputs[index]) }
    results.withLock {
      $0.outputs[index] = output
      $0.done += 1
      progress($0.done)
    }
  }
  return try results.withLock { $0.outputs }.compactMap { try $0?.get() }
}

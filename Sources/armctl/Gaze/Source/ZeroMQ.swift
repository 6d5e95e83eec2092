internal import Foundation

/// libzmq, if it is there: ZeroMQ's transport, which Pupil Core speaks. Looked for when it is needed, so that nobody else has to install it.
struct ZeroMQ: @unchecked Sendable {
  typealias Pointer = UnsafeMutableRawPointer

  private let newContext: @convention(c) () -> Pointer?
  private let endContext: @convention(c) (Pointer) -> Int32
  private let newSocket: @convention(c) (Pointer, Int32) -> Pointer?
  private let closeSocket: @convention(c) (Pointer) -> Int32
  private let connectSocket: @convention(c) (Pointer, UnsafePointer<CChar>) -> Int32
  private let setOption: @convention(c) (Pointer, Int32, UnsafeRawPointer, Int) -> Int32
  private let getOption: @convention(c) (Pointer, Int32, Pointer, UnsafeMutablePointer<Int>) -> Int32
  private let sendBytes: @convention(c) (Pointer, UnsafeRawPointer, Int, Int32) -> Int32
  private let receiveBytes: @convention(c) (Pointer, Pointer, Int, Int32) -> Int32

  enum Kind: Int32 { case subscriber = 2, request = 3 }

  /// zmq.h's numbers: ZMQ_SUBSCRIBE, ZMQ_RCVMORE, ZMQ_FD, ZMQ_LINGER, ZMQ_RCVHWM, ZMQ_DONTWAIT.
  private enum Number {
    static let subscribe: Int32 = 6
    static let more: Int32 = 13
    static let descriptor: Int32 = 14
    static let linger: Int32 = 17
    static let receiveQueue: Int32 = 24
    static let withoutWaiting: Int32 = 1
  }

  /// - Throws: ``GazeInput/Failure/noZeroMQ`` where the library is not installed.
  init() throws(GazeInput.Failure) {
    let names = ["libzmq.so.5", "libzmq.so", "libzmq.5.dylib"]
    guard let library = names.lazy.compactMap({ dlopen($0, RTLD_NOW) }).first else { throw .noZeroMQ }
    func function<T>(_ name: String, _ type: T.Type) throws(GazeInput.Failure) -> T {
      guard let symbol = dlsym(library, name) else { throw .noZeroMQ }
      return unsafeBitCast(symbol, to: type)
    }
    newContext = try function("zmq_ctx_new", (@convention(c) () -> Pointer?).self)
    endContext = try function("zmq_ctx_term", (@convention(c) (Pointer) -> Int32).self)
    newSocket = try function("zmq_socket", (@convention(c) (Pointer, Int32) -> Pointer?).self)
    closeSocket = try function("zmq_close", (@convention(c) (Pointer) -> Int32).self)
    connectSocket = try function("zmq_connect", (@convention(c) (Pointer, UnsafePointer<CChar>) -> Int32).self)
    setOption = try function("zmq_setsockopt", (@convention(c) (Pointer, Int32, UnsafeRawPointer, Int) -> Int32).self)
    getOption = try function("zmq_getsockopt", (@convention(c) (Pointer, Int32, Pointer, UnsafeMutablePointer<Int>) -> Int32).self)
    sendBytes = try function("zmq_send", (@convention(c) (Pointer, UnsafeRawPointer, Int, Int32) -> Int32).self)
    receiveBytes = try function("zmq_recv", (@convention(c) (Pointer, Pointer, Int, Int32) -> Int32).self)
  }

  /// One connection.
  final class Connection {
    private let library: ZeroMQ
    private let context: Pointer
    private let socket: Pointer

    init?(_ library: ZeroMQ, _ kind: Kind, to endpoint: String) {
      guard let context = library.newContext() else { return nil }
      guard let socket = library.newSocket(context, kind.rawValue) else {
        _ = library.endContext(context)
        return nil
      }
      (self.library, self.context, self.socket) = (library, context, socket)
      // What was not sent is forgotten, and of what is not read in time only the latest is kept.
      var (linger, queue) = (Int32(0), Int32(1000))
      _ = library.setOption(socket, Number.linger, &linger, MemoryLayout<Int32>.size)
      _ = library.setOption(socket, Number.receiveQueue, &queue, MemoryLayout<Int32>.size)
      guard library.connectSocket(socket, endpoint) == 0 else { return nil }
    }

    deinit {
      _ = library.closeSocket(socket)
      _ = library.endContext(context)
    }

    func subscribe(to topic: String) {
      let bytes = Array(topic.utf8)
      _ = bytes.withUnsafeBytes { bytes in
        library.setOption(socket, Number.subscribe, bytes.baseAddress ?? UnsafeRawPointer(context), bytes.count)
      }
    }

    /// Becomes readable when something may have come; ``receive()`` until nil afterwards.
    var descriptor: Int32 {
      var descriptor = Int32(-1)
      var size = MemoryLayout<Int32>.size
      return library.getOption(socket, Number.descriptor, &descriptor, &size) == 0 ? descriptor : -1
    }

    func send(_ text: String) -> Bool {
      let bytes = Array(text.utf8)
      return bytes.withUnsafeBytes { library.sendBytes(socket, $0.baseAddress ?? UnsafeRawPointer(context), $0.count, Number.withoutWaiting) >= 0 }
    }

    /// The parts of the next message, without waiting; nil where there is none.
    func receive() -> [[UInt8]]? {
      var parts: [[UInt8]] = []
      while true {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        let count = buffer.withUnsafeMutableBytes { bytes in
          bytes.baseAddress.map { library.receiveBytes(socket, $0, bytes.count, Number.withoutWaiting) } ?? -1
        }
        guard count >= 0 else { return nil }
        // A part that is longer than the buffer is cut off, and cannot be read then.
        parts.append(Array(buffer.prefix(Int(count))))
        var (more, size) = (Int32(0), MemoryLayout<Int32>.size)
        guard library.getOption(socket, Number.more, &more, &size) == 0, more != 0 else { return parts }
      }
    }
  }
}

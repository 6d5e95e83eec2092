// What the transports share: the clock, and the system's verdicts in words.

internal import Glibc

/// Monotonic time [s].
///
/// - Real-time: does not allocate.
func monotonicTime() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
}

extension BusError {
  /// Why `port` did not open.
  static func opening(_ port: String, errno code: Int32) -> BusError {
    switch code {
    case EBUSY, EWOULDBLOCK: .portBusy(port: port)
    case EACCES, EPERM: .portDenied(port: port)
    case ENOENT: .cannotOpen(port: port, reason: "there is no such device")
    case ENOTTY: .cannotOpen(port: port, reason: "it is no terminal")
    default: .cannotOpen(port: port, reason: String(cString: strerror(code)))
    }
  }

  /// Why `port` was lost. The texts are constants, so that a loss in the loop allocates nothing.
  static func losing(_ port: String, errno code: Int32) -> BusError {
    switch code {
    case 0: .disconnected(bus: port, reason: "the far end hung up")
    case EIO, ENXIO, ENODEV: .disconnected(bus: port, reason: "the device was taken away")
    case EBADF: .disconnected(bus: port, reason: "it is not open")
    default: .disconnected(bus: port, reason: "the system reports an input or output error")
    }
  }
}

/// Claims the open terminal for this process alone: no later open by another program succeeds, and a program that locks is told.
///
/// - Returns: 0, or an `errno`.
func claim(_ descriptor: Int32) -> Int32 {
  guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { return errno }
  return ioctl(descriptor, UInt(TIOCEXCL)) == 0 ? 0 : errno
}

/// Waits until `descriptor` can be read or has lost its far end, at most `seconds`.
func waitForInput(on descriptor: Int32, atMost seconds: Double) {
  var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
  _ = poll(&request, 1, Int32((seconds * 1000).rounded(.up)))
}

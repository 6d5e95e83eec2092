internal import Foundation
internal import Gaze

// Leading the tool after the gaze, while the dead-man is held.

extension GazeSession {
  /// Sends the stream's next command, if there is one to send: at once where a new look has come.
  mutating func follow(at time: Double) {
    let isHeld = deadMan.keys.contains(.character("f")) && errand == nil && calibrating == nil
    guard isHeld, let pipeline, streamState == .live || streamState == .blink || streamState == .gap else {
      if isFollowing { endFollowing(at: time) }
      return
    }
    if !isFollowing {
      isFollowing = true
      intent.reset()
      follower.stop()
      tell("following")
      if token == nil { requests.acquireLease(at: time) }
      lastFollowed = time
      return
    }
    guard time >= followDue, token != nil, let reading, !isServerSilent(at: time) else { return }
    let tool = settings.plane.coordinates(of: reading.place)
    let seen = pipeline.look(at: time).map { look in
      (place: pointwiseMin(pointwiseMax(look.place, settings.area.lower), settings.area.upper), age: look.age)
    }
    let velocity = follower.advance(look: seen, tool: tool, isHeld: true, by: time - lastFollowed)
    lastFollowed = time
    hasFreshLook = false
    let plane = settings.plane
    // The height is kept, however the tool came to be there.
    let height = ((reading.place - plane.origin) * plane.normal).sum()
    let climb = velocity == .zero ? 0 : min(0.05, max(-0.05, 2 * (settings.hover - height)))
    stream(plane.xAxis * velocity.x + plane.yAxis * velocity.y + plane.normal * climb, at: time)
  }

  /// When the stream's next command is due [s]. A new look need not wait for a tick to pass, lest it wait for a second one; but of looks that come in
  /// heaps only the last of each is answered.
  var followDue: Double { lastFollowed + (hasFreshLook ? 0.25 / settings.rate : Self.followPeriod) }

  mutating func endFollowing(at time: Double) {
    isFollowing = false
    follower.stop()
    intent.reset()
    if token != nil { stream(.zero, at: time) }
    tell("led")
  }

  private mutating func stream(_ linear: SIMD3<Double>, at time: Double) {
    command("servo.twist", ["linear": JSONValue(numbers: [linear.x, linear.y, linear.z])], for: .stream, at: time)
  }
}

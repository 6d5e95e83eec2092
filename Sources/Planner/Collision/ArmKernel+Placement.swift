extension ArmKernel {
  /// Where all bodies and the middles of all groups stand at the configurations in `scratch`.
  ///
  /// From parent to child: o' = o + R·shift, R' = R·Rx(twist)·Rz(q).
  @inline(__always)
  func place(in scratch: borrowing CheckScratch) {
    let bodies = bodies.span, baseFrames = baseFrames.span, groups = groups.span
    let frames = scratch.frames, q = scratch.configurations
    for index in bodies.indices {
      let body = bodies[index]
      var frame: RakeFrame
      if body.parent == 0 {
        frame = baseFrames[index]
      } else {
        let parent = frames + Int(body.parent)
        frame = parent.pointee
        frame.origin = frame.point(body.shiftX, body.shiftY, body.shiftZ)
        let (y, z) = (frame.y, frame.z)
        if body.isSquare {
          (frame.y, frame.z) = (z.scaled(by: body.twistSine), y.scaled(by: -body.twistSine))
        } else {
          frame.y = y.turned(towards: z, sine: body.twistSine, cosine: body.twistCosine)
          frame.z = z.turned(towards: y, sine: -body.twistSine, cosine: body.twistCosine)
        }
      }
      var sine = Rake(repeating: body.turnSine), cosine = Rake(repeating: body.turnCosine)
      if body.joint >= 0 {
        let position = fused(body.multiplier, q[Int(body.joint)], Rake(repeating: body.offset))
        if body.isSliding {
          frame.origin = frame.origin.moved(along: frame.z, by: position)
        } else {
          (sine, cosine) = sineAndCosine(position)
        }
      }
      let (x, y) = (frame.x, frame.y)
      frame.x = x.turned(towards: y, sine: sine, cosine: cosine)
      frame.y = y.turned(towards: x, sine: -sine, cosine: cosine)
      frames[index + 1] = frame
    }
    for index in groups.indices {
      scratch.centers[index] = frames[Int(groups[index].frame)].point(groups[index].ball)
    }
  }
}

extension RakeFrame {
  @inline(__always)
  func point(_ ball: ArmKernel.Ball) -> RakeVector { point(ball.x, ball.y, ball.z) }
}

extension RakeVector {
  @inline(__always)
  func scaled(by factor: Float) -> RakeVector { RakeVector(x: x * factor, y: y * factor, z: z * factor) }

  /// cosine·self + sine·other
  @inline(__always)
  func turned(towards other: RakeVector, sine: Rake, cosine: Rake) -> RakeVector {
    RakeVector(
      x: fused(cosine, x, sine * other.x), y: fused(cosine, y, sine * other.y), z: fused(cosine, z, sine * other.z))
  }

  @inline(__always)
  func turned(towards other: RakeVector, sine: Float, cosine: Float) -> RakeVector {
    turned(towards: other, sine: Rake(repeating: sine), cosine: Rake(repeating: cosine))
  }
}

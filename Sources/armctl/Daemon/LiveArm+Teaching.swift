internal import Control
internal import Dispatch
internal import Kinematics

// What teleoperation shows of the arm, and what it teaches it.

extension LiveArm {
  func places(at position: JointVector?) -> ArmPose {
    let q = position ?? controlled.snapshot.position, pose = motionPlanner.model.pose(at: q)
    return ArmPose(
      joints: motionPlanner.model.jointFrames(at: q).map(\.translation),
      tool: ToolPose(position: pose.translation, quaternion: pose.rotation.quaternion))
  }

  func startRecording() { recorder.start() }

  func stopRecording() throws(ServiceError) -> (duration: Double, samples: Int) {
    guard let recorded = recorder.stop() else { throw .notRecording }
    return recorded
  }

  func recordedPath(tolerance: Double, completion: @escaping @Sendable (Result<RecordedPath, ServiceError>) -> Void) {
    sceneEdits.async { [self] in
      completion(
        Result { () throws(ServiceError) -> RecordedPath in
          guard let path = recorder.path(tolerance: tolerance) else { throw .nothingRecorded }
          return path
        })
    }
  }

  /// What the snapshot tells of a stream, in words. An arm that only has to gain speed is not hindered.
  func hindrance(in snapshot: ControlSnapshot) -> StreamHindrance? {
    if let obstruction = snapshot.obstruction, obstruction.share <= snapshot.streamShare { return sceneWatch.hindrance(by: obstruction) }
    guard let hindrance = snapshot.hindrance else { return nil }
    if case .acceleration = hindrance { return nil }
    return StreamHindrance(
      share: snapshot.streamShare, message: velocityKinematics.sentence(for: hindrance).capitalizedSentence,
      suggestion: velocityKinematics.suggestion(for: hindrance))
  }
}

extension ServiceError {
  static let notRecording = ServiceError(.wrongMode, "Nothing is being recorded.", suggestion: "record.start first")
  static let nothingRecorded = ServiceError(.wrongMode, "Nothing was recorded.", suggestion: "record.start first")
}

internal import Control
internal import Kinematics

/// What the command socket needs of an arm, and all it knows of one. The daemon puts the control loop and the planner behind it, tests a fake.
///
/// The socket calls every method on its one event loop thread, so each must return at once; what takes time calls back when it is done.
/// Callbacks instead of `async` keep the order of requests: what was submitted first is planned first.
protocol ArmService: AnyObject, Sendable {
  /// Does not change while the service lives.
  var arm: ArmDescription { get }

  /// The latest tick's snapshot. Wait-free, from any thread.
  func state() -> ArmState

  /// How the control loop and the bus are doing: the answer of `health`. From any thread.
  func health(isResetting: Bool) -> JSONObject

  /// Plans a motion on the planner's queue and, unless it is a dry run, queues it as a job.
  ///
  /// A motion that is submitted while another is under way begins where that one ends.
  ///
  /// - Parameters:
  ///   - ticket: Tells while it plans whether the motion is still wanted, and before the motion begins is asked whether it may.
  ///   - completion: Called exactly once, on any thread, with the planned motion or with why there is none. A `stop` that comes
  ///     between the call and its end makes it fail, unless it is a dry run, with ``ServiceError/Kind/stopped``.
  func submit(_ motion: MotionRequest, _ ticket: PlanTicket, completion: @escaping @Sendable (Result<PlannedMotion, ServiceError>) -> Void)

  /// Ends one job: a waiting one is dropped, a running one brakes on its path. Its update `cancelled` tells. Of a job that has ended, nothing.
  func cancel(_ job: Int)

  /// Brakes at once, limited by jerk, and cancels every job and every plan under way. Wait-free; works in every state; never fails.
  func stop(_ reason: StopReason)

  /// Pauses the job under way on its path, or lets it go on or back. `completion` is called once, on any thread.
  func setCourse(_ course: Course, completion: @escaping @Sendable (Result<Void, ServiceError>) -> Void)

  /// Whether motions that are asked for go on waiting until they are let go, and streams are refused. A `stop` ends that.
  func setHeld(_ isHeld: Bool)

  /// The latest of a stream of commands. Where the control loop refuses it after all, as the mode changes meanwhile, that is an event.
  ///
  /// - Parameter mayTouch: Whether obstacles, and the arm's own links, do not hold the arm back.
  func servo(_ target: ServoTarget, mayTouch: Bool) throws(ServiceError)

  /// Whether each of ``ArmDescription/inputNames`` is on. From any thread.
  var inputLevels: [Bool] { get }

  /// What the gripper was told last. From any thread.
  var gripperState: GripperState { get }

  /// Opens (1) or closes (0) the gripper. `completion` is called once, on any thread, when it has had the time for it.
  func setGripper(_ opening: Double, completion: @escaping @Sendable (Result<Void, ServiceError>) -> Void)

  /// What is around the arm: the answer of `scene.get`. From any thread.
  func scene() -> JSONValue

  /// Changes what is around the arm, one edit after the other, each as a whole or not at all. A motion that has something in its way now is stopped.
  ///
  /// - Parameters:
  ///   - edit: Says what to change; it may take long, as where it reads files, and is called on a queue of its own.
  ///   - completion: Called once, on any thread, with how many things there are now.
  func editScene(
    _ edit: @escaping @Sendable () throws(ServiceError) -> SceneEdit, completion: @escaping @Sendable (Result<Int, ServiceError>) -> Void)

  /// How fast motions run from now on, as a share of what was planned, 0…2; beyond 1 as far as the limits allow.
  func setSpeed(_ share: Double)

  /// Enables, disables, or changes how the arm gives way. `completion` is called once, on any thread.
  func setMode(_ mode: RequestedMode, completion: @escaping @Sendable (Result<Void, ServiceError>) -> Void)

  /// Leaves the mode `fault` when its cause is gone. `completion` is called once, on any thread.
  func resetFault(completion: @escaping @Sendable (Result<Void, ServiceError>) -> Void)

  /// Where the joints and the tool are with the joints at `position`, or as they are now. From any thread.
  func places(at position: JointVector?) -> ArmPose

  /// Begins to record where the joints are at every tick, anew.
  func startRecording()

  /// Ends the recording, and tells how long it is [s] and how many ticks.
  func stopRecording() throws(ServiceError) -> (duration: Double, samples: Int)

  /// What was recorded last, simplified to a tolerance [rad; m]. `completion` is called once, on any thread.
  func recordedPath(tolerance: Double, completion: @escaping @Sendable (Result<RecordedPath, ServiceError>) -> Void)

  /// Registers who is told of every job update and event, in the order in which they happen. The socket calls this once, before it listens.
  ///
  /// - Parameter handler: May be called on any thread but the control loop's (it allocates).
  func observe(_ handler: @escaping @Sendable (ArmEvent) -> Void)
}

/// What is known of the arm before it moves.
struct ArmDescription: Sendable, Equatable {
  var name: String
  /// In the order of every joint array on the socket.
  var jointNames: [String]
  /// Those that slide instead of turning.
  var prismaticJoints: Set<String> = []
  /// Ticks of the control loop in a second [Hz].
  var rate: Double
  var limits: JointLimits
  /// Named configurations of the arm file, in its order.
  var poses: [(name: String, position: JointVector)]
  /// Digital inputs of the arm file, in its order.
  var inputNames: [String] = []
  /// How long the gripper takes to open or close [s]; nil where there is none.
  var gripperDuration: Double?

  static func == (a: Self, b: Self) -> Bool {
    a.name == b.name && a.jointNames == b.jointNames && a.prismaticJoints == b.prismaticJoints && a.rate == b.rate && a.limits == b.limits
      && a.poses.elementsEqual(b.poses) { $0 == $1 } && a.inputNames == b.inputNames && a.gripperDuration == b.gripperDuration
  }
}

enum ArmMode: String, Sendable, CaseIterable {
  case off, hold, move, servo, comply, float, yield, recover, stopped, fault
}

/// The modes that a client may ask for.
enum RequestedMode: String, Sendable, CaseIterable {
  case hold, comply, float, off
}

/// A pose as it is on the wire, of the tool in the base.
struct ToolPose: Sendable, Equatable {
  /// [m]
  var position: SIMD3<Double>
  /// x, y, z, w; of unit length.
  var quaternion: SIMD4<Double>
}

/// One tick's snapshot.
struct ArmState: Sendable, Equatable {
  /// CLOCK_MONOTONIC of the tick [ns].
  var time: UInt64
  var tick: UInt64
  var mode: ArmMode
  /// Measured [rad; m], [rad/s; m/s], [N·m; N]. What a drive does not report is NaN here and `null` on the wire.
  var position, velocity, effort: JointVector
  /// Joint efforts that something outside exerts [N·m; N]; NaN where they are not estimated.
  var external: JointVector
  /// Joint positions that the loop asks for [rad; m].
  var setpoint: JointVector
  var pose: ToolPose
  /// The latched fault; nil where there is none.
  var fault: ServiceError?
  /// Whether every joint's absolute position is known, as far as anyone can tell.
  var isHomed: Bool
  /// How fast motions run, as a share of what was planned, 0…2.
  var speed: Double
  /// What keeps a stream from moving the arm as it is asked to; nil where nothing does.
  var hindrance: StreamHindrance?

  /// Whether the other tells the same: of one tick that is so unless a fault was looked into meanwhile.
  func isSameTick(as other: ArmState) -> Bool { tick == other.tick && mode == other.mode && fault == other.fault }
}

/// What the gripper was told last.
struct GripperState: Sendable, Equatable {
  /// 1 open, 0 closed; nil before the first command.
  var opening: Double?
  /// Whether it is still on its way.
  var isMoving = false
}

/// Why the arm does not quite do what a stream of commands wants.
struct StreamHindrance: Sendable, Equatable {
  /// How much of the wanted motion is brought about along its own direction: 1 all, 0 nothing.
  var share: Double
  /// One sentence for people, such as which joint or which direction is lost, and what to do.
  var message, suggestion: String

  var json: JSONValue { ["share": .number(share), "message": .string(message), "try": .string(suggestion)] }
}

/// Where the arm's parts are.
struct ArmPose: Sendable, Equatable {
  /// Of each joint, in the base [m].
  var joints: [SIMD3<Double>]
  var tool: ToolPose
}

/// Where a recorded path passes.
struct RecordedPath: Sendable, Equatable {
  /// Joint positions between which the arm moved straight, within the tolerance [rad; m].
  var waypoints: [JointVector]
  /// How far from a waypoint a corner may be rounded [rad; m].
  var blend: Double
  /// [s]
  var duration: Double
}

/// Where a motion should end, and how it gets there.
struct MotionRequest: Sendable, Equatable {
  enum Goal: Sendable, Equatable {
    case joints(JointVector)
    case pose(ToolPose)
    /// A name out of ``ArmDescription/poses``; the socket has checked that it exists.
    case named(String)
    /// The tool centre point in the base [m]; the tool keeps its rotation.
    case point(SIMD3<Double>)
    /// An offset of the tool centre point [m], in base axes or the tool's own; the tool keeps its rotation.
    case offset(SIMD3<Double>, inTool: Bool)
  }

  enum Path: Sendable, Equatable {
    /// All joints start and end together.
    case jointMove
    /// The tool's origin follows a straight line.
    case line
    /// The tool's origin follows the circle through a point in the base [m].
    case arc(via: SIMD3<Double>)
    /// The tool goes through all of these, round the corners that have a blend radius [m]; the motion's goal is the last one's.
    case toolPath([Leg])
    /// The joints go straight from one to the next, round the corners that have a blend radius [rad; m]; the motion's goal is the last one's.
    case jointPath([Leg])
  }

  /// A piece of a path, from where the one before it ends.
  struct Leg: Sendable, Equatable {
    var goal: Goal
    /// Where the circle to the goal passes, in the base [m]; nil of a straight piece.
    var via: SIMD3<Double>?
    /// How far from the goal the corner may begin to be rounded; 0 stops there.
    var blend = 0.0
  }

  var goal: Goal
  var path: Path
  /// Which part of a pose does not matter; nil: what the arm file says.
  var free: InverseKinematics.FreeAxes?
  /// Share of the joint limits to use, above 0 and at most 1.
  var speed = 1.0
  /// Share of the accelerations of joints and tool to use, above 0 and at most 1.
  var acceleration = 1.0
  /// How fast the tool centre point may go along a line, an arc or a path of the tool [m/s]; nil: as the arm file says.
  var toolSpeed: Double?
  /// Plan and report only.
  var isDryRun = false
  /// Whether to go round obstacles, and not to go along given paths that touch something; nil: where there is anything to run into.
  var plan: Bool?
  /// Things of the scene that the arm may touch.
  var mayTouch: [String] = []
  /// Whether it begins in the midst of what the arm does now, which is given up.
  var isRetarget = false
  /// Where a dry run begins instead of where the arm is [rad; m].
  var start: JointVector?
  /// Who asked, for events and logs.
  var client = ""
}

/// What the planner found.
struct PlannedMotion: Sendable, Equatable {
  /// Counts up from 1 while the daemon lives; nil of a dry run.
  var job: Int?
  /// [s]
  var duration: Double
  /// The configuration at the motion's end [rad; m].
  var end: JointVector
  /// How much of any joint's limits the motion uses at most, 0…1: velocity, acceleration, jerk.
  var peakShares: SIMD3<Double> = .zero
  /// Of a dry run: the nearest that the arm comes to an obstacle, where there are any.
  var clearance: ContactFacts?
  /// Of a dry run: where the arm passes [rad; m].
  var path: [JointVector] = []
}

enum StopReason: Sendable, Equatable {
  case requested(client: String)
  case leaseExpired(holder: String)
  case leaseTaken(holder: String, by: String)
}

enum ArmEvent: Sendable, Equatable {
  case job(JobUpdate)
  case occurrence(Occurrence)
}

enum JobState: String, Sendable, CaseIterable {
  case queued, started, progress, paused, knocked, recovering, done, cancelled, failed

  var isFinal: Bool { self == .done || self == .cancelled || self == .failed }
}

/// A job has changed its state, or got on.
struct JobUpdate: Sendable, Equatable {
  var job: Int
  var state: JobState
  /// CLOCK_MONOTONIC [ns] and tick.
  var time, tick: UInt64
  /// Share of the motion's time that has passed, 0…1; nil where it makes no sense.
  var progress: Double?
  /// Which knock it is about.
  var knock: Int?
  /// Why it was cancelled or failed.
  var reason: ServiceError?
  /// Who let it pause; nil where nobody did.
  var pausedBy: String?
  /// How often the arm was knocked on its way so far.
  var knocks = 0
}

/// Something that happened to the arm: a fault, a knock, a lease that ended.
struct Occurrence: Sendable, Equatable {
  /// Stable name: `fault`, `reset`, `knocked`, `recovered`, `mode`, …
  var kind: String
  /// CLOCK_MONOTONIC [ns] and tick.
  var time, tick: UInt64
  /// One sentence for people.
  var message: String
  var joint: String?
  /// What else belongs to this kind; its members stand beside `kind` on the wire.
  var details: JSONObject = [:]
}

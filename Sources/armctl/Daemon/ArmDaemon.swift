internal import Control
internal import Foundation
internal import Kinematics
internal import Logging
internal import MotorDrivers
internal import Planner

/// Everything that `armctl serve` runs: buses, control loop, planner and command socket of one arm.
final class ArmDaemon {
  let configuration: ArmConfiguration
  let controlled: ControlledArm
  let loop: ControlLoop
  let service: LiveArm
  private let logger: Logger
  private var server: CommandServer?

  /// - Parameters:
  ///   - ports: Ports by the names of their buses, where they are others than the arm file's.
  ///   - scene: A file of what is around the arm, instead of the arm file's.
  ///   - linesFolder: Where the GPIO lines of an emulated arm are; nil for the real ones.
  ///   - flightFolder: Where flight records go; nil for the user's state folder.
  /// - Throws: ``CommandFailure`` where a GPIO line cannot be had.
  init(
    configuration: ArmConfiguration, ports: [String: String] = [:], scene: String? = nil, linesFolder: String? = nil, flightFolder: String? = nil,
    logger: Logger
  ) throws {
    self.configuration = configuration
    self.logger = logger
    let collisionModel: CollisionModel?
    do throws(ConfigurationError) { collisionModel = try configuration.collisionModel() } catch { throw CommandFailure(error) }
    let world = try ArmWorld(of: configuration, model: collisionModel, scene: scene)
    controlled = ControlledArm(
      core: ControlCore(model: configuration.model, settings: configuration.controlSettings(outline: collisionModel)), wiring: configuration.wiring,
      buses: configuration.makeBuses(ports: ports), lines: try configuration.makeSafetyLines(emulatedIn: linesFolder))
    loop = ControlLoop(arm: controlled, period: configuration.period)
    service = LiveArm(
      controlled, loop: loop, planner: MotionPlanner(configuration), world: world, fenceNames: configuration.fences.map(\.name),
      name: configuration.name, rate: configuration.rate, homing: HomingCheck(configuration),
      peripherals: try configuration.makePeripherals(emulatedIn: linesFolder),
      flightLog: FlightLog(folder: flightFolder, logger: logger))
  }

  /// Connects the motors, starts the loop and listens on the socket.
  ///
  /// - Parameters:
  ///   - tcp: A TCP port to listen on as well, and what clients have to show there.
  ///   - isEnabling: Whether to switch the motors on and hold the measured pose at once.
  func start(socketPath: String, tcp: (port: Int, token: AccessToken)? = nil, isEnabling: Bool) throws {
    do throws(BusError) { try controlled.connect() } catch {
      throw CommandFailure(error.description.capitalizedSentence, suggestion: error.suggestion)
    }
    let status = loop.start()
    if let warning = status.warning { logger.warning("\(warning)") }
    service.realTimeStatus = status
    let server = try CommandServer(service: service, path: socketPath, tcp: tcp)
    self.server = server
    logger.info("\(configuration.name) is served on \(socketPath).")
    if let port = server.port, let token = tcp?.token {
      logger.info("\(configuration.name) is served on tcp:\(port) to clients that show the token in \(token.path).")
    }
    if isEnabling { try enable() }
  }

  /// Brakes, switches the motors off and lets go of everything.
  func shutDown() {
    controlled.stop()
    for _ in 0..<1500 where !(controlled.snapshot.isAtRest || !controlled.snapshot.isPowered) { usleep(2000) }
    loop.stop()
    controlled.disconnect()
    service.fallSilent()
    server?.shutdown()
    logger.info("\(configuration.name) is off.")
  }

  private func enable() throws {
    // The first replies are on their way.
    for _ in 0..<1000 where !controlled.snapshot.isHeard { usleep(2000) }
    let done = DispatchSemaphore(value: 0)
    let outcome = OutcomeBox()
    service.setMode(.hold) { result in
      outcome.result = result
      done.signal()
    }
    done.wait()
    if case .failure(let error) = outcome.result { throw CommandFailure(error.message, suggestion: error.suggestion) }
  }
}

/// Carries a result from a callback to the thread that waits for it.
private final class OutcomeBox: @unchecked Sendable {
  var result: Result<Void, ServiceError> = .success(())
}

extension CommandFailure {
  static var fencesWithoutShape: Self {
    Self("Nothing stands for the arm, so that no fence can be kept.", suggestion: SceneEditError.noShape.suggestion)
  }
}

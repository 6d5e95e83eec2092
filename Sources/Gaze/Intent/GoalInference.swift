internal import Foundation

/// Something on the table that may be meant.
public struct GazeTarget: Sendable, Equatable {
  public var name: String
  /// In the plane's coordinates [m].
  public var position: SIMD2<Double>
  /// From its middle to its rim [m]: a look anywhere on it is a look at it.
  public var radius: Double
  /// How likely it is before any look, against 1 for the others.
  public var prior: Double

  public init(name: String, position: SIMD2<Double>, radius: Double = 0, prior: Double = 1) {
    self.name = name
    self.position = position
    self.radius = radius
    self.prior = prior
  }
}

/// What is looked at, as probabilities: Bayes' rule over looks, the old ones forgotten, and "something else" always among the answers.
///
///     Lᵢ ← Lᵢ e^(−Δt/τ) + (Δt/τ_c) log p(look | i)        Pᵢ ∝ prior_i e^(Lᵢ)
///
/// A look at a target is spread normally about it; one at something else is spread evenly. Looks closer together than `correlation` tell
/// the same thing, so each counts by the time it stands for, and the answer does not depend on the tracker's rate.
///
/// - Source: the sum with forgetting is that of Javdani et al., *Shared autonomy via hindsight optimization*, RSS 2015, eq. 10, for gaze.
public struct GoalInference: Sendable {
  public struct Settings: Sendable, Equatable {
    /// τ: how long a look counts [s].
    public var memory = 0.35
    /// τ_c: looks this far apart are independent [s].
    public var correlation = 0.06
    /// Where else one might look: an area so large [m²].
    public var area = 0.5
    /// How likely something else is before any look, against 1 for each target.
    public var elsewhere = 1.0
    /// Standard deviation of a look about what is looked at, by axis: noise and what the calibration leaves [m].
    public var spread = 0.02

    public init() {}
  }

  public let settings: Settings
  public let targets: [GazeTarget]
  private var evidence: [Double]
  private var evidenceElsewhere = 0.0
  private var lastTime: Double?

  public init(targets: [GazeTarget], settings: Settings = Settings()) {
    self.targets = targets
    self.settings = settings
    evidence = [Double](repeating: 0, count: targets.count)
  }

  /// - Parameters:
  ///   - look: In the plane's coordinates [m]; nil for a look that does not meet the plane.
  ///   - time: Increasing [s].
  public mutating func observe(_ look: SIMD2<Double>?, time: Double) {
    let interval = min(max(0, time - (lastTime ?? time)), settings.memory)
    lastTime = time
    let kept = exp(-interval / settings.memory)
    let weight = min(1, interval / settings.correlation)
    let even = log(1 / settings.area)
    for index in targets.indices {
      let told = look.map { max(even - Self.mostAgainst, logDensity(of: $0, about: targets[index])) } ?? even - Self.mostAgainst
      evidence[index] = evidence[index] * kept + weight * told
    }
    evidenceElsewhere = evidenceElsewhere * kept + weight * even
  }

  /// Nothing was looked at for a while: forgets.
  public mutating func pass(to time: Double) {
    guard let last = lastTime, time > last else { return }
    let kept = exp(-(time - last) / settings.memory)
    lastTime = time
    for index in evidence.indices { evidence[index] *= kept }
    evidenceElsewhere *= kept
  }

  /// Of each target, in their order; what is missing from 1 belongs to something else.
  public var probabilities: [Double] {
    let logs = targets.indices.map { evidence[$0] + log(max(targets[$0].prior, 1e-9)) }
    let other = evidenceElsewhere + log(max(settings.elsewhere, 1e-9))
    let largest = max(logs.max() ?? other, other)
    let sum = logs.reduce(exp(other - largest)) { $0 + exp($1 - largest) }
    return logs.map { exp($0 - largest) / sum }
  }

  /// How undecided it is [bit], something else included.
  public var entropy: Double {
    let known = probabilities
    return ([max(0, 1 - known.reduce(0, +))] + known).reduce(0) { $0 - ($1 > 0 ? $1 * log2($1) : 0) }
  }

  /// Forgets all looks.
  public mutating func reset() { self = GoalInference(targets: targets, settings: settings) }

  private func logDensity(of look: SIMD2<Double>, about target: GazeTarget) -> Double {
    let distance = max(0, (look - target.position).length - target.radius)
    let variance = settings.spread * settings.spread
    // Normal beyond the rim, even within it: the area under both is what it is divided by.
    let (r, s) = (target.radius, settings.spread)
    let mass = .pi * r * r + 2 * .pi * variance + r * s * 2 * .pi * (2 * .pi).squareRoot() / 2
    return -distance * distance / (2 * variance) - log(mass)
  }

  /// One wild look proves nothing: no more than this against a target.
  private static let mostAgainst = 6.0
}

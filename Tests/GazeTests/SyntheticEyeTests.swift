import Foundation
import TestSupport
import Testing

@testable import Gaze

@Suite struct SyntheticEyeTests {
  @Test func theSameSeedIsTheSameEye() {
    var settings = SyntheticEye.Settings()
    settings.seed = 7
    var (one, other) = (SyntheticEye(settings: settings), SyntheticEye(settings: settings))
    for eye in 0..<2 { if eye == 0 { one.browse([.zero, SIMD2(0.2, 0.1)]) } else { other.browse([.zero, SIMD2(0.2, 0.1)]) } }
    for _ in 0..<600 { #expect(one.next() == other.next()) }
  }

  /// A saccade of 10° takes 43 ms and gets as fast as 350 to 500 °/s; one of 20°, 65 ms (Carpenter 1988; Bahill et al. 1975).
  @Test(arguments: [(5.0, 0.032, 200.0...350.0), (10, 0.043, 350...500), (20, 0.065, 450...650)])
  func saccadesFollowTheMainSequence(_ amplitude: Double, _ duration: Double, _ peak: ClosedRange<Double>) {
    let saccade = Saccade(start: 0, from: .zero, to: SIMD2(amplitude.degrees, 0))
    #expect(abs(saccade.duration - duration) < 1e-3)
    let steps = (0..<1000).map { saccade.angle(at: saccade.duration * Double($0) / 1000).x }
    let fastest = zip(steps, steps.dropFirst()).map { $1 - $0 }.max()! / (saccade.duration / 1000)
    #expect(peak.contains(fastest * 180 / .pi))
    #expect(saccade.angle(at: saccade.end).x == amplitude.degrees)
  }

  @Test func noiseOffsetAndBlinksAreWhatWasAskedFor() {
    var settings = SyntheticEye.Settings()
    settings.noise = 0.8.degrees
    settings.offset = SIMD2(1.0.degrees, -0.5.degrees)
    settings.blinkRate = 0.3
    var eye = SyntheticEye(settings: settings)
    var (errors, closed, blinks) = ([SIMD2<Double>](), 0, 0)
    var wasClosed = false
    for _ in 0..<Int(600 * settings.rate) {
      let look = eye.next()
      if let measured = look.measured { errors.append(measured - look.truth) } else { closed += 1 }
      if look.measured == nil, !wasClosed { blinks += 1 }
      wasClosed = look.measured == nil
    }
    let mean = errors.reduce(SIMD2<Double>.zero, +) / Double(errors.count)
    let variance = errors.reduce(0) { $0 + ($1.x - mean.x) * ($1.x - mean.x) } / Double(errors.count)
    #expect((mean - settings.offset).length < 0.05.degrees)
    #expect(abs(variance.squareRoot() - settings.noise) < 0.02.degrees)
    #expect((120...240).contains(blinks))
    #expect((0.02...0.1).contains(Double(closed) / (600 * settings.rate)))
  }

  @Test func goesWhereItIsTold() {
    var settings = SyntheticEye.Settings()
    settings.blinkRate = 0
    var eye = SyntheticEye(settings: settings)
    let target = SIMD2(12.0.degrees, -4.0.degrees)
    eye.look(at: target)
    var latest = eye.next()
    while eye.time < 0.1 { latest = eye.next() }
    #expect(latest.truth.length < 0.6.degrees)
    while eye.time < 0.7 { latest = eye.next() }
    #expect((latest.truth - target).length < 0.6.degrees)
  }
}

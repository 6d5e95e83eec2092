internal import Control
internal import Foundation
internal import Kinematics
internal import Planner

/// One knock as a picture: how far the arm goes and comes back, what it feels, how its job's time stands still, and what its tank pays.
struct KnockPlot {
  /// A knock that was answered in some way.
  struct Run {
    let name: String
    let outcome: KnockTrial.Outcome
    let colour: String
  }

  let title: String
  /// The first is the one that the lower strips show.
  let runs: [Run]
  /// Of the job [s]; nil where the arm held.
  let jobDuration: Double?

  private static let size = SIMD2(860.0, 640.0), left = 64.0, right = 150.0, top = 46.0, gap = 22.0, bottom = 34.0
  private static let before = 0.1, after = 1.6
  private static let ink = "#1f2d36", grid = "stroke=\"#dfe6ea\" stroke-width=\"1\""

  /// What is drawn in a strip: a curve's times since the onset [s] and values.
  private struct Curve {
    let points: [SIMD2<Double>]
    let style: String
  }

  var svg: String {
    var picture = SVG(width: Self.size.x, height: Self.size.y)
    picture.rectangle(.zero, Self.size, "fill=\"white\"")
    picture.label(title, at: SIMD2(Self.left, 26), "font-size=\"17\" fill=\"\(Self.ink)\"")
    let strips = self.strips, height = (Self.size.y - Self.top - Self.bottom - Self.gap * Double(strips.count - 1)) / Double(strips.count)
    for (index, strip) in strips.enumerated() {
      draw(strip.name, strip.curves, from: Self.top + Double(index) * (height + Self.gap), height: height, on: &picture)
    }
    let base = Self.size.y - Self.bottom
    for tenth in stride(from: 0.0, through: Self.after, by: 0.2) {
      picture.label(
        String(format: "%.1f", tenth), at: SIMD2(x(tenth), base + 16), "font-size=\"11\" text-anchor=\"middle\" fill=\"\(Self.ink)\"")
    }
    picture.label(
      "seconds since the knock", at: SIMD2(x(Self.after / 2), base + 31), "font-size=\"12\" text-anchor=\"middle\" fill=\"\(Self.ink)\"")
    for (index, run) in runs.enumerated() {
      let y = Self.top + 12 + 18 * Double(index)
      picture.line(SIMD2(Self.size.x - Self.right + 12, y - 4), SIMD2(Self.size.x - Self.right + 34, y - 4), Self.stroke(run.colour))
      picture.label(run.name, at: SIMD2(Self.size.x - Self.right + 40, y), "font-size=\"12\" fill=\"\(Self.ink)\"")
    }
    return picture.text
  }

  private static func stroke(_ colour: String, width: Double = 2) -> String {
    "fill=\"none\" stroke=\"\(colour)\" stroke-width=\"\(width)\" stroke-linejoin=\"round\""
  }

  private func x(_ time: Double) -> Double {
    Self.left + (time + Self.before) / (Self.after + Self.before) * (Self.size.x - Self.left - Self.right)
  }

  private var strips: [(name: String, curves: [Curve])] {
    var strips: [(String, [Curve])] = [
      (
        "tool off its place [mm]",
        runs.map { run in
          curve(run) { 1e3 * run.outcome.reference.deviation(of: $0.tool).offset.length }
        }
      )
    ]
    guard let first = runs.first else { return strips }
    let count = first.outcome.trace.samples.first?.external.count ?? 0
    let colours = ["#2f8199", "#d9541e", "#b3904a", "#1f2d36", "#93c6d2", "#8d6a4f", "#5d6d76", "#9fb2bb"]
    strips.append(
      (
        "external effort felt [N·m]",
        (0..<count).map { joint in
          Curve(points: samples(first) { $0.external[joint] }, style: Self.stroke(colours[joint % colours.count], width: 1.4))
        }
      ))
    if let jobDuration { strips.append(("the job's time [1]", [Curve(points: rate(first, jobDuration), style: Self.stroke(first.colour))])) }
    if first.outcome.trace.samples.contains(where: { $0.tank != nil }) {
      strips.append(("energy tank [J]", [curve(first) { $0.tank ?? 0 }]))
    }
    return strips
  }

  private func curve(_ run: Run, _ value: (KnockTrace.Sample) -> Double) -> Curve {
    Curve(points: samples(run, value), style: Self.stroke(run.colour))
  }

  private func samples(_ run: Run, _ value: (KnockTrace.Sample) -> Double) -> [SIMD2<Double>] {
    run.outcome.trace.samples.compactMap { sample in
      let time = sample.time - run.outcome.onset
      return time >= -Self.before && time <= Self.after ? SIMD2(time, value(sample)) : nil
    }
  }

  /// Job time per time, over ten ticks.
  private func rate(_ run: Run, _ duration: Double) -> [SIMD2<Double>] {
    let done = samples(run) { $0.progress * duration }
    return done.indices.dropFirst(10).compactMap { index in
      let step = done[index] - done[index - 10]
      // At its end a job's progress falls back.
      return step.x > 0 && step.y >= 0 ? SIMD2(done[index].x, step.y / step.x) : nil
    }
  }

  private func draw(_ name: String, _ curves: [Curve], from top: Double, height: Double, on picture: inout SVG) {
    let values = curves.flatMap { $0.points.map(\.y) }
    let low = min(0, values.min() ?? 0), high = max(values.max() ?? 1, low + 1e-6), step = Self.step(high - low)
    let floor = (low / step).rounded(.down) * step, ceiling = (high / step).rounded(.up) * step
    func y(_ value: Double) -> Double { top + height * (1 - (value - floor) / (ceiling - floor)) }
    for mark in stride(from: floor, through: ceiling + 1e-9, by: step) {
      picture.line(SIMD2(Self.left, y(mark)), SIMD2(Self.size.x - Self.right, y(mark)), Self.grid)
      picture.label(
        String(format: "%g", mark), at: SIMD2(Self.left - 7, y(mark) + 4), "font-size=\"11\" text-anchor=\"end\" fill=\"\(Self.ink)\"")
    }
    picture.line(SIMD2(x(0), top), SIMD2(x(0), top + height), "stroke=\"\(Self.ink)\" stroke-width=\"1\" stroke-dasharray=\"3 3\"")
    for curve in curves.reversed() { picture.polyline(curve.points.map { SIMD2(x($0.x), y($0.y)) }, curve.style) }
    picture.label(name, at: SIMD2(Self.left + 6, top - 5), "font-size=\"12\" fill=\"\(Self.ink)\"")
  }

  /// A round number of which three or four fit.
  private static func step(_ range: Double) -> Double {
    let rough = range / 3.5, power = pow(10, floor(log10(rough))), share = rough / power
    return power * (share < 1.5 ? 1 : share < 3.5 ? 2 : share < 7.5 ? 5 : 10)
  }
}

import Foundation
import TestSupport
import Testing

@testable import Gaze

@Suite struct CalibrationProbe {
  @Test func probe() throws {
    for noise in [0.0, 0.5, 1, 1.5] {
      for points in [3, 4] {
      var line = ""
      for seed in 1...6 {
        var eye = GazeAcceptanceTests.eye(noise: noise, seed: seed)
        do {
          let c = try GazeTable.calibrated(&eye, by: points)
          // true error over the table: noiseless looks
          var worst = 0.0, sum = 0.0
          for t in GazeTable.targets { 
            let a = GazeTable.angle(of: t.position) + eye.settings.offset
            let e = (c.point(of: .screen(GazeTable.view.share(at: a)))! - t.position).length; worst = max(worst, e); sum += e*e }
          line += String(format: " rms %.1f worst %.1f true %.1f/%.1f out %d;", c.rms*1e3, c.worst*1e3, (sum/9).squareRoot()*1e3, worst*1e3, c.residuals.count { $0 == nil })
        } catch { line += " \(error)" }
      }
      print(noise, points, line)
      }
    }
  }
}

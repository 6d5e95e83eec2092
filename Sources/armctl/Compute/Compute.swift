internal import ArgumentParser

/// `armctl compute`: the maths as filters from JSON lines to JSON lines.
struct Compute: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The maths as a filter: one JSON object a line in, one a line out.",
    discussion: """
      SI throughout: m, rad, s, kg, N. "q" has the movable joints from base to tip in order, in rad, or m where a joint slides. Positions are \
      x, y, z and quaternions x, y, z, w, of the tip in the base; a Jacobian has linear rows, then angular ones, in base axes.

      An input that cannot be answered gives {"error":{"kind":…,"message":…,"try":…}} on its line and the work goes on; blank lines are \
      skipped. The exit status is 0; 1 if a line was not JSON; 2 for wrong usage.

      Example: echo '{"q":[0,0,1.571,0,0,0]}' | armctl compute fk --urdf Robots/dummy/dummy.urdf --tip flange
      """,
    subcommands: [
      ComputeFK.self, ComputeIK.self, ComputeDynamics.self, ComputeTrajectory.self, ComputeRetime.self, ComputePlan.self,
    ])
}

#!/usr/bin/env python3
"""The fist bump against another physics engine: the daemon drives an arm of Damiao motors that MuJoCo moves, over an SLCAN wire, by the clock.

    fistbump.py [--arm Robots/openarm/arm.yaml] [--knocks 40] [--seed 1] [--heavier 1.15] [--binary .build/release/armctl]

Nothing of armctl's own emulator takes part: the motors' frames, registers and law, the dynamics, the knocks and what is measured are made here, from
the URDF and the figures of arm.yaml. The arm has `--heavier` times the masses that armctl knows. Needs MuJoCo, numpy and PyYAML from PyPI, which
go into a private environment.
"""
import argparse
import math
import multiprocessing
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import time

import motion
from damiao import Plant

CONTACT = 0.02
"""How long a knock lasts [s]."""


class Bench:
    """The daemon, a client of it, and the plant behind the wire."""

    def __init__(self, arguments, file, configuration):
        from armctl import Arm

        self.plant = Plant(file, configuration, arguments.heavier)
        self.pipe, far = multiprocessing.Pipe()
        self.process = multiprocessing.get_context("fork").Process(target=self.plant.run, args=(far,), daemon=True)
        self.process.start()
        self.folder = tempfile.TemporaryDirectory()
        address = os.path.join(self.folder.name, "s")
        bus = next(iter(configuration["buses"]))
        self.daemon = subprocess.Popen(
            [arguments.binary, "serve", "--arm", str(file), "--port", f"{bus}={os.ttyname(self.plant.slave)}", "--socket", address, "--enable",
             "--log", arguments.log, "--records", self.folder.name])
        deadline = time.monotonic() + 20
        while not os.path.exists(address) and time.monotonic() < deadline and self.daemon.poll() is None:
            time.sleep(0.05)
        self.arm = Arm(address).__enter__()
        self.events = []
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        for event in self.arm.events():
            self.events.append((time.monotonic(), event))

    def hit(self, body, direction, amount, duration=CONTACT, is_blow=True, watch=2.5):
        """Gives a knock or a push, waits, and returns its onset, what was told, and what was seen."""
        self.recorded()
        onset = time.monotonic() + 0.05
        self.pipe.send(("force", body, direction, amount, onset, duration, is_blow))
        time.sleep(0.05 + watch)
        trace = self.recorded()
        return onset, [(when - onset, event) for when, event in self.events if when > onset], trace

    def recorded(self):
        """What was seen since this was last asked; see ``Plant.move``."""
        import numpy as np

        self.pipe.send(("trace",))
        return np.frombuffer(self.pipe.recv_bytes()).reshape(-1, self.plant.trace.shape[1])

    def end(self):
        self.arm.__exit__(None, None, None)
        self.daemon.terminate()
        self.daemon.wait(10)
        self.pipe.send(("end",))
        self.process.join(2)


def judge(np, plant, onset, told, trace, body, is_moving):
    """A knock in figures: delay [s], travel [m], time until back [s], overshoot [1], margin [rad], surplus of energy [J], share of a rating."""
    n = len(plant.names)
    clock, q = trace[:, 0] - onset, trace[:, 1:1 + n]
    tool, elbow, rotation = (trace[:, 1 + 2 * n + first:1 + 2 * n + end] for first, end in ((0, 3), (3, 6), (6, 15)))
    first = np.searchsorted(clock, 0)
    point = elbow if body == plant.elbow else tool
    away = point - point[first]
    distance = np.linalg.norm(away, axis=1)
    top = first + int(np.argmax(distance[first:]))
    knock = next((since for since, event in told if event.kind == "knocked"), None)
    traces = np.einsum("ti,i->t", rotation, rotation[first])
    turned = np.arccos(np.clip((traces - 1) / 2, -1, 1))
    outside = (np.linalg.norm(tool - tool[first], axis=1) > 2e-3) | (turned > math.pi / 180)
    back = 0.0 if not outside[first:].any() else None if outside[-1] else float(clock[np.nonzero(outside)[0][-1]])
    over = float(max(0, -(away[top:] @ away[top]).min() / max(distance[top] ** 2, 1e-12)))
    margin = float(min((q[first:] - plant.limits[:, 0]).min(), (plant.limits[:, 1] - q[first:]).min()))
    end = np.searchsorted(clock, CONTACT)
    energy = trace[:, 16 + 2 * n]
    budget = max(energy[end], energy[:first].max() if is_moving else 0)
    return dict(delay=knock, travel=float(distance[top]), back=back, over=over, margin=margin, surplus=float(energy[end:].max() - budget),
                share=float(trace[first:, 17 + 2 * n].max()))


def summary(np, found, lag):
    """All knocks in a few lines; `found` has impulse, whether it moved, the figures and the mode at the end of each."""
    delays = [1e3 * figures["delay"] for _, _, figures, _ in found if figures["delay"] is not None]
    missed = [1e3 * figures["travel"] for _, is_moving, figures, _ in found if figures["delay"] is None and not is_moving]
    backs = [figures["back"] for _, is_moving, figures, _ in found if not is_moving]
    known = [back for back in backs if back is not None]
    return "\n".join([
        "",
        f"{len(delays)} of {len(found)} felt, delay mean {np.mean(delays):.1f} ms, worst {max(delays):.1f} ms"
        + (f"; an arm at rest was moved by at most {max(missed):.0f} mm where it was not" if missed else ""),
        f"{len(known)} of {len(backs)} back, median {np.median(known):.2f} s, worst {max(known):.2f} s",
        f"nearest to a limit {math.degrees(min(figures['margin'] for _, _, figures, _ in found)):.1f}°, "
        f"at most {100 * max(figures['share'] for _, _, figures, _ in found):.0f} % of a rating asked, "
        f"surplus of energy {max(0, max(figures['surplus'] for _, _, figures, _ in found)):.2f} J",
        f"{sum(end in ('hold', 'move') for _, _, _, end in found)} of {len(found)} go on; "
        f"the arm's own clock stood still for {1e3 * lag:.0f} ms at most",
    ])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--arm", default=str(motion.PACKAGE / "Robots/openarm/arm.yaml"))
    parser.add_argument("--knocks", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--heavier", type=float, default=1.0)
    parser.add_argument("--poses", nargs="*")
    parser.add_argument("--binary", default=str(motion.PACKAGE / ".build/release/armctl"))
    parser.add_argument("--log", default=os.devnull)
    parser.add_argument("--environment", type=pathlib.Path, default=motion.PACKAGE / ".build/mujoco")
    arguments = parser.parse_args()
    motion.enter(arguments.environment)
    sys.path.insert(0, str(motion.PACKAGE / "clients/python/src"))
    import numpy as np
    import yaml

    file = pathlib.Path(arguments.arm).resolve()
    configuration = yaml.safe_load(file.read_text())
    bench = Bench(arguments, file, configuration)
    plant, chance = bench.plant, np.random.default_rng(arguments.seed)
    poses = arguments.poses or [name for name in configuration["poses"] if name != "rest"]
    bodies = {"tool": plant.compiled.nbody - 1, "wrist": plant.compiled.nbody - 2, "elbow": plant.elbow}
    print("pose   place   J     moving  delay    travel   back    over   margin  surplus  share  ends", flush=True)
    all_found = []
    try:
        for number in range(arguments.knocks):
            pose = poses[number % len(poses)]
            place = list(bodies)[number // len(poses) % 3]
            impulse, is_moving = [2.0, 0.5, 4.0, 1.0][number % 4], number % 3 == 2
            direction = chance.normal(size=3)
            direction /= np.linalg.norm(direction)
            bench.arm.move_to(pose)
            time.sleep(0.5)
            bench.events.clear()
            job = None
            if is_moving:
                job = bench.arm.move_to(poses[(number + 1) % len(poses)], wait=False)
                time.sleep(0.5)
            found = judge(np, plant, *bench.hit(bodies[place], list(direction), impulse), bodies[place], is_moving)
            end = bench.arm.state.mode
            all_found.append((impulse, is_moving, found, end))
            if job:
                try:
                    job.wait(10)
                except Exception as error:
                    end = f"{end}: {error}"
            delay, back = found["delay"], found["back"]
            print(f"{pose:7}{place:8}{impulse:<6}{'yes' if is_moving else 'no':8}{'–' if delay is None else f'{1e3 * delay:.1f} ms':9}"
                  f"{1e3 * found['travel']:6.0f} mm {'' if is_moving else '–' if back is None else f'{back:.2f} s':8}{100 * found['over']:4.0f} % "
                  f"{math.degrees(found['margin']):6.1f}° {found['surplus']:7.2f} J {found['share']:5.2f}  {end}", flush=True)
    finally:
        bench.end()
    print(summary(np, all_found, plant.lag.value))


if __name__ == "__main__":
    main()

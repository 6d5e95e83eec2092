#!/usr/bin/env python3
"""The fist bump against another physics engine: the daemon drives an arm of Damiao motors that MuJoCo moves, over an SLCAN wire, by the clock.

    fistbump.py [--arm openarm] [--knocks 40] [--seed 1] [--heavier 1.15] [--binary .build/release/armctl]

Nothing of armctl's own emulator takes part: the motors' frames, registers and law, the dynamics, the knocks and what is measured are made here, from
the URDF and the figures of arm.yaml. The arm bears `--heavier` times the masses that armctl knows. Needs MuJoCo, numpy and PyYAML from PyPI, which
go into a private environment.
"""
import argparse
import gc
import math
import multiprocessing
import os
import pathlib
import select
import struct
import subprocess
import sys
import tempfile
import threading
import time
import tty
import xml.etree.ElementTree as xml

import motion

STEP, TRACE_PERIOD, CONTACT = 2.5e-4, 2e-3, 0.02
UNSIGNED = {7, 8, 9, 10, 13, 14, 15, 16, 35, 36}
"""Registers that hold whole numbers; the others hold floats."""


class Motor:
    """One motor on the wire: its registers, and the law of the MIT frame."""

    def __init__(self, settings):
        self.id, self.master = settings["id"], settings["masterId"]
        self.scale = (settings["pMax"], settings["vMax"], settings["tMax"])
        self.registers = {7: self.master, 8: self.id, 9: 0, 10: 1, 35: 4, 21: self.scale[0], 22: self.scale[1], 23: self.scale[2]}
        self.status, self.heard, self.torque = 0, 0.0, 0.0
        self.command = (0.0, 0.0, 0.0, 0.0, 0.0)

    def receive(self, identifier, data, place, speed, now):
        """The answer to a frame, or None."""
        if identifier == 0x7FF and data[0] | data[1] << 8 == self.id:
            number, known = data[3], self.registers.get(data[3], 0)
            if data[2] == 0xCC:
                return self.feedback(place, speed)
            kind = "<I" if number in UNSIGNED else "<f"
            if data[2] == 0x55:
                known = self.registers[number] = struct.unpack(kind, data[4:8])[0]
            return self.master, data[:4] + struct.pack(kind, known) if data[2] in (0x33, 0x55) else None
        if identifier != self.id or len(data) != 8:
            return None
        self.heard = now
        if data[:7] == b"\xff" * 7:
            order = data[7]
            self.status = 1 if order == 0xFC and self.status == 0 else 0 if order == 0xFD or order == 0xFB else self.status
            self.command = (0.0, 0.0, 0.0, 0.0, 0.0)
        else:
            bits = int.from_bytes(data, "big")
            fields = (bits >> 48, bits >> 36 & 0xFFF, bits >> 24 & 0xFFF, bits >> 12 & 0xFFF, bits & 0xFFF)
            p, v, t = self.scale
            spans = ((-p, p, 65535), (-v, v, 4095), (0, 500, 4095), (0, 5, 4095), (-t, t, 4095))
            self.command = tuple(low + field * (high - low) / top for field, (low, high, top) in zip(fields, spans))
        return self.feedback(place, speed)

    def feedback(self, place, speed):
        p, v, t = self.scale
        codes = [int(min(max((x + m) / (2 * m), 0), 1) * top) for x, m, top in ((place, p, 65535), (speed, v, 4095), (self.torque, t, 4095))]
        bits = codes[0] << 24 | codes[1] << 12 | codes[2]
        return self.master, bytes([self.status << 4 | self.id & 15]) + bits.to_bytes(5, "big") + b"\x1e\x1e"

    def demand(self, place, speed, now):
        """What the law asks for [N·m]."""
        limit = self.registers[9] * 5e-5
        if self.status == 1 and limit > 0 and now - self.heard > limit:
            self.status = 0xD
        if self.status != 1:
            return 0.0
        position, velocity, stiffness, damping, torque = self.command
        return stiffness * (position - place) + damping * (velocity - speed) + torque


class Plant:
    """The arm and its wire, moved as the clock goes, in a process of its own."""

    def __init__(self, file, configuration, heavier):
        import mujoco
        import numpy as np

        self.mujoco, self.np, self.compiled = mujoco, np, motion.model(mujoco, file.parent / configuration["model"])
        joints = configuration["joints"]
        self.names = [self.compiled.joint(index).name for index in range(self.compiled.njnt)]
        for index, name in enumerate(self.names):
            train = joints[name]["transmission"]
            self.compiled.dof_armature[index] = train["rotorInertia"] * train["ratio"] ** 2
            self.compiled.dof_damping[index] = train["friction"]["viscous"]
            self.compiled.dof_frictionloss[index] = train["friction"]["coulomb"]
        self.compiled.body_mass[:] *= heavier
        self.compiled.body_inertia[:] *= heavier
        self.compiled.opt.timestep = STEP
        self.compiled.opt.integrator = mujoco.mjtIntegrator.mjINT_IMPLICITFAST
        self.compiled.opt.disableflags &= ~int(mujoco.mjtDisableBit.mjDSBL_LIMIT)
        mujoco.mj_setConst(self.compiled, mujoco.MjData(self.compiled))
        self.limits = np.array([self.compiled.jnt_range[index] for index in range(len(self.names))])
        self.rated = np.array([effort_limit(file.parent / configuration["model"], name) for name in self.names])
        self.motors = [Motor(joints[name]["motor"]) for name in self.names]
        self.data = mujoco.MjData(self.compiled)
        self.data.qpos[:] = 0.0
        self.offset = tool_offset(file.parent / configuration["model"], self.names[-1], configuration.get("tip"))
        self.wire, self.slave = os.openpty()
        tty.setraw(self.slave)
        tty.setraw(self.wire)
        self.line, self.forces, self.count = b"", [], 0
        self.trace = np.empty((round(60 / TRACE_PERIOD), 18 + 2 * len(self.names)))

    def place(self, body):
        """A body's knocked point: the tool's for the last body, else where its joint is."""
        data = self.data
        return data.xpos[body] + (data.xmat[body].reshape(3, 3) @ self.offset if body == self.compiled.nbody - 1 else 0)

    def run(self, pipe):
        gc.disable()  # a collection takes longer than motors wait for their next frame
        try:
            os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(20))
        except OSError:
            pass
        start, step = time.monotonic(), 0
        while True:
            wait = start + (step + 1) * STEP - time.monotonic()
            ready = select.select([self.wire, pipe], [], [], max(0, wait))[0]
            if self.wire in ready:
                self.hear(time.monotonic())
            if pipe in ready and not self.obey(pipe):
                return
            behind = time.monotonic() - start - step * STEP
            if behind > 0.01: print("LAG", behind, time.monotonic()-start, file=sys.stderr)
            while start + (step + 1) * STEP <= time.monotonic():
                step += 1
                self.move(start + step * STEP, step % round(TRACE_PERIOD / STEP) == 0)

    def hear(self, now):
        """Answers what has come in, in whole lines."""
        self.line += os.read(self.wire, 4096)
        *lines, self.line = self.line.split(b"\r")
        answer = b""
        for line in lines:
            if line[:1] != b"t":
                answer += b"V1013\r" if line[:1] == b"V" else b"F00\r" if line[:1] == b"F" else b"\r"
                continue
            answer += b"z\r"
            identifier, data = int(line[1:4], 16), bytes.fromhex(line[5:].decode())
            for index, motor in enumerate(self.motors):
                reply = motor.receive(identifier, data, self.data.qpos[index], self.data.qvel[index], now)
                if reply and reply[1]:
                    answer += b"t%03X%d%s\r" % (reply[0], len(reply[1]), reply[1].hex().upper().encode())
        os.write(self.wire, answer)

    def obey(self, pipe):
        order, *rest = pipe.recv()
        if order == "force":  # body, direction, impulse or force, start, duration, is a half-sine
            self.forces.append(rest)
        elif order == "trace":
            trace, self.count = self.trace[:self.count].copy(), 0
            threading.Thread(target=pipe.send_bytes, args=(trace,)).start()
        return order != "end"

    def move(self, now, is_traced):
        data, np = self.data, self.np
        demands = [motor.demand(place, speed, now) for motor, place, speed in zip(self.motors, data.qpos, data.qvel)]
        for index, motor in enumerate(self.motors):
            motor.torque = min(max(demands[index], -motor.scale[2]), motor.scale[2])
            data.qfrc_applied[index] = motor.torque
        opposing = np.zeros(3)
        for body, direction, amount, start, duration, is_blow in self.forces:
            if start <= now < start + duration:
                share = math.sin(math.pi * (now - start) / duration) * math.pi / (2 * duration) if is_blow else 1.0
                self.mujoco.mj_applyFT(
                    self.compiled, data, np.array(direction) * amount * share, np.zeros(3), self.place(body), body, data.qfrc_applied)
        self.mujoco.mj_step(self.compiled, data)
        if is_traced:
            self.mujoco.mj_energyVel(self.compiled, data)
            tool, elbow, body = self.place(self.compiled.nbody - 1), self.place(min(4, self.compiled.nbody - 1)), self.compiled.nbody - 1
            share = max(abs(demand) / most for demand, most in zip(demands, self.rated))
            self.trace[self.count] = np.concatenate([[now], data.qpos, data.qvel, tool, elbow, data.xmat[body], [data.energy[1], share]])
            self.count = (self.count + 1) % len(self.trace)


def effort_limit(urdf, name):
    for joint in xml.parse(urdf).getroot().iter("joint"):
        if joint.get("name") == name:
            return float(joint.find("limit").get("effort"))


def tool_offset(urdf, last, tip):
    """Where the tip is, seen from the last moving link [m]; only shifts and turns of fixed joints lie between."""
    import numpy as np

    joints = {joint.find("child").get("link"): joint for joint in xml.parse(urdf).getroot().iter("joint")}
    place, link = np.zeros(3), tip
    while link in joints and joints[link].get("name") != last:
        origin = joints[link].find("origin")
        shift, turn = ([float(x) for x in (origin.get(key) or "0 0 0").split()] if origin is not None else [0, 0, 0] for key in ("xyz", "rpy"))
        (cr, cp, cy), (sr, sp, sy) = np.cos(turn), np.sin(turn)
        rotation = np.array([[cy * cp, cy * sp * sr - sy * cr, cy * sp * cr + sy * sr], [sy * cp, sy * sp * sr + cy * cr, sy * sp * cr - cy * sr],
                             [-sp, cp * sr, cp * cr]])
        place, link = rotation @ place + shift, joints[link].find("parent").get("link")
    return place


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
    clock, q, tool, elbow, rotation = trace[:, 0] - onset, trace[:, 1:1 + n], trace[:, 1 + 2 * n:4 + 2 * n], trace[:, 4 + 2 * n:7 + 2 * n], trace[:, 7 + 2 * n:16 + 2 * n]
    first = np.searchsorted(clock, 0)
    point = tool if body != min(4, plant.compiled.nbody - 1) else elbow
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
    bodies = {"tool": plant.compiled.nbody - 1, "wrist": plant.compiled.nbody - 2, "elbow": min(4, plant.compiled.nbody - 1)}
    print("pose   place   J     moving  delay    travel   back    over   margin  surplus  share  ends")
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
            alarms = sum(1 for _, event in bench.events if event.kind == "knocked")
            end = bench.arm.state.mode
            if job:
                try:
                    job.wait(10)
                except Exception as error:
                    end = f"{end}: {error}"
            delay, back = found["delay"], found["back"]
            print(f"{pose:7}{place:8}{impulse:<6}{'yes' if is_moving else 'no':8}{'–' if delay is None else f'{1e3 * delay:.1f} ms':9}"
                  f"{1e3 * found['travel']:6.0f} mm {'' if is_moving else '–' if back is None else f'{back:.2f} s':8}{100 * found['over']:4.0f} % "
                  f"{math.degrees(found['margin']):6.1f}° {found['surplus']:7.2f} J {found['share']:5.2f}  {end} {alarms}", flush=True)
    finally:
        bench.end()


if __name__ == "__main__":
    main()

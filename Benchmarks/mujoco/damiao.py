"""An arm of Damiao motors behind an SLCAN wire, moved by MuJoCo as the clock goes."""
import ctypes
import gc
import math
import multiprocessing
import os
import select
import struct
import threading
import time
import tty
import xml.etree.ElementTree as xml

import motion

STEP, TRACE_PERIOD = 2.5e-4, 2e-3
"""Of the physics and of what is recorded [s]."""
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
        self.elbow = min(4, self.compiled.nbody - 1)  # the body beyond the elbow
        self.wire, self.slave = os.openpty()
        tty.setraw(self.slave)
        tty.setraw(self.wire)
        self.line, self.forces, self.count = b"", [], 0
        self.lag = multiprocessing.Value("d", 0.0)  # the longest that the arm stood still since this machine was busy elsewhere [s]
        self.trace = np.empty((round(60 / TRACE_PERIOD), 18 + 2 * len(self.names)))

    def place(self, body):
        """A body's knocked point: the tool's for the last body, else where its joint is."""
        data = self.data
        return data.xpos[body] + (data.xmat[body].reshape(3, 3) @ self.offset if body == self.compiled.nbody - 1 else 0)

    def run(self, pipe):
        gc.disable()  # a collection takes longer than motors wait for their next frame
        ctypes.CDLL(None).mlockall(3)
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
            self.lag.value = max(self.lag.value, time.monotonic() - start - step * STEP)
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
            body = self.compiled.nbody - 1
            tool, elbow = self.place(body), self.place(self.elbow)
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

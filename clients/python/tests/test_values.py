"""Values: what they read from the wire, how they look, and how targets become numbers."""

from __future__ import annotations

import math
import os
import random
import tempfile
import unittest
from unittest import mock

from armctl import ConnectionFailed, InvalidParameter, Pose, ProtocolError, Waypoint, deg, joints, mm
from armctl.motions import JointTarget, Motion, Motions
from armctl.servo import Pace
from armctl.socket_path import socket_path
from armctl.subscription import Buffer
from armctl.values import Configuration, Event, JobUpdate, Plan, State

from .fake_server import CONFIGURATION, PLAN, STATE

ARM = Configuration.from_wire(CONFIGURATION)
Matrix = list[list[float]]


def product(a: Matrix, b: Matrix) -> Matrix:
    return [[sum(a[i][k] * b[k][j] for k in range(3)) for j in range(3)] for i in range(3)]


def turn(axis: int, angle: float) -> Matrix:
    c, s = math.cos(angle), math.sin(angle)
    turns: list[Matrix] = [
        [[1, 0, 0], [0, c, -s], [0, s, c]],
        [[c, 0, s], [0, 1, 0], [-s, 0, c]],
        [[c, -s, 0], [s, c, 0], [0, 0, 1]],
    ]
    return turns[axis]


class PoseTests(unittest.TestCase):
    def test_roll_pitch_yaw_are_about_fixed_axes(self) -> None:
        generator = random.Random(1)
        for _ in range(100):
            roll, pitch, yaw = angles = [generator.uniform(-80, 80) for _ in range(3)]
            wanted = product(turn(2, yaw * deg), product(turn(1, pitch * deg), turn(0, roll * deg)))
            pose = Pose.rpy((1, 2, 3), degrees=angles)
            x, y, z, w = pose.quaternion
            # Euler–Rodrigues.
            given = [
                [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
                [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
                [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
            ]
            for row, wanted_row in zip(given, wanted, strict=True):
                for value, wanted_value in zip(row, wanted_row, strict=True):
                    self.assertAlmostEqual(value, wanted_value)
            for angle, back in zip(angles, pose.rpy_degrees, strict=True):
                self.assertAlmostEqual(angle, back)

    def test_the_unit_must_be_said(self) -> None:
        self.assertRaises(TypeError, Pose.rpy, (0, 0, 0))
        self.assertRaises(TypeError, Pose.rpy, (0, 0, 0), degrees=(0, 0, 0), radians=(0, 0, 0))
        self.assertEqual(Pose.rpy((0, 0, 0), radians=(math.pi, 0, 0)), Pose.rpy((0, 0, 0), degrees=(180, 0, 0)))

    def test_how_it_looks(self) -> None:
        self.assertEqual(repr(Pose((0.1, 0.2, 0.3))), "Pose(0.1000, 0.2000, 0.3000 m; rpy 0.0, 0.0, 0.0°)")


class StateTests(unittest.TestCase):
    def test_members(self) -> None:
        state = State(STATE, ARM)
        self.assertEqual((state.time, state.tick, state.mode, state.homed, state.speed), (8231456000000, 4, "hold", True, 1.0))
        self.assertEqual(state.effort, (0, 1.5, None))
        self.assertEqual(state.pose.position, (0.3, 0, 0.25))
        self.assertIsNone(state.fault)
        self.assertEqual(state.raw["wrench"], [1, 2, 3, 4, 5, 6])

    def test_degrees_leave_sliding_joints_in_metres(self) -> None:
        waist, lift, elbow = State(STATE, ARM).degrees
        self.assertAlmostEqual(waist, 0.5 / deg)
        self.assertEqual(lift, 0.2)
        self.assertAlmostEqual(elbow, 1 / deg)

    def test_a_member_that_was_not_sent(self) -> None:
        state = State({"time": 1, "tick": 2, "dropped": 3}, ARM)
        self.assertEqual((state.tick, state.dropped), (2, 3))
        with self.assertRaisesRegex(AttributeError, "This state has no `position`; it was not among the fields asked for."):
            _ = state.position
        self.assertEqual(repr(state), "State(tick 2: )")

    def test_notebooks(self) -> None:
        html = State({**STATE, "fault": {"kind": "bus", "message": "a < b"}}, ARM)._repr_html_()
        for part in ("<b>fake</b>", "28.65 °", "200.00 mm", "1.50 N", "a &lt; b"):
            self.assertIn(part, html)
        self.assertIn("fake", State({"time": 1, "tick": 2}, ARM)._repr_html_())


class DecodingTests(unittest.TestCase):
    def test_half_answers(self) -> None:
        for raw in ({}, {"name": "x"}, {**CONFIGURATION, "joints": 5}, {**CONFIGURATION, "poses": []}):
            self.assertRaises(ProtocolError, Configuration.from_wire, raw)
        for raw in ({}, {"duration": "long", "end": []}, {"duration": 1}, {"duration": 1, "end": 5}):
            self.assertRaises(ProtocolError, Plan.from_wire, raw)
        for raw in ({}, {"job": None, "state": "done"}, {"job": 1}):
            self.assertRaises(ProtocolError, JobUpdate.from_wire, raw)
        self.assertEqual(Event.from_wire({}).kind, "")

    def test_plan(self) -> None:
        plan = Plan.from_wire(PLAN)
        self.assertEqual((plan.job, plan.duration, plan.end), (1, 1.25, (0, 0.1, 1.5)))

    def test_reason_of_a_job(self) -> None:
        raw = {"job": 3, "state": "cancelled", "reason": {"kind": "stopped", "message": "Stopped.", "try": "again"}}
        update = JobUpdate.from_wire(raw)
        assert update.reason
        self.assertEqual((update.is_final, update.reason.kind, update.reason.job), (True, "stopped", 3))

    def test_what_happened_on_a_jobs_way(self) -> None:
        update = JobUpdate.from_wire({"job": 3, "state": "paused", "knocks": 2, "pausedBy": "anna"})
        self.assertEqual((update.knocks, update.paused_by), (2, "anna"))
        self.assertEqual(JobUpdate.from_wire({"job": 3, "state": "done"}).paused_by, None)


class Recorder(Motions[Motion]):
    def _run(self, motion: Motion, *, wait: bool) -> Motion:
        return motion


class MotionTests(unittest.TestCase):
    SETPOINT = (0.1, 0.2, 0.3)

    def parameters(self, motion: Motion) -> dict[str, object]:
        return motion.parameters(ARM, self.SETPOINT)

    def test_motions_on_the_wire(self) -> None:
        move, pose = Recorder(), Pose((0.3, 0, 0.2))
        members = {"position": [0.3, 0.0, 0.2], "quaternion": [0.0, 0.0, 0.0, 1.0]}
        cases: list[tuple[Motion, str, dict[str, object]]] = [
            (move.move_to("home"), "move.to", {"name": "home"}),
            (move.move_to("home", speed=0.5, retarget=True), "move.to", {"name": "home", "speed": 0.5, "retarget": True}),
            (move.move_joints(radians=[1, 2, 3]), "move.joints", {"position": [1, 2, 3]}),
            (move.move_joints(radians={"elbow": 1}), "move.joints", {"position": [0.1, 0.2, 1]}),
            (move.move_joints(degrees=[180, 0.5, 0]), "move.joints", {"position": [math.pi, 0.5, 0]}),
            (move.move_pose(pose, free="axis"), "move.pose", {"pose": members, "free": "axis"}),
            (move.move_linear(pose, on_expiry="finish"), "move.linear", {"pose": members, "onExpiry": "finish"}),
            (move.move_linear(by=(0, 0, -60 * mm), frame="tool"), "move.linear", {"by": [0, 0, -0.06], "frame": "tool"}),
            (move.move_linear(joints=joints(degrees={"waist": 180})), "move.linear", {"position": [math.pi, 0.2, 0.3]}),
            (move.move_circular((1, 2, 3), point=(4, 5, 6)), "move.circular", {"via": [1, 2, 3], "point": [4, 5, 6]}),
            (
                move.move_path(["home", pose, joints(radians=[1, 2, 3]), Waypoint(by=(0, 0, 1), blend=0.01)]),
                "move.path",
                {
                    "waypoints": [
                        {"name": "home"},
                        {"pose": members},
                        {"position": [1, 2, 3]},
                        {"by": [0, 0, 1], "blend": 0.01},
                    ]
                },
            ),
        ]
        for motion, method, wanted in cases:
            with self.subTest(method):
                self.assertEqual(motion.method, method)
                self.assertEqual(self.parameters(motion), wanted)

    def test_only_named_joints_need_the_setpoint(self) -> None:
        move = Recorder()
        self.assertFalse(move.move_joints(radians=[1, 2, 3]).needs_setpoint)
        self.assertFalse(move.move_to("home").needs_setpoint)
        self.assertTrue(move.move_joints(radians={"waist": 1}).needs_setpoint)
        self.assertTrue(move.move_path([joints(radians={"waist": 1})]).needs_setpoint)

    def test_the_unit_must_be_said(self) -> None:
        with self.assertRaisesRegex(TypeError, r"move_joints\(\) needs one of degrees= and radians=."):
            Recorder().move_joints()
        self.assertRaises(TypeError, Recorder().move_joints, degrees=[0], radians=[0])

    def test_a_joint_that_is_not_there(self) -> None:
        with self.assertRaises(InvalidParameter) as caught:
            self.parameters(Recorder().move_joints(degrees={"elbo": 1}))
        self.assertEqual(caught.exception.nearest, "elbow")
        self.assertEqual(caught.exception.message, 'fake has no joint "elbo"; did you mean "elbow"?')

    def test_too_many_numbers_are_left_to_the_server(self) -> None:
        self.assertEqual(JointTarget([1, 2, 3, 4], "rad").resolved(ARM, self.SETPOINT), [1, 2, 3, 4])


class BufferTests(unittest.TestCase):
    def test_the_next_one_says_how_many_were_lost(self) -> None:
        buffer = Buffer(2)
        for number in range(5):
            buffer.append({"n": number, "dropped": 10} if number == 1 else {"n": number})
        self.assertEqual(buffer.pop(), {"n": 3, "dropped": 13})
        self.assertEqual(buffer.pop(), {"n": 4})
        self.assertIsNone(buffer.pop())
        self.assertRaises(ValueError, Buffer, 0)


class PaceTests(unittest.TestCase):
    def test_no_drift_and_missed_turns_are_counted(self) -> None:
        with mock.patch("armctl.servo.time.monotonic") as clock:
            clock.return_value = 100.0
            pace = Pace(10)
            self.assertAlmostEqual(pace.remaining(), 0.1)
            clock.return_value = 100.13
            self.assertAlmostEqual(pace.remaining(), 0.07)
            clock.return_value = 100.55
            self.assertAlmostEqual(pace.remaining(), 0.0)
            self.assertEqual(pace.late, 2)
            self.assertAlmostEqual(pace.remaining(), 0.05)
        for rate in (0, -1, math.inf, math.nan):
            self.assertRaises(ValueError, Pace, rate)


class SocketPathTests(unittest.TestCase):
    def test_where_it_is(self) -> None:
        with mock.patch.dict(os.environ, {"XDG_RUNTIME_DIR": "/run/user/7"}):
            self.assertEqual(socket_path(), "/run/user/7/armctl.sock")
            self.assertEqual(socket_path("/x/y"), "/x/y")
        with tempfile.TemporaryDirectory() as folder, mock.patch.dict(os.environ, {"XDG_RUNTIME_DIR": "", "TMPDIR": folder}):
            private = os.path.join(folder, f"armctl-{os.getuid()}")
            self.assertEqual(socket_path(), os.path.join(private, "armctl.sock"))
            os.mkdir(private, 0o700)
            self.assertEqual(socket_path(), os.path.join(private, "armctl.sock"))
            os.chmod(private, 0o755)
            with self.assertRaisesRegex(ConnectionFailed, "does not belong to this user alone"):
                socket_path()


if __name__ == "__main__":
    unittest.main()

"""Both clients against the real daemon with an emulated arm."""

from __future__ import annotations

import asyncio
import math
import pathlib
import signal
import subprocess
import sys
import textwrap
import threading
import time
import unittest

from armctl import (
    Arm,
    ConnectionFailed,
    InvalidParameter,
    LeaseEnded,
    LeaseHeld,
    PositionLimit,
    Stopped,
    UnknownMethod,
    Unreachable,
    aio,
    joints,
    mm,
)
from armctl.values import Pose

from .daemon import MISSING, Daemon

PACKAGE = pathlib.Path(__file__).resolve().parents[1]


@unittest.skipIf(MISSING, MISSING or "")
class DaemonTests(unittest.TestCase):
    daemon: Daemon

    @classmethod
    def setUpClass(cls) -> None:
        cls.daemon = Daemon()

    @classmethod
    def tearDownClass(cls) -> None:
        cls.daemon.close()

    def setUp(self) -> None:
        self.addCleanup(self.tidy)

    def tidy(self) -> None:
        """What a test leaves under way, or a fault that it met, is not the next one's."""
        with Arm(self.daemon.path, priority="stop") as arm:
            arm.stop()
            arm.reset()

    def arm(self, client: str = "test") -> Arm:
        arm = Arm(self.daemon.path, client=client)
        self.addCleanup(arm.close)
        return arm

    def test_motions(self) -> None:
        arm = self.arm()
        job = arm.move_to("home")
        self.assertEqual(job.state, "done")
        for position, target in zip(arm.state.position, arm.poses["home"], strict=True):
            self.assertAlmostEqual(position, target, delta=1e-3)
        before = arm.state.pose.position
        arm.move_linear(by=(0, 0, -30 * mm))
        after = arm.state.pose.position
        self.assertAlmostEqual(after[2] - before[2], -0.03, delta=1e-3)
        arm.move_joints(degrees={"elbow": 85})
        self.assertAlmostEqual(arm.state.degrees[2], 85, delta=0.1)
        plan = arm.dry_run().move_path([joints(degrees={"waist": 10}), "home"])
        self.assertIsNone(plan.job)
        self.assertGreater(plan.duration, 0)
        x, y, z = arm.state.pose.position
        plan = arm.dry_run().move_circular((x, y + 20 * mm, z), point=(x, y + 30 * mm, z - 10 * mm))
        self.assertGreater(plan.duration, 0)
        self.assertIsNone(arm.dry_run().move_pose(arm.state.pose, free="axis").job)

    def test_progress_and_cancel(self) -> None:
        arm = self.arm()
        arm.move_to("home")
        job = arm.move_joints(degrees={"waist": 60}, wait=False)
        shares = []
        for update in job:
            if update.progress is not None and not update.is_final:
                shares.append(update.progress)
            if len(shares) == 2:
                job.cancel()
        self.assertEqual(shares, sorted(shares))
        self.assertEqual(job.state, "cancelled")
        self.assertRaises(Stopped, job.wait)
        waist = arm.state.position[0]
        self.assertTrue(0 < waist < math.radians(59), waist)

    def test_refusals(self) -> None:
        arm = self.arm()
        with self.assertRaises(PositionLimit) as limit:
            arm.move_joints(radians=[0, 0, 9, 0, 0, 0])
        self.assertEqual(limit.exception.joint, "elbow")
        self.assertEqual(limit.exception.value, 9)
        self.assertAlmostEqual(limit.exception.limit or 0, math.pi)
        with self.assertRaises(Unreachable) as reach:
            arm.move_pose(Pose((5, 0, 0)))
        self.assertEqual(reach.exception.why, "reach")
        self.assertIn("joints", reach.exception.closest or {})
        with self.assertRaises(InvalidParameter) as name:
            arm.move_to("hom")
        self.assertEqual(name.exception.nearest, "home")
        self.assertRaises(InvalidParameter, arm.move_joints, radians=[1, 2, 3])
        self.assertRaises(UnknownMethod, arm.call, "fly")

    def test_tcp(self) -> None:
        with Arm(self.daemon.tcp, client="far") as arm:
            arm.move_to("home")
            self.assertEqual(arm.state.mode, "hold")
            with arm.states(50) as states:
                self.assertEqual(next(states).mode, "hold")
        token = pathlib.Path(self.daemon.folder, "other.token")
        token.write_text("0" * 64)
        port = self.daemon.tcp.split(":")[1]
        with self.assertRaisesRegex(ConnectionFailed, "The token is wrong. Try: the token in the file that armctl serve names"):
            Arm(f"tcp:{port}:{token}").connect()
        with self.assertRaisesRegex(ConnectionFailed, "The token in /nowhere cannot be read: No such file or directory."):
            Arm(f"tcp:{port}:/nowhere").connect()
        with self.assertRaisesRegex(ConnectionFailed, "'tcp:arm' does not say a TCP port from 1 to 65535. Try: tcp:7373"):
            Arm("tcp:arm").connect()

        async def main() -> None:
            async with aio.Arm(self.daemon.tcp, client="far and async") as arm:
                self.assertEqual((await arm.state()).mode, "hold")

        asyncio.run(main())

    def test_gripper_and_inputs(self) -> None:
        arm = self.arm()
        lines = pathlib.Path(self.daemon.folder)
        arm.close_gripper()
        self.assertEqual((lines / "gripper").read_text(), "1\n")
        (lines / "part").write_text("1\n")
        while not arm.inputs()["part"]:
            time.sleep(0.005)
        self.assertEqual(arm.inputs(), {"part": True, "door": False})
        arm.open_gripper()
        self.assertEqual((lines / "gripper").read_text(), "0\n")
        (lines / "part").write_text("0\n")

    def test_anybody_may_make_it_slower(self) -> None:
        script, person, rival = self.arm("script"), self.arm("person"), self.arm("rival")
        script.move_to("home")
        person.set_speed(0.5)
        with self.assertRaisesRegex(LeaseHeld, "Others may make the arm no faster than 50 %"):
            rival.set_speed(1)
        person.set_speed(1)
        script.set_speed(1)

    def test_who_may_move(self) -> None:
        script, rival, operator = self.arm("script"), self.arm("rival"), self.arm("operator")
        script.move_to("home")
        with self.assertRaisesRegex(LeaseHeld, "script holds the lease with priority script"):
            rival.move_to("home")
        self.assertEqual(rival.state.mode, "hold")
        job = script.move_joints(degrees={"waist": 40}, wait=False)
        with operator.acquire("terminal"):
            with self.assertRaisesRegex(Stopped, "."):
                job.wait()
            with self.assertRaisesRegex(LeaseEnded, "operator took the lease over from script"):
                script.move_to("home")
            operator.move_to("home")
        script.acquire()
        script.move_to("home")

    def test_the_lease_lives_as_long_as_the_client(self) -> None:
        arm = Arm(self.daemon.path, client="short", ttl=0.2)
        self.addCleanup(arm.close)
        arm.acquire()
        time.sleep(0.6)
        arm.move_to("home")
        silent = Arm(self.daemon.path, client="silent", ttl=0.1, heartbeat=False)
        self.addCleanup(silent.close)
        arm.release()
        lease = silent.acquire()
        time.sleep(0.3)
        self.assertIsNotNone(lease.ended)
        self.assertRaises(LeaseEnded, silent.move_to, "home")

    def test_subscriptions(self) -> None:
        arm = self.arm()
        with arm.states(rate=50, fields=["position", "mode"]) as states:
            ticks = [next(states).tick for _ in range(20)]
        self.assertEqual(ticks, sorted(set(ticks)))
        with arm.events(timeout=5) as events, arm.job_updates(timeout=5) as updates:
            job = arm.move_joints(degrees={"tool_roll": 5}, wait=False)
            seen = next(update for update in updates if update.is_final)
            self.assertEqual((seen.job, seen.state), (job.number, "done"))
            event = next(event for event in events if event.kind == "mode")
            self.assertEqual(event.details["mode"], "move")

    def test_servo(self) -> None:
        arm = self.arm()
        arm.move_to("home")
        y = arm.state.pose.position[1]
        with arm.servo(rate=50) as servo:
            for t in servo:
                servo.twist((0, 0.05, 0))
                if t > 0.5:
                    break
        wait_for_mode(arm, "hold")
        self.assertTrue(0.01 < arm.state.pose.position[1] - y < 0.04, arm.state.pose)
        arm.move_to("home")

    def test_modes_pace_and_stop(self) -> None:
        arm = self.arm()
        arm.move_to("home")
        job = arm.move_joints(degrees={"waist": 50}, wait=False)
        while job.progress < 0.1:
            time.sleep(0.01)
        arm.pause()
        wait_for_rest(arm)
        self.assertFalse(job.is_done)
        self.assertLess(arm.state.degrees[0], 49)
        arm.set_speed(0.5)
        arm.resume()
        arm.stop()
        self.assertRaises(Stopped, job.wait)
        arm.set_speed(1)
        wait_for_rest(arm)
        arm.set_mode("float")
        self.assertEqual(arm.state.mode, "float")
        arm.set_mode("hold")
        arm.move_to("home")
        self.assertIn("bus", arm.health())

    def test_many_threads(self) -> None:
        arm = self.arm()
        arm.connect()
        counts: list[int] = []

        def ask() -> None:
            counts.append(sum(len(arm.state.position) for _ in range(100)))

        threads = [threading.Thread(target=ask) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
        self.assertEqual(counts, [600] * 6)

    def test_control_c_stops_the_motion(self) -> None:
        program = f"""
            import sys
            from armctl import Arm
            with Arm({self.daemon.path!r}) as arm:
                arm.move_to("home")
                print("moving", flush=True)
                arm.move_joints(degrees={{"waist": 100}}, speed=0.2)
        """
        command = [sys.executable, "-c", textwrap.dedent(program)]
        environment = {"PYTHONPATH": str(PACKAGE / "src"), "PATH": "/usr/bin:/bin"}
        process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        assert process.stdout
        with process.stdout:
            self.assertEqual(process.stdout.readline(), b"moving\n")
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        process.wait(10)
        arm = self.arm()
        wait_for_rest(arm)
        self.assertLess(arm.state.degrees[0], 50)
        # The lease was given back.
        arm.move_to("home")

    def test_asyncio(self) -> None:
        async def main() -> None:
            async with aio.Arm(self.daemon.path, client="async") as arm:
                await arm.move_to("home")
                job = await arm.move_joints(degrees={"elbow": 85}, wait=False)
                states = [update.state async for update in job]
                self.assertEqual(states[-1], "done")
                async with await arm.states(50) as states_now:
                    self.assertEqual((await anext(states_now)).mode, "hold")
                async with await arm.servo(50) as servo:
                    async for t in servo:
                        servo.rates(degrees={"waist": 10})
                        if t > 0.2:
                            break
                with self.assertRaises(Unreachable):
                    await arm.move_pose(Pose((5, 0, 0)))
                await arm.stop()

        asyncio.run(main())


def wait_for_rest(arm: Arm) -> None:
    """Until nothing moves the setpoint any more."""
    before: object = None
    for _ in range(500):
        if before == (before := arm.state.setpoint):
            return
        time.sleep(0.03)
    raise AssertionError("the arm does not come to rest")


def wait_for_mode(arm: Arm, mode: str) -> None:
    for _ in range(500):
        if arm.state.mode == mode:
            return
        time.sleep(0.01)
    raise AssertionError(f"the arm does not come to mode {mode}, but is in {arm.state}")


if __name__ == "__main__":
    unittest.main()

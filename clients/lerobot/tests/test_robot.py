"""The robot against the real daemon, without LeRobot, and with it where it is installed."""

from __future__ import annotations

import importlib.util
import pathlib
import sys
import tempfile
import time
import unittest
from typing import Any

CLIENTS = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(CLIENTS / "lerobot" / "src"), str(CLIENTS / "python" / "src"), str(CLIENTS / "python" / "tests")]

from daemon import MISSING, Daemon  # noqa: E402

from lerobot_robot_armctl import ArmctlRobot, ArmctlRobotConfig  # noqa: E402

HAS_LEROBOT = importlib.util.find_spec("lerobot") is not None


@unittest.skipIf(MISSING, MISSING or "")
class RobotTests(unittest.TestCase):
    daemon: Daemon

    @classmethod
    def setUpClass(cls) -> None:
        cls.daemon = Daemon()

    @classmethod
    def tearDownClass(cls) -> None:
        cls.daemon.close()

    def robot(self, **settings: Any) -> ArmctlRobot:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        config = ArmctlRobotConfig(id="test", socket=self.daemon.path, calibration_dir=pathlib.Path(folder.name), **settings)
        return ArmctlRobot(config)

    def test_features_before_connecting(self) -> None:
        robot = self.robot(observe=["pos", "vel"])
        self.assertEqual(len(robot.observation_features), 12)
        self.assertEqual(list(robot.action_features)[:2], ["waist.pos", "shoulder.pos"])
        self.assertFalse(robot.is_connected)
        self.assertRaises(ConnectionError, robot.get_observation)
        self.assertRaises(ConnectionError, robot.send_action, {"waist.pos": 1})
        self.assertRaises(ConnectionError, robot.disconnect)

    def test_a_policy(self) -> None:
        robot = self.robot(start_pose="home")
        robot.connect()
        self.assertRaises(ConnectionError, robot.connect)
        observation = robot.get_observation()
        self.assertEqual(observation.keys(), robot.observation_features.keys())
        self.assertAlmostEqual(observation["elbow.pos"], 90, delta=0.1)
        for _ in range(40):
            sent = robot.send_action({"waist.pos": 5.0, "gripper.pos": 3.0})
            time.sleep(0.03)
        self.assertEqual(sent, {"waist.pos": 5.0})
        self.assertAlmostEqual(robot.get_observation()["waist.pos"], 5, delta=0.2)
        robot.disconnect()
        self.assertFalse(robot.is_connected)

    def test_what_is_cut_off(self) -> None:
        with self.robot(start_pose="home", largest_step=3.0) as robot:
            sent = robot.send_action({"waist.pos": 50.0, "elbow.pos": 90.0})
            self.assertAlmostEqual(sent["waist.pos"], 3, delta=0.2)
            self.assertAlmostEqual(sent["elbow.pos"], 90, delta=0.01)
            self.assertRaises(ValueError, robot.send_action, {"waist.pos": float("nan")})
        with self.robot(unit="rad", start_pose="home") as robot:
            sent = robot.send_action({"shoulder.pos": 9.0})
            self.assertAlmostEqual(sent["shoulder.pos"], 1.5707963, 5)

    def test_without_lerobot_cameras_are_refused(self) -> None:
        if HAS_LEROBOT:
            self.skipTest("LeRobot is installed")
        with self.assertRaisesRegex(ConnectionError, "Cameras need LeRobot"):
            self.robot(cameras={"top": object()})

    @unittest.skipUnless(HAS_LEROBOT, "LeRobot is not installed; `pip install lerobot` would add this test")
    def test_with_lerobot(self) -> None:
        from lerobot.robots import Robot, RobotConfig, make_robot_from_config

        self.assertTrue(issubclass(ArmctlRobot, Robot))
        self.assertIs(RobotConfig.get_choice_class("armctl"), ArmctlRobotConfig)
        robot = make_robot_from_config(ArmctlRobotConfig(id="made", socket=self.daemon.path))
        self.assertIsInstance(robot, ArmctlRobot)
        with robot:
            robot.send_action({"waist.pos": 1.0})
            self.assertIn("waist.pos", robot.get_observation())


if __name__ == "__main__":
    unittest.main()

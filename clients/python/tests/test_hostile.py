"""Everybody is served while ten clients misbehave, each in its own way, and nothing of them is left afterwards.

How fast is shown by `make bench-socket`, where these clients live.
"""

from __future__ import annotations

import importlib.util
import os
import threading
import time
import unittest
from typing import Any

from armctl import Arm

from .daemon import MISSING, ROOT, Daemon


def load_hostile() -> Any:
    specification = importlib.util.spec_from_file_location("hostile", ROOT / "Benchmarks" / "socket" / "hostile.py")
    assert specification and specification.loader
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


@unittest.skipIf(MISSING, MISSING or "")
class HostileTests(unittest.TestCase):
    def test_fifty_clients_of_which_ten_are_hostile_and_three_hundred_idle_ones(self) -> None:
        hostile = load_hostile()
        daemon = Daemon()
        self.addCleanup(daemon.close)
        descriptors = f"/proc/{daemon.process.pid}/fd"
        with Arm(daemon.path) as arm:
            arm.move_to("home")
            before = len(os.listdir(descriptors))
            idle = [hostile.connect(daemon.path) for _ in range(300)]
            quiet = [Arm(daemon.path, client=f"quiet {number}").connect() for number in range(40)]
            over = threading.Event()
            troublemakers = threading.Thread(target=hostile.misbehave, args=(daemon.path, hostile.KINDS, over))
            troublemakers.start()
            job = arm.move_joints(degrees={"waist": 10}, wait=False)
            for client in quiet:
                self.assertEqual(len(client.state.position), 6)
            self.assertEqual(job.wait(20).state, "done")
            quiet[0].stop()
            arm.move_to("home")
            over.set()
            troublemakers.join(10)
            for client in quiet:
                client.close()
            for connection in idle:
                connection.close()
            for _ in range(200):
                if len(os.listdir(descriptors)) <= before:
                    break
                time.sleep(0.02)
            self.assertLessEqual(len(os.listdir(descriptors)), before)


if __name__ == "__main__":
    unittest.main()

"""The daemon is restarted under running clients."""

from __future__ import annotations

import unittest

from armctl import Arm, LeaseEnded

from .daemon import MISSING, Daemon


@unittest.skipIf(MISSING, MISSING or "")
class RestartTests(unittest.TestCase):
    def test_the_daemon_is_restarted_under_a_running_client(self) -> None:
        daemon = Daemon()
        self.addCleanup(daemon.close)
        with Arm(daemon.path) as arm, arm.states(rate=50) as states:
            arm.move_to("home")
            next(states)
            daemon.restart()
            self.assertEqual(arm.state.mode, "hold")
            self.assertRaises(LeaseEnded, arm.move_to, "home")
            arm.acquire()
            arm.move_to("home")
            self.assertTrue(any(states.reconnects == 1 for _ in zip(range(500), states, strict=False)))


if __name__ == "__main__":
    unittest.main()

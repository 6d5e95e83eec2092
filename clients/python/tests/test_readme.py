"""Every Python block of the README runs, in their order."""

from __future__ import annotations

import pathlib
import re
import subprocess
import sys
import unittest

from .daemon import MISSING, Daemon

PACKAGE = pathlib.Path(__file__).resolve().parents[1]


@unittest.skipIf(MISSING, MISSING or "")
class ReadmeTests(unittest.TestCase):
    def test_the_readme(self) -> None:
        daemon = Daemon()
        self.addCleanup(daemon.close)
        blocks = re.findall(r"```python\n(.*?)```", (PACKAGE / "README.md").read_text(), re.DOTALL)
        self.assertGreater(len(blocks), 3)
        environment = {"PYTHONPATH": str(PACKAGE / "src"), "XDG_RUNTIME_DIR": daemon.folder, "PATH": "/usr/bin:/bin"}
        for block in blocks:
            done = subprocess.run([sys.executable, "-c", block], env=environment, capture_output=True, text=True, timeout=60)
            self.assertEqual(done.returncode, 0, f"{block}\n{done.stderr}")


if __name__ == "__main__":
    unittest.main()

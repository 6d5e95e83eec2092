"""The real daemon with an emulated arm, for tests: found by $ARMCTL or on the PATH."""

from __future__ import annotations

import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time

from armctl import Arm, ArmctlError

ROOT = pathlib.Path(__file__).resolve().parents[3]


def armctl() -> str | None:
    """The program, if there is one."""
    given = os.environ.get("ARMCTL")
    return os.path.abspath(given) if given and os.access(given, os.X_OK) else shutil.which("armctl")


MISSING = None if armctl() else "There is no armctl: set ARMCTL to its path, or build it with `make build`."


class Daemon:
    """`armctl serve --sim` in a folder of its own."""

    def __init__(self) -> None:
        self.folder = tempfile.mkdtemp(prefix="armctl-")
        self.path = os.path.join(self.folder, "armctl.sock")
        self.process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        program = armctl()
        if program is None:
            raise RuntimeError(MISSING)
        log = os.path.join(self.folder, "log")
        command = [
            program,
            "serve",
            "--sim",
            "--arm",
            "dummy",
            "--socket",
            self.path,
            "--records",
            self.folder,
            "--log",
            log,
        ]
        environment = {**os.environ, "XDG_RUNTIME_DIR": self.folder}
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            try:
                with Arm(self.path) as arm:
                    if arm.state.mode == "hold" and arm.state.homed:
                        return process
            except ArmctlError:
                if process.poll() is not None:
                    break
            time.sleep(0.02)
        process.kill()
        raise RuntimeError(f"armctl did not start; its log says: {pathlib.Path(log).read_text()}")

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def restart(self) -> None:
        """As somebody would who changed the arm's file."""
        self.stop()
        self.process = self._start()

    def close(self) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

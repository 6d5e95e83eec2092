"""The real daemon with an emulated arm, for tests: found by $ARMCTL or on the PATH."""

from __future__ import annotations

import ctypes
import os
import pathlib
import re
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


HAND = """
gpio:
  inputs: {part: {chip: gpiochip0, line: 1}, door: {chip: gpiochip0, line: 2}}
gripper: {close: {chip: gpiochip0, line: 3}, duration: 0.1}
"""
"""Keys of the arm file for what the emulated arm has as files."""


def patient_arm(folder: str) -> str:
    """The dummy arm, but slower and more patient with its bus: tests share the machine with whatever else runs on it."""
    for path in (ROOT / "Robots" / "dummy").iterdir():
        shutil.copy(path, folder)
    file = pathlib.Path(folder, "arm.yaml")
    text = file.read_text()
    for key, value in {"rate": "50", "busSilence": "1", "busNoise": "1"}.items():
        text, count = re.subn(rf"^( *{key}): .*$", rf"\1: {value}", text, flags=re.MULTILINE)
        if count != 1:
            raise RuntimeError(f"{file} should have one `{key}`.")
    file.write_text(text + HAND)
    return str(file)


def end_with_parent() -> None:
    """Of a child, after the fork: it is not to outlive a test that is killed."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


class Daemon:
    """`armctl serve --sim` in a folder of its own."""

    def __init__(self) -> None:
        self.folder = tempfile.mkdtemp(prefix="armctl-")
        self.path = os.path.join(self.folder, "armctl.sock")
        self.arm = patient_arm(self.folder)
        self.process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        program = armctl()
        if program is None:
            raise RuntimeError(MISSING)
        log = os.path.join(self.folder, "log")
        command = [program, "serve", "--sim", "--arm", self.arm, "--socket", self.path, "--records", self.folder, "--log", log]
        command += ["--tcp", "0", "--lines", self.folder]
        environment = {**os.environ, "XDG_RUNTIME_DIR": self.folder}
        with open(log, "ab") as errors:
            process = subprocess.Popen(command, env=environment, stderr=errors, preexec_fn=end_with_parent)
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

    @property
    def tcp(self) -> str:
        """Where it listens on TCP."""
        ports = re.findall(r"served on (tcp:\d+) to", pathlib.Path(self.folder, "log").read_text())
        return f"{ports[-1]}:{self.path}.token"

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

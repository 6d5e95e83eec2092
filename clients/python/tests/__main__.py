"""Runs every test file, LeRobot's too, in a process of its own, a few at once: most of their time is an emulated arm's."""

from __future__ import annotations

import pathlib
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from .daemon import MISSING

HERE = pathlib.Path(__file__).resolve().parent


FILES = [*sorted(HERE.glob("test_*.py")), HERE.parents[1] / "lerobot" / "tests" / "test_robot.py"]
LONGEST_FIRST = ("test_document.py", "test_daemon.py", "test_readme.py")


def run(file: pathlib.Path) -> subprocess.CompletedProcess[str]:
    """One file's tests."""
    name, folder = (f"tests.{file.stem}", HERE.parent) if file.parent == HERE else (file.stem, file.parent)
    command = [sys.executable, "-W", "error::ResourceWarning", "-m", "unittest", name]
    try:
        return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60)
    except subprocess.TimeoutExpired as slow:
        said = slow.stderr.decode() if isinstance(slow.stderr, bytes) else ""
        return subprocess.CompletedProcess(command, 1, "", f"{said}\nIt had not ended after {slow.timeout:g} s.")


def main() -> int:
    """Runs them all and says how they went."""
    files = sorted(FILES, key=lambda file: file.name not in LONGEST_FIRST)
    with ThreadPoolExecutor(3) as pool:
        done = list(pool.map(run, files))
    tests = failed = skipped = 0
    for file, result in zip(files, done, strict=True):
        tests += sum(map(int, re.findall(r"^Ran (\d+) test", result.stderr, re.MULTILINE)))
        skipped += sum(map(int, re.findall(r"skipped=(\d+)", result.stderr)))
        counts = sum(map(int, re.findall(r"(?:failures|errors)=(\d+)", result.stderr)))
        failed += counts or (result.returncode != 0)
        if result.returncode != 0:
            print(f"{file.name}:\n{result.stderr}", file=sys.stderr)
    if MISSING:
        print(f"python-test: without the daemon. {MISSING}")
    print(f"python: {tests - failed - skipped} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

"""Runs every test file in a process of its own, a few at once: most of their time is an emulated arm's."""

from __future__ import annotations

import os
import pathlib
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from .daemon import MISSING

HERE = pathlib.Path(__file__).resolve().parent


def run(name: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent)}
    command = [sys.executable, "-W", "error::ResourceWarning", "-m", "unittest", f"tests.{name}"]
    try:
        return subprocess.run(command, env=environment, cwd=HERE.parent, capture_output=True, text=True, timeout=60)
    except subprocess.TimeoutExpired as slow:
        said = slow.stderr.decode() if isinstance(slow.stderr, bytes) else ""
        return subprocess.CompletedProcess(command, 1, "", f"{said}\nIt had not ended after {slow.timeout:g} s.")


def main() -> int:
    names = sorted(path.stem for path in HERE.glob("test_*.py"))
    with ThreadPoolExecutor(3) as pool:
        done = list(pool.map(run, names))
    tests = failed = skipped = 0
    for name, result in zip(names, done, strict=True):
        tests += sum(map(int, re.findall(r"^Ran (\d+) test", result.stderr, re.MULTILINE)))
        skipped += sum(map(int, re.findall(r"skipped=(\d+)", result.stderr)))
        counts = sum(map(int, re.findall(r"(?:failures|errors)=(\d+)", result.stderr)))
        failed += counts or (result.returncode != 0)
        if result.returncode != 0:
            print(f"tests.{name}:\n{result.stderr}", file=sys.stderr)
    if MISSING:
        print(f"python-test: without the daemon. {MISSING}")
    print(f"python: {tests - failed - skipped} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

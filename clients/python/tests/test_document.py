"""docs/Command-socket.md against the real daemon: its shell sessions word for word, its transcripts by their form."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
import unittest
from typing import Any

from .daemon import MISSING, ROOT, Daemon

DOCUMENT = (ROOT / "docs" / "Command-socket.md").read_text()
TOOLS = [tool for tool in ("bash", "jq", "nc") if shutil.which(tool) is None]
TOOLS_MISSING = f"Not installed: {', '.join(TOOLS)}; Debian's jq and netcat-openbsd would add this test." if TOOLS else None


PRESSED = '"kind":"emergency-stop"'
"""In an answer that only shows what somebody with a button would get."""


@unittest.skipIf(MISSING or TOOLS_MISSING, MISSING or TOOLS_MISSING or "")
class ShellTests(unittest.TestCase):
    def session(self, commands: list[str], daemon: Daemon) -> list[str]:
        """What each command prints, all in one shell."""
        script = "\n".join(f"{command}\necho '\x1e'" for command in commands)
        environment = {**os.environ, "XDG_RUNTIME_DIR": daemon.folder, "SOCKET": daemon.path}
        with tempfile.NamedTemporaryFile("w", suffix=".sh") as file:
            file.write(script)
            file.flush()
            done = subprocess.run(["bash", file.name], env=environment, capture_output=True, text=True, timeout=60)
        self.assertEqual(done.stderr, "")
        return [part.strip("\n") for part in done.stdout.split("\x1e")[:-1]]

    def test_what_it_types_is_what_it_gets(self) -> None:
        blocks = re.findall(r"```console\n(.*?)```", DOCUMENT, re.DOTALL)
        self.assertTrue(blocks)
        for block in blocks:
            daemon = Daemon()
            self.addCleanup(daemon.close)
            commands: list[str] = []
            wanted: list[list[str]] = []
            for line in block.splitlines():
                if line.startswith("$ "):
                    commands.append(line[2:])
                    wanted.append([])
                else:
                    wanted[-1].append(line)
            for command, lines, given in zip(commands, wanted, self.session(commands, daemon), strict=True):
                with self.subTest(command):
                    self.assertEqual(re.sub(r"process \d+", "process PROCESS", given), "\n".join(lines))

    def test_the_first_lines_of_the_page(self) -> None:
        commands = re.findall(r"^    \$ (.*)$", DOCUMENT, re.MULTILINE)
        self.assertGreaterEqual(len(commands), 4)
        daemon = Daemon()
        self.addCleanup(daemon.close)
        answers = [json.loads(answer) for answer in self.session(commands, daemon)[1:]]
        self.assertTrue(all("result" in answer for answer in answers), answers)


@unittest.skipIf(MISSING, MISSING or "")
class TranscriptTests(unittest.TestCase):
    """Every line that begins with → can be sent as it is; what comes back has the form of the line that begins with ←."""

    daemon: Daemon

    @classmethod
    def setUpClass(cls) -> None:
        cls.daemon = Daemon()

    @classmethod
    def tearDownClass(cls) -> None:
        cls.daemon.close()

    def test_transcripts(self) -> None:
        blocks = re.findall(r"```text\n(.*?)```", DOCUMENT, re.DOTALL)
        transcripts = [[line for line in block.splitlines() if line[:1] in "→←"] for block in blocks]
        self.assertGreater(len(transcripts), 20)
        differences: list[str] = []
        for transcript in transcripts:
            self.bring_home()
            with Line(self.daemon.path) as line:
                differences += line.replayed(transcript)
        self.assertEqual(differences, [], "\n" + "\n".join(differences))

    def bring_home(self) -> None:
        """Where every transcript begins: at rest, a little beside the pose where the wrist is straight."""
        with Line(self.daemon.path) as line:
            # Over the head of a lease that a transcript left behind.
            token = line.ask("lease.acquire", priority="stop", ttl=20)["result"]["token"]
            line.ask("stop")
            line.ask("scene.set", boxes=[{"name": "table", "center": [0.3, 0, -0.3], "halfExtents": [0.3, 0.3, 0.02]}])
            line.ask("speed.set", speed=1, token=token)
            before = None
            while before != (before := [line.ask("state")["result"][name] for name in ("mode", "setpoint")]):
                time.sleep(0.08)
            job = line.ask("move.joints", position=[0, 0.3, 1.6, 0, 0.4, 0], token=token)["result"]["job"]
            end = line.ask("job.wait", job=job, timeout=10)
            self.assertEqual(end["result"]["state"], "done", end)
            line.ask("lease.release", token=token)


class Line:
    """A connection that knows nothing but lines."""

    def __init__(self, path: str) -> None:
        self.connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.connection.settimeout(10)
        self.connection.connect(path)
        self.lines = self.connection.makefile("rb")

    def __enter__(self) -> Line:
        return self

    def __exit__(self, *_: object) -> None:
        self.lines.close()
        self.connection.close()

    def ask(self, method: str, **params: Any) -> Any:
        self.send(json.dumps({"id": 0, "method": method, "params": params}))
        return self.answer()

    def send(self, line: str) -> None:
        self.connection.sendall(line.encode() + b"\n")

    def answer(self) -> Any:
        while True:
            message = json.loads(self.lines.readline())
            if isinstance(message, list) or "method" not in message:
                return message

    def replayed(self, transcript: list[str]) -> list[str]:
        """How the answers differ from what is written."""
        token, job, differences, request = "", 0, [], ""
        for entry in transcript:
            text = entry[2:].replace('"TOKEN"', json.dumps(token))
            if entry.startswith("→"):
                # The first job of a transcript is not the first of this daemon.
                request = re.sub(r'"job":1\b', f'"job":{job}', text)
                self.send(request)
            elif '"method":' not in text:
                answer = self.answer()
                result = answer.get("result", {})
                token, job = result.get("token", token), result.get("job", job)
                difference = different(json.loads(text), answer)
                if difference and PRESSED not in text:
                    differences.append(f"{request}\n  {difference}\n  {json.dumps(answer)}")
        return differences


def different(written: Any, given: Any, place: str = "") -> str | None:
    """Where two values differ in form: member names and their order, types, and the words that never change."""
    if isinstance(written, dict) and isinstance(given, dict):
        # What comes nearest may be a thing or another link.
        given = {"obstacle" if name == "otherLink" else name: value for name, value in given.items()}
        if "poses" in place:
            return None
        if list(written) != list(given):
            return f"{place} has {list(given)}, not {list(written)}"
        return next((found for name in written if (found := different(written[name], given[name], f"{place}.{name}"))), None)
    if isinstance(written, list) and isinstance(given, list):
        return None if not written or not given else different(written[0], given[0], f"{place}[0]")
    if place.endswith((".code", ".kind", ".protocol", ".server", ".field", ".nearest", ".id")) and written != given:
        return f"{place} is {given!r}, not {written!r}"
    numbers = (int, float, type(None))
    if isinstance(written, numbers) and isinstance(given, numbers) and not isinstance(written, bool):
        return None
    return None if type(written) is type(given) else f"{place} is {given!r}, not {written!r}"


if __name__ == "__main__":
    unittest.main()

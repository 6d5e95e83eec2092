"""Gaze on its way to armctl: its form, and the bridge from Lab Streaming Layer, with a stand-in or the real one."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import json
import math
import socket
import tempfile
import threading
import time
import unittest
from typing import Any
from unittest import mock

from armctl import lsl
from armctl.gaze import GazeSample, GazeSender

from .daemon import MISSING, Daemon


class SampleTests(unittest.TestCase):
    def test_the_form(self) -> None:
        self.assertEqual(GazeSample(0.5, 0.25, 0.9, t=7).line(), '{"t":7,"x":0.5,"y":0.25,"conf":0.9,"valid":true}')
        before = time.monotonic_ns()
        self.assertTrue(before <= json.loads(GazeSample(0, 0).line())["t"] <= time.monotonic_ns())

    def test_what_is_no_number_is_not_valid(self) -> None:
        for sample in (GazeSample(math.nan, 0), GazeSample(0, math.inf), GazeSample(0, 0, math.nan), GazeSample(1, 1, valid=False)):
            self.assertEqual(json.loads(sample.line()) | {"t": 0}, {"t": 0, "x": 0, "y": 0, "conf": 0, "valid": False})

    def test_senders(self) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
            listener.bind(("127.0.0.1", 0))
            listener.settimeout(5)
            target = f"udp://127.0.0.1:{listener.getsockname()[1]}"
            with GazeSender(target) as sender:
                sender.send(GazeSample(0.1, 0.2, t=1))
                self.assertEqual(json.loads(listener.recv(1000))["x"], 0.1)
        with GazeSender(target) as sender:
            for _ in range(3):
                sender.send(GazeSample(0, 0))
        output = io.StringIO()
        GazeSender("-", output=output).send(GazeSample(0.1, 0.2, t=1))
        self.assertEqual(output.getvalue(), GazeSample(0.1, 0.2, t=1).line() + "\n")
        for wrong in ("", "tcp://a:1", "udp://a", "/tmp/x"):
            self.assertRaises(ValueError, GazeSender, wrong)


    def test_the_command_socket(self) -> None:
        with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as listener:
            listener.bind(folder + "/s")
            listener.listen()
            with GazeSender(f"socket:{folder}/s") as sender:
                server, _ = listener.accept()
                with server:
                    sender.send(GazeSample(0.1, 0.2, t=1))
                    request = json.loads(server.makefile().readline())
                    self.assertEqual(request["method"], "gaze.look")
                    self.assertNotIn("id", request)
                    self.assertEqual(request["params"], {"samples": [json.loads(GazeSample(0.1, 0.2, t=1).line())]})
                    # A server that does not read loses samples, and never half of a line.
                    for count in range(20000):
                        sender.send(GazeSample(0, 0, t=count))
                    self.assertGreater(sender.lost, 0)
                sender.send(GazeSample(0, 0))

    @unittest.skipIf(MISSING, MISSING or "")
    def test_the_daemon_passes_looks_on(self) -> None:
        daemon = Daemon()
        self.addCleanup(daemon.close)
        with socket.socket(socket.AF_UNIX) as listener:
            listener.connect(daemon.path)
            lines = listener.makefile()
            listener.sendall(b'{"id":1,"method":"subscribe","params":{"topics":["look"]}}\n')
            self.assertEqual(json.loads(lines.readline())["result"], {"topics": ["look"]})
            with GazeSender(f"socket:{daemon.path}") as sender:
                sender.send(GazeSample(0.5, 0.25, 0.9, t=7))
                heard = json.loads(lines.readline())
        self.assertEqual(heard["method"], "look")
        self.assertEqual(heard["params"]["samples"], [{"t": 7, "x": 0.5, "y": 0.25, "conf": 0.9, "valid": True}])


class ChannelTests(unittest.TestCase):
    def test_by_label(self) -> None:
        self.assertEqual(lsl.Channels.of(["confidence", "norm_pos_x", "norm_pos_y"]), lsl.Channels(1, 2, 0))
        self.assertEqual(lsl.Channels.of(["a", "b", "c"]), lsl.Channels(0, 1))
        self.assertEqual(lsl.Channels.of(["X", "Y"], 1920, 1080).sample([960, 270], 5), GazeSample(0.5, 0.25, t=5))

    def test_samples_that_say_nothing(self) -> None:
        self.assertFalse(lsl.Channels(0, 1).sample([1], 0).valid)
        self.assertFalse(lsl.Channels(0, 1, 2).sample([1, 1, 0], 0).valid)


class StandIn:
    """As much of pylsl as the bridge calls for."""

    class util:
        class LostError(Exception):
            pass

    def __init__(self, rows: list[list[float]]) -> None:
        self.rows = rows

    def resolve_byprop(self, name: str, value: str, minimum: int, timeout: float) -> list[str]:
        return ["stream"] if value == "Gaze" else []

    def local_clock(self) -> float:
        return time.monotonic() + 100

    def StreamInlet(self, stream: str, **settings: Any) -> Any:
        inlet = mock.Mock()
        inlet.info().desc().child().child().empty.return_value = True
        inlet.time_correction.return_value = -50.0
        now = time.monotonic() + 150
        inlet.pull_sample.side_effect = [(None, None)] + [(row, now) for row in self.rows] + [self.util.LostError()]
        return inlet


class BridgeTests(unittest.TestCase):
    def test_clocks_are_brought_together(self) -> None:
        rows: list[GazeSample] = []
        with self.assertRaisesRegex(ConnectionError, "has gone"):
            for sample in lsl.samples(StandIn([[0.1, 0.2], [math.nan, 0]]), "Gaze", 1, 1, 1):
                rows.append(sample)
        self.assertEqual((rows[0].x, rows[0].y), (0.1, 0.2))
        self.assertAlmostEqual((rows[0].t or 0) * 1e-9, time.monotonic(), delta=1)
        self.assertFalse(json.loads(rows[1].line())["valid"])

    def test_no_stream(self) -> None:
        with self.assertRaisesRegex(ConnectionError, "No stream of type EEG is there within 1 s."):
            next(lsl.samples(StandIn([]), "EEG", 1, 1, 1))

    def test_without_the_library(self) -> None:
        with (
            mock.patch("armctl.lsl.importlib.import_module", side_effect=ImportError),
            contextlib.redirect_stderr(io.StringIO()) as said,
        ):
            self.assertEqual(lsl.main([]), 2)
        self.assertEqual(said.getvalue(), "armctl.lsl: pylsl is not installed. Try: pip install pylsl\n")

    @unittest.skipUnless(importlib.util.find_spec("pylsl"), "pylsl is not installed; it would add this test")
    def test_with_the_real_one(self) -> None:
        pylsl: Any = importlib.import_module("pylsl")
        info = pylsl.StreamInfo("test eye", "GazeTest", 3, 100, "float32", "armctl-test")
        channels = info.desc().append_child("channels")
        for label in ("confidence", "x", "y"):
            channels.append_child("channel").append_child_value("label", label)
        outlet = pylsl.StreamOutlet(info)
        over = threading.Event()

        def look() -> None:
            while not over.wait(0.01):
                outlet.push_sample([0.75, 960, 270])

        eye = threading.Thread(target=look)
        eye.start()
        try:
            sample = next(lsl.samples(pylsl, "GazeTest", 10, 1920, 1080))
        finally:
            over.set()
            eye.join()
        self.assertEqual((sample.x, sample.y, sample.conf, sample.valid), (0.5, 0.25, 0.75, True))
        self.assertAlmostEqual((sample.t or 0) * 1e-9, time.monotonic(), delta=5)


if __name__ == "__main__":
    unittest.main()

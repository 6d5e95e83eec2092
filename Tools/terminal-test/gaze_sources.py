#!/usr/bin/env python3
"""Lets `armctl gaze` listen to the programs of eye trackers, which are made up: that it sees what they see, what it makes of closed eyes, of a
tracker that hangs, of halves and of nonsense, and that it finds one that was started again.

    gaze_sources.py --armctl .build/release/armctl [--only opentrack gazepoint pupil]
"""
import argparse
import importlib.util
import json
import math
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

from rig import Client, Daemon, Failure, until
from trackers import Gazepoint, Opentrack, Pupil

# The picture is a piece of the table, seen from straight above: x = 0.34 − 0.2 v, y = 0.14 − 0.28 u.
CALIBRATION = {
    "version": 1, "plane": {"origin": [0, 0, 0], "xAxis": [1, 0, 0], "yAxis": [0, 1, 0]}, "view": {"size": [0.28, 0.2], "distance": 0.7},
    "residuals": [0.001] * 9, "noise": 0.002, "noiseOnTable": 0.0014,
}
SCREEN = CALIBRATION | {"homography": [0, -0.2, 0.34, -0.28, 0, 0.14, 0, 0]}
# The head is 0.7 m above the middle of it.
HEAD = CALIBRATION | {"tracker": {"axes": [[0, -1, 0], [-1, 0, 0], [0, 0, -1]], "origin": [0.24, 0, 0.7]}}
CUP, BARE = (0.22, 0.09), (0.30, -0.08)
PORT = 5420


def share(place):
    return (0.14 - place[1]) / 0.28, (0.34 - place[0]) / 0.2


def halves(message):
    """Of a stream: its middle comes later, or the rest of it with the next."""
    return [message[: len(message) // 2], message[len(message) // 2 :]]


def another_surface(message):
    """Whose name begins with that of the one that is asked for."""
    import msgpack

    datum = msgpack.unpackb(message[1], strict_map_key=False)
    for gaze in datum["gaze_on_surfaces"]:
        gaze["norm_pos"] = (0.9, 0.1)
    return [[message[0] + b"-2", msgpack.packb(datum)]]


class Test:
    def __init__(self, program, kind, address, calibration, nonsense):
        self.folder = tempfile.mkdtemp(prefix="armctl-gaze-sources-")
        self.program, self.kind, self.address, self.nonsense = program, kind, address, nonsense
        self.name = kind.__name__.lower()
        self.daemon = Daemon(program)
        self.client = self.daemon.client
        self.client.call("scene.add", boxes=[{"name": "cup", "center": [*CUP, 0.02], "halfExtents": [0.015, 0.015, 0.02]}])
        self.file = pathlib.Path(self.folder, "gaze.json")
        self.file.write_text(json.dumps(calibration))
        self.place, self.told = BARE, None
        threading.Thread(target=self.listen, daemon=True).start()
        self.start()
        self.gaze = subprocess.Popen(
            [program, "gaze", "--socket", self.daemon.path, "--source", address, "--calibration", str(self.file), "--json"],
            stdout=open(self.folder + "/decisions", "w"))

    def start(self):
        self.tracker = self.kind(PORT, lambda: self.place and share(self.place))

    def listen(self):
        client = Client(self.daemon.path)
        client.call("subscribe", topics=["gaze"])
        for told in client.notifications():
            self.told = told

    def belief(self):
        return self.told

    def stream(self, *words, seconds=2.0):
        """Waits until the stream is called by one of these words, and returns what is believed."""
        def called():
            belief = self.belief()
            return belief if belief and belief["stream"] in words else None
        try:
            return until(f"the stream to be {' or '.join(words)}", called, seconds)
        except Failure as failure:
            raise Failure(f"{failure}: {json.dumps(self.belief())}") from None

    def decisions(self):
        with open(self.folder + "/decisions") as file:
            return [json.loads(line) for line in file]

    def sees(self, place):
        def near():
            belief = self.belief()
            return belief and belief["look"] and math.dist(belief["look"], place) < 0.01
        try:
            until("it to look there", near, 3)
        except Failure as failure:
            raise Failure(f"{failure}: {place}, {json.dumps(self.belief())}") from None

    # What is tested, in this order.

    def a_look(self):
        self.stream("live", seconds=10)
        self.sees(BARE)
        self.place = CUP
        self.sees(CUP)
        until("the cup to be selected", lambda: any(told.get("name") == "cup" for told in self.decisions()), 3)

    def closed_eyes(self):
        self.place = None
        begin = time.monotonic()
        if self.kind is not Opentrack:
            self.stream("blink", seconds=0.5)
        self.stream("lost")
        print(f"{self.name}: closed eyes are away after {time.monotonic() - begin:.2f} s")
        until("what was selected to be dropped", lambda: not self.belief()["selected"])
        self.place = BARE
        self.stream("live")
        self.sees(BARE)

    def a_tracker_that_hangs(self):
        self.tracker.is_silent = True
        begin = time.monotonic()
        self.stream("lost")
        print(f"{self.name}: silence is a loss after {time.monotonic() - begin:.2f} s")
        time.sleep(1)
        problem = self.belief()["problem"]
        if problem != "The tracker is silent.":
            raise Failure(f"of a tracker that hangs it is said: {problem}")
        self.tracker.is_silent = False
        self.stream("live")

    def nonsense_between(self):
        """Nonsense costs nothing where sense comes, too, and alone it is told of."""
        for name, spoil in self.nonsense.items():
            self.tracker.spoil = lambda message, spoil=spoil: [message] + spoil(message)
            time.sleep(0.5)
            self.stream("live", seconds=0.5)
            self.sees(BARE)
            self.tracker.spoil = None
            time.sleep(0.2)
            print(f"{self.name}: {name} between looks: live")

    def nothing_but_nonsense(self):
        for name, spoil in self.nonsense.items():
            self.tracker.spoil = spoil
            self.stream("lost")
            time.sleep(0.3)
            print(f"{self.name}: nothing but {name}: {self.belief()['problem']}")
            self.tracker.spoil = None
            self.stream("live", seconds=4)

    def in_halves(self):
        """A stream may be cut anywhere."""
        if self.kind is not Gazepoint:
            return
        self.tracker.spoil = halves
        time.sleep(1)
        self.stream("live")
        self.sees(BARE)
        self.tracker.spoil = None

    def started_again(self):
        self.tracker.end()
        self.stream("lost")
        time.sleep(1.5)
        problem = self.belief()["problem"]
        self.place = CUP
        self.start()
        begin = time.monotonic()
        self.stream("live", seconds=10)
        self.sees(CUP)
        print(f"{self.name}: away: {problem} Back {time.monotonic() - begin:.1f} s after it was started again.")

    def costs_little(self):
        def seconds():
            with open(f"/proc/{self.gaze.pid}/stat") as file:
                fields = file.read().rsplit(")", 1)[1].split()
            return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        begin, used = time.monotonic(), seconds()
        time.sleep(2)
        print(f"{self.name}: takes {(seconds() - used) / (time.monotonic() - begin) * 100:.0f} % of a processor")

    def end(self):
        self.gaze.send_signal(signal.SIGTERM)
        self.gaze.wait()
        self.tracker.end()
        self.daemon.end()
        shutil.rmtree(self.folder, ignore_errors=True)


TESTS = ["a_look", "closed_eyes", "a_tracker_that_hangs", "in_halves", "nonsense_between", "nothing_but_nonsense", "started_again", "costs_little"]
SOURCES = {
    "opentrack": (
        Opentrack, f"opentrack://127.0.0.1:{PORT}", HEAD,
        {"half a datagram": lambda message: [message[:24]], "a datagram too long": lambda message: [message + b"\0"],
         "no numbers": lambda message: [message[:24] + b"\xff" * 24]}),
    "gazepoint": (
        Gazepoint, f"gazepoint://127.0.0.1:{PORT}", SCREEN,
        {"half lines": lambda message: [message[: len(message) // 2] + b"\r\n"], "letters": lambda message: [b"hello\r\n", b"\r\n", b"\xff\xfe\r\n"],
         "no numbers": lambda message: [message.replace(b'BPOGX="0', b'BPOGX="nan')]}),
    "pupil": (
        Pupil, f"pupil://127.0.0.1:{PORT}/table", SCREEN,
        {"half a message": lambda message: [[message[0], message[1][: len(message[1]) // 2]]], "a topic alone": lambda message: [message[:1]],
         "another surface": another_surface}),
}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--armctl", required=True)
    parser.add_argument("--only", nargs="*", choices=SOURCES)
    options = parser.parse_args()
    program = str(pathlib.Path(options.armctl).resolve())
    hasFailed = False
    for name in options.only or SOURCES:
        if name == "pupil" and not all(map(importlib.util.find_spec, ("zmq", "msgpack"))):
            print("pupil: skipped, there are no pyzmq and msgpack")
            continue
        test = Test(program, *SOURCES[name])
        try:
            for step in TESTS:
                getattr(test, step)()
        except Failure as failure:
            hasFailed = True
            print(f"{name}, {step}: {failure}", file=sys.stderr)
        finally:
            test.end()
    return 1 if hasFailed else 0


if __name__ == "__main__":
    sys.exit(main())

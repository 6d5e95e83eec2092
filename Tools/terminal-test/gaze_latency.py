#!/usr/bin/env python3
"""How soon the tool follows a look, and what fast trackers cost.

    gaze_latency.py --armctl .build/release/armctl [--jumps 100] [--rates 60 250 1000] [--json]

`armctl gaze` follows datagrams of this program, which jump from place to place while f is held. A jump is believed at its second sample: the filter
holds the first one back, which may be a spike. Measured is the time from that second sample's leaving to the tick whose setpoint is the first to
answer it; both on one clock. Beside it stands what the control loop says meanwhile, and how busy the two programs are.
"""
import argparse
import fcntl
import json
import math
import os
import pty
import signal
import socket
import struct
import sys
import tempfile
import termios
import threading
import time

from latency import percentile, punctual
from rig import Client, Daemon, Failure, until

PORT = 5390
# In a tick the setpoint moves less than this while nothing is asked of it, and at once more when something is [rad].
STILL = 2e-9
# The screen is a piece of the table: x = 0.34 − 0.2 v, y = 0.14 − 0.28 u.
CALIBRATION = {
    "version": 1, "plane": {"origin": [0, 0, 0], "xAxis": [1, 0, 0], "yAxis": [0, 1, 0]}, "view": {"size": [0.28, 0.2], "distance": 0.7},
    "residuals": [0.001] * 9, "noise": 0.001, "noiseOnTable": 0.001, "homography": [0, -0.2, 0.34, -0.28, 0, 0.14, 0, 0],
}
PLACES = [(0.24, 0.04), (0.24, -0.04)]


class Tracker(threading.Thread):
    """Sends looks at its place, so many in a second; after a jump it knows when the second sample went."""

    def __init__(self):
        super().__init__(daemon=True)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.rate, self.place, self.since, self.second, self.isOver = 60, PLACES[0], 9, 0, False
        self.start()

    def jump(self, place):
        self.place, self.since = place, 0

    def run(self):
        punctual()
        due = time.monotonic()
        while not self.isOver:
            # No tracker is in step with the arm's ticks.
            due = max(due + 1.003 / self.rate, time.monotonic() - 0.1)
            time.sleep(max(0.0, due - time.monotonic()))
            (x, y), stamp = self.place, time.monotonic_ns()
            line = f'{{"t": {stamp}, "x": {(0.14 - y) / 0.28}, "y": {(0.34 - x) / 0.2}}}'
            self.socket.sendto(line.encode(), ("127.0.0.1", PORT))
            self.since += 1
            if self.since == 2:
                self.second = stamp


class Follower:
    """`armctl gaze` in a terminal that tells of releases, and a hand that holds f or does not."""

    def __init__(self, program, path, calibration):
        self.process, self.terminal = pty.fork()
        if self.process == 0:
            os.environ["TERM"] = "xterm-256color"
            os.execv(program, [program, "gaze", "--socket", path, "--source", f"udp://127.0.0.1:{PORT}", "--calibration", calibration])
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
        self.output, self.isHeld = b"", False
        threading.Thread(target=self.read, daemon=True).start()
        threading.Thread(target=self.repeat, daemon=True).start()
        until("gaze", lambda: b"looks" in self.output)
        os.write(self.terminal, b"\x1b[?15u")
        time.sleep(0.3)

    def read(self):
        while True:
            try:
                self.output = (self.output + os.read(self.terminal, 65536))[-65536:]
            except OSError:
                return

    def repeat(self):
        while True:
            time.sleep(0.1)
            if self.isHeld:
                self.press(2)

    def press(self, phase):
        self.isHeld = phase != 3
        os.write(self.terminal, b"\x1b[102;1:%du" % phase)

    def end(self):
        os.kill(self.process, signal.SIGTERM)
        os.waitpid(self.process, 0)


class Setpoints(threading.Thread):
    """The setpoint at every tick."""

    def __init__(self, path, rate):
        super().__init__(daemon=True)
        self.latest, self.still, self.answer, self.sought = None, 0, None, False
        self.client = Client(path)
        self.client.call("subscribe", topics=["state"], rate=rate, fields=["setpoint"])
        self.start()

    def run(self):
        for state in self.client.notifications():
            setpoint = state["setpoint"]
            step = max(abs(a - b) for a, b in zip(setpoint, self.latest or setpoint))
            self.still = self.still + 1 if step < STILL else 0
            if self.sought and self.still == 0 and self.answer is None:
                self.answer = state["time"]
            self.latest = setpoint


def processor_seconds(process):
    with open(f"/proc/{process}/stat") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def answers(daemon, setpoints, tracker, count):
    """From the second sample after a jump to the first tick whose setpoint answers it [s]."""
    times = []
    for _ in range(count):
        # Looks at the tool let it rest.
        tracker.jump(tuple(daemon.state()["pose"]["position"][:2]))
        until("the tool to rest", lambda: setpoints.still > 50, 5)
        setpoints.answer, setpoints.sought, tracker.second = None, True, 0
        here = daemon.state()["pose"]["position"]
        tracker.jump(max(PLACES, key=lambda place: math.dist(place, here[:2])))
        until("the tool to follow", lambda: setpoints.answer and tracker.second, 2)
        setpoints.sought = False
        times.append((setpoints.answer - tracker.second) * 1e-9)
        time.sleep(0.2)
    return times


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--armctl", required=True)
    parser.add_argument("--jumps", type=int, default=100)
    parser.add_argument("--rates", type=float, nargs="*", default=[60, 250, 1000])
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    program = os.path.abspath(options.armctl)
    folder = tempfile.mkdtemp(prefix="armctl-gaze-latency-")
    calibration = folder + "/gaze.json"
    with open(calibration, "w") as file:
        json.dump(CALIBRATION, file)
    daemon, tracker, figures = Daemon(program), Tracker(), []
    try:
        rate = daemon.client.call("config.get")["rate"]
        daemon.move([0.0, 0.1, 1.3, 0.0, 1.3, 0.0])
        follower = Follower(program, daemon.path, calibration)
        setpoints = Setpoints(daemon.path, rate)
        for looks in options.rates:
            tracker.rate = looks
            follower.press(1)
            time.sleep(1.5)
            daemon.client.call("health", reset=True)
            begin = time.monotonic(), processor_seconds(daemon.process.pid), processor_seconds(follower.process)
            times = answers(daemon, setpoints, tracker, options.jumps)
            elapsed = time.monotonic() - begin[0]
            health = daemon.client.call("health")
            follower.press(3)
            figures.append({
                "looks [Hz]": looks, "p50 [ms]": percentile(times, 0.5) * 1e3, "p99 [ms]": percentile(times, 0.99) * 1e3,
                "max [ms]": max(times) * 1e3, "a tick [ms]": 1e3 / rate, "late wake-up p99 [µs]": health["wakeUp"]["p99"] * 1e6,
                "a tick took p99 [µs]": health["tick"]["p99"] * 1e6,
                "daemon [%]": (processor_seconds(daemon.process.pid) - begin[1]) / elapsed * 100,
                "gaze [%]": (processor_seconds(follower.process) - begin[2]) / elapsed * 100,
            })
            time.sleep(0.5)
        follower.end()
    finally:
        tracker.isOver = True
        daemon.end()
    if options.json:
        print(json.dumps(figures))
    else:
        for name in figures[0]:
            print(f"{name:24}" + "".join(f"{row[name]:10.2f}" if "ms" in name else f"{row[name]:10.0f}" for row in figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())

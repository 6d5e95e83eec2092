#!/usr/bin/env python3
"""How soon the arm begins to move after a key, and how soon it begins to brake after the key was let go.

    latency.py --armctl .build/release/armctl [--keys 200] [--json]

A pseudo-terminal of this program stands for the person's terminal, and another one stands between the server and the emulated drives: a key is
noted when its byte is written, the motion when the first CAN frame with another setpoint comes from the server. All on one clock.
"""
import argparse
import json
import os
import pty
import select
import signal
import struct
import fcntl
import subprocess
import sys
import tempfile
import termios
import threading
import time
import tty

from rig import Daemon, Failure, until


def punctual():
    """Drives and wires do not wait for other programs: before them, where the system allows it."""
    try:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(20))
    except PermissionError:
        pass


class Tap:
    """Passes bytes between the server and the emulated drives, and knows when a frame comes that was not there at rest."""

    def __init__(self, link):
        self.drives = os.open(link, os.O_RDWR | os.O_NOCTTY)
        self.host, slave = os.openpty()
        for descriptor in (self.drives, self.host, slave):
            tty.setraw(descriptor)
        self.slave, self.path = slave, os.ttyname(slave)
        self.known, self.isLearning, self.news, self.rest = set(), True, None, b""
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        punctual()
        while True:
            ready, _, _ = select.select([self.drives, self.host], [], [])
            now = time.monotonic()
            for source in ready:
                try:
                    data = os.read(source, 65536)
                except OSError:
                    return
                os.write(self.drives if source == self.host else self.host, data)
                if source == self.host:
                    self.look(data, now)

    def look(self, data, now):
        lines = (self.rest + data).split(b"\r")
        self.rest = lines.pop()
        for line in lines:
            if self.isLearning:
                self.known.add(line)
            elif line not in self.known and self.news is None:
                self.news = now

    def learn(self, seconds):
        """What is said now is what is said at rest."""
        self.known, self.isLearning = set(), True
        time.sleep(seconds)
        self.isLearning, self.news = False, None


class Person:
    """A terminal with `armctl teleop` in it; with kitty's keyboard protocol where asked."""

    def __init__(self, program, path, tellsReleases=False):
        self.process, self.terminal = pty.fork()
        if self.process == 0:
            os.environ["TERM"] = "xterm-256color"
            os.execv(program, [program, "teleop", "--socket", path])
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
        self.output = b""
        threading.Thread(target=self.read, daemon=True).start()
        until("teleoperation", lambda: b"bus" in self.output)
        if tellsReleases:
            self.write(b"\x1b[?15u")
        time.sleep(0.2)

    def read(self):
        while True:
            try:
                data = os.read(self.terminal, 65536)
            except OSError:
                return
            self.output += data

    def write(self, data):
        os.write(self.terminal, data)
        return time.monotonic()

    def end(self):
        os.kill(self.process, signal.SIGTERM)
        os.waitpid(self.process, 0)


def percentile(values, share):
    values = sorted(values)
    return values[min(len(values) - 1, int(share * len(values)))]


def first_motions(daemon, tap, person, count):
    """From a key's byte to the first frame with another setpoint [s]."""
    times = []
    for index in range(count):
        daemon.rest()
        tap.learn(0.12)
        sent = person.write(b"q" if index % 2 == 0 else b"a")
        try:
            until("a motion", lambda: tap.news, 2)
        except Failure as failure:
            raise Failure(f"{failure}; the arm is in {daemon.state()['mode']}, the terminal got {person.output[-600:]}") from None
        times.append(tap.news - sent)
        # The nudge, the braking, and the stream that becomes stale.
        time.sleep(0.55)
    return times


def brakings(daemon, person, count, tellsReleases):
    """From the last byte of a held key, or from its release, to the first tick at which the setpoint has become slower [s]."""
    states = []
    client = type(daemon.client)(daemon.path)
    client.call("subscribe", topics=["state"], rate=500, fields=["setpoint"])

    def listen():
        for state in client.notifications():
            states.append((state["time"] * 1e-9, state["setpoint"]))

    threading.Thread(target=listen, daemon=True).start()
    times, tries = [], 0
    while len(times) < count:
        tries += 1
        if tries > 2 * count:
            raise Failure(f"of {tries} keys only {len(times)} moved the arm and were seen to let it brake")
        key = b"w" if tries % 2 == 0 else b"s"
        code = str(key[0]).encode()
        last = None
        for repeat in range(12):
            phase = b"1" if repeat == 0 else b"2"
            last = person.write(b"\x1b[" + code + b";1:" + phase + b"u" if tellsReleases else key)
            time.sleep(0.033)
        if tellsReleases:
            last = person.write(b"\x1b[" + code + b";1:3u")
        time.sleep(0.8)
        seen = [(at, sum(abs(a - b) for a, b in zip(after, before)) / max(1e-9, at - earlier))
                for (earlier, before), (at, after) in zip(states, states[1:]) if at > last - 0.1]
        states.clear()
        fastest = max((speed for at, speed in seen if at <= last + 0.01), default=0)
        slower = next((at for at, speed in seen if at > last and speed < 0.97 * fastest), None)
        # A machine that is busy elsewhere may have held up the keys.
        if slower:
            times.append(slower - last)
    return times


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--armctl", required=True)
    parser.add_argument("--keys", type=int, default=200)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    program = os.path.abspath(options.armctl)
    folder = tempfile.mkdtemp(prefix="armctl-teleop-latency-")
    link = folder + "/can0"
    emulator = subprocess.Popen([program, "emulate", "--arm", "dummy", "--link", link], stdout=subprocess.DEVNULL, preexec_fn=punctual)
    daemon = None
    try:
        until("the emulator", lambda: os.path.exists(link))
        tap = Tap(link)
        daemon = Daemon(program, arguments=["--port", "can0=" + tap.path, "--enable"])
        daemon.move([0.2, 0.1, 1.3, 0.1, 0.7, 0.1])
        person = Person(program, daemon.path)
        motions = first_motions(daemon, tap, person, options.keys)
        held = brakings(daemon, person, max(5, options.keys // 10), False)
        person.end()
        person = Person(program, daemon.path, tellsReleases=True)
        released = brakings(daemon, person, max(5, options.keys // 10), True)
        person.end()
    finally:
        if daemon:
            daemon.end()
        emulator.terminate()
    figures = {
        "firstMotion": motions, "brakingAfterLastRepeat": held, "brakingAfterRelease": released,
    }
    if options.json:
        print(json.dumps({name: {"p50": percentile(times, 0.5), "p99": percentile(times, 0.99), "max": max(times), "count": len(times)}
                          for name, times in figures.items()}))
    else:
        words = {"firstMotion": "key to first motion on the wire", "brakingAfterLastRepeat": "key let go to braking, by key repeat",
                 "brakingAfterRelease": "key let go to braking, releases told"}
        for name, times in figures.items():
            print(f"{words[name]:42} p50 {percentile(times, 0.5) * 1e3:6.1f} ms  p99 {percentile(times, 0.99) * 1e3:6.1f} ms"
                  f"  max {max(times) * 1e3:6.1f} ms  of {len(times)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

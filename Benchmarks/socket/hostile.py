#!/usr/bin/env python3
"""How the daemon serves its clients while others misbehave.

    hostile.py --armctl .build/release/armctl [--seconds 5] [--json]

Starts `armctl serve --sim` in a folder of its own and measures, first alone and then among 40 well-behaved, 10 hostile and 300 idle connections:
the round trip of `state` (and, in turn with it, that of a bare echo of as many bytes: what this machine takes for two programs' turns and
nothing else), how long `stop` takes to be answered, how soon a cancelled plan ends, how many small calls a second go through, and
what the control loop and the memory say to it. Where the system allows it, whoever measures has real-time priority, so that round trips are the
daemon's and not those of a program that waits for its turn on the processor; whoever echoes has the daemon's. The hostile ones send random bytes,
lines of 200 kB, floods of requests whose answers they never read, half-close, subscribe and never read, open and vanish, drip a byte at a time,
nest brackets, send huge batches, and lines that never end.
"""
import argparse
import contextlib
import json
import multiprocessing
import os
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

SUBSCRIPTION = b'{"id":1,"method":"subscribe","params":{"topics":["state","job","event"],"rate":500}}\n'
STATE = b'{"id":1,"method":"state"}\n'
STOP = b'{"id":1,"method":"stop"}\n'


class Daemon:
    def __init__(self, program, arm):
        self.folder = tempfile.mkdtemp(prefix="armctl-")
        self.path = os.path.join(self.folder, "s")
        command = [program, "serve", "--sim", "--arm", arm, "--socket", self.path, "--records", self.folder, "--log", self.folder + "/log"]
        self.process = subprocess.Popen(command, env={**os.environ, "XDG_RUNTIME_DIR": self.folder})
        deadline = time.monotonic() + 10
        while not os.path.exists(self.path) and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(0.5)

    def resident_megabytes(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/status").read_text().split("VmRSS:")[1].split()
        return int(fields[0]) / 1024

    def processor_seconds(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def close(self):
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


@contextlib.contextmanager
def punctual():
    """Does not wait for other programs, where the system allows it; below the control loop, whose priority is 80."""
    try:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(20))
    except PermissionError:
        pass
    try:
        yield
    finally:
        os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))


def connect(path):
    client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    client.connect(path)
    client.settimeout(10)
    return client


def ask(client, request):
    """One answer, whatever comes unasked before it."""
    client.sendall(request)
    data = b""
    while True:
        data += client.recv(1 << 16)
        if data.endswith(b"\n"):
            return data


def round_trips(clients, request, count, pause):
    """Of each client [µs]: they take turns, so that they meet the same machine."""
    times = [[] for _ in clients]
    for _ in range(count):
        for client, own in zip(clients, times):
            start = time.perf_counter_ns()
            ask(client, request)
            own.append((time.perf_counter_ns() - start) * 1e-3)
            time.sleep(pause)
    return times


@contextlib.contextmanager
def echo(answer):
    """A client of a program that does nothing but answer, with the priority of the daemon's command threads."""
    client, server = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    child = os.fork()
    if child == 0:
        client.close()
        with contextlib.suppress(PermissionError):
            os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(40))
        while server.recv(1 << 16):
            server.sendall(answer)
        os._exit(0)
    server.close()
    try:
        yield client
    finally:
        client.close()
        os.waitpid(child, 0)


def percentile(times, share):
    ordered = sorted(times)
    return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))], 1)


def barred_scene():
    """Plates so narrow that the default arm does not get out between them: a plan takes all of its five seconds."""
    def box(name, center, half):
        return {"name": name, "center": center, "halfExtents": half}

    gap = 0.06
    return [
        box("left", [0.35, gap, 0.3], [0.28, 0.005, 0.5]),
        box("right", [0.35, -gap, 0.3], [0.28, 0.005, 0.5]),
        box("back", [-0.3, 0, 0.4], [0.1, 0.005, 0.6]),
        box("lid", [0.35, 0, 0.6], [0.28, gap, 0.005]),
    ]


def cancelled_plans(path, count, method):
    """From `request.cancel` or `stop` to the answer of the request whose motion is being planned, and to that of a small plan right behind it."""
    client = connect(path)

    def line(request, method, **params):
        return json.dumps({"id": request, "method": method, "params": params}).encode() + b"\n"

    ask(client, line(1, "scene.set", boxes=barred_scene()))
    target, small = [2.8, 0, 1.5708, 0, 0, 0], [0.01, 0, 1.571, 0, 0, 0]
    ends, after = [], []
    for _ in range(count):
        # A stop ends motions, not dry runs.
        client.sendall(line(2, "move.joints", position=target, dryRun=method == "request.cancel", plan=True))
        time.sleep(0.02)
        cancel = line(3, method, id=2) if method == "request.cancel" else line(3, method)
        start = time.perf_counter_ns()
        client.sendall(cancel + line(4, "move.joints", position=small, dryRun=True, plan=False))
        data = b""
        while data.count(b"\n") < 3:
            data += client.recv(1 << 16)
            now = (time.perf_counter_ns() - start) * 1e-3
            if b'"id":2' in data and len(ends) == len(after):
                ends.append(now)
        after.append(now)
    ask(client, line(5, "scene.set"))
    client.close()
    return ends, after


def calls_a_second(path, count=30_000, window=200):
    """Small calls, so many under way at a time."""
    client = connect(path)
    line = b'{"id":1,"method":"job.wait","params":{"job":9999}}\n'
    start = time.perf_counter()
    sent = answered = 0
    while answered < count:
        amount = min(window - (sent - answered), count - sent)
        if amount > window // 2 or sent == answered:
            client.sendall(line * amount)
            sent += amount
        answered += client.recv(1 << 18).count(b"\n")
    elapsed = time.perf_counter() - start
    client.close()
    return round(count / elapsed)


class Hostile(threading.Thread):
    """One client of a kind, again and again until told to end. Never faster than a person's machine would be: 200 rounds a second."""

    def __init__(self, path, kind, over):
        super().__init__(daemon=True)
        self.path, self.kind, self.over = path, kind, over
        self.random = random.Random(kind)

    def run(self):
        action = getattr(self, self.kind)
        while not self.over.is_set():
            with contextlib.suppress(OSError):
                client = connect(self.path)
                client.settimeout(0.2)
                for _ in range(50):
                    if self.over.is_set():
                        break
                    action(client)
                    self.over.wait(0.005)
                client.close()

    def random_bytes(self, client):
        client.sendall(self.random.randbytes(2000) + b"\n")
        client.recv(1 << 16)

    def long_lines(self, client):
        client.sendall(b'{"id":1,"method":"move.to","params":{"name":"' + b"x" * 200_000 + b'"}}\n')
        client.recv(1 << 16)

    def never_reads(self, client):
        client.sendall(STATE * 100)

    def never_reads_states(self, client):
        client.sendall(SUBSCRIPTION)

    def half_closes(self, client):
        with connect(self.path) as other:
            other.sendall(STATE + SUBSCRIPTION)
            other.shutdown(socket.SHUT_WR)
            self.over.wait(0.05)

    def vanishes(self, client):
        for _ in range(5):
            with connect(self.path) as other:
                other.sendall(STATE[:10])

    def drips(self, client):
        for byte in STATE:
            client.sendall(bytes([byte]))
        client.recv(1 << 16)

    def brackets(self, client):
        client.sendall(b"[" * 100_000 + b"\n")
        client.recv(1 << 16)

    def batches(self, client):
        client.sendall(b"[" + b",".join([STATE.strip()] * 64) + b"]\n")
        client.recv(1 << 18)

    def endless_line(self, client):
        client.sendall(b"9" * 65536)


def misbehave(path, kinds, over):
    threads = [Hostile(path, kind, over) for kind in kinds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


KINDS = ["random_bytes", "long_lines", "never_reads", "never_reads_states", "half_closes", "vanishes", "drips", "brackets", "batches", "endless_line"]


def measured(daemon, seconds):
    count = max(200, int(seconds * 400))
    client = connect(daemon.path)
    ask(client, b'{"id":1,"method":"health","params":{"reset":true}}\n')
    before = daemon.processor_seconds(), time.monotonic()
    with connect(daemon.path) as other, echo(ask(other, STATE)) as bare, punctual():
        states, echoes = round_trips([other, bare], STATE, count, 0.001)
        [stops] = round_trips([other], STOP, max(50, count // 10), 0.005)
    busy = (daemon.processor_seconds() - before[0]) / (time.monotonic() - before[1])
    cancels, next_plans = cancelled_plans(daemon.path, max(20, count // 20), "request.cancel")
    stopped, _ = cancelled_plans(daemon.path, max(20, count // 20), "stop")
    calls = max(calls_a_second(daemon.path) for _ in range(3))
    health = json.loads(ask(client, b'{"id":1,"method":"health"}\n'))["result"]
    client.close()
    return {
        "state p50 [µs]": percentile(states, 0.5),
        "state p99 [µs]": percentile(states, 0.99),
        "bare echo p50 [µs]": percentile(echoes, 0.5),
        "bare echo p99 [µs]": percentile(echoes, 0.99),
        "stop p50 [µs]": percentile(stops, 0.5),
        "stop worst [µs]": percentile(stops, 1),
        "plan cancelled p50 [µs]": percentile(cancels, 0.5),
        "plan cancelled worst [µs]": percentile(cancels, 1),
        "plan stopped worst [µs]": percentile(stopped, 1),
        "next plan p50 [µs]": percentile(next_plans, 0.5),
        "calls [1/s]": calls,
        "late wake-up p99 [µs]": round(health["wakeUp"]["p99"] * 1e6),
        "missed ticks": health["missedTicks"],
        "memory [MB]": round(daemon.resident_megabytes()),
        "descriptors": daemon.descriptors(),
        "processor [%]": round(100 * busy),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--armctl", type=pathlib.Path, default=pathlib.Path(".build/release/armctl"))
    parser.add_argument("--arm", default="dummy")
    parser.add_argument("--seconds", type=float, default=5, help="for each measurement, about")
    parser.add_argument("--kinds", nargs="*", default=KINDS, choices=KINDS)
    parser.add_argument("--each", action="store_true", help="also each kind by itself")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    daemon = Daemon(str(arguments.armctl.resolve()), arguments.arm)
    rows = {}
    try:
        rows["alone"] = measured(daemon, arguments.seconds)
        for kinds in [[kind] for kind in arguments.kinds if arguments.each] + [arguments.kinds]:
            idle = [connect(daemon.path) for _ in range(300 if len(kinds) > 1 else 0)]
            subscribers = [connect(daemon.path) for _ in range(40 if len(kinds) > 1 else 0)]
            # In a process of their own, so that they do not slow down who measures.
            over = multiprocessing.Event()
            hostile = multiprocessing.Process(target=misbehave, args=(daemon.path, kinds, over))
            hostile.start()
            name = kinds[0] if len(kinds) == 1 else f"{len(kinds)} hostile, {len(subscribers)} quiet, {len(idle)} idle"
            rows[name] = measured(daemon, arguments.seconds)
            over.set()
            hostile.join(10)
            for client in idle + subscribers:
                client.close()
        time.sleep(0.5)
        rows["afterwards"] = measured(daemon, arguments.seconds)
    finally:
        daemon.close()
    if arguments.json:
        print(json.dumps(rows))
        return
    names = list(rows)
    print(f"{'':24}" + "".join(f"{name[:22]:>24}" for name in names))
    for figure in rows["alone"]:
        print(f"{figure:24}" + "".join(f"{rows[name][figure]:>24}" for name in names))


if __name__ == "__main__":
    sys.exit(main())

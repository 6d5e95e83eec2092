#!/usr/bin/env python3
"""Directs an emulated arm by the looks of somebody who is made up, as a person does: calibrates with the tool's tip, then chooses and confirms.

    gaze.py --armctl .build/release/armctl [--seed 1] [--noise 1]

Looks come as datagrams, keys and screens go through tmux, and where the arm truly is comes from the command socket.
"""
import argparse
import math
import pathlib
import shutil
import sys
import tempfile
import time

from person import Person
from rig import Client, Daemon, Failure, Window, until

# Small enough to be told apart, low enough to be reached over.
SCENE = """
halfSpaces:
  - {name: table, center: [0, 0, -0.02]}
"""
THINGS = {"cup": (0.22, 0.09), "box": (0.22, -0.09), "pen": (0.29, 0.0)}
HEIGHT = 0.03


class Test:
    def __init__(self, program, seed, noise):
        self.program, self.seed, self.noise = program, seed, noise
        self.folder = tempfile.mkdtemp(prefix="armctl-gaze-test-")
        scene = pathlib.Path(self.folder, "scene.yaml")
        scene.write_text(SCENE)
        self.daemon = Daemon(program, scene=str(scene))
        self.client = Client(self.daemon.path)
        self.port = 5200 + seed % 100
        self.person = Person(self.port, noise=noise, seed=seed)
        self.window = Window(100, 30, self.folder)
        self.figures = []

    def open(self, *options):
        command = (
            f"{self.program} gaze --socket {self.daemon.path} --source udp://127.0.0.1:{self.port} --view 0.6,0.45,0.7"
            f" --calibration {self.folder}/gaze.json {' '.join(options)}")
        self.window.run(f"clear; {command}; echo left $?")
        self.window.shows("● ")

    def close(self):
        self.window.keys("q")
        self.window.shows("left 0")

    def tool(self):
        return self.client.call("state")["pose"]["position"]

    def ready(self):
        self.daemon.move([0.0, 0.1, 1.3, 0.0, 1.3, 0.0])

    def populate(self):
        boxes = [
            {"name": name, "center": [x, y, HEIGHT / 2], "halfExtents": [0.015, 0.015, HEIGHT / 2 - 0.001]} for name, (x, y) in THINGS.items()]
        self.daemon.client.call("scene.add", boxes=boxes)

    def note(self, what, figure):
        self.figures.append((what, figure))
        print(f"{what}: {figure}", flush=True)

    # What is tested, in this order: each goes on where the one before left the arm.

    def calibration(self):
        """Looks at the tip of the tool, wherever it is, until the map is found."""
        self.ready()
        self.person.look(self.tool)
        self.open("--recalibrate")
        begin = time.monotonic()
        screen = until("a calibration", lambda: (lambda text: text if "Calibrated:" in text or "●" not in text else None)(self.window.text()), 180)
        self.note("calibration", f"{screen[screen.find('Calibrated:'):].splitlines()[0].strip()} ({time.monotonic() - begin:.0f} s)")
        self.close()

    def choose(self, name, key, confirm=True):
        """Looks at a thing until it is selected, and says what is to be done about it."""
        self.window.keys(key)
        place = THINGS[name] if isinstance(name, str) else name
        self.person.look((*place, HEIGHT / 2) if len(place) == 2 else place)
        begin = time.monotonic()
        self.window.shows(f"{name}? Enter confirms" if isinstance(name, str) else "this place? Enter", 6)
        self.note(f"selecting {name}", f"{time.monotonic() - begin:.2f} s with reaction, tmux and all")
        if confirm:
            self.window.keys("Enter")

    def off(self, place):
        """How far the tool is from above a place [mm]."""
        return math.dist(self.tool()[:2], place) * 1e3

    def actions(self):
        self.ready()
        self.populate()
        self.open()
        for name, key, word in (("cup", ".", "point at"), ("box", "g", "go to"), ("pen", "g", "go to")):
            self.choose(name, key)
            self.window.shows(f"{word} {name}: done.", 20)
            self.note(f"{word} {name}", f"off by {self.off(THINGS[name]):.1f} mm")

    def pick_and_place(self):
        self.choose("cup", "p")
        self.window.shows("pick up cup: done.", 40)
        self.choose("box", "l", confirm=False)
        self.window.keys("Escape")
        self.window.shows("Not confirmed.")
        self.choose("box", "l")
        self.window.shows("put cup down: done.", 40)

    def bring(self):
        self.choose("pen", "b")
        self.window.shows("bring pen: done.", 60)

    def hand_over(self):
        self.choose("box", "h")
        self.window.shows("Take box:", 40)
        time.sleep(1)
        self.window.keys("Enter")
        self.window.shows("hand box over: done.", 10)
        scene = self.client.call("scene.get")
        if any(box["name"] == "box" for box in scene.get("boxes", [])):
            raise Failure("the box is still known")
        self.close()

    def end(self):
        self.window.end()
        self.person.end()
        self.daemon.end()
        shutil.rmtree(self.folder, ignore_errors=True)


TESTS = ["calibration", "actions", "pick_and_place", "bring", "hand_over"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--armctl", required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--noise", type=float, default=1.0)
    options = parser.parse_args()
    if not shutil.which("tmux"):
        print("gaze-test: skipped, there is no tmux")
        return 0
    test = Test(str(pathlib.Path(options.armctl).resolve()), options.seed, options.noise)
    try:
        for name in TESTS:
            getattr(test, name)()
    except Failure as failure:
        print(f"{name}: {failure}\n" + ("" if " on\n" in str(failure) else test.window.text()) + f"", file=sys.stderr)
        return 1
    finally:
        test.end()
    return 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Drives every key of `armctl teleop` in tmux against an emulated arm, and looks at the screen and at the arm.

    screens.py --armctl .build/release/armctl [--write]

The pictures in docs/Teleop.md are made by this test: it compares them with what it sees, or with --write puts what it sees there.
"""
import argparse
import os
import pathlib
import re
import shutil
import sys
import time

from endings import Endings
from pictures import document, masked, turned
from rig import Daemon, Failure, Window, until

ROOT = pathlib.Path(__file__).resolve().parents[2]
# Far from limits and singularities: a tool that looks ahead and down.
READY = [0.2, 0.1, 1.3, 0.1, 0.7, 0.1]


class Test(Endings):
    def __init__(self, program):
        self.program = program
        self.daemon = Daemon(program, scene=str(ROOT / "Examples/table.yaml"))
        self.window = None
        self.pictures = {}

    def open(self, width=80, height=24, options="", environment=()):
        self.close()
        self.window = Window(width, height, self.daemon.folder, environment)
        command = f"{self.program} teleop --socket {self.daemon.path} {options}"
        self.window.run(f"stty -g > before; clear; {command}; left=$?; stty -g > after; echo left $left")
        self.window.shows("bus ")
        return self.window

    def close(self):
        if self.window:
            self.window.end()
        self.window = None

    def ready(self, position=READY):
        """Brings the arm to a place, while nobody leads it."""
        self.close()
        self.daemon.move(position)

    def picture(self, name):
        """Notes what is seen, when nothing has changed for a moment."""
        def calm():
            first = masked(self.window.screen())
            time.sleep(0.3)
            return self.window.screen() if masked(self.window.screen()) == first else None
        self.pictures[name] = until("a calm screen", calm)

    def end(self):
        self.close()
        self.daemon.end()

    # What the keys do

    def jogs_the_tool(self):
        """Each key moves or turns the tool along its axis and no other; letting go brings it to rest."""
        self.ready()
        window = self.open()
        for index, (up, down) in enumerate(["qa", "ws", "ed", "rf", "tg", "yh"]):
            for key, sign in [(up, 1), (down, -1)]:
                before = self.daemon.rest()
                window.hold(key, 0.4)
                after = self.daemon.rest()
                shift = [b - a for a, b in zip(before["pose"]["position"], after["pose"]["position"])]
                turn = turned(before["pose"]["quaternion"], after["pose"]["quaternion"])
                moved = (shift if index < 3 else turn)[index % 3] * sign
                aside = max(abs(x) for axis, x in enumerate(shift + turn) if axis != index)
                # Each joint gains and loses speed by itself, which leads the tool aside a little.
                if moved < 0.005 or aside > 0.1 * moved + 0.02:
                    raise Failure(f"key {key}: shift {shift}, turn {turn}")
        window.shows("you lead")

    def jogs_by_arrows(self):
        self.ready()
        window = self.open()
        for key, axis, sign in [("Up", 0, 1), ("Down", 0, -1), ("Left", 1, 1), ("Right", 1, -1), ("PPage", 2, 1), ("NPage", 2, -1)]:
            before = self.daemon.rest()
            window.hold(key, 0.3)
            after = self.daemon.rest()
            if (after["pose"]["position"][axis] - before["pose"]["position"][axis]) * sign < 0.003:
                raise Failure(f"{key} does not move the tool")

    def jogs_the_joints(self):
        self.ready()
        window = self.open()
        window.keys("Tab")
        window.shows("jog joints")
        for joint, (up, down) in enumerate(["qa", "ws", "ed", "rf", "tg", "yh"]):
            for key, sign in [(up, 1), (down, -1)]:
                before = self.daemon.rest()["setpoint"]
                window.hold(key, 0.3)
                after = self.daemon.rest()["setpoint"]
                moved = [b - a for a, b in zip(before, after)]
                if moved[joint] * sign < 0.005 or any(abs(x) > 1e-9 for other, x in enumerate(moved) if other != joint):
                    raise Failure(f"key {key} moves the joints by {moved}")
        window.keys("Up")
        window.keys("Up")
        before = self.daemon.rest()["setpoint"]
        window.hold("Right", 0.3)
        after = self.daemon.rest()["setpoint"]
        if after[3] - before[3] < 0.005:
            raise Failure("the arrow keys do not move the joint that they chose")

    def changes_axes_and_pace(self):
        window = self.open()
        for frame in ["tool", "view", "base"]:
            window.keys("v")
            window.shows(f"jog tool along the {frame}'s axes")
        window.shows("20 %  50 mm/s")
        window.keys("+")
        window.shows("35 %  87.5 mm/s")
        window.keys("-")
        window.keys("-")
        window.shows("10 %  25 mm/s")
        window.keys("+")
        window.keys("c")
        window.shows("step 5 mm  1°  at 20 %")
        window.keys("]")
        window.shows("step 10 mm  5°")
        window.keys("[")
        window.keys("[")
        window.shows("step 1 mm  0.5°")
        window.keys("c")
        window.keys(">")
        window.shows("x 15° →")
        window.keys("<")
        window.shows("x →  z ↑")

    def steps(self):
        self.ready()
        window = self.open()
        window.keys("c")
        window.shows("step 5 mm")
        before = self.daemon.rest()["pose"]["position"]
        window.keys("e")
        until("the step to begin", lambda: self.daemon.state()["mode"] == "move")
        until("the step to end", lambda: self.daemon.state()["mode"] == "hold")
        after = self.daemon.rest()["pose"]["position"]
        if abs(after[2] - before[2] - 0.005) > 2e-4:
            raise Failure(f"a step of 5 mm was one of {after[2] - before[2]} m")

    def stops(self):
        """Space stops at once, and what is held moves nothing until it is let go."""
        self.ready()
        window = self.open()
        window.hold("w", 0.3)
        window.keys("Space")
        window.hold("w", 0.5, 0.03)
        window.shows("Stopped.")
        held = self.daemon.rest()["setpoint"]
        time.sleep(0.3)
        if self.daemon.state()["setpoint"] != held:
            raise Failure("the arm moved after a stop")

    def goes_to_poses(self):
        self.ready()
        window = self.open()
        window.keys("p")
        window.shows("Go to home?")
        self.picture("ghost")
        window.keys("Down")
        window.shows("Go to rest?")
        window.keys("Escape")
        until("the list to go", lambda: "Go to" not in window.text())
        window.keys("p")
        window.shows("Go to home?")
        window.keys("Enter")
        window.shows("There.", 30)
        if any(abs(a - b) > 1e-6 for a, b in zip(self.daemon.state()["setpoint"], [0, 0, 1.5707963267948966, 0, 0, 0])):
            raise Failure("the arm is not at home")
        window.keys("BSpace")
        window.shows("Go back?")
        window.keys("Enter")
        window.shows("There.", 30)
        if any(abs(a - b) > 1e-6 for a, b in zip(self.daemon.state()["setpoint"], READY)):
            raise Failure("the arm is not back where it was")

    def teaches_waypoints(self):
        self.ready()
        window = self.open()
        window.keys("m")
        window.shows("Waypoint 1 is here.")
        window.hold("w", 0.5)
        self.daemon.rest()
        window.keys("m")
        window.keys("m")
        window.shows("3 waypoints")
        window.keys("x")
        window.shows("2 waypoints left.")
        self.picture("teach")
        window.keys("Enter")
        window.shows("Go through 2 waypoints?")
        window.keys("Enter")
        window.shows("There.", 30)
        window.keys("n")
        window.shows("Name: ")
        window.type("two places")
        window.keys("Enter")
        window.shows("Saved: armctl run twoplaces.arm")
        window.keys("n")
        window.type("twoplaces")
        window.keys("Enter")
        window.shows("there is such a file already")
        window.keys("Escape")
        until("the question to go", lambda: "Name: " not in window.text())
        window.keys("C-c")
        window.shows("left 0")
        window.run(f"clear; {self.program} run twoplaces.arm --socket {self.daemon.path}")
        window.shows("2 motions in", 30)

    def teaches_a_path(self):
        """What was recorded while the arm was jogged is played again, and runs as a script."""
        self.ready()
        window = self.open()
        window.keys("b")
        window.shows("● recording")
        window.hold("w", 0.6)
        window.hold("e", 0.6)
        window.hold("a", 0.4)
        end = self.daemon.rest()["setpoint"]
        window.keys("b")
        window.shows("enter plays them, n names and saves.")
        window.keys("Enter")
        window.shows("Go along the path?")
        window.keys("Enter")
        window.shows("There.", 60)
        if max(abs(a - b) for a, b in zip(self.daemon.state()["setpoint"], end)) > 0.005:
            raise Failure("the path does not end where it ended")
        window.keys("n")
        window.type("wave")
        window.keys("Enter")
        window.shows("Saved: armctl run wave.arm")
        window.keys("C-c")
        window.shows("left 0")
        window.run(f"clear; {self.program} run wave.arm --socket {self.daemon.path}")
        window.shows("of the limits", 60)

    def switches_motors(self):
        window = self.open()
        window.keys("o")
        window.shows("Switch the motors off?")
        window.keys("m")
        until("the question to go", lambda: "Switch the motors off?" not in window.text())
        window.keys("o")
        window.keys("o")
        window.shows("● off")
        window.keys("q")
        window.shows("The motors are off; o switches them on.")
        window.keys("o")
        window.shows("● hold")
        window.keys("l")
        until("an answer to l", lambda: "● float" in window.text() or "Try:" in window.text())
        if "● float" in window.text():
            window.keys("l")
            window.shows("● hold")
        window.keys(".")
        window.shows("gripper")
        window.keys(",")

    def says_what_is_lost(self):
        """At a singularity the jog does not stick, and words say which direction is lost."""
        self.ready()
        window = self.open()
        said = None
        end = time.monotonic() + 30
        while time.monotonic() < end and not said:
            window.keys("q")
            time.sleep(0.04)
            screen = window.screen()
            said = re.search(r"is slowed|upper limit|lower limit", "\n".join(screen))
            if said:
                self.pictures["lost"] = screen
        if not said:
            raise Failure(f"nothing is said at the border of the workspace on\n{window.text()}")
        before = self.daemon.rest()["pose"]["position"]
        window.hold("a", 0.4)
        if before[0] - self.daemon.rest()["pose"]["position"][0] < 0.005:
            raise Failure("the arm is stuck")

    def helps_and_resizes(self):
        window = self.open()
        window.keys("?")
        window.shows("stop at once")
        self.picture("help")
        window.keys("Escape")
        until("the help to go", lambda: "stop at once" not in window.text())
        for width, height in [(60, 20), (140, 40), (59, 20), (60, 19), (100, 30)]:
            window.resize(width, height)
            window.shows("Please make this window" if width < 60 or height < 20 else "space stop")
        window.resize(60, 20)
        window.keys("?")
        window.shows("open, close the gripper")
        window.keys("?")
        window.shows("space stop")

    def is_plain_where_asked(self):
        for options, environment in [("--mono", ()), ("", ("NO_COLOR=1",)), ("", ())]:
            window = self.open(options=options, environment=environment)
            colours = re.findall(r"\x1b\[[0-9;]*?\b(?:3[0-7]|9[0-7])m", window.tmux("capture-pane", "-p", "-e"))
            if bool(colours) != (not options and not environment):
                raise Failure(f"{len(colours)} colours with {options or environment or 'nothing'}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--armctl", required=True)
    parser.add_argument("--write", action="store_true", help="put the pictures into docs/Teleop.md")
    parser.add_argument("--only", help="one part of the test, by its name")
    options = parser.parse_args()
    if not shutil.which("tmux"):
        print("teleop-test: skipped, there is no tmux")
        return 0
    test = Test(os.path.abspath(options.armctl))
    own = ("__init__", "open", "close", "ready", "picture", "end")
    names = [name for part in (Test, Endings) for name, value in vars(part).items() if callable(value) and name not in own]
    failures = 0
    try:
        for name in names:
            if options.only and name != options.only:
                continue
            begin = time.monotonic()
            try:
                getattr(test, name)()
                print(f"{name.replace('_', ' ')}: {time.monotonic() - begin:.1f} s", flush=True)
            except Failure as failure:
                failures += 1
                print(f"{name.replace('_', ' ')}: FAILED, {failure}", flush=True)
    finally:
        test.end()
    if not options.only and not failures:
        try:
            document(test.pictures, options.write)
        except Failure as failure:
            failures += 1
            print(failure)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())

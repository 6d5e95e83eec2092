#!/usr/bin/env python3
"""Directs an emulated arm by the looks of somebody who is made up, as a person does: calibrates with the tool's tip, then chooses and confirms.

    gaze.py --armctl .build/release/armctl [--seed 1] [--noise 1] [--only STEP…]

Looks come as datagrams, keys and screens go through tmux, and where the arm truly is comes from the command socket.
"""
import argparse
import json
import math
import pathlib
import re
import shutil
import sys
import tempfile
import threading
import time

from person import Person
from rig import Client, Daemon, Failure, Window, until

ROOT = pathlib.Path(__file__).resolve().parents[2]

# Small enough to be told apart, low enough to be reached over.
SCENE = """
halfSpaces:
  - {name: table, center: [0, 0, -0.02]}
"""
THINGS = {"cup": (0.22, 0.09), "box": (0.22, -0.09), "pen": (0.29, 0.0)}
HEIGHT = 0.03
ACTIONS = {".": "point at", "g": "go to", "p": "pick up", "l": "put down on", "b": "bring", "h": "hand over"}
# What becomes of a sample, and what the screen says of it.
UNREADABLE = "The tracker sends what cannot be read."
LIES = {
    "no number": (lambda sample, text: [text.replace(f'"x": {sample["x"]}', '"x": 1e999')], UNREADABLE),
    "places far away": (lambda sample, text: [json.dumps(sample | {"x": 1e6})], "places that nobody can look at"),
    "time that runs backwards": (lambda sample, text: [json.dumps(sample | {"t": -sample["t"]})], "time"),
    "half a frame": (lambda sample, text: [text[: len(text) // 2]], UNREADABLE),
    "a flood": (lambda sample, text: [text] * 170, ", mostly "),
    "letters": (lambda sample, text: ["hello", "", "[]", "{}"], UNREADABLE),
}


class Test:
    def __init__(self, program, seed, noise):
        self.program, self.seed, self.noise = program, seed, noise
        self.folder = tempfile.mkdtemp(prefix="armctl-gaze-test-")
        scene = pathlib.Path(self.folder, "scene.yaml")
        scene.write_text(SCENE)
        self.daemon = Daemon(program, arm=self.patient_arm(), scene=str(scene))
        self.client = Client(self.daemon.path)
        self.port = 5200 + seed % 100
        self.person = Person(self.port, noise=noise, seed=seed)
        self.window = Window(80, 24, self.folder)
        self.figures = []
        self.story = []
        threading.Thread(target=self.listen, daemon=True).start()
        self.things = dict(THINGS)

    def listen(self):
        """Keeps what was told of jobs, events and the plan, for whoever wants to know why a test has failed."""
        client = Client(self.daemon.path)
        client.call("subscribe", topics=["job", "event", "gaze"])
        begin, before = time.monotonic(), None
        for told in client.notifications():
            plan = told.get("plan") if "probabilities" in told else told
            if plan is None:
                continue
            line = " ".join(f"{key} {plan[key]}" for key in ("kind", "message", "job", "title", "step", "state", "reason") if plan.get(key))
            if plan is not told:
                line += f" {told['state']}"
            if line != before and plan.get("state") != "progress":
                self.story.append(f"{time.monotonic() - begin:7.2f} s  {line}")
                before = line

    def patient_arm(self):
        """The default arm at a rate for busy machines, and more patient with its bus: other programs may have the machine for a while."""
        folder = pathlib.Path(self.folder, "dummy")
        shutil.copytree(ROOT / "Robots/dummy", folder)
        file = folder / "arm.yaml"
        text = file.read_text()
        for key, value in {"rate": 200, "busSilence": 1, "busNoise": 1}.items():
            text = re.sub(rf"^( *{key}): .*$", rf"\1: {value}", text, flags=re.MULTILINE)
        file.write_text(text)
        return str(file)

    def open(self, *options):
        command = (
            f"{self.program} gaze --socket {self.daemon.path} --source udp://127.0.0.1:{self.port} --view 0.6,0.45,0.7"
            f" --calibration {self.folder}/gaze.json {' '.join(options)}")
        self.window.run(f"clear; {command}; echo left $?")
        self.window.shows("● ")

    def close(self):
        self.window.keys("q")
        self.window.shows("left 0")

    def tool(self, client=None):
        return (client or self.client).call("state")["pose"]["position"]

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
        # What lies where one of the points is shown is left out, and costs nothing else.
        self.client.call("scene.add", boxes=[{"name": "tin", "center": [0.165, 0.105, 0.02], "halfExtents": [0.015, 0.015, 0.02]}])
        start = self.tool()
        # The person looks in a thread of its own.
        eyes = Client(self.daemon.path)
        self.person.look(lambda: self.tool(eyes))
        self.open("--recalibrate")
        begin = time.monotonic()
        def ending():
            text = self.window.text()
            if "arm fault" in text:
                raise Failure(f"the calibration ended in a fault on\n{text}")
            return text if "Calibrated:" in text or "●" not in text else None
        screen = until("a calibration", ending, 180)
        self.note("calibration", f"{screen[screen.find('Calibrated:'):].splitlines()[0].strip()} ({time.monotonic() - begin:.0f} s)")
        until("what was left out", lambda: "Left out: (0.1" in self.window.text())
        until("the arm to go back", lambda: math.dist(self.tool(), start) < 0.002, 30)
        self.client.call("scene.remove", names=["tin"])
        self.close()
        self.populate()
        self.ready()
        self.open()

    def done(self, text, seconds):
        """Waits for the end of what was begun; a refusal fails at once."""
        def ending():
            now = self.window.text()
            if "arm fault" in now:
                raise Failure(f"“{text}” ended in a fault on\n{now}")
            # On a machine that is busy elsewhere the lease may run out; a person then goes on.
            if "The lease of gaze expired." in now and "Enter goes on" in now:
                self.note("went on after the lease had expired, on the way to", text)
                self.window.keys("Enter")
                time.sleep(0.5)
            elif " Try: " in now or "Ended" in now:
                raise Failure(f"“{text}” was not to be\n{now}")
            return text in now
        until(f"“{text}”", ending, seconds)

    def choose(self, name, key, confirm=True, note=True):
        """Looks at a thing until it is selected, and says what is to be done about it."""
        self.window.keys(key)
        self.window.shows("action    " + ACTIONS[key])
        place = self.things[name] if isinstance(name, str) else name
        self.person.look((*place, HEIGHT / 2) if len(place) == 2 else place)
        begin = time.monotonic()
        self.window.shows(f"{name}? Enter confirms" if isinstance(name, str) else "this place? Enter", 6)
        if note:
            self.note(f"selecting {name}", f"{time.monotonic() - begin:.2f} s with reaction, tmux and all")
        if confirm:
            self.window.keys("Enter")

    def escape(self):
        """A key that came right behind it would be taken for one that is pressed with Alt."""
        self.window.keys("Escape")
        time.sleep(0.2)

    def off(self, place):
        """How far the tool is from above a place [mm]."""
        return math.dist(self.tool()[:2], place) * 1e3

    def actions(self):
        for name, key, word in (("cup", ".", "point at"), ("box", "g", "go to"), ("pen", "g", "go to")):
            self.choose(name, key)
            self.done(f"{word} {name}: done.", 20)
            self.note(f"{word} {name}", f"off by {self.off(THINGS[name]):.1f} mm")

    def pick_and_place(self):
        self.choose("cup", "p")
        self.done("pick up cup: done.", 40)
        self.choose("box", "l", confirm=False)
        self.window.keys("Escape")
        self.window.shows("Not confirmed.")
        self.choose("box", "l")
        self.done("put cup down: done.", 40)
        # It stands on the box now, and covers it.
        self.things["cup"] = self.things["box"]

    def bring(self):
        self.choose("pen", "b")
        self.done("bring pen: done.", 60)

    def hand_over(self):
        self.choose("cup", "h")
        self.done("Take cup:", 40)
        time.sleep(1)
        self.window.keys("Enter")
        self.window.shows("hand cup over: done.", 10)
        scene = self.client.call("scene.get")
        if any(box["name"] == "cup" for box in scene.get("boxes", [])):
            raise Failure("the cup is still known")

    # What must end a motion, and what must not begin one.

    def moving(self, key="g"):
        """Begins to go to the box from far away, and waits until the arm moves."""
        self.ready()
        self.escape()
        self.choose("box", key, note=False)
        before = self.tool()
        until("the arm to move", lambda: math.dist(self.tool(), before) > 0.01, 10)

    def still(self, seconds=3.0):
        """When the arm was last led on [s from now], by what the control loop sent and by its clock: a busy machine may show states late, and hold
        the emulated drives up."""
        begin, end = time.monotonic_ns(), time.monotonic() + seconds
        state = self.client.call("state")
        last, setpoint = begin, state["setpoint"]
        while time.monotonic() < end or state["time"] < begin:
            state = self.client.call("state")
            if math.dist(state["setpoint"], setpoint) > 2e-4:
                setpoint, last = state["setpoint"], state["time"]
            time.sleep(0.005)
        return (last - begin) * 1e-9

    def a_tracker_that_dies(self):
        self.moving()
        self.person.is_there = False
        rest = self.still()
        self.note("tracker dies, the arm is at rest after", f"{rest:.2f} s")
        if rest > 1.2:
            raise Failure(f"the arm moved for {rest:.2f} s after the tracker had died")
        self.window.shows("paused: Enter goes on")
        self.window.shows("The tracker is silent.")
        self.window.keys("Enter")
        self.window.shows("No looks: nothing moves.")
        self.person.is_there = True
        time.sleep(1)
        if self.still(1) > 0.2:
            raise Failure("the arm went on by itself")
        self.window.keys("Enter")
        self.done("go to box: done.", 20)

    def stops(self):
        for key in ("Space", "Escape"):
            self.moving()
            self.window.keys(key)
            rest = self.still(2)
            self.note(f"{key}, the arm is at rest after", f"{rest:.2f} s")
            if rest > 0.8:
                raise Failure(f"the arm moved for {rest:.2f} s after {key}")
            # The looks go on, and may have chosen something again by now.
            if self.client.call("gaze.get")["belief"]["plan"]:
                raise Failure(f"what {key} ended is still planned")

    def somebody_else(self):
        self.moving()
        client = Client(self.daemon.path)
        client.call("hello", protocol=1, client="somebody", role="terminal")
        token = client.call("lease.acquire", priority="terminal", ttl=30)["token"]
        self.window.shows("somebody took the lease over from gaze.")
        rest = self.still(2)
        self.note("somebody else takes the arm, it is at rest after", f"{rest:.2f} s")
        if rest > 0.8:
            raise Failure("the arm moved on under somebody else's lease")
        client.call("lease.release", token=token)

    def liars_mid_pick(self):
        """A tracker that begins to tell nonsense while something is picked up: the arm rests, and the screen says why."""
        for name, (lie, sentence) in LIES.items():
            if name == "a flood":
                continue
            self.moving("p")
            self.person.lie = lie
            rest = self.still(2)
            self.note(f"{name} mid-pick, the arm is at rest after", f"{rest:.2f} s")
            if rest > 1.2:
                raise Failure(f"the arm moved for {rest:.2f} s on {name}")
            self.window.shows("paused: Enter goes on")
            self.window.shows(sentence)
            self.person.lie = None
            time.sleep(0.7)
            self.window.keys("Escape")
            self.window.shows("Ended.")

    def liars(self):
        """A tracker that tells nonsense while the dead-man is held: nothing moves, and the screen says why."""
        for name, (lie, sentence) in LIES.items():
            self.person.lie = None
            self.ready()
            self.escape()
            self.person.look((*THINGS["cup"], HEIGHT / 2))
            self.window.shows("● live")
            self.person.lie = lie
            if name != "a flood":
                # What was looked at before is forgotten.
                self.window.shows("● lost")
            begin, before = self.client.call("state")["time"], self.tool()
            self.window.hold("f", 1.0)
            self.window.shows(sentence)
            moved, seconds = math.dist(self.tool(), before), (self.client.call("state")["time"] - begin) * 1e-9
            self.note(f"{name} while f is held, the tool moves", f"{moved * 1e3:.1f} mm")
            # So many looks in a second are looks all the same, and are followed as slowly as others.
            if moved > (0.25 * seconds if name == "a flood" else 0.001):
                raise Failure(f"{name} led the tool")
        self.person.lie = None

    def run(self, name):
        """Runs a step, and again where other programs have held the emulated drives up for so long that the arm has a fault: no matter of gaze."""
        scene, things = self.client.call("scene.get"), dict(self.things)
        for attempt in range(3):
            try:
                return getattr(self, name)()
            except Failure:
                fault = (self.client.call("state").get("fault") or {}).get("message", "")
                if "has not answered" not in fault or attempt == 2:
                    raise
                self.note(f"{name} begins anew", fault)
            self.person.is_there, self.person.lie, self.things = True, None, dict(things)
            self.client.call("fault.reset")
            self.client.call("scene.set", **scene)
            if name == "calibration":
                self.close()
            else:
                self.escape()

    def end(self):
        self.window.end()
        self.person.end()
        self.daemon.end()
        shutil.rmtree(self.folder, ignore_errors=True)


TESTS = [
    "calibration", "actions", "pick_and_place", "bring", "hand_over", "a_tracker_that_dies", "stops", "somebody_else",
    "liars_mid_pick", "liars",
]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--armctl", required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--noise", type=float, default=1.0)
    parser.add_argument("--only", nargs="*", choices=TESTS[1:], help="these, after the calibration")
    options = parser.parse_args()
    if not shutil.which("tmux"):
        print("gaze-test: skipped, there is no tmux")
        return 0
    test = Test(str(pathlib.Path(options.armctl).resolve()), options.seed, options.noise)
    try:
        for name in TESTS[:1] + (options.only or TESTS[1:]):
            test.run(name)
        name = "leaving"
        test.close()
    except Failure as failure:
        screen = "" if " on\n" in str(failure) else test.window.text()
        print(f"{name}: {failure}\n{screen}\n" + "\n".join(test.story[-30:]), file=sys.stderr)
        return 1
    finally:
        test.end()
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Somebody who is made up and looks at things of the table, and the tracker before their eyes, which tells of it by datagrams."""
import json
import math
import random
import socket
import threading
import time

# The eye is 0.7 m from the middle of the usual area, 45° above it, behind its far end.
MIDDLE = (0.24, 0.0, 0.0)
DISTANCE = 0.7
VIEW = (0.6, 0.45)
SLANT = math.sqrt(0.5)
AHEAD, RIGHT, DOWN = (-SLANT, 0, -SLANT), (0, 1, 0), (SLANT, 0, -SLANT)
EYE = tuple(m - DISTANCE * a for m, a in zip(MIDDLE, AHEAD))


def dot(a, b):
    return sum(x * y for x, y in zip(a, b))


class Person(threading.Thread):
    """Looks at a place, at `target()` if that is a function, with a tracker's noise, an offset, and blinks."""

    def __init__(self, port, noise=1.0, offset=1.0, rate=60, seed=1):
        super().__init__(daemon=True)
        self.address, self.rate = ("127.0.0.1", port), rate
        self.noise, self.offset = math.radians(noise), math.radians(offset)
        self.random = random.Random(seed)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.target, self.is_there, self.is_over = (0.24, 0.0, 0.0), True, False
        # What a tracker that lies does to its samples.
        self.lie = None
        self.start()

    def look(self, place):
        self.target = place

    def angles(self, place):
        """Where a place of the base [m] is seen, to the right and downwards [rad]."""
        way = [p - e for p, e in zip(place, EYE)]
        ahead = dot(way, AHEAD)
        return math.atan2(dot(way, RIGHT), ahead), math.atan2(dot(way, DOWN), ahead)

    def run(self):
        gaze, due, blink_end = None, time.monotonic(), 0.0
        while not self.is_over:
            due += 1 / self.rate
            time.sleep(max(0.0, due - time.monotonic()))
            if not self.is_there:
                continue
            now = time.monotonic()
            wanted = self.angles(self.target() if callable(self.target) else self.target)
            # The eye jumps, 0.2 s after there is something else to look at, and rests.
            if gaze is None or math.dist(gaze[0], wanted) < math.radians(1.5):
                gaze = (wanted, now)
            elif now - gaze[1] > 0.2:
                gaze = (wanted, now)
            if self.random.random() < 0.25 / self.rate:
                blink_end = now + 0.15
            x, y = (a + self.offset * share + self.random.gauss(0, self.noise) for a, share in zip(gaze[0], (1, 0)))
            sample = {
                "t": time.monotonic_ns(), "x": 0.5 + math.tan(x) * DISTANCE / VIEW[0], "y": 0.5 + math.tan(y) * DISTANCE / VIEW[1],
                "conf": 1.0, "valid": now > blink_end,
            }
            text = json.dumps(sample)
            for line in self.lie(sample, text) if self.lie else [text]:
                self.socket.sendto(line.encode(), self.address)

    def end(self):
        self.is_over = True
        self.join()
        self.socket.close()

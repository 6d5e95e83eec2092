"""Streams of commands: where to be or how to move, many times a second."""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Iterator
from concurrent.futures import Future
from typing import Any

from .errors import ArmctlError, LeaseEnded, NoAnswer, RequestError
from .lease import Lease
from .motions import Frame, JointTarget, JointValues, Vector
from .values import Configuration, Event, Pose

MOST_UNANSWERED = 100

MOST_LOOKS = 50


class ServoRefused(RequestError):
    """The arm did not take a command of a stream; the message says why."""


class Pace:
    """When the turns of a stream are due: at a fixed rate, without drift. Turns that are missed are left out and counted."""

    def __init__(self, rate: float) -> None:
        if not (rate > 0 and math.isfinite(rate)):
            raise ValueError(f"A rate is above 0 Hz, not {rate}.")
        self.rate = rate
        self.late = 0
        """Turns left out because the program came too late."""
        self._start = self._due = time.monotonic()

    def restart(self) -> None:
        """The first turn is due now."""
        self._start = self._due = time.monotonic()

    def elapsed(self) -> float:
        """Since the first turn [s]."""
        return time.monotonic() - self._start

    def remaining(self) -> float:
        """Until the next turn [s], which this moves on by a period."""
        period = 1 / self.rate
        self._due += period
        behind = time.monotonic() - self._due
        if behind > period:
            missed = int(behind / period)
            self.late += missed
            self._due += missed * period
        return max(0.0, self._due - time.monotonic())


class ServoStream:
    """What a stream knows, and what its commands are on the wire; no input or output."""

    def __init__(self, configuration: Configuration, setpoint: tuple[float, ...], rate: float) -> None:
        self.pace = Pace(rate)
        self.stale = 0
        """How often the arm came to rest because no command had come for 100 ms."""
        self.sent = 0
        self.answered = 0
        self.error: BaseException | None = None
        """What a command was refused for; the next one raises it."""
        self._configuration = configuration
        self._setpoint = setpoint

    @property
    def look_period(self) -> float:
        """Between two looks whether the arm has left the stream [s]: a few ticks, as it must have taken the last command."""
        return max(0.02, 3 / self._configuration.rate)

    def to_joints(self, degrees: JointValues | None, radians: JointValues | None) -> tuple[str, dict[str, Any]]:
        """Where the joints should be."""
        target = JointTarget.given("joints", degrees, radians)
        return "servo.joints", {"position": target.resolved(self._configuration, self._setpoint)}

    def at_rates(self, degrees: JointValues | None, radians: JointValues | None) -> tuple[str, dict[str, Any]]:
        """How the joints should move."""
        target = JointTarget.given("rates", degrees, radians)
        return "servo.joints", {"velocity": target.resolved(self._configuration, [0.0] * len(self._setpoint))}

    def at_twist(self, linear: Vector | None, angular: Vector | None, frame: Frame | None) -> tuple[str, dict[str, Any]]:
        """How the tool should move."""
        params: dict[str, Any] = {} if frame is None else {"frame": frame}
        if linear is not None:
            params["linear"] = [float(v) for v in linear]
        if angular is not None:
            params["angular"] = [float(v) for v in angular]
        return "servo.twist", params

    def to_pose(self, pose: Pose) -> tuple[str, dict[str, Any]]:
        """Where the tool should be."""
        return "servo.pose", {"pose": pose.wire()}

    def at_rest(self) -> tuple[str, dict[str, Any]]:
        """No motion."""
        return "servo.joints", {"velocity": [0.0] * len(self._setpoint)}

    def note(self, event: Event) -> None:
        """Takes the arm's events."""
        if event.kind == "servo.stale":
            self.stale += 1
        elif event.kind == "servo.refused":
            self.error = ServoRefused(event.message, kind=event.kind, data={**event.details, "kind": event.kind})

    def note_answered(self, error: BaseException | None) -> None:
        """Takes the answer to a command."""
        self.answered += 1
        self.error = error or self.error

    def check(self, ended: LeaseEnded | None) -> None:
        """Raises what stands against the next command."""
        error, self.error = self.error, None
        if error or ended:
            raise error or ended or AssertionError
        if self.sent - self.answered >= MOST_UNANSWERED:
            raise NoAnswer(f"{MOST_UNANSWERED} commands of this stream wait for their answers: the server does not read.")

    def __repr__(self) -> str:
        return f"Servo({self.pace.rate:g} Hz, {self.pace.late} turns late, {self.stale} times stale)"


class Servo(ServoStream):
    """A stream of commands, from ``with arm.servo(rate=50) as servo``.

    Each command replaces the one before; none waits for its answer. What the arm refuses one for is raised by the next.
    ``for t in servo`` paces a loop: it yields the seconds since its beginning, ``rate`` times a second. After 100 ms
    without a command the arm comes to rest by itself, and it is brought to rest when the block is left; then it takes
    motions again.
    """

    def __init__(self, lease: Lease, configuration: Configuration, setpoint: tuple[float, ...], rate: float) -> None:
        super().__init__(configuration, setpoint, rate)
        self._lease = lease

    def joints(self, *, degrees: JointValues | None = None, radians: JointValues | None = None) -> None:
        """Where the joints should be; joints that are not named stay where they were when the stream began."""
        self._send(self.to_joints(degrees, radians))

    def rates(self, *, degrees: JointValues | None = None, radians: JointValues | None = None) -> None:
        """How the joints should move [°/s or rad/s; m/s]; joints that are not named rest."""
        self._send(self.at_rates(degrees, radians))

    def twist(self, linear: Vector | None = None, angular: Vector | None = None, *, frame: Frame | None = None) -> None:
        """How the tool should move: [m/s], [rad/s], along the axes of ``frame``; the base's if not given."""
        self._send(self.at_twist(linear, angular, frame))

    def pose(self, pose: Pose) -> None:
        """Where the tool should be; the arm keeps its posture."""
        self._send(self.to_pose(pose))

    def rest(self) -> None:
        """Comes to rest now, limited by jerk."""
        self._send(self.at_rest())

    def __iter__(self) -> Iterator[float]:
        self.pace.restart()
        while True:
            yield self.pace.elapsed()
            time.sleep(self.pace.remaining())

    def __enter__(self) -> Servo:
        return self

    def close(self) -> None:
        """Brings the arm to rest and waits, shortly, until it takes motions again."""
        self.error = None
        with contextlib.suppress(ArmctlError):
            self.rest()
            for _ in range(MOST_LOOKS):
                time.sleep(self.look_period)
                if self._lease.connection.call("state").get("mode") != "servo":
                    return

    def __exit__(self, *_: object) -> None:
        self.close()

    def _send(self, command: tuple[str, dict[str, Any]]) -> None:
        method, params = command
        self.check(self._lease.ended)
        answer = self._lease.connection.send(method, {**params, "token": self._lease.token})
        self.sent += 1
        answer.add_done_callback(self._note_answer)

    def _note_answer(self, answer: Future[Any]) -> None:
        self._lease.note_answer(answer)
        self.note_answered(None if answer.cancelled() else answer.exception())

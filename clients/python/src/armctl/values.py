"""What the server tells, as values. SI throughout: m, rad, s, N, N·m; ``time`` is CLOCK_MONOTONIC in nanoseconds.

Members that this package does not know stay in ``raw``; nothing is lost where the server is newer.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from . import display
from .errors import ProtocolError, RequestError, request_error
from .shapes import as_object, as_text

Mode = Literal["off", "hold", "move", "servo", "comply", "float", "yield", "recover", "stopped", "fault"]
RequestedMode = Literal["hold", "comply", "float", "off"]
Priority = Literal["stop", "terminal", "script", "gaze"]
JobState = Literal["queued", "started", "progress", "paused", "knocked", "recovering", "done", "cancelled", "failed"]

FINAL_STATES = ("done", "cancelled", "failed")


@dataclass(frozen=True)
class Pose:
    """A pose of the tool in the base: ``position`` x, y, z [m]; ``quaternion`` x, y, z, w, of length 1."""

    position: tuple[float, float, float]
    quaternion: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 1.0)

    @classmethod
    def rpy(
        cls,
        position: Sequence[float],
        *,
        degrees: Sequence[float] | None = None,
        radians: Sequence[float] | None = None,
    ) -> Pose:
        """From a position [m] and roll, pitch and yaw about the fixed axes x, then y, then z, as in URDF."""
        if (degrees is None) == (radians is None):
            raise TypeError("Pose.rpy() needs one of degrees= and radians=.")
        angles = [math.radians(a) for a in degrees] if degrees is not None else [float(a) for a in radians or ()]
        roll, pitch, yaw = angles
        sr, cr = math.sin(roll / 2), math.cos(roll / 2)
        sp, cp = math.sin(pitch / 2), math.cos(pitch / 2)
        sy, cy = math.sin(yaw / 2), math.cos(yaw / 2)
        x, y, z = position
        return cls(
            (float(x), float(y), float(z)),
            (
                sr * cp * cy - cr * sp * sy,
                cr * sp * cy + sr * cp * sy,
                cr * cp * sy - sr * sp * cy,
                cr * cp * cy + sr * sp * sy,
            ),
        )

    @property
    def rpy_degrees(self) -> tuple[float, float, float]:
        """Roll, pitch and yaw [°]."""
        x, y, z, w = self.quaternion
        roll = math.atan2(2 * (w * x + y * z), 1 - 2 * (x * x + y * y))
        pitch = math.asin(max(-1.0, min(1.0, 2 * (w * y - z * x))))
        yaw = math.atan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z))
        return (math.degrees(roll), math.degrees(pitch), math.degrees(yaw))

    def wire(self) -> dict[str, list[float]]:
        """As it goes over the socket."""
        return {"position": [float(v) for v in self.position], "quaternion": [float(v) for v in self.quaternion]}

    def __repr__(self) -> str:
        x, y, z = self.position
        roll, pitch, yaw = self.rpy_degrees
        return f"Pose({x:.4f}, {y:.4f}, {z:.4f} m; rpy {roll:.1f}, {pitch:.1f}, {yaw:.1f}°)"


@dataclass(frozen=True)
class Joint:
    """One joint and its limits, in rad or, where ``slides``, in m; None is no limit."""

    name: str
    slides: bool
    lower: float | None
    upper: float | None
    velocity: float | None
    acceleration: float | None
    jerk: float | None
    effort: float | None


@dataclass(frozen=True)
class Configuration:
    """What the arm is: ``config.get``."""

    name: str
    rate: float
    """Ticks of the control loop in a second [Hz]."""
    joints: tuple[Joint, ...]
    poses: Mapping[str, tuple[float, ...]]
    """Named configurations of the arm file [rad; m]."""
    raw: Mapping[str, Any] = field(repr=False, compare=False, default_factory=dict[str, Any])

    @classmethod
    def from_wire(cls, raw: Mapping[str, Any]) -> Configuration:
        """Raises ``ProtocolError`` where the answer is no configuration."""
        try:
            joints = tuple(
                Joint(
                    joint["name"],
                    joint.get("type") == "prismatic",
                    *(joint.get(k) for k in ("lower", "upper", "velocity", "acceleration", "jerk", "effort")),
                )
                for joint in raw["joints"]
            )
            poses = {name: tuple(position) for name, position in raw["poses"].items()}
            return cls(raw["name"], float(raw["rate"]), joints, poses, raw)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ProtocolError("The answer to `config.get` is not a configuration.") from error


class State:
    """One tick's snapshot of the arm.

    A subscription with ``fields`` sends only some of the members; asking for one that was not sent raises
    ``AttributeError``.
    """

    __slots__ = ("configuration", "raw")

    def __init__(self, raw: Mapping[str, Any], configuration: Configuration) -> None:
        self.raw = raw
        self.configuration = configuration

    def _member(self, name: str) -> Any:
        try:
            return self.raw[name]
        except KeyError:
            raise AttributeError(f"This state has no `{name}`; it was not among the fields asked for.") from None

    @property
    def time(self) -> int:
        """CLOCK_MONOTONIC of the tick [ns]."""
        return int(self._member("time"))

    @property
    def tick(self) -> int:
        """Ticks of the control loop so far."""
        return int(self._member("tick"))

    @property
    def mode(self) -> Mode:
        """What the arm does now."""
        mode: Mode = self._member("mode")
        return mode

    @property
    def position(self) -> tuple[float, ...]:
        """Measured joint positions [rad; m]."""
        return tuple(self._member("position"))

    @property
    def degrees(self) -> tuple[float, ...]:
        """Measured joint positions [°]; of joints that slide [m]."""
        joints = self.configuration.joints
        return tuple(q if j.slides else math.degrees(q) for q, j in zip(self.position, joints, strict=False))

    @property
    def velocity(self) -> tuple[float | None, ...]:
        """Measured joint velocities [rad/s; m/s]; None where a drive does not tell, here and below."""
        return tuple(self._member("velocity"))

    @property
    def effort(self) -> tuple[float | None, ...]:
        """Measured joint efforts [N·m; N]."""
        return tuple(self._member("effort"))

    @property
    def external(self) -> tuple[float | None, ...]:
        """Joint efforts that something outside exerts [N·m; N]."""
        return tuple(self._member("external"))

    @property
    def setpoint(self) -> tuple[float, ...]:
        """Where the loop wants the joints now [rad; m]."""
        return tuple(self._member("setpoint"))

    @property
    def pose(self) -> Pose:
        """The tool in the base."""
        pose = self._member("pose")
        return Pose(tuple(pose["position"]), tuple(pose["quaternion"]))

    @property
    def fault(self) -> RequestError | None:
        """The latched fault, if there is one."""
        fault = self._member("fault")
        return None if fault is None else request_error(fault)

    @property
    def homed(self) -> bool:
        """Whether every joint's absolute position is known."""
        return bool(self._member("homed"))

    @property
    def speed(self) -> float:
        """How fast motions run, as a share of what was planned."""
        return float(self._member("speed"))

    @property
    def dropped(self) -> int:
        """States that were lost just before this one because nobody read them."""
        return int(self.raw.get("dropped", 0))

    def __repr__(self) -> str:
        parts = [str(self.raw.get("mode", ""))] if "mode" in self.raw else []
        if "position" in self.raw:
            parts.append("[" + ", ".join(f"{q:.1f}" for q in self.degrees) + "]°")
        if "pose" in self.raw:
            parts.append(repr(self.pose))
        if self.raw.get("fault"):
            parts.append(f"fault: {self.fault}")
        return f"State(tick {self.raw.get('tick', '?')}: {'; '.join(parts)})"

    def _repr_html_(self) -> str:
        return display.state_table(self)


@dataclass(frozen=True)
class Plan:
    """What the planner found."""

    job: int | None
    """None of a dry run."""
    duration: float
    """[s]"""
    end: tuple[float, ...]
    """The configuration at the motion's end [rad; m]."""
    peak_shares: Mapping[str, float]
    """How much of any joint's limits it uses, 0 to 1: ``velocity``, ``acceleration``, ``jerk``."""
    path: tuple[tuple[float, ...], ...] = ()
    """Of a dry run: configurations on the way [rad; m]."""
    clearance: Mapping[str, Any] | None = None
    """Of a dry run: where the arm comes nearest to something, as the wire has it, if there is anything."""
    raw: Mapping[str, Any] = field(repr=False, compare=False, default_factory=dict[str, Any])

    @classmethod
    def from_wire(cls, raw: Mapping[str, Any]) -> Plan:
        """Raises ``ProtocolError`` where the answer is no plan."""
        try:
            job = raw.get("job")
            shares = dict(raw.get("peakShares", {}))
            path = tuple(tuple(position) for position in raw.get("path") or ())
            return cls(
                job=None if job is None else int(job),
                duration=float(raw["duration"]),
                end=tuple(raw["end"]),
                peak_shares=shares,
                path=path,
                clearance=as_object(raw.get("clearance")),
                raw=raw,
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ProtocolError("The answer to a motion is not a plan.") from error


@dataclass(frozen=True)
class JobUpdate:
    """What is known of a job at one moment."""

    job: int
    state: JobState
    time: int
    tick: int
    progress: float | None = None
    """Share of the motion's time that has passed, 0 to 1."""
    reason: RequestError | None = None
    """Why it was cancelled or failed."""
    dropped: int = 0
    """Notifications that were lost just before this one."""
    knocks: int = 0
    """How often the arm was knocked on its way so far."""
    paused_by: str | None = None
    """Who let it pause; None where nobody did."""

    @property
    def is_final(self) -> bool:
        """Whether the job has ended."""
        return self.state in FINAL_STATES

    @classmethod
    def from_wire(cls, raw: Mapping[str, Any]) -> JobUpdate:
        """Raises ``ProtocolError`` where there is no job in it."""
        try:
            job = int(raw["job"])
            progress, reason = raw.get("progress"), raw.get("reason")
            return cls(
                job,
                raw["state"],
                int(raw.get("time", 0)),
                int(raw.get("tick", 0)),
                None if progress is None else float(progress),
                None if reason is None else request_error(reason, job=job),
                int(raw.get("dropped", 0)),
                int(raw.get("knocks", 0)),
                as_text(raw.get("pausedBy")),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise ProtocolError("The update of a job is none.") from error


@dataclass(frozen=True)
class Event:
    """Something that happened: a fault, a knock, a lease that ended, a change of mode.

    ``client.reconnected`` is this package's own: events may have been missed before it.
    """

    kind: str
    message: str
    time: int = 0
    tick: int = 0
    joint: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """Everything that was sent."""

    @property
    def dropped(self) -> int:
        """Notifications that were lost just before this one."""
        return int(self.details.get("dropped", 0))

    @classmethod
    def from_wire(cls, raw: Mapping[str, Any]) -> Event:
        """Whatever came; an event without a kind has an empty one."""
        joint = raw.get("joint")
        return cls(
            str(raw.get("kind", "")),
            str(raw.get("message", "")),
            int(raw.get("time", 0)),
            int(raw.get("tick", 0)),
            joint if isinstance(joint, str) else None,
            raw,
        )

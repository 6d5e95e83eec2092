"""Motions as values, and the six ways to ask for one.

`Motions` is written once and is the face of four things: motions that move and dry runs, each blocking and for asyncio.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeAlias, TypeVar

from .errors import InvalidParameter
from .shapes import as_list, as_object
from .values import Configuration, Pose

Vector: TypeAlias = Sequence[float]
"""Three numbers."""

JointValues: TypeAlias = Sequence[float] | Mapping[str, float]
"""One number a joint in the arm's order, or some joints by name."""

Free = Literal["none", "axis", "position", "plane"]
Frame = Literal["base", "tool"]
OnExpiry = Literal["stop", "finish"]
R = TypeVar("R", covariant=True)


@dataclass(frozen=True)
class JointTarget:
    """Joint positions with their unit. Joints that slide are in metres in either."""

    values: JointValues
    unit: Literal["rad", "deg"]

    @classmethod
    def given(cls, method: str, degrees: JointValues | None, radians: JointValues | None) -> JointTarget:
        """The one of the two that was given."""
        if degrees is not None and radians is None:
            return cls(degrees, "deg")
        if radians is not None and degrees is None:
            return cls(radians, "rad")
        raise TypeError(f"{method}() needs one of degrees= and radians=.")

    @property
    def is_partial(self) -> bool:
        """Whether the joints that are not named keep their setpoint."""
        return isinstance(self.values, Mapping)

    def resolved(self, configuration: Configuration, setpoint: Sequence[float]) -> list[float]:
        """All joints in the arm's order [rad; m].

        Raises:
            InvalidParameter: For a joint that the arm does not have.
        """
        joints = configuration.joints
        if not isinstance(self.values, Mapping):
            slides = [j.slides for j in joints] + [False] * max(0, len(self.values) - len(joints))
            return [self._si(float(v), s) for v, s in zip(self.values, slides, strict=False)]
        names = [j.name for j in joints]
        position = [float(q) for q in setpoint]
        for name, value in self.values.items():
            if name not in names:
                nearest = difflib.get_close_matches(name, names, 1)
                hint = f'; did you mean "{nearest[0]}"?' if nearest else "."
                data = {"field": "position", "try": "one of: " + ", ".join(names)} | ({"nearest": nearest[0]} if nearest else {})
                raise InvalidParameter(f'{configuration.name} has no joint "{name}"{hint}', code=-32602, data=data)
            index = names.index(name)
            position[index] = self._si(float(value), joints[index].slides)
        return position

    def _si(self, value: float, slides: bool) -> float:
        return math.radians(value) if self.unit == "deg" and not slides else value


@dataclass(frozen=True)
class Waypoint:
    """A place on a path: one of ``pose``, ``name``, ``joints``, ``point`` and ``by``."""

    pose: Pose | None = None
    name: str | None = None
    joints: JointTarget | None = None
    point: Vector | None = None
    """The tool centre point in the base [m]; the tool keeps its rotation."""
    by: Vector | None = None
    """An offset of the tool centre point [m]; the tool keeps its rotation."""
    frame: Frame | None = None
    """Whose axes ``by`` is along; the base's if not given."""
    via: Vector | None = None
    """A point of the circle that leads here [m]; straight if not given."""
    blend: float | None = None
    """How far from here the corner may begin [m], of joints [rad]; stops here if not given."""

    def members(self) -> dict[str, Any]:
        """As on the wire, but for joint targets."""
        members: dict[str, Any] = {
            "pose": self.pose.wire() if self.pose else None,
            "name": self.name,
            "position": self.joints,
            "point": _vector(self.point),
            "by": _vector(self.by),
            "frame": self.frame,
            "via": _vector(self.via),
            "blend": self.blend,
        }
        return {name: value for name, value in members.items() if value is not None}


def joints(*, degrees: JointValues | None = None, radians: JointValues | None = None) -> JointTarget:
    """Joint positions as a target; joints that slide are in metres in either."""
    return JointTarget.given("joints", degrees, radians)


@dataclass(frozen=True)
class Motion:
    """A motion that can be asked for: a method of the socket and its parameters."""

    method: str
    members: dict[str, Any]

    @property
    def needs_setpoint(self) -> bool:
        """Whether some of its joints keep the setpoint that they have now."""
        return any(target.is_partial for target in _targets(self.members))

    def parameters(self, configuration: Configuration, setpoint: Sequence[float]) -> dict[str, Any]:
        """As on the wire."""

        def plain(value: Any) -> Any:
            if isinstance(value, JointTarget):
                return value.resolved(configuration, setpoint)
            members, elements = as_object(value), as_list(value)
            if members is not None:
                return {name: plain(member) for name, member in members.items()}
            return value if elements is None else [plain(element) for element in elements]

        return {name: plain(value) for name, value in self.members.items() if value is not None}


class Motions(Generic[R]):
    """The six motions. ``R`` is what becomes of one: a `Job`, a `Plan`, or an awaitable of either.

    Of all:
        speed: Share of the joint limits to use, from 0.001 to 1; 1 if not given.
        acceleration: Share of the accelerations to use, likewise; not with ``retarget``.
        tool_speed: Of lines, circles and paths of the tool how fast it may go at most [m/s].
        wait: Whether to return only when the motion has ended, raising what it failed for.
        retarget: Begin in the midst of what the arm does now, without stopping, and give that up. Not for lines.
        on_expiry: What becomes of the motion when the lease expires: ``stop`` (if not given) or ``finish``.
    """

    def _run(self, motion: Motion, *, wait: bool) -> R:
        raise NotImplementedError

    def move_to(
        self,
        name: str,
        *,
        speed: float | None = None,
        acceleration: float | None = None,
        wait: bool = True,
        retarget: bool | None = None,
        on_expiry: OnExpiry | None = None,
    ) -> R:
        """All joints to a named pose of the arm file."""
        return self._move("move.to", wait, {"name": name}, (speed, acceleration, None), retarget, on_expiry)

    def move_joints(
        self,
        *,
        degrees: JointValues | None = None,
        radians: JointValues | None = None,
        speed: float | None = None,
        acceleration: float | None = None,
        wait: bool = True,
        retarget: bool | None = None,
        on_expiry: OnExpiry | None = None,
    ) -> R:
        """All joints to a configuration, or those that are named while the others keep their setpoint.

        They start and end together. Joints that slide are in metres, whether the others are in degrees or radians.
        """
        target = JointTarget.given("move_joints", degrees, radians)
        return self._move("move.joints", wait, {"position": target}, (speed, acceleration, None), retarget, on_expiry)

    def move_pose(
        self,
        pose: Pose,
        *,
        free: Free | None = None,
        speed: float | None = None,
        acceleration: float | None = None,
        wait: bool = True,
        retarget: bool | None = None,
        on_expiry: OnExpiry | None = None,
    ) -> R:
        """The tool to a pose, the joints by the shortest way. ``free`` says what of the pose does not matter."""
        return self._move("move.pose", wait, {"pose": pose.wire(), "free": free}, (speed, acceleration, None), retarget, on_expiry)

    def move_linear(
        self,
        pose: Pose | None = None,
        *,
        name: str | None = None,
        joints: JointTarget | None = None,
        point: Vector | None = None,
        by: Vector | None = None,
        frame: Frame | None = None,
        speed: float | None = None,
        acceleration: float | None = None,
        tool_speed: float | None = None,
        wait: bool = True,
        on_expiry: OnExpiry | None = None,
    ) -> R:
        """The tool in a straight line to a pose, a named pose, joint positions, a point [m] or by an offset [m]."""
        goal = Waypoint(pose=pose, name=name, joints=joints, point=point, by=by, frame=frame)
        return self._move("move.linear", wait, goal.members(), (speed, acceleration, tool_speed), None, on_expiry)

    def move_circular(
        self,
        via: Vector,
        pose: Pose | None = None,
        *,
        name: str | None = None,
        joints: JointTarget | None = None,
        point: Vector | None = None,
        by: Vector | None = None,
        frame: Frame | None = None,
        speed: float | None = None,
        acceleration: float | None = None,
        tool_speed: float | None = None,
        wait: bool = True,
        on_expiry: OnExpiry | None = None,
    ) -> R:
        """The tool along the circle through ``via``, a point in the base [m], to a goal as of `move_linear`."""
        goal = Waypoint(pose=pose, name=name, joints=joints, point=point, by=by, frame=frame, via=via)
        return self._move("move.circular", wait, goal.members(), (speed, acceleration, tool_speed), None, on_expiry)

    def move_path(
        self,
        waypoints: Iterable[Waypoint | Pose | str | JointTarget],
        *,
        speed: float | None = None,
        acceleration: float | None = None,
        tool_speed: float | None = None,
        wait: bool = True,
        on_expiry: OnExpiry | None = None,
    ) -> R:
        """Through waypoints, without a stop where one has ``blend``; a string is a named pose."""
        members = [_waypoint(waypoint).members() for waypoint in waypoints]
        return self._move("move.path", wait, {"waypoints": members}, (speed, acceleration, tool_speed), None, on_expiry)

    def _move(
        self,
        method: str,
        wait: bool,
        members: dict[str, Any],
        pace: tuple[float | None, float | None, float | None],
        retarget: bool | None,
        on_expiry: OnExpiry | None,
    ) -> R:
        speed, acceleration, tool_speed = pace
        options = {"speed": speed, "acceleration": acceleration, "toolSpeed": tool_speed, "retarget": retarget, "onExpiry": on_expiry}
        return self._run(Motion(method, members | options), wait=wait)


def _waypoint(given: Waypoint | Pose | str | JointTarget) -> Waypoint:
    if isinstance(given, Waypoint):
        return given
    if isinstance(given, Pose):
        return Waypoint(pose=given)
    return Waypoint(name=given) if isinstance(given, str) else Waypoint(joints=given)


def _vector(vector: Vector | None) -> list[float] | None:
    return None if vector is None else [float(v) for v in vector]


def _targets(value: object) -> Iterable[JointTarget]:
    if isinstance(value, JointTarget):
        yield value
    for member in as_list(value) or (as_object(value) or {}).values():
        yield from _targets(member)

"""What can go wrong, each as a type of its own with the facts in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from .shapes import as_integer, as_number, as_object, as_text


class ArmctlError(Exception):
    """Everything that this package raises of its own."""


class ConnectionFailed(ArmctlError, ConnectionError):
    """Nobody answers on the socket, or this user may not use it."""


class ConnectionLost(ArmctlError, ConnectionError):
    """The server went away. Whether the request was carried out is not known, so it is never sent again by itself."""


class NoAnswer(ArmctlError, TimeoutError):
    """No answer within the time given. A motion whose answer comes later is cancelled then."""


class ProtocolError(ArmctlError):
    """What came is not the command socket's protocol."""


class RequestError(ArmctlError):
    """The server refused. Subclasses by ``kind``; this class itself for kinds that this package does not know.

    Attributes:
        kind: Stable name of the reason, such as ``limit.position``.
        code: JSON-RPC's number of it.
        message: One sentence.
        suggestion: What to do about it: the wire's ``try``.
        joint: The joint that it is about, if it is about one.
        value: What was asked for or measured, in the SI unit of ``limit``.
        limit: What is allowed.
        field: The parameter that is wrong.
        nearest: A name that was perhaps meant.
        why: What led to it.
        closest: Of a pose that cannot be reached, the one that comes nearest, as the wire has it.
        record: The file with the last second before a fault.
        job: The number of the job that ended with this error.
        data: Everything that the server sent, including what this package does not know.
    """

    kinds: ClassVar[tuple[str, ...]] = ()

    def __init__(
        self,
        message: str,
        *,
        kind: str = "",
        code: int = 0,
        data: Mapping[str, Any] | None = None,
        job: int | None = None,
    ) -> None:
        facts = dict(data or {})
        self.message = message
        self.kind = kind or next(iter(self.kinds), "")
        self.code = code
        self.data: Mapping[str, Any] = facts
        self.job = job
        self.suggestion = as_text(facts.get("try")) or ""
        self.joint = as_text(facts.get("joint"))
        self.value = as_number(facts.get("value"))
        self.limit = as_number(facts.get("limit"))
        self.field = as_text(facts.get("field"))
        self.nearest = as_text(facts.get("nearest"))
        self.why = as_text(facts.get("why"))
        self.record = as_text(facts.get("record"))
        self.closest: Mapping[str, Any] | None = as_object(facts.get("closest"))
        super().__init__(message)

    def __str__(self) -> str:
        return f"{self.message} Try: {self.suggestion}" if self.suggestion else self.message

    def __reduce__(self) -> tuple[Any, ...]:
        return (_restored, (type(self), self.message, self.kind, self.code, dict(self.data), self.job))


class LeaseError(RequestError):
    """Somebody else may move the arm, or this client no longer."""


class LeaseHeld(LeaseError):
    """Somebody else holds the lease."""

    kinds = ("lease.held",)


class LeaseEnded(LeaseError):
    """The lease of this client has expired, was released or was taken over. ``Arm.acquire()`` asks for it anew."""

    kinds = ("lease.ended",)


class NotHomed(RequestError):
    """A joint's absolute position is not known."""

    kinds = ("not-homed",)


class EmergencyStop(RequestError):
    """The emergency stop is pressed."""

    kinds = ("emergency-stop",)


class Unreachable(RequestError):
    """No configuration brings the tool there; ``why`` and ``closest`` say more."""

    kinds = ("unreachable",)


class Collision(RequestError):
    """The motion would touch something."""

    kinds = ("collision",)


class Singular(RequestError):
    """The tool's path leads through a singular configuration."""

    kinds = ("singular",)


class NoPath(RequestError):
    """No way round the obstacles was found in the time."""

    kinds = ("no-path",)


class Fence(RequestError):
    """A fence of the arm file is in the way."""

    kinds = ("fence",)


class LimitExceeded(RequestError):
    """A joint would pass one of its limits."""


class PositionLimit(LimitExceeded):
    """``joint`` would pass its end."""

    kinds = ("limit.position",)


class VelocityLimit(LimitExceeded):
    """``joint`` would be too fast."""

    kinds = ("limit.velocity",)


class AccelerationLimit(LimitExceeded):
    """``joint`` would accelerate too much."""

    kinds = ("limit.acceleration",)


class JerkLimit(LimitExceeded):
    """The acceleration of ``joint`` would change too fast."""

    kinds = ("limit.jerk",)


class EffortLimit(LimitExceeded):
    """``joint`` would need too much effort."""

    kinds = ("limit.effort",)


class FollowingError(LimitExceeded):
    """``joint`` did not follow its setpoint."""

    kinds = ("limit.following-error",)


class BusError(RequestError):
    """A bus is silent or gone."""

    kinds = ("bus",)


class DriveFault(RequestError):
    """A drive reports a fault."""

    kinds = ("drive-fault",)


class WrongMode(RequestError):
    """Not possible in the present mode."""

    kinds = ("wrong-mode",)


class FaultLatched(RequestError):
    """A fault is latched; ``Arm.reset()`` first."""

    kinds = ("fault-latched",)


class Stopped(RequestError):
    """A stop, a cancellation or another motion ended this one."""

    kinds = ("stopped", "cancelled")


class UnknownJob(RequestError):
    """There is no such job, or it ended long ago."""

    kinds = ("job.unknown",)


class TimeIsOver(RequestError, TimeoutError):
    """The time given to the server is over."""

    kinds = ("timeout",)


class Busy(RequestError):
    """Too many clients, requests or jobs, or a loop that cannot take this now."""

    kinds = ("busy",)


class Unauthorized(RequestError):
    """On TCP the token was not shown, or is wrong."""

    kinds = ("unauthorized",)


class InvalidParameter(RequestError, ValueError):
    """``field`` is unknown, missing, of the wrong type or out of range, or names something that does not exist."""

    kinds = ("parameter",)


class UnknownMethod(RequestError):
    """The server has no such method; perhaps it is older than this client."""

    kinds = ("method",)


class InvalidRequest(RequestError):
    """What was sent is no request."""

    kinds = ("json", "request")


class InternalError(RequestError):
    """The server's own fault."""

    kinds = ("internal",)


def request_error(error: object, *, job: int | None = None) -> RequestError:
    """The exception for what the wire has as ``error``, ``state.fault`` or a job's ``reason``.

    The first has its facts in ``data``, the other two beside the message.
    """
    members = as_object(error) or {}
    data = as_object(members.get("data"))
    facts = {k: v for k, v in members.items() if k != "message"} if data is None else data
    kind = as_text(facts.get("kind")) or ""
    cls = _CLASSES.get(kind) or (LimitExceeded if kind.startswith("limit.") else RequestError)
    return cls(
        as_text(members.get("message")) or "The server refused without a reason.",
        kind=kind,
        code=as_integer(members.get("code")) or 0,
        data=facts,
        job=job,
    )


def _restored(cls: type[RequestError], message: str, kind: str, code: int, data: dict[str, Any], job: int | None) -> RequestError:
    return cls(message, kind=kind, code=code, data=data, job=job)


def _subclasses(cls: type[RequestError]) -> list[type[RequestError]]:
    return [cls] + [below for direct in cls.__subclasses__() for below in _subclasses(direct)]


_CLASSES: dict[str, type[RequestError]] = {kind: cls for cls in _subclasses(RequestError) for kind in cls.kinds}

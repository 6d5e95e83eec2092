"""The arm, for scripts and notebooks."""

from __future__ import annotations

import contextlib
import os
import weakref
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from . import display
from .errors import ArmctlError, LeaseHeld, ProtocolError
from .job import Job
from .lease import Lease
from .motions import JointTarget, JointValues, Motion, Motions
from .scene import Scene
from .servo import Servo
from .session import Session, default_name
from .shapes import as_object
from .socket_path import socket_path
from .subscription import Subscription
from .values import Configuration, Event, JobUpdate, Plan, Priority, RequestedMode, State

T = TypeVar("T")


class Arm(Motions[Job]):
    """A robot arm behind armctl's command socket. Any number of threads may use one.

        with Arm() as arm:
            arm.move_to("home")

    It connects when it is first used. The lease is acquired by the first request that needs it, kept alive by a
    heartbeat, and given back when the ``with`` block ends, or by `release` or `close`. An exception that leaves the block
    cancels the motions under way that this object asked for.

    When the server goes away, requests under way raise `ConnectionLost`. What only reads is asked once more, and the next
    request connects anew, for which the server has ``reconnect`` seconds to come back. What moves the arm is never sent
    twice, and where the lease was lost with the connection the next motion raises `LeaseEnded` until `acquire` is called.

    Args:
        path: The socket, or ``tcp:PORT[:TOKENFILE]``; by default where ``armctl serve`` puts it.
        client: What other clients and the log call this one; by default the program's name and process.
        priority: Of the lease: ``stop``, ``terminal``, ``script`` or ``gaze``, highest first.
        ttl: How long the lease lives after this client's last sign of life [s].
        timeout: How long an answer may take [s]. Waiting for a motion's end has a limit of its own.
        reconnect: How long a server that was there may be gone [s].
        heartbeat: Whether a thread keeps the lease alive; without, only requests do.
    """

    def __init__(
        self,
        path: str | os.PathLike[str] | None = None,
        *,
        client: str | None = None,
        priority: Priority = "script",
        ttl: float = 2.0,
        timeout: float = 10.0,
        reconnect: float = 10.0,
        heartbeat: bool = True,
    ) -> None:
        self._jobs: weakref.WeakSet[Job] = weakref.WeakSet()
        self._servos: weakref.WeakSet[Servo] = weakref.WeakSet()
        servos = self._servos

        def tell(event: Event) -> None:
            for servo in list(servos):
                servo.note(event)

        self._session = Session(
            socket_path(path),
            client or default_name(),
            priority,
            ttl=ttl,
            timeout=timeout,
            reconnect=reconnect,
            heartbeat=heartbeat,
            on_event=tell,
        )

    # The connection

    def connect(self) -> Arm:
        """Connects now instead of at first use.

        Raises:
            ConnectionFailed: If nobody answers there.
        """
        self._session.connected()
        return self

    @property
    def is_connected(self) -> bool:
        """Whether there is a connection that has not failed."""
        return self._session.is_connected

    def close(self) -> None:
        """Gives the lease back and ends the connection; jobs under way go on. The next request connects anew."""
        self._session.close()

    def __enter__(self) -> Arm:
        return self.connect()

    def __exit__(self, error_type: type[BaseException] | None, *_: object) -> None:
        if error_type is not None:
            for job in [job for job in self._jobs if not job.is_done]:
                with contextlib.suppress(ArmctlError):
                    job.cancel()
        self.close()

    def __del__(self) -> None:
        with contextlib.suppress(Exception):
            self.close()

    # What the arm is and does

    @property
    def configuration(self) -> Configuration:
        """Joints with their limits, named poses, the loop's rate. Read once a connection."""
        return self._session.configuration()

    @property
    def name(self) -> str:
        """The arm's."""
        return self.configuration.name

    @property
    def joints(self) -> tuple[str, ...]:
        """Their names, in the order of every joint array."""
        return tuple(joint.name for joint in self.configuration.joints)

    @property
    def poses(self) -> Mapping[str, tuple[float, ...]]:
        """Named configurations of the arm file [rad; m]."""
        return self.configuration.poses

    @property
    def state(self) -> State:
        """At the latest tick."""
        return State(self.call("state"), self.configuration)

    @property
    def scene(self) -> Scene[Mapping[str, Any]]:
        """What is around the arm, and what it carries."""
        return _Scene(self._session)

    def health(self, *, reset: bool = False) -> Mapping[str, Any]:
        """How the control loop and the bus are doing, as ``health`` has it; ``reset`` measures anew from now on."""
        answer: Mapping[str, Any] = self.call("health", {"reset": True} if reset else None)
        return answer

    def call(self, method: str, params: Mapping[str, Any] | None = None, *, timeout: float | None = None) -> Any:
        """Any method of the socket, and its result as it came."""
        return self._session.call(method, params, timeout=timeout)

    # The lease

    @property
    def lease(self) -> Lease | None:
        """The one that this object acquired, perhaps lost since; None where it has none or gave it back."""
        return self._session.lease

    def acquire(self, priority: Priority | None = None, *, ttl: float | None = None, heartbeat: bool | None = None) -> Lease:
        """Takes the right to move the arm now, also anew after a loss. As a ``with`` block it is given back at the end.

        Raises:
            LeaseHeld: While somebody of the same or a higher priority has it.
        """
        return self._session.acquire(priority, ttl, heartbeat)

    def release(self) -> None:
        """Gives the lease back; jobs under way go on. The next motion acquires it anew."""
        self._session.release()

    # Motions; the six kinds of them are those of `Motions`

    def dry_run(self, *, degrees: JointValues | None = None, radians: JointValues | None = None) -> Motions[Plan]:
        """Plans instead of moving: ``arm.dry_run().move_to("home").duration``.

        From where the arm will be at rest, or from the configuration that is given.
        """
        start = None if degrees is None and radians is None else JointTarget.given("dry_run", degrees, radians)
        return _DryRun(self._session, start)

    def servo(self, rate: float = 50.0) -> Servo:
        """A stream of commands: ``with arm.servo(rate=50) as servo: for t in servo: servo.twist((0, 0.05, 0))``."""
        lease = self._session.leased()
        servo = Servo(lease, self.configuration, self.state.setpoint, rate)
        self._servos.add(servo)
        return servo

    def stop(self) -> None:
        """Brakes at once, limited by jerk, and cancels every job. Needs no lease.

        Where the present connection is stuck or lost, another one is made for it.
        """
        self._session.stop()

    def pause(self) -> None:
        """The job under way comes to rest on its path and waits there. Needs no lease."""
        self.call("pause")

    def resume(self, *, back: bool = False) -> None:
        """A paused job goes on, or back along its path to where it began. For who leads the arm, and who has paused it."""
        params = {"direction": "back" if back else "forward"}
        if self.lease is None:
            self.call("resume", params)
        else:
            self._session.lead("resume", params)

    def set_speed(self, share: float) -> None:
        """How fast motions run from now on, the one under way included: 0 to 2 of what was planned.

        Raises:
            LeaseHeld: Where somebody else holds the lease, and this is faster than the arm is now, or was before
                this client slowed it. Slower it may be made by anybody.
        """
        try:
            self._session.lead("speed.set", {"speed": float(share)})
        except LeaseHeld:
            self.call("speed.set", {"speed": float(share)})

    def open_gripper(self) -> None:
        """Returns when the gripper has had the time for it."""
        self._session.lead("gripper.set", {"opening": 1})

    def close_gripper(self) -> None:
        """Returns when the gripper has had the time for it."""
        self._session.lead("gripper.set", {"opening": 0})

    def inputs(self) -> dict[str, bool]:
        """Which of the arm file's digital inputs are on."""
        answer = as_object(self.call("input.get")) or {}
        return {name: level is True for name, level in (as_object(answer.get("inputs")) or {}).items()}

    def set_mode(self, mode: RequestedMode) -> None:
        """``hold`` (switches the motors on), ``comply``, ``float`` or ``off``."""
        self._session.lead("mode.set", {"mode": mode})

    def reset(self) -> None:
        """Leaves the mode ``fault`` when its cause is gone."""
        self._session.lead("fault.reset", {})

    # What comes unasked

    def states(
        self,
        rate: float = 10.0,
        *,
        fields: Sequence[str] | None = None,
        timeout: float | None = None,
        buffer: int = 64,
    ) -> Subscription[State]:
        """States, ``rate`` times a second at most: ``for state in arm.states(rate=50): …``.

        Args:
            rate: [Hz], at most the loop's.
            fields: Members of `State` to send besides ``time`` and ``tick``; all if not given.
            timeout: How long none may come [s] before `NoAnswer`; the arm's own if not given.
            buffer: How many may wait to be taken; the oldest is lost and counted where there are more.
        """
        request: dict[str, Any] = {"topics": ["state"], "rate": float(rate)}
        if fields is not None:
            request["fields"] = list(fields)
        configuration = self.configuration

        def decode(raw: Mapping[str, Any]) -> State:
            return State(raw, configuration)

        return self._subscribe(request, decode, self._session.timeout if timeout is None else timeout, buffer)

    def job_updates(self, *, timeout: float | None = None, buffer: int = 64) -> Subscription[JobUpdate]:
        """Every change of every client's jobs. ``timeout`` as of `states`, but for ever if not given."""
        return self._subscribe({"topics": ["job"]}, JobUpdate.from_wire, timeout, buffer)

    def events(self, *, timeout: float | None = None, buffer: int = 64) -> Subscription[Event]:
        """Faults, knocks, leases, changes of mode. ``timeout`` as of `states`, but for ever if not given."""
        returned = {"kind": "client.reconnected", "message": "The server came back; events may have been missed."}
        return self._subscribe({"topics": ["event"]}, Event.from_wire, timeout, buffer, returned)

    # Inside

    def _run(self, motion: Motion, *, wait: bool) -> Job:
        setpoint = self.state.setpoint if motion.needs_setpoint else ()
        params = motion.parameters(self.configuration, setpoint)
        connection = self._session.connected()
        plan = Plan.from_wire(self._session.lead(motion.method, params))
        if plan.job is None:
            raise ProtocolError(f"The answer to `{motion.method}` has no job.")
        job = Job(connection, plan, plan.job)
        self._jobs.add(job)
        self._session.jobs.add(job)
        if wait:
            job.wait()
        return job

    def _subscribe(
        self,
        request: Mapping[str, Any],
        decode: Callable[[Mapping[str, Any]], T],
        timeout: float | None,
        buffer: int,
        returned: Mapping[str, Any] | None = None,
    ) -> Subscription[T]:
        session = self._session
        return Subscription(
            session.opened, request, decode, timeout=timeout, reconnect=session.reconnect, buffer=buffer, returned=returned
        )

    def __repr__(self) -> str:
        session = self._session
        configuration = session.known_configuration
        if configuration is None:
            return f"Arm({session.path}, not connected yet)"
        lease = f", {session.lease}" if session.lease else ""
        there = "" if session.is_connected else ", not connected"
        return f"Arm({configuration.name}, {len(configuration.joints)} joints, {session.path}{there}{lease})"

    def _repr_html_(self) -> str:
        try:
            return display.state_table(self.state)
        except ArmctlError as error:
            return display.paragraph(repr(self), str(error))


class _Scene(Scene[Mapping[str, Any]]):
    """The scene on the arm's session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def _call(self, method: str, params: Mapping[str, Any]) -> Mapping[str, Any]:
        answer: Mapping[str, Any] = self._session.call(method, params)
        return answer


class _DryRun(Motions[Plan]):
    """Motions that are planned only, on the arm's session."""

    def __init__(self, session: Session, start: JointTarget | None) -> None:
        self._session = session
        self._start = start

    def _run(self, motion: Motion, *, wait: bool) -> Plan:
        session, start = self._session, self._start
        configuration = session.configuration()
        is_partial = motion.needs_setpoint or (start is not None and start.is_partial)
        setpoint = State(session.call("state"), configuration).setpoint if is_partial else ()
        params = motion.parameters(configuration, setpoint) | {"dryRun": True}
        if start is not None:
            params["from"] = start.resolved(configuration, setpoint)
        # Where this session holds the lease its token must come along.
        holds = session.lease is not None and session.lease.ended is None
        return Plan.from_wire(session.lead(motion.method, params) if holds else session.call(motion.method, params))

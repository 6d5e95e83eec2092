"""The arm, for the tasks of one event loop."""

from __future__ import annotations

import contextlib
import os
import weakref
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar

from ..errors import ArmctlError, LeaseHeld, ProtocolError
from ..motions import JointTarget, JointValues, Motion, Motions
from ..scene import Scene
from ..session import default_name
from ..shapes import as_object
from ..socket_path import socket_path
from ..values import Configuration, Event, JobUpdate, Plan, Priority, RequestedMode, State
from .job import Job
from .lease import Lease
from .servo import Servo
from .session import Session
from .subscription import Subscription

T = TypeVar("T")


class Arm(Motions[Awaitable[Job]]):
    """As `armctl.Arm`, with the same arguments and rules; what asks the server is awaited.

    A task that is cancelled while it waits for a motion cancels the motion.
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
        self._session = Session(
            socket_path(path),
            client or default_name(),
            priority,
            ttl=ttl,
            timeout=timeout,
            reconnect=reconnect,
            heartbeat=heartbeat,
            on_event=self._tell,
        )

    # The connection

    async def connect(self) -> Arm:
        """Connects now instead of at first use."""
        await self._session.connected()
        return self

    @property
    def is_connected(self) -> bool:
        """Whether there is a connection that has not failed."""
        return self._session.is_connected

    async def close(self) -> None:
        """Gives the lease back and ends the connection; jobs under way go on. The next request connects anew."""
        await self._session.close()

    async def __aenter__(self) -> Arm:
        return await self.connect()

    async def __aexit__(self, error_type: type[BaseException] | None, *_: object) -> None:
        if error_type is not None:
            for job in [job for job in self._jobs if not job.is_done]:
                with contextlib.suppress(ArmctlError):
                    await job.cancel()
        await self.close()

    # What the arm is and does

    async def configuration(self) -> Configuration:
        """Joints with their limits, named poses, the loop's rate. Read once a connection."""
        return await self._session.configuration()

    async def state(self) -> State:
        """At the latest tick."""
        return State(await self.call("state"), await self.configuration())

    @property
    def scene(self) -> Scene[Awaitable[Mapping[str, Any]]]:
        """What is around the arm, and what it carries."""
        return _Scene(self._session)

    async def health(self, *, reset: bool = False) -> Mapping[str, Any]:
        """How the control loop and the bus are doing, as ``health`` has it; ``reset`` measures anew from now on."""
        answer: Mapping[str, Any] = await self.call("health", {"reset": True} if reset else None)
        return answer

    async def call(self, method: str, params: Mapping[str, Any] | None = None, *, timeout: float | None = None) -> Any:
        """Any method of the socket, and its result as it came."""
        return await self._session.call(method, params, timeout=timeout)

    # The lease

    @property
    def lease(self) -> Lease | None:
        """The one that this object acquired, perhaps lost since; None where it has none or gave it back."""
        return self._session.lease

    async def acquire(self, priority: Priority | None = None, *, ttl: float | None = None, heartbeat: bool | None = None) -> Lease:
        """Takes the right to move the arm now, also anew after a loss: ``async with await arm.acquire(): …``."""
        return await self._session.acquire(priority, ttl, heartbeat)

    async def release(self) -> None:
        """Gives the lease back; jobs under way go on. The next motion acquires it anew."""
        await self._session.release()

    # Motions; the six kinds of them are those of `Motions`

    def dry_run(self, *, degrees: JointValues | None = None, radians: JointValues | None = None) -> Motions[Awaitable[Plan]]:
        """Plans instead of moving: ``(await arm.dry_run().move_to("home")).duration``."""
        start = None if degrees is None and radians is None else JointTarget.given("dry_run", degrees, radians)
        return _DryRun(self._session, start)

    async def servo(self, rate: float = 50.0) -> Servo:
        """A stream of commands: ``async with await arm.servo(rate=50) as servo: async for t in servo: …``."""
        lease = await self._session.leased()
        servo = Servo(lease, await self.configuration(), (await self.state()).setpoint, rate)
        self._servos.add(servo)
        return servo

    async def stop(self) -> None:
        """Brakes at once, limited by jerk, and cancels every job. Needs no lease."""
        await self._session.stop()

    async def pause(self) -> None:
        """The job under way comes to rest on its path and waits there. Needs no lease."""
        await self.call("pause")

    async def resume(self, *, back: bool = False) -> None:
        """A paused job goes on, or back along its path to where it began. For who leads the arm, and who has paused it."""
        params = {"direction": "back" if back else "forward"}
        if self.lease is None:
            await self.call("resume", params)
        else:
            await self._session.lead("resume", params)

    async def set_speed(self, share: float) -> None:
        """How fast motions run from now on, the one under way included: 0 to 2 of what was planned.

        Raises:
            LeaseHeld: Where somebody else holds the lease, and this is faster than the arm is now, or was before
                this client slowed it. Slower it may be made by anybody.
        """
        try:
            await self._session.lead("speed.set", {"speed": float(share)})
        except LeaseHeld:
            await self.call("speed.set", {"speed": float(share)})

    async def open_gripper(self) -> None:
        """Returns when the gripper has had the time for it."""
        await self._session.lead("gripper.set", {"opening": 1})

    async def close_gripper(self) -> None:
        """Returns when the gripper has had the time for it."""
        await self._session.lead("gripper.set", {"opening": 0})

    async def inputs(self) -> dict[str, bool]:
        """Which of the arm file's digital inputs are on."""
        answer = as_object(await self.call("input.get")) or {}
        return {name: level is True for name, level in (as_object(answer.get("inputs")) or {}).items()}

    async def set_mode(self, mode: RequestedMode) -> None:
        """``hold`` (switches the motors on), ``comply``, ``float`` or ``off``."""
        await self._session.lead("mode.set", {"mode": mode})

    async def reset(self) -> None:
        """Leaves the mode ``fault`` when its cause is gone."""
        await self._session.lead("fault.reset", {})

    # What comes unasked

    async def states(
        self, rate: float = 10.0, *, fields: Sequence[str] | None = None, timeout: float | None = None, buffer: int = 64
    ) -> Subscription[State]:
        """States, ``rate`` times a second at most: ``async for state in await arm.states(50): …``."""
        request: dict[str, Any] = {"topics": ["state"], "rate": float(rate)}
        if fields is not None:
            request["fields"] = list(fields)
        configuration = await self.configuration()

        def decode(raw: Mapping[str, Any]) -> State:
            return State(raw, configuration)

        limit = self._session.timeout if timeout is None else timeout
        return await self._subscribe(request, decode, limit, buffer).start()

    async def job_updates(self, *, timeout: float | None = None, buffer: int = 64) -> Subscription[JobUpdate]:
        """Every change of every client's jobs."""
        return await self._subscribe({"topics": ["job"]}, JobUpdate.from_wire, timeout, buffer).start()

    async def events(self, *, timeout: float | None = None, buffer: int = 64) -> Subscription[Event]:
        """Faults, knocks, leases, changes of mode."""
        returned = {"kind": "client.reconnected", "message": "The server came back; events may have been missed."}
        return await self._subscribe({"topics": ["event"]}, Event.from_wire, timeout, buffer, returned).start()

    # Inside

    async def _run(self, motion: Motion, *, wait: bool) -> Job:
        setpoint = (await self.state()).setpoint if motion.needs_setpoint else ()
        params = motion.parameters(await self.configuration(), setpoint)
        connection = await self._session.connected()
        plan = Plan.from_wire(await self._session.lead(motion.method, params))
        if plan.job is None:
            raise ProtocolError(f"The answer to `{motion.method}` has no job.")
        job = Job(connection, plan, plan.job)
        self._jobs.add(job)
        self._session.jobs.add(job)
        if wait:
            await job.wait()
        return job

    def _tell(self, event: Event) -> None:
        for servo in list(self._servos):
            servo.note(event)

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
        name = configuration.name if configuration else "not connected yet"
        return f"Arm({name}, {session.path}{f', {session.lease}' if session.lease else ''})"


class _Scene(Scene[Awaitable[Mapping[str, Any]]]):
    """The scene on the arm's session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def _call(self, method: str, params: Mapping[str, Any]) -> Mapping[str, Any]:
        answer: Mapping[str, Any] = await self._session.call(method, params)
        return answer


class _DryRun(Motions[Awaitable[Plan]]):
    """Motions that are planned only, on the arm's session."""

    def __init__(self, session: Session, start: JointTarget | None) -> None:
        self._session = session
        self._start = start

    async def _run(self, motion: Motion, *, wait: bool) -> Plan:
        session, start = self._session, self._start
        configuration = await session.configuration()
        is_partial = motion.needs_setpoint or (start is not None and start.is_partial)
        setpoint = State(await session.call("state"), configuration).setpoint if is_partial else ()
        params = motion.parameters(configuration, setpoint) | {"dryRun": True}
        if start is not None:
            params["from"] = start.resolved(configuration, setpoint)
        # Where this session holds the lease its token must come along.
        holds = session.lease is not None and session.lease.ended is None
        return Plan.from_wire(await (session.lead(motion.method, params) if holds else session.call(motion.method, params)))

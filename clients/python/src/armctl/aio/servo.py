"""Streams of commands: where to be or how to move, many times a second."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

from ..errors import ArmctlError
from ..motions import Frame, JointValues, Vector
from ..servo import MOST_LOOKS, ServoStream
from ..values import Configuration, Pose
from .lease import Lease


class Servo(ServoStream):
    """As `armctl.Servo`, from ``async with await arm.servo(rate=50) as servo``, paced by ``async for t in servo``."""

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

    async def __aiter__(self) -> AsyncIterator[float]:
        self.pace.restart()
        while True:
            yield self.pace.elapsed()
            await asyncio.sleep(self.pace.remaining())

    async def __aenter__(self) -> Servo:
        return self

    async def close(self) -> None:
        """Brings the arm to rest and waits, shortly, until it takes motions again."""
        self.error = None
        with contextlib.suppress(ArmctlError):
            self.rest()
            for _ in range(MOST_LOOKS):
                await asyncio.sleep(self.look_period)
                if (await self._lease.connection.call("state")).get("mode") != "servo":
                    return

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def _send(self, command: tuple[str, dict[str, Any]]) -> None:
        method, params = command
        self.check(self._lease.ended)
        answer = self._lease.connection.send(method, {**params, "token": self._lease.token})
        self.sent += 1
        answer.add_done_callback(self._note_answer)

    def _note_answer(self, answer: asyncio.Future[Any]) -> None:
        self._lease.note_answer(answer)
        self.note_answered(None if answer.cancelled() else answer.exception())

"""The right to move the arm, kept alive by a task."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

from ..errors import ArmctlError
from ..lease import LOST_CONNECTION, LeaseRecord
from ..values import Priority
from .connection import Connection


class Lease(LeaseRecord):
    """As `armctl.Lease`; its heartbeat is a task, so an event loop that hangs loses it."""

    def __init__(self, connection: Connection, token: str, priority: Priority, ttl: float, *, heartbeat: bool) -> None:
        super().__init__(token, priority, ttl)
        self.connection = connection
        self._beating = asyncio.create_task(self._beat(), name="armctl lease") if heartbeat else None

    async def release(self) -> None:
        """Gives it back. Jobs under way go on."""
        if self.ended:
            return
        self.was_released = True
        self.end("This client released the lease.")
        with contextlib.suppress(ArmctlError):
            await self.connection.call("lease.release", {"token": self.token})

    def note_answer(self, answer: asyncio.Future[Any]) -> None:
        """Takes the answer to a request that carried the token."""
        self.note_error(None if answer.cancelled() else answer.exception())

    def _over(self) -> None:
        if self._beating:
            self._beating.cancel()

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(self.ttl / 4)
            try:
                self.connection.send("lease.renew", {"token": self.token}).add_done_callback(self.note_answer)
            except ArmctlError:
                self.end(LOST_CONNECTION)
                return

    async def __aenter__(self) -> Lease:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.release()

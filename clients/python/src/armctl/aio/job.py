"""Motions under way."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Generator
from typing import Any

from ..errors import NoAnswer, TimeIsOver
from ..job import SLICE, JobRecord
from ..values import JobUpdate, Plan
from .connection import Connection


class Job(JobRecord):
    """As `armctl.Job`. ``await job`` waits for its end; ``async for update in job`` goes through its progress."""

    def __init__(self, connection: Connection, plan: Plan, number: int) -> None:
        super().__init__(plan, number)
        self._connection = connection
        self._changed = asyncio.Event()

    async def wait(self, timeout: float | None = None) -> JobUpdate:
        """Waits for the end; a task that is cancelled meanwhile cancels the job. Errors as of the blocking one."""
        try:
            return self.checked(await self._final(timeout))
        except asyncio.CancelledError:
            self._connection.send("job.cancel", {"job": self.number})
            raise

    async def cancel(self) -> None:
        """Ends it: one that waits is dropped, one that runs brakes on its path; one that has ended stays. Needs no lease."""
        await self._connection.call("job.cancel", {"job": self.number})

    def __await__(self) -> Generator[Any, None, JobUpdate]:
        return self.wait().__await__()

    async def __aiter__(self) -> AsyncIterator[JobUpdate]:
        updates: deque[JobUpdate] = deque([self.latest])
        self.listeners.append(updates)
        try:
            while True:
                while updates:
                    update = updates.popleft()
                    yield update
                    if update.is_final:
                        return
                self._changed.clear()
                try:
                    await asyncio.wait_for(self._changed.wait(), SLICE)
                except asyncio.TimeoutError:
                    await self._ask(0)
        finally:
            self.listeners.remove(updates)

    def note(self, update: JobUpdate) -> None:
        """Takes what the server tells."""
        self.accept(update)
        self._changed.set()

    async def _final(self, timeout: float | None) -> JobUpdate:
        deadline = None if timeout is None else time.monotonic() + timeout
        while not self.latest.is_final:
            remaining = SLICE if deadline is None else min(SLICE, deadline - time.monotonic())
            if remaining < 0:
                raise NoAnswer(f"Job {self.number} has not ended within {timeout:g} s; it is {self.state}.")
            await self._ask(remaining)
        return self.latest

    async def _ask(self, timeout: float) -> None:
        limit = timeout + self._connection.timeout
        try:
            answer = await self._connection.call("job.wait", {"job": self.number, "timeout": timeout}, timeout=limit)
        except TimeIsOver:
            return
        self.note(JobUpdate.from_wire(answer))

"""What the server sends unasked, as asynchronous iterators."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Generic, TypeVar

from ..connection import NotificationHandler
from ..errors import ArmctlError, ConnectionFailed, ConnectionLost, NoAnswer
from ..subscription import LONGEST_PAUSE, Buffer, dropped_before
from ..wire import Notification
from .connection import Connection

T = TypeVar("T")


class Subscription(Generic[T]):
    """As `armctl.Subscription`, for ``async for``. It connects when the first is asked for."""

    def __init__(
        self,
        connect: Callable[[NotificationHandler], Awaitable[Connection]],
        request: Mapping[str, Any],
        decode: Callable[[Mapping[str, Any]], T],
        *,
        timeout: float | None,
        reconnect: float,
        buffer: int,
        returned: Mapping[str, Any] | None = None,
    ) -> None:
        self.dropped = 0
        """Notifications lost so far, here or at the server, because nobody read them."""
        self.reconnects = 0
        self._connect = connect
        self._request = request
        self._topic = request["topics"][0]
        self._decode = decode
        self._timeout = timeout
        self._reconnect = reconnect
        self._returned = returned
        self._buffer = Buffer(buffer)
        self._changed = asyncio.Event()
        self._is_closed = False
        self._connection: Connection | None = None

    async def start(self) -> Subscription[T]:
        """Subscribes now."""
        if self._connection is None:
            self._connection = await self._subscribed()
        return self

    def close(self) -> None:
        """Ends it; an iteration under way ends too."""
        self._is_closed = True
        self._buffer.clear()
        self._changed.set()
        if self._connection:
            self._connection.close()

    def __aiter__(self) -> Subscription[T]:
        return self

    async def __anext__(self) -> T:
        await self.start()
        deadline = None if self._timeout is None else time.monotonic() + self._timeout
        while True:
            params = self._buffer.pop()
            if params is not None:
                self.dropped += dropped_before(params)
                return self._decode(params)
            if self._is_closed:
                raise StopAsyncIteration
            if self._connection and self._connection.failure:
                await self._come_back()
                continue
            remaining = 0.5 if deadline is None else min(0.5, deadline - time.monotonic())
            if remaining <= 0:
                raise NoAnswer(f"No `{self._topic}` came within {self._timeout:g} s.")
            self._changed.clear()
            try:
                await asyncio.wait_for(self._changed.wait(), remaining)
            except asyncio.TimeoutError:
                continue

    async def _come_back(self) -> None:
        deadline = time.monotonic() + self._reconnect
        pause = 0.05
        while not self._is_closed:
            try:
                self._connection = await self._subscribed()
            except (ConnectionFailed, ConnectionLost, NoAnswer):
                if time.monotonic() + pause > deadline:
                    raise
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
                continue
            self.reconnects += 1
            if self._returned is not None:
                self._buffer.append(self._returned)
            return

    async def _subscribed(self) -> Connection:
        connection = await self._connect(self._note)
        try:
            await connection.call("subscribe", self._request)
        except ArmctlError:
            connection.close()
            raise
        return connection

    def _note(self, notification: Notification) -> None:
        if notification.method == self._topic and not self._is_closed:
            self._buffer.append(notification.params)
            self._changed.set()

    async def __aenter__(self) -> Subscription[T]:
        return await self.start()

    async def __aexit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Subscription({self._topic}, {self.dropped} dropped, {self.reconnects} reconnects)"

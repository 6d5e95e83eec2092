"""What the server sends unasked, as iterators."""

from __future__ import annotations

import contextlib
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar

from .connection import Connection
from .errors import ArmctlError, ConnectionFailed, ConnectionLost, NoAnswer
from .wire import Notification

T = TypeVar("T")

LONGEST_PAUSE = 1.0


class Buffer:
    """Notifications that nobody has taken yet.

    The oldest is lost where there are too many, and the next one says how many were.
    """

    def __init__(self, size: int) -> None:
        if size < 1:
            raise ValueError(f"A buffer holds at least one notification, not {size}.")
        self._size = size
        self._items: deque[dict[str, Any]] = deque()

    def append(self, params: Mapping[str, Any]) -> None:
        """Adds the newest."""
        self._items.append(dict(params))
        if len(self._items) > self._size:
            lost = self._items.popleft()
            head = self._items[0]
            head["dropped"] = dropped_before(head) + dropped_before(lost) + 1

    def pop(self) -> dict[str, Any] | None:
        """Takes the oldest, if there is one."""
        return self._items.popleft() if self._items else None

    def clear(self) -> None:
        """Forgets them all."""
        self._items.clear()


class Subscription(Generic[T]):
    """An iterator over one topic, on a connection of its own: whoever reads slowly loses only his own notifications.

    Ends when it is closed. When the server goes away it waits for its return, at most ``reconnect`` seconds, and goes on;
    `reconnects` counts that.
    """

    def __init__(
        self,
        connect: Callable[[Callable[[Notification], None]], Connection],
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
        self._changed = threading.Condition()
        self._is_closed = False
        self._connection = self._subscribed()

    def close(self) -> None:
        """Ends it; an iteration under way ends too."""
        with self._changed:
            self._is_closed = True
            self._buffer.clear()
            self._changed.notify_all()
        self._connection.close()

    def __iter__(self) -> Subscription[T]:
        return self

    def __next__(self) -> T:
        deadline = None if self._timeout is None else time.monotonic() + self._timeout
        while True:
            with self._changed:
                params = self._buffer.pop()
                if params is None and not self._is_closed and not self._connection.failure:
                    remaining = 0.5 if deadline is None else min(0.5, deadline - time.monotonic())
                    if remaining <= 0:
                        raise NoAnswer(f"No `{self._topic}` came within {self._timeout:g} s.")
                    self._changed.wait(remaining)
                    continue
            if params is not None:
                self.dropped += dropped_before(params)
                return self._decode(params)
            if self._is_closed:
                raise StopIteration
            self._come_back()

    def _come_back(self) -> None:
        """Connects anew, with growing pauses."""
        deadline = time.monotonic() + self._reconnect
        pause = 0.05
        while not self._is_closed:
            try:
                self._connection = self._subscribed()
            except (ConnectionFailed, ConnectionLost, NoAnswer):
                if time.monotonic() + pause > deadline:
                    raise
                time.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
                continue
            self.reconnects += 1
            if self._returned is not None:
                self._buffer.append(self._returned)
            return

    def _subscribed(self) -> Connection:
        connection = self._connect(self._note)
        try:
            connection.call("subscribe", self._request)
        except ArmctlError:
            connection.close()
            raise
        return connection

    def _note(self, notification: Notification) -> None:
        if notification.method != self._topic:
            return
        with self._changed:
            if not self._is_closed:
                self._buffer.append(notification.params)
                self._changed.notify()

    def __enter__(self) -> Subscription[T]:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __del__(self) -> None:
        with contextlib.suppress(Exception):
            self._connection.close()

    def __repr__(self) -> str:
        return f"Subscription({self._topic}, {self.dropped} dropped, {self.reconnects} reconnects)"


def dropped_before(params: Mapping[str, Any]) -> int:
    """Notifications that were lost just before this one."""
    dropped = params.get("dropped", 0)
    return dropped if isinstance(dropped, int) else 0

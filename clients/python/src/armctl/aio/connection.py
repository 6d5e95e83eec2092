"""One connection to the server, for the tasks of one event loop."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Mapping
from typing import Any

from .. import wire
from ..connection import NotificationHandler, connected_socket
from ..errors import ArmctlError, ConnectionLost, NoAnswer, ProtocolError
from ..shapes import as_integer, as_object


class Connection:
    """As `armctl.connection.Connection`, for asyncio. Made by `open`."""

    def __init__(self, path: str, timeout: float, on_notification: NotificationHandler | None) -> None:
        self.path = path
        self.timeout = timeout
        self.failure: ArmctlError | None = None
        """Why nothing can be sent any more; None while it lives."""
        self._on_notification = on_notification
        self._pending: dict[int, asyncio.Future[Any]] = {}
        self._abandoned: set[int] = set()
        self._last_id = 0
        self._writer: asyncio.StreamWriter | None = None
        self._reading: asyncio.Task[None] | None = None

    @classmethod
    async def open(cls, path: str, timeout: float = 10.0, on_notification: NotificationHandler | None = None) -> Connection:
        """Connects.

        Raises:
            ConnectionFailed: If nobody answers there.
        """
        connection = cls(path, timeout, on_notification)
        ready = await asyncio.to_thread(connected_socket, path, timeout)
        opened = asyncio.open_connection if ready.family == socket.AF_INET else asyncio.open_unix_connection
        reader, connection._writer = await opened(sock=ready)
        connection._reading = asyncio.create_task(connection._read(reader), name="armctl reader")
        return connection

    async def call(self, method: str, params: Mapping[str, Any] | None = None, *, timeout: float | None = None) -> Any:
        """The result of one request; errors as of the blocking one. A motion that nobody waits for any more is cancelled."""
        limit = self.timeout if timeout is None else timeout
        number, answer = self._send(method, params)
        try:
            return await asyncio.wait_for(asyncio.shield(answer), limit)
        except asyncio.TimeoutError as error:
            if answer.done():
                return answer.result()
            self._abandon(number, method)
            raise NoAnswer(f"The server did not answer `{method}` within {limit:g} s.") from error
        except asyncio.CancelledError:
            self._abandon(number, method)
            raise

    def send(self, method: str, params: Mapping[str, Any] | None = None) -> asyncio.Future[Any]:
        """Sends one request; its answer will be in the future."""
        return self._send(method, params)[1]

    def close(self) -> None:
        """Ends the connection; requests that wait for their answers fail. May be called twice."""
        self._end(ConnectionLost("The connection was closed."))

    def _send(self, method: str, params: Mapping[str, Any] | None) -> tuple[int, asyncio.Future[Any]]:
        if self.failure or self._writer is None:
            raise self.failure or self._lost()
        line = wire.encode(method, params, self._last_id + 1)
        self._last_id += 1
        if self._writer.transport.get_write_buffer_size() > wire.MAXIMUM_REQUEST:
            raise NoAnswer(f"`{method}` could not be sent: the server does not read.")
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        # Nobody may be left to take what it fails with.
        answer.add_done_callback(lambda done: done.cancelled() or done.exception())
        self._pending[self._last_id] = answer
        self._writer.write(line)
        return self._last_id, answer

    def _abandon(self, number: int, method: str) -> None:
        if self._pending.pop(number, None) is not None and method.startswith("move."):
            self._abandoned.add(number)
            with contextlib.suppress(ArmctlError):
                self.send("request.cancel", {"id": number})

    async def _read(self, reader: asyncio.StreamReader) -> None:
        decoder = wire.Decoder()
        failure: ArmctlError = self._lost()
        try:
            while data := await reader.read(1 << 16):
                for message in decoder.feed(data):
                    self._take(message)
        except ProtocolError as error:
            failure = error
        except OSError:
            pass
        finally:
            self._end(failure)

    def _take(self, message: wire.Message) -> None:
        if isinstance(message, wire.Notification):
            if self._on_notification:
                self._on_notification(message)
            return
        if message.id is None:
            # The server could not tell which request it is about, and answers no other on this connection.
            self._end(message.error or self._lost())
            return
        if message.id in self._abandoned:
            self._abandoned.discard(message.id)
            job = as_integer((as_object(message.result) or {}).get("job"))
            if job is not None:
                self.send("job.cancel", {"job": job})
        answer = self._pending.pop(message.id, None)
        if answer is None or answer.done():
            return
        if message.error:
            answer.set_exception(message.error)
        else:
            answer.set_result(message.result)

    def _lost(self) -> ConnectionLost:
        return ConnectionLost(f"The server on {self.path} closed the connection.")

    def _end(self, failure: ArmctlError) -> None:
        if self.failure:
            return
        self.failure = failure
        for answer in self._pending.values():
            if not answer.done():
                answer.set_exception(failure)
        self._pending.clear()
        if self._writer:
            # The loop may be closed already.
            with contextlib.suppress(RuntimeError):
                self._writer.close()

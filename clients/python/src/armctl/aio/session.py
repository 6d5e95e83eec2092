"""A client's standing with the server: its connection, which comes back, and its lease, which does not."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import Any

from ..connection import NotificationHandler
from ..errors import ArmctlError, ConnectionFailed, ConnectionLost, NoAnswer, ProtocolError
from ..job import JobBook
from ..lease import LOST_CONNECTION
from ..session import HARMLESS, PROTOCOL
from ..values import Configuration, Event, JobUpdate, Priority
from ..wire import Notification
from .connection import Connection
from .job import Job
from .lease import Lease


class Session:
    """As `armctl.session.Session`, for the tasks of one event loop."""

    def __init__(
        self,
        path: str,
        client: str,
        priority: Priority,
        *,
        ttl: float,
        timeout: float,
        reconnect: float,
        heartbeat: bool,
        on_event: Callable[[Event], None],
    ) -> None:
        self.path = path
        self.timeout = timeout
        self.reconnect = reconnect
        self.lease: Lease | None = None
        self.jobs: JobBook[Job] = JobBook()
        self.known_configuration: Configuration | None = None
        """What the latest connection told, if there was one."""
        self._client = client
        self._priority: Priority = priority
        self._ttl = ttl
        self._heartbeat = heartbeat
        self._on_event = on_event
        self._lock = asyncio.Lock()
        self._connection: Connection | None = None

    @property
    def is_connected(self) -> bool:
        """Whether there is a connection that has not failed."""
        return self._connection is not None and self._connection.failure is None

    async def configuration(self) -> Configuration:
        """What the arm is; connects where there is no connection."""
        await self.connected()
        if self.known_configuration is None:
            raise ProtocolError("The server did not say what the arm is.")
        return self.known_configuration

    async def connected(self) -> Connection:
        """The connection, made where there is none; errors as of the blocking one."""
        async with self._lock:
            if self._connection is None:
                self._connection = await self._greeted()
            elif self._connection.failure:
                if self.lease:
                    self.lease.end(LOST_CONNECTION)
                self._connection = await self._found_again()
            return self._connection

    async def opened(self, on_notification: NotificationHandler | None) -> Connection:
        """Another connection under the same name."""
        connection = await Connection.open(self.path, self.timeout, on_notification)
        await self._ask(connection, "hello", {"protocol": PROTOCOL, "client": self._client, "role": self._priority})
        return connection

    async def close(self) -> None:
        """Gives the lease back and ends the connection; the next request makes another."""
        await self.release()
        connection, self._connection = self._connection, None
        if connection:
            connection.close()

    async def _found_again(self) -> Connection:
        deadline = time.monotonic() + self.reconnect
        pause = 0.05
        while True:
            try:
                return await self._greeted()
            except (ConnectionFailed, ConnectionLost):
                if time.monotonic() + pause > deadline:
                    raise
            await asyncio.sleep(pause)
            pause = min(2 * pause, 0.5)

    async def _greeted(self) -> Connection:
        """A new connection, introduced and told of jobs and events."""
        self.jobs = JobBook()
        connection = await self.opened(self._note)
        self.known_configuration = Configuration.from_wire(await self._ask(connection, "config.get"))
        await self._ask(connection, "subscribe", {"topics": ["job", "event"]})
        return connection

    @staticmethod
    async def _ask(connection: Connection, method: str, params: Mapping[str, Any] | None = None) -> Any:
        try:
            return await connection.call(method, params)
        except BaseException:
            connection.close()
            raise

    def _note(self, notification: Notification) -> None:
        try:
            if notification.method == "job":
                self.jobs.note(JobUpdate.from_wire(notification.params))
            elif notification.method == "event":
                event = Event.from_wire(notification.params)
                if self.lease:
                    self.lease.note(event, self._client)
                self._on_event(event)
        except ProtocolError:
            # One that cannot be read tells nothing; the answers that matter come by themselves.
            return

    async def call(self, method: str, params: Mapping[str, Any] | None = None, *, timeout: float | None = None) -> Any:
        """A request that needs no lease. One that moves nothing is asked once more where the connection is lost."""
        try:
            return await (await self.connected()).call(method, params, timeout=timeout)
        except ConnectionLost:
            if method not in HARMLESS:
                raise
        return await (await self.connected()).call(method, params, timeout=timeout)

    async def lead(self, method: str, params: Mapping[str, Any]) -> Any:
        """A request that needs the lease."""
        lease = await self.leased()
        try:
            return await lease.connection.call(method, {**params, "token": lease.token})
        except ArmctlError as error:
            lease.note_error(error)
            raise

    async def stop(self) -> None:
        """`stop`, on a connection of its own where the present one is stuck or lost."""
        connection = self._connection
        if connection is not None and connection.failure is None:
            try:
                await connection.call("stop", timeout=0.5)
                return
            except (ConnectionLost, NoAnswer, ProtocolError):
                pass
        another = await Connection.open(self.path, self.timeout)
        try:
            await another.call("stop")
        finally:
            another.close()

    async def leased(self) -> Lease:
        """The lease, acquired where there is none yet; raises `LeaseEnded` if it was lost."""
        await self.connected()
        lease = self.lease
        if lease is None or lease.was_released:
            return await self.acquire(None, None, None)
        if lease.ended:
            raise lease.ended
        return lease

    async def acquire(self, priority: Priority | None, ttl: float | None, heartbeat: bool | None) -> Lease:
        """Takes the lease now; what is not given is the session's own."""
        wanted = priority or self._priority
        answer = await self.call("lease.acquire", {"priority": wanted, "ttl": self._ttl if ttl is None else ttl})
        connection = await self.connected()
        if self.lease:
            self.lease.end("The lease was acquired anew.")
        beats = self._heartbeat if heartbeat is None else heartbeat
        try:
            self.lease = Lease(connection, str(answer["token"]), wanted, float(answer["ttl"]), heartbeat=beats)
        except (KeyError, TypeError, ValueError) as error:
            raise ProtocolError("The answer to `lease.acquire` is no lease.") from error
        return self.lease

    async def release(self) -> None:
        """Gives the lease back, if there is one."""
        lease, self.lease = self.lease, None
        if lease:
            await lease.release()

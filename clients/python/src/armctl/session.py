"""A client's standing with the server: its connection, which comes back, and its lease, which does not."""

from __future__ import annotations

import os
import sys
import threading
import time
import weakref
from collections.abc import Callable, Mapping
from typing import Any

from .connection import Connection, NotificationHandler
from .errors import ArmctlError, ConnectionFailed, ConnectionLost, NoAnswer, ProtocolError
from .job import Job, JobBook
from .lease import LOST_CONNECTION, Lease
from .values import Configuration, Event, JobUpdate, Priority
from .wire import Notification

PROTOCOL = 1

HARMLESS = frozenset({"hello", "state", "config.get", "health", "lease.acquire"})
"""Methods that move nothing: the only ones that are asked once more after a connection was lost."""


class Session:
    """What `Arm` stands on. Its arguments are `Arm`'s; ``on_event`` is called on the reading thread."""

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
        self.client = client
        self.timeout = timeout
        self.reconnect = reconnect
        self.lease: Lease | None = None
        self.jobs: JobBook[Job] = JobBook()
        self._priority: Priority = priority
        self._ttl = ttl
        self._heartbeat = heartbeat
        self._on_event = on_event
        self._lock = threading.RLock()
        self._connection: Connection | None = None
        self._configuration: Configuration | None = None

    # The connection

    @property
    def is_connected(self) -> bool:
        """Whether there is a connection that has not failed."""
        return self._connection is not None and self._connection.failure is None

    @property
    def known_configuration(self) -> Configuration | None:
        """What the latest connection told, if there was one."""
        return self._configuration

    def configuration(self) -> Configuration:
        """What the arm is; connects where there is no connection."""
        self.connected()
        if self._configuration is None:
            raise ProtocolError("The server did not say what the arm is.")
        return self._configuration

    def connected(self) -> Connection:
        """The connection, made where there is none.

        Raises:
            ConnectionFailed: If nobody answers there, or a server that was there does not come back in time.
        """
        with self._lock:
            if self._connection is None:
                self._connection = self._greeted()
            elif self._connection.failure:
                if self.lease:
                    self.lease.end(LOST_CONNECTION)
                self._connection = self._found_again()
            return self._connection

    def opened(self, on_notification: NotificationHandler | None) -> Connection:
        """Another connection under the same name."""
        connection = Connection(self.path, timeout=self.timeout, on_notification=on_notification)
        self._ask(connection, "hello", {"protocol": PROTOCOL, "client": self.client, "role": self._priority})
        return connection

    def close(self) -> None:
        """Gives the lease back and ends the connection; the next request makes another."""
        self.release()
        with self._lock:
            connection, self._connection = self._connection, None
        if connection:
            connection.close()

    def _found_again(self) -> Connection:
        deadline = time.monotonic() + self.reconnect
        pause = 0.05
        while True:
            try:
                return self._greeted()
            except (ConnectionFailed, ConnectionLost):
                if time.monotonic() + pause > deadline:
                    raise
            time.sleep(pause)
            pause = min(2 * pause, 0.5)

    def _greeted(self) -> Connection:
        """A new connection, introduced and told of jobs and events."""
        self.jobs = JobBook()
        # The reading thread must not keep a session alive that nobody uses any more.
        note = weakref.WeakMethod(self._note)

        def forward(notification: Notification) -> None:
            method = note()
            if method:
                method(notification)

        connection = self.opened(forward)
        self._configuration = Configuration.from_wire(self._ask(connection, "config.get"))
        self._ask(connection, "subscribe", {"topics": ["job", "event"]})
        return connection

    @staticmethod
    def _ask(connection: Connection, method: str, params: Mapping[str, Any] | None = None) -> Any:
        try:
            return connection.call(method, params)
        except ArmctlError:
            connection.close()
            raise

    def _note(self, notification: Notification) -> None:
        try:
            if notification.method == "job":
                self.jobs.note(JobUpdate.from_wire(notification.params))
            elif notification.method == "event":
                event = Event.from_wire(notification.params)
                if self.lease:
                    self.lease.note(event, self.client)
                self._on_event(event)
        except ProtocolError:
            # One that cannot be read tells nothing; the answers that matter come by themselves.
            return

    # Requests

    def call(self, method: str, params: Mapping[str, Any] | None = None, *, timeout: float | None = None) -> Any:
        """A request that needs no lease. One that moves nothing is asked once more where the connection is lost."""
        try:
            return self.connected().call(method, params, timeout=timeout)
        except ConnectionLost:
            if method not in HARMLESS:
                raise
        return self.connected().call(method, params, timeout=timeout)

    def lead(self, method: str, params: Mapping[str, Any]) -> Any:
        """A request that needs the lease."""
        lease = self.leased()
        reply = self.connected().send(method, {**params, "token": lease.token})
        reply.add_done_callback(lease.note_answer)
        return lease.connection.wait(reply)

    def stop(self) -> None:
        """`stop`, on a connection of its own where the present one is stuck or lost."""
        connection = self._connection
        if connection is not None and connection.failure is None:
            try:
                connection.call("stop", timeout=0.5)
                return
            except (ConnectionLost, NoAnswer, ProtocolError):
                pass
        another = Connection(self.path, timeout=self.timeout)
        try:
            another.call("stop")
        finally:
            another.close()

    # The lease

    def leased(self) -> Lease:
        """The lease, acquired where there is none yet.

        Raises:
            LeaseEnded: If it was lost.
        """
        with self._lock:
            self.connected()
            lease = self.lease
            if lease is None or lease.was_released:
                return self.acquire(None, None, None)
            if lease.ended:
                raise lease.ended
            return lease

    def acquire(self, priority: Priority | None, ttl: float | None, heartbeat: bool | None) -> Lease:
        """Takes the lease now; what is not given is the session's own."""
        with self._lock:
            wanted = priority or self._priority
            answer = self.call("lease.acquire", {"priority": wanted, "ttl": self._ttl if ttl is None else ttl})
            if self.lease:
                self.lease.end("The lease was acquired anew.")
            beats = self._heartbeat if heartbeat is None else heartbeat
            try:
                self.lease = Lease(self.connected(), str(answer["token"]), wanted, float(answer["ttl"]), heartbeat=beats)
            except (KeyError, TypeError, ValueError) as error:
                raise ProtocolError("The answer to `lease.acquire` is no lease.") from error
            return self.lease

    def release(self) -> None:
        """Gives the lease back, if there is one."""
        with self._lock:
            lease, self.lease = self.lease, None
        if lease:
            lease.release()


def default_name() -> str:
    """The program and its process: names tell clients apart."""
    program = os.path.basename(sys.argv[0] if sys.argv else "") or "python"
    return f"{program[:40]} {os.getpid()}"

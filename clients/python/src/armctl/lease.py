"""The right to move the arm, kept alive by a heartbeat."""

from __future__ import annotations

import contextlib
import threading
from concurrent.futures import Future
from typing import Any

from .connection import Connection
from .errors import ArmctlError, LeaseEnded
from .values import Event, Priority

LOST_CONNECTION = "The connection to the server was lost, and the lease with it."


class LeaseRecord:
    """What is known of a lease; no input or output.

    One that was lost does not come back by itself, as somebody else may have moved the arm meanwhile: the next motion
    raises `LeaseEnded` until ``Arm.acquire()`` is called.
    """

    def __init__(self, token: str, priority: Priority, ttl: float) -> None:
        self.token = token
        self.priority = priority
        self.ttl = ttl
        """How long it lives after this client's last message [s]."""
        self.ended: LeaseEnded | None = None
        """Why it is over; None while it is held."""
        self.was_released = False

    def end(self, message: str) -> None:
        """Notes that it is over."""
        if self.ended is None:
            data = {"kind": "lease.ended", "try": "acquire() it anew, once it is safe to go on"}
            self.ended = LeaseEnded(message, code=-32001, data=data)
        self._over()

    def note(self, event: Event, own_name: str) -> None:
        """Takes the news of a lease that ended; it is this one if the holder has our name."""
        if event.kind in ("lease.lost", "lease.expired") and event.details.get("holder") == own_name:
            self.end(event.message)

    def note_error(self, error: BaseException | None) -> None:
        """Takes what a request that carried the token was refused for, if it was."""
        if isinstance(error, LeaseEnded):
            self.end(error.message)

    def _over(self) -> None:
        """Ends the heartbeat."""

    def __repr__(self) -> str:
        return f"Lease({self.priority}, {'ended: ' + self.ended.message if self.ended else f'held, ttl {self.ttl:g} s'})"


class Lease(LeaseRecord):
    """The right to move the arm, from ``Arm.acquire()`` until `release`, the end of its ``with`` block, or a loss.

    A thread renews it four times within its ``ttl``: while the process lives, the lease does. Without the heartbeat only
    requests of the program itself renew it, and a program that hangs loses it.
    """

    def __init__(self, connection: Connection, token: str, priority: Priority, ttl: float, *, heartbeat: bool) -> None:
        super().__init__(token, priority, ttl)
        self.connection = connection
        self._is_over = threading.Event()
        if heartbeat:
            threading.Thread(target=self._beat, name="armctl lease", daemon=True).start()

    def release(self) -> None:
        """Gives it back. Jobs under way go on."""
        if self.ended:
            return
        self.was_released = True
        self.end("This client released the lease.")
        with contextlib.suppress(ArmctlError):
            self.connection.call("lease.release", {"token": self.token})

    def note_answer(self, answer: Future[Any]) -> None:
        """Takes the answer to a request that carried the token."""
        self.note_error(None if answer.cancelled() else answer.exception())

    def _over(self) -> None:
        self._is_over.set()

    def _beat(self) -> None:
        while not self._is_over.wait(self.ttl / 4):
            try:
                self.connection.send("lease.renew", {"token": self.token}).add_done_callback(self.note_answer)
            except ArmctlError:
                self.end(LOST_CONNECTION)

    def __enter__(self) -> Lease:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

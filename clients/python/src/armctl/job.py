"""Motions under way."""

from __future__ import annotations

import threading
import time
import weakref
from collections import deque
from collections.abc import Iterator
from typing import Generic, TypeVar

from . import display
from .connection import Connection
from .errors import NoAnswer, TimeIsOver, UnknownJob
from .values import JobState, JobUpdate, Plan

SLICE = 5.0
"""How long one `job.wait` is let wait at the server before it is asked again [s]: so a frozen server is noticed."""


class JobRecord:
    """What is known of a job; no input or output. Its number is the server's, and means nothing to another one."""

    def __init__(self, plan: Plan, number: int) -> None:
        self.number = number
        self.plan = plan
        """What the planner found: duration, end, share of the limits."""
        self.latest = JobUpdate(number, "queued", 0, 0)
        """The latest that was told of it."""
        self.listeners: list[deque[JobUpdate]] = []

    @property
    def state(self) -> JobState:
        """Such as ``started`` or ``done``."""
        return self.latest.state

    @property
    def progress(self) -> float:
        """Share of the motion's time that has passed, 0 to 1."""
        return self.latest.progress or 0.0

    @property
    def is_done(self) -> bool:
        """Whether it has ended, however."""
        return self.latest.is_final

    def accept(self, update: JobUpdate) -> None:
        """Notes an update; none comes after the end."""
        if self.latest.is_final:
            return
        self.latest = update
        for listener in self.listeners:
            listener.append(update)

    def note(self, update: JobUpdate) -> None:
        """Takes what the server tells, and wakes who waits for it."""
        raise NotImplementedError

    def checked(self, final: JobUpdate) -> JobUpdate:
        """The end of a job that is ``done``.

        Raises:
            RequestError: Why it failed or was cancelled.
        """
        if final.state == "done":
            return final
        raise final.reason or UnknownJob(f"Job {self.number} was {final.state}.", job=self.number)

    def __repr__(self) -> str:
        percent = "" if self.latest.progress is None else f" {100 * self.progress:.0f} %"
        knocks = f", knocked {self.latest.knocks}×" if self.latest.knocks else ""
        reason = f": {self.latest.reason}" if self.latest.reason else ""
        return f"Job({self.number}: {self.state}{percent} of {self.plan.duration:.2f} s{knocks}{reason})"

    def _repr_html_(self) -> str:
        share = 1.0 if self.state == "done" else self.latest.progress
        reason = self.latest.reason
        note = f"of {self.plan.duration:.2f} s" + (f" — {reason}" if reason else "")
        return display.progress_bar(f"job {self.number}: {self.state}", share, note)


class Job(JobRecord):
    """A motion that was planned and will run, runs or ran.

    ``for update in job`` goes through its progress until it has ended, without raising what it failed for.
    """

    def __init__(self, connection: Connection, plan: Plan, number: int) -> None:
        super().__init__(plan, number)
        self._connection = connection
        self._changed = threading.Condition()

    def wait(self, timeout: float | None = None) -> JobUpdate:
        """Waits for the end, at most ``timeout`` seconds; for ever if not given.

        Ctrl-C meanwhile cancels the job: the arm brakes on its path.

        Raises:
            RequestError: Why it failed or was cancelled, of the type that belongs to the reason, such as `Stopped`.
            NoAnswer: If it has not ended in time; it goes on.
            ConnectionLost: If the server went away; what became of the job is not known.
        """
        try:
            return self.checked(self._final(timeout))
        except KeyboardInterrupt:
            self.cancel()
            raise

    def cancel(self) -> None:
        """Ends it: one that waits is dropped, one that runs brakes on its path; one that has ended stays. Needs no lease."""
        self._connection.call("job.cancel", {"job": self.number})

    def note(self, update: JobUpdate) -> None:
        """Takes what the server tells."""
        with self._changed:
            self.accept(update)
            self._changed.notify_all()

    def __iter__(self) -> Iterator[JobUpdate]:
        updates: deque[JobUpdate] = deque()
        with self._changed:
            updates.append(self.latest)
            self.listeners.append(updates)
        try:
            while True:
                while updates:
                    update = updates.popleft()
                    yield update
                    if update.is_final:
                        return
                with self._changed:
                    is_told = bool(updates) or self._changed.wait(SLICE)
                if not is_told:
                    self._ask(0)
        finally:
            with self._changed:
                self.listeners.remove(updates)

    def _final(self, timeout: float | None) -> JobUpdate:
        deadline = None if timeout is None else time.monotonic() + timeout
        while not self.latest.is_final:
            remaining = SLICE if deadline is None else min(SLICE, deadline - time.monotonic())
            if remaining < 0:
                raise NoAnswer(f"Job {self.number} has not ended within {timeout:g} s; it is {self.state}.")
            self._ask(remaining)
        return self.latest

    def _ask(self, timeout: float) -> None:
        limit = timeout + self._connection.timeout
        try:
            answer = self._connection.call("job.wait", {"job": self.number, "timeout": timeout}, timeout=limit)
        except TimeIsOver:
            return
        self.note(JobUpdate.from_wire(answer))


AnyJob = TypeVar("AnyJob", bound=JobRecord)


class JobBook(Generic[AnyJob]):
    """Brings the updates of one connection to their jobs, also those that came before the job's own answer."""

    _MEMORY = 64

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._jobs: weakref.WeakValueDictionary[int, AnyJob] = weakref.WeakValueDictionary()
        self._early: dict[int, JobUpdate] = {}

    def add(self, job: AnyJob) -> None:
        """From now on the job is told."""
        with self._lock:
            self._jobs[job.number] = job
            early = self._early.pop(job.number, None)
        if early:
            job.note(early)

    def note(self, update: JobUpdate) -> None:
        """Takes what the server tells of any job."""
        with self._lock:
            job = self._jobs.get(update.job)
            if job is None:
                self._early[update.job] = update
                if len(self._early) > self._MEMORY:
                    del self._early[next(iter(self._early))]
        if job:
            job.note(update)

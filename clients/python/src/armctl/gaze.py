"""Gaze samples on their way to armctl: one JSON object a line, or a datagram.

    {"t": 123456789, "x": 0.5, "y": 0.25, "conf": 0.9, "valid": true}

``t`` is CLOCK_MONOTONIC in nanoseconds; ``x`` and ``y`` are shares of the screen from its upper left corner; ``conf`` is
how sure the tracker is, 0 to 1.
"""

from __future__ import annotations

import json
import math
import socket
import sys
import time
from dataclasses import dataclass
from types import TracebackType
from typing import TextIO
from urllib.parse import urlsplit

from .socket_path import socket_path


@dataclass(frozen=True)
class GazeSample:
    """Where somebody looks at one moment; not ``valid`` while the tracker does not see the eyes."""

    x: float
    y: float
    conf: float = 1.0
    valid: bool = True
    t: int | None = None
    """[ns]; now if not given."""

    def line(self) -> str:
        """As it is sent. What is not a number cannot be valid, and is sent as 0."""
        numbers = (self.x, self.y, self.conf)
        is_valid = self.valid and all(map(math.isfinite, numbers))
        x, y, conf = numbers if is_valid else (0.0, 0.0, 0.0)
        t = time.monotonic_ns() if self.t is None else self.t
        return json.dumps({"t": t, "x": x, "y": y, "conf": conf, "valid": is_valid}, separators=(",", ":"))


class GazeSender:
    """Sends samples to ``udp://HOST:PORT``, to ``socket:`` or ``socket:PATH``, the command socket, or as lines to standard output for ``-``.

    A listener that is not there yet is no error: gaze is only worth something when it is new.
    """

    def __init__(self, target: str, *, output: TextIO | None = None) -> None:
        self.lost = 0
        """Samples that could not be sent."""
        self._output: TextIO | None = None
        self._socket: socket.socket | None = None
        self._is_server = False
        self._unsent = b""
        if target == "-":
            self._output = output or sys.stdout
            return
        self._is_server = target == "socket:" or target.startswith("socket:/")
        if self._is_server:
            self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            self._socket.connect(socket_path(target[len("socket:") :] or None))
            self._socket.setblocking(False)
            return
        address = urlsplit(target)
        if address.scheme != "udp" or not address.hostname or not address.port:
            raise ValueError(f"Gaze goes to udp://HOST:PORT, to socket: or to -, not to {target!r}.")
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.connect((address.hostname, address.port))
        self._socket.setblocking(False)

    def send(self, sample: GazeSample) -> None:
        """Sends one sample; never waits for a network."""
        line = sample.line()
        if self._output:
            print(line, file=self._output, flush=True)
        elif self._socket:
            try:
                if self._is_server:
                    self._tell(line)
                else:
                    self._socket.send(line.encode())
            except OSError:
                self.lost += 1

    def _tell(self, sample: str) -> None:
        """As a notification of JSON-RPC, which nobody answers; what the server says nevertheless, of broken ones, is thrown away.

        Raises:
            OSError: If the server does not take it now. The rest of a line that was begun goes first next time.
        """
        assert self._socket
        if not self._unsent:
            self._unsent = f'{{"jsonrpc":"2.0","method":"gaze.look","params":{{"samples":[{sample}]}}}}\n'.encode()
            self._unsent = self._unsent[self._socket.send(self._unsent) :]
            return
        self._unsent = self._unsent[self._socket.send(self._unsent) :]
        raise BlockingIOError("The server is slow.")

    def close(self) -> None:
        """Ends it."""
        if self._socket:
            self._socket.close()

    def __enter__(self) -> GazeSender:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        self.close()

"""A server that does as a test tells it: answers like the real one, or breaks the rules in one way."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import tempfile
import threading
from collections.abc import Callable
from typing import Any

JOINTS = ("waist", "lift", "elbow")
CONFIGURATION: dict[str, Any] = {
    "name": "fake",
    "rate": 500,
    "joints": [
        {"name": "waist", "type": "revolute", "lower": -3, "upper": 3, "velocity": 2, "acceleration": None},
        {"name": "lift", "type": "prismatic", "lower": 0, "upper": 0.4, "velocity": 0.5, "news": "unknown to this client"},
        {"name": "elbow", "type": "revolute", "lower": None, "upper": None, "velocity": 2},
    ],
    "poses": {"home": [0, 0.1, 1.5]},
}
STATE: dict[str, Any] = {
    "time": 8231456000000,
    "tick": 4,
    "mode": "hold",
    "position": [0.5, 0.2, 1.0],
    "velocity": [0, 0, 0],
    "effort": [0, 1.5, None],
    "external": [None, None, None],
    "setpoint": [0.5, 0.2, 1.0],
    "pose": {"position": [0.3, 0, 0.25], "quaternion": [0, 0, 0, 1]},
    "fault": None,
    "homed": True,
    "speed": 1,
    "wrench": [1, 2, 3, 4, 5, 6],
}
PLAN: dict[str, Any] = {"job": 1, "duration": 1.25, "end": [0, 0.1, 1.5], "peakShares": {"velocity": 1}, "news": {}}


class Refused(Exception):
    """A handler's way to answer with an error."""

    def __init__(self, code: int, message: str, **data: Any) -> None:
        super().__init__(message)
        self.error = {"code": code, "message": message, "data": data}


class Client:
    """One connection, as the server has it."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection

    def send(self, value: Any) -> None:
        self.send_bytes(json.dumps(value).encode() + b"\n")

    def send_bytes(self, data: bytes) -> None:
        with contextlib.suppress(OSError):
            self.connection.sendall(data)

    def notify(self, method: str, **params: Any) -> None:
        self.send({"jsonrpc": "2.0", "method": method, "params": params})

    def answer(self, request: dict[str, Any], result: Any) -> None:
        self.send({"jsonrpc": "2.0", "id": request["id"], "result": result, "news": 1})

    def hang_up(self) -> None:
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)
        self.connection.close()


Handler = Callable[[Client, dict[str, Any]], Any]

SILENCE = object()
"""A handler's result that is no answer."""


class FakeServer:
    """Listens on a socket of its own. ``handlers`` replace the answers to single methods."""

    def __init__(self, **handlers: Handler) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="armctl-")
        self.path = os.path.join(self.folder.name, "s")
        self.handlers: dict[str, Handler] = {name.replace("_", "."): handler for name, handler in handlers.items()}
        self.requests: list[dict[str, Any]] = []
        self.clients: list[Client] = []
        self._arrived = threading.Condition()
        self._listener = self._listen()

    def _listen(self) -> socket.socket:
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listener.bind(self.path)
        listener.listen(32)
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()
        return listener

    def die(self) -> None:
        """As a daemon that is killed: its name stays."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for client in self.clients:
            client.hang_up()
        self.clients = []

    def revive(self) -> None:
        os.unlink(self.path)
        self._listener = self._listen()

    def close(self) -> None:
        self.die()
        self.folder.cleanup()

    def methods(self) -> list[str]:
        with self._arrived:
            return [request["method"] for request in self.requests]

    def wait_for(self, method: str, count: int = 1, timeout: float = 5.0) -> dict[str, Any]:
        """The ``count``-th request of a method."""

        def found() -> list[dict[str, Any]]:
            return [request for request in self.requests if request["method"] == method]

        with self._arrived:
            if not self._arrived.wait_for(lambda: len(found()) >= count, timeout):
                raise AssertionError(f"no {method} came; these did: {[r['method'] for r in self.requests]}")
            return found()[count - 1]

    def __enter__(self) -> FakeServer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            client = Client(connection)
            self.clients.append(client)
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: Client) -> None:
        with contextlib.suppress(OSError, ValueError), client.connection.makefile("rb") as lines:
            for line in lines:
                request = json.loads(line)
                with self._arrived:
                    self.requests.append(request)
                    self._arrived.notify_all()
                self._answer(client, request)

    def _answer(self, client: Client, request: dict[str, Any]) -> None:
        handler = self.handlers.get(request["method"])
        try:
            result = handler(client, request) if handler else self._standard(request)
        except Refused as refusal:
            client.send({"jsonrpc": "2.0", "id": request["id"], "error": refusal.error})
            return
        if result is not SILENCE and "id" in request:
            client.answer(request, result)

    @staticmethod
    def _standard(request: dict[str, Any]) -> Any:
        method, params = request["method"], request.get("params", {})
        if method == "hello":
            return {"server": "fake", "protocol": 1, "arm": "fake", "joints": JOINTS, "rate": 500, "state": STATE}
        if method == "config.get":
            return CONFIGURATION
        if method == "state":
            return STATE
        if method.startswith("move."):
            return {k: v for k, v in PLAN.items() if k != "job" or not params.get("dryRun")}
        if method == "lease.acquire":
            return {"token": "secret", "priority": params["priority"], "ttl": params["ttl"]}
        if method == "job.wait":
            return {"job": params["job"], "state": "done", "time": 9, "tick": 9, "progress": 1}
        return {}

"""One connection to the server, for any number of threads. When it has failed its owner makes another."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from typing import Any

from . import wire
from .errors import ArmctlError, ConnectionFailed, ConnectionLost, NoAnswer, ProtocolError
from .shapes import as_integer, as_object
from .socket_path import TCPAddress, tcp_address

NotificationHandler = Callable[[wire.Notification], None]


def connected_socket(path: str, timeout: float) -> socket.socket:
    """A socket that blocks, but whose connecting and sending wait no longer than ``timeout`` seconds. On TCP it has shown its token.

    Args:
        path: Of a Unix socket, or ``tcp:PORT[:TOKENFILE]``.

    Raises:
        ConnectionFailed: If nobody answers there, or the token is not known or wrong.
    """
    tcp = tcp_address(path)
    client = socket.socket(socket.AF_INET if tcp else socket.AF_UNIX, socket.SOCK_STREAM)
    # Python's own time-out would make a server that is busy accepting others look like none.
    limit = struct.pack("ll", int(timeout), int(timeout % 1 * 1e6))
    client.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, limit)
    try:
        if tcp:
            client.connect(("127.0.0.1", tcp.port))
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            _show_token(client, tcp, limit)
        else:
            client.connect(path)
    except OSError as error:
        client.close()
        raise wire.connection_failure(path, error) from error
    except ArmctlError:
        client.close()
        raise
    return client


def _show_token(client: socket.socket, tcp: TCPAddress, limit: bytes) -> None:
    """The server hears nothing else before it."""
    client.sendall(wire.encode("auth", {"token": tcp.token()}, 0))
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)
    data = b""
    while not data.endswith(b"\n"):
        piece = client.recv(4096)
        if not piece:
            raise ConnectionFailed(f"The server on tcp:{tcp.port} closed the connection.")
        data += piece
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", 0, 0))
    for message in wire.Decoder().feed(data):
        if isinstance(message, wire.Answer) and message.error:
            raise ConnectionFailed(f"{message.error} The token came from {tcp.token_file}.")


class Reply(Future[Any]):
    """The answer to one request, now or later."""

    def __init__(self, method: str) -> None:
        super().__init__()
        self.method = method
        self.number = 0


class Connection:
    """Requests go out from any thread, answers come in on a thread of the connection's own.

    Args:
        path: The socket's.
        timeout: How long to wait for the server to accept, to take a request and to answer it [s].
        on_notification: Called on the reading thread with what comes unasked. It must return at once.

    Raises:
        ConnectionFailed: If nobody answers there.
    """

    def __init__(self, path: str, *, timeout: float = 10.0, on_notification: NotificationHandler | None = None) -> None:
        self.path = path
        self.timeout = timeout
        self.failure: ArmctlError | None = None
        """Why nothing can be sent any more; None while it lives."""
        self._on_notification = on_notification
        self._lock = threading.Lock()
        self._sending = threading.Lock()
        self._pending: dict[int, Reply] = {}
        self._abandoned: set[int] = set()
        self._last_id = 0
        self._socket = connected_socket(path, timeout)
        threading.Thread(target=self._read, name="armctl reader", daemon=True).start()

    def call(self, method: str, params: Mapping[str, Any] | None = None, *, timeout: float | None = None) -> Any:
        """The result of one request.

        Raises:
            RequestError: What the server refused it for.
            NoAnswer: If none came in time.
            ConnectionLost: If the server went away meanwhile.
        """
        return self.wait(self.send(method, params), timeout=timeout)

    def send(self, method: str, params: Mapping[str, Any] | None = None) -> Reply:
        """Sends one request; its answer will be in the future."""
        reply = Reply(method)
        with self._lock:
            if self.failure:
                raise self.failure
            self._last_id += 1
            reply.number = self._last_id
            line = wire.encode(method, params, reply.number)
            self._pending[reply.number] = reply
        self._write(line, reply)
        return reply

    def wait(self, reply: Reply, *, timeout: float | None = None) -> Any:
        """The result of a request that was sent; errors as of `call`."""
        limit = self.timeout if timeout is None else timeout
        try:
            return reply.result(limit)
        # A class of its own until Python 3.11.
        except FutureTimeout as error:
            if reply.done():
                return reply.result()
            self._abandon(reply)
            raise NoAnswer(f"The server did not answer `{reply.method}` within {limit:g} s.") from error
        except KeyboardInterrupt:
            self._abandon(reply)
            raise

    def close(self) -> None:
        """Ends the connection; requests that wait for their answers fail. May be called twice."""
        self._end(ConnectionLost("The connection was closed."))

    def _write(self, line: bytes, reply: Reply) -> None:
        silent = NoAnswer(f"`{reply.method}` could not be sent within {self.timeout:g} s: the server does not read.")
        if not self._sending.acquire(timeout=self.timeout):
            self._forget(reply)
            raise silent
        try:
            self._socket.sendall(line)
        except BlockingIOError as error:
            # Perhaps half of the line is out: the stream is of no use any more.
            self._end(ConnectionLost(f"The server on {self.path} does not read."))
            raise silent from error
        except OSError as error:
            self._end(self._lost())
            raise (self.failure or self._lost()) from error
        finally:
            self._sending.release()

    def _forget(self, reply: Reply) -> bool:
        with self._lock:
            return self._pending.pop(reply.number, None) is not None

    def _abandon(self, reply: Reply) -> None:
        """Nobody waits for this answer any more. If it is that of a motion, the motion is to end, and so is its planning."""
        if reply.method.startswith("move.") and self._forget(reply):
            self._abandoned.add(reply.number)
            with contextlib.suppress(ArmctlError):
                self.send("request.cancel", {"id": reply.number})

    def _read(self) -> None:
        decoder = wire.Decoder()
        try:
            while data := self._socket.recv(1 << 16):
                for message in decoder.feed(data):
                    self._take(message)
            failure: ArmctlError = self._lost()
        except ProtocolError as error:
            failure = error
        except OSError:
            failure = self._lost()
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
        with self._lock:
            answer = self._pending.pop(message.id, None)
            was_abandoned = message.id in self._abandoned
            self._abandoned.discard(message.id)
        job = as_integer((as_object(message.result) or {}).get("job")) if was_abandoned else None
        if job is not None:
            with contextlib.suppress(ArmctlError):
                self.send("job.cancel", {"job": job})
        if answer is None or not answer.set_running_or_notify_cancel():
            return
        if message.error:
            answer.set_exception(message.error)
        else:
            answer.set_result(message.result)

    def _lost(self) -> ConnectionLost:
        return ConnectionLost(f"The server on {self.path} closed the connection.")

    def _end(self, failure: ArmctlError) -> None:
        with self._lock:
            if self.failure:
                return
            self.failure = failure
            pending, self._pending = self._pending, {}
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for answer in pending.values():
            if answer.set_running_or_notify_cancel():
                answer.set_exception(failure)

"""The protocol without any input or output: bytes to messages, requests to bytes. Both clients stand on this."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from .errors import ConnectionFailed, ProtocolError, RequestError, request_error
from .shapes import as_integer, as_list, as_object, as_text

MAXIMUM_REQUEST = 1 << 20
"""Bytes in a request's line that the server takes."""

MAXIMUM_ANSWER = 64 << 20
"""Bytes in a line beyond which the other side cannot be a server of this protocol."""


@dataclass(frozen=True)
class Answer:
    """What became of one request."""

    id: int | None
    """The request's; None where the server could not tell which it was."""
    result: Any = None
    error: RequestError | None = None


@dataclass(frozen=True)
class Notification:
    """What the server sends unasked."""

    method: str
    params: Mapping[str, Any]


Message: TypeAlias = Answer | Notification


def encode(method: str, params: Mapping[str, Any] | None = None, request_id: int | None = None) -> bytes:
    """One request as a line; a notification, which is never answered, where there is no id.

    Raises:
        ValueError: If a number is not finite, or the line is longer than the server takes.
    """
    request: dict[str, Any] = {"jsonrpc": "2.0"}
    if request_id is not None:
        request["id"] = request_id
    request["method"] = method
    if params:
        request["params"] = params
    line = json.dumps(request, separators=(",", ":"), allow_nan=False).encode() + b"\n"
    if len(line) > MAXIMUM_REQUEST:
        raise ValueError(f"`{method}` with these parameters is {len(line)} bytes long; the limit is {MAXIMUM_REQUEST}.")
    return line


class Decoder:
    """Cuts what comes into messages, whatever the pieces it comes in."""

    def __init__(self) -> None:
        self._partial = bytearray()
        self._searched = 0

    def feed(self, data: bytes) -> Iterator[Message]:
        """The messages that ``data`` completes; those before a broken line come out before the error.

        Raises:
            ProtocolError: If a line is no JSON-RPC. The stream is of no use from then on.
        """
        self._partial += data
        while True:
            end = self._partial.find(b"\n", self._searched)
            if end < 0:
                self._searched = len(self._partial)
                if self._searched > MAXIMUM_ANSWER:
                    raise ProtocolError(f"A line is longer than {MAXIMUM_ANSWER} bytes.")
                return
            line = bytes(self._partial[:end])
            del self._partial[: end + 1]
            self._searched = 0
            if line.strip():
                yield from _messages(line)


def _messages(line: bytes) -> list[Message]:
    try:
        value: object = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ProtocolError(f"The server sent a line that is not JSON: {_excerpt(line)}.") from error
    batch = as_list(value)
    return [_message(member, line) for member in ([value] if batch is None else batch)]


def _message(value: object, line: bytes) -> Message:
    members = as_object(value) or {}
    method = as_text(members.get("method"))
    if method is not None:
        return Notification(method, as_object(members.get("params")) or {})
    number = as_integer(members.get("id"))
    if members.get("error") is not None:
        return Answer(number, error=request_error(members["error"]))
    if "result" in members and number is not None:
        return Answer(number, result=members["result"])
    raise ProtocolError(f"The server sent what is neither an answer nor a notification: {_excerpt(line)}.")


def connection_failure(path: str, error: OSError) -> ConnectionFailed:
    """Why no connection could be had, as a sentence with what to do."""
    if isinstance(error, PermissionError):
        return ConnectionFailed(f"This user may not use the socket {path}. Try: the user who started the server")
    if isinstance(error, (FileNotFoundError, ConnectionRefusedError)):
        return ConnectionFailed(f"No armctl server answers on {path}. Try: armctl serve --arm dummy --sim")
    if isinstance(error, BlockingIOError):
        return ConnectionFailed(f"The server on {path} does not take new connections. Try: again, or armctl status")
    if "path too long" in str(error):
        return ConnectionFailed(f"The socket path {path} is too long. Try: a shorter one, such as /tmp/arm.sock")
    return ConnectionFailed(f"No connection to {path}: {error.strerror or error}.")


def _excerpt(line: bytes) -> str:
    return repr(line if len(line) <= 60 else line[:57] + b"...")

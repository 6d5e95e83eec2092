"""Bytes to messages and back: whatever the pieces, and what breaks them."""

from __future__ import annotations

import json
import pathlib
import pickle
import random
import re
import unittest

import armctl
from armctl import errors
from armctl.wire import MAXIMUM_REQUEST, Answer, Decoder, Notification, encode

DOCUMENT = pathlib.Path(__file__).resolve().parents[3] / "docs" / "Command-socket.md"


class DecoderTests(unittest.TestCase):
    def test_any_pieces_give_the_same_messages(self) -> None:
        stream = (
            b'{"jsonrpc":"2.0","id":1,"result":{"a":1}}\n\n{"method":"state","params":{"tick":3}}\r\n'
            b'[{"id":2,"result":null},{"id":3,"error":{"code":-32043,"message":"No.","data":{"kind":"job.unknown"}}}]\n'
            b'{"id":4,"result":"\xc3\xa9","whatever":[]}\n'
        )
        whole = [repr(message) for message in Decoder().feed(stream)]
        self.assertEqual(len(whole), 5)
        generator = random.Random(7)
        for _ in range(200):
            decoder, messages, rest = Decoder(), [], stream
            while rest:
                size = generator.randint(1, 40)
                messages += [repr(message) for message in decoder.feed(rest[:size])]
                rest = rest[size:]
            self.assertEqual(messages, whole)

    def test_broken_lines(self) -> None:
        for line in (
            b"{",
            b"nonsense",
            b"\xff\xfe",
            b"3",
            b'"text"',
            b"{}",
            b'{"id":1}',
            b'{"id":"a","result":1}',
            b"[[" * 5000,
        ):
            with self.subTest(line[:20]), self.assertRaises(errors.ProtocolError):
                list(Decoder().feed(line + b"\n"))

    def test_what_came_before_a_broken_line_is_not_lost(self) -> None:
        messages = Decoder().feed(b'{"id":1,"result":5}\nbroken\n')
        self.assertEqual(next(messages), Answer(1, 5))
        self.assertRaises(errors.ProtocolError, next, messages)

    def test_odd_members_are_overlooked(self) -> None:
        cases = {
            b'{"method":"state","params":[1]}': Notification("state", {}),
            b'{"method":"state"}': Notification("state", {}),
            b'{"id":1,"result":0,"error":null}': Answer(1, 0),
        }
        for line, message in cases.items():
            self.assertEqual(list(Decoder().feed(line + b"\n")), [message])
        for line in (b'{"id":1,"error":5}', b'{"id":1,"error":{"data":7}}', b'{"id":1,"error":{"code":"x","message":3}}'):
            (answer,) = Decoder().feed(line + b"\n")
            assert isinstance(answer, Answer)
            self.assertEqual(str(answer.error), "The server refused without a reason.")


class EncodeTests(unittest.TestCase):
    def test_requests(self) -> None:
        self.assertEqual(encode("state", None, 1), b'{"jsonrpc":"2.0","id":1,"method":"state"}\n')
        self.assertEqual(encode("stop"), b'{"jsonrpc":"2.0","method":"stop"}\n')
        self.assertNotIn(b"\n", encode("move.to", {"name": "a\nb"}, 1)[:-1])

    def test_what_cannot_be_sent(self) -> None:
        self.assertRaises(ValueError, encode, "servo.joints", {"position": [float("nan")]}, 1)
        with self.assertRaisesRegex(ValueError, f"`move.to` .* limit is {MAXIMUM_REQUEST}"):
            encode("move.to", {"name": "x" * MAXIMUM_REQUEST}, 1)


class ErrorTests(unittest.TestCase):
    def test_every_documented_kind_has_a_type(self) -> None:
        rows = re.findall(r"^\| −(\d+) \| `([a-z.-]+)` \|", DOCUMENT.read_text(), re.MULTILINE)
        self.assertGreater(len(rows), 20)
        for code, kind in rows:
            error = errors.request_error({"code": -int(code), "message": "No.", "data": {"kind": kind, "try": "again"}})
            self.assertIsNot(type(error), errors.RequestError, kind)
            self.assertIn(kind, type(error).kinds)
            self.assertIs(getattr(armctl, type(error).__name__), type(error))

    def test_the_facts(self) -> None:
        data = {
            "kind": "limit.position",
            "joint": "elbow",
            "value": 9,
            "limit": 2.5,
            "try": "less",
            "why": "far",
            "record": "/r.csv",
            "more": [1],
        }
        error = errors.request_error({"code": -32010, "message": "Too far.", "data": data})
        self.assertIs(type(error), errors.PositionLimit)
        self.assertIsInstance(error, errors.LimitExceeded)
        facts = (error.kind, error.code, error.joint, error.value, error.limit, error.suggestion, error.why, error.record)
        self.assertEqual(facts, ("limit.position", -32010, "elbow", 9.0, 2.5, "less", "far", "/r.csv"))
        self.assertEqual(error.data["more"], [1])
        self.assertEqual(str(error), "Too far. Try: less")

    def test_facts_beside_the_message(self) -> None:
        error = errors.request_error({"kind": "bus", "message": "can0 is silent.", "try": "the cable"}, job=7)
        self.assertIs(type(error), errors.BusError)
        self.assertEqual((error.suggestion, error.job), ("the cable", 7))

    def test_kinds_of_newer_servers(self) -> None:
        self.assertIs(type(errors.request_error({"message": "Hm.", "data": {"kind": "moon"}})), errors.RequestError)
        self.assertIs(type(errors.request_error({"message": "Hm.", "data": {"kind": "limit.heat"}})), errors.LimitExceeded)

    def test_errors_travel_between_processes(self) -> None:
        error = errors.request_error({"code": -32005, "message": "It would touch.", "data": {"kind": "collision", "joint": "a"}})
        copy = pickle.loads(pickle.dumps(error))
        self.assertEqual((type(copy), str(copy), copy.joint, copy.code), (errors.Collision, str(error), "a", -32005))

    def test_builtin_types(self) -> None:
        self.assertTrue(issubclass(errors.ConnectionLost, ConnectionError))
        self.assertTrue(issubclass(errors.NoAnswer, TimeoutError))
        self.assertTrue(issubclass(errors.TimeIsOver, TimeoutError))
        self.assertTrue(issubclass(errors.InvalidParameter, ValueError))


def transcripts() -> list[str]:
    """Every answer of the document."""
    return re.findall(r"^← (.*)$", DOCUMENT.read_text(), re.MULTILINE)


class DocumentTests(unittest.TestCase):
    def test_every_documented_answer_is_understood(self) -> None:
        lines = transcripts()
        self.assertGreater(len(lines), 30)
        for line in lines:
            (message,) = Decoder().feed(line.encode() + b"\n")
            if isinstance(message, Answer) and message.error:
                self.assertIsNot(type(message.error), errors.RequestError, line)
            self.assertTrue(json.loads(line))


if __name__ == "__main__":
    unittest.main()

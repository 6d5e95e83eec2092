"""The blocking client against a server that keeps the rules, bends them, or is not there."""

from __future__ import annotations

import gc
import os
import socket
import tempfile
import threading
import time
import unittest
from typing import Any

from armctl import (
    Arm,
    Busy,
    ConnectionFailed,
    ConnectionLost,
    LeaseEnded,
    LeaseHeld,
    NoAnswer,
    ProtocolError,
    RequestError,
    Stopped,
)
from armctl.connection import Connection

from .fake_server import PLAN, SILENCE, STATE, Client, FakeServer, Refused


def silence(client: Client, request: dict[str, Any]) -> Any:
    return SILENCE


class ConnectionTests(unittest.TestCase):
    def test_notifications_between_answers(self) -> None:
        def state(client: Client, request: dict[str, Any]) -> Any:
            client.notify("state", tick=1)
            client.notify("gossip")
            return STATE

        heard: list[str] = []
        with FakeServer(state=state) as server:
            connection = Connection(server.path, on_notification=lambda n: heard.append(n.method))
            for _ in range(3):
                self.assertEqual(connection.call("state")["tick"], 4)
            connection.close()
        self.assertEqual(heard, ["state", "gossip"] * 3)

    def test_answers_that_come_byte_by_byte(self) -> None:
        def drip(client: Client, request: dict[str, Any]) -> Any:
            for byte in b'{"id":%d,"result":{"word":"\xc3\xa9t\xc3\xa9"}}\n' % request["id"]:
                client.send_bytes(bytes([byte]))
            return SILENCE

        with FakeServer(state=drip) as server:
            self.assertEqual(Connection(server.path).call("state"), {"word": "été"})

    def test_half_an_answer_and_then_nothing(self) -> None:
        def half(client: Client, request: dict[str, Any]) -> Any:
            client.send_bytes(b'{"id":1,"resu')
            client.hang_up()
            return SILENCE

        with FakeServer(state=half) as server:
            connection = Connection(server.path)
            with self.assertRaisesRegex(ConnectionLost, "closed the connection"):
                connection.call("state")
            self.assertRaises(ConnectionLost, connection.call, "state")

    def test_a_broken_line_ends_the_connection(self) -> None:
        def broken(client: Client, request: dict[str, Any]) -> Any:
            client.send_bytes(b"\x00\xffHTTP/1.1 400 Bad Request\r\n")
            return SILENCE

        with FakeServer(state=broken) as server:
            connection = Connection(server.path)
            with self.assertRaisesRegex(ProtocolError, "not JSON.*HTTP"):
                connection.call("state")
            self.assertRaises(ProtocolError, connection.call, "state")

    def test_a_dead_peer(self) -> None:
        with FakeServer(state=silence) as server:
            connection = Connection(server.path)
            start = time.monotonic()
            with self.assertRaisesRegex(NoAnswer, "did not answer `state` within 0.1 s"):
                connection.call("state", timeout=0.1)
            self.assertGreaterEqual(time.monotonic() - start, 0.1)
            self.assertEqual(connection.call("hello")["server"], "fake")

    def test_a_peer_that_does_not_read(self) -> None:
        release = threading.Event()

        def stuck(client: Client, request: dict[str, Any]) -> Any:
            release.wait(10)
            return {}

        with FakeServer(state=stuck) as server:
            connection = Connection(server.path, timeout=0.2)
            with self.assertRaisesRegex(NoAnswer, "the server does not read"):
                for _ in range(100):
                    connection.send("state", {"padding": "x" * 100_000})
            self.assertRaises(ConnectionLost, connection.call, "state")
            release.set()

    def test_a_server_that_is_full(self) -> None:
        def full(client: Client, request: dict[str, Any]) -> Any:
            data = {"kind": "busy", "try": "later"}
            client.send({"jsonrpc": "2.0", "id": None, "error": {"code": -32045, "message": "Full.", "data": data}})
            client.hang_up()
            return SILENCE

        with FakeServer(hello=full) as server:
            self.assertRaises(Busy, Arm(server.path).connect)

    def test_a_server_that_does_not_accept(self) -> None:
        with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
            path = os.path.join(folder, "s")
            listener.bind(path)
            listener.listen(0)
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as first:
                first.connect(path)
                with self.assertRaisesRegex(ConnectionFailed, "does not take new connections"):
                    Connection(path, timeout=0.1)

    def test_nobody_there(self) -> None:
        with self.assertRaisesRegex(ConnectionFailed, "No armctl server answers on /nowhere/s. Try: armctl serve"):
            Connection("/nowhere/s")
        with self.assertRaisesRegex(ConnectionFailed, "too long"):
            Connection("/" + "x" * 200)

    def test_answers_out_of_order_to_many_threads(self) -> None:
        held: list[dict[str, Any]] = []

        def shuffle(client: Client, request: dict[str, Any]) -> Any:
            held.append(request)
            if len(held) == 8:
                for request in reversed(held):
                    client.answer(request, request["params"]["n"])
                held.clear()
            return SILENCE

        wrong: list[int] = []
        with FakeServer(state=shuffle) as server:
            connection = Connection(server.path)

            def ask(thread: int) -> None:
                for number in range(20):
                    if connection.call("state", {"n": [thread, number]}) != [thread, number]:
                        wrong.append(number)

            threads = [threading.Thread(target=ask, args=(thread,)) for thread in range(8)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(10)
        self.assertEqual(wrong, [])

    def test_a_motion_that_is_answered_too_late_is_cancelled(self) -> None:
        def late(client: Client, request: dict[str, Any]) -> Any:
            time.sleep(0.1)
            return PLAN

        with FakeServer(move_to=late) as server:
            connection = Connection(server.path)
            self.assertRaises(NoAnswer, connection.call, "move.to", {"name": "home"}, timeout=0.02)
            self.assertEqual(server.wait_for("job.cancel")["params"], {"job": 1})


class LeaseTests(unittest.TestCase):
    def test_it_is_acquired_by_the_first_motion_and_given_back(self) -> None:
        with FakeServer() as server:
            with Arm(server.path, client="test", ttl=1.5) as arm:
                self.assertIsNone(arm.lease)
                _ = arm.state
                arm.move_to("home")
                arm.set_speed(0.5)
                self.assertEqual(repr(arm.lease), "Lease(script, held, ttl 1.5 s)")
            methods = server.methods()
            self.assertEqual(methods.count("lease.acquire"), 1)
            self.assertEqual(methods[-1], "lease.release")
            self.assertEqual(server.wait_for("lease.acquire")["params"], {"priority": "script", "ttl": 1.5})
            self.assertEqual(server.wait_for("move.to")["params"], {"name": "home", "token": "secret"})
            self.assertEqual(server.wait_for("speed.set")["params"]["token"], "secret")

    def test_the_heart_beats_and_stops(self) -> None:
        with FakeServer() as server, Arm(server.path, ttl=0.04) as arm:
            with arm.acquire():
                server.wait_for("lease.renew", 3)
            server.wait_for("lease.release")
            count = server.methods().count("lease.renew")
            time.sleep(0.05)
            self.assertLessEqual(server.methods().count("lease.renew"), count + 1)

    def test_no_heartbeat_where_none_is_wanted(self) -> None:
        with FakeServer() as server, Arm(server.path, ttl=0.02, heartbeat=False) as arm, arm.acquire():
            time.sleep(0.05)
            self.assertNotIn("lease.renew", server.methods())

    def test_what_needs_no_lease(self) -> None:
        with FakeServer() as server, Arm(server.path) as arm:
            self.assertEqual(arm.dry_run(radians=[0, 0, 1]).move_to("home").duration, 1.25)
            arm.stop()
            arm.pause()
            arm.resume()
            arm.health()
            self.assertNotIn("lease.acquire", server.methods())
            self.assertEqual(server.wait_for("move.to")["params"], {"name": "home", "dryRun": True, "from": [0, 0, 1]})

    def test_a_pause_is_ended_by_the_leader_with_the_token(self) -> None:
        with FakeServer() as server, Arm(server.path) as arm:
            arm.move_to("home")
            arm.pause()
            arm.resume(back=True)
            self.assertIn("token", server.wait_for("resume")["params"])

    def test_somebody_else_has_it(self) -> None:
        def held(client: Client, request: dict[str, Any]) -> Any:
            raise Refused(-32001, "teleop holds the lease.", kind="lease.held")

        with FakeServer(lease_acquire=held) as server, Arm(server.path) as arm:
            self.assertRaises(LeaseHeld, arm.move_to, "home")
            self.assertNotIn("move.to", server.methods())

    def test_a_lost_lease_stays_lost_until_it_is_acquired(self) -> None:
        with FakeServer() as server, Arm(server.path, client="me") as arm:
            arm.move_to("home")
            message = "teleop took the lease over from me."
            server.clients[0].notify("event", kind="lease.lost", message=message, holder="me", by="teleop")
            lease = arm.lease
            assert lease
            wait_until(lambda: lease.ended is not None)
            with self.assertRaisesRegex(LeaseEnded, "teleop took the lease over from me. Try: acquire"):
                arm.move_to("home")
            self.assertRaises(LeaseEnded, arm.move_to, "home")
            arm.acquire()
            arm.move_to("home")

    def test_another_ones_loss_is_not_ours(self) -> None:
        with FakeServer() as server, Arm(server.path, client="me") as arm:
            arm.move_to("home")
            server.clients[0].notify("event", kind="lease.expired", message="Gone.", holder="somebody")
            _ = arm.state
            arm.move_to("home")

    def test_the_server_knows_better(self) -> None:
        def ended(client: Client, request: dict[str, Any]) -> Any:
            raise Refused(-32001, "The lease of this token has ended.", kind="lease.ended")

        with FakeServer(mode_set=ended) as server, Arm(server.path) as arm:
            self.assertRaises(LeaseEnded, arm.set_mode, "hold")
            self.assertRaises(LeaseEnded, arm.move_to, "home")
            self.assertNotIn("move.to", server.methods())

    def test_an_arm_that_nobody_holds_any_more_gives_it_back(self) -> None:
        with FakeServer() as server:
            arm = Arm(server.path)
            arm.move_to("home", wait=False)
            del arm
            gc.collect()
            server.wait_for("lease.release")


class JobTests(unittest.TestCase):
    def test_progress(self) -> None:
        with FakeServer() as server, Arm(server.path) as arm:
            job = arm.move_to("home", wait=False)
            client = server.clients[0]
            updates = iter(job)
            states = [str(next(updates).state)]
            for share in (0.25, 0.5):
                client.notify("job", job=1, state="progress", progress=share)
            client.notify("job", job=2, state="progress", progress=0.9)
            client.notify("job", job=1, state="cancelled", reason={"kind": "stopped", "message": "Stop.", "try": "again"})
            states += [f"{update.state} {update.progress}" for update in updates]
            self.assertEqual(states, ["queued", "progress 0.25", "progress 0.5", "cancelled None"])
            self.assertTrue(job.is_done)
            with self.assertRaisesRegex(Stopped, "Stop. Try: again") as caught:
                job.wait()
            self.assertEqual(caught.exception.job, 1)
            self.assertEqual(repr(job), "Job(1: cancelled of 1.25 s: Stop. Try: again)")
            self.assertIn("cancelled", job._repr_html_())

    def test_updates_before_the_answer(self) -> None:
        def eager(client: Client, request: dict[str, Any]) -> Any:
            client.notify("job", job=1, state="started")
            client.notify("job", job=1, state="nonsense and no number", time="x")
            client.notify("job", job=1, state="done", progress=1)
            return PLAN

        with FakeServer(move_to=eager, job_wait=silence) as server, Arm(server.path) as arm:
            self.assertEqual(arm.move_to("home").state, "done")

    def test_a_motion_that_fails(self) -> None:
        reason = {"kind": "limit.following-error", "message": "elbow lags.", "joint": "elbow", "value": 0.3, "limit": 0.2}

        def fail(client: Client, request: dict[str, Any]) -> Any:
            return {"job": 1, "state": "failed", "time": 1, "tick": 1, "reason": reason}

        with FakeServer(job_wait=fail) as server, Arm(server.path) as arm:
            with self.assertRaises(RequestError) as caught:
                arm.move_to("home")
            self.assertEqual((caught.exception.joint, caught.exception.value), ("elbow", 0.3))

    def test_waiting_has_a_limit(self) -> None:
        def over(client: Client, request: dict[str, Any]) -> Any:
            time.sleep(request["params"]["timeout"])
            raise Refused(-32044, "Job 1 has not ended.", kind="timeout")

        with FakeServer(job_wait=over) as server, Arm(server.path) as arm:
            job = arm.move_to("home", wait=False)
            with self.assertRaisesRegex(NoAnswer, "Job 1 has not ended within 0.05 s; it is queued."):
                job.wait(0.05)

    def test_an_exception_cancels_what_is_under_way(self) -> None:
        with FakeServer() as server:
            with self.assertRaises(KeyError), Arm(server.path) as arm:
                job = arm.move_to("home", wait=False)
                raise KeyError
            self.assertEqual(server.wait_for("job.cancel")["params"], {"job": job.number})
            self.assertLess(server.methods().index("job.cancel"), server.methods().index("lease.release"))


def wait_until(condition: Any, timeout: float = 5.0) -> None:
    deadline = time.monotonic() + timeout
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError("it did not come true in time")
        time.sleep(0.002)


if __name__ == "__main__":
    unittest.main()

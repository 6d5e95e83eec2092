"""The blocking client against a server that keeps the rules, bends them, or is not there."""

from __future__ import annotations

import gc
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
    ServoRefused,
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
            arm.health()
            self.assertNotIn("lease.acquire", server.methods())
            self.assertEqual(server.wait_for("move.to")["params"], {"name": "home", "dryRun": True, "from": [0, 0, 1]})

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


class ReturnTests(unittest.TestCase):
    """The server goes away and comes back."""

    def test_what_reads_is_asked_again(self) -> None:
        with FakeServer() as server, Arm(server.path) as arm:
            _ = arm.state
            server.die()
            server.revive()
            self.assertEqual(arm.state.tick, 4)

    def test_what_is_under_way_fails_and_is_never_sent_twice(self) -> None:
        def die(client: Client, request: dict[str, Any]) -> Any:
            server.die()
            server.revive()
            return SILENCE

        with FakeServer(move_to=die) as server, Arm(server.path) as arm:
            self.assertRaises(ConnectionLost, arm.move_to, "home")
            with self.assertRaisesRegex(LeaseEnded, "connection to the server was lost"):
                arm.move_to("rest")
            self.assertEqual(arm.state.tick, 4)
            self.assertEqual(server.methods().count("move.to"), 1)
            server.handlers.clear()
            arm.acquire()
            arm.move_to("home")

    def test_who_had_no_lease_goes_on(self) -> None:
        with FakeServer() as server, Arm(server.path) as arm:
            _ = arm.state
            server.die()
            server.revive()
            arm.move_to("home")

    def test_jobs_die_with_their_server(self) -> None:
        with FakeServer() as server, Arm(server.path) as arm:
            job = arm.move_to("home", wait=False)
            server.die()
            server.revive()
            self.assertRaises(ConnectionLost, job.wait)

    def test_it_waits_for_the_return_but_not_for_ever(self) -> None:
        with FakeServer() as server, Arm(server.path, reconnect=0.3) as arm:
            _ = arm.state
            server.die()
            start = time.monotonic()
            self.assertRaises(ConnectionFailed, lambda: arm.state)
            self.assertGreater(time.monotonic() - start, 0.1)
            threading.Timer(0.1, server.revive).start()
            self.assertEqual(arm.state.tick, 4)

    def test_subscriptions_go_on(self) -> None:
        def subscribe(client: Client, request: dict[str, Any]) -> Any:
            client.answer(request, {})
            if request["params"]["topics"] == ["state"]:
                for tick in range(3):
                    client.notify("state", tick=tick)
            return SILENCE

        with FakeServer(subscribe=subscribe) as server, Arm(server.path) as arm, arm.states(rate=100) as states:
            self.assertEqual([next(states).tick for _ in range(3)], [0, 1, 2])
            server.die()
            server.revive()
            self.assertEqual([next(states).tick for _ in range(3)], [0, 1, 2])
            self.assertEqual(states.reconnects, 1)

    def test_events_say_so(self) -> None:
        with FakeServer() as server, Arm(server.path) as arm, arm.events(timeout=5) as events:
            server.die()
            server.revive()
            self.assertEqual(next(events).kind, "client.reconnected")


class SubscriptionTests(unittest.TestCase):
    def test_who_reads_slowly_loses_the_oldest_and_is_told(self) -> None:
        def subscribe(client: Client, request: dict[str, Any]) -> Any:
            client.answer(request, {})
            if request["params"]["topics"] == ["state"]:
                client.notify("state", dropped=5, tick=0)
                for tick in range(1, 10):
                    client.notify("state", tick=tick)
            return SILENCE

        with (
            FakeServer(subscribe=subscribe) as server,
            Arm(server.path) as arm,
            arm.states(fields=["mode"], buffer=4) as states,
        ):
            self.assertEqual(server.wait_for("subscribe", 2)["params"], {"topics": ["state"], "rate": 10.0, "fields": ["mode"]})
            time.sleep(0.1)
            taken = [next(states) for _ in range(4)]
            self.assertEqual([(state.tick, state.dropped) for state in taken], [(6, 11), (7, 0), (8, 0), (9, 0)])
            self.assertEqual(states.dropped, 11)

    def test_silence_has_a_limit(self) -> None:
        with FakeServer() as server, Arm(server.path) as arm, arm.states(timeout=0.05) as states:
            self.assertRaises(NoAnswer, next, states)

    def test_closing_ends_the_iteration_of_another_thread(self) -> None:
        with FakeServer() as server, Arm(server.path) as arm:
            events = arm.events()
            thread = threading.Thread(target=list, args=(events,))
            thread.start()
            events.close()
            thread.join(5)
            self.assertFalse(thread.is_alive())

    def test_what_the_server_refuses(self) -> None:
        def refuse(client: Client, request: dict[str, Any]) -> Any:
            if request["params"]["topics"] == ["state"]:
                raise Refused(-32602, "`rate` is too high.", kind="parameter", field="rate", limit=500)
            return {}

        with FakeServer(subscribe=refuse) as server, Arm(server.path) as arm:
            with self.assertRaises(RequestError) as caught:
                arm.states(rate=1000)
            self.assertEqual((caught.exception.field, caught.exception.limit), ("rate", 500))


class ServoTests(unittest.TestCase):
    def test_commands(self) -> None:
        with FakeServer() as server, Arm(server.path) as arm:
            with arm.servo(rate=200) as servo:
                servo.joints(degrees={"waist": 180})
                servo.rates(radians={"elbow": 0.5})
                servo.twist((0, 0.1, 0), frame="tool")
                for _ in zip(range(3), servo, strict=False):
                    servo.twist(angular=(0, 0, 1))
            sent = [server.wait_for("servo.joints", n)["params"] for n in (1, 2, 3)]
            self.assertAlmostEqual(sent[0].pop("position")[0], 3.14159265, 6)
            token = {"token": "secret"}
            self.assertEqual(sent, [token, {"velocity": [0, 0, 0.5], **token}, {"velocity": [0, 0, 0], **token}])
            self.assertEqual(server.wait_for("servo.twist")["params"], {"linear": [0, 0.1, 0], "frame": "tool", **token})

    def test_a_refusal_is_raised_by_the_next_command(self) -> None:
        def refuse(client: Client, request: dict[str, Any]) -> Any:
            raise Refused(-32001, "The lease of this token has ended.", kind="lease.ended")

        with FakeServer(servo_twist=refuse) as server, Arm(server.path) as arm, arm.servo() as servo:
            servo.twist((0, 0, 0))
            with self.assertRaises(LeaseEnded):
                for _ in range(100):
                    time.sleep(0.01)
                    servo.twist((0, 0, 0))

    def test_the_arms_own_refusal(self) -> None:
        with FakeServer() as server, Arm(server.path) as arm, arm.servo() as servo:
            message = "The motors are off."
            server.clients[0].notify("event", kind="servo.refused", message=message, why="off", **{"try": "mode hold"})
            server.clients[0].notify("event", kind="servo.stale", message="Nothing came.")
            wait_until(lambda: servo.stale == 1)
            with self.assertRaisesRegex(ServoRefused, "The motors are off. Try: mode hold"):
                servo.rest()
            servo.rest()

    def test_a_server_that_does_not_answer(self) -> None:
        with FakeServer(servo_joints=silence) as server, Arm(server.path) as arm:
            servo = arm.servo()
            with self.assertRaises(NoAnswer):
                for _ in range(1000):
                    servo.rest()


class StopTests(unittest.TestCase):
    def test_it_finds_another_way(self) -> None:
        stuck = threading.Event()
        first = threading.Event()

        def stop(client: Client, request: dict[str, Any]) -> Any:
            if not first.is_set():
                first.set()
                stuck.wait(5)
                return SILENCE
            return {"tick": 1}

        with FakeServer(stop=stop) as server, Arm(server.path) as arm:
            _ = arm.state
            arm.stop()
            self.assertEqual(len(server.clients), 2)
            stuck.set()

    def test_it_needs_no_connection(self) -> None:
        with FakeServer() as server:
            Arm(server.path).stop()
            self.assertEqual(server.methods(), ["stop"])


class LookTests(unittest.TestCase):
    def test_an_arm_in_a_notebook(self) -> None:
        with FakeServer() as server:
            arm = Arm(server.path, client="me")
            self.assertEqual(repr(arm), f"Arm({server.path}, not connected yet)")
            arm.connect()
            self.assertEqual(repr(arm), f"Arm(fake, 3 joints, {server.path})")
            self.assertIn("<table>", arm._repr_html_())
            self.assertEqual((arm.name, arm.joints, dict(arm.poses)), ("fake", ("waist", "lift", "elbow"), {"home": (0, 0.1, 1.5)}))
            arm.close()
            self.assertFalse(arm.is_connected)
        self.assertIn("No armctl server answers", arm._repr_html_())


def wait_until(condition: Any, timeout: float = 5.0) -> None:
    deadline = time.monotonic() + timeout
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError("it did not come true in time")
        time.sleep(0.002)


if __name__ == "__main__":
    unittest.main()

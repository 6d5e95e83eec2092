"""What goes on for a while: subscriptions, servo streams, and a server that goes away and comes back."""

from __future__ import annotations

import threading
import time
import unittest
from typing import Any

from armctl import (
    Arm,
    ConnectionFailed,
    ConnectionLost,
    LeaseEnded,
    NoAnswer,
    RequestError,
    ServoRefused,
)

from .fake_server import SILENCE, Client, FakeServer, Refused


def silence(client: Client, request: dict[str, Any]) -> Any:
    return SILENCE


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


class SceneTests(unittest.TestCase):
    def test_what_is_around(self) -> None:
        with FakeServer() as server, Arm(server.path) as arm:
            arm.scene.add(boxes=[{"name": "cube"}])
            arm.scene.attach("cube", may_touch=["hand"])
            arm.scene.detach("cube")
            arm.scene.remove("cube", "ball")
            arm.scene.set()
            arm.scene.get()
            sent = [(r["method"], r.get("params", {})) for r in server.requests if r["method"].startswith("scene.")]
        self.assertEqual(
            sent,
            [
                ("scene.add", {"boxes": [{"name": "cube"}]}),
                ("scene.attach", {"name": "cube", "mayTouch": ["hand"]}),
                ("scene.detach", {"name": "cube"}),
                ("scene.remove", {"names": ["cube", "ball"]}),
                ("scene.set", {}),
                ("scene.get", {}),
            ],
        )


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

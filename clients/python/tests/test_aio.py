"""The asyncio client against the same servers, where it could differ from the blocking one."""

from __future__ import annotations

import asyncio
import time
import unittest
from typing import Any

from armctl import ConnectionFailed, ConnectionLost, LeaseEnded, NoAnswer, ProtocolError, Stopped
from armctl.aio import Arm
from armctl.aio.connection import Connection

from .fake_server import PLAN, SILENCE, STATE, Client, FakeServer, Refused


def silence(client: Client, request: dict[str, Any]) -> Any:
    return SILENCE


class AsyncTests(unittest.IsolatedAsyncioTestCase):
    async def test_motions_and_the_lease(self) -> None:
        with FakeServer() as server:
            async with Arm(server.path, ttl=0.1) as arm:
                job = await arm.move_to("home")
                self.assertEqual((job.state, job.plan.duration), ("done", 1.25))
                self.assertEqual((await arm.dry_run().move_joints(radians={"elbow": 1})).job, None)
                await asyncio.to_thread(server.wait_for, "lease.renew", 2)
                self.assertEqual((await arm.state()).mode, "hold")
            self.assertEqual(server.methods()[-1], "lease.release")
            self.assertEqual(server.wait_for("move.joints")["params"]["position"], [0.5, 0.2, 1.0])
            self.assertEqual(server.wait_for("move.joints")["params"]["token"], "secret")

    async def test_progress(self) -> None:
        with FakeServer() as server:
            async with Arm(server.path) as arm:
                job = await arm.move_to("home", wait=False)
                client = server.clients[0]
                updates = aiter(job)
                states = [str((await anext(updates)).state)]
                client.notify("job", job=1, state="progress", progress=0.5)
                reason = {"kind": "stopped", "message": "Stop.", "try": "again"}
                client.notify("job", job=1, state="cancelled", reason=reason)
                states += [update.state async for update in updates]
                self.assertEqual(states, ["queued", "progress", "cancelled"])
                with self.assertRaises(Stopped):
                    await job

    async def test_many_tasks(self) -> None:
        def echo(client: Client, request: dict[str, Any]) -> Any:
            client.notify("gossip")
            return request["params"]["n"]

        with FakeServer(state=echo) as server:
            connection = await Connection.open(server.path)
            answers = await asyncio.gather(*(connection.call("state", {"n": n}) for n in range(200)))
            self.assertEqual(answers, list(range(200)))
            connection.close()

    async def test_dead_broken_and_half_peers(self) -> None:
        def half(client: Client, request: dict[str, Any]) -> Any:
            client.send_bytes(b'{"id":1,"resu')
            client.hang_up()
            return SILENCE

        def broken(client: Client, request: dict[str, Any]) -> Any:
            client.send_bytes(b"garbage\n")
            return SILENCE

        for handler, error in ((silence, NoAnswer), (half, ConnectionLost), (broken, ProtocolError)):
            with FakeServer(state=handler) as server:
                connection = await Connection.open(server.path)
                with self.assertRaises(error):
                    await connection.call("state", timeout=0.1 if handler is silence else 5)
                connection.close()
        with self.assertRaises(ConnectionFailed):
            await Connection.open("/nowhere/s")

    async def test_a_task_that_is_cancelled_cancels_its_motion(self) -> None:
        with FakeServer(job_wait=silence) as server:
            async with Arm(server.path) as arm:
                task = asyncio.ensure_future(arm.move_to("home"))
                await asyncio.to_thread(server.wait_for, "job.wait")
                task.cancel()
                with self.assertRaises(asyncio.CancelledError):
                    await task
                await asyncio.to_thread(server.wait_for, "job.cancel")

    async def test_a_motion_that_is_answered_too_late_is_cancelled(self) -> None:
        def late(client: Client, request: dict[str, Any]) -> Any:
            time.sleep(0.1)
            return PLAN

        with FakeServer(move_to=late) as server:
            connection = await Connection.open(server.path)
            with self.assertRaises(NoAnswer):
                await connection.call("move.to", {"name": "home"}, timeout=0.02)
            await asyncio.to_thread(server.wait_for, "job.cancel")
            connection.close()

    async def test_the_server_comes_back(self) -> None:
        with FakeServer() as server:
            async with Arm(server.path) as arm:
                await arm.move_to("home")
                events = await arm.events(timeout=5)
                server.die()
                server.revive()
                self.assertEqual((await arm.state()).tick, 4)
                with self.assertRaises(LeaseEnded):
                    await arm.move_to("home")
                async with await arm.acquire():
                    await arm.move_to("home")
                self.assertEqual((await anext(events)).kind, "client.reconnected")
                events.close()

    async def test_subscriptions(self) -> None:
        def subscribe(client: Client, request: dict[str, Any]) -> Any:
            client.answer(request, {})
            if request["params"]["topics"] == ["state"]:
                for tick in range(10):
                    client.notify("state", **{**STATE, "tick": tick})
            return SILENCE

        with FakeServer(subscribe=subscribe) as server:
            async with Arm(server.path) as arm, await arm.states(50, buffer=4, timeout=0.2) as states:
                await asyncio.sleep(0.1)
                taken = [await anext(states) for _ in range(4)]
                self.assertEqual([(state.tick, state.dropped) for state in taken], [(6, 6), (7, 0), (8, 0), (9, 0)])
                with self.assertRaises(NoAnswer):
                    await anext(states)
                states.close()
                self.assertEqual([state async for state in states], [])

    async def test_servo(self) -> None:
        def refuse(client: Client, request: dict[str, Any]) -> Any:
            raise Refused(-32001, "The lease of this token has ended.", kind="lease.ended")

        with FakeServer(servo_twist=refuse) as server:
            async with Arm(server.path) as arm, await arm.servo(rate=200) as servo:
                with self.assertRaises(LeaseEnded):
                    async for _ in servo:
                        servo.twist((0, 0.1, 0))

    async def test_stop_finds_another_way(self) -> None:
        asked: list[int] = []

        def stop(client: Client, request: dict[str, Any]) -> Any:
            asked.append(1)
            return SILENCE if len(asked) == 1 else {"tick": 1}

        with FakeServer(stop=stop) as server:
            async with Arm(server.path) as arm:
                await arm.stop()
                self.assertEqual(len(server.clients), 2)


if __name__ == "__main__":
    unittest.main()

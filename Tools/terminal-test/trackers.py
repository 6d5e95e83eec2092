"""Eye trackers' programs that are made up: each speaks its own protocol, written from that protocol's public documents and not from what reads it.

A tracker sends what `look()` says: shares of its picture from the upper left corner, or None while the eyes are closed. `is_silent` lets it hang,
`spoil` makes of what it is about to send what it sends instead, as a list.
"""
import contextlib
import math
import random
import socket
import struct
import threading
import time


class Tracker(threading.Thread):
    rate = 60

    def __init__(self, port, look):
        super().__init__(daemon=True)
        self.port, self.look = port, look
        self.is_silent, self.is_over, self.spoil = False, False, None
        self.random = random.Random(1)
        self.open()
        self.start()

    def run(self):
        due = time.monotonic()
        while not self.is_over:
            due = max(due + 1 / self.rate, time.monotonic() - 0.1)
            time.sleep(max(0.0, due - time.monotonic()))
            if self.is_silent:
                continue
            share = self.look()
            if share is not None:
                share = tuple(part + self.random.gauss(0, 0.004) for part in share)
            message = self.message(share)
            for part in self.spoil(message) if self.spoil else [message]:
                self.send(part)

    def end(self):
        self.is_over = True
        self.join()
        self.close()


class Opentrack(Tracker):
    """Its *UDP over network* output: six little-endian doubles, x, y, z [cm], yaw, pitch, roll [°]. Without a face it sends nothing here."""

    rate = 250
    # Of the picture that the head points at: width, height and distance [m].
    view = (0.28, 0.2, 0.7)

    def open(self):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)

    def message(self, share):
        if share is None:
            return b""
        width, height, distance = self.view
        right, up = (share[0] - 0.5) * width, (0.5 - share[1]) * height
        sway = 0.5 * math.sin(time.monotonic())
        ahead = distance, right - sway / 100, up
        yaw, pitch = math.atan2(ahead[1], ahead[0]), math.atan2(ahead[2], math.hypot(ahead[0], ahead[1]))
        return struct.pack("<6d", sway, 0, 0, math.degrees(yaw), math.degrees(pitch), 0)

    def send(self, message):
        if message:
            self.socket.sendto(message, ("127.0.0.1", self.port))

    def close(self):
        self.socket.close()


class Gazepoint(Tracker):
    """A server of the Open Gaze API: lines of XML over TCP, to one client, of what it has asked for."""

    def open(self):
        self.listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listener.bind(("127.0.0.1", self.port))
        self.listener.listen()
        self.client, self.asked, self.begin = None, set(), time.monotonic()
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            self.asked, self.client = set(), client
            try:
                for line in client.makefile("r", newline="\r\n"):
                    name, state = line.split('"')[1], line.split('"')[3]
                    self.asked.add(name) if state == "1" else self.asked.discard(name)
                    client.sendall(f'<ACK ID="{name}" STATE="{state}" />\r\n'.encode())
            except OSError:
                pass

    def message(self, share):
        fields = ""
        if "ENABLE_SEND_TIME" in self.asked:
            fields += f' TIME="{time.monotonic() - self.begin:.5f}"'
        if "ENABLE_SEND_POG_BEST" in self.asked:
            x, y = share or (0, 0)
            fields += f' BPOGX="{x:.5f}" BPOGY="{y:.5f}" BPOGV="{0 if share is None else 1}"'
        return f"<REC{fields} />\r\n".encode()

    def send(self, message):
        if self.client and "ENABLE_SEND_DATA" in self.asked:
            try:
                self.client.sendall(message)
            except OSError:
                self.client = None

    def close(self):
        # A server that still listens takes the next client.
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        if self.client:
            with contextlib.suppress(OSError):
                self.client.shutdown(socket.SHUT_RDWR)
            self.client.close()


class Pupil(Tracker):
    """Pupil Capture: the remote tells at which port it publishes, another one each time it is started; a surface's gaze comes in heaps, a heap for
    each picture of the scene's camera. Needs pyzmq and msgpack."""

    rate = 30
    surface = "table"

    def open(self):
        import zmq

        self.context = zmq.Context()
        self.remote = self.context.socket(zmq.REP)
        self.remote.bind(f"tcp://127.0.0.1:{self.port}")
        self.publisher = self.context.socket(zmq.PUB)
        self.publishing = self.publisher.bind_to_random_port("tcp://127.0.0.1")
        self.begin = time.monotonic()
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        import zmq

        while not self.is_over:
            if self.remote.poll(50):
                asked = self.remote.recv_string()
                self.remote.send_string(str(self.publishing) if asked == "SUB_PORT" else "Unknown command.")
        self.remote.close(linger=0)
        assert zmq

    def message(self, share):
        import msgpack

        x, y = share or (0.5, 0.5)
        now = time.monotonic() - self.begin
        gaze = [
            {
                "topic": f"gaze.3d.01._on_surfaces.{self.surface}", "norm_pos": (x, 1 - y), "confidence": 0.95 if share else 0.0, "on_surf": True,
                "base_data": ("gaze.3d.01.", now + delay), "timestamp": now + delay,
                # Before version 3 the eyes' names were numbers.
                "eye_centers_3d": {0: (20.0, 10.0, -20.0), 1: (-40.0, 10.0, -20.0)},
            }
            for delay in (-0.024, -0.016, -0.008, 0.0)
        ]
        datum = {
            "topic": f"surfaces.{self.surface}", "name": self.surface, "surf_to_img_trans": ((1.0, 0.0, 0.0),) * 3, "gaze_on_surfaces": gaze,
            "fixations_on_surfaces": [], "timestamp": now, "camera": "world",
        }
        return [f"surfaces.{self.surface}".encode(), msgpack.packb(datum, use_bin_type=True)]

    def send(self, message):
        self.publisher.send_multipart(message)

    def close(self):
        self.publisher.close(linger=0)
        time.sleep(0.1)
        self.context.destroy(linger=0)

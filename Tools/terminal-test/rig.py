"""An emulated arm behind `armctl serve`, and a terminal in tmux, for the tests of `armctl teleop`."""
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time


class Failure(Exception):
    """What was seen is not what should be seen."""


def until(what, condition, seconds=10.0):
    """Waits for something that should come soon, and returns what `condition` then answers."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        answer = condition()
        if answer:
            return answer
        time.sleep(0.02)
    raise Failure(f"waited in vain for {what}")


class Client:
    """A few calls on the command socket."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(path)
        self.file = self.socket.makefile("r")
        self.count = 0

    def call(self, method, **parameters):
        self.count += 1
        self.socket.sendall((json.dumps({"id": self.count, "method": method, "params": parameters}) + "\n").encode())
        while True:
            answer = json.loads(self.file.readline())
            if answer.get("id") == self.count:
                if "error" in answer:
                    raise Failure(answer["error"]["message"])
                return answer["result"]

    def notifications(self):
        for line in self.file:
            message = json.loads(line)
            if "method" in message:
                yield message["params"]


class Daemon:
    """`armctl serve` with an emulated arm, in a folder of its own."""

    def __init__(self, program, arm="dummy", scene=None, arguments=("--sim",)):
        self.folder = tempfile.mkdtemp(prefix="armctl-teleop-test-")
        self.path = self.folder + "/s"
        command = [program, "serve", "--arm", arm, "--socket", self.path, "--records", self.folder, "--log", self.folder + "/log", *arguments]
        if scene:
            command += ["--scene", scene]
        # Once more where a busy machine has let the drives fall silent as it began.
        for attempt in range(3):
            try:
                self.start(command)
                return
            except (OSError, Failure, json.JSONDecodeError):
                self.process.kill()
                self.process.wait()
                # Who is killed leaves its socket behind; the next one's is waited for.
                if os.path.exists(self.path):
                    os.unlink(self.path)
                if attempt == 2:
                    raise

    def start(self, command):
        self.process = subprocess.Popen(command)
        until("the server", lambda: os.path.exists(self.path) or self.process.poll() is not None)
        self.client = Client(self.path)
        until("the arm to be on", lambda: self.state()["mode"] == "hold")

    def state(self):
        return self.client.call("state")

    def move(self, position):
        # On a machine that is busy elsewhere the emulated drives may have fallen silent for too long.
        if self.state()["mode"] == "fault":
            self.client.call("fault.reset")
            until("the arm to hold", lambda: self.state()["mode"] in ("hold", "stopped"))
        def begun():
            until("the lease to be free", lambda: self.client.call("lease.get")["holder"] is None)
            try:
                return self.client.call("move.joints", position=position, plan=False)["job"]
            except Failure as failure:
                # Somebody has taken it again meanwhile.
                if "holds the lease" not in str(failure):
                    raise
                return None
        self.client.call("job.wait", job=until("the arm to set off", begun))

    def rest(self, seconds=3.0):
        """Waits until the setpoint stands still, and returns the state."""
        def still():
            before = self.state()["setpoint"]
            time.sleep(0.08)
            after = self.state()
            return after if after["setpoint"] == before else None
        return until("the arm to rest", still, seconds)

    def end(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


class Window:
    """A terminal of a size of its own with a shell in it."""

    count = 0

    def __init__(self, width, height, folder, environment=()):
        Window.count += 1
        self.name = f"armctl-teleop-{os.getpid()}-{Window.count}"
        self.tmux("-f", "/dev/null", "new-session", "-d", "-x", str(width), "-y", str(height), "-c", folder,
                  *[part for name in environment for part in ("-e", name)], "sh")
        self.tmux("set-option", "-g", "status", "off")
        self.tmux("resize-window", "-x", str(width), "-y", str(height))

    def tmux(self, *arguments):
        result = subprocess.run(["tmux", "-L", self.name, *arguments], capture_output=True, text=True, check=False)
        return result.stdout

    def keys(self, *keys):
        self.tmux("send-keys", *keys)

    def type(self, text):
        self.tmux("send-keys", "-l", text)

    def hold(self, key, seconds, interval=0.04):
        """As a keyboard does it that repeats at once."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.keys(key)
            time.sleep(interval)

    def screen(self):
        return self.tmux("capture-pane", "-p").rstrip("\n").split("\n")

    def text(self):
        return "\n".join(self.screen())

    def shows(self, text, seconds=4.0):
        """Waits for a text, and returns the whole screen."""
        try:
            return until(f"“{text}”", lambda: (lambda now: now if text in now else None)(self.text()), seconds)
        except Failure as failure:
            raise Failure(f"{failure} on\n{self.text()}") from None

    def run(self, command):
        self.type(command)
        self.keys("Enter")

    def resize(self, width, height):
        self.tmux("resize-window", "-x", str(width), "-y", str(height))

    def end(self):
        self.tmux("kill-server")

"""How `armctl teleop` ends: by keys, signals, crashes, and when its window, its server or itself is killed."""
import os
import pathlib
import signal

from rig import Failure, until


class Endings:
    """Parts of the test in screens.py."""

    def leaves_the_terminal_as_it_was(self):
        for way in ["C-c", "C-d", signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGSEGV, signal.SIGABRT, signal.SIGILL]:
            window = self.open()
            if isinstance(way, str):
                window.keys(way)
            else:
                os.kill(child(window), way)
            window.shows("left")
            folder = pathlib.Path(self.daemon.folder)
            until("the settings", lambda: (folder / "after").exists() and (folder / "after").read_text())
            if (folder / "before").read_text() != (folder / "after").read_text():
                raise Failure(f"after {way} the terminal is not as it was")
            if "space stop" in window.text() or window.tmux("display-message", "-p", "#{alternate_on}#{cursor_flag}").strip() != "01":
                raise Failure(f"after {way} the screen is not as it was")
            (folder / "after").unlink()

    def rests_when_the_terminal_dies(self):
        """The window is killed, or the program is, while a key is held."""
        for what in ["window", "program", "frozen"]:
            self.ready()
            window = self.open()
            window.hold("w", 0.4)
            process = child(window)
            if what == "window":
                window.end()
            else:
                os.kill(process, signal.SIGKILL if what == "program" else signal.SIGSTOP)
            self.daemon.rest(1.0)
            if what == "frozen":
                until("the lease to end", lambda: self.daemon.client.call("lease.get")["holder"] is None, 1)
                os.kill(process, signal.SIGKILL)

    def two_people(self):
        """The second one is told who leads, and moves nothing."""
        self.ready()
        first = self.open()
        first.keys("q")
        first.shows("you lead")
        self.window = None
        second = self.open()
        second.shows("led by teleop on ")
        rest = self.daemon.rest()["setpoint"]
        second.keys("q")
        second.shows("with priority terminal. It lets go")
        if self.daemon.state()["setpoint"] != rest:
            raise Failure("both move the arm")
        first.end()
        second.shows("nobody leads")

    def ends_with_the_server(self):
        """Last, as there is no server any more."""
        window = self.open()
        self.daemon.process.kill()
        window.shows("closed the connection")
        window.shows("left 1")


def child(window):
    """The teleoperation in a window."""
    shell = window.tmux("display-message", "-p", "#{pane_pid}").strip()
    def find():
        listed = pathlib.Path(f"/proc/{shell}/task/{shell}/children").read_text().split()
        return int(listed[0]) if listed else None
    return until("the program", find)

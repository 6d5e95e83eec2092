"""Where the command socket is: the rule of docs/Command-socket.md."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass

from .errors import ConnectionFailed


def socket_path(explicit: str | os.PathLike[str] | None = None) -> str:
    """The path given, else ``$XDG_RUNTIME_DIR/armctl.sock``, else ``armctl-UID/armctl.sock`` in the temporary directory.

    Raises:
        ConnectionFailed: If that last folder does not belong to this user alone: a socket in it could be anybody's.
    """
    if explicit:
        return os.fspath(explicit)
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    if runtime:
        return os.path.join(runtime, "armctl.sock")
    folder = os.path.join(os.environ.get("TMPDIR") or "/tmp", f"armctl-{os.getuid()}")
    try:
        information = os.lstat(folder)
    except FileNotFoundError:
        return os.path.join(folder, "armctl.sock")
    if not stat.S_ISDIR(information.st_mode) or information.st_uid != os.getuid() or information.st_mode & 0o077:
        raise ConnectionFailed(f"The folder {folder} does not belong to this user alone.")
    return os.path.join(folder, "armctl.sock")


@dataclass(frozen=True)
class TCPAddress:
    """A port of this machine, and the file with what has to be shown there."""

    port: int
    token_file: str

    def token(self) -> str:
        """What stands in the file.

        Raises:
            ConnectionFailed: If it cannot be read.
        """
        try:
            with open(self.token_file, encoding="utf-8") as file:
                return file.read().strip()
        except OSError as error:
            raise ConnectionFailed(
                f"The token in {self.token_file} cannot be read: {error.strerror}. Try: tcp:PORT:FILE with the file that armctl serve named"
            ) from error


def tcp_address(path: str) -> TCPAddress | None:
    """What ``tcp:PORT[:TOKENFILE]`` says; None where a path is one of a Unix socket. The token is beside the usual path if it is not said where.

    Raises:
        ConnectionFailed: If there is no port in it.
    """
    scheme, _, rest = path.partition(":")
    if scheme != "tcp":
        return None
    port, _, token_file = rest.partition(":")
    if not (port.isascii() and port.isdigit() and 1 <= int(port) <= 65535):
        raise ConnectionFailed(f"{path!r} does not say a TCP port from 1 to 65535. Try: tcp:7373")
    return TCPAddress(int(port), token_file or socket_path() + ".token")

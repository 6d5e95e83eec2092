"""Where the command socket is: the rule of docs/Command-socket.md."""

from __future__ import annotations

import os
import stat

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

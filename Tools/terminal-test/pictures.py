"""What is compared in the tests of `armctl teleop`: screens with the pictures of docs/Teleop.md, and how tools are turned."""
import pathlib
import re

from rig import Failure

DOCUMENT = pathlib.Path(__file__).resolve().parents[2] / "docs/Teleop.md"


def turned(a, b):
    """The turn from one quaternion (x, y, z, w) to another, as a vector about the base's axes [rad]."""
    ax, ay, az, aw = -a[0], -a[1], -a[2], a[3]
    bx, by, bz, bw = b
    x = bw * ax + bx * aw + by * az - bz * ay
    y = bw * ay - bx * az + by * aw + bz * ax
    z = bw * az + bx * ay - by * ax + bz * aw
    w = bw * aw - bx * ax - by * ay - bz * az
    return [2 * v * (1 if w > 0 else -1) for v in (x, y, z)]


def masked(screen):
    """A screen without what is never the same twice: load, durations, efforts, and the tool's last digit."""
    text = "\n".join(line.rstrip() for line in screen)
    text = re.sub(r"bus \d+ %.*", "bus", text)
    return re.sub(r"feel .*?(?=  |\n)", lambda felt: "feel".ljust(len(felt.group())), text)


# How far the arm got in these depends on how long a key was held.
TIMED = ("teach", "lost")


def likeness(name, screen):
    """What must be the same in two screens that show the same: all that is not masked, or the words of the panels and hints."""
    text = masked(screen).rstrip("\n")
    return sorted(set(re.findall(r"[a-z]{4,}", text)) & {"waypoints", "base", "axes", "stop", "leave"}) if name in TIMED else text


def document(pictures, write):
    """Compares the pictures with the document's, or puts them there."""
    text = DOCUMENT.read_text()
    for name, screen in pictures.items():
        pattern = re.compile(rf"(<!-- screen: {name} -->\n```text\n)(.*?)(```)", re.S)
        found = pattern.search(text)
        if not found:
            raise Failure(f"docs/Teleop.md has no picture \"{name}\"")
        body = "\n".join(line.rstrip() for line in screen) + "\n"
        if write:
            text = text[:found.start(2)] + body + text[found.end(2):]
        elif likeness(name, found.group(2).split("\n")) != likeness(name, screen):
            raise Failure(f"the picture \"{name}\" of docs/Teleop.md is not what is seen (--write puts it there):\n{body}")
    if write:
        DOCUMENT.write_text(text)

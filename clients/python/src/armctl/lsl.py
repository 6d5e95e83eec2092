"""Lab Streaming Layer to armctl: ``python -m armctl.lsl --to udp://127.0.0.1:5005``.

Takes the first stream of type Gaze, brings its clock to this machine's, and sends each sample on. Needs ``pylsl``.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from .gaze import GazeSample, GazeSender

X_LABELS = ("x", "gaze_x", "norm_pos_x", "screen_x", "gazex", "bpogx", "fpogx")
Y_LABELS = tuple(label.replace("x", "y") for label in X_LABELS)
CONFIDENCE_LABELS = ("confidence", "conf", "validity")


@dataclass(frozen=True)
class Channels:
    """Which channel of the stream is what."""

    x: int
    y: int
    confidence: int | None = None
    width: float = 1.0
    """Of the screen in the stream's unit."""
    height: float = 1.0

    @classmethod
    def of(cls, labels: Sequence[str], width: float = 1.0, height: float = 1.0) -> Channels:
        """By their labels, else the first two."""
        names = [label.lower() for label in labels]

        def find(wanted: Sequence[str]) -> int | None:
            return next((names.index(label) for label in wanted if label in names), None)

        x, y = find(X_LABELS), find(Y_LABELS)
        if x is None or y is None:
            return cls(0, 1, None, width, height)
        return cls(x, y, find(CONFIDENCE_LABELS), width, height)

    def sample(self, values: Sequence[float], t: int) -> GazeSample:
        """What one sample of the stream says; it is not valid where it has too few channels or no confidence."""
        if max(self.x, self.y, self.confidence or 0) >= len(values):
            return GazeSample(0, 0, 0, valid=False, t=t)
        conf = 1.0 if self.confidence is None else min(1.0, max(0.0, float(values[self.confidence])))
        return GazeSample(float(values[self.x]) / self.width, float(values[self.y]) / self.height, conf, conf > 0, t)


def samples(library: Any, stream_type: str, wait: float, width: float, height: float) -> Iterator[GazeSample]:
    """Samples of the first stream of that type, for as long as it lives.

    Raises:
        ConnectionError: If there is none within ``wait`` seconds, or it has gone.
    """
    found = library.resolve_byprop("type", stream_type, 1, wait)
    if not found:
        raise ConnectionError(f"No stream of type {stream_type} is there within {wait:g} s.")
    inlet = library.StreamInlet(found[0], max_buflen=1, recover=False)
    channels = Channels.of(_labels(inlet.info()), width, height)
    # The two clocks of this machine differ by a constant; the streams' clocks drift, and LSL keeps track of them.
    here = time.monotonic_ns() - int(library.local_clock() * 1e9)
    correction, corrected_at = inlet.time_correction(), time.monotonic()
    try:
        while True:
            values, stamp = inlet.pull_sample(timeout=1.0)
            if values is None:
                continue
            if time.monotonic() - corrected_at > 5:
                correction, corrected_at = inlet.time_correction(), time.monotonic()
            yield channels.sample(values, int((stamp + correction) * 1e9) + here)
    except library.util.LostError as error:
        raise ConnectionError("The stream has gone.") from error


def _labels(info: Any) -> list[str]:
    labels: list[str] = []
    channel = info.desc().child("channels").child("channel")
    while not channel.empty():
        labels.append(channel.child_value("label"))
        channel = channel.next_sibling("channel")
    return labels


def main(arguments: Sequence[str] | None = None) -> int:
    """The program."""
    parser = argparse.ArgumentParser(prog="python -m armctl.lsl", description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--to", default="-", help="udp://HOST:PORT, or - for lines on standard output (if not given)")
    parser.add_argument("--type", default="Gaze", help="of the stream; Gaze if not given")
    parser.add_argument("--wait", type=float, default=10, help="for the stream to appear [s]; 10 if not given")
    parser.add_argument(
        "--screen", type=float, nargs=2, default=(1, 1), metavar=("W", "H"), help="its size in the stream's unit, such as 1920 1080"
    )
    options = parser.parse_args(arguments)
    try:
        library = importlib.import_module("pylsl")
    except ImportError:
        print("armctl.lsl: pylsl is not installed. Try: pip install pylsl", file=sys.stderr)
        return 2
    try:
        with GazeSender(options.to) as sender:
            for sample in samples(library, options.type, options.wait, *options.screen):
                sender.send(sample)
    except (ConnectionError, ValueError) as error:
        print(f"armctl.lsl: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())

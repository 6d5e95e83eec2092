"""Units that are not SI, as factors: ``90 * deg`` is in radians, ``-60 * mm`` in metres."""

from __future__ import annotations

import math

deg: float = math.pi / 180
"""One degree [rad]."""

mm: float = 1e-3
"""One millimetre [m]."""

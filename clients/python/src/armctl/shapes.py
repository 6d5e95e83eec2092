"""What parsed JSON is, told to the type checker: a value of the type wanted, or None."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast


def as_object(value: object) -> dict[str, Any] | None:
    """A JSON object."""
    return cast("dict[str, Any]", value) if isinstance(value, dict) else None


def as_list(value: object) -> Sequence[Any] | None:
    """A JSON array."""
    return cast("Sequence[Any]", value) if isinstance(value, list) else None


def as_text(value: object) -> str | None:
    """A JSON string."""
    return value if isinstance(value, str) else None


def as_number(value: object) -> float | None:
    """A JSON number; true and false are none."""
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def as_integer(value: object) -> int | None:
    """A JSON number without a fraction."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None

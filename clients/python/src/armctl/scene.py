"""What is around the arm, and what it carries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Generic, TypeVar

R = TypeVar("R", covariant=True)
Things = Sequence[Mapping[str, Any]]


class Scene(Generic[R]):
    """The ``scene`` methods. ``R`` is their result as it came, or an awaitable of it.

    Things are objects as in docs/Command-socket.md, by their shape:
    ``scene.add(boxes=[{"name": "table", "center": [0.3, 0, -0.02], "halfExtents": [0.2, 0.3, 0.02]}])``.
    """

    def _call(self, method: str, params: Mapping[str, Any]) -> R:
        raise NotImplementedError

    def get(self) -> R:
        """Everything, by its shape."""
        return self._call("scene.get", {})

    def set(self, **shapes: Things) -> R:
        """These things in place of all that were there."""
        return self._call("scene.set", shapes)

    def add(self, **shapes: Things) -> R:
        """More things; those with a ``frame`` are carried."""
        return self._call("scene.add", shapes)

    def remove(self, *names: str) -> R:
        """Takes things away."""
        return self._call("scene.remove", {"names": list(names)})

    def attach(self, name: str, *, frame: str | None = None, may_touch: Sequence[str] | None = None) -> R:
        """It was grasped: the tool, or the link ``frame``, carries it from where it is now."""
        params = {"name": name, "frame": frame, "mayTouch": None if may_touch is None else list(may_touch)}
        return self._call("scene.attach", {key: value for key, value in params.items() if value is not None})

    def detach(self, name: str) -> R:
        """It was let go, and stands where it is now."""
        return self._call("scene.detach", {"name": name})

"""How values look in a notebook. Nothing here talks to the arm."""

from __future__ import annotations

import html
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from .shapes import as_list, as_number

if TYPE_CHECKING:
    from .values import Joint, State

_BAR = "display:inline-block;width:120px;height:9px;background:#8884;position:relative;border-radius:4px"
_MARK = "position:absolute;top:-2px;width:3px;height:13px;background:#c33;left:{:.1f}%"
_FILL = "position:absolute;left:0;top:0;height:9px;border-radius:4px;background:#4a4;width:{:.1f}%"


def state_table(state: State) -> str:
    """A line of what the arm does, and a row for each joint with its place between its limits."""
    raw = state.raw
    head = [f"<b>{_text(state.configuration.name)}</b>"]
    if "mode" in raw:
        head.append(_text(str(raw["mode"])))
    if "pose" in raw:
        x, y, z = (1e3 * v for v in state.pose.position)
        roll, pitch, yaw = state.pose.rpy_degrees
        head.append(f"tool {x:.1f}, {y:.1f}, {z:.1f} mm; rpy {roll:.1f}, {pitch:.1f}, {yaw:.1f}°")
    rows = "".join(_row(joint, index, raw) for index, joint in enumerate(state.configuration.joints))
    titles = "".join(f"<th>{title}</th>" for title in ("joint", "position", "", "velocity", "effort"))
    fault = f'<div style="color:#c33">{_text(str(state.fault))}</div>' if raw.get("fault") else ""
    return f"<div>{' · '.join(head)}</div>{fault}<table><tr>{titles}</tr>{rows}</table>"


def progress_bar(title: str, share: float | None, note: str = "") -> str:
    """One line with a bar that is filled as far as ``share``, 0 to 1."""
    fill = _FILL.format(100 * min(1.0, max(0.0, share or 0.0)))
    percent = "" if share is None else f" {100 * share:.0f} %"
    return f'<div>{_text(title)} <span style="{_BAR}"><span style="{fill}"></span></span>{percent} {_text(note)}</div>'


def paragraph(*parts: str) -> str:
    """Parts beside each other on a line."""
    return f"<div>{' · '.join(_text(part) for part in parts if part)}</div>"


def _row(joint: Joint, index: int, raw: Mapping[str, object]) -> str:
    def at(name: str) -> float | None:
        values = as_list(raw.get(name)) or []
        return as_number(values[index]) if index < len(values) else None

    turns = not joint.slides
    position, velocity, effort = at("position"), at("velocity"), at("effort")
    factor, unit = (180 / math.pi, "°") if turns else (1e3, "mm")
    cells = [
        _text(joint.name),
        "" if position is None else f"{factor * position:.2f} {unit}",
        _limit_bar(joint, position),
        "" if velocity is None else f"{factor * velocity:.2f} {unit}/s",
        "" if effort is None else f"{effort:.2f} {'N·m' if turns else 'N'}",
    ]
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _limit_bar(joint: Joint, position: float | None) -> str:
    if position is None or joint.lower is None or joint.upper is None or joint.upper <= joint.lower:
        return ""
    share = (position - joint.lower) / (joint.upper - joint.lower)
    return f'<span style="{_BAR}"><span style="{_MARK.format(100 * min(1.0, max(0.0, share)))}"></span></span>'


def _text(text: str) -> str:
    return html.escape(text)

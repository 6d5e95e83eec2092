"""The robot's settings, registered with LeRobot as ``armctl`` where it is installed."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal


@dataclass(kw_only=True)
class PlainConfig:
    """What LeRobot's configurations have in common."""

    id: str | None = None
    calibration_dir: Path | None = None


if TYPE_CHECKING:
    ConfigBase = PlainConfig
else:
    try:
        from lerobot.robots import RobotConfig as ConfigBase
    except ImportError:
        ConfigBase = PlainConfig


@dataclass(kw_only=True)
class ArmctlRobotConfig(ConfigBase):
    """Settings of `ArmctlRobot`.

    Attributes:
        socket: Where the daemon listens; armctl's own rule if not given.
        unit: Of the joints that turn, in observations and actions; those that slide are in metres.
        observe: What of each joint is observed: ``pos``, ``vel`` and ``effort``.
        largest_step: How far from where a joint is an action may send it [``unit``; m]; more is cut off. Without one the
            arm goes as fast as its limits allow.
        start_pose: A named pose that the arm moves to when it connects.
        end_pose: One that it moves to before it disconnects.
        timeout: How long an answer may take [s].
        cameras: LeRobot's camera configurations by name.
    """

    socket: str | None = None
    unit: Literal["deg", "rad"] = "deg"
    observe: list[str] = field(default_factory=lambda: ["pos"])
    largest_step: float | None = None
    start_pose: str | None = None
    end_pose: str | None = None
    timeout: float = 10.0
    cameras: dict[str, Any] = field(default_factory=dict[str, Any])


# LeRobot's configurations know their kinds by name.
register = getattr(ConfigBase, "register_subclass", None)
if register is not None:
    register("armctl")(ArmctlRobotConfig)

"""A robot for LeRobot: any arm that armctl drives. It also works by itself, without LeRobot."""

from .config_armctl import ArmctlRobotConfig
from .robot import ArmctlRobot

__all__ = ["ArmctlRobot", "ArmctlRobotConfig"]

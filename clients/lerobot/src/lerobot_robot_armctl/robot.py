"""The robot: what LeRobot calls for, on top of `armctl.Arm`."""

from __future__ import annotations

import functools
import importlib
import math
from types import TracebackType
from typing import TYPE_CHECKING, Any

from armctl import Arm, ConnectionFailed, Joint, LeaseError, Servo, State

from .config_armctl import ArmctlRobotConfig


class PlainRobot:
    """Stands in for LeRobot's base class where LeRobot is not installed."""

    name = ""

    def __init__(self, config: ArmctlRobotConfig) -> None:
        self.robot_type = self.name
        self.id = config.id

    def __str__(self) -> str:
        return f"{self.id} {type(self).__name__}"

    def __enter__(self) -> Any:
        self.connect()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        self.disconnect()

    def connect(self, calibrate: bool = True) -> None:
        """Connects."""
        raise NotImplementedError

    def disconnect(self) -> None:
        """Disconnects."""
        raise NotImplementedError


class NotConnected(ConnectionError):
    """`connect` comes first."""


class AlreadyConnected(ConnectionError):
    """Once is enough."""


if TYPE_CHECKING:
    RobotBase = PlainRobot
    NotConnectedError, AlreadyConnectedError = NotConnected, AlreadyConnected
else:
    try:
        from lerobot.robots import Robot as RobotBase
        from lerobot.utils.errors import DeviceAlreadyConnectedError as AlreadyConnectedError
        from lerobot.utils.errors import DeviceNotConnectedError as NotConnectedError
    except ImportError:
        RobotBase = PlainRobot
        NotConnectedError, AlreadyConnectedError = NotConnected, AlreadyConnected


class ArmctlRobot(RobotBase):
    """An arm behind armctl's command socket as a LeRobot robot.

    Observations and actions have a member ``JOINT.pos`` for each joint. Actions are streamed as joint positions that the
    arm follows within its limits; 100 ms without one and it comes to rest. The daemon keeps the limits, whatever a
    policy asks for: a target beyond a joint's travel is cut off to it, and the action returned says so.
    """

    config_class = ArmctlRobotConfig
    name = "armctl"

    def __init__(self, config: ArmctlRobotConfig) -> None:
        super().__init__(config)
        self.config = config
        self.arm = Arm(config.socket, client=f"lerobot {config.id or 'robot'}"[:64], timeout=config.timeout)
        self.cameras = _cameras(config)
        self._servo: Servo | None = None

    # What it is

    @functools.cached_property
    def _joints(self) -> tuple[Joint, ...]:
        """Asked of the daemon: LeRobot wants the features before it connects."""
        was_connected = self.arm.is_connected
        joints = self.arm.configuration.joints
        if not was_connected:
            self.arm.close()
        return joints

    @property
    def observation_features(self) -> dict[str, Any]:
        """A number for each observed quantity of each joint, a shape for each camera."""
        features: dict[str, Any] = {f"{j.name}.{quantity}": float for j in self._joints for quantity in self.config.observe}
        for name, camera in self.config.cameras.items():
            features[name] = (camera.height, camera.width, 3)
        return features

    @property
    def action_features(self) -> dict[str, Any]:
        """A target for each joint."""
        return {f"{joint.name}.pos": float for joint in self._joints}

    @property
    def is_connected(self) -> bool:
        """Whether the daemon and every camera is there."""
        return self.arm.is_connected and all(camera.is_connected for camera in self.cameras.values())

    @property
    def is_calibrated(self) -> bool:
        """The daemon knows where its joints are."""
        return True

    # Coming and going

    def connect(self, calibrate: bool = True) -> None:
        """Connects, takes the lease, switches the motors on and goes to the pose to start from."""
        if self.is_connected:
            raise AlreadyConnectedError(f"{self} is connected already.")
        try:
            self.arm.connect()
            self.arm.acquire()
            self.configure()
            for camera in self.cameras.values():
                camera.connect()
        except BaseException:
            self._let_go()
            raise

    def calibrate(self) -> None:
        """Nothing: homing is the daemon's."""

    def configure(self) -> None:
        """Brings the arm to where it takes actions."""
        if self.arm.state.mode in ("off", "float", "comply"):
            self.arm.set_mode("hold")
        if self.config.start_pose:
            self.arm.move_to(self.config.start_pose)

    def disconnect(self) -> None:
        """Goes to the pose to end in, stays stiff, and gives the lease back."""
        if not self.arm.is_connected:
            raise NotConnectedError(f"{self} is not connected.")
        try:
            if self._servo:
                self._servo.close()
            if self.config.end_pose:
                self.arm.move_to(self.config.end_pose)
        except LeaseError:
            # Somebody else has the arm by now; it is theirs to say where it goes.
            pass
        finally:
            self._let_go()

    # Every step

    def get_observation(self) -> dict[str, Any]:
        """The latest measured state, and a picture of each camera."""
        state = self._state()
        values = {"pos": state.position, "vel": state.velocity, "effort": state.effort}
        observation: dict[str, Any] = {}
        for index, joint in enumerate(self._joints):
            for quantity in self.config.observe:
                value = values[quantity][index]
                scaled = math.nan if value is None else value * (1.0 if quantity == "effort" else self._scale(joint))
                observation[f"{joint.name}.{quantity}"] = scaled
        for name, camera in self.cameras.items():
            observation[name] = camera.async_read()
        return observation

    def send_action(self, action: dict[str, Any]) -> dict[str, Any]:
        """Streams the joints' targets and returns them as sent.

        Joints without a target stay; members that are no joint's are ignored.
        """
        state = self._state()
        targets: dict[str, float] = {}
        for index, joint in enumerate(self._joints):
            wanted = action.get(f"{joint.name}.pos")
            if wanted is not None:
                here = state.position[index] * self._scale(joint)
                targets[joint.name] = self._permitted(float(wanted), here, joint)
        if targets:
            if self._servo is None:
                self._servo = self.arm.servo()
            everything = dict(zip((j.name for j in self._joints), state.setpoint, strict=True))
            everything |= {j.name: targets[j.name] / self._scale(j) for j in self._joints if j.name in targets}
            self._servo.joints(radians=everything)
        return {f"{name}.pos": value for name, value in targets.items()}

    def _permitted(self, wanted: float, here: float, joint: Joint) -> float:
        if not math.isfinite(wanted):
            raise ValueError(f"{joint.name}.pos is {wanted}.")
        step = self.config.largest_step
        if step is not None:
            wanted = min(max(wanted, here - step), here + step)
        lower = -math.inf if joint.lower is None else joint.lower * self._scale(joint)
        upper = math.inf if joint.upper is None else joint.upper * self._scale(joint)
        return min(max(wanted, lower), upper)

    def _scale(self, joint: Joint) -> float:
        """What makes radians the unit of observations and actions."""
        return 1.0 if joint.slides or self.config.unit == "rad" else 180 / math.pi

    def _state(self) -> State:
        if not self.arm.is_connected:
            raise NotConnectedError(f"{self} is not connected.")
        return self.arm.state

    def _let_go(self) -> None:
        self._servo = None
        self.arm.close()
        for camera in self.cameras.values():
            if camera.is_connected:
                camera.disconnect()


def _cameras(config: ArmctlRobotConfig) -> dict[str, Any]:
    if not config.cameras:
        return {}
    try:
        library = importlib.import_module("lerobot.cameras.utils")
    except ImportError as error:
        raise ConnectionFailed("Cameras need LeRobot. Try: pip install lerobot") from error
    cameras: dict[str, Any] = library.make_cameras_from_configs(config.cameras)
    return cameras

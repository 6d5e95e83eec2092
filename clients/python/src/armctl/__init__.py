"""Drives a robot arm through the command socket of armctl.

    from armctl import Arm

    with Arm() as arm:
        arm.move_to("home")
        arm.move_linear(by=(0, 0, -60 * mm))
        arm.move_joints(degrees={"elbow": 80})

`armctl.aio` is the same for asyncio.
"""

from .arm import Arm
from .errors import (
    AccelerationLimit,
    ArmctlError,
    BusError,
    Busy,
    Collision,
    ConnectionFailed,
    ConnectionLost,
    DriveFault,
    EffortLimit,
    EmergencyStop,
    FaultLatched,
    Fence,
    FollowingError,
    InternalError,
    InvalidParameter,
    InvalidRequest,
    JerkLimit,
    LeaseEnded,
    LeaseError,
    LeaseHeld,
    LimitExceeded,
    NoAnswer,
    NoPath,
    NotHomed,
    PositionLimit,
    ProtocolError,
    RequestError,
    Singular,
    Stopped,
    TimeIsOver,
    Unauthorized,
    UnknownJob,
    UnknownMethod,
    Unreachable,
    VelocityLimit,
    WrongMode,
)
from .job import Job
from .lease import Lease
from .motions import JointTarget, Motions, Waypoint, joints
from .servo import Servo, ServoRefused
from .subscription import Subscription
from .units import deg, mm
from .values import Configuration, Event, JobUpdate, Joint, Plan, Pose, State

__all__ = [
    "AccelerationLimit",
    "Arm",
    "ArmctlError",
    "BusError",
    "Busy",
    "Collision",
    "Configuration",
    "ConnectionFailed",
    "ConnectionLost",
    "DriveFault",
    "EffortLimit",
    "EmergencyStop",
    "Event",
    "FaultLatched",
    "Fence",
    "FollowingError",
    "InternalError",
    "InvalidParameter",
    "InvalidRequest",
    "JerkLimit",
    "Job",
    "JobUpdate",
    "Joint",
    "JointTarget",
    "Lease",
    "LeaseEnded",
    "LeaseError",
    "LeaseHeld",
    "LimitExceeded",
    "Motions",
    "NoAnswer",
    "NoPath",
    "NotHomed",
    "Plan",
    "Pose",
    "PositionLimit",
    "ProtocolError",
    "RequestError",
    "Servo",
    "ServoRefused",
    "Singular",
    "State",
    "Stopped",
    "Subscription",
    "TimeIsOver",
    "Unauthorized",
    "UnknownJob",
    "UnknownMethod",
    "Unreachable",
    "VelocityLimit",
    "Waypoint",
    "WrongMode",
    "deg",
    "joints",
    "mm",
]

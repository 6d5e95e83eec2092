"""The arm for asyncio: what `armctl.Arm` is for threads, with the same words and the same rules.

from armctl.aio import Arm

async with Arm() as arm:
await arm.move_to("home")
job = await arm.move_to("rest", wait=False)
async for update in job:
print(update.progress)
"""

from .arm import Arm
from .job import Job
from .lease import Lease
from .servo import Servo
from .subscription import Subscription

__all__ = ["Arm", "Job", "Lease", "Servo", "Subscription"]

"""One function a peer: each yields rows of our figure beside theirs. Runs inside the private environment of bench_peers.py."""
import dataclasses
import json
import pathlib
import subprocess
import sys
import time
import xml.etree.ElementTree as xml

import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
MODELS = HERE.parents[1] / "Tests" / "Data" / "kinematics"
PREFIX = pathlib.Path(sys.prefix) / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages" / "cmeel.prefix"


@dataclasses.dataclass
class Row:
    name: str
    ours: float
    theirs: float
    unit: str
    peer: str
    note: str = ""

    @property
    def ratio(self):
        return self.theirs / self.ours

    def keep_best(self, other):
        self.ours, self.theirs = min(self.ours, other.ours), min(self.theirs, other.theirs)


@dataclasses.dataclass
class Arm:
    name: str
    file: str
    base: str
    tip: str

    @property
    def path(self):
        return str((MODELS / self.file).resolve())


PANDA = Arm("Panda", "panda_erd.urdf", "panda_link0", "panda_hand")
IIWA = Arm("iiwa 14", "iiwa14_pybullet.urdf", "lbr_iiwa_link_0", "lbr_iiwa_link_7")
UR5 = Arm("UR5", "ur5.urdf", "base_link", "wrist_3_link")
DUMMY = Arm("Dummy", "../../../Robots/dummy/dummy.urdf", "base", "flange")


def compute(arguments, verb, questions, *options):
    """What `armctl compute` answers to each question."""
    lines = "\n".join(json.dumps(q) for q in questions) + "\n"
    done = subprocess.run([arguments.armctl, "compute", *verb.split(), *options], input=lines, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def chain(arm):
    """Names and limits of the movable joints from base to tip."""
    joints = {j.find("child").get("link"): j for j in xml.parse(arm.path).getroot().findall("joint")}
    found, link = [], arm.tip
    while link != arm.base:
        joint = joints[link]
        if joint.get("type") in ("revolute", "prismatic"):
            limit = joint.find("limit")
            found.append((joint.get("name"), float(limit.get("lower")), float(limit.get("upper"))))
        link = joint.find("parent").get("link")
    return found[::-1]


def drawn(arm, count, seed=1):
    """Configurations over the joint ranges, of a turn at most."""
    limits = chain(arm)
    lower = np.array([max(l, -np.pi) for _, l, _ in limits])
    upper = np.array([min(u, np.pi) for _, _, u in limits])
    return np.random.default_rng(seed).uniform(lower, upper, (count, len(limits))), (lower + upper) / 2


def poses(arm, configurations):
    """Tool poses by Pinocchio, base to tip."""
    import pinocchio as pin
    model = pin.buildModelFromUrdf(arm.path)
    data = model.createData()
    places = [model.joints[model.getJointId(name)].idx_q for name, _, _ in chain(arm)]
    base, tip = model.getFrameId(arm.base), model.getFrameId(arm.tip)
    for q in configurations:
        whole = pin.neutral(model)
        whole[places] = q
        pin.framesForwardKinematics(model, data, whole)
        yield data.oMf[base].actInv(data.oMf[tip])


def pinocchio(arguments):
    """Kinematics and dynamics, by the C++ library that the wheel brings. Joints beside the arm's are locked, as armctl does."""
    program = pathlib.Path(sys.prefix) / "pinocchio_times"
    source = HERE / "pinocchio_times.cpp"
    if not program.exists() or program.stat().st_mtime < source.stat().st_mtime:
        libraries = ["-lpinocchio_default", "-lboost_serialization"]
        # As Pinocchio's own build files have it.
        definitions = ["BOOST_MPL_LIMIT_LIST_SIZE=30", "BOOST_MPL_LIMIT_VECTOR_SIZE=30", "BOOST_MPL_CFG_NO_PREPROCESSED_HEADERS",
                       "BOOST_FUSION_INVOKE_MAX_ARITY=12", "PINOCCHIO_ENABLE_TEMPLATE_INSTANTIATION", "NDEBUG"]
        subprocess.run(
            ["g++", "-std=c++17", "-O3", "-w", *(f"-D{d}" for d in definitions), source, "-o", program, f"-I{PREFIX}/include",
             f"-I{PREFIX}/include/eigen3", f"-L{PREFIX}/lib", f"-Wl,-rpath,{PREFIX}/lib", *libraries], check=True)
    import pinocchio as pin
    file = str(program.with_suffix(".model"))
    for arm in (UR5, PANDA, IIWA):
        rng = np.random.default_rng(2)
        q, names = drawn(arm, 1000)[0], [name for name, _, _ in chain(arm)]
        qd, qdd = rng.uniform(-1, 1, (2, 1000, len(names)))
        text = "\n".join(" ".join(map(repr, row)) for row in np.hstack([q, qd, qdd]).tolist())
        model = pin.buildModelFromUrdf(arm.path)
        locked = [i for i, name in enumerate(model.names) if i > 0 and name not in names]
        pin.buildReducedModel(model, locked, pin.neutral(model)).saveToText(file)
        done = subprocess.run([program, file, arm.tip], input=text, capture_output=True, text=True, check=True)
        theirs = {name: float(value) for name, value in (line.split() for line in done.stdout.splitlines())}
        common = ["--urdf", arm.path, "--tip", arm.tip, "--time", "--repeat", "50"]
        forward = [{"q": a.tolist(), "qd": b.tolist(), "effort": c.tolist()} for a, b, c in zip(q, qd, qdd)]
        inverse = [{"q": a.tolist(), "qd": b.tolist(), "qdd": c.tolist()} for a, b, c in zip(q, qd, qdd)]
        times = [a["ns"] for a in compute(arguments, "dynamics", inverse, *common)]
        ours = {
            "fk.jacobian": np.median([a["ns"] for a in compute(arguments, "fk", [{"q": a.tolist()} for a in q], *common)]),
            "dynamics.inverse": np.median([t["effort"] for t in times]),
            "dynamics.gravity": np.median([t["gravity"] for t in times]),
            "dynamics.massMatrix": np.median([t["massMatrix"] for t in times]),
            "dynamics.forward": np.median([ns(a) for a in compute(arguments, "dynamics", forward, *common)]),
        }
        for name, value in ours.items():
            yield Row(f"{name} {arm.name}", value, theirs[name], "ns", "pinocchio")


def ns(answer):
    return answer["ns"] if not isinstance(answer["ns"], dict) else sum(answer["ns"].values())


def eaik(arguments):
    """Every solution of arms with six joints, by EAIK's batched call on one thread."""
    from eaik.IK_URDF import UrdfRobot  # noqa: F401  (tells at once where EAIK is missing)
    import eaik.pybindings.EAIK as EAIK
    import pinocchio as pin
    for arm in (UR5, DUMMY):
        model = pin.buildModelFromUrdf(arm.path)
        names = [name for name, _, _ in chain(arm)]
        data = model.createData()
        whole = pin.neutral(model)
        pin.framesForwardKinematics(model, data, whole)
        base, tip = data.oMf[model.getFrameId(arm.base)], data.oMf[model.getFrameId(arm.tip)]
        axes, offsets, last = [], [], np.zeros(3)
        for name in names:
            joint = base.actInv(data.oMi[model.getJointId(name)])
            axes.append(joint.rotation @ axis(arm, name))
            offsets.append(joint.translation - last)
            last = joint.translation
        baseFromTip = base.actInv(tip)
        offsets.append(baseFromTip.translation - last)
        robot = EAIK.Robot(np.array(axes).T, np.array(offsets).T, baseFromTip.rotation, [], True)
        q, middle = drawn(arm, 2000)
        goals = list(poses(arm, q))
        batch = [g.homogeneous for g in goals]
        best = np.inf
        for _ in range(5):
            start = time.perf_counter()
            robot.calculate_IK_batched(batch, 1) if hasattr(robot, "calculate_IK_batched") else robot.IK_batched(batch, 1)
            best = min(best, time.perf_counter() - start)
        answers = compute(
            arguments, "ik", [question(g, middle) | {"all": True} for g in goals], "--urdf", arm.path, "--base", arm.base, "--tip", arm.tip, "--time",
            "--repeat", "20")
        yield Row(f"ik.all-branches {arm.name}", np.mean([a["ns"] for a in answers]) / 1000, 1e6 * best / len(batch), "µs", "EAIK")


def axis(arm, name):
    joint = next(j for j in xml.parse(arm.path).getroot().findall("joint") if j.get("name") == name)
    return np.array([float(x) for x in joint.find("axis").get("xyz").split()])


def question(pose, seed):
    import pinocchio as pin
    return {"position": pose.translation.tolist(), "quaternion": pin.Quaternion(pose.rotation).coeffs().tolist(), "seed": seed.tolist()}


def trac_ik(arguments):
    """Any arm: TRAC-IK's protocol, seeded in the middle of the limits, 5 ms and 1e-5. TRAC-IK uses two threads, armctl one."""
    import pytracik
    for arm in (PANDA, IIWA, UR5, DUMMY):
        q, middle = drawn(arm, 1000)
        questions = [question(g, middle) for g in poses(arm, q)]
        text = pathlib.Path(arm.path).read_text()
        solver = pytracik.TRAC_IK(arm.base, arm.tip, text, 0.005, 1e-5, pytracik.SolveType.Speed)
        # It takes the narrower of a safety controller's limits, and zero where that says nothing.
        pytracik.set_joint_limits(solver, *(list(side) for side in zip(*((lower, upper) for _, lower, upper in chain(arm)))))
        times, solved = [], 0
        for asked in questions:
            start = time.perf_counter()
            answer = pytracik.ik(solver, middle, *asked["position"], *asked["quaternion"])
            times.append(time.perf_counter() - start)
            solved += answer[0] >= 0
        common = ["--urdf", arm.path, "--base", arm.base, "--tip", arm.tip, "--time", "--timeout", "0.005"]
        for name, options in (("ik", []), ("ik.numeric", ["--numeric"])):
            answers = compute(arguments, "ik", questions, *common, *options)
            ours = [a["ns"] for a in answers if "ns" in a]
            note = f"solved {100 * len(ours) / len(answers):.1f} % and {100 * solved / len(questions):.1f} %"
            yield Row(f"{name} {arm.name}", np.mean(ours) / 1000, 1e6 * np.mean(times), "µs", "TRAC-IK", note)


def ruckig(arguments):
    """Online trajectories of states and limits as Ruckig's own benchmark draws them; the time that Ruckig reports of its calculation."""
    import ruckig
    rng = np.random.default_rng(3)
    for joints, count in ((1, 2000), (3, 2000), (7, 2000)):
        online = ruckig.Ruckig(joints, 0.005)
        times, questions, refused = [], [], 0
        while len(questions) < count:
            start, target = ([scale * rng.standard_normal(joints) for scale in (4, 0.8, 0.8)] for _ in range(2))
            limits = rng.uniform(0.1, 12, (3, joints))
            given = ruckig.InputParameter(joints)
            given.current_position, given.current_velocity, given.current_acceleration = start
            given.target_position, given.target_velocity, given.target_acceleration = target
            given.max_velocity, given.max_acceleration, given.max_jerk = limits
            try:
                online.validate_input(given, check_current_state_within_limits=False, check_target_state_within_limits=True)
            except ruckig.RuckigError:
                continue
            best = np.inf
            for _ in range(5):
                answer = ruckig.OutputParameter(joints)
                online.reset()
                try:
                    online.update(given, answer)
                except ruckig.RuckigError:
                    refused += 1
                    break
                best = min(best, answer.calculation_duration)
            else:
                times.append(best)
            questions.append({
                "start": dict(zip(("position", "velocity", "acceleration"), map(list, start))),
                "target": dict(zip(("position", "velocity", "acceleration"), map(list, target))),
                "limits": dict(zip(("velocity", "acceleration", "jerk"), map(list, limits))), "interface": "position", "synchronization": "time"})
        answers = compute(arguments, "trajectory", questions, "--time", "--repeat", "5")
        ours = [a["ns"] / 1000 for a in answers if "ns" in a]
        note = f"refused {len(answers) - len(ours)} and {refused} of {count}"
        yield Row(f"trajectory {joints} joints, mean", np.mean(ours), np.mean(times), "µs", "ruckig", note)
        yield Row(f"trajectory {joints} joints, p99.9", np.percentile(ours, 99.9), np.percentile(times, 99.9), "µs", "ruckig")


def toppra(arguments):
    """Time-optimal retiming of splines at 100 intervals; TOPP-RA by its Python package, which its C++ library outruns some twelvefold."""
    import toppra
    import toppra.algorithm
    import toppra.constraint
    toppra.setup_logging("ERROR")
    rng = np.random.default_rng(4)
    times, questions, durations, failed = [], [], [], 0
    for _ in range(60):
        count = int(rng.integers(3, 11))
        waypoints, knots = rng.uniform(-2, 2, (count, 7)), np.linspace(0, 1, count)
        velocity, acceleration = rng.uniform(1, 3, 7), rng.uniform(2, 8, 7)
        path = toppra.SplineInterpolator(knots, waypoints, bc_type="natural")
        limits = [
            toppra.constraint.JointVelocityConstraint(np.vstack([-velocity, velocity]).T),
            toppra.constraint.JointAccelerationConstraint(
                np.vstack([-acceleration, acceleration]).T, discretization_scheme=toppra.constraint.DiscretizationType.Interpolation)]
        best = np.inf
        for _ in range(3):
            solver = toppra.algorithm.TOPPRA(limits, path, gridpoints=np.linspace(0, 1, 101), solver_wrapper="seidel")
            start = time.perf_counter()
            _, speeds, _ = solver.compute_parameterization(0, 0)
            best = min(best, time.perf_counter() - start)
        failed += speeds is None
        times.append(best)
        questions.append({
            "waypoints": waypoints.tolist(), "knots": knots.tolist(), "boundary": "natural",
            "limits": {"velocity": velocity.tolist(), "acceleration": acceleration.tolist()}})
        durations.append(2 * np.sum(0.01 / (speeds[1:] + speeds[:-1])) if speeds is not None else np.nan)
    answers = compute(arguments, "retime", questions, "--time", "--repeat", "5")
    ours = [a["ns"] / 1000 for a in answers if "ns" in a]
    lengths = [a.get("duration", np.nan) for a in answers]
    note = f"durations {np.nanmedian(np.array(lengths) / durations):.4f} of its; refused {len(answers) - len(ours)} and {failed} of {len(answers)}"
    yield Row("retime 7 joints, mean", np.mean(ours), 1e6 * np.mean(times), "µs", "TOPP-RA in Python", note)


PEERS = (pinocchio, eaik, trac_ik, ruckig, toppra)


def measured(arguments):
    for peer in PEERS:
        yield from peer(arguments)

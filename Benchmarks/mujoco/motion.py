#!/usr/bin/env python3
"""The simulator's oracle: the same arm, moved by the same efforts and knocks, in MuJoCo.

    motion.py --write      writes Tests/Data/Simulator/mujoco.tsv anew
    motion.py --check      moves the arm again and says how far it is from that file

Reads Robots/openarm/openarm.urdf as it stands, without its shapes and with its fingers held; rotors, viscous friction, efforts and knocks are
those of the cases below, which the test reads from the file's own lines. Needs MuJoCo from PyPI, which it installs into a private environment.
"""
import argparse
import math
import os
import pathlib
import subprocess
import sys
import venv
import xml.etree.ElementTree as xml

HERE = pathlib.Path(__file__).resolve().parent
PACKAGE = HERE.parent.parent
URDF = PACKAGE / "Robots/openarm/openarm.urdf"
TABLE = PACKAGE / "Tests/Data/Simulator/mujoco.tsv"
STEP, PERIOD, END = 1e-4, 0.05, 2.0

ARMATURE = [0.0158, 0.0158, 0.032, 0.032, 0.0018, 0.0018, 0.0018]
# A case: start, amplitudes and angular frequencies of the efforts, viscous friction, and a knock: link, point in its frame,
# force's peak, start, duration.
CASES = {
    "fall": dict(q=[0.6, 1.2, -0.3, 0.9, 0.4, 0.2, -0.3], viscous=[0.5, 0.5, 0.6, 0.8, 0.1, 0.1, 0.1]),
    "swing": dict(q=[0.2, 1.4, 0.1, 0.6, 0, 0.1, 0.2], viscous=[0.063, 0.063, 0.604, 0.813, 0.029, 0.072, 0.084]),
    "forced": dict(q=[0, 1.6, 0, 0.8, 0, 0, 0], effort=[4, 6, 3, 4, 0.4, 0.4, 0.3], omega=[3, 5, 7, 4, 9, 11, 6],
                   viscous=[0.8, 0.8, 0.6, 0.8, 0.1, 0.1, 0.1]),
    "knock": dict(q=[0.6, 1.2, -0.3, 0.9, 0.4, 0.2, -0.3], viscous=[0.5, 0.5, 0.6, 0.8, 0.1, 0.1, 0.1],
                  link="openarm_link7", point=[0.01, -0.02, 0.05], force=[120, -60, 80], start=0.3, duration=0.02),
    "elbow": dict(q=[0, 0.8, 0, 1.6, 0, 0, 0], viscous=[0.5, 0.5, 0.6, 0.8, 0.1, 0.1, 0.1],
                  link="openarm_link4", point=[0.0, 0.03, 0.02], force=[-200, 150, 0], start=0.1, duration=0.02),
}


def enter(environment):
    """Runs this script again inside the private environment, which is made and filled where it is missing."""
    python, wanted, stamp = environment / "bin/python", (HERE / "requirements.txt").read_text(), environment / "installed.txt"
    if not stamp.exists() or stamp.read_text() != wanted:
        venv.create(environment, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--requirement", HERE / "requirements.txt"], check=True)
        stamp.write_text(wanted)
    if pathlib.Path(sys.prefix).resolve() != environment.resolve():
        os.execv(python, [str(python), *sys.argv])


def model(mujoco, urdf=URDF):
    """The arm as MuJoCo compiles it: no shapes, no limits, no contacts, and a body of its own for each moving link."""
    root = xml.parse(urdf).getroot()
    for link in root.iter("link"):
        for shape in link.findall("visual") + link.findall("collision"):
            link.remove(shape)
    for joint in root.iter("joint"):
        if joint.get("type") == "prismatic":
            joint.set("type", "fixed")
    compiler = xml.SubElement(xml.SubElement(root, "mujoco"), "compiler")
    compiler.set("fusestatic", "true")
    # The fingers' inertia is none that a body can have; see below.
    compiler.set("balanceinertia", "true")
    compiled = mujoco.MjModel.from_xml_string(xml.tostring(root, encoding="unicode"))
    compiled.opt.timestep = STEP
    compiled.opt.integrator = mujoco.mjtIntegrator.mjINT_RK4
    compiled.opt.disableflags |= mujoco.mjtDisableBit.mjDSBL_LIMIT | mujoco.mjtDisableBit.mjDSBL_CONTACT
    return compiled


def restore_fingers(mujoco, np, compiled):
    """Gives the last link the fingers' inertia as the file has it, which the compiler has evened out. Their axes are the link's."""
    terms = [[link.find("inertial/inertia").get(name) for name in ("ixx", "ixy", "ixz", "iyy", "iyz", "izz")]
             for link in xml.parse(URDF).getroot().iter("link") if link.get("name").endswith("_finger")]
    body = compiled.nbody - 1
    turn = np.zeros(9)
    mujoco.mju_quat2Mat(turn, compiled.body_iquat[body])
    turn = turn.reshape(3, 3)
    inertia = turn @ np.diag(compiled.body_inertia[body]) @ turn.T
    for xx, xy, xz, yy, yz, zz in [[float(number) for number in row] for row in terms]:
        own = np.array([[xx, xy, xz], [xy, yy, yz], [xz, yz, zz]])
        inertia += own - np.eye(3) * np.trace(own) / 3
    moments, axes = np.linalg.eigh(inertia)
    axes[:, 0] *= np.linalg.det(axes)
    compiled.body_inertia[body] = moments
    mujoco.mju_mat2Quat(compiled.body_iquat[body], axes.flatten())
    mujoco.mj_setConst(compiled, mujoco.MjData(compiled))


def motion(mujoco, np, compiled, case):
    """Joint positions at every PERIOD, from rest at zero time."""
    compiled.dof_damping[:] = case["viscous"]
    data = mujoco.MjData(compiled)
    data.qpos[:] = case["q"]
    rows = []
    steps = round(END / STEP)
    for step in range(steps + 1):
        if step % round(PERIOD / STEP) == 0:
            rows.append(data.qpos.copy())
        middle = data.time + STEP / 2
        data.qfrc_applied[:] = [a * math.sin(w * middle) for a, w in zip(case.get("effort", [0] * 7), case.get("omega", [0] * 7))]
        if "link" in case and case["start"] <= middle <= case["start"] + case["duration"]:
            mujoco.mj_kinematics(compiled, data)
            mujoco.mj_comPos(compiled, data)
            body = compiled.body(case["link"]).id
            place = data.xpos[body] + data.xmat[body].reshape(3, 3) @ np.array(case["point"])
            force = np.array(case["force"]) * math.sin(math.pi * (middle - case["start"]) / case["duration"])
            mujoco.mj_applyFT(compiled, data, force, np.zeros(3), place, body, data.qfrc_applied)
        mujoco.mj_step(compiled, data)
    return rows


def head(name, case):
    """A case's line in the table, as the test reads it."""
    fields = [f"{key}={','.join(map(str, value)) if isinstance(value, list) else value}" for key, value in case.items()]
    return "\t".join(["case", name, *fields])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--environment", type=pathlib.Path, default=PACKAGE / ".build/mujoco")
    arguments = parser.parse_args()
    if arguments.write == arguments.check:
        parser.error("say --write or --check")
    enter(arguments.environment)
    import mujoco
    import numpy as np

    compiled = model(mujoco)
    compiled.dof_armature[:] = ARMATURE
    restore_fingers(mujoco, np, compiled)
    lines = [f"# Joint positions [rad] every {PERIOD} s, by MuJoCo {mujoco.__version__}; made by Benchmarks/mujoco/motion.py.",
             "armature\t" + ",".join(map(str, ARMATURE))]
    for name, case in CASES.items():
        rows = motion(mujoco, np, compiled, case)
        lines.append(head(name, case))
        lines += ["\t".join(f"{q:.9f}" for q in row) for row in rows]
    if arguments.write:
        TABLE.write_text("\n".join(lines) + "\n")
        print(f"written: {TABLE.relative_to(PACKAGE)}")
        return
    numbers = [[float(q) for q in line.split("\t")] for line in TABLE.read_text().splitlines() if line[0] in "-0123456789"]
    fresh = [[float(q) for q in line.split("\t")] for line in lines if line[0] in "-0123456789"]
    worst = max(abs(a - b) for old, new in zip(numbers, fresh, strict=True) for a, b in zip(old, new, strict=True))
    print(f"MuJoCo {mujoco.__version__}: {len(fresh)} rows, at most {worst:.2e} rad from the table")
    sys.exit(0 if worst < 1e-5 else "the table is not what MuJoCo says")


if __name__ == "__main__":
    main()

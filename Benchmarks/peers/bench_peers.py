#!/usr/bin/env python3
"""Our figures beside the field's best, from one run on one machine, as ratios.

    bench_peers.py --armctl .build/release/armctl --environment .build/peers

Installs the peers of requirements.txt from PyPI into a private environment (the first time), then measures each peer and armctl in turn, three
times over, and keeps each one's best round: other work on the machine only ever adds. Pinocchio is measured by a small C++ program, as its
Python calls cost more than its mathematics; EAIK by its batched call; TRAC-IK, ruckig and TOPP-RA by their own calls from Python, which cost
about a microsecond each.
"""
import argparse
import json
import os
import pathlib
import subprocess
import sys
import venv

HERE = pathlib.Path(__file__).resolve().parent


def enter(environment):
    """Runs this script again inside the private environment, which is made and filled where it is missing."""
    python = environment / "bin" / "python"
    wanted = (HERE / "requirements.txt").read_text()
    stamp = environment / "installed.txt"
    if not stamp.exists() or stamp.read_text() != wanted:
        print(f"bench-peers: installing the peers into {environment}", file=sys.stderr)
        venv.create(environment, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--requirement", HERE / "requirements.txt"], check=True)
        stamp.write_text(wanted)
    if pathlib.Path(sys.prefix).resolve() != environment.resolve():
        os.execv(python, [str(python), str(pathlib.Path(__file__).resolve()), *sys.argv[1:]])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--armctl", type=pathlib.Path, default=pathlib.Path(".build/release/armctl"))
    parser.add_argument("--environment", type=pathlib.Path, default=pathlib.Path(".build/peers"))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    arguments = parser.parse_args()
    arguments.armctl = arguments.armctl.resolve()
    enter(arguments.environment.absolute())

    import peers
    rows = {}
    for round_number in range(arguments.rounds):
        print(f"bench-peers: round {round_number + 1} of {arguments.rounds}", file=sys.stderr)
        for row in peers.measured(arguments):
            best = rows.setdefault(row.name, row)
            best.keep_best(row)
    if arguments.json:
        print(json.dumps({r.name: {"armctl": r.ours, r.peer: r.theirs, "unit": r.unit, "ratio": r.ratio, "note": r.note} for r in rows.values()}))
        return
    print(f"{'what':34} {'armctl':>10} {'peer':>10}        {'times':>6}")
    for row in rows.values():
        print(f"{row.name:34} {row.ours:>10.3g} {row.theirs:>10.3g} {row.unit:6} {row.ratio:>6.1f}  {row.peer}{'; ' + row.note if row.note else ''}")
    print("\n'times' is how many times as long the peer takes. Each figure is the best of the rounds' medians or means.")


if __name__ == "__main__":
    main()

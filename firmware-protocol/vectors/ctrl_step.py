#!/usr/bin/env python3
"""Prints ctrl-step.tsv: frames of the Ctrl-Step drive, computed with Python's struct and nothing of the project's own.

    python3 firmware-protocol/vectors/ctrl_step.py > firmware-protocol/vectors/ctrl-step.tsv
"""
import struct

ROWS = [  # meaning, direction, node, command, struct format, values
    ("enable", "request", 1, 0x01, "<I4x", [1]),
    ("stop", "request", 6, 0x01, "<I4x", [0]),
    ("stop every drive", "request", 0, 0x01, "<I4x", [0]),
    ("calibrate the encoder", "request", 2, 0x02, "<8x", []),
    ("current setpoint", "request", 3, 0x03, "<f4x", [-0.75]),
    ("velocity setpoint", "request", 4, 0x04, "<f4x", [2.5]),
    ("position setpoint with acknowledge", "request", 2, 0x05, "<fB3x", [1.5, 1]),
    ("position setpoint without acknowledge", "request", 5, 0x05, "<fB3x", [-12.345, 0]),
    ("position with time", "request", 1, 0x06, "<ff", [0.1, 0.25]),
    ("position with velocity limit", "request", 1, 0x07, "<ff", [-3.0, 30.0]),
    ("node 7, saved", "request", 2, 0x11, "<IB3x", [7, 1]),
    ("current limit 2 A", "request", 3, 0x12, "<fB3x", [2.0, 0]),
    ("velocity limit", "request", 3, 0x13, "<fB3x", [15.9154943, 0]),
    ("acceleration limit 30 turn/s2, saved", "request", 3, 0x14, "<fB3x", [30.0, 1]),
    ("take this position as home", "request", 6, 0x15, "<8x", []),
    ("enable at power-up", "request", 6, 0x16, "<IB3x", [1, 1]),
    ("kp 1500", "request", 3, 0x17, "<iB3x", [1500, 0]),
    ("kv 80", "request", 3, 0x18, "<iB3x", [80, 0]),
    ("ki 200", "request", 3, 0x19, "<iB3x", [200, 0]),
    ("kd -1", "request", 3, 0x1A, "<iB3x", [-1, 0]),
    ("stall protection off", "request", 3, 0x1B, "<IB3x", [0, 0]),
    ("read current", "request", 1, 0x21, "<8x", []),
    ("current 0.4 A", "answer", 1, 0x21, "<fB3x", [0.4, 0]),
    ("read velocity", "request", 1, 0x22, "<8x", []),
    ("velocity -6.25 turn/s", "answer", 1, 0x22, "<fB3x", [-6.25, 0]),
    ("read position", "request", 6, 0x23, "<8x", []),
    ("position 1.4990234 turn, moving", "answer", 2, 0x23, "<fB3x", [1.4990234375, 0]),
    ("position -100 turn, finished", "answer", 6, 0x23, "<fB3x", [-100.0, 1]),
    ("read home offset", "request", 2, 0x24, "<8x", []),
    ("home offset -8191", "answer", 2, 0x24, "<iB3x", [-8191, 0]),
    ("erase settings", "request", 2, 0x7E, "<8x", []),
    ("reboot", "request", 2, 0x7F, "<8x", []),
]

print("# Frames of the Ctrl-Step drive; made by ctrl_step.py. Values are the bytes' own: turn, turn/s, A, s, or whole numbers.")
print("meaning\tdirection\tnode\tcommand\tformat\tvalues\tslcan line")
for meaning, direction, node, command, layout, values in ROWS:
    data = struct.pack(layout, *values)
    assert len(data) == 8
    line = "t%03X8%s" % (node << 7 | command, data.hex().upper())
    kinds = {"f": "float", "I": "unsigned", "i": "signed", "B": "flag"}
    form = " ".join(kinds[c] for c in layout if c in kinds) or "-"
    print(meaning, direction, node, "0x%02X" % command, form, " ".join(map(str, values)) or "-", line, sep="\t")

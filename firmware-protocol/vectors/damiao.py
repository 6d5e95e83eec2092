#!/usr/bin/env python3
"""Prints damiao.tsv: frames of Damiao's motors, computed with Python's integers and struct and nothing of the project's own.

    python3 firmware-protocol/vectors/damiao.py > firmware-protocol/vectors/damiao.tsv

Layout as in openarm_can's dm_motor_control.cpp. The row "the published example" is from there by hand, not from this script's packing.
"""
import struct

DM8009, DM4340, DM4310 = (12.5, 45.0, 54.0), (12.5, 8.0, 28.0), (12.5, 30.0, 10.0)


def code(x, low, high, bits):
    x = min(max(x, low), high)
    return int((x - low) / (high - low) * (2**bits - 1))


def value(u, low, high, bits):
    return u / (2**bits - 1) * (high - low) + low


def line(identifier, data):
    assert len(data) == 8
    return "t%03X8%s" % (identifier, data.hex().upper())


def impedance(motor, scale, q, v, kp, kd, t):
    p, s, m = scale
    Q, V, T = code(q, -p, p, 16), code(v, -s, s, 12), code(t, -m, m, 12)
    KP, KD = code(kp, 0, 500, 12), code(kd, 0, 5, 12)
    data = bytes([Q >> 8, Q & 255, V >> 4, (V & 15) << 4 | KP >> 8, KP & 255, KD >> 4, (KD & 15) << 4 | T >> 8, T & 255])
    arrives = [value(Q, -p, p, 16), value(V, -s, s, 12), value(KP, 0, 500, 12), value(KD, 0, 5, 12), value(T, -m, m, 12)]
    return line(motor, data), arrives


def feedback(motor, master, scale, status, q, v, t, driver, winding):
    p, s, m = scale
    Q, V, T = code(q, -p, p, 16), code(v, -s, s, 12), code(t, -m, m, 12)
    data = bytes([status << 4 | motor & 15, Q >> 8, Q & 255, V >> 4, (V & 15) << 4 | T >> 8, T & 255, driver, winding])
    return line(master, data), [status, value(Q, -p, p, 16), value(V, -s, s, 12), value(T, -m, m, 12), driver, winding]


def register(identifier, motor, operation, rid, layout, x):
    return line(identifier, struct.pack("<HBB", motor, operation, rid) + struct.pack(layout, x))


def row(meaning, kind, motor, scale, values, text, arrives=()):
    columns = [meaning, kind, motor, " ".join(map(repr, scale)) or "-", " ".join(map(repr, values)) or "-", text]
    print(*columns, " ".join(map(repr, arrives)) or "-", sep="\t")


print("# Frames of Damiao's motors; made by damiao.py. [rad], [rad/s], [N·m/rad], [N·m·s/rad], [N·m], [°C]; scale is PMAX VMAX TMAX.")
print("meaning\tkind\tmotor\tscale\tvalues\tslcan line\tarrives as")
for meaning, motor, scale, values in [
    ("rest with all gains zero", 1, DM8009, (0.0, 0.0, 0.0, 0.0, 0.0)),
    ("hold a shoulder", 2, DM8009, (0.7, 0.0, 240.0, 5.0, 12.5)),
    ("follow with an elbow", 4, DM4340, (1.2345, -2.5, 200.0, 3.25, -6.75)),
    ("a wrist at the ends of all ranges", 7, DM4310, (12.5, 30.0, 500.0, 5.0, 10.0)),
    ("a wrist at the other ends", 7, DM4310, (-12.5, -30.0, 0.0, 0.0, -10.0)),
    ("beyond all ranges", 15, DM4310, (20.0, -99.0, 700.0, 9.0, 11.0)),
    ("torque alone", 3, DM4340, (0.0, 0.0, 0.0, 0.0, 27.0)),
]:
    text, arrives = impedance(motor, scale, *values)
    row(meaning, "impedance", motor, scale, values, text, arrives)
row("the published example", "impedance", 1, DM4310, (1.0, 0.0, 20.0, 1.0, 0.5), "t00188A3C7FF0A3333865")
for meaning, motor, scale, values in [
    ("disabled at rest", 1, DM8009, (0, 0.0, 0.0, 0.0, 25, 25)),
    ("enabled and moving", 4, DM4340, (1, -1.5, 3.25, -8.5, 41, 57)),
    ("under-voltage", 2, DM8009, (9, 0.25, 0.0, 0.0, 25, 30)),
    ("winding too hot", 7, DM4310, (12, 0.5, -0.125, 0.0, 80, 101)),
    ("watchdog", 5, DM4310, (13, -3.0, 29.0, 9.5, 255, 0)),
]:
    text, arrives = feedback(motor, 0x10 + motor, scale, *values)
    row(meaning, "feedback", motor, scale, values, text, arrives)
for meaning, last in [("clear a fault", 0xFB), ("enable", 0xFC), ("disable", 0xFD), ("take this for zero", 0xFE)]:
    row(meaning, "command", 6, (), (last,), line(6, b"\xff" * 7 + bytes([last])))
for meaning, identifier, motor, operation, rid, layout, x in [
    ("read PMAX", 0x7FF, 1, 0x33, 21, "<I", 0),
    ("PMAX is 12.5", 0x011, 1, 0x33, 21, "<f", 12.5),
    ("read VMAX", 0x7FF, 2, 0x33, 22, "<I", 0),
    ("TMAX is 54", 0x012, 2, 0x33, 23, "<f", 54.0),
    ("read the watchdog's time", 0x7FF, 3, 0x33, 9, "<I", 0),
    ("50 ms of watchdog", 0x7FF, 3, 0x55, 9, "<I", 1000),
    ("it has 50 ms", 0x013, 3, 0x33, 9, "<I", 1000),
    ("MIT mode", 0x7FF, 15, 0x55, 10, "<I", 1),
    ("refresh", 0x7FF, 7, 0xCC, 0, "<I", 0),
]:
    row(meaning, "register", motor, (), (identifier, operation, rid, x), register(identifier, motor, operation, rid, layout, x))

# SPDX-FileCopyrightText: 2026 The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What own_seeds.py tries on our seeds: good cases, in which they do what the reference does, and bad ones, which end with
# status 1. Only what all dialects agree on: a seed of ours owes nobody a quirk.
from types import SimpleNamespace

IN_OUT = ["in", "out"]


def text(content):
    return SimpleNamespace(files={"in": content}, arguments=IN_OUT)


def bad(files=None, arguments=None, left=None):
    """`left`: what the output holds afterwards; nothing if there is none."""
    return SimpleNamespace(files=files or {}, arguments=IN_OUT if arguments is None else arguments, left=left)


ALL_BUT_SPECIAL = bytes(byte for byte in range(256) if byte not in b"0123456789abcdefABCDEFGg#;")
MISSING = {
    "input missing": bad(),
    "no arguments": bad(arguments=[]),
    "no output named": bad({"in": b"41"}, ["in"]),
    "output in a missing directory": bad({"in": b"41"}, ["in", "no/out"]),
    "disk full": bad({"in": b"41\n"}, ["in", "/dev/full"]),
    "input is a directory": bad({}, [".", "out"], b""),
}
HEX0 = {
    "empty": text(b""),
    "digits": text(b"0123456789abcdefABCDEF"),
    "neighbours of the digits": text(b"/0:9@AG`aFgf" .replace(b"G", b"").replace(b"g", b"")),
    "all other bytes": text(b"4" + ALL_BUT_SPECIAL + b"1"),
    "every byte": text(b"".join(b"%02x" % byte for byte in range(256))),
    "comments": text(b"41 # 42 ; 43\n44 ; # 45\n46##\n#47\n48;\n"),
    "a byte split by a comment": text(b"4# 5 6\n1"),
    "a last digit alone": text(b"414"),
    "ends in a comment": text(b"41 # 42"),
    "ends behind a comment sign": text(b"41;"),
    "only a comment": text(b"# 41"),
    "zero bytes": text(b"4\0001#\0\n4\0002"),
}


def good(tool, arch):
    return {"hex0": HEX0}[tool]


def wrong(tool, arch):
    return {"hex0": MISSING}[tool]

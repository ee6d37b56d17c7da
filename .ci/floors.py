#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Includes go down only: floors.py [--self-test]

docs/ARCHITECTURE.md has the plan under "Floors": from the ground up, a line a room (a folder, or a file that
stands apart from its folder), a line of dashes between two floors. A file may include its own room and
what is on lower floors, and on its own floor what the line names after "+". A line "only NAME: ..." says that files
below NAME may include these and nothing else. Tests, benchmarks and fuzz targets stand on the roof.
"""
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "ARCHITECTURE.md"
ROOF = re.compile(r"^(tests|bench|fuzz|contrib)/|_test\.cpp$|/testing/")
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.MULTILINE)


def within(path, room):
    return path == room or path.startswith(room + "/")


class Floors:
    def __init__(self, lines):
        self.floor, self.beside, self.only, height = {}, {}, {}, 0
        for line in lines:
            rule = line.partition("|")[0].split()
            if line.startswith("--"):
                height += 1
            elif rule and rule[0] == "only":
                self.only[rule[1].rstrip(":")] = rule[2:]
            elif rule:
                self.floor[rule[0]] = height
                self.beside[rule[0]] = rule[2:]

    def room_of(self, path):
        """The longest row that the path is in; nothing for a file that no row has."""
        while path and path not in self.floor:
            path = path.rpartition("/")[0]
        return path or None

    def fault(self, path, included):
        room, other = self.room_of(path), self.room_of(included)
        if room is None or other is None:
            return f"{path if room is None else included} is in no room of the table"
        for name, allowed in self.only.items():
            if within(path, name) and not any(within(included, one) for one in allowed):
                return f"{path} includes {included}: {name} may include only {' '.join(allowed)}"
        if room == other or self.floor[other] < self.floor[room] or other in self.beside[room]:
            return None
        return f"{path} includes {included}: {other} is not below {room}"


def read_table():
    block = re.search(r"^## Floors$.*?```\n(.*?)```", PAGE.read_text(), re.DOTALL | re.MULTILINE)
    if not block:
        sys.exit(f"{PAGE.name} has no table of floors")
    return [line for line in block[1].splitlines() if line.strip()]


def self_test():
    """The check fails when it should."""
    floors = Floors(["core", "--", "hex0 | a room", "hex1 + hex0", "machine", "--", "top", "only machine: core machine"])
    wrong = [("core/a.h", "hex0/b.h"), ("hex0/a.cpp", "hex1/b.h"), ("machine/a.cpp", "hex0/b.h"),
             ("nowhere/a.h", "core/b.h"), ("hex0/a.h", "top/b.h")]
    right = [("hex1/a.h", "hex0/b.h"), ("hex0/a.h", "hex0/b.h"), ("top/a.h", "machine/b.h"), ("machine/a.h", "core/b.h")]
    for pair in wrong:
        assert floors.fault(*pair), pair
    for pair in right:
        assert not floors.fault(*pair), pair
    print(f"floors: {len(wrong)} planted includes are found")


def main():
    if sys.argv[1:] == ["--self-test"]:
        return self_test()
    floors = Floors(read_table())
    names = subprocess.run(["git", "ls-files", "*.h", "*.cpp"], cwd=ROOT, check=True, capture_output=True, text=True)
    faults, count = [], 0
    for name in names.stdout.split():
        if ROOF.search(name) or not (ROOT / name).exists():
            continue
        for included in INCLUDE.findall((ROOT / name).read_text()):
            count += 1
            fault = floors.fault(name, included)
            if fault:
                faults.append(fault)
    print(*sorted(faults), f"floors: {count} includes, {len(faults)} go up", sep="\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

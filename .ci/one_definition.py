#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""No two types of one namespace have the same name in two files: the linker would take one file's functions for both,
without a word. Reads namespaces and types as clang-format writes them; a member class of another file's class
("class Trail::Work {") is none of its own. --self-test: finds a planted pair.
"""
import collections
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TYPE = re.compile(r"(?:template <[^>]*>\s*)?(?:struct|class|union|enum class|enum)\s+(\w+)(?!\w|::)[^;]*\{")


def types_of(text):
    """Names of the types that a file defines, with their namespaces; none of unnamed namespaces."""
    namespaces = []
    for line in text.splitlines():
        if opened := re.match(r"namespace\s*([\w:]*)\s*\{", line):
            namespaces.append(opened.group(1))
        elif line.startswith("}  // namespace") and namespaces:
            namespaces.pop()
        elif (found := TYPE.match(line)) and all(namespaces):
            yield "::".join([*namespaces, found.group(1)])


def twice(files):
    places = collections.defaultdict(set)
    for name, text in files.items():
        for one in types_of(text):
            places[one].add(name)
    return {one: sorted(names) for one, names in places.items() if len(names) > 1}


def main():
    if "--self-test" in sys.argv:
        text = "namespace a {\nstruct B {\n};\n}  // namespace a\n"
        hidden = "namespace a {\nnamespace {\nstruct B {\n};\n}  // namespace\n}  // namespace a\n"
        assert twice({"x.h": text, "y.h": text}) == {"a::B": ["x.h", "y.h"]}
        assert not twice({"x.h": text, "y.cpp": hidden, "z.cpp": "namespace a {\nclass B::C {\n};\n}  // namespace a\n"})
        return 0
    names = subprocess.run(["git", "ls-files", "*.h", "*.cpp"], cwd=ROOT, check=True, capture_output=True, text=True).stdout.split()
    found = twice({name: (ROOT / name).read_text() for name in names if (ROOT / name).exists()})
    for one, places in found.items():
        print(f"{one} is defined in {' and '.join(places)}")
    return 1 if found else 0


sys.exit(main())

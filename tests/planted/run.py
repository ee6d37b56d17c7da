#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults planted into copies of the real tree: each must be caught, and its file must stand in the first lines of the report. Where
it leaves every answer right it must pass, and be told all the same. "touched/NAME" is the fault in a tree whose
every text was touched before: no file of it is as a release has it.

  run.py ASSAY NAME...    these; all with ASSAY_LONG_TESTS=1 (or with the word "all"), each third of them in a touched
                          tree too, and then the shares of all must be as the last lines say

Exits 77 where there is no tree.
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import faults  # pylint: disable=unused-import
import more_faults  # pylint: disable=unused-import
import other_faults  # pylint: disable=unused-import
import script_faults  # pylint: disable=unused-import
from planting import FAULTS, HARMLESS

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import trees  # pylint: disable=wrong-import-position

FIRST_LINES = 5
SHARE_NAMED = 0.95
MOST_SECONDS = 120  # also of a program that goes round for ever
TOUCHED = "touched/"
COMMENTS = {".c": "/* ours */", ".h": "/* ours */", ".hex0": "# ours", ".hex1": "# ours", ".hex2": "# ours", ".M1": "# ours",
            ".kaem": "# ours", ".run": "# ours"}


def touch_all(tree):
    """Puts a line of comment at the end of every text that has comments."""
    for path in tree.rglob("*"):
        comment = COMMENTS.get("." + path.name.rsplit(".", 1)[-1])
        if comment and path.is_file() and not path.is_symlink():
            path.write_bytes(path.read_bytes() + comment.encode() + b"\n")


def is_harmless(name):
    return name.removeprefix(TOUCHED) in HARMLESS


def try_fault(assay, healthy, scratch, name):
    """Whether it was caught, whether its file and its line stand in the first lines, and these."""
    arch, change = FAULTS[name.removeprefix(TOUCHED)]
    tree = pathlib.Path(scratch) / "tree"
    shutil.copytree(healthy, tree, symlinks=True, ignore=shutil.ignore_patterns(".git"))
    if name.startswith(TOUCHED):
        touch_all(tree)
    file, line = change(tree)
    run = subprocess.run([assay, "preflight", tree, "--arch", arch, "--cache", os.path.join(scratch, "cache")],
                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False, timeout=MOST_SECONDS)
    shutil.rmtree(tree)
    first = run.stdout.decode(errors="replace").splitlines()[:FIRST_LINES]
    text = "\n".join(first)
    place = f"{file}:{line}" if line else file
    return run.returncode == (0 if is_harmless(name) else 1), file in text, place in text, first, place


def main():
    assay, names = sys.argv[1], sys.argv[2:]
    if os.environ.get("ASSAY_LONG_TESTS") == "1" or names == ["all"]:
        names = sorted(FAULTS)
        names += [TOUCHED + name for name in names[::3]]
    healthy = trees.healthy_tree()
    caught = named = by_line = 0
    with tempfile.TemporaryDirectory() as scratch:
        for name in names:
            is_caught, is_named, has_line, first, place = try_fault(assay, healthy, scratch, name)
            caught, named, by_line = caught + is_caught, named + is_named, by_line + has_line
            words = [("harmless" if is_harmless(name) else "caught") if is_caught else "NOT CAUGHT", "named" if is_named else "NOT NAMED", "with its line" if has_line else ""]
            print(f"{name} ({place}): {' '.join(words)}", *([] if is_caught and is_named else first), sep="\n    ", flush=True)
    harmless = sum(map(is_harmless, names))
    print(f"{caught} of {len(names)} caught ({harmless} of them harmless, and told), {named} named in the first {FIRST_LINES} lines, {by_line} of them with the line")
    return 0 if caught == len(names) and named >= SHARE_NAMED * len(names) else 1


sys.exit(main())

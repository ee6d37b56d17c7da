# SPDX-FileCopyrightText: 2026 The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The source trees that tests need, and assay preflight on them.
import json
import os
import subprocess
import sys

SKIPPED = 77


def find_tree(name, file):
    """A tree of that name that holds the file, below ASSAY_TREES or ~/.cache/assay; None if there is none."""
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    folder = os.environ.get("ASSAY_TREES") or os.path.join(cache, "assay")
    path = os.path.join(folder, name)
    return path if os.path.exists(os.path.join(path, file)) else None


def healthy_tree():
    """stage0-posix; ends the program as skipped where there is none."""
    path = find_tree("stage0-posix", "kaem.amd64")
    if not path:
        print("no tree stage0-posix below ASSAY_TREES or ~/.cache/assay")
        sys.exit(SKIPPED)
    return path


def preflight(assay, tree, arch, cache, report, seconds):
    """The exit status ("hangs" if it takes more than so many seconds), the report, and all that was printed."""
    if os.path.exists(report):
        os.remove(report)
    try:
        finished = subprocess.run([assay, "preflight", tree, "--arch", arch, "--cache", cache, "--json", report], check=False,
                                  capture_output=True, text=True, errors="replace", timeout=seconds)
    except subprocess.TimeoutExpired:
        return "hangs", {}, ""
    parsed = {}
    if os.path.exists(report):
        with open(report, encoding="utf-8") as file:
            parsed = json.load(file)
    return finished.returncode, parsed, finished.stdout + finished.stderr

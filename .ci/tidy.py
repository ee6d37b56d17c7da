#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""clang-tidy on all sources, fast enough for every change: tidy.py BUILD_DIR JOBS [--deep|--changed] [FILE...]

Nearly all of clang-tidy's time goes into the headers that a source includes, so many sources are checked
together: a generated file includes them. A source that cannot stand with those before it (the same name in
two anonymous namespaces) waits for the next file. The static analyser does not look into included
files, and the search for parameters that need not be copied takes longer than all else where sources are many:
both run only with --deep, which checks source by source.

`.ci/tidied` names a commit whose sources were all found clean. --changed checks what became different since: the
sources that did, and those that include a header that did; all of them where git does not know the commit or the
settings of clang-tidy changed.
"""
import json
import os
import re
import shlex
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

BATCH = 48
ROOT = Path(__file__).resolve().parent.parent


def tracked_sources():
    listing = subprocess.run(["git", "ls-files", "*.cpp"], cwd=ROOT, check=True, capture_output=True, text=True)
    skip = ("fuzz/", "bench/", "tests/", "cmake/")  # cmake/: of the preset static only
    return {str(ROOT / name) for name in listing.stdout.split()
            if not name.startswith(skip) and not name.endswith("_test.cpp")}


def changed_sources():
    sources = tracked_sources()
    mark = (ROOT / ".ci/tidied").read_text().strip()
    listing = subprocess.run(["git", "diff", "--name-only", mark], cwd=ROOT, check=False, capture_output=True, text=True)
    changed = set(listing.stdout.split())
    if listing.returncode or changed & {".clang-tidy", ".ci/tidy.py"}:
        return sources
    due = {str(ROOT / name) for name in changed}

    def includes_changed(source):
        return changed.intersection(re.findall(r'^#include "([^"]+)"', Path(source).read_text(), re.M))
    return {source for source in sources if source in due or includes_changed(source)}


def flags(entry):
    """The compiler's options, without compiler, input and output; the same for files that may stand together."""
    words = shlex.split(entry["command"])
    words = words[next(i for i, word in enumerate(words) if word.startswith("-")):]
    kept, index = [], 0
    while index < len(words):
        # What gcc precompiled clang cannot read, and sources name all that they need.
        if words[index] in ("-o", "-c", "-include"):
            index += 2
            continue
        if words[index] != "-Winvalid-pch":
            kept.append(words[index])
        index += 1
    return tuple(kept)


class Tidy:
    def __init__(self, build, deep):
        self.folder = build / "tidy"
        self.folder.mkdir(exist_ok=True)
        self.deep = deep

    def together(self, name, sources):
        path = self.folder / f"{name}.cpp"
        path.write_text("".join(f'#include "{source}"  // NOLINT\n' for source in sources))
        return str(path)

    def misfits(self, path, sources, options):
        """Those of the sources in which the compiler finds errors when they stand together."""
        # Warnings do not matter here: with several sources in one file some would be wrong.
        command = ["clang++", *options, "-w", "-ferror-limit=0", "-fsyntax-only", path]
        done = subprocess.run(command, capture_output=True, text=True)
        places = {line.split(":")[0] for line in done.stderr.splitlines() if " error: " in line}
        found = [source for source in sources[1:] if source in places]
        if done.returncode and not found:  # an error somewhere else: clang-tidy will report it
            return sources[1:]
        return found

    def check(self, name, sources, options):
        """Lines of clang-tidy's report, and the sources that have to wait."""
        rest = []
        path = sources[0]
        while len(sources) > 1:  # an error may hide the next
            path = self.together(name, sources)
            misfits = self.misfits(path, sources, options)
            if not misfits:
                break
            rest += misfits
            sources = [source for source in sources if source not in misfits]
            path = sources[0]
        checks = [] if self.deep else ["--checks=-clang-analyzer-*,-performance-unnecessary-value-param"]
        command = ["clang-tidy", "--quiet", *checks, path, "--", *options, "-w"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
        return (done.stdout or done.stderr).splitlines() if done.returncode else [], rest


def main():
    words = [word for word in sys.argv[1:] if word not in ("--deep", "--changed")]
    deep = "--deep" in sys.argv
    build, jobs = Path(words[0]).resolve(), int(words[1])
    wanted = {str(Path(word).resolve()) for word in words[2:]} or (changed_sources() if "--changed" in sys.argv else tracked_sources())
    groups, seen = {}, set()
    for entry in json.loads((build / "compile_commands.json").read_text()):
        file = os.path.realpath(entry["file"])
        if file in wanted and file not in seen:
            seen.add(file)
            groups.setdefault(flags(entry), []).append(file)
    if missing := wanted - seen:
        print("tidy: not part of the build:", *sorted(missing), file=sys.stderr)
    size = 1 if deep else BATCH
    tidy = Tidy(build, deep)
    report, number = {}, 0
    with ThreadPoolExecutor(jobs) as pool:
        while groups:  # those that wait, of all files, are the next round
            tasks = []
            for options, files in groups.items():
                files.sort()  # rooms stay together
                for start in range(0, len(files), size):
                    tasks.append((f"group_{number + len(tasks)}", files[start:start + size], options))
            number += len(tasks)
            groups = {}
            for task, (lines, rest) in zip(tasks, pool.map(lambda task: tidy.check(*task), tasks)):
                report.update(dict.fromkeys(lines))  # a header's warning once
                if rest:
                    groups.setdefault(task[2], []).extend(rest)
    print("\n".join(report))
    print(f"tidy: {len(seen)} sources in {number} groups", file=sys.stderr)
    return 1 if report else 0


sys.exit(main())

#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes a known good state (bootstrap/releases/known_state.h) of reports.

  known_state.py NAME [--tree TREE] [--like STATE] [--lines] REPORT.json... > FILE

NAME is what the state is called, "stage0-posix 1.9.1" say; the reports are those of `assay preflight TREE --json`, of
one tree. A chain that did not pass is refused. With --tree the digests of all other files of the tree are told too, with
--like only where they are not as in the file STATE (which was made so), with --lines codes of the lines of its sources, of
those that the file STATE has not got.
"""
import argparse
import base64
import hashlib
import json
import os
import pathlib
import sys

DIGITS = 32
CODE = 2
UNWANTED = {".git", ".github"}  # checkouts have them, archives have not


def digest_of(content):
    return hashlib.sha256(content).hexdigest()[:DIGITS]


def code_of(line):
    return base64.b64encode(hashlib.sha256(line).digest())[:CODE].decode()


def line_codes(content):
    lines = content.split(b"\n")
    return "".join(map(code_of, lines if lines[-1] else lines[:-1]))


def files_below(tree):
    for folder, folders, names in os.walk(tree):
        folders[:] = sorted(set(folders) - UNWANTED)
        for name in names:
            path = pathlib.Path(folder) / name
            if path.is_file() and not path.is_symlink() and name not in UNWANTED:
                yield path.relative_to(tree).as_posix(), path


def read_state(path):
    """Others by path, and the digests whose lines are known."""
    section, others, lines, name = "", {}, set(), ""
    for line in pathlib.Path(path).read_text(encoding="utf-8").splitlines():
        word = line.split(" ")[0]
        if word == "state":
            name = line[len("state "):]
        elif word in ("sources", "products", "others", "lines"):
            if line.startswith("others like"):
                sys.exit(f"{path}: its others are like another one's")
            section = word
        elif section == "others":
            digest, file = line.split(" ", 1)
            others[file] = digest
        elif section == "lines":
            lines.add(word)
    return name, others, lines


def chains(reports):
    """Which architectures read which sources, and what each makes."""
    sources, products = {}, {}
    for name in reports:
        with open(name, encoding="utf-8") as file:
            report = json.load(file)
        for chain in report["chains"]:
            arch = chain["arch"]
            if chain["verdict"] != "pass":
                sys.exit(f"{name}: {arch} does not pass")
            for source in chain["sources"]:
                sources.setdefault((source["path"], source["sha256"][:DIGITS]), set()).add(arch)
            products[arch] = [(made["sha256"][:DIGITS], made["path"]) for step in chain["steps"] for made in step["outputs"]]
    return sources, products


def print_others(tree, sources, like):
    known, base = like if like else ("", {})
    print(f"others like {known}" if like else "others")
    read = {path for path, _ in sources}
    here = {path: digest_of(file.read_bytes()) for path, file in files_below(tree) if path not in read}
    for path in sorted(here.keys() | base.keys()):
        if path not in here:
            print(f"- {path}")
        elif base.get(path) != here[path]:
            print(f"{here[path]} {path}")


def print_lines(tree, sources, known):
    print("lines")
    texts = {}
    for path, digest in sources:
        content = (tree / path).read_bytes()
        if content and b"\0" not in content and digest not in known:
            texts[digest] = line_codes(content)
    for digest, codes in sorted(texts.items()):
        print(f"{digest} {codes}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name")
    parser.add_argument("--tree", type=pathlib.Path)
    parser.add_argument("--like")
    parser.add_argument("--lines", action="store_true")
    parser.add_argument("reports", nargs="+")
    wanted = parser.parse_args()
    sources, products = chains(wanted.reports)
    groups = {}
    for (path, digest), archs in sorted(sources.items()):
        groups.setdefault(" ".join(sorted(archs)), []).append((digest, path))
    # REUSE-IgnoreStart
    print("# SPDX-FileCopyrightText: 2026 The Assay authors\n# SPDX-License-Identifier: GPL-3.0-or-later")
    # REUSE-IgnoreEnd
    print(f"state {wanted.name}")
    for head, rows in [(f"sources {archs}", rows) for archs, rows in sorted(groups.items())] + [
            (f"products {arch}", rows) for arch, rows in sorted(products.items())]:
        print(head)
        for digest, path in rows:
            print(f"{digest} {path}")
    like_name, like_others, like_lines = read_state(wanted.like) if wanted.like else ("", {}, set())
    if wanted.tree:
        print_others(wanted.tree, sources, (like_name, like_others) if wanted.like else None)
    if wanted.lines:
        print_lines(wanted.tree, sources, like_lines)


main()

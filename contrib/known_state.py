#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes a known good state (bootstrap/known/known_state.h) of reports: known_state.py NAME REPORT.json... > FILE

NAME is what the state is called, "stage0-posix 1.9.1" say; the reports are those of `assay preflight TREE --json`, of
one tree. A chain that did not pass is refused.
"""
import json
import sys

DIGITS = 32


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__.strip())
    sources, products = {}, {}
    for name in sys.argv[2:]:
        with open(name, encoding="utf-8") as file:
            report = json.load(file)
        for chain in report["chains"]:
            arch = chain["arch"]
            if chain["verdict"] != "pass":
                sys.exit(f"{name}: {arch} does not pass")
            for source in chain["sources"]:
                sources.setdefault((source["path"], source["sha256"][:DIGITS]), set()).add(arch)
            products[arch] = [(made["sha256"][:DIGITS], made["path"]) for step in chain["steps"] for made in step["outputs"]]
    groups = {}
    for (path, digest), archs in sorted(sources.items()):
        groups.setdefault(" ".join(sorted(archs)), []).append((digest, path))
    # REUSE-IgnoreStart
    print("# SPDX-FileCopyrightText: 2026 The Assay authors\n# SPDX-License-Identifier: GPL-3.0-or-later")
    # REUSE-IgnoreEnd
    print(f"state {sys.argv[1]}")
    for head, rows in [(f"sources {archs}", rows) for archs, rows in sorted(groups.items())] + [
            (f"products {arch}", rows) for arch, rows in sorted(products.items())]:
        print(head)
        for digest, path in rows:
            print(f"{digest} {path}")


main()

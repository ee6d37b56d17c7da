#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Precision and recall of `assay audit` on release archives that people labelled.

audit_labels.py ASSAY [-v]

ASSAY_AUDIT_LABELS: a folder of label files, NAME.tsv: archive, path, kind, source, tier, ... separated by tabs; every
file that is not listed is source, rows of tier 0 count neither way; the eighth column, if any, says what
live-bootstrap's script makes of the file. ASSAY_AUDIT_TREES: a folder with the unpacked
archives, NAME/. Where Debian's suspicious-source is installed it is measured in the same run. ASSAY_AUDIT_STEPS: the
folder steps of a checkout of live-bootstrap; dispositions are then compared too. -v lists what is wrong.
"""
import csv
import json
import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

CODE = {"archive", "bin-testdata", "extracted-source", "generated-test", "embedded-data"}  # of tier 1, but no code


def labels_of(path):
    rows = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            if not row[0].startswith("#"):
                rows[row[1]] = (row[2], int(row[4]), row[7].lower() if len(row) > 7 else "")
    return rows


def fates_of(text, tier):
    """What a label's words allow. Trivial files that are read harmlessly may as well be called never read."""
    if text.startswith("removed+regenerated"):
        return {"removed+regenerated"}
    if text.startswith("removed"):
        return {"removed"}
    if text.startswith("regenerated"):
        return {"regenerated"}
    if text.startswith(("never-read", "never-compiled", "not-built")):
        return {"never-read"} | ({"used-as-shipped"} if tier == 3 else set())
    if text.startswith("installed"):
        return {"installed-as-shipped"} | ({"used-as-shipped"} if tier == 3 else set())
    return {"used-as-shipped"} | ({"never-read"} if tier == 3 else set())


def compare_fates(labels, rows, verbose, fates):
    for path, (kind, tier, text) in labels.items():
        if not text or tier == 0 or path not in rows:
            continue
        fate = rows[path]["disposition"]["fate"]
        right = fate in fates_of(text, tier)
        fates["right" if right else "wrong"] += 1
        fates["wrongly removed"] += fate.startswith("removed") and not text.startswith("removed")
        if verbose and not right:
            print(f"  fate    {path} ({kind}): {fate}, labelled {text}")


def audited(assay, tree, script):
    options = ["--script", str(script)] if script.is_file() else []
    text = subprocess.run([assay, "audit", str(tree), "--json", "-", *options], check=False,
                          capture_output=True).stdout
    return {row["path"]: row for row in json.loads(text)["files"] if "!" not in row["path"]}


def suspicious(tree):
    text = subprocess.run(["suspicious-source", "-d", str(tree)], check=False, capture_output=True, text=True,
                          errors="replace").stdout
    return {str(Path(line).relative_to(tree)) for line in text.splitlines() if line}


def main():
    assay, verbose = sys.argv[1], "-v" in sys.argv
    trees = Path(os.environ["ASSAY_AUDIT_TREES"])
    other = shutil.which("suspicious-source")
    total, code, kinds, found_kinds, other_total = Counter(), Counter(), Counter(), Counter(), Counter()
    wrong_kinds, tiers, fates = Counter(), Counter(), Counter()
    steps = Path(os.environ.get("ASSAY_AUDIT_STEPS", "/nonexistent"))
    print(f"{'archive':22}{'files':>6}{'labels':>8}{'right':>7}{'wrong':>7}{'missed':>8}{'s':>6}   suspicious-source")
    for path in sorted(Path(os.environ["ASSAY_AUDIT_LABELS"]).glob("*.tsv")):
        tree = trees / path.stem
        if not tree.is_dir():
            print(f"{path.stem:22} is not there")
            continue
        labels = labels_of(path)
        wanted = {name for name, (_, tier, _) in labels.items() if tier > 0}
        ignored = set(labels) - wanted
        start = time.monotonic()
        script = steps / path.stem.replace("_", "-").replace("+dfsg", "") / "pass1.sh"
        rows = audited(assay, tree, script)
        found = {name: row["kind"] for name, row in rows.items() if row["tier"] > 0}
        seconds = time.monotonic() - start
        hits = set(found) - ignored
        right, wrong, missed = hits & wanted, hits - wanted, wanted - hits
        line = f"{path.stem:22}{sum(1 for f in tree.rglob('*') if f.is_file()):6}{len(wanted):8}{len(right):7}" \
               f"{len(wrong):7}{len(missed):8}{seconds:6.2f}"
        if other:
            others = suspicious(tree) - ignored
            line += f"   {len(others & wanted)} right, {len(others - wanted)} wrong"
            other_total.update(right=len(others & wanted), wrong=len(others - wanted))
        print(line)
        total.update(right=len(right), wrong=len(wrong), missed=len(missed))
        for name in wanted:
            kind, tier, _ = labels[name]
            kinds[kind] += 1
            tiers[tier, name in right] += 1
            found_kinds[kind] += name in right
            if tier == 1 and kind not in CODE:
                code[name in right] += 1
        for name in wrong:
            wrong_kinds[found[name]] += 1
        if script.is_file():
            compare_fates(labels, rows, verbose, fates)
        if verbose:
            for name in sorted(wrong):
                print(f"  wrong   {name}: {found[name]}")
            for name in sorted(missed):
                print(f"  missed  {name}: {labels[name][0]}")
            for name in sorted(right):
                if found[name] != labels[name][0]:
                    print(f"  kind    {name}: {found[name]}, labelled {labels[name][0]}")
    print(f"\n{'kind':26}{'labels':>8}{'found':>8}{'wrong':>8}")
    for kind in sorted(set(kinds) | set(wrong_kinds)):
        print(f"{kind:26}{kinds[kind]:8}{found_kinds[kind]:8}{wrong_kinds[kind]:8}")

    def figures(right, wrong, missed):
        return f"precision {right / max(1, right + wrong):.3f} recall {right / max(1, right + missed):.3f}"

    wanted = total["right"] + total["missed"]
    print(f"\nassay              {figures(total['right'], total['wrong'], total['missed'])}")
    for tier in (1, 2, 3):
        print(f"  tier {tier}: recall {tiers[tier, True] / max(1, tiers[tier, True] + tiers[tier, False]):.3f}")
    print(f"  code of tier 1: recall {code[True] / max(1, code[True] + code[False]):.3f}")
    if fates:
        print(f"dispositions: {fates['right']} right, {fates['wrong']} wrong "
              f"({fates['right'] / (fates['right'] + fates['wrong']):.3f}), {fates['wrongly removed']} wrongly removed")
    if other:
        print(f"suspicious-source  {figures(other_total['right'], other_total['wrong'], wanted - other_total['right'])}")


if __name__ == "__main__":
    main()

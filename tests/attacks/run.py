#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Attackers on assay preflight.
#   run.py warm ASSAY DIR          checks the healthy trees and keeps their results in DIR for the attackers' checks
#   run.py check ASSAY DIR NAME... each attacked tree must not pass, and the report must name the attack
#   run.py check-long ASSAY DIR NAME... the same with ASSAY_LONG_TESTS=1, else they are skipped
#   run.py honest ASSAY DIR        a tree that its author has changed passes, with ASSAY_LONG_TESTS=1
#   run.py trees ASSAY DIR         honest trees end as they must, and nothing innocent is blamed
#   run.py native NAME [early|late] runs an attacked AMD64 tree on this machine and lists what differs from a healthy run;
#                                  early: its first script only; late: its last one only, with products of a healthy run. A tree
#                                  HEALTHY_RUN that was run before saves time
#   run.py list                    names, descriptions, effects
#   run.py listed NAME...          these must be all attackers
# Exits 77 where there is no tree.
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile

import evil_files  # pylint: disable=unused-import
import evil_programs  # pylint: disable=unused-import
import evil_scripts  # pylint: disable=unused-import
import evil_seeds  # pylint: disable=unused-import
import telling_machines  # pylint: disable=unused-import
from attack import ATTACKS, Tree
from honest_trees import HONEST

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import trees  # pylint: disable=wrong-import-position

PREFLIGHT_SECONDS = 500  # then it hangs


def preflight(assay, tree, arch, cache):
    return trees.preflight(assay, tree, arch, cache, cache + ".json", PREFLIGHT_SECONDS)


def remarks(report, notes=True):
    """What a report says beside 'equal', one text a remark."""
    texts = [json.dumps(finding, sort_keys=True) for finding in report.get("findings", [])
             if notes or finding["severity"] != "note"]
    for chain in report.get("chains", []):
        texts += [json.dumps(step, sort_keys=True) for step in chain["steps"] if step["verdict"] not in ("equal", "not-run")]
        texts += [json.dumps(chain[key]) for key in ("reasons", "reliances") if key in chain]
    texts += [json.dumps(report[key]) for key in ("reasons", "reliances") if key in report]
    return texts


def warm(assay, folder):
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    tree = trees.healthy_tree()
    for arch in sorted({attack.arch for attack in ATTACKS.values()}):
        status, report, printed = preflight(assay, tree, arch, os.path.join(folder, "cache"))
        assert status == 0, f"the healthy tree does not pass for {arch}:\n{printed}"
        status, _, printed = preflight(assay, tree, arch, os.path.join(folder, "cache"))
        assert status == 0, f"the healthy tree does not pass a second time for {arch}:\n{printed}"
        with open(os.path.join(folder, f"healthy-{arch}"), "w", encoding="utf-8") as file:
            json.dump(remarks(report), file)
    return 0


def check(assay, folder, name):
    attack = ATTACKS[name]
    with tempfile.TemporaryDirectory(prefix="assay-attack-") as scratch:
        tree = Tree(trees.healthy_tree(), os.path.join(scratch, "tree"))
        attack.change(tree)
        # A copy: what a hostile tree leaves in the cache must not reach the next one.
        cache = os.path.join(scratch, "cache")
        shutil.copytree(os.path.join(folder, "cache"), cache)
        status, report, printed = preflight(assay, tree.root, attack.arch, cache)
    with open(os.path.join(folder, f"healthy-{attack.arch}"), encoding="utf-8") as file:
        healthy = set(json.load(file))
    told = [remark for remark in remarks(report, notes=attack.told) if remark not in healthy]
    named = any(word in remark for word in attack.names for remark in told)
    passed = status == 0
    good = (named if attack.told else not passed and named) and status in (0, 1, 2)
    print(f"{'ok' if good else 'FOOLED'}: {name}: status {status}, " +
          f"{'named' if named else 'none of ' + ', '.join(attack.names) + ' is named'}")
    print(f"  {attack.description}\n  Natively: {attack.natively}\n{printed}")
    for remark in told[:20]:
        print("  " + remark[:300])
    return good


def honest(assay, folder):
    """A function more in the libraries that all programs have: no program is a release's, each is tried elsewhere, and all is well."""
    if not os.environ.get("ASSAY_LONG_TESTS"):
        print("only with ASSAY_LONG_TESTS=1")
        return trees.SKIPPED
    with tempfile.TemporaryDirectory(prefix="assay-attack-") as scratch:
        tree = Tree(trees.healthy_tree(), os.path.join(scratch, "tree"))
        for name in ("M2libc/bootstrappable.c", "M2libc/stdlib.c", "M2-Planet/cc_types.c"):
            tree.write(name, tree.bytes(name).decode() + f"\nint one_more_{name[-6]}(int a)\n{{\n\treturn a + 1;\n}}\n")
        cache = os.path.join(scratch, "cache")
        shutil.copytree(os.path.join(folder, "cache"), cache)
        subprocess.run([assay, "preflight", tree.root, "--arch", "AMD64", "--cache", cache, "--write-answers"], check=False)
        status, report, printed = preflight(assay, tree.root, "AMD64", cache)
    print(printed, *remarks(report, notes=False), sep="\n")
    return 0 if status == 0 else 1


def trees_of_others(assay, folder):
    wrong = []
    for name, (change, wanted, says, blames, long) in HONEST.items():
        if long and not os.environ.get("ASSAY_LONG_TESTS"):
            continue
        with tempfile.TemporaryDirectory(prefix="assay-attack-") as scratch:
            tree = Tree(trees.healthy_tree(), os.path.join(scratch, "tree"))
            change(tree)
            cache = os.path.join(scratch, "cache")
            shutil.copytree(os.path.join(folder, "cache"), cache)
            status, report, printed = preflight(assay, tree.root, "AMD64", cache)
        said = {finding["id"] for finding in report.get("findings", [])}
        if status != wanted or not said.issuperset(says) or said & set(blames):
            wrong.append(name)
            print(f"{name}: status {status}, not {wanted}, or it says too little or too much\n{printed}")
    return 1 if wrong else 0


def files_of(root):
    """Each path with what it is."""
    found = {}
    for folder, folders, files in os.walk(root):
        for name in folders + files:
            path = os.path.join(folder, name)
            state = os.lstat(path)
            content = os.readlink(path) if os.path.islink(path) else ""
            if os.path.isfile(path) and not os.path.islink(path):
                with open(path, "rb") as file:
                    content = hashlib.sha256(file.read()).hexdigest()
            found[os.path.relpath(path, root)] = f"{state.st_mode:o} {content}"
    return found


VARIABLES = {"HOME": "/root", "ARCH": "amd64", "ARCH_DIR": "AMD64", "OPERATING_SYSTEM": "Linux"}


def run_natively(root, part=""):
    command = {"": ["./bootstrap-seeds/POSIX/AMD64/kaem-optional-seed"],
               "early": ["./bootstrap-seeds/POSIX/AMD64/kaem-optional-seed", "./AMD64/mescc-tools-seed-kaem.kaem"],
               "late": ["./AMD64/bin/kaem", "--verbose", "--strict", "--file", "./after.kaem"]}[part]
    return subprocess.run(command, cwd=root, stdin=subprocess.DEVNULL, check=False, env=VARIABLES,
                          stdout=subprocess.DEVNULL).returncode


def native(name, part=""):
    with tempfile.TemporaryDirectory(prefix="assay-attack-") as scratch:
        attacked = Tree(trees.healthy_tree(), os.path.join(scratch, "attacked"))
        ATTACKS[name].change(attacked)
        healthy = os.environ.get("HEALTHY_RUN")
        if not healthy:
            healthy = Tree(trees.healthy_tree(), os.path.join(scratch, "healthy")).root
            print("healthy:", run_natively(healthy))
        if part == "late":
            shutil.copytree(os.path.join(healthy, "AMD64"), attacked.path("AMD64"), dirs_exist_ok=True, symlinks=True)
        print(f"{name}:", run_natively(attacked.root, part))
        before, after = files_of(healthy), files_of(attacked.root)
        for path in sorted(before.keys() | after.keys()):
            if before.get(path) != after.get(path):
                print("  ", path, before.get(path, "-")[:20], "->", after.get(path, "-")[:20])
        for path in sorted(os.listdir(scratch)):
            print("  beside the tree:", path)
    return 0


def main():
    what, rest = sys.argv[1], sys.argv[2:]
    if what == "list":
        for attack in ATTACKS.values():
            print(f"{attack.name} ({attack.arch})\n  {attack.description}\n  Natively: {attack.natively}")
        return 0
    if what == "listed":
        print("not the same:", *sorted(set(rest) ^ ATTACKS.keys()))
        return 0 if set(rest) == ATTACKS.keys() else 1
    if what == "native":
        return native(*rest)
    if what == "warm":
        return warm(*rest)
    if what == "trees":
        return trees_of_others(*rest)
    if what == "honest":
        return honest(*rest)
    if what == "check-long" and not os.environ.get("ASSAY_LONG_TESTS"):
        print("only with ASSAY_LONG_TESTS=1: one of its kind runs always")
        return trees.SKIPPED
    return 0 if all([check(rest[0], rest[1], name) for name in rest[2:]]) else 1


if __name__ == "__main__":
    sys.exit(main())

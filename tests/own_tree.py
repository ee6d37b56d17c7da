#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# own_tree.py BIN: the small tree inside assay (bootstrap/embedded), as `assay init --from-embedded` writes it. Each architecture
# boots, on this host or command by command in qemu-user, and what it makes has the digests of its list of answers; preflight
# finds the same, both roads equal, in the tree as written and, without a word to standard error, in the one inside.
# own_tree.py BIN --write: writes the lists of answers anew into the sources, by qemu-user.
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "support"))
from checks import check, finish, read  # pylint: disable=wrong-import-position
from host import runs_x86  # pylint: disable=wrong-import-position

SOURCES = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
# directory, name in files, how qemu-user is called
ARCHITECTURES = [("AMD64", "amd64", "qemu-x86_64"), ("x86", "x86", "qemu-i386"), ("AArch64", "aarch64", "qemu-aarch64"),
                 ("riscv64", "riscv64", "qemu-riscv64"), ("riscv32", "riscv32", "qemu-riscv32"), ("armv7l", "armv7l", "qemu-arm")]
NATIVE = [arch for arch, runs in (("AMD64", os.uname().machine == "x86_64"), ("x86", runs_x86())) if runs]
PROGRESS = re.compile(rb"^\d+ of (about )?\d+ steps, .* gone.*\n", re.MULTILINE)  # of a slow machine
PRODUCTS = ["hex0", "kaem-0", "hex1", "hex2-0", "catm", "M0", "proof", "proof.txt"]
LINE = b"From hex0 up to M0: every byte was made from its source.\n"


def commands(tree, arch):
    """Those of the two scripts, in order."""
    for script in ("mescc-tools-seed-kaem.kaem", "mescc-tools-mini-kaem.kaem"):
        for line in read(f"{tree}/{arch}/{script}").decode().splitlines():
            if line and not line.startswith("#"):
                yield line.split()


def boot(tree, arch, name, qemu):
    """False where nothing here runs it."""
    if arch in NATIVE:
        done = subprocess.run([f"./bootstrap-seeds/POSIX/{arch}/kaem-optional-seed", f"kaem.{name}"], cwd=tree,
                              capture_output=True, check=False)
        check(done.returncode == 0, f"{arch}: boots: {done.stdout.decode()}")
    elif shutil.which(qemu):
        for argv in commands(tree, arch):
            done = subprocess.run([qemu, *argv], cwd=tree, capture_output=True, check=False)
            check(done.returncode == 0, f"{arch}: {argv} in {qemu}: {done.returncode}")
    else:
        print(f"{arch}: skipped: {qemu} is not installed")
        return False
    return True


def answers(tree, arch):
    lines = []
    for product in PRODUCTS:
        path = f"{arch}/artifact/{product}"
        lines.append(f"{hashlib.sha256(read(f'{tree}/{path}')).hexdigest()}  {path}\n")
    return "".join(lines)


def check_report(argv, arch_count):
    done = subprocess.run([*argv, "--no-cache", "--json", "-"], capture_output=True, check=False)
    said = PROGRESS.sub(b"", done.stderr)
    check(done.returncode == 0 and not said, f"{argv}: {done.returncode}: {said.decode()}")
    report = json.loads(done.stdout)
    check(report["verdict"] == "pass" and len(report["chains"]) == arch_count, f"{argv}: {report['verdict']}")
    for chain in report["chains"]:
        check(chain["answers"] == {"ok": len(PRODUCTS), "total": len(PRODUCTS)}, f"{argv}: {chain['arch']}: {chain['answers']}")
        check([step["verdict"] for step in chain["steps"]] == ["equal"] * 10, f"{argv}: {chain['arch']}: steps")
        # Nothing of a room: both roads run the programs. (exec does not know all of M0 for x86; its room confirms that.)
        by = {step.get("derived_by") for step in chain["steps"] if step["role"] != "M0"}
        check(by == {"running"}, f"{argv}: {chain['arch']}: derived by {by}")


def main():
    programs = os.path.abspath(sys.argv[1])
    assay = os.path.join(programs, "assay")
    with tempfile.TemporaryDirectory() as scratch:
        tree = os.path.join(scratch, "tree")
        subprocess.run([assay, "init", "--from-embedded", tree], check=True, stdout=subprocess.DEVNULL)
        again = subprocess.run([assay, "init", "--from-embedded", tree], capture_output=True, check=False)
        check(again.returncode == 2 and b"[extract-target]" in again.stderr, f"not into a directory that holds something: {again}")
        inside = json.loads(subprocess.run([assay, "preflight", "--road", "seed", "--json", "-"], capture_output=True, check=False).stdout)
        known = len(inside["chains"])
        check(known >= 5, f"{known} architectures are checked")
        if sys.argv[2:] != ["--write"]:
            check_report([assay, "preflight"], known)
            check_report([assay, "preflight", tree], known)
        for arch, name, qemu in ARCHITECTURES:
            if not boot(tree, arch, name, qemu):
                continue
            check(read(f"{tree}/{arch}/artifact/proof.txt") == LINE, f"{arch}: the proof")
            for seed, product in (("hex0-seed", "hex0"), ("kaem-optional-seed", "kaem-0")):
                check(read(f"{tree}/bootstrap-seeds/POSIX/{arch}/{seed}") == read(f"{tree}/{arch}/artifact/{product}"), f"{arch}: {seed}")
            if sys.argv[2:] == ["--write"]:
                with open(f"{SOURCES}/bootstrap/embedded/{name}.answers", "w", encoding="utf-8") as file:
                    file.write(answers(tree, arch))
            else:
                check(answers(tree, arch) == read(f"{tree}/{name}.answers").decode(), f"{arch}: answers; after a change of a seed: own_tree.py BIN --write")
                print(f"{arch}: boots")
    return finish("own_tree")


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# own_parts.py BIN SCHEMA: preflight --with-seeds and --with-tools. A small tree whose seed of riscv64 is not what it should
# be, and says so in its text and its answers, passes by itself and not with our seeds; one that has our seeds already proves nothing. In
# stage0-posix our seeds and programs make all else as its own do; exits 77 where there is no tree. One architecture;
# ASSAY_LONG_TESTS=1: all, and each program by itself.
import json
import os
import shutil
import subprocess
import sys
import tempfile

import jsonschema

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "support"))
from checks import check, failures, finish  # pylint: disable=wrong-import-position
import trees  # pylint: disable=wrong-import-position

ASSAY = os.path.join(os.path.abspath(sys.argv[1]), "assay")
SEED = "bootstrap-seeds/POSIX/riscv64/hex0"
ALL = ["hex0", "kaem-minimal", "hex1", "hex2-0", "catm", "M0"]
MADE = {"hex0": ["hex0"], "kaem-minimal": ["kaem-0"], "hex1": ["hex1"], "hex2-0": ["hex2-0"], "catm": ["catm"], "M0": ["M0", "M0.hex2"]}


def preflight(*arguments):
    """Status and report."""
    done = subprocess.run([ASSAY, "preflight", *arguments, "--json", "-"], capture_output=True, check=False)
    if not done.stdout:
        return done.returncode, done.stderr.decode()
    report = json.loads(done.stdout)
    with open(sys.argv[2], encoding="utf-8") as schema:
        jsonschema.Draft202012Validator(json.load(schema)).validate(report)
    return done.returncode, report


def other_seed(tree):
    """A hex0-seed that flips a bit in byte 16 of what it makes, made from its text: that does no harm, and nobody sees it."""
    path = os.path.join(tree, "bootstrap-seeds/POSIX/riscv64/hex0_riscv64.hex0")
    with open(path, encoding="utf-8") as file:
        text = file.read()
    for before, after in [("4C 01 00 00 00 00 00 00", "64 01 00 00 00 00 00 00"), ("23 00 21 01       # sb", "6F 00 C0 04 # jal")]:
        check(before in text, f"our hex0 has no {before}")
        text = text.replace(before, after)
    text += "93 8A 1A 00 93 02 00 01 63 94 5A 00 13 49 19 00 23 00 21 01 6F F0 5F FA # count to 16, flip, go back\n"
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    subprocess.run([os.path.join(sys.argv[1], "hex0"), "--dialect", "riscv64", path, os.path.join(tree, SEED + "-seed")], check=True)


def check_small(scratch):
    tree = os.path.join(scratch, "tree")
    subprocess.run([ASSAY, "init", "--from-embedded", tree], check=True, stdout=subprocess.DEVNULL)
    status, report = preflight(tree, "--arch", "riscv64", "--with-seeds", "own", "--with-tools", "own:hex1")
    own = report["own"]
    check(status == 2 and not own["proves"] and own["programs"] == ["hex1"] and own["seeds"], f"a tree that has our seeds: {status} {own}")
    check(own["chains"][0]["same"] == [SEED + "-seed", "bootstrap-seeds/POSIX/riscv64/kaem-optional-seed", "riscv64/artifact/hex1"],
          f"what is the same is told: {own}")
    other_seed(tree)
    preflight(tree, "--arch", "riscv64", "--write-answers", "--quiet")
    status, report = preflight(tree, "--arch", "riscv64")
    check(status == 0, f"another seed, with answers of its own, passes alone: {status} {report['reasons']}")
    status, report = preflight(tree, "--arch", "riscv64", "--with-seeds", "own")
    chain = report["own"]["chains"][0]
    check(status == 1 and not report["own"]["proves"], f"another seed beside ours: {status}")
    check(chain["differ"] == ["riscv64/artifact/hex0"] and chain["own_run"] == "pass" and not chain["complete"], f"another seed beside ours: {chain}")
    for argv in (["--with-seeds", "own"], [tree, "--with-seeds", "own", "--road", "seed"], [tree, "--with-seeds", "own", "--write-answers"]):
        status, said = preflight(*argv)
        check(status == 2 and "[own-not-usable]" in said, f"{argv}: {said}")
    for argv, said in ((["--with-tools", "own:hex3"], "[own-tool-unknown]"), (["--with-tools", "hex0"], "[own-tool-unknown]"),
                       (["--with-tools", "own:"], "[own-tool-unknown]")):
        status, told = preflight(tree, *argv)
        check(status == 2 and said in told, f"{argv}: {told}")
    script = os.path.join(tree, "AMD64/mescc-tools-mini-kaem.kaem")
    with open(script, encoding="utf-8") as file:
        text = file.read()
    with open(script, "w", encoding="utf-8") as file:
        file.write(text.replace("/M0_AMD64.hex2", "/M0_other.hex2"))
    shutil.copy(os.path.join(tree, "AMD64/M0_AMD64.hex2"), os.path.join(tree, "AMD64/M0_other.hex2"))
    status, report = preflight(tree, "--arch", "amd64", "--with-tools", "own:M0")
    chain = report["own"]["chains"][0]
    check(status == 2 and not report["own"]["proves"] and chain["unused"] == ["AMD64/M0_AMD64.hex2"], f"a text that nobody reads: {status} {chain}")
    os.remove(os.path.join(tree, "AMD64/hex1_AMD64.hex0"))
    status, told = preflight(tree, "--arch", "amd64", "--with-tools", "own:hex1")
    check(status == 2 and "[own-tool-no-place]" in told, f"no hex1 in the tree: {told}")


def check_upstream(tree, architectures, programs, edits):
    """`edits`: of which scripts a line becomes another one."""
    arguments = [word for arch in architectures for word in ("--arch", arch)]
    tools = ["--with-tools", "own:" + ",".join(programs)] if programs else ["--with-seeds", "own"]
    status, report = preflight(tree, *arguments, *tools)
    own, what = report["own"], f"{tools} {architectures}"
    check(status == 0 and own["proves"], f"{what}: {status} {report['reasons']}")
    check([one["file"].split("/")[0] for one in own["edits"]] == edits, f"{what}: {own['edits']}")
    for chain, row in zip(report["chains"], own["chains"]):
        arch = row["arch"]
        ours = sorted(f"{arch}/artifact/{name}" for program in programs for name in MADE[program])
        check(chain["answers"] == {"ok": 19, "total": 19}, f"{what}: {arch}: {chain['answers']}")
        check(row["ours"] == ours and not row["differ"], f"{what}: {arch}: {row}")
        check(row["equal"] + len(ours) in (76, 77), f"{what}: {arch}: {row['equal']} products are equal")
        if not programs:
            check(row["seeds_made_again"] == 2, f"{what}: {arch}: {row['seeds_made_again']} seeds made again")
    print(f"{what}: {[row['equal'] for row in own['chains']]} products equal", flush=True)


def main():
    with tempfile.TemporaryDirectory() as scratch:
        check_small(scratch)
    if failures:
        return 1
    tree = trees.healthy_tree()
    is_long = os.environ.get("ASSAY_LONG_TESTS") == "1"
    architectures = ["x86", "AMD64", "AArch64", "riscv32", "riscv64"] if is_long else ["AArch64"]
    check_upstream(tree, architectures, [], [])
    edits = {"catm": ["AArch64"], "M0": architectures}
    together = [arch for arch in architectures for program in ("catm", "M0") if arch in edits[program]]
    check_upstream(tree, architectures, ALL, together)
    for program in ALL if is_long else []:
        check_upstream(tree, architectures, [program], edits.get(program, []))
    return finish("own_parts")


if __name__ == "__main__":
    sys.exit(main())

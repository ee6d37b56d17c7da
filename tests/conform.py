#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# conform.py BIN [TOOL...]: the cases of `assay conform` against the real programs: the hand-written ones of stage0-posix of
# three architectures (with ASSAY_LONG_TESTS=1 of all), which our assemblers make of its sources; our own seeds; Debian's mescc-tools. With
# ASSAY_LONG_TESTS=1 also M1, hex2, blood-elf, catm and kaem as the chains make them.
import json
import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "support"))
from checks import check, finish  # pylint: disable=wrong-import-position
import trees  # pylint: disable=wrong-import-position

SOURCES = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ARCHITECTURES = {"AMD64": "amd64", "x86": "x86", "AArch64": "aarch64", "riscv64": "riscv64", "riscv32": "riscv32", "armv7l": "armv7l"}
TOOLS = ["hex0", "hex1", "hex2-0", "catm", "M0", "kaem-minimal"]
COMPILED = ["M1", "hex2", "blood-elf", "kaem"]
# kaem-minimal of AArch64 ends with status 0 when a command failed: docs/conformance.md
UPSTREAM = {("kaem-minimal", "AArch64"): 19}
LONG = os.environ.get("ASSAY_LONG_TESTS") == "1"
USUAL = ("AMD64", "riscv64", "AArch64", "armv7l")  # of the architectures, otherwise


class Kit:
    def __init__(self, programs, scratch):
        self.programs, self.scratch = programs, scratch

    def make(self, tool, dialect, source, made):
        done = subprocess.run([os.path.join(self.programs, tool), "--dialect", dialect, source, made], check=False,
                              capture_output=True, cwd=self.scratch)
        check(done.returncode == 0, f"{made}: {done.stderr.decode()[:300]}")

    def conform(self, tool, dialect, how, name, broken=0, follows=True):
        """`follows`: all quirks and failures are those of the dialect; else the contract alone counts."""
        done = subprocess.run([os.path.join(self.programs, "assay"), "conform", "--tool", tool, "--dialect", dialect, *how,
                               "--json", "-"], check=False, capture_output=True, cwd=self.scratch)
        if done.returncode == 2:
            check(False, f"{name}: {done.stderr.decode()}")
            return
        found = json.loads(done.stdout)
        contract = found["contract"]
        print(f"{name}: contract {contract['good']}/{contract['all']}, quirks {found['quirks']['good']}/{found['quirks']['all']}, "
              f"failures {found['failures']['good']}/{found['failures']['all']}, told {found['told']['good']}", flush=True)
        check(contract["all"] >= 20, f"{name}: {contract['all']} cases of the contract")
        check(contract["all"] - contract["good"] == broken, f"{name}: {contract}")
        check(done.returncode == (1 if broken else 0), f"{name}: status {done.returncode}")
        for row in found["cases"]:
            if row["verdict"] == "differs" and (follows if row["kind"] != "contract" else not broken):
                check(False, f"{name}: {row['case']}: {row['difference']}")

    def search(self, tool, dialect, program, name):
        """All short texts, and some long ones, many in one run of the machine."""
        for how in (["--exhaustive", "4" if tool == "hex0" else "3"], ["--random", "40", "--seed", "1"]):
            done = subprocess.run([os.path.join(self.programs, "assay"), "conform", "--tool", tool, "--dialect", dialect, "--exe",
                                   program, *how], check=False, capture_output=True, cwd=self.scratch)
            check(done.returncode == 0, f"{name} {how}: {(done.stdout + done.stderr).decode()[:600]}")

    def upstream(self, tree, tools):
        for arch, other in ARCHITECTURES.items():
            there = os.path.join(tree, arch)
            if not os.path.exists(os.path.join(there, f"hex1_{arch}.hex0")) or not (LONG or arch in USUAL):
                continue
            catm = f"catm_{arch}.hex" + ("1" if arch == "AArch64" else "2")
            elf = {"x86": "ELF-i386.hex2"}.get(arch, f"ELF-{other}.hex2")
            joined = os.path.join(self.scratch, "M0.hex2")
            with open(joined, "wb") as file:
                for part in (elf, f"M0_{arch}.hex2"):
                    with open(os.path.join(there, part), "rb") as source:
                        file.write(source.read())
            made = {"hex0": ("hex0", f"{there}/hex0_{arch}.hex0"), "hex1": ("hex0", f"{there}/hex1_{arch}.hex0"),
                    "hex2-0": ("hex1", f"{there}/hex2_{arch}.hex1"),
                    "catm": ("hex1" if arch == "AArch64" else "hex2-0", f"{there}/{catm}"), "M0": ("hex2-0", joined),
                    "kaem-minimal": ("hex0", f"{there}/kaem-minimal.hex0")}
            for tool in tools:
                builder, source = made[tool]
                program = os.path.join(self.scratch, f"{arch}-{tool}")
                self.make(builder, arch, source, program)
                self.conform(tool, arch, ["--exe", program], f"stage0-posix {tool} {arch}", UPSTREAM.get((tool, arch), 0))
                if tool != "kaem-minimal":
                    self.search(tool, arch, program, f"stage0-posix {tool} {arch}")

    def own(self, tools):
        texts = {"hex0": ("hex0", "hex0/seeds/{}.hex0"), "hex1": ("hex0", "hex1/seeds/{}.hex0"),
                 "hex2-0": ("hex1", "hex2/seeds/{}.hex1"), "catm": ("hex2-0", "linker/seeds/catm-{}.hex2"),
                 "M0": ("hex2-0", "M1/seeds/M0-{}.hex2"), "kaem-minimal": ("hex0", "kaem/seeds/kaem-minimal-{}.hex0")}
        for arch, other in ARCHITECTURES.items():
            for tool in tools if LONG or arch in USUAL[:2] else []:
                builder, source = texts[tool]
                program = os.path.join(self.scratch, f"own-{arch}-{tool}")
                dialect = "armv7l-GAS" if arch == "armv7l" else arch  # ours are for that one
                self.make(builder, dialect, os.path.join(SOURCES, source.format(other)), program)
                judged = arch if tool in ("catm", "kaem-minimal") else dialect
                self.conform(tool, judged, ["--exe", program], f"our {tool} {arch}", follows=False)

    def debian(self, tools):
        for tool in tools:
            if os.path.exists(f"/usr/bin/{tool}"):
                self.conform(tool, "debian-1.4.0", ["--command", f"/usr/bin/{tool}"], f"Debian's {tool}")

    def ours(self, tools):
        for tool in tools:
            options = f"--dialect AMD64" if tool in TOOLS else "" if tool == "kaem" else "--assay-dialect=m2-64"
            self.conform(tool, "AMD64" if tool in TOOLS else "m2-64",
                         ["--command", f"{self.programs}/{tool} {options} {{args}}"], f"our program {tool}", follows=False)  # it tells of crashes and hangs by statuses

    def compiled(self, tree):
        for arch, other in ARCHITECTURES.items():
            if not os.path.exists(os.path.join(tree, f"kaem.{other}")):
                continue
            made = {tool: os.path.join(self.scratch, f"{arch}-{tool}") for tool in COMPILED + ["catm"]}
            back = [word for tool, path in made.items() for word in ("--write-back", f"{arch}/bin/{tool}={path}")]
            done = subprocess.run([os.path.join(self.programs, "assay"), "run", "--tree", tree, "--arch", arch, *back,
                                   f"./bootstrap-seeds/POSIX/{arch}/kaem-optional-seed", f"kaem.{other}"], check=False, capture_output=True)
            check(done.returncode == 0, f"chain {arch}: {done.stderr.decode()[-300:]}")
            for tool in COMPILED:
                self.conform(tool, "m2-64" if other.endswith("64") else "m2-32", ["--exe", made[tool]], f"stage0-posix {tool} {arch}")
            # that of x86 reads a directory as memory (docs/tools/catm.md)
            self.conform("catm", "mescc-tools", ["--exe", made["catm"]], f"mescc-tools catm {arch}", follows=arch != "x86")


def main():
    programs = os.path.abspath(sys.argv[1])
    tools = sys.argv[2:] or TOOLS + COMPILED
    seeds, compiled = [tool for tool in tools if tool in TOOLS], [tool for tool in tools if tool in COMPILED]
    with tempfile.TemporaryDirectory() as scratch:
        kit = Kit(programs, scratch)
        kit.ours(tools)
        kit.own(seeds)
        kit.debian(compiled)
        for name, script in (("stage0-posix", "kaem.amd64"), ("stage0-armv7l", "kaem.armv7l")):  # a tree of its own
            tree = trees.find_tree(name, script)
            if tree is None:
                print(f"skipped: no {name}")
                continue
            kit.upstream(tree, seeds)
            if compiled and LONG:
                kit.compiled(tree)
    return finish("conform")


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# own_seeds.py TOOL BIN: our own seeds of a tool (hex0, kaem-minimal, hex1, catm, hex2-0, M0) for all architectures. Each is
# assembled by our assembler with every warning an error, must have the size that its text and its header tell, is made by our own
# program of the rung below too, where there is one, and does in the machine, on this host or in qemu-user, in every surrounding what
# the reference in BIN does; where things go wrong it ends with a status that is not 0, in the time of an ordinary run.
import os
import re
import shutil
import stat
import subprocess
import sys
import tempfile

import own_seeds_cases as cases

SOURCES = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
# our name, that of the dialects, how qemu-user is called ("" where this host may run it itself)
ARCHITECTURES = [("amd64", "AMD64", "qemu-x86_64"), ("x86", "x86", "qemu-i386"), ("aarch64", "AArch64", "qemu-aarch64"),
                 ("riscv64", "riscv64", "qemu-riscv64"), ("riscv32", "riscv32", "qemu-riscv32"), ("armv7l", "armv7l", "qemu-arm")]
# the text of a tool, and the tool that assembles it
TEXTS = {"hex0": ("hex0/seeds/{}.hex0", "hex0"), "kaem-minimal": ("kaem/seeds/kaem-minimal-{}.hex0", "hex0"),
         "hex1": ("hex1/seeds/{}.hex0", "hex0"), "hex2-0": ("hex2/seeds/{}.hex1", "hex1"),
         "catm": ("linker/seeds/catm-{}.hex2", "hex2-0"), "M0": ("M1/seeds/M0-{}.hex2", "hex2-0")}
failures = []


def check(is_so, what):
    if not is_so:
        failures.append(what)
        print("not ok:", what, flush=True)


def read(path):
    with open(path, "rb") as file:
        return file.read()


def write(path, content, mode=0o644):
    with open(path, "wb") as file:
        file.write(content)
    os.chmod(path, mode)


def run(argv, cwd, **more):
    return subprocess.run(argv, cwd=cwd, capture_output=True, timeout=300, check=False, stdin=subprocess.DEVNULL, **more)


class Seed:
    """A tool of one architecture, assembled in a directory of its own."""

    def __init__(self, tool, row, programs, scratch):
        self.tool, self.programs = tool, programs
        self.arch, self.dialect, self.qemu = row
        self.text, self.builder = TEXTS[tool]
        self.text = os.path.join(SOURCES, self.text.format(self.arch))
        self.name = f"{tool} {self.arch}"
        self.directory = os.path.join(scratch, f"{tool}-{self.arch}")
        os.makedirs(self.directory)
        argv = [os.path.join(programs, self.builder), "--dialect", self.dialect, "-Wall", "-Werror", self.text, tool]
        done = run(argv, self.directory)
        check(done.returncode == 0 and not done.stderr, f"{self.name}: assembled without a warning: {done.stderr.decode()}")
        self.program = read(os.path.join(self.directory, tool))

    def reference(self, arguments, cwd):
        """What our reference does: status, standard output."""
        options = ["--dialect", self.dialect]
        if self.tool == "catm" and self.arch == "armv7l" or self.tool == "kaem-minimal":
            options = ["--dialect", "AMD64"]
        return run([os.path.join(self.programs, self.tool), *options, *arguments], cwd)

    def machine(self, arguments, cwd, *options):
        write(os.path.join(cwd, self.tool), self.program, 0o755)
        return run([os.path.join(self.programs, "assay"), "run", "--tree", ".", "--arch", self.arch, *options,
                    "./" + self.tool, *arguments], cwd)

    def host(self, arguments, cwd):
        """On this host or in qemu-user; nothing where neither is there."""
        path = os.path.join(self.directory, self.tool)
        if shutil.which(self.qemu):
            return run([self.qemu, path, *arguments], cwd)
        if self.arch == "amd64" and os.uname().machine == "x86_64":
            return run([path, *arguments], cwd)
        return None


def check_size(seed):
    word = 8 if seed.program[4] == 2 else 4
    sizes = [int.from_bytes(seed.program[at:at + word], "little") for at in
             ((0x40 + 32, 0x40 + 40) if word == 8 else (0x34 + 16, 0x34 + 20))]
    check(sizes[0] == len(seed.program), f"{seed.name}: the header says {sizes[0]} bytes, the file has {len(seed.program)}")
    check(sizes[1] >= sizes[0], f"{seed.name}: {sizes[1]} bytes in memory")
    told = re.search(rb"(\d+) bytes\.", read(seed.text))
    check(told is not None and int(told[1]) == len(seed.program), f"{seed.name}: the text tells another size")
    print(f"{seed.name}: {len(seed.program)} bytes")


def check_rung(seed, scratch):
    """Made by our own program of the rung below, in the machine, in all surroundings, leaning on nothing."""
    row = (seed.arch, seed.dialect, seed.qemu)
    if not os.path.exists(os.path.join(SOURCES, TEXTS[seed.builder][0].format(seed.arch))):
        print(f"{seed.name}: skipped: no {seed.builder} below it")
        return
    below = seed if seed.tool == seed.builder else Seed(seed.builder, row, seed.programs, os.path.join(scratch, seed.name))
    shutil.copy(seed.text, os.path.join(below.directory, "text"))
    for options in ((), ("--adverse",), ("--undefined",)):
        done = below.machine(["text", "made"], below.directory, *options, "--write-back", "made=made")
        check(done.returncode == 0, f"{seed.name}: made by {below.name} {options}: {done.stderr.decode()[:600]}")
    made = os.path.join(below.directory, "made")
    check(os.path.exists(made) and read(made) == seed.program, f"{seed.name}: {below.name} makes something else")


def outcome(done, cwd, output):
    """Status, whether a file is there and what it holds, its mode."""
    path = os.path.join(cwd, output)
    there = os.path.exists(path)
    return (done.returncode, read(path) if there else None, stat.S_IMODE(os.stat(path).st_mode) if there else None)


def fresh(seed, files):
    if os.path.exists(seed.directory + "/run"):
        shutil.rmtree(seed.directory + "/run")
    os.makedirs(seed.directory + "/run")
    for name, content in files.items():
        write(os.path.join(seed.directory, "run", name), content)
    return seed.directory + "/run"


def check_good(seed, name, case):
    """As the reference does."""
    cwd = fresh(seed, case.files)
    expected = outcome(seed.reference(case.arguments, cwd), cwd, "out")
    check(expected[0] == 0, f"{seed.name}: {name}: the reference refuses it")
    for options in ((), ("--adverse",), ("--undefined",)):
        cwd = fresh(seed, case.files)
        done = seed.machine(case.arguments, cwd, *options, "--write-back", "out=out")
        check(outcome(done, cwd, "out")[:2] == expected[:2],
              f"{seed.name}: {name} {options}: {outcome(done, cwd, 'out')} instead of {expected} {done.stderr.decode()[:600]}")
    cwd = fresh(seed, case.files)
    done = seed.host(case.arguments, cwd)
    if done is not None:
        check(outcome(done, cwd, "out") == expected, f"{seed.name}: {name} on the host: {outcome(done, cwd, 'out')} instead of {expected}")


def check_bad(seed, name, case):
    """Ends by itself, with the status 1, whatever the surrounding, and leaves what the case says."""
    for options in ((), ("--adverse",), ("--undefined",)):
        cwd = fresh(seed, case.files)
        back = () if case.left is None else ("--write-back", "out=out")
        done = seed.machine(case.arguments, cwd, "--max-insns", "5000000", *options, *back)
        check(done.returncode == 1, f"{seed.name}: {name} {options}: status {done.returncode} {done.stderr.decode()[:600]}")
        if case.left is not None:
            check(outcome(done, cwd, "out")[1] == case.left, f"{seed.name}: {name} {options}: left {outcome(done, cwd, 'out')[1]}")
    cwd = fresh(seed, case.files)
    done = seed.host(case.arguments, cwd)
    if done is not None:
        check(done.returncode == 1, f"{seed.name}: {name} on the host: status {done.returncode}")
        if not (case.left is None and "/dev/full" in case.arguments):
            check(outcome(done, cwd, "out")[1] == case.left, f"{seed.name}: {name} on the host: left {outcome(done, cwd, 'out')[1]}")


def main():
    tool, programs = sys.argv[1], os.path.abspath(sys.argv[2])
    only = sys.argv[3:]
    with tempfile.TemporaryDirectory() as scratch:
        for row in ARCHITECTURES:
            if only and row[0] not in only:
                continue
            if not os.path.exists(os.path.join(SOURCES, TEXTS[tool][0].format(row[0]))):
                print(f"{tool} {row[0]}: skipped: not written yet")
                continue
            seed = Seed(tool, row, programs, scratch)
            if shutil.which(seed.qemu) is None:
                print(f"{seed.name}: {seed.qemu} is not installed: in the machine only")
            check_size(seed)
            check_rung(seed, scratch)
            for name, case in cases.good(tool, seed.arch).items():
                check_good(seed, name, case)
            for name, case in cases.wrong(tool, seed.arch).items():
                check_bad(seed, name, case)
    print(f"{tool}: {len(failures)} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())

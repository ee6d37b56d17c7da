#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# own_seeds.py TOOL BIN [ARCHITECTURE...]: our own seeds of a tool (hex0, kaem-minimal, hex1, catm, hex2-0, M0). Each is
# assembled by our assembler with every warning an error, has the size that its text and its header tell, and is what its
# comments say; our own program of the rung below makes it too; it does what the reference in BIN does, in the machine, on
# this host and in qemu-user, in every surrounding; where things go wrong it ends with status 1, soon.
# TOOL "tree": they assemble the hand-written programs of stage0-posix up to cc as the references do; exits 77 where
# there is no tree.
import os
import re
import shutil
import stat
import subprocess
import sys
import tempfile

import own_seeds_cases as cases
import own_seeds_comments as comments

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "support"))
from checks import check, finish, read  # pylint: disable=wrong-import-position
from host import runs_x86  # pylint: disable=wrong-import-position
import trees  # pylint: disable=wrong-import-position

SOURCES = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
# our name, that of the dialects, how qemu-user is called ("" where this host may run it itself)
ARCHITECTURES = [("amd64", "AMD64", "qemu-x86_64"), ("x86", "x86", "qemu-i386"), ("aarch64", "AArch64", "qemu-aarch64"),
                 ("riscv64", "riscv64", "qemu-riscv64"), ("riscv32", "riscv32", "qemu-riscv32"), ("armv7l", "armv7l-GAS", "qemu-arm")]
# the text of a tool, and the tool that assembles it
TEXTS = {"hex0": ("hex0/seeds/{}.hex0", "hex0"), "kaem-minimal": ("kaem/seeds/kaem-minimal-{}.hex0", "hex0"),
         "hex1": ("hex1/seeds/{}.hex0", "hex0"), "hex2-0": ("hex2/seeds/{}.hex1", "hex1"),
         "catm": ("linker/seeds/catm-{}.hex2", "hex2-0"), "M0": ("M1/seeds/M0-{}.hex2", "hex2-0")}
NATIVE = [arch for arch, runs in (("amd64", os.uname().machine == "x86_64"), ("x86", runs_x86())) if runs]
LONG, USUAL = ("hex1", "catm", "hex2-0", "M0"), ("amd64", "aarch64", "riscv64")
UMASK = 0o027
SURROUNDINGS = [("--adverse",), ("--undefined",)]  # each has the usual run too


def write(path, content, mode=0o644):
    with open(path, "wb") as file:
        file.write(content)
    os.chmod(path, mode)


def run(argv, cwd, piped=b"", **more):
    return subprocess.run(argv, cwd=cwd, capture_output=True, timeout=300, check=False, input=piped, **more)


class Seed:
    """A tool of one architecture, assembled in a directory of its own."""

    in_machine = True  # whether the machine has this architecture

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
        self.companions = {}  # programs that lie beside it when it runs

    def reference(self, arguments, cwd):
        """What our reference does: status, standard output."""
        options = ["--dialect", self.dialect]
        if self.tool == "catm" and self.arch == "armv7l":
            options = ["--dialect", "AMD64"]
        return run([os.path.join(self.programs, self.tool), *options, *arguments], cwd)

    def machine(self, arguments, cwd, *options):
        write(os.path.join(cwd, self.tool), self.program, 0o755)
        return run([os.path.join(self.programs, "assay"), "run", "--tree", ".", "--arch", self.arch, *options,
                    "./" + self.tool, *arguments], cwd)

    def hosts(self):
        """How this host runs it: by itself, in qemu-user."""
        native = [[]] if self.arch in NATIVE else []
        return native + ([[self.qemu]] if shutil.which(self.qemu) else [])


def crashing(program):
    """The program with its entry where nothing is."""
    word = 8 if program[4] == 2 else 4
    return program[:24] + (16).to_bytes(word, "little") + program[24 + word:]


def check_size(seed):
    word = 8 if seed.program[4] == 2 else 4
    order = "big" if seed.program[5] == 2 else "little"
    sizes = [int.from_bytes(seed.program[at:at + word], order) for at in
             ((0x40 + 32, 0x40 + 40) if word == 8 else (0x34 + 16, 0x34 + 20))]
    check(sizes[0] == len(seed.program), f"{seed.name}: the header says {sizes[0]} bytes, the file has {len(seed.program)}")
    check(sizes[1] >= sizes[0], f"{seed.name}: {sizes[1]} bytes in memory")
    told = re.search(rb"(\d+) bytes\.", read(seed.text))
    check(told is not None and int(told[1]) == len(seed.program), f"{seed.name}: the text tells another size")
    print(f"{seed.name}: {len(seed.program)} bytes")


def check_comments(seed):
    """Who reads the comments reads the program."""
    said = comments.assembled(seed.arch, read(seed.text).decode())
    if said is None:
        print(f"{seed.name}: skipped: no assembler for its comments")
        return
    code = seed.program[0x78 if seed.program[4] == 2 else 0x54:]
    first = next((at for at, (one, other) in enumerate(zip(said, code)) if one != other), min(len(said), len(code)))
    check(said == code, f"{seed.name}: the comments are another program from byte {len(seed.program) - len(code) + first} on")


def check_rung(seed, scratch):
    """Made by our own program of the rung below, in the machine, in all surroundings, leaning on nothing."""
    row = (seed.arch, seed.dialect, seed.qemu)
    if not os.path.exists(os.path.join(SOURCES, TEXTS[seed.builder][0].format(seed.arch))):
        print(f"{seed.name}: skipped: no {seed.builder} below it")
        return
    below = seed if seed.tool == seed.builder else Seed(seed.builder, row, seed.programs, os.path.join(scratch, seed.name))
    shutil.copy(seed.text, os.path.join(below.directory, "text"))
    for options in SURROUNDINGS:
        done = below.machine(["text", "made"], below.directory, *options, "--write-back", "made=made")
        check(done.returncode == 0, f"{seed.name}: made by {below.name} {options}: {done.stderr.decode()[:600]}")
    made = os.path.join(below.directory, "made")
    check(os.path.exists(made) and read(made) == seed.program, f"{seed.name}: {below.name} makes something else")


def outcome(done, cwd):
    """Status, what is in "out", its mode."""
    path = os.path.join(cwd, "out")
    there = os.path.exists(path)
    return done.returncode, read(path) if there else None, stat.S_IMODE(os.stat(path).st_mode) if there else None


def fresh(seed, case):
    cwd = seed.directory + "/run"
    shutil.rmtree(cwd, ignore_errors=True)
    os.makedirs(cwd)
    for name, content in case.files.items():
        write(os.path.join(cwd, name), content)
    for name, content in seed.companions.items():
        write(os.path.join(cwd, name), content, 0o755)
    return cwd


def check_run(seed, name, case, status, left):
    """Everywhere: this status, and this in "out"; what is shown, where the case says so."""
    shown = getattr(case, "shown", None)
    on_host = getattr(case, "on_host", False)
    for options in SURROUNDINGS if seed.in_machine and not on_host else []:
        where = " ".join(options)
        cwd = fresh(seed, case)
        back = ("--write-back", "out=out") if left is not None else ()
        done = seed.machine(case.arguments, cwd, "--max-insns", "20000000", *options, *back)
        check(outcome(done, cwd)[:2] == (status, left) and shown in (None, done.stdout),
              f"{seed.name}: {name}, {where}: {outcome(done, cwd)}, not {status} {left}; {done.stdout[:200]} {done.stderr.decode()[:600]}")
        if left is None:
            check(b"in memory only: out" not in done.stderr, f"{seed.name}: {name}, {where}: makes an output")
    if not seed.companions or on_host:
        for how in seed.hosts():
            cwd = fresh(seed, case)
            done = run([*how, os.path.join(seed.directory, seed.tool), *case.arguments], cwd, getattr(case, "piped", b""),
                       env={"NAME": "value"})
            check(outcome(done, cwd)[:2] == (status, left) and shown in (None, done.stdout),
                  f"{seed.name}: {name}, on the host {how}: {outcome(done, cwd)}, not {status} {left}; {done.stdout[:200]}")
            if left is not None and status == 0:
                mode = 0o600 if seed.tool in ("M0", "catm") else 0o700
                check(outcome(done, cwd)[2] == mode & ~UMASK, f"{seed.name}: {name}, on the host {how}: mode {outcome(done, cwd)[2]:o}")


def check_good(seed, name, case):
    """As the reference does; as the case says where the reference cannot run it."""
    if hasattr(case, "left"):
        check_run(seed, name, case, 0, case.left)
        return
    cwd = fresh(seed, case)
    status, content, _ = outcome(seed.reference(case.arguments, cwd), cwd)
    check(status == 0, f"{seed.name}: {name}: the reference refuses it")
    check_run(seed, name, case, 0, content)


def check_tree(row, programs, tree, scratch):
    """hex0, hex1, hex2-0, catm and M0 on the texts of a tree, up to cc."""
    arch, dialect, _ = row
    there = os.path.join(tree, dialect)
    if not os.path.exists(os.path.join(there, f"hex1_{dialect}.hex0")):
        print(f"tree {arch}: skipped: the tree has none")
        return
    elf = {"x86": "ELF-i386.hex2"}.get(arch, f"ELF-{arch}.hex2")
    definitions = [f"{arch}_defs.M1"] if arch.startswith("riscv") else []
    catm = f"catm_{dialect}.hex" + ("1" if arch == "aarch64" else "2")
    steps = [("hex0", [f"hex0_{dialect}.hex0", "1"]), ("hex0", [f"hex1_{dialect}.hex0", "2"]), ("hex0", ["kaem-minimal.hex0", "3"]),
             ("hex1", [f"hex2_{dialect}.hex1", "4"]), ("hex1" if arch == "aarch64" else "hex2-0", [catm, "5"]),
             ("catm", ["6", elf, f"M0_{dialect}.hex2"]), ("hex2-0", ["6", "7"]), ("catm", ["8", *definitions, f"cc_{arch}.M1"]),
             ("M0", ["8", "9"]), ("catm", ["10", elf, "9"]), ("hex2-0", ["10", "11"])]
    seeds = {tool: Seed(tool, row, programs, scratch) for tool in {step[0] for step in steps}}
    cwd = os.path.join(scratch, arch)
    os.makedirs(cwd)
    for name in {word for _, words in steps for word in words if not word.isdigit()}:
        shutil.copy(os.path.join(there, name), cwd)
    for tool, words in steps:
        output = words[0] if tool == "catm" else words[1]
        seeds[tool].reference(words, cwd)
        expected = read(os.path.join(cwd, output))
        os.remove(os.path.join(cwd, output))
        done = seeds[tool].machine(words, cwd, "--write-back", f"{output}={output}")
        check(done.returncode == 0 and read(os.path.join(cwd, output)) == expected and len(expected) > 100,
              f"tree {arch}: {tool} {words}: {done.stderr.decode()[:600]}")
    print(f"tree {arch}: cc_{arch} has {len(expected)} bytes")


def main():
    tool, programs = sys.argv[1], os.path.abspath(sys.argv[2])
    only = sys.argv[3:]
    os.umask(UMASK)
    tree = trees.healthy_tree() if tool == "tree" else None
    with tempfile.TemporaryDirectory() as scratch:
        for row in ARCHITECTURES:
            if only and row[0] not in only:
                continue
            if tool in LONG and row[0] not in USUAL and not only and os.environ.get("ASSAY_LONG_TESTS") != "1":
                print(f"{tool} {row[0]}: only with ASSAY_LONG_TESTS=1")
                continue
            if tool == "tree":
                check_tree(row, programs, tree, os.path.join(scratch, row[0]))
                continue
            if not os.path.exists(os.path.join(SOURCES, TEXTS[tool][0].format(row[0]))):
                print(f"{tool} {row[0]}: skipped: not written yet")
                continue
            seed = Seed(tool, row, programs, scratch)
            if shutil.which(seed.qemu) is None:
                print(f"{seed.name}: {seed.qemu} is not installed: in the machine only")
            check_size(seed)
            check_comments(seed)
            if tool == "kaem-minimal":
                seed.companions = {"hex0": Seed("hex0", row, programs, scratch).program, "crash": crashing(seed.program)}
            check_rung(seed, scratch)
            for name, case in cases.good(tool, seed.arch).items():
                check_good(seed, name, case)
            for name, case in cases.wrong(tool, seed.arch).items():
                check_run(seed, name, case, 1, case.left)
    return finish(tool)


if __name__ == "__main__":
    sys.exit(main())

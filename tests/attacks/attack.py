# SPDX-FileCopyrightText: 2026 The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What an attacker is: a change of a healthy stage0-posix tree, what it does to a real machine, and what a check of the
# tree must name. Attackers are functions that change a Tree; the decorator enters them in ATTACKS under their name.
import os
import shutil
from dataclasses import dataclass
from typing import Callable

ATTACKS = {}


@dataclass
class Attack:
    name: str
    arch: str
    names: list  # the report must hold one of these among what is not as on the healthy tree
    natively: str  # what differs on a real machine; `run.py native` shows it
    told: bool  # a pass is allowed, if it is told
    change: Callable

    @property
    def description(self):
        return " ".join(self.change.__doc__.split())


def attack(natively, names, arch="AMD64", told=False):
    def enter(change):
        name = change.__name__.replace("_", "-")
        assert name not in ATTACKS, name
        ATTACKS[name] = Attack(name, arch, names, natively, told, change)
        return change
    return enter


class Tree:
    """A copy of the healthy tree that an attacker may change."""

    def __init__(self, healthy, root):
        shutil.copytree(healthy, root, symlinks=True, ignore=shutil.ignore_patterns(".git"))
        self.root = root

    def path(self, name):
        return os.path.join(self.root, name)

    def bytes(self, name):
        with open(self.path(name), "rb") as file:
            return file.read()

    def write(self, name, content, mode=0o644):
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        with open(self.path(name), "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
        os.chmod(self.path(name), mode)

    def replace(self, name, old, new):
        """Every occurrence; there must be one."""
        text = self.bytes(name)
        old = old.encode() if isinstance(old, str) else old
        new = new.encode() if isinstance(new, str) else new
        assert old in text, f"the upstream text has changed: {name}"
        self.write(name, text.replace(old, new), os.stat(self.path(name)).st_mode & 0o777)

    def remove_line(self, name, part):
        lines = self.bytes(name).decode().splitlines(keepends=True)
        kept = [line for line in lines if part not in line]
        assert len(kept) < len(lines), f"the upstream text has changed: {name}"
        self.write(name, "".join(kept))

    def after(self, *commands):
        """Commands behind the bootstrap's last one, run by the full kaem at the root of the tree."""
        text = self.bytes("after.kaem").decode()
        self.write("after.kaem", text + "".join(command + "\n" for command in commands))

    def build_after(self, source, program, arch=("AMD64", "amd64")):
        """after.kaem compiles a C file and leaves the program to be run."""
        self.after(f'PATH="./{arch[0]}/bin"', 'M2LIBC_PATH="./M2libc"', f'TMPDIR="./{arch[0]}/artifact"',
                   f"./{arch[0]}/bin/M2-Mesoplanet --operating-system Linux --architecture {arch[1]} -f {source} -o {program}")

    def forget_answer(self, program, arch="amd64"):
        """The list of answers no longer speaks of this program."""
        self.remove_line(f"{arch}.answers", f"/{program}\n".rstrip())

    def plant(self, seed, binary, sources):
        """A seed and all its sources say the same evil."""
        self.write(seed, binary, 0o755)
        for source in sources:
            self.write(source, hex0_text(binary))

    def patch_bytes(self, name, old, new):
        """In a binary, once."""
        binary = self.bytes(name)
        assert binary.count(old) == 1 and len(old) == len(new), f"the upstream binary has changed: {name}"
        self.write(name, binary.replace(old, new), os.stat(self.path(name)).st_mode & 0o777)


def hex0_text(binary):
    """A hex0 source of these bytes."""
    rows = [binary[at:at + 16] for at in range(0, len(binary), 16)]
    return "".join(" ".join(f"{byte:02X}" for byte in row) + "\n" for row in rows)

# SPDX-FileCopyrightText: 2026 The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a fault is made with: texts of a tree by lines, and the table of all faults."""
import re

FAULTS = {}
HARMLESS = set()  # kinds after which every answer is right: they are told all the same
ARCHITECTURES = {"AMD64": "amd64", "x86": "x86", "AArch64": "aarch64", "riscv64": "riscv64", "riscv32": "riscv32"}
DIGITS = r"\b[0-9A-F]{2}\b"


class Text:
    """A file of the tree by lines."""

    def __init__(self, tree, name):
        self.tree, self.name = tree, name
        with open(tree / name, encoding="latin-1", newline="") as file:
            self.lines = file.read().split("\n")

    def code(self, pattern):
        """Numbers of the lines whose part before a comment has the pattern."""
        return [at for at, line in enumerate(self.lines) if re.search(pattern, re.split("[#;]", line)[0])]

    def change(self, at, pattern, new):
        """One occurrence in line `at`. Returns the place."""
        changed, count = re.subn(pattern, new, self.lines[at], count=1)
        assert count == 1 and changed != self.lines[at], (self.name, at + 1)
        self.lines[at] = changed
        return self.write(at)

    def remove(self, at):
        del self.lines[at]
        return self.write(at)

    def write(self, at):
        with open(self.tree / self.name, "w", encoding="latin-1", newline="") as file:
            file.write("\n".join(self.lines))
        return self.name, at + 1


def other_digit(match):
    return match.group()[:-1] + format(int(match.group()[-1], 16) ^ 1, "X")


def kind(*archs, harmless=False):
    """Enters a fault for each architecture: a function of the tree, the architecture's folder and its name in lower case."""
    def enter(change):
        for arch in archs:
            name = f"{change.__name__.replace('_', '-')}-{arch}"
            FAULTS[name] = (arch, lambda tree, arch=arch: change(tree, arch, ARCHITECTURES[arch]))
            if harmless:
                HARMLESS.add(name)
        return change
    return enter


def middle(numbers, part=0.5):
    return numbers[int(len(numbers) * part)]


def commands(text):
    """Numbers of the lines that are a whole command."""
    return [at for at, line in enumerate(text.lines) if line.startswith("./") and not line.endswith("\\")]

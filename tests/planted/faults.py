# SPDX-FileCopyrightText: 2026 The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults as people make them, in any port: a kind is a function that changes one file at a place that is counted, not quoted,
and says where. FAULTS has each kind on two architectures of three."""
import re

from planting import DIGITS, FAULTS, Text, commands, kind, middle, other_digit

__all__ = ["FAULTS"]


@kind("AMD64", "riscv64")
def wrong_digit_in_hex1(tree, arch, _):
    text = Text(tree, f"{arch}/hex1_{arch}.hex0")
    return text.change(middle(text.code(r"[0-9A-F]{4}|" + DIGITS)), r"[0-9A-F]{2}", other_digit)


@kind("AMD64", "x86")
def missing_byte_in_hex1(tree, arch, _):
    text = Text(tree, f"{arch}/hex1_{arch}.hex0")
    return text.change(middle(text.code(r"[0-9A-F]{4}|" + DIGITS), 0.6), r"[0-9A-F]{2}", "")


@kind("riscv64")
@kind("x86", harmless=True)
def wrong_digit_in_hex2(tree, arch, _):
    text = Text(tree, f"{arch}/hex2_{arch}.hex1")
    return text.change(middle(text.code(r"[0-9A-F]{4}|" + DIGITS)), r"[0-9A-F]{2}", other_digit)


@kind("AMD64", "riscv64")
def wrong_digit_in_catm(tree, arch, _):
    text = Text(tree, f"{arch}/catm_{arch}.hex2")
    return text.change(middle(text.code(r"[0-9A-F]{6}|" + DIGITS)), r"[0-9A-F]{2}", other_digit)


@kind("AMD64", "x86")
def letter_for_a_digit(tree, arch, _):
    text = Text(tree, f"{arch}/M0_{arch}.hex2")
    return text.change(middle(text.code("0[0-9A-F]{3}")), "0", "O")


@kind("x86", "riscv64")
def label_renamed_in_m0(tree, arch, _):
    text = Text(tree, f"{arch}/M0_{arch}.hex2")
    return text.change(middle(text.code("^:[a-z]"), 0.3), "$", "_gone")


@kind("AMD64", "riscv64", harmless=True)
def line_missing_in_cc(tree, arch, low):
    text = Text(tree, f"{arch}/cc_{low}.M1")
    return text.remove(middle(text.code(r"^\s+[a-z]"), 0.4))


@kind("AMD64", "x86")
def define_of_cc_changed(tree, arch, low):
    text = Text(tree, f"{arch}/cc_{low}.M1")
    return text.change(middle(text.code("^DEFINE .*[0-9A-F]$"), 0.2), r"[0-9A-F]\s*$", lambda m: other_digit(re.match(".", m.group())))


@kind("riscv64", harmless=True)
@kind("x86")
def define_of_the_library_gone(tree, arch, low):
    text = Text(tree, f"{arch}/{low}_defs.M1")
    return text.remove(middle(text.code("^DEFINE"), 0.1))


@kind("AMD64", "riscv64", harmless=True)
def start_code_lost_a_line(tree, arch, _):
    text = Text(tree, f"{arch}/libc-core.M1")
    return text.remove(middle(text.code(r"^\s+[a-z]")))


@kind("AMD64", "x86", harmless=True)
def elf_header_digit(tree, arch, _):
    text = Text(tree, f"{arch}/ELF-{'amd64' if arch == 'AMD64' else 'i386'}.hex2")
    return text.change(text.code(DIGITS)[4], r"[0-9A-F]{2}", other_digit)


@kind("AMD64", "riscv64")
def semicolon_missing_in_c(tree, *_):
    text = Text(tree, "mescc-tools/blood-elf.c")
    return text.change(middle([at for at, line in enumerate(text.lines) if line.endswith(");")]), ";$", "")


@kind("x86", "AMD64")
def constant_changed_in_c(tree, *_):
    text = Text(tree, "mescc-tools/stringify.c")
    return text.change(middle([at for at, line in enumerate(text.lines) if re.search(r"\b[1-9]\d*\b.*;", line)]), r"\b[1-9]\d*\b", "77")


@kind("riscv64", "x86")
def condition_turned_in_c(tree, *_):
    text = Text(tree, "mescc-tools/hex2_linker.c")
    return text.change(middle([at for at, line in enumerate(text.lines) if re.search(r"if\(.* == ", line)]), " == ", " != ")


@kind("AMD64", "riscv64")
def brace_missing_in_the_compiler(tree, *_):
    text = Text(tree, "M2-Planet/cc_core.c")
    return text.remove(middle([at for at, line in enumerate(text.lines) if line == "\t}"]))


@kind("AMD64", "x86")
def command_forgotten(tree, arch, _):
    text = Text(tree, f"{arch}/mescc-tools-mini-kaem.kaem")
    return text.remove(middle(commands(text), 0.3))


@kind("x86", "riscv64")
def file_forgotten_in_a_command(tree, arch, _):
    text = Text(tree, f"{arch}/mescc-tools-mini-kaem.kaem")
    return text.remove(middle([at for at, line in enumerate(text.lines) if re.search(r"-f \./M2libc/.*\\$", line)]))


@kind("AMD64", "riscv64")
def name_misspelt_in_a_command(tree, arch, _):
    text = Text(tree, f"{arch}/mescc-tools-mini-kaem.kaem")
    return text.change(middle(commands(text)), "artifact/", "artefact/")


@kind("x86", "AMD64")
def answer_of_another_age(tree, _, low):
    text = Text(tree, f"{low}.answers")
    return text.change(middle(range(len(text.lines) - 1)), "[0-9a-f]", lambda m: format(int(m.group(), 16) ^ 1, "x"))


@kind("AMD64", "riscv64")
def seed_of_another_source(tree, arch, _):
    name = f"bootstrap-seeds/POSIX/{arch}/hex0-seed"
    content = bytearray((tree / name).read_bytes())
    content[len(content) // 2 + 20] ^= 1
    (tree / name).write_bytes(content)
    return name, 0

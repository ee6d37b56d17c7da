# SPDX-FileCopyrightText: 2026 The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults of scripts, lists, seeds and whole files, on five architectures."""
import re
import shutil

from planting import FAULTS, Text, commands, kind, middle

__all__ = ["FAULTS"]

SEEDS = "bootstrap-seeds/POSIX"


def mini(tree, arch):
    return Text(tree, f"{arch}/mescc-tools-mini-kaem.kaem")


def full(tree, arch):
    return Text(tree, f"{arch}/mescc-tools-full-kaem.kaem")


def lines(text, pattern):
    return [at for at, line in enumerate(text.lines) if re.search(pattern, line)]


@kind("AMD64", "riscv64")
def files_of_a_command_swapped(tree, arch, _):
    text = mini(tree, arch)
    at = lines(text, r"-f \./mescc-tools/hex2\.h")[0]
    text.lines[at], text.lines[at + 1] = text.lines[at + 1], text.lines[at]
    return text.write(at)


@kind("riscv32", "AArch64")
def part_of_catm_left_out(tree, arch, _):
    text = mini(tree, arch)
    return text.remove(lines(text, r"^\s+\./M2-Planet/cc_types\.c")[0])


@kind("riscv64")
def part_of_catm_twice(tree, arch, _):
    text = mini(tree, arch)
    at = lines(text, r"^\s+\./M2libc/bootstrappable\.c")[0]
    text.lines.insert(at, text.lines[at])
    return text.write(at)


@kind("AArch64", "x86")
def parts_of_catm_in_another_order(tree, arch, _):
    text = mini(tree, arch)
    at = lines(text, r"/catm \S+/M0\.hex2 ")[0]
    return text.change(at, r"(\S+) (\S+)$", r"\2 \1")


@kind("AArch64", "riscv32")
def base_address_with_another_digit(tree, arch, _):
    text = Text(tree, f"{arch}/kaem.run")
    return text.change(lines(text, "^BASE_ADDRESS=")[0], "0x00600000", "0x00060000")


@kind("riscv32", "AMD64", harmless=True)
def architecture_of_a_neighbour(tree, arch, low):
    text = mini(tree, arch)
    at = lines(text, f"/M1-0 --architecture {low}")[0]
    return text.change(at, f"--architecture {low}", "--architecture " + {"riscv32": "riscv64", "amd64": "x86"}[low])


@kind("AArch64", "x86")
def endianness_left_out(tree, arch, _):
    text = mini(tree, arch)
    return text.remove(lines(text, r"^\s*--little-endian")[0])


@kind("AMD64", "riscv32")
def name_of_an_output_misspelt(tree, arch, _):
    text = mini(tree, arch)
    return text.change(lines(text, r"-o \./\w+/bin/M1$")[0], "M1$", "M-1")


@kind("riscv32", "AArch64")
def variable_misspelt_in_a_command(tree, arch, _):
    text = full(tree, arch)
    return text.change(middle(lines(text, r"^\s+-f .*\$\{ARCH\}/libc-full"), 0.3), r"\{ARCH\}/", "{ARHC}/")


@kind("x86", "riscv64")
def line_goes_on_no_more(tree, arch, _):
    text = mini(tree, arch)
    return text.change(lines(text, r"-f \./mescc-tools/stringify\.c \\$")[1], r" \\$", "")


@kind("AMD64", "AArch64")
def blank_behind_the_backslash(tree, arch, _):
    text = mini(tree, arch)
    return text.change(lines(text, r"-f \./M2libc/ctype\.c \\$")[1], r"\\$", r"\\ ")


@kind("riscv64", "x86")
def command_too_late(tree, arch, _):
    text = mini(tree, arch)
    at = [at for at in commands(text) if "/M0 " in text.lines[at]][0]
    line = text.lines.pop(at)
    text.lines.insert(at + 2, line)
    return text.write(at)


@kind("riscv32", "AMD64", harmless=True)
def command_twice(tree, arch, _):
    text = mini(tree, arch)
    at = [at for at in commands(text) if "/catm " in text.lines[at]][0]
    text.lines.insert(at, text.lines[at])
    return text.write(at)


@kind("AArch64", "AMD64")
def folder_not_entered(tree, arch, _):
    text = full(tree, arch)
    return text.remove(lines(text, "^cd ")[0])


@kind("riscv64")
def script_of_another_name(tree, arch, _):
    text = Text(tree, f"{arch}/kaem.run")
    return text.change(lines(text, "mescc-tools-extra.kaem")[0], "mescc-tools-extra.kaem", "mescc-tools-extras.kaem")


@kind("x86", "riscv32", harmless=True)
def footer_of_another_width(tree, arch, low):
    text = mini(tree, arch)
    at = lines(text, "/blood-elf-0 ")[1]
    return text.change(at, "/blood-elf-0 ", "/blood-elf-0 --64 ")


@kind("AArch64")
def debugging_left_out(tree, arch, _):
    text = mini(tree, arch)
    return text.remove(lines(text, r"^\s*--debug")[1])


@kind("AMD64", harmless=True)
def header_of_the_wrong_kind(tree, arch, _):
    text = mini(tree, arch)
    at = lines(text, "-debug.hex2")[0]
    return text.change(at, "-debug.hex2", ".hex2")


@kind("riscv64", "x86")
def carriage_return_at_one_line(tree, arch, _):
    text = mini(tree, arch)
    return text.change([at for at in commands(text) if "/hex1 " in text.lines[at]][0], "$", "\r")


@kind("riscv32")
def mark_of_unicode_in_the_first_script(tree, arch, low):
    name = f"kaem.{low}"
    (tree / name).write_bytes(b"\xef\xbb\xbf" + (tree / name).read_bytes())
    return name, 1


@kind("AArch64", "riscv32")
def answer_with_another_path(tree, _, low):
    text = Text(tree, f"{low}.answers")
    return text.change(5, "bin/hex2", "bin/hex3")


@kind("riscv64", "AMD64", harmless=True)
def answer_missing(tree, _, low):
    text = Text(tree, f"{low}.answers")
    return text.remove(7)


@kind("AMD64")
def answers_of_another_machine(tree, _, low):
    shutil.copy(tree / "x86.answers", tree / f"{low}.answers")
    return f"{low}.answers", 0


@kind("AArch64")
def no_right_to_run_for_kaem(tree, arch, _):
    name = f"{SEEDS}/{arch}/kaem-optional-seed"
    (tree / name).chmod(0o644)
    return name, 0


@kind("riscv32", "x86")
def seed_cut_off(tree, arch, _):
    name = f"{SEEDS}/{arch}/hex0-seed"
    content = (tree / name).read_bytes()
    (tree / name).write_bytes(content[:-3])
    return name, 0


@kind("AArch64", "riscv64")
def bit_turned_in_kaem(tree, arch, _):
    name = f"{SEEDS}/{arch}/kaem-optional-seed"
    content = bytearray((tree / name).read_bytes())
    content[len(content) // 2] ^= 16
    (tree / name).write_bytes(content)
    return name, 0


@kind("AMD64")
def seed_with_a_byte_more(tree, arch, _):
    name = f"{SEEDS}/{arch}/hex0-seed"
    (tree / name).write_bytes((tree / name).read_bytes() + b"\n")
    return name, 0


@kind("AArch64")
def file_empty(tree, arch, _):
    name = "M2libc/string.c"
    (tree / name).write_bytes(b"")
    return name, 0


@kind("riscv64")
def folder_missing(tree, *_):
    shutil.rmtree(tree / "mescc-tools-extra")
    return "mescc-tools-extra", 0


@kind("x86")
def file_is_a_folder(tree, *_):
    (tree / "M2libc/ctype.c").unlink()
    (tree / "M2libc/ctype.c").mkdir()
    return "M2libc/ctype.c", 0


@kind("AMD64")
def file_of_another_program(tree, *_):
    shutil.copy(tree / "M2-Mesoplanet/cc_reader.c", tree / "M2-Planet/cc_reader.c")
    return "M2-Planet/cc_reader.c", 0

# SPDX-FileCopyrightText: 2026 The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""More kinds of faults: of whole files, scripts, flags, seeds and lists."""
import re
import shutil

from planting import FAULTS, Text, commands, kind, middle

__all__ = ["FAULTS"]


def mini(tree, arch):
    return Text(tree, f"{arch}/mescc-tools-mini-kaem.kaem")


@kind("AMD64")
def arguments_swapped(tree, arch, _):
    text = mini(tree, arch)
    at = [at for at in commands(text) if "/hex2-0 " in text.lines[at]][1]
    return text.change(at, r"(\S+) (\S+)$", r"\2 \1")


@kind("x86", harmless=True)
def files_in_another_order(tree, arch, _):
    text = mini(tree, arch)
    at = [at for at, line in enumerate(text.lines) if re.search(r"-f \./M2libc/.*_defs\.M1", line)][0]
    text.lines[at], text.lines[at + 2] = text.lines[at + 2], text.lines[at]
    return text.write(at)


@kind("riscv64")
def wrong_base_address(tree, arch, _):
    text = mini(tree, arch)
    at = [at for at, line in enumerate(text.lines) if "--base-address" in line][0]
    return text.change(at, "0x00600000", "0x08048000")


@kind("AMD64")
def header_missing(tree, *_):
    (tree / "M2libc/stddef.h").unlink()
    return "M2libc/stddef.h", 0


@kind("x86", harmless=True)
def carriage_returns_in_hex2(tree, arch, _):
    name = f"{arch}/hex2_{arch}.hex1"
    (tree / name).write_bytes((tree / name).read_bytes().replace(b"\n", b"\r\n"))
    return name, 0


@kind("riscv64")
def carriage_returns_in_a_script(tree, arch, _):
    name = f"{arch}/mescc-tools-mini-kaem.kaem"
    (tree / name).write_bytes((tree / name).read_bytes().replace(b"\n", b"\r\n"))
    return name, 0


@kind("AMD64", "riscv64")
def source_cut_off(tree, arch, _):
    text = Text(tree, f"{arch}/M0_{arch}.hex2")
    del text.lines[len(text.lines) * 4 // 5:]
    text.lines.append("")
    return text.write(len(text.lines) - 1)


@kind("riscv64", harmless=True)
@kind("x86")
def line_twice_in_cc(tree, arch, low):
    text = Text(tree, f"{arch}/cc_{low}.M1")
    at = middle(text.code("^:[a-z]"), 0.5)
    text.lines.insert(at, text.lines[at])
    return text.write(at)


@kind("x86")
def source_of_another_machine(tree, arch, _):
    shutil.copy(tree / "AMD64/hex1_AMD64.hex0", tree / f"{arch}/hex1_{arch}.hex0")
    return f"{arch}/hex1_{arch}.hex0", 0


@kind("AMD64")
def seed_of_another_machine(tree, arch, _):
    shutil.copy(tree / "bootstrap-seeds/POSIX/x86/hex0-seed", tree / f"bootstrap-seeds/POSIX/{arch}/hex0-seed")
    return f"bootstrap-seeds/POSIX/{arch}/hex0-seed", 0


@kind("riscv64")
def answer_of_a_file_that_nobody_makes(tree, _, low):
    text = Text(tree, f"{low}.answers")
    return text.change(3, "bin/", "bin/old-")


@kind("AMD64")
def command_behind_the_chain_fails(tree, arch, _):
    text = Text(tree, "after.kaem")
    text.lines[-2] = f"./{arch}/bin/match a b"
    return text.write(len(text.lines) - 2)


@kind("x86", harmless=True)
def words_changed_in_the_readme(tree, *_):
    text = Text(tree, "README.md")
    return text.remove(4)[0], 0


@kind("riscv64")
def endianness_turned(tree, arch, _):
    text = Text(tree, f"{arch}/kaem.run")
    at = [at for at, line in enumerate(text.lines) if line.startswith("ENDIAN_FLAG=")][0]
    return text.change(at, "little", "big")


@kind("AMD64")
def flag_of_another_machine(tree, arch, _):
    text = mini(tree, arch)
    at = [at for at, line in enumerate(text.lines) if "/M2 --architecture" in line][1]
    return text.change(at, "amd64", "x86")


@kind("x86")
def comment_lost_its_mark(tree, arch, _):
    text = Text(tree, f"{arch}/hex1_{arch}.hex0")
    at = [at for at, line in enumerate(text.lines) if re.search(r"[0-9A-F]\s+[#;].*call", line)][3]
    return text.change(at, "[#;]", " ")


@kind("AMD64")
def call_without_its_mark(tree, arch, low):
    text = Text(tree, f"{arch}/cc_{low}.M1")
    at = middle(text.code(r"^\s+call %"), 0.3)
    return text.change(at, "%", "")


@kind("x86")
def jump_of_another_width(tree, arch, _):
    text = Text(tree, f"{arch}/M0_{arch}.hex2")
    at = middle(text.code(r"%[A-Za-z_]\w+"), 0.4)
    return text.change(at, "%", "!")


@kind("riscv64")
def define_lost_a_digit(tree, *_):
    text = Text(tree, "M2libc/riscv64/riscv64_defs.M1")
    at = text.code("^DEFINE addi")[0]
    return text.change(at, r"[0-9A-F]\s*$", "")


@kind("AMD64")
def variable_misspelt(tree, arch, _):
    text = Text(tree, f"{arch}/kaem.run")
    at = [at for at, line in enumerate(text.lines) if line.startswith("BINDIR=")][0]
    return text.change(at, "BINDIR", "BINDR")


@kind("x86")
def seed_has_no_right_to_run(tree, arch, _):
    name = f"bootstrap-seeds/POSIX/{arch}/hex0-seed"
    (tree / name).chmod(0o644)
    return name, 0


@kind("riscv64", harmless=True)
def mark_of_unicode_at_the_start(tree, arch, _):
    name = f"{arch}/hex2_{arch}.hex1"
    (tree / name).write_bytes(b"\xef\xbb\xbf" + (tree / name).read_bytes())
    return name, 1


@kind("AMD64")
def prototype_and_call_apart(tree, *_):
    text = Text(tree, "mescc-tools-extra/sha256sum.c")
    at = middle([at for at, line in enumerate(text.lines) if re.search(r"^\s+\w+ \+= \w+;$", line)], 0.3)
    return text.change(at, r"\+=", "-=")


@kind("x86")
def program_of_another_stage(tree, arch, _):
    text = mini(tree, arch)
    at = [at for at in commands(text) if "/M0 " in text.lines[at]][0]
    return text.change(at, "/M0 ", "/hex2-0 ")

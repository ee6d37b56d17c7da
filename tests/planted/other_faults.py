# SPDX-FileCopyrightText: 2026 The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults of single bytes, labels, DEFINEs and of C, as porters make them, on five architectures."""
import re

from planting import DIGITS, FAULTS, Text, kind, middle, other_digit

__all__ = ["FAULTS"]

CATM = {"AMD64": "hex2", "x86": "hex2", "AArch64": "hex1", "riscv64": "hex2", "riscv32": "hex2"}


def bytes_of(text):
    return text.code(r"^\s*([0-9A-Fa-f]{2}\s*)+$")


def once(text, pattern, part=0.5):
    """A line of C that has the pattern and is code."""
    return middle([at for at, line in enumerate(text.lines) if re.search(pattern, line) and not re.match(r"\s*(/\*|\*|//| \*)", line)], part)


@kind("x86")
@kind("AMD64", harmless=True)
def displacement_off_by_one(tree, arch, _):
    text = Text(tree, f"{arch}/hex1_{arch}.hex0")
    return text.change(middle(text.code(r"\bE8 ?[0-9A-F]{2}000000"), 0.5), r"(?<=E8)( ?)([0-9A-F]{2})",
                       lambda m: m.group(1) + format((int(m.group(2), 16) + 1) & 255, "02X"))


@kind("AArch64", "riscv32")
def two_bytes_swapped(tree, arch, _):
    text = Text(tree, f"{arch}/hex1_{arch}.hex0")
    lines = [at for at in bytes_of(text) if re.match(r"\s*([0-9A-Fa-f]{2})(?!\1) ?([0-9A-Fa-f]{2})", text.lines[at])]
    return text.change(middle(lines, 0.7), r"([0-9A-Fa-f]{2})( ?)([0-9A-Fa-f]{2})", r"\3\2\1")


@kind("riscv64", "riscv32", harmless=True)
@kind("AArch64")
def wrong_register_in_m0(tree, arch, _):
    text = Text(tree, f"{arch}/M0_{arch}.hex2")
    if arch == "AArch64":
        return text.change(middle(text.code(r"^\s*[0-9a-f]{8}\s*$"), 0.4), r"[0-9a-f]{2}", lambda m: m.group()[0] + format(int(m.group()[1], 16) ^ 1, "x"))
    return text.change(middle(text.code(r"\.000[0-9A-F]0[0-9A-F]00 "), 0.4), r"\.000[0-9A-F]", other_digit)


@kind("AMD64")
@kind("riscv64", harmless=True)
def immediate_of_the_wrong_endian(tree, arch, _):
    text = Text(tree, f"{arch}/catm_{arch}.{CATM[arch]}")
    if arch == "AMD64":
        return text.change(middle(text.code(r"[1-9A-F][0-9A-F]000000"), 0.5), r"([1-9A-F][0-9A-F])000000", r"000000\1")
    return text.change(middle(text.code(r"\.0000[1-9A-F][0-9A-F][0-9A-F]{2}"), 0.3), r"\.0000([0-9A-F]{2})([0-9A-F]{2})", r".0000\2\1")


@kind("x86")
@kind("AArch64")
def header_says_another_entry(tree, arch, _):
    text = Text(tree, f"{arch}/hex1_{arch}.hex0")
    at = [at for at, line in enumerate(text.lines) if "e_entry" in line][0]
    return text.change(at, r"[0-9A-F]{2}", lambda m: format(int(m.group(), 16) + 4, "02X"))


@kind("AMD64", "riscv32")
def header_says_no_right_to_execute(tree, arch, _):
    text = Text(tree, f"{arch}/ELF-{'amd64' if arch == 'AMD64' else arch}.hex2")
    return text.change([at for at, line in enumerate(text.lines) if "ph_flags" in line][0], "07", "06")


@kind("riscv32", "x86")
def header_says_a_smaller_file(tree, arch, _):
    text = Text(tree, f"{arch}/hex2_{arch}.hex1")
    return text.change([at for at, line in enumerate(text.lines) if "filesz" in line][0], r"[0-9A-F]{2} [0-9A-F]{2}", "08 00")


@kind("AMD64")
def label_misspelt_at_one_use(tree, arch, _):
    text = Text(tree, f"{arch}/M0_{arch}.hex2")
    return text.change(middle(text.code(r"%[A-Z]\w{5,}"), 0.4), r"%(\w+)(\w)(\w)\b", r"%\1\3\2")


@kind("AArch64")
def label_misspelt_in_cc(tree, arch, low):
    text = Text(tree, f"{arch}/cc_{low}.M1")
    return text.change(middle(text.code(r"\^~\w+ "), 0.4), r"~(\w+)", r"~\1s")


@kind("riscv64", "riscv32")
def label_again_later(tree, arch, _):
    text = Text(tree, f"{arch}/M0_{arch}.hex2")
    labels = text.code("^:[A-Za-z]")
    at = labels[-2]
    text.lines.insert(at, text.lines[middle(labels, 0.4)].split()[0])
    return text.write(at)


@kind("x86", "AMD64")
def label_again_later_in_hex1(tree, arch, _):
    text = Text(tree, f"{arch}/hex2_{arch}.hex1")
    labels = text.code("^:[a-zA-Z]")
    at = labels[-2] + 2
    text.lines.insert(at, text.lines[middle(labels, 0.3)].split()[0])
    return text.write(at)


@kind("AArch64")
def define_without_its_space(tree, arch, low):
    text = Text(tree, f"{arch}/cc_{low}.M1")
    return text.change(middle(text.code(r"^DEFINE \w+ [0-9a-f]+"), 0.3), r"^(DEFINE \w+) ", r"\1")


@kind("AArch64", "riscv32", "AMD64")
def define_of_the_library_changed(tree, _, low):
    text = Text(tree, f"M2libc/{low}/{low}_defs.M1")
    return text.change(middle(text.code(r"^DEFINE \S+ +\.?[0-9A-Fa-f]{4,}\s*$"), 0.2), r"[0-9A-Fa-f](?=[0-9A-Fa-f]{2}\s*$)",
                       lambda m: format(int(m.group(), 16) ^ 1, "X"))


@kind("AArch64", harmless=True)
@kind("AMD64")
def define_twice_with_another_value(tree, arch, low):
    text = Text(tree, f"{arch}/cc_{low}.M1")
    defines = text.code(r"^DEFINE \S+ +\.?[0-9A-Fa-f]+")
    at = defines[-1] + 1
    words = text.lines[middle(defines, 0.2)].split()
    text.lines.insert(at, f"DEFINE {words[1]} {words[2][:-1]}{format(int(words[2][-1], 16) ^ 1, 'X')}")
    return text.write(at)


@kind("x86", "AMD64")
def absolute_for_relative(tree, arch, low):
    text = Text(tree, f"{arch}/cc_{low}.M1")
    return text.change(middle(text.code(r"^\s+call %"), 0.5), "%", "&")


@kind("riscv64", "riscv32")
def branch_of_another_format(tree, arch, low):
    text = Text(tree, f"{arch}/cc_{low}.M1")
    return text.change(middle(text.code(r"\$\w+ jal"), 0.5), r"\$", "@")


@kind("AMD64")
def quote_lost_in_cc(tree, arch, low):
    text = Text(tree, f"{arch}/cc_{low}.M1")
    return text.change(middle([at for at, line in enumerate(text.lines) if re.match(r'\s*"[^"]+"$', line)], 0.5), r'"$', "")


@kind("AMD64")
def string_changed_in_cc(tree, arch, low):
    text = Text(tree, f"{arch}/cc_{low}.M1")
    return text.change(middle([at for at, line in enumerate(text.lines) if re.match(r'"\w{3,}"$', line)], 0.3), r'\w"$', 'x"')


@kind("AArch64", harmless=True)
def space_of_another_kind(tree, arch, low):
    text = Text(tree, f"{arch}/cc_{low}.M1")
    return text.change(middle(text.code(r"^ +[A-Z]\w+ *$"), 0.5), "^ ", "\xc2\xa0")


@kind("riscv32")
@kind("riscv64", harmless=True)
def immediate_changed_in_cc(tree, arch, low):
    text = Text(tree, f"{arch}/cc_{low}.M1")
    return text.change(middle(text.code(r"!\d+ addi"), 0.6), r"!(\d+)", lambda m: f"!{int(m.group(1)) + 4}")


@kind("x86")
def literal_changed_in_cc(tree, arch, low):
    text = Text(tree, f"{arch}/cc_{low}.M1")
    return text.change(middle(text.code(r"%[1-9]\d*\b"), 0.5), r"%(\d+)", lambda m: f"%{int(m.group(1)) + 4}")


@kind("riscv32")
def last_line_of_catm_lost(tree, arch, _):
    text = Text(tree, f"{arch}/catm_{arch}.hex2")
    return text.remove(bytes_of(text)[-1] if bytes_of(text) else text.code(r"[0-9A-F]{8}")[-1])


@kind("AMD64")
def last_label_of_cc_lost(tree, arch, low):
    text = Text(tree, f"{arch}/cc_{low}.M1")
    return text.remove(text.code("^:ELF_end")[0])


@kind("AArch64", "x86", harmless=True)
def last_newline_lost(tree, arch, low):
    text = Text(tree, f"{arch}/{low}_defs.M1")
    while not text.lines[-1]:
        text.lines.pop()
    return text.write(len(text.lines) - 1)


@kind("riscv64", "AArch64")
def call_of_another_number(tree, *rest):
    low = rest[1]
    text = Text(tree, f"M2libc/{low}/linux/bootstrap.c")
    at = [at for at, line in enumerate(text.lines) if re.search(r"!\d\d|SYS_", line)][1]
    return text.change(at, r"!(\d\d)|SYS_\w+", lambda m: f"!{int(m.group(1)) + 1}" if m.group(1) else "SYS_CLOSE")


@kind("riscv32", "x86")
def start_code_of_the_full_library(tree, *rest):
    low = rest[1]
    text = Text(tree, f"M2libc/{low}/libc-full.M1")
    return text.remove(middle(text.code(r"^\s+[a-z]"), 0.6))


@kind("AMD64", "riscv32")
def less_or_equal_for_less(tree, *_):
    text = Text(tree, "M2-Planet/cc_reader.c")
    return text.change(once(text, r"(while|if)\(.*<= "), "<= ", "< ")


@kind("AArch64", "riscv64")
def not_equal_for_equal(tree, *_):
    text = Text(tree, "M2libc/stdio.c")
    return text.change(once(text, r"if\(.* == ", 0.3), " == ", " != ")


@kind("x86", "riscv32")
def constant_of_the_library(tree, *_):
    text = Text(tree, "M2libc/stdio.c")
    return text.change(once(text, r"\+ 1;", 0.3), r"\+ 1;", "+ 2;")


@kind("AMD64", "AArch64")
def return_lost(tree, *_):
    text = Text(tree, "mescc-tools/M1-macro.c")
    return text.remove(once(text, r"^\treturn \w+;", 0.4))


@kind("riscv64", "x86")
def another_member(tree, *_):
    text = Text(tree, "mescc-tools/M1-macro.c")
    return text.change(once(text, r"\w->next = \w+;", 0.5), "->next", "->contents")


@kind("AMD64", "riscv32")
def members_in_another_order(tree, *_):
    text = Text(tree, "M2-Planet/cc.h")
    at = once(text, r"^\tstruct token_list\* prev;", 0)
    text.lines[at], text.lines[at + 1] = text.lines[at + 1], text.lines[at]
    return text.write(at)


@kind("AArch64")
def break_lost(tree, *_):
    text = Text(tree, "mescc-tools/hex2_linker.c")
    return text.change(once(text, r"break;", 0), r"if\(.*", "")


@kind("x86", "riscv64")
def value_not_given(tree, *_):
    text = Text(tree, "mescc-tools/M1-macro.c")
    return text.change(once(text, r"^\tint \w+ = 0;", 0.7), " = 0;", ";")


@kind("AMD64", "riscv32")
def global_renamed_once(tree, *_):
    text = Text(tree, "M2-Planet/cc_globals.c")
    return text.change(once(text, r"^(int|struct \w+\*|char\*) \w+;", 0.5), ";", "_;")


@kind("riscv64", "AArch64", harmless=True)
def include_lost(tree, *_):
    text = Text(tree, "mescc-tools-extra/sha256sum.c")
    return text.remove(once(text, "^#include", 0.7))


@kind("AMD64", "riscv64")
def emitted_instruction_changed(tree, arch, _):
    text = Text(tree, "M2-Planet/cc_core.c")
    if arch == "AMD64":
        return text.change(once(text, r"emit_out\(\"cmp_rbx,rax.n", 0.5), "cmp_rbx", "cmp_rax")
    return text.change(once(text, r"emit_out\(\"rd_a0 rs1_a1 rs2_a0 ", 0.5), "rs1_a1 rs2_a0", "rs1_a0 rs2_a1")


@kind("AArch64", "x86")
def too_little_asked_for(tree, *_):
    text = Text(tree, "mescc-tools/M1-macro.c")
    return text.change(once(text, r"calloc\(size \+ 1", 0), r"size \+ 1", "1")


@kind("riscv32", "AMD64")
def sign_of_a_sum(tree, *_):
    text = Text(tree, "mescc-tools/hex2_linker.c")
    return text.change(once(text, r"= \w+ \+ \d;", 0.6), r" \+ ", " - ")


@kind("riscv64", "AMD64")
def size_of_a_type(tree, *_):
    text = Text(tree, "M2-Planet/cc_types.c")
    return text.change(once(text, r"register_size = 8;", 0), "= 8", "= 4")


@kind("AArch64")
def string_changed_in_the_linker(tree, *_):
    text = Text(tree, "mescc-tools/hex2.c")
    return text.change(once(text, r'match\(argv.*"--base-address"', 0), "--base", "--bass")


@kind("riscv32", "x86")
def argument_lost(tree, *_):
    text = Text(tree, "mescc-tools/blood-elf.c")
    return text.change(once(text, r"\w\(\w+, \w+\);", 0.5), r", \w+\)", ")")

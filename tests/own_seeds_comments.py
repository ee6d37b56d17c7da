# SPDX-FileCopyrightText: 2026 The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The comments of a seed's text, put together as a program for an ordinary assembler: its bytes must be those of the text, so
# that who reads the comments reads the program.
import os
import re
import shutil
import subprocess
import tempfile

X86 = [".intel_syntax noprefix"]
ASSEMBLERS = {
    "amd64": (["as", "--64"], X86),
    "x86": (["as", "--32"], X86),
    "aarch64": (["llvm-mc", "-filetype=obj", "-triple=aarch64-linux-gnu"], []),
    "riscv64": (["llvm-mc", "-filetype=obj", "-triple=riscv64-linux-gnu", "-mattr=-relax"], []),
    "riscv32": (["llvm-mc", "-filetype=obj", "-triple=riscv32-linux-gnu", "-mattr=-relax"], []),
    "armv7l": (["llvm-mc", "-filetype=obj", "-triple=armv7a-linux-gnueabi"], [".arm"]),
    "ppc64le": (["llvm-mc", "-filetype=obj", "-triple=powerpc64le-linux-gnu"], []),
    "s390x": (["llvm-mc", "-filetype=obj", "-triple=s390x-linux-gnu"], []),
    "mips64el": (["llvm-mc", "-filetype=obj", "-triple=mips64el-linux-gnuabi64"], [".set noreorder", ".set nomacro"]),
    "loongarch64": (["llvm-mc-16", "-filetype=obj", "-triple=loongarch64-linux-gnu"], []),  # 14 does not have it
    "m68k": (["m68k-linux-gnu-as", "--pcrel"], []),
}
LABEL = re.compile(r"^(?:#:(\w+) \(|:\S # (\w+) \(|:(\w+)(?: #|$))")
LINE = re.compile(r"^([^#]+?) +# (.*)$")


def instruction(arch, written, comment):
    """What the comment says the line is."""
    words = re.split(r" +;(?: |$)", comment)[0].strip()
    if words.startswith('"'):
        return (".asciz " if written.endswith(" 00") else ".ascii ") + words
    if arch in ("amd64", "x86") and re.match(r"0F 8. %|E9 %|E9( ..){4}$", written):
        return "{disp32} " + words
    called = re.match(r"bl (\w+)$", words)
    if arch == "armv7l" and called:  # an assembler would leave it to a linker
        return f".long 0xEB000000 | ((({called[1]} - . - 8) >> 2) & 0xFFFFFF)"
    return words


def program_of(arch, text):
    """The assembly that the comments behind the headers are."""
    lines = list(ASSEMBLERS[arch][1])
    for line in text[text.index("## Program\n"):].splitlines():
        label, code = LABEL.match(line), LINE.match(line)
        if label:
            lines.append(next(name for name in label.groups() if name) + ":")
        elif code:
            lines.append(instruction(arch, code[1], code[2]))
    return "\n".join(lines) + "\n"


def assembled(arch, text):
    """The bytes that the comments say; nothing where there is no such assembler. Trouble is an AssertionError."""
    argv = ASSEMBLERS[arch][0]
    copier = "llvm-objcopy" + argv[0].removeprefix("llvm-mc") if argv[0].startswith("llvm-mc") else "llvm-objcopy"
    if shutil.which(argv[0]) is None or shutil.which(copier) is None:
        return None
    with tempfile.TemporaryDirectory() as scratch:
        paths = {name: os.path.join(scratch, name) for name in ("text.s", "text.o", "text")}
        with open(paths["text.s"], "w", encoding="utf-8") as file:
            file.write(program_of(arch, text))
        done = subprocess.run([*argv, "-o", paths["text.o"], paths["text.s"]], capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
        subprocess.run([copier, "-O", "binary", "-j", ".text", paths["text.o"], paths["text"]], check=True)
        with open(paths["text"], "rb") as file:
            return file.read()

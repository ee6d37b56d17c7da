# SPDX-FileCopyrightText: 2026 The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Small pieces of AMD64 machine code for evil seeds: system calls, conditions, and hanging them into an ELF file.
import struct

ARGUMENTS = ["rdi", "rsi", "rdx", "r10"]
# mov REG, imm32 (sign-extended); lea REG, [rip+disp32]; mov REG, rax
LOAD = {"rdi": "48C7C7", "rsi": "48C7C6", "rdx": "48C7C2", "r10": "49C7C2"}
ADDRESS = {"rdi": "488D3D", "rsi": "488D35", "rdx": "488D15"}
COPY = {"rdi": "4889C7", "rsi": "4889C6", "rdx": "4889C2", "r10": "4989C2"}

RESULT = object()  # as an argument: what the last call returned

OPEN, WRITE, CLOSE, EXIT = 2, 1, 3, 60
WRITE_APPEND, WRITE_NEW = 0o2001, 0o1101


class Code:
    """Instructions, and the strings that they point to behind them."""

    def __init__(self):
        self.code = bytearray()
        self.strings = []  # (where the displacement is, the string)
        self.honest = []  # where the displacements of jumps to the end are

    def raw(self, text):
        self.code += bytes.fromhex(text)
        return self

    def call(self, number, *arguments):
        for register, argument in zip(ARGUMENTS, arguments):
            if argument is RESULT:
                self.raw(COPY[register])
            elif isinstance(argument, int):
                self.raw(LOAD[register]).code += struct.pack("<i", argument)
            else:
                self.raw(ADDRESS[register])
                self.strings.append((len(self.code), argument.encode() + b"\0"))
                self.code += bytes(4)
        self.raw("48C7C0").code += struct.pack("<i", number)
        return self.raw("0F05")

    def unless(self, condition):
        """Jumps to the end if the condition code holds: 4 equal, 5 not equal, 2 below, C less, 8 sign, 9 no sign."""
        self.raw(f"0F8{condition:X}")
        self.honest.append(len(self.code))
        self.code += bytes(4)
        return self

    def spoil(self, path):
        """One byte more at the end of a file."""
        return self.call(OPEN, path, WRITE_APPEND, 0).call(WRITE, RESULT, "!", 1)

    def leave(self, path):
        """A new file."""
        return self.call(OPEN, path, WRITE_NEW, 0o600)

    def bytes(self, end):
        """All of it; `end` is what follows the instructions."""
        code = bytearray(self.code)
        for at in self.honest:
            struct.pack_into("<i", code, at, len(code) - at - 4)
        code += end
        for at, string in self.strings:
            struct.pack_into("<i", code, at, len(code) - at - 4)
            code += string
        return bytes(code)


def jump(origin, target):
    return b"\xE9" + struct.pack("<i", target - origin - 5)


BASE = 0x600000


def at_start(program, code):
    """The program with this code before its first instruction."""
    entry = struct.unpack_from("<Q", program, 24)[0]
    start = BASE + len(program)
    body = code.bytes(jump(start + len(code.code), entry))
    return elf_with(program, body, entry=start)


def at(program, place, code):
    """The program with this code in the place of the instructions there, ending with an exit with status 0."""
    patched = bytearray(program)
    offset = patched.index(place)
    patched[offset:offset + 5] = jump(BASE + offset, BASE + len(program))
    return elf_with(bytes(patched), code.call(EXIT, 0).bytes(b""))


def elf_with(program, body, entry=None):
    """The ELF file with more bytes at its end, all of it readable, writable and executable."""
    patched = bytearray(program + body)
    if entry:
        struct.pack_into("<Q", patched, 24, entry)
    struct.pack_into("<I", patched, 68, 7)
    struct.pack_into("<QQ", patched, 96, len(patched), len(patched))
    return bytes(patched)

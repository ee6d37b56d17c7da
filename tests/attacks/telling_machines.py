# SPDX-FileCopyrightText: 2026 The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A hex0 seed, evil in binary and sources alike, that looks where it runs and is honest only in a simulator. Each row is one way
# to look. A condition ends with a jump to the honest part; natively none of them is taken, and a file is left.
from amd64_code import Code, at_start
from attack import ATTACKS, Attack
from evil_seeds import HEX0_SEED, HEX0_SOURCES, STACK_IS_HIGH

EQUAL, DIFFERENT, BELOW, LESS, NEGATIVE, POSITIVE = 4, 5, 2, 0xC, 8, 9
RESULT_IS_ZERO = "4885C0"  # test rax,rax


# Walks over argc, argv and envp to the auxiliary vector and on to its entry of a type (imm8); rax is its value, 0 if there is none.
def auxiliary(kind):
    return ("4889E04883C008"  # mov rax,rsp; add rax,8
            "488B104883C0084885D275F4"  # to behind the zero after argv
            "488B104883C0084885D275F4"  # to behind the zero after envp
            f"488B104885D2740C4883FA{kind:02X}740A4883C010EBEC"  # type 0 or this one ends
            "31C0EB04"  # none: 0
            "488B4008")  # its value


WAYS = {
    "stack": ("whether its stack lies above 4 GiB", lambda code: code.raw(STACK_IS_HIGH).unless(EQUAL)),
    "vdso": ("whether there is a vDSO (AT_SYSINFO_EHDR)", lambda code: code.raw(auxiliary(33) + RESULT_IS_ZERO).unless(EQUAL)),
    "platform": ("whether the kernel names the processor (AT_PLATFORM)",
                 lambda code: code.raw(auxiliary(15) + RESULT_IS_ZERO).unless(EQUAL)),
    "random": ("whether there are random bytes (AT_RANDOM)",
               lambda code: code.raw(auxiliary(25) + RESULT_IS_ZERO).unless(EQUAL)),
    "hardware": ("whether AT_HWCAP tells of features", lambda code: code.raw(auxiliary(16) + RESULT_IS_ZERO).unless(EQUAL)),
    "environment": ("whether somebody gave it an environment",  # behind the zero after three arguments
                    lambda code: code.raw("488B442428" + RESULT_IS_ZERO).unless(EQUAL)),
    "process": ("whether its process number is above 20", lambda code: code.call(39).raw("4883F815").unless(BELOW)),
    "time": ("whether the clock is after 2020", lambda code: code.call(201, 0).raw("483D0080115E").unless(LESS)),
    "unknown-call": ("whether getrandom is known", lambda code: code.call(318, 0, 0, 0).raw(RESULT_IS_ZERO).unless(NEGATIVE)),
    "proc": ("whether there is a /proc", lambda code: code.call(2, "/proc/self/maps", 0, 0).raw(RESULT_IS_ZERO).unless(NEGATIVE)),
    "busy": ("whether a running program can be opened for writing",
             lambda code: code.call(2, HEX0_SEED, 1, 0).raw(RESULT_IS_ZERO).unless(POSITIVE)),
    "uname": ("whether uname knows a version of the kernel",  # sub rsp,512; uname(rsp); release[0] '3' or above
              lambda code: code.raw("4881EC00020000" "4889E7" "48C7C03F000000" "0F05" "80BC248200000033"
                                    "488DA42400020000").unless(BELOW)),
    "heap": ("whether the heap lies right behind the program",  # brk(0) above 0x700000
             lambda code: code.call(12, 0).raw("483D00007000").unless(BELOW)),
    "selector": ("what code segment it runs in", lambda code: code.raw("8CC883F833").unless(DIFFERENT)),
    "counter": ("whether the time stamp counter counts",  # two rdtsc; the difference
                lambda code: code.raw("0F314889C60F314829F0").unless(EQUAL)),
    "processor": ("whether cpuid names a maker", lambda code: code.raw("5331C00FA289D85B85C0").unless(EQUAL)),
}


def enter(name, way, look):
    def change(tree):
        evil = at_start(tree.bytes(HEX0_SEED), look(Code()).leave("AMD64/artifact/evil"))
        tree.plant(HEX0_SEED, evil, HEX0_SOURCES)
    change.__doc__ = f"hex0 looks {way}, and is honest only where it finds no real kernel."
    ATTACKS[f"sees-{name}"] = Attack(f"sees-{name}", "AMD64", ["hex0-seed", "AMD64/artifact/hex0"],
                                     "a file AMD64/artifact/evil", False, change)


for row, (way_text, looking) in WAYS.items():
    enter(row, way_text, looking)

# SPDX-FileCopyrightText: 2026 The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Seeds and interpreters that are not what they seem.
from amd64_code import Code, at, at_start
from attack import attack, hex0_text

SEEDS = "bootstrap-seeds/POSIX/AMD64/"
KAEM_SEED, HEX0_SEED = SEEDS + "kaem-optional-seed", SEEDS + "hex0-seed"
KAEM_SOURCES = ["AMD64/kaem-minimal.hex0", SEEDS + "kaem-minimal.hex0"]
HEX0_SOURCES = ["AMD64/hex0_AMD64.hex0", SEEDS + "hex0_AMD64.hex0"]
KAEM_END = bytes.fromhex("31FF6A3C580F05")  # kaem-minimal's exit with status 0
STACK_IS_HIGH = "4889E048C1E820"  # mov rax,rsp; shr rax,32


def spoiling_kaem(tree, path):
    """kaem-minimal that spoils a file when it has run its script."""
    return at(tree.bytes(KAEM_SEED), KAEM_END, Code().spoil(path))


@attack("one byte more in AMD64/bin/M2-Planet", ["kaem-optional-seed"])
def kaem_seed_put_back(tree):
    """An evil kaem-optional-seed beside the right source; the last script takes it away and puts the clean kaem-0 there."""
    tree.write(KAEM_SEED, spoiling_kaem(tree, "AMD64/bin/M2-Planet"), 0o755)
    tree.after(f"./AMD64/bin/rm ./{KAEM_SEED}", f"./AMD64/bin/cp ./AMD64/artifact/kaem-0 ./{KAEM_SEED}")


@attack("one byte more in AMD64/bin/M2-Planet", ["kaem-optional-seed"])
def kaem_seed_put_back_by_catm(tree):
    """As before, but the evil seed removes itself, and catm makes the file anew."""
    code = Code().call(87, KAEM_SEED).spoil("AMD64/bin/M2-Planet")
    tree.write(KAEM_SEED, at(tree.bytes(KAEM_SEED), KAEM_END, code), 0o755)
    tree.after(f"./AMD64/artifact/catm ./{KAEM_SEED} ./AMD64/artifact/kaem-0")


@attack("a file AMD64/artifact/evil, and the seed is the clean one when all is over", ["hex0-seed"])
def hex0_seed_put_back_by_catm(tree):
    """An evil hex0-seed that leaves a file where the stack is high; catm puts the clean hex0 over it."""
    evil = at_start(tree.bytes(HEX0_SEED), Code().raw(STACK_IS_HIGH).unless(4).leave("AMD64/artifact/evil"))
    tree.write(HEX0_SEED, evil, 0o755)
    tree.after(f"./AMD64/artifact/catm ./{HEX0_SEED} ./AMD64/artifact/hex0")


@attack("a file AMD64/artifact/evil", ["hex0-seed"])
def hex0_seed_put_back(tree):
    """An evil hex0-seed that leaves a file where the stack is high; the last script puts the clean hex0 over it."""
    evil = at_start(tree.bytes(HEX0_SEED), Code().raw(STACK_IS_HIGH).unless(4).leave("AMD64/artifact/evil"))
    tree.write(HEX0_SEED, evil, 0o755)
    tree.after(f"./AMD64/bin/cp ./AMD64/artifact/hex0 ./{HEX0_SEED}")


@attack("one byte more in AMD64/bin/M2-Planet", ["kaem-optional-seed", "AMD64/artifact/kaem-0", "AMD64/bin/M2-Planet"])
def kaem_minimal_writes(tree):
    """kaem-minimal, evil in seed and sources alike, spoils a compiler when its last command has ended."""
    tree.plant(KAEM_SEED, spoiling_kaem(tree, "AMD64/bin/M2-Planet"), KAEM_SOURCES)


@attack("AMD64/hex0_AMD64.hex0 has another name",
        ["kaem-optional-seed", "AMD64/artifact/kaem-0", "AMD64/hex0-notes"])
def kaem_minimal_moves(tree):
    """kaem-minimal, evil in seed and sources alike, renames a source when its last command has ended."""
    code = Code().call(82, "AMD64/hex0_AMD64.hex0", "AMD64/hex0-notes")
    tree.plant(KAEM_SEED, at(tree.bytes(KAEM_SEED), KAEM_END, code), KAEM_SOURCES)


@attack("AMD64/bin/hex2 has mode 4777", ["kaem-optional-seed", "AMD64/artifact/kaem-0", "AMD64/bin/hex2"])
def kaem_minimal_changes_modes(tree):
    """kaem-minimal, evil in seed and sources alike, makes the linker writable for everybody."""
    code = Code().call(90, "AMD64/bin/hex2", 0o4777)
    tree.plant(KAEM_SEED, at(tree.bytes(KAEM_SEED), KAEM_END, code), KAEM_SOURCES)


@attack("one byte more in AMD64/bin/M2-Planet", ["kaem-optional-seed"])
def kaem_seed_never_made(tree):
    """An evil kaem seed, and no command left that makes kaem-0 from its source: the seed runs the second script too."""
    tree.write(KAEM_SEED, spoiling_kaem(tree, "AMD64/bin/M2-Planet"), 0o755)
    tree.remove_line("AMD64/mescc-tools-seed-kaem.kaem", "artifact/kaem-0")
    tree.replace("kaem.amd64", "./AMD64/artifact/kaem-0 ", f"./{KAEM_SEED} ")


@attack("a file AMD64/artifact/evil", ["hex0-seed"])
def hex0_seed_never_made(tree):
    """An evil hex0 seed, and no command left that makes hex0 from its source: the seed does its work to the end."""
    evil = at_start(tree.bytes(HEX0_SEED), Code().raw(STACK_IS_HIGH).unless(4).leave("AMD64/artifact/evil"))
    tree.write(HEX0_SEED, evil, 0o755)
    for script in ("AMD64/mescc-tools-seed-kaem.kaem", "AMD64/mescc-tools-mini-kaem.kaem"):
        tree.replace(script, "./AMD64/artifact/hex0 ", f"./{HEX0_SEED} ")
    tree.remove_line("AMD64/mescc-tools-seed-kaem.kaem", "hex0_AMD64.hex0 ")


@attack("one byte more in AMD64/bin/wrap", ["AMD64/artifact/helper"])
def binary_in_the_tree(tree):
    """A binary that nothing makes lies among the products and is run at the end."""
    tree.write("AMD64/artifact/helper", at_start(tree.bytes(HEX0_SEED), Code().spoil("AMD64/bin/wrap").call(60, 0)), 0o755)
    tree.after("./AMD64/artifact/helper")


@attack("AMD64/bin/get_machine is a program of the attacker", ["AMD64/Development/notes.txt", "AMD64/bin/get_machine"])
def binary_copied_over_a_product(tree):
    """A binary with the name of a text is copied over a product that is in no later check, then run."""
    tree.write("AMD64/Development/notes.txt", at_start(tree.bytes(HEX0_SEED), Code().spoil("AMD64/bin/wrap").call(60, 0)), 0o755)
    tree.after("./AMD64/bin/cp ./AMD64/Development/notes.txt ./AMD64/bin/get_machine",
               "./AMD64/bin/chmod 755 ./AMD64/bin/get_machine", "./AMD64/bin/get_machine")


@attack("one byte more in AMD64/bin/wrap", ["AMD64/artifact/helper", "AMD64/hex0_helper.hex0"])
def program_of_hex0_text(tree):
    """A program whose only source is hex0 text, with a name that makes it a hex0, spoils another one."""
    binary = at_start(tree.bytes(HEX0_SEED), Code().spoil("AMD64/bin/wrap").call(60, 0))
    tree.write("AMD64/hex0_helper.hex0", hex0_text(binary))
    tree.after("./AMD64/artifact/hex0 ./AMD64/hex0_helper.hex0 ./AMD64/artifact/helper",
               "./AMD64/artifact/helper ./AMD64/hex0_helper.hex0 ./AMD64/artifact/other")


@attack("kaem exits with 0 and builds nothing: the address of the stack is cut to 32 bits",
        ["kaem-optional-seed", "AMD64/artifact/kaem-0"])
def kaem_without_a_prefix(tree):
    """Two instructions of kaem-minimal and its seed lack the prefix that makes them take all 64 bits of the stack pointer."""
    evil = tree.bytes(KAEM_SEED).replace(bytes.fromhex("488D3424"), bytes.fromhex("8D342490"))
    tree.plant(KAEM_SEED, evil, KAEM_SOURCES)


@attack("a script goes on when a command of it was killed by a signal", ["kaem-optional-seed", "riscv64/artifact/kaem-0"],
        arch="riscv64")
def kaem_goes_on_after_a_crash(tree):
    """riscv64's kaem-minimal, in seed and sources alike, does not look at what became of a command."""
    seed = "bootstrap-seeds/POSIX/riscv64/kaem-optional-seed"
    tree.patch_bytes(seed, bytes.fromhex("639C0200"), bytes.fromhex("13000000"))
    for source in ("riscv64/kaem-minimal.hex0", "bootstrap-seeds/POSIX/riscv64/kaem-minimal.hex0"):
        tree.replace(source, "63 9C 02 00", "13 00 00 00")

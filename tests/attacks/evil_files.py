# SPDX-FileCopyrightText: 2026 The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Trees whose files are not what a copy of them would be: links, names for one file, texts that hide.
import gzip
import os

from amd64_code import Code, at_start
from attack import attack


@attack("amd64.answers becomes what catm writes", ["amd64.answers", "AMD64/artifact/log"])
def hard_link_to_the_answers(tree):
    """A second name of the list of answers among the products: a step that writes there changes the list."""
    os.link(tree.path("amd64.answers"), tree.path("AMD64/artifact/log"))
    tree.write("AMD64/Development/part", tree.bytes("amd64.answers").decode().splitlines()[0] + "\n")
    script = "AMD64/mescc-tools-mini-kaem.kaem"
    tree.write(script, tree.bytes(script).decode() + "./AMD64/artifact/catm ./AMD64/artifact/log ./AMD64/Development/part\n")


@attack("the seed becomes what catm writes", ["hex0-seed", "AMD64/artifact/log"])
def link_to_a_seed(tree):
    """A link among the products leads to a seed."""
    os.symlink("../../bootstrap-seeds/POSIX/AMD64/hex0-seed", tree.path("AMD64/artifact/log"))
    tree.after("./AMD64/bin/catm ./AMD64/artifact/log ./AMD64/artifact/README")


@attack("a source is read from outside of the tree", ["M2-Planet/cc_macro.c", "link"])
def source_outside_of_the_tree(tree):
    """A source is a link to a file beside the tree: another tree has another file there."""
    outside = os.path.join(os.path.dirname(tree.root), "assay-attack-source.c")
    os.rename(tree.path("M2-Planet/cc_macro.c"), outside)
    os.symlink(outside, tree.path("M2-Planet/cc_macro.c"))


@attack("the last script is read from outside of the tree", ["after.kaem", "link"])
def script_outside_of_the_tree(tree):
    """after.kaem is a link to a file beside the tree."""
    outside = os.path.join(os.path.dirname(tree.root), "assay-attack-after.kaem")
    os.rename(tree.path("after.kaem"), outside)
    os.symlink("../assay-attack-after.kaem", tree.path("after.kaem"))


@attack("AMD64/artifact/M2 has mode 4755", ["AMD64/artifact/M2"])
def products_lie_there_already(tree):
    """An old product lies in the tree with other rights, which the tools keep."""
    tree.write("AMD64/artifact/M2", b"old", 0o4755)
    os.chmod(tree.path("AMD64/artifact/M2"), 0o4755)


@attack("the product is written to the host, not to the tree", ["AMD64/artifact", "link"])
def product_outside_of_the_tree(tree):
    """The folder of products is a link to one beside the tree."""
    outside = os.path.join(os.path.dirname(tree.root), "assay-attack-products")
    os.rename(tree.path("AMD64/artifact"), outside)
    os.symlink(outside, tree.path("AMD64/artifact"))


@attack("the program is another one than a reader of the source sees", ["hex1_riscv64.hex0"], arch="riscv64",
        told=True)
def code_behind_a_carriage_return(tree):
    """riscv's hex0 ends comments at a carriage return: an instruction stands in a comment."""
    source = "riscv64/hex1_riscv64.hex0"
    tree.write(source, tree.bytes(source) + b"# nothing here \r13 00 00 00\n")


@attack("the program is another one than a reader of the source sees", ["AMD64/digits.hex0"], told=True)
def digits_that_are_none(tree):
    """AMD64's hex0 takes G for a digit of value 16; others ignore it."""
    tree.write("AMD64/digits.hex0", "41 G\nG 42\n")
    tree.after("./AMD64/artifact/hex0 ./AMD64/digits.hex0 ./AMD64/artifact/digits")


@attack("a compiled text differs from what is shown", ["M2-Planet/cc.c", "bidirectional"], told=True)
def source_turned_round(tree):
    """Bidirectional control characters in a C source show code as a comment."""
    text = tree.bytes("M2-Planet/cc.c").decode()
    head = text.index("int main(")
    tree.write("M2-Planet/cc.c", text[:head] + "/* \u202e } \u2066 begin \u2069 */\n" + text[head:])


HELPER = Code().call(60, 0)


def run_made(tree, *commands):
    tree.after(*commands, "./AMD64/bin/chmod 755 ./AMD64/artifact/helper", "./AMD64/artifact/helper")


@attack("a binary that nobody can read is run", ["program-of-opaque-file"])
def program_in_halves(tree):
    """catm joins two files that are no text, and no program either, to a program."""
    program = at_start(tree.bytes("bootstrap-seeds/POSIX/AMD64/hex0-seed"), HELPER)
    tree.write("x/one.txt", program[:4])
    tree.write("x/two.txt", program[4:])
    run_made(tree, "./AMD64/bin/catm ./AMD64/artifact/helper ./x/one.txt ./x/two.txt")


@attack("a binary that nobody can read is run", ["program-of-opaque-file"])
def program_from_an_archive(tree):
    """ungz unpacks a program."""
    tree.write("x/notes.gz", gzip.compress(at_start(tree.bytes("bootstrap-seeds/POSIX/AMD64/hex0-seed"), HELPER), mtime=0))
    run_made(tree, "./AMD64/bin/ungz --file ./x/notes.gz --output ./AMD64/artifact/helper")

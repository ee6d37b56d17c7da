# SPDX-FileCopyrightText: 2026 The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Scripts that do not run what they seem to run, so that an evil source is never measured by the answers.
import os

from attack import attack
from evil_programs import at_main

RUN = "AMD64/kaem.run"
CHECK = "./${ARCH_DIR}/bin/sha256sum -c ${ARCH}.answers"
NATIVELY = "AMD64/bin/cp is not as the answers say, and the bootstrap ends with 0"


def evil_cp(tree):
    """cp marks all that it copies: the answers tell, where they are asked."""
    at_main(tree, "mescc-tools-extra/cp.c", 'fputs("evil\\n", stdout);', "")


@attack(NATIVELY, ["kaem-last-line-dropped", "kaem.run", "answers"])
def check_without_a_newline(tree):
    """The check of the answers is the last line and has no newline: kaem drops it."""
    evil_cp(tree)
    text = tree.bytes(RUN).decode()
    tree.write(RUN, text[:text.index(CHECK)] + CHECK)


@attack(NATIVELY, ["kaem-command-dropped", "kaem.run", "answers"])
def check_with_two_blanks(tree):
    """Two blanks end the line of the check: kaem drops it."""
    evil_cp(tree)
    tree.replace(RUN, CHECK + "\n", CHECK + "  \n")


@attack(NATIVELY, ["kaem.run", "carriage-return", "answers"])
def check_behind_a_carriage_return(tree):
    """A terminal shows the check, but it stands behind a carriage return in a comment."""
    evil_cp(tree)
    tree.replace(RUN, CHECK + "\n", "# answers:\r" + CHECK + "\n")


@attack(NATIVELY, ["kaem.run", "bidirectional", "answers"])
def check_turned_round(tree):
    """A comment with bidirectional control characters looks like the check."""
    evil_cp(tree)
    tree.replace(RUN, CHECK + "\n", "# \u202e\u2066" + CHECK + "\u2069 \u2066\n")


@attack(NATIVELY, ["kaem-after-exec", "kaem.run", "answers"])
def check_after_exec(tree):
    """The check stands behind exec: nothing runs it."""
    evil_cp(tree)
    text = tree.bytes(RUN).decode().replace(CHECK + "\n", "")
    tree.write(RUN, text + CHECK + "\n")


@attack(NATIVELY, ["kaem.run", "answers", "sha256sum"])
def check_in_a_branch(tree):
    """The check stands in a branch that is never taken."""
    evil_cp(tree)
    tree.replace(RUN, CHECK + "\n", f"if ./AMD64/bin/match x y\nthen\n{CHECK}\nfi\n")


@attack(NATIVELY, ["kaem.run", "kaem-assignment-with-command", "answers"])
def check_behind_an_assignment(tree):
    """The check stands behind an assignment on its line: kaem drops it."""
    evil_cp(tree)
    tree.replace(RUN, CHECK + "\n", f"LANG=C {CHECK}\n")


@attack(NATIVELY, ["answers", "strict"])
def check_that_may_fail(tree):
    """kaem goes on after a failed check because it is told to."""
    evil_cp(tree)
    tree.replace("kaem.amd64", "--strict --file", "--non-strict --file")


@attack(NATIVELY, ["answers"])
def answers_of_another_file(tree):
    """The check is of a list beside the real one, which holds one harmless line."""
    evil_cp(tree)
    row = [line for line in tree.bytes("amd64.answers").decode().splitlines() if line.endswith("/catm")]
    tree.write("AMD64/checked.answers", row[0] + "\n")
    tree.replace(RUN, CHECK, "./${ARCH_DIR}/bin/sha256sum -c AMD64/checked.answers")


@attack("wrap is a copy of the answers where HOME is set", ["after.kaem", "HOME", "AMD64/bin/wrap"])
def environment_decides(tree):
    """The last script copies over a program if a variable of the user is set."""
    tree.after("if ./AMD64/bin/match ${HOME:-none} none", "then", "echo honest", "else",
               "./AMD64/bin/cp amd64.answers ./AMD64/bin/wrap", "fi")


@attack("cp is another program than the answers say when all is over", ["after.kaem", "AMD64/bin/cp"])
def product_written_again(tree):
    """The last script copies another program over a product that the answers have just confirmed."""
    tree.after("./AMD64/bin/cp ./AMD64/bin/chmod ./AMD64/bin/cp-new", "./AMD64/bin/rm ./AMD64/bin/cp",
               "./AMD64/bin/catm ./AMD64/bin/cp ./AMD64/bin/chmod")


@attack("M2-Planet/cc.c is another text when all is over", ["after.kaem", "M2-Planet/cc.c"])
def source_written_after_use(tree):
    """The last script replaces a source by an innocent text: what was compiled can no longer be read."""
    tree.write("AMD64/Development/innocent.c", "/* nothing to see */\n")
    tree.after("./AMD64/bin/cp ./AMD64/Development/innocent.c ./M2-Planet/cc.c")


@attack("the next script is another one than the one that lies there", ["kaem.run", "chain-output-overwrites-source"])
def script_made_by_a_step(tree):
    """catm writes the script of the next phase over the one that everybody reads."""
    evil_cp(tree)
    tree.write("AMD64/Development/part", tree.bytes(RUN).decode().replace(CHECK + "\n", ""))
    script = "AMD64/mescc-tools-mini-kaem.kaem"
    tree.write(script, tree.bytes(script).decode() + f"./AMD64/artifact/catm ./{RUN} ./AMD64/Development/part\n")


@attack("kaem reads other commands than those it began with", ["mescc-tools-mini-kaem.kaem"])
def script_that_grows(tree):
    """catm appends to the script that is being read by way of a link with a harmless name."""
    script = "AMD64/mescc-tools-mini-kaem.kaem"
    text = tree.bytes(script).decode()
    tree.write("AMD64/Development/part", text + "./AMD64/artifact/catm ./AMD64/artifact/evil ./AMD64/artifact/README\n")
    os.symlink("../mescc-tools-mini-kaem.kaem", tree.path("AMD64/artifact/log"))
    tree.write(script, text + "./AMD64/artifact/catm ./AMD64/artifact/log ./AMD64/Development/part\n")


@attack("AMD64/bin/wrap has mode 4777", ["after.kaem", "AMD64/bin/wrap"])
def command_behind_blanks(tree):
    """A command stands far to the right of a harmless one, behind a semicolon."""
    tree.after("echo done" + " " * 300 + "; ./AMD64/bin/chmod 4777 ./AMD64/bin/wrap")


@attack(NATIVELY.replace("as the answers say", "what the healthy sources make"), ["answers"], told=True)
def answers_gone(tree):
    """There is no list of answers and no command that checks one."""
    evil_cp(tree)
    tree.remove_line(RUN, "sha256sum -c")
    tree.remove_line("amd64.answers", "AMD64")


@attack("wrap is a copy of the answers where the tree is not the root of all files", ["after.kaem", "begins at the root"])
def named_from_the_root(tree):
    """A script asks a program that is there only where the tree is the root."""
    tree.after("if /AMD64/bin/match x x", "then", "echo honest", "else", "./AMD64/bin/cp amd64.answers AMD64/bin/wrap", "fi")


@attack("cd fails where the tree is not the root of all files", ["after.kaem", "begins at the root"])
def directory_from_the_root(tree):
    """A script goes to a directory that is there only where the tree is the root."""
    tree.after("cd /AMD64", "cd ..", "./AMD64/bin/match x x")

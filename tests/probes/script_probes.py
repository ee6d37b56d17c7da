# SPDX-FileCopyrightText: 2026 The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Probes that are commands of a script: what the bootstrap's own tools do with files in unusual places and states. Each is
# a kind (as in the C files), what lies in the tree before, and commands; {A} is the folder of the architecture, {a} its name.
import os


def text(path, content, mode=0o644):
    def put(root):
        full = os.path.join(root, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "w", encoding="utf-8", newline="") as file:
            file.write(content)
        os.chmod(full, mode)
    return put


def link(path, target):
    def put(root):
        full = os.path.join(root, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        os.symlink(target.replace("{root}", root), full)
    return put


def hard_link(path, source):
    return lambda root: os.link(os.path.join(root, source), os.path.join(root, path))


def folder(path):
    return lambda root: os.makedirs(os.path.join(root, path), exist_ok=True)


HEX0 = "probes/byte.hex0"
BYTE = text(HEX0, "41 42\n")
RUNNING = "./{A}/bin/kaem"  # the interpreter of the script itself

SCRIPT_PROBES = {
    "copied_file_is_used": ("same", [BYTE], ["./{A}/bin/cp probes/byte.hex0 probes/out/copy",
                                             "./{A}/artifact/hex0 probes/out/copy probes/out/result"]),
    "copied_program_is_used": ("same", [BYTE], ["./{A}/bin/cp {A}/artifact/hex0 probes/out/hex0", "./{A}/bin/chmod 755 probes/out/hex0",
                                                "./probes/out/hex0 probes/byte.hex0 probes/out/result"]),
    "new_directory_is_used": ("same", [BYTE], ["./{A}/bin/mkdir probes/out/d",
                                               "./{A}/artifact/hex0 probes/byte.hex0 probes/out/d/result"]),
    "new_directories_are_used": ("same", [BYTE], ["./{A}/bin/mkdir -p probes/out/d/e",
                                                  "./{A}/bin/cp probes/byte.hex0 probes/out/d/e/copy",
                                                  "./{A}/artifact/catm probes/out/d/e/result probes/out/d/e/copy"]),
    "removed_file_is_made_again": ("same", [BYTE], ["./{A}/bin/cp probes/byte.hex0 probes/out/copy", "./{A}/bin/rm probes/out/copy",
                                                    "./{A}/artifact/catm probes/out/copy probes/byte.hex0"]),
    "removed_file_is_gone": ("same", [BYTE], ["./{A}/bin/cp probes/byte.hex0 probes/out/copy", "./{A}/bin/rm probes/out/copy"]),
    "rights_are_changed": ("same", [BYTE], ["./{A}/bin/cp probes/byte.hex0 probes/out/copy", "./{A}/bin/chmod 640 probes/out/copy"]),
    "rights_are_taken_and_given": ("same", [BYTE], ["./{A}/artifact/hex0 {A}/hex0_{A}.hex0 probes/out/hex0",
                                                    "./{A}/bin/chmod 0755 probes/out/hex0",
                                                    "./probes/out/hex0 probes/byte.hex0 probes/out/result"]),
    "program_without_rights": ("fails", [BYTE], ["./{A}/bin/cp {A}/artifact/hex0 probes/out/hex0",
                                                 "./probes/out/hex0 probes/byte.hex0 probes/out/result"]),
    "old_output_without_rights": ("fails", [BYTE, text("probes/out/hex0", "old", 0o644)],
                                  ["./{A}/artifact/hex0 {A}/hex0_{A}.hex0 probes/out/hex0",
                                   "./probes/out/hex0 probes/byte.hex0 probes/out/result"]),
    "old_output_is_longer": ("same", [BYTE, text("probes/out/result", "old and long" * 9)],
                             ["./{A}/artifact/hex0 probes/byte.hex0 probes/out/result"]),
    "output_is_a_directory": ("same", [BYTE, folder("probes/out/d")], ["./{A}/artifact/hex0 probes/byte.hex0 probes/out/d"]),
    "copied_into_a_directory": ("same", [BYTE, folder("probes/out/d")], ["./{A}/bin/cp probes/byte.hex0 probes/out/d",
                                                                         "./{A}/artifact/hex0 probes/out/d/byte.hex0 probes/out/result"]),
    "absolute_link_into_the_tree": ("same", [BYTE, link("probes/link.hex0", "{root}/probes/byte.hex0")],
                                    ["./{A}/artifact/hex0 probes/link.hex0 probes/out/result"]),
    "link_to_a_source": ("same", [BYTE, link("probes/link.hex0", "byte.hex0")],
                         ["./{A}/artifact/hex0 probes/link.hex0 probes/out/result"]),
    "link_as_output": ("same", [BYTE, link("probes/out/link", "result")], ["./{A}/artifact/hex0 probes/byte.hex0 probes/out/link"]),
    "hard_link_in_the_tree": ("told", [BYTE, text("probes/out/one", "old"), hard_link("probes/out/two", "probes/out/one")],
                              ["./{A}/artifact/hex0 probes/byte.hex0 probes/out/two"]),
    "output_to_null": ("same", [BYTE], ["./{A}/artifact/hex0 probes/byte.hex0 /dev/null"]),
    "source_is_null": ("same", [], ["./{A}/artifact/hex0 /dev/null probes/out/result"]),
    "running_program_is_written": ("same", [BYTE], ["./{A}/artifact/hex0 probes/byte.hex0 ./{A}/artifact/hex0",
                                                    "./{A}/artifact/hex0 probes/byte.hex0 probes/out/result"]),
    "running_interpreter_is_written": ("same", [BYTE], ["./{A}/artifact/hex0 probes/byte.hex0 " + RUNNING]),
    "joined_over_itself": ("same", [BYTE], ["./{A}/artifact/catm ./{A}/artifact/catm probes/byte.hex0"]),
    "joined_with_itself": ("doubtful", [BYTE, text("probes/out/a", "a\n")],
                           ["./{A}/artifact/catm probes/out/a probes/out/a probes/byte.hex0"]),
    "joined_with_a_missing_file": ("doubtful", [BYTE], ["./{A}/artifact/catm probes/out/a probes/none probes/byte.hex0"]),
    "output_folder_missing": ("doubtful", [BYTE], ["./{A}/artifact/catm probes/none/a probes/byte.hex0"]),
    "failed_command": ("fails", [], ["./{A}/bin/cp probes/none probes/out/copy"]),
    "check_that_fails": ("fails", [text("probes/list", "0" * 64 + "  kaem.amd64\n")], ["./{A}/bin/sha256sum -c probes/list"]),
    "digest_to_a_file": ("same", [BYTE], ["./{A}/bin/sha256sum -o probes/out/digest probes/byte.hex0"]),
    "words_are_compared": ("fails", [], ["./{A}/bin/match one two"]),
    "branch_is_taken": ("same", [BYTE], ["if ./{A}/bin/match one one", "then", "./{A}/bin/cp probes/byte.hex0 probes/out/yes",
                                         "else", "./{A}/bin/cp probes/byte.hex0 probes/out/no", "fi"]),
    "script_starts_a_script": ("same", [BYTE, text("probes/inner.kaem", "./{A}/bin/cp probes/byte.hex0 probes/out/inner\n")],
                               ["./{A}/bin/kaem --file probes/inner.kaem"]),
    "script_made_by_a_step": ("same", [BYTE, text("probes/part", "./{A}/bin/cp probes/byte.hex0 probes/out/made\n")],
                              ["./{A}/artifact/catm probes/out/made.kaem probes/part", "./{A}/bin/kaem --file probes/out/made.kaem"]),
    "long_name_of_a_program": ("fails", [], ["./probes/" + "n" * 300]),
    "long_name_of_a_script": ("fails", [], ["./{A}/bin/kaem --file probes/" + "n" * 300]),
    "name_of_the_machine": ("varies", [], ["./{A}/bin/get_machine"]),
    "words_replaced": ("same", [text("probes/words", "one two one\n")],
                       ["./{A}/bin/replace --file probes/words --output probes/out/words --match-on one --replace-with 1"]),
    "wrapped": ("same", [], ["./{A}/bin/catm probes/out/joined kaem.{a} kaem.{a}"]),
}

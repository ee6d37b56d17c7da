# SPDX-FileCopyrightText: 2026 The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Trees that nobody means harm with: what the check ends with, what it must say, and what it must not blame.
import io
import os
import tarfile

HONEST = {}


def honest(status, says=(), blames=(), long=False):
    def enter(change):
        HONEST[change.__name__.replace("_", "-")] = (change, status, says, blames, long)
        return change
    return enter


@honest(0, long=True)
def remarks_of_a_porter(tree):
    """Comments in scripts and sources."""
    for name, sign in (("AMD64/kaem.run", "#"), ("AMD64/hex1_AMD64.hex0", "#"), ("mescc-tools/Kaem/kaem.c", "//")):
        tree.write(name, f"{sign} ours\n" + tree.bytes(name).decode())


@honest(1, ["chain-script-missing"], ["interpreter-differs"])
def no_last_script(tree):
    """after.kaem is gone: kaem says so, and is right."""
    os.remove(tree.path("after.kaem"))


@honest(1, ["chain-program-not-executable"], ["final-tree-differs"])
def executable_bits_are_lost(tree):
    """As zip and FAT leave it: nothing runs on the one road."""
    for folder, _, names in os.walk(tree.root):
        for name in names:
            os.chmod(os.path.join(folder, name), 0o644)


@honest(0, [], ["program-of-opaque-file"])
def sources_from_an_archive(tree):
    """The last script unpacks a source, and compiles and runs it."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz", format=tarfile.USTAR_FORMAT) as archive:
        member = tarfile.TarInfo("yes.c")
        source = b'#include <stdio.h>\nint main()\n{\n\tfputs("yes\\n", stdout);\n\treturn 0;\n}\n'
        member.size = len(source)
        archive.addfile(member, io.BytesIO(source))
    tree.write("distfiles/yes.tar.gz", packed.getvalue())
    tree.after("./AMD64/bin/ungz --file ./distfiles/yes.tar.gz --output ./AMD64/artifact/yes.tar",
               "./AMD64/bin/untar --file ./AMD64/artifact/yes.tar")
    tree.build_after("./yes.c", "./AMD64/artifact/yes")
    tree.after("./AMD64/artifact/yes")

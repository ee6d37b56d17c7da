#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# own_ports.py BIN [ARCHITECTURE...]: our seeds for architectures that the machine does not have. Each is assembled by our
# assembler with every warning an error, has the size that its text and its header tell, and is what its comments say; in
# qemu-user it does what the reference in BIN does, ends with status 1 where things go wrong, makes itself, and the
# contract of `assay conform` holds. Exits 77 where there is no qemu-user for any of them.
import json
import os
import shutil
import sys
import tempfile

import own_seeds
import own_seeds_cases as cases
from own_seeds import UMASK, Seed, run

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "support"))
from checks import check, finish, read  # pylint: disable=wrong-import-position

PORTS = ["ppc64le", "s390x", "loongarch64", "mips64el", "m68k"]
DIALECT = "AArch64"  # without quirks


class Port(Seed):
    in_machine = False


def check_rung(seed):
    """From its own text it makes itself."""
    shutil.copy(seed.text, os.path.join(seed.directory, "text"))
    done = run([seed.qemu, "./" + seed.tool, "text", "made"], seed.directory)
    made = os.path.join(seed.directory, "made")
    check(done.returncode == 0 and os.path.exists(made) and read(made) == seed.program, f"{seed.name}: it does not make itself")


def check_contract(seed):
    done = run([os.path.join(seed.programs, "assay"), "conform", "--tool", seed.tool, "--dialect", DIALECT, "--command",
                f"{seed.qemu} ./{seed.tool} {{args}}", "--json", "-"], seed.directory)
    check(done.returncode == 0, f"{seed.name}: conform: {done.stderr.decode()[:600]}")
    found = json.loads(done.stdout)
    print(f"{seed.name}: contract {found['contract']['good']}/{found['contract']['all']}, "
          f"failures {found['failures']['good']}/{found['failures']['all']}, told {found['told']['good']}")
    check(found["contract"]["all"] >= 60 and found["told"]["good"] == found["failures"]["all"] >= 5, f"{seed.name}: {found['told']}")


def main():
    programs = os.path.abspath(sys.argv[1])
    os.umask(UMASK)
    tried = 0
    with tempfile.TemporaryDirectory() as scratch:
        for arch in sys.argv[2:] or PORTS:
            for tool in ["hex0"]:
                seed = Port(tool, (arch, DIALECT, "qemu-" + arch), programs, scratch)
                own_seeds.check_size(seed)
                own_seeds.check_comments(seed)
                if shutil.which(seed.qemu) is None:
                    print(f"{seed.name}: skipped: no {seed.qemu} (Debian: qemu-user)")
                    continue
                tried += 1
                check_rung(seed)
                for name, case in cases.good(tool, arch).items():
                    own_seeds.check_good(seed, name, case)
                for name, case in cases.wrong(tool, arch).items():
                    own_seeds.check_run(seed, name, case, 1, case.left)
                check_contract(seed)
    status = finish("own_ports")
    return status if tried or status else 77


if __name__ == "__main__":
    sys.exit(main())

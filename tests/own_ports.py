#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# own_ports.py BIN [ARCHITECTURE...]: our seeds for architectures that the machine does not have: hex0 and kaem-minimal. Each
# is assembled by our assembler with every warning an error, has the size that its text and its header tell, and is what its
# comments say; in qemu-user the contract of `assay conform` holds and every failure is told by a status. hex0 does there
# what the reference in BIN does, ends with status 1 where things go wrong, and makes both programs. Exits 77 where there
# is no qemu-user for any of them. Without ASSAY_LONG_TESTS=1 the first and the last are enough.
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
DIALECTS = {"hex0": "AArch64", "kaem-minimal": "AMD64"}  # without quirks, but for one byte
LEAST = {"hex0": 80, "kaem-minimal": 50}  # cases of the contract


class Port(Seed):
    in_machine = False


def check_rung(seed, hex0):
    """Our hex0 of that architecture makes it."""
    shutil.copy(seed.text, os.path.join(hex0.directory, "text"))
    done = run([seed.qemu, "./hex0", "text", "made"], hex0.directory)
    made = os.path.join(hex0.directory, "made")
    check(done.returncode == 0 and os.path.exists(made) and read(made) == seed.program, f"{seed.name}: {hex0.name} makes something else")


def check_contract(seed):
    done = run([os.path.join(seed.programs, "assay"), "conform", "--tool", seed.tool, "--dialect", DIALECTS[seed.tool], "--command",
                f"{seed.qemu} ./{seed.tool} {{args}}", "--json", "-"], seed.directory)
    check(done.returncode == 0, f"{seed.name}: conform: {done.stderr.decode()[:600]}")
    found = json.loads(done.stdout)
    print(f"{seed.name}: contract {found['contract']['good']}/{found['contract']['all']}, "
          f"failures {found['failures']['good']}/{found['failures']['all']}, told {found['told']['good']}")
    check(found["contract"]["all"] >= LEAST[seed.tool] and found["told"]["good"] == found["failures"]["all"] >= 5, f"{seed.name}: {found['told']}")


def main():
    programs = os.path.abspath(sys.argv[1])
    os.umask(UMASK)
    tried = 0
    with tempfile.TemporaryDirectory() as scratch:
        for arch in sys.argv[2:] or (PORTS if os.environ.get("ASSAY_LONG_TESTS") else PORTS[::4]):
            seeds = {tool: Port(tool, (arch, DIALECTS[tool], "qemu-" + arch), programs, scratch) for tool in DIALECTS}
            for seed in seeds.values():
                own_seeds.check_size(seed)
                own_seeds.check_comments(seed)
                if shutil.which(seed.qemu) is None:
                    print(f"{seed.name}: skipped: no {seed.qemu} (Debian: qemu-user)")
                    continue
                tried += 1
                check_rung(seed, seeds["hex0"])
                check_contract(seed)
                if seed.tool != "hex0":
                    continue  # what kaem starts are programs of this host, in the cases of the contract
                for name, case in cases.good(seed.tool, arch).items():
                    own_seeds.check_good(seed, name, case)
                for name, case in cases.wrong(seed.tool, arch).items():
                    own_seeds.check_run(seed, name, case, 1, case.left)
    status = finish("own_ports")
    return status if tried or status else 77


if __name__ == "__main__":
    sys.exit(main())

# SPDX-FileCopyrightText: 2026 The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What the kernel of this host runs.
import os
import struct
import subprocess
import tempfile

BASE, HEADERS, STATUS = 0x8048000, 52 + 32, 7


def runs_x86():
    """Whether it starts programs of 32-bit x86: not every kernel of x86_64 does. A small one is tried."""
    if os.uname().machine not in ("x86_64", "i686"):
        return False
    code = b"\xb8\1\0\0\0\xbb" + struct.pack("<I", STATUS) + b"\xcd\x80"  # exit(STATUS)
    size = HEADERS + len(code)
    header = struct.pack("<16sHHIIIIIHHHHHH", b"\x7fELF\1\1\1", 2, 3, 1, BASE + HEADERS, 52, 0, 0, 52, 32, 1, 0, 0, 0)
    segment = struct.pack("<8I", 1, 0, BASE, BASE, size, size, 5, 0x1000)
    with tempfile.TemporaryDirectory() as scratch:
        path = os.path.join(scratch, "program")
        with open(path, "wb") as file:
            file.write(header + segment + code)
        os.chmod(path, 0o755)
        try:
            return subprocess.run([path], check=False).returncode == STATUS
        except OSError:
            return False

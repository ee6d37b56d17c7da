# SPDX-FileCopyrightText: 2026 The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Tests that go on behind what fails: each failure is told at once, and all are counted in the end.
failures = []


def check(is_so, what):
    if not is_so:
        failures.append(what)
        print("not ok:", what, flush=True)


def finish(name):
    """The exit status."""
    print(f"{name}: {len(failures)} failures", flush=True)
    return 1 if failures else 0


def read(path):
    with open(path, "rb") as file:
        return file.read()

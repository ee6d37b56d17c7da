#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# nix_backend.py ASSAY: `--backend nix` and `assay matrix` with two builders on this machine, in stores of their own: the
# reports are those of a local run, the work is spread, and neither a builder that is dead or dies, nor a changed store, nor a
# step that is not deterministic becomes a verdict. On the first steps of a stage0-posix tree; ASSAY_LONG_TESTS=1: on all of
# it. Exits 77 where there is no tree, no Nix, or no leave to build.
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "support"))
import trees  # pylint: disable=wrong-import-position

ASSAY = os.path.abspath(sys.argv[1])
LONG = bool(os.environ.get("ASSAY_LONG_TESTS"))
# A program that is not static finds its libraries there; nothing else of the host is seen.
SANDBOX = "sandbox-paths = /lib /lib64 /usr /bin"

DAEMON = """#!/bin/sh
export NIX_CONFIG="{sandbox}
build-users-group =
substituters ="
{before}
exec nix-daemon --store {store} "$@"
"""

# Kills the daemon as soon as its first build has begun, once.
DIES = """if mkdir {store}.died 2>/dev/null; then
  me=$$
  (until ls {store}/nix/store/*.chain.lock >/dev/null 2>&1; do sleep 0.02; done; kill -9 $me) >/dev/null 2>&1 &
fi"""


def skip(why):
    print(f"skipped: {why}")
    sys.exit(trees.SKIPPED)


def expect(holds, what):
    if not holds:
        sys.exit(f"FAILED: {what}")
    print(f"ok: {what.splitlines()[0]}", flush=True)


class World:
    """A store, and builders with stores of their own, in one directory."""

    def __init__(self, top):
        self.top = top
        self.environment = dict(os.environ, NIX_STORE_DIR=f"{top}/store", NIX_STATE_DIR=f"{top}/var", NIX_LOG_DIR=f"{top}/log",
                                NIX_CONF_DIR=f"{top}/etc", XDG_CACHE_HOME=f"{top}/cache")
        self.builders = {}

    def builder(self, name, before="", alive=True):
        path = f"{self.top}/{name}"
        with open(path, "w", encoding="utf-8") as script:
            if alive:
                script.write(DAEMON.format(sandbox=SANDBOX, store=f"{path}.store", before=before.format(store=f"{path}.store")))
            else:
                script.write("#!/bin/sh\nexit 1\n")
        os.chmod(path, 0o755)
        self.builders[name] = path

    def forget(self):
        """Nothing is built and nobody builds."""
        for name in ("store", "var") + tuple(f"{one}.store" for one in self.builders):
            path = f"{self.top}/{name}"
            if os.path.exists(path):
                subprocess.run(["chmod", "-R", "u+w", path], check=True)
                shutil.rmtree(path)
        self.builders = {}

    def run(self, program, *words):
        machines = " ; ".join(f"ssh-ng://localhost?remote-program={path} x86_64-linux - 1 1" for path in self.builders.values())
        config = f"build-users-group =\nsubstituters =\n{SANDBOX}\n"
        config += f"max-jobs = 0\nbuilders = {machines}\n" if self.builders else "max-jobs = 1\nbuilders =\n"
        return subprocess.run([program, *words], env=dict(self.environment, NIX_CONFIG=config), capture_output=True, text=True,
                              stdin=subprocess.DEVNULL, timeout=1200, check=False)

    def built_by(self, name):
        """The records that a builder made."""
        place = f"{self.top}/{name}.store/nix/store"
        names = os.listdir(place) if os.path.isdir(place) else []
        return [one for one in names if one.endswith(".chain")]


def without_times(value):
    if isinstance(value, dict):
        return {key: without_times(one) for key, one in value.items() if key != "seconds"}
    return [without_times(one) for one in value] if isinstance(value, list) else value


def text_without_times(text):
    lines = [line for line in text.splitlines() if not line.startswith(("Time:", "Longest step:"))]
    return [re.sub(r" +(\d+\.\d\d|-)$", "", line) for line in lines]


def make_trees(upstream, top, count):
    """Trees that are not alike, in a comment of a source."""
    made = []
    for number in range(count):
        tree = f"{top}/tree-{number}"
        if LONG:
            shutil.copytree(upstream, tree, symlinks=True)
        else:
            os.mkdir(tree)
            for part in ("riscv64", "bootstrap-seeds", "kaem.riscv64", "riscv64.answers"):
                copy = shutil.copytree if os.path.isdir(f"{upstream}/{part}") else shutil.copy
                copy(f"{upstream}/{part}", f"{tree}/{part}")
            script = f"{tree}/riscv64/mescc-tools-mini-kaem.kaem"
            with open(script, encoding="utf-8") as file:
                lines = file.readlines()
            end = next(at for at, line in enumerate(lines) if "M2-0.c" in line)
            with open(script, "w", encoding="utf-8") as file:
                file.writelines(lines[:end])
        with open(f"{tree}/riscv64/hex1_riscv64.hex0", "a", encoding="utf-8") as file:
            file.write(f"# tree {number}\n")
        made.append(tree)
    return made


def check_reports(world, tree):
    local = world.run(ASSAY, "preflight", tree, "--no-cache", "--json", f"{world.top}/local.json")
    other = world.run(ASSAY, "preflight", tree, "--backend", "nix", "--json", f"{world.top}/nix.json")
    if "Operation not permitted" in other.stderr or "cannot unshare" in other.stderr:
        skip("no leave to build in a root of its own")
    expect(other.returncode == local.returncode, f"the status is the local run's, {local.returncode}\n{other.stderr}")
    with open(f"{world.top}/local.json", encoding="utf-8") as file:
        wanted = without_times(json.load(file))
    with open(f"{world.top}/nix.json", encoding="utf-8") as file:
        expect(without_times(json.load(file)) == wanted, "the JSON report is the local run's, but for times")
    expect(text_without_times(other.stdout) == text_without_times(local.stdout), "so is the text")
    return other


def matrix(world, listed, *words):
    listing = f"{world.top}/list"
    with open(listing, "w", encoding="utf-8") as file:
        file.writelines(f"{os.path.basename(tree)} {tree}\n" for tree in listed)
    run = world.run(ASSAY, "matrix", listing, "--json", "-", *words)
    return run, (json.loads(run.stdout) if run.stdout else None)


def main():
    upstream = trees.healthy_tree()
    if shutil.which("nix-store") is None or shutil.which("nix-daemon") is None:
        skip("no Nix")
    with tempfile.TemporaryDirectory(prefix="assay-nix-") as top:
        world = World(top)
        made = make_trees(upstream, top, 4)
        try:
            run_all(world, made)
        finally:
            world.forget()


def change_byte(path, at):
    os.chmod(path, 0o644)
    with open(path, "r+b") as file:
        file.seek(at)
        byte = file.read(1)[0]
        file.seek(at)
        file.write(bytes([byte ^ 1]))


def run_all(world, made):
    wanted = matrix(world, made, "--no-cache")[1]
    expect(len(wanted["trees"]) == 4 and all(tree["chains"] for tree in wanted["trees"]), "a matrix of four trees, computed here")

    world.builder("one")
    world.builder("two")
    check_reports(world, made[0])
    run, table = matrix(world, made, "--backend", "nix")
    expect(table == wanted, "the matrix by two builders is the local one\n" + run.stderr)
    counts = [len(world.built_by(name)) for name in ("one", "two")]
    expect(min(counts) >= 1 and sum(counts) == sum(len(tree["chains"]) for tree in table["trees"]),
           f"the work was spread: {counts[0]} and {counts[1]}")
    run, table = matrix(world, made, "--backend", "nix")
    expect(table == wanted and "building '" not in run.stderr, "what is in the store is not computed again")
    run, table = matrix(world, made[:1], "--backend", "nix", "--twice")
    expect(table["trees"] == wanted["trees"][:1], "computed two times, it is equal\n" + run.stderr)

    records = [one for one in os.listdir(f"{world.top}/store") if one.endswith(".chain")]
    for record in records:  # some of them are of the second computation
        change_byte(f"{world.top}/store/{record}", 1000)
    run, table = matrix(world, made, "--backend", "nix")
    expect(run.returncode == 2 and "[nix-store-corrupt]" in run.stderr and any(one in run.stderr.splitlines()[-1] for one in records),
           "a changed byte in the store is told, and no verdict given\n" + run.stderr)

    world.forget()
    plan = f"{world.top}/plan.nix"
    with open(plan, "w", encoding="utf-8") as file:
        file.write(world.run(ASSAY, "plan", made[0]).stdout)
    world.run("nix-instantiate", plan)
    for tree in (one for one in os.listdir(f"{world.top}/store") if one.endswith("-tree")):
        change_byte(f"{world.top}/store/{tree}/riscv64/hex0_riscv64.hex0", 0)
    run, table = matrix(world, made[:1], "--backend", "nix")
    expect(run.returncode == 2 and table is None and "[record-of-other-tree]" in run.stderr,
           "a changed source in the store is told, and no verdict given\n" + run.stderr)

    world.forget()
    world.builder("dead", alive=False)
    world.builder("one")
    run, table = matrix(world, made, "--backend", "nix")
    expect(table == wanted, "beside a dead builder the other does all\n" + run.stderr)

    world.forget()
    world.builder("dead", alive=False)
    run, table = matrix(world, made, "--backend", "nix")
    expect(run.returncode == 2 and table is None and "[nix-failed]" in run.stderr, "where all builders are dead there is no verdict")

    world.forget()
    world.builder("dying", before=DIES)
    world.builder("one")
    run, table = matrix(world, made, "--backend", "nix")
    expect(os.path.isdir(f"{world.top}/dying.store.died") and table == wanted, "a builder was killed at its first build, and the table is whole\n" + run.stderr)

    world.forget()
    unsteady = f"{world.top}/unsteady"
    with open(unsteady, "w", encoding="utf-8") as file:
        file.write('#!/bin/sh\n/bin/date +%N > "$6"\n')
    os.chmod(unsteady, 0o755)
    world.builder("one")
    run, table = matrix(world, made[:1], "--backend", "nix", "--program", unsteady, "--twice")
    expect(run.returncode == 2 and table is None and "[nix-not-deterministic]" in run.stderr,
           "what is not the same twice is told\n" + run.stderr)
    run, table = matrix(world, made[:1], "--backend", "nix", "--program", unsteady)
    expect(run.returncode == 2 and table is None and "[record-malformed]" in run.stderr, "what is no record becomes no verdict")


if __name__ == "__main__":
    main()

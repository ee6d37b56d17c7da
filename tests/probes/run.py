#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Small programs whose files depend on what a kernel does: they are built and run by the last script of a stage0-posix tree,
# on this machine and by assay preflight.
#   run.py warm ASSAY DIR                  runs the healthy trees on this machine and checks them; DIR keeps products and results
#   run.py check ASSAY DIR ARCH GROUP [NAME...]
#   run.py check-long ...                  the same with ASSAY_LONG_TESTS=1, else it is skipped
# Kinds of probes: 'same' leaves the same files on every machine; assay must pass with these very files, or be incomplete. What
# 'varies' must never pass, nor be called a fault of the tree. What 'fails' natively must fail. What is 'doubtful' works natively,
# but nobody can have meant it: it may be refused. What is 'told' works natively, and must not pass: each run leaves other bytes, or
# a file changes under a second name.
# Exits 77 where there is no tree, or where the architecture's programs do not run.
import hashlib
import json
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import tempfile

from script_probes import SCRIPT_PROBES

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import trees  # pylint: disable=wrong-import-position

HERE = os.path.dirname(os.path.abspath(__file__))
NAMES = {"AMD64": "amd64", "x86": "x86"}
PASS, FAIL, INCOMPLETE = 0, 1, 2
NATIVE_SECONDS = 120  # no probe takes one
PREFLIGHT_SECONDS = int(os.environ.get("PREFLIGHT_SECONDS", "400"))  # then it hangs


def read_text(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def write_text(path, content):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8", newline="") as file:
        file.write(content)


def probes_of(group):
    """Names and kinds, and the whole C source of a group ('' for scripts)."""
    if group == "scripts":
        return {name: row[0] for name, row in SCRIPT_PROBES.items()}, ""
    source = read_text(os.path.join(HERE, group + ".c"))
    functions = re.findall(r"/\* (same|varies|told|fails|no probe of its own): [^\n]*\*/\nvoid (\w+)\(\)", source)
    calls = "".join(f'\tif(match(argv[1], "{name}")) {name}();\n' for _, name in functions)
    main = f"""
int main(int argc, char** argv, char** envp)
{{
	char* path = calloc(4096, sizeof(char));
	if(NULL == argv[1]) return 40 + argc;
	arguments = argv;
	variables = envp;
	strcat(path, "probes/out/");
	strcat(path, argv[1]);
	out = open_for(path, MADE_EMPTY);
{calls}	return 0;
}}
"""
    return {name: kind for kind, name in functions if kind != "no probe of its own"}, source + main


def fill(command, arch):
    return command.replace("{A}", arch).replace("{a}", NAMES[arch])


def build_commands(arch):
    return [f'PATH="./{arch}/bin"', 'M2LIBC_PATH="./M2libc"', f'TMPDIR="./{arch}/artifact"',
            f"./{arch}/bin/M2-Mesoplanet --operating-system Linux --architecture {NAMES[arch]} -f probes/group.c -o probes/program"]


def prepare(root, arch, group, name, source):
    """What a probe finds in the tree; its commands."""
    shutil.rmtree(os.path.join(root, "probes"), ignore_errors=True)
    os.makedirs(os.path.join(root, "probes", "out"))
    if group != "scripts":
        shutil.copy(os.path.join(HERE, "common.c"), os.path.join(root, "probes"))
        write_text(os.path.join(root, "probes", "group.c"), source)
        return [f"./probes/program {name}"]
    _, puts, commands = SCRIPT_PROBES[name]
    for put in puts:
        put(root)
    for folder, _, files in os.walk(os.path.join(root, "probes")):
        for file in files:
            path = os.path.join(folder, file)
            if not os.path.islink(path) and file.endswith((".kaem", "part")):
                write_text(path, fill(read_text(path), arch))
    return [fill(command, arch) for command in commands]


def state_of(root):
    """Path -> mode and digest, or the target of a link; directories with their mode."""
    found = {}
    for folder, folders, files in os.walk(root):
        for name in folders + files:
            path = os.path.join(folder, name)
            status = os.lstat(path)
            digest = ""
            if os.path.islink(path):
                digest = os.readlink(path)
            elif os.path.isfile(path):
                with open(path, "rb") as file:
                    digest = hashlib.sha256(file.read()).hexdigest()
            found[os.path.relpath(path, root)] = (status.st_mode, digest)
    return found


def run_script(root, arch, commands):
    """As kaem.run would run it behind the bootstrap."""
    setting = [line for line in read_text(os.path.join(root, arch, "kaem.run")).splitlines() if re.match(r"[A-Z0-9_]+=", line)]
    write_text(os.path.join(root, "after.kaem"), "\n".join(commands) + "\n")
    write_text(os.path.join(root, "tail.run"),
               "\n".join(setting + [f"exec ./{arch}/bin/kaem --verbose --strict --file ./after.kaem"]) + "\n")
    with open(os.path.join(root, "printed"), "w+b") as printed:
        started = subprocess.Popen([f"./{arch}/bin/kaem", "--verbose", "--strict", "--file", "./tail.run"], cwd=root, env={},
                                   stdin=subprocess.DEVNULL, stdout=printed, stderr=printed, start_new_session=True)
        try:
            status = started.wait(timeout=NATIVE_SECONDS)
        except subprocess.TimeoutExpired:
            status = "hangs"
            os.killpg(started.pid, signal.SIGKILL)
            started.wait()
        printed.seek(0)
        return status, printed.read().decode(errors="replace")


class Native:
    """The products of a healthy run on this machine, and a program built there."""

    def __init__(self, products, scratch, arch, group, source):
        self.arch, self.base, self.root = arch, os.path.join(scratch, "base"), os.path.join(scratch, "native")
        os.makedirs(self.base)
        for name in ("M2libc", arch, f"kaem.{NAMES[arch]}", "kaem.amd64"):
            copy = shutil.copytree if os.path.isdir(os.path.join(products, name)) else shutil.copy
            copy(os.path.join(products, name), os.path.join(self.base, name))
        self.program = None
        if source:
            prepare(self.base, arch, group, "", source)
            status, printed = run_script(self.base, arch, build_commands(arch))
            assert status == 0, f"{group} cannot be built:\n{printed}"
            with open(os.path.join(self.base, "probes", "program"), "rb") as file:
                self.program = file.read()

    def run(self, group, name, source):
        """The exit status, the paths that changed, path -> what is there now, and what was printed."""
        shutil.rmtree(self.root, ignore_errors=True)
        shutil.copytree(self.base, self.root, symlinks=True)
        commands = prepare(self.root, self.arch, group, name, source)
        if self.program:
            # The variables that the program is built with stay set.
            commands = [line for line in build_commands(self.arch) if re.match(r"\w+=", line)] + commands
            path = os.path.join(self.root, "probes", "program")
            with open(path, "wb") as file:
                file.write(self.program)
            os.chmod(path, 0o750)
        before = state_of(self.root)
        status, printed = run_script(self.root, self.arch, commands)
        after = state_of(self.root)
        changed = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
        return status, changed - {"after.kaem", "tail.run", "printed"}, after, printed


def preflight(assay, root, arch, cache, report):
    return trees.preflight(assay, root, arch, cache, report, PREFLIGHT_SECONDS)


def files_of(report, built):
    """Path -> mode and digest of what the steps of the last scripts wrote; `built`: without the commands that build a program."""
    files = {}
    for chain in report.get("chains", []):
        for step in chain["steps"]:
            of_bootstrap = step["script"].startswith(("AMD64/", "x86/", "kaem.", "mescc-tools-extra"))
            building = built and step["script"].endswith("after.kaem") and step["line"] == len(build_commands("AMD64"))
            if not of_bootstrap and not building:
                files.update({output["path"]: (int(output["mode"], 8), output["sha256"]) for output in step["outputs"]})
    return files


def differences(group, changed, after, files):
    """Lines: what the files of the report are not. Links and directories are no outputs of a step; the report of one step does
    not tell that a later one takes a file or its rights away, so scripts of several commands are held to contents only."""
    lines = []
    for path in sorted(changed | files.keys()):
        now, told = after.get(path), files.get(path)
        if now and not stat.S_ISREG(now[0]):
            continue
        if told is None and now:
            lines.append(f"{path}: natively written")
        elif told and now is None and group != "scripts":
            lines.append(f"{path}: natively not there")
        elif told and now and (told[1] != now[1] or (told[0] != now[0] & 0o7777 and group != "scripts")):
            lines.append(f"{path}: natively {now[0] & 0o7777:04o} {now[1][:12]}, told {told[0]:04o} {told[1][:12]}")
    return lines


def judge(kind, status, native_status, lines):
    """What is wrong with a verdict; empty: nothing."""
    if status not in (PASS, FAIL, INCOMPLETE):
        return f"preflight ends with {status}"
    if kind == "varies":
        return {PASS: "passes though it depends on the machine", FAIL: "is accused"}.get(status, "")
    if (native_status == 0) != (kind != "fails"):
        return f"the probe itself: natively status {native_status}"
    if kind == "told":
        return "passes without a word" if status == PASS else ""
    if kind == "fails":
        return "passes though it fails natively" if status == PASS else ""
    if status == FAIL and kind == "same":
        return "is accused though it works natively"
    return "passes with other files: " + "; ".join(lines) if status == PASS and lines else ""


def warm(assay, folder):
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    tree = trees.healthy_tree()
    for arch, name in NAMES.items():
        products = os.path.join(folder, arch)
        ready = os.environ.get(f"NATIVE_{arch}")  # the products of an earlier run
        if arch == "x86" and not ready and not os.environ.get("ASSAY_LONG_TESTS"):
            print("x86 takes minutes where 32-bit system calls are slow: only with ASSAY_LONG_TESTS=1")
            continue
        shutil.copytree(ready or tree, products, symlinks=True)
        if not ready:
            try:
                subprocess.run([f"./bootstrap-seeds/POSIX/{arch}/kaem-optional-seed"], cwd=products, env={}, check=True,
                               stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
            except (OSError, subprocess.CalledProcessError) as error:
                print(f"{arch} programs do not run here: {error}")
                shutil.rmtree(products)
                continue
        subprocess.run([f"./{arch}/bin/sha256sum", "-c", f"{name}.answers"], cwd=products, check=True, stdout=subprocess.DEVNULL)
        status, _, printed = preflight(assay, tree, arch, os.path.join(folder, "cache"), os.path.join(folder, "report"))
        assert status == PASS, f"the healthy tree does not pass for {arch}:\n{printed}"
    return 0


def check(assay, folder, arch, group, *names):
    if not os.path.exists(os.path.join(folder, arch)):
        print(f"no natively made products for {arch}: see probes.warm")
        return trees.SKIPPED
    kinds, source = probes_of(group)
    wrong = 0
    with tempfile.TemporaryDirectory(prefix="assay-probe-") as scratch:
        native = Native(os.path.join(folder, arch), scratch, arch, group, source)
        root, cache = os.path.join(scratch, "tree"), os.path.join(scratch, "cache")
        shutil.copytree(trees.healthy_tree(), root, symlinks=True)
        shutil.copytree(os.path.join(folder, "cache"), cache)
        for name in names or kinds:
            native_status, changed, after, printed = native.run(group, name, source)
            commands = prepare(root, arch, group, name, source)
            write_text(os.path.join(root, "after.kaem"), "\n".join((build_commands(arch) if source else []) + commands) + "\n")
            status, report, told = preflight(assay, root, arch, cache, os.path.join(scratch, "report"))
            problem = judge(kinds[name], status, native_status, differences(group, changed, after, files_of(report, source)))
            verdict = {PASS: "pass", FAIL: "fail", INCOMPLETE: "incomplete"}.get(status, status)
            print(f"{'WRONG' if problem else 'ok'}: {group}/{name} ({arch}, {kinds[name]}, natively {native_status}): {verdict}"
                  + (f": {problem}" if problem else ""), flush=True)
            if problem:
                wrong += 1
                if os.environ.get("PROBE_DETAILS"):
                    print(printed, told)
                    subprocess.run(["tail", "-n", "30", os.path.join(native.root, "probes", "out", name)], check=False)
    print(f"{len(names or kinds)} probes, {wrong} wrong")
    return 1 if wrong else 0


def main():
    what, rest = sys.argv[1], sys.argv[2:]
    if what == "warm":
        return warm(*rest)
    if what == "check-long" and not os.environ.get("ASSAY_LONG_TESTS"):
        print("only with ASSAY_LONG_TESTS=1")
        return trees.SKIPPED
    return check(*rest)


if __name__ == "__main__":
    sys.exit(main())

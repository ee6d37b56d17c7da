#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# live_bootstrap_image.py ASSAY SCHEMA: the image that live-bootstrap's own generator writes passes the static checks and
# is replayed up to its 19 answers; ours of the same tree passes them too, with the same files. Distfiles are dummies; the
# sources files of the scratch copy list their digests, so that nothing of the generator or of the checks is switched off.
# ASSAY_LONG_TESTS=1: replayed to the end, where the first package refuses its dummy. Exits 77 where there is no tree.
import bz2
import gzip
import hashlib
import json
import lzma
import os
import shutil
import subprocess
import sys
import tempfile
from types import SimpleNamespace

import jsonschema

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "support"))
import trees  # pylint: disable=wrong-import-position


def rewrite_sources(tree, name_of):
    """Makes a dummy of every distfile and lists its digest."""
    os.makedirs(os.path.join(tree, "distfiles"), exist_ok=True)
    for step in os.listdir(os.path.join(tree, "steps")):
        path = os.path.join(tree, "steps", step, "sources")
        if not os.path.exists(path):
            continue
        lines = []
        with open(path, encoding="utf-8") as file:
            for line in file:
                words = line.strip().split(" ")
                digest_at = 3 if words[0] == "g" else 2
                dummy = packed(name_of(words), f"dummy {name_of(words)}\n".encode())
                with open(os.path.join(tree, "distfiles", name_of(words)), "wb") as distfile:
                    distfile.write(dummy)
                words[digest_at] = hashlib.sha256(dummy).hexdigest()
                lines.append(" ".join(words) + "\n")
        with open(path, "w", encoding="utf-8") as file:
            file.writelines(lines)


def packed(name, text):
    """The early tools of the bootstrap unpack what a distfile's name says it is."""
    if name.endswith(("gz", ".tgz")):
        return gzip.compress(text, mtime=0)
    if name.endswith("bz2"):
        return bz2.compress(text)
    return lzma.compress(text) if name.endswith("xz") else text


def name_of(words):
    rest = words[2:] if words[0] == "g" else words[1:]
    return rest[2] if len(rest) > 2 else os.path.basename(rest[0])


def generate(tree, target):
    """What rootfs.py does for --bare-metal, in this process."""
    os.chdir(tree)
    sys.path.insert(0, tree)
    import rootfs  # pylint: disable=import-outside-toplevel,import-error
    args = SimpleNamespace(arch="x86", force_timestamps=False, chroot=False, bwrap=False, update_checksums=False, cores=2,
                           swap=0, internal_ci=None, interactive=False, qemu=False, bare_metal=True, kernel=None, repo=None,
                           external_sources=False, build_kernels=False, configurator=False, mirrors=["http://mirror.invalid"])
    rootfs.create_configuration_file(args)
    rootfs.Generator("x86", False, None, None, args.mirrors).prepare(rootfs.Target(target), kernel_bootstrap=True)


def preflight(assay, validator, image, *options):
    run = subprocess.run([assay, "preflight", image, "--json", "-", *options], stdout=subprocess.PIPE, check=False)
    report = json.loads(run.stdout)
    validator.validate(report)
    return run, report


def check(assay, validator, image, *options):
    run, report = preflight(assay, validator, image, "--level", "static", *options)
    errors = [finding for finding in report["findings"] if finding["severity"] == "error"]
    assert run.returncode == 0 and not errors, errors
    at = 0
    for part in report["image"]["accounting"]["parts"]:
        assert part["offset"] == at, part
        at += part["size"]
    assert at == report["image"]["size"] == os.path.getsize(image), at
    assert report["image"]["accounting"]["bytes"]["unknown"] == 0
    return report


def check_replay(report):
    """The answers, both roads, the peaks."""
    chain = report["chains"][0]
    assert chain["arch"] == "x86" and chain["answers"] == {"ok": 19, "total": 19}, chain["answers"]
    verdicts = [step["verdict"] for step in chain["steps"]]
    assert set(verdicts) <= {"equal", "one-road-only"} and verdicts.count("equal") >= 85, verdicts
    replay = report["image"]["replay"]
    for row in replay["peaks"]:
        assert 0 < row["peak"] < row["limit"], row
    print(f'answers after {replay["answers_seconds"]:.1f} s, {replay["instructions"]} instructions, {replay["peaks"]}')
    return replay


def replay_image(assay, validator, image, tree):
    if os.environ.get("ASSAY_LONG_TESTS"):
        run, report = preflight(assay, validator, image, "--sources", tree)
        replay = check_replay(report)
        assert run.returncode == 1 and report["chains"][0]["verdict"] == "fail"
        assert os.path.basename(replay["stopped_by"]["program"]) == "ungz" and replay["stopped_by"]["status"] == 1, replay
        assert any(finding["id"] == "boot-failed" for finding in report["findings"])
    else:
        run, report = preflight(assay, validator, image, "--sources", tree, "--until", "answers")
        replay = check_replay(report)
        assert replay["stopped_at_answers"] and report["chains"][0]["verdict"] == "pass", report["findings"]
        assert run.returncode == 0


def main():
    assay, schema = (os.path.abspath(path) for path in sys.argv[1:3])
    origin = trees.find_tree("live-bootstrap", "rootfs.py")
    if origin is None:
        print("skipped: no live-bootstrap tree")
        sys.exit(77)
    with open(schema, encoding="utf-8") as file:
        validator = jsonschema.Draft202012Validator(json.load(file))
    with tempfile.TemporaryDirectory() as scratch:
        tree = os.path.join(scratch, "tree")
        shutil.copytree(origin, tree, symlinks=True, ignore=shutil.ignore_patterns(".git"))
        rewrite_sources(tree, name_of)
        generate(tree, os.path.join(scratch, "target"))
        theirs = os.path.join(scratch, "target", "init.img")
        report = check(assay, validator, theirs, "--sources", tree)
        assert report["tree"]["kind"] == "builder-hex0-image"
        assert any(finding["id"] == "lb-unverified-unpack" for finding in report["findings"])
        replay_image(assay, validator, theirs, tree)
        # Ours of the prepared tree holds the same files.
        init = os.path.join(scratch, "target", "init")
        shutil.copytree(os.path.join(tree, "builder-hex0"), os.path.join(init, "builder-hex0"))
        ours = os.path.join(scratch, "ours.img")
        subprocess.run([assay, "image", "build", init, "-o", ours], check=True)
        check(assay, validator, ours, "--sources", tree)
        subprocess.run([assay, "image", "diff", theirs, ours], check=True)
        # One changed byte of the boot sector is found.
        with open(ours, "r+b") as image:
            image.seek(100)
            byte = image.read(1)
            image.seek(100)
            image.write(bytes([byte[0] ^ 1]))
        run = subprocess.run([assay, "preflight", ours, "--sources", tree, "--quiet", "--json", "-"], stdout=subprocess.PIPE, check=False)
        assert run.returncode == 1 and b"image-boot-sector-differs" in run.stdout


main()

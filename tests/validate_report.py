#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# validate_report.py ASSAY SCHEMA [TREE ARCH]: the JSON report must be what its schema says.
# With a tree only the first steps are run: the report of a failing tree is checked too.
import json
import os
import subprocess
import sys
import tempfile

import jsonschema


def report(assay, *arguments):
    run = subprocess.run([assay, "preflight", "--json", "-", *arguments], stdout=subprocess.PIPE, check=False)
    return run.returncode, json.loads(run.stdout)


def small_tree(folder):
    """A tree whose image a builder-hex0 kernel would load; its program is four bytes of nothing."""
    stage1 = "33 C0" + " 00" * 438 + " 12 34 56 78 00 00 80 00 02 00 B5 FF FF FF 01 00 00 00 FF FF FF FF" + " 00" * 48 + " 55 AA"
    files = {"builder-hex0/builder-hex0-x86-stage1.hex0": stage1 + "\n",
             "builder-hex0/builder-hex0-x86-stage2.hex0": "C7 05 00 00 00 01 02 00 00 00\n",
             "x86/hex0_x86.hex0": "7F 45 4C 46 00 00\n", "x86/kaem-minimal.hex0": "7F 45 4C 46 00 00\n", "kaem.x86": "text\n"}
    for path, text in files.items():
        os.makedirs(os.path.dirname(os.path.join(folder, path)), exist_ok=True)
        with open(os.path.join(folder, path), "w", encoding="ascii") as file:
            file.write(text)


def check_image(assay, validator):
    with tempfile.TemporaryDirectory() as scratch:
        small_tree(scratch)
        image = os.path.join(scratch, "image")
        subprocess.run([assay, "image", "build", scratch, "-o", image], check=True)
        status, document = report(assay, image, "--level", "static")
        validator.validate(document)
        assert status == 0 and "replay" not in document["image"], document["findings"]
        status, document = report(assay, image)
        validator.validate(document)
        assert status == 1 and document["image"]["replay"]["stop"] == "bad-program", document["image"]["replay"]
        del document["image"]["replay"]["peaks"][0]["limit"]
        assert not validator.is_valid(document)
        for options in (["--road", "reference"], [os.path.join(scratch, "none")]):
            run = subprocess.run([assay, "preflight", image, *options], capture_output=True, check=False)
            assert run.returncode == 2, options


def main():
    assay, schema_path = sys.argv[1:3]
    with open(schema_path, encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    status, document = report(assay)
    validator.validate(document)
    assert status == 0 and document["chains"][0]["verdict"] == "pass", document
    status, document = report(assay, "--road", "reference")
    validator.validate(document)
    # A validator that accepts anything would not be worth the name.
    broken = json.loads(json.dumps(document))
    del broken["chains"][0]["steps"][0]["outputs"][0]["mode"]
    assert not validator.is_valid(broken)
    check_image(assay, validator)


if __name__ == "__main__":
    main()

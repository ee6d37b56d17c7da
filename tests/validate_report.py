#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# validate_report.py ASSAY SCHEMA [TREE ARCH]: the JSON report must be what its schema says.
# With a tree only the first steps are run: the report of a failing tree is checked too.
import json
import subprocess
import sys

import jsonschema


def report(assay, *arguments):
    run = subprocess.run([assay, "preflight", "--json", "-", *arguments], stdout=subprocess.PIPE, check=False)
    return run.returncode, json.loads(run.stdout)


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


main()

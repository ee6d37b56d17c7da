#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""report_formats.py ASSAY SCHEMA: real reports in every format against what the formats ask for.

Of the tree inside assay, of an image, of what is no tree, and, where there is one, of a stage0-posix tree with a fault.
"""
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

import jsonschema

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "support"))
import trees  # pylint: disable=wrong-import-position
from validate_report import small_tree  # pylint: disable=wrong-import-position

FORMATS = ("json", "sarif", "junit", "in-toto", "dot", "html")


class Reports:
    """All formats of one run."""

    def __init__(self, assay, folder, *arguments):
        self.folder = folder
        paths = {name: os.path.join(folder, name) for name in FORMATS}
        options = [word for name, path in paths.items() for word in ("--" + name, path)]
        self.artifacts = os.path.join(folder, "artifacts")
        run = subprocess.run([assay, "preflight", "--artifacts", self.artifacts, *options, *arguments],
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        self.status, self.printed = run.returncode, run.stdout + run.stderr
        self.text = {}
        for name, path in paths.items():
            with open(path, encoding="utf-8") as file:
                self.text[name] = file.read()
        self.json = json.loads(self.text["json"])

    def bad_steps(self):
        return [step for chain in self.json["chains"] for step in chain["steps"] if step["verdict"] in ("differ", "failed")]


def check_sarif(text):
    """The properties that SARIF 2.1.0 requires, and what code scanning asks for besides; the results."""
    log = json.loads(text)
    assert log["version"] == "2.1.0" and log["$schema"].endswith("sarif-2.1.0.json")
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    assert driver["name"] == "assay"
    ids = [rule["id"] for rule in driver["rules"]]
    assert len(ids) == len(set(ids))
    for rule in driver["rules"]:
        assert rule["shortDescription"]["text"] and rule["help"]["text"] != rule["id"], rule
        assert rule["defaultConfiguration"]["level"] in ("note", "warning", "error")
    assert isinstance(run["invocations"][0]["executionSuccessful"], bool)
    for result in run["results"]:
        assert ids[result["ruleIndex"]] == result["ruleId"]
        assert result["message"]["text"] and result["level"] in ("note", "warning", "error")
        for location in result.get("locations", []):
            place = location["physicalLocation"]
            assert place["artifactLocation"]["uriBaseId"] in run["originalUriBaseIds"]
            uri = place["artifactLocation"]["uri"]
            assert uri and not uri.startswith("/") and all(c.isalnum() or c in "/._-~%" for c in uri), uri
            assert all(number >= 1 for number in place.get("region", {}).values())
    return run["results"]


def check_junit(reports):
    root = xml.etree.ElementTree.fromstring(reports.text["junit"])
    if shutil.which("xmllint"):
        subprocess.run(["xmllint", "--noout", os.path.join(reports.folder, "junit")], check=True)
    assert root.tag == "testsuites"
    for suite in [root, *root]:
        cases = suite.findall(".//testcase")
        assert int(suite.get("tests")) == len(cases)
        for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert int(suite.get(attribute)) == len(suite.findall(".//" + tag)), attribute
    for case in root.iter("testcase"):
        assert case.get("name") and case.get("classname") and float(case.get("time")) >= 0
        order = [["skipped", "error", "failure", "system-out", "system-err"].index(child.tag) for child in case]
        assert order == sorted(order)
    red = int(root.get("failures")) + int(root.get("errors"))
    assert (red == 0) == (reports.json["verdict"] == "pass")


def check_in_toto(reports):
    products = set()
    for line in reports.text["in-toto"].splitlines():
        statement = json.loads(line)
        assert statement["_type"] == "https://in-toto.io/Statement/v1"
        assert statement["subject"]
        for subject in statement["subject"]:
            assert subject["name"] and len(subject["digest"]["sha256"]) == 64
        predicate = statement["predicate"]
        if statement["predicateType"] == "urn:assay:tree:v1":
            assert set(predicate["seeds"]) <= set(predicate["binaries"])
            continue
        assert statement["predicateType"] == "https://slsa.dev/provenance/v1"
        definition = predicate["buildDefinition"]
        assert definition["buildType"] and definition["externalParameters"]["argv"]
        for material in definition["resolvedDependencies"]:
            assert material["name"] and len(material["digest"]["sha256"]) == 64
        assert predicate["runDetails"]["builder"]["id"]
        products.update((subject["name"], subject["digest"]["sha256"]) for subject in statement["subject"])
    # Every product that is agreed on, and no other.
    wanted = {(output["path"], output["sha256"]) for chain in reports.json["chains"] for step in chain["steps"]
              if step["verdict"] in ("equal", "one-road-only") and step["part_of"] is None for output in step["outputs"]}
    assert products == wanted


def check_dot(reports):
    if shutil.which("dot"):
        run = subprocess.run(["dot", "-Tsvg", os.path.join(reports.folder, "dot")], capture_output=True, check=True)
        assert run.stdout.rstrip().endswith(b"</svg>") and not run.stderr, run.stderr


def check_artifacts(reports):
    found = set()
    for root, _, names in os.walk(reports.artifacts):
        found.update(os.path.relpath(os.path.join(root, name), reports.artifacts) for name in names)
    listed = reports.json["artifacts"]
    assert found == {artifact["name"] for artifact in listed}
    for artifact in listed:
        with open(os.path.join(reports.artifacts, artifact["name"]), "rb") as file:
            content = file.read()
        assert hashlib.sha256(content).hexdigest() == artifact["sha256"] and len(content) == artifact["size"]


def check(reports, validator):
    validator.validate(reports.json)
    assert len(check_sarif(reports.text["sarif"])) == len(reports.json["findings"]) + len(reports.bad_steps())
    check_junit(reports)
    check_in_toto(reports)
    check_dot(reports)
    check_artifacts(reports)
    assert reports.text["html"].startswith("<!doctype html>") and reports.text["html"].endswith("</html>\n")
    assert "http://" not in reports.text["html"].replace("http://www.w3.org/2000/svg", "")


def check_fault(assay, validator, healthy, scratch):
    """A wrong byte in a seed: the roads part in the first step, and both versions of what differs are kept."""
    tree = shutil.copytree(healthy, os.path.join(scratch, "tree"), symlinks=True, ignore=shutil.ignore_patterns(".git"))
    replaced = os.path.join(tree, "mescc-tools/blood-elf.c")
    with open(replaced, encoding="utf-8") as file:
        text = file.read()
    assert "return EXIT_SUCCESS;" in text
    with open(replaced, "w", encoding="utf-8") as file:
        file.write(text.replace("return EXIT_SUCCESS;", "return EXIT_SUCCESS", 1))
    folder = os.path.join(scratch, "fault")
    os.mkdir(folder)
    reports = Reports(assay, folder, tree, "--arch", "AMD64", "--cache", os.path.join(scratch, "cache"))
    check(reports, validator)
    assert reports.status == 1 and reports.bad_steps()
    step = reports.bad_steps()[0]
    assert step["failure"]["standard_error"] or step["failure"]["standard_output"]
    kinds = {artifact["what"] for artifact in reports.json["artifacts"]}
    assert {"seed-road", "input", "cited"} <= kinds and kinds & {"standard-output", "standard-error"}, kinds
    paths = {artifact.get("path") for artifact in reports.json["artifacts"]}
    assert "mescc-tools/blood-elf.c" in paths
    run = subprocess.run([assay, "preflight", tree, "--artifacts", os.path.join(tree, "x")], capture_output=True, check=False)
    assert run.returncode == 2 and b"[artifacts-in-tree]" in run.stderr, run.stderr
    assert not os.path.exists(os.path.join(tree, "x"))


def check_audit(assay, scratch):
    """An audit as SARIF: what is accepted is in it, suppressed."""
    tree = os.path.join(scratch, "audited")
    os.mkdir(tree)
    for name in ("configure", "sub#1"):
        with open(os.path.join(tree, name), "w", encoding="ascii") as file:
            file.write("#! /bin/sh\n# Generated by GNU Autoconf 2.69.\n")
    accepted = os.path.join(scratch, "accepted")
    with open(accepted, "w", encoding="ascii") as file:
        file.write("- sub#1 autoconf-configure a test of ours\n")
    log = os.path.join(scratch, "audit.sarif")
    run = subprocess.run([assay, "audit", tree, "--accept", accepted, "--sarif", log], capture_output=True, check=False)
    assert run.returncode == 1, run
    with open(log, encoding="utf-8") as file:
        results = check_sarif(file.read())
    assert [result["ruleId"] for result in results] == ["audit-not-source"] * 2, results
    assert "suppressions" not in results[0]
    assert results[1]["suppressions"] == [{"kind": "external", "justification": "a test of ours"}]
    assert all("baselineState" not in result for result in results)
    check_audit_beside_an_earlier_one(assay, scratch, tree)


def check_audit_beside_an_earlier_one(assay, scratch, tree):
    """What the baseline has is suppressed and unchanged, remarks too; the rest is new."""
    with open(os.path.join(tree, "get.sh"), "w", encoding="ascii") as file:
        file.write("#!/bin/sh\ncd x && wget https://example.org/a\n")
    baseline = os.path.join(scratch, "baseline.json")
    audit = [assay, "audit", tree, "--level", "note"]
    first = subprocess.run([*audit, "--json", baseline], capture_output=True, check=False)
    assert first.returncode == 1 and b"audit-download" in first.stdout, first
    same = subprocess.run([*audit, "--baseline", baseline, "--fail-on", "warning"], capture_output=True, check=False)
    assert same.returncode == 0 and b"audit-download" not in same.stdout, same

    with open(os.path.join(tree, "added"), "w", encoding="ascii") as file:
        file.write("#! /bin/sh\n# Generated by GNU Autoconf 2.69.\n")
    log = os.path.join(scratch, "beside.sarif")
    run = subprocess.run([*audit, "--baseline", baseline, "--sarif", log], capture_output=True, check=False)
    assert run.returncode == 1, run
    with open(log, encoding="utf-8") as file:
        results = check_sarif(file.read())
    states = {result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]: result["baselineState"] for result in results}
    assert states["added"] == "new" and states["sub%231"] == "unchanged", states
    (download,) = [result for result in results if result["ruleId"] == "audit-download"]
    assert download["baselineState"] == "unchanged" and download["suppressions"], download


def check_image_diff(assay, image):
    """Of two images with the same files the part that differs is named."""
    with open(image, "rb") as file:
        content = bytearray(file.read())
    content[-1] ^= 0x41
    with open(image + "-changed", "wb") as file:
        file.write(content)
    run = subprocess.run([assay, "diff", image, image + "-changed"], capture_output=True, check=False)
    wanted = f"byte {len(content) - 1:#x} of {len(content)} and {len(content)} bytes, in 'behind the stream' (zero-fill): 00 and 41\n"
    assert run.returncode == 1 and run.stdout.decode().endswith(wanted), run


def check_refusals(assay, scratch):
    """What cannot be written is said before anything runs."""
    def refused(word, *options):
        run = subprocess.run([assay, "preflight", *options], capture_output=True, check=False)
        assert run.returncode == 2 and word in run.stderr and run.stdout == b"", (options, run)
    refused(b"[file-unwritable]", "--json", os.path.join(scratch, "none/report"))
    refused(b"[reports-share-a-file]", "--json", "-", "--sarif", "-")
    full = os.path.join(scratch, "full")
    os.mkdir(full)
    with open(os.path.join(full, "file"), "w", encoding="ascii"):
        refused(b"[extract-target]", "--artifacts", full)


def main():
    assay, schema_path = sys.argv[1:3]
    with open(schema_path, encoding="utf-8") as file:
        validator = jsonschema.Draft202012Validator(json.load(file))
    with tempfile.TemporaryDirectory() as scratch:
        def folder(name):
            path = os.path.join(scratch, name)
            os.mkdir(path)
            return path
        reports = Reports(assay, folder("inside"))
        check(reports, validator)
        assert reports.status == 0, reports.printed
        small_tree(folder("sources"))
        image = os.path.join(scratch, "image")
        subprocess.run([assay, "image", "build", os.path.join(scratch, "sources"), "-o", image], check=True)
        reports = Reports(assay, folder("image-reports"), image)
        check(reports, validator)
        assert reports.status == 1 and reports.json["image"]["replay"]
        check_image_diff(assay, image)
        reports = Reports(assay, folder("nothing"), os.path.join(scratch, "no-such-tree"))
        check(reports, validator)
        assert reports.status == 2 and reports.json["verdict"] == "nothing-checked"
        check_audit(assay, scratch)
        check_refusals(assay, scratch)
        healthy = trees.find_tree("stage0-posix", "kaem.amd64")
        if healthy:
            check_fault(assay, validator, healthy, scratch)
        else:
            print("no tree stage0-posix below ASSAY_TREES or ~/.cache/assay: faults are not tried")


main()

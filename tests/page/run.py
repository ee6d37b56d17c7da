#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of assay preflight --html in a real browser: run.py ASSAY [SCREENSHOTS]

On real reports, one that passes, one in which the roads part, one that fails, and one of a tree that wants to run its own
script in the page. With SCREENSHOTS pictures are left in that directory. Exits 77 where there is no chromium or no tree.
"""
import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import trees  # pylint: disable=wrong-import-position
from browser import CHROMIUM, Browser  # pylint: disable=wrong-import-position

MOST_BYTES = 15_000_000  # an architecture
HOSTILE = "<img src=x onerror=\"window.owned=1\"></script><script>window.owned=1</script>"


class Page:
    """The page of one tree, open in the browser."""

    def __init__(self, browser, assay, tree, cache, name, arch="AMD64"):
        self.browser = browser
        self.name = name
        self.path = os.path.join(cache, name + ".html")
        self.run = subprocess.run([assay, "preflight", tree, "--arch", arch, "--cache", cache, "--html", self.path],
                                  capture_output=True, check=False)
        size = os.path.getsize(self.path)
        assert size < MOST_BYTES, size
        self.seconds = browser.open(self.path)
        print(f"{name}: exit {self.run.returncode}, {size} bytes, shown after {self.seconds:.2f} s", flush=True)

    def value(self, expression):
        return self.browser.value(expression)

    def click(self, words, within="button"):
        """The first button whose text has the words."""
        found = self.value(f"""(() => {{
            const all = [...document.querySelectorAll({within!r})];
            const one = all.find((button) => button.textContent.includes({words!r}));
            if (one) one.click();
            return Boolean(one); }})()""")
        assert found, f"{self.name}: no {within} with '{words}'"

    def choose_byte(self, offset):
        self.value(f"""(() => {{
            const form = document.querySelector('.view form');
            form.querySelector('input').value = '{offset}';
            form.requestSubmit(); }})()""")
        self.browser.wait("document.querySelector('.trail li.now') !== null")

    def trail(self):
        return self.value("[...document.querySelectorAll('.trail li')].map((item) => item.textContent)")

    def lit_line(self):
        """Its number."""
        self.browser.wait("document.querySelector('.line.lit .at') !== null")
        return self.value("document.querySelector('.line.lit .at').textContent")

    def is_quiet(self):
        """The page fetched nothing, and nothing of it failed."""
        assert not self.browser.asked_for(), self.browser.asked_for()
        assert not self.browser.said(), self.browser.said()
        assert not self.value("'owned' in window")


def check_passing(page):
    assert page.run.returncode == 0
    assert page.value("document.querySelector('.stamp').textContent") == "PASS"
    steps = page.value("document.querySelectorAll('.row').length")
    assert steps > 100, steps
    # A byte of a program that an assembler made: the whole way to the line, and that line is lit.
    page.click("AMD64/artifact/hex0", ".row")
    page.click("AMD64/artifact/hex0", "section .link")
    page.browser.wait("document.querySelector('.byte') !== null")
    page.choose_byte("0x78")
    assert f"hex0_AMD64.hex0:{page.lit_line()} " in page.trail()[-1], (page.lit_line(), page.trail())
    # Of one that a compiler made: to the line of C.
    page.click("AMD64/bin/M2-Planet", ".row")
    page.click("AMD64/bin/M2-Planet", "section td .link")
    page.browser.wait("document.querySelectorAll('.byte').length > 100")
    page.choose_byte("0x4000")
    assert ".c:" in page.trail()[-1], page.trail()
    before = page.value("document.querySelector('.bar .mono').textContent")
    page.value("document.querySelector('.scroll').focus()")
    page.browser.press("ArrowRight")
    page.browser.wait(f"document.querySelector('.bar .mono').textContent !== {before!r}")
    # Steps by keyboard.
    page.value("document.querySelector('.row[tabindex=\"0\"]').focus()")
    page.browser.press("Home")
    page.browser.wait("document.querySelector('.row[aria-selected=true] .role').textContent === 'seed'")
    page.is_quiet()


def check_parted(page):
    assert page.run.returncode == 1
    assert page.value("document.querySelector('.stamp').textContent") == "FAIL"
    page.browser.wait("document.querySelector('.byte.chosen') !== null")  # of the first bad step, unasked
    assert page.value("document.querySelector('.byte.chosen').classList.contains('apart')")
    assert page.value("document.querySelector('section .mark.differ') !== null")
    page.is_quiet()


def check_failing(page):
    assert page.run.returncode == 1
    assert page.value("document.querySelector('section .mark.failed') !== null")
    assert "First cause" in page.value("document.querySelector('main').textContent")
    page.click("Findings")
    shown = "document.querySelectorAll('.findings li').length"
    all_of_them = page.value(shown)
    page.value("document.querySelector('input[name=error]').click()")
    assert page.value(shown) < all_of_them
    page.value("""(() => { const box = document.querySelector('input[type=search]');
        box.value = 'no such words'; box.dispatchEvent(new Event('input')); })()""")
    assert page.value(shown) == 0
    page.is_quiet()


def check_hostile(page):
    text = page.value("document.body.textContent")
    assert "<img src=x onerror=" in text, "what the tree says is shown as it is"
    page.click("Findings")
    page.is_quiet()


def check_files(page):
    """Which files of the tree are not source: the seeds, each of which opens."""
    page.click("Files (15 not source)")
    page.browser.wait("document.querySelectorAll('details.kind').length === 3")
    assert "Steps of AMD64 opened " in page.value("document.querySelector('#audit').textContent")
    page.value("document.querySelector('details.kind').open = true")
    page.browser.wait("document.querySelectorAll('.kind .findings li').length === 10")
    assert "accepted: the seed POSIX/AMD64/hex0-seed" in page.value("document.querySelector('.kind').textContent")
    page.click("POSIX/AMD64/hex0-seed", ".kind .link")
    page.browser.wait("document.querySelector('.kind .byte') !== null")
    page.is_quiet()


class AuditPage(Page):
    """The page of `assay audit --html` of hand-made files."""

    def __init__(self, browser, assay, scratch):  # pylint: disable=super-init-not-called
        self.browser = browser
        self.name = "audit"
        self.path = os.path.join(scratch, "audit.html")
        tree = os.path.join(scratch, "audited")
        os.makedirs(os.path.join(tree, "po"))
        for path, text in (("a.c", "/* A Bison parser, made by GNU Bison 3.8.2.  */\n"), (f"{HOSTILE.replace('/', '_')}.c",
                           "/* A Bison parser, made by GNU Bison 3.8.2.  */\n"), ("po/x.gmo", "\xde\x12\x04\x95" + "\0" * 24)):
            with open(os.path.join(tree, path), "w", encoding="latin-1") as file:
                file.write(text)
        self.run = subprocess.run([assay, "audit", tree, "--html", self.path], capture_output=True, check=False)
        browser.open(self.path)


def check_audit(page):
    assert page.run.returncode == 1, page.run.stderr
    assert page.value("document.querySelector('.stamp').textContent") == "FAIL"
    assert page.value("document.querySelectorAll('nav button').length") == 1
    assert page.value("[...document.querySelectorAll('.kind .mark')].map((one) => one.textContent)") == ["error 2", "warning 1"]
    page.value("document.querySelector('input[name=error]').click()")
    assert page.value("document.querySelectorAll('details.kind').length") == 1
    assert "How to make it again: msgfmt" in page.value("document.querySelector('details.kind').textContent")
    page.value("document.querySelector('input[name=error]').click()")
    page.value("document.querySelector('details.kind').open = true")
    page.browser.wait("document.querySelectorAll('.kind[open] .findings li').length === 2")
    page.is_quiet()


def look(page, folder):
    """Pictures: light, dark, a phone."""
    for name, size, dark in (("light", (1400, 1000), False), ("dark", (1400, 1000), True), ("phone", (390, 844), False)):
        page.browser.look_like(*size, dark)
        page.browser.wait("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))")
        wide = page.value("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        assert not wide, f"{page.name}: {name}: the page is wider than the screen"
        if folder:
            page.browser.screenshot(os.path.join(folder, f"{page.name}-{name}.png"))
    page.browser.look_like(1400, 1000)


def copy_of(healthy, path):
    return shutil.copytree(healthy, path, symlinks=True, ignore=shutil.ignore_patterns(".git"))


def replace(path, old, new):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    assert old in text, path
    with open(path, "w", encoding="utf-8") as file:
        file.write(text.replace(old, new, 1))


def main():
    if CHROMIUM is None:
        print("no chromium")
        return 77
    healthy = trees.healthy_tree()
    assay = sys.argv[1]
    folder = sys.argv[2] if len(sys.argv) > 2 else None
    with Browser() as browser, tempfile.TemporaryDirectory() as scratch:
        browser.look_like(1400, 1000)
        page = Page(browser, assay, healthy, scratch, "passing")
        check_passing(page)
        look(page, folder)
        check_files(page)

        page = AuditPage(browser, assay, scratch)
        check_audit(page)
        look(page, folder)

        # The seed takes digits for others than its source says: the roads part in the first step.
        parted = copy_of(healthy, os.path.join(scratch, "parted"))
        seed = os.path.join(parted, "bootstrap-seeds/POSIX/AMD64/hex0-seed")
        with open(seed, "r+b") as file:
            file.seek(0xC3)
            byte = file.read(1)[0]
            file.seek(0xC3)
            file.write(bytes([byte ^ 1]))
        page = Page(browser, assay, parted, scratch, "parted")
        check_parted(page)
        look(page, folder)

        failing = copy_of(healthy, os.path.join(scratch, "failing"))
        replace(os.path.join(failing, "mescc-tools/blood-elf.c"), "return EXIT_SUCCESS;", "return EXIT_SUCCESS")
        page = Page(browser, assay, failing, scratch, "failing")
        check_failing(page)
        look(page, folder)

        hostile = copy_of(healthy, os.path.join(scratch, "a<img src=x onerror=window.owned=1>"))
        with open(os.path.join(hostile, "after.kaem"), "a", encoding="utf-8") as file:
            file.write(f"./AMD64/bin/catm ./AMD64/artifact/out '{HOSTILE.replace(' ', '_')}'\n# {HOSTILE}\n")
        page = Page(browser, assay, hostile, scratch, "hostile")
        check_hostile(page)
    return 0


sys.exit(main())

# SPDX-FileCopyrightText: 2026 The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What own_seeds.py tries on our seeds: good cases, in which they do what the reference does, and bad ones, which end with
# status 1. Only what all dialects agree on: a seed of ours owes nobody a quirk.
from types import SimpleNamespace

IN_OUT = ["in", "out"]


def text(content):
    return SimpleNamespace(files={"in": content}, arguments=IN_OUT)


def bad(files=None, arguments=None, left=None):
    """`left`: what the output holds afterwards; nothing if there is none."""
    return SimpleNamespace(files=files or {}, arguments=IN_OUT if arguments is None else arguments, left=left)


def piped(content, left):
    """What comes through a pipe, on the host."""
    return SimpleNamespace(files={}, arguments=["/dev/stdin", "out"], piped=content, left=left, on_host=True)


ALL_BUT_SPECIAL = bytes(byte for byte in range(256) if byte not in b"0123456789abcdefABCDEFGg#;")
MISSING = {
    "input missing": bad(),
    "no arguments": bad(arguments=[]),
    "no output named": bad({"in": b"41"}, ["in"]),
    "output in a missing directory": bad({"in": b"41"}, ["in", "no/out"]),
    "disk full": bad({"in": b"41\n"}, ["in", "/dev/full"]),
    "input is a directory": bad({}, [".", "out"], b""),
}
HEX0 = {
    "empty": text(b""),
    "digits": text(b"0123456789abcdefABCDEF"),
    "neighbours of the digits": text(b"/0:9@AG`aFgf" .replace(b"G", b"").replace(b"g", b"")),
    "all other bytes": text(b"4" + ALL_BUT_SPECIAL + b"1"),
    "every byte": text(b"".join(b"%02x" % byte for byte in range(256))),
    "comments": text(b"41 # 42 ; 43\n44 ; # 45\n46##\n#47\n48;\n"),
    "a byte split by a comment": text(b"4# 5 6\n1"),
    "a last digit alone": text(b"414"),
    "ends in a comment": text(b"41 # 42"),
    "ends behind a comment sign": text(b"41;"),
    "only a comment": text(b"# 41"),
    "zero bytes": text(b"4\0001#\0\n4\0002"),
    "through a pipe": piped(b"41 # 42\n43", b"AC"),
}


# The signs of references that hex1 and hex2-0 know on an architecture, each with the digits that belong behind it.
PERCENT = {"%": ""}
RISCV = {"~": " 17000000", "!": " 13000000", "@": " 63000000", "$": " 6F000000"}
HEX1_SIGNS = {"amd64": PERCENT, "x86": PERCENT, "armv7l": PERCENT, "aarch64": {"~": "14", "$": "", "&": ""},
              "riscv64": RISCV, "riscv32": RISCV}


def references(signs, label):
    """One of each kind."""
    return b" ".join(sign.encode() + label + digits.encode() for sign, digits in signs.items()) + b"\n"


def hex1_cases(arch):
    signs = HEX1_SIGNS[arch]
    refer = lambda label: references(signs, label)
    special = b"0123456789abcdefABCDEF#;:`\xfc%!@$~&.<^>"
    ignored = bytes(byte for byte in range(256) if byte not in special)
    labels = [bytes([byte]) for byte in range(1, 128)]
    return {
        "empty": text(b""),
        "digits": text(b"0123456789abcdefABCDEF\n"),
        "all other bytes": text(b"4" + ignored + b"1\n"),
        "every byte": text(b"".join(b"%02x" % byte for byte in range(256)) + b"\n"),
        "comments": text(b"41 # 42 ; 43\n44 ; # :a 45\n46##\n#47\n48;\n"),
        "a last digit alone": text(b"414\n"),
        "back and forward": text(b":a 41424344\n" + refer(b"a") + refer(b"b") + b":b" + refer(b"a") + refer(b"b")),
        "undefined": text(b"41424344" + refer(b"q")),
        "the last definition counts": text(b":a 41424344" + refer(b"a") + b":a 45464748" + refer(b"a") + b":a"),
        "any byte is a label": text(b"".join(b":" + label + b"41424344" for label in labels) + b"".join(map(refer, labels))),
        "nothing between": text(b":a41424344" + refer(b"a").replace(b" ", b"") + b":b5a5b5c5d" + refer(b"b").replace(b" ", b"")),
        "far back": text(b":a" + b"11" * 0x1000 + refer(b"a")),
        "far forward": text(refer(b"a") + b"12" * 0x1A34 + b":a"),
        "a digit waits": text(b":a 41424344 4" + (b"%a" if arch in ("amd64", "x86", "armv7l") else b"") + b"1 45464748"),
    }


def hex1_wrong(arch):
    sign = next(iter(HEX1_SIGNS[arch])).encode()
    return {
        **MISSING,
        "input is a directory": bad({}, [".", "out"]),
        "ends in a comment": bad({"in": b":a 41 # 42"}),
        "ends in another comment": bad({"in": b":a 41 ;"}),
        "through a pipe, which cannot be read twice": piped(b"41\n", None),
        "ends in a definition": bad({"in": b"41 :"}),
        "ends in a reference": bad({"in": b"41 " + sign}),
    }


X86 = {"!": "", "@": "", "%": "", "$": "", "&": ""}
HEX2_SIGNS = {"amd64": X86, "x86": X86, "armv7l": X86, "aarch64": {**X86, "~": " 14", "^~": " 14", "^%": "", "^!": "", "^@": ""},
              "riscv64": {"%": "", "&": "", **RISCV}, "riscv32": {"%": "", "&": "", **RISCV}}
RISCV_CASES = {
    "a word of pending bits": text(b":a .00020304 44556601 .F01020A0 0B0A030F %a 11\n"),
    "a word of pending bits across lines": text(b":a .F011 # 1\n2233\n 0405060811\n"),
    "aligned": text(b"41 < 42 43 < < 44454647 < 48 #\n"),
    "differences": text(b":a 4142 :b 43 &b>a &a>b %b>a\n"),
}


def hex2_cases(arch):
    signs = HEX2_SIGNS[arch]
    refer = lambda label: b"".join(sign.encode() + label + b" " + digits.encode() + b"\n" for sign, digits in signs.items())
    names = [b"a", b"aa", b"ab", b"", b"_-+*/#b;c:d%e&f", b"\x80\xff\x01", b"x" * 2000, b"x" * 1999 + b"y", b"1"]
    special = b"0123456789abcdefABCDEF#;:`\xfc%!@$~&.<^>"
    ignored = bytes(byte for byte in range(256) if byte not in special)
    listed = {
        "empty": text(b""),
        "digits": text(b"0123456789abcdefABCDEF\n"),
        "all other bytes": text(b"4" + ignored + b"1\n"),
        "every byte": text(b"".join(b"%02x" % byte for byte in range(256)) + b"\n"),
        "comments": text(b"41 # 42 ; 43\n44 ; # :a 45\n46##\n#47\n48;\n"),
        "a last digit alone": text(b"414\n"),
        "back and forward": text(b":a 41424344\n" + refer(b"a") + refer(b"bb") + b":bb\n" + refer(b"a") + refer(b"bb")),
        "the last definition counts": text(b":a 41424344" + refer(b"a") + b":b :a 45464748" + refer(b"a") + b":a\n"),
        "names": text(b"".join(b":" + name + b"\n41424344" for name in names) + b"".join(map(refer, names))),
        "what ends a name": text(b":a\t41424344 :b\n45464748 :c>41424344 %a\t%b\n%c 11111111\n"),
        "bases": text(b":a 41424344 :b 45 46 47 48 %a>b %b>a\n%c>a\t%a>c 41424344 :c\n"),
        "far back": text(b":a\n" + b"11" * 0x1000 + refer(b"a")),
        "far forward": text(refer(b"a") + b"12" * 0x1A34 + b":a\n"),
        "a digit waits": text(b":a 41424344 4%a 1 45464748\n"),
        "many labels": text(b"".join(b":l%d 4142\n" % number for number in range(700)) + refer(b"l0") + refer(b"l699")),
    }
    if arch.startswith("riscv"):
        return {**listed, **RISCV_CASES}
    return {**listed, "other bases": text(b":a 4142 :b 43 !a>b !b>a @b>a &b>a $a>b\n")}


def hex2_wrong(arch):
    sign = next(iter(HEX2_SIGNS[arch])).encode()
    return {
        **MISSING,
        "input is a directory": bad({}, [".", "out"]),
        "ends in a comment": bad({"in": b":a 41 # 42"}),
        "ends in another comment": bad({"in": b":a 41 ;"}),
        "through a pipe, which cannot be read twice": piped(b"41\n", None),
        "ends in a definition": bad({"in": b"41 :a"}),
        "ends in a reference": bad({"in": b":a 41 " + sign + b"a"}),
        "ends in a base": bad({"in": b":a 41 %a>a"}),
        "label is not there": bad({"in": b":a 41424344 " + sign + b"b 45\n"}, left=b"ABCD"),
        "base is not there": bad({"in": b":a 41424344 %a>b 45\n"}, left=b"ABCD"),
        "no label is there": bad({"in": b"41424344 " + sign + b"b 45\n"}, left=b"ABCD"),
    }


def joined(*parts, times=1):
    """Files for catm."""
    names = [f"in{number}" for number in range(len(parts))]
    return SimpleNamespace(files=dict(zip(names, parts)), arguments=["out", *names * times])


CATM = {
    "nothing": joined(),
    "one file": joined(b"one\n"),
    "three files, one of them empty": joined(b"one\n", b"", bytes(range(256))),
    "a file twice": joined(b"one", b"two", times=2),
    "a whole buffer": joined(b"x" * 0x10000, b"y"),
    "more than a buffer": joined(b"x" * 0x10001 + b"y" * 0x30000, b"z"),
    "many files": joined(*[b"%d" % number for number in range(100)]),
}
CATM_WRONG = {
    "no arguments": bad(arguments=[]),
    "input missing": bad({"one": b"1"}, ["out", "one", "none", "one"], b"1"),
    "input is a directory": bad({"one": b"1"}, ["out", "one", ".", "one"], b"1"),
    "output in a missing directory": bad({"one": b"1"}, ["no/out", "one"]),
    "disk full": bad({"one": b"1"}, ["/dev/full", "one"]),
}


NUMBERS = (b"% %0 %1 %-1 %9 %10 %255 %256 %65536 %-65537 %2147483647 %-2147483648 %0x10 %0xFF %0xab %0a %12a %-0 %-00 %+5 %-5x %0x "
           b"%0x0 %0xFFFFFFFF %0x12345678 %zx12 %x12 %0x1G %0x1/ %1x2 %x %-x1 %- @1 @-2 @0x7FF @0x800 @-2048 @31 @32 !300 !-1 !0x7FF "
           b"!0xFFF !0 !00 ~5 ~0 ~0x800 ~0x7FF ~0xFFF ~0x12345FFF ~-1 ~-2048 ~-2049 %label @label !label ~label a ab 9 x % @\n")
ONE_BYTE = b"$7 &9 C3 00 40C3 48C3 :10 :l :0abc A10 -5 .12 ^1 9 12 0 ax12 =0x1F\n"


def m0_cases(arch):
    words = b"".join(b"DEFINE name%d %d\n" % (number, number) for number in range(300))
    listed = {
        "blanks alone": text(b" a\t\tb\n\n\n  c \n"),
        "comments": text(b"# a\n;b 'c\nd#e ;f\n g;h #i\nj\n"),
        "words": text(b"a,b a'b c\"d :label %label &x>y \r \x0b\x7f\x80\xff\n"),
        "strings": text(b"'a b' '' 'x\n#;\"y' \"A\" \"\" \"\n#;'\xff\" 'one'two \"B\"x\n'last'"),
        "definitions": text(b"a DEFINE a 48C3\na b a a, 'a' \"a\" DEFINE\nb\na b a DEFINE a C3 a b\n"),
        "values": text(b"DEFINE x 'A B' DEFINE y \"A B\" DEFINE z %5 DEFINE w DEFINE x y z w x 'x'\n"),
        "names": text(b"DEFINE %5 five DEFINE 'q' quoted DEFINE DEFINED no DEFIN no DEFINE ab 1 DEFINE abc 2 %5 %6 'q' q abc ab a abcd\n"),
        "many definitions": text(words + b"name0 name299 name300 name150\n"),
        "numbers": text(NUMBERS),
        "through a pipe": piped(b"a b\n", b"a\nb\n"),
        "a long string": text(b"'" + b"x" * 250 + b"' \"" + b"y" * 250 + b"\"\n"),
    }
    return listed if arch.startswith("riscv") else {**listed, "numbers of one byte": text(ONE_BYTE)}


def m0_wrong(arch):
    listed = {
        **MISSING,
        "disk full": bad({"in": b"word\n"}, ["in", "/dev/full"]),
        "ends in a comment": bad({"in": b"a\n# b"}, left=b"a\n"),
        "ends in another comment": bad({"in": b"a\n;"}, left=b"a\n"),
        "ends in a word": bad({"in": b"a b"}, left=b"a\n"),
        "ends in a string": bad({"in": b"a 'b\n"}, left=b"a\n"),
        "ends in bytes": bad({"in": b"a \"b'\n"}, left=b"a\n"),
        "ends behind DEFINE": bad({"in": b"a DEFINE\n"}, left=b"a\n"),
        "ends behind a name": bad({"in": b"a DEFINE b\n"}, left=b"a\n"),
        "a byte 0": bad({"in": b"a b\0 c\n"}, left=b"a\n"),
    }
    return {**listed, "a number of no field": bad({"in": b"a $5 c\n"}, left=b"a\n")} if arch.startswith("riscv") else listed


def script(content, shown, left=b"AB", **more):
    """A script of kaem, what it shows, and what is in "out" afterwards."""
    return SimpleNamespace(files={"script": content, "in": b"4142\n", **more}, arguments=["script"], left=left,
                           shown=shown, on_host=False)


def on_host(content, shown):
    """With programs of the host, for kaem under qemu-user."""
    return SimpleNamespace(files={"script": content}, arguments=["script"], left=None, shown=shown, on_host=True)


MAKE = b" +> ./hex0 in out \n"
ERROR = b"Subprocess error\n"
MANY = b" 1" * 500
KAEM = {
    "empty": script(b"", b"", None),
    "a command": script(b"./hex0 in out\n", MAKE),
    "blanks, tabs, empty lines and comments": script(b"\n  \n# no\n\t./hex0\t in  \tout #so\n#\n", MAKE),
    "strings": script(b'"./hex0" i"n""" "out"\n""\n', MAKE),
    "a string holds blanks and comment signs": script(b'./hex0 in "o #\n\\"\n', b" +> ./hex0 in o #\n\\ \n", None),
    "a comment ends a word": script(b"./hex0 in out#of it\n", MAKE),
    "a backslash ends a word and drops a byte": script(b"./hex0\\\nin\\xout \\#\n", MAKE),
    "two commands": script(b"./hex0 none2 1\n./hex0 in out\n", b" +> ./hex0 none2 1 \n" + MAKE, none2=b""),
    "a script in a script": script(b"./kaem-minimal sub\n", b" +> ./kaem-minimal sub \n" + MAKE, sub=b"./hex0 in out\n"),
    "many words": script(b"./hex0 in out" + MANY + b"\n", b" +> ./hex0 in out" + MANY + b" \n"),
    "a long word": script(b"./hex0 in out " + b"x" * 60000 + b"\n", b" +> ./hex0 in out " + b"x" * 60000 + b" \n"),
    "blanks at the end": script(b"./hex0 in out\n \t ", MAKE),
    "environment": on_host(b"/usr/bin/env\n", b" +> /usr/bin/env \nNAME=value\n"),
    "arguments": on_host(b'/usr/bin/printf "<%s>" one "t w o"\n', b" +> /usr/bin/printf <%s> one t w o \n<one><t w o>"),
}
KAEM_WRONG = {
    "no script": script(b"", b"", None),
    "a directory": script(b"", b"", None),
    "a command fails": script(b"./hex0 none out\n./hex0 in out\n", b" +> ./hex0 none out \n" + ERROR, None),
    "a command fails behind another": script(b"./hex0 in out\n./hex0\n./none\n", MAKE + b" +> ./hex0 \n" + ERROR),
    "a command is killed": script(b"./crash\n./hex0 in out\n", b" +> ./crash \n" + ERROR, None),
    "a command does not exist": script(b"./none\n./hex0 in out\n", b" +> ./none \n" + ERROR, None),
    "a command is no program": script(b"./in\n./hex0 in out\n", b" +> ./in \n" + ERROR, None),
    "ends in a comment": script(b"./hex0 in out\n# end", MAKE),
    "ends in a string": script(b'./hex0 in out\n"\n', MAKE),
    "ends behind a backslash": script(b"./hex0 in out\n\\", MAKE),
    "last line without its end": script(b"./hex0 in out", b"", None),
    "too many words": script(b"./hex0 in out" + b" 1" * 1100 + b"\n", b"", None),
    "too long a line": script(b"./hex0 in out " + b"x" * 66000 + b"\n", b"", None),
    "killed on the host": on_host(b"/bin/sh -c \"kill -9 $$\"\n/bin/echo no\n", b' +> /bin/sh -c kill -9 $$ \n' + ERROR),
    "fails on the host": on_host(b"/bin/false\n/bin/echo no\n", b" +> /bin/false \n" + ERROR),
}
KAEM_WRONG["no script"].arguments = ["none"]
KAEM_WRONG["a directory"].arguments = ["."]


def good(tool, arch):
    if tool == "kaem-minimal":
        default = script(b"", MAKE, **{f"kaem.{arch}": b"./hex0 in out\n"})
        default.arguments = []
        return {**KAEM, "default script": default}
    return {"hex0": lambda _: HEX0, "hex1": hex1_cases, "catm": lambda _: CATM, "hex2-0": hex2_cases, "M0": m0_cases}[tool](arch)


def wrong(tool, arch):
    return {"hex0": lambda _: MISSING, "kaem-minimal": lambda _: KAEM_WRONG, "hex1": hex1_wrong,
            "catm": lambda _: CATM_WRONG, "hex2-0": hex2_wrong, "M0": m0_wrong}[tool](arch)

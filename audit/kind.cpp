// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/kind.h"

#include <algorithm>

namespace assay::audit {
namespace {

constexpr std::string_view kRuns = "it is executed, and nobody can read it";
constexpr std::string_view kBuilds = "it decides what is compiled, and is too long to be read";
constexpr std::string_view kCompiled = "it is compiled, and the text that people wrote is another";
constexpr std::string_view kOpaque = "any payload fits in: nobody can review its bytes";
constexpr std::string_view kShown = "it is installed or shown as if it were what its source says";
constexpr std::string_view kFollows = "it follows from other files and the build makes it again";
constexpr std::string_view kDecide = "what it is cannot be told by looking at it alone";

constexpr Kind kKinds[] = {
    // Opaque files.
    {"bin-elf", 1, "program, library or object (ELF)", kRuns, "compile its sources", "%.c %.s %.S %.cc"},
    {"bin-program", 1, "program or object (PE, Mach-O, COFF)", kRuns, "compile its sources", "%.c %.s %.asm"},
    {"bin-bytecode", 1, "byte code of an interpreter", kRuns, "compile its sources",
     "%.java %.py %.el %.scm %.erl %.lua"},
    {"bin-package", 1, "package of programs (jar, wheel, deb, rpm, ...)", kRuns, "build it of its sources",
     ""},
    {"bin-firmware", 1, "firmware or microcode", kRuns, "assemble its sources, where they are published",
     "%.asm %.S"},
    {"archive", 1, "archive or compressed file inside the tree", "what is in it escapes a look at the tree",
     "unpack and audit it, or fetch what is in it by digest", "%"},
    {"bin-data", 1, "database, disk image, capture or other binary format", kOpaque,
     "make it by its generator", ""},
    {"bin-testdata", 1, "opaque input of a test", "a payload may wait in it: so did that of xz 5.6",
     "make it by a script, or drop the test", ""},
    {"bin-unknown", 1, "opaque file of unknown format", kOpaque, "find out what made it", ""},
    {"keys", 1, "keys or certificates", kOpaque, "make them by a script, in the test that wants them", ""},
    {"embedded-data", 1, "bytes written as text (base64, uuencode, a dump as an array)", kOpaque,
     "decode it, audit it, encode it again", ""},
    {"shar", 1, "shell archive", "it unpacks files that a look at the tree does not see",
     "unpack and audit it", ""},
    // What configures a build.
    {"autoconf-configure", 1, "configure, made by autoconf", kBuilds, "autoreconf -fi",
     "configure.ac configure.in"},
    {"automake-makefile.in", 1, "Makefile.in, made by automake", kBuilds, "autoreconf -fi", "Makefile.am"},
    {"aclocal-m4", 1, "aclocal.m4, made by aclocal", kBuilds, "autoreconf -fi", "configure.ac configure.in"},
    {"autoheader-config.h.in", 1, "template of config.h, made by autoheader", kBuilds, "autoreconf -fi",
     "configure.ac configure.in"},
    {"autotest-testsuite", 1, "test suite, made by autotest", "it is a shell script of many thousand lines",
     "autom4te --language=autotest", "%.at testsuite.at"},
    {"m4sh-script", 1, "script, made by m4sh", kBuilds, "autom4te --language=m4sh", "%.m4sh %.as"},
    {"libtool-ltmain", 1, "ltmain.sh of libtool", kBuilds,
     "libtoolize --force, by a libtool built of its sources", ""},
    {"gnulib-tool-output", 1, "makefile or macros written by gnulib-tool", kBuilds,
     "gnulib-tool --import ...", "gnulib-cache.m4 bootstrap.conf"},
    {"generated-script", 1, "script, made by a program", kBuilds, "run its generator", "%.in %.sh"},
    // Code.
    {"bison-parser", 1, "parser, made by bison or yacc", kCompiled, "bison -d, or yacc", "%.y %.yy %.ypp"},
    {"flex-scanner", 1, "scanner, made by flex or lex", kCompiled, "flex, or lex", "%.l %.ll %.lpp"},
    {"gperf", 1, "perfect hash, made by gperf", kCompiled, "gperf", "%.gperf"},
    {"generated-code", 1, "code, made by a program", kCompiled, "run its generator",
     "%.re %.rl %.pyx %.vala %.xs %.proto %.idl %.x %.in"},
    {"generated-table", 1, "table, made by a program", kCompiled,
     "run its generator on the data it stands for", ""},
    {"extracted-source", 1, "source cut out of a manual", "the manual is the source: the two may differ",
     "run the extraction", ""},
    {"generated-test", 1, "test, or what a test expects, made by a program", kCompiled, "run its generator",
     ""},
    {"minified", 1, "script without blanks and names", kRuns, "take the script it was made of", "%.js"},
    {"copy-unknown", 1, "claims to be another project's file and equals none of its versions",
     "the trigger of xz 5.6 was such a file", "take the file from that project, by digest", ""},
    // Texts that are installed or shown.
    {"gmo", 2, "compiled message catalogue", kShown, "msgfmt", "%.po"},
    {"info", 2, "Info manual", kShown, "makeinfo", "%.texi %.txi %.texinfo"},
    {"man-generated", 2, "man page, made by a program", kShown, "help2man, pod2man or its like",
     "%.x %.pod %.xml %.adoc %.rst %.md"},
    {"html-generated", 2, "HTML page, made by a program", kShown, "makeinfo --html, or what else made it",
     "%.texi %.texinfo %.xml %.1 %.md"},
    {"pdf", 2, "PDF", kShown, "typeset its source", "%.texi %.tex %.eps %.fig %.ms %.xml"},
    {"ps", 2, "PostScript, written by a program", kShown, "typeset its source",
     "%.texi %.tex %.fig %.ms %.xpic %.pic"},
    {"dvi", 2, "DVI", kShown, "texi2dvi", "%.texi %.tex"},
    {"text-rendered", 2, "text rendered for reading", kShown, "nroff, or makeinfo --plaintext",
     "%.1 %.5 %.8 %.ms %.texi"},
    {"generated-doc", 2, "part of a manual, made by a program", kShown, "run its generator", ""},
    {"pot", 2, "message template", kShown, "xgettext", ""},
    {"po-quot", 2, "message catalogue, made by a filter", kShown, "msgfilter", ""},
    {"image", 2, "picture", "no compiler reads it, and any payload fits in", "render its vector source",
     "%.svg %.fig %.xcf %.eps"},
    {"font", 2, "font", "fonts are programs to those who draw them", "build it of its source", "%.sfd"},
    {"media", 2, "sound or film", kOpaque, "render its source", ""},
    // Trivial.
    {"stamp", 3, "stamp of make", kFollows, "make", ""},
    {"mdate-texi", 3, "date and version for a manual", kFollows, "mdate-sh", ""},
    {"version-file", 3, "number of the release", kFollows, "git-version-gen", ""},
    {"generated-list", 3, "list of files or authors, made by a program", kFollows, "run its generator", ""},
    {"generated-index", 3, "tags or a cache of a tool", kFollows, "ctags, or the tool", ""},
    // For people.
    {"review", 0, "numbers or parts that a program may have made", kDecide, "ask who wrote it", ""},
};

}  // namespace

std::span<const Kind> kinds() { return kKinds; }

const Kind* find_kind(std::string_view id) {
  const auto* found = std::ranges::find(kKinds, id, &Kind::id);
  return found == std::end(kKinds) ? nullptr : found;
}

}  // namespace assay::audit

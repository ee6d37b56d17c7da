// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "bootstrap/chain/described_tree.h"
#include "bootstrap/chain/description_reader.h"
#include "bootstrap/chain/first_description.h"
#include "bootstrap/tree/testing/one_chain.h"
#include "core/memory_tree.h"

namespace assay::bootstrap {
namespace {

constexpr std::string_view kChain = "format = 1\n[chain]\nmachine = \"AMD64\"\nscript = \"s\"\n";

/// "LINE:COLUMN ID: MESSAGE", a line each.
std::string said_of(std::string_view text, const FileTree* files = nullptr) {
  DiagnosticList said;
  const Source source{"assay.toml", as_bytes(text)};
  const auto read = read_description(source, files, said);
  EXPECT_EQ(read == nullptr, !said.all.empty()) << text;
  std::string lines;
  for (const Diagnostic& one : said.all) {
    const Position at = position_of(source.bytes, one.span.offset);
    lines += fmt::format("{}:{} {}: {}\n", at.line, at.column, one.kind->id, one.message);
  }
  return lines;
}

struct Wrong {
  std::string_view text;  ///< behind kChain
  std::string_view said;
};

void PrintTo(const Wrong& wrong, std::ostream* out) { *out << wrong.text; }

class WrongDescription : public testing::TestWithParam<Wrong> {};

TEST_P(WrongDescription, is_told_with_its_place) {
  EXPECT_EQ(said_of(std::string(kChain) + std::string(GetParam().text)), GetParam().said);
}

INSTANTIATE_TEST_SUITE_P(
    Cases, WrongDescription,
    testing::Values(
        Wrong{"suffix = 3\n", "5:10 chain-file-type: 'suffix' is a text in quotes\n"},
        Wrong{"backslashes = \"yes\"\n", "5:15 chain-file-type: 'backslashes' is true or false\n"},
        Wrong{"word-size = -1\n",
              "5:13 chain-file-type: 'word-size' is a number, 0 or more: 65536 or 0x10000\n"},
        Wrong{"word-size = 16\n", "5:13 chain-file-word: a word has 32 or 64 bits here\n"},
        Wrong{"environment = [\"A\", 1]\n",
              "5:16 chain-file-word: 'A' is not NAME=VALUE\n"
              "5:21 chain-file-type: 'environment' is a list of texts in quotes\n"},
        Wrong{"answer = \"a\"\n",
              "5:1 chain-file-key: [chain] has no key 'answer'; did you mean 'answers'?\n"},
        Wrong{"answers = \"../a\"\n", "5:11 chain-file-path: '../a' is no path from the root of the tree\n"},
        Wrong{"answers = \"/a\"\n", "5:11 chain-file-path: '/a' is no path from the root of the tree\n"},
        Wrong{"language = \"sh\"\n",
              "5:12 chain-file-word: there is no language 'sh'; there are kaem, kaem-minimal\n"},
        Wrong{"boot = [\"./none\"]\n", "5:9 chain-file-boot: 'none' is the file of no [[seed]]\n"},
        Wrong{"[seed]\nfile = \"a\"\n",
              "5:1 chain-file-type: 'seed' is written as [[seed]], once for each\n"},
        Wrong{"[[seed]]\nrole = \"hex0\"\n", "5:1 chain-file-missing-key: [[seed]] needs 'file'\n"},
        Wrong{"[[seed]]\nfile = \"a\"\n[[seed]]\nfile = \"./a\"\n",
              "8:8 chain-file-twice: 'a' is a seed already\n"},
        Wrong{"[[program]]\nfile = \"a\"\nrole = \"hex-2\"\n",
              "7:8 chain-file-word: there is no role 'hex-2'; did you mean 'hex2'?\n"},
        Wrong{
            "[[program]]\nrole = \"hex0\"\n",
            "5:1 chain-file-missing-key: [[program]] needs 'file', where the program stands, or 'source', a "
            "text that goes into it: one of the two\n"},
        Wrong{"[[program]]\nfile = \"a\"\nrole = \"hex0\"\nbase-address = 1\n",
              "8:16 chain-file-parameter: hex0 has no 'base-address'\n"},
        Wrong{"[[program]]\nfile = \"a\"\nrole = \"M0\"\ndialect = \"arm\"\nendianness = \"big\"\n",
              "9:14 chain-file-parameter: M0 has no 'endianness'\n"},
        Wrong{"[[program]]\nfile = \"a\"\nrole = \"hex1\"\nreferences = { \"a\" = \"relative 4\" }\n",
              "8:16 chain-file-reference: 'a' is no sigil\n"},
        Wrong{"[[program]]\nfile = \"a\"\nrole = \"hex1\"\nreferences = { \"@\" = \"relative 5\" }\n",
              "8:22 chain-file-reference: 'relative 5' is no kind of reference\n"},
        Wrong{"[[same]]\nfiles = [\"a\"]\n",
              "5:1 chain-file-missing-key: [[same]] needs 'files', two or more\n"},
        Wrong{"[[input]]\nprogram = \"a\"\n",
              "5:1 chain-file-missing-key: [[input]] needs 'files', one or more\n"},
        Wrong{"[[input]]\nprogram = \"a\"\nfiles = \"b\"\n[[input]]\nprogram = \"./a\"\nfiles = \"b\"\n",
              "9:11 chain-file-twice: './a' has its input already\n"},
        Wrong{"[[stale]]\nfile = \"a\"\nanswer = \"abc\"\nwhy = \"old\"\n",
              "7:10 chain-file-word: an answer is a SHA-256 of 64 lower-case digits\n"},
        Wrong{"[[stale]]\nfile = \"a\"\n",
              "5:1 chain-file-missing-key: [[stale]] needs 'answer'\n"
              "5:1 chain-file-missing-key: [[stale]] needs 'why'\n"},
        Wrong{"[[place]]\nto = \"a\"\n", "5:1 chain-file-missing-key: [[place]] needs 'from'\n"}));

// A knight starts nothing, and its programs have two tapes.
TEST(Description, a_machine_without_a_kernel_can_do_little) {
  const std::string chain = "format = 1\n[chain]\nmachine = \"knight\"\nscript = \"s\"\n";
  EXPECT_EQ(said_of(chain + "[[program]]\nfile = \"a\"\nrole = \"hex2-0\"\n"), "");
  EXPECT_EQ(said_of(chain + "[[program]]\nfile = \"a\"\nrole = \"cc\"\n"),
            "2:1 chain-file-machine: a knight has no kernel: no program of it is a 'cc'\n");
  EXPECT_EQ(
      said_of(chain + "language = \"kaem-minimal\"\n"),
      "2:1 chain-file-machine: a knight has no kernel: its chain is a 'script' in kaem that assay plays, "
      "without 'boot' and [[input]]\n");
}

TEST(Description, files_are_placed_one_behind_the_other) {
  auto files = std::make_shared<MemoryTree>();
  files->put("a", to_bytes("one"));
  files->put("b", to_bytes("two"));
  files->put("s", {});
  const std::string text =
      "format = 1\n[chain]\nmachine = \"none\"\ndialect = \"x86\"\nscript = \"s\"\n"
      "[[place]]\nfrom = [\"a\", \"b\"]\nto = \"d/c\"\n";
  NoDiagnostics quiet;
  const Result<Tree> tree = described_tree("tree", files, {"assay.toml", as_bytes(text)}, quiet);
  ASSERT_TRUE(tree.has_value());
  EXPECT_EQ(as_text(**tree->files->read("d/c")), "onetwo");
}

// The words are the library's.
TEST(Description, what_is_no_toml_is_told_with_its_place) {
  EXPECT_TRUE(said_of(std::string(kChain) + "x = \n").starts_with("5:5 chain-file-syntax: "));
  EXPECT_EQ(said_of("a = 1\n[\n)\n"), "2:1 chain-file-syntax: a key or a table without a name\n");
  EXPECT_EQ(said_of("[\n"), "1:1 chain-file-syntax: a key or a table without a name\n");
  EXPECT_TRUE(said_of("\xFF").starts_with("1:1 chain-file-syntax: "));
  EXPECT_TRUE(said_of(std::string(kMaxDescription + 1, '#')).starts_with("1:1 chain-file-syntax: "));
}

TEST(Description, names_of_files_are_bytes) {
  MemoryTree files;
  files.put("s", {});
  for (const std::string_view name : {"\u00e9", "\xFF", "\U0001f600"}) {
    const std::string text = fmt::format("{}answers = '{}'\n", kChain, name);
    EXPECT_EQ(said_of(text, &files),
              fmt::format("5:11 chain-file-not-there: there is no '{}' in the tree\n", name));
  }
}

TEST(Description, needs_its_format_and_a_chain) {
  EXPECT_EQ(said_of(""),
            "1:1 chain-file-format: the file does not say which version of the format it is in\n"
            "1:1 chain-file-missing-key: the file needs a table [chain]\n");
  EXPECT_EQ(said_of("format = 2\nchain = 1\n"),
            "1:10 chain-file-format: format 2 is not known here\n"
            "2:9 chain-file-type: 'chain' is a table\n");
  EXPECT_EQ(said_of("format = 1\n[chain]\n"),
            "2:1 chain-file-missing-key: [chain] needs 'machine'\n"
            "2:1 chain-file-missing-key: [chain] needs 'boot', the command that begins, or a 'script' that "
            "assay plays\n");
  EXPECT_EQ(said_of("format = 1\n[chain]\nmachine = \"none\"\nscript = \"s\"\n"),
            "2:1 chain-file-missing-key: a chain that no machine here runs needs 'dialect': the architecture "
            "that it is most like\n");
}

/// toml++ 3.3 lets the compiler assume that there is none of these: U+00E9, U+0229, U+3001, U+FEFE.
TEST(Description, letters_outside_of_texts_are_told) {
  for (const std::string_view letter : {"\u00e9", "\u0229", "\u3001", "\ufefe", "\u2003", "\U0001f600"}) {
    EXPECT_EQ(said_of(fmt::format("format = 1\n {} = 2\n", letter)),
              "2:2 chain-file-syntax: letters that are not ASCII stand in texts and comments only\n")
        << letter;
  }
}

TEST(Description, places_are_counted_in_bytes_behind_characters_of_several) {
  EXPECT_EQ(said_of("format = 1 # \xC3\xA4\n\"\xC3\xA4\" = 1\n[chain]\nmachine=\"x86\"\nscript=\"s\"\n"),
            "2:1 chain-file-key: the file has no key '\xC3\xA4'; there are format, chain, seed, program, "
            "place, same, input, stale\n");
}

TEST(Description, a_file_that_is_not_in_the_tree_is_told) {
  MemoryTree files;
  files.put("s", {});
  files.put("from/a.hex0", {});
  EXPECT_EQ(said_of(kChain, &files), "");
  EXPECT_EQ(said_of(std::string(kChain) + "answers = \"list\"\n", &files),
            "5:11 chain-file-not-there: there is no 'list' in the tree\n");
  // What is placed there counts as there; a seed with a source need not be.
  EXPECT_EQ(said_of(std::string(kChain) +
                        "[[place]]\nfrom = \"from\"\nto = \"to\"\n[[seed]]\nfile = \"x\"\nsource = "
                        "\"to/a.hex0\"\n",
                    &files),
            "");
}

TEST(Description, words_are_taken_in_any_spelling_of_an_architecture) {
  DiagnosticList said;
  const std::string text =
      "format = 1\n[chain]\nmachine = \"x86_64\"\nscript = \"s\"\n[[program]]\nfile = \"./b//c\"\nrole = "
      "\"hex2-0\"\ndialect = \"arm64\"\nbase-address = 0x10000\nreferences = { \"%\" = \"relative 4\", "
      "\"~\" = \"relative 3 words\", \"!\" = \"i-field\" }\n";
  const auto read = read_description({"", as_bytes(text)}, nullptr, said);
  ASSERT_NE(read, nullptr);
  EXPECT_EQ(read->architecture.name, "AMD64");
  EXPECT_TRUE(read->architecture.runs);
  const ProgramDescription& program = read->chain.programs.front();
  EXPECT_EQ(program.file, "b/c");
  EXPECT_EQ(program.dialect, "AArch64");
  EXPECT_EQ(program.base_address, 0x10000U);
  const hex1::References& references = *program.references;
  EXPECT_EQ(references[0].sigil, '!');
  EXPECT_EQ(references[0].form, hex1::Form::i_field);
  EXPECT_EQ(references[1].sigil, '%');
  EXPECT_EQ(references[1].size, 4);
  EXPECT_EQ(references[2].form, hex1::Form::relative);
  EXPECT_TRUE(references[2].in_words);
  EXPECT_EQ(references[3].sigil, 0);
}

TEST(FirstDescription, of_a_known_layout_is_read_back_as_that) {
  const Tree tree = one_chain();
  const Architecture& arch = *tree.architectures.front();
  DiagnosticList said;
  const std::string text = first_description(tree, arch);
  const auto read = read_description({"", as_bytes(text)}, tree.files.get(), said);
  ASSERT_NE(read, nullptr) << text;
  const ChainDescription layout = tree.chain_of(arch);
  EXPECT_EQ(read->chain.boot, layout.boot);
  EXPECT_EQ(read->chain.script, layout.script);
  EXPECT_EQ(read->answers, "riscv64.answers");
  ASSERT_EQ(read->chain.seeds.size(), layout.seeds.size());
  for (std::size_t seed = 0; seed < layout.seeds.size(); ++seed) {
    EXPECT_EQ(read->chain.seeds[seed].file, layout.seeds[seed].file);
    EXPECT_EQ(read->chain.seeds[seed].sources, layout.seeds[seed].sources);
    EXPECT_EQ(read->chain.seeds[seed].role, layout.seeds[seed].role);
  }
}

// The same files under names that no layout has.
TEST(FirstDescription, of_an_unknown_tree_finds_seeds_sources_and_scripts) {
  const Tree tree = one_chain();
  const ChainDescription layout = tree.chain_of(*tree.architectures.front());
  MemoryTree files;
  const auto copy = [&](const std::string& from, const std::string& to) {
    files.put(to, **tree.files->read(from), 0755);
  };
  copy(layout.seeds[0].file, "bin/first");
  copy(layout.seeds[0].sources.front(), "text/first.hex0");
  copy(layout.seeds[1].file, "bin/second");
  copy(layout.seeds[1].sources.front(), "text/second.hex0");
  files.put("build.kaem", {});
  const std::string text = first_description(files);
  for (const std::string_view line :
       {"machine = \"riscv64\"\n", "boot = [\"./bin/second\", \"./build.kaem\"]\n",
        "file = \"bin/first\"\nsource = \"text/first.hex0\"\n",
        "file = \"bin/second\"\nsource = \"text/second.hex0\"\nrole = \"kaem-minimal\"\n"})
    EXPECT_NE(text.find(line), std::string::npos) << line << "in\n" << text;
  EXPECT_EQ(said_of(text, &files), "");
}

TEST(FirstDescription, of_nothing_is_all_comments) {
  const std::string text = first_description(MemoryTree());
  EXPECT_NE(text.find("machine = \"none\""), std::string::npos) << text;
  EXPECT_NE(text.find("# [[seed]]"), std::string::npos) << text;
}

}  // namespace
}  // namespace assay::bootstrap

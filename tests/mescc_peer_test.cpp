// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// M1, hex2 and blood-elf against Debian's own (mescc-tools 1.4.0): random texts, and what the package mes
// brings along.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>

#include "M1/blood_elf.h"
#include "M1/m1.h"
#include "command/host_files.h"
#include "linker/linker.h"
#include "linker/options.h"
#include "tests/support/subprocess.h"

namespace assay::test {
namespace {

constexpr unsigned kSeed = 1;
constexpr int kRounds = 700;  // a tool
constexpr std::string_view kMes = "/usr/lib/x86_64-linux-gnu/mes";

const MesccDialect& debian() { return *find_mescc_dialect("debian-1.4.0"); }

bool have(std::string_view program) {
  const Finished version = run({.argv = {std::string(program), "--version"}});
  return version.status == "exit:0" && (version.standard_output.find("1.4.0") != std::string::npos ||
                                        version.standard_output.find("2.0.0") != std::string::npos);
}

constexpr std::string_view kArchitectures[] = {"knight-native", "x86",     "amd64",   "armv7l",
                                               "aarch64",       "ppc64le", "riscv32", "riscv64"};
constexpr std::string_view kBlanks[] = {" ", "\n", "\t", "  ", "\r\n", " # c\n", ""};

constexpr std::string_view kM1Words[] = {"a",
                                         "b",
                                         "DEFINE",
                                         "DEFINE a 11",
                                         "DEFINE b 'zz'",
                                         "DEFINE foo %5",
                                         "%5",
                                         "%-3",
                                         "!10",
                                         "@0x12",
                                         "~0x1FFF",
                                         "~-1",
                                         "$4",
                                         "&3",
                                         "^~2",
                                         ":10",
                                         "00",
                                         "C3",
                                         "%0",
                                         "%0x",
                                         "!0xab",
                                         "!0b11",
                                         "%12a",
                                         "-5",
                                         "\"ab\"",
                                         "'c d'",
                                         "\"\"",
                                         "!-",
                                         "@40000",
                                         "!300",
                                         "<4",
                                         "<foo",
                                         "<-1",
                                         ":x",
                                         "%x>y",
                                         "!1_0",
                                         "\"\xC3\xA9\"",
                                         "65536",
                                         "-32769",
                                         "a#b",
                                         "!1;x",
                                         "; d\r",
                                         "%0x80000000",
                                         "0100",
                                         "\"\xF0z\"",
                                         "DEFINE %5 77",
                                         "\"open"};

constexpr std::string_view kHex2Words[] = {
    "00",           "41",          "4",     "EB",    "12345678", ":a",  ":b",       ":c", "%a",
    "%b",           "!a",          "@a",    "@b",    "~a",       "~b",  "$a",       "&a", "%a>b",
    "&a>b",         "!b>a",        "@a>b",  "^~a",   "^%a",      "^!b", "^",        "<",  ".11223344",
    ".F0 12 34 56", "; c\n",       "# d\r", "label", ":x>41",    "%q",  "00000000", "$b", "!a 13000000",
    "@b 63000000",  "$a 6F000000", "777",   "101",   "\xFC",     "::"};

constexpr std::string_view kLabelWords[] = {":a",         ":_b",    "::",    ":x>y", "#:no\n",
                                            ";:no\r:yes", "\":q\"", "':s'",  "x:y",  ": sp",
                                            ":_start",    "\"",     ":\xE9", "foo"};

template <std::size_t kCount>
std::string random_text(std::mt19937& random, const std::string_view (&words)[kCount],
                        bool safe_end = false) {
  std::string text;
  for (auto count = 1 + random() % 12; count > 0; --count) {
    text += words[random() % kCount];
    text += kBlanks[random() % std::size(kBlanks)];
  }
  return safe_end ? text + " 00000000 00000000\n" : text;
}

void expect_same(const Output& ours, const Finished& peer, const std::string& text,
                 const std::string& arguments) {
  ASSERT_EQ(fmt::format("exit:{}", ours.status), peer.status) << arguments << "\n" << text;
  ASSERT_EQ(std::string(as_text(ours.bytes)), peer.standard_output) << arguments << "\n" << text;
  ASSERT_EQ(ours.standard_error, peer.standard_error) << arguments << "\n" << text;
}

TEST(MesccPeer, M1_on_random_texts) {
  if (!have("/usr/bin/M1")) GTEST_SKIP() << "no M1 1.4.0 in /usr/bin";
  const Scratch scratch;
  std::mt19937 random(kSeed);
  int failures = 0;
  for (int round = 0; round < kRounds; ++round) {
    const std::string text = random_text(random, kM1Words);
    scratch.write("a.M1", as_bytes(text));
    const std::string_view architecture = kArchitectures[random() % std::size(kArchitectures)];
    m1::Options options{.dialect = &debian(),
                        .architecture = *find_mescc_architecture(architecture),
                        .big_endian = random() % 2 == 0};
    Command command{.argv = {"/usr/bin/M1", "-A", std::string(architecture), "-f", "a.M1"},
                    .cwd = scratch.path()};
    if (!options.big_endian) command.argv.push_back("--little-endian");
    if (random() % 8 == 0) {
      options.base = random() % 2 == 0 ? DigitBase::octal : DigitBase::binary;
      command.argv.push_back(options.base == DigitBase::octal ? "-O" : "-b");
    }
    const Source source{"a.M1", as_bytes(text)};
    DiagnosticList list;
    const Output ours = m1::assemble({&source, 1}, options, list);
    failures += ours.status;
    expect_same(ours, run(command), text, std::string(architecture));
    if (HasFatalFailure()) return;
  }
  EXPECT_GT(failures, 50);
  EXPECT_LT(failures, kRounds - 50);
}

TEST(MesccPeer, hex2_on_random_texts) {
  if (!have("/usr/bin/hex2")) GTEST_SKIP() << "no hex2 1.4.0 in /usr/bin";
  const Scratch scratch;
  std::mt19937 random(kSeed);
  int failures = 0;
  for (int round = 0; round < kRounds; ++round) {
    std::string text = random_text(random, kHex2Words, true);
    if (random() % 4 != 0) text = ":a :b " + text;
    scratch.write("a.hex2", as_bytes(text));
    const std::string_view architecture = kArchitectures[random() % std::size(kArchitectures)];
    static constexpr std::string_view kBases[] = {"0", "0x1000", "0x600000", "0x1001", "0x80001000", "-4"};
    const std::string_view base = kBases[random() % std::size(kBases)];
    linker::Options options{.dialect = &debian(),
                            .architecture = *find_mescc_architecture(architecture),
                            .big_endian = random() % 2 == 0,
                            .base_address = read_mescc_number(base, debian())};
    Command command{
        .argv = {"/usr/bin/hex2", "-A", std::string(architecture), "-B", std::string(base), "-f", "a.hex2"},
        .cwd = scratch.path()};
    if (!options.big_endian) command.argv.push_back("--little-endian");
    const Source source{"a.hex2", as_bytes(text)};
    DiagnosticList list;
    Output ours = linker::link({&source, 1}, options, list);
    ASSERT_NE(ours.ending, Ending::hangs) << text;
    ours.standard_error = linker::warnings_about(options) + ours.standard_error;
    failures += ours.status;
    expect_same(ours, run(command), text, fmt::format("{} {}", architecture, base));
    if (HasFatalFailure()) return;
  }
  EXPECT_GT(failures, 50);
  EXPECT_LT(failures, kRounds - 50);
}

TEST(MesccPeer, blood_elf_on_random_texts) {
  if (!have("/usr/bin/blood-elf")) GTEST_SKIP() << "no blood-elf 2.0.0 in /usr/bin";
  const Scratch scratch;
  std::mt19937 random(kSeed);
  for (int round = 0; round < kRounds; ++round) {
    const std::string text = random_text(random, kLabelWords);
    scratch.write("a.M1", as_bytes(text));
    blood_elf::Options options{.wide = random() % 2 == 0, .big_endian = random() % 2 == 0};
    Command command{.argv = {"/usr/bin/blood-elf", "-f", "a.M1"}, .cwd = scratch.path()};
    command.argv.push_back(options.big_endian ? "--big-endian" : "--little-endian");
    if (options.wide) command.argv.push_back("--64");
    if (random() % 3 == 0) {
      options.entries.push_back("_start");
      command.argv.insert(command.argv.end(), {"--entry", "_start"});
    }
    const Source source{"a.M1", as_bytes(text)};
    DiagnosticList list;
    expect_same(blood_elf::footer({&source, 1}, options, list), run(command), text, "");
    if (HasFatalFailure()) return;
  }
}

TEST(MesccPeer, the_libraries_of_mes) {
  const std::filesystem::path mes(kMes);
  if (!have("/usr/bin/M1") || !std::filesystem::exists(mes / "x86_64-mes/libc.s")) {
    GTEST_SKIP() << "no M1 1.4.0 in /usr/bin, or no mes in " << kMes;
  }
  for (const std::string_view library : {"libc.s", "libc+tcc.s", "libc+gnu.s", "libmes.s"}) {
    Command command{.argv = {"/usr/bin/M1", "--little-endian", "-A", "amd64"}};
    std::vector<Bytes> texts;
    std::vector<Source> sources;
    for (const std::string_view name : {std::string_view("x86_64.M1"), std::string_view("crt1.s"), library}) {
      const std::string path = (mes / "x86_64-mes" / name).string();
      command.argv.insert(command.argv.end(), {"-f", path});
      texts.push_back(read_host_file(path).value());
      sources.push_back({path, {}});
    }
    for (std::size_t i = 0; i < texts.size(); ++i) sources[i].bytes = texts[i];
    const Finished peer = run(command);
    for (const MesccDialect& dialect : kMesccDialects) {
      DiagnosticList list;
      const Output ours = m1::assemble(sources,
                                       {.dialect = &dialect,
                                        .architecture = MesccArchitecture::amd64,
                                        .big_endian = false,
                                        .want_map = true},
                                       list);
      expect_same(ours, peer, std::string(library), std::string(dialect.name));
      EXPECT_EQ(ours.map.size(), ours.bytes.size());
    }
  }
}

TEST(MesccPeer, the_programs_of_mes) {
  const std::filesystem::path folder = std::filesystem::path(kMes) / "linux/x86_64-mes";
  if (!have("/usr/bin/hex2") || !std::filesystem::exists(folder / "elf64-header.hex2")) {
    GTEST_SKIP() << "no hex2 1.4.0 in /usr/bin, or no mes in " << folder;
  }
  const std::vector<std::vector<std::string_view>> programs = {
      {"elf64-0header.hex2", "elf64-body-exit-42.hex2", "elf64-footer-single-main.hex2"},
      {"elf64-header.hex2", "elf64-body-hello-mes.hex2", "elf64-footer-single-main.hex2"},
      {"elf64-0exit-42.hex2"},
      {"elf64-0hello-mes.hex2"}};
  for (const auto& program : programs) {
    Command command{.argv = {"/usr/bin/hex2", "--little-endian", "-A", "amd64", "-B", "0x1000000"}};
    std::vector<Bytes> texts;
    std::vector<Source> sources;
    for (const std::string_view name : program) {
      const std::string path = (folder / name).string();
      command.argv.insert(command.argv.end(), {"-f", path});
      texts.push_back(read_host_file(path).value());
      sources.push_back({path, {}});
    }
    for (std::size_t i = 0; i < texts.size(); ++i) sources[i].bytes = texts[i];
    DiagnosticList list;
    const Output ours = linker::link(sources,
                                     {.dialect = &debian(),
                                      .architecture = MesccArchitecture::amd64,
                                      .big_endian = false,
                                      .base_address = 0x1000000,
                                      .want_map = true},
                                     list);
    expect_same(ours, run(command), std::string(program.front()), "");
    EXPECT_EQ(ours.map.size(), ours.bytes.size());
  }
}

}  // namespace
}  // namespace assay::test

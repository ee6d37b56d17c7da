// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// M0 against upstream: the compilers' sources give the known digests, and random texts give what the
// real M0 binaries give, assembled here from the tree's own sources.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>

#include "M1/m0.h"
#include "command/host_files.h"
#include "command/seed_command.h"
#include "core/digest.h"
#include "tests/support/find_program.h"
#include "tests/support/seed_tools.h"
#include "tests/support/subprocess.h"

namespace assay::test {
namespace {

constexpr std::string_view kTree = "stage0-posix";

Bytes read_or_throw(const std::filesystem::path& path) {
  Result<Bytes> bytes = read_host_file(path.string());
  if (!bytes) throw std::runtime_error(bytes.error().message);
  return std::move(*bytes);
}

struct Known {
  std::string_view dialect;
  std::vector<std::string_view> sources;
  std::string_view sha256;
};

TEST(M0Tree, assembles_the_compilers_to_the_known_digests) {
  const auto tree = find_tree(kTree);
  if (!tree) GTEST_SKIP() << "no tree " << kTree << " in $ASSAY_TREES or ~/.cache/assay";
  const Known known[] = {
      {"AMD64", {"AMD64/cc_amd64.M1"}, "b200e032783fe725db9481bc102a49ecabea181f7cdf83b8e121a7eba6911d47"},
      {"riscv32",
       {"riscv32/riscv32_defs.M1", "riscv32/cc_riscv32.M1"},
       "f29e49961be842939e4060ba3b088b82ee96cb3dfb1c98eb93e700d8989aa377"},
      {"riscv64",
       {"riscv64/riscv64_defs.M1", "riscv64/cc_riscv64.M1"},
       "17b4317b4e3ad61aa0923ede8cae83cbf3276550f2fa1cd95868e1372a552412"},
  };
  for (const Known& row : known) {
    std::vector<Bytes> texts;
    std::vector<Source> sources;
    for (const std::string_view name : row.sources) texts.push_back(read_or_throw(*tree / name));
    for (std::size_t i = 0; i < texts.size(); ++i) sources.push_back({std::string(row.sources[i]), texts[i]});
    DiagnosticList list;
    const Output output = m0::assemble(
        sources, {.dialect = m0::find_dialect(row.dialect), .want_map = true, .want_warnings = true}, list);
    EXPECT_EQ(sha256(output.bytes), row.sha256) << row.dialect;
    EXPECT_EQ(output.map.size(), output.bytes.size());
    fmt::print("{}: {} warnings\n", row.dialect, list.all.size());
  }
}

struct RealTool {
  std::string_view dialect;
  std::string_view header;
  std::string_view source;
  std::string_view sha256_start;
  std::string_view qemu;  ///< empty: runs natively. (x86 does not on every kernel.)
};

std::string random_text(std::mt19937& random) {
  static constexpr std::string_view kWords[] = {
      "a",     "b",    "DEFINE", "DEFINE a", "DEFINE b 12", "%5",    "%-3",    "!10",    "@0x12",
      "~-1",   "$4",   ":10",    "C3",       "%0xab",       "%zx12", "%12a",   "-5",     "\"ab\"",
      "'c d'", "\"\"", "%0x:@",  "%-0",      "%+1",         "\x80",  "\xFC",   "0x/",    "a#b",
      "'a",    "#",    "; c\n",  "!300",     "\"\\n",       "\r",    "DEFINE", "@40000", "%4294967296"};
  static constexpr std::string_view kBlanks[] = {" ", "\n", "\t", "\r\n", "", std::string_view("\0", 1)};
  std::string text;
  for (auto count = random() % 14; count > 0; --count) {
    text += kWords[random() % std::size(kWords)];
    text += kBlanks[random() % 16 == 0 ? 5 : random() % 5];
  }
  return random() % 8 == 0 ? text : text + "\n";
}

TEST(M0Tree, does_what_the_real_binaries_do_on_random_texts) {
  const auto tree = find_tree(kTree);
  if (!tree) GTEST_SKIP() << "no tree " << kTree << " in $ASSAY_TREES or ~/.cache/assay";
  for (const RealTool& tool :
       {RealTool{"AMD64", "ELF-amd64.hex2", "M0_AMD64.hex2", "db97dff12dbbc1f5", ""},
        RealTool{"x86", "ELF-i386.hex2", "M0_x86.hex2", "ee34687b4bdf4106", "qemu-i386"}}) {
    const auto qemu = tool.qemu.empty() ? std::nullopt : find_program(tool.qemu);
    if (!tool.qemu.empty() && !qemu) GTEST_SKIP() << "no " << tool.qemu;
    Bytes source = read_or_throw(*tree / tool.dialect / tool.header);
    const Bytes body = read_or_throw(*tree / tool.dialect / tool.source);
    source.insert(source.end(), body.begin(), body.end());
    NoDiagnostics quiet;
    const Output binary = assemble("hex2-0", tool.dialect, source, {}, quiet);
    ASSERT_EQ(sha256(binary.bytes).substr(0, 16), tool.sha256_start);

    const Scratch scratch;
    scratch.write("M0", binary.bytes, 0755);
    constexpr unsigned kSeed = 1;
    std::mt19937 random(kSeed);
    int crashes = 0;
    for (int round = 0; round < 400; ++round) {
      const std::string text = random_text(random);
      scratch.write("in", as_bytes(text));
      std::filesystem::remove(scratch.path() / "out");
      const Source in{"in", as_bytes(text)};
      const Output ours = m0::assemble({&in, 1}, {.dialect = m0::find_dialect(tool.dialect)}, quiet);
      if (ours.ending == Ending::hangs) continue;  // two seconds each: the measured cases have them
      Command command{.argv = {scratch.file("M0"), "in", "out"}};
      if (qemu) command.argv.insert(command.argv.begin(), *qemu);
      command.cwd = scratch.path();
      command.seconds = 5;
      const Finished real = run(command);
      const std::string status =
          ours.ending == Ending::crashes ? "signal:11" : fmt::format("exit:{}", ours.status);
      crashes += ours.ending == Ending::crashes ? 1 : 0;
      ASSERT_EQ(status, real.status) << tool.dialect << " seed " << kSeed << ": " << to_hex(as_bytes(text));
      ASSERT_EQ(to_hex(ours.bytes), to_hex(scratch.read("out").value_or(Bytes{})))
          << tool.dialect << " seed " << kSeed << ": " << to_hex(as_bytes(text));
    }
    EXPECT_GT(crashes, 20);
    EXPECT_LT(crashes, 300);
  }
}

}  // namespace
}  // namespace assay::test

// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Against the real thing: the sources of stage0-posix must give the programs that they are known to
// give, and those programs must do on random texts what the libraries say. Needs the tree
// (find_tree); programs of other machines need qemu-user.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command/host_files.h"
#include "core/digest.h"
#include "tests/support/find_program.h"
#include "tests/support/random_text.h"
#include "tests/support/seed_tools.h"
#include "tests/support/subprocess.h"

namespace assay::test {
namespace {

struct Known {
  std::size_t size;
  std::string_view digest;  ///< first 16 digits of SHA-256
};

struct Machine {
  std::string_view name;
  std::string_view elf_header;
  std::string_view qemu;  ///< empty: runs natively on AMD64
  Known hex0, hex1, hex2, catm, m0;
  std::string_view tree = "stage0-posix";
};

constexpr Machine kMachines[] = {
    {"x86",
     "ELF-i386.hex2",
     "qemu-i386",
     {181, "f74dcf9cef2aee9e"},
     {689, "30da8f019c21e71d"},
     {1405, "8aaab3e704f13eac"},
     {183, "103d35c04e73a690"},
     {1613, "ee34687b4bdf4106"}},
    {"AMD64",
     "ELF-amd64.hex2",
     "",
     {229, "66c95985e668f20f"},
     {622, "c264a212d2b0e1f1"},
     {1519, "6c69c7e60df220e8"},
     {299, "911d19bff7be2bc4"},
     {1684, "db97dff12dbbc1f5"}},
    {"AArch64",
     "ELF-aarch64.hex2",
     "qemu-aarch64",
     {526, "8ca9745e20af3f0d"},
     {1085, "ddcfc3f0c0e40459"},
     {1677, "802fd6fa4634ebd1"},
     {292, "a9f694a011d0bd9b"},
     {2564, "222b70d077bba079"}},
    {"riscv32",
     "ELF-riscv32.hex2",
     "qemu-riscv32",
     {356, "a798705f344d4aa0"},
     {1189, "35a66d6ca6fedcb8"},
     {2000, "d7a04291ec9b66de"},
     {244, "501a82376b470d5a"},
     {2625, "57d0e53785d3dd96"}},
    {"riscv64",
     "ELF-riscv64.hex2",
     "qemu-riscv64",
     {392, "1b50ceef632b83b7"},
     {1217, "2c0037d9455f282d"},
     {2028, "93b9073e0fbdd03d"},
     {280, "ad24954282f57a27"},
     {2661, "495d188c9e24bba8"}},
    // JasonGross/bootstrap-chain-bug-reproducers, folder 26, laid out as docs/trees.md says.
    {"armv7l",
     "ELF-armv7l.hex2",
     "qemu-arm",
     {460, "3d6a8119ae0e5982"},
     {872, "6243ee57c456aacf"},
     {2120, "eaf9df0247ef48a8"},
     {244, "e2326a23601d0d35"},
     {2564, "9b8315bad41e9320"},
     "stage0-armv7l"},
};

class RealTree : public testing::TestWithParam<Machine> {
 protected:
  void SetUp() override {
    const std::string name(GetParam().tree);
    tree_ = find_tree(name);
    if (!tree_) GTEST_SKIP() << "no " << name << " in $ASSAY_TREES or ~/.cache/assay";
  }

  [[nodiscard]] Bytes read(const std::string& path) const {
    const Result<Bytes> bytes = read_host_file((*tree_ / path).string());
    EXPECT_TRUE(bytes) << path;
    return bytes.value_or(Bytes{});
  }

  /// The program that `tool` makes of a source, without an error.
  static Bytes build(std::string_view tool, const Bytes& source) {
    DiagnosticList list;
    const Output output = assemble(tool, GetParam().name, source, {true, true}, list);
    EXPECT_TRUE(output.succeeded());
    EXPECT_EQ(output.map.size(), output.bytes.size());
    return output.bytes;
  }

  [[nodiscard]] Bytes source(std::string_view stem, std::string_view extension) const {
    const std::string_view name = GetParam().name;
    return read(fmt::format("{}/{}_{}.{}", name, stem, name, extension));
  }

  [[nodiscard]] Bytes seed() const {
    return read(fmt::format("bootstrap-seeds/POSIX/{}/hex0-seed", GetParam().name));
  }

  std::optional<std::filesystem::path> tree_;
};

void expect_known(const Bytes& bytes, const Known& known) {
  EXPECT_EQ(bytes.size(), known.size);
  EXPECT_EQ(sha256(bytes).substr(0, 16), known.digest);
}

TEST_P(RealTree, Hex0MakesItsOwnSeed) {
  const std::string_view name = GetParam().name;
  const std::string beside = fmt::format("bootstrap-seeds/POSIX/{}/hex0_{}.hex0", name, name);
  const bool is_beside = std::filesystem::exists(*tree_ / beside);
  const Bytes made = build("hex0", is_beside ? read(beside) : source("hex0", "hex0"));
  EXPECT_EQ(made, seed());
  expect_known(made, GetParam().hex0);
}

TEST_P(RealTree, EveryProgramUpToM0) {
  expect_known(build("hex0", source("hex1", "hex0")), GetParam().hex1);
  expect_known(build("hex1", source("hex2", "hex1")), GetParam().hex2);
  const bool by_hex1 = GetParam().name == "AArch64";
  expect_known(build(by_hex1 ? "hex1" : "hex2-0", source("catm", by_hex1 ? "hex1" : "hex2")),
               GetParam().catm);
  Bytes m0 = read(fmt::format("{}/{}", GetParam().name, GetParam().elf_header));
  const Bytes body = source("M0", "hex2");
  m0.insert(m0.end(), body.begin(), body.end());
  expect_known(build("hex2-0", m0), GetParam().m0);
}

/// What the real program does with the text, as "exit:N" and its output file.
std::pair<std::string, Bytes> run_real(const Scratch& scratch, const std::optional<std::string>& qemu,
                                       const std::string& text) {
  scratch.write("in", as_bytes(text));
  ::unlink(scratch.file("out").c_str());
  Command command;
  if (qemu) command.argv.push_back(*qemu);
  command.argv.insert(command.argv.end(), {scratch.file("program"), scratch.file("in"), scratch.file("out")});
  const Finished finished = run(command);
  return {finished.status, scratch.read("out").value_or(Bytes{})};
}

TEST_P(RealTree, ProgramsAgreeOnRandomTexts) {
  const auto qemu = GetParam().qemu.empty() ? std::nullopt : find_program(GetParam().qemu);
  if (!GetParam().qemu.empty() && !qemu) GTEST_SKIP() << "no " << GetParam().qemu;
#ifndef __x86_64__
  if (GetParam().qemu.empty()) GTEST_SKIP() << "needs an AMD64 host";
#endif
  constexpr std::uint32_t kSeed = 7;
  const char* const wanted = std::getenv("ASSAY_REAL_TEXTS");  // a longer run by hand
  const int texts = wanted != nullptr ? std::atoi(wanted) : qemu ? 40 : 150;
  const std::pair<std::string_view, Bytes> programs[] = {{"hex0", seed()},
                                                         {"hex1", build("hex0", source("hex1", "hex0"))},
                                                         {"hex2-0", build("hex1", source("hex2", "hex1"))}};
  for (const auto& [tool, program] : programs) {
    const Scratch scratch;
    scratch.write("program", program, 0755);
    RandomText random(tool, kSeed);
    for (int checked = 0; checked < texts;) {
      const std::string text = random.next();
      NoDiagnostics quiet;
      const Output output = assemble(tool, GetParam().name, as_bytes(text), {}, quiet);
      if (output.ending != Ending::exits) continue;  // never ends, or dies of memory
      if (text.size() > 2000 && qemu) continue;      // minutes in qemu
      ++checked;
      const auto [status, bytes] = run_real(scratch, qemu, text);
      EXPECT_EQ(status, fmt::format("exit:{}", output.status));
      EXPECT_EQ(to_hex(bytes), to_hex(output.bytes));
      if (HasFailure()) FAIL() << tool << " of " << GetParam().name << " on " << to_hex(as_bytes(text));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Machines, RealTree, testing::ValuesIn(kMachines),
                         [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace assay::test

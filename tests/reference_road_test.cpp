// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What two roads are for: programs that do not do what their sources say are found, whoever made them so.
#include "bootstrap/roads/reference_road.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "bootstrap/check/preflight.h"
#include "bootstrap/tree/own_texts.h"
#include "exec/testing/test_program.h"
#include "hex0/hex0.h"
#include "tests/support/subprocess.h"

namespace assay::bootstrap {
namespace {

std::optional<Tree> upstream() {
  const auto path = test::find_tree("stage0-posix");
  if (!path) return std::nullopt;
  return open_tree(path->string()).value();
}

/// A tree with files changed or added.
class Changed {
 public:
  explicit Changed(Tree tree) : tree_(std::move(tree)), files_(std::make_shared<MemoryTree>(tree_.files)) {
    tree_.files = files_;
  }
  void put(std::string_view path, Bytes bytes, std::uint32_t mode) {
    files_->put(path, std::move(bytes), mode);
  }
  void replace(std::string_view path, std::string_view from, std::string_view to) {
    std::string text(as_text(**files_->read(path)));
    const std::size_t at = text.find(from);
    ASSERT_NE(at, std::string::npos) << "the upstream text has changed: " << path;
    text.replace(at, from.size(), to);
    files_->put(path, to_bytes(text), files_->info(path)->mode);
  }
  [[nodiscard]] ChainResult check(std::string_view arch) const {
    PreflightOptions options;
    options.architectures = {find_architecture(arch)};
    return preflight(tree_, options).front();
  }

 private:
  Tree tree_;
  std::shared_ptr<MemoryTree> files_;
};

const StepResult* first_bad(const ChainResult& result) {
  const auto bad = std::find_if(result.steps.begin(), result.steps.end(), [](const StepResult& step) {
    return step.verdict == Verdict::differ || step.verdict == Verdict::failed;
  });
  return bad == result.steps.end() ? nullptr : &*bad;
}

#define NEED_TREE(tree)         \
  const auto tree = upstream(); \
  if (!tree) GTEST_SKIP() << "no tree stage0-posix below ASSAY_TREES or ~/.cache/assay"

class Engines : public testing::TestWithParam<std::string_view> {};
INSTANTIATE_TEST_SUITE_P(All, Engines, testing::Values("x86", "AMD64", "AArch64", "riscv32", "riscv64"),
                         [](const auto& test) { return std::string(test.param); });

// Up to the first two programs that artifact/M2 compiles.
TEST_P(Engines, MakeTheSame) {
  NEED_TREE(tree);
  const Architecture& arch = *find_architecture(GetParam());
  const Chain chain = compute_chain(*tree, arch);
  ReferenceRoad interpreted(*tree, arch, exec::Engine::interpret);
  ReferenceRoad translated(*tree, arch, exec::Engine::translate);
  unsigned compiled = 0;
  for (const std::size_t step : chain.steps()) {
    const Result<Computed> one = interpreted.compute(chain, step);
    const Result<Computed> other = translated.compute(chain, step);
    ASSERT_TRUE(one) << one.error().message;
    ASSERT_TRUE(other) << other.error().message;
    ASSERT_TRUE(one->succeeded());
    EXPECT_EQ(one->standard_error, other->standard_error);
    ASSERT_EQ(one->outputs.size(), other->outputs.size());
    for (std::size_t file = 0; file < one->outputs.size(); ++file)
      EXPECT_TRUE(*one->outputs[file].bytes == *other->outputs[file].bytes) << one->outputs[file].path;
    if (chain.commands[step].role == Role::m2_planet && ++compiled == 2) return;
  }
  FAIL() << "the chain has no two such steps";
}

// A seed that changes one byte of each program of 300 bytes or more.
// Thompson's attack at its root: nothing that comes later can be trusted, and nothing in the sources shows
// it.
TEST(TrojanHorse, InTheSeed) {
  NEED_TREE(tree);
  std::string text(as_text(*own_text(*find_own_program("hex0"), *find_architecture("riscv64"))));
  const auto replace = [&text](std::string_view from, std::string_view to) {
    const std::size_t at = text.find(from);
    ASSERT_NE(at, std::string::npos);
    text.replace(at, from.size(), to);
  };
  replace("4C 01 00 00 00 00 00 00", "64 01 00 00 00 00 00 00");  // bytes in the file
  replace("4C 01 00 00 00 00 00 00", "64 01 00 00 00 00 00 00");  // in memory
  // sb s2, 0(sp) becomes a jump behind the program, where bytes are counted: number 300 has a bit flipped.
  replace("23 00 21 01       # sb", "6F 00 C0 04       # 600100  jal zero, 60014C");
  text +=
      "93 8A 1A 00   # 60014C  addi s5, s5, 1\n"
      "93 02 C0 12   # 600150  addi t0, zero, 300\n"
      "63 94 5A 00   # 600154  bne s5, t0, 8\n"
      "13 49 19 00   # 600158  xori s2, s2, 1\n"
      "23 00 21 01   # 60015C  sb s2, 0(sp)\n"
      "6F F0 5F FA   # 600160  jal zero, 600104\n";
  NoDiagnostics none;
  const Output seed =
      hex0::assemble({"seed", as_bytes(text)}, {.dialect = hex0::find_dialect("riscv64")}, none);
  ASSERT_EQ(seed.bytes.size(), 356U);
  Changed changed(*tree);
  changed.put("bootstrap-seeds/POSIX/riscv64/hex0-seed", seed.bytes, 0755);

  const ChainResult result = changed.check("riscv64");
  EXPECT_EQ(result.verdict, ChainVerdict::fail);
  const StepResult* const bad = first_bad(result);
  ASSERT_NE(bad, nullptr);
  EXPECT_EQ(bad, &result.steps.front());
  ASSERT_TRUE(bad->divergence);
  EXPECT_EQ(bad->divergence->path, "riscv64/artifact/hex0");
  EXPECT_EQ(bad->divergence->offset, 299U);
  EXPECT_EQ(*bad->divergence->seed ^ *bad->divergence->reference, 1);
  EXPECT_EQ(bad->divergence->source_path, "riscv64/hex0_riscv64.hex0");
}

// The compiler written in assembly compiles '>=' as '>', and its source says so: that is no compiler that
// assay knows, so both roads derive it and run it. Its first text is told to be another one than the
// compiler's that assay knows, with the line that it compiles otherwise; the list of answers fails.
TEST(TrojanHorse, InTheSourceOfTheCompiler) {
  NEED_TREE(tree);
  Changed changed(*tree);
  changed.replace("AMD64/cc_amd64.M1", "\nsetge_al\n", "\nsetg_al \n");
  const ChainResult result = changed.check("AMD64");
  EXPECT_EQ(result.verdict, ChainVerdict::fail);
  const auto departs = std::find_if(result.findings.begin(), result.findings.end(),
                                    [](const Finding& one) { return one.id == "role-departs"; });
  ASSERT_NE(departs, result.findings.end());
  EXPECT_NE(departs->message.find("AMD64/artifact/M2-0.M1"), std::string::npos) << departs->message;
  EXPECT_NE(departs->help.find(".c:"), std::string::npos) << departs->help;
  EXPECT_NE(departs->help.find(">="), std::string::npos) << departs->help;
}

// A program that is not built but brought along, behind the name of one that is: both roads can only copy it,
// and nothing that it makes counts as derived twice. Nor does anybody know what it is.
TEST(TrojanHorse, BroughtAlong) {
  NEED_TREE(tree);
  // Any binary will do; the true one shows that nothing but its origin is held against it.
  ReferenceRoad road(*tree, *find_architecture("AMD64"));
  const Chain chain = compute_chain(*tree, *find_architecture("AMD64"));
  Bytes binary;
  for (const std::size_t step : chain.steps()) {
    const Result<Computed> computed = road.compute(chain, step);
    ASSERT_TRUE(computed);
    if (!computed->outputs.empty() && computed->outputs.front().path == "AMD64/artifact/M2") {
      binary = *computed->outputs.front().bytes;
      break;
    }
  }
  Changed changed(*tree);
  changed.put("brought", binary, 0755);
  changed.replace("AMD64/mescc-tools-mini-kaem.kaem",
                  "./AMD64/artifact/hex2-0 ./AMD64/artifact/M2-0-0.hex2 ./AMD64/artifact/M2\n",
                  "./AMD64/artifact/hex2-0 ./AMD64/artifact/M2-0-0.hex2 ./AMD64/artifact/M2\n"
                  "./AMD64/artifact/catm ./AMD64/artifact/M2 ./brought\n");
  const ChainResult result = changed.check("AMD64");
  EXPECT_EQ(result.verdict, ChainVerdict::fail);
  const auto first = std::find_if(result.steps.begin(), result.steps.end(), [&](const StepResult& step) {
    return result.chain.commands[step.command].program == "AMD64/artifact/M2";
  });
  ASSERT_NE(first, result.steps.end());
  EXPECT_EQ(first->verdict, Verdict::one_road_only);
  EXPECT_TRUE(std::any_of(result.findings.begin(), result.findings.end(),
                          [](const Finding& finding) { return finding.id == "reference-not-derived"; }));
}

// A program of which only the seed road knows what it does, and which another one replaces in the middle:
// that one's work is the step's. It is nobody's fault, and what comes behind it is checked all the same.
TEST(OneRoadOnly, AStepEndsWithTheProgramThatTakesItsPlace) {
  NEED_TREE(tree);
  using namespace exec::test_program;
  constexpr Word kTwoShort = 0x00010001;  // two instructions of 16 bits, which exec does not read
  constexpr int kExecve = 221, kArgumentsAt = 160;
  const std::string seed = "./bootstrap-seeds/POSIX/riscv64/hex0-seed";
  const std::vector<std::string> argv{seed, "./made.hex0", "./made"};
  Bytes code = words({kTwoShort, lui(a0, kBase >> 12), addi(a0, a0, kArgumentsAt + 32), lui(a1, kBase >> 12),
                      addi(a1, a1, kArgumentsAt), addi(a2, zero, 0), addi(a7, zero, kExecve), kCall});
  code.resize(kArgumentsAt - headers(true));
  std::uint64_t text = kBase + kArgumentsAt + 32;
  for (const std::string& word : argv) {
    put(code, text, 8);
    text += word.size() + 1;
  }
  put(code, 0, 8);
  for (const std::string& word : argv) {
    for (const char c : word) code.push_back(static_cast<Byte>(c));
    code.push_back(0);
  }
  std::string hex0;
  for (const Byte byte : elf(code, 243, true)) hex0 += fmt::format("{:02X} ", byte);
  Changed changed(*tree);
  changed.put("swap.hex0", to_bytes(hex0), 0644);
  changed.put("made.hex0", to_bytes("34 31 20 34 32"), 0644);  // again hex0: 41 42
  changed.put("kaem.riscv64",
              to_bytes(fmt::format("{0} ./swap.hex0 ./swap\n./swap\n{0} ./made ./last\n", seed)), 0644);
  changed.put("riscv64.answers", {}, 0644);
  const ChainResult result = changed.check("riscv64");
  std::string said;
  for (const Finding& finding : result.findings) {
    said += finding.id + ": " + finding.message + "\n";
    EXPECT_NE(finding.severity, Severity::error) << finding.id << ": " << finding.message;
  }
  EXPECT_EQ(result.verdict, ChainVerdict::incomplete) << said;
  ASSERT_EQ(result.steps.size(), 3U) << said;
  EXPECT_EQ(result.steps[0].verdict, Verdict::equal);
  EXPECT_EQ(result.steps[1].verdict, Verdict::one_road_only);
  ASSERT_EQ(result.steps[1].outputs.size(), 1U);
  EXPECT_EQ(result.steps[1].outputs[0].path, "made");
  EXPECT_EQ(result.steps[2].verdict, Verdict::equal);
  EXPECT_NE(said.find("reference-not-run"), std::string::npos) << said;
}

}  // namespace
}  // namespace assay::bootstrap

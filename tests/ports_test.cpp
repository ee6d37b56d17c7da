// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Ports of stage0 by other people, as docs/trees.md says how to lay them out: every answer, on the cross
// road. Where a tree is not there, its test is skipped.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "tests/support/subprocess.h"

namespace assay::test {
namespace {

struct Port {
  std::string_view tree;
  std::vector<std::string> options;
  std::string_view said;
  std::string_view changed;  ///< a source of C programs
};

void PrintTo(const Port& port, std::ostream* out) { *out << port.tree; }

class Ports : public testing::TestWithParam<Port> {
 protected:
  static Finished preflight(const std::string& tree) {
    std::vector<std::string> argv{ASSAY_BIN_DIR "/assay", "preflight", tree};
    argv.insert(argv.end(), GetParam().options.begin(), GetParam().options.end());
    return run({.argv = std::move(argv), .seconds = 300});
  }
};

TEST_P(Ports, AllAnswersComeOutOnTheCrossRoad) {
  const auto tree = find_tree(std::string(GetParam().tree));
  if (!tree) GTEST_SKIP() << "no " << GetParam().tree << " in $ASSAY_TREES or ~/.cache/assay";
  const Finished finished = preflight(tree->string());
  // One road is no pass, however right the answers are.
  EXPECT_EQ(finished.status, "exit:2") << finished.standard_output;
  EXPECT_NE(finished.standard_output.find(GetParam().said), std::string::npos) << finished.standard_output;
}

// The sources are the port's own: another one is another answer.
TEST_P(Ports, AChangedSourceIsFoundByItsAnswer) {
  if (std::getenv("ASSAY_LONG_TESTS") == nullptr)
    GTEST_SKIP() << "ten seconds a tree: only with ASSAY_LONG_TESTS=1";
  const auto tree = find_tree(std::string(GetParam().tree));
  if (!tree) GTEST_SKIP() << "no " << GetParam().tree << " in $ASSAY_TREES or ~/.cache/assay";
  const Scratch scratch;
  const std::filesystem::path copy = std::filesystem::path(scratch.path()) / "tree";
  std::filesystem::copy(*tree, copy, std::filesystem::copy_options::recursive);
  const std::string name = "tree/" + std::string(GetParam().changed);
  const auto text = scratch.read(name);
  ASSERT_TRUE(text.has_value()) << name;
  std::string other(as_text(*text));
  other += "\nint one_function_more() { return 1; }\n";
  scratch.write(name, as_bytes(other));
  const Finished finished = preflight(copy.string());
  EXPECT_EQ(finished.status, "exit:1") << finished.standard_output;
  EXPECT_NE(finished.standard_output.find("answer"), std::string::npos) << finished.standard_output;
}

INSTANTIATE_TEST_SUITE_P(Trees, Ports,
                         testing::Values(Port{"stage0-armv7l",
                                              {"--road", "cross", "--no-cache"},
                                              "none compared, 20 of 20 answers right",
                                              "mescc-tools-extra/wrap.c"},
                                         Port{"stage0-uefi",
                                              {"--no-cache"},
                                              "none compared, 21 of 21 answers right",
                                              "mescc-tools-extra/match.c"}),
                         [](const auto& tested) { return std::string(tested.param.tree.substr(7)); });

}  // namespace
}  // namespace assay::test

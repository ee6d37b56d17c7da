// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Diagnostics of every drop-in as JSON: by the one option that all have, and by the environment variable.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "tests/support/subprocess.h"

namespace assay::test {
namespace {

/// A command line that makes the program report `id`.
struct Trouble {
  std::string program;
  std::vector<std::string> words;
  std::string id;
  bool has_option = true;  ///< the small tools have none
};

const Trouble kTroubles[] = {
    {"hex0", {"missing", "out"}, "hex0-missing-input"},
    {"hex1", {"missing", "out"}, "hex1-missing-input"},
    {"hex2-0", {"label", "out"}, "hex2-undefined-label"},
    {"M0", {"missing", "out"}, "m0-missing-input"},
    {"cc_amd64", {"missing", "out"}, "cc-missing-input"},
    {"cc_riscv64", {"missing", "out"}, "cc-missing-input"},
    {"M1", {"-f"}, "mescc-missing-argument"},
    {"hex2", {"-f", "label", "--architecture", "amd64", "--little-endian"}, "linker-undefined-label"},
    {"blood-elf", {"-f"}, "mescc-missing-argument"},
    {"catm", {"-Wall", "out", "missing"}, "catm-skipped-input"},
    {"kaem", {"--check", "script"}, "kaem-not-a-shell"},
    {"kaem-minimal", {"--dialect", "riscv64", "."}, "kaem-crash"},
    {"cp", {"label", "."}, "cp-crash-destination", false},
};

class DiagnosticForm : public testing::TestWithParam<Trouble> {
 protected:
  void SetUp() override {
    scratch_.write("label", as_bytes(":a &b\n"));
    scratch_.write("script", as_bytes("./echo 'a b'\n"));
  }
  [[nodiscard]] Finished start(std::vector<std::string> words, std::vector<std::string> env) const {
    words.insert(words.begin(), fmt::format("{}/{}", ASSAY_BIN_DIR, GetParam().program));
    return run({.argv = std::move(words), .env = std::move(env), .cwd = scratch_.path()});
  }
  /// The ids of all lines that are objects; each must have what the form promises.
  static std::vector<std::string> ids(const Finished& said) {
    std::vector<std::string> found;
    const std::string text = said.standard_output + said.standard_error;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find('\n', at), text.size());
      const std::string line = text.substr(at, end - at);
      at = end + 1;
      if (!line.starts_with('{')) continue;
      const nlohmann::json one = nlohmann::json::parse(line);
      for (const char* const key : {"file", "line", "column", "severity", "message", "help", "notes"})
        EXPECT_TRUE(one.contains(key)) << key << ": " << line;
      found.push_back(one.at("id"));
    }
    return found;
  }
  const Scratch scratch_;
};

TEST_P(DiagnosticForm, is_what_the_option_or_the_environment_says) {
  const Trouble& trouble = GetParam();
  const Finished text = start(trouble.words, {});
  const std::vector<std::string> by_environment = ids(start(trouble.words, {"ASSAY_DIAGNOSTICS=json"}));
  EXPECT_TRUE(ids(text).empty()) << "text is the default";
  ASSERT_FALSE(by_environment.empty());
  EXPECT_EQ(by_environment.front(), trouble.id);
  if (!trouble.has_option) return;
  std::vector<std::string> words = trouble.words;
  words.insert(words.begin(), "--assay-diagnostics=json");
  const Finished by_option = start(words, {});
  EXPECT_EQ(ids(by_option), by_environment);
  EXPECT_EQ(by_option.status, text.status);
  words.front() = "--assay-diagnostics=text";
  const Finished text_again = start(words, {"ASSAY_DIAGNOSTICS=json"});
  EXPECT_EQ(text_again.standard_output + text_again.standard_error,
            text.standard_output + text.standard_error)
      << "the option wins";
  words.front() = "--assay-diagnostics=xml";
  EXPECT_NE(start(words, {}).status, "exit:0");
}

INSTANTIATE_TEST_SUITE_P(Programs, DiagnosticForm, testing::ValuesIn(kTroubles), [](const auto& one) {
  std::string name = one.param.program;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

}  // namespace
}  // namespace assay::test

// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The five programs: how they treat arguments and files. Measured on the real ones.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "cc/cc.h"
#include "cc/diagnostics.h"
#include "command/host_files.h"
#include "command/seed_command.h"
#include "tests/support/subprocess.h"

namespace assay::test {
namespace {

constexpr std::string_view kText = "int x;\n";

class CcCommand : public testing::TestWithParam<cc::Dialect> {
 protected:
  void SetUp() override {
    scratch_.write("in.c", as_bytes(kText));
    std::filesystem::create_directory(scratch_.path() / "dir");
  }

  Finished start(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), fmt::format("{}/{}", ASSAY_BIN_DIR, GetParam().program));
    return run({.argv = std::move(arguments), .cwd = scratch_.path()});
  }

  [[nodiscard]] Bytes compiled(std::string_view text) const {
    NoDiagnostics none;
    return cc::compile({"in.c", as_bytes(text)}, {.dialect = &GetParam()}, none).bytes;
  }

  [[nodiscard]] bool riscv() const { return GetParam().name.starts_with("riscv"); }

  Scratch scratch_;
};

TEST_P(CcCommand, WritesTheNamedOutput) {
  const Finished finished = start({"in.c", "out"});
  EXPECT_EQ(finished.status, "exit:0");
  EXPECT_EQ(finished.standard_output + finished.standard_error, "");
  EXPECT_EQ(scratch_.read("out"), compiled(kText));
  EXPECT_EQ(scratch_.mode("out"), "0600");
}

TEST_P(CcCommand, KeepsTheModeOfAFileThatExists) {
  scratch_.write("out", Bytes(1000, 'x'), 0644);
  EXPECT_EQ(start({"in.c", "out"}).status, "exit:0");
  EXPECT_EQ(scratch_.read("out"), compiled(kText));
  EXPECT_EQ(scratch_.mode("out"), "0644");
}

TEST_P(CcCommand, WritesToStandardOutputWithoutAName) {
  const Finished finished = start({"in.c"});
  EXPECT_EQ(finished.status, "exit:0");
  EXPECT_EQ(finished.standard_output, as_text(compiled(kText)));
}

TEST_P(CcCommand, MissingInputCountsAsEmptyButOnRiscv) {
  const Finished finished = start({"missing", "out"});
  EXPECT_NE(finished.standard_error.find("cc-missing-input"), std::string::npos);
  if (riscv()) {
    EXPECT_EQ(finished.status, "exit:1");
    EXPECT_FALSE(scratch_.read("out"));
  } else {
    EXPECT_EQ(finished.status, "exit:0");
    EXPECT_EQ(scratch_.read("out"), compiled(""));
  }
}

TEST_P(CcCommand, DirectoryAsInputCountsAsEmptyButCrashesRiscv) {
  const Finished finished = start({"dir", "out"});
  EXPECT_NE(finished.standard_error.find("cc-unreadable-input"), std::string::npos);
  EXPECT_EQ(finished.status, riscv() ? fmt::format("exit:{}", kStatusWouldCrash) : "exit:0");
  EXPECT_EQ(scratch_.read("out"), riscv() ? Bytes{} : compiled(""));
}

TEST_P(CcCommand, OutputThatCannotBeCreatedGoesToStandardOutputButOnRiscv) {
  for (const std::string_view name : {"no/out", "dir"}) {
    const Finished finished = start({"-Wcc-lost-output", "in.c", std::string(name)});
    EXPECT_EQ(finished.status, "exit:0");
    EXPECT_EQ(finished.standard_output, riscv() ? "" : as_text(compiled(kText)));
    EXPECT_NE(finished.standard_error.find("cc-lost-output"), std::string::npos);
  }
}

TEST_P(CcCommand, OutputOverInputReadsAnEmptyFile) {
  EXPECT_EQ(start({"in.c", "in.c"}).status, "exit:0");
  EXPECT_EQ(scratch_.read("in.c"), compiled(""));
}

TEST_P(CcCommand, RejectedProgramLeavesAnEmptyOutputAndTheRealMessage) {
  scratch_.write("in.c", as_bytes("foo x;"));
  const Finished finished = start({"in.c", "out"});
  EXPECT_EQ(finished.status, "exit:1");
  EXPECT_NE(finished.standard_error.find("cc-unknown-type"), std::string::npos);
  EXPECT_TRUE(finished.standard_error.ends_with("Unknown type foo\n"));
  EXPECT_EQ(scratch_.read("out"), Bytes{});
}

TEST_P(CcCommand, SaysWhatWouldHangOrCrash) {
  scratch_.write("in.c", as_bytes("/*"));
  EXPECT_EQ(start({"in.c", "out"}).status, fmt::format("exit:{}", kStatusWouldHang));
  scratch_.write("in.c", as_bytes("int"));
  EXPECT_EQ(start({"in.c", "out"}).status, fmt::format("exit:{}", kStatusWouldCrash));
}

INSTANTIATE_TEST_SUITE_P(Each, CcCommand, testing::ValuesIn(cc::dialects().begin(), cc::dialects().end()),
                         [](const testing::TestParamInfo<cc::Dialect>& one) {
                           return std::string(one.param.name);
                         });

TEST(CcPage, NamesEveryDiagnosticAndDialect) {
  const Result<Bytes> bytes = read_host_file(fmt::format("{}/docs/languages/cc.md", ASSAY_SOURCE_DIR));
  ASSERT_TRUE(bytes);
  for (const DiagnosticKind& kind : cc::kKinds) {
    EXPECT_NE(as_text(*bytes).find(fmt::format("`{}`", kind.id)), std::string_view::npos) << kind.id;
  }
  for (const cc::Dialect& dialect : cc::dialects()) {
    EXPECT_NE(as_text(*bytes).find(fmt::format("`{}`", dialect.program)), std::string_view::npos);
  }
}

}  // namespace
}  // namespace assay::test

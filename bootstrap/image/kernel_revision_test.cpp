// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/image/kernel_revision.h"

#include <gtest/gtest.h>

#include "command/host_files.h"
#include "core/digest.h"
#include "hex0/hex0.h"
#include "tests/support/subprocess.h"

namespace assay::image {
namespace {

Bytes assembled(const std::filesystem::path& path) {
  const Result<Bytes> text = read_host_file(path.string());
  EXPECT_TRUE(text) << path;
  NoDiagnostics nobody;
  return hex0::assemble(Source{"stage", text.value_or(Bytes())},
                        {.dialect = hex0::find_dialect("bh0-stage1-master")}, nobody)
      .bytes;
}

TEST(KernelRevision, TheOneThatIsPlayedIsUpstreams) {
  const auto tree = test::find_tree("builder-hex0");
  if (!tree) GTEST_SKIP() << "no tree builder-hex0 below ASSAY_TREES or ~/.cache/assay";
  const Bytes stage2 = assembled(*tree / "builder-hex0-x86-stage2.hex0");
  const KernelRevision* const known = kernel_revision(ByteView(stage2));
  ASSERT_NE(known, nullptr);
  EXPECT_TRUE(known->is_played());
  EXPECT_TRUE(known->execve_keeps_stack);
  EXPECT_TRUE(is_known_stage1(sha256(assembled(*tree / "builder-hex0-x86-stage1.hex0"))));
  // A comment changes nothing, a byte does.
  Bytes other = stage2;
  other[100] ^= 1U;
  EXPECT_EQ(kernel_revision(ByteView(other)), nullptr);
}

TEST(KernelRevision, BeforeTheFixAnExecveInPlaceResetsTheStack) {
  const KernelRevision* const before =
      kernel_revision("99d04da3bcb046a52b44aaade17e2a34ea48663125f48537adc4fc55939aec41");
  const KernelRevision* const fixed =
      kernel_revision("aa4c14c8cc17d5f2258afe1d80173ffe5958768c92b0fac826a4a8e8bd052c95");
  ASSERT_TRUE(before != nullptr && fixed != nullptr);
  EXPECT_EQ(before->revision, "8a6be6d");
  EXPECT_FALSE(before->execve_keeps_stack);
  EXPECT_EQ(fixed->revision, "e134ac7");
  EXPECT_TRUE(fixed->execve_keeps_stack);
  EXPECT_FALSE(before->is_played() || fixed->is_played());
}

}  // namespace
}  // namespace assay::image

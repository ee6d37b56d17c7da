// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/check/pins.h"

#include <gtest/gtest.h>

#include "core/memory_tree.h"

namespace assay::bootstrap {
namespace {

const std::string kA(64, 'a');
const std::string kB(64, 'b');

class PinsTest : public ::testing::Test {
 protected:
  PinsTest() {
    const auto files = std::make_shared<MemoryTree>();
    const auto put = [&](const std::string& path, const std::string& text) {
      files->put(path, to_bytes(text));
    };
    put("x86.answers", kA + "  x86/bin/kaem\n");
    put("steps/manifest", "build: one-1\nbuild: two-2\n");
    put("steps/bootstrap.cfg", "ARCH=x86\n");
    put("steps/one-1/one-1.x86.checksums", kA + "  /usr/bin/one\n" + kA + "  here\n");
    put("steps/one-1/one-1.amd64.checksums", kB + "  /usr/bin/one\n");
    put("steps/two-2/two-2.x86.checksums", kB + "  /usr/bin/one\n");
    put("steps/one-1/one.patch", "");
    put("external/distfiles/one.tar", "");
    put("steps/SHA256SUMS.pkgs", kA + "  three_0.tar.bz2\n");
    tree_.files = files;
  }
  static Command command(const std::string& script, const std::string& checks = "") {
    Command one;
    one.script = script;
    if (!checks.empty()) {
      one.role = Role::sha256sum;
      one.inputs = {checks};
    }
    return one;
  }
  static PinBook::Step made(const std::string& path, const std::string& seed, const std::string& reference) {
    PinBook::Step step;
    step.made.push_back({path, seed, reference});
    return step;
  }
  /// The verdicts in order of the lines.
  std::vector<std::string> verdicts(PinBook book) {
    pins_ = std::move(book).finish(findings_);
    std::vector<std::string> words;
    for (const Pin& pin : pins_.rows) words.push_back(pin.path + " " + std::string(name_of(pin.verdict)));
    return words;
  }
  [[nodiscard]] PinBook book() const { return {tree_, *find_architecture("x86"), true}; }

  static constexpr const char* kOne = "steps/one-1/pass1.kaem";
  Tree tree_;
  Pins pins_;
  std::vector<Finding> findings_;
};

TEST_F(PinsTest, AreJudgedWhenTheirListIsChecked) {
  PinBook one = book();
  one.add(0, command(kOne), made("usr/bin/one", kA, kA));
  one.add(1, command(kOne, "steps/one-1/one-1.x86.checksums"), {});
  one.add(2, command("steps/two-2/pass1.kaem"), made("usr/bin/one", kB, kB));
  EXPECT_EQ(verdicts(std::move(one)),
            (std::vector<std::string>{"usr/bin/one ok", "steps/one-1/here not-made", "usr/bin/one ok"}));
  EXPECT_EQ(pins_.rows[0].step, 0U);
  EXPECT_EQ(pins_.later, 2U) << "the answers, and a package";
  EXPECT_TRUE(findings_.empty());
}

TEST_F(PinsTest, OfLaterStepsDoNotCount) {
  PinBook one = book();
  one.add(0, command(kOne), made("usr/bin/one", kA, kA));
  one.add(1, command(kOne), made("usr/bin/other", kA, kA));
  EXPECT_EQ(verdicts(std::move(one)),
            (std::vector<std::string>{"usr/bin/one ok", "steps/one-1/here not-reached"}));
  EXPECT_EQ(pins_.later, 3U);
  EXPECT_EQ(pins_.unpinned, 1U);
}

TEST_F(PinsTest, OneRoadIsNotBoth) {
  PinBook one = book();
  one.add(0, command(kOne), made("usr/bin/one", kA, ""));
  EXPECT_EQ(verdicts(std::move(one)).front(), "usr/bin/one one-road");
  // Nor is what was made of a file that the reference road took over.
  PinBook two = book();
  PinBook::Step unpacks = made("steps/one-1/text", kB, "");
  unpacks.alone = true;
  two.add(0, command(kOne), std::move(unpacks));
  PinBook::Step compiles = made("usr/bin/one", kA, kA);
  compiles.read = {"steps/one-1/text"};
  two.add(1, command(kOne), std::move(compiles));
  EXPECT_EQ(verdicts(std::move(two)).front(), "usr/bin/one one-road");
}

TEST_F(PinsTest, WrongOnesAreFindings) {
  PinBook one = book();
  PinBook::Step patches;
  patches.read = {"steps/one-1/one.patch", "external/distfiles/one.tar", "steps/one-1/one-1.x86.checksums",
                  "usr/x"};
  one.add(0, command(kOne), std::move(patches));
  Command compiles = command(kOne);
  compiles.line = 7;
  compiles.argv = {"cc", "-o", "one"};
  one.add(1, compiles, made("usr/bin/one", kB, kB));
  one.add(2, command(kOne, "steps/one-1/one-1.x86.checksums"), {});
  // What stands there afterwards does not matter.
  PinBook::Step removes;
  removes.gone = {"usr/bin/one"};
  one.add(3, command("steps/two-2/pass1.kaem"), std::move(removes));
  EXPECT_EQ(verdicts(std::move(one)).front(), "usr/bin/one wrong");
  ASSERT_EQ(findings_.size(), 1U);
  EXPECT_EQ(findings_[0].id, kPinMismatch);
  EXPECT_EQ(findings_[0].file, "steps/one-1/one-1.x86.checksums");
  EXPECT_EQ(findings_[0].line, 1U);
  EXPECT_EQ(findings_[0].message, "'usr/bin/one' should have the digest " + kA + " and has " + kB +
                                      ": steps/one-1/pass1.kaem:7, cc made it");
  EXPECT_EQ(findings_[0].help,
            "both roads make these bytes, so its sources or the list were changed; its script read "
            "steps/one-1/one.patch, external/distfiles/one.tar");
}

TEST_F(PinsTest, WhatIsGoneWasNotMade) {
  PinBook one = book();
  one.add(0, command(kOne), made("usr/bin/one", kA, kA));
  PinBook::Step removes;
  removes.gone = {"usr/bin/one"};
  one.add(1, command(kOne), std::move(removes));
  one.add(2, command(kOne, "steps/one-1/one-1.x86.checksums"), {});
  EXPECT_EQ(verdicts(std::move(one)).front(), "usr/bin/one not-made");
  EXPECT_EQ(pins_.unpinned, 0U);
}

}  // namespace
}  // namespace assay::bootstrap

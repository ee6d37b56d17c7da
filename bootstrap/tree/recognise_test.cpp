// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/tree/recognise.h"

#include <gtest/gtest.h>

#include "bootstrap/tree/sub_tree.h"
#include "bootstrap/tree/tree.h"
#include "core/host_tree.h"
#include "core/memory_tree.h"
#include "tests/support/subprocess.h"

namespace assay::bootstrap {
namespace {

constexpr std::string_view kBoot = "./bootstrap-seeds/POSIX/x86/kaem-optional-seed ./x86/a.kaem\n";

std::shared_ptr<MemoryTree> tree_of(std::initializer_list<std::pair<std::string, std::string_view>> files) {
  auto tree = std::make_shared<MemoryTree>();
  for (const auto& [path, text] : files) {
    if (path.ends_with('/')) {
      EXPECT_TRUE(tree->create(path.substr(0, path.size() - 1), NodeKind::directory, 0755)) << path;
    } else {
      tree->put(path, to_bytes(text));
    }
  }
  return tree;
}

std::string message_of(const std::shared_ptr<MemoryTree>& files) {
  const Result<Tree> tree = open_tree("t", files);
  return tree ? "opened" : std::string(tree.error().id) + ": " + tree.error().message;
}

TEST(Recognise, AScriptOfAnUnknownArchitectureIsNamed) {
  const auto arm = tree_of({{"kaem.loongarch64", ""}, {"loongarch64/", ""}});
  EXPECT_EQ(
      message_of(arm),
      "tree-not-recognised: 't' is a stage0-posix tree for loongarch64, which assay does not know (it knows "
      "x86, amd64, aarch64, riscv32, riscv64, armv7l)");
  const auto both =
      tree_of({{"kaem.loongarch64", "./bootstrap-seeds/POSIX/loongarch64/kaem-optional-seed x\n"},
               {"kaem.x86", kBoot},
               {"bootstrap-seeds/POSIX/x86/hex0-seed", "x"},
               {"bootstrap-seeds/POSIX/x86/kaem-optional-seed", "x"}});
  const Result<Tree> tree = open_tree("t", both);
  ASSERT_TRUE(tree) << tree.error().message;
  EXPECT_EQ(tree->architectures.size(), 1U);
  EXPECT_EQ(tree->found.strange, std::vector<std::string>{"loongarch64"});
}

TEST(Recognise, TheSourcesOfKaemAreNoBootScripts) {
  EXPECT_EQ(recognise(*tree_of({{"kaem.c", "int main"}, {"kaem.h", ""}})).family, Family::unknown);
}

TEST(Recognise, AUefiPortIsNoPosixTree) {
  const auto uefi = tree_of({{"kaem.amd64", "EFI\\BOOT\\BOOTX64.efi amd64\\mescc-tools-seed-kaem.kaem\n"},
                             {"bootstrap-seeds/POSIX/AMD64/hex0-seed", "x"},
                             {"bootstrap-seeds/POSIX/AMD64/kaem-optional-seed", "x"}});
  EXPECT_EQ(recognise(*uefi).family, Family::stage0_uefi);
  EXPECT_NE(message_of(uefi).find("'t' is a UEFI port of stage0"), std::string::npos) << message_of(uefi);
}

// Before release 1.5.
TEST(Recognise, OldReleasesHaveTheirBootScriptsElsewhere) {
  const auto named = [](const Tree& tree) {
    std::string names(tree.layout().releases);
    for (const Architecture* arch : tree.architectures) names += " " + std::string(arch->name);
    return names;
  };
  const auto inside = tree_of({{"x86/kaem.run", "a\n"},
                               {"AMD64/kaem.run", "a\n"},
                               {"bootstrap-seeds/POSIX/x86/hex0-seed", "x"},
                               {"bootstrap-seeds/POSIX/x86/kaem-optional-seed", "x"}});
  EXPECT_EQ(named(open_tree("t", inside).value()), "1.3 and 1.4 x86");
  const auto one = tree_of({{"x86/kaem.run", "a\n"}, {"x86/hex0-seed", "x"}, {"kaem-optional-seed", "x"}});
  EXPECT_EQ(named(open_tree("t", one).value()), "1.1 x86");
  const std::string elf(
      "\x7f"
      "ELF\1\1\1\0\0\0\0\0\0\0\0\0\2\0\3\0",
      20);
  const auto flat = tree_of({{"kaem.run", "a\n"}, {"hex0-seed", elf}, {"kaem-optional-seed", "x"}});
  EXPECT_EQ(named(open_tree("t", flat).value()), "0.1 and 1.0 x86");
  // Without its seed such a script is anybody's.
  EXPECT_EQ(recognise(*tree_of({{"kaem.run", "a\n"}})).family, Family::unknown);
}

TEST(Recognise, AnOldReleaseWithoutSeedsIsToldSo) {
  EXPECT_EQ(
      message_of(tree_of({{"x86/kaem.run", "a\n"}, {"mes-m2/", ""}, {".gitmodules", "path = mes-m2\n"}})),
      "tree-not-recognised: 't' has boot scripts for x86, but not both seeds of any: hex0-seed and "
      "kaem-optional-seed belong into bootstrap-seeds/POSIX/ARCH; its mes-m2 is empty, too: a submodule "
      "that is not checked out");
}

TEST(Recognise, EmptySubmodulesAreToldInOneLineWithTheCommand) {
  const auto clone = tree_of({{"kaem.x86", kBoot}, {"bootstrap-seeds/", ""}, {"M2libc/", ""}, {"x86/a", ""}});
  EXPECT_EQ(
      message_of(clone),
      "tree-submodules-missing: 't' is a stage0-posix tree without its submodules M2libc, bootstrap-seeds: "
      "git -C 't' submodule update --init --recursive");
  // An archiver may have dropped the directories: .gitmodules knows them.
  const auto packed =
      tree_of({{"kaem.x86", kBoot}, {".gitmodules", "[submodule \"x\"]\n\tpath = M2-Planet\n\turl = u\n"}});
  EXPECT_EQ(recognise(*packed).empty, std::vector<std::string>{"M2-Planet"});
}

TEST(Recognise, LiveBootstrapIsToldByItsDirectives) {
  EXPECT_EQ(recognise(*tree_of({{"steps/manifest", "# a\nbuild: a\n"}})).family, Family::live_bootstrap_tree);
  const FoundTree checkout = recognise(*tree_of({{"steps/manifest", "build: a\nbiuld: b\n"},
                                                 {"seed/stage0-posix/x86/a", ""},
                                                 {"seed/stage0-posix/M2libc/.gitignore", ""},
                                                 {".gitmodules", "\tpath = builder-hex0\n"}}));
  EXPECT_EQ(checkout.family, Family::live_bootstrap_checkout);
  EXPECT_EQ(checkout.empty, (std::vector<std::string>{"builder-hex0", "seed/stage0-posix/M2libc"}));
  const auto other = tree_of({{"steps/manifest", "{\n \"steps\": []\n}\n"}});
  EXPECT_EQ(recognise(*other).family, Family::unknown);
  EXPECT_NE(message_of(other).find("has a steps/manifest that is not live-bootstrap's"), std::string::npos);
  const auto old = tree_of({{"sysa/run.sh", ""}, {"rootfs.py", ""}});
  EXPECT_NE(message_of(old).find("before steps/manifest"), std::string::npos) << message_of(old);
}

TEST(Recognise, TreesAreFoundInsideOfWhatHoldsThem) {
  const auto files = tree_of({{"stage0-posix-1.9.1/kaem.x86", kBoot},
                              {"stage0-posix-1.9.1/inner/kaem.x86", kBoot},
                              {"1/lb/steps/manifest", "build: a\n"},
                              {"readme", ""}});
  const std::vector<FoundTree> trees = find_trees(*files);
  ASSERT_EQ(trees.size(), 1U);
  EXPECT_EQ(trees[0].root, "stage0-posix-1.9.1");
  EXPECT_EQ(
      message_of(files),
      "tree-not-recognised: 't' has no kaem.ARCH script; there is a tree in its 'stage0-posix-1.9.1': give "
      "that path");
  const SubTree inner(files, "stage0-posix-1.9.1");
  EXPECT_EQ(inner.list("").value(), (std::vector<std::string>{"inner", "kaem.x86"}));
  EXPECT_EQ(recognise(inner).family, Family::stage0_posix);
  EXPECT_EQ(message_of(tree_of({{"a.txt", ""}})),
            "tree-not-recognised: 't' has no kaem.ARCH script and no steps/manifest; it holds a.txt");
}

TEST(Recognise, UpstreamTreesAreWhatTheyAre) {
  const auto stage0 = test::find_tree("stage0-posix");
  const auto live = test::find_tree("live-bootstrap");
  if (!stage0 || !live) GTEST_SKIP() << "no trees below ASSAY_TREES or ~/.cache/assay";
  const FoundTree one = recognise(HostTree(*stage0));
  EXPECT_EQ(one.family, Family::stage0_posix);
  EXPECT_EQ(one.empty, std::vector<std::string>());
  EXPECT_EQ(one.strange, std::vector<std::string>());
  EXPECT_EQ(one.scripts.size(), 5U);
  const FoundTree other = recognise(HostTree(*live));
  EXPECT_EQ(other.family, Family::live_bootstrap_checkout);
  EXPECT_EQ(other.empty, std::vector<std::string>());
}

}  // namespace
}  // namespace assay::bootstrap

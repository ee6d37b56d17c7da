// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/tree/own_tree.h"

#include <gtest/gtest.h>
#include <algorithm>

#include "bootstrap/tree/embedded_tree.h"

namespace assay::bootstrap {
namespace {

const Architecture& arch(std::string_view name) { return *find_architecture(name); }

std::string text_of(const Tree& tree, std::string_view path) {
  const auto bytes = tree.files->read(path);
  return bytes ? std::string(as_text(**bytes)) : "missing";
}

/// A tree with a file of each kind that ours take the place of, and the script that builds them.
Tree tree_with(const Architecture& arch, std::string_view catm, std::string_view script) {
  const auto files = std::make_shared<MemoryTree>();
  for (const OwnProgram& program : own_programs()) {
    if (program.name != "catm") files->put(filled(program.place, arch), to_bytes("theirs"));
  }
  files->put(filled(catm, arch), to_bytes("theirs"));
  files->put(filled("{ARCH}/mescc-tools-mini-kaem.kaem", arch), to_bytes(script));
  return {"tree", TreeKind::stage0_posix, files, {&arch}, {}};
}

std::vector<std::string_view> names(std::string_view list) {
  std::vector<std::string_view> found;
  const auto programs = own_programs_of(list);
  if (!programs) return {programs.error().id};
  for (const OwnProgram* program : *programs) found.push_back(program->name);
  return found;
}

TEST(OwnPrograms, AreNamedInAListOrAllAtOnce) {
  using Names = std::vector<std::string_view>;
  EXPECT_EQ(names("own"), (Names{"hex0", "kaem-minimal", "hex1", "hex2-0", "catm", "M0"}));
  EXPECT_EQ(names("own:M0,hex0,M0"), (Names{"M0", "hex0"}));
  for (const char* wrong :
       {"", "own:", "own:hex0,", "own:,hex0", "own:m0", "hex0", "own,hex0", "others:hex0"})
    EXPECT_EQ(names(wrong), Names{"own-tool-unknown"}) << wrong;
}

TEST(OwnPrograms, ThereIsATextOfEachForEachArchitectureThatIsChecked) {
  for (const Architecture& one : architectures()) {
    for (const OwnProgram& program : own_programs())
      EXPECT_TRUE(own_text(program, one)) << program.name << ' ' << one.name;
  }
}

TEST(WithOwn, ATextTakesItsPlaceAndTheHeaderOfM0IsNotJoinedToOurs) {
  const Architecture& amd64 = arch("AMD64");
  const Tree tree = tree_with(amd64, "{ARCH}/catm_{ARCH}.hex2",
                              "# M0_AMD64.hex2 ./AMD64/ELF-amd64.hex2\n"
                              "./catm ./M0.hex2 ./AMD64/ELF-amd64.hex2 ./AMD64/M0_AMD64.hex2\n"
                              "./catm ./cc.hex2 ./AMD64/ELF-amd64.hex2 ./AMD64/cc.hex2");
  const auto own = with_own(tree, {false, own_programs_of("own:hex1,M0").value()}, {&amd64});
  ASSERT_TRUE(own) << own.error().message;
  EXPECT_EQ(own->ours, (std::vector<std::string>{"AMD64/M0_AMD64.hex2", "AMD64/hex1_AMD64.hex0"}));
  EXPECT_EQ(text_of(own->tree, "AMD64/hex1_AMD64.hex0"),
            as_text(*own_text(*find_own_program("hex1"), amd64)));
  EXPECT_EQ(text_of(own->tree, "AMD64/hex2_AMD64.hex1"), "theirs");
  EXPECT_EQ(text_of(tree, "AMD64/hex1_AMD64.hex0"), "theirs") << "the given tree is as it was";
  ASSERT_EQ(own->edits.size(), 1U);
  EXPECT_EQ(own->edits[0].line, 2U);
  EXPECT_EQ(own->edits[0].after, "./catm ./M0.hex2 ./AMD64/M0_AMD64.hex2");
  EXPECT_EQ(text_of(own->tree, "AMD64/mescc-tools-mini-kaem.kaem"),
            "# M0_AMD64.hex2 ./AMD64/ELF-amd64.hex2\n"
            "./catm ./M0.hex2 ./AMD64/M0_AMD64.hex2\n"
            "./catm ./cc.hex2 ./AMD64/ELF-amd64.hex2 ./AMD64/cc.hex2");
}

TEST(WithOwn, OurCatmIsLinkedByHex2WhereTheTreesIsMadeByHex1) {
  const Architecture& aarch64 = arch("AArch64");
  const Tree tree =
      tree_with(aarch64, "{ARCH}/catm_{ARCH}.hex1",
                "./AArch64/artifact/hex1 ./AArch64/catm_AArch64.hex1 ./AArch64/artifact/catm\n");
  const auto own = with_own(tree, {false, own_programs_of("own:catm").value()}, {&aarch64});
  ASSERT_TRUE(own) << own.error().message;
  EXPECT_EQ(text_of(own->tree, "AArch64/mescc-tools-mini-kaem.kaem"),
            "./AArch64/artifact/hex2-0 ./AArch64/catm_AArch64.hex2 ./AArch64/artifact/catm\n");
  EXPECT_EQ(own->ours, std::vector<std::string>{"AArch64/catm_AArch64.hex2"});
}

TEST(WithOwn, WhatHasNoPlaceIsTold) {
  const Architecture& x86 = arch("x86");
  Tree tree = tree_with(x86, "{ARCH}/catm_{ARCH}.hex3", "");
  EXPECT_EQ(with_own(tree, {false, own_programs_of("own:catm").value()}, {&x86}).error().id,
            "own-tool-no-place");
  tree.found.layout = &layouts().back();
  EXPECT_EQ(with_own(tree, {true, {}}, {&x86}).error().id, "own-seeds-no-place");
}

TEST(EmbeddedTree, IsATreeForSixArchitecturesWithoutPlaceholders) {
  const Tree tree = embedded_tree();
  EXPECT_EQ(tree.architectures.size(), architectures().size());
  for (const Architecture& one : architectures()) {
    const std::string script = text_of(tree, boot_script_path(one));
    EXPECT_NE(script.find(kaem_seed_path(one)), std::string::npos) << script;
    EXPECT_EQ(script.find('{'), std::string::npos) << script;
    EXPECT_EQ(text_of(tree, hex0_seed_path(one)).substr(1, 3), "ELF") << one.name;
    EXPECT_EQ(text_of(tree, filled("bootstrap-seeds/POSIX/{ARCH}/hex0_{ARCH}.hex0", one)),
              text_of(tree, filled("{ARCH}/hex0_{ARCH}.hex0", one)));
    EXPECT_TRUE(tree.files->info(filled("{ARCH}/artifact/README", one))) << one.name;
    EXPECT_TRUE(tree.files->info(answers_path(one))) << one.name;
  }
}

}  // namespace
}  // namespace assay::bootstrap

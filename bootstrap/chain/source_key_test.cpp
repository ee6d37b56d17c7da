// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/chain/source_key.h"

#include <gtest/gtest.h>

#include "bootstrap/chain/own_source.h"
#include "bootstrap/tree/own_texts.h"
#include "core/memory_tree.h"

namespace assay::bootstrap {
namespace {

std::string key(std::string_view path, std::string_view text) { return source_key(path, as_bytes(text)); }

TEST(SourceKey, CommentsAndBlanksDoNotCount) {
  EXPECT_EQ(key("a.hex0", "7F 45 # magic\n4C\n"), key("a.hex0", "; ELF\n7F  45\t4C"));
  EXPECT_EQ(key("a.c", "int a; /* one */ int b; // two\n"), key("a.c", "int a;\n\nint b;"));
  EXPECT_EQ(key("a.M1", ":label\nDEFINE x 00\n"), key("a.M1", ":label DEFINE x 00"));
}

TEST(SourceKey, EverythingElseCounts) {
  EXPECT_NE(key("a.hex0", "7F 45"), key("a.hex0", "7F 46"));
  EXPECT_NE(key("a.M1", "ab c"), key("a.M1", "a bc"));
  EXPECT_NE(key("a.c", "a - -b"), key("a.c", "a --b"));
}

TEST(SourceKey, StringsAreNoComments) {
  EXPECT_NE(key("a.M1", "\"# one\""), key("a.M1", "\"# two\""));
  EXPECT_NE(key("a.c", "x = \"//a\";"), key("a.c", "x = \"//b\";"));
  EXPECT_NE(key("a.c", "x = '\\''; // 'a"), key("a.c", "x = 'a'; // 'a"));
  EXPECT_EQ(key("a.c", "x = '\"'; // one"), key("a.c", "x = '\"'; /* two */"));
}

// On riscv a comment of hex0 ends at a carriage return: what stands behind it is code.
TEST(SourceKey, NothingHidesBehindAControlCharacter) {
  EXPECT_NE(key("a.hex0", "7F # say\r45\n"), key("a.hex0", "7F # say\n"));
  EXPECT_NE(key("a.hex0", "7F # say\r45\n"), key("a.hex0", "7F # say\r46\n"));
}

TEST(SourceKeys, NamesAndOrderDoNotMatter) {
  MemoryTree one;
  one.put("a.c", to_bytes("int a;"));
  one.put("b.c", to_bytes("int b;"));
  MemoryTree other;
  other.put("z.c", to_bytes("int a; // the same\n"));
  other.put("y.c", to_bytes("int b;"));
  const std::string both = SourceKeys(one).key_of({"a.c", "b.c"});
  EXPECT_EQ(both, SourceKeys(other).key_of({"y.c", "z.c"}));
  EXPECT_NE(both, SourceKeys(one).key_of({"a.c"}));
  EXPECT_FALSE(is_known_source(Role::hex0, "AMD64", both));
}

TEST(OwnSources, AreToldFromOthersOfTheirName) {
  const Architecture& amd64 = *find_architecture("AMD64");
  const ByteView text = *own_text(*find_own_program("kaem-minimal"), amd64);
  MemoryTree tree;
  tree.put("AMD64/kaem-minimal.hex0", Bytes(text.begin(), text.end()));
  tree.put("other", to_bytes(std::string(as_text(text)) + "00\n"));
  const std::string own = SourceKeys(tree).key_of({"AMD64/kaem-minimal.hex0"});
  EXPECT_TRUE(is_own_source(Role::kaem_minimal, amd64, own));
  EXPECT_FALSE(is_own_source(Role::hex0, amd64, own));
  EXPECT_FALSE(is_own_source(Role::kaem_minimal, *find_architecture("x86"), own));
  EXPECT_FALSE(is_own_source(Role::kaem_minimal, amd64, SourceKeys(tree).key_of({"other"})));
  EXPECT_FALSE(is_own_source(Role::kaem_minimal, amd64, ""));
}

}  // namespace
}  // namespace assay::bootstrap

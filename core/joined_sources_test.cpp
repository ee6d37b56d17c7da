// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/joined_sources.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

TEST(JoinedSources, finds_the_source_of_each_byte) {
  const Source sources[] = {{"a", as_bytes("ab")}, {"empty", {}}, {"c", as_bytes("cde")}};
  const JoinedSources joined(sources);
  EXPECT_EQ(joined.text(), "abcde");
  EXPECT_EQ(joined.span(0, 1), (Span{0, 0, 1}));
  EXPECT_EQ(joined.span(1, 3), (Span{0, 1, 1})) << "cut at the border";
  EXPECT_EQ(joined.span(2, 2), (Span{2, 0, 2}));
  EXPECT_EQ(joined.span(4, 9), (Span{2, 2, 1}));
}

TEST(JoinedSources, one_source_is_not_copied) {
  const std::string_view text = "x";
  const Source source{"a", as_bytes(text)};
  const JoinedSources joined({&source, 1});
  EXPECT_EQ(joined.text().data(), text.data());
}

TEST(JoinedSources, no_sources_are_an_empty_text) {
  const JoinedSources joined({});
  EXPECT_EQ(joined.text(), "");
  EXPECT_EQ(joined.span(0, 0), Span{});
}

}  // namespace
}  // namespace assay

// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "command/warnings.h"

#include <gtest/gtest.h>
#include <array>

namespace assay {
namespace {

constexpr std::array<DiagnosticKind, 3> kTable{{{"a-quirk", Severity::warning, ""},
                                                {"b-quirk", Severity::warning, ""},
                                                {"broken", Severity::error, ""}}};
constexpr std::array<std::span<const DiagnosticKind>, 1> kKnown{kTable};

std::string shown(std::initializer_list<std::string_view> options, const DiagnosticKind& kind) {
  WarningPolicy policy;
  for (const std::string_view option : options) EXPECT_TRUE(policy.apply(option, kKnown)) << option;
  const Severity* severity = policy.severity_of(kind);
  return severity == nullptr ? "off" : std::string(name_of(*severity));
}

TEST(WarningPolicy, QuietUntilAsked) {
  EXPECT_EQ(shown({}, kTable[0]), "off");
  EXPECT_EQ(shown({"all"}, kTable[0]), "warning");
  EXPECT_EQ(shown({"a-quirk"}, kTable[0]), "warning");
  EXPECT_EQ(shown({"a-quirk"}, kTable[1]), "off");
  EXPECT_EQ(shown({"all", "no-a-quirk"}, kTable[0]), "off");
  EXPECT_EQ(shown({}, kTable[2]), "error");
}

TEST(WarningPolicy, RaisingToErrors) {
  EXPECT_EQ(shown({"error=a-quirk"}, kTable[0]), "error");
  EXPECT_EQ(shown({"all", "error"}, kTable[0]), "error");
  EXPECT_EQ(shown({"error"}, kTable[0]), "off") << "-Werror alone asks for nothing";
  EXPECT_EQ(shown({"all", "error=a-quirk", "no-error=a-quirk"}, kTable[0]), "warning");
}

TEST(WarningPolicy, UnknownIdIsAnError) {
  WarningPolicy policy;
  EXPECT_EQ(policy.apply("no-such", kKnown).error().message, "unknown warning '-Wno-such'");
  EXPECT_FALSE(policy.apply("broken", kKnown)) << "errors are not warnings";
}

TEST(FilteredDiagnostics, RemembersRaisedWarnings) {
  WarningPolicy policy;
  ASSERT_TRUE(policy.apply("error=a-quirk", kKnown));
  DiagnosticList list;
  FilteredDiagnostics filter(policy, list);
  filter.report(kTable[1], {}, "dropped");
  EXPECT_FALSE(filter.raised_error());
  filter.report(kTable[0], {}, "kept");
  EXPECT_TRUE(filter.raised_error());
  ASSERT_EQ(list.all.size(), 1U);
  EXPECT_EQ(list.all[0].severity, Severity::error);
}

}  // namespace
}  // namespace assay

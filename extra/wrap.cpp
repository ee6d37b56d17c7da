// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "extra/wrap.h"

#include <string_view>

namespace assay::extra {
namespace {

constexpr std::string_view kKept[] = {"ARCH",       "ARCH_DIR",     "M2LIBC",          "TOOLS",
                                      "BLOOD_FLAG", "BASE_ADDRESS", "ENDIAN_FLAG",     "BINDIR",
                                      "BUILDDIR",   "TMPDIR",       "OPERATING_SYSTEM"};

}  // namespace

std::vector<std::string> wrapped_environment(const char* const* environment) {
  std::vector<std::string> wrapped;
  for (const std::string_view name : kKept) {
    for (const char* const* entry = environment; *entry != nullptr; ++entry) {
      const std::string_view text = *entry;
      if (!text.starts_with(name) || text.size() == name.size() || text[name.size()] != '=') continue;
      wrapped.emplace_back(text);
      break;
    }
  }
  wrapped.emplace_back("WRAPPED=yes");
  return wrapped;
}

}  // namespace assay::extra

// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "linker/critic.h"

#include <fmt/format.h>

#include "linker/diagnostics.h"

namespace assay::linker {

bool Critic::label(std::string_view name, const char* first) {
  if (name.find('\0') != std::string_view::npos) {
    diagnostics_.report(kind("linker-nul-in-name"), span(first, name.size() + 1), "NUL in a label");
  }
  const std::uint32_t number = names_.intern(name);
  const Span here = span(first, std::min<std::size_t>(name.size() + 1, text_.size() - span(first, 0).offset));
  if (number == definitions_.size()) {
    definitions_.push_back(here);
  } else {
    diagnostics_.report(kind("linker-duplicate-label"), here, fmt::format("'{}' is defined again", name),
                        {{definitions_[number], "first defined here"}});
  }
  return true;
}

bool Critic::pointer(char /*sigil*/, std::string_view name, bool /*based*/, std::string_view base,
                     const char* first, const char* /*end*/) {
  if (name.find('\0') != std::string_view::npos || base.find('\0') != std::string_view::npos) {
    diagnostics_.report(kind("linker-nul-in-name"), span(first, 1), "NUL in a reference");
  }
  return true;
}

// Blanks, and the separators that people use.
void Critic::ignored(const char* at) {
  if (std::string_view(" \t\r.<>^_-|,").find(*at) != std::string_view::npos) return;
  const auto byte = static_cast<unsigned char>(*at);
  diagnostics_.report(kind("linker-ignored-character"), span(at, 1),
                      byte > ' ' && byte < 0x7F ? fmt::format("'{}' is ignored", *at)
                                                : fmt::format("byte {:02X} is ignored", byte));
}

void Critic::partial(const char* first) {
  diagnostics_.report(kind("linker-partial-byte"), span(first, 1), "the file ends inside a byte");
}

}  // namespace assay::linker

// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/lint/lint.h"

#include <array>

#include "bootstrap/lint/c_text.h"
#include "bootstrap/lint/hex_text.h"
#include "bootstrap/lint/words.h"

namespace assay::bootstrap::lint {

std::string_view architecture_of_path(std::string_view path) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kNames{
      {{"x86", "x86"},
       {"i386", "x86"},
       {"amd64", "AMD64"},
       {"aarch64", "AArch64"},
       {"riscv32", "riscv32"},
       {"riscv64", "riscv64"},
       {"armv7l", "armv7l"},
       {"knight", "knight"}}};
  std::string name = lower(path);
  constexpr std::string_view kLongName = "x86_64";  // which is not x86
  for (std::size_t at = name.find(kLongName); at != std::string::npos; at = name.find(kLongName))
    name.replace(at, kLongName.size(), "amd64");
  const auto parts = split(name, "/");
  for (std::size_t i = parts.size(); i-- > 0;) {  // the file's own name says most
    for (const auto& [word, architecture] : kNames) {
      for (const std::string_view piece : split(parts[i], "._-")) {
        if (piece == word) return architecture;
      }
    }
  }
  return {};
}

void lint_text(const Source& source, std::string_view architecture, Counts& counts, DiagnosticSink& sink) {
  ++counts.files;
  if (source.name.ends_with(".c")) return lint_c_text(source, {}, counts, sink);
  if (source.name.ends_with(".M1")) return lint_defines(source, architecture, counts, sink);
  static constexpr std::array<std::pair<std::string_view, Language>, 3> kLanguages{
      {{".hex0", Language::hex0}, {".hex1", Language::hex1}, {".hex2", Language::hex2}}};
  for (const auto& [ending, language] : kLanguages) {
    if (!source.name.ends_with(ending)) continue;
    if (const auto text = assemble_text(source, language, architecture))
      lint_hex_text(*text, architecture, counts, sink);
  }
}

}  // namespace assay::bootstrap::lint

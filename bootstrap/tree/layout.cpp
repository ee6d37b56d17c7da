// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/tree/layout.h"

#include <fmt/format.h>
#include <array>
#include <utility>

namespace assay::bootstrap {
namespace {

constexpr std::string_view kHex0 = "bootstrap-seeds/POSIX/{ARCH}/hex0-seed";
constexpr std::string_view kKaem = "bootstrap-seeds/POSIX/{ARCH}/kaem-optional-seed";

constexpr std::array<Layout, 4> kLayouts{{
    {"1.5 and later", "", "kaem.{arch}", kHex0, kKaem},
    {"1.3 and 1.4", "{ARCH}", "{ARCH}/kaem.run", kHex0, kKaem},
    {"1.1", "{ARCH}", "{ARCH}/kaem.run", "{ARCH}/hex0-seed", "kaem-optional-seed", true},
    {"0.1 and 1.0", "", "kaem.run", "hex0-seed", "kaem-optional-seed", true},
}};

}  // namespace

std::string filled(std::string_view text, const Architecture& arch) {
  std::string result(text);
  for (const auto& [mark, name] : {std::pair{std::string_view("{ARCH}"), arch.name},
                                   std::pair{std::string_view("{arch}"), arch.library_name}}) {
    for (std::size_t at = 0; (at = result.find(mark, at)) != std::string::npos; at += name.size())
      result.replace(at, mark.size(), name);
  }
  return result;
}

std::span<const Layout> layouts() { return kLayouts; }

const Layout& uefi_layout() {
  static constexpr Layout kUefi{
      "UEFI", "", "kaem.{arch}", "bootstrap-seeds/UEFI/{arch}/hex0-seed.efi", kUefiBootProgram, false, true};
  return kUefi;
}

std::string boot_directory(const Architecture& arch, const Layout& layout) {
  return filled(layout.directory, arch);
}

std::string boot_script_path(const Architecture& arch, const Layout& layout) {
  return filled(layout.boot_script, arch);
}

std::string kaem_seed_path(const Architecture& arch, const Layout& layout) {
  return filled(layout.kaem_seed, arch);
}

std::string hex0_seed_path(const Architecture& arch, const Layout& layout) {
  return filled(layout.hex0_seed, arch);
}

std::string answers_path(const Architecture& arch) {
  return arch.answers ? std::string(*arch.answers) : fmt::format("{}.answers", arch.library_name);
}

}  // namespace assay::bootstrap

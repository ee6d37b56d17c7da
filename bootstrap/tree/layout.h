// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where a stage0-posix tree has what boots it. Releases differ: a row each.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "bootstrap/tree/architecture.h"

namespace assay::bootstrap {

/// Paths from the tree's root; "{ARCH}" stands for the architecture's name, "{arch}" for its name in M2libc.
struct Layout {
  std::string_view releases;
  std::string_view directory;  ///< in which the boot program is started
  std::string_view boot_script;
  std::string_view hex0_seed;
  std::string_view kaem_seed;
  bool boots_with_kaem = false;  ///< the seed is no kaem-minimal but kaem, which is told to be strict
  bool is_uefi = false;          ///< words of commands have '\\' for '/', programs end with .efi
};

/// Today's first.
std::span<const Layout> layouts();
/// That of the port to UEFI. The boot medium has its kaem seed at another place than the tree.
const Layout& uefi_layout();
inline constexpr std::string_view kUefiBootProgram = "EFI/BOOT/BOOTX64.efi";
inline const Layout& todays_layout() { return layouts().front(); }

/// A path or text with an architecture's names in it.
std::string filled(std::string_view text, const Architecture& arch);

/// Paths of the trusted files of an architecture.
std::string boot_directory(const Architecture& arch, const Layout& layout);
std::string boot_script_path(const Architecture& arch, const Layout& layout = todays_layout());
std::string kaem_seed_path(const Architecture& arch, const Layout& layout = todays_layout());
std::string hex0_seed_path(const Architecture& arch, const Layout& layout = todays_layout());
std::string answers_path(const Architecture& arch);

}  // namespace assay::bootstrap

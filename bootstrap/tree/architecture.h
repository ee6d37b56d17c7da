// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The architectures that a stage0-posix tree can hold.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace assay::bootstrap {

struct Architecture {
  std::string_view name;          ///< directory and dialect name: "AMD64", "riscv64"
  std::string_view library_name;  ///< as M2libc and file names spell it: "amd64"
  std::uint16_t elf_machine;      ///< e_machine of its programs
  int word_bits;
  std::string_view dialect;  ///< of the seed tools' rows
  /// Whether programs of it run here: in the machine and by the reference road. Else its chain is derived by
  /// the cross road alone.
  bool runs = true;
  /// The known architecture whose rows are looked up by name, where this one is a user's (description.h);
  /// empty: itself.
  std::string_view like = {};
  /// Its list of answers, where a description speaks of it: an empty path where there is none. Nothing: as in
  /// stage0-posix.
  std::optional<std::string_view> answers = std::nullopt;
  /// There is no kernel: the words of a command are a program, its two tapes and, where it is not the usual
  /// one, the size of its memory (machine/knight/knight.h). Of the two roads the reference road runs none of
  /// its programs.
  bool bare = false;

  [[nodiscard]] std::string_view known_name() const { return like.empty() ? name : like; }
};

/// The port to UEFI, whose programs nothing here runs. Not among architectures().
extern const Architecture kUefiAmd64;
/// The knight machine of stage0, for descriptions. Not among architectures() either.
extern const Architecture kKnight;

std::span<const Architecture> architectures();
/// By name, in any spelling that command/architecture_names.h knows; nothing if unknown.
const Architecture* find_architecture(std::string_view name);

}  // namespace assay::bootstrap

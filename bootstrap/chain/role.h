// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Roles: what program a step runs, told from the sources it was built of, and how that program
// reads its command line.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace assay::bootstrap {

enum class Role {
  unknown,
  hex0,
  hex1,
  hex2_0,
  catm,
  m0,
  cc,
  m2_planet,
  blood_elf,
  m1,
  hex2,
  kaem_minimal,
  kaem,
  m2_mesoplanet,
  get_machine,
  sha256sum,
  cp,
  mes,
};

std::string_view name_of(Role role);
/// By its name; nothing if there is none of it.
std::optional<Role> role_named(std::string_view name);
/// The names of all but `unknown`, once each.
std::vector<std::string> role_names();

/// An assembler or compiler written by hand, as machine code or in assembly.
bool is_hand_written(Role role);

/// Instructions after which a program of a role is in an endless loop: several times what the slowest step of
/// all known trees takes for as many bytes of input. Where more than its inputs decides, or nothing is known
/// of the role: all.
std::uint64_t most_instructions(Role role, std::uint64_t bytes);

/// Source files (normal paths in the tree) whose text went into a file, through any steps.
using Origins = std::set<std::string, std::less<>>;

/// The role of a program built from these sources; `unknown` if no telling source is among them.
Role role_of(const Origins& origins);

/// Paths as written on a command line.
struct Operands {
  std::vector<std::string> inputs;
  std::vector<std::string> outputs;
};

/// What a program of this role reads and writes, by its command line alone (argv[0] included).
/// `sha256sum -c` reads the list; what the list names is not included. M2-Mesoplanet reads more
/// than it is told (includes); only the named files are listed.
Operands operands_of(Role role, const std::vector<std::string>& argv);

}  // namespace assay::bootstrap

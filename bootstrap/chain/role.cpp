// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/chain/role.h"

#include <algorithm>
#include <array>
#include <limits>

#include "core/paths.h"

namespace assay::bootstrap {
namespace {

/// How a program reads its command line.
enum class Usage {
  none,      ///< reads and writes nothing that we know of
  in_out,    ///< TOOL IN OUT
  out_ins,   ///< TOOL OUT IN...
  options,   ///< -f/--file IN, -o/--output OUT, both repeatable
  checklist  ///< -c LIST
};

struct RoleRow {
  Role role;
  std::string_view name;
  Usage usage;
  /// Telling source: its directory part (may be empty), the start and the end of its file name.
  std::string_view directory;
  std::string_view prefix;
  std::string_view suffix;
};

constexpr std::array<RoleRow, 26> kRoles{{
    {Role::unknown, "unknown", Usage::none, "-", "-", "-"},
    {Role::hex0, "hex0", Usage::in_out, "", "hex0_", ".hex0"},
    {Role::hex1, "hex1", Usage::in_out, "", "hex1_", ".hex0"},
    {Role::hex2_0, "hex2-0", Usage::in_out, "", "hex2_", ".hex1"},
    {Role::catm, "catm", Usage::out_ins, "", "catm_", ""},
    {Role::m0, "M0", Usage::in_out, "", "M0_", ".hex2"},
    {Role::cc, "cc", Usage::in_out, "", "cc_", ".M1"},
    {Role::hex0, "hex0", Usage::in_out, "", "hex0.", ".hex0"},  // the port to UEFI
    {Role::hex1, "hex1", Usage::in_out, "", "hex1.", ".hex0"},
    {Role::hex2_0, "hex2-0", Usage::in_out, "", "hex2.", ".hex1"},
    {Role::catm, "catm", Usage::out_ins, "", "catm.", ".hex2"},
    {Role::m0, "M0", Usage::in_out, "", "M0.", ".hex2"},
    {Role::kaem_minimal, "kaem-minimal", Usage::none, "", "kaem-optional", ".hex0"},
    {Role::m2_planet, "M2-Planet", Usage::options, "M2-Planet", "cc.c", ""},
    {Role::blood_elf, "blood-elf", Usage::options, "mescc-tools", "blood-elf.c", ""},
    {Role::m1, "M1", Usage::options, "mescc-tools", "M1-macro.c", ""},
    {Role::hex2, "hex2", Usage::options, "mescc-tools", "hex2.c", ""},
    {Role::hex2, "hex2", Usage::options, "mescc-tools", "hex2_linker.c", ""},  // one file until 1.2
    {Role::kaem_minimal, "kaem-minimal", Usage::none, "", "kaem-minimal", ".hex0"},
    {Role::kaem, "kaem", Usage::none, "Kaem", "kaem.c", ""},
    {Role::kaem, "kaem", Usage::none, "mescc-tools", "kaem.c", ""},  // there until 1.2
    {Role::m2_mesoplanet, "M2-Mesoplanet", Usage::options, "M2-Mesoplanet", "cc.c", ""},
    {Role::get_machine, "get_machine", Usage::none, "mescc-tools", "get_machine.c", ""},
    {Role::sha256sum, "sha256sum", Usage::checklist, "mescc-tools-extra", "sha256sum.c", ""},
    {Role::cp, "cp", Usage::none, "mescc-tools-extra", "cp.c", ""},
    {Role::mes, "mes", Usage::none, "-", "-",
     "-"},  // unpacked from an archive: told by all its sources together
}};

const RoleRow& row_of(Role role) {
  return *std::find_if(kRoles.begin(), kRoles.end(), [role](const RoleRow& row) { return row.role == role; });
}

bool tells(const RoleRow& row, std::string_view path) {
  const std::string_view name = last_part(path);
  if (row.suffix.empty() && row.directory.empty()) return name.starts_with(row.prefix);
  if (row.suffix.empty() && name != row.prefix) return false;
  return name.starts_with(row.prefix) && name.ends_with(row.suffix) &&
         (row.directory.empty() || last_part(parent_path(path)) == row.directory);
}

/// The words that follow any of the given option words.
std::vector<std::string> values_of(const std::vector<std::string>& argv, std::string_view brief,
                                   std::string_view full) {
  std::vector<std::string> values;
  for (std::size_t index = 1; index + 1 < argv.size(); ++index) {
    if (argv[index] == brief || argv[index] == full) values.push_back(argv[++index]);
  }
  return values;
}

}  // namespace

std::string_view name_of(Role role) { return row_of(role).name; }

std::optional<Role> role_named(std::string_view name) {
  const auto row = std::ranges::find(kRoles, name, &RoleRow::name);
  return row == kRoles.end() ? std::nullopt : std::optional(row->role);
}

std::vector<std::string> role_names() {
  std::vector<std::string> names;
  for (const RoleRow& row : kRoles) {
    if (row.role != Role::unknown && std::ranges::find(names, row.name) == names.end())
      names.emplace_back(row.name);
  }
  return names;
}

bool is_hand_written(Role role) {
  switch (role) {
    case Role::hex0:
    case Role::hex1:
    case Role::hex2_0:
    case Role::catm:
    case Role::m0:
    case Role::cc: return true;
    default: return false;
  }
}

std::uint64_t most_instructions(Role role, std::uint64_t bytes) {
  // Measured on the chains of stage0-posix 1.9.1, instructions a byte: M0 to 1,300, hex2-0 and cc to 900, M1
  // to 1,200, hex2 to 2,900, blood-elf to 850; M2-Planet, which clears what it allocates, to 112,000.
  constexpr std::uint64_t kMillion = 1'000'000;
  if (is_hand_written(role)) return 50 * kMillion + 10'000 * bytes;
  switch (role) {
    case Role::blood_elf:
    case Role::m1:
    case Role::hex2: return 2'000 * kMillion + 30'000 * bytes;
    case Role::m2_planet: return 10'000 * kMillion + 500'000 * bytes;
    default: return std::numeric_limits<std::uint64_t>::max();
  }
}

Role role_of(const Origins& origins) {
  for (const RoleRow& row : kRoles) {
    if (std::any_of(origins.begin(), origins.end(),
                    [&row](const std::string& path) { return tells(row, path); })) {
      return row.role;
    }
  }
  return Role::unknown;
}

Operands operands_of(Role role, const std::vector<std::string>& argv) {
  const auto words = [&argv](std::size_t from, std::size_t to) {
    const auto begin = argv.begin() + static_cast<std::ptrdiff_t>(std::min(from, argv.size()));
    const auto end = argv.begin() + static_cast<std::ptrdiff_t>(std::min(to, argv.size()));
    return std::vector<std::string>(begin, end);
  };
  switch (row_of(role).usage) {
    case Usage::none: return {};
    case Usage::in_out: return {words(1, 2), words(2, 3)};
    case Usage::out_ins: return {words(2, argv.size()), words(1, 2)};
    case Usage::options: return {values_of(argv, "-f", "--file"), values_of(argv, "-o", "--output")};
    case Usage::checklist: return {values_of(argv, "-c", "--check"), {}};
  }
  return {};
}

}  // namespace assay::bootstrap

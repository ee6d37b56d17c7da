// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/chain/own_source.h"

#include <set>

#include "bootstrap/chain/source_key.h"
#include "bootstrap/tree/own_texts.h"

namespace assay::bootstrap {
namespace {

std::string row(std::string_view role, const Architecture& arch, std::string_view key) {
  std::string text(role);
  return text.append(" ").append(arch.known_name()).append(" ").append(key);
}

std::set<std::string> own_keys() {
  std::set<std::string> keys;
  for (const OwnProgram& program : own_programs()) {
    for (const Architecture& arch : architectures()) {
      if (const std::optional<ByteView> text = own_text(program, arch))
        keys.insert(row(program.name, arch, key_of_source(program.text, *text)));
    }
  }
  return keys;
}

}  // namespace

bool is_own_source(Role role, const Architecture& arch, std::string_view key) {
  static const std::set<std::string> keys = own_keys();
  return keys.contains(row(name_of(role), arch, key));
}

Role role_by_key(const Architecture& arch, std::string_view key) {
  const Role known = role_of_known_source(arch.known_name(), key);
  if (known != Role::unknown) return known;
  for (const OwnProgram& program : own_programs()) {
    const std::optional<Role> role = role_named(program.name);
    if (role && is_own_source(*role, arch, key)) return *role;
  }
  return Role::unknown;
}

const kaem::MinimalDialect* minimal_dialect_of(const Command& command, const Architecture& arch) {
  if (command.described != nullptr && !command.described->dialect.empty())
    return kaem::minimal_dialect(command.described->dialect);
  return is_own_source(Role::kaem_minimal, arch, command.sources)
             ? kaem::own_minimal_dialect(arch.known_name())
             : kaem::minimal_dialect(arch.known_name());
}

}  // namespace assay::bootstrap

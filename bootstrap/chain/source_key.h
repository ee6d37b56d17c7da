// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a source text says, as a digest: comments and the amount of blank space are left out.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "bootstrap/chain/role.h"
#include "core/file_tree.h"

namespace assay::bootstrap {

/// SHA-256, in hexadecimal digits, of a source without comments and with one blank for any number of them.
/// Strings are left as they are. A text with control characters other than LF and tab, which may end a
/// comment for one tool and not for another, is taken as it is. The language is told from the end of `path`:
/// C for .c and .h, else that of hex0, hex2 and M1, in which "#" and ";" begin a comment.
std::string source_key(std::string_view path, ByteView text);

/// The key of a program that has one source.
std::string key_of_source(std::string_view path, ByteView text);

/// The key of all sources of a program together; their names and order do not matter.
class SourceKeys {
 public:
  explicit SourceKeys(const FileTree& tree) : tree_(tree) {}
  std::string key_of(const Origins& origins);

 private:
  const FileTree& tree_;
  std::map<std::string, std::string, std::less<>> keys_;  ///< by path
};

/// Whether a program of this role that was built from sources with this key does what the role's room does on
/// that architecture: a row of known_sources.cpp.
bool is_known_source(Role role, std::string_view architecture, std::string_view key);
/// The role of a program that was built from sources with this key, whatever they are called; `unknown` if no
/// row has it.
Role role_of_known_source(std::string_view architecture, std::string_view key);

}  // namespace assay::bootstrap

// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A chain as data: what boots a tree, from which seeds, and what the programs on the way are. A known layout
// says so by its row, any other tree by a file of its author's or of the user's (docs/chains.md).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bootstrap/tree/architecture.h"
#include "bootstrap/tree/layout.h"
#include "core/file_tree.h"
#include "hex1/reference.h"

namespace assay::bootstrap {

struct SeedDescription {
  std::string file;                       ///< normal path, where the chain starts it
  std::vector<std::string> sources = {};  ///< in hex0, the one that it was assembled from first; may be empty
  std::string role = {};                  ///< by name; empty: told by its sources
  std::string dialect = {};               ///< row of hex0's table for its sources; empty: the architecture's
  bool interprets = false;                ///< runs the chain's script
  bool is_assembled = false;              ///< the tree does not have it: it is what its source says
};

/// What a program of the chain is. One of `file` and `source` is not empty.
struct ProgramDescription {
  std::string file;     ///< normal path of the program
  std::string source;   ///< or of a file whose text went into it
  std::string role;     ///< by name
  std::string dialect;  ///< row of the role's table; empty: the architecture's
  // Other than that row has it; nothing: as there.
  std::optional<std::uint64_t> base_address = std::nullopt;
  std::optional<unsigned> word_bits = std::nullopt;
  std::optional<bool> big_endian = std::nullopt;
  std::optional<hex1::References> references = std::nullopt;
};

/// What a program reads from its standard input: these files, one behind the other.
struct InputDescription {
  std::string program;             ///< normal path
  std::vector<std::string> files;  ///< normal paths
};

/// A line of the list of answers that is known to be of older sources. It is wrong all the same.
struct StaleAnswer {
  std::string file;    ///< normal path
  std::string answer;  ///< the digest in the list
  std::string why;     ///< for people
};

/// What is to lie at another path too before anything runs.
struct PlaceDescription {
  std::vector<std::string> from;  ///< normal paths: one file or directory, or files one behind the other
  std::string to;                 ///< normal path
};

/// Whether a text is NAME=VALUE.
constexpr bool is_variable(std::string_view text) {
  const std::size_t at = text.find('=');
  return at != std::string_view::npos && at != 0;
}

struct ChainDescription {
  std::string directory;          ///< normal path, in which the chain begins
  std::vector<std::string> boot;  ///< words of the first command; empty: nothing in the tree plays the script
  std::vector<std::string> environment;  ///< of that command: NAME=VALUE
  std::string script;                    ///< normal path; may be empty
  bool plays_minimal = false;            ///< without a boot command: the script is kaem-minimal's, not kaem's
  std::vector<SeedDescription> seeds;
  std::vector<ProgramDescription> programs;
  std::vector<InputDescription> inputs;  ///< of the boot command, and of commands of a script that is played
  bool backslashes = false;              ///< words of commands have '\\' for '/'
  std::string suffix;  ///< of programs' names, where those that start others leave it out: ".efi"
  /// Files that must be the same in the end: products, seeds.
  std::vector<std::vector<std::string>> equal;
  std::vector<std::string> not_reproducible;  ///< products that are expected to differ: not compared
  std::vector<StaleAnswer> stale;

  [[nodiscard]] const SeedDescription* seed(std::string_view path) const;
};

/// A description that somebody wrote, and the architecture that it speaks of.
struct DescribedChain {
  DescribedChain() = default;
  DescribedChain(const DescribedChain&) = delete;  // the architecture has views into it
  DescribedChain& operator=(const DescribedChain&) = delete;

  std::string file;     ///< as the user named it
  std::string name;     ///< of the architecture, in reports
  std::string answers;  ///< normal path of the list; empty: none
  Architecture architecture;
  bool is_root = false;  ///< the tree is the root of all files, and started with no other variables
  ChainDescription chain;
  std::vector<std::string> directories;  ///< must be there before anything runs
  std::vector<PlaceDescription> places;
};

/// What a layout says of an architecture in these files.
ChainDescription described_by_layout(const FileTree& files, const Architecture& arch, const Layout& layout);

}  // namespace assay::bootstrap

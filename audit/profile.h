// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the tree of recipes of a distribution says about itself. Only what can be counted or pointed at is
// told; what cannot is told as unknown, with what would answer it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "audit/distribution.h"
#include "audit/scan.h"

namespace assay::audit {

struct Counted {
  std::string_view what;
  std::size_t number = 0;
};

/// A line, or a file, and what it says.
struct Place {
  std::string where = {};  ///< "main/rust-bootstrap/template.py:12"; empty: not found
  std::string text = {};
};

/// kMostPlaces are told at most, all are counted.
struct Places {
  std::vector<Place> told;
  std::size_t number = 0;
};
inline constexpr std::size_t kMostPlaces = 200;

struct Pinned {
  std::map<std::string_view, std::size_t> lines;  ///< of each kind of digest
  std::size_t recipes = 0;
  std::size_t strong = 0;   ///< have a SHA-2 or BLAKE2
  std::size_t commit = 0;   ///< else, have a commit (SHA-1)
  std::size_t nothing = 0;  ///< have no pin and fetch nothing
  Places weak;              ///< fetch, and have only MD5, SHA-1 or a checksum
  Places without;           ///< fetch, and have no pin of their own
};

struct Configures {
  std::size_t recipes = 0;  ///< that run a configure script
  std::size_t again = 0;    ///< ...made again
  std::size_t shipped = 0;  ///< ...as it came
};

struct StoredSeed {
  std::string where;      ///< a file, or a line that pins one
  std::string_view seed;  ///< which of stage0-posix, by digest
  std::string digest;     ///< SHA-256
};

struct Hop {
  std::string_view what;
  Place place;
};

/// The way from a compiler down to what it rests on, as far as the tree says it.
struct Road {
  std::string_view of;
  std::vector<Hop> hops;  ///< the last has no place: there the tree says no more
  Ground ground = Ground::unknown;
  std::string_view on = {};
  std::string_view ask = {};
  std::string_view seed = {};  ///< which, if it ends on one
  /// Is the compiler built of source, down to what people can read?
  Answer from_source = Answer::unknown;
};

/// An answer and the line it rests on.
struct Criterion {
  Answer answer = Answer::unknown;
  std::string why = {};
  std::string where = {};
};

struct Profile {
  const Distribution* distribution = nullptr;
  std::vector<Counted> counts;
  Pinned pins;
  Configures configures;
  Places network;
  Places binaries;  ///< lines that name a binary that a compiler is built with, recipes that bring one
  std::vector<StoredSeed> seeds;
  std::size_t opaque = 0;  ///< programs and opaque files in the tree, those seeds not counted
  std::vector<Road> roads;
  Criterion needs_no_own;     ///< the list's first point: none of its own binaries is needed
  Criterion all_from_source;  ///< bootstrappable.org's: every compiler, down to what people can read
};

/// `scan`: of the same tree. distribution is null where no row fits.
Profile profile(const FileTree& tree, const Scan& scan);

}  // namespace assay::audit

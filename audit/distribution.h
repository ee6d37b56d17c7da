// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is known of the trees of recipes of distributions: a row of data a distribution. profile.h reads a
// tree by its row. A row says where something stands, never what the answer is: no line, no claim.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace assay::audit {

enum class Answer : std::uint8_t { unknown, yes, no };
std::string_view name_of(Answer answer);

/// Files, or lines of files, to be counted. In all globs '*' crosses '/'.
struct CountRow {
  enum class Of : std::uint8_t { files, files_with, lines_with };
  std::string_view what;
  std::string_view glob;  ///< of paths
  Of of = Of::files;
  std::string_view text = {};     ///< that a line has...
  bool at_start = false;          ///< ...at its start
  std::string_view without = {};  ///< and this not
};

/// How recipes say the digest of what they fetch.
struct PinRow {
  std::string_view glob;
  /// That stands before the digest; empty: the line is the digest or, with a hash, the file is the pin.
  std::string_view text;
  std::string_view hash = {};       ///< empty: told by the number of digits
  std::string_view without = {};    ///< and the line has not this
  bool names_folder = false;        ///< what follows is a path in the folder of the recipe it is about
  std::string_view forty = "sha1";  ///< what 40 digits are
};

struct PinRules {
  std::string_view recipes = {};               ///< glob; empty: pins are not counted
  bool by_folder = false;                      ///< what is in one folder is one recipe
  std::vector<std::string_view> fetches = {};  ///< a recipe fetches if a line has one of them; none: all do
  std::vector<PinRow> rows = {};
};

/// What recipes do about configure scripts that came with an archive.
struct AutotoolsRules {
  std::string_view policy;                   ///< what becomes of them where a recipe says nothing
  std::string_view recipes = {};             ///< glob; empty: not counted
  std::vector<std::string_view> uses = {};   ///< a line of a recipe that runs one has one of them
  std::vector<std::string_view> again = {};  ///< ...of one that makes it again
  std::vector<std::string_view> off = {};    ///< ...of one that turns off that it is made again
  bool by_default = false;                   ///< it is made again where a recipe says nothing
};

/// A line that gives a build the network.
struct NetworkRow {
  std::string_view glob;
  std::string_view text;
  bool at_start = false;
  std::string_view without = {};
  bool declared = true;  ///< the format wants it said; else it is what happens
};

/// What the road from a compiler down ends on.
enum class Ground : std::uint8_t {
  unknown,
  seed,       ///< known by its digest: people can read what each byte is
  elsewhere,  ///< another tree, pinned by this one
  host,       ///< the compiler of the machine that builds
  binary,     ///< a compiler that somebody else built
  own,        ///< packages that the distribution itself built earlier
  joins,      ///< the tree's own C compiler: the first road goes on
};
std::string_view name_of(Ground ground);

/// One step down. The first line of the first file that has the text, and is no comment, is the evidence.
struct HopRow {
  std::string_view what;
  std::string_view glob;
  std::string_view text = {};     ///< empty: the file itself is
  std::string_view without = {};  ///< and the line has not this
};

struct RoadRow {
  std::string_view of;  ///< the language
  std::vector<HopRow> hops;
  Ground ground;         ///< where all hops are found, and, of a seed, the last file has a known digest
  std::string_view on;   ///< in words
  std::string_view ask;  ///< what would tell what the tree does not say
};

/// What the list "bootstrappable distros" says, as of April 2026.
struct Listed {
  Answer counts = Answer::unknown;
  std::string_view page = {};  ///< of the list; empty: it has none
  std::string_view why = {};   ///< where it does not count
};

struct Distribution {
  std::string_view id;
  std::string_view name;
  /// It is this one where there are files that fit all of them.
  std::vector<std::string_view> recognised_by;
  Listed listed = {};
  std::string_view recipes = {};  ///< glob of the files that may name binaries; empty: no more is known
  std::vector<CountRow> counts = {};
  PinRules pins = {};
  AutotoolsRules autotools = {};
  std::vector<NetworkRow> network = {};
  std::vector<RoadRow> roads = {};  ///< the first: the C compiler that packages are built with
};

/// All of them, those that are told apart by fewer files later.
std::span<const Distribution> distributions();

/// Parts of the table.
std::vector<Distribution> systems_from_source();
std::vector<Distribution> image_builders();
std::vector<Distribution> package_collections();
std::vector<Distribution> only_recognised();

/// What many rows say.
inline constexpr std::string_view kShipped = "what a recipe does not make again is used as shipped";
inline constexpr std::string_view kHost = "the compiler of the machine that builds";
inline constexpr std::string_view kAskHost = "the profile of the system that it is built on";
inline constexpr std::string_view kFetched = "a compiler that is fetched as a binary";
inline constexpr std::string_view kOwnC = "the tree's own C compiler";

}  // namespace assay::audit

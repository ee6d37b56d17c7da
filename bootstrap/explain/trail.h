// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The trail of a byte: from a file that the chain makes back through every command that had a hand in it, to
// the line of the tree that somebody wrote.
//
// For all bytes at once: spans(file) says for each run of bytes which line it comes from in the end. For one
// byte: follow(file, offset) has every file on the way, with its line and what was done to it there.
//
//   Trail trail(Products::of(tree, arch, cache));
//   const FileId file = trail.products().find("AMD64/bin/hex2");
//   for (const TrailSpan& span : trail.spans(file)) ... trail.products()[span.source].path, span.line ...
//
// Nothing is computed before it is asked for; what has been computed of a file is kept.
#pragma once

#include <memory>
#include <string_view>

#include "bootstrap/explain/made_from.h"
#include "bootstrap/explain/products.h"

namespace assay::bootstrap {

/// What kind of text a byte's trail ends in.
enum class TrailEnd : std::uint8_t {
  assembler,  ///< a line of hex0, hex1, hex2 or M1 in the tree
  compiled,   ///< a line of C in the tree, through a compiler
  tool,       ///< nobody's line: a tool writes it into every output (blood-elf's tables)
  plain,      ///< the tree's own file, or a copy of it
  unknown,    ///< see why()
};
std::string_view name_of(TrailEnd end);

/// Bytes [begin, end) of a file come from one place. Spans are in order and leave no byte out.
struct TrailSpan {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  FileId source = kNoFile;   ///< file of the tree; kNoFile for `unknown`
  std::uint64_t offset = 0;  ///< in it
  std::uint64_t length = 0;  ///< of the text there
  std::uint64_t line = 0;    ///< from 1; 0: none, or a copy of many
  TrailEnd what = TrailEnd::unknown;
  FileId unknown_at = kNoFile;  ///< `unknown`: the file whose making is not known; why() says the reason
};

/// One file on the way, with the place in it.
struct TrailHop {
  FileId file = kNoFile;
  Role role = Role::unknown;  ///< of the command that read it to make the file before; unknown for the first
  std::string tool;           ///< that command's program, as a path; empty for the first
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
  Position position = {};
  std::string text = {};                ///< the whole line
  std::string token = {};               ///< the part of it that made the byte
  std::string within = {};              ///< label before it (M1, hex2) or function (C)
  std::vector<std::string> notes = {};  ///< how the value came about: relocations, DEFINEs
};

struct ByteTrail {
  FileId file = kNoFile;
  std::uint64_t begin = 0, end = 0;  ///< of the piece that the byte belongs to
  std::vector<TrailHop> hops = {};   ///< the first is the file's first maker's input
  TrailEnd what = TrailEnd::unknown;
  std::string why = {};  ///< for `unknown`, where the trail is lost
};

class HexText;

class Trail {
 public:
  explicit Trail(Products products);
  Trail(Trail&&) noexcept;
  ~Trail();

  [[nodiscard]] Products& products() { return products_; }
  const std::vector<TrailSpan>& spans(FileId file);
  ByteTrail follow(FileId file, std::uint64_t offset);
  /// What a file was made from by its last command.
  const MadeFrom& made_from(FileId file);
  /// Labels and references behind a binary.
  const HexText& hex_text(FileId file);
  /// Why bytes whose trail is lost at this file cannot be followed.
  std::string why(FileId unknown_at) { return made_from(unknown_at).why_not; }

 private:
  struct Kept;
  std::uint64_t line_of_offset(FileId file, std::uint64_t offset);

  Products products_;
  std::unique_ptr<Kept> kept_;
};

}  // namespace assay::bootstrap

// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/explain/made_from.h"

#include <fmt/format.h>
#include <algorithm>

#include "bootstrap/explain/compiled_lines.h"
#include "bootstrap/roads/rooms.h"

namespace assay::bootstrap {
namespace {

MadeFrom by_room(const Products& products, const Making& making, const Room& room, const Product& product) {
  MadeFrom made;
  std::vector<Source> sources;
  for (const FileId input : making.inputs) {
    if (input == kNoFile) {
      made.why_not = fmt::format("an input of {} is not known", name_of(room.role));
      return made;
    }
    sources.push_back({products[input].path, *products[input].bytes});
  }
  MemoryTree none;
  NoDiagnostics silent;
  const Output output = room.assemble({making.command, products.architecture(), sources, none, true}, silent);
  if (output.bytes != *product.bytes) {
    made.why_not = fmt::format("'{}' is another {} than the one that assay knows", making.command.program,
                               name_of(room.role));
    return made;
  }
  made.base_address = output.base_address;
  for (const MapEntry& entry : output.map.entries()) {
    const Span& span = entry.span;
    Piece piece{.begin = entry.offset, .end = entry.offset + entry.length};
    // A span without text is the tool's own.
    if (span.length > 0 && span.source < making.inputs.size()) {
      piece.from = making.inputs[span.source];
      piece.offset = span.offset;
      piece.length = span.length;
      piece.copied = room.role == Role::catm;
    }
    made.pieces.push_back(piece);
  }
  return made;
}

/// A program that copies.
MadeFrom as_copy(const Products& products, const Making& making, const Product& product) {
  MadeFrom made;
  const std::uint64_t size = product.bytes->size();
  for (const FileId input : making.inputs) {
    if (size == 0 || input == kNoFile || *products[input].bytes != *product.bytes) continue;
    made.pieces.push_back({0, size, input, 0, size, true});
    break;
  }
  return made;
}

}  // namespace

MadeFrom made_from(Products& products, FileId file) {
  const Product product = products[file];
  const Making* const maker = products.maker(file);
  if (maker == nullptr) return {};
  const Making making = *maker;
  const Role role = making.command.role;
  if (const Room* const room = find_room(role)) return by_room(products, making, *room, product);
  if (role == Role::m2_planet) return compiled_by_m2_planet(products, making, product);
  if (role == Role::m2_mesoplanet) return joined_by_mesoplanet(products, making, product);
  MadeFrom made = as_copy(products, making, product);
  if (made.pieces.empty())
    made.why_not =
        fmt::format("'{}' was run, and what it makes of what is not known", making.command.program);
  return made;
}

const Piece* piece_at(const MadeFrom& made, std::uint64_t offset) {
  const auto behind = std::upper_bound(made.pieces.begin(), made.pieces.end(), offset,
                                       [](std::uint64_t at, const Piece& piece) { return at < piece.begin; });
  if (behind == made.pieces.begin() || offset >= std::prev(behind)->end) return nullptr;
  return &*std::prev(behind);
}

}  // namespace assay::bootstrap

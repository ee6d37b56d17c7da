// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/explain/trail.h"

#include <algorithm>
#include <unordered_map>

#include "bootstrap/explain/hex_text.h"
#include "bootstrap/explain/hop_notes.h"
#include "bootstrap/explain/token_places.h"

namespace assay::bootstrap {
namespace {

constexpr int kMostHops = 64;

bool is_compiler(Role role) {
  return role == Role::cc || role == Role::m2_planet || role == Role::m2_mesoplanet;
}

const TrailSpan* span_at(const std::vector<TrailSpan>& spans, std::uint64_t offset) {
  const auto behind =
      std::upper_bound(spans.begin(), spans.end(), offset,
                       [](std::uint64_t at, const TrailSpan& span) { return at < span.begin; });
  return behind == spans.begin() || offset >= std::prev(behind)->end ? nullptr : &*std::prev(behind);
}

void append(std::vector<TrailSpan>& spans, const TrailSpan& span) {
  if (span.begin >= span.end) return;
  if (!spans.empty()) {
    TrailSpan& last = spans.back();
    if (last.source == span.source && last.offset == span.offset && last.length == span.length &&
        last.what == span.what && last.unknown_at == span.unknown_at) {
      last.end = span.end;
      return;
    }
  }
  spans.push_back(span);
}

}  // namespace

std::string_view name_of(TrailEnd end) {
  switch (end) {
    case TrailEnd::assembler: return "assembler";
    case TrailEnd::compiled: return "compiled";
    case TrailEnd::tool: return "tool";
    case TrailEnd::plain: return "plain";
    case TrailEnd::unknown: return "unknown";
  }
  return {};
}

struct Trail::Kept {
  std::unordered_map<FileId, MadeFrom> made;
  std::unordered_map<FileId, std::vector<TrailSpan>> spans;
  std::unordered_map<FileId, HexText> hex;
  std::unordered_map<FileId, std::vector<std::uint64_t>> lines;
};

Trail::Trail(Products products) : products_(std::move(products)), kept_(std::make_unique<Kept>()) {}
Trail::Trail(Trail&&) noexcept = default;
Trail::~Trail() = default;

const MadeFrom& Trail::made_from(FileId file) {
  const auto known = kept_->made.find(file);
  if (known != kept_->made.end()) return known->second;
  return kept_->made.emplace(file, bootstrap::made_from(products_, file)).first->second;
}

const HexText& Trail::hex_text(FileId file) {
  const auto known = kept_->hex.find(file);
  if (known != kept_->hex.end()) return known->second;
  return kept_->hex.emplace(file, HexText::of(products_, file, made_from(file))).first->second;
}

std::uint64_t Trail::line_of_offset(FileId file, std::uint64_t offset) {
  std::vector<std::uint64_t>& starts = kept_->lines[file];
  if (starts.empty()) starts = line_starts(*products_[file].bytes);
  return static_cast<std::uint64_t>(std::upper_bound(starts.begin(), starts.end(), offset) - starts.begin());
}

const std::vector<TrailSpan>& Trail::spans(FileId file) {
  const auto known = kept_->spans.find(file);
  if (known != kept_->spans.end()) return known->second;
  const std::uint64_t size = products_[file].bytes->size();
  std::vector<TrailSpan> result;
  const Making* const maker = products_.maker(file);
  if (maker == nullptr) {
    // Every byte is its own source.
    append(result, {.begin = 0, .end = size, .source = file, .length = size, .what = TrailEnd::plain});
    return kept_->spans.emplace(file, std::move(result)).first->second;
  }
  const bool compiles = is_compiler(maker->command.role);
  for (const Piece& piece : made_from(file).pieces) {
    TrailSpan span{.begin = piece.begin, .end = piece.end, .what = TrailEnd::tool};
    if (piece.unknown) {
      span.what = TrailEnd::unknown;
      span.unknown_at = file;
      append(result, span);
      continue;
    }
    if (piece.from == kNoFile) {
      append(result, span);
      continue;
    }
    const std::vector<TrailSpan>& below = spans(piece.from);
    for (std::uint64_t done = 0; done < piece.end - piece.begin;) {
      const std::uint64_t at = piece.offset + (piece.copied ? done : 0);
      const TrailSpan* const under = span_at(below, at);
      const std::uint64_t rest = piece.end - piece.begin - done;
      const std::uint64_t bytes = piece.copied && under != nullptr ? std::min(rest, under->end - at) : rest;
      TrailSpan one = under != nullptr ? *under : TrailSpan{.unknown_at = file};
      if (one.what == TrailEnd::plain) {
        one.offset += at - one.begin;
        one.length = piece.copied ? bytes : piece.length;
        if (!piece.copied) {
          one.what = compiles ? TrailEnd::compiled : TrailEnd::assembler;
          one.line = line_of_offset(one.source, one.offset);
        }
      }
      one.begin = piece.begin + done;
      one.end = one.begin + bytes;
      append(result, one);
      done += bytes;
    }
  }
  const std::uint64_t end = result.empty() ? 0 : result.back().end;
  append(result, {.begin = end, .end = size, .unknown_at = file});
  return kept_->spans.emplace(file, std::move(result)).first->second;
}

ByteTrail Trail::follow(FileId file, std::uint64_t offset) {
  ByteTrail trail{.file = file};
  FileId at = file;
  for (int depth = 0; depth < kMostHops; ++depth) {
    const Making* const maker = products_.maker(at);
    if (maker == nullptr) {
      if (trail.what == TrailEnd::unknown) trail.what = TrailEnd::plain;
      return trail;
    }
    const MadeFrom& made = made_from(at);
    const Piece* const piece = piece_at(made, offset);
    if (depth == 0 && piece != nullptr) {
      trail.begin = piece->begin;
      trail.end = piece->end;
    }
    if (piece == nullptr || piece->unknown) {
      trail.what = TrailEnd::unknown;
      trail.why = made.why_not;
      return trail;
    }
    if (piece->from == kNoFile) {
      trail.what = TrailEnd::tool;
      trail.why = maker->command.program;
      return trail;
    }
    const Role role = maker->command.role;
    if (role != Role::catm)
      trail.what =
          is_compiler(role) || trail.what == TrailEnd::compiled ? TrailEnd::compiled : TrailEnd::assembler;
    TrailHop hop{.file = piece->from, .role = role, .tool = maker->command.program};
    hop.offset = piece->offset + (piece->copied ? offset - piece->begin : 0);
    hop.length = piece->copied ? 1 : piece->length;
    const ByteView text = *products_[hop.file].bytes;
    hop.position = position_of(text, hop.offset);
    hop.text = line_of(text, hop.offset);
    hop.token = as_text(text.subspan(hop.offset, hop.length));
    add_notes(*this, at, *piece, offset, hop);
    offset = hop.offset;
    at = hop.file;
    trail.hops.push_back(std::move(hop));
  }
  return trail;
}

}  // namespace assay::bootstrap

// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "exec/program/program.h"

#include <algorithm>

#include "exec/program/find_loop.h"
#include "exec/trace/ways.h"

namespace assay::exec {
void Program::begin(Image& image) {
  image_ = &image;
  image.keep_flags(flags_kept_);
  for (const std::uint64_t address : places_) starts_[address - image.base()] = nullptr;
  places_.clear();
  for (Operation* const jump : linked_) jump->target = nullptr;
  linked_.clear();
  loop_starts_.clear();
  for (const std::unique_ptr<Heat>& heat : heats_) *heat = {.head = heat->head};
}

/// All that was looked at, too: a reader looks a little ahead.
bool Program::is_as_loaded(const Block& block) const {
  constexpr std::uint64_t kLooksAhead = 80;
  return std::all_of(block.made_from.begin(), block.made_from.end(), [&](const Block::Range& range) {
    if (range.from < image_->base() || range.from >= image_->end()) return false;
    const std::uint64_t bytes = std::min(range.bytes + kLooksAhead, image_->end() - range.from);
    return std::memcmp(image_->at(range.from), loaded_.data() + (range.from - image_->base()), bytes) == 0;
  });
}

const Operation* Program::block_at(std::uint64_t address) {
  const Block*& kept = kept_[address];
  if (kept != nullptr && is_as_loaded(*kept)) {
    for (const Block::Range& range : kept->made_from) image_->mark_code(range.from, range.bytes);
    return kept->operations.data();
  }
  (void)image_->take_marks();
  Block& block = blocks_.emplace_back(set_.decode(*image_, address));
  block.made_from = image_->take_marks();
  choose_ways(block.operations, set_.word_bytes, set_.in_stack[0]);
  operations_ += block.operations.size();
  if (is_as_loaded(block)) kept = &block;
  return block.operations.data();
}

const Operation* Program::find(std::uint64_t address) {
  if (address < image_->base() || address >= image_->end()) return nullptr;
  const Operation*& start = starts_[address - image_->base()];
  if (start == nullptr) {
    start = block_at(address);
    if (std::find(watched_.begin(), watched_.end(), address) != watched_.end()) {
      Operation& watch = heads_.emplace_back(
          Operation{.op = Op::watch, .immediate = static_cast<std::int64_t>(address), .target = start});
      go_alone(watch);
      start = &watch;
    }
    places_.push_back(address);
  }
  if (asked_ != nullptr) asked_->emplace_back(address, start);
  return start;
}

const Operation* Program::goal(const Operation& jump) {
  const auto at_address = static_cast<std::uint64_t>(jump.immediate);
  if (jump.target == nullptr) {
    auto& own = const_cast<Operation&>(jump);
    own.target = jump.back || jump.op == Op::call ? head_at(at_address, jump.back) : at(at_address);
    if (own.target != nullptr && (linked_.empty() || linked_.back() != &own)) linked_.push_back(&own);
  }
  return jump.target;
}

const Operation* Program::head_at(std::uint64_t address, bool may_fill) {
  const auto [place, fresh] = loop_starts_.try_emplace(address, nullptr);
  if (!fresh) return place->second;
  const Operation*& result = loop_starts_[address];
  result = at(address);
  if (result == nullptr || !shortcuts_) return result;
  Head& head = kept_heads_[address];
  const bool same = head.operation != nullptr &&
                    std::all_of(head.blocks.begin(), head.blocks.end(),
                                [&](const auto& block) { return at(block.first) == block.second; });
  if (!same) {
    head = {result, {}};
    asked_ = &head.blocks;
    std::optional<Loop> loop;
    if (may_fill) loop = find_loop(*this, address, set_.word_bytes);
    asked_ = nullptr;
    Operation& heat = heads_.emplace_back(Operation{.op = Op::heat,
                                                    .extra = static_cast<std::uint32_t>(heats_.size()),
                                                    .immediate = static_cast<std::int64_t>(address),
                                                    .target = result});
    heats_.push_back(std::make_unique<Heat>(Heat{.head = &heat}));
    go_alone(heat);
    head.operation = &heat;
    if (loop) {
      loops_.push_back(std::move(*loop));
      Operation& fill = heads_.emplace_back(Operation{.op = Op::fill,
                                                      .extra = static_cast<std::uint32_t>(loops_.size() - 1),
                                                      .immediate = static_cast<std::int64_t>(address),
                                                      .target = &heat});
      go_alone(fill);
      head.operation = &fill;
    }
  }
  return result = head.operation;
}

void Program::redirect(const Operation* from, const Operation* to) {
  for (Operation* const jump : linked_) {
    if (jump->target == from) jump->target = to;
  }
  for (auto& [address, start] : loop_starts_) {
    if (start == from) start = to;
  }
}

const Operation* Program::trace(Path path) {
  const auto [first, last] = kept_traces_.equal_range(path.head);
  for (auto one = first; one != last; ++one) {
    if (one->second->path == path) return one->second->start;
  }
  const Operation* const head = path.head;
  Trace& trace = traces_.emplace_back(make_trace(std::move(path), set_, *image_));
  for (const auto& operations : trace.parts) operations_ += operations.size();
  kept_traces_.emplace(head, &trace);
  return trace.start;
}

}  // namespace assay::exec

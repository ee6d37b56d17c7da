// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A loaded program as blocks of operations, made when they are first reached.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <span>
#include <unordered_map>

#include "exec/decode/instruction_set.h"
#include "exec/state/image.h"
#include "exec/trace/loop.h"
#include "exec/trace/trace.h"

namespace assay::exec {

/// May be run many times, one after the other. What is known of its blocks is kept; but each run counts as
/// code, and asks before it goes there the first time, what it comes to itself: so a run does not depend on
/// those before it.
class Program {
 public:
  /// `image`: as it was loaded.
  Program(Image& image, const InstructionSet& set)
      : image_(&image),
        set_(set),
        base_(image.base()),
        flags_kept_(set.keeps_flags != nullptr ? set.keeps_flags(image) : FlagsKept::none),
        loaded_(image.at(image.base()), image.at(image.end())),
        starts_(image.end() - image.base()) {
    image.keep_flags(flags_kept_);
  }

  /// Begins the next run, in an image of the same program.
  void begin(Image& image);
  [[nodiscard]] std::size_t operations() const { return operations_; }  ///< of all blocks

  /// The first operation of the block at an address; null if nothing can run there.
  const Operation* at(std::uint64_t address) {
    const Operation* const start = asked_ == nullptr ? known(address) : nullptr;
    return start != nullptr ? start : find(address);
  }
  /// The same; null if nobody has asked for it in this run.
  [[nodiscard]] const Operation* known(std::uint64_t address) const {
    const std::uint64_t offset = address - base_;  // large if it is below
    return offset < starts_.size() ? starts_[offset] : nullptr;
  }

  /// Where a jump of this program's (it outlives the run) goes, found on its first use and kept in it; null
  /// if nothing can run there. A jump back to the head of a loop that can be filled goes to an operation that
  /// does so.
  const Operation* goal(const Operation& jump);
  /// The operation that fills the loop at an address, or counts how often it is come to. goal() has been
  /// there.
  [[nodiscard]] const Operation* head(std::uint64_t address) const {
    return kept_heads_.at(address).operation;
  }
  [[nodiscard]] const Loop& loop(std::size_t index) const { return loops_[index]; }

  /// How often this run has come to a loop or function, by the number of its Op::heat; and where it goes on,
  /// once that is known.
  struct Heat {
    std::uint32_t times = 0;
    std::uint32_t entered = 0;        ///< its trace
    std::uint32_t rounds = 0;         ///< of its trace
    unsigned failed = 0;              ///< recordings of no use
    const Operation* head = nullptr;  ///< the Op::heat
    const Operation* go = nullptr;
  };
  [[nodiscard]] Heat& heat(std::size_t index) { return *heats_[index]; }
  /// Has all jumps to an operation go to another one, in this run.
  void redirect(const Operation* from, const Operation* to);
  /// The trace that is made of a path; null if none can be.
  const Operation* trace(Path path);
  /// Has `reached` called wherever code at one of these addresses is jumped to or called; for the
  /// interpreter, before the first run.
  using Reached = std::function<void(std::uint64_t address, const Image& memory)>;
  void watch(std::vector<std::uint64_t> addresses, Reached reached) {
    watched_ = std::move(addresses);
    reached_ = std::move(reached);
  }
  void reached(std::uint64_t address) const { reached_(address, *image_); }
  /// Whether loops are filled at once or become traces; to be said before a run.
  void use_shortcuts(bool yes) {
    shortcuts_ = yes && (flags_kept_ == FlagsKept::none || set_.traces_keep_flags);
  }

 private:
  const Operation* head_at(std::uint64_t address, bool may_fill);
  const Operation* find(std::uint64_t address);
  const Operation* block_at(std::uint64_t address);
  [[nodiscard]] bool is_as_loaded(const Block& block) const;

  Image* image_;
  const InstructionSet& set_;
  const std::uint64_t base_;
  const FlagsKept flags_kept_;
  Bytes loaded_;  ///< the image's bytes
  std::deque<Block> blocks_;
  std::unordered_map<std::uint64_t, const Block*> kept_;  ///< made from bytes as they were loaded
  std::size_t operations_ = 0;
  // Of this run.
  std::vector<const Operation*> starts_;  ///< by address from the base
  std::vector<std::uint64_t> places_;     ///< addresses in it
  std::vector<Operation*> linked_;        ///< jumps that have a target
  using Places = std::vector<std::pair<std::uint64_t, const Operation*>>;
  Places* asked_ = nullptr;  ///< gets what at() answers
  // Loops.
  struct Head {
    const Operation* operation = nullptr;  ///< the operation that fills, or the block's first
    Places blocks;                         ///< that were looked at
  };
  std::unordered_map<std::uint64_t, Head> kept_heads_;
  std::deque<Loop> loops_;
  std::deque<Operation> heads_;
  std::vector<std::unique_ptr<Heat>> heats_;
  std::vector<std::uint64_t> watched_;
  Reached reached_;
  bool shortcuts_ = true;
  std::deque<Trace> traces_;
  std::unordered_multimap<const Operation*, const Trace*> kept_traces_;  ///< by the first operation
  std::unordered_map<std::uint64_t, const Operation*> loop_starts_;      ///< by address, loops and others
};

}  // namespace assay::exec

// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a round of a trace computes, as values that never change, and what it does in their order.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <vector>

#include "exec/trace/trace.h"

namespace assay::exec {

using ValueId = int;
inline constexpr ValueId kNoValue = -1;

/// A register, or a word of the stack: kFirstSlot + its index.
using Location = unsigned;
inline constexpr Location kFirstSlot = kRegisters;
inline constexpr Register kProgramRegisters = 32;  ///< these are in use everywhere, others within a block

struct TraceValue {
  enum class Kind : std::uint8_t {
    constant,  ///< `number`
    start,     ///< what `where` held when the round began
    made,      ///< by `op` of a and b, with `number` for its immediate
    loaded,    ///< the same, of memory
  } kind = Kind::constant;
  Op op{};
  Condition condition{};
  ValueId a = kNoValue;
  ValueId b = kNoValue;
  std::int64_t number = 0;
  Location where = 0;
};

/// A way out of a trace, to operations of a block.
struct Leaving {
  const Operation* to = nullptr;
  bool begins_block = false;                          ///< then values set aside in a block are of no use
  std::vector<std::pair<Location, ValueId>> changed;  ///< since the round began
};

/// What is done, in order.
struct TraceStep {
  enum class Kind : std::uint8_t {
    value,  ///< a is made
    leave,  ///< out by `leaving` if `condition` holds for a and b
    ask,    ///< `op` for `bytes` at a + `number`, else out by `leaving`
    take,   ///< a is made, whether it is needed or not; if it cannot be, out by `leaving`
    store,  ///< `op`: b at a + `number`
  } kind = Kind::value;
  Op op{};
  Condition condition{};
  ValueId a = kNoValue;
  ValueId b = kNoValue;
  ValueId c = kNoValue;  ///< fill_bytes
  std::int64_t number = 0;
  unsigned bytes = 0;
  std::size_t leaving = 0;
};

/// A constant, or what a location holds and a constant.
struct Expected {
  std::optional<Location> where;
  std::int64_t number = 0;
  friend bool operator==(const Expected&, const Expected&) = default;
};

/// A word of the stack, `offset` bytes from the base register.
struct TraceSlot {
  std::int64_t offset = 0;
  bool is_read = false;     ///< in this round, before it is written
  ValueId last = kNoValue;  ///< what the round leaves there, if it writes it
};

/// One round on values.
class TraceRound {
 public:
  TraceRound(const Path& path, const InstructionSet& set, const Image& image);

  /// Follows the path until what is expected of a round's begin also holds at its end. (If it does not come
  /// round: once; the last leaving is its end.) False: it cannot be done.
  bool follow();
  [[nodiscard]] bool comes_round() const { return path_.end == nullptr; }

  [[nodiscard]] const std::vector<TraceValue>& values() const { return values_; }
  [[nodiscard]] const TraceValue& value(ValueId id) const { return values_[static_cast<std::size_t>(id)]; }
  [[nodiscard]] const std::vector<TraceStep>& steps() const { return steps_; }
  [[nodiscard]] const std::vector<Leaving>& leavings() const { return leavings_; }
  [[nodiscard]] const std::vector<TraceSlot>& slots() const { return slots_; }
  [[nodiscard]] Register base() const { return base_; }
  /// Stack pointers whose distance from the base was used.
  [[nodiscard]] std::vector<std::pair<Register, std::int64_t>> distances() const;
  /// What the round leaves in a register; nothing if what it found.
  [[nodiscard]] std::optional<ValueId> changed(Register reg) const;
  ValueId start(Location where);
  /// What a location holds whenever a round begins, if that is known.
  [[nodiscard]] const std::optional<Expected>& expected(Location where) const {
    return hopes_[where].expected;
  }
  /// Whether others are expected by what it holds.
  [[nodiscard]] bool is_basis(Location where) const { return hopes_[where].is_basis; }
  /// What was expected or, if nothing was, start().
  ValueId begin_of(Location where);
  /// Whether what is expected there is the same in all rounds.
  [[nodiscard]] bool is_steady(const Expected& expected);

 private:
  struct Place {
    ValueId base = kNoValue;
    std::int64_t offset = 0;
  };

  void begin();
  bool one(const Path::Step& step);
  bool branch(const Path::Step& step);
  bool system_call(const Path::Step& step);
  bool read_byte(const Path::Step& step);
  bool write_byte(const Path::Step& step);
  bool fill(const Path::Step& step);
  bool settle();
  struct Hope {
    std::optional<Expected> expected;
    bool is_given_up = false;
    bool is_basis = false;  ///< others are expected by it
  };
  [[nodiscard]] ValueId end_of(Location where);
  [[nodiscard]] bool stays(Location where);
  [[nodiscard]] std::optional<Expected> expectable(Location where);
  [[nodiscard]] std::pair<ValueId, std::int64_t> parts(ValueId id) const;

  ValueId keep(const TraceValue& value);
  ValueId constant(std::int64_t number);
  ValueId make(Op op, ValueId a, ValueId b = kNoValue, std::int64_t number = 0, Condition condition = {});
  std::optional<ValueId> fold(Op op, ValueId a, ValueId b, std::int64_t number, Condition condition);
  ValueId start_of(Register reg);
  ValueId get(Register reg);
  void set(Register reg, ValueId id);
  Place place(Register reg, std::int64_t offset);
  bool is_slot(const Place& place) const;
  TraceSlot* slot(std::int64_t offset);
  ValueId load(Op op, Register reg, std::int64_t offset,
               const Path::Step& step);  ///< kNoValue: it cannot be done
  ValueId load_slot(Op op, std::int64_t offset);
  bool store_slot(Op op, std::int64_t offset, ValueId id);
  bool store(Op op, Register reg, std::int64_t offset, ValueId id, const Path::Step& step);
  bool ask(Op op, Place place, unsigned bytes, const Path::Step& step);
  bool expect(ValueId id, const Path::Step& step);
  bool require(Condition condition, ValueId a, ValueId b, const Path::Step& step);
  std::size_t leave_to(const Operation* to, bool begins_block);
  std::size_t leave_before(const Path::Step& step);
  [[nodiscard]] bool is_constant(ValueId id) const { return value(id).kind == TraceValue::Kind::constant; }
  /// Of two constants.
  [[nodiscard]] bool is_so(Condition condition, ValueId a, ValueId b) const {
    return holds(condition, static_cast<std::uint64_t>(distance(value(a).number)),
                 static_cast<std::uint64_t>(distance(value(b).number)));
  }
  [[nodiscard]] std::int64_t word(std::int64_t number) const {
    return word_bytes_ == 4 ? static_cast<std::int64_t>(static_cast<std::uint32_t>(number)) : number;
  }
  [[nodiscard]] std::int64_t distance(std::int64_t number) const {
    return word_bytes_ == 4 ? static_cast<std::int32_t>(number) : number;
  }
  [[nodiscard]] std::int64_t sum(std::int64_t a, std::int64_t b) const {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
  }

  const Path& path_;
  const InstructionSet& set_;
  const Image& image_;
  unsigned word_bytes_;
  Register base_;
  std::array<bool, 4> distance_used_{};
  std::array<bool, 4> distance_varies_{};
  std::vector<TraceSlot> slots_;
  std::vector<Hope> hopes_;  ///< by location
  // Of the round.
  std::vector<TraceValue> values_;
  using Key = std::tuple<TraceValue::Kind, Op, Condition, ValueId, ValueId, std::int64_t, Location>;
  std::map<Key, ValueId> known_;
  std::vector<TraceStep> steps_;
  std::vector<Leaving> leavings_;
  std::array<ValueId, kRegisters> registers_{};
  struct Fact {
    Op op;
    Place place;
    unsigned bytes;
    ValueId value;
  };
  std::vector<Fact> memory_;  ///< what is known to be there
  struct Asked {
    Op op;
    Place place;
    unsigned bytes;
  };
  std::vector<Asked> asked_;
  std::set<std::tuple<Condition, ValueId, ValueId>> tested_;
};

}  // namespace assay::exec

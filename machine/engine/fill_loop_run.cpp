// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Doing many iterations of a loop at once.
#include <algorithm>
#include <cstring>
#include <limits>

#include "machine/engine/fill_loop.h"

namespace assay::machine {
namespace {

using Count = std::uint64_t;
constexpr Count kEndless = std::numeric_limits<Count>::max();

class FillRun {
 public:
  FillRun(const FillLoop& loop, const Isa& isa, Memory& memory, Cpu& cpu)
      : loop_(loop), memory_(memory), cpu_(cpu), wide_(isa.address_bits == 64), word_bytes_(wide_ ? 8 : 4) {}

  Count run();

 private:
  struct Range {
    std::uint64_t from = 0, to = 0;
    [[nodiscard]] bool apart(const Range& other) const { return to <= other.from || other.to <= from; }
  };

  [[nodiscard]] std::uint64_t cut(std::uint64_t value) const {
    return wide_ ? value : static_cast<std::uint32_t>(value);
  }
  [[nodiscard]] std::uint64_t value(const Affine& sum) const;
  [[nodiscard]] Count times(const FillLoop::Test& test) const;
  /// True if it may be written without more ado; up to a page and a bit.
  [[nodiscard]] bool is_plain(std::uint64_t at, std::uint64_t size) const {
    constexpr unsigned kAsked = kPageWrite | kPageSave | kPageCode;
    const std::uint8_t* const pages = memory_.pages();
    return (pages[at / kPage] & kAsked) == kPageWrite &&
           (pages[(at + size - 1) / kPage] & kAsked) == kPageWrite;
  }
  static void put(Byte* to, std::uint64_t pattern, std::uint64_t size, Count items) {
    if (size == 1) {
      std::memset(to, static_cast<int>(pattern & 0xFF), items);
    } else {
      for (Count i = 0; i < items; ++i) std::memcpy(to + i * size, &pattern, size);
    }
  }
  void write_word(std::size_t index, std::uint64_t value);
  bool read_words();
  bool words_apart() const;
  Count fill(Count most) const;
  void finish(Count iterations);

  const FillLoop& loop_;
  Memory& memory_;
  Cpu& cpu_;
  bool wide_;
  std::uint64_t word_bytes_;
  std::array<std::uint64_t, kFirstTemp> word_address_;
  std::array<std::uint64_t, kFirstTemp> word_value_;
};

std::uint64_t FillRun::value(const Affine& sum) const {
  auto total = static_cast<std::uint64_t>(sum.constant);
  for (unsigned i = 0; i < sum.count; ++i) {
    const Atom id = sum.atoms[i];
    total += id < kFirstWord ? cpu_.slots[id] : word_value_[id - kFirstWord];
  }
  return cut(total);
}

/// How often in a row the test holds, from now on.
Count FillRun::times(const FillLoop::Test& test) const {
  using Number = eval::SignedWide;
  const Width width = wide_ ? Width::w64 : Width::w32;
  const bool is_signed = test.condition >= Condition::lt_s && test.condition <= Condition::gt_s;
  const auto number = [&](std::uint64_t bits) -> Number {
    return is_signed ? Number{as_signed(width, bits)} : Number{bits};
  };
  const std::uint64_t left = value(test.left);
  const std::uint64_t right = value(test.right);
  if (!eval::condition(test.condition, width, left, right)) return 0;
  if (test.left_step == 0 && test.right_step == 0) return kEndless;
  if (test.left_step != 0 && test.right_step != 0) return 1;
  Number low = number(left);
  Number high = number(right);
  Number low_step = test.left_step;
  Number high_step = test.right_step;
  Number gap = 0;  // the test holds while high - low > gap
  switch (test.condition) {
    case Condition::ne: {
      // Until they meet; going the long way round is left to the loop itself.
      const Number closing = low_step - high_step;
      const Number distance = high - low;
      if (distance % closing != 0 || distance / closing <= 0) return 1;
      return static_cast<Count>(distance / closing);
    }
    case Condition::lt_u:
    case Condition::lt_s: break;
    case Condition::le_u:
    case Condition::le_s: gap = -1; break;
    case Condition::ge_u:
    case Condition::ge_s: gap = -1; [[fallthrough]];
    case Condition::gt_u:
    case Condition::gt_s:
      std::swap(low, high);
      std::swap(low_step, high_step);
      break;
    default: return 1;
  }
  const Number closing = low_step - high_step;
  // Going apart it holds until the one that moves goes beyond the range of numbers.
  const unsigned bits = bits_of(width) - (is_signed ? 1 : 0);
  const Number most = (Number{1} << bits) - 1;
  const Number least = is_signed ? -most - 1 : Number{0};
  if (low_step < 0) return static_cast<Count>(std::min<Number>((low - least) / -low_step + 1, most));
  if (high_step > 0) return static_cast<Count>(std::min<Number>((most - high) / high_step + 1, most));
  const Number distance = high - low - gap;
  const Number steps = closing == 1 ? distance : (distance + closing - 1) / closing;
  return static_cast<Count>(std::min<Number>(steps, kEndless));
}

bool FillRun::read_words() {
  for (std::size_t i = 0; i < loop_.words.size(); ++i) {
    const FillLoop::Word& word = loop_.words[i];
    if (word.moves) continue;
    const std::uint64_t at = value(word.address);
    word_address_[i] = at;
    if (at > kAddressSpace - word_bytes_) return false;
    const std::uint8_t flags = memory_.pages()[at / kPage] & memory_.pages()[(at + word_bytes_ - 1) / kPage];
    if ((flags & kPageRead) == 0 || (word.stored && (flags & kPageWrite) == 0)) return false;
    word_value_[i] = 0;
    std::memcpy(&word_value_[i], memory_.base() + at, word_bytes_);
  }
  return true;
}

/// Words whose addresses have nothing in common may still be the same: then nothing said of them holds.
bool FillRun::words_apart() const {
  for (const auto& [i, j] : loop_.unsure) {
    const std::uint64_t distance = word_address_[i] - word_address_[j];
    if (distance < word_bytes_ || 0 - distance < word_bytes_) return false;
  }
  return true;
}

/// Writes for as many iterations as it can, at most `most`; says how many.
Count FillRun::fill(Count most) const {
  const FillLoop::Fill& fill = *loop_.fill;
  const std::uint64_t size = bytes_of(fill.width);
  const std::uint64_t first = value(fill.address);
  if (first > kAddressSpace - size) return 0;
  const bool upward = fill.step > 0;
  // What is left of the address space in the direction of the fill.
  most = std::min(most, (upward ? kAddressSpace - first : first + size) / size);
  // No word of the loop may be in what is written: stop before the nearest.
  const Range start{first, first + size};
  for (std::size_t i = 0; i < loop_.words.size(); ++i) {
    if (loop_.words[i].moves) continue;
    const Range word{word_address_[i], word_address_[i] + word_bytes_};
    if (!word.apart(start)) return 0;
    if ((word.from > first) != upward) continue;
    const std::uint64_t room = upward ? word.from - first : start.to - word.to;
    most = std::min(most, room / size);
  }
  const std::uint64_t pattern = value(fill.value);
  // As far as it can be written: page by page, whole items.
  Count done = 0;
  while (done < most) {
    const std::uint64_t at = upward ? first + done * size : first - done * size;
    const std::uint64_t room = upward ? page_floor(at) + kPage - at : at + size - page_floor(at + size - 1);
    const Count some = std::min(std::max<Count>(room / size, 1), most - done);
    const std::uint64_t from = upward ? at : at + size - some * size;
    if (is_plain(from, some * size)) {
      put(memory_.base() + from, pattern, size, some);
    } else {
      if (memory_.prepare_write(from, some * size) != Memory::Access::ok) break;
      std::array<Byte, kPage> bytes;
      put(bytes.data(), pattern, size, some);
      memory_.write_prepared(from, {bytes.data(), some * size});
    }
    done += some;
  }
  return done;
}

void FillRun::write_word(std::size_t index, std::uint64_t value) {
  const std::uint64_t at = word_address_[index];
  if (is_plain(at, word_bytes_)) {
    std::memcpy(memory_.base() + at, &value, word_bytes_);
  } else {
    memory_.write_prepared(at, {reinterpret_cast<const Byte*>(&value), word_bytes_});
  }
}

/// What the last of the iterations leaves.
void FillRun::finish(Count iterations) {
  const std::uint64_t before = iterations - 1;
  for (const auto& [slot, step] : loop_.register_steps)
    cpu_.slots[slot] = cut(cpu_.slots[slot] + static_cast<std::uint64_t>(step) * before);
  for (std::size_t i = 0; i < loop_.words.size(); ++i) {
    word_value_[i] = cut(word_value_[i] + static_cast<std::uint64_t>(loop_.words[i].step) * before);
  }
  std::array<std::uint64_t, std::size_t{2} * kFirstTemp> after;
  for (std::size_t i = 0; i < loop_.results.size(); ++i) {
    const FillLoop::Result& result = loop_.results[i];
    after[i] = result.truth ? (eval::condition(result.test.condition, wide_ ? Width::w64 : Width::w32,
                                               value(result.test.left), value(result.test.right))
                                   ? 1
                                   : 0)
                            : value(result.sum);
  }
  for (std::size_t i = 0; i < loop_.results.size(); ++i) {
    const Atom atom = loop_.results[i].atom;
    if (atom < kFirstWord) {
      cpu_.slots[atom] = after[i];
    } else {
      write_word(atom - kFirstWord, after[i]);
    }
  }
  cpu_.remaining -= iterations * loop_.instructions;
}

Count FillRun::run() {
  if (!read_words()) return 0;
  Count iterations = cpu_.remaining / loop_.instructions;
  for (const FillLoop::Test& test : loop_.tests) iterations = std::min(iterations, times(test));
  if (iterations == 0 || !words_apart()) return 0;
  for (std::size_t i = 0; i < loop_.words.size(); ++i) {
    if (loop_.words[i].stored && !loop_.words[i].moves && !is_plain(word_address_[i], word_bytes_) &&
        memory_.prepare_write(word_address_[i], word_bytes_) != Memory::Access::ok)
      return 0;
  }
  if (loop_.fill) iterations = fill(iterations);
  if (iterations == 0) return 0;
  finish(iterations);
  return iterations;
}

}  // namespace

std::uint64_t run_fill_loop(const FillLoop& loop, const Isa& isa, Memory& memory, Cpu& cpu) {
  return FillRun(loop, isa, memory, cpu).run();
}

}  // namespace assay::machine

// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The second pass of hex1 and hex2: digits, pointers and padding become output bytes, and the RISC-V
// register of pending instruction bits is applied to digit bytes.
#pragma once

#include <optional>

#include "core/output.h"
#include "hex1/reference.h"

namespace assay::hex1 {

/// Two digits of a byte and where they are.
struct DigitPair {
  Byte high = 0;
  Byte low = 0;
  std::size_t first = 0;
  std::size_t second = 0;
};

/// Holds the first digit of a byte until the second one comes; whatever lies between does not matter.
class Pairing {
 public:
  std::optional<DigitPair> add(Byte digit, std::size_t at) {
    if (half_) {
      half_ = false;
      return DigitPair{held_, digit, first_, at};
    }
    half_ = true;
    held_ = digit;
    first_ = at;
    return std::nullopt;
  }
  [[nodiscard]] bool half() const { return half_; }
  [[nodiscard]] std::size_t first() const { return first_; }

 private:
  bool half_ = false;
  Byte held_ = 0;
  std::size_t first_ = 0;
};

class Emitter {
 public:
  Emitter(Output& output, bool want_map) : output_(output), want_map_(want_map) {}

  /// The address of the next byte.
  [[nodiscard]] std::int64_t address() const {
    return static_cast<std::int64_t>(output_.base_address + output_.bytes.size());
  }

  /// A byte written as digits. The pending bits are XORed into its low digit and its high digit is *added*,
  /// as the seeds do: true if that differs from a plain XOR of the byte.
  bool digits(const DigitPair& pair) {
    if (stopped_) return false;
    const auto bits = static_cast<Byte>(pending_);
    pending_ >>= 8;
    const auto sum = static_cast<Byte>((bits ^ pair.low) + 16 * pair.high);
    put(sum, {0, pair.first, pair.second + 1 - pair.first});
    return sum != (bits ^ static_cast<Byte>(16 * pair.high + pair.low));
  }

  /// The low `size` bytes of `value`; neither uses nor shifts the pending bits.
  void pointer(std::int64_t value, unsigned size, ByteOrder order, Span span) {
    if (stopped_) return;
    for (unsigned i = 0; i < size; ++i) {
      const unsigned index = order == ByteOrder::little ? i : size - 1 - i;
      output_.bytes.push_back(static_cast<Byte>(static_cast<std::uint64_t>(value) >> (8 * index)));
    }
    if (want_map_) output_.map.add(size, span);
  }

  /// Bits for the next bytes: the lowest byte of `bits` for the next one.
  void pend(std::uint64_t bits) { pending_ ^= bits; }
  [[nodiscard]] std::uint64_t pending() const { return pending_; }

  /// The tool ends here: nothing more is emitted.
  void stop() { stopped_ = true; }
  [[nodiscard]] bool stopped() const { return stopped_; }

 private:
  void put(Byte byte, Span span) {
    output_.bytes.push_back(byte);
    if (want_map_) output_.map.add(1, span);
  }

  Output& output_;
  bool want_map_;
  std::uint64_t pending_ = 0;
  bool stopped_ = false;
};

}  // namespace assay::hex1

// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The kernel for any host. Outside comments it takes eight bytes at once: one test tells whether a
// comment starts among them; if not, each byte's value is stored and counted only if it is a digit, so
// that the shape of the code (pairs, blanks, columns) costs no branch. Inside a comment the C library
// looks for its end. The second stage is a loop that compilers turn into vector code.
#include <bit>

#include "hex0/kernel_block.h"
#include "hex0/scanner.h"

namespace assay::hex0::kernels {
namespace {

constexpr std::uint64_t kOnes = 0x0101010101010101;
constexpr std::size_t kWord = sizeof(std::uint64_t);

/// 0x80 in every byte of `word` that is `value`, 0 in the others; exact for all bytes.
constexpr std::uint64_t find(std::uint64_t word, Byte value) {
  const std::uint64_t difference = word ^ (kOnes * value);
  return ~(((difference & (kOnes * 0x7F)) + kOnes * 0x7F) | difference) & (kOnes * 0x80);
}

/// The first byte in memory is the lowest.
std::uint64_t load(const Byte* from) {
  std::uint64_t word = 0;
  std::memcpy(&word, from, kWord);
  return std::endian::native == std::endian::little ? word : __builtin_bswap64(word);
}

class Gatherer {
 public:
  Gatherer(const Rules& rules, Place& place, Digits& digits)
      : rules_(rules), place_(place), digits_(digits) {}

  void run(ByteView block) {
    std::size_t at = 0;
    std::size_t count = digits_.count;
    while (at < block.size() && !place_.ended) {
      if (place_.in_comment) {
        at = find_comment_end(block, at, rules_.return_ends_comment);
        if (at == block.size()) break;
        place_.in_comment = false;
        ++at;
      }
      at += take_code(block.subspan(at), count);
    }
    digits_.count = count;
  }

 private:
  /// Up to and with the start of a comment, or a NUL that ends the text.
  std::size_t take_code(ByteView code, std::size_t& count) {
    std::size_t at = 0;
    for (; at + kWord <= code.size(); at += kWord) {
      const std::uint64_t word = load(code.data() + at);
      const std::uint64_t stops = stops_in(word);
      if (stops != 0) return at + take_last(word, stops, count);
      take(word, count);
    }
    if (at == code.size()) return at;
    Byte rest[kWord] = {};
    std::copy(code.begin() + static_cast<std::ptrdiff_t>(at), code.end(), rest);
    const std::uint64_t word = load(rest);
    // The zeros behind the text are none of its NULs.
    const std::uint64_t stops = stops_in(word) & ((std::uint64_t{1} << (8 * (code.size() - at))) - 1);
    if (stops != 0) return at + take_last(word, stops, count);
    take(word, count);
    return code.size();
  }

  [[nodiscard]] std::uint64_t stops_in(std::uint64_t word) const {
    const std::uint64_t stops = find(word, '#') | find(word, ';');
    return rules_.nul_ends_text ? stops | find(word, 0) : stops;
  }

  std::size_t take_last(std::uint64_t word, std::uint64_t stops, std::size_t& count) {
    const int bits = std::countr_zero(stops) & ~7;
    place_.ended = (word >> bits & 0xFF) == 0;
    place_.in_comment = !place_.ended;
    take(word & ((std::uint64_t{1} << bits) - 1), count);
    return static_cast<std::size_t>(bits) / 8 + 1;
  }

  void take(std::uint64_t word, std::size_t& count) {
    for (std::size_t i = 0; i < kWord; ++i, word >>= 8) {
      const Byte value = rules_.values[word & 0xFF];
      digits_.values[count] = value;
      count += static_cast<std::size_t>(value >> 7 ^ 1);
    }
  }

  const Rules& rules_;
  Place& place_;
  Digits& digits_;
};

}  // namespace

Byte* decode_portable(ByteView piece, const Rules& rules, Place& place, Byte* out) {
  Digits digits(place);
  Gatherer gatherer(rules, place, digits);
  for (std::size_t at = 0; at < piece.size() && !place.ended; at += kBlock) {
    gatherer.run(piece.subspan(at, std::min(kBlock, piece.size() - at)));
    const std::size_t pairs = digits.count / 2;
    for (std::size_t i = 0; i < pairs; ++i) {
      out[i] = static_cast<Byte>(digits.values[2 * i] * 16 + digits.values[2 * i + 1]);
    }
    out += pairs;
    digits.keep_last();
  }
  digits.leave(place);
  return out;
}

}  // namespace assay::hex0::kernels

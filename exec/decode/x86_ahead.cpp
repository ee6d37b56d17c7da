// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "exec/decode/x86_ahead.h"

#include "exec/decode/instruction_set.h"

namespace assay::exec {
namespace {

constexpr int kMostInstructions = 24;

/// One instruction, as far as flags are concerned.
struct Glance {
  enum class Kind : std::uint8_t {
    plain,   ///< leaves flags alone, or changes some of them
    writes,  ///< all of them, known or not
    reads,
    jumps,  ///< to `target`
    ends,   ///< calls, returns and the like
    unknown
  } kind = Kind::unknown;
  bool is_condition = false;  ///< a conditional jump, or one that sets a byte
  std::uint64_t target = 0;
};

using Kind = Glance::Kind;

class Glancer {
 public:
  Glancer(const Image& image, std::uint64_t address)
      : image_(image), at_(address), wide_(image.word_bytes() == 8) {}

  Glance next();
  [[nodiscard]] std::uint64_t at() const { return at_; }

 private:
  unsigned byte() {
    if (at_ < image_.base() || at_ >= image_.end()) {
      bad_ = true;
      return 0;
    }
    return *image_.at(at_++);
  }
  void skip(unsigned bytes) { at_ += bytes; }
  /// Behind ModRM and what belongs to it; returns the middle field.
  unsigned operand();
  Glance jump(unsigned bytes, Kind kind);
  Glance one(unsigned code);
  Glance arithmetic(unsigned code);
  Glance two_byte();
  static Kind of_group(unsigned which) { return which == 2 || which == 3 ? Kind::reads : Kind::writes; }
  [[nodiscard]] unsigned constant() const { return half_ ? 2 : 4; }

  const Image& image_;
  std::uint64_t at_;
  bool wide_;
  bool half_ = false;
  bool big_ = false;  ///< REX.W
  bool bad_ = false;
};

unsigned Glancer::operand() {
  const unsigned modrm = byte();
  const unsigned mode = modrm >> 6;
  unsigned low = modrm & 7;
  if (mode == 3) return modrm >> 3 & 7;
  if (low == 4) {
    const unsigned sib = byte();
    low = mode == 0 && (sib & 7) == 5 ? 5 : 4;
  }
  if (mode == 1) skip(1);
  if (mode == 2 || (mode == 0 && low == 5)) skip(4);
  return modrm >> 3 & 7;
}

Glance Glancer::jump(unsigned bytes, Kind kind) {
  std::uint32_t distance = 0;
  for (unsigned index = 0; index < bytes; ++index) distance |= std::uint32_t{byte()} << (8 * index);
  const std::int64_t by =
      bytes == 1 ? static_cast<std::int8_t>(distance) : static_cast<std::int32_t>(distance);
  return {kind, kind == Kind::reads, at_ + static_cast<std::uint64_t>(by)};
}

Glance Glancer::arithmetic(unsigned code) {
  const Kind kind = of_group(code >> 3);
  if ((code & 7) < 4) {
    operand();
  } else {
    skip((code & 7) == 4 ? 1 : constant());
  }
  return {kind};
}

Glance Glancer::two_byte() {
  const unsigned code = byte();
  switch (code >> 4) {
    case 0x4: operand(); return {Kind::reads};
    case 0x8: return jump(4, Kind::reads);
    case 0x9: operand(); return {Kind::reads, true};
    default: break;
  }
  switch (code) {
    case 0x05: return {Kind::plain};
    case 0x1e:
    case 0x1f:
    case 0xb6:
    case 0xb7:
    case 0xbe:
    case 0xbf: operand(); return {Kind::plain};
    case 0xaf: operand(); return {Kind::writes};
    default: return {};
  }
}

Glance Glancer::one(unsigned code) {
  if (code < 0x40 && (code & 7) < 6) return arithmetic(code);
  if (code >= 0x40 && code < 0x60) return {Kind::plain};  // REX has been read
  if (code >= 0x70 && code < 0x80) return jump(1, Kind::reads);
  if (code >= 0x90 && code < 0x9a) return {Kind::plain};
  if (code >= 0xd8 && code < 0xe0) return operand(), Glance{Kind::plain};
  if (code >= 0xb0 && code < 0xb8) return skip(1), Glance{Kind::plain};
  if (code >= 0xb8 && code < 0xc0) return skip(big_ ? 8 : constant()), Glance{Kind::plain};
  switch (code) {
    case 0x0f: return two_byte();
    case 0x9b:
    case 0x9e: return {Kind::plain};
    case 0x9f: return {Kind::reads};
    case 0x68: skip(constant()); return {Kind::plain};
    case 0x6a: skip(1); return {Kind::plain};
    case 0x69:
      operand();
      skip(constant());
      return {Kind::writes};
    case 0x6b:
      operand();
      skip(1);
      return {Kind::writes};
    case 0x80:
    case 0x83: {
      const unsigned which = operand();
      skip(1);
      return {of_group(which)};
    }
    case 0x81: {
      const unsigned which = operand();
      skip(constant());
      return {of_group(which)};
    }
    case 0x84:
    case 0x85: operand(); return {Kind::writes};
    case 0x63:
    case 0x86:
    case 0x87:
    case 0x88:
    case 0x89:
    case 0x8a:
    case 0x8b:
    case 0x8d:
    case 0x8f: operand(); return {Kind::plain};
    case 0xa0:
    case 0xa1:
    case 0xa2:
    case 0xa3: skip(wide_ ? 8 : 4); return {Kind::plain};
    case 0xa8: skip(1); return {Kind::writes};
    case 0xa9: skip(constant()); return {Kind::writes};
    case 0xc0:
    case 0xc1:
    case 0xd0:
    case 0xd1:
    case 0xd2:
    case 0xd3: {
      const unsigned which = operand();
      if (code < 0xd0) skip(1);
      return {which == 2 || which == 3 ? Kind::reads : Kind::plain};
    }
    case 0xc2:
    case 0xc3: return {Kind::ends};
    case 0xc6:
      operand();
      skip(1);
      return {Kind::plain};
    case 0xc7:
      operand();
      skip(constant());
      return {Kind::plain};
    case 0xc9: return {Kind::plain};
    case 0xcd: skip(1); return {Kind::plain};
    case 0xe8: return {Kind::ends};
    case 0xe9: return jump(4, Kind::jumps);
    case 0xeb: return jump(1, Kind::jumps);
    case 0xf6:
    case 0xf7: {
      const unsigned which = operand();
      if (which < 2) skip(code == 0xf6 ? 1 : constant());
      return {which == 2 ? Kind::plain : Kind::writes};
    }
    case 0xfe:
    case 0xff: {
      const unsigned which = operand();
      return {which == 2 || which == 4 ? Kind::ends : Kind::plain};
    }
    default: return {};
  }
}

Glance Glancer::next() {
  half_ = big_ = false;
  unsigned code = byte();
  if (code == 0x66) {
    half_ = true;
    code = byte();
  }
  if (wide_ && (code & 0xf0) == 0x40) {
    big_ = (code & 8) != 0;
    code = byte();
  }
  const Glance glance = one(code);
  return bad_ || at_ > image_.end() ? Glance{} : glance;
}

}  // namespace

FlagsAhead look_ahead(const Image& image, std::uint64_t address, bool past_ends) {
  FlagsAhead result;
  for (int seen = 0; seen < kMostInstructions; ++seen) {
    Glancer glancer(image, address);
    const Glance glance = glancer.next();
    address = glancer.at();
    switch (glance.kind) {
      case Kind::plain: break;
      case Kind::jumps: address = glance.target; break;
      case Kind::reads:
        result.are_read = true;
        if (seen == 0 && glance.is_condition) {
          result.used_at_once = true;
          result.behind = address;
          result.target = glance.target;
        }
        return result;
      case Kind::writes: result.are_used = false; return result;
      case Kind::ends: result.are_used = past_ends; return result;
      case Kind::unknown: return result;
    }
  }
  return result;
}

/// Some programs written by hand have functions that answer by flags, or ask twice, the second time behind a
/// jump. What is taken for an instruction here may be none: then flags are kept that nobody wants.
FlagsKept x86_keeps_flags(const Image& image) {
  constexpr std::uint64_t kBytes = 6;
  for (std::uint64_t at = image.base(); at + kBytes <= image.end(); ++at) {
    const Byte code = *image.at(at);
    const bool calls = code == 0xe8;
    const bool branches = code == 0x0f && (*image.at(at + 1) & 0xf0) == 0x80;
    if (!calls && !branches) continue;
    const std::uint64_t behind = at + (calls ? 5 : 6);
    const std::uint64_t target =
        behind + static_cast<std::uint64_t>(std::int64_t{image.load<std::int32_t>(behind - 4)});
    if (target < image.base() || target >= image.end()) continue;
    if (look_ahead(image, calls ? behind : target, false).are_read) return FlagsKept::differences;
  }
  return FlagsKept::none;
}

}  // namespace assay::exec

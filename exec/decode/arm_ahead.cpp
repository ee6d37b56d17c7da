// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "exec/decode/arm_ahead.h"

namespace assay::exec {
namespace {

using Goes = FlagUse::Goes;
using Sets = FlagUse::Sets;

constexpr int kMostInstructions = 8;

/// The codes of a program.
class Codes {
 public:
  Codes(const Image& image, FlagUse (*use)(std::uint32_t code)) : image_(image), use_(use) {}
  [[nodiscard]] std::uint64_t begin() const { return (image_.base() + 3) & ~std::uint64_t{3}; }
  [[nodiscard]] bool holds(std::uint64_t at) const { return at >= image_.base() && at + 4 <= image_.end(); }
  [[nodiscard]] FlagUse operator[](std::uint64_t at) const { return use_(image_.load<std::uint32_t>(at)); }

  /// Whether the flags are asked for, before they are set, by the code from there on.
  [[nodiscard]] bool ask(std::uint64_t at) const {
    for (int seen = 0; seen < kMostInstructions && is_code(at); ++seen, at += 4) {
      const FlagUse code = (*this)[at];
      if (code.asks) return true;
      if (code.sets != Sets::nothing || code.goes == Goes::calls || code.goes == Goes::elsewhere)
        return false;
      if (code.goes == Goes::jumps) at += static_cast<std::uint64_t>(code.distance - 4);
    }
    return false;
  }
  /// Whether they are set by the few before.
  [[nodiscard]] bool set_before(std::uint64_t at) const {
    for (int seen = 0; seen < kMostInstructions && is_code(at -= 4); ++seen) {
      if ((*this)[at].sets != Sets::nothing) return true;
    }
    return false;
  }
  /// Whether the code from there on goes elsewhere soon.
  [[nodiscard]] bool leave(std::uint64_t at) const {
    for (int seen = 0; seen < kMostInstructions && is_code(at); ++seen, at += 4) {
      if ((*this)[at].goes != Goes::on) return true;
    }
    return false;
  }

 private:
  [[nodiscard]] bool is_code(std::uint64_t at) const { return holds(at) && (*this)[at].is_code; }

  const Image& image_;
  FlagUse (*use_)(std::uint32_t code);
};

}  // namespace

/// They are asked for behind a call, or where a condition leads.
FlagsKept flags_kept(const Image& image, FlagUse (*use)(std::uint32_t code)) {
  const Codes codes(image, use);
  bool keeps = false;
  bool all = false;
  for (std::uint64_t at = codes.begin(); codes.holds(at); at += 4) {
    const FlagUse code = codes[at];
    all = all || (code.sets == Sets::others && codes.leave(at + 4));
    if (keeps || !code.is_code) continue;
    if (code.goes == Goes::calls) {
      keeps = codes.ask(at + 4);
    } else if (code.goes == Goes::leads) {
      keeps = codes.set_before(at) && codes.ask(at + static_cast<std::uint64_t>(code.distance));
    }
  }
  return !keeps ? FlagsKept::none : all ? FlagsKept::all : FlagsKept::differences;
}

}  // namespace assay::exec

// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The fast ways through a hex0 text when nobody asks for a map or warnings: one a family of processors.
// All give the same bytes; tests and a fuzzer hold them against each other and against a model.
//
// Every kernel works in two stages on blocks small enough for the first-level cache: the first gathers
// the digits outside comments, one a byte; the second makes pairs of them into bytes. So neither stage
// cares where the digits of a byte are, and half a byte between two blocks is one digit that is carried
// over.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "core/bytes.h"
#include "hex0/dialects.h"

namespace assay::hex0 {

enum class Kernel : std::uint8_t {
  automatic,  ///< the fastest that the processor has
  portable,
  avx2,
  avx512,  ///< needs VBMI2
};

/// "portable", "avx2", "avx512".
std::string_view name_of(Kernel kernel);
/// The kernels that work on this host, the slowest (portable) first; without `automatic`.
std::span<const Kernel> available_kernels();

namespace kernels {

/// Marks a byte that is no digit.
inline constexpr Byte kOther = 0x80;

/// A dialect as the kernels see it.
struct Rules {
  std::array<Byte, 256> values;  ///< 0 to 16, or kOther
  bool g_is_digit;
  bool return_ends_comment;
  bool nul_ends_text;
};

Rules rules_of(const Dialect& dialect);

/// Where a kernel stands between two pieces of a text.
struct Place {
  bool in_comment = false;
  bool half = false;  ///< `held` is the first digit of a byte, as the kernel that set it keeps digits
  Byte held = 0;
  bool ended = false;  ///< by a NUL: the rest of the text does not count
};

/// A kernel writes up to this many bytes behind those it makes.
inline constexpr std::size_t kSlack = 64;

/// Decodes one piece. `out` has room for half the bytes of the piece, and kSlack more.
/// Returns the end of what was made.
using Decode = Byte* (*)(ByteView piece, const Rules& rules, Place& place, Byte* out);

Byte* decode_portable(ByteView piece, const Rules& rules, Place& place, Byte* out);
Byte* decode_avx2(ByteView piece, const Rules& rules, Place& place, Byte* out);
Byte* decode_avx512(ByteView piece, const Rules& rules, Place& place, Byte* out);

/// The function of a kernel; the portable one where the host lacks it.
Decode decoder_of(Kernel kernel);

}  // namespace kernels
}  // namespace assay::hex0

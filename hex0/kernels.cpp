// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "hex0/kernels.h"

#include <algorithm>
#include <vector>

#include "hex0/scanner.h"

namespace assay::hex0 {
namespace {

bool host_has(Kernel kernel) {
#if defined(__x86_64__)
  switch (kernel) {
    case Kernel::automatic:
    case Kernel::portable: return true;
    case Kernel::avx2: return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("popcnt");
    case Kernel::avx512:
      return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
             __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512vbmi2") &&
             __builtin_cpu_supports("popcnt");
  }
#endif
  return kernel == Kernel::automatic || kernel == Kernel::portable;
}

}  // namespace

std::string_view name_of(Kernel kernel) {
  switch (kernel) {
    case Kernel::automatic: return "automatic";
    case Kernel::portable: return "portable";
    case Kernel::avx2: return "avx2";
    case Kernel::avx512: return "avx512";
  }
  return "automatic";
}

std::span<const Kernel> available_kernels() {
  static const std::vector<Kernel> available = [] {
    std::vector<Kernel> list;
    for (const Kernel kernel : {Kernel::portable, Kernel::avx2, Kernel::avx512}) {
      if (host_has(kernel)) list.push_back(kernel);
    }
    return list;
  }();
  return available;
}

namespace kernels {

Rules rules_of(const Dialect& dialect) {
  Rules rules{.values = {},
              .g_is_digit = dialect.g_is_digit,
              .return_ends_comment = dialect.comment_end == CommentEnd::line_feed_or_carriage_return,
              .nul_ends_text = dialect.nul == Nul::ends_text};
  for (std::size_t byte = 0; byte < rules.values.size(); ++byte) {
    rules.values[byte] = kDigitValues[byte] == kNoDigit ? kOther : kDigitValues[byte];
  }
  if (dialect.g_is_digit) rules.values['G'] = rules.values['g'] = 16;
  return rules;
}

Decode decoder_of(Kernel kernel) {
  const std::span<const Kernel> available = available_kernels();
  if (kernel == Kernel::automatic) kernel = available.back();
  if (std::find(available.begin(), available.end(), kernel) == available.end()) kernel = Kernel::portable;
  switch (kernel) {
#if defined(__x86_64__)
    case Kernel::avx2: return decode_avx2;
    case Kernel::avx512: return decode_avx512;
#endif
    default: return decode_portable;
  }
}

}  // namespace kernels
}  // namespace assay::hex0

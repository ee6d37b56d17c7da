// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/releases/programs.h"

#include <algorithm>
#include <string_view>
#include <unordered_set>

#include "bootstrap/releases/state_files.h"
#include "core/digest.h"

namespace assay::bootstrap {
namespace {

constexpr std::size_t kDigits = 32;

/// The digests in the lists of products; bootstrap/known/known_state.h has the format.
std::unordered_set<std::string_view> product_digests() {
  std::unordered_set<std::string_view> digests;
  for (std::string_view text : state_files()) {
    bool products = false;
    while (!text.empty()) {
      const std::string_view line = text.substr(0, text.find('\n'));
      text.remove_prefix(std::min(text.size(), line.size() + 1));
      const std::string_view word = line.substr(0, line.find(' '));
      if (word == "products") {
        products = true;
      } else if (products && word.size() == kDigits) {
        digests.insert(word);
      } else if (!line.empty() && !line.starts_with('#')) {
        products = false;
      }
    }
  }
  return digests;
}

}  // namespace

bool is_made_by_a_release(ByteView program) {
  static const std::unordered_set<std::string_view> kDigests = product_digests();
  return kDigests.contains(std::string_view(sha256(program)).substr(0, kDigits));
}

}  // namespace assay::bootstrap

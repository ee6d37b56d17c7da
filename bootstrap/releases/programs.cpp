// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/releases/programs.h"

#include <string_view>
#include <unordered_set>

#include "bootstrap/releases/known_state.h"
#include "core/digest.h"

namespace assay::bootstrap {
namespace {

std::unordered_set<std::string_view> product_digests() {
  std::unordered_set<std::string_view> digests;
  for (const KnownState& state : built_in_states()) {
    for (const KnownChain& chain : state.chains) {
      for (const auto& [path, made] : chain.products) digests.insert(made.begin(), made.end());
    }
  }
  return digests;
}

}  // namespace

bool is_made_by_a_release(ByteView program) {
  static const std::unordered_set<std::string_view> kDigests = product_digests();
  return kDigests.contains(std::string_view(sha256(program)).substr(0, kStateDigits));
}

}  // namespace assay::bootstrap

// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "exec/kept.h"

#include <algorithm>

namespace assay::exec {
namespace {

constexpr std::size_t kMost = 4;
constexpr std::size_t kMostOperationsKept = 500'000;
constexpr std::size_t kMostCodeBytes = std::size_t{16} << 20;

}  // namespace

std::unique_ptr<Kept> KeptPrograms::take(ByteView file, bool has_low_stack) {
  const std::lock_guard lock(mutex_);
  const auto found = std::find_if(kept_.rbegin(), kept_.rend(), [&](const std::unique_ptr<Kept>& one) {
    return one->has_low_stack == has_low_stack &&
           std::equal(one->bytes.begin(), one->bytes.end(), file.begin(), file.end());
  });
  if (found == kept_.rend()) return nullptr;
  std::unique_ptr<Kept> kept = std::move(*found);
  kept_.erase(std::next(found).base());
  return kept;
}

void KeptPrograms::give(std::unique_ptr<Kept> kept) {
  if (kept->program.operations() > kMostOperationsKept) return;
  if (kept->translation != nullptr && kept->translation->code_bytes() > kMostCodeBytes) return;
  const std::lock_guard lock(mutex_);
  kept_.push_back(std::move(kept));
  if (kept_.size() > kMost) kept_.erase(kept_.begin());
}

}  // namespace assay::exec

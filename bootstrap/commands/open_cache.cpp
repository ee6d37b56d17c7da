// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/commands/open_cache.h"

#include "bootstrap/commands/commands.h"
#include "bootstrap/roads/cache_entries.h"
#include "command/host_files.h"
#include "core/digest.h"

namespace assay::bootstrap {

std::optional<StepCache> open_cache(const std::string& directory, bool off) {
  const std::string chosen = directory.empty() ? default_cache_directory() : directory;
  const Result<Bytes> self = read_host_file("/proc/self/exe");
  if (off || chosen.empty() || !self) return std::nullopt;
  return std::optional<StepCache>(std::in_place, chosen, sha256(*self), kMostCacheBytes);
}

}  // namespace assay::bootstrap

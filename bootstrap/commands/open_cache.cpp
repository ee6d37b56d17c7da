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

void add_cache_options(CLI::App& command, std::string& directory, bool& no_cache,
                       const std::string& what_no_cache_does) {
  CLI::Option* const cache =
      command
          .add_option("--cache", directory, "Keep the results of steps in DIR (default: the user's cache)")
          ->type_name("DIR");
  command.add_flag("--no-cache", no_cache, what_no_cache_does)->excludes(cache);
}

}  // namespace assay::bootstrap

// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// assay cache info|clear: what is kept between runs.
#include <cstdlib>
#include <filesystem>
#include <memory>

#include "bootstrap/commands/commands.h"
#include "bootstrap/roads/cache_entries.h"
#include "command/print.h"

namespace assay::bootstrap {
namespace {

int no_directory() {
  assay::print_error("assay: no cache: neither XDG_CACHE_HOME nor HOME is set [no-cache-directory]\n");
  return kStatusCannotRun;
}

int info(const std::string& directory) {
  const std::vector<CacheEntry> entries = cache_entries(directory);
  std::uint64_t bytes = 0;
  for (const CacheEntry& entry : entries) bytes += entry.size;
  assay::print("directory  {}\nentries    {}\nbytes      {}\nmost       {}\n", directory, entries.size(),
               bytes, kMostCacheBytes);
  return kStatusPass;
}

int clear(const std::string& directory) {
  const std::size_t left = clear_cache(directory);
  if (left == 0) return kStatusPass;
  assay::print_error("assay: {} entries in '{}' cannot be removed [cache-unwritable]\n", left, directory);
  return kStatusCannotRun;
}

}  // namespace

std::string default_cache_directory() {
  const auto variable = [](const char* name) -> std::string {
    const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): one thread
    return value == nullptr ? "" : value;
  };
  if (const std::string base = variable("XDG_CACHE_HOME"); !base.empty()) return base + "/assay/steps";
  const std::string home = variable("HOME");
  return home.empty() ? "" : home + "/.cache/assay/steps";
}

void add_cache_command(CLI::App& app, int& status) {
  CLI::App& command = *app.add_subcommand("cache", "Tells about or empties what is kept between runs");
  command.require_subcommand(1);
  const auto add = [&](const char* name, const char* what, int (*action)(const std::string&)) {
    auto directory = std::make_shared<std::string>();
    CLI::App& sub = *command.add_subcommand(name, what);
    sub.add_option("--cache", *directory, "The cache in DIR (default: the user's cache)")->type_name("DIR");
    sub.callback([directory, action, &status] {
      const std::string chosen = directory->empty() ? default_cache_directory() : *directory;
      status = chosen.empty() ? no_directory() : action(chosen);
    });
  };
  add("info", "Where it is, how much is in it, and how much may be", info);
  add("clear", "Removes all entries, and nothing else", clear);
}

}  // namespace assay::bootstrap

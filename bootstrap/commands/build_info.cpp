// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/commands/build_info.h"

#include <archive.h>
#include <fmt/format.h>
#include <openssl/crypto.h>
#include <CLI/Version.hpp>
#include <nlohmann/json_fwd.hpp>

#include <built_from.h>
#include "bootstrap/releases/known_state.h"
#include "command/host_files.h"
#include "core/digest.h"

namespace assay::bootstrap {
namespace {

/// Who packed it says so; a library that is linked in is the one that it was built with.
std::string libraries() {
  return fmt::format("{}, {}, fmt {}.{}.{}, CLI11 {}, nlohmann-json {}.{}.{}",
                     OpenSSL_version(OPENSSL_VERSION), archive_version_details(), FMT_VERSION / 10000,
                     FMT_VERSION / 100 % 100, FMT_VERSION % 100, CLI11_VERSION, NLOHMANN_JSON_VERSION_MAJOR,
                     NLOHMANN_JSON_VERSION_MINOR, NLOHMANN_JSON_VERSION_PATCH);
}

}  // namespace

std::string build_info() {
  const Result<Bytes> self = read_host_file("/proc/self/exe");
  return fmt::format("commit     {}\ncompiler   " ASSAY_COMPILER "\noptions    " ASSAY_BUILD_OPTIONS
                     "\nlibraries  {}\nreleases   {} known\nthis file  {}\n",
                     ASSAY_COMMIT, libraries(), built_in_states().size(),
                     self ? "sha256 " + sha256(*self) : "cannot be read");
}

}  // namespace assay::bootstrap

// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/check/known_reliances.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "bootstrap/chain/source_key.h"
#include "core/digest.h"

namespace assay::bootstrap {
namespace {

constexpr std::array<std::string_view, 6> kPrograms{
    // hex0 of AMD64 since 1.8: takes the sign of what was in rbx, after it exchanged it with the descriptor.
    "66c95985e668f20f2465c2b876f83fef066fd7c8c2dd3adb51a969f2d7120c8b",
    // The same of 1.6 and 1.7: opens its output with a mode whose upper bits are those of rdx.
    "f503294f4dc193b9d844752d64298ea2954d531b938229ee830bae5e5cc5be8e",
    "ebe6d93129e9d7135504d4297cb4d735bf8af0f2491a6af04e4597747112a8f4",
    // catm of x86 since 1.6: opens its output with flags whose upper bits are those of ecx.
    "103d35c04e73a690958259f99a99f62433be5be73ece8fd985ce8e4d026e56d1",
    // M0 of x86 and of AArch64: the list of tokens ends with what was in ebp, or x13.
    "ee34687b4bdf41062fde93660259db0c7bb935d9763db1a0d314cdcc32fc01fe",
    "222b70d077bba079c998d40b87e5dcf3c46b48a94f0e8b998b4507955faae77b",
};

/// cp of mescc-tools-extra, as source_key has it: puts the directory before the names of the files that it
/// opens, and says it nowhere. Releases 1.3 to 1.9.1 and what stood between them.
constexpr std::array<std::string_view, 5> kCp{
    "71bab74d3df4820d903d90a80c1bcc1f0f35bb7e857152b88d11b97f6aafa89e",
    "ace531d79c1250f7da42e1e8dc14a5426d2ed09b7272b4f644e028523a9aae63",
    "566ec519f43b8f3affbf0893213c8e1a2d1350bae2d85194e6fa2ec07d1472fb",
    "4e946075991c9ebfb46bad6500299090bf2a8c642ddbd62597b1b5ebcbc1e8e3",
    "9e436c0804e442005d0096d89227191e8551e42fecec48a7e01c12f002857b82",
};

}  // namespace

bool is_known_reliance(const Bytes& program) {
  const std::string digest = sha256(program);
  return std::any_of(kPrograms.begin(), kPrograms.end(),
                     [&digest](std::string_view known) { return digest == known; });
}

bool is_idle_reliance(const Command& command, const Command* maker, std::string_view what,
                      const FileTree& tree) {
  // The sources of M2-Planet include it for other compilers; M2-Mesoplanet opens it and reads nothing.
  if (command.role == Role::m2_mesoplanet) return what == "path-above-root ../gcc_req.h";
  if (what != "directory-name" || maker == nullptr) return false;
  return std::ranges::any_of(maker->inputs, [&tree](const std::string& input) {
    const Result<std::shared_ptr<const Bytes>> source =
        input.ends_with(".c") ? tree.read(input) : fail("file-not-found", input);
    return source && std::ranges::find(kCp, source_key(input, **source)) != kCp.end();
  });
}

}  // namespace assay::bootstrap

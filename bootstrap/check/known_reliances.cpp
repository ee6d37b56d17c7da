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

/// cp.c of mescc-tools-extra, by its key alone: puts the directory before the names of the files that it
/// opens, and says it nowhere. Releases 1.3 to 1.9.1 and what stood between them.
constexpr std::array<std::string_view, 5> kCp{
    "838cc30c7ec520f343215ac62d2a3afefffcc3aa637b15b91eec29df72d70cd9",
    "2e3b606ccc192b2fcd161d1ae9eec152943074722bf7506f826933777df8b9f1",
    "0f16c9dd826229b08e3d59cadda7cf5e5ae48f397a31a6645d32a8b0ab9440dc",
    "d0804d549aa80c7289f5c128b5da9c197b737f2719bdba20c38bae0c144b9244",
    "dba4494933da823a9354d888f68650fd424284b4c4c0543b45376e7efd64d6f2",
};

/// mes-m2 0.27.1 of x86, amd64 and riscv64 (live-bootstrap's pins): it notes when it began, for a procedure
/// that tells how long it runs, and asks whether somebody types, for a prompt.
constexpr std::array<std::string_view, 3> kMes{
    "62895fcf68b21961e018c797b3144fc86f9dbd5a535776e9e68a01b3fd33de08",
    "672f2d71836765c4a478017cdd3aa12d3d40da7ebe2dd80af9b53b516e9abfc1",
    "132066ae1e8fc55c3bd256623d918b86a6dcec2bc6379e2f273f2733fb7f57be",
};

}  // namespace

bool is_known_reliance(const Bytes& program) {
  const std::string digest = sha256(program);
  return std::any_of(kPrograms.begin(), kPrograms.end(),
                     [&digest](std::string_view known) { return digest == known; });
}

bool is_idle_reliance(const Command& command, std::string_view what) {
  // The sources of M2-Planet include it for other compilers; M2-Mesoplanet opens it and reads nothing.
  if (command.role == Role::m2_mesoplanet) return what == "path-above-root ../gcc_req.h";
  return what == "directory-name" && std::ranges::find(kCp, command.telling) != kCp.end();
}

bool is_idle_reliance(const Bytes& program, std::string_view what) {
  if (what != "terminal" && what != "time") return false;
  const std::string digest = sha256(program);
  return std::any_of(kMes.begin(), kMes.end(), [&](std::string_view known) { return digest == known; });
}

}  // namespace assay::bootstrap

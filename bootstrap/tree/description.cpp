// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/tree/description.h"

#include <algorithm>

#include "bootstrap/tree/tree.h"
#include "core/paths.h"
#include "kaem/minimal.h"

namespace assay::bootstrap {

const SeedDescription* ChainDescription::seed(std::string_view path) const {
  const auto found =
      std::ranges::find_if(seeds, [path](const SeedDescription& one) { return one.file == path; });
  return found == seeds.end() ? nullptr : &*found;
}

ChainDescription described_by_layout(const FileTree& files, const Architecture& arch, const Layout& layout) {
  ChainDescription chain;
  const std::string hex0 = hex0_seed_path(arch, layout);
  const std::string kaem = kaem_seed_path(arch, layout);
  chain.directory = boot_directory(arch, layout);
  chain.script = boot_script_path(arch, layout);
  chain.seeds = {{.file = hex0, .sources = seed_source_paths(files, arch, layout, hex0), .role = "hex0"},
                 {.file = kaem,
                  .sources = seed_source_paths(files, arch, layout, kaem),
                  .role = layout.boots_with_kaem ? "kaem" : "kaem-minimal",
                  .interprets = true}};
  chain.backslashes = layout.is_uefi;
  if (layout.is_uefi) chain.suffix = ".efi";
  chain.boot = {(chain.directory.empty() ? "./" : "../") + kaem};
  if (layout.boots_with_kaem) {
    chain.boot.insert(chain.boot.end(), {"--verbose", "--strict"});
    chain.environment = {"HOME=/", "TERM=linux"};  // what Linux gives the first program: that kaem needs some
  } else if (chain.directory.empty() && kaem::minimal_dialect(arch.name)->default_script != chain.script) {
    chain.boot.push_back("./" + chain.script);  // it would look for another one
  }
  return chain;
}

}  // namespace assay::bootstrap

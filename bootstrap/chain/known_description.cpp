// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/chain/known_description.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "bootstrap/chain/description_reader.h"
#include "bootstrap/tree/embedded_files.h"

namespace assay::bootstrap {
namespace {

struct Known {
  std::string_view folder;                ///< of what belongs to it
  std::array<std::string_view, 3> shows;  ///< files by which such a tree is known
};

constexpr Known kKnown[] = {
    {"bootstrap/embedded/stage0/",
     {"stage0/stage0_monitor.hex0", "stage1/stage1_assembler-0.hex0", "High_level_prototypes/defs"}},
};

}  // namespace

std::optional<Source> known_description(MemoryTree& files) {
  const auto* const known = std::ranges::find_if(kKnown, [&](const Known& one) {
    return std::ranges::all_of(one.shows,
                               [&](std::string_view path) { return files.info(path).has_value(); });
  });
  if (known == std::end(kKnown)) return std::nullopt;
  std::optional<Source> description;
  for (const EmbeddedFile& file : embedded_files()) {
    if (!file.path.starts_with(known->folder)) continue;
    const std::string_view name = file.path.substr(known->folder.size());
    if (name == kDescriptionFile) {
      description = Source{std::string(file.path), file.bytes};
    } else {
      files.put(name, {file.bytes.begin(), file.bytes.end()});
    }
  }
  return description;
}

}  // namespace assay::bootstrap

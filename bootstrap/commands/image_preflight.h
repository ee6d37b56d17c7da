// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// `assay preflight` of what is no plain stage0-posix tree.
#pragma once

#include <functional>
#include <string>

#include "machine/machine.h"

namespace assay::bootstrap {

struct ImageSettings {
  std::string path;
  std::string sources;  ///< a checkout whose builder-hex0/ the boot sector must come from; may be empty
  std::string json;
  bool quiet = false;
  std::string level = "both";  ///< "static", "replay", or "both": replay what the static checks pass
  std::string until = "end";   ///< of the replay: "answers" or "end"
  std::string road = "both";   ///< of the replay: "seed" or "both"
  machine::EngineKind engine = machine::EngineKind::automatic;
  std::function<double()> clock;
};

/// Whether `assay preflight PATH` is about an image or a live-bootstrap tree.
bool is_image(const std::string& path);

/// Checks and reports; returns the exit status.
int preflight_image(const ImageSettings& settings);

}  // namespace assay::bootstrap

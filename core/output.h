// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a tool leaves behind: the result of every reference room.
#pragma once

#include <functional>
#include <string>

#include "core/bytes.h"
#include "core/source_map.h"

namespace assay {

/// How the real tool's run ends.
enum class Ending {
  exits,      ///< with `Output::status`
  hangs,      ///< never; we stop with a diagnostic instead
  crashes,    ///< killed by a signal
  undefined,  ///< depends on memory layout; the bytes are one possible outcome
};

/// The real tool's visible effect on one output file and its streams. A failing tool has an Output
/// too: `bytes` is then what it had written by the time it stopped.
struct Output {
  Bytes bytes;
  /// Filled only when the options ask for it.
  SourceMap map;
  /// Address of the first output byte, for listings.
  std::uint64_t base_address = 0;
  Ending ending = Ending::exits;
  int status = 0;
  std::string standard_output;
  std::string standard_error;

  [[nodiscard]] bool succeeded() const { return ending == Ending::exits && status == 0; }
};

/// Takes the output as it is made, piece by piece, in place of Output::bytes: for programs, which need not
/// have all of it at once.
using OutputSink = std::function<void(ByteView piece)>;

}  // namespace assay

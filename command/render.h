// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The one place where diagnostics become text.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>

#include "core/diagnostic.h"

namespace assay {

struct RenderOptions {
  bool colour = false;
};

/// "FILE:LINE:COLUMN: SEVERITY: MESSAGE [ID]", the source line, a caret line, "help:" and notes,
/// each ended by LF. A source without bytes has no position and no line: "FILE: SEVERITY: MESSAGE [ID]".
/// Unprintable bytes of the source line are shown as '.', tabs as one blank, and long lines are cut around
/// the caret.
std::string render(const Diagnostic& diagnostic, std::span<const Source> sources, RenderOptions options = {});

/// The two lines of `render` that show a place: the source line and the caret under `length` bytes of it.
std::string source_excerpt(std::string_view line, std::uint64_t column, std::uint64_t length);

/// {"id","severity","file","line","column","message","help","notes":[{file,line,column,message}]}
nlohmann::json to_json(const Diagnostic& diagnostic, std::span<const Source> sources);

}  // namespace assay

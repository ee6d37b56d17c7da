// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The words of hex2's command line, one by one and left to right.
#pragma once

#include "linker/linker.h"

namespace assay::linker {

enum class Word : std::uint8_t {
  option,          ///< taken into the options
  notice,          ///< the same, after a message (1.4.0)
  file,            ///< an input is named by the word at the new position
  output,          ///< an output likewise
  non_executable,  ///< the mode of the output is left alone
  executable,      ///< does nothing, after a message (1.4.0)
  help,
  version,
  missing_argument,      ///< the real tool crashes
  unknown_architecture,  ///< the word at the new position; not the end of the run
  unknown,
};

/// Takes the word at `at`, and moves `at` to its argument if it has one.
Word read_option(const std::vector<std::string>& words, std::size_t& at, Options& options);

/// The message of 1.4.0 for an old spelling.
std::string notice_of(std::string_view word);

/// What hex2 says about doubtful options before it reads anything.
std::string warnings_about(const Options& options);

}  // namespace assay::linker

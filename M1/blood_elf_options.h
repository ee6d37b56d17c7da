// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The words of blood-elf's command line, one by one and left to right.
#pragma once

#include "M1/blood_elf.h"

namespace assay::blood_elf {

enum class Word : std::uint8_t {
  option,      ///< taken into the options
  endianness,  ///< the same; the real tool insists on one
  file,        ///< an input is named by the word at the new position
  output,      ///< an output likewise
  help,
  version,
  missing_argument,  ///< the real tool crashes
  unknown,
};

/// Takes the word at `at`, and moves `at` to its argument if it has one.
Word read_option(const std::vector<std::string>& words, std::size_t& at, Options& options);

}  // namespace assay::blood_elf

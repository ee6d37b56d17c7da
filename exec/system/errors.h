// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Linux's error numbers as calls return them, the same on all five architectures.
#pragma once

#include <cstdint>

#include "core/result.h"

namespace assay::exec {

inline constexpr std::int64_t kNoEntry = -2;
inline constexpr std::int64_t kNoProcess = -3;
inline constexpr std::int64_t kTooMuch = -7;
inline constexpr std::int64_t kBadFile = -9;
inline constexpr std::int64_t kNoChild = -10;
inline constexpr std::int64_t kNoMemory = -12;
inline constexpr std::int64_t kNoProgram = -8;
inline constexpr std::int64_t kNoAccess = -13;
inline constexpr std::int64_t kFault = -14;
inline constexpr std::int64_t kBusy = -16;
inline constexpr std::int64_t kExists = -17;
inline constexpr std::int64_t kNotDirectory = -20;
inline constexpr std::int64_t kIsDirectory = -21;
inline constexpr std::int64_t kInvalid = -22;
inline constexpr std::int64_t kTooManyFiles = -24;
inline constexpr std::int64_t kNoTerminal = -25;
inline constexpr std::int64_t kBusyProgram = -26;
inline constexpr std::int64_t kNoRoom = -28;
inline constexpr std::int64_t kNoSeek = -29;
inline constexpr std::int64_t kRange = -34;
inline constexpr std::int64_t kNameTooLong = -36;
inline constexpr std::int64_t kNoCall = -38;
inline constexpr std::int64_t kNotEmpty = -39;
inline constexpr std::int64_t kTooManyLinks = -40;

/// What an error of a file tree is to a program.
std::int64_t error_number(const Error& error);

}  // namespace assay::exec

// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Everything this room reports by itself. What the real tools print is in Output instead.
#pragma once

#include <array>

#include "core/diagnostic.h"

namespace assay::extra {

inline constexpr DiagnosticKind kCpCrashDestination{
    "cp-crash-destination", Severity::error,
    "name a file in an existing directory, or the directory by a name other than '.'"};
inline constexpr DiagnosticKind kCpCrashSource{"cp-crash-source", Severity::error,
                                               "cp copies files only: name the files of the directory"};
inline constexpr DiagnosticKind kMkdirCrashMode{"mkdir-crash-mode", Severity::error,
                                                "give an octal mode after -m"};
inline constexpr DiagnosticKind kReplaceCrashInput{"replace-crash-input", Severity::error,
                                                   "name a file, not a directory"};
inline constexpr DiagnosticKind kReplaceCrashOutput{"replace-crash-output", Severity::error,
                                                    "name an output file that can be created"};
inline constexpr DiagnosticKind kSha256sumCrashInput{"sha256sum-crash-input", Severity::error,
                                                     "name files, not directories"};
inline constexpr DiagnosticKind kUngzCrashInput{"ungz-crash-input", Severity::error,
                                                "name an input file with --file"};
inline constexpr DiagnosticKind kUngzCrashOutput{"ungz-crash-output", Severity::error,
                                                 "name an output file that can be created with --output"};
inline constexpr DiagnosticKind kUngzHang{
    "ungz-hang", Severity::error,
    "the real ungz never ends on this input: compress the file again, with a better compression"};
inline constexpr DiagnosticKind kUngzEscape{
    "ungz-escape", Severity::error,
    "the name stored in the input leads out of the current directory; name the output with --output"};
inline constexpr DiagnosticKind kUntarCrashInput{"untar-crash-input", Severity::error,
                                                 "name an archive that can be read"};
inline constexpr DiagnosticKind kUntarEscape{
    "untar-escape", Severity::error,
    "do not trust this archive: a member would be written outside the current directory, which the real "
    "untar does"};
inline constexpr DiagnosticKind kUnxzCrashInput{"unxz-crash-input", Severity::error,
                                                "name a file, not a directory"};
inline constexpr DiagnosticKind kUnxzCrashOutput{"unxz-crash-output", Severity::error,
                                                 "name an output file that can be created"};
inline constexpr DiagnosticKind kInputTooLarge{
    "extra-input-too-large", Severity::error,
    "the real tool cannot hold more than 1 GiB of input; split the file or use another tool"};
inline constexpr DiagnosticKind kWriteFailed{"extra-write-failed", Severity::error,
                                             "the output is incomplete: is the disk full?"};
inline constexpr DiagnosticKind kLostOutput{"extra-lost-output", Severity::warning,
                                            "the real tool does not notice: is the disk full?"};

inline constexpr std::array kDiagnostics{
    kCpCrashDestination,  kCpCrashSource,  kMkdirCrashMode,  kReplaceCrashInput, kReplaceCrashOutput,
    kSha256sumCrashInput, kUngzCrashInput, kUngzCrashOutput, kUngzEscape,        kUngzHang,
    kUntarCrashInput,     kUntarEscape,    kUnxzCrashInput,  kUnxzCrashOutput,   kInputTooLarge,
    kWriteFailed,         kLostOutput};

}  // namespace assay::extra

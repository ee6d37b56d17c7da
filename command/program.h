// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What every program does around its main function, so that its own troubles (no memory, no descriptors,
// streams that are closed or full) have a word and a status and never look like an answer.
#pragma once

#include <functional>
#include <string_view>

namespace assay {

/// Runs `body`, whose result is the exit status. Standard streams that are closed are kept from being taken
/// by files. An exception is told on standard error: the status is `cannot_run`.
int run_program(std::string_view name, int cannot_run, const std::function<int()>& body);

/// In a catch block of any thread: tells the exception and ends the program at once, other threads with it.
[[noreturn]] void end_program(std::string_view name, int status);

/// A reader that went away, or a file that may not grow, is an error of the write, not a signal.
void ignore_output_signals();

/// Writes out what was printed. False, with a word on standard error where that is possible, if anything on
/// standard output or standard error was lost.
bool standard_streams_whole(std::string_view name);

}  // namespace assay

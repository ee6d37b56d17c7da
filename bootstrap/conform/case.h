// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One behaviour of a tool, as a text that people read and write: what is there, what the tool is told, and
// what must come of it. docs/conformance.md has the format; case_text.cpp reads it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "core/result.h"

namespace assay::conform {

enum class Kind : std::uint8_t {
  contract,  ///< what every program of the language does: chains rest on it
  quirk,     ///< what the known programs do differently, or by accident
  failure,   ///< what becomes of a run that cannot succeed
};
std::string_view name_of(Kind kind);

/// Of a program that a case puts beside the tool, for those that start others.
enum class Does : std::uint8_t {
  words,       ///< prints its arguments, as <one><two>, and ends with status 0
  variables,   ///< prints NAME=value, or NAME?, a line for each argument
  copies,      ///< copies its first argument to its second
  fails,       ///< ends with the status of the case
  killed,      ///< is killed by a signal: that of the case on a host, any in the machine
  complains,   ///< prints its arguments to standard error, and ends with status 0
  everything,  ///< prints its whole environment, a line a variable, in its order
  mask,        ///< prints its umask, as four digits
  reads,       ///< prints its standard input: in the machine, that of the case
};

/// Something that is there before the tool runs.
struct Given {
  enum class What : std::uint8_t { file, directory, program };
  What what = What::file;
  std::string name;
  Bytes bytes = {};
  std::uint32_t mode = 0644;
  Does does = Does::words;
  int status = 0;  ///< or the number of a signal
};

/// How the tool must end.
enum class End : std::uint8_t {
  exits,    ///< with exactly that status
  fails,    ///< with any status but 0, by itself
  crashes,  ///< by a signal
  hangs,    ///< never
};
std::string_view name_of(End end);

/// What must be in a file, or on a stream.
struct Wish {
  enum class What : std::uint8_t { bytes, absent, any };
  What what = What::bytes;
  std::string name = {};  ///< of the file
  Bytes bytes = {};
  std::optional<std::uint32_t> mode = std::nullopt;
  std::size_t line = 0;  ///< in the text of the case
};

struct Expectation {
  std::vector<std::string> dialects;  ///< none: all of them
  bool sound = false;                 ///< what a careful program does, whatever the dialect
  End end = End::exits;
  int status = 0;
  std::vector<Wish> files;  ///< other files must not appear, where the end is `exits`
  Wish standard_output;
  Wish standard_error;
  std::size_t line = 0;

  [[nodiscard]] bool holds_for(std::string_view dialect) const;
};

/// What a tool is run on.
struct Situation {
  std::vector<Given> given;
  std::vector<std::string> arguments;  ///< without the program's name
  std::vector<std::string> environment;
  Bytes standard_input;
  std::uint32_t umask = 022;
};

struct Case {
  std::string name;   ///< of its file, without ".case"
  std::string title;  ///< one line: the behaviour
  Kind kind = Kind::contract;
  Situation situation;
  bool usual_arguments = true;  ///< the case names none
  std::vector<Expectation> expectations;

  /// What is expected of a dialect: the one that names it, else the one for all; nothing if the case says
  /// nothing about it.
  [[nodiscard]] const Expectation* of(std::string_view dialect) const;
  /// The expectations `sound`: any of them will do.
  [[nodiscard]] std::vector<const Expectation*> sound() const;
};

/// Reads a case. `usual` are the arguments where the text has none. Error "bad-case": "line 7: ...".
Result<Case> parse_case(std::string name, std::string_view text, const std::vector<std::string>& usual);

/// What stands behind a keyword as data, a line a piece: what parse_case reads back as these bytes.
std::string case_data(ByteView bytes);

}  // namespace assay::conform

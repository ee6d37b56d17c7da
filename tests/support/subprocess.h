// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Running programs in tests, and a directory to run them in.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/bytes.h"

namespace assay::test {

struct Command {
  std::vector<std::string> argv = {};
  std::string program = {};  ///< its path; argv[0] if empty
  std::vector<std::string> env = {};
  std::filesystem::path cwd = ".";
  std::optional<Bytes> piped_input =
      std::nullopt;  ///< standard input is a pipe with these bytes; else /dev/null
  unsigned umask = 022;
  unsigned seconds = 120;  ///< then it is killed: slow machines take their time
};

struct Finished {
  /// "exit:N", "signal:N" or "timeout".
  std::string status;
  std::string standard_output;
  std::string standard_error;
};

Finished run(const Command& command);

/// A new empty directory, removed with all it holds at the end.
class Scratch {
 public:
  Scratch();
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::string file(std::string_view name) const { return (path_ / name).string(); }
  void write(std::string_view name, ByteView bytes, unsigned mode = 0644) const;
  /// Nothing if there is no such file.
  [[nodiscard]] std::optional<Bytes> read(std::string_view name) const;
  /// Permission bits as four octal digits.
  [[nodiscard]] std::string mode(std::string_view name) const;

 private:
  std::filesystem::path path_;
};

/// What a drop-in wrote to standard error without the lines in which it says that it lost output: those the
/// real tool does not have.
std::string without_lost_output(std::string_view standard_error);

/// A source tree of the given name in $ASSAY_TREES, or in assay's folder of $XDG_CACHE_HOME or ~/.cache;
/// nothing if it is not there.
std::optional<std::filesystem::path> find_tree(std::string_view name);

/// Whether the tests that take long are wanted: ASSAY_LONG_TESTS is set.
bool long_tests();

}  // namespace assay::test

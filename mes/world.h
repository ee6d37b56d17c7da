// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the interpreter sees of files and other programs: its only way in and out. HostWorld (host_world.h) is
// the machine itself, for the program; the reference road and tests bring one over a file tree in memory.
// Paths are as a program writes them: relative to a current directory, or absolute.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/bytes.h"

namespace assay::mes {

/// What access(2) is asked for.
enum class Access : std::uint8_t { exists = 0, execute = 1, write = 2, read = 4 };

/// Names and values, as a program is given them.
using Environment = std::vector<std::pair<std::string, std::string>>;

class Writer {
 public:
  virtual ~Writer() = default;
  /// False if not everything could be written.
  virtual bool write(std::string_view bytes) = 0;
};

class World {
 public:
  virtual ~World() = default;

  /// The bytes of a file; null if it cannot be opened for reading.
  virtual std::shared_ptr<const Bytes> read(const std::string& path) = 0;
  /// All of the standard input.
  virtual std::shared_ptr<const Bytes> read_standard_input() = 0;
  /// Opens for writing, truncated; made with `mode` if it is not there and `create` says so. Null if
  /// impossible.
  virtual std::unique_ptr<Writer> open_for_writing(const std::string& path, bool create, bool truncate,
                                                   std::uint32_t mode) = 0;
  virtual Writer& standard_output() = 0;
  virtual Writer& standard_error() = 0;
  virtual bool access(const std::string& path, unsigned wanted) = 0;
  virtual bool remove(const std::string& path) = 0;
  virtual bool set_mode(const std::string& path, std::uint32_t mode) = 0;
  virtual std::string current_directory() = 0;
  /// Runs another program to its end; its status as waitpid(2) tells it (exit status << 8), nothing if it
  /// cannot be started.
  virtual std::optional<int> run(const std::string& path, const std::vector<std::string>& arguments,
                                 const Environment& environment) = 0;
};

}  // namespace assay::mes

// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the tools of this room see of files: their only way in and out. HostWorld (host_world.h) is
// the machine itself, for the programs; TreeWorld (tree_world.h) is a file tree in memory, for the
// reference road and for tests. Paths are as a program writes them: relative to a current directory,
// or absolute.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "core/bytes.h"
#include "core/paths.h"

namespace assay::extra {

/// Largest single allocation of the tools' C library; it holds whole input files.
inline constexpr std::uint64_t kMaxInputBytes = std::uint64_t{1} << 30;

/// A file opened the way the tools' C library does it: its size is measured by seeking to its end and
/// all of it is read at once.
struct Input {
  enum class Kind {
    missing,    ///< cannot be opened
    directory,  ///< opens, but the real tool crashes
    stream,     ///< a pipe: looks empty, and closing it ends the real tool with status 1
    file,
    too_large,  ///< over kMaxInputBytes
  };
  Kind kind = Kind::missing;
  std::shared_ptr<const Bytes> contents;  ///< never null

  [[nodiscard]] ByteView bytes() const { return *contents; }
};

class Reader {
 public:
  virtual ~Reader() = default;
  /// Fills `room` as far as there is input; 0 at the end and after an error.
  virtual std::size_t read(std::span<Byte> room) = 0;
};

class Writer {
 public:
  virtual ~Writer() = default;
  /// False if not everything could be written.
  [[nodiscard]] virtual bool write(ByteView bytes) = 0;
};

class World {
 public:
  virtual ~World() = default;

  virtual Input open(const std::string& path) = 0;
  /// Opens for reading piece by piece; null if impossible. A directory opens and holds nothing.
  virtual std::unique_ptr<Reader> open_stream(const std::string& path) = 0;
  /// Truncates the file at `path`, which keeps its mode, or creates it with `mode` less the umask; null
  /// if impossible.
  virtual std::unique_ptr<Writer> create(const std::string& path, std::uint32_t mode) = 0;
  virtual Reader& standard_input() = 0;
  virtual Writer& standard_output() = 0;

  // As mkdir(2), symlink(2), unlink(2), access(2) for existence, chmod(2): true on success.
  virtual bool make_directory(const std::string& path, std::uint32_t mode) = 0;
  virtual bool make_link(const std::string& target, const std::string& path) = 0;
  virtual bool remove(const std::string& path) = 0;
  virtual bool exists(const std::string& path) = 0;
  virtual bool set_mode(const std::string& path, std::uint32_t mode) = 0;
  /// Whether chdir(2) to `path` works and changes the current directory.
  virtual bool is_other_directory(const std::string& path) = 0;
  /// Whether creating something at `path` stays below the current directory: links followed (the last
  /// one only on demand), parts that do not exist yet taken as plain names.
  virtual bool stays_inside(const std::string& path, LastLink last) = 0;
};

}  // namespace assay::extra

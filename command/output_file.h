// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// An output file that appears whole or not at all, however the program ends. Where the host can do it, the
// file has no name until it is whole; else a temporary one next to the target, and signals wait. Links are
// followed. What is no plain file (a device, a pipe, this program's own standard output) is written through
// and never replaced. The path "-" is standard output.
#pragma once

#include <cstdint>
#include <string>

#include "command/held_signals.h"
#include "core/bytes.h"
#include "core/host_descriptor.h"
#include "core/result.h"

namespace assay {

struct OutputOptions {
  std::uint32_t mode = 0644;  ///< of a plain file, exactly
  /// Whatever stands at the path, links and pipes too, is replaced. Else it is followed or written through.
  bool replaces = false;
};

class OutputFile {
 public:
  /// Errors: "file-unwritable".
  static Result<OutputFile> create(const std::string& path, OutputOptions options = {});
  OutputFile(OutputFile&& other) noexcept = default;
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;
  OutputFile& operator=(OutputFile&&) = delete;
  /// Nothing is left unless it was committed.
  ~OutputFile();

  /// Appends. The first error is kept and told by commit.
  void write(ByteView bytes);
  /// It may be kept open for long: no signal waits for it, and nothing is left if the program is ended.
  [[nodiscard]] bool may_wait() const { return temporary_.empty(); }
  /// Lengthens the file with zeros.
  void extend_to(std::uint64_t size);
  [[nodiscard]] std::uint64_t size() const { return size_; }
  /// It can be written to anywhere.
  [[nodiscard]] bool seeks() const;
  /// A path at which others may open it until it is committed.
  [[nodiscard]] std::string open_path() const;
  /// Gives the file its mode and its place. Errors: "write-failed".
  Result<void> commit();

 private:
  OutputFile(std::string path, OutputOptions options) : path_(std::move(path)), options_(options) {}
  bool open_through();
  bool open_standard_output();
  bool open_new();
  [[nodiscard]] int give_name();

  std::string path_;  ///< of the file itself, links followed
  OutputOptions options_;
  std::string temporary_;  ///< its name for the time being; empty: it has none
  HostDescriptor file_{-1};
  HeldSignals held_;
  bool through_ = false;
  bool standard_output_ = false;
  int error_ = 0;  ///< errno
  std::uint64_t size_ = 0;
};

}  // namespace assay

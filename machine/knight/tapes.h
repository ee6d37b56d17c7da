// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The devices of a knight machine: two tapes, which are files of a tree, and a console.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "machine/knight/processor.h"
#include "machine/machine.h"

namespace assay::machine::knight {

inline constexpr std::uint64_t kConsole = 0;
inline constexpr std::uint64_t kFirstTape = 0x1100;

class Tapes final : public Devices {
 public:
  /// Notes in `image` what is read and written, its console text in `outcome` too. All must outlive it.
  Tapes(MemoryTree& tree, const Request& request, ImageRecord& image, Outcome& outcome)
      : tree_(tree), request_(request), image_(image), outcome_(outcome) {}

  bool open_read(std::uint64_t device) override;
  bool open_write(std::uint64_t device) override;
  bool close(std::uint64_t device) override;
  bool rewind(std::uint64_t device) override;
  bool get(std::uint64_t device, int& byte) override;
  bool put(std::uint64_t device, Byte byte) override;

  /// Completes the records of what was written.
  void finish();

  /// Why the last call gave false.
  [[nodiscard]] Stop stop() const { return stop_; }
  [[nodiscard]] const std::string& message() const { return message_; }

 private:
  struct Tape {
    std::shared_ptr<Node> node;  ///< null: not open
    bool writes = false;
    std::uint64_t offset = 0;
    std::string trouble;  ///< why opening it for writing did not help
  };

  [[nodiscard]] const std::string& name(std::size_t tape) const {
    return tape == 0 ? request_.knight->tape_01 : request_.knight->tape_02;
  }
  /// The tape of a device; nothing if it is another one.
  static std::optional<std::size_t> tape_of(std::uint64_t device);
  bool opened(std::size_t tape, std::string_view what);
  Result<std::shared_ptr<Node>> make(const std::string& path) const;
  bool put_console(Byte byte);
  bool fail_with(Stop stop, std::string message);

  MemoryTree& tree_;
  const Request& request_;
  ImageRecord& image_;
  Outcome& outcome_;
  std::array<Tape, 2> tapes_;
  std::uint64_t input_offset_ = 0;
  std::uint64_t written_ = 0;
  Stop stop_ = Stop::exited;
  std::string message_;
};

}  // namespace assay::machine::knight

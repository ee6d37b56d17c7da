// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Observers that keep what they see: how often each instruction ran, and the last ones before a stop.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "machine/machine.h"
#include "machine/observer.h"

namespace assay::machine {

/// How often the instructions of each program ran. Programs are told apart by path and contents.
class Coverage {
 public:
  struct Row {
    std::uint64_t address = 0;
    Bytes bytes;
    std::uint64_t count = 0;
  };
  struct Program {
    std::string path;
    std::shared_ptr<const Bytes> bytes;
    std::uint32_t image = 0;   ///< index of the first that ran it
    const Isa* isa = nullptr;  ///< nullptr: nothing of it ran
    std::vector<Row> rows;     ///< by address; one that was changed while it ran has several
    std::uint64_t count = 0;   ///< of all rows
  };

  /// To be called for each image that starts (Request::on_start).
  void started(const ImageRecord& image);
  /// From Observer::after.
  void ran(const Instruction& instruction);
  /// In the order in which they were first started.
  [[nodiscard]] std::vector<Program> programs() const;

 private:
  struct Key {
    std::uint64_t address = 0;
    std::string bytes;
    auto operator<=>(const Key&) const = default;
  };
  struct Counted {
    Program program;
    std::unordered_map<std::uint64_t, Row> rows;  ///< by address, as last seen
    std::map<Key, std::uint64_t> replaced;        ///< what stood there before
  };
  std::vector<Counted> programs_;
  std::vector<std::size_t> by_image_;
};

/// One of the last instructions before a stop.
struct RecentInstruction {
  std::uint64_t pc = 0;
  Bytes bytes;
  bool done = false;  ///< false: it is the one that stopped
};

struct Recent {
  /// Oldest first: the last kRecentInstructions that were done, and the one that was not.
  std::vector<RecentInstruction> instructions;
  StopState state;  ///< of the image
};

inline constexpr std::size_t kRecentInstructions = 16;

/// What the image with the index Outcome::stopped_image (or another that stopped) did last: runs `request`
/// again, on `tree`, which must be as it was before the first time, without its callbacks, and looks at the
/// end. `breaks` are the addresses at which the first run was to break. Error "not-repeated" if the run did
/// not stop in the same way.
Result<Recent> look_back(MemoryTree& tree, const Request& request, const ImageRecord& stopped,
                         const std::set<std::uint64_t>& breaks);

}  // namespace assay::machine

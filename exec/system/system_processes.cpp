// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The calls on processes, and what the system says of itself.
#include <fmt/format.h>

#include "exec/system/errors.h"
#include "exec/system/system.h"

namespace assay::exec {
namespace {

constexpr unsigned kDeepestFork = 2;
constexpr std::uint64_t kMostJumpsOfChild = std::uint64_t{1} << 30;  // until it counts as hanging

}  // namespace

std::int64_t System::name_system(std::uint64_t at) {
  constexpr std::size_t kField = 65;
  const std::string_view machine = set_.name == "AMD64"     ? "x86_64"
                                   : set_.name == "AArch64" ? "aarch64"
                                   : set_.name == "x86"     ? "i686"
                                                            : set_.name;
  const std::string_view fields[] = {"Linux", "assay", "6.1.0", "#1", machine, "(none)"};
  if (!image_.holds(at, kField * std::size(fields))) return kFault;
  Byte* const to = image_.to_write(at, kField * std::size(fields));
  std::memset(to, 0, kField * std::size(fields));
  for (std::size_t index = 0; index < std::size(fields); ++index)
    std::memcpy(to + index * kField, fields[index].data(), fields[index].size());
  return 0;
}

/// The child runs at once, to its end, by the interpreter; then all that it wrote to memory is as before.
std::int64_t System::fork(const Registers& registers) {
  if (children_ >= kDeepestFork) return kNoMemory;
  const Operation* const start = program_.at(registers.next);
  Registers own = registers;
  own[set_.calls.result] = 0;
  const Files files = files_;
  const std::string cwd = cwd_;
  const std::uint32_t umask = umask_;
  // Children of its own that it did not wait for are nobody's then.
  const std::vector<std::pair<int, int>> ended = std::exchange(ended_, {});
  image_.begin_undo();
  ++children_;
  const Halted halted = start == nullptr ? Halted{Halt::bad_jump, registers.next}
                                         : interpret_from(start, program_, image_, set_, own,
                                                          std::min(request_.jumps, kMostJumpsOfChild),
                                                          [this](Registers& now) { return call(now); });
  --children_;
  image_.undo();
  if (halted.why != Halt::ended) {
    child_halted_ = halted;
    over_ = true;
  }
  if (over_) return 0;
  child_ended_ = false;
  files_ = files;
  cwd_ = cwd;
  umask_ = umask;
  ended_ = ended;
  const int number = next_number_++;
  ended_.emplace_back(number, child_status_);
  return number;
}

/// The end of a process, with a wait status.
void System::end(int wait_status) {
  if (children_ == 0) {
    over_ = true;
    outcome_.status = wait_status >> 8;
  } else {
    child_ended_ = true;
    child_status_ = wait_status;
  }
}

std::int64_t System::execute(const Registers& registers) {
  Start start;
  const std::int64_t error = resolve(registers[set_.calls.words[0]], LastLink::follow, start.program);
  if (error != 0) return error;
  const std::shared_ptr<Node> node = tree_.find(start.program);
  if (node == nullptr) return kNoEntry;
  if (node->kind != NodeKind::file || (node->mode & 0111) == 0) return kNoAccess;
  const auto argv = texts(registers[set_.calls.words[1]]);
  const auto env = texts(registers[set_.calls.words[2]]);
  if (!argv || !env) return kFault;
  start.argv = *argv;
  start.env = *env;
  start.cwd = cwd_;
  if (children_ == 0) {
    outcome_.replaced_by = std::move(start);
    end(0);
    return 0;
  }
  const std::optional<int> status = request_.start ? request_.start(start) : std::nullopt;
  if (!status) return give_up(fmt::format("'{}', which it starts, cannot be computed", start.program));
  end((*status & 0xff) << 8);
  return 0;
}

std::int64_t System::wait(std::uint64_t status_at) {
  if (ended_.empty()) return kNoChild;
  const auto [number, status] = ended_.front();
  ended_.erase(ended_.begin());
  if (status_at != 0) {
    if (!image_.holds(status_at, 4)) return kFault;
    image_.store<std::int32_t>(status_at, status);
  }
  return number;
}

/// As waitid does it: into a siginfo of 32 bits.
std::int64_t System::wait_for_info(std::uint64_t info_at) {
  if (ended_.empty()) return kNoChild;
  const auto [number, status] = ended_.front();
  ended_.erase(ended_.begin());
  if (info_at == 0) return 0;
  const std::int32_t info[] = {17, 0, 1, number, 0, status >> 8};  // SIGCHLD, exited
  if (!image_.holds(info_at, sizeof info)) return kFault;
  std::memcpy(image_.to_write(info_at, sizeof info), info, sizeof info);
  return 0;
}

}  // namespace assay::exec

// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The calls on processes, and what the system says of itself.
#include <fmt/format.h>

#include <algorithm>

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
  rely("system-name");
  const std::string_view fields[] = {"Linux", "reference", "6.12.48", "#2 SMP", machine, "(none)"};
  if (mapped(at, kField * std::size(fields)) != kField * std::size(fields)) return kFault;
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
  outer_files_.push_back(files_);
  const std::string cwd = cwd_;
  const std::uint32_t umask = umask_;
  // Children of its own that it did not wait for are nobody's then.
  const std::vector<std::pair<int, int>> ended = std::exchange(ended_, {});
  image_.begin_undo();
  ++children_;
  const std::uint64_t most = std::min(request_.jumps, kMostJumpsOfChild);
  const Halted halted = start == nullptr ? Halted{Halt::bad_jump, registers.next, most}
                                         : interpret_from(start, program_, image_, set_, own, most,
                                                          [this](Registers& now) { return call(now); });
  outcome_.jumps += halted.why == Halt::too_long ? most : most - halted.jumps;
  --children_;
  image_.undo();
  // What a kernel would end by a signal; the rest is what this engine does not do.
  const int signal = halted.why == Halt::bad_address || halted.why == Halt::bad_jump ? 11
                     : halted.why == Halt::divide_error                              ? 8
                                                                                     : 0;
  if (halted.why != Halt::ended && signal == 0) {
    child_halted_ = halted;
    over_ = true;
  }
  if (over_) return 0;
  if (signal != 0) child_status_ = signal;
  child_ended_ = false;
  files_ = outer_files_.back();
  outer_files_.pop_back();
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
  Named named;
  const std::int64_t error = existing(registers[set_.calls.words[0]], named);
  if (error != 0) return error;
  if (named.node->kind != NodeKind::file || (named.node->mode & 0111) == 0) return kNoAccess;
  const auto is_written = [&named](const Files& files) {
    return std::ranges::any_of(files, [&named](const auto& open) {
      return open != nullptr && open->writes && open->node == named.node;
    });
  };
  if (is_written(files_) || std::ranges::any_of(outer_files_, is_written)) return kBusyProgram;
  Start start{.program = named.path, .argv = {}, .env = {}, .cwd = cwd_};
  std::size_t total = 0;
  std::int64_t failed = texts(registers[set_.calls.words[1]], start.argv, total);
  if (failed == 0) failed = texts(registers[set_.calls.words[2]], start.env, total);
  std::erase_if(start.env,
                [this](const std::string& one) { return std::ranges::find(added_, one) != added_.end(); });
  if (failed != 0) return failed;
  if (start.argv.empty()) start.argv.emplace_back();
  const std::string_view head = as_text(named.node->bytes()).substr(0, 4);
  if (head.starts_with("#!")) return give_up(fmt::format("starts '{}' by its first line", start.program));
  if (head !=
      "\x7F"
      "ELF")
    return kNoProgram;
  if (!has_own_streams())
    return give_up(fmt::format("starts '{}' with other standard streams than its own", start.program));
  if (children_ == 0) {
    outcome_.replaced_by = std::move(start);
    end(0);
    return 0;
  }
  const std::optional<Ended> ended = request_.start ? request_.start(start) : std::nullopt;
  if (!ended) return give_up(fmt::format("'{}', which it starts, cannot be computed", start.program));
  end(ended->signal != 0 ? ended->signal : (ended->status & 0xff) << 8);
  return 0;
}

/// Whether the first descriptors are what a program finds that is started here, or closed.
bool System::has_own_streams() const {
  const std::string* const consoles[] = {nullptr, &outcome_.standard_output, &outcome_.standard_error};
  for (std::size_t index = 0; index < std::size(consoles); ++index) {
    const OpenFile* const open = files_[index].get();
    if (open == nullptr) continue;
    if (open->node != nullptr || open->pipe != nullptr || open->device != Device::none ||
        open->console != consoles[index])
      return false;
  }
  return true;
}

std::pair<int, int> System::take_ended(std::int32_t child, bool keep) {
  const auto found = std::find_if(ended_.begin(), ended_.end(),
                                  [child](const auto& one) { return child <= 0 || one.first == child; });
  if (found == ended_.end()) return {0, 0};
  const std::pair<int, int> result = *found;
  if (!keep) ended_.erase(found);
  return result;
}

namespace {

// What waits may ask for.
constexpr std::uint32_t kNoHang = 1;
constexpr std::uint32_t kStops = 2;
constexpr std::uint32_t kEnds = 4;
constexpr std::uint32_t kGoesOn = 8;
constexpr std::uint32_t kOnlyLook = 1U << 24;
constexpr std::uint32_t kOfThread = 1U << 29;
constexpr std::uint32_t kOfAnyKind = 1U << 30;
constexpr std::uint32_t kOfOtherKind = 1U << 31;

}  // namespace

/// What a child has used: times and counts, none of them what the machine of the seed road says.
bool System::put_usage(std::uint64_t at) {
  constexpr std::size_t kWords = 18;
  const std::size_t bytes = kWords * set_.word_bytes;
  if (mapped(at, bytes) != bytes) return false;
  Byte* const to = image_.to_write(at, bytes);
  std::memset(to, 0, bytes);
  for (std::size_t word = 0; word < kWords; ++word) to[word * set_.word_bytes] = static_cast<Byte>(3 + word);
  return true;
}

std::int64_t System::wait(std::int32_t child, std::uint64_t status_at, std::uint64_t options,
                          std::uint64_t usage_at) {
  const auto asked = static_cast<std::uint32_t>(options);
  if ((asked & ~(kNoHang | kStops | kGoesOn | kOfThread | kOfAnyKind | kOfOtherKind)) != 0) return kInvalid;
  if (child == INT32_MIN) return kNoProcess;
  if (child < -1 || (asked & (kOfAnyKind | kOfOtherKind)) == kOfOtherKind) return kNoChild;
  const auto [number, status] = take_ended(child, false);
  if (number == 0) return kNoChild;
  if (status_at != 0) {
    if (mapped(status_at, 4) != 4) return kFault;
    image_.store<std::int32_t>(status_at, status);
  }
  if (usage_at != 0 && !put_usage(usage_at)) return kFault;
  return number;
}

/// As waitid does it: into a siginfo, with zeros if there is nothing to tell.
std::int64_t System::wait_for_info(const Registers& registers) {
  const auto word = [&](unsigned index) {
    return static_cast<std::uint32_t>(registers[set_.calls.words[index]]);
  };
  const std::uint32_t asked = word(3);
  const auto child = static_cast<std::int32_t>(word(1));
  std::int64_t error = 0;
  std::pair<int, int> ended{0, 0};
  if ((asked & ~(kNoHang | kStops | kEnds | kGoesOn | kOnlyLook | kOfThread | kOfAnyKind | kOfOtherKind)) !=
          0 ||
      (asked & (kStops | kEnds | kGoesOn)) == 0 || word(0) > 3 || (word(0) == 1 && child <= 0) ||
      (word(0) > 1 && child < 0)) {
    error = kInvalid;
  } else if (word(0) == 3) {
    error = kBadFile;  // a descriptor for a process
  } else {
    const bool ours = (asked & kEnds) != 0 && (asked & (kOfAnyKind | kOfOtherKind)) != kOfOtherKind &&
                      (word(0) != 2 || child == 0);
    if (ours) ended = take_ended(word(0) == 1 ? child : 0, (asked & kOnlyLook) != 0);
    if (ended.first == 0) error = kNoChild;
  }
  const std::uint64_t usage_at = registers[set_.calls.words[4]];
  if (usage_at != 0 && error == 0 && !put_usage(usage_at)) return kFault;
  const std::uint64_t info_at = registers[set_.calls.words[2]];
  if (info_at == 0) return error;
  const int signal = ended.second & 0x7f;
  const bool found = error == 0;
  const std::int32_t first[] = {found ? 17 : 0, 0,
                                !found        ? 0
                                : signal == 0 ? 1
                                              : 2};  // SIGCHLD; exited or killed
  const std::int32_t second[] = {ended.first, 0, signal == 0 ? ended.second >> 8 : signal};
  // What follows the first three is aligned as pointers are.
  const std::uint64_t second_at = info_at + sizeof first + (set_.word_bytes == 8 ? 4 : 0);
  if (mapped(info_at, sizeof first) != sizeof first || mapped(second_at, sizeof second) != sizeof second)
    return kFault;
  std::memcpy(image_.to_write(info_at, sizeof first), first, sizeof first);
  std::memcpy(image_.to_write(second_at, sizeof second), second, sizeof second);
  return error;
}

}  // namespace assay::exec

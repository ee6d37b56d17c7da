// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The time as programs ask for it, and limits. linux_state.h has the clock.
#include <cstring>

#include "machine/linux/linux.h"

namespace assay::machine {
namespace {

constexpr std::int64_t kTicksASecond = 100;

}  // namespace

bool LinuxCall::read_word(std::uint64_t at, std::int64_t& value) {
  std::uint64_t raw = 0;
  if (!memory().read(at, &raw, word())) return false;
  value = word() == 8 ? static_cast<std::int64_t>(raw) : std::int64_t{static_cast<std::int32_t>(raw)};
  return true;
}

bool LinuxCall::write_words(std::uint64_t at, std::initializer_list<std::int64_t> values) {
  Bytes bytes;
  for (const std::int64_t value : values) {
    for (unsigned i = 0; i < word(); ++i) bytes.push_back(static_cast<Byte>(value >> (8 * i)));
  }
  return copy_out(at, bytes);
}

std::int64_t LinuxCall::gettimeofday() {
  constexpr std::int64_t kMicro = 1000;
  rely("time");
  const std::int64_t now = state_.now();
  if (argument(0) != 0 && !write_words(argument(0), {now / kSecond, now % kSecond / kMicro})) return -kEfault;
  const Byte zone[8] = {};
  return argument(1) != 0 && !copy_out(argument(1), zone) ? -kEfault : 0;
}

std::int64_t LinuxCall::time() {
  rely("time");
  const std::int64_t seconds = state_.now() / kSecond;
  return argument(0) != 0 && !write_words(argument(0), {seconds}) ? -kEfault : seconds;
}

std::int64_t LinuxCall::clock_gettime(bool resolution) {
  constexpr std::int64_t kRealTime[] = {0, 5, 8, 11};            // and coarse, alarm, atomic
  constexpr std::int64_t kSinceStart[] = {1, 2, 3, 4, 6, 7, 9};  // monotonic, of the process ...
  const auto is_one = [id = int_argument(0)](const auto& ids) {
    for (const std::int64_t one : ids) {
      if (one == id) return true;
    }
    return false;
  };
  if (!is_one(kRealTime) && !is_one(kSinceStart)) return -kEinval;
  rely("time");
  if (resolution) return argument(1) != 0 && !write_words(argument(1), {0, 1}) ? -kEfault : 0;
  const std::int64_t now = state_.now();
  const std::int64_t told = is_one(kRealTime) ? now : state_.since_start();
  return write_words(argument(1), {told / kSecond, told % kSecond}) ? 0 : -kEfault;
}

// Nobody else runs meanwhile: the clock goes on.
std::int64_t LinuxCall::sleep(std::uint64_t wanted_at, bool until) {
  std::int64_t seconds = 0;
  std::int64_t fraction = 0;
  if (!read_word(wanted_at, seconds) || !read_word(wanted_at + word(), fraction)) return -kEfault;
  if (seconds < 0 || fraction < 0 || fraction >= kSecond) return -kEinval;
  constexpr std::int64_t kLongest = 1'000'000'000;  // seconds
  if (until || seconds > kLongest) return unknown();
  rely("time");
  state_.sleep(seconds * kSecond + fraction);
  return 0;
}

std::int64_t LinuxCall::times() {
  rely("time");
  if (argument(0) != 0 && !write_words(argument(0), {0, 0, 0, 0})) return -kEfault;
  return state_.now() / (kSecond / kTicksASecond);
}

std::int64_t LinuxCall::getrusage() {
  if (int_argument(0) < -1 || int_argument(0) > 1) return -kEinval;
  rely("time");
  const Byte usage[144] = {};
  return copy_out(argument(1), ByteView(usage).first(word() == 4 ? 72 : 144)) ? 0 : -kEfault;
}

// What a process may have. Nothing but the number of open files bounds anything here.
std::int64_t LinuxCall::limits(std::uint64_t which, std::uint64_t new_at, std::uint64_t old_at, bool wide) {
  constexpr std::uint64_t kLimits = 16;
  constexpr std::uint64_t kStack = 3;
  constexpr std::uint64_t kFiles = 7;
  constexpr std::uint64_t kStackBytes = 8U << 20;
  if (which >= kLimits) return -kEinval;
  rely("resource-limits");
  if (new_at != 0) {
    Byte wanted[16];
    if (!memory().read(new_at, wanted, wide ? 16 : 2 * word())) return -kEfault;
  }
  if (old_at == 0) return 0;
  std::uint64_t soft = ~std::uint64_t{0};
  std::uint64_t hard = soft;
  if (which == kStack) soft = kStackBytes;
  if (which == kFiles) soft = hard = runner_.limits().open_files;
  if (!wide)
    return write_words(old_at, {static_cast<std::int64_t>(soft), static_cast<std::int64_t>(hard)}) ? 0
                                                                                                   : -kEfault;
  Byte told[16];
  std::memcpy(told, &soft, 8);
  std::memcpy(told + 8, &hard, 8);
  return copy_out(old_at, told) ? 0 : -kEfault;
}

}  // namespace assay::machine

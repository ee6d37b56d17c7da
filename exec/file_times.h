// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// When files were written, for programs that ask: make above all. A clock of its own goes on by a second
// when another file is written than the one before, and a little when somebody looks at it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace assay::exec {

class FileTimes {
 public:
  static constexpr std::int64_t kSecond = 1'000'000'000;  ///< nanoseconds

  struct Known {
    std::uint64_t number = 0;  ///< of the file
    std::int64_t written = 0;  ///< nanoseconds since 1970
  };

  /// Of a normal path. What was never written has the time of the beginning.
  const Known& of(std::string_view path) { return entry(path); }
  void write(std::string_view path) {
    if (path != last_) now_ += kSecond;
    last_ = path;
    set(path, now_);
  }
  /// Names a file otherwise.
  void move(std::string_view from, std::string_view to) { set(to, entry(from).written); }
  std::int64_t now() {
    last_.clear();
    return now_ += kLook;
  }

  using Times = std::vector<std::pair<std::string, std::int64_t>>;  ///< by path

  /// Where take_back() goes back to: the times of files, not the clock.
  [[nodiscard]] std::size_t mark() const { return log_.size(); }
  /// Returns the times taken back, which give() sets again.
  Times take_back(std::size_t mark) {
    Times taken;
    for (std::size_t at = mark; at < log_.size(); ++at)
      taken.emplace_back(log_[at].first, entry(log_[at].first).written);
    for (; log_.size() > mark; log_.pop_back()) entry(log_.back().first).written = log_.back().second;
    last_.clear();
    return taken;
  }
  void give(const Times& times) {
    for (const auto& [path, time] : times) set(path, time);
  }

 private:
  // None of them is the machine's: what depends on such numbers differs between the roads.
  static constexpr std::int64_t kBegin = 1'100'000'000 * kSecond;
  static constexpr std::int64_t kLook = 3000;
  static constexpr std::uint64_t kBetween = 3;

  Known& entry(std::string_view path) {
    const auto known = known_.find(path);
    if (known != known_.end()) return known->second;
    return known_.emplace(path, Known{next_number_ += kBetween, kBegin}).first->second;
  }
  void set(std::string_view path, std::int64_t time) {
    Known& known = entry(path);
    if (known.written == time) return;
    log_.emplace_back(path, known.written);
    known.written = time;
  }

  std::int64_t now_ = kBegin + kSecond;
  std::uint64_t next_number_ = 7000;
  std::string last_;  ///< what was written last, if nothing has happened since
  std::map<std::string, Known, std::less<>> known_;
  Times log_;  ///< what was before
};

}  // namespace assay::exec

// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The memory of a program that runs on the reference road: one piece of address space from the program's
// start up, with the heap behind the program and the stack at the top, or far above.
#pragma once

#include <cstring>
#include <memory>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/bytes.h"
#include "core/result.h"
#include "exec/state/code.h"

namespace assay::exec {

/// Addresses end here, but for a stack far above.
inline constexpr std::uint64_t kTop = std::uint64_t{1} << 31;
inline constexpr std::uint64_t kStackBytes = std::uint64_t{64} << 20;

/// What a program's code needs to know, behind a jump or a return, of flags that were set before it.
enum class FlagsKept : std::uint8_t {
  none,
  differences,  ///< those of comparisons; others are not known there
  all,
};

class Image {
 public:
  /// A static ELF program, 32 or 64 bits wide, little-endian. `stack_top`: where its stack ends; kTop, or
  /// page-aligned and so far above that the stack does not reach below kTop. Errors: "not-a-program";
  /// "no-memory", also where something of the host is in the way.
  static Result<std::unique_ptr<Image>> load(ByteView program, std::uint64_t stack_top = kTop);
  Image(const Image&) = delete;
  Image& operator=(const Image&) = delete;
  ~Image();

  /// Whether `bytes` bytes at an address can be used.
  [[nodiscard]] bool holds(std::uint64_t address, std::uint64_t bytes) const {
    const auto is_between = [&](std::uint64_t low, std::uint64_t high) {
      return address >= low && address <= high && bytes <= high - address;
    };
    return is_between(base_, kTop) || is_between(stack_bottom(), stack_top_);
  }
  [[nodiscard]] Byte* at(std::uint64_t address) const { return memory_ + address; }

  template <class T>
  [[nodiscard]] T load(std::uint64_t address) const {
    T value;
    std::memcpy(&value, memory_ + address, sizeof value);
    return value;
  }
  template <class T>
  void store(std::uint64_t address, T value) {
    std::memcpy(to_write(address, sizeof value), &value, sizeof value);
  }
  /// The same as at(), for one who writes so many bytes.
  [[nodiscard]] Byte* to_write(std::uint64_t address, std::uint64_t bytes) {
    if (!undos_.empty()) note(address, bytes);
    return memory_ + address;
  }

  [[nodiscard]] std::uint64_t base() const { return base_; }
  [[nodiscard]] std::uint64_t stack_top() const { return stack_top_; }
  [[nodiscard]] std::uint64_t stack_bottom() const { return stack_top_ - kStackBytes; }
  [[nodiscard]] std::uint64_t end() const { return end_; }  ///< of the program, heap excluded
  /// Jumps to addresses below it may be followed within a block.
  [[nodiscard]] std::uint64_t joins_end() const { return joins_ ? end_ : 0; }
  /// Every place that is jumped to begins a block; to be said before any is read.
  void join_nothing() { joins_ = false; }
  [[nodiscard]] std::uint64_t entry() const { return entry_; }
  [[nodiscard]] std::uint64_t header_table() const { return header_table_; }  ///< of program headers: address
  [[nodiscard]] std::uint64_t header_count() const { return header_count_; }
  [[nodiscard]] unsigned word_bytes() const { return word_bytes_; }
  [[nodiscard]] unsigned machine() const { return machine_; }  ///< e_machine of ELF

  [[nodiscard]] std::uint64_t code_end() const { return code_end_; }  ///< no code from there on
  /// Bytes from which operations were made: writing them is refused.
  void mark_code(std::uint64_t address, std::uint64_t bytes);
  /// What has been marked since it was asked last.
  [[nodiscard]] std::vector<Block::Range> take_marks() { return std::exchange(marks_, {}); }
  [[nodiscard]] bool is_code(std::uint64_t address, std::uint64_t bytes) const {
    return address < code_end_ && address + bytes > code_begin_ && slow_is_code(address, bytes);
  }

  /// Whether the program's code asks for flags that were set before a jump or a return.
  [[nodiscard]] bool keeps_flags() const { return flags_kept_ != FlagsKept::none; }
  [[nodiscard]] FlagsKept flags_kept() const { return flags_kept_; }
  void keep_flags(FlagsKept kept) { flags_kept_ = kept; }

  /// From there on, whoever writes need ask neither is_code() nor to_write().
  [[nodiscard]] std::uint64_t watched_end() const { return watched_end_; }
  /// Whether 8 bytes at an address lie there.
  [[nodiscard]] bool is_free(std::uint64_t address) const { return address - watched_end_ < free_; }

  /// From here on, what is written by store() and to_write() can be undone, and is by the undo() that belongs
  /// to it: around a child. Code must not write by itself meanwhile.
  void begin_undo() {
    undos_.emplace_back();
    watch();
  }
  void undo();

 private:
  Image() = default;
  [[nodiscard]] bool reserve();
  [[nodiscard]] bool slow_is_code(std::uint64_t address, std::uint64_t bytes) const;
  void note(std::uint64_t address, std::uint64_t bytes);
  void watch() {
    watched_end_ = undos_.empty() ? code_end_ : kTop;
    free_ = undos_.empty() ? kTop - code_end_ - 7 : 0;
  }

  Byte* memory_ = nullptr;  ///< address 0; reserved up to kTop, and where the stack is
  std::uint64_t stack_top_ = kTop;
  std::uint64_t base_ = 0;
  std::uint64_t end_ = 0;
  std::uint64_t entry_ = 0;
  std::uint64_t header_table_ = 0;
  std::uint64_t header_count_ = 0;
  bool joins_ = true;
  std::uint64_t code_begin_ = ~std::uint64_t{0};
  std::uint64_t code_end_ = 0;
  std::uint64_t watched_end_ = 0;
  std::uint64_t free_ = 0;  ///< for so many addresses from there on is_free() holds
  std::vector<bool> code_;  ///< by address from base_
  std::vector<Block::Range> marks_;
  /// Pages as they were before they were written, by number; the last one is that of the child that runs.
  std::vector<std::unordered_map<std::uint64_t, Bytes>> undos_;
  FlagsKept flags_kept_ = FlagsKept::none;
  unsigned word_bytes_ = 0;
  unsigned machine_ = 0;
};

}  // namespace assay::exec

// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A program that makes the system calls of a list, one after the other, and then writes what came of them to
// standard output: for every instruction set, for a real kernel and for ours alike.
//
// The list lies in the program's memory, a row a call: number, six arguments, and how many bytes to go
// forward besides if the call gives 0 (the way into a child). The result takes the number's place.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "machine/isa/isa.h"

namespace assay::test {

/// Memory that calls read and write. It ends with the program's image: behind it nothing is mapped.
inline constexpr std::uint64_t kBuffer = 0x400000;
inline constexpr std::uint64_t kBufferBytes = 0x1000;
inline constexpr std::uint64_t kImageEnd = kBuffer + kBufferBytes;
/// Not mapped, in the midst of what could be.
inline constexpr std::uint64_t kNowhere = 0x20000000;

/// What of a row's result is compared.
enum class Shown : std::uint8_t {
  exact,
  sign,  ///< a process number, for instance: positive, or which error
};

struct CallRow {
  std::string text;  ///< for people
  std::uint64_t number = 0;
  std::array<std::uint64_t, 6> arguments{};
  unsigned skip = 0;  ///< rows, if the result is 0
  Shown shown = Shown::exact;
};

class CallList {
 public:
  CallList(const machine::Isa& isa, std::string title) : isa_(&isa), title_(std::move(title)) {}

  [[nodiscard]] const machine::Isa& isa() const { return *isa_; }
  [[nodiscard]] const std::string& title() const { return title_; }
  [[nodiscard]] const std::vector<CallRow>& rows() const { return rows_; }
  [[nodiscard]] bool has(std::string_view call) const { return number_of(call).has_value(); }

  /// The address of a text, with a zero behind it.
  std::uint64_t text(std::string_view text);
  /// The address of words of the machine's size.
  std::uint64_t words(const std::vector<std::uint64_t>& list);
  /// The address of pointers to texts, with a zero behind them.
  std::uint64_t texts(const std::vector<std::string>& list);
  /// A row, by the name of its call, which the architecture must have.
  CallRow& call(std::string_view name, const std::vector<std::uint64_t>& arguments);
  /// By number.
  CallRow& raw(std::uint64_t number, const std::vector<std::uint64_t>& arguments);
  /// Makes a row go forward by so many rows besides if its call gives 0.
  void skip(std::size_t row, std::size_t rows) { rows_[row].skip = static_cast<unsigned>(rows); }
  /// Part of the buffer that is not compared: a process number, the system's name.
  void hide(std::uint64_t address, std::uint64_t bytes);

  // Calls that some architectures have in another form only.
  CallRow& open(std::string_view path, std::uint64_t flags, std::uint64_t mode = 0);
  CallRow& open_at_address(std::uint64_t path, std::uint64_t flags, std::uint64_t mode);
  CallRow& on_path(std::string_view name, std::string_view path, std::optional<std::uint64_t> mode = {});
  CallRow& fork();
  CallRow& exit(std::uint64_t status) { return call("exit", {status}); }
  CallRow& execute(std::string_view path, const std::vector<std::string>& arguments);

  /// The ELF file.
  [[nodiscard]] Bytes program() const;
  /// A line a row with its result, from the program's standard output; then what the buffer holds.
  [[nodiscard]] std::vector<std::string> results(std::string_view standard_output) const;

 private:
  [[nodiscard]] std::optional<std::uint64_t> number_of(std::string_view call) const;
  [[nodiscard]] unsigned word() const { return isa_->address_bits / 8U; }
  [[nodiscard]] std::size_t row_bytes() const { return std::size_t{8} * word(); }

  const machine::Isa* isa_;
  std::string title_;
  std::vector<CallRow> rows_;
  Bytes data_;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> hidden_;
};

/// A program that ends by SIGILL at once, and one that exits with 7.
Bytes crashing_program(const machine::Isa& isa);
Bytes exiting_program(const machine::Isa& isa);

}  // namespace assay::test

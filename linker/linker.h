// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// hex2, the linker of mescc-tools: reads hex2 texts, writes a binary. The language and the program are
// described in docs/tools/hex2.md.
//
// The real hex2 reads every input twice: once for the labels, once for the output. Here one walk
// writes the output with holes, and the holes are filled in order when all labels are known.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "command/mescc_dialects.h"
#include "core/diagnostic.h"
#include "core/name_table.h"
#include "core/output.h"
#include "core/text_arena.h"
#include "linker/scanner.h"

namespace assay::linker {

struct Options {
  const MesccDialect* dialect = &kMesccDialects[0];
  MesccArchitecture architecture = MesccArchitecture::knight;
  /// Digits of the inputs.
  DigitBase base = DigitBase::hexadecimal;
  bool big_endian = true;
  std::int64_t base_address = 0;
  /// Fill Output::map: a byte belongs to its digits, a field to its reference.
  bool want_map = false;
  /// Also report what is legal but probably not meant.
  bool want_warnings = false;
  /// Gets the output, if there is one. Not together with want_map.
  OutputSink sink = {};
};

/// Gathers the bytes of a name as the real tool does: in a buffer that it clears only up to the first
/// NUL, so that what stands behind a NUL can follow a later name.
class NameBuffer {
 public:
  std::string take(std::string_view raw);

 private:
  std::string buffer_;
};

/// A link in progress. The real hex2 opens its inputs one after the other, and stops where one cannot be
/// opened or has a name that is too long: so inputs are added one by one.
class Link {
 public:
  explicit Link(const Options& options);

  /// Reads one file for its labels. False: the real tool stops here, with failure(). `rewinds`: it can be
  /// read a second time; if not, only its labels count. The bytes must stay until the end.
  bool add(const Source& source, bool rewinds, DiagnosticSink& diagnostics);
  [[nodiscard]] const Output& failure() const { return failure_; }
  /// Fills the fields. Exits 0, or 1 with the bytes before the field that failed.
  [[nodiscard]] Output finish(DiagnosticSink& diagnostics);

 private:
  template <bool>
  friend class Builder;
  friend class Resolver;

  /// A field, or on RISC-V bits for the next plain bytes.
  struct Field {
    std::uint32_t name = 0;                 ///< kTooLong: the name does not fit its buffer
    std::uint32_t base = NameTable::kNone;  ///< the name after '>'
    std::uint32_t offset = 0;               ///< in the output
    char sigil = 0;
    bool aligned = false;
  };
  static constexpr std::uint32_t kTooLong = NameTable::kNone - 1;

  struct File {
    Source source;
    bool rewinds = true;
    bool has_nul = false;
    std::uint64_t first_field = 0;
  };

  /// What the second reading gathers.
  struct Draft {
    std::unique_ptr<char[]> bytes;
    std::size_t size = 0;
    std::size_t capacity = 0;
    LargeVector<Field> fields;
    /// RISC-V: output bytes that are no plain ones: offset and length.
    std::vector<std::pair<std::uint32_t, std::uint32_t>> gaps;
    std::uint32_t shift = 0;  ///< RISC-V: bits for the next plain bytes that are known already
    bool aligned = false;
  };

  enum class Use : std::uint8_t { label, target, base };

  /// Names that are numbered together. They are numbered in their order, so that the last definition wins.
  struct Waiting {
    std::string_view text;         ///< where most of them lie
    std::uint32_t first_name = 0;  ///< the first one that is likely to lie there
    std::size_t count = 0;
    bool readable = true;  ///< NameTable::has_words() for all
    std::array<std::string_view, NameTable::kMostAtOnce> names;
    std::array<std::uint64_t, NameTable::kMostAtOnce> values;  ///< an address, or the number of a field
    std::array<Use, NameTable::kMostAtOnce> uses;
  };

  ScanEnd scan(std::uint32_t file, bool keep_labels);
  template <bool kRiscv>
  ScanEnd scan_as(std::uint32_t file, bool keep_labels);
  void reserve(std::size_t input);
  void scan_again();
  void define(std::string_view name, std::uint64_t address);
  /// The last field refers to `raw` as its target or base.
  void refer(std::string_view raw, Use use);
  void wait(std::string_view name, Use use, std::uint64_t value);
  void number_waiting();
  void make_addresses();
  void apply(std::uint32_t number, Use use, std::uint64_t value);
  bool fail(std::string message, const DiagnosticKind& kind, Span span, DiagnosticSink& diagnostics);

  Options options_;
  bool riscv_;
  bool pads_;
  bool keeps_alignment_;  ///< '^' lasts until a pointer uses it
  CodeTable codes_;
  std::vector<File> files_;
  NameTable names_;
  /// Address of each name less the base address; kUndefined.
  LargeVector<std::uint32_t> addresses_;
  static constexpr std::uint32_t kUndefined = ~std::uint32_t{0};
  TextArena arena_;
  NameBuffer name_buffer_;
  bool slow_names_ = false;  ///< a NUL was seen: names go through the buffer
  bool second_reading_ = false;
  std::uint64_t input_bytes_ = 0;
  const char* long_label_ = nullptr;
  Draft draft_;
  Waiting waiting_;
  Output failure_;
};

/// All files at once.
[[nodiscard]] Output link(std::span<const Source> sources, const Options& options,
                          DiagnosticSink& diagnostics);

}  // namespace assay::linker

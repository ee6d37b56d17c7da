// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "linker/linker.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/large_pages.h"
#include "linker/builder.h"
#include "linker/diagnostics.h"
#include "linker/resolver.h"

namespace assay::linker {
namespace {

/// A little less than 2 GiB, so that offsets in the output, and one that stands for none, are 32 bits.
constexpr std::uint64_t kMostInput = (std::uint64_t{1} << 31) - 16;

// "% " is two bytes and makes four; a lone sigil at the end of the text makes four, after a pad of three.
constexpr std::size_t kMostOutputAByte = 2;
constexpr std::size_t kMostExtraOutput = 8;
/// Of so many bytes one is a sigil, or fewer.
constexpr std::size_t kUsualFieldBytes = 32;

}  // namespace

std::string NameBuffer::take(std::string_view raw) {
  if (buffer_.size() < raw.size()) buffer_.resize(raw.size());
  std::copy(raw.begin(), raw.end(), buffer_.begin());
  std::string taken = buffer_.substr(0, buffer_.find('\0'));
  if (!buffer_.empty()) buffer_[0] = '\0';
  for (std::size_t i = 1; i < buffer_.size() && buffer_[i] != '\0'; ++i) buffer_[i] = '\0';
  buffer_.resize(buffer_.find_last_not_of('\0') + 1);
  return taken;
}

Link::Link(const Options& options)
    : options_(options),
      riscv_(is_riscv(options.architecture)),
      pads_(riscv_ || options.architecture == MesccArchitecture::armv7l ||
            options.architecture == MesccArchitecture::aarch64),
      keeps_alignment_(options.architecture == MesccArchitecture::armv7l ||
                       options.architecture == MesccArchitecture::aarch64 ||
                       options.architecture == MesccArchitecture::ppc64le),
      codes_(make_codes(options.base, riscv_, pads_)) {}

bool Link::add(const Source& source, bool rewinds, DiagnosticSink& diagnostics) {
  const auto number = static_cast<std::uint32_t>(files_.size());
  const bool has_nul = as_text(source.bytes).find('\0') != std::string_view::npos;
  files_.push_back({source, rewinds, has_nul, draft_.fields.size()});
  slow_names_ = slow_names_ || has_nul;
  input_bytes_ += source.bytes.size();
  if (input_bytes_ > kMostInput) {
    return fail("", kind("linker-input-too-large"), {number, 0, 0}, diagnostics);
  }
  reserve(source.bytes.size());
  switch (scan(number, true)) {
    case ScanEnd::done: return true;
    case ScanEnd::stopped: {
      const auto offset = static_cast<std::uint64_t>(long_label_ - as_text(source.bytes).data());
      return fail("Consumed token exceeds length restriction\n", kind("linker-long-name"),
                  {number, offset, kLongestName}, diagnostics);
    }
    case ScanEnd::endless_word:
      failure_.ending = Ending::hangs;
      diagnostics.report(kind("linker-endless-word"), {number, source.bytes.size(), 0},
                         "the file ends inside a '.' word");
      return false;
  }
  return false;
}

void Link::reserve(std::size_t input) {
  make_room(draft_.fields, input / kUsualFieldBytes);
  const std::size_t needed = draft_.size + kMostOutputAByte * input + kMostExtraOutput;
  if (needed <= draft_.capacity) return;
  draft_.capacity = std::max(needed, 2 * draft_.capacity);  // what is not written costs nothing
  auto grown = std::make_unique_for_overwrite<char[]>(draft_.capacity);
  prefer_large_pages(grown.get(), draft_.capacity);
  std::copy_n(draft_.bytes.get(), draft_.size, grown.get());
  draft_.bytes = std::move(grown);
}

ScanEnd Link::scan(std::uint32_t file, bool keep_labels) {
  return riscv_ ? scan_as<true>(file, keep_labels) : scan_as<false>(file, keep_labels);
}

template <bool kRiscv>
ScanEnd Link::scan_as(std::uint32_t file, bool keep_labels) {
  Builder<kRiscv> builder(*this, keep_labels);
  waiting_.text = as_text(files_[file].source.bytes);
  waiting_.first_name = names_.size();
  Scan<Builder<kRiscv>> scan(waiting_.text, options_.base, codes_, kRiscv, builder);
  const ScanEnd end = scan.run();
  builder.done();
  number_waiting();
  return end;
}

// The fast way is to write while looking for labels. It is wrong where the two readings of the real
// tool see different things: an input that cannot be read again, or names that depend on the ones
// before them.
void Link::scan_again() {
  second_reading_ = true;
  draft_.size = 0;
  draft_.fields.clear();
  draft_.gaps.clear();
  draft_.shift = 0;
  draft_.aligned = false;
  for (std::uint32_t file = 0; file < files_.size(); ++file) {
    files_[file].first_field = draft_.fields.size();
    if (files_[file].rewinds) scan(file, false);
  }
}

void Link::define(std::string_view name, std::uint64_t address) {
  if (slow_names_) {
    const std::uint32_t number = names_.intern(arena_.store(name_buffer_.take(name)));
    make_addresses();
    apply(number, Use::label, address);
  } else {
    wait(name, Use::label, address);
  }
}

void Link::refer(std::string_view raw, Use use) {
  const std::uint64_t field = draft_.fields.size() - 1;
  if (raw.size() > kLongestName) {
    apply(kTooLong, use, field);
  } else if (!slow_names_) {
    wait(raw, use, field);
  } else {
    // In the first reading the slow names of references do not matter: the draft is made again.
    if (second_reading_) raw = arena_.store(name_buffer_.take(raw));
    apply(names_.intern(raw), use, field);
  }
}

void Link::wait(std::string_view name, Use use, std::uint64_t value) {
  Waiting& waiting = waiting_;
  waiting.readable = waiting.readable && NameTable::has_words(waiting.text, name);
  waiting.names[waiting.count] = name;
  waiting.values[waiting.count] = value;
  waiting.uses[waiting.count++] = use;
  if (waiting.count == waiting.names.size()) number_waiting();
}

void Link::number_waiting() {
  if (waiting_.count == 0) return;
  std::array<std::uint32_t, NameTable::kMostAtOnce> numbers;
  names_.expect(waiting_.first_name, waiting_.text, waiting_.names[0]);
  names_.intern({waiting_.names.data(), waiting_.count}, waiting_.readable, numbers.data());
  make_addresses();
  for (std::size_t i = 0; i < waiting_.count; ++i) apply(numbers[i], waiting_.uses[i], waiting_.values[i]);
  waiting_.count = 0;
  waiting_.readable = true;
}

/// One for each name.
void Link::make_addresses() {
  if (addresses_.size() == names_.size()) return;
  make_room(addresses_, names_.size() - addresses_.size());
  addresses_.resize(names_.size(), kUndefined);
}

inline void Link::apply(std::uint32_t number, Use use, std::uint64_t value) {
  switch (use) {
    case Use::label: addresses_[number] = static_cast<std::uint32_t>(value); break;
    case Use::target: draft_.fields[value].name = number; break;
    case Use::base: draft_.fields[value].base = number; break;
  }
}

bool Link::fail(std::string message, const DiagnosticKind& kind, Span span, DiagnosticSink& diagnostics) {
  std::string shown = message.empty() ? "the inputs are too large" : message;
  while (!shown.empty() && shown.back() == '\n') shown.pop_back();
  diagnostics.report(kind, span, std::move(shown));
  failure_.status = 1;
  failure_.standard_error = std::move(message);
  return false;
}

Output Link::finish(DiagnosticSink& diagnostics) {
  const bool rewinds = std::ranges::all_of(files_, [](const File& file) { return file.rewinds; });
  if (slow_names_ || !rewinds) scan_again();
  return Resolver(*this, diagnostics).run();
}

Output link(std::span<const Source> sources, const Options& options, DiagnosticSink& diagnostics) {
  Link link(options);
  for (const Source& source : sources) {
    if (!link.add(source, true, diagnostics)) return link.failure();
  }
  return link.finish(diagnostics);
}

}  // namespace assay::linker

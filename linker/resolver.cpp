// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "linker/resolver.h"

#include <fmt/format.h>

#include "command/nearest_word.h"

#include "core/large_pages.h"
#include "linker/builder.h"
#include "linker/critic.h"
#include "linker/diagnostics.h"
#include "linker/tracer.h"

namespace assay::linker {
namespace {

struct Range {
  std::int64_t lowest;
  std::int64_t highest;
};

constexpr Range signed_range(unsigned bits) {
  const std::int64_t half = std::int64_t{1} << (bits - 1);
  return {-half, half - 1};
}

}  // namespace

Resolver::Resolver(Link& link, DiagnosticSink& diagnostics)
    : link_(link),
      options_(link.options_),
      diagnostics_(diagnostics),
      bytes_(link.draft_.bytes.get()),
      size_(link.draft_.size) {}

Output Resolver::run() {
  const LargeVector<Field>& fields = link_.draft_.fields;
  for (; field_ < fields.size(); ++field_) {
    if (!resolve(fields[field_])) {
      size_ = fields[field_].offset;
      break;
    }
  }
  // What is not needed any more makes room for the output.
  link_.draft_.fields = {};
  link_.names_ = {};
  link_.addresses_ = {};
  if (options_.sink) {
    options_.sink(as_bytes({bytes_, size_}));
  } else {
    reserve_large(output_.bytes, size_);
    output_.bytes.assign(bytes_, bytes_ + size_);
  }
  output_.base_address = static_cast<std::uint64_t>(options_.base_address);
  if (failure_ != nullptr) locate_failure();
  if (options_.want_map) map();
  if (options_.want_warnings) {
    Critic critic(diagnostics_);
    for (std::uint32_t file = 0; file < link_.files_.size(); ++file) {
      critic.start(file, as_text(link_.files_[file].source.bytes));
      Scan<Critic>(as_text(link_.files_[file].source.bytes), options_.base, link_.codes_, link_.riscv_,
                   critic)
          .run();
    }
  }
  return std::move(output_);
}

bool Resolver::find(std::uint32_t name, std::int64_t& address) {
  if (name == Link::kTooLong) {
    return fail("Consumed token exceeds length restriction\n", kind("linker-long-name"));
  }
  if (name >= link_.addresses_.size() || link_.addresses_[name] == Link::kUndefined) {
    hint_ = near_label(name);
    return fail(fmt::format("Target label {} is not valid\n", link_.names_[name]),
                kind("linker-undefined-label"));
  }
  address = wrap(options_.base_address + static_cast<std::int64_t>(link_.addresses_[name]));
  return true;
}

bool Resolver::resolve(const Field& field) {
  std::int64_t target = 0;
  if (!find(field.name, target)) return false;
  const unsigned bytes =
      link_.riscv_ ? Builder<true>::size_of(field.sigil) : Builder<false>::size_of(field.sigil);
  if (bytes == 0) return resolve_riscv(field, target);
  const std::int64_t end = wrap(options_.base_address + field.offset + bytes);
  std::int64_t value = 0;
  if (field.base != NameTable::kNone) {
    std::int64_t base = 0;
    if (!find(field.base, base)) return false;
    value = wrap(target - base);
  } else if (!displacement(field, target, end, value)) {
    return false;
  }
  const bool absolute = field.sigil == '$' || field.sigil == '&';
  return fill(field, absolute ? target : value, bytes, absolute);
}

bool Resolver::displacement(const Field& field, std::int64_t target, std::int64_t base, std::int64_t& value) {
  const std::int64_t rest = base & 3;
  switch (options_.architecture) {
    case MesccArchitecture::armv7l:
      if (!field.aligned) {
        value = target - base - 8 + rest;
        break;
      }
      if ((target & 3) != 0) {
        return fail(fmt::format("error: Unaligned branch target: {}, aborting\n", link_.names_[field.name]),
                    kind("linker-unaligned-target"), true);
      }
      value = (wrap(target - base + rest) >> 2) - 2;
      break;
    case MesccArchitecture::aarch64:
      value = field.aligned ? wrap(target - (base - rest)) >> 2 : target - base - 8 + rest;
      break;
    case MesccArchitecture::ppc64le:
      value = target - (base - rest);
      if (field.aligned) value |= 1;
      break;
    default: value = target - base;
  }
  value = wrap(value);
  return true;
}

bool Resolver::fill(const Field& field, std::int64_t value, unsigned bytes, bool absolute) {
  const bool is_1_4 = options_.dialect->is_1_4;
  if (bytes < 4) {
    const Range range = absolute && !is_1_4 ? Range{0, 65535} : signed_range(8 * bytes);
    if (value < range.lowest || value > range.highest) {
      const std::string_view what = is_1_4 ? "A" : absolute ? "An absolute" : "A relative";
      return fail(fmt::format("{} displacement of {} does not fit in {} byte{}\n", what,
                              static_cast<std::int32_t>(value), bytes, bytes == 1 ? "" : "s"),
                  kind("linker-out-of-range"));
    }
  }
  char* const out = bytes_ + field.offset;
  for (unsigned i = 0; i < bytes; ++i) {
    out[options_.big_endian ? bytes - 1 - i : i] = static_cast<char>(value >> (8 * i));
  }
  return true;
}

bool Resolver::resolve_riscv(const Field& field, std::int64_t target) {
  const std::int64_t value = wrap(target - options_.base_address - field.offset);
  const auto bits = static_cast<std::uint32_t>(value);
  const auto out_of_range = [&](char type) {
    return fail(fmt::format("error: value {} out of range for field type {}\n",
                            static_cast<std::int32_t>(value), type),
                kind("linker-out-of-range"), true);
  };
  switch (field.sigil) {
    case '!':  // the second instruction of a pair; the first one, 4 bytes before, is what counts
      combine(field, ((bits + 4) & 0xFFF) << 20);
      return true;
    case '@':
      if (value < -0x1000 || value > 0xFFF || value % 2 != 0) return out_of_range('B');
      combine(field, ((bits & 0x1E) << 7) | ((bits & 0x7E0) << 20) | ((bits & 0x800) >> 4) |
                         ((bits & 0x1000) << 19));
      return true;
    case '$':
      if (value < -0x100000 || value > 0xFFFFF || value % 2 != 0) return out_of_range('J');
      combine(field,
              ((bits & 0x7FE) << 20) | ((bits & 0x800) << 9) | (bits & 0xFF000) | ((bits & 0x100000) << 11));
      return true;
    default: combine(field, (bits + 0x800) & 0xFFFFF000); return true;
  }
}

// The bits belong to the next four plain bytes; padding and 4-byte fields are passed over.
void Resolver::combine(const Field& field, std::uint32_t word) {
  const auto& gaps = link_.draft_.gaps;
  std::size_t at = field.offset;
  while (gap_ < gaps.size() && gaps[gap_].first + gaps[gap_].second <= at) ++gap_;
  std::size_t gap = gap_;
  for (unsigned i = 0; i < 4; ++i, ++at, word >>= 8) {
    while (gap < gaps.size() && gaps[gap].first == at) at += gaps[gap++].second;
    if (at >= size_) return;
    bytes_[at] = static_cast<char>(static_cast<unsigned char>(bytes_[at]) ^ (word & 0xFF));
  }
}

bool Resolver::fail(std::string message, const DiagnosticKind& kind, bool with_line) {
  output_.status = 1;
  output_.standard_error = std::move(message);
  failure_ = &kind;
  with_line_ = with_line;
  return false;
}

std::string Resolver::near_label(std::uint32_t name) const {
  std::vector<std::string_view> labels;
  for (std::uint32_t one = 0; one < link_.addresses_.size(); ++one) {
    if (link_.addresses_[one] != Link::kUndefined) labels.push_back(link_.names_[one]);
  }
  return near_miss(link_.names_[name], labels);
}

void Resolver::locate_failure() {
  std::uint32_t file = 0;
  while (file + 1 < link_.files_.size() && link_.files_[file + 1].first_field <= field_) ++file;
  const std::string_view text = as_text(link_.files_[file].source.bytes);
  FieldFinder finder(field_ - link_.files_[file].first_field);
  Scan<FieldFinder>(text, options_.base, link_.codes_, link_.riscv_, finder).run();
  const Span span{file, static_cast<std::uint64_t>(finder.first() - text.data()),
                  static_cast<std::uint64_t>(finder.end() - finder.first())};
  if (with_line_) {
    output_.standard_error =
        fmt::format("{}:{} :{}", link_.files_[file].source.name, finder.line(), output_.standard_error);
  }
  std::string shown = output_.standard_error;
  shown.pop_back();
  shown += hint_;
  diagnostics_.report(*failure_, span, std::move(shown));
}

void Resolver::map() {
  for (std::uint32_t file = 0; file < link_.files_.size(); ++file) {
    if (!link_.files_[file].rewinds) continue;
    const std::string_view text = as_text(link_.files_[file].source.bytes);
    Mapper mapper(file, text, link_.riscv_, options_.base_address, size_, output_.map);
    Scan<Mapper>(text, options_.base, link_.codes_, link_.riscv_, mapper).run();
  }
}

}  // namespace assay::linker

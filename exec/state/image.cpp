// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "exec/state/image.h"

#include <sys/mman.h>

#include <algorithm>

namespace assay::exec {
namespace {

constexpr std::uint64_t kMostProgramBytes = std::uint64_t{16} << 20;
constexpr unsigned kMostSegments = 16;
constexpr std::uint64_t kPage = 4096;

std::uint64_t number(ByteView bytes, std::size_t at, unsigned width) {
  std::uint64_t value = 0;
  for (unsigned byte = 0; byte < width; ++byte) value |= std::uint64_t{bytes[at + byte]} << (8 * byte);
  return value;
}

struct Segment {
  std::uint64_t offset, address, file_bytes, bytes;
};

}  // namespace

Image::~Image() {
  if (memory_ == nullptr) return;
  ::munmap(memory_, kTop);
  if (stack_top_ != kTop) ::munmap(memory_ + stack_bottom(), kStackBytes);
}

/// Reserves the memory: both pieces at one distance from their addresses in the program.
bool Image::reserve() {
  constexpr int kFlags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
  const auto map = [](std::uintptr_t at, std::uint64_t bytes, int flags) -> Byte* {
    void* const memory =
        ::mmap(reinterpret_cast<void*>(at), bytes, PROT_READ | PROT_WRITE, kFlags | flags, -1, 0);
    return memory == MAP_FAILED ? nullptr : static_cast<Byte*>(memory);
  };
  if (stack_top_ == kTop) return (memory_ = map(0, kTop, 0)) != nullptr;
  const auto lies_at = [&](std::uintptr_t place) {
    Byte* const low = map(place, kTop, MAP_FIXED_NOREPLACE);
    if (low == nullptr) return false;
    if (map(place + stack_bottom(), kStackBytes, MAP_FIXED_NOREPLACE) != nullptr) {
      memory_ = low;
      return true;
    }
    ::munmap(low, kTop);
    return false;
  };
  // The second row is where a sanitizer's shadow has all of the first.
  constexpr unsigned kTries = 64;
  for (const std::uintptr_t first : {std::uintptr_t{kTop}, std::uintptr_t{1} << 45U}) {
    for (unsigned i = 0; i < kTries; ++i) {
      if (lies_at(first + i * kTop)) return true;
    }
  }
  return false;
}

Result<std::unique_ptr<Image>> Image::load(ByteView program, std::uint64_t stack_top) {
  constexpr Byte kMagic[] = {0x7f, 'E', 'L', 'F'};
  const auto bad = [](const char* why) { return fail("not-a-program", why); };
  if (program.size() < 64 || !std::equal(std::begin(kMagic), std::end(kMagic), program.begin()))
    return bad("no ELF header");
  const bool wide = program[4] == 2;
  std::unique_ptr<Image> image(new Image);
  image->word_bytes_ = wide ? 8 : 4;
  image->machine_ = static_cast<unsigned>(number(program, 18, 2));
  image->entry_ = number(program, 24, image->word_bytes_);
  const std::uint64_t table = number(program, wide ? 32 : 28, image->word_bytes_);
  const std::uint64_t entry_bytes = wide ? 56 : 32;
  const std::uint64_t count = number(program, wide ? 56 : 44, 2);
  if (count > kMostSegments || table > program.size() || program.size() - table < count * entry_bytes)
    return bad("the program headers lie outside the file");
  std::vector<Segment> segments;
  std::uint64_t lowest = kTop;
  for (std::uint64_t index = 0; index < count; ++index) {
    const std::size_t at = table + index * entry_bytes;
    if (number(program, at, 4) != 1) continue;
    Segment segment{};
    if (wide) {
      segment = {number(program, at + 8, 8), number(program, at + 16, 8), number(program, at + 32, 8),
                 number(program, at + 40, 8)};
    } else {
      segment = {number(program, at + 4, 4), number(program, at + 8, 4), number(program, at + 16, 4),
                 number(program, at + 20, 4)};
    }
    if (segment.address < 4096 || segment.address > kTop / 2 || segment.bytes > kMostProgramBytes ||
        segment.offset > program.size()) {
      return bad("a segment lies outside the address space or the file");
    }
    segment.file_bytes = std::min({segment.file_bytes, program.size() - segment.offset, segment.bytes});
    lowest = std::min(lowest, segment.address);
    image->end_ = std::max(image->end_, segment.address + segment.bytes);
    segments.push_back(segment);
  }
  if (segments.empty()) return bad("nothing to load");
  if (image->end_ - lowest > kMostProgramBytes) return bad("segments too far apart");
  image->base_ = lowest;
  image->header_table_ = lowest + table;
  image->header_count_ = count;
  image->stack_top_ = stack_top;
  if (!image->reserve()) return fail("no-memory", "no address space for a program");
  ::madvise(image->memory_, kTop, MADV_HUGEPAGE);  // fewer faults; no matter if it is refused
  for (const Segment& segment : segments) {
    std::copy_n(program.data() + segment.offset, segment.file_bytes, image->memory_ + segment.address);
  }
  image->code_.resize(image->end_ - image->base_);
  return image;
}

void Image::mark_code(std::uint64_t address, std::uint64_t bytes) {
  code_begin_ = std::min(code_begin_, address);
  code_end_ = std::max(code_end_, address + bytes);
  watch();
  for (std::uint64_t at = address; at < address + bytes && at - base_ < code_.size(); ++at)
    code_[at - base_] = true;
  if (!marks_.empty() && marks_.back().from + marks_.back().bytes == address) {
    marks_.back().bytes += bytes;
  } else {
    marks_.push_back({address, bytes});
  }
}

bool Image::slow_is_code(std::uint64_t address, std::uint64_t bytes) const {
  for (std::uint64_t at = address; at < address + bytes; ++at) {
    if (at >= base_ && at - base_ < code_.size() && code_[at - base_]) return true;
  }
  return false;
}

void Image::note(std::uint64_t address, std::uint64_t bytes) {
  if (bytes == 0) return;
  for (std::uint64_t page = address / kPage; page <= (address + bytes - 1) / kPage; ++page) {
    const auto [place, fresh] = undos_.back().try_emplace(page);
    if (fresh) place->second.assign(memory_ + page * kPage, memory_ + (page + 1) * kPage);
  }
}

void Image::undo() {
  for (const auto& [page, contents] : undos_.back())
    std::memcpy(memory_ + page * kPage, contents.data(), contents.size());
  undos_.pop_back();
  watch();
}

}  // namespace assay::exec

// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "machine/process/elf.h"

#include <fmt/format.h>

#include <algorithm>

#include "machine/process/start_stack.h"

namespace assay::machine {
namespace {

constexpr std::size_t kMostSegments = 64;
constexpr std::uint64_t kHighTop = 0xFFFF'0000;  // the last 64 KiB stay empty: nothing wraps
constexpr std::uint64_t kLowTop = 0x7FFF'0000;
/// The end of a program's addresses on 64-bit kernels: 47 bits, 48 bits, Sv39.
constexpr std::uint64_t kAmd64Top = 0x7FFF'FFFF'F000;
constexpr std::uint64_t kAarch64Top = 0xFFFF'FFFF'F000;
constexpr std::uint64_t kRiscv64Top = 0x3F'FFFF'F000;
constexpr std::uint64_t kStackGap = 1 << 20;  // between heap and stack
constexpr std::uint64_t kMostArguments = 2 << 20;
constexpr std::uint64_t kLowestAddress = 0x1000;  // vm.mmap_min_addr, rounded down

tl::unexpected<Error> bad(std::string why) { return fail("bad-program", std::move(why)); }

/// Little-endian fields of a header, whose bounds the caller has checked.
class Fields {
 public:
  Fields(ByteView bytes, bool is64) : bytes_(bytes), is64_(is64) {}
  std::uint64_t number(std::size_t size) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < size; ++i) value |= static_cast<std::uint64_t>(bytes_[at_ + i]) << (8 * i);
    at_ += size;
    return value;
  }
  std::uint16_t half() { return static_cast<std::uint16_t>(number(2)); }
  std::uint32_t word() { return static_cast<std::uint32_t>(number(4)); }
  std::uint64_t natural() { return number(is64_ ? 8 : 4); }
  void skip(std::size_t size) { at_ += size; }

 private:
  ByteView bytes_;
  bool is64_;
  std::size_t at_ = 0;
};

struct ProgramHeader {
  std::uint32_t type = 0;
  ElfSegment segment;
};

ProgramHeader program_header(ByteView bytes, bool is64) {
  Fields fields(bytes, is64);
  ProgramHeader header;
  header.type = fields.word();
  if (is64) header.segment.flags = fields.word();
  header.segment.offset = fields.natural();
  header.segment.address = fields.natural();
  fields.natural();  // physical address
  header.segment.file_size = fields.natural();
  header.segment.memory_size = fields.natural();
  if (!is64) header.segment.flags = fields.word();
  return header;
}

Result<void> check(const ElfSegment& s, std::size_t file_size) {
  if (s.memory_size > kAddressSpace || s.address > kAddressSpace - s.memory_size ||
      s.address < kLowestAddress) {
    return bad(fmt::format("segment at {:#x} of {:#x} bytes is outside the addresses of this machine",
                           s.address, s.memory_size));
  }
  if (s.file_size > s.memory_size) return bad("a segment has more bytes in the file than in memory");
  if (s.offset % kPage != s.address % kPage)
    return bad("a segment's offset and address differ modulo the page size");
  if (s.offset > file_size) return bad("a segment starts beyond the end of the file");
  return {};
}

// Bytes of a segment in whole pages: with what precedes it in its first page of the file, and, when it
// has no zero part, with what follows it in its last. The file may end early (hand-made headers do
// that): zeros fill its last page, pages after that are not there.
void load_segment(const ElfSegment& s, ByteView file, std::uint8_t flags, Memory& memory) {
  const std::uint64_t slack = s.address % kPage;
  const std::uint64_t start = s.offset - slack;  // congruent, so never below zero
  const std::uint64_t rest = file.size() - start;
  const std::uint64_t of_file = page_ceil(slack + s.file_size);
  const std::uint64_t size = page_ceil(slack + s.memory_size);
  const bool whole_page = s.file_size == s.memory_size || (s.flags & 2) == 0;
  const std::uint64_t copied = std::min(whole_page ? of_file : slack + s.file_size, rest);
  memory.load(s.address - slack, file.subspan(start, copied), std::min(of_file, page_ceil(rest)), flags);
  if (size > of_file) memory.load(s.address - slack + of_file, {}, size - of_file, flags);
}

std::uint64_t stack_top(StackPlace place, const Isa& isa) {
  if (place == StackPlace::low) return kLowTop;
  if (place == StackPlace::high || isa.address_bits == 32) return kHighTop;
  switch (isa.abi) {
    case Abi::aarch64: return kAarch64Top;
    case Abi::generic64: return kRiscv64Top;
    default: return kAmd64Top;
  }
}

std::uint8_t page_flags(std::uint32_t flags) {
  std::uint8_t result = 0;
  if ((flags & 1) != 0) result |= kPageExecute | kPageRead;
  if ((flags & 2) != 0) result |= kPageWrite | kPageRead;
  if ((flags & 4) != 0) result |= kPageRead;
  return result;
}

// What a loader that copies segments leaves behind the last byte of the image.
void dirty_tail(std::uint64_t end, std::uint64_t high, Memory& memory) {
  for (std::uint64_t at = end; at < high; ++at) {
    const auto byte = static_cast<Byte>(noise(at));
    memory.write(at, &byte, 1);
  }
}

std::uint64_t heap_start(std::uint64_t end, const Surrounding& surrounding) {
  switch (surrounding.heap) {
    case HeapPlace::next_page: break;
    case HeapPlace::behind_image: return end;
    case HeapPlace::far: return page_ceil(end) + surrounding.heap_distance;
  }
  return page_ceil(end);
}

}  // namespace

Result<ElfFile> parse_elf(ByteView file) {
  if (file.size() < 16 || file[0] != 0x7F || file[1] != 'E' || file[2] != 'L' || file[3] != 'F') {
    return bad("not an ELF file");
  }
  const unsigned elf_class = file[4];
  if (elf_class != 1 && elf_class != 2) return bad(fmt::format("unknown ELF class {}", elf_class));
  if (file[5] != 1) return bad("not a little-endian ELF file");
  const bool is64 = elf_class == 2;
  const std::size_t header_size = is64 ? 64 : 52;
  const std::size_t entry_size = is64 ? 56 : 32;
  if (file.size() < header_size) return bad("the ELF header is cut off");
  Fields fields(file, is64);
  fields.skip(16);
  const std::uint16_t type = fields.half();
  const std::uint16_t machine = fields.half();
  fields.word();  // version
  ElfFile elf;
  elf.entry = fields.natural();
  const std::uint64_t headers_at = fields.natural();
  fields.natural();  // sections
  fields.word();     // flags
  fields.half();     // size of this header
  elf.header_size = fields.half();
  elf.header_count = fields.half();
  if (type != 2) return bad(fmt::format("ELF type {} is not a static executable", type));
  elf.isa = find_isa(machine, elf_class);
  if (elf.isa == nullptr)
    return bad(fmt::format("ELF machine {} of class {} is not known", machine, elf_class));
  if (elf.header_size != entry_size || elf.header_count == 0 || elf.header_count > kMostSegments) {
    return bad("the program headers have an unknown size or number");
  }
  const std::size_t size = entry_size * elf.header_count;
  if (headers_at > file.size() || size > file.size() - headers_at)
    return bad("the program headers are cut off");
  for (std::size_t i = 0; i < elf.header_count; ++i) {
    const ProgramHeader header = program_header(file.subspan(headers_at + i * entry_size, entry_size), is64);
    if (header.type == 3) return bad("it asks for a dynamic linker");
    if (header.type == 0x6474E551) {
      elf.has_stack_header = true;
      elf.executable_stack = (header.segment.flags & 1) != 0;
    }
    if (header.type != 1 || header.segment.memory_size == 0) continue;
    const Result<void> checked = check(header.segment, file.size());
    if (!checked) return tl::unexpected<Error>(checked.error());
    const ElfSegment& s = header.segment;
    if (headers_at >= s.offset && headers_at < s.offset + s.file_size) {
      elf.header_address = s.address + (headers_at - s.offset);
    }
    elf.segments.push_back(s);
  }
  if (elf.segments.empty()) return bad("nothing to load");
  return elf;
}

Result<Loaded> load_elf(const ElfFile& elf, ByteView file, std::span<const std::string> argv,
                        std::span<const std::string> env, const LoadOptions& options, Memory& memory) {
  std::uint64_t low = kAddressSpace;
  std::uint64_t end = 0;
  for (const ElfSegment& s : elf.segments) {
    low = std::min(low, page_floor(s.address));
    end = std::max(end, s.address + s.memory_size);
  }
  const std::uint64_t high = page_ceil(end);
  const Surrounding& surrounding = *options.surrounding;
  // Only a kernel's stack for 64 bits may lie elsewhere than right below 4 GiB.
  const bool is_far = options.stack == StackPlace::kernel && elf.isa->address_bits == 64;
  const std::uint64_t shift = is_far ? surrounding.stack_shift : surrounding.stack_shift % kAddressSpace;
  const std::uint64_t top = stack_top(options.stack, *elf.isa) - page_floor(shift);
  const std::uint64_t heap = heap_start(end, surrounding);
  if (std::max(high, heap) > top % kAddressSpace - kStackLimit - kStackGap)
    return bad("the image lies where the stack goes");
  if (high - low > options.memory_limit) {
    return fail("limit-memory",
                fmt::format("the image spans {} bytes, {} are allowed", high - low, options.memory_limit));
  }
  std::uint64_t arguments = 0;
  for (const std::string& text : argv) arguments += text.size() + 9;
  for (const std::string& text : env) arguments += text.size() + 9;
  if (arguments > kMostArguments)
    return fail("argument-list-too-long", "arguments and environment are too long");
  if (!memory.reserve_image(low, high)) return fail("no-memory", "the host gives no memory for the image");
  for (const ElfSegment& s : elf.segments) {
    std::uint8_t flags = page_flags(s.flags);
    if (elf.isa->read_implies_execute && !elf.has_stack_header && (flags & kPageRead) != 0)
      flags |= kPageExecute;
    load_segment(s, file, flags, memory);
  }
  std::uint8_t data = kPageRead | kPageWrite;
  if (elf.isa->read_implies_execute && !elf.has_stack_header) data |= kPageExecute;
  memory.place_stack(top, kStackLimit, data);
  memory.place_heap(heap, data);
  if (surrounding.tail == PageTail::noise) dirty_tail(end, high, memory);
  const std::uint64_t stack_pointer = write_start_stack(elf, argv, env, options.program, surrounding, memory);
  return Loaded{elf.isa, elf.entry, stack_pointer};
}

}  // namespace assay::machine

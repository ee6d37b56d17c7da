// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Entries of the auxiliary vector, their order and values: measured on Linux 6.18 (amd64, x86), for the
// others as the kernel's ARCH_DLINFO and create_elf_tables say.
#include "machine/process/start_stack.h"

#include <utility>
#include <vector>

namespace assay::machine {
namespace {

using Entry = std::pair<std::uint64_t, std::uint64_t>;

constexpr std::uint64_t kDirtyBytes = std::uint64_t{256} << 10;  // below the stack pointer
constexpr std::uint64_t kVdsoCall = 0x580;                       // of x86: where int 0x80 stands in it

/// Keys of the auxiliary vector.
enum Key : std::uint64_t {
  kNull,
  kHeaders = 3,
  kHeaderSize,
  kHeaderCount,
  kPageSize,
  kBase,
  kFlags,
  kEntry,
  kUser = 11,
  kEffectiveUser,
  kGroup,
  kEffectiveGroup,
  kPlatform,
  kHardware,
  kTicks,
  kSecure = 23,
  kRandom = 25,
  kHardware2,
  kRseqSize,
  kRseqAlign,
  kProgram = 31,
  kVdsoEntry,
  kVdso,
  kCacheFirst = 40,  ///< riscv: eight of them
  kSignalStack = 51,
};

/// What differs between architectures.
struct Row {
  std::uint16_t elf_machine;
  std::uint8_t address_bits;
  std::string_view platform;  ///< empty: there is none
  std::uint64_t hardware;
  std::uint64_t hardware2;
  bool has_hardware2;
  std::uint64_t signal_stack;  ///< 0: no entry
  bool has_caches;
};

constexpr Row kRows[] = {
    {62, 64, "x86_64", 0x178BFBFF, 2, true, 3376, false},
    {3, 32, "i686", 0x178BFBFF, 2, true, 3376, false},
    {183, 64, "aarch64", 0x119FFF, 0, true, 4720, false},
    {40, 32, "v7l", 0x1FB0D6, 0, true, 0, false},
    {243, 64, "", 0x112D, 0, false, 0, true},
    {243, 32, "", 0x112D, 0, false, 0, true},
};

const Row& row_of(const Isa& isa) {
  for (const Row& row : kRows) {
    if (row.elf_machine == isa.elf_machine && row.address_bits == isa.address_bits) return row;
  }
  return kRows[0];
}

/// Written from the top down.
class StackWriter {
 public:
  StackWriter(Memory& memory, unsigned word, std::uint64_t at) : memory_(memory), word_(word), at_(at) {}
  void bytes(const void* data, std::uint64_t size) {
    at_ -= size;
    memory_.write(at_, data, size);
  }
  void string(std::string_view text) {
    at_ -= 1;
    memory_.write(at_, "", 1);
    bytes(text.data(), text.size());
  }
  void number(std::uint64_t value) {
    Byte raw[8];
    for (unsigned i = 0; i < 8; ++i) raw[i] = static_cast<Byte>(value >> (8 * i));
    bytes(raw, word_);
  }
  [[nodiscard]] std::uint64_t at() const { return at_; }
  void skip(std::uint64_t size) { at_ -= size; }
  void align(std::uint64_t to) { at_ &= ~(to - 1); }
  // Leaves room so that `size` more bytes end at a multiple of 16.
  void align_before(std::uint64_t size) { at_ = ((at_ - size) & ~std::uint64_t{15}) + size; }

 private:
  Memory& memory_;
  unsigned word_;
  std::uint64_t at_;
};

// A shared object without contents, where programs look for one; x86 programs may call into it.
Bytes vdso(const Isa& isa) {
  Bytes image(kPage);
  const Byte start[] = {0x7F, 'E', 'L', 'F', static_cast<Byte>(isa.address_bits == 64 ? 2 : 1), 1, 1};
  std::copy(std::begin(start), std::end(start), image.begin());
  image[16] = 3;  // ET_DYN
  image[18] = static_cast<Byte>(isa.elf_machine & 0xFF);
  image[20] = 1;
  image[isa.address_bits == 64 ? 52 : 40] = static_cast<Byte>(isa.address_bits == 64 ? 64 : 52);
  if (isa.elf_machine == 3) {
    const Byte call[] = {0xCD, 0x80, 0xC3};
    std::copy(std::begin(call), std::end(call), image.begin() + kVdsoCall);
  }
  return image;
}

void dirty(Memory& memory, std::uint64_t below) {
  Bytes bytes(kDirtyBytes);
  for (std::size_t i = 0; i < bytes.size(); i += 8) {
    const std::uint64_t value = noise(i);
    for (unsigned byte = 0; byte < 8; ++byte) bytes[i + byte] = static_cast<Byte>(value >> (8 * byte));
  }
  const std::uint64_t low = memory.stack_top() - kStackLimit;
  const std::uint64_t size = std::min<std::uint64_t>(bytes.size(), below - low);
  memory.write(below - size, bytes.data(), size);
}

}  // namespace

std::uint64_t write_start_stack(const ElfFile& elf, std::span<const std::string> argv,
                                std::span<const std::string> env, const std::string& program,
                                const Surrounding& surrounding, Memory& memory) {
  const unsigned word = elf.isa->address_bits / 8;
  const Row& row = row_of(*elf.isa);
  const bool current = surrounding.auxiliary == Auxiliary::current;
  StackWriter stack(memory, word, memory.stack_top());
  std::uint64_t vdso_at = 0;
  if (current) {
    const Bytes image = vdso(*elf.isa);
    stack.bytes(image.data(), image.size());
    vdso_at = stack.at();
    stack.skip(kPage);
  }
  stack.skip(surrounding.stack_shift % kPage);
  stack.number(0);
  stack.string(program);
  const std::uint64_t program_at = stack.at();
  const auto strings = [&](std::span<const std::string> texts) {
    std::vector<std::uint64_t> places(texts.size());
    for (std::size_t i = texts.size(); i-- > 0;) {
      stack.skip(surrounding.string_gap);
      stack.string(texts[i]);
      places[i] = stack.at();
    }
    return places;
  };
  const std::vector<std::uint64_t> env_at = strings(env);
  const std::vector<std::uint64_t> argv_at = strings(argv);
  stack.align(16);
  std::uint64_t platform_at = 0;
  if (!row.platform.empty()) {
    stack.string(row.platform);
    platform_at = stack.at();
  }
  std::uint64_t random_at = 0;
  if (current) {
    const std::uint64_t random[] = {noise(std::uint64_t{2} * surrounding.random),
                                    noise(std::uint64_t{2} * surrounding.random + 1U)};
    stack.bytes(random, sizeof random);
    random_at = stack.at();
  }

  std::vector<Entry> entries;
  if (current) {
    if (elf.isa->elf_machine == 3) entries.emplace_back(kVdsoEntry, vdso_at + kVdsoCall);
    entries.emplace_back(kVdso, vdso_at);
    for (std::uint64_t i = 0; row.has_caches && i < 8; ++i) entries.emplace_back(kCacheFirst + i, 0);
    if (row.signal_stack != 0) entries.emplace_back(kSignalStack, row.signal_stack);
  }
  entries.insert(entries.end(), {{kHardware, row.hardware},
                                 {kPageSize, kPage},
                                 {kTicks, 100},
                                 {kHeaders, elf.header_address},
                                 {kHeaderSize, elf.header_size},
                                 {kHeaderCount, elf.header_count},
                                 {kBase, 0},
                                 {kFlags, 0},
                                 {kEntry, elf.entry},
                                 {kUser, surrounding.user},
                                 {kEffectiveUser, surrounding.user},
                                 {kGroup, surrounding.user},
                                 {kEffectiveGroup, surrounding.user},
                                 {kSecure, 0}});
  if (current) {
    entries.emplace_back(kRandom, random_at);
    if (row.has_hardware2) entries.emplace_back(kHardware2, row.hardware2);
    entries.emplace_back(kProgram, program_at);
  }
  if (platform_at != 0) entries.emplace_back(kPlatform, platform_at);
  if (current) entries.insert(entries.end(), {{kRseqSize, 28}, {kRseqAlign, 32}});
  entries.emplace_back(kNull, 0);

  stack.align_before(word * (2 * entries.size() + env.size() + 1 + argv.size() + 1 + 1));
  for (std::size_t i = entries.size(); i-- > 0;) {
    stack.number(entries[i].second);
    stack.number(entries[i].first);
  }
  for (const std::vector<std::uint64_t>* places : {&env_at, &argv_at}) {
    stack.number(0);
    for (std::size_t i = places->size(); i-- > 0;) stack.number((*places)[i]);
  }
  stack.number(argv.size());
  if (surrounding.dirty_stack) dirty(memory, stack.at());
  return stack.at();
}

}  // namespace assay::machine

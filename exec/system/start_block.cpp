// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "exec/system/start_block.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace assay::exec {
namespace {

/// An architecture's Linux, as programs see it at their start.
struct Kernel {
  std::uint16_t elf_machine;
  std::uint8_t word_bytes;
  /// Where stacks end.
  std::uint64_t lowest_top;
  std::uint64_t highest_top;
  std::string_view platform;  ///< empty: no such entry
  std::uint64_t hardware;     ///< capabilities
};

/// The highest are a little below the real ones: the host's own stack is there. Stacks of 48 bits are out of
/// a 47-bit host's reach; those of AArch64 are as kernels of 39 bits have them.
constexpr Kernel kKernels[] = {
    {62, 8, 0x7ff6'0000'0000, 0x7ffa'0000'0000, "x86_64", 0x178b'fbff},
    {3, 4, 0xff80'0000, 0xffff'e000, "i686", 0x178b'fbff},
    {183, 8, 0x7f'c000'0000, 0x7f'ffff'f000, "aarch64", 0xff'ffff},
    {40, 4, 0xbe80'0000, 0xbfff'f000, "v7l", 0x3f'b0d6},
    {243, 8, 0x3f'8000'0000, 0x3f'ffff'f000, "", 0x112d},
    {243, 4, 0x9800'0000, 0x9dbf'f000, "", 0x112d},
};

const Kernel& kernel_of(unsigned elf_machine, unsigned word_bytes) {
  const auto* const found = std::ranges::find_if(kKernels, [&](const Kernel& one) {
    return one.elf_machine == elf_machine && one.word_bytes == word_bytes;
  });
  return found != std::end(kKernels) ? *found : kKernels[0];
}

/// Numbers of the entries; <linux/auxvec.h> and <asm/auxvec.h> have them.
enum Entry : std::uint64_t {
  kEnd = 0,
  kHeaders = 3,
  kHeaderBytes = 4,
  kHeaderCount = 5,
  kPageBytes = 6,
  kBase = 7,
  kFlags = 8,
  kEntry = 9,
  kUser = 11,
  kEffectiveUser = 12,
  kGroup = 13,
  kEffectiveGroup = 14,
  kPlatform = 15,
  kHardware = 16,
  kTicks = 17,
  kSecure = 23,
  kRandom = 25,
  kHardware2 = 26,
  kProgram = 31,
  kVdso = 33,
  kSignalStack = 51,
};

class Writer {
 public:
  Writer(Image& image, const InstructionSet& set, std::uint64_t at) : image_(image), set_(set), at_(at) {}

  std::uint64_t text(std::string_view text) {
    at_ -= text.size() + 1;
    std::copy(text.begin(), text.end(), image_.at(at_));
    image_.at(at_)[text.size()] = 0;
    return at_;
  }
  std::vector<std::uint64_t> texts(const std::vector<std::string>& list) {  // the first one lowest
    std::vector<std::uint64_t> places(list.size());
    for (std::size_t index = list.size(); index-- > 0;) places[index] = text(list[index]);
    return places;
  }
  void skip(std::uint64_t bytes) { at_ -= bytes; }
  /// Down to a multiple of 16.
  std::uint64_t words(const std::vector<std::uint64_t>& words) {
    const std::uint64_t word = set_.word_bytes;
    at_ = (at_ & ~std::uint64_t{15}) - (words.size() * word + 15) / 16 * 16;
    for (std::size_t index = 0; index < words.size(); ++index) {
      const std::uint64_t place = at_ + index * word;
      if (word == 8) {
        image_.store<std::uint64_t>(place, words[index]);
      } else {
        image_.store<std::uint32_t>(place, static_cast<std::uint32_t>(words[index]));
      }
    }
    return at_;
  }

 private:
  Image& image_;
  const InstructionSet& set_;
  std::uint64_t at_;
};

std::vector<std::uint64_t> auxiliary(const StartBlock& block, const InstructionSet& set, const Image& image,
                                     std::uint64_t name, Writer& writer) {
  const Kernel& kernel = kernel_of(set.elf_machine, set.word_bytes);
  const bool wide = set.word_bytes == 8;
  const std::uint64_t user = 1000 + drawn(block.number, 1) % 500;
  std::vector<std::uint64_t> entries{
      // Nobody can read there: what a kernel has on that page is its own.
      kVdso,           (wide ? image.stack_top() : kTop) + (drawn(block.number, 2) % 4096 + 2) * 4096,  //
      kHardware,       kernel.hardware,                                                                 //
      kPageBytes,      4096,
      kTicks,          100,                   //
      kHeaders,        image.header_table(),  //
      kHeaderBytes,    wide ? 56U : 32U,
      kHeaderCount,    image.header_count(),  //
      kBase,           0,
      kFlags,          0,
      kEntry,          image.entry(),  //
      kUser,           user,
      kEffectiveUser,  user,
      kGroup,          user,
      kEffectiveGroup, user,  //
      kSecure,         0};
  std::string random;
  for (std::uint64_t half = 3; half <= 4; ++half) {
    const std::uint64_t value = drawn(block.number, half);
    for (unsigned byte = 0; byte < 8; ++byte) random += static_cast<char>(value >> (8 * byte) & 0xff);
  }
  entries.insert(entries.end(), {kRandom, writer.text(random), kHardware2, 2, kProgram, name});
  if (!kernel.platform.empty()) entries.insert(entries.end(), {kPlatform, writer.text(kernel.platform)});
  if (wide) entries.insert(entries.end(), {kSignalStack, 3376});
  entries.insert(entries.end(), {kEnd, 0});
  return entries;
}

}  // namespace

std::uint64_t drawn(std::uint64_t number, std::uint64_t which) {
  std::uint64_t x = number + (which + 1) * 0x9e37'79b9'7f4a'7c15U;  // splitmix64
  x = (x ^ (x >> 30)) * 0xbf58'476d'1ce4'e5b9U;
  x = (x ^ (x >> 27)) * 0x94d0'49bb'1331'11ebU;
  return x ^ (x >> 31);
}

std::uint64_t stack_top(ByteView program, std::uint64_t number) {
  if (program.size() < 20) return kKernels[0].highest_top;
  const Kernel& kernel = kernel_of(program[18] | program[19] << 8U, program[4] == 2 ? 8 : 4);
  const std::uint64_t pages = (kernel.highest_top - kernel.lowest_top) / 4096;
  return kernel.lowest_top + drawn(number, 0) % (pages + 1) * 4096;
}

Result<std::uint64_t> put_start_block(const StartBlock& block, const InstructionSet& set, Image& image) {
  std::size_t total = 0;
  for (const std::vector<std::string>* list : {&block.argv, &block.env}) {
    for (const std::string& text : *list) total += text.size() + 1 + set.word_bytes;
  }
  if (total > kStackBytes / 4)
    return fail("argument-list-too-long", "the arguments of a program take too much room");
  Writer writer(image, set, image.stack_top() - set.word_bytes);
  const std::uint64_t name = writer.text(block.argv.empty() ? "" : block.argv.front());
  const std::vector<std::uint64_t> variables = writer.texts(block.env);
  const std::vector<std::uint64_t> arguments = writer.texts(block.argv);
  std::vector<std::uint64_t> entries{kEnd, 0};
  if (block.number != 0) {
    entries = auxiliary(block, set, image, name, writer);
    writer.skip(drawn(block.number, 5) % 512 * 16);  // as kernels do
  }
  std::vector<std::uint64_t> words{block.argv.size()};
  words.insert(words.end(), arguments.begin(), arguments.end());
  words.push_back(0);
  words.insert(words.end(), variables.begin(), variables.end());
  words.push_back(0);
  words.insert(words.end(), entries.begin(), entries.end());
  return writer.words(words);
}

}  // namespace assay::exec

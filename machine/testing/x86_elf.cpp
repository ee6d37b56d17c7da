// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "machine/process/elf_program.h"
#include "machine/testing/x86_random.h"

namespace assay::machine::test {
namespace {

constexpr unsigned kPageSize = 0x1000;
constexpr unsigned kLoad = 1;
constexpr unsigned kGnuStack = 0x6474E551;

class Writer {
 public:
  explicit Writer(bool is64) : word_(is64 ? 8 : 4) {}

  void put(std::uint64_t value, unsigned bytes) { machine::put(elf, value, bytes); }
  void put_word(std::uint64_t value) { put(value, word_); }

  void segment(unsigned type, unsigned flags, std::uint64_t offset, std::uint64_t address,
               std::uint64_t size) {
    put(type, 4);
    if (word_ == 8) put(flags, 4);
    put_word(offset);
    put_word(address);
    put_word(address);
    put_word(size);
    put_word(size);
    if (word_ == 4) put(flags, 4);
    put_word(kPageSize);
  }

  Bytes elf;

 private:
  unsigned word_;
};

}  // namespace

// One segment of code, one of data, and a stack that says it is not executable: else a 32-bit program
// may execute all it reads.
Bytes make_x86_elf(bool is64, ByteView code, ByteView data) {
  const unsigned header = is64 ? 64 : 52;
  Writer w(is64);
  w.elf = {0x7F, 'E', 'L', 'F', static_cast<Byte>(is64 ? 2 : 1), 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0};
  w.put(2, 2);
  w.put(is64 ? 62 : 3, 2);
  w.put(1, 4);
  w.put_word(kX86CodeAddress);
  w.put_word(header);
  w.put_word(0);
  w.put(0, 4);
  w.put(header, 2);
  w.put(is64 ? 56 : 32, 2);
  w.put(3, 2);
  w.put(0, 6);  // no sections
  const std::uint64_t data_offset = kPageSize + (code.size() + kPageSize - 1) / kPageSize * kPageSize;
  w.segment(kLoad, 5, kPageSize, kX86CodeAddress, code.size());
  w.segment(kLoad, 6, data_offset, kX86DataAddress, data.size());
  w.segment(kGnuStack, 6, 0, 0, 0);
  w.elf.resize(kPageSize);
  w.elf.insert(w.elf.end(), code.begin(), code.end());
  w.elf.resize(data_offset);
  w.elf.insert(w.elf.end(), data.begin(), data.end());
  return std::move(w.elf);
}

void put_absolute_x86(Bytes& code, bool is64, unsigned field, std::uint64_t address) {
  put(code, (is64 ? 4U : 5U) | field << 3U, 1);
  if (is64) put(code, 0x25, 1);
  put(code, address, 4);
}

void write_and_exit_x86(Bytes& code, bool is64, std::uint64_t address, std::uint64_t size) {
  const auto move = [&](unsigned reg, std::uint64_t value) {
    put(code, 0xB8U | reg, 1);
    put(code, value, 4);
  };
  const auto call = [&] { put(code, is64 ? 0x050F : 0x80CD, 2); };
  move(0, is64 ? 1 : 4);
  move(is64 ? 7 : 3, 1);
  move(is64 ? 6 : 1, address);
  move(2, size);
  call();
  move(0, is64 ? 60 : 1);
  move(is64 ? 7 : 3, 0);
  call();
}

}  // namespace assay::machine::test

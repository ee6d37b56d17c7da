// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/hex0_probe.h"

#include <fmt/format.h>

#include <stdexcept>

namespace assay::test {
namespace {

constexpr std::uint32_t kHeaders = 0x54;
constexpr std::uint32_t kTable = 0x100;  // of the file
constexpr std::uint32_t kData = 0x800;
constexpr std::size_t kMostCalls = (kData - kTable) / 16;

// mov [0804F000], esp; mov ebp, table; mov edi, log
// loop: mov eax/ebx/ecx/edx, [ebp + 0/4/8/12]
//   cmp ecx, -16; jne +6; mov ecx, [0804F000]
//   cmp ecx, -15; jne +9; mov ecx, [0804F000]; mov ecx, [ecx + 4]
//   mov esi, 11111111; int 80
//   stosd; mov [edi], ebx; mov [edi + 4], esi; mov [edi + 8], ecx; add edi, 12
//   cmp dword [ebp], 2; jne +7; test eax, eax; je +3; add ebp, 16
//   add ebp, 16; jmp loop
constexpr Byte kCode[] = {0x89, 0x25, 0x00, 0xF0, 0x04, 0x08, 0xBD, 0x00, 0x81, 0x04, 0x08, 0xBF, 0x00,
                          0x00, 0x05, 0x08, 0x8B, 0x45, 0x00, 0x8B, 0x5D, 0x04, 0x8B, 0x4D, 0x08, 0x8B,
                          0x55, 0x0C, 0x83, 0xF9, 0xF0, 0x75, 0x06, 0x8B, 0x0D, 0x00, 0xF0, 0x04, 0x08,
                          0x83, 0xF9, 0xF1, 0x75, 0x09, 0x8B, 0x0D, 0x00, 0xF0, 0x04, 0x08, 0x8B, 0x49,
                          0x04, 0xBE, 0x11, 0x11, 0x11, 0x11, 0xCD, 0x80, 0xAB, 0x89, 0x1F, 0x89, 0x77,
                          0x04, 0x89, 0x4F, 0x08, 0x83, 0xC7, 0x0C, 0x83, 0x7D, 0x00, 0x02, 0x75, 0x07,
                          0x85, 0xC0, 0x74, 0x03, 0x83, 0xC5, 0x10, 0x83, 0xC5, 0x10, 0xEB, 0xB6};

void put(Bytes& bytes, std::size_t at, std::uint32_t value, unsigned size = 4) {
  for (unsigned i = 0; i < size; ++i) bytes.at(at + i) = static_cast<Byte>(value >> (8 * i));
}

}  // namespace

std::uint32_t Hex0Probe::text(std::string_view text) {
  const std::uint32_t address = kBase + kData + static_cast<std::uint32_t>(data_.size());
  data_.insert(data_.end(), text.begin(), text.end());
  data_.push_back(0);
  return address;
}

std::uint32_t Hex0Probe::words(const std::vector<std::uint32_t>& words) {
  const std::size_t at = data_.size();
  data_.resize(at + 4 * words.size());
  for (std::size_t i = 0; i < words.size(); ++i) put(data_, at + 4 * i, words[i]);
  return kBase + kData + static_cast<std::uint32_t>(at);
}

std::size_t Hex0Probe::call(std::uint32_t number, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
  if (calls_.size() / 4 == kMostCalls) throw std::length_error("too many calls");
  calls_.insert(calls_.end(), {number, b, c, d});
  return calls_.size() / 4 - 1;
}

std::size_t Hex0Probe::write(std::uint32_t fd, std::string_view bytes) {
  return call(4, fd, text(bytes), static_cast<std::uint32_t>(bytes.size()));
}

Bytes Hex0Probe::program() const {
  Bytes file(kData + data_.size());
  const Byte ident[] = {0x7F, 'E', 'L', 'F', 1, 1, 1};
  std::copy(std::begin(ident), std::end(ident), file.begin());
  put(file, 0x10, 0x0003'0002);  // executable, i386
  put(file, 0x14, 1);
  put(file, 0x18, kBase + kHeaders);
  put(file, 0x1C, 0x34);
  put(file, 0x28, 0x0020'0034);
  put(file, 0x2C, 1, 2);
  put(file, 0x34, 1);
  put(file, 0x3C, kBase);
  put(file, 0x40, kBase);
  put(file, 0x44, static_cast<std::uint32_t>(file.size()));
  put(file, 0x48, static_cast<std::uint32_t>(file.size()));
  put(file, 0x4C, 7);
  put(file, 0x50, 1);
  std::copy(std::begin(kCode), std::end(kCode), file.begin() + kHeaders);
  for (std::size_t i = 0; i < calls_.size(); ++i) put(file, kTable + 4 * i, calls_[i]);
  std::copy(data_.begin(), data_.end(), file.begin() + kData);
  return file;
}

std::string Hex0Probe::hex0() const {
  std::string text = "# a probe; made by a test\n";
  for (const Byte byte : program()) text += fmt::format("{:02X}", byte);
  return text + "\n";
}

std::string stream_file(std::string_view path, std::string_view bytes) {
  return fmt::format("src {} {}\n{}", bytes.size(), path, bytes);
}

std::string stream_directory(std::string_view path) { return fmt::format("src 0 {}\n", path); }

std::string stream_probe(std::string_view path, const Hex0Probe& probe) {
  return stream_file(fmt::format("{}.hex0", path), probe.hex0()) +
         fmt::format("hex0 {}.hex0 {}\n", path, path);
}

}  // namespace assay::test

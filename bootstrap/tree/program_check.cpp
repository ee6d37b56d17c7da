// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/tree/program_check.h"

#include <fmt/format.h>
#include <algorithm>
#include <cctype>

#include "core/paths.h"

namespace assay::bootstrap {
namespace {

// Offsets and values of an ELF header (System V gABI, "ELF Header").
constexpr std::size_t kClass = 4;     // 1: 32 bits, 2: 64 bits
constexpr std::size_t kData = 5;      // 1: little-endian
constexpr std::size_t kMachine = 18;  // two bytes
constexpr std::size_t kNeeded = 20;

bool same_letters(std::string_view left, std::string_view right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); });
}

}  // namespace

bool is_lfs_pointer(ByteView contents) {
  return as_text(contents).starts_with("version https://git-lfs.github.com/spec/");
}

bool is_elf(ByteView contents) {
  return as_text(contents).starts_with(
      "\x7F"
      "ELF");
}

bool is_binary(ByteView contents) {
  return std::any_of(contents.begin(), contents.end(),
                     [](Byte byte) { return byte < 0x09 || (byte > 0x0d && byte < 0x1b); });
}

std::optional<std::string> program_fault(ByteView contents, const Architecture& arch) {
  if (arch.bare || contents.empty() || as_text(contents).starts_with("#!")) return std::nullopt;
  if (contents.size() < kNeeded || !is_elf(contents)) return "it is no ELF program";
  const int bits = contents[kClass] == 2 ? 64 : 32;
  const int machine = contents[kMachine] + 256 * contents[kMachine + 1];
  if (contents[kData] != 1) return "it is not little-endian";
  if (machine != arch.elf_machine) {
    return fmt::format("its ELF machine is {}; {} is {}", machine, arch.name, arch.elf_machine);
  }
  if (bits != arch.word_bits)
    return fmt::format("it is a {}-bit program; {} has {} bits", bits, arch.name, arch.word_bits);
  return std::nullopt;
}

std::optional<std::string> near_miss(const FileTree& tree, std::string_view path) {
  std::string found;
  for (const std::string_view part : path_parts(path)) {
    const Result<std::vector<std::string>> names = tree.list(found);
    if (!names) return std::nullopt;
    auto name = std::find(names->begin(), names->end(), part);
    if (name == names->end()) {
      name = std::find_if(names->begin(), names->end(),
                          [part](const std::string& one) { return same_letters(one, part); });
    }
    if (name == names->end()) return std::nullopt;
    found = join_path(found, *name);
  }
  return found == path ? std::nullopt : std::optional(found);
}

}  // namespace assay::bootstrap

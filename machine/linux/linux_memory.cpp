// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// mmap and its like: anonymous memory, and copies of files. Memory that several processes share is not
// modelled: a child runs in a copy.
#include <fmt/format.h>

#include <algorithm>

#include "machine/linux/linux.h"

namespace assay::machine {
namespace {

constexpr std::uint64_t kShared = 1;
constexpr std::uint64_t kPrivate = 2;
constexpr std::uint64_t kSharedValidate = 3;
constexpr std::uint64_t kTypeMask = 0xF;
constexpr std::uint64_t kFixed = 0x10;
constexpr std::uint64_t kAnonymous = 0x20;
constexpr std::uint64_t kNoReplace = 0x100000;
/// Denied writing, executable, locked, no reserve, populated, non-blocking, a stack: nothing here.
constexpr std::uint64_t kWithoutEffect = 0x0800 | 0x1000 | 0x2000 | 0x4000 | 0x8000 | 0x10000 | 0x20000;
constexpr std::uint64_t kProtectionBits = 7;

std::uint8_t flags_of(std::uint64_t protection) {
  std::uint64_t flags = 0;
  if ((protection & 7) != 0) flags |= kPageRead;
  if ((protection & 2) != 0) flags |= kPageWrite;
  if ((protection & 4) != 0) flags |= kPageExecute;
  return static_cast<std::uint8_t>(flags);
}

}  // namespace

std::int64_t LinuxCall::mmap_old() {
  std::uint64_t words[6] = {};
  for (unsigned i = 0; i < 6; ++i) {
    if (!memory().read(argument(0) + std::uint64_t{i} * word(), &words[i], word())) return -kEfault;
  }
  std::copy(std::begin(words), std::end(words), arguments_.begin());
  if ((words[5] & (kPage - 1)) != 0) return -kEinval;
  return mmap(words[5]);
}

std::int64_t LinuxCall::mmap(std::uint64_t offset) {
  const std::uint64_t flags = argument(3) & 0xFFFFFFFF;
  const OpenFile* of = nullptr;
  if ((flags & kAnonymous) == 0) {
    of = usable_file(int_argument(4));
    if (of == nullptr) return -kEbadf;
  }
  std::uint64_t size = argument(1);
  if (size == 0) return -kEinval;
  if (size > kAddressSpace) return -kEnomem;
  size = page_ceil(size);
  const std::uint64_t type = flags & kTypeMask;
  if (type < kShared || type > kSharedValidate) return -kEinval;
  const std::uint64_t protection = argument(2) & 0xFFFFFFFF;
  if (of != nullptr) {
    if (type != kPrivate && (protection & 2) != 0 && !of->writes) return -kEacces;
    if (!of->reads) return -kEacces;
    if (of->kind == FileKind::zero) return unknown();
    if (of->kind != FileKind::file) return -kEnodev;
    if (type != kPrivate && (protection & 2) != 0) return unknown();
  } else if (type == kSharedValidate) {
    return -kEinval;
  }
  if ((flags & ~(kTypeMask | kFixed | kAnonymous | kNoReplace | kWithoutEffect)) != 0) return unknown();
  if (memory().size() + size > runner_.limits().memory) {
    runner_.stop(Stop::limit_memory, fmt::format("'{}' has more than {} bytes of memory",
                                                 runner_.record(process_).program, runner_.limits().memory));
    return -kEnomem;
  }
  const bool fixed = (flags & (kFixed | kNoReplace)) != 0;
  std::uint64_t at = fixed ? argument(0) : page_floor(argument(0));
  if (fixed) {
    if ((at & (kPage - 1)) != 0) return -kEinval;
    if (!in_user_range(at, size)) return -kEnomem;
    if (at < kPage) return -kEperm;
    if (at + size > kAddressSpace || !memory().is_for_mappings(at, at + size)) return unknown();
    if ((flags & kNoReplace) != 0 && !memory().is_free(at, at + size)) return -kEexist;
  } else if (at == 0 || at + size > kAddressSpace || !memory().is_for_mappings(at, at + size) ||
             !memory().is_free(at, at + size)) {
    const std::optional<std::uint64_t> found = memory().free_stretch(size);
    if (!found) return -kEnomem;
    at = *found;
  }
  if (type != kPrivate) rely("shared-memory");
  if (!memory().map(at, at + size, kPageRead | kPageWrite)) return -kEnomem;
  if (of != nullptr && offset < of->node->bytes().size()) {
    const ByteView all = of->node->bytes();
    const ByteView part = all.subspan(offset, std::min<std::uint64_t>(size, all.size() - offset));
    memory().write(at, part.data(), part.size());
  }
  memory().set_page_flags(at, at + size, flags_of(protection));
  runner_.note_memory(process_);
  return static_cast<std::int64_t>(at);
}

std::int64_t LinuxCall::munmap() {
  const std::uint64_t at = argument(0);
  const std::uint64_t size = page_ceil(argument(1));
  if ((at & (kPage - 1)) != 0 || argument(1) == 0 || size == 0 || !in_user_range(at, size)) return -kEinval;
  if (at >= kAddressSpace) return 0;
  return memory().unmap_pages(at, std::min(at + size, kAddressSpace)) ? 0 : -kEnomem;
}

std::int64_t LinuxCall::mprotect() {
  const std::uint64_t at = argument(0);
  if ((argument(2) & 0x03000000) != 0) return unknown();  // of a stack or a heap, as far as it goes
  if ((at & (kPage - 1)) != 0) return -kEinval;
  if (argument(1) == 0) return 0;
  const std::uint64_t size = page_ceil(argument(1));
  if (size == 0 || at + size < at) return -kEnomem;
  if ((argument(2) & 0xFFFFFFFF & ~kProtectionBits) != 0) return -kEinval;
  if (at >= kAddressSpace || size > kAddressSpace - at) return -kEnomem;
  return memory().set_page_flags(at, at + size, flags_of(argument(2))) ? 0 : -kEnomem;
}

// What it was may move; what it grows by is zeros.
std::int64_t LinuxCall::mremap() {
  constexpr std::uint64_t kMayMove = 1;
  const std::uint64_t at = argument(0);
  const std::uint64_t flags = argument(3);
  if ((flags & ~std::uint64_t{7}) != 0 || ((flags & 6) != 0 && (flags & kMayMove) == 0)) return -kEinval;
  if ((at & (kPage - 1)) != 0) return -kEinval;
  const std::uint64_t old_size = page_ceil(argument(1));
  const std::uint64_t size = page_ceil(argument(2));
  if (size == 0) return -kEinval;
  if (flags > kMayMove || old_size == 0) return unknown();
  if (at >= kAddressSpace || old_size > kAddressSpace - at || memory().is_free(at, at + kPage))
    return -kEfault;
  if (size <= old_size) {
    if (size < old_size && !memory().unmap_pages(at + size, at + old_size)) return -kEnomem;
    return static_cast<std::int64_t>(at);
  }
  const std::uint8_t page_flags = memory().pages()[at / kPage] & (kPageRead | kPageWrite | kPageExecute);
  const std::uint64_t end = at + size;
  if (end <= kAddressSpace && memory().is_for_mappings(at, end) && memory().is_free(at + old_size, end)) {
    if (!memory().map(at + old_size, end, page_flags)) return -kEnomem;
    runner_.note_memory(process_);
    return static_cast<std::int64_t>(at);
  }
  if ((flags & kMayMove) == 0) return -kEnomem;
  const std::optional<std::uint64_t> found = memory().free_stretch(size);
  if (!found || memory().size() + size > runner_.limits().memory) return -kEnomem;
  const ByteView old = memory().view(at, old_size);
  const Bytes contents(old.begin(), old.end());
  if (!memory().map(*found, *found + size, kPageRead | kPageWrite) ||
      !memory().unmap_pages(at, at + old_size))
    return -kEnomem;
  memory().write(*found, contents.data(), contents.size());
  memory().set_page_flags(*found, *found + size, page_flags);
  runner_.note_memory(process_);
  return static_cast<std::int64_t>(*found);
}

}  // namespace assay::machine

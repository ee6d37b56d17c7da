// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "machine/engine/memory.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <new>
#include <system_error>
#include <utility>

namespace assay::machine {
namespace {

constexpr std::uint64_t kReserved = kAddressSpace + 2 * kGuard;
constexpr std::uint64_t kPageCount = kAddressSpace / kPage;
constexpr std::uint8_t kPageMapped = 0x80;  // of Snapshot::flags: there was a page, whatever it allowed
constexpr std::uint64_t kStackStep = std::uint64_t{64} << 10;

#if defined(__linux__)
constexpr bool kHostProtects = true;
constexpr int kReservedProtection = PROT_NONE;
#else
// Without two mappings of the image there is no translator, and the flags alone decide.
constexpr bool kHostProtects = false;
constexpr int kReservedProtection = PROT_READ | PROT_WRITE;
#endif

Byte* reserve(std::uint64_t size, int protection) {
  void* at = mmap(nullptr, size, protection, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  return at == MAP_FAILED ? nullptr : static_cast<Byte*>(at);
}

// The host cannot map: no way to go on, and nothing a guest can bring about within its limits.
void must(bool ok) {
  if (!ok) throw std::bad_alloc();
}

}  // namespace

Result<std::unique_ptr<Memory>> Memory::create() {
  std::unique_ptr<Memory> memory(new Memory);
  memory->reservation_ = reserve(kReserved, kReservedProtection);
  memory->pages_ = reserve(kPageCount, PROT_READ | PROT_WRITE);
  if (memory->reservation_ == nullptr || memory->pages_ == nullptr) {
    return fail("no-memory", "the host gives no 8 GiB of address space");
  }
  memory->base_ = memory->reservation_ + kGuard;
  return memory;
}

Memory::~Memory() {
  if (reservation_ != nullptr) munmap(reservation_, kReserved);
  if (pages_ != nullptr) munmap(pages_, kPageCount);
  drop_image();
}

void Memory::drop_image() {
  if (alias_ != nullptr && kHostProtects) munmap(alias_, image_high_ - image_low_);
  if (code_map_ != nullptr) munmap(code_map_, image_high_ - image_low_);
  alias_ = nullptr;
  code_map_ = nullptr;
}

void Memory::clear() {
  unmap(image_low_, image_high_);
  unmap(heap_low_, heap_high_);
  unmap(stack_low_, stack_top_);
  for (const auto& [low, high] : mappings_) unmap(low, high);
  mappings_.clear();
  drop_image();
  image_low_ = image_high_ = heap_start_ = heap_low_ = heap_high_ = brk_ = 0;
  stack_top_ = stack_low_ = stack_limit_ = 0;
  far_ = 0;
  plain_end_ = kAddressSpace;
  heap_flags_ = stack_flags_ = 0;
  code_changed_ = image_changed_ = protect_code_ = out_of_room_ = false;
  keeps_snapshot_ = snapshot_waits_ = false;
  other_code_.clear();
  snapshots_.clear();
  snapshot_bytes_ = 0;
  snapshot_room_ = ~std::uint64_t{0};
}

bool Memory::reserve_image(std::uint64_t low, std::uint64_t high) {
  const std::uint64_t size = high - low;
  image_low_ = low;
  image_high_ = high;
  code_map_ = reserve(size, PROT_READ | PROT_WRITE);
  if (code_map_ == nullptr) return false;
#if defined(__linux__)
  const int file = memfd_create("assay-image", MFD_CLOEXEC);
  // Not memory is lacking, and nothing a guest can bring about.
  if (file < 0 && (errno == EMFILE || errno == ENFILE))
    throw std::system_error(errno, std::generic_category());
  if (file < 0) return false;
  bool ok = ftruncate(file, static_cast<off_t>(size)) == 0;
  if (!ok && errno == EFBIG) throw std::system_error(errno, std::generic_category());  // the user's own limit
  if (ok) {
    ok = mmap(base_ + low, size, PROT_NONE, MAP_SHARED | MAP_FIXED, file, 0) != MAP_FAILED;
    void* const second = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (second != MAP_FAILED) alias_ = static_cast<Byte*>(second);
    ok = ok && second != MAP_FAILED;
  }
  close(file);
  return ok;
#else
  alias_ = base_ + low;
  return true;
#endif
}

void Memory::load(std::uint64_t address, ByteView bytes, std::uint64_t size, std::uint8_t flags) {
  Byte* const to = alias_ + (address - image_low_);
  const std::size_t copied = std::min<std::size_t>(bytes.size(), size);
  if (copied > 0) std::memcpy(to, bytes.data(), copied);
  if (size > copied) std::memset(to + copied, 0, size - copied);
  set_pages(page_floor(address), page_ceil(address + size), flags);
}

void Memory::place_stack(std::uint64_t top, std::uint64_t limit, std::uint8_t flags) {
  far_ = top & ~(kAddressSpace - 1);
  stack_top_ = stack_low_ = top - far_;
  if (far_ != 0) plain_end_ = stack_top_ - limit;
  stack_limit_ = limit;
  stack_flags_ = flags;
}

void Memory::place_heap(std::uint64_t start, std::uint8_t flags) {
  heap_start_ = brk_ = start;
  heap_low_ = heap_high_ = page_ceil(start);
  heap_flags_ = flags;
}

bool Memory::set_brk(std::uint64_t end) {
  const std::uint64_t most = stack_top_ > heap_low_ ? stack_top_ - stack_limit_ : kAddressSpace;
  if (end < heap_start_ || end > most) return false;
  const std::uint64_t high = page_ceil(end);
  if (high > heap_high_ && !is_free(heap_high_, high)) return false;
  if (high > heap_high_) {
    set_pages(heap_high_, high, heap_flags_);
  } else if (high < heap_high_) {
    for (std::uint64_t page = high; !snapshots_.empty() && page < heap_high_; page += kPage) {
      if (!save_page(page)) return false;
    }
    unmap(high, heap_high_);
  }
  heap_high_ = high;
  brk_ = end;
  return true;
}

std::uint64_t Memory::size() const {
  std::uint64_t size = (image_high_ - image_low_) + (heap_high_ - heap_low_) + (stack_top_ - stack_low_);
  for (const auto& [low, high] : mappings_) size += high - low;
  return size;
}

bool Memory::is_free(std::uint64_t low, std::uint64_t high) const {
  auto next = mappings_.lower_bound(low);
  if (next != mappings_.end() && next->first < high) return false;
  return next == mappings_.begin() || std::prev(next)->second <= low;
}

bool Memory::is_for_mappings(std::uint64_t low, std::uint64_t high) const {
  const std::uint64_t below_stack = std::min(stack_top_ - stack_limit_, plain_end_);
  const bool apart_from_image = high <= image_low_ || low >= image_high_;
  return low < high && low >= kPage && high <= below_stack && apart_from_image &&
         (high <= heap_low_ || low >= heap_high_);
}

std::optional<std::uint64_t> Memory::free_stretch(std::uint64_t size) const {
  std::uint64_t high = page_floor(std::min(stack_top_ - stack_limit_, plain_end_)) - kPage;
  for (auto above = mappings_.rbegin();; ++above) {
    const std::uint64_t low = above == mappings_.rend() ? 0 : std::min(above->second, high);
    if (high - low >= size && high >= size && is_for_mappings(high - size, high)) return high - size;
    if (above == mappings_.rend()) return std::nullopt;
    high = std::min(high, above->first);
  }
}

// Remembers for the snapshot how a page is mapped now.
void Memory::note_flags(std::uint64_t page) {
  if (snapshots_.empty()) return;
  const auto flags = static_cast<std::uint8_t>(pages_[page / kPage] & ~(kPageSave | kPageCode));
  const bool mapped = flags != 0 || !is_free(page, page + kPage);
  snapshots_.back().flags.emplace(page, mapped ? flags | kPageMapped : 0);
}

// What a page holds is wanted by the snapshot, even if nobody could write to it.
bool Memory::keep_page(std::uint64_t page) {
  note_flags(page);
  if (snapshots_.empty() || snapshots_.back().saved.contains(page)) return true;
  const bool came_later = snapshots_.back().flags.at(page) == 0;
  if (came_later) return true;
  std::uint8_t& flags = pages_[page / kPage];
  if ((flags & kPageRead) == 0) open_page(page);
  flags |= kPageSave;
  return save_page(page);
}

void Memory::drop_code(std::uint64_t page) {
  if ((pages_[page / kPage] & kPageCode) != 0) code_changed_ = true;
  other_code_.erase(page);
}

void Memory::drop_mappings(std::uint64_t low, std::uint64_t high) {
  auto at = mappings_.lower_bound(low);
  if (at != mappings_.begin() && std::prev(at)->second > low) --at;
  while (at != mappings_.end() && at->first < high) {
    const auto [from, to] = *at;
    at = mappings_.erase(at);
    if (from < low) mappings_.emplace(from, low);
    if (to > high) at = std::next(mappings_.emplace(high, to).first);
  }
}

bool Memory::map(std::uint64_t low, std::uint64_t high, std::uint8_t flags) {
  if (!unmap_pages(low, high)) return false;
  for (std::uint64_t page = low; page < high && !snapshots_.empty(); page += kPage) note_flags(page);
  set_pages(low, high, flags);
  // Neighbours become one.
  auto next = mappings_.lower_bound(low);
  if (next != mappings_.end() && next->first == high) {
    high = next->second;
    next = mappings_.erase(next);
  }
  if (next != mappings_.begin() && std::prev(next)->second == low) {
    std::prev(next)->second = high;
  } else {
    mappings_.emplace(low, high);
  }
  return true;
}

bool Memory::unmap_pages(std::uint64_t low, std::uint64_t high) {
  for (std::uint64_t page = low; page < high; page += kPage) {
    const bool apart = is_for_mappings(page, page + kPage);
    if (pages_[page / kPage] == 0 && apart && is_free(page, page + kPage)) continue;
    if (!keep_page(page)) return false;
    drop_code(page);
    image_changed_ = image_changed_ || in_image(page);
    if (apart) {
      unmap(page, page + kPage);
    } else if (pages_[page / kPage] != 0) {
      set_pages(page, page + kPage, 0);
    }
  }
  drop_mappings(low, high);
  return true;
}

bool Memory::set_page_flags(std::uint64_t low, std::uint64_t high, std::uint8_t flags) {
  for (std::uint64_t page = low; page < high; page += kPage) {
    const bool in_stack = page >= stack_low_ && page < stack_top_;
    const bool mapped = in_image(page) || (page >= heap_low_ && page < heap_high_) || in_stack ||
                        !is_free(page, page + kPage);
    if (!mapped) return false;
    note_flags(page);
    image_changed_ = image_changed_ || in_image(page);
    std::uint8_t& now = pages_[page / kPage];
    if ((now & kPageCode) != 0) code_changed_ = true;
    const bool wanted = !snapshots_.empty() && !snapshots_.back().saved.contains(page) &&
                        snapshots_.back().flags.at(page) != 0;
    now = static_cast<std::uint8_t>(flags | (now & kPageCode) | (wanted ? kPageSave : 0));
    protect(page, page + kPage);
  }
  return true;
}

void Memory::set_pages(std::uint64_t low, std::uint64_t high, std::uint8_t flags) {
  if (low >= high) return;
  std::memset(pages_ + low / kPage, flags, (high - low) / kPage);
  protect(low, high);
}

// Gives the host's pages the protection that the flags of each ask for.
void Memory::protect(std::uint64_t low, std::uint64_t high) {
  if (!kHostProtects) return;
  const auto wanted = [this](std::uint64_t page) {
    const std::uint8_t flags = pages_[page / kPage];
    if ((flags & (kPageRead | kPageWrite | kPageExecute)) == 0) return PROT_NONE;
    const bool held = (flags & kPageSave) != 0 || (protect_code_ && (flags & kPageCode) != 0);
    return (flags & kPageWrite) != 0 && !held ? PROT_READ | PROT_WRITE : PROT_READ;
  };
  while (low < high) {
    const int protection = wanted(low);
    std::uint64_t end = low + kPage;
    while (end < high && wanted(end) == protection) end += kPage;
    must(mprotect(base_ + low, end - low, protection) == 0);
    low = end;
  }
}

// Lets the machine itself write to a page, until the next protect().
void Memory::open_page(std::uint64_t page) {
  if (kHostProtects) must(mprotect(base_ + page, kPage, PROT_READ | PROT_WRITE) == 0);
}

void Memory::unmap(std::uint64_t low, std::uint64_t high) {
  if (low >= high) return;
  std::memset(pages_ + low / kPage, 0, (high - low) / kPage);
  must(mmap(base_ + low, high - low, kReservedProtection,
            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0) != MAP_FAILED);
}

bool Memory::grow_stack(std::uint64_t address) {
  if (address >= stack_low_ || address < stack_top_ - stack_limit_) return false;
  const std::uint64_t low = std::max(address & ~(kStackStep - 1), stack_top_ - stack_limit_);
  set_pages(low, stack_low_, stack_flags_);
  stack_low_ = low;
  return true;
}

Byte* Memory::writable(std::uint64_t address) {
  return in_image(address) ? alias_ + (address - image_low_) : base_ + address;
}

bool Memory::has_code(std::uint64_t address, std::uint64_t size) const {
  for (std::uint64_t at = address; at < address + size; ++at) {
    if (in_image(at)) {
      if (code_map_[at - image_low_] != 0) return true;
    } else {
      const auto page = other_code_.find(page_floor(at));
      if (page != other_code_.end() && page->second[at % kPage]) return true;
    }
  }
  return false;
}

bool Memory::image_is_writable() const {
  for (std::uint64_t page = image_low_; page < image_high_; page += kPage) {
    if ((pages_[page / kPage] & kPageWrite) == 0) return false;
  }
  return true;
}

Memory::Access Memory::prepare_read(std::uint64_t address, std::uint64_t size) {
  address = place(address);
  if (address >= kAddressSpace || size > kAddressSpace - address) return Access::fault;
  for (std::uint64_t page = page_floor(address); page < address + size; page += kPage) {
    if ((pages_[page / kPage] & kPageRead) != 0) continue;
    if (!grow_stack(std::max(page, address)) || (stack_flags_ & kPageRead) == 0) return Access::fault;
  }
  return Access::ok;
}

Memory::Access Memory::prepare_write(std::uint64_t address, std::uint64_t size) {
  address = place(address);
  if (address >= kAddressSpace || size > kAddressSpace - address) return Access::fault;
  bool code = false;
  for (std::uint64_t page = page_floor(address); page < address + size; page += kPage) {
    if ((pages_[page / kPage] & kPageWrite) == 0 && !grow_stack(std::max(page, address)))
      return Access::fault;
    if ((pages_[page / kPage] & kPageSave) != 0 && !save_page(page)) return Access::fault;
    code = code || (pages_[page / kPage] & kPageCode) != 0;
  }
  return code && has_code(address, size) ? Access::code : Access::ok;
}

void Memory::write_prepared(std::uint64_t address, ByteView bytes) {
  address = place(address);
  while (!bytes.empty()) {
    const std::uint64_t count = std::min<std::uint64_t>(bytes.size(), page_floor(address) + kPage - address);
    const bool code = (pages_[address / kPage] & kPageCode) != 0;
    if (code && has_code(address, count)) code_changed_ = true;
    const bool closed = code && !in_image(address);
    if (closed) open_page(page_floor(address));
    std::memcpy(writable(address), bytes.data(), count);
    if (closed) protect(page_floor(address), page_floor(address) + kPage);
    address += count;
    bytes = bytes.subspan(count);
  }
}

ByteView Memory::fetch(std::uint64_t address, std::size_t most) {
  address = place(address);
  std::uint64_t end = address;
  while (end < address + most && end < kAddressSpace && (pages_[end / kPage] & kPageExecute) != 0) {
    end = std::min(page_floor(end) + kPage, address + most);
  }
  if (address >= kAddressSpace) return {};
  return {base_ + address, end - address};
}

bool Memory::read(std::uint64_t address, void* to, std::uint64_t size) {
  if (prepare_read(address, size) != Access::ok) return false;
  if (size > 0) std::memcpy(to, base_ + place(address), size);
  return true;
}

bool Memory::write(std::uint64_t address, const void* from, std::uint64_t size) {
  if (prepare_write(address, size) == Access::fault) return false;
  write_prepared(address, {static_cast<const Byte*>(from), size});
  return true;
}

std::optional<std::string> Memory::read_string(std::uint64_t address, std::size_t most) {
  std::string text;
  while (text.size() < most) {
    if (prepare_read(address, 1) != Access::ok) return std::nullopt;
    const std::uint64_t count =
        std::min<std::uint64_t>(most - text.size(), page_floor(address) + kPage - address);
    const Byte* const from = base_ + place(address);
    const void* const end = std::memchr(from, 0, count);
    text.append(reinterpret_cast<const char*>(from),
                end == nullptr ? count : static_cast<std::size_t>(static_cast<const Byte*>(end) - from));
    if (end != nullptr) return text;
    address += count;
  }
  return text;
}

ByteView Memory::view(std::uint64_t address, std::uint64_t size) {
  const std::uint64_t start = place(address);
  if (start >= kAddressSpace) return {};
  size = std::min(size, kAddressSpace - start);
  std::uint64_t end = address;
  while (end < address + size && prepare_read(end, 1) == Access::ok) {
    end = std::min(page_floor(end) + kPage, address + size);
  }
  return {base_ + start, end - address};
}

void Memory::mark_code(std::uint64_t address, std::uint64_t size) {
  if (size == 0) return;  // nothing could be fetched there; it may be any address
  address = place(address);
  for (std::uint64_t at = address; at < address + size; ++at) {
    if (in_image(at)) {
      code_map_[at - image_low_] = 1;
    } else {
      other_code_[page_floor(at)][at % kPage] = true;
    }
  }
  bool first = false;
  for (std::uint64_t page = page_floor(address); page < address + size; page += kPage) {
    first = first || (pages_[page / kPage] & kPageCode) == 0;
    pages_[page / kPage] |= kPageCode;
  }
  if (first && protect_code_) protect(page_floor(address), page_ceil(address + size));
}

std::optional<std::vector<Memory::Code>> Memory::code() const {
  if (!other_code_.empty()) return std::nullopt;
  std::vector<Code> all;
  for (std::uint64_t page = image_low_; page < image_high_; page += kPage) {
    if ((pages_[page / kPage] & kPageCode) == 0) continue;
    for (std::uint64_t at = page; at < page + kPage; ++at) {
      if (code_map_[at - image_low_] == 0) continue;
      if (all.empty() || all.back().address + all.back().bytes.size() != at) all.push_back({at, {}});
      all.back().bytes.push_back(alias_[at - image_low_]);
    }
  }
  return all;
}

bool Memory::mark_if_same(const std::vector<Code>& code) {
  for (const Code& one : code) {
    if (one.address < image_low_ || one.address + one.bytes.size() > image_high_) return false;
    if (std::memcmp(alias_ + (one.address - image_low_), one.bytes.data(), one.bytes.size()) != 0)
      return false;
    for (std::uint64_t page = page_floor(one.address); page < one.address + one.bytes.size(); page += kPage) {
      if ((pages_[page / kPage] & kPageExecute) == 0) return false;
    }
  }
  for (const Code& one : code) mark_code(one.address, one.bytes.size());
  return true;
}

void Memory::forget_code() {
  const auto forget = [this](std::uint64_t page) {
    if ((pages_[page / kPage] & kPageCode) == 0) return;
    pages_[page / kPage] &= static_cast<std::uint8_t>(~kPageCode);
    if (protect_code_) protect(page, page + kPage);
    if (in_image(page)) std::memset(code_map_ + (page - image_low_), 0, kPage);
  };
  for (std::uint64_t page = image_low_; page < image_high_; page += kPage) forget(page);
  for (const auto& [page, bytes] : other_code_) forget(page);
  other_code_.clear();
}

template <class F>
void Memory::for_mapped_pages(F&& visit) {
  for (const Range range :
       {Range{image_low_, image_high_}, Range{heap_low_, heap_high_}, Range{stack_low_, stack_top_}}) {
    for (std::uint64_t page = range.low; page < range.high; page += kPage) visit(page);
    protect(range.low, range.high);
  }
  for (const auto& [low, high] : mappings_) {
    for (std::uint64_t page = low; page < high; page += kPage) visit(page);
    protect(low, high);
  }
}

void Memory::take_snapshot() {
  if (std::exchange(snapshot_waits_, false)) return;
  Snapshot& snapshot = snapshots_.emplace_back();
  snapshot.brk = brk_;
  snapshot.heap_high = heap_high_;
  snapshot.stack_low = stack_low_;
  snapshot.mappings = mappings_;
  for_mapped_pages([this](std::uint64_t page) {
    if ((pages_[page / kPage] & kPageWrite) != 0) pages_[page / kPage] |= kPageSave;
  });
}

bool Memory::save_page(std::uint64_t page) {
  if ((pages_[page / kPage] & kPageSave) == 0) return true;
  if (snapshot_bytes_ + kPage > snapshot_room_) {
    out_of_room_ = true;
    return false;
  }
  snapshot_bytes_ += kPage;
  auto copy = std::make_unique<std::array<Byte, kPage>>();
  std::memcpy(copy->data(), base_ + page, kPage);
  snapshots_.back().saved.emplace(page, std::move(copy));
  pages_[page / kPage] &= static_cast<std::uint8_t>(~kPageSave);
  protect(page, page + kPage);
  return true;
}

// Puts the bytes of a saved page back; it may be written on the host for as long as that takes.
void Memory::put_back(std::uint64_t page, const std::array<Byte, kPage>& bytes) {
  constexpr unsigned kAsked = kPageWrite | kPageSave | kPageCode;
  const bool closed = !in_image(page) && (pages_[page / kPage] & kAsked) != kPageWrite;
  if (closed) open_page(page);
  Byte* const now = writable(page);
  if (std::memcmp(now, bytes.data(), kPage) != 0) {
    for (std::uint64_t at = 0; at < kPage && !code_changed_; ++at)
      code_changed_ = now[at] != bytes[at] && has_code(page + at, 1);
    std::memcpy(now, bytes.data(), kPage);
  }
  if (closed) protect(page, page + kPage);
}

// The only snapshot's state, with the snapshot still there; false if that takes more than saved pages.
bool Memory::rewind_snapshot() {
  const Snapshot& snapshot = snapshots_.back();
  if (!snapshot.flags.empty() || heap_high_ < snapshot.heap_high) return false;
  unmap(snapshot.heap_high, heap_high_);
  unmap(stack_low_, snapshot.stack_low);
  brk_ = snapshot.brk;
  heap_high_ = snapshot.heap_high;
  stack_low_ = snapshot.stack_low;
  for (const auto& [page, bytes] : snapshot.saved) put_back(page, *bytes);
  snapshot_waits_ = true;
  return true;
}

void Memory::restore_snapshot() {
  if (keeps_snapshot_ && snapshots_.size() == 1 && rewind_snapshot()) return;
  Snapshot snapshot = std::move(snapshots_.back());
  snapshots_.pop_back();
  snapshot_bytes_ -= snapshot.saved.size() * kPage;
  // Pages that came after it go; heap pages that went come back.
  unmap(snapshot.heap_high, heap_high_);
  if (heap_high_ < snapshot.heap_high) set_pages(heap_high_, snapshot.heap_high, heap_flags_);
  unmap(stack_low_, snapshot.stack_low);
  brk_ = snapshot.brk;
  heap_high_ = snapshot.heap_high;
  stack_low_ = snapshot.stack_low;
  for (const auto& [page, flags] : snapshot.flags) {
    drop_code(page);
    if (flags == 0) {
      unmap(page, page + kPage);
    } else {
      set_pages(page, page + kPage, static_cast<std::uint8_t>(flags & ~kPageMapped));
    }
  }
  mappings_ = std::move(snapshot.mappings);
  const bool outer = !snapshots_.empty();
  for (const auto& [page, bytes] : snapshot.saved) {
    if (pages_[page / kPage] == 0 && !snapshot.flags.contains(page))
      continue;  // came after this snapshot, gone with its heap or stack
    put_back(page, *bytes);
  }
  for_mapped_pages([&](std::uint64_t page) {
    std::uint8_t& flags = pages_[page / kPage];
    const bool wanted = outer && !snapshots_.back().saved.contains(page) && (flags & kPageWrite) != 0;
    flags = static_cast<std::uint8_t>(wanted ? flags | kPageSave : flags & ~kPageSave);
  });
}

}  // namespace assay::machine

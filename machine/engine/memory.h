// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The memory of one program: 4 GiB of guest addresses on a reserved stretch of host addresses, with
// unmapped stretches of 2 GiB on both sides, so that a translator may add small displacements to a
// checked address without checking again.
//
// Layout: the image (all segments of the ELF file), the heap after it (brk), the stack below a
// fixed top, which grows when something within its size limit is touched, as on Linux; between heap and
// stack what is mapped besides, from above.
//
// A stack may also have addresses far above 4 GiB, as 64-bit kernels give it. Then the lower halves of its
// addresses say where it is on that stretch, and plain addresses end below that place. What has an address
// translates it first (place()); the translator's unchecked code cannot, so only the interpreter runs such
// programs.
//
// Two things are noticed page by page and then byte by byte, on stores and on system calls alike:
// writes to translated code (mark_code), and writes while a snapshot is taken (fork: the child runs
// in its parent's memory, pages are saved when first written and put back afterwards).
//
// The image has a second host mapping, always writable (alias), because the first is write-protected
// on the host where code was translated: a translator's unchecked stores then stop at those pages.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/result.h"

namespace assay::machine {

inline constexpr std::uint64_t kPage = 4096;
inline constexpr std::uint64_t kAddressSpace = std::uint64_t{1} << 32;
inline constexpr std::uint64_t kGuard = std::uint64_t{1} << 31;

constexpr std::uint64_t page_floor(std::uint64_t x) { return x & ~(kPage - 1); }
constexpr std::uint64_t page_ceil(std::uint64_t x) { return page_floor(x + kPage - 1); }

/// What a page allows, and what must happen first.
enum PageFlag : std::uint8_t {
  kPageRead = 1,
  kPageWrite = 2,
  kPageExecute = 4,
  kPageSave = 8,   ///< a snapshot wants the old contents before the first write
  kPageCode = 16,  ///< some of its bytes have been translated
};

class Memory {
 public:
  /// Fails with "no-memory" when the host gives no address space.
  static Result<std::unique_ptr<Memory>> create();
  ~Memory();
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;

  /// Forgets everything: as new.
  void clear();

  // Making the layout: image first, once; then stack and heap.
  /// Reserves [low, high), whole pages, for the image: nothing is accessible yet.
  [[nodiscard]] bool reserve_image(std::uint64_t low, std::uint64_t high);
  /// Copies bytes to `address` inside the image and gives the pages they lie in `flags`.
  void load(std::uint64_t address, ByteView bytes, std::uint64_t size, std::uint8_t flags);
  /// The stack may grow from `top` down to `top - limit`. Above 4 GiB: see the top of this file.
  void place_stack(std::uint64_t top, std::uint64_t limit, std::uint8_t flags);
  /// The heap starts at `start`, in or behind the last page of the image.
  void place_heap(std::uint64_t start, std::uint8_t flags);
  [[nodiscard]] std::uint64_t brk() const { return brk_; }
  /// Moves the end of the heap; false if it would meet the stack or go below its start.
  bool set_brk(std::uint64_t end);
  // Pages elsewhere, as mmap makes them: between heap and stack.
  /// The highest stretch of `size` bytes, whole pages, that is free; nothing if there is none.
  [[nodiscard]] std::optional<std::uint64_t> free_stretch(std::uint64_t size) const;
  [[nodiscard]] bool is_free(std::uint64_t low, std::uint64_t high) const;
  /// Whether [low, high) belongs neither to image, heap nor stack, where it might grow included.
  [[nodiscard]] bool is_for_mappings(std::uint64_t low, std::uint64_t high) const;
  /// Zeros, in place of what was mapped there. It must be for mappings.
  bool map(std::uint64_t low, std::uint64_t high, std::uint8_t flags);
  /// Of image, heap and stack only the right to touch it goes. False where a snapshot finds no room.
  bool unmap_pages(std::uint64_t low, std::uint64_t high);
  /// False if some of it is not mapped; then what lies before has been changed, as on Linux.
  bool set_page_flags(std::uint64_t low, std::uint64_t high, std::uint8_t flags);
  /// Image + heap + stack as grown + mappings, bytes.
  [[nodiscard]] std::uint64_t size() const;
  [[nodiscard]] std::uint64_t image_low() const { return image_low_; }
  [[nodiscard]] std::uint64_t image_high() const { return image_high_; }
  [[nodiscard]] std::uint64_t stack_low() const { return stack_low_ + far_; }
  [[nodiscard]] std::uint64_t stack_top() const { return stack_top_ + far_; }
  /// As far down as it may grow.
  [[nodiscard]] std::uint64_t stack_bottom() const { return stack_top() - stack_limit_; }
  [[nodiscard]] bool has_far_stack() const { return far_ != 0; }
  /// Addresses below it are their own places.
  [[nodiscard]] std::uint64_t plain_end() const { return plain_end_; }
  /// The place of an address on the stretch, kAddressSpace if it has none.
  [[nodiscard]] std::uint64_t place(std::uint64_t address) const {
    if (address < plain_end_) return address;
    const std::uint64_t near = address - far_;
    return far_ != 0 && near - (stack_top_ - stack_limit_) < stack_limit_ ? near : kAddressSpace;
  }

  /// The host address of guest address 0, the page flags by page number, and the alias.
  [[nodiscard]] Byte* base() { return base_; }
  [[nodiscard]] const Byte* base() const { return base_; }
  [[nodiscard]] const std::uint8_t* pages() const { return pages_; }
  /// alias() + (address - image_low()) is the second mapping.
  [[nodiscard]] Byte* alias() { return alias_; }
  /// Every page of the image may be written.
  [[nodiscard]] bool image_is_writable() const;
  /// What pages of it allow has changed since the program was loaded.
  [[nodiscard]] bool image_has_changed() const { return image_changed_; }
  /// One byte for each of the image: non-zero where it has been translated.
  [[nodiscard]] const Byte* code_map() const { return code_map_; }

  // Access by engines, when their fast path does not apply.
  enum class Access { ok, fault, code };
  /// Makes [address, address + size) readable if it can be: grows the stack. `size` up to a page.
  Access prepare_read(std::uint64_t address, std::uint64_t size);
  /// The same for writing; saves what a snapshot wants. `code` if a translated byte is in it: then
  /// write it with write_code.
  Access prepare_write(std::uint64_t address, std::uint64_t size);
  /// Writes, wherever it is; the range must have been prepared. Sets code_changed() if it meets
  /// translated bytes.
  void write_prepared(std::uint64_t address, ByteView bytes);
  /// The executable bytes at an address, at most `most`; none if there are none.
  [[nodiscard]] ByteView fetch(std::uint64_t address, std::size_t most);

  // Access by the kernel: true if all of it could be done.
  bool read(std::uint64_t address, void* to, std::uint64_t size);
  bool write(std::uint64_t address, const void* from, std::uint64_t size);
  /// A string that ends in a zero byte; nothing if it is not readable; longer than `most`: `most` bytes.
  std::optional<std::string> read_string(std::uint64_t address, std::size_t most);
  /// Direct view of readable bytes: as many of `size` as there are from `address` on.
  ByteView view(std::uint64_t address, std::uint64_t size);

  // Translated code.
  void mark_code(std::uint64_t address, std::uint64_t size);
  void forget_code();
  /// Translated bytes that follow one another.
  struct Code {
    std::uint64_t address = 0;
    Bytes bytes;
  };
  /// All translated bytes; nothing if some are not in the image.
  [[nodiscard]] std::optional<std::vector<Code>> code() const;
  /// Marks them if they are in the image just so, executable.
  bool mark_if_same(const std::vector<Code>& code);
  /// Set by a write that met translated bytes; the engine takes it back.
  [[nodiscard]] bool code_changed() const { return code_changed_; }
  void clear_code_changed() { code_changed_ = false; }
  /// Write-protect code pages on the host (for a translator with unchecked stores).
  void set_host_protection(bool on) { protect_code_ = on; }

  // Snapshots nest.
  void take_snapshot();
  [[nodiscard]] bool in_snapshot() const { return !snapshots_.empty(); }
  /// The most that the snapshots may hold together, bytes. Where one would need more, the write is a fault
  /// and out_of_room() is true from then on.
  void set_snapshot_room(std::uint64_t bytes) { snapshot_room_ = bytes; }
  [[nodiscard]] bool out_of_room() const { return out_of_room_; }
  [[nodiscard]] std::uint64_t snapshot_bytes() const { return snapshot_bytes_; }
  /// Bytes of host memory that all this may cost.
  [[nodiscard]] std::uint64_t held() const { return size() + (image_high_ - image_low_) + snapshot_bytes_; }
  void restore_snapshot();
  /// From now on a snapshot that is within no other stays when it is restored, and the next take_snapshot()
  /// goes on with it: what was saved once may be written from then on, and is put back each time. For one who
  /// forks a process again and again that itself writes nothing between.
  void keep_snapshot() { keeps_snapshot_ = true; }

 private:
  Memory() = default;
  struct Range {
    std::uint64_t low = 0;
    std::uint64_t high = 0;
    bool operator==(const Range&) const = default;
  };
  struct Snapshot {
    std::map<std::uint64_t, std::unique_ptr<std::array<Byte, kPage>>> saved;  ///< by page address
    std::uint64_t brk = 0;
    std::uint64_t heap_high = 0;
    std::uint64_t stack_low = 0;
    std::map<std::uint64_t, std::uint64_t> mappings;
    std::map<std::uint64_t, std::uint8_t> flags;  ///< of pages that were mapped, unmapped or changed since
  };

  void note_flags(std::uint64_t page);
  bool keep_page(std::uint64_t page);
  void drop_mappings(std::uint64_t low, std::uint64_t high);
  void drop_code(std::uint64_t page);
  void set_pages(std::uint64_t low, std::uint64_t high, std::uint8_t flags);
  void protect(std::uint64_t low, std::uint64_t high);
  void unmap(std::uint64_t low, std::uint64_t high);
  bool grow_stack(std::uint64_t address);
  [[nodiscard]] bool save_page(std::uint64_t page);
  void put_back(std::uint64_t page, const std::array<Byte, kPage>& bytes);
  bool rewind_snapshot();
  void open_page(std::uint64_t page);
  void drop_image();
  [[nodiscard]] bool in_image(std::uint64_t address) const {
    return address >= image_low_ && address < image_high_;
  }
  [[nodiscard]] Byte* writable(std::uint64_t address);
  [[nodiscard]] bool has_code(std::uint64_t address, std::uint64_t size) const;
  template <class F>
  void for_mapped_pages(F&& visit);

  Byte* reservation_ = nullptr;
  Byte* base_ = nullptr;
  std::uint8_t* pages_ = nullptr;
  Byte* alias_ = nullptr;
  Byte* code_map_ = nullptr;
  std::uint64_t image_low_ = 0;
  std::uint64_t image_high_ = 0;
  std::uint64_t heap_start_ = 0;  ///< the lowest brk
  std::uint64_t heap_low_ = 0;    ///< whole pages
  std::uint64_t heap_high_ = 0;   ///< mapped end, whole pages
  std::uint64_t brk_ = 0;
  std::uint64_t stack_top_ = 0;
  std::uint64_t stack_low_ = 0;
  std::uint64_t stack_limit_ = 0;
  std::uint64_t far_ = 0;  ///< what a far stack's addresses have above their places
  std::uint64_t plain_end_ = kAddressSpace;
  std::map<std::uint64_t, std::uint64_t> mappings_;  ///< low -> high, whole pages; disjoint
  std::uint8_t heap_flags_ = 0;
  std::uint8_t stack_flags_ = 0;
  bool code_changed_ = false;
  bool image_changed_ = false;
  bool protect_code_ = false;
  /// Code outside the image (heap, stack: only where those are executable), by page.
  std::map<std::uint64_t, std::array<bool, kPage>> other_code_;
  std::vector<Snapshot> snapshots_;
  std::uint64_t snapshot_bytes_ = 0;
  std::uint64_t snapshot_room_ = ~std::uint64_t{0};
  bool out_of_room_ = false;
  bool keeps_snapshot_ = false;
  bool snapshot_waits_ = false;  ///< restored and kept
};

}  // namespace assay::machine

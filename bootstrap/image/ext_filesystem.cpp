// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/image/ext_filesystem.h"

#include <et/com_err.h>
#include <fmt/format.h>
#include <algorithm>
#include <charconv>
#include <cstring>
#include <set>

#include "bootstrap/image/disk_image.h"

namespace assay::image {
namespace {

constexpr std::uint64_t kSuperblockOffset = 1024;

errcode_t window_open(const char* name, int flags, io_channel* result);
io_manager window_manager();

errcode_t window_close(io_channel channel) {
  if (--channel->refcount > 0) return 0;
  delete[] channel->name;
  delete channel;
  return 0;
}

errcode_t window_set_block_size(io_channel channel, int bytes) {
  channel->block_size = bytes;
  return 0;
}

errcode_t window_read64(io_channel channel, unsigned long long block, int count, void* data) {
  const auto& window = *static_cast<const ExtFileSystem::Window*>(channel->private_data);
  const auto block_bytes = static_cast<std::uint64_t>(channel->block_size);
  const std::uint64_t bytes = count < 0 ? static_cast<std::uint64_t>(-static_cast<std::int64_t>(count))
                                        : static_cast<std::uint64_t>(count) * block_bytes;
  std::memset(data, 0, bytes);
  if (block > window.where.size() / block_bytes || bytes > window.where.size() - block * block_bytes)
    return EXT2_ET_SHORT_READ;
  const Result<std::size_t> got =
      window.medium->read_some(window.where.begin + block * block_bytes, {static_cast<Byte*>(data), bytes});
  return got && *got == bytes ? 0 : EXT2_ET_SHORT_READ;
}

errcode_t window_read(io_channel channel, unsigned long block, int count, void* data) {
  return window_read64(channel, block, count, data);
}
errcode_t window_write(io_channel /*channel*/, unsigned long /*block*/, int /*count*/, const void* /*data*/) {
  return EXT2_ET_RO_FILSYS;
}
errcode_t window_write64(io_channel /*channel*/, unsigned long long /*block*/, int /*count*/,
                         const void* /*data*/) {
  return EXT2_ET_RO_FILSYS;
}
errcode_t window_flush(io_channel /*channel*/) { return 0; }

io_manager window_manager() {
  static struct_io_manager manager = [] {
    struct_io_manager made = {};
    made.magic = EXT2_ET_MAGIC_IO_MANAGER;
    made.name = "assay medium";
    made.open = window_open;
    made.close = window_close;
    made.set_blksize = window_set_block_size;
    made.read_blk = window_read;
    made.write_blk = window_write;
    made.flush = window_flush;
    made.read_blk64 = window_read64;
    made.write_blk64 = window_write64;
    return made;
  }();
  return &manager;
}

/// libext2fs hands its manager a name only: it is the address of the Window in hexadecimal digits.
errcode_t window_open(const char* name, int /*flags*/, io_channel* result) {
  std::uintptr_t address = 0;
  std::from_chars(name, name + std::strlen(name), address, 16);
  auto* channel = new struct_io_channel{};
  channel->magic = EXT2_ET_MAGIC_IO_CHANNEL;
  channel->manager = window_manager();
  channel->name = new char[std::strlen(name) + 1];
  std::strcpy(channel->name, name);
  channel->block_size = static_cast<int>(kSuperblockOffset);
  channel->refcount = 1;
  channel->private_data = reinterpret_cast<void*>(address);
  *result = channel;
  return 0;
}

std::string name_of_window(const ExtFileSystem::Window* window) {
  return fmt::format("{:x}", reinterpret_cast<std::uintptr_t>(window));
}

Error error_of(std::string_view what, errcode_t code) {
  return {"image-filesystem", fmt::format("{}: {}", what, ext2_error_text(code))};
}

/// libext2fs sizes its tables by the superblock: it must be sane before it is trusted.
Result<void> check_superblock(const Medium& medium, Extent where) {
  const Result<Bytes> bytes = medium.read(where.begin + kSuperblockOffset, sizeof(ext2_super_block));
  if (!bytes) return tl::unexpected(Error{"image-filesystem", bytes.error().message});
  ext2_super_block super;
  std::memcpy(&super, bytes->data(), sizeof(super));
  const auto big_shift = ext2fs_le32_to_cpu(super.s_log_block_size);
  if (ext2fs_le16_to_cpu(super.s_magic) != EXT2_SUPER_MAGIC || big_shift > 6)
    return fail("image-filesystem", "no ext superblock");
  const std::uint64_t block_bytes = std::uint64_t{1024} << big_shift;
  const bool wide = (ext2fs_le32_to_cpu(super.s_feature_incompat) & EXT4_FEATURE_INCOMPAT_64BIT) != 0;
  const std::uint64_t blocks = ext2fs_le32_to_cpu(super.s_blocks_count) |
                               (wide ? std::uint64_t{ext2fs_le32_to_cpu(super.s_blocks_count_hi)} << 32U : 0);
  const std::uint64_t in_group = ext2fs_le32_to_cpu(super.s_blocks_per_group);
  if (in_group == 0) return fail("image-filesystem", "no blocks in a group");
  if (blocks > where.size() / block_bytes)
    return fail("image-partition-bounds", fmt::format("a file system of {} blocks of {} in {} bytes", blocks,
                                                      block_bytes, where.size()));
  if (blocks > kMaxFileSystemBlocks || blocks / in_group > kMaxFileSystemGroups)
    return fail("image-limit",
                fmt::format("a file system of {} blocks in {} groups", blocks, blocks / in_group));
  if (std::uint64_t{ext2fs_le32_to_cpu(super.s_inodes_per_group)} > 8 * block_bytes)
    return fail("image-filesystem", "more inodes in a group than its bitmap has bits");
  return {};
}

/// Walks directories; each inode once.
class Walk {
 public:
  Walk(std::shared_ptr<ExtFileSystem> self, ext2_filsys fs, LazyTree& tree, Findings& findings)
      : self_(std::move(self)), fs_(fs), tree_(tree), findings_(findings) {}

  void directory(ext2_ino_t inode, const std::string& prefix, std::size_t depth) {
    if (depth > kMaxDirectoryDepth) {
      findings_.add("image-limit", prefix, 0,
                    fmt::format("directories more than {} deep", kMaxDirectoryDepth));
      return;
    }
    if (!seen_.insert(inode).second) {
      findings_.add("image-filesystem", prefix, 0, "a directory has two names: a loop");
      return;
    }
    std::vector<Entry> entries;
    const errcode_t code = ext2fs_dir_iterate2(fs_, inode, 0, nullptr, collect, &entries);
    if (code != 0)
      findings_.add("image-filesystem", prefix, 0, error_of("a directory cannot be read", code).message);
    for (const Entry& entry : entries) {
      if (++count_ > kMaxDiskEntries) {
        if (count_ == kMaxDiskEntries + 1)
          findings_.add("image-limit", prefix, 0, fmt::format("more than {} entries", kMaxDiskEntries));
        return;
      }
      take(entry, prefix, depth);
    }
  }

  std::vector<ExtFileSystem::File> files;

 private:
  struct Entry {
    ext2_ino_t inode;
    std::string name;
  };

  static int collect(ext2_ino_t /*directory*/, int /*place*/, ext2_dir_entry* entry, int /*offset*/,
                     int /*block_size*/, char* /*block*/, void* data) {
    auto& entries = *static_cast<std::vector<Entry>*>(data);
    std::string name(entry->name, static_cast<std::size_t>(ext2fs_dirent_name_len(entry)));
    if (entry->inode != 0 && name != "." && name != "..") entries.push_back({entry->inode, std::move(name)});
    return entries.size() > kMaxDiskEntries ? DIRENT_ABORT : 0;
  }

  void take(const Entry& entry, const std::string& prefix, std::size_t depth) {
    const std::string path = prefix + entry.name;
    ext2_inode inode = {};
    if (const errcode_t code = ext2fs_read_inode(fs_, entry.inode, &inode); code != 0) {
      findings_.add("image-filesystem", path, 0, error_of("an inode cannot be read", code).message);
      return;
    }
    bool good = entry.name.find('/') == std::string::npos;
    if (!good) {
    } else if (LINUX_S_ISDIR(inode.i_mode)) {
      good = tree_.put_directory(path, inode.i_mode);
      if (good) directory(entry.inode, path + "/", depth + 1);
    } else if (LINUX_S_ISREG(inode.i_mode)) {
      good = tree_.put_file(path, inode.i_mode, EXT2_I_SIZE(&inode),
                            [self = self_, number = entry.inode] { return self->read_file(number); });
      if (good) files.push_back({path, entry.inode});
    } else if (LINUX_S_ISLNK(inode.i_mode)) {
      good = tree_.put_link(path, target_of(entry.inode, inode));
    } else {
      findings_.add("image-entry-special", path, 0, "a device, pipe or socket");
    }
    if (!good) findings_.add("image-entry-unsafe", path, 0, "the name is not one of a file tree");
  }

  std::string target_of(ext2_ino_t number, ext2_inode& inode) {
    if (ext2fs_is_fast_symlink(&inode) != 0) {
      const std::size_t bytes = std::min<std::size_t>(inode.i_size, sizeof(inode.i_block));
      return {reinterpret_cast<const char*>(inode.i_block), bytes};
    }
    const Result<Bytes> bytes = self_->read_file(number);
    return bytes ? std::string(as_text(*bytes)) : "";
  }

  std::shared_ptr<ExtFileSystem> self_;
  ext2_filsys fs_;
  LazyTree& tree_;
  Findings& findings_;
  std::set<ext2_ino_t> seen_;
  std::size_t count_ = 0;
};

}  // namespace

std::string ext2_error_text(errcode_t code) {
  static const bool registered = (initialize_ext2_error_table(), true);
  return registered ? error_message(code) : "";
}

Result<std::shared_ptr<ExtFileSystem>> ExtFileSystem::open(std::shared_ptr<const Medium> medium,
                                                           Extent where) {
  if (const Result<void> sane = check_superblock(*medium, where); !sane) return tl::unexpected(sane.error());
  std::shared_ptr<ExtFileSystem> opened(new ExtFileSystem);
  opened->where_ = where;
  opened->window_ = std::make_unique<Window>(Window{std::move(medium), where});
  constexpr int kFlags = EXT2_FLAG_64BITS | EXT2_FLAG_SOFTSUPP_FEATURES | EXT2_FLAG_IGNORE_CSUM_ERRORS;
  const std::string name = name_of_window(opened->window_.get());
  const errcode_t code = ext2fs_open(name.c_str(), kFlags, 0, 0, window_manager(), &opened->fs_);
  if (code != 0) {
    opened->fs_ = nullptr;
    return tl::unexpected(error_of("the file system cannot be opened", code));
  }
  opened->bitmap_ = ext2fs_read_block_bitmap(opened->fs_) == 0;
  return opened;
}

ExtFileSystem::~ExtFileSystem() {
  if (fs_ != nullptr) ext2fs_free(fs_);
}

std::uint64_t ExtFileSystem::block_count() const { return ext2fs_blocks_count(fs_->super); }

bool ExtFileSystem::is_free(std::uint64_t block) const {
  // The library writes to standard error when it is asked about a block that the bitmap has no bit for: block
  // 0 of file systems with blocks of 1 KiB.
  const bool has_bit = block >= fs_->super->s_first_data_block && block < block_count();
  return bitmap_ && has_bit && ext2fs_test_block_bitmap2(fs_->block_map, block) == 0;
}

Result<Bytes> ExtFileSystem::read_file(ext2_ino_t inode) const {
  ext2_file_t file = nullptr;
  if (const errcode_t code = ext2fs_file_open(fs_, inode, 0, &file); code != 0)
    return tl::unexpected(error_of("a file cannot be opened", code));
  constexpr std::size_t kChunk = 1U << 16U;
  Bytes bytes;
  errcode_t code = 0;
  while (true) {
    const std::size_t before = bytes.size();
    bytes.resize(before + kChunk);
    unsigned got = 0;
    code = ext2fs_file_read(file, bytes.data() + before, kChunk, &got);
    bytes.resize(before + got);
    if (code != 0 || got == 0) break;
    if (bytes.size() > kMaxDiskFileBytes) {
      ext2fs_file_close(file);
      return fail("image-limit", fmt::format("a file of more than {} bytes", kMaxDiskFileBytes));
    }
  }
  ext2fs_file_close(file);
  if (code != 0) return tl::unexpected(error_of("a file cannot be read", code));
  return bytes;
}

std::vector<std::uint64_t> ExtFileSystem::blocks_of(ext2_ino_t inode) const {
  struct Collected {
    std::vector<std::uint64_t> blocks;
    std::uint64_t limit;
  } collected{{}, block_count()};
  const auto collect = [](ext2_filsys /*fs*/, blk64_t* block, e2_blkcnt_t /*count*/, blk64_t /*place*/,
                          int /*offset*/, void* data) {
    auto& all = *static_cast<Collected*>(data);
    if (*block < all.limit) all.blocks.push_back(*block);
    return all.blocks.size() > all.limit ? BLOCK_ABORT : 0;
  };
  ext2fs_block_iterate3(fs_, inode, BLOCK_FLAG_READ_ONLY | BLOCK_FLAG_DATA_ONLY, nullptr, collect,
                        &collected);
  return std::move(collected.blocks);
}

std::vector<ExtFileSystem::File> ExtFileSystem::list(const std::shared_ptr<ExtFileSystem>& self,
                                                     const std::string& prefix, LazyTree& tree,
                                                     Findings& findings) {
  Walk walk(self, self->fs_, tree, findings);
  walk.directory(EXT2_ROOT_INO, prefix, 0);
  return std::move(walk.files);
}

}  // namespace assay::image

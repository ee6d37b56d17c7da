// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <ext2fs/ext2fs.h>
#include <fmt/format.h>
#include <algorithm>
#include <cstring>
#include <map>

#include "bootstrap/image/build_image.h"
#include "bootstrap/image/builder_hex0_check.h"
#include "bootstrap/image/ext_filesystem.h"
#include "core/paths.h"

namespace assay::image {
namespace {

constexpr std::uint64_t kBlockBytes = 4096;
constexpr std::uint64_t kMiB = std::uint64_t{1} << 20U;
constexpr std::uint64_t kMaxBuiltBlocks = std::uint64_t{1} << 25U;
/// Free room: 64 MiB and an eighth of the contents.
constexpr std::uint64_t kSpareBytes = 64 * kMiB;
/// Zero would mean "ask the clock".
constexpr time_t kTime = 1;
constexpr std::uint32_t kFirstUserInode = 11;
constexpr Byte kLinuxPartition = 0x83;

class Builder {
 public:
  explicit Builder(const FileTree& tree) : tree_(tree) {}
  ~Builder() {
    if (fs_ != nullptr) ext2fs_free(fs_);
  }
  Builder(const Builder&) = delete;
  Builder& operator=(const Builder&) = delete;

  Result<void> initialize(const std::string& path, std::uint64_t blocks, std::uint64_t inodes) {
    ext2_super_block wanted = {};
    wanted.s_log_block_size = 2;
    wanted.s_rev_level = EXT2_DYNAMIC_REV;
    wanted.s_feature_incompat = EXT2_FEATURE_INCOMPAT_FILETYPE;
    wanted.s_feature_ro_compat = EXT2_FEATURE_RO_COMPAT_SPARSE_SUPER | EXT2_FEATURE_RO_COMPAT_LARGE_FILE;
    wanted.s_inodes_count = static_cast<std::uint32_t>(inodes);
    ext2fs_blocks_count_set(&wanted, blocks);
    if (auto done = check(ext2fs_initialize(path.c_str(), EXT2_FLAG_64BITS, &wanted, unix_io_manager, &fs_));
        !done)
      return done;
    fs_->now = kTime;
    ext2_super_block& super = *fs_->super;
    super.s_mkfs_time = super.s_lastcheck = super.s_wtime = kTime;
    constexpr std::string_view kUuid = "assay disk image";
    std::copy(kUuid.begin(), kUuid.end(), super.s_uuid);
    const std::string offset = fmt::format("offset={}", kFirstPartitionByte);
    if (auto done = check(io_channel_set_options(fs_->io, offset.c_str())); !done) return done;
    if (auto done = check(ext2fs_allocate_tables(fs_)); !done) return done;
    if (auto done = check(ext2fs_mkdir(fs_, EXT2_ROOT_INO, EXT2_ROOT_INO, nullptr)); !done) return done;
    for (ext2_ino_t inode = 1; inode < kFirstUserInode; ++inode) {
      if (inode != EXT2_ROOT_INO) ext2fs_inode_alloc_stats2(fs_, inode, +1, 0);
    }
    inodes_[""] = EXT2_ROOT_INO;
    return {};
  }

  Result<void> add(const PackedEntry& entry) {
    const ext2_ino_t parent = inodes_[std::string(parent_path(entry.path))];
    const std::string name(last_part(entry.path));
    if (entry.kind == NodeKind::directory) return add_directory(entry.path, parent, name);
    if (entry.kind == NodeKind::link) return add_link(entry.path, parent, name);
    return add_file(entry, parent, name);
  }

  Result<void> finish() {
    fs_->super->s_state = EXT2_VALID_FS;
    return check(ext2fs_close_free(&fs_));
  }

 private:
  static Result<void> check(errcode_t code) {
    if (code != 0) return fail("write-failed", ext2_error_text(code));
    return {};
  }

  /// Tries again after the directory got another block.
  template <class Make>
  Result<void> in_directory(ext2_ino_t parent, Make make) {
    errcode_t code = make();
    if (code == EXT2_ET_DIR_NO_SPACE) {
      code = ext2fs_expand_dir(fs_, parent);
      if (code == 0) code = make();
    }
    return check(code);
  }

  Result<void> add_directory(const std::string& path, ext2_ino_t parent, const std::string& name) {
    ext2_ino_t inode = 0;
    if (auto done = check(ext2fs_new_inode(fs_, parent, LINUX_S_IFDIR | 0755, nullptr, &inode)); !done)
      return done;
    inodes_[path] = inode;
    return in_directory(parent, [&] { return ext2fs_mkdir(fs_, parent, inode, name.c_str()); });
  }

  Result<void> add_link(const std::string& path, ext2_ino_t parent, const std::string& name) {
    const auto target = tree_.link_target(path);
    if (!target) return tl::unexpected(target.error());
    return in_directory(parent,
                        [&] { return ext2fs_symlink(fs_, parent, 0, name.c_str(), target->c_str()); });
  }

  Result<void> add_file(const PackedEntry& entry, ext2_ino_t parent, const std::string& name) {
    const auto bytes = tree_.read(entry.source);
    if (!bytes) return tl::unexpected(bytes.error());
    ext2_ino_t number = 0;
    if (auto done = check(ext2fs_new_inode(fs_, parent, LINUX_S_IFREG | 0644, nullptr, &number)); !done)
      return done;
    if (auto done = in_directory(
            parent, [&] { return ext2fs_link(fs_, parent, name.c_str(), number, EXT2_FT_REG_FILE); });
        !done)
      return done;
    ext2fs_inode_alloc_stats2(fs_, number, +1, 0);
    ext2_inode inode = {};
    inode.i_mode = static_cast<std::uint16_t>(LINUX_S_IFREG | (entry.executable ? 0755U : 0644U));
    inode.i_atime = inode.i_ctime = inode.i_mtime = kTime;
    inode.i_links_count = 1;
    if (auto done = check(ext2fs_write_new_inode(fs_, number, &inode)); !done) return done;
    return write_bytes(number, **bytes);
  }

  Result<void> write_bytes(ext2_ino_t number, ByteView bytes) {
    ext2_file_t file = nullptr;
    if (auto done = check(ext2fs_file_open(fs_, number, EXT2_FILE_WRITE, &file)); !done) return done;
    errcode_t code = 0;
    while (!bytes.empty() && code == 0) {
      unsigned written = 0;
      code = ext2fs_file_write(file, bytes.data(),
                               static_cast<unsigned>(std::min<std::size_t>(bytes.size(), kMiB)), &written);
      bytes = bytes.subspan(written);
    }
    const errcode_t closed = ext2fs_file_close(file);
    return check(code != 0 ? code : closed);
  }

  const FileTree& tree_;
  ext2_filsys fs_ = nullptr;
  std::map<std::string, ext2_ino_t, std::less<>> inodes_;
};

void put_number(Bytes& bytes, std::size_t at, std::uint64_t value) {
  for (std::size_t byte = 0; byte < 4; ++byte) bytes[at + byte] = static_cast<Byte>(value >> 8 * byte);
}

Bytes partition_table(std::uint64_t partition_bytes) {
  Bytes sector(kSectorBytes);
  constexpr std::size_t kEntry = 446;
  put_number(sector, 440, 0x59415341);
  sector[kEntry] = 0x80;
  // By cylinders nothing beyond 8 GB can be said: the highest numbers mean "see the sector number".
  for (const std::size_t at : {1U, 5U}) {
    sector[kEntry + at] = 0xFE;
    sector[kEntry + at + 1] = sector[kEntry + at + 2] = 0xFF;
  }
  sector[kEntry + 4] = kLinuxPartition;
  put_number(sector, kEntry + 8, kFirstPartitionByte / kSectorBytes);
  put_number(sector, kEntry + 12, partition_bytes / kSectorBytes);
  sector[510] = 0x55;
  sector[511] = 0xAA;
  return sector;
}

}  // namespace

Result<void> build_disk(const FileTree& tree, OutputFile& file) {
  if (!file.seeks()) return fail("file-unwritable", "a disk image is written to a file or a block device");
  const Result<std::vector<PackedEntry>> entries = entries_of(tree, false);
  if (!entries) return tl::unexpected(entries.error());
  std::uint64_t bytes = 0;
  for (const PackedEntry& entry : *entries) {
    const auto info = tree.info(entry.source);
    bytes += (info ? info->size : 0) / kBlockBytes * kBlockBytes + kBlockBytes;
  }
  const std::uint64_t blocks = (bytes + bytes / 8 + kSpareBytes) / kMiB * (kMiB / kBlockBytes);
  if (blocks > kMaxBuiltBlocks) return fail("image-limit", fmt::format("{} bytes of files", bytes));
  file.write(partition_table(blocks * kBlockBytes));
  file.extend_to(kFirstPartitionByte + blocks * kBlockBytes);
  Builder builder(tree);
  if (auto done = builder.initialize(file.open_path(), blocks, entries->size() + entries->size() / 8 + 128);
      !done)
    return done;
  for (const PackedEntry& entry : *entries) {
    if (auto done = builder.add(entry); !done)
      return tl::unexpected(
          Error{done.error().id, fmt::format("'{}': {}", entry.path, done.error().message)});
  }
  return builder.finish();
}

}  // namespace assay::image

// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/image/build_image.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include "bootstrap/image/disk_image.h"
#include "core/paths.h"

namespace assay::image {
namespace {

Result<void> collect(const FileTree& tree, const std::string& directory, bool for_stream, std::size_t depth,
                     std::vector<PackedEntry>& entries) {
  if (depth > kMaxDirectoryDepth) return fail("image-limit", fmt::format("'{}' lies too deep", directory));
  const auto names = tree.list(directory);
  if (!names) return tl::unexpected(names.error());
  for (const std::string& name : *names) {
    if (for_stream && name.find(".git") != std::string::npos) continue;
    PackedEntry entry{join_path(directory, name), NodeKind::file, false, join_path(directory, name)};
    Result<NodeInfo> info = tree.info(entry.path);
    if (!info) continue;  // a device or socket of the host does not exist in the tree
    if (info->kind == NodeKind::link && for_stream) {
      Result<std::string> target = resolve_path(tree, directory, name);
      if (!target) return tl::unexpected(target.error());
      info = tree.info(*target);
      if (!info) return tl::unexpected(info.error());
      if (info->kind == NodeKind::directory)
        return fail("image-name",
                    fmt::format("'{}' is a link to a directory, which a stream cannot hold", entry.path));
      entry.source = *target;
    }
    entry.kind = info->kind;
    entry.executable = (info->mode & 0111U) != 0;
    entries.push_back(entry);
    if (info->kind == NodeKind::directory) {
      if (auto below = collect(tree, entry.path, for_stream, depth + 1, entries); !below) return below;
    }
  }
  return {};
}

struct WriterCloser {
  void operator()(archive* writer) const { archive_write_free(writer); }
};
struct EntryCloser {
  void operator()(archive_entry* entry) const { archive_entry_free(entry); }
};

la_ssize_t write_to_file(archive* /*writer*/, void* data, const void* bytes, std::size_t count) {
  static_cast<OutputFile*>(data)->write({static_cast<const Byte*>(bytes), count});
  return static_cast<la_ssize_t>(count);
}

}  // namespace

Result<std::vector<PackedEntry>> entries_of(const FileTree& tree, bool for_stream) {
  std::vector<PackedEntry> entries;
  if (auto done = collect(tree, "", for_stream, 0, entries); !done) return tl::unexpected(done.error());
  return entries;
}

Result<void> build_cpio(const FileTree& tree, OutputFile& file) {
  const Result<std::vector<PackedEntry>> entries = entries_of(tree, false);
  if (!entries) return tl::unexpected(entries.error());
  const std::unique_ptr<archive, WriterCloser> writer(archive_write_new());
  const auto failed = [&] {
    const char* why = archive_error_string(writer.get());
    return fail("write-failed", why != nullptr ? why : "libarchive");
  };
  if (archive_write_set_format_cpio_newc(writer.get()) != ARCHIVE_OK) return failed();
  archive_write_set_bytes_in_last_block(writer.get(), 1);
  if (archive_write_open(writer.get(), &file, nullptr, write_to_file, nullptr) != ARCHIVE_OK) return failed();
  std::int64_t inode = 0;
  for (const PackedEntry& packed : *entries) {
    const std::unique_ptr<archive_entry, EntryCloser> entry(archive_entry_new());
    archive_entry_set_pathname(entry.get(), packed.path.c_str());
    archive_entry_set_ino64(entry.get(), ++inode);
    archive_entry_set_nlink(entry.get(), packed.kind == NodeKind::directory ? 2 : 1);
    archive_entry_set_mtime(entry.get(), 0, 0);
    archive_entry_set_uid(entry.get(), 0);
    archive_entry_set_gid(entry.get(), 0);
    std::shared_ptr<const Bytes> bytes;
    if (packed.kind == NodeKind::file) {
      auto read = tree.read(packed.source);
      if (!read) return tl::unexpected(read.error());
      bytes = *read;
    } else if (packed.kind == NodeKind::link) {
      const auto target = tree.link_target(packed.path);
      if (!target) return tl::unexpected(target.error());
      archive_entry_set_symlink(entry.get(), target->c_str());
    }
    archive_entry_set_filetype(entry.get(), packed.kind == NodeKind::file        ? AE_IFREG
                                            : packed.kind == NodeKind::directory ? AE_IFDIR
                                                                                 : AE_IFLNK);
    const bool all = packed.kind == NodeKind::link;
    archive_entry_set_perm(entry.get(), all                                                       ? 0777
                                        : packed.kind == NodeKind::directory || packed.executable ? 0755
                                                                                                  : 0644);
    archive_entry_set_size(entry.get(), bytes ? static_cast<la_int64_t>(bytes->size()) : 0);
    if (archive_write_header(writer.get(), entry.get()) != ARCHIVE_OK) return failed();
    if (bytes && !bytes->empty() && archive_write_data(writer.get(), bytes->data(), bytes->size()) < 0)
      return failed();
  }
  if (archive_write_close(writer.get()) != ARCHIVE_OK) return failed();
  return {};
}

Result<void> build_image(const FileTree& tree, BuildKind kind, const std::string& path) {
  Result<OutputFile> file = OutputFile::create(path);
  if (!file) return tl::unexpected(file.error());
  Result<void> built = kind == BuildKind::builder_hex0 ? build_builder_hex0(tree, *file)
                       : kind == BuildKind::cpio       ? build_cpio(tree, *file)
                                                       : build_disk(tree, *file);
  if (!built) return built;
  return file->commit();
}

}  // namespace assay::image

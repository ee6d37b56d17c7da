// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/image/archive_image.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "bootstrap/image/archive_stream.h"

namespace assay::image {
namespace {

bool is_a_bomb(std::uint64_t unpacked, const ByteStream& from) {
  return unpacked > kFreeArchiveBytes && unpacked / kMaxArchiveRatio > from.consumed();
}

/// A medium as it is. A zip archive is read from its end.
class SeekableStream final : public ByteStream {
 public:
  explicit SeekableStream(const Medium& medium) : medium_(medium) {}
  Result<std::size_t> read(std::span<Byte> to) override {
    Result<std::size_t> got = medium_.read_some(offset_, to);
    if (!got) return got;
    offset_ += *got;
    furthest_ = std::max(furthest_, offset_);
    return got;
  }
  [[nodiscard]] std::uint64_t consumed() const override { return furthest_; }
  /// The new place; negative: there is none.
  std::int64_t seek(std::int64_t offset, int from) {
    const std::int64_t base = from == SEEK_SET   ? 0
                              : from == SEEK_CUR ? static_cast<std::int64_t>(offset_)
                                                 : static_cast<std::int64_t>(medium_.size());
    if (offset < -base || offset > static_cast<std::int64_t>(medium_.size()) - base) return ARCHIVE_FATAL;
    offset_ = static_cast<std::uint64_t>(base + offset);
    return base + offset;
  }

 private:
  const Medium& medium_;
  std::uint64_t offset_ = 0;
  std::uint64_t furthest_ = 0;
};

/// What libarchive's formats read from.
struct Feed {
  explicit Feed(std::unique_ptr<ByteStream> bytes) : stream(std::move(bytes)), window(1U << 16U) {}
  std::unique_ptr<ByteStream> stream;
  CpioGuard guard;
  Bytes window;
  std::size_t filled = 0;      ///< bytes of the window
  std::uint64_t unpacked = 0;  ///< bytes of the stream, whatever they are
  std::optional<Error> error;

  Result<std::size_t> next() {
    Result<std::size_t> got = stream->read(window);
    if (!got) return got;
    filled = *got;
    unpacked += *got;
    if (is_a_bomb(unpacked, *stream))
      return fail("image-limit", fmt::format("{} bytes unpacked from {}", unpacked, stream->consumed()));
    if (const Result<void> good = guard.see(ByteView(window).first(*got)); !good)
      return tl::unexpected(good.error());
    return got;
  }
};

la_ssize_t feed_read(archive* reader, void* data, const void** buffer) {
  auto& feed = *static_cast<Feed*>(data);
  const Result<std::size_t> got = feed.next();
  if (!got) {
    feed.error = got.error();
    archive_set_error(reader, EIO, "%s", got.error().message.c_str());
    return -1;
  }
  *buffer = feed.window.data();
  return static_cast<la_ssize_t>(*got);
}

la_int64_t feed_seek(archive* /*reader*/, void* data, la_int64_t offset, int from) {
  auto* const stream = dynamic_cast<SeekableStream*>(static_cast<Feed*>(data)->stream.get());
  return stream == nullptr ? ARCHIVE_FATAL : stream->seek(offset, from);
}

bool is_zip(const Medium& medium) {
  constexpr std::string_view kLocalHeader = "PK\3\4";
  const Result<Bytes> start = medium.read(0, kLocalHeader.size());
  return start && as_text(*start) == kLocalHeader;
}

constexpr std::uint64_t kEntryCost = 512;  // bytes of memory, without names and contents

struct ReaderCloser {
  void operator()(archive* reader) const { archive_read_free(reader); }
};
using Reader = std::unique_ptr<archive, ReaderCloser>;

/// "./a" and "a/" are "a".
std::string tidy(std::string_view name) {
  while (name.starts_with("./")) name.remove_prefix(2);
  while (name.ends_with('/')) name.remove_suffix(1);
  return std::string(name == "." ? "" : name);
}

class ArchiveReading {
 public:
  ArchiveReading(Feed& feed, archive* reader, Findings& findings)
      : feed_(feed), reader_(reader), findings_(findings) {}

  /// Whether a first entry could be read.
  bool run() {
    for (std::size_t entries = 0;; ++entries) {
      archive_entry* entry = nullptr;
      const int status = archive_read_next_header(reader_, &entry);
      if (status == ARCHIVE_EOF) {
        if (entries > 0) look_behind();
        return entries > 0 || archive_format(reader_) != ARCHIVE_FORMAT_EMPTY;
      }
      if (status < ARCHIVE_WARN) {
        if (entries == 0) return false;
        return unreadable("");
      }
      if (entries >= kMaxArchiveEntries)
        return limit(fmt::format("more than {} entries", kMaxArchiveEntries));
      const char* name = archive_entry_pathname(entry);
      // The entry and its name, in the tree or in a finding.
      total_ += kEntryCost + 2 * (name == nullptr ? 0 : std::strlen(name));
      if (is_a_bomb(total_, *feed_.stream))
        return limit(fmt::format("{} entries cost {} bytes", entries + 1, total_));
      if (name == nullptr) {
        findings_.add("image-entry-unsafe", "", 0, "an entry without a name");
      } else if (!take(entry, name)) {
        return true;
      }
    }
  }

  std::shared_ptr<LazyTree> tree = std::make_shared<LazyTree>();

 private:
  /// False: stop reading.
  bool take(archive_entry* entry, const std::string& name) {
    const std::string path = tidy(name);
    const auto mode = static_cast<std::uint32_t>(archive_entry_perm(entry));
    const auto type = archive_entry_filetype(entry);
    if (path.empty() && type == AE_IFDIR) return true;
    bool good = is_normal_path(path);
    if (!good) {
    } else if (const char* hard = archive_entry_hardlink(entry)) {
      good = tree->put_same(path, tidy(hard));
      // A cpio entry carries the bytes with the last name, a tar entry with the first.
      if (!good && archive_entry_size(entry) > 0) return take_file(entry, path, mode);
    } else if (type == AE_IFDIR) {
      good = tree->put_directory(path, mode);
    } else if (type == AE_IFLNK) {
      const char* target = archive_entry_symlink(entry);
      good = target != nullptr && tree->put_link(path, target);
    } else if (type == AE_IFREG) {
      return take_file(entry, path, mode);
    } else {
      findings_.add("image-entry-special", path, 0, "a device, pipe or socket");
      return true;
    }
    if (!good)
      findings_.add("image-entry-unsafe", name, 0,
                    "the entry's name or link leaves the tree, or lies below what is no directory");
    return true;
  }

  bool take_file(archive_entry* entry, const std::string& path, std::uint32_t mode) {
    auto bytes = std::make_shared<Bytes>();
    const void* block = nullptr;
    std::size_t count = 0;
    la_int64_t offset = 0;
    int status = ARCHIVE_OK;
    const bool known = archive_entry_size_is_set(entry) != 0;
    if (known && archive_entry_size(entry) > static_cast<la_int64_t>(kMaxArchiveFileBytes))
      return !limit(fmt::format("'{}' has more than {} bytes", path, kMaxArchiveFileBytes));
    while ((status = archive_read_data_block(reader_, &block, &count, &offset)) == ARCHIVE_OK) {
      // A sparse entry may claim any offset.
      if (offset < 0 || static_cast<std::uint64_t>(offset) > kMaxArchiveFileBytes ||
          count > kMaxArchiveFileBytes - static_cast<std::uint64_t>(offset))
        return !limit(fmt::format("'{}' has more than {} bytes", path, kMaxArchiveFileBytes));
      const std::size_t end = static_cast<std::size_t>(offset) + count;
      if (end > bytes->size()) {
        total_ += end - bytes->size();
        if (total_ > kMaxArchiveBytes || is_a_bomb(total_, *feed_.stream))
          return !limit(fmt::format("{} bytes unpacked from {}", total_, feed_.stream->consumed()));
        bytes->resize(end);
      }
      std::copy_n(static_cast<const Byte*>(block), count,
                  bytes->begin() + static_cast<std::ptrdiff_t>(offset));
    }
    if (status < ARCHIVE_WARN) return !unreadable(path);
    if (!tree->put_file(path, mode, bytes->size(), [bytes]() -> Result<Bytes> { return *bytes; }))
      findings_.add("image-entry-unsafe", path, 0,
                    "the entry lies below what is no directory, or replaces a directory");
    return true;
  }

  /// Zeros fill up the last block. Anything else is seen by some who unpack the archive, and not by others.
  void look_behind() {
    if (dynamic_cast<SeekableStream*>(feed_.stream.get()) != nullptr) return;  // a zip ends with its list
    const auto end = static_cast<std::uint64_t>(std::max<la_int64_t>(archive_filter_bytes(reader_, 0), 0));
    std::size_t from = end - std::min(end, feed_.unpacked - feed_.filled);
    while (feed_.filled != 0) {
      const ByteView bytes = ByteView(feed_.window).first(feed_.filled).subspan(std::min(from, feed_.filled));
      const auto found = std::ranges::find_if(bytes, [](Byte byte) { return byte != 0; });
      if (found != bytes.end()) {
        findings_.add("image-behind-end", "", 0,
                      fmt::format("the archive ends at byte {}, and more stands behind it", end));
        return;
      }
      from = 0;
      if (const Result<std::size_t> got = feed_.next(); !got) {
        feed_.error = got.error();
        unreadable("");
        return;
      }
    }
  }

  bool unreadable(const std::string& path) {
    if (feed_.error) {
      findings_.add(feed_.error->id == "image-limit" ? "image-limit" : "image-unreadable", path, 0,
                    feed_.error->message);
      return true;
    }
    const char* why = archive_error_string(reader_);
    findings_.add("image-unreadable", path, 0, why != nullptr ? why : "the archive is damaged");
    return true;
  }
  bool limit(std::string message) {
    findings_.add("image-limit", "", 0, std::move(message));
    return true;
  }

  Feed& feed_;
  archive* reader_;
  Findings& findings_;
  std::uint64_t total_ = 0;  ///< bytes of memory
};

}  // namespace

Result<std::shared_ptr<const FileTree>> open_archive(std::shared_ptr<const Medium> medium,
                                                     Findings& findings) {
  Reader reader(archive_read_new());
  if (!reader) return fail("image-unreadable", "no memory for libarchive");
  const bool zip = is_zip(*medium);
  Feed feed(zip ? std::unique_ptr<ByteStream>(std::make_unique<SeekableStream>(*medium))
                : plain_stream(*medium));
  if (zip) {
    archive_read_support_format_zip_seekable(reader.get());
    archive_read_set_seek_callback(reader.get(), feed_seek);
  } else {
    archive_read_support_format_cpio(reader.get());
    archive_read_support_format_tar(reader.get());
  }
  const auto not_recognised =
      fail("image-not-recognised", "neither a builder-hex0 image, a disk image, nor an archive");
  const bool opened = archive_read_open(reader.get(), &feed, nullptr, feed_read, nullptr) == ARCHIVE_OK;
  ArchiveReading reading(feed, reader.get(), findings);
  if (!opened || !reading.run() || reading.tree->nodes().size() == 1) {
    if (feed.error) return tl::unexpected(*feed.error);
    return not_recognised;
  }
  return reading.tree;
}

}  // namespace assay::image

// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/image/archive_stream.h"

#include <archive.h>
#include <fmt/format.h>
#include <lzma.h>
#include <algorithm>
#include <array>
#include <cerrno>

namespace assay::image {
namespace {

constexpr std::size_t kWindowBytes = 1U << 16U;

/// The medium, a window at a time.
struct Feed {
  explicit Feed(const Medium& from) : medium(from), window(kWindowBytes) {}
  const Medium& medium;
  std::uint64_t offset = 0;
  Bytes window;

  Result<ByteView> next() {
    const Result<std::size_t> got = medium.read_some(offset, window);
    if (!got) return tl::unexpected(got.error());
    offset += *got;
    return ByteView(window).first(*got);
  }
};

/// liblzma itself: libarchive lets a header of a few bytes ask for 4 GiB.
class XzStream final : public ByteStream {
 public:
  explicit XzStream(const Medium& medium)
      : feed_(medium), status_(lzma_stream_decoder(&stream_, kMaxDecoderBytes, LZMA_CONCATENATED)) {}
  ~XzStream() override { lzma_end(&stream_); }
  XzStream(const XzStream&) = delete;
  XzStream& operator=(const XzStream&) = delete;

  Result<std::size_t> read(std::span<Byte> to) override {
    stream_.next_out = to.data();
    stream_.avail_out = to.size();
    while (status_ == LZMA_OK && stream_.avail_out != 0) {
      if (stream_.avail_in == 0 && !ended_) {
        const Result<ByteView> more = feed_.next();
        if (!more) return tl::unexpected(more.error());
        stream_.next_in = more->data();
        stream_.avail_in = more->size();
        ended_ = more->empty();
      }
      status_ = lzma_code(&stream_, ended_ ? LZMA_FINISH : LZMA_RUN);
    }
    const std::size_t got = to.size() - stream_.avail_out;
    if (got != 0 || status_ == LZMA_OK || status_ == LZMA_STREAM_END) return got;
    if (status_ == LZMA_MEMLIMIT_ERROR)
      return fail("image-limit", fmt::format("xz data that need more than {} bytes", kMaxDecoderBytes));
    return fail("image-unreadable", "the xz data are damaged");
  }
  [[nodiscard]] std::uint64_t consumed() const override { return feed_.offset - stream_.avail_in; }

 private:
  Feed feed_;
  lzma_stream stream_ = LZMA_STREAM_INIT;
  lzma_ret status_;
  bool ended_ = false;
};

la_ssize_t feed_read(archive* reader, void* data, const void** buffer) {
  const Result<ByteView> bytes = static_cast<Feed*>(data)->next();
  if (!bytes) {
    archive_set_error(reader, EIO, "%s", bytes.error().message.c_str());
    return -1;
  }
  *buffer = bytes->data();
  return static_cast<la_ssize_t>(bytes->size());
}

/// libarchive's filters, without its formats.
class FilteredStream final : public ByteStream {
 public:
  explicit FilteredStream(const Medium& medium) : feed_(medium), reader_(archive_read_new()) {
    if (!reader_) return;
    archive_read_support_filter_gzip(reader_.get());
    archive_read_support_filter_bzip2(reader_.get());
    archive_read_support_filter_lzma(reader_.get());
    archive_read_support_filter_zstd(reader_.get());
    archive_read_support_format_raw(reader_.get());
    archive_entry* entry = nullptr;
    open_ = archive_read_open(reader_.get(), &feed_, nullptr, feed_read, nullptr) == ARCHIVE_OK &&
            archive_read_next_header(reader_.get(), &entry) == ARCHIVE_OK;
  }

  Result<std::size_t> read(std::span<Byte> to) override {
    const la_ssize_t got = open_ ? archive_read_data(reader_.get(), to.data(), to.size()) : -1;
    if (got >= 0) return static_cast<std::size_t>(got);
    const char* why = reader_ ? archive_error_string(reader_.get()) : nullptr;
    return fail("image-unreadable", why != nullptr ? why : "the compressed data are damaged");
  }
  [[nodiscard]] std::uint64_t consumed() const override { return feed_.offset; }

 private:
  struct Closer {
    void operator()(archive* reader) const { archive_read_free(reader); }
  };
  Feed feed_;
  std::unique_ptr<archive, Closer> reader_;
  bool open_ = false;
};

// The header of a "newc" cpio archive: 13 numbers of 8 hexadecimal digits behind the magic.
constexpr std::size_t kHeaderBytes = 110;
constexpr std::size_t kMagicBytes = 6;
constexpr std::size_t kSizeAt = 54;
constexpr std::size_t kNameSizeAt = 94;
constexpr std::string_view kTrailer("TRAILER!!!\0", 11);

bool is_magic(std::string_view text) { return text == "070701" || text == "070702"; }

std::optional<std::uint64_t> number_at(std::string_view header, std::size_t at) {
  constexpr std::size_t kDigits = 8;
  std::uint64_t value = 0;
  for (const char digit : header.substr(at, kDigits)) {
    const std::size_t one = std::string_view("0123456789abcdef0123456789ABCDEF").find(digit);
    if (one == std::string_view::npos) return std::nullopt;
    value = value * 16 + one % 16;
  }
  return value;
}

std::uint64_t padded(std::uint64_t size) { return (size + 3) / 4 * 4; }

}  // namespace

std::unique_ptr<ByteStream> plain_stream(const Medium& medium) {
  constexpr std::array<Byte, 6> kXz{0xFD, '7', 'z', 'X', 'Z', 0};
  const Result<Bytes> first = medium.read(0, kXz.size());
  if (first && std::equal(kXz.begin(), kXz.end(), first->begin())) return std::make_unique<XzStream>(medium);
  return std::make_unique<FilteredStream>(medium);
}

Result<void> CpioGuard::see(ByteView bytes) {
  if (!watching_) return {};
  seen_.insert(seen_.end(), bytes.begin(), bytes.end());
  while (watching_) {
    const std::uint64_t passed = std::min<std::uint64_t>(next_header_ - offset_, seen_.size());
    seen_.erase(seen_.begin(), seen_.begin() + static_cast<std::ptrdiff_t>(passed));
    offset_ += passed;
    const Result<bool> known = header();
    if (!known) return tl::unexpected(known.error());
    if (!*known) break;
  }
  return {};
}

/// False: it is not all there yet.
Result<bool> CpioGuard::header() {
  const std::string_view text = as_text(seen_);
  if (offset_ != next_header_ || text.size() < kMagicBytes) return false;
  if (!is_magic(text.substr(0, kMagicBytes))) {
    // Another kind of archive; libarchive keeps to the kind that it began with.
    if (offset_ == 0) watching_ = false;
    if (offset_ == 0) return true;
    return fail("image-unreadable", fmt::format("no cpio header at byte {:#x}", offset_));
  }
  if (text.size() < kHeaderBytes) return false;
  const std::optional<std::uint64_t> size = number_at(text, kSizeAt);
  const std::optional<std::uint64_t> name_size = number_at(text, kNameSizeAt);
  if (!size || !name_size)
    return fail("image-unreadable", fmt::format("the cpio header at byte {:#x} is damaged", offset_));
  if (*name_size > kMaxCpioNameBytes)
    return fail("image-limit",
                fmt::format("the header at byte {:#x} announces a name of {} bytes", offset_, *name_size));
  if (*name_size == kTrailer.size()) {
    if (text.size() < kHeaderBytes + kTrailer.size()) return false;
    if (text.substr(kHeaderBytes, kTrailer.size()) == kTrailer) watching_ = false;
  }
  next_header_ += padded(kHeaderBytes + *name_size) + padded(*size);
  return true;
}

}  // namespace assay::image

// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "extra/xz.h"

#include <lzma.h>
#include <algorithm>
#include <array>
#include <optional>

#include "extra/padded_input.h"

namespace assay::extra {
namespace {

// The real tool's codes.
constexpr int kData = 1;
constexpr int kFilterCount = 53;
constexpr int kBlockFlags = 54;
constexpr int kFilterId = 55;
constexpr int kFilterProperties = 56;
constexpr int kPadding = 57;
constexpr int kBlockHeaderTooLong = 58;
constexpr int kChunkControl = 59;
constexpr int kCheckType = 60;
constexpr int kDictionarySize = 61;
constexpr int kDictionaryTooLarge = 62;
constexpr int kNoProperties = 67;
constexpr int kBadProperties = 68;

constexpr std::array<Byte, 7> kMagic{0xFD, '7', 'z', 'X', 'Z', 0, 0};
constexpr std::uint32_t kMinDictionary = 4096;
constexpr std::uint32_t kMaxDictionary = 1'610'612'736;
constexpr std::uint64_t kMaxAllocation = kMaxInputBytes;
constexpr std::uint64_t kSlack =
    (std::uint64_t{1} << 24) + 273;        ///< of the output buffer over the dictionary
constexpr std::size_t kLzmaPiece = 65548;  ///< .lzma input is decoded in pieces of this size
constexpr std::string_view kBrokenData = "distance >= processedPos";  ///< what broken data usually lead to

std::uint32_t little_endian(ByteView bytes) {
  return bytes[0] | static_cast<std::uint32_t>(bytes[1]) << 8 | static_cast<std::uint32_t>(bytes[2]) << 16 |
         static_cast<std::uint32_t>(bytes[3]) << 24;
}

bool has_good_properties(Byte properties) {
  const int rest = properties / 9;
  return properties < 9 * 5 * 5 && properties % 9 + rest % 5 <= 4;
}

/// The decoder's buffer: its contents reach the output when a block ends, or when it is full.
class Held {
 public:
  explicit Held(Writer& writer) : writer_(writer) {}
  void start_block(std::uint32_t dictionary) { room_ = dictionary + kSlack - 273; }
  bool add(ByteView bytes) {
    held_.insert(held_.end(), bytes.begin(), bytes.end());
    size_ += bytes.size();
    if (size_ < room_ && held_.size() < kMaxHeldOutput) return true;
    if (size_ >= room_) size_ = room_ - (kSlack - 273);
    return flush();
  }
  bool flush() {
    const bool good = held_.empty() || writer_.write(held_);
    held_.clear();
    return good;
  }

 private:
  Writer& writer_;
  Bytes held_;
  std::uint64_t room_ = 0;
  std::uint64_t size_ = 0;
};

/// liblzma's state for one block or file.
class Lzma {
 public:
  Lzma() = default;
  Lzma(const Lzma&) = delete;
  Lzma& operator=(const Lzma&) = delete;
  ~Lzma() { ::lzma_end(&stream_); }

  bool start_lzma2(std::uint32_t dictionary) {
    lzma_options_lzma options{};
    options.dict_size = dictionary;
    const lzma_filter filters[] = {{LZMA_FILTER_LZMA2, &options}, {LZMA_VLI_UNKNOWN, nullptr}};
    return ::lzma_raw_decoder(&stream_, filters) == LZMA_OK;
  }
  bool start_lzma_file() { return ::lzma_alone_decoder(&stream_, UINT64_MAX) == LZMA_OK; }

  struct Step {
    std::uint64_t made = 0;
    bool bad = false;
    bool ended = false;
    bool unwritten = false;
  };
  /// Decodes all of `bytes`, or up to the end of the data.
  Step decode(ByteView bytes, Held& held) {
    Step step;
    stream_.next_in = bytes.data();
    stream_.avail_in = bytes.size();
    do {
      stream_.next_out = out_.data();
      stream_.avail_out = out_.size();
      const lzma_ret result = ::lzma_code(&stream_, LZMA_RUN);
      const std::size_t made = out_.size() - stream_.avail_out;
      step.made += made;
      step.unwritten = !held.add(ByteView(out_).first(made));
      step.ended = result == LZMA_STREAM_END;
      step.bad = !step.ended && result != LZMA_OK && result != LZMA_BUF_ERROR;
    } while (!step.bad && !step.ended && !step.unwritten &&
             (stream_.avail_in != 0 || stream_.avail_out == 0));
    return step;
  }

 private:
  lzma_stream stream_ = LZMA_STREAM_INIT;
  std::array<Byte, std::size_t{1} << 16> out_;
};

class Decoder {
 public:
  Decoder(Reader& input, Writer& output) : input_(input), held_(output) {}

  XzEnd decode() {
    if (has_magic()) {
      xz_file();
    } else {
      lzma_file();
    }
    return end_;
  }

 private:
  bool has_magic() {
    const ByteView start = input_.next(kMagic.size());
    return std::equal(kMagic.begin(), kMagic.end(), start.begin());
  }

  /// These end the decoding: false for the caller to pass on.
  bool fail(int code) {
    end_.code = code;
    return false;
  }
  bool fail(std::string_view message) {
    end_.message = message;
    return false;
  }
  bool lost() {
    end_.unwritten = true;
    return false;
  }

  void lzma_file() {
    const ByteView header = input_.next(14);
    const std::uint32_t dictionary = little_endian(header.subspan(1));
    const std::uint32_t high = little_endian(header.subspan(9));
    const std::uint32_t size = high == 0 ? little_endian(header.subspan(5)) : high;
    if (header[0] > 225) return void(fail("lzma check 1 failed"));
    if (header[13] != 0) return void(fail("lzma check 2 failed"));
    if (high != 0 && high != 0xFFFFFFFF) return void(fail("lzma check 3 failed"));
    if (dictionary < kMinDictionary) return void(fail("lzma check 4 failed"));
    if (dictionary > kMaxDictionary) return void(fail(kDictionaryTooLarge));
    if (!has_good_properties(header[0])) return void(fail(kBadProperties));
    // The size does not stop the decoder inside a piece, so liblzma gets a header without one.
    std::array<Byte, 13> sizeless{};
    std::copy_n(header.begin(), 5, sizeless.begin());
    std::fill(sizeless.begin() + 5, sizeless.end(), Byte{0xFF});
    input_.skip(13);
    if (size <= dictionary && size > 0) end_.has_dictionary = true;
    lzma_pieces(sizeless, dictionary, size);
  }

  void lzma_pieces(ByteView header, std::uint32_t dictionary, std::uint32_t size) {
    Lzma lzma;
    if (!lzma.start_lzma_file() || lzma.decode(header, held_).bad) return void(fail(kData));
    held_.start_block(dictionary);
    std::uint64_t made = 0;
    while (made != size) {
      // Past the end only garbage would follow, which the real decoder sooner or later finds broken.
      const ByteView piece = input_.next(kLzmaPiece);
      const auto real = kLzmaPiece - std::min<std::uint64_t>(input_.padding(), kLzmaPiece);
      const Lzma::Step step = lzma.decode(piece.first(real), held_);
      input_.skip(kLzmaPiece);
      made += step.made;
      if (made > 0) end_.has_dictionary = true;
      if (step.unwritten) return void(lost());
      if (step.ended) break;
      if (step.bad || real < kLzmaPiece) return void(fail(kBrokenData));
    }
    if (!held_.flush()) lost();
  }

  void xz_file() {
    do {
      if (!stream()) return;
    } while (has_magic());
  }

  /// One stream; true if it was good.
  bool stream() {
    std::size_t check_size = 0;
    switch (input_.next(8)[7]) {
      case 0: check_size = 1; break;  // sic
      case 1: check_size = 4; break;
      case 4: check_size = 8; break;
      default: return fail(kCheckType);
    }
    input_.skip(12);
    while (input_.peek() != 0) {
      if (!block(check_size)) return false;
    }
    skip_index();
    return true;
  }

  void skip_number() {
    // In the padding there is no end to find.
    while (input_.peek() >= 0x80 && input_.padding() == 0) input_.skip(1);
    input_.skip(1);
  }

  void skip_index() {
    input_.skip(1);
    for (int records = input_.take(); records > 0; --records) {
      skip_number();
      skip_number();
    }
    if (input_.position() % 4 != 0) input_.skip(4 - input_.position() % 4);
    input_.skip(16);
  }

  bool block(std::size_t check_size) {
    const std::optional<std::uint32_t> dictionary = block_header();
    if (!dictionary) return false;
    Lzma lzma;
    if (!lzma.start_lzma2(*dictionary)) return fail(kData);
    held_.start_block(*dictionary);
    needs_dictionary_ = needs_state_ = needs_properties_ = true;
    const std::uint64_t start = input_.position();
    while (input_.peek() != 0) {
      if (!chunk(lzma)) return false;
    }
    input_.skip(1);
    if (!held_.flush()) return lost();
    const std::uint64_t beyond = (input_.position() - start) % 4;
    for (std::uint64_t padding = beyond == 0 ? 0 : 4 - beyond; padding > 0; --padding) {
      if (input_.take() != 0) return fail(kPadding);
    }
    input_.skip(check_size);
    return true;
  }

  /// The size of the dictionary.
  std::optional<std::uint32_t> block_header() {
    const auto refuse = [this](int code) -> std::optional<std::uint32_t> {
      fail(code);
      return std::nullopt;
    };
    const std::uint64_t size = (std::uint64_t{input_.take()} + 1) * 4;
    const std::uint64_t start = input_.position();
    const Byte flags = input_.take();
    if ((flags & 2) != 0) return refuse(kFilterCount);
    if ((flags & 20) != 0) return refuse(kBlockFlags);
    if ((flags & 64) != 0) skip_number();
    if ((flags & 128) != 0) skip_number();
    if (input_.take() != LZMA_FILTER_LZMA2) return refuse(kFilterId);
    if (input_.take() != 1) return refuse(kFilterProperties);
    const Byte shift = input_.take();
    if (shift > 40) return refuse(kDictionarySize);
    if (shift > 37) return refuse(kDictionaryTooLarge);
    const std::uint32_t dictionary = (2U | (shift & 1U)) << (shift / 2U + 11U);
    if (dictionary + kSlack > kMaxAllocation) {
      fail("GrowCapacity memory allocation failed");
      return std::nullopt;
    }
    end_.has_dictionary = true;
    const std::uint64_t used = input_.position() - start + 5;
    if (used > size) return refuse(kBlockHeaderTooLong);
    for (std::uint64_t padding = size - used; padding > 0; --padding) {
      if (input_.take() != 0) return refuse(kPadding);
    }
    input_.skip(4);
    return dictionary;
  }

  bool chunk(Lzma& lzma) {
    const ByteView header = input_.next(6);
    const Byte control = header[0];
    if (control >= 3 && control < 0x80) return fail(kChunkControl);
    std::uint64_t made = (std::uint64_t{header[1]} << 8) + header[2] + 1;
    std::size_t length = 3;
    if (control < 3) {
      if (control == 2 && needs_dictionary_) return fail(kData);
      if (control == 1) {
        needs_properties_ = needs_state_;
        needs_state_ = true;
        needs_dictionary_ = false;
      }
      length += made;
    } else {
      made += (control & 31U) << 16;
      length = 5 + (static_cast<std::size_t>(header[3]) << 8) + header[4] + 1;
      if (!starts_lzma(control, header[5])) return false;
      if ((control & 64) != 0) ++length;
    }
    const Lzma::Step step = lzma.decode(input_.next(length), held_);
    input_.skip(length);
    if (step.unwritten) return lost();
    if (step.bad) return fail(kBrokenData);
    return step.made == made || fail(kData);
  }

  /// Whether a compressed chunk may come here.
  bool starts_lzma(Byte control, Byte properties) {
    const int mode = control >> 5 & 3;
    if ((control & 64) != 0) {
      if (!has_good_properties(properties)) return fail(kBadProperties);
      needs_properties_ = false;
    } else if (needs_properties_) {
      return fail(kNoProperties);
    }
    if ((mode != 3 && needs_dictionary_) || (mode == 0 && needs_state_)) return fail(kData);
    needs_dictionary_ = needs_state_ = false;
    return true;
  }

  PaddedInput input_;
  Held held_;
  XzEnd end_;
  bool needs_dictionary_ = true;
  bool needs_state_ = true;
  bool needs_properties_ = true;
};

}  // namespace

XzEnd decode_xz(Reader& input, Writer& output) { return Decoder(input, output).decode(); }

}  // namespace assay::extra

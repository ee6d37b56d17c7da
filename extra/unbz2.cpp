// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// unbz2: the first stream of a bzip2 file. libbz2 decodes; what is left behind after an error is as with the
// real tool, which writes 4096 bytes at a time and, when its input ends too early, loses what it holds. It
// checks the CRC of each block, but not that of the whole stream.
#include <bzlib.h>
#include <fmt/format.h>
#include <algorithm>
#include <array>

#include "extra/run.h"

namespace assay::extra {
namespace {

constexpr std::size_t kPiece = 4096;
constexpr std::size_t kShortestName = 5;

/// Holds back the last 1 to 4096 bytes until more come or the end is known to be good.
class HeldOutput {
 public:
  explicit HeldOutput(Writer& writer) : writer_(writer) {}
  bool add(ByteView bytes) {
    held_.insert(held_.end(), bytes.begin(), bytes.end());
    if (held_.size() <= kPiece) return true;
    const std::size_t ripe = (held_.size() - 1) / kPiece * kPiece;
    if (!writer_.write(ByteView(held_).first(ripe))) return false;
    held_.erase(held_.begin(), held_.begin() + static_cast<std::ptrdiff_t>(ripe));
    return true;
  }
  bool release() { return writer_.write(held_); }

 private:
  Writer& writer_;
  Bytes held_;
};

/// The last bytes that the decoder took.
class Tail {
 public:
  void add(ByteView bytes) {
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    if (std::ssize(bytes_) > kKept) bytes_.erase(bytes_.begin(), bytes_.end() - kKept);
  }
  /// Whether they end with the mark of the end of a stream, its CRC and up to seven bits more.
  [[nodiscard]] bool ends_stream() const {
    constexpr std::uint64_t kMark = 0x177245385090;
    if (std::ssize(bytes_) < kKept) return false;
    std::uint64_t start = 0;  // the first 56 of 88 bits hold all places of the mark
    for (std::size_t i = 0; i < 7; ++i) start = start << 8 | bytes_[i];
    for (int shift = 0; shift < 8; ++shift) {
      if ((start >> shift & 0xFFFF'FFFF'FFFF) == kMark) return true;
    }
    return false;
  }

 private:
  static constexpr std::ptrdiff_t kKept = 11;
  Bytes bytes_;
};

enum class End { whole, bad_data, cut_off, unwritten };

class Decoder {
 public:
  Decoder(Reader& reader, Writer& writer) : reader_(reader), output_(writer) {
    ready_ = ::BZ2_bzDecompressInit(&stream_, 0, 0) == BZ_OK;
  }
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;
  ~Decoder() {
    if (ready_) ::BZ2_bzDecompressEnd(&stream_);
  }

  End decode() {
    const End end = ready_ ? run() : End::bad_data;
    if ((end == End::whole || end == End::bad_data) && !output_.release()) return End::unwritten;
    return end;
  }

 private:
  End run() {
    while (true) {
      if (stream_.avail_in == 0) {
        stream_.avail_in = static_cast<unsigned>(reader_.read(in_));
        stream_.next_in = reinterpret_cast<char*>(in_.data());
        if (stream_.avail_in == 0) return End::cut_off;
      }
      do {
        stream_.next_out = reinterpret_cast<char*>(out_.data());
        stream_.avail_out = static_cast<unsigned>(out_.size());
        const char* const from = stream_.next_in;
        const int end = ::BZ2_bzDecompress(&stream_);
        tail_.add({reinterpret_cast<const Byte*>(from), static_cast<std::size_t>(stream_.next_in - from)});
        if (!output_.add(ByteView(out_).first(out_.size() - stream_.avail_out))) return End::unwritten;
        if (end == BZ_STREAM_END) return End::whole;
        if (end == BZ_DATA_ERROR && tail_.ends_stream()) return End::whole;
        if (end != BZ_OK) return End::bad_data;
      } while (stream_.avail_out == 0);
    }
  }

  Reader& reader_;
  HeldOutput output_;
  Tail tail_;
  bz_stream stream_{};
  bool ready_ = false;
  std::array<Byte, kPiece> in_;
  std::array<Byte, 16 * kPiece> out_;
};

}  // namespace

Output unbz2(const Arguments& arguments, World& world, DiagnosticSink& sink) {
  Run run(arguments, world, sink);
  std::optional<std::string> file;
  std::optional<std::string> output;
  bool fuzzing = false;
  const ValueOption values[] = {
      {"-f", "--file", &file, "the --file option requires a filename to be given\n"},
      {"-o", "--output", &output, "the --output option requires a filename to be given\n"}};
  const SwitchOption switches[] = {{{"--fuzzing-mode"}, &fuzzing, ""}};
  if (auto end = parse_options(run, values, switches,
                               " --file $input.bz2 --output $output\n--help to get this message\n")) {
    return std::move(*end);
  }
  if (!file) return run.fail("an input file (--file $name) must be provided\n");
  const std::unique_ptr<Reader> reader = world.open_stream(*file);
  if (reader == nullptr) return run.fail("Unable to open input file\n");
  if (!output) {
    if (file->size() < kShortestName) {
      return run.fail(
          "file name length not sufficient, please provide output name with --output $filename\n");
    }
    output = file->substr(0, file->size() - 3);
  }
  const std::unique_ptr<Writer> writer = world.create(fuzzing ? "/dev/null" : *output, 0600);
  if (writer == nullptr) return run.fail("Unable to open output file for writing\n");
  switch (Decoder(*reader, *writer).decode()) {
    case End::whole: return run.exit(0);
    case End::unwritten: return run.refuse(kWriteFailed, fmt::format("cannot write '{}'", *output));
    case End::bad_data:
    case End::cut_off: break;
  }
  return run.exit(1);
}

}  // namespace assay::extra

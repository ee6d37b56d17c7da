// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// ungz: the first member of a gzip file. zlib inflates; the header, the refusals and the error codes are
// those of the real tool, which reads everything itself:
//   - FEXTRA's length is taken for four big-endian bytes, FHCRC is refused, the trailer not looked at;
//   - a stored block never passes its check of the length, whose bytes it takes as signed (code -2), but for
//     lengths from 65408 to 65535, which move it backwards and mostly make it read the block for ever;
//   - running out of input ends it at once, before it has named the output;
//   - an empty result and one over 1 GiB fail, because it cannot allocate them.
// The input is inflated twice, first to find errors and the size: on bad data no output is made.
#include <fmt/format.h>
#include <zlib.h>
#include <algorithm>
#include <array>
#include <set>

#include "extra/run.h"

namespace assay::extra {
namespace {

constexpr int kStatusBadData = 3;
constexpr int kStatusNoMemory = 4;
constexpr std::size_t kHeaderSize = 10;
constexpr std::uint32_t kMaxExtra = 100'000'000;
constexpr Byte kFlagHeaderCrc = 2;
constexpr Byte kFlagExtra = 4;
constexpr Byte kFlagName = 8;
constexpr Byte kFlagComment = 16;

/// The real tool's codes for bad deflate data.
constexpr int kOutOfInput = 2;
constexpr int kStoredBlock = -2;

struct CodeOfMessage {
  std::string_view zlib;
  int code;
};
constexpr CodeOfMessage kCodes[] = {
    {"invalid block type", -1},
    {"too many length or distance symbols", -3},
    {"invalid code lengths set", -4},
    {"invalid bit length repeat", -6},
    {"invalid literal/lengths set", -7},
    {"invalid distances set", -8},
    {"invalid code -- missing end-of-block", -9},
    {"invalid literal/length code", -10},
    {"invalid distance code", -10},
    {"invalid distance too far back", -11},
};

struct Inflated {
  int code = 0;
  bool cut_off = false;  ///< the input ended inside a block of codes
  bool hangs = false;    ///< a stored block is read for ever
  std::uint64_t size = 0;
};

class Inflater {
 public:
  Inflater(ByteView deflated, Writer* writer) : deflated_(deflated), writer_(writer) {
    stream_.next_in = const_cast<Bytef*>(deflated.data());
    stream_.avail_in = static_cast<uInt>(deflated.size());  // kMaxInputBytes fits
    ready_ = ::inflateInit2(&stream_, -MAX_WBITS) == Z_OK;
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater() {
    if (ready_) ::inflateEnd(&stream_);
  }

  /// False if the output could not be written (or zlib has no memory).
  bool inflate(Inflated& result) {
    bool last = false;
    while (ready_ && good_ && !last) {
      if (starts_stored(result)) return true;
      if (result.cut_off) return true;
      const int end = block(result);
      if (end == Z_STREAM_END) return good_;
      if (end == Z_BUF_ERROR) {
        result.cut_off = true;
        return good_;
      }
      if (end != Z_OK) {
        result.code = code_of_message();
        return good_;
      }
      last = (stream_.data_type & 64) != 0;
    }
    return ready_ && good_;
  }

 private:
  /// Looks at the three bits in front of the next block: true if it is a stored one.
  bool starts_stored(Inflated& result) {
    const std::size_t used = deflated_.size() - stream_.avail_in;
    const std::size_t bit = used * 8 - static_cast<std::size_t>(stream_.data_type & 7);
    if (bit + 3 > deflated_.size() * 8) {
      result.cut_off = true;
      return false;
    }
    unsigned pair = deflated_[bit / 8];
    if (bit / 8 + 1 < deflated_.size()) pair |= static_cast<unsigned>(deflated_[bit / 8 + 1]) << 8;
    if (((pair >> (bit % 8 + 1)) & 3U) != 0) return false;
    stored((bit + 3 + 7) / 8, result);
    return true;
  }

  /// A stored block whose length is at `at`. Only the lengths over 65407 have bytes that are right when taken
  /// as signed; such a length is then 65536 less.
  void stored(std::size_t at, Inflated& result) const {
    std::set<std::size_t> seen;
    while (true) {
      result.code = at + 4 > deflated_.size() ? kOutOfInput : kStoredBlock;
      if (result.code == kOutOfInput) return;
      const ByteView length = deflated_.subspan(at, 4);
      const bool backwards = length[0] >= 0x80 && length[1] == 0xFF;
      if (!backwards || length[2] != 0xFF - length[0] || length[3] != 0) return;
      result.hangs = !seen.insert(at).second;
      const std::size_t back = 256U - length[0];
      if (result.hangs || at + 4 < back) return;
      const std::size_t next = at + 4 - back;
      // What lies there is no block that anybody wrote; only a stored one is followed.
      if (next >= deflated_.size() || (deflated_[next] & 7) != 0) return;
      at = next + 1;
    }
  }

  /// One block; Z_OK at its end.
  int block(Inflated& result) {
    while (true) {
      stream_.next_out = out_.data();
      stream_.avail_out = static_cast<uInt>(out_.size());
      const int end = ::inflate(&stream_, Z_BLOCK);
      const std::size_t made = out_.size() - stream_.avail_out;
      result.size += made;
      if (writer_ != nullptr && !writer_->write(ByteView(out_).first(made))) good_ = false;
      if (end != Z_OK || !good_) return end;
      if ((stream_.data_type & 128) != 0) return Z_OK;
      if (stream_.avail_in == 0 && stream_.avail_out != 0) return Z_BUF_ERROR;
    }
  }

  [[nodiscard]] int code_of_message() const {
    const std::string_view message = stream_.msg == nullptr ? "" : stream_.msg;
    const auto* const row =
        std::find_if(std::begin(kCodes), std::end(kCodes),
                     [message](const CodeOfMessage& known) { return known.zlib == message; });
    return row == std::end(kCodes) ? -1 : row->code;
  }

  ByteView deflated_;
  Writer* writer_;
  z_stream stream_{};
  bool ready_ = false;
  bool good_ = true;
  std::array<Byte, std::size_t{1} << 16> out_;
};

struct Member {
  std::string name;
  bool has_stored_name = false;
  ByteView deflated;
};

/// Reads a gzip header piece by piece.
class HeaderReader {
 public:
  HeaderReader(Run& run, ByteView bytes) : run_(run), rest_(bytes) {}

  /// Nothing if `end()` holds the end of the run.
  std::optional<Member> read(const std::string& path) {
    if (rest_.size() < kHeaderSize) return reject("incomplete gzip header\n");
    if (rest_[0] != 0x1f || rest_[1] != 0x8b) return reject("bad header\n");
    if (rest_[2] != 8) return reject("NOT DEFLATE COMPRESSION\n");
    const Byte flags = rest_[3];
    rest_ = rest_.subspan(kHeaderSize);
    Member member;
    if ((flags & kFlagExtra) != 0 && !skip_extra()) return std::nullopt;
    if ((flags & kFlagName) != 0) {
      const std::optional<std::string> name = text("received a non-null terminated filename in the file\n");
      if (!name) return std::nullopt;
      member.name = *name;
      member.has_stored_name = true;
    }
    if ((flags & kFlagComment) != 0 && !text("received a non-null terminated comment in the file\n")) {
      return std::nullopt;
    }
    if ((flags & kFlagHeaderCrc) != 0) return reject("FHCRC is not implemented at this time\n");
    if (!member.has_stored_name) member.name = path.substr(0, path.size() < 3 ? 0 : path.size() - 3);
    member.deflated = rest_;
    return member;
  }

  std::optional<Output> end() { return std::move(end_); }

 private:
  std::optional<Member> reject(std::string_view message) {
    run_.err(message);
    end_ = run_.fail("memory allocation failure\nDidn't read file\n");
    return std::nullopt;
  }

  bool skip_extra() {
    std::uint32_t length = 0;
    for (std::size_t i = 0; i < 4; ++i) length = length << 8 | (i < rest_.size() ? rest_[i] : 0U);
    rest_ = rest_.subspan(std::min<std::size_t>(4, rest_.size()));
    if (length == 0) {
      end_ = run_.fail("FEXTRA field needs to be a positive number of bytes in size\n");
      return false;
    }
    if (length >= kMaxExtra) {
      end_ = run_.fail("we don't support FEXTRA fields greater than 100MB in size\n");
      return false;
    }
    rest_ = rest_.subspan(std::min<std::size_t>(length, rest_.size()));
    return true;
  }

  std::optional<std::string> text(std::string_view unterminated) {
    const std::string_view rest = as_text(rest_);
    const std::size_t length = rest.find('\0');
    if (length == std::string_view::npos) {
      end_ = run_.fail(unterminated);
      return std::nullopt;
    }
    rest_ = rest_.subspan(length + 1);
    return std::string(rest.substr(0, length));
  }

  Run& run_;
  ByteView rest_;
  std::optional<Output> end_;
};

struct Request {
  std::optional<std::string> file;
  std::optional<std::string> output;
  bool fuzzing = false;
};

std::optional<Output> parse(Run& run, Request& request) {
  const ValueOption values[] = {
      {"-f", "--file", &request.file, "the --file option requires a filename to be given\n"},
      {"-o", "--output", &request.output, "the --output option requires a filename to be given\n"}};
  const SwitchOption switches[] = {{{"--chaos", "--fuzz-mode", "--fuzzing"},
                                    &request.fuzzing,
                                    "fuzz-mode enabled, preparing for chaos\n"}};
  return parse_options(run, values, switches,
                       " --file $input.gz [--output $output] (or it'll use the internal filename)\n--help to "
                       "get this message\n--fuzz-mode if you wish to fuzz this application safely\n");
}

Output write_member(Run& run, const Request& request, const Member& member, const std::string& output) {
  if (request.fuzzing) {
    run.err("skipped write to file due to --fuzz-mode flag\n");
    return run.exit(0);
  }
  if (!request.output && member.has_stored_name && !run.world.stays_inside(output, LastLink::follow)) {
    return run.refuse(kUngzEscape, fmt::format("'{}' leads out of the current directory", output));
  }
  const std::unique_ptr<Writer> writer = run.world.create(output, 0600);
  if (writer == nullptr) {
    return run.crash(kUngzCrashOutput, fmt::format("cannot create '{}', the real ungz crashes", output));
  }
  Inflated again;
  if (!Inflater(member.deflated, writer.get()).inflate(again)) {
    return run.refuse(kWriteFailed, fmt::format("cannot write '{}'", output));
  }
  return run.exit(0);
}

}  // namespace

Output ungz(const Arguments& arguments, World& world, DiagnosticSink& sink) {
  Run run(arguments, world, sink);
  Request request;
  if (auto end = parse(run, request)) return std::move(*end);
  if (!request.file) return run.crash(kUngzCrashInput, "no input is named, the real ungz crashes");
  const Input input = world.open(*request.file);
  if (input.kind == Input::Kind::missing) {
    return run.fail(
        fmt::format("unable to open file: {}\nfor reading\nmemory allocation failure\nDidn't read file\n",
                    *request.file));
  }
  if (auto end = run.unusable(input, *request.file, kUngzCrashInput)) return std::move(*end);
  HeaderReader header(run, input.bytes());
  const std::optional<Member> member = header.read(*request.file);
  if (!member) return std::move(*header.end());
  Inflated inflated;
  if (!Inflater(member->deflated, nullptr).inflate(inflated)) return run.exit(kStatusNoMemory);
  if (inflated.cut_off) return run.fail("out of input\n");
  if (inflated.hangs) {
    sink.report(kUngzHang, {}, fmt::format("'{}' holds a stored block of over 65407 bytes", *request.file));
    Output output = run.exit(0);
    output.ending = Ending::hangs;
    return output;
  }
  const std::string& output = request.output ? *request.output : member->name;
  run.err(fmt::format("{} => {}", *request.file, output));
  if (inflated.code != 0) {
    run.err(fmt::format("\npuff() failed with return code {}\n", inflated.code));
    return run.exit(kStatusBadData);
  }
  run.err(fmt::format(": succeeded uncompressing {} bytes\n", inflated.size));
  if (inflated.size == 0 || inflated.size > kMaxInputBytes) {
    run.err("memory allocation failure\n");
    return run.exit(kStatusNoMemory);
  }
  return write_member(run, request, *member, output);
}

}  // namespace assay::extra

// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/image/builder_hex0_image.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "hex0/hex0.h"

namespace assay::image {
namespace {

/// Reads the headers of commands; a failed read leaves the reason in `stop`.
class StreamParser {
 public:
  StreamParser(const Medium& medium, std::uint64_t offset) : reader_(medium, offset), size_(medium.size()) {
    stream_.end = offset;
  }

  Stream parse() && {
    while (stream_.commands.size() < kMaxStreamCommands) {
      StreamCommand command;
      command.offset = reader_.offset();
      if (!parse_command(command)) return std::move(stream_);
      stream_.end = command.end();
      const bool last = command.kind == CommandKind::end;
      const bool beyond = command.end() > size_;
      stream_.commands.push_back(std::move(command));
      if (last) stream_.stop = StreamStop::terminated;
      if (beyond) stream_.end = size_;
      if (last || beyond) return std::move(stream_);
      reader_.skip_to(stream_.end);
    }
    stream_.stop = StreamStop::too_many_commands;
    return std::move(stream_);
  }

 private:
  bool parse_command(StreamCommand& command) {
    const std::optional<Byte> first = reader_.next();
    if (!first) return false;
    if (*first == 0) return true;
    command.word.push_back(static_cast<char>(*first));
    switch (*first) {
      case 's':
        command.kind = CommandKind::source;
        if (!fixed(command, 3) || !until(command, ' ', command.size_text) ||
            !until(command, '\n', command.path))
          return false;
        command.payload_size = kernel_number(command.size_text);
        break;
      case 'h':
        command.kind = CommandKind::hex0;
        if (!fixed(command, 4) || !until(command, ' ', command.path) ||
            !until(command, '\n', command.argument))
          return false;
        break;
      case 'f':
        command.kind = CommandKind::flush;
        if (!fixed(command, 1)) return false;
        break;
      default:
        command.kind = CommandKind::run;
        command.path = std::exchange(command.word, {});
        // The kernel has taken the first byte for the name already, whatever it is.
        if (!until(command, ' ', command.path) || !until(command, '\n', command.argument)) return false;
    }
    command.header_size = reader_.offset() - command.offset;
    command.payload_offset = reader_.offset();
    return true;
  }

  bool fixed(StreamCommand& command, int count) {
    for (; count > 0; --count) {
      const std::optional<Byte> byte = reader_.next();
      if (!byte) return false;
      command.word.push_back(static_cast<char>(*byte));
    }
    return true;
  }

  bool until(const StreamCommand& command, char last, std::string& text) {
    while (true) {
      if (reader_.offset() - command.offset > kMaxHeaderBytes) {
        stream_.stop = StreamStop::header_too_long;
        return false;
      }
      const std::optional<Byte> byte = reader_.next();
      if (!byte) return false;
      if (*byte == static_cast<Byte>(last)) return true;
      text.push_back(static_cast<char>(*byte));
    }
  }

  static std::uint32_t kernel_number(std::string_view text) {
    std::uint32_t number = 0;
    for (const char character : text) number = number * 10 + static_cast<Byte>(character - '0');
    return number;
  }

  MediumReader reader_;
  std::uint64_t size_;
  Stream stream_;
};

}  // namespace

std::optional<SectorConstant> sector_constant_of(ByteView stage2) {
  // `mov dword [0x01000000], K` stands there twice: the first is for the kernel that is its own boot sector.
  constexpr std::array<Byte, 6> kStore{0xC7, 0x05, 0x00, 0x00, 0x00, 0x01};
  const auto found = std::find_end(stage2.begin(), stage2.end(), kStore.begin(), kStore.end());
  const auto at = static_cast<std::size_t>(found - stage2.begin()) + kStore.size();
  if (at + 4 > stage2.size()) return std::nullopt;
  return SectorConstant{at, static_cast<std::uint32_t>(stage2[at]) |
                                static_cast<std::uint32_t>(stage2[at + 1]) << 8U |
                                static_cast<std::uint32_t>(stage2[at + 2]) << 16U |
                                static_cast<std::uint32_t>(stage2[at + 3]) << 24U};
}

Stream parse_stream(const Medium& medium, std::uint64_t offset) {
  return StreamParser(medium, offset).parse();
}

bool looks_like_builder_hex0(const Medium& medium) {
  std::array<Byte, 2 * kSectorBytes> head = {};
  const Result<std::size_t> got = medium.read_some(0, head);
  if (!got || *got < head.size()) return false;
  const bool boots = head[kSectorBytes - 2] == 0x55 && head[kSectorBytes - 1] == 0xAA;
  // Without its signature it is recognised by its first instruction, to tell what is missing.
  if (!boots && (head[0] != 0x33 || head[1] != 0xC0)) return false;
  if (head[kSectorBytes] == 0) return false;
  for (const Byte byte : std::span(head).subspan(kSectorBytes)) {
    if (byte == 0) return true;  // a short text and its end
    if ((byte < ' ' && byte != '\n' && byte != '\t' && byte != '\r') || byte == 0x7F) return false;
  }
  return true;
}

Result<BuilderHex0Image> parse_builder_hex0_image(std::shared_ptr<const Medium> medium) {
  BuilderHex0Image image;
  Result<Bytes> boot_sector = medium->read(0, kSectorBytes);
  if (!boot_sector) return tl::unexpected(boot_sector.error());
  if (medium->size() < 2 * kSectorBytes)
    return fail("medium-too-short", "there is no sector after the boot sector");
  image.boot_sector = std::move(*boot_sector);
  MediumReader reader(*medium, kSectorBytes);
  bool comment = false;  // stage1 does not look for the end inside one
  while (image.stage2_text.size() < kMaxStage2TextBytes) {
    const std::optional<Byte> byte = reader.next();
    if (!byte) break;
    comment = comment ? *byte != '\n' : *byte == '#' || *byte == ';';
    if (*byte == 0 && !comment) {
      image.stage2_ends = true;
      break;
    }
    image.stage2_text.push_back(*byte);
  }
  NoDiagnostics nobody;
  image.stage2 = hex0::assemble(Source{"stage2", image.stage2_text},
                                {.dialect = hex0::find_dialect("bh0-stage1-master")}, nobody);
  image.sector_constant = sector_constant_of(image.stage2.bytes);
  image.stream_offset =
      image.sector_constant ? image.sector_constant->value * kSectorBytes : image.stage2_end();
  Stream stream = parse_stream(*medium, image.stream_offset);
  image.commands = std::move(stream.commands);
  image.stop = stream.stop;
  image.stream_end = stream.end;
  image.medium = std::move(medium);
  return image;
}

Result<Bytes> read_payload(const Medium& medium, std::uint64_t offset, std::uint64_t size) {
  if (size > kMaxPayloadBytes)
    return fail("image-limit", fmt::format("a file of {} bytes at {:#x}", size, offset));
  return medium.read(offset, size);
}

}  // namespace assay::image

// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A disk image for builder-hex0, taken apart as its kernel reads it:
//
//   sector 0      stage1, 512 bytes of machine code; it compiles
//   sector 1 ...  stage2, hex0 text up to a NUL byte; its binary reads
//   sector K ...  the command stream, K being a constant inside stage2.
//
// Nothing is judged here beyond what is needed to go on; bootstrap/image/builder_hex0_check.h judges.
// Facts: stage1 and stage2 of builder-hex0 (revision b8a2047), read and run.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bootstrap/image/medium.h"
#include "core/output.h"

namespace assay::image {

/// stage2's binary lies at 0:7E00 and is written with a 16-bit pointer.
inline constexpr std::uint64_t kMaxStage2Bytes = 0x10000 - 0x7E00;
/// stage1 counts sectors in 16 bits.
inline constexpr std::uint64_t kMaxStage2TextBytes = (0x10000 - 1) * kSectorBytes;
/// We stop reading a header that is longer: the kernel's buffer is 2,048 bytes.
inline constexpr std::uint64_t kMaxHeaderBytes = 4096;
/// The kernel holds 14,332 files; a stream with this many commands is not one.
inline constexpr std::size_t kMaxStreamCommands = 1U << 20U;

enum class CommandKind {
  source,  ///< "src SIZE PATH\n" and SIZE bytes: a file, or a directory if SIZE is 0
  hex0,    ///< "hex0 INPUT OUTPUT\n"
  flush,   ///< "f" and any byte: /dev/hda is written to the disk before the next program
  run,     ///< "PROGRAM ARGUMENT\n"
  end,     ///< a NUL
};

struct StreamCommand {
  CommandKind kind = CommandKind::end;
  /// Of the command's first byte in the medium.
  std::uint64_t offset = 0;
  /// Bytes up to and with the LF; 2 for flush, 1 for end.
  std::uint64_t header_size = 1;
  /// The bytes the kernel skips without looking: "src ", "hex0 ", "f\n" where all is well.
  std::string word;
  /// source: the size as written. The kernel takes any byte but ' ' for a digit (value: byte - '0', 8 bits)
  /// and counts in 32 bits.
  std::string size_text;
  /// Any bytes but LF (and, of hex0 and run, ' '). source: the file; hex0: the input; run: the program.
  std::string path;
  /// hex0: the output; run: the one argument.
  std::string argument;
  /// source: where its bytes are in the medium, which may end before them.
  std::uint64_t payload_offset = 0;
  std::uint32_t payload_size = 0;

  [[nodiscard]] std::uint64_t sector() const { return offset / kSectorBytes; }
  /// Of the byte after the command and its payload.
  [[nodiscard]] std::uint64_t end() const {
    return kind == CommandKind::source ? payload_offset + payload_size : offset + header_size;
  }
};

enum class StreamStop {
  terminated,         ///< at a NUL: the last command is `end`
  medium_ends,        ///< before a NUL: the kernel tries to read beyond it for ever
  header_too_long,    ///< no space or LF within kMaxHeaderBytes
  too_many_commands,  ///< kMaxStreamCommands
};

struct SectorConstant {
  std::size_t offset = 0;  ///< in stage2's binary
  std::uint32_t value = 0;
};
/// Where stage2's binary says that the stream begins; nothing if it holds no known instruction for it.
std::optional<SectorConstant> sector_constant_of(ByteView stage2);

/// A file of more bytes than this is not read by any check: no machine could build with it.
inline constexpr std::uint64_t kMaxPayloadBytes = 512U << 20U;
/// Errors: "image-limit", and as Medium::read.
Result<Bytes> read_payload(const Medium& medium, std::uint64_t offset, std::uint64_t size);

struct BuilderHex0Image {
  std::shared_ptr<const Medium> medium;
  Bytes boot_sector;  ///< 512 bytes
  /// The hex0 text from sector 1 to the NUL, which is not part of it.
  Bytes stage2_text;
  /// Whether a NUL ends the text within what stage1 can read.
  bool stage2_ends = false;
  /// What stage1 makes of the text (dialect bh0-stage1-master).
  Output stage2;
  std::optional<SectorConstant> sector_constant;
  /// Where the kernel reads its first command: the constant, or the sector after the text if there is none.
  std::uint64_t stream_offset = 0;
  std::vector<StreamCommand> commands;
  StreamStop stop = StreamStop::medium_ends;
  /// After the last byte the parser could make sense of: after the NUL if terminated.
  std::uint64_t stream_end = 0;

  /// The first sector boundary after the text and its NUL.
  [[nodiscard]] std::uint64_t stage2_end() const {
    return (kSectorBytes + stage2_text.size() + 1 + kSectorBytes - 1) / kSectorBytes * kSectorBytes;
  }
  /// The bytes of a `source` command. Errors: as read_payload.
  [[nodiscard]] Result<Bytes> payload(const StreamCommand& command) const {
    return read_payload(*medium, command.payload_offset, command.payload_size);
  }
};

struct Stream {
  std::vector<StreamCommand> commands;
  StreamStop stop = StreamStop::medium_ends;
  std::uint64_t end = 0;
};

/// Reads commands as the kernel does, from `offset` on, to the NUL or a stop.
Stream parse_stream(const Medium& medium, std::uint64_t offset);

/// Whether the first sectors look like such an image: a boot sector (55 AA, or 33 C0 at its
/// beginning) with text behind it.
bool looks_like_builder_hex0(const Medium& medium);

/// Errors: "medium-too-short" (less than two sectors), "medium-unreadable". Everything else that is wrong is
/// in the value.
Result<BuilderHex0Image> parse_builder_hex0_image(std::shared_ptr<const Medium> medium);

}  // namespace assay::image

// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/opaque.h"

#include <magic.h>
#include <algorithm>
#include <array>

#include "core/paths.h"

namespace assay::audit {
namespace {

struct MimeKind {
  std::string_view start;  ///< of the MIME type
  std::string_view kind;
};

/// The first row that fits.
constexpr MimeKind kMimes[] = {
    {"application/x-executable", "bin-elf"},
    {"application/x-pie-executable", "bin-elf"},
    {"application/x-sharedlib", "bin-elf"},
    {"application/x-object", "bin-elf"},
    {"application/x-coredump", "bin-elf"},
    {"application/x-dosexec", "bin-program"},
    {"application/vnd.microsoft.portable-executable", "bin-program"},
    {"application/x-mach-binary", "bin-program"},
    {"application/x-coff", "bin-program"},
    {"application/x-java-applet", "bin-bytecode"},
    {"application/x-java", "bin-bytecode"},
    {"application/x-bytecode.python", "bin-bytecode"},
    {"application/wasm", "bin-bytecode"},
    {"application/x-shockwave-flash", "bin-bytecode"},
    {"application/java-archive", "bin-package"},
    {"application/vnd.android.package-archive", "bin-package"},
    {"application/vnd.debian.binary-package", "bin-package"},
    {"application/x-rpm", "bin-package"},
    {"application/x-gettext-translation", "gmo"},
    {"application/pdf", "pdf"},
    {"application/postscript", "ps"},
    {"application/x-dvi", "dvi"},
    {"application/x-archive", "archive"},
    {"application/x-arc", "archive"},
    {"application/zip", "archive"},
    {"application/gzip", "archive"},
    {"application/x-gzip", "archive"},
    {"application/x-bzip2", "archive"},
    {"application/x-xz", "archive"},
    {"application/x-lzma", "archive"},
    {"application/x-lzip", "archive"},
    {"application/x-lz4", "archive"},
    {"application/x-lrzip", "archive"},
    {"application/x-lzop", "archive"},
    {"application/x-compress", "archive"},
    {"application/zstd", "archive"},
    {"application/x-tar", "archive"},
    {"application/x-cpio", "archive"},
    {"application/x-7z-compressed", "archive"},
    {"application/x-rar", "archive"},
    {"application/vnd.rar", "archive"},
    {"application/vnd.ms-cab-compressed", "archive"},
    {"application/x-iso9660-image", "bin-data"},
    {"application/x-sqlite3", "bin-data"},
    {"application/vnd.sqlite3", "bin-data"},
    {"application/vnd.tcpdump.pcap", "bin-data"},
    {"application/vnd.oasis", "bin-data"},
    {"application/vnd.openxmlformats", "bin-data"},
    {"application/vnd.ms-", "bin-data"},
    {"application/vnd.ms-fontobject", "font"},
    {"application/font", "font"},
    {"application/x-font", "font"},
    {"application/pgp", "keys"},
    {"application/x-pgp-keyring", "keys"},
    {"font/", "font"},
    {"image/", "image"},
    {"audio/", "media"},
    {"video/", "media"},
};

/// Formats whose names libmagic does not know as MIME types: how the file begins.
struct Start {
  std::string_view bytes;
  std::string_view kind;
};
constexpr Start kStarts[] = {
    {"\x7f"
     "ELF",
     "bin-elf"},
    {";ELC", "bin-bytecode"},
    {"\xed\xab\xee\xdb", "bin-package"},
    {"\xfd"
     "7zXZ",
     "archive"},
    {"LZIP", "archive"},
    {std::string_view("\x5d\0\0", 3), "archive"},
    {"\x1bLua", "bin-bytecode"},
    {"dex\n", "bin-bytecode"},
    {"FOR1", "bin-bytecode"},
    {"\xf7\x02", "dvi"},
    {"\x30\x82", "keys"},
};

bool is_utf16(ByteView bytes) {
  return bytes.size() >= 2 &&
         ((bytes[0] == 0xff && bytes[1] == 0xfe) || (bytes[0] == 0xfe && bytes[1] == 0xff));
}

}  // namespace

bool is_test_path(std::string_view path) {
  for (const std::string_view part : path_parts(path)) {
    const auto has = [&](std::string_view word) { return part.find(word) != std::string_view::npos; };
    if (has("test") || has("Test") || has("fuzz") || has("corpus") || has("fixture") || has("sample") ||
        part == "checks")
      return true;
  }
  return false;
}

bool is_opaque(ByteView bytes) {
  if (is_utf16(bytes)) return false;
  bytes = bytes.first(std::min(bytes.size(), kOpaqueBytes));
  // Backspace, tab, lines, form feed, escape and Info's separator are text; so is all from 0x80 on, in some
  // encoding.
  constexpr auto kControl = [] {
    std::array<std::uint8_t, 256> control{};
    for (std::size_t c = 1; c < 32; ++c) control.at(c) = (c < 7 || c > 13) && c != 27 && c != 31 ? 1 : 0;
    control[127] = 1;
    return control;
  }();
  if (std::ranges::find(bytes, 0) != bytes.end()) return true;
  std::size_t controls = 0;
  for (const Byte byte : bytes) controls += kControl[byte];
  return controls * 50 > bytes.size();
}

void Magic::Closer::operator()(void* cookie) const { magic_close(static_cast<magic_t>(cookie)); }

Result<Magic> Magic::open() {
  magic_t cookie =
      magic_open(MAGIC_MIME_TYPE | MAGIC_NO_CHECK_TAR | MAGIC_NO_CHECK_COMPRESS | MAGIC_NO_CHECK_CDF);
  Magic magic(cookie);
  if (cookie == nullptr || magic_load(cookie, nullptr) != 0)
    return fail("audit-no-magic", "libmagic cannot load its database");
  return magic;
}

std::string Magic::describe(ByteView bytes) const {
  const auto cookie = static_cast<magic_t>(cookie_.get());
  magic_setflags(cookie, MAGIC_NONE);
  const char* text = magic_buffer(cookie, bytes.data(), std::min(bytes.size(), kOpaqueBytes));
  std::string result = text == nullptr ? "" : text;
  magic_setflags(cookie, MAGIC_MIME_TYPE);
  return result;
}

Evidence Magic::kind_of(std::string_view path, ByteView bytes) const {
  const auto evidence = [](std::string_view kind, double confidence) {
    return Evidence{.rule = "magic", .kind = find_kind(kind), .confidence = confidence};
  };
  const std::string_view text = as_text(bytes);
  for (const Start& start : kStarts) {
    if (text.starts_with(start.bytes)) return evidence(start.kind, 0.97);
  }
  if (bytes.size() > 262 && text.substr(257, 5) == "ustar") return evidence("archive", 0.99);
  const char* found =
      magic_buffer(static_cast<magic_t>(cookie_.get()), bytes.data(), std::min(bytes.size(), kOpaqueBytes));
  const std::string_view mime = found == nullptr ? std::string_view{} : found;
  for (const MimeKind& row : kMimes) {
    if (mime.starts_with(row.start)) return evidence(row.kind, 0.97);
  }
  for (const std::string_view word : {"firmware", "ucode", "microcode"}) {
    if (path.find(word) != std::string_view::npos) return evidence("bin-firmware", 0.9);
  }
  return evidence(is_test_path(path) ? "bin-testdata" : "bin-unknown", 0.9);
}

}  // namespace assay::audit

// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/host_read.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <cerrno>
#include <cstring>

#include "core/host_descriptor.h"

namespace assay {
namespace {

constexpr std::size_t kReadPiece = std::size_t{1} << 20;

std::string errno_text(std::string_view what, const std::string& path) {
  return fmt::format("{} '{}': {}", what, path, std::strerror(errno));
}

}  // namespace

Result<Bytes> read_host_file(const std::string& path) {
  const HostDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.number() < 0) {
    return fail(errno == ENOENT ? "file-not-found" : "file-unreadable", errno_text("cannot open", path));
  }
  Bytes bytes;
  struct stat status {};
  if (::fstat(file.number(), &status) == 0 && S_ISREG(status.st_mode)) {
    bytes.reserve(static_cast<std::size_t>(status.st_size) + 1);
  }
  std::size_t used = 0;
  while (true) {
    if (bytes.capacity() < used + 1) bytes.reserve(used + kReadPiece);
    bytes.resize(bytes.capacity());
    const ssize_t got = ::read(file.number(), bytes.data() + used, bytes.size() - used);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail("file-unreadable", errno_text("cannot read", path));
    if (got == 0) break;
    used += static_cast<std::size_t>(got);
  }
  bytes.resize(used);
  return bytes;
}

}  // namespace assay

// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "command/host_files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "core/host_descriptor.h"

namespace assay {
namespace {

std::string errno_text(std::string_view what, const std::string& path) {
  return fmt::format("{} '{}': {}", what, path, std::strerror(errno));
}

bool write_all(int descriptor, ByteView bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

Result<void> write_host_file(const std::string& path, ByteView bytes, std::uint32_t mode) {
  std::string temporary = path + ".XXXXXX";
  const HostDescriptor file(::mkostemp(temporary.data(), O_CLOEXEC));
  if (file.number() < 0) return fail("file-unwritable", errno_text("cannot create", path));
  const bool whole = write_all(file.number(), bytes) && ::fchmod(file.number(), mode) == 0 &&
                     ::rename(temporary.c_str(), path.c_str()) == 0;
  if (whole) return {};
  std::string message = errno_text("cannot write", path);
  ::unlink(temporary.c_str());
  return fail("write-failed", std::move(message));
}

}  // namespace assay

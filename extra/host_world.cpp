// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "extra/host_world.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cerrno>
#include <filesystem>
#include <optional>

#include "core/host_descriptor.h"
#include "extra/beneath.h"

namespace assay::extra {
namespace {

class DescriptorReader final : public Reader {
 public:
  explicit DescriptorReader(int number) : descriptor_(number) {}
  std::size_t read(std::span<Byte> room) override {
    while (true) {
      const ssize_t got = ::read(descriptor_.number(), room.data(), room.size());
      if (got < 0 && errno == EINTR) continue;
      return got < 0 ? 0 : static_cast<std::size_t>(got);
    }
  }

 private:
  HostDescriptor descriptor_;
};

class DescriptorWriter final : public Writer {
 public:
  explicit DescriptorWriter(int number) : descriptor_(number) {}
  bool write(ByteView bytes) override { return write_all(descriptor_.number(), bytes); }

 private:
  HostDescriptor descriptor_;
};

Input without_bytes(Input::Kind kind) { return {kind, std::make_shared<const Bytes>()}; }

}  // namespace

HostWorld::HostWorld()
    : input_(std::make_unique<DescriptorReader>(STDIN_FILENO)),
      output_(std::make_unique<DescriptorWriter>(STDOUT_FILENO)) {}

Input HostWorld::open(const std::string& path) {
  const int number = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (number < 0) return without_bytes(Input::Kind::missing);
  const HostDescriptor descriptor(number);
  struct stat status {};
  if (::fstat(number, &status) == 0 && S_ISDIR(status.st_mode)) return without_bytes(Input::Kind::directory);
  const off_t size = ::lseek(number, 0, SEEK_END);
  if (size < 0) return without_bytes(Input::Kind::stream);
  if (static_cast<std::uint64_t>(size) > kMaxInputBytes) return without_bytes(Input::Kind::too_large);
  ::lseek(number, 0, SEEK_SET);
  auto bytes = std::make_shared<Bytes>(static_cast<std::size_t>(size));
  std::size_t used = 0;
  while (used < bytes->size()) {
    const ssize_t got = ::read(number, bytes->data() + used, bytes->size() - used);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    used += static_cast<std::size_t>(got);
  }
  bytes->resize(used);
  return {Input::Kind::file, std::move(bytes)};
}

std::unique_ptr<Reader> HostWorld::open_stream(const std::string& path) {
  const int number = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  return number < 0 ? nullptr : std::make_unique<DescriptorReader>(number);
}

std::unique_ptr<Writer> HostWorld::create(const std::string& path, std::uint32_t mode) {
  const int number = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
  return number < 0 ? nullptr : std::make_unique<DescriptorWriter>(number);
}

bool HostWorld::make_directory(const std::string& path, std::uint32_t mode) {
  return ::mkdir(path.c_str(), mode) == 0;
}

bool HostWorld::make_link(const std::string& target, const std::string& path) {
  return ::symlink(target.c_str(), path.c_str()) == 0;
}

bool HostWorld::remove(const std::string& path) { return ::unlink(path.c_str()) == 0; }

bool HostWorld::exists(const std::string& path) { return ::access(path.c_str(), F_OK) == 0; }

bool HostWorld::set_mode(const std::string& path, std::uint32_t mode) {
  return ::chmod(path.c_str(), mode) == 0;
}

bool HostWorld::is_other_directory(const std::string& path) {
  struct stat here {};
  struct stat there {};
  if (::stat(".", &here) != 0 || ::stat(path.c_str(), &there) != 0) return false;
  if (!S_ISDIR(there.st_mode) || ::access(path.c_str(), X_OK) != 0) return false;
  return here.st_dev != there.st_dev || here.st_ino != there.st_ino;
}

bool HostWorld::stays_inside(const std::string& path, LastLink last) {
  std::error_code error;
  const std::string base = std::filesystem::current_path(error).string();
  if (error) return false;
  return stays_beneath(base, path, last, [](const std::string& link) -> std::optional<std::string> {
    std::error_code no_link;
    std::string target = std::filesystem::read_symlink(link, no_link).string();
    if (no_link) return std::nullopt;
    return target;
  });
}

}  // namespace assay::extra

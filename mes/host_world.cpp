// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "mes/host_world.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cerrno>
#include <filesystem>

#include "core/host_descriptor.h"
#include "core/host_read.h"

namespace assay::mes {
namespace {

constexpr std::size_t kMostKept = std::size_t{1} << 16;

}  // namespace

namespace {

/// A descriptor of the host, and what is still to be written to it.
class HostWriter final : public Writer {
 public:
  explicit HostWriter(int number) : descriptor_(number) {}
  ~HostWriter() override { flush(); }
  HostWriter(const HostWriter&) = delete;
  HostWriter& operator=(const HostWriter&) = delete;
  bool write(std::string_view bytes) override {
    kept_ += bytes;
    return kept_.size() < kMostKept || flush();
  }
  bool flush() {
    whole_ = write_all(descriptor_.number(), as_bytes(kept_)) && whole_;
    kept_.clear();
    return whole_;
  }

 private:
  HostDescriptor descriptor_;
  std::string kept_;
  bool whole_ = true;
};

}  // namespace

struct HostWorld::State {
  HostWriter output{STDOUT_FILENO};
  HostWriter errors{STDERR_FILENO};
  std::vector<std::shared_ptr<HostWriter>> files;

  bool flush() {
    bool whole = output.flush();
    whole = errors.flush() && whole;
    for (const auto& file : files) whole = file->flush() && whole;
    return whole;
  }
};

namespace {

/// What the interpreter holds of an open file; the world has it too, to write what was kept when another
/// program runs.
class SharedWriter final : public Writer {
 public:
  explicit SharedWriter(std::shared_ptr<HostWriter> writer) : writer_(std::move(writer)) {}
  bool write(std::string_view bytes) override { return writer_->write(bytes); }

 private:
  std::shared_ptr<HostWriter> writer_;
};

}  // namespace

HostWorld::HostWorld() : state_(std::make_shared<State>()) {}
HostWorld::~HostWorld() = default;

bool HostWorld::flush() { return state_->flush(); }

std::shared_ptr<const Bytes> HostWorld::read(const std::string& path) {
  flush();  // the program may have written the file itself
  Result<Bytes> bytes = read_host_file(path);
  return bytes ? std::make_shared<const Bytes>(std::move(*bytes)) : nullptr;
}

std::shared_ptr<const Bytes> HostWorld::read_standard_input() {
  auto bytes = std::make_shared<Bytes>();
  Byte room[1U << 14];
  while (bytes->size() < kMostHostBytes) {
    const ssize_t got = ::read(STDIN_FILENO, room, sizeof room);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    bytes->insert(bytes->end(), room, room + got);
  }
  return bytes;
}

std::unique_ptr<Writer> HostWorld::open_for_writing(const std::string& path, bool create, bool truncate,
                                                    std::uint32_t mode) {
  const int flags = O_WRONLY | O_CLOEXEC | (create ? O_CREAT : 0) | (truncate ? O_TRUNC : 0);
  const int number = ::open(path.c_str(), flags, mode);
  if (number < 0) return nullptr;
  state_->files.push_back(std::make_shared<HostWriter>(number));
  return std::make_unique<SharedWriter>(state_->files.back());
}

Writer& HostWorld::standard_output() { return state_->output; }
Writer& HostWorld::standard_error() { return state_->errors; }

bool HostWorld::access(const std::string& path, unsigned wanted) {
  return ::access(path.c_str(), static_cast<int>(wanted)) == 0;
}

bool HostWorld::remove(const std::string& path) { return ::unlink(path.c_str()) == 0; }

bool HostWorld::set_mode(const std::string& path, std::uint32_t mode) {
  return ::chmod(path.c_str(), mode) == 0;
}

std::string HostWorld::current_directory() {
  std::error_code problem;
  return std::filesystem::current_path(problem).string();
}

std::optional<int> HostWorld::run(const std::string& path, const std::vector<std::string>& arguments,
                                  const Environment& environment) {
  flush();
  if (::access(path.c_str(), X_OK) != 0) return std::nullopt;
  std::vector<std::string> settings;
  for (const auto& [name, value] : environment) settings.push_back(name + '=' + value);
  const auto pointers = [](const std::vector<std::string>& texts) {
    std::vector<char*> all;
    for (const std::string& text : texts) all.push_back(const_cast<char*>(text.c_str()));
    all.push_back(nullptr);
    return all;
  };
  const std::vector<char*> words = pointers(arguments);
  const std::vector<char*> variables = pointers(settings);
  const pid_t child = ::fork();
  if (child < 0) return std::nullopt;
  if (child == 0) {
    ::execve(path.c_str(), words.data(), variables.data());
    ::_exit(255);
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  return status;
}

}  // namespace assay::mes

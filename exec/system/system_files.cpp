// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The calls on files.
#include <fmt/format.h>
#include <algorithm>

#include "exec/system/errors.h"
#include "exec/system/system.h"

namespace assay::exec {
namespace {

constexpr std::size_t kMostFiles = 1024;
constexpr std::uint64_t kMostFileBytes = std::uint64_t{1} << 30;
constexpr std::size_t kMostConsole = std::size_t{64} << 20;

}  // namespace

std::int64_t error_number(const Error& error) {
  if (error.id == "file-not-found") return kNoEntry;
  if (error.id == "not-a-directory") return kNotDirectory;
  if (error.id == "too-many-links") return kTooManyLinks;
  if (error.id == "file-exists") return kExists;
  if (error.id == "directory-not-empty") return kNotEmpty;
  return kInvalid;
}

std::int64_t System::resolve(std::uint64_t at, LastLink last, std::string& path) const {
  const std::optional<std::string> raw = text(at);
  if (!raw) return kFault;
  Result<std::string> result = resolve_path(tree_, cwd_, *raw, last);
  if (!result) return error_number(result.error());
  path = std::move(*result);
  return 0;
}

std::int64_t System::open(bool at, std::uint64_t path_at, std::uint64_t flags, std::uint64_t mode) {
  constexpr std::uint64_t kCreate = 0100;
  constexpr std::uint64_t kExclusive = 0200;
  constexpr std::uint64_t kTruncate = 01000;
  constexpr std::uint64_t kAppend = 02000;
  const bool exclusive = (flags & kCreate) != 0 && (flags & kExclusive) != 0;
  std::string path;
  if (!at) return give_up("openat of a directory");
  const std::int64_t error = resolve(path_at, exclusive ? LastLink::keep : LastLink::follow, path);
  if (error != 0) return error;
  std::shared_ptr<Node> node = tree_.find(path);
  const bool writes = (flags & 3) == 1 || (flags & 3) == 2;
  bool made = false;
  if (node == nullptr) {
    if ((flags & kCreate) == 0) return kNoEntry;
    Result<std::shared_ptr<Node>> created =
        tree_.create(path, NodeKind::file, static_cast<std::uint32_t>(mode) & ~umask_ & 07777);
    if (!created) return error_number(created.error());
    node = *created;
    made = true;
  } else if (exclusive) {
    return kExists;
  }
  if (node->kind == NodeKind::link) return kTooManyLinks;
  if (node->kind == NodeKind::directory) return writes ? kIsDirectory : give_up("open of a directory");
  const bool truncates = (flags & kTruncate) != 0 && writes;
  if (truncates) node->set_bytes(std::make_shared<const Bytes>());
  std::vector<std::string>& outputs = outcome_.outputs;
  if ((made || writes) && std::find(outputs.begin(), outputs.end(), path) == outputs.end())
    outputs.push_back(path);
  auto free = std::find(files_.begin(), files_.end(), nullptr);
  if (free == files_.end()) {
    if (files_.size() >= kMostFiles) return kTooManyFiles;
    free = files_.insert(files_.end(), nullptr);
  }
  *free = std::make_shared<OpenFile>(OpenFile{.node = std::move(node),
                                              .path = std::move(path),
                                              .reads = (flags & 3) != 1,
                                              .writes = writes,
                                              .appends = (flags & kAppend) != 0});
  return free - files_.begin();
}

std::int64_t System::read(OpenFile* from, std::uint64_t at, std::uint64_t bytes) {
  if (from == nullptr || !from->reads) return kBadFile;
  if (from->node == nullptr) return 0;
  const Bytes& contents = from->node->bytes();
  if (from->offset >= contents.size()) return 0;
  bytes = std::min<std::uint64_t>(bytes, contents.size() - from->offset);
  if (!image_.holds(at, bytes) || image_.is_code(at, bytes)) return kFault;
  std::memcpy(image_.to_write(at, bytes), contents.data() + from->offset, bytes);
  from->offset += bytes;
  return static_cast<std::int64_t>(bytes);
}

std::int64_t System::write(OpenFile* to, std::uint64_t at, std::uint64_t bytes) {
  if (to == nullptr || !to->writes) return kBadFile;
  if (bytes == 0) return 0;
  if (bytes > kTop || !image_.holds(at, bytes)) return kFault;
  const Byte* const from = image_.at(at);
  if (to->console != nullptr) {
    if (to->console->size() + bytes > kMostConsole) return give_up("too much is written to the console");
    to->console->append(from, from + bytes);
    return static_cast<std::int64_t>(bytes);
  }
  if (to->appends) to->offset = to->node->bytes().size();
  if (to->offset + bytes > kMostFileBytes) return give_up(fmt::format("'{}' becomes too large", to->path));
  put(*to, {from, bytes});
  return static_cast<std::int64_t>(bytes);
}

void System::put(OpenFile& to, ByteView bytes) {
  Bytes& contents = to.node->writable();
  if (to.offset == contents.size()) {
    contents.insert(contents.end(), bytes.begin(), bytes.end());
  } else {
    if (to.offset + bytes.size() > contents.size()) contents.resize(to.offset + bytes.size());
    std::memcpy(contents.data() + to.offset, bytes.data(), bytes.size());
  }
  to.offset += bytes.size();
}

/// Where a byte has been read or written, more may follow. What is written goes to the file when the next
/// call is made; so nobody must read it meanwhile.
void System::open_streams(Call call, std::uint64_t number, std::int64_t result) {
  constexpr std::size_t kStreamed = std::size_t{64} << 10;
  if (call != Call::read && call != Call::write) {
    input_.file = output_.file = kNoFile;
    return;
  }
  if (result == 1) (call == Call::read ? input_.file : output_.file) = number;
  const OpenFile* const to = file(output_.file);
  const OpenFile* const from = file(input_.file);
  if (to != nullptr && to->console == nullptr && to->offset == to->node->bytes().size() &&
      to->offset + kStreamed <= kMostFileBytes) {
    streamed_.resize(kStreamed);
    output_.next = streamed_.data();
    output_.end = output_.next + kStreamed;
  }
  if (from != nullptr && from->node != nullptr && (to == nullptr || to->node != from->node) &&
      from->offset < from->node->bytes().size()) {
    const Bytes& contents = from->node->bytes();
    input_.next = contents.data() + from->offset;
    input_.end = contents.data() + contents.size();
  }
}

/// What was read and written meanwhile, as if the system had been called.
void System::settle_streams() {
  if (output_.next != nullptr && output_.next != streamed_.data())
    put(*file(output_.file), {streamed_.data(), static_cast<std::size_t>(output_.next - streamed_.data())});
  if (input_.next != nullptr) {
    OpenFile& from = *file(input_.file);
    from.offset = static_cast<std::uint64_t>(input_.next - from.node->bytes().data());
  }
  output_ = {.file = output_.file};
  input_ = {.file = input_.file};
}

std::int64_t System::seek(OpenFile* file, std::int64_t offset, std::uint64_t whence) {
  if (file == nullptr) return kBadFile;
  if (file->node == nullptr) return kNoSeek;
  if (whence > 2) return kInvalid;
  const std::uint64_t start = whence == 0 ? 0 : whence == 1 ? file->offset : file->node->bytes().size();
  const std::int64_t to = static_cast<std::int64_t>(start) + offset;
  if (to < 0 || static_cast<std::uint64_t>(to) > kMostFileBytes) return kInvalid;
  file->offset = static_cast<std::uint64_t>(to);
  return to;
}

/// A place for the result is often not passed: the file is moved all the same.
std::int64_t System::long_seek(Registers& registers) {
  const auto word = [&](unsigned index) { return registers[set_.calls.words[index]]; };
  const std::int64_t to = seek(file(word(0)), static_cast<std::int64_t>(word(1) << 32 | word(2)), word(4));
  if (to < 0) return to;
  if (!image_.holds(word(3), 8) || image_.is_code(word(3), 8)) return kFault;
  image_.store<std::int64_t>(word(3), to);
  return 0;
}

std::int64_t System::remove(std::uint64_t at) {
  std::string path;
  const std::int64_t error = resolve(at, LastLink::keep, path);
  if (error != 0) return error;
  const std::shared_ptr<Node> node = tree_.find(path);
  if (node == nullptr) return kNoEntry;
  if (node->kind == NodeKind::directory) return kIsDirectory;
  const Result<void> removed = tree_.remove(path);
  return removed ? 0 : error_number(removed.error());
}

std::int64_t System::make_directory(std::uint64_t at, std::uint64_t mode) {
  std::string path;
  const std::int64_t error = resolve(at, LastLink::keep, path);
  if (error != 0) return error;
  const auto made =
      tree_.create(path, NodeKind::directory, static_cast<std::uint32_t>(mode) & ~umask_ & 07777);
  return made ? 0 : error_number(made.error());
}

std::int64_t System::change_mode(std::uint64_t at, std::uint64_t mode) {
  std::string path;
  const std::int64_t error = resolve(at, LastLink::follow, path);
  if (error != 0) return error;
  const std::shared_ptr<Node> node = tree_.find(path);
  if (node == nullptr) return kNoEntry;
  node->mode = static_cast<std::uint32_t>(mode & 07777);
  return 0;
}

std::int64_t System::check_access(std::uint64_t at, std::uint64_t how) {
  std::string path;
  const std::int64_t error = resolve(at, LastLink::follow, path);
  if (error != 0) return error;
  const std::shared_ptr<Node> node = tree_.find(path);
  if (node == nullptr) return kNoEntry;
  const bool denied = (how & 1) != 0 && node->kind == NodeKind::file && (node->mode & 0111) == 0;
  return denied ? kNoAccess : 0;
}

std::int64_t System::change_directory(std::uint64_t at) {
  std::string path;
  const std::int64_t error = resolve(at, LastLink::follow, path);
  if (error != 0) return error;
  const std::shared_ptr<Node> node = tree_.find(path);
  if (node == nullptr) return kNoEntry;
  if (node->kind != NodeKind::directory) return kNotDirectory;
  cwd_ = std::move(path);
  return 0;
}

std::int64_t System::current_directory(std::uint64_t at, std::uint64_t bytes) {
  const std::string path = "/" + cwd_;
  if (bytes < path.size() + 1) return kRange;
  if (!image_.holds(at, path.size() + 1)) return kFault;
  std::memcpy(image_.to_write(at, path.size() + 1), path.c_str(), path.size() + 1);
  return static_cast<std::int64_t>(path.size() + 1);
}

}  // namespace assay::exec

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

constexpr std::uint64_t kMostFileBytes = std::uint64_t{1} << 30;
constexpr std::uint64_t kMostTransfer = 0x7ffff000;  // of one call
constexpr std::size_t kMostPath = 4096;
constexpr std::uint64_t kMostGrowth = std::uint64_t{1} << 29;  // of all files, bytes
constexpr std::size_t kMostOutputs = 100'000;
constexpr std::size_t kMostConsole = std::size_t{64} << 20;

}  // namespace

std::int64_t error_number(const Error& error) {
  if (error.id == "file-not-found") return kNoEntry;
  if (error.id == "not-a-directory") return kNotDirectory;
  if (error.id == "too-many-links") return kTooManyLinks;
  if (error.id == "file-exists") return kExists;
  if (error.id == "directory-not-empty") return kNotEmpty;
  if (error.id == "name-too-long") return kNameTooLong;
  return kInvalid;
}

/// Devices are there where the tree has nothing of that name.
System::Device System::device_of(std::string_view path) {
  if (path == "/dev/null") return Device::null;
  if (path == "/dev/zero") return Device::zero;
  return path == "/dev/full" ? Device::full : Device::none;
}

std::int64_t System::name(std::uint64_t at, Look look, Named& named) const {
  std::optional<std::string> raw = text(at, kMostPath);
  if (!raw) return kFault;
  if (raw->size() >= kMostPath) return kNameTooLong;
  if (raw->empty()) return kNoEntry;
  if (const std::string& here = request_.surroundings.directory;
      !here.empty() && raw->starts_with(here) && (raw->size() == here.size() || (*raw)[here.size()] == '/')) {
    raw->replace(0, here.size(), raw->size() == here.size() ? "/" : "");
  }
  std::string_view bare = *raw;
  while (bare.ends_with('/')) bare.remove_suffix(1);
  named.slash = bare.size() < raw->size();
  named.last = last_part(bare);
  const bool as_written = look == Look::at_target || !named.is_name();
  Result<std::string> result =
      as_written ? resolve_path(tree_, cwd_, *raw) : resolve_path(tree_, cwd_, bare, LastLink::keep);
  if (!result && device_of(*raw) != Device::none && error_number(result.error()) == kNoEntry) {
    named.path = raw->substr(1);
    return 0;
  }
  if (!result) return error_number(result.error());
  named.path = std::move(*result);
  named.node = tree_.find(named.path);
  return 0;
}

std::int64_t System::existing(std::uint64_t at, Named& named) const {
  const std::int64_t error = name(at, Look::at_target, named);
  return error == 0 && named.node == nullptr ? kNoEntry : error;
}

bool System::is_running(const Node& node) const {
  return std::any_of(running_.begin(), running_.end(),
                     [&node](const std::shared_ptr<Node>& one) { return one.get() == &node; });
}

std::int64_t System::open(std::uint64_t path_at, std::uint64_t flags, std::uint64_t mode) {
  constexpr std::uint64_t kCreate = 0100;
  constexpr std::uint64_t kExclusive = 0200;
  constexpr std::uint64_t kModelled = 3 | kCreate | kExclusive | 01000 | 02000 | 04000 | 02000000;
  const std::uint64_t large = set_.name == "AArch64" ? 0400000 : 0100000;  // says nothing new
  const std::uint64_t directory = set_.name == "x86" || set_.name == "AMD64" ? 0200000 : 0;  // nothing else
  Named named;
  std::int64_t error = 0;
  if ((flags & 0xffffffff & ~(kModelled | large | directory)) != 0)
    return give_up(fmt::format("open with flags 0{:o}", flags));
  if ((flags & kCreate) != 0) {
    // What may be made has no '/' behind it, whatever is there.
    error = name(path_at, Look::at_name, named);
    if (error == 0 && named.slash && named.is_name()) return kIsDirectory;
  }
  const bool exclusive = (flags & kCreate) != 0 && (flags & kExclusive) != 0;
  if (error == 0 && !exclusive) error = name(path_at, Look::at_target, named);
  if (error == 0 && (flags & directory) != 0) {
    if ((flags & kCreate) != 0) return give_up("makes what is to be a directory by open");
    if (named.node != nullptr && named.node->kind != NodeKind::directory) return kNotDirectory;
  }
  return error != 0 ? error : open_named(named, flags, mode);
}

std::int64_t System::open_named(const Named& named, std::uint64_t flags, std::uint64_t mode) {
  constexpr std::uint64_t kCreate = 0100;
  constexpr std::uint64_t kExclusive = 0200;
  constexpr std::uint64_t kTruncate = 01000;
  constexpr std::uint64_t kAppend = 02000;
  const bool creates = (flags & kCreate) != 0;
  const bool writes = (flags & 3) == 1 || (flags & 3) == 2;
  std::shared_ptr<Node> node = named.node;
  OpenFile opened{.path = named.path,
                  .reads = (flags & 3) == 0 || (flags & 3) == 2,
                  .writes = writes,
                  .appends = (flags & kAppend) != 0};
  bool made = false;
  if (node == nullptr) {
    opened.device = device_of("/" + named.path);
    if (opened.device != Device::none) {
      rely("device");
      if (creates && (flags & kExclusive) != 0) return kExists;
      return number_of(std::move(opened));
    }
    if (!creates) return kNoEntry;
    Result<std::shared_ptr<Node>> created =
        tree_.create(named.path, NodeKind::file, static_cast<std::uint32_t>(mode) & ~umask_ & 07777);
    if (!created) return error_number(created.error());
    node = *created;
    made = true;
    times_->write(named.path);
  } else if (creates && (flags & kExclusive) != 0) {
    return kExists;
  }
  if (node->kind == NodeKind::link) return kTooManyLinks;
  const bool truncates = !made && (flags & kTruncate) != 0;
  if (node->kind == NodeKind::directory) {
    if (creates || truncates || (flags & 3) != 0) return kIsDirectory;
    opened.node = std::move(node);
    return number_of(std::move(opened));
  }
  if ((writes || truncates) && is_running(*node)) return kBusyProgram;
  if (truncates) {
    node->set_bytes(std::make_shared<const Bytes>());
    times_->write(named.path);
  }
  std::vector<std::string>& outputs = outcome_.outputs;
  if (outputs.size() > kMostOutputs) return give_up("too many files are written");
  const bool is_output = std::find(outputs.begin(), outputs.end(), named.path) != outputs.end();
  if (!made && !truncates && !is_output) outcome_.opened.insert(named.path);
  if ((made || writes || truncates) && !is_output) outputs.push_back(named.path);
  opened.node = std::move(node);
  return number_of(std::move(opened));
}

std::int64_t System::number_of(OpenFile opened) {
  auto free = std::find(files_.begin(), files_.end(), nullptr);
  if (free == files_.end()) {
    if (files_.size() >= kMostFiles) return kTooManyFiles;
    free = files_.insert(files_.end(), nullptr);
  }
  *free = std::make_shared<OpenFile>(std::move(opened));
  return free - files_.begin();
}

std::int64_t System::read(OpenFile* from, std::uint64_t at, std::uint64_t bytes) {
  if (from == nullptr || !from->reads) return kBadFile;
  if (!is_in_range(at, bytes)) return kFault;
  if (set_.name == "riscv32" && bytes >> 31 != 0) return kInvalid;
  bytes = std::min(bytes, kMostTransfer);
  if (from->is_directory()) return kIsDirectory;
  if (from->device == Device::zero || from->device == Device::full) return give_up("reads zeros of a device");
  if (from->pipe != nullptr) {
    Pipe& pipe = *from->pipe;
    bytes = std::min<std::uint64_t>(bytes, pipe.bytes.size() - pipe.read);
    if (bytes == 0) return pipe.writer.expired() ? 0 : give_up("waits for what nobody writes into a pipe");
    if (!put_bytes(at, ByteView(pipe.bytes).subspan(pipe.read, bytes))) return kFault;
    pipe.read += bytes;
    return static_cast<std::int64_t>(bytes);
  }
  if (from->node == nullptr && from->given == nullptr) {
    if (from->device == Device::none) rely("standard-input");
    return 0;
  }
  const Bytes& contents = from->node == nullptr ? *from->given : from->node->bytes();
  if (from->offset >= contents.size()) return 0;
  bytes = std::min<std::uint64_t>(bytes, contents.size() - from->offset);
  if (bytes == 0) return 0;
  bytes = mapped(at, bytes);
  if (bytes == 0) return kFault;
  if (image_.is_code(at, bytes)) return give_up("reads over its own code");
  std::memcpy(image_.to_write(at, bytes), contents.data() + from->offset, bytes);
  from->offset += bytes;
  return static_cast<std::int64_t>(bytes);
}

std::int64_t System::write(OpenFile* to, std::uint64_t at, std::uint64_t bytes) {
  if (to == nullptr || !to->writes) return kBadFile;
  if (!is_in_range(at, bytes)) return kFault;
  if (set_.name == "riscv32" && bytes >> 31 != 0) return kInvalid;
  if (bytes == 0) return 0;
  bytes = mapped(at, std::min(bytes, kMostTransfer));
  if (bytes == 0) return kFault;
  const Byte* const from = image_.at(at);
  if (to->device != Device::none)
    return to->device == Device::full ? kNoRoom : static_cast<std::int64_t>(bytes);
  if (to->pipe != nullptr) {
    if (to->pipe->bytes.size() + bytes > kMostConsole) return give_up("too much is written into a pipe");
    if (to->pipe.use_count() == 1) return give_up("writes into a pipe that nobody reads");
    to->pipe->bytes.insert(to->pipe->bytes.end(), from, from + bytes);
    return static_cast<std::int64_t>(bytes);
  }
  if (to->console != nullptr) {
    if (to->console->size() + bytes > kMostConsole) return give_up("too much is written to the console");
    to->console->append(from, from + bytes);
    return static_cast<std::int64_t>(bytes);
  }
  if (to->appends) to->offset = to->node->bytes().size();
  if (bytes > kMostFileBytes || to->offset > kMostFileBytes - bytes)
    return give_up(fmt::format("'{}' becomes too large", to->path));
  const std::uint64_t end = to->offset + bytes;
  const std::uint64_t growth = end - std::min<std::uint64_t>(end, to->node->bytes().size());
  if (grown_ + growth > kMostGrowth) return give_up("too much is written to files");
  put(*to, {from, bytes});
  return static_cast<std::int64_t>(bytes);
}

void System::put(OpenFile& to, ByteView bytes) {
  Bytes& contents = to.node->writable();
  const std::size_t old = contents.size();
  if (to.offset == contents.size()) {
    contents.insert(contents.end(), bytes.begin(), bytes.end());
  } else {
    if (to.offset + bytes.size() > contents.size()) contents.resize(to.offset + bytes.size());
    std::memcpy(contents.data() + to.offset, bytes.data(), bytes.size());
  }
  times_->write(to.path);
  to.offset += bytes.size();
  grown_ += contents.size() - old;
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
  if (to != nullptr && to->node != nullptr && to->offset == to->node->bytes().size() &&
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
  constexpr std::uint32_t kLastWhence = 4;  // 3 and 4 look for holes, which are the file system's affair
  const auto from = static_cast<std::uint32_t>(whence);
  if (file == nullptr) return kBadFile;
  if (from > kLastWhence) return kInvalid;
  if (file->device != Device::none) return 0;
  if (file->node == nullptr) return kNoSeek;
  if (file->is_directory() && from == 0 && offset == 0) {
    file->offset = 0;
    return 0;
  }
  if (from > 2 || file->is_directory()) return give_up("seeks holes or in a directory");
  const std::uint64_t start = from == 0 ? 0 : from == 1 ? file->offset : file->node->bytes().size();
  const std::uint64_t to = start + static_cast<std::uint64_t>(offset);
  if (static_cast<std::int64_t>(to) < 0 || (offset > 0 && to < start)) return kInvalid;
  file->offset = to;
  return static_cast<std::int64_t>(to);
}

/// A place for the result is often not passed: the file is moved all the same.
std::int64_t System::long_seek(Registers& registers) {
  const auto word = [&](unsigned index) { return registers[set_.calls.words[index]]; };
  const std::int64_t to = seek(file(word(0)), static_cast<std::int64_t>(word(1) << 32 | word(2)), word(4));
  if (to < 0) return to;
  const std::uint64_t room = mapped(word(3), 8);
  if (image_.is_code(word(3), room)) return give_up("writes over its own code");
  if (room > 0) std::memcpy(image_.to_write(word(3), room), &to, room);
  return room == 8 ? 0 : kFault;
}

std::int64_t System::remove(std::uint64_t at) {
  Named named;
  const std::int64_t error = name(at, Look::at_name, named);
  if (error != 0) return error;
  if (!named.is_name()) return kIsDirectory;
  if (named.node == nullptr) return kNoEntry;
  if (named.node->kind == NodeKind::directory) return kIsDirectory;
  if (named.slash) return kNotDirectory;
  const Result<void> removed = tree_.remove(named.path);
  return removed ? 0 : error_number(removed.error());
}

std::int64_t System::make_directory(std::uint64_t at, std::uint64_t mode) {
  constexpr std::uint32_t kSticky = 01000;
  constexpr std::uint32_t kSetGroup = 02000;
  Named named;
  const std::int64_t error = name(at, Look::at_name, named);
  if (error != 0) return error;
  if (!named.is_name() || named.node != nullptr) return kExists;
  const std::shared_ptr<Node> above = tree_.find(parent_path(named.path));
  const std::uint32_t inherited = above != nullptr ? above->mode & kSetGroup : 0;
  const std::uint32_t wanted = static_cast<std::uint32_t>(mode) & ~umask_ & (0777 | kSticky);
  const auto made = tree_.create(named.path, NodeKind::directory, wanted | inherited);
  return made ? 0 : error_number(made.error());
}

std::int64_t System::make_link(std::uint64_t target_at, std::uint64_t path_at) {
  std::optional<std::string> target = text(target_at, kMostPath);
  if (!target) return kFault;
  if (target->size() >= kMostPath) return kNameTooLong;
  if (target->empty()) return kNoEntry;
  Named named;
  const std::int64_t error = name(path_at, Look::at_name, named);
  if (error != 0) return error;
  if (!named.is_name() || named.node != nullptr) return kExists;
  if (named.slash) return kNoEntry;
  const auto made = tree_.create(named.path, NodeKind::link, 0777);
  if (!made) return error_number(made.error());
  (*made)->target = *std::move(target);
  return 0;
}

/// Nothing here is a terminal.
std::int64_t System::control(std::uint64_t fd) {
  const OpenFile* const open = file(fd);
  if (open == nullptr) return kBadFile;
  if (open->node == nullptr && open->device == Device::none) rely("terminal");
  return kNoTerminal;
}

std::int64_t System::change_mode(std::uint64_t at, std::uint64_t mode) {
  Named named;
  const std::int64_t error = existing(at, named);
  if (error == 0) named.node->mode = static_cast<std::uint32_t>(mode & 07777);
  return error;
}

std::int64_t System::check_access(std::uint64_t at, std::uint64_t how) {
  if ((how & 0xfffffff8) != 0) return kInvalid;
  Named named;
  const std::int64_t error = existing(at, named);
  if (named.node == nullptr && device_of("/" + named.path) != Device::none) {
    rely("device");
    return 0;
  }
  if (error != 0) return error;
  const bool denied = (how & 1) != 0 && named.node->kind == NodeKind::file && (named.node->mode & 0111) == 0;
  return denied ? kNoAccess : 0;
}

std::int64_t System::change_directory(std::uint64_t at) {
  Named named;
  const std::int64_t error = existing(at, named);
  if (error != 0) return error;
  if (named.node->kind != NodeKind::directory) return kNotDirectory;
  cwd_ = std::move(named.path);
  return 0;
}

std::int64_t System::current_directory(std::uint64_t at, std::uint64_t bytes) {
  const std::string& here = request_.surroundings.directory;
  const std::string path = here.empty() || !cwd_.empty() ? here + "/" + cwd_ : here;
  if (tree_.find(cwd_) == nullptr) return kNoEntry;
  if (bytes < path.size() + 1) return kRange;
  const std::uint64_t room = mapped(at, path.size() + 1);
  if (room > 0) std::memcpy(image_.to_write(at, room), path.c_str(), room);
  return room == path.size() + 1 ? static_cast<std::int64_t>(room) : kFault;
}

}  // namespace assay::exec

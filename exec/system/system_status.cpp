// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What stat tells of a file, and the calls on names, descriptors and time that came with C libraries.
#include <algorithm>

#include "exec/system/errors.h"
#include "exec/system/system.h"

namespace assay::exec {
namespace {

constexpr std::uint32_t kFile = 0100000, kDirectory = 0040000, kLink = 0120000, kCharacters = 0020000,
                        kPipe = 0010000;
constexpr std::uint64_t kBlock = 512;
constexpr std::uint64_t kFileSystemBlock = 4096;
constexpr std::uint64_t kDevice = 5;

/// A structure of the program, field by field.
class Record {
 public:
  explicit Record(unsigned word) : word_(word) {}
  Record& put(std::uint64_t value, unsigned bytes) {
    for (unsigned byte = 0; byte < bytes; ++byte) bytes_.push_back(static_cast<Byte>(value >> (8 * byte)));
    return *this;
  }
  Record& word(std::uint64_t value) { return put(value, word_); }
  Record& time(std::int64_t nanoseconds) {
    return word(static_cast<std::uint64_t>(nanoseconds / FileTimes::kSecond))
        .word(static_cast<std::uint64_t>(nanoseconds % FileTimes::kSecond));
  }
  [[nodiscard]] const Bytes& bytes() const { return bytes_; }

 private:
  unsigned word_;
  Bytes bytes_;
};

}  // namespace

bool System::put_bytes(std::uint64_t at, ByteView bytes) {
  if (mapped(at, bytes.size()) != bytes.size() || image_.is_code(at, bytes.size())) return false;
  std::ranges::copy(bytes, image_.to_write(at, bytes.size()));
  return true;
}

System::Status System::status_of(const std::string& path, const std::shared_ptr<Node>& node) {
  const FileTimes::Known& known = times_->of(path);
  Status status{.number = known.number, .time = known.written};
  switch (node->kind) {
    case NodeKind::file:
      status.mode = kFile | node->mode;
      status.size = node->bytes().size();
      break;
    case NodeKind::link:
      status.mode = kLink | 0777;
      status.size = node->target.size();
      break;
    case NodeKind::directory: {
      status.mode = kDirectory | node->mode;
      status.size = kFileSystemBlock;
      status.links = 2;
      for (const std::string& name : tree_.list(path).value_or(std::vector<std::string>{})) {
        const std::shared_ptr<Node> inner = tree_.find(join_path(path, name));
        if (inner != nullptr && inner->kind == NodeKind::directory) ++status.links;
      }
      break;
    }
  }
  return status;
}

std::int64_t System::put_status(const Status& s, std::uint64_t at, bool wide) {
  rely("file-status");
  const std::uint64_t blocks =
      (s.size + kFileSystemBlock - 1) / kFileSystemBlock * (kFileSystemBlock / kBlock);
  Record record(set_.word_bytes);
  const auto times = [&] { record.time(s.time).time(s.time).time(s.time); };
  if (set_.word_bytes == 8) {
    record.put(kDevice, 8).put(s.number, 8).put(s.links, 8).put(s.mode, 4).put(0, 12);
    record.put(s.device, 8).put(s.size, 8).put(kFileSystemBlock, 8).put(blocks, 8);
    times();
    record.put(0, 8).put(0, 8).put(0, 8);
  } else if (wide) {
    record.put(kDevice, 8).put(0, 4).put(s.number, 4).put(s.mode, 4).put(s.links, 4).put(0, 8);
    record.put(s.device, 8).put(0, 4).put(s.size, 8).put(kFileSystemBlock, 4).put(blocks, 8);
    times();
    record.put(s.number, 8);
  } else {
    record.put(kDevice, 4).put(s.number, 4).put(s.mode, 2).put(s.links, 2).put(0, 4);
    record.put(s.device, 4).put(s.size, 4).put(kFileSystemBlock, 4).put(blocks, 4);
    times();
    record.put(0, 8);
  }
  return put_bytes(at, record.bytes()) ? 0 : kFault;
}

System::Status System::status_of_device(Device device) {
  Status status{.number = 1, .mode = kCharacters | 0666};
  switch (device) {
    case Device::null: status.device = 0x103; break;
    case Device::zero: status.device = 0x105; break;
    case Device::full: status.device = 0x107; break;
    case Device::none: status.mode = kPipe | 0600; break;  // a stream
  }
  return status;
}

std::int64_t System::stat(std::uint64_t path_at, std::uint64_t at, bool follows, bool wide) {
  Named named;
  const std::int64_t error = name(path_at, follows ? Look::at_target : Look::at_name, named);
  if (error != 0) return error;
  if (named.node == nullptr) {
    const Device device = device_of("/" + named.path);
    if (device == Device::none) return kNoEntry;
    rely("device");
    return put_status(status_of_device(device), at, wide);
  }
  if (!follows && named.slash && named.node->kind != NodeKind::directory) return kNotDirectory;
  return put_status(status_of(named.path, named.node), at, wide);
}

std::int64_t System::stat_open(std::uint64_t fd, std::uint64_t at, bool wide) {
  const OpenFile* const open = file(fd);
  if (open == nullptr) return kBadFile;
  if (open->node != nullptr) return put_status(status_of(open->path, open->node), at, wide);
  if (open->device == Device::none) rely("terminal");
  return put_status(status_of_device(open->device), at, wide);
}

std::int64_t System::rename(std::uint64_t from_at, std::uint64_t to_at) {
  Named from;
  Named to;
  std::int64_t error = name(from_at, Look::at_name, from);
  if (error == 0) error = name(to_at, Look::at_name, to);
  if (error != 0) return error;
  if (!from.is_name() || !to.is_name()) return give_up("rename of '.', '..' or '/'");
  if (from.node == nullptr) return kNoEntry;
  if (from.node->kind != NodeKind::file || from.slash || to.slash ||
      (to.node != nullptr && to.node->kind != NodeKind::file))
    return give_up("rename of what is no file");
  if (from.node == to.node) return 0;
  if (to.node != nullptr) {
    if (const Result<void> removed = tree_.remove(to.path); !removed) return error_number(removed.error());
  }
  if (const Result<void> moved = tree_.move(from.path, to.path); !moved) return error_number(moved.error());
  times_->move(from.path, to.path);
  std::vector<std::string>& outputs = outcome_.outputs;
  if (std::ranges::find(outputs, to.path) == outputs.end()) outputs.push_back(to.path);
  return 0;
}

std::int64_t System::remove_directory(std::uint64_t at) {
  Named named;
  const std::int64_t error = name(at, Look::at_name, named);
  if (error != 0) return error;
  if (!named.is_name()) return named.last == "." ? kInvalid : named.last == ".." ? kNotEmpty : kBusy;
  if (named.node == nullptr) return kNoEntry;
  if (named.node->kind != NodeKind::directory) return kNotDirectory;
  const auto names = tree_.list(named.path);
  if (names && !names->empty()) return kNotEmpty;
  const Result<void> removed = tree_.remove(named.path);
  return removed ? 0 : error_number(removed.error());
}

std::int64_t System::duplicate(std::uint64_t fd, std::uint64_t from) {
  if (file(fd) == nullptr) return kBadFile;
  if (from >= kMostFiles) return kInvalid;
  if (files_.size() < from) files_.resize(from);
  const auto first = files_.begin() + static_cast<std::ptrdiff_t>(from);
  auto free = std::find(first, files_.end(), nullptr);
  if (free == files_.end()) {
    if (files_.size() >= kMostFiles) return kTooManyFiles;
    free = files_.insert(files_.end(), nullptr);
  }
  *free = files_[static_cast<std::uint32_t>(fd)];
  return free - files_.begin();
}

std::int64_t System::duplicate_as(std::uint64_t fd, std::uint64_t to) {
  const auto number = static_cast<std::uint32_t>(to);
  if (file(fd) == nullptr || number >= kMostFiles) return kBadFile;
  if (files_.size() <= number) files_.resize(std::size_t{number} + 1);
  files_[number] = files_[static_cast<std::uint32_t>(fd)];
  return number;
}

std::int64_t System::control_file(std::uint64_t fd, std::uint64_t what, std::uint64_t argument) {
  constexpr std::uint32_t kDuplicate = 0, kGetFlags = 1, kSetFlags = 2, kGetStatus = 3;
  OpenFile* const open = file(fd);
  if (open == nullptr) return kBadFile;
  switch (static_cast<std::uint32_t>(what)) {
    case kDuplicate: return duplicate(fd, static_cast<std::uint32_t>(argument));
    case kGetFlags: return closed_by_execve_.contains(static_cast<std::uint32_t>(fd)) ? 1 : 0;
    case kSetFlags:
      if ((argument & 1) != 0) {
        closed_by_execve_.insert(static_cast<std::uint32_t>(fd));
      } else {
        closed_by_execve_.erase(static_cast<std::uint32_t>(fd));
      }
      return 0;
    case kGetStatus:
      return (open->reads && open->writes ? 2 : open->writes ? 1 : 0) | (open->appends ? 02000 : 0);
    default: return give_up("a kind of fcntl that is not modelled");
  }
}

std::int64_t System::make_pipe(std::uint64_t at) {
  const auto pipe = std::make_shared<Pipe>();
  const std::int64_t from = number_of({.path = {}, .reads = true, .pipe = pipe});
  if (from < 0) return from;
  const std::int64_t to = number_of({.path = {}, .writes = true, .pipe = pipe});
  if (to < 0) return to;
  pipe->writer = files_[static_cast<std::size_t>(to)];
  Record record(set_.word_bytes);
  record.put(static_cast<std::uint64_t>(from), 4).put(static_cast<std::uint64_t>(to), 4);
  return put_bytes(at, record.bytes()) ? 0 : kFault;
}

/// The names that were there when reading began.
std::int64_t System::read_directory(OpenFile* open, std::uint64_t at, std::uint64_t room) {
  if (open == nullptr) return kBadFile;
  if (!open->is_directory()) return kNotDirectory;
  if (tree_.find(open->path) != open->node) return kNoEntry;  // it is gone
  rely("directory-order");
  if (open->offset == 0) {
    open->names = {".", ".."};
    for (std::string& name : tree_.list(open->path).value_or(std::vector<std::string>{}))
      open->names.push_back(std::move(name));
  }
  Bytes all;
  for (; open->offset < open->names.size(); ++open->offset) {
    const std::string& name = open->names[open->offset];
    const std::string path = name == "."    ? open->path
                             : name == ".." ? std::string(parent_path(open->path))
                                            : join_path(open->path, name);
    const std::shared_ptr<Node> node = tree_.find(path);
    if (node == nullptr) continue;
    const std::size_t word = set_.word_bytes;
    const std::size_t size = (2 * word + 2 + name.size() + 2 + word - 1) / word * word;
    if (all.size() + size > room) {
      if (all.empty()) return kInvalid;
      break;
    }
    Record record(set_.word_bytes);
    record.word(times_->of(path).number).word(open->offset + 1).put(size, 2);
    Bytes one = record.bytes();
    one.insert(one.end(), name.begin(), name.end());
    one.resize(size);
    one.back() = node->kind == NodeKind::directory ? 4 : node->kind == NodeKind::link ? 10 : 8;
    all.insert(all.end(), one.begin(), one.end());
  }
  return all.empty() || put_bytes(at, all) ? static_cast<std::int64_t>(all.size()) : kFault;
}

/// Kept for who asks; no signal comes but those that end the run.
std::int64_t System::set_handler(std::uint64_t signal, std::uint64_t handler) {
  constexpr std::uint32_t kKill = 9, kStop = 19, kLast = 64;
  const auto number = static_cast<std::uint32_t>(signal);
  if (number == 0 || number > kLast || number == kKill || number == kStop) return kInvalid;
  return static_cast<std::int64_t>(std::exchange(handlers_[number], handler));
}

std::int64_t System::time_of_day(std::uint64_t at, std::uint64_t zone_at) {
  rely("time");
  const std::int64_t now = times_->now();
  Record record(set_.word_bytes);
  record.word(static_cast<std::uint64_t>(now / FileTimes::kSecond))
      .word(static_cast<std::uint64_t>(now % FileTimes::kSecond / 1000));
  if (at != 0 && !put_bytes(at, record.bytes())) return kFault;
  const Byte zone[8] = {};
  return zone_at != 0 && !put_bytes(zone_at, zone) ? kFault : 0;
}

std::int64_t System::time(std::uint64_t at) {
  rely("time");
  const auto seconds = static_cast<std::uint64_t>(times_->now() / FileTimes::kSecond);
  Record record(set_.word_bytes);
  return at != 0 && !put_bytes(at, record.word(seconds).bytes()) ? kFault
                                                                 : static_cast<std::int64_t>(seconds);
}

}  // namespace assay::exec

// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What stat tells of a file, what a directory holds, and the calls that set owners and times.
#include <algorithm>
#include <cstring>

#include "core/paths.h"
#include "machine/linux/linux.h"

namespace assay::machine {
namespace {

constexpr std::uint32_t kFile = 0100000;
constexpr std::uint32_t kDirectory = 0040000;
constexpr std::uint32_t kLink = 0120000;
constexpr std::uint32_t kCharacters = 0020000;
constexpr std::uint32_t kPipe = 0010000;
constexpr std::uint64_t kBlock = 512;
constexpr std::uint64_t kDevice = 1;  // that everything is on

constexpr std::uint64_t device_number(unsigned major, unsigned minor) {
  return std::uint64_t{major} << 8 | minor;
}

// A structure of the guest, field by field.
class Fields {
 public:
  explicit Fields(unsigned word) : word_(word) {}
  Fields& put(std::uint64_t value, unsigned bytes) {
    for (unsigned i = 0; i < bytes; ++i) bytes_.push_back(static_cast<Byte>(value >> (8 * i)));
    return *this;
  }
  Fields& word(std::uint64_t value) { return put(value, word_); }
  Fields& time(std::int64_t nanoseconds) {
    return word(static_cast<std::uint64_t>(nanoseconds / kSecond))
        .word(static_cast<std::uint64_t>(nanoseconds % kSecond));
  }
  [[nodiscard]] const Bytes& bytes() const { return bytes_; }

 private:
  unsigned word_;
  Bytes bytes_;
};

}  // namespace

struct LinuxCall::Status {
  std::uint64_t inode = 1;
  std::uint32_t mode = 0;
  std::uint64_t links = 1;
  std::uint32_t user = 0;
  std::uint32_t group = 0;
  std::uint64_t device = 0;
  std::uint64_t size = 0;
  std::int64_t accessed = 0;
  std::int64_t modified = 0;
  std::int64_t changed = 0;
};

LinuxCall::Status LinuxCall::status_of(const std::string& path, const std::shared_ptr<Node>& node) {
  const FileStatus& known = state_.status(node);
  Status status{.inode = known.inode,
                .links = known.links,
                .user = known.user,
                .group = known.group,
                .accessed = known.accessed,
                .modified = known.modified,
                .changed = known.changed};
  constexpr std::uint64_t kDirectorySize = 4096;
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
      status.size = kDirectorySize;
      status.links = 2;
      const std::vector<std::string> names = runner_.tree().list(path).value_or(std::vector<std::string>{});
      for (const std::string& name : names) {
        const std::shared_ptr<Node> inner = runner_.tree().find(join_path(path, name));
        if (inner != nullptr && inner->kind == NodeKind::directory) ++status.links;
      }
      break;
    }
  }
  return status;
}

LinuxCall::Status LinuxCall::status_of_device(FileKind kind) {
  Status status{.mode = kCharacters | 0666};
  switch (kind) {
    case FileKind::null: status.device = device_number(1, 3); break;
    case FileKind::zero: status.device = device_number(1, 5); break;
    case FileKind::full: status.device = device_number(1, 7); break;
    default: status.mode = kPipe | 0600; break;  // streams and pipes
  }
  return status;
}

std::int64_t LinuxCall::put_status(const Status& s, std::uint64_t to, StatusForm form) {
  rely("file-status");
  const std::uint64_t blocks =
      (s.mode & 0170000) == kLink ? 0 : (s.size + kPage - 1) / kPage * (kPage / kBlock);
  Fields f(word());
  if (form == StatusForm::wide32) {
    const bool aligned = isa_.abi == Abi::arm;
    f.put(kDevice, 8).put(0, 4).put(s.inode, 4).put(s.mode, 4).put(s.links, 4).put(s.user, 4).put(s.group, 4);
    f.put(s.device, 8).put(0, aligned ? 8 : 4).put(s.size, 8).put(kPage, aligned ? 8 : 4).put(blocks, 8);
    f.time(s.accessed).time(s.modified).time(s.changed).put(s.inode, 8);
  } else if (word() == 4) {
    constexpr std::uint64_t kMost = 0x7FFFFFFF;
    if (s.size > kMost) return -kEoverflow;
    f.put(kDevice, 4).put(s.inode, 4).put(s.mode, 2).put(s.links, 2).put(s.user, 2).put(s.group, 2);
    f.put(s.device, 4).put(s.size, 4).put(kPage, 4).put(blocks, 4);
    f.time(s.accessed).time(s.modified).time(s.changed).put(0, 8);
  } else if (isa_.abi == Abi::amd64) {
    f.put(kDevice, 8).put(s.inode, 8).put(s.links, 8).put(s.mode, 4).put(s.user, 4).put(s.group, 4).put(0, 4);
    f.put(s.device, 8).put(s.size, 8).put(kPage, 8).put(blocks, 8);
    f.time(s.accessed).time(s.modified).time(s.changed).put(0, 8).put(0, 8).put(0, 8);
  } else {
    f.put(kDevice, 8).put(s.inode, 8).put(s.mode, 4).put(s.links, 4).put(s.user, 4).put(s.group, 4);
    f.put(s.device, 8).put(0, 8).put(s.size, 8).put(kPage, 4).put(0, 4).put(blocks, 8);
    f.time(s.accessed).time(s.modified).time(s.changed).put(0, 8);
  }
  return copy_out(to, f.bytes()) ? 0 : -kEfault;
}

std::int64_t LinuxCall::stat(int directory, std::uint64_t path_at, std::uint64_t to, std::uint64_t flags,
                             StatusForm form) {
  constexpr std::uint64_t kNoFollow = 0x100;
  constexpr std::uint64_t kNoAutomount = 0x800;
  constexpr std::uint64_t kEmptyPath = 0x1000;
  flags &= 0xFFFFFFFF;
  if ((flags & ~(kNoFollow | kNoAutomount | kEmptyPath | 0x6000)) != 0) return -kEinval;
  WalkedPath place;
  std::string text;
  const std::int64_t error =
      look_up(directory, path_at, (flags & kNoFollow) != 0 ? Last::keep : Last::follow, place, &text);
  if (error == -kEnoent && text.empty() && (flags & kEmptyPath) != 0) {
    if (directory != kAtCwd) return fstat(directory, to, form);
    place = {WalkedPath::Kind::name, process_.cwd, runner_.tree().find(process_.cwd)};
    if (place.node == nullptr) return -kEnoent;
    return put_status(status_of(place.path, place.node), to, form);
  }
  FileKind kind{};
  if (error == -kEnoent && place.node == nullptr && device(place.path, kind)) {
    rely("device");
    return put_status(status_of_device(kind), to, form);
  }
  if (error != 0) return error;
  return put_status(status_of(place.path, place.node), to, form);
}

std::int64_t LinuxCall::fstat(int fd, std::uint64_t to, StatusForm form) {
  const OpenFile* const of = file(fd);
  if (of == nullptr) return -kEbadf;
  if (of->kind != FileKind::file && of->kind != FileKind::directory) {
    if (of->kind != FileKind::pipe) rely("terminal");
    return put_status(status_of_device(of->kind), to, form);
  }
  const std::shared_ptr<Node> node = of->node != nullptr ? of->node : runner_.tree().find(of->path);
  if (node == nullptr) {  // a directory that is no more
    Status gone{.mode = kDirectory | 0755, .links = 0};
    return put_status(gone, to, form);
  }
  return put_status(status_of(of->path, node), to, form);
}

// The names are those that were there when reading began; what has gone since is left out.
std::int64_t LinuxCall::getdents(bool wide) {
  constexpr std::uint64_t kHidden = 2;  // "." and ".."
  OpenFile* const of = usable_file(int_argument(0));
  if (of == nullptr) return -kEbadf;
  if (of->kind != FileKind::directory) return -kEnotdir;
  const std::shared_ptr<Node> node = runner_.tree().find(of->path);
  if (node == nullptr || node->kind != NodeKind::directory) return -kEnoent;
  rely("directory-order");
  if (of->offset == 0) {
    of->names = runner_.tree().list(of->path).value_or(std::vector<std::string>{});
  }
  const std::uint64_t room = argument(2) & 0xFFFFFFFF;
  Bytes all;
  for (; of->offset < of->names.size() + kHidden; ++of->offset) {
    std::string name = of->offset == 0 ? "." : "..";
    std::shared_ptr<Node> inner = node;
    if (of->offset == 1) inner = runner_.tree().find(parent_path(of->path));
    if (of->offset >= kHidden) {
      name = of->names[of->offset - kHidden];
      inner = runner_.tree().find(join_path(of->path, name));
    }
    if (inner == nullptr) continue;
    const std::uint64_t inode = state_.status(inner).inode;
    const unsigned type = inner->kind == NodeKind::directory ? 4 : inner->kind == NodeKind::link ? 10 : 8;
    const unsigned head = wide ? 19 : 2 * word() + 2;
    const unsigned alignment = wide ? 8 : word();
    const unsigned used = head + static_cast<unsigned>(name.size()) + (wide ? 1 : 2);
    const unsigned size = (used + alignment - 1) / alignment * alignment;
    if (all.size() + size > room) {
      if (all.empty()) return -kEinval;
      break;
    }
    Fields f(word());
    if (wide) {
      f.put(inode, 8).put(of->offset + 1, 8).put(size, 2).put(type, 1);
    } else {
      f.word(inode).word(of->offset + 1).put(size, 2);
    }
    Bytes record = f.bytes();
    record.insert(record.end(), name.begin(), name.end());
    record.resize(size);
    if (!wide) record.back() = static_cast<Byte>(type);
    all.insert(all.end(), record.begin(), record.end());
  }
  if (all.empty()) return 0;
  return copy_out(argument(1), all) ? static_cast<std::int64_t>(all.size()) : -kEfault;
}

// Anybody may own what the superuser gives away; set-user and set-group bits of a file go.
std::int64_t LinuxCall::own(const std::shared_ptr<Node>& node, std::uint64_t user, std::uint64_t group,
                            std::uint64_t nobody) {
  constexpr std::uint32_t kSetUser = 04000;
  constexpr std::uint32_t kSetGroup = 02000;
  constexpr std::uint32_t kGroupExecutes = 0010;
  FileStatus& status = state_.status(node);
  if ((user & nobody) != nobody) status.user = static_cast<std::uint32_t>(user & nobody);
  if ((group & nobody) != nobody) status.group = static_cast<std::uint32_t>(group & nobody);
  if (node->kind == NodeKind::file) {
    node->mode &= ~kSetUser;
    if ((node->mode & kGroupExecutes) != 0) node->mode &= ~kSetGroup;
  }
  state_.changed(node);
  return 0;
}

std::int64_t LinuxCall::chown(int directory, std::uint64_t path_at, std::uint64_t user, std::uint64_t group,
                              std::uint64_t flags, std::uint64_t nobody) {
  constexpr std::uint64_t kNoFollow = 0x100;
  constexpr std::uint64_t kEmptyPath = 0x1000;
  flags &= 0xFFFFFFFF;
  if ((flags & ~(kNoFollow | kEmptyPath)) != 0) return -kEinval;
  if ((flags & kEmptyPath) != 0) return unknown();
  WalkedPath place;
  const std::int64_t error =
      look_up(directory, path_at, (flags & kNoFollow) != 0 ? Last::keep : Last::follow, place);
  return error != 0 ? error : own(place.node, user, group, nobody);
}

std::int64_t LinuxCall::fchown(int fd, std::uint64_t user, std::uint64_t group, std::uint64_t nobody) {
  OpenFile* const of = usable_file(fd);
  if (of == nullptr) return -kEbadf;
  const std::shared_ptr<Node> node = of->node != nullptr ? of->node : runner_.tree().find(of->path);
  return node == nullptr ? 0 : own(node, user, group, nobody);
}

// `times`: two of them, accessed and modified; nothing: the time now.
std::int64_t LinuxCall::set_times(int directory, std::uint64_t path_at, std::uint64_t flags,
                                  const std::optional<FileTimes>& times) {
  constexpr std::uint64_t kNoFollow = 0x100;
  constexpr std::uint64_t kEmptyPath = 0x1000;
  flags &= 0xFFFFFFFF;
  if ((flags & ~(kNoFollow | kEmptyPath)) != 0) return -kEinval;
  std::shared_ptr<Node> node;
  if (path_at == 0 && directory != kAtCwd) {
    if (flags != 0) return -kEinval;
    OpenFile* const of = usable_file(directory);
    if (of == nullptr) return -kEbadf;
    node = of->node != nullptr ? of->node : runner_.tree().find(of->path);
    if (node == nullptr) return 0;
  } else {
    WalkedPath place;
    const std::int64_t error =
        look_up(directory, path_at, (flags & kNoFollow) != 0 ? Last::keep : Last::follow, place);
    if (error != 0) return error;
    node = place.node;
  }
  if (times && times->wrong) return -kEinval;
  FileStatus& status = state_.status(node);
  state_.changed(node);
  const std::int64_t now = status.changed;
  const auto set = [now](std::int64_t& time, std::int64_t to) {
    if (to != FileTimes::kKeep) time = to == FileTimes::kNow ? now : to;
  };
  set(status.accessed, times ? times->accessed : FileTimes::kNow);
  set(status.modified, times ? times->modified : FileTimes::kNow);
  return 0;
}

// utimensat, utimes, futimesat, utime: seconds and a fraction, or seconds alone.
std::int64_t LinuxCall::read_times(std::uint64_t at, std::int64_t unit, std::optional<FileTimes>& times) {
  constexpr std::int64_t kNowMark = 0x3FFFFFFF;
  constexpr std::int64_t kKeepMark = 0x3FFFFFFE;
  if (at == 0) return 0;
  FileTimes read;
  for (std::int64_t* const to : {&read.accessed, &read.modified}) {
    std::int64_t seconds = 0;
    std::int64_t fraction = 0;
    if (!read_word(at, seconds)) return -kEfault;
    at += word();
    if (unit != kSecond) {
      if (!read_word(at, fraction)) return -kEfault;
      at += word();
    }
    const bool marks = unit == 1;
    if (marks && (fraction == kNowMark || fraction == kKeepMark)) {
      *to = fraction == kNowMark ? FileTimes::kNow : FileTimes::kKeep;
      continue;
    }
    if (fraction < 0 || fraction >= kSecond / unit) {
      // utimensat looks at the file first.
      if (!marks && unit != kSecond) return -kEinval;
      read.wrong = read.wrong || marks;
    }
    *to = seconds * kSecond + fraction * (unit == kSecond ? 0 : unit);
  }
  times = read;
  return 0;
}

}  // namespace assay::machine

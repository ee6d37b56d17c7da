// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Reading and writing in other forms: several pieces, at a place, through a pipe; and a file's size.
#include <algorithm>

#include "machine/linux/linux.h"

namespace assay::machine {

// The pieces of readv and writev. Linux looks at all of them before it does anything.
std::int64_t LinuxCall::pieces(std::uint64_t at, std::uint64_t count, std::vector<Piece>& all) {
  constexpr std::uint64_t kMost = 1024;
  constexpr std::uint64_t kMostTransfer = 0x7FFFF000;
  if (count > kMost) return -kEinval;
  std::uint64_t total = 0;
  const std::uint64_t record = std::uint64_t{2} * word();
  for (std::uint64_t i = 0; i < count; ++i, at += record) {
    Piece piece;
    if (!memory().read(at, &piece.at, word()) || !memory().read(at + word(), &piece.size, word()))
      return -kEfault;
    if (piece.size >> (8 * word() - 1) != 0) return -kEinval;
    if (!in_user_range(piece.at, piece.size)) return -kEfault;
    piece.size = std::min(piece.size, kMostTransfer - total);
    total += piece.size;
    all.push_back(piece);
  }
  return 0;
}

std::int64_t LinuxCall::vector(bool reads) {
  OpenFile* const of = usable_file(int_argument(0));
  if (of == nullptr || !(reads ? of->reads : of->writes)) return -kEbadf;
  std::vector<Piece> all;
  if (const std::int64_t error = pieces(argument(1), argument(2), all); error != 0) return error;
  std::int64_t total = 0;
  for (const Piece& piece : all) {
    if (piece.size == 0) continue;
    const std::int64_t done =
        reads ? read_from(*of, piece.at, piece.size) : write_to(*of, piece.at, piece.size);
    if (done < 0) return total > 0 ? total : done;
    total += done;
    if (static_cast<std::uint64_t>(done) < piece.size) break;
  }
  return total;
}

// An offset of 64 bits as a call's arguments have it: in one, in two, or in two from an even one on.
std::int64_t LinuxCall::wide_argument(unsigned index) const {
  if (word() == 8) return static_cast<std::int64_t>(argument(index));
  if (isa_.abi == Abi::arm || isa_.abi == Abi::generic32) index += index & 1;
  return static_cast<std::int64_t>((argument(index) & 0xFFFFFFFF) | argument(index + 1) << 32);
}

std::int64_t LinuxCall::at_offset(bool reads) {
  const std::int64_t offset = wide_argument(3);
  if (offset < 0) return -kEinval;
  OpenFile* const of = usable_file(int_argument(0));
  if (of == nullptr) return -kEbadf;
  if (of->kind == FileKind::pipe || of->is_console()) return -kEspipe;
  if (!(reads ? of->reads : of->writes)) return -kEbadf;
  const std::uint64_t kept = of->offset;
  of->offset = static_cast<std::uint64_t>(offset);
  const std::int64_t done =
      reads ? read_from(*of, argument(1), argument(2)) : write_to(*of, argument(1), argument(2));
  of->offset = kept;
  return done;
}

std::int64_t LinuxCall::set_size(const std::string& path, const std::shared_ptr<Node>& node,
                                 std::int64_t size) {
  const auto end = static_cast<std::uint64_t>(size);
  if (end > runner_.limits().file_bytes) {
    runner_.stop(Stop::limit_output, "a file would be larger than the limit");
    return -kEfbig;
  }
  const std::uint64_t old = node->bytes().size();
  if (end > old && !runner_.count_output(end - old)) return -kEnospc;
  OpenFile named;
  named.path = path;
  runner_.note_output(process_, named);
  Bytes* const contents = runner_.contents_for(*node, end);
  if (contents == nullptr) return -kEnospc;
  contents->resize(end);
  state_.written(node);
  return 0;
}

std::int64_t LinuxCall::truncate(std::int64_t size) {
  if (size < 0) return -kEinval;
  WalkedPath place;
  const std::int64_t error = look_up(kAtCwd, argument(0), Last::follow, place);
  if (error != 0) return error;
  if (place.node->kind == NodeKind::directory) return -kEisdir;
  if (runner_.is_running(*place.node)) return -kEtxtbsy;
  return set_size(place.path, place.node, size);
}

std::int64_t LinuxCall::ftruncate(std::int64_t size) {
  if (size < 0) return -kEinval;
  OpenFile* const of = usable_file(int_argument(0));
  if (of == nullptr) return -kEbadf;
  if (of->kind != FileKind::file || !of->writes) return -kEinval;
  return set_size(of->path, of->node, size);
}

std::int64_t LinuxCall::pipe(std::uint64_t at, std::uint64_t flags) {
  constexpr std::uint64_t kDirect = 040000;
  flags &= 0xFFFFFFFF;
  if ((flags & ~(kCloseOnExec | kNonBlocking | kDirect)) != 0) return -kEinval;
  if ((flags & kDirect) != 0) return unknown();
  const auto pipe = std::make_shared<Pipe>();
  std::int64_t fds[2] = {};
  for (const bool writes : {false, true}) {
    auto end = std::make_shared<OpenFile>();
    end->kind = FileKind::pipe;
    end->pipe = pipe;
    end->reads = !writes;
    end->writes = writes;
    end->flags = (flags & kNonBlocking) | (writes ? kWriteOnly : 0);
    (writes ? pipe->writer : pipe->reader) = end;
    fds[writes ? 1 : 0] = place(std::move(end), 0, (flags & kCloseOnExec) != 0);
    if (fds[writes ? 1 : 0] < 0) return fds[writes ? 1 : 0];
  }
  Byte told[8];
  for (unsigned i = 0; i < 8; ++i) told[i] = static_cast<Byte>(fds[i / 4] >> (8 * (i % 4)));
  if (copy_out(at, told)) return 0;
  for (const std::int64_t fd : fds) process_.files[static_cast<std::size_t>(fd)] = {};
  return -kEfault;
}

// Who reads where nothing is, and somebody could still write, would wait; here nobody else can run.
std::int64_t LinuxCall::read_pipe(OpenFile& from, std::uint64_t at, std::uint64_t size) {
  Pipe& pipe = *from.pipe;
  const std::uint64_t there = pipe.bytes.size() - pipe.taken;
  if (there == 0) {
    if (size == 0 || pipe.writer.expired()) return 0;
    if ((from.flags & kNonBlocking) != 0) return -kEagain;
    runner_.stop(
        Stop::bad_program,
        "a program waits for what another would write into a pipe later: here a child runs to its end "
        "before its parent goes on");
    return -kEagain;
  }
  std::uint64_t count = std::min({size, there, runner_.surrounding().most_read});
  count = writable(at, count);
  if (count == 0) return size == 0 ? 0 : -kEfault;
  memory().write_prepared(at, ByteView(pipe.bytes).subspan(pipe.taken, count));
  pipe.taken += count;
  if (pipe.taken == pipe.bytes.size()) {
    runner_.let_go(pipe.bytes.size());
    pipe.bytes.clear();
    pipe.taken = 0;
  }
  return static_cast<std::int64_t>(count);
}

std::int64_t LinuxCall::write_pipe(OpenFile& to, ByteView bytes) {
  constexpr unsigned kSignalPipe = 13;
  if (to.pipe->reader.expired()) {
    process_.signals.pending |= std::uint64_t{1} << (kSignalPipe - 1);
    return -kEpipe;
  }
  if (!runner_.count_output(bytes.size()) || !runner_.hold(bytes.size())) return -kEnospc;
  to.pipe->bytes.insert(to.pipe->bytes.end(), bytes.begin(), bytes.end());
  return static_cast<std::int64_t>(bytes.size());
}

}  // namespace assay::machine

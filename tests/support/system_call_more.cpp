// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Lists about what C libraries and ordinary programs call: what files are, directories, pipes, pieces, times,
// memory, signals.
#include <fmt/format.h>

#include "tests/support/system_call_rows.h"

namespace assay::test {
namespace {

using machine::Abi;
using machine::Isa;

constexpr std::uint64_t kMinusOne = static_cast<std::uint64_t>(-1);
constexpr std::uint64_t kHere = static_cast<std::uint64_t>(-100);
constexpr std::uint64_t kNoFollow = 0x100;

class Lists {
 public:
  Lists(const Isa& isa, const ListOptions& options) : isa_(isa), options_(options) {}

  void files();
  void directories();
  void pipes();
  void pieces();
  void sizes();
  void times();
  void mappings();
  void signals();
  void owners();
  void children();
  std::vector<CallList> take() { return std::move(lists_); }

 private:
  CallList& begin(const char* title) { return lists_.emplace_back(isa_, title); }
  [[nodiscard]] bool wide() const { return isa_.address_bits == 64; }
  void stat(CallList& list, std::string_view path, std::uint64_t to, std::uint64_t flags, bool of_file);

  const Isa& isa_;
  const ListOptions& options_;
  std::vector<CallList> lists_;
};

// By every call that the architecture has.
void Lists::stat(CallList& list, std::string_view path, std::uint64_t to, std::uint64_t flags, bool of_file) {
  const std::uint64_t at = list.text(path);
  const std::string_view plain = flags == 0 ? "stat" : "lstat";
  if (list.has("newfstatat")) {
    list.call("newfstatat", {kHere, at, to, flags});
    hide_status(list, to, false, of_file);
  } else if (list.has("fstatat64")) {
    list.call("fstatat64", {kHere, at, to, flags});
    hide_status(list, to, true, of_file);
  }
  if (list.has(plain)) {
    list.call(plain, {at, to + 0x100});
    hide_status(list, to + 0x100, false, of_file);
  }
  const std::string wide_name = std::string(plain) + "64";
  if (list.has(wide_name)) {
    list.call(wide_name, {at, to + 0x200});
    hide_status(list, to + 0x200, true, of_file);
  }
}

void Lists::files() {
  if (options_.emulated) return;
  struct Case {
    const char* path;
    std::uint64_t flags;
    bool of_file;
  };
  for (const Case& one : std::initializer_list<Case>{{"a", 0, true},
                                                     {"big", 0, true},
                                                     {"link", 0, true},
                                                     {"link", kNoFollow, true},
                                                     {"broken", 0, true},
                                                     {"broken", kNoFollow, true},
                                                     {"dlink", kNoFollow, true},
                                                     {"dlink/", kNoFollow, false},
                                                     {"dir", 0, false},
                                                     {"dir/sub", 0, false},
                                                     {"empty/.", 0, false},
                                                     {"/", 0, false},
                                                     {"a/", 0, true},
                                                     {"absent", 0, true},
                                                     {"", 0, true},
                                                     {"loop", 0, true}}) {
    CallList& list = begin("what a file is");
    stat(list, one.path, kBuffer + 0x400, one.flags, one.of_file);
  }
  CallList& open = begin("what an open file is");
  const bool has_64 = open.has("fstat64");
  if (!has_64 && !open.has("fstat")) return;
  const std::string_view name = has_64 ? "fstat64" : "fstat";
  open.open("a", 0);
  open.call(name, {3, kBuffer});
  hide_status(open, kBuffer, has_64, true);
  open.open("dir", 0);
  open.call(name, {4, kBuffer + 0x100});
  hide_status(open, kBuffer + 0x100, has_64, false);
  open.open("link", 010000000);
  open.call(name, {5, kBuffer + 0x200});
  hide_status(open, kBuffer + 0x200, has_64, true);
  open.call(name, {9, kBuffer});
  open.call(name, {3, kNowhere});
  open.on_path("unlink", "a");
  open.call(name, {3, kBuffer + 0x300});
  hide_status(open, kBuffer + 0x300, has_64, true);
  open.call("fchmod", {3, 04755});
  open.call(name, {3, kBuffer + 0x400});
  hide_status(open, kBuffer + 0x400, has_64, true);
  if (open.has("link")) {
    open.call("link", {open.text("big"), open.text("big2")});
    open.call("link", {open.text("big"), open.text("big3")});
    open.on_path("unlink", "big");
    open.open("big2", 2);
    open.call(name, {6, kBuffer + 0x500});
    hide_status(open, kBuffer + 0x500, has_64, true);
  }
}

void Lists::directories() {
  for (const char* const call : {"getdents", "getdents64"}) {
    CallList& list = begin("directories");
    if (!list.has(call)) {
      lists_.pop_back();
      continue;
    }
    const std::uint64_t to = kBuffer + 0x800;
    list.hide(to, 0x400);  // their order is the file system's
    list.open("dir", 0);
    list.call(call, {3, to, 0x400});
    list.call(call, {3, to, 0x400});
    list.call("close", {3});
    list.open("empty", 0);
    list.call(call, {3, to, 0x400});
    list.call("close", {3});
    list.open("dir", 0);
    list.call(call, {3, to, 1});
    if (!options_.emulated) list.call(call, {3, to, 0});
    if (!options_.emulated) list.call(call, {3, kNowhere, 0x400});
    list.open("a", 0);
    list.call(call, {4, to, 0x400});
    list.call(call, {9, to, 0x400});
    list.on_path("mkdir", "made", 0700);
    list.open("made", 0);
    list.on_path("rmdir", "made");
    list.call(call, {5, to, 0x400});
  }
}

void Lists::pipes() {
  CallList& list = begin("pipes");
  const auto pipe = [&list](std::uint64_t at, std::uint64_t flags) {
    if (list.has("pipe") && flags == 0) {
      list.call("pipe", {at});
    } else {
      list.call("pipe2", {at, flags});
    }
  };
  pipe(kBuffer, 0);
  list.call("write", {4, list.text("through the pipe"), 16});
  list.call("read", {3, kBuffer + 0x10, 7});
  list.call("read", {4, kBuffer + 0x20, 7});
  list.call("write", {3, list.text("x"), 1});
  list.call("read", {3, kBuffer + 0x20, 100});
  list.call("fcntl", {3, 3, 0});
  list.call("fcntl", {4, 3, 0});
  list.call("lseek", {3, 0, 1});
  list.call("close", {4});
  list.call("read", {3, kBuffer + 0x40, 100});
  list.call("close", {3});
  if (list.has("pipe2")) {
    list.call("pipe2", {kBuffer + 8, 04000 | 02000000});
    list.call("read", {3, kBuffer + 0x40, 100});
    list.call("fcntl", {3, 1, 0});
    list.call("fcntl", {3, 3, 0});
    list.call("pipe2", {kBuffer + 8, 1});
    if (!options_.emulated) list.call("pipe2", {kNowhere, 0});
    list.call("dup", {3});
  }
  if (list.has("fstat64") && !options_.emulated) {
    list.call("fstat64", {3, kBuffer + 0x100});
    hide_status(list, kBuffer + 0x100, true, true);
  }
}

void Lists::pieces() {
  CallList& list = begin("reading and writing in pieces");
  list.open("out", 0100 | 2, 0644);
  const std::uint64_t texts = list.words({list.text("first "), 6, list.text(""), 0, list.text("second"), 6});
  list.call("writev", {3, texts, 3});
  list.call("writev", {3, texts, 0});
  list.call("writev", {3, texts, kMinusOne});
  list.call("writev", {9, texts, 3});
  list.call("pwrite64", {3, list.text("FIRST"), 5, 0, 0, 0});
  list.call("lseek", {3, 2, 0});
  const std::uint64_t places = list.words({kBuffer, 3, kBuffer + 0x10, 0, kBuffer + 0x20, 100});
  list.call("readv", {3, places, 3});
  list.call("readv", {3, places, 3});
  list.open("a", 0);
  list.call("readv", {4, places, 1});
  list.call("pread64", {4, kBuffer + 0x40, 5, wide() ? 20U : 0U, 0, 0});
  list.call("read", {4, kBuffer + 0x50, 2});
  if (wide()) list.call("pread64", {4, kBuffer + 0x40, 5, kMinusOne, 0, 0});
  if (wide()) list.call("pread64", {4, kBuffer + 0x40, 5, 1000, 0, 0});
  list.call("writev", {4, texts, 1});
  if (options_.emulated) return;
  list.call("readv", {4, list.words({kBuffer, 2, kNowhere, 2}), 2});
  list.call("readv", {4, list.words({kNowhere, 2, kBuffer, 2}), 2});
  list.call("readv", {4, list.words({kBuffer, 2, kBuffer, std::uint64_t{1} << (wide() ? 63 : 31)}), 2});
  list.call("readv", {4, kNowhere, 1});
  list.call("readv", {4, places, 1025});
  list.call("writev", {3, list.words({kBuffer, 2, kImageEnd - 1, 4, kBuffer, 2}), 3});
}

void Lists::sizes() {
  CallList& list = begin("sizes of files");
  const bool has_old = list.has("truncate");
  list.open("a", 2);
  list.open("big", 0);
  if (has_old) {
    list.call("truncate", {list.text("a"), 3});
    list.call("truncate", {list.text("a"), 30});
    list.call("truncate", {list.text("dir"), 0});
    list.call("truncate", {list.text("absent"), 0});
    list.call("truncate", {list.text("link"), 5});
    list.call("truncate", {list.text("a"), kMinusOne});
    if (!options_.emulated) list.call("truncate", {list.text("guest"), 1});
    list.call("ftruncate", {3, 9});
    list.call("ftruncate", {4, 0});
    list.call("ftruncate", {9, 0});
    list.call("ftruncate", {3, kMinusOne});
  }
  if (list.has("ftruncate64") && isa_.abi == Abi::x86) {
    list.call("ftruncate64", {3, 40, 0});
    list.call("truncate64", {list.text("big"), 100, 0});
    list.call("truncate64", {list.text("big"), 0, 0x80000000});
  }
  list.call("read", {3, kBuffer, 64});
  for (const char* const call : {"fsync", "fdatasync"}) {
    list.call(call, {3});
    list.call(call, {9});
    list.call(call, {4});
  }
  list.call("fsync", {0});
}

void Lists::times() {
  CallList& list = begin("times");
  const auto set = [&](std::string_view call, const std::vector<std::uint64_t>& arguments) {
    if (list.has(call)) list.call(call, arguments);
  };
  const std::uint64_t some = list.words({1000, 5, 2000, 6});
  const std::uint64_t wrong = list.words({1000, 1000000000, 2000, 6});
  const std::uint64_t marks = list.words({0, 0x3FFFFFFF, 0, 0x3FFFFFFE});
  const std::uint64_t none = list.words({0, 0x3FFFFFFE, 0, 0x3FFFFFFE});
  for (const char* const path : {"a", "dir", "absent", "broken", ""}) {
    set("utimensat", {kHere, list.text(path), some, 0});
    set("utimensat", {kHere, list.text(path), marks, kNoFollow});
    set("utimensat", {kHere, list.text(path), none, 0});
    set("utimensat", {kHere, list.text(path), wrong, 0});
    set("utimensat", {kHere, list.text(path), 0, 1});
    set("utimes", {list.text(path), some});
    if (!options_.emulated) set("utimes", {list.text(path), wrong});
    set("utime", {list.text(path), some});
    set("utime", {list.text(path), 0});
  }
  list.open("a", 0);
  set("utimensat", {3, 0, some, 0});
  set("utimensat", {9, 0, some, 0});
  set("utimensat", {3, 0, some, kNoFollow});
  if (!options_.emulated) set("utimensat", {kHere, list.text("a"), kNowhere, 0});
  if (!options_.emulated) set("utime", {list.text("a"), kNowhere});
  // What has been set is what is told.
  set("utimensat", {kHere, list.text("a"), some, 0});
  if (list.has("newfstatat") && isa_.abi == Abi::amd64) {
    list.call("newfstatat", {kHere, list.text("a"), kBuffer, 0});
    hide_status(list, kBuffer, false, true, true);
  }
  if (list.has("stat64") && isa_.abi == Abi::x86) {
    list.call("stat64", {list.text("a"), kBuffer + 0x100});
    hide_status(list, kBuffer + 0x100, true, true, true);
  }
  for (const std::uint64_t clock : {0U, 1U, 99U}) {
    set("clock_gettime", {clock, kBuffer + 0x400});
    set("clock_gettime", {clock, kNowhere});
  }
  list.hide(kBuffer + 0x400, 0x100);
  set("gettimeofday", {kBuffer + 0x420, 0});
  set("gettimeofday", {0, 0});
  set("gettimeofday", {0, kBuffer + 0x440});
  set("nanosleep", {list.words({0, 1000}), 0});
  set("nanosleep", {list.words({0, 1000000000}), 0});
  set("nanosleep", {list.words({kMinusOne, 0}), 0});
  if (list.has("time")) list.call("time", {kBuffer + 0x460}).shown = Shown::sign;
}

// An emulator has its own address space.
void Lists::mappings() {
  if (options_.emulated) return;
  CallList& list = begin("memory");
  const std::string_view call = list.has("mmap") ? "mmap" : "mmap2";
  constexpr std::uint64_t kAnonymous = 0x22;
  constexpr std::uint64_t kThere = 0x30000000;
  const auto map = [&](std::uint64_t at, std::uint64_t size, std::uint64_t protection, std::uint64_t flags,
                       std::uint64_t fd = kMinusOne, std::uint64_t offset = 0) {
    list.call(call, {at, size, protection, flags, fd, offset});
  };
  map(kThere, 0x3000, 3, kAnonymous | 0x10);
  list.open("a", 0);
  list.call("read", {3, kThere + 0x1FF0, 26});
  list.call("write", {1, kBuffer, 0});
  list.call("munmap", {kThere + 0x1000, 0x1000});
  list.call("lseek", {3, 0, 0});
  list.call("read", {3, kThere, 26});
  list.call("lseek", {3, 0, 0});
  list.call("read", {3, kThere + 0x1000, 26});
  list.call("read", {3, kThere + 0x2000, 3});
  list.call("mprotect", {kThere, 0x1000, 1});
  list.call("read", {3, kThere, 3});
  list.call("mprotect", {kThere, 0x3000, 3});
  list.call("mprotect", {kThere + 1, 0x1000, 3});
  list.call("mprotect", {kThere, 0, 3});
  list.call("mprotect", {kThere, 0x1000, 3});
  map(kThere + 0x4000, 0x1000, 1, 2 | 0x10, 3);
  map(kThere + 0x6000, 0x1000, 1, 1 | 0x10, 3);
  list.open("out", 0100 | 2, 0644);
  list.call("write", {4, kThere + 0x4000, 26});
  list.call("write", {4, kThere + 0x4000 + 20, 10});
  map(kThere, 0, 3, kAnonymous | 0x10);
  map(kThere + 5, 0x1000, 3, kAnonymous | 0x10);
  map(kThere, 0x1000, 3, 0x30);
  map(kThere, 0x1000, 3, 2 | 0x10, 9);
  list.open("dir", 0);
  map(kThere, 0x1000, 1, 2 | 0x10, 5);
  list.call("munmap", {kThere + 1, 0x1000});
  list.call("munmap", {kThere, 0});
  list.call("munmap", {kThere, 0x8000});
  list.call("munmap", {kThere, 0x8000});
  list.call("read", {3, kThere, 3});
  // Grown in place, made smaller.
  map(kThere, 0x2000, 3, kAnonymous | 0x10);
  list.call("mremap", {kThere, 0x2000, 0x5000, 0, 0});
  list.call("lseek", {3, 0, 0});
  list.call("read", {3, kThere + 0x4FF0, 16});
  list.call("mremap", {kThere, 0x5000, 0x1000, 1, 0});
  list.call("read", {3, kThere + 0x1000, 1});
  list.call("mremap", {kThere + 0x10000, 0x1000, 0x2000, 1, 0});
  list.call("mremap", {kThere, 0x1000, 0, 1, 0});
  list.call("mremap", {kThere + 1, 0x1000, 0x1000, 1, 0});
  if (wide()) list.call(call, {0, 0x10000, 3, kAnonymous, kMinusOne, 0}).shown = Shown::sign;
  if (list.has("old_mmap")) {
    list.call("old_mmap", {list.words({kThere + 0x8000, 0x1000, 3, 0x32, kMinusOne, 0})});
    list.call("old_mmap", {kNowhere});
    list.call("old_mmap", {list.words({kThere + 0x8000, 0x1000, 3, 0x32, kMinusOne, 5})});
  }
  // A child's memory is its own.
  CallList& forked = begin("memory of a child");
  forked.call(call, {kThere, 0x3000, 3, kAnonymous | 0x10, kMinusOne, 0});
  forked.open("a", 0);
  forked.call("read", {3, kThere, 3});
  forked.call("read", {3, kThere + 0x1000, 3});
  forked.call("mprotect", {kThere + 0x1000, 0x1000, 1});
  forked.open("out", 0100 | 2, 0644);
  const std::size_t at = forked.rows().size();
  forked.fork();
  forked.call("wait4", {kMinusOne, kBuffer, 0, 0}).shown = Shown::sign;
  forked.call("write", {4, kThere, 3});
  forked.call("write", {4, kThere + 0x1000, 3});
  forked.call("read", {3, kThere + 0x1000, 3});
  forked.call("write", {4, kThere + 0x2000, 3});
  forked.call("write", {4, kThere + 0x3000, 3});
  const std::size_t last = forked.rows().size();
  forked.call("fcntl", {1, 1, 0});
  forked.call("read", {3, kThere, 5});
  forked.call("munmap", {kThere + 0x1000, 0x1000});
  forked.call(call, {kThere + 0x1000, 0x3000, 3, kAnonymous | 0x10, kMinusOne, 0});
  forked.call("lseek", {3, 10, 0});
  forked.call("read", {3, kThere + 0x1000, 5});
  forked.call("read", {3, kThere + 0x3000, 5});
  forked.exit(0);
  forked.skip(at, last - at);
  forked.skip(last, forked.rows().size() - last - 1);
}

void Lists::signals() {
  CallList& list = begin("signals");
  const bool four =
      isa_.abi == Abi::amd64 || isa_.abi == Abi::x86 || isa_.abi == Abi::arm || isa_.abi == Abi::aarch64;
  // handler, flags, (restorer), a set of 64 signals.
  std::vector<std::uint64_t> action{0x401000, 0x14000000};
  if (four) action.push_back(0x402000);
  if (!wide()) action.push_back(0);
  action.push_back(wide() ? 0x5000 : 0);
  const std::uint64_t set = list.words(action);
  auto next = [&list, to = kBuffer](std::uint64_t signal, std::uint64_t at) mutable {
    list.call("rt_sigaction", {signal, at, to, 8});
    to += 0x20;
  };
  if (options_.emulated) return lists_.pop_back();
  next(17, 0);
  next(17, set);
  next(17, 0);
  next(10, set);
  next(9, set);
  next(9, 0);
  next(0, set);
  next(64, set);
  next(65, set);
  list.call("rt_sigaction", {10, set, 0, 4});
  list.call("rt_sigaction", {10, kNowhere, 0, 8});
  list.call("rt_sigaction", {10, 0, kNowhere, 8});
  if (list.has("signal")) {
    list.call("signal", {10, 1});
    list.call("signal", {10, 0});
    list.call("signal", {9, 0});
    list.call("signal", {17, 1});
    list.call("rt_sigaction", {17, 0, kBuffer + 0x300, 8});
    list.hide(kBuffer + 0x308, 4);  // where nobody wrote anything
  }
  if (list.has("sigaction") && isa_.abi == Abi::x86) {
    list.call("sigaction", {12, list.words({0x401000, 0x5000, 0x14000000, 0x402000}), 0});
    list.call("sigaction", {12, 0, kBuffer + 0x340});
    list.call("rt_sigaction", {12, 0, kBuffer + 0x360, 8});
  }
  const std::uint64_t blocked = list.words({0xFFFF'0F00, wide() ? 0U : 1U});
  for (const std::uint64_t how : {0U, 1U, 2U, 3U}) {
    list.call("rt_sigprocmask", {how, blocked, kBuffer + 0x400 + 0x10 * how, 8});
    list.call("rt_sigprocmask", {how, 0, kBuffer + 0x440 + 0x10 * how, 8});
  }
  list.call("rt_sigprocmask", {0, kNowhere, 0, 8});
  list.call("rt_sigprocmask", {0, 0, kNowhere, 8});
  list.call("rt_sigprocmask", {0, blocked, 0, 4});
  if (list.has("sigprocmask")) {
    list.call("sigprocmask", {2, blocked, kBuffer + 0x500});
    list.call("sigprocmask", {0, 0, kBuffer + 0x510});
    list.call("sigprocmask", {7, blocked, 0});
  }
  list.call("kill", {0x7FFFFFFF, 0});
  list.call("kill", {0x7FFFFFFF, 100});
}

void Lists::owners() {
  if (options_.emulated) return;
  CallList& list = begin("owners");
  for (const char* const path : {"a", "link", "dir", "absent", "broken"}) {
    if (list.has("chown")) list.call("chown", {list.text(path), 0, kMinusOne});
    if (list.has("lchown")) list.call("lchown", {list.text(path), kMinusOne, 0});
    list.call("fchownat", {kHere, list.text(path), 0, 0, 0});
    list.call("fchownat", {kHere, list.text(path), 0, 0, kNoFollow});
    list.call("fchownat", {kHere, list.text(path), 0, 0, 1});
  }
  list.open("plain", 0);
  list.call("fchmod", {3, 06755});
  list.call("fchown", {3, kMinusOne, kMinusOne});
  list.call("fchown", {9, 0, 0});
  list.open("text", 0);
  list.call("fchmod", {4, 06745});
  list.call("fchown", {4, 0, 0});
}

// A child writes into a pipe and ends; its parent reads.
void Lists::children() {
  CallList& list = begin("a pipe from a child");
  if (list.has("pipe")) {
    list.call("pipe", {kBuffer});
  } else {
    list.call("pipe2", {kBuffer, 0});
  }
  const std::size_t at = list.rows().size();
  list.fork();
  list.call("close", {4});
  if (list.has("wait4")) list.call("wait4", {kMinusOne, kBuffer + 0x10, 0, 0}).shown = Shown::sign;
  list.call("read", {3, kBuffer + 0x20, 40});
  list.call("read", {3, kBuffer + 0x60, 40});
  const std::size_t last = list.rows().size();
  list.call("fcntl", {1, 1, 0});
  list.call("close", {3});
  list.call("dup3", {4, 7, 0});
  list.call("write", {7, list.text("written by the child"), 20});
  list.exit(5);
  list.skip(at, last - at);
  list.skip(last, list.rows().size() - last - 1);
}

}  // namespace

void hide_status(CallList& list, std::uint64_t at, bool wide32, bool of_file, bool keep_times) {
  const Isa& isa = list.isa();
  const auto hide = [&](std::uint64_t from, std::uint64_t to) { list.hide(at + from, to - from); };
  const bool arm = isa.abi == Abi::arm;
  // Device and number; of a directory the links and the size; blocks; times.
  if (wide32) {
    hide(0, 16);
    if (!of_file) hide(20, 24);
    if (!of_file) arm ? hide(48, 56) : hide(44, 52);
    arm ? hide(56, 72) : hide(52, 64);
    if (!keep_times) arm ? hide(72, 96) : hide(64, 88);
    if (keep_times) arm ? hide(88, 96) : hide(80, 88);
    arm ? hide(96, 104) : hide(88, 96);
  } else if (isa.address_bits == 32) {
    hide(0, 8);
    if (!of_file) hide(10, 12);
    if (!of_file) hide(20, 24);
    hide(24, 32);
    hide(32, 56);
  } else {
    hide(0, 16);
    const bool amd64 = isa.abi == Abi::amd64;
    if (!of_file) amd64 ? hide(16, 24) : hide(20, 24);
    if (!of_file) hide(48, 56);
    hide(56, 72);
    keep_times ? hide(104, 120) : hide(72, 120);
  }
}

std::vector<CallList> more_lists(const Isa& isa, const ListOptions& options) {
  Lists lists(isa, options);
  if (isa.abi == Abi::generic32) return {};  // it has other forms of most of them
  lists.files();
  lists.directories();
  lists.pipes();
  lists.pieces();
  lists.sizes();
  lists.times();
  lists.mappings();
  lists.signals();
  lists.owners();
  lists.children();
  return lists.take();
}

}  // namespace assay::test

// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include "tests/support/system_call_rows.h"

namespace assay::test {
namespace {

using machine::Isa;

constexpr std::uint64_t kMinusOne = static_cast<std::uint64_t>(-1);
constexpr std::uint64_t kCreateWrite = 0100 | 1;

class Lists {
 public:
  Lists(const Isa& isa, const ListOptions& options)
      : isa_(isa),
        options_(options),
        arm_(isa.abi == machine::Abi::arm || isa.abi == machine::Abi::aarch64) {}

  CallList& begin(const char* title) { return lists_.emplace_back(isa_, title); }
  [[nodiscard]] std::uint64_t directory() const { return arm_ ? 040000 : 0200000; }
  [[nodiscard]] std::uint64_t no_follow() const { return arm_ ? 0100000 : 0400000; }
  [[nodiscard]] bool wide() const { return isa_.address_bits == 64; }

  void counts();
  void names();
  void flags();
  void seeks();
  void running_programs();
  void processes();
  void memory();
  void links();

  std::vector<CallList> take() { return std::move(lists_); }

 private:
  /// A child: rows of its own, which must end it. Those of its parent come first.
  template <class Parent, class Child>
  void with_child(CallList& list, Parent parent, Child child) {
    const std::size_t at = list.rows().size();
    list.fork();
    parent();
    const std::size_t last = list.rows().size();
    list.call("fcntl", {1, 1, 0});  // gives 0: over the child's rows
    child();
    list.skip(at, last - at);
    list.skip(last, list.rows().size() - last - 1);
  }
  void wait(CallList& list, std::uint64_t pid, std::uint64_t at, std::uint64_t options);

  const Isa& isa_;
  const ListOptions& options_;
  bool arm_;
  std::vector<CallList> lists_;
};

void Lists::counts() {
  for (const std::uint64_t count :
       {static_cast<std::uint64_t>(-9), kMinusOne, std::uint64_t{0x7FFFFFFF}, std::uint64_t{0x7FFFF001},
        std::uint64_t{0x80000000}, std::uint64_t{0xFFFFFFF7}, std::uint64_t{0x7FFFFFFFFFFFFFFF}}) {
    if (options_.emulated) break;
    CallList& list = begin("huge counts");
    list.open("a", 0);
    list.call("read", {3, kBuffer, count});
    list.open("big", 0);
    list.call("read", {4, kImageEnd - 100, count});
    list.call("read", {4, kImageEnd, count});
    list.call("read", {4, 0, count});
    list.open("out", kCreateWrite, 0644);
    list.call("write", {5, kImageEnd - 64, count});
    list.call("write", {5, kImageEnd, count});
    list.call("write", {5, kImageEnd - 5000, count});
    list.call("getcwd", {kBuffer + 512, count});
    if (list.has("readlink")) list.call("readlink", {list.text("link"), kBuffer + 600, count});
  }
  if (options_.emulated) return;
  CallList& list = begin("nothing to read and write");
  list.open("out", kCreateWrite | 2, 0644);
  for (const std::uint64_t at : {std::uint64_t{0}, kNowhere, kBuffer}) {
    list.call("write", {3, at, 0});
    list.call("read", {3, at, 0});
    list.call("read", {3, at, 5});
    list.call("read", {0, at, 5});
    list.call("write", {0, at, 5});
    list.call("read", {1, at, 5});
  }
}

void Lists::names() {
  CallList& list = begin("long names");
  for (const unsigned length : {254U, 255U, 256U, 300U}) {
    const std::string name(length, 'x');
    list.open(name, kCreateWrite, 0644);
    list.open("dir/" + name, 0);
    list.open(name + "/a", 0);
    list.on_path("mkdir", "m" + name, 0755);
    list.on_path("unlink", name);
    list.on_path("chmod", name, 0600);
    list.on_path("chdir", name);
    list.execute(name, {"x"});
  }
  CallList& longest = begin("long paths");
  for (const unsigned length : {4094U, 4095U, 4096U, 4097U, 5000U}) {
    std::string path;
    while (path.size() + 2 < length) path += "./";
    path += std::string(length - path.size(), 'a');
    longest.open(path, 0);
    longest.on_path("chmod", path, 0640);
    longest.on_path("chdir", path);
  }
  CallList& slashes = begin("flags and a slash at the end");
  for (const char* path :
       {"a/", "dir/", "link/", "dlink/", "broken/", "new/", "absent/new", "a/new", "loop/"}) {
    for (const std::uint64_t flags : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{0100}, kCreateWrite,
                                      kCreateWrite | 01000, kCreateWrite | 0200, std::uint64_t{01000},
                                      directory(), directory() | 0100, no_follow(), no_follow() | 0101}) {
      slashes.open(path, flags, 0644);
    }
  }
  CallList& others = begin("a slash at the end");
  for (const char* path : {"a/", "dir/", "link/", "dlink/", "broken/", "new/", "new2/", "."}) {
    others.on_path("mkdir", path, 0755);
    others.on_path("chmod", path, 0711);
    others.on_path("access", path, 0);
    others.on_path("rmdir", path);
    others.on_path("unlink", path);
    others.call(others.has("readlink") ? "readlink" : "readlinkat",
                others.has("readlink") ? std::vector<std::uint64_t>{others.text(path), kBuffer, 64}
                                       : std::vector<std::uint64_t>{static_cast<std::uint64_t>(-100),
                                                                    others.text(path), kBuffer, 64});
  }
}

void Lists::flags() {
  const std::uint64_t path_only = 010000000;
  CallList& list = begin("O_PATH");
  list.open("a", path_only);
  list.call("read", {3, kBuffer, 5});
  list.call("write", {3, kBuffer, 5});
  if (list.has("lseek")) list.call("lseek", {3, 0, 0});
  list.call("fchmod", {3, 0600});
  list.call("fcntl", {3, 3, 0});
  list.call("fcntl", {3, 1, 0});
  list.open("dir", path_only);
  list.call("fchdir", {4});
  list.open("inner", path_only | 0100 | 0200 | 01000 | 1, 0644);
  list.open("up", path_only | no_follow());
  list.open("absent", path_only | 0100, 0644);
  list.call("openat", {4, list.text("inner"), 0, 0});
  list.call("dup", {3});
  list.call("close", {3});
  CallList& temporary = begin("O_TMPFILE");
  const std::uint64_t nameless = 020000000 | directory();
  for (const std::uint64_t how : {0U, 1U, 2U, 0102U, 0201U}) {
    temporary.open("dir", nameless | how, 0644);
    temporary.open("a", nameless | how, 0644);
    temporary.open("absent", nameless | how, 0644);
  }
  temporary.call("write", {3, temporary.text("hello"), 5});
  temporary.call("write", {4, temporary.text("hello"), 5});
  if (options_.emulated) return;
  CallList& append = begin("flags of open files");
  append.open("a", 02001);
  append.call("fcntl", {3, 3, 0});
  append.call("write", {3, append.text("hello"), 5});
  append.call("fcntl", {3, 4, 0});
  append.call("fcntl", {3, 3, 0});
  append.open("a", 0, 0);
  append.call("fcntl", {4, 3, 0});
  append.call("fcntl", {4, 4, 02000 | 04000});
  append.call("fcntl", {4, 3, 0});
  append.open("a", 3);
  append.call("read", {5, kBuffer, 5});
  append.call("write", {5, kBuffer, 5});
  append.open("dir", 0100);
  append.open("dir", 0101);
  append.open("dir", directory());
  append.call("read", {6, kBuffer, 5});
  append.call("read", {6, 0, 5});
  append.open("a", 01000);
  append.open("dir", 01000);
}

void Lists::seeks() {
  CallList& list = begin("offsets");
  list.open("a", 0);
  list.open("dir", 0);
  list.open("out", 0102, 0644);
  for (const std::uint64_t fd : {3U, 4U, 5U, 0U, 1U, 99U}) {
    for (const std::uint64_t whence : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{2}, std::uint64_t{3},
                                       std::uint64_t{4}, std::uint64_t{5}, kMinusOne}) {
      for (const std::uint64_t offset : {std::uint64_t{0}, std::uint64_t{10}, std::uint64_t{26},
                                         std::uint64_t{27}, kMinusOne, static_cast<std::uint64_t>(-27)}) {
        if (list.rows().size() > 140) break;
        // What a directory's offsets are is the file system's affair.
        if (fd == 4 && (whence > 1 || offset != 0)) continue;
        if (list.has("lseek")) {
          list.call("lseek", {fd, offset, whence});
        } else {
          list.call("llseek", {fd, offset >> 63 == 0 ? 0 : kMinusOne, offset, kBuffer + 8 * whence, whence});
        }
      }
    }
  }
  CallList& far = begin("far offsets");
  far.open("a", 0);
  for (const std::uint64_t offset : {std::uint64_t{0x7FFFFFFF}, std::uint64_t{0x80000000},
                                     std::uint64_t{1} << 40, std::uint64_t{1} << 63}) {
    for (const std::uint64_t whence : {0U, 1U, 2U}) {
      // An emulator lets a 32-bit program see the low half where a 32-bit kernel says EOVERFLOW.
      if (options_.emulated && !wide() && whence != 0) continue;
      if (far.has("lseek") && (wide() || offset >> 32 == 0)) far.call("lseek", {3, offset, whence});
      if (far.has("llseek")) far.call("llseek", {3, offset >> 32, offset & 0xFFFFFFFF, kBuffer, whence});
      far.call("read", {3, kBuffer + 64, 5});
    }
  }
  if (far.has("llseek")) far.call("llseek", {3, 0, 5, 0, 0});
  far.call("read", {3, kBuffer + 80, 5});
}

void Lists::running_programs() {
  if (!options_.emulated) {
    CallList& list = begin("writing a program that runs");
    for (const std::uint64_t flags : {0U, 1U, 2U, 01000U, 01001U, 0101U, 02001U, 3U})
      list.open("guest", flags, 0755);
    list.on_path("chmod", "guest", 0700);
    list.on_path("unlink", "guest");
    list.open("guest", kCreateWrite, 0755);
  }
  if (options_.emulated) return;
  CallList& list = begin("executing a file that is open for writing");
  list.open("seven", 2);
  with_child(
      list, [&] { wait(list, kMinusOne, kBuffer, 0); },
      [&] {
        list.execute("seven", {"seven"});
        list.call("close", {3});
        list.execute("seven", {"seven"});
        list.exit(9);
      });
  CallList& others = begin("what cannot be executed");
  for (const char* path : {"plain", "dir", "absent", "a/x", "loop", "broken", "dir/", "seven/", ""})
    others.execute(path, {"x"});
  others.call("execve", {0, 0, 0});
  others.call("execve", {kNowhere, 0, 0});
  others.call("execve", {others.text("seven"), kNowhere, 0});
  others.call("execve", {others.text("seven"), others.texts({"x"}), kNowhere});
}

void Lists::wait(CallList& list, std::uint64_t pid, std::uint64_t at, std::uint64_t options) {
  if (list.has("wait4")) {
    list.call("wait4", {pid, at, options, 0}).shown = Shown::sign;
  } else {
    list.call("waitid", {pid == kMinusOne ? 0U : 1U, pid == kMinusOne ? 0 : pid, at, options | 4, 0}).shown =
        Shown::sign;
    if (at >= kBuffer && at < kImageEnd) list.hide(at + (wide() ? 16 : 12), 4);  // the child's number
    // An emulator writes what its own kernel's record has behind that.
    if (options_.emulated && at >= kBuffer && at < kImageEnd) list.hide(at + 24, 8);
  }
}

void Lists::processes() {
  CallList& none = begin("waiting without a child");
  for (const std::uint64_t options : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{2}, std::uint64_t{8},
                                      std::uint64_t{0x20}, std::uint64_t{0x40000000}, kMinusOne}) {
    for (const std::uint64_t pid :
         {kMinusOne, std::uint64_t{0}, std::uint64_t{99999}, std::uint64_t{0x80000000}}) {
      if (none.has("wait4")) none.call("wait4", {pid, kBuffer, options, 0});
      if (none.has("waitpid")) none.call("waitpid", {pid, kBuffer, options});
      if (none.has("waitid")) none.call("waitid", {0, pid, kBuffer + 64, options, 0});
      if (none.has("waitid")) none.call("waitid", {1, pid, kBuffer + 64, options | 4, 0});
    }
    if (none.has("waitid")) none.call("waitid", {4, 0, kBuffer + 64, 4, 0});
  }
  for (const char* program : {"seven", "crash"}) {
    if (options_.emulated) break;  // its host's kernel does not run them
    for (const std::uint64_t at : {kBuffer, kBuffer + 0x800, std::uint64_t{0}, kNowhere}) {
      CallList& list = begin("a child's end");
      with_child(
          list,
          [&] {
            wait(list, kMinusOne, at, 0);
            wait(list, kMinusOne, kBuffer + 256, 0);
          },
          [&] { list.execute(program, {program}); });
    }
  }
  CallList& exits = begin("what a child exits with");
  for (const std::uint64_t status : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{255},
                                     std::uint64_t{256}, kMinusOne, std::uint64_t{0x12345678}}) {
    const std::uint64_t at = kBuffer + 16 * exits.rows().size();
    with_child(
        exits, [&] { wait(exits, kMinusOne, at, 0); }, [&] { exits.exit(status); });
  }
  CallList& files = begin("a child's files");
  files.open("a", 0);
  with_child(
      files,
      [&] {
        wait(files, kMinusOne, kBuffer, 0);
        files.call("read", {3, kBuffer + 16, 4});
        if (!options_.emulated) files.call("getcwd", {kBuffer + 32, 64});
        files.call("umask", {0});
        files.call("read", {4, kBuffer + 100, 4});
      },
      [&] {
        files.call("read", {3, kBuffer + 200, 4});
        files.on_path("chdir", "dir");
        files.call("umask", {077});
        files.open("inner", 0);
        files.call("close", {3});
        files.exit(3);
      });
}

void Lists::memory() {
  CallList& list = begin("the heap's end");
  const std::uint64_t far = wide() ? std::uint64_t{1} << 62 : 0xFFFFF000;
  for (const std::uint64_t to : {std::uint64_t{0}, std::uint64_t{1}, kMinusOne, far, kImageEnd - 1})
    list.call("brk", {to}).shown = Shown::sign;
}

void Lists::links() {
  CallList& list = begin("links");
  const auto symlink = [&](const char* target, const char* path) {
    const std::uint64_t to = list.text(target);
    if (list.has("symlink")) {
      list.call("symlink", {to, list.text(path)});
    } else {
      list.call("symlinkat", {to, static_cast<std::uint64_t>(-100), list.text(path)});
    }
  };
  symlink("", "new");
  symlink("a", "");
  symlink("a", "new/");
  symlink("a", "a");
  symlink("a", "broken");
  symlink("dir/inner", "new");
  symlink("new", "new2");
  symlink("/dir", "new3");
  symlink("missing", "new4");
  list.open("new", 0);
  list.open("new2", 0);
  list.open("new4", 0);
  list.open("new4", kCreateWrite, 0640);
  list.open("new4", kCreateWrite | 0200, 0640);
  list.open("broken", kCreateWrite | no_follow(), 0640);
  if (!options_.emulated) {
    list.open("new3/inner", 0);
    list.open("absolute", 0);
    list.on_path("chdir", "new3");
    list.call("getcwd", {kBuffer, 64});
    list.open("inner", 0);
    list.open("../a", 0);
    list.open("/new3/../a", 0);
  }
  // 40 links are followed, 41 are not.
  CallList& chain = begin("chains of links");
  for (unsigned index = 0; index < 42; ++index) {
    const std::uint64_t to = chain.text(index == 0 ? "a" : fmt::format("l{}", index - 1));
    const std::uint64_t path = chain.text(fmt::format("l{}", index));
    if (chain.has("symlink")) {
      chain.call("symlink", {to, path});
    } else {
      chain.call("symlinkat", {to, static_cast<std::uint64_t>(-100), path});
    }
    chain.open(fmt::format("l{}", index), 0);
    chain.call("close", {3});
  }
}

}  // namespace

std::vector<CallList> chosen_lists(const Isa& isa, const ListOptions& options) {
  Lists lists(isa, options);
  lists.counts();
  lists.names();
  lists.flags();
  lists.seeks();
  lists.running_programs();
  lists.processes();
  lists.memory();
  lists.links();
  return lists.take();
}

}  // namespace assay::test

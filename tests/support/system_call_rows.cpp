// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/system_call_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <random>

namespace assay::test {
namespace {

using machine::Isa;

struct CallKind {
  const char* call;
  /// A letter an argument: f descriptor, d directory or descriptor of one, p path, b place to write to, s
  /// place to read from, n size, o flags of open, m mode, O offset, w whence, a how to access, c command of
  /// fcntl, x its argument, D lowest or new descriptor, e flags of dup3, i command of ioctl, k kind and mode
  /// of a node, u flags of unlinkat, h high word of an offset, L low word, l flags of linkat, r flags of
  /// renameat2, g descriptor of what has no mode of its own, t place for stat, T place for stat64, A flags of
  /// newfstatat, v pieces, V how many, y place for a directory, Y its size, X times, U an owner, 0 nothing.
  const char* arguments;
};

constexpr CallKind kKinds[] = {
    {"read", "fbn"},      {"write", "fsn"},       {"open", "pom"},        {"openat", "dpom"},
    {"creat", "pm"},      {"close", "f"},         {"lseek", "fOw"},       {"llseek", "fhLbw"},
    {"dup", "f"},         {"dup2", "fD"},         {"dup3", "fDe"},        {"fcntl", "fcx"},
    {"ioctl", "fib"},     {"access", "pa"},       {"faccessat", "dpa"},   {"chmod", "pm"},
    {"fchmodat", "dpm"},  {"fchmod", "fm"},       {"chdir", "p"},         {"fchdir", "f"},
    {"mkdir", "pm"},      {"mkdirat", "dpm"},     {"mknod", "pk0"},       {"mknodat", "dpk0"},
    {"unlink", "p"},      {"rmdir", "p"},         {"unlinkat", "dpu"},    {"symlink", "pp"},
    {"symlinkat", "pdp"}, {"readlink", "pbn"},    {"readlinkat", "dpbn"}, {"rename", "pp"},
    {"renameat", "dpdp"}, {"renameat2", "dpdpr"}, {"link", "pp"},         {"linkat", "dpdpl"},
    {"stat", "pt"},       {"lstat", "pt"},        {"fstat", "gt"},        {"stat64", "pT"},
    {"lstat64", "pT"},    {"fstat64", "gT"},      {"newfstatat", "dptA"}, {"fstatat64", "dpTA"},
    {"readv", "fvV"},     {"writev", "fvV"},      {"truncate", "pO"},     {"ftruncate", "fO"},
    {"fsync", "f"},       {"fdatasync", "f"},     {"getdents", "fyY"},    {"getdents64", "fyY"},
    {"chown", "pUU"},     {"lchown", "pUU"},      {"fchown", "fUU"},      {"utimensat", "dpXA"},
    {"getcwd", "bn"},     {"umask", "m"},         {"getuid", ""},         {"getegid", ""},
};

/// Calls that open something, more often than the others: else most descriptors are none.
/// What the reference road's engine has of them.
constexpr std::string_view kCommon[] = {
    "read",  "write",   "open",   "openat",   "close",  "access", "chmod",   "faccessat", "fchmodat", "chdir",
    "mkdir", "mkdirat", "unlink", "unlinkat", "getcwd", "umask",  "symlink", "symlinkat", "ioctl"};

/// Where stat and getdents write: what a file system chooses there is not compared.
constexpr std::uint64_t kStatus = kBuffer + 0x600;
constexpr std::uint64_t kDirectoryPlace = kBuffer + 0x800;

constexpr std::string_view kAboutFiles[] = {"stat",    "lstat",      "fstat",     "stat64",   "lstat64",
                                            "fstat64", "newfstatat", "fstatat64", "getdents", "getdents64"};
constexpr std::string_view kWriting[] = {"write", "writev", "lseek", "llseek"};

constexpr std::string_view kOnlyNative[] = {"readv",  "writev", "truncate",  "ftruncate", "chown",
                                            "lchown", "fchown", "utimensat", "fsync",     "fdatasync"};

template <std::size_t N>
bool is_one_of(std::string_view name, const std::string_view (&names)[N]) {
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

constexpr std::string_view kFrequent[] = {"read", "write",  "open",  "openat",
                                          "open", "openat", "lseek", "llseek"};

class Maker {
 public:
  Maker(CallList& list, const ListOptions& options, std::uint64_t seed)
      : list_(list),
        about_files_(!options.common && seed % 3 == 0),
        options_(options),
        engine_(seed),
        arm_(list.isa().abi == machine::Abi::arm || list.isa().abi == machine::Abi::aarch64) {}

  void add() {
    const CallKind* kind = nullptr;
    while (kind == nullptr || !list_.has(kind->call)) {
      kind = &kKinds[below(std::size(kKinds))];
      if (!one_in(3)) continue;
      const std::string_view name = kFrequent[below(std::size(kFrequent))];
      for (const CallKind& one : kKinds) {
        if (name == one.call) kind = &one;
      }
    }
    if (options_.common && std::find(std::begin(kCommon), std::end(kCommon), kind->call) == std::end(kCommon))
      return add();
    // What stat and getdents leave in memory is not the same everywhere: a list has them, or calls that
    // write what is there to files, and move in directories.
    if (about_files_ ? is_one_of(kind->call, kWriting) : is_one_of(kind->call, kAboutFiles)) return add();
    // An emulator looks at these in its own order.
    if (options_.emulated && (is_one_of(kind->call, kAboutFiles) || is_one_of(kind->call, kOnlyNative)))
      return add();
    // Where there is an older form of a call, that engine has it and not the newer one.
    if (options_.common && list_.has("open") && std::string_view(kind->call).ends_with("at")) return add();
    // The directory's path is the host's there.
    if (options_.emulated && std::string_view(kind->call) == "getcwd") return add();
    std::vector<std::uint64_t> arguments;
    for (const char* letter = kind->arguments; *letter != 0; ++letter) arguments.push_back(value(*letter));
    list_.call(kind->call, arguments);
  }

 private:
  std::uint64_t next() { return engine_(); }
  unsigned below(std::size_t limit) { return static_cast<unsigned>(engine_() % limit); }
  bool one_in(unsigned n) { return below(n) == 0; }
  template <std::size_t N>
  std::uint64_t one_of(const std::uint64_t (&values)[N]) {
    return values[below(N)];
  }
  template <std::size_t N>
  std::string one_of(const char* const (&values)[N]) {
    return values[below(N)];
  }

  std::uint64_t value(char letter) {
    switch (letter) {
      case 'f':
        return one_in(12) ? one_of({static_cast<std::uint64_t>(-1), 1024, 0x7fffffff, 99, 0x100000003,
                                    static_cast<std::uint64_t>(-100)})
                          : one_of({0, 3, 3, 3, 4, 4, 5, 6, 7});
      case 'g': return one_of({1, 3, 3, 4, 5, 6, 7, 99, static_cast<std::uint64_t>(-1)});
      case 'd':
        return one_in(3) && !options_.common ? one_of({3, 4, 5, 0, static_cast<std::uint64_t>(-1), 99})
                                             : static_cast<std::uint64_t>(-100);
      case 'p': return path();
      // What a file system does with a write behind a file's end that fails is its own affair.
      case 's': return one_in(4) && !options_.emulated ? kImageEnd - 5 : kBuffer + 0x10 * below(64);
      case 'b': return one_in(4) && !options_.emulated ? hostile_pointer() : kBuffer + 0x10 * below(64);
      case 'n': return size();
      case 'o': return open_flags();
      case 'm': return one_of({0644, 0755, 0, 0777, 0600, 07777, 01777, 02755, 0100644, 0xFFFFFFFF});
      case 'O':
        return one_of({0, 1, 5, 10, 26, 27, 100, 4999, 70000, static_cast<std::uint64_t>(-1),
                       static_cast<std::uint64_t>(-30)});
      case 'r': return one_of({0, 0, 0, 1, 8});
      case 'L': return one_of({0, 1, 5, 10, 26, 27, 100, 4999, 70000});
      case 'h': return one_in(6) ? 0xFFFFFFFF : 0;
      case 'w': return one_of({0, 0, 0, 1, 1, 5, static_cast<std::uint64_t>(-1), 99});
      case 'a': return one_of({0, 1, 2, 4, 7, 8, static_cast<std::uint64_t>(-1)});
      case 'c':
        return one_of({0, 1, 2, options_.emulated ? 1U : 3U, 4, 1030, options_.emulated ? 2U : 99U, 1, 2});
      case 'x': return one_of({0, 1, 5, 1023, 1024, 02000, static_cast<std::uint64_t>(-1)});
      case 'D': return one_of({3, 4, 5, 6, 10, 20, 1023, 1024, static_cast<std::uint64_t>(-1)});
      case 'e': return one_of({0, 02000000, 1});
      case 'i': return one_of({0x5401, 0x5401, options_.emulated ? 0x5401U : 0x12345678U});
      case 'k': return one_of({0644, 0100644, 0100000, 0107777, 0120644, 040755, 0xF000});
      case 'u': return options_.common ? 0 : one_of({0, 0, 0x200, 0x200, 1, 0x400});
      case 'l': return one_of({0, 0, 0x400, 1});
      case 't': return one_in(8) ? kNowhere : kStatus;
      case 'T': return one_in(8) ? kNowhere : kStatus + 0x100;
      case 'A': return one_of({0, 0, 0x100, 0x100, 1});
      case 'v':
        return one_in(10) ? hostile_pointer()
                          : list_.words({kBuffer, 3, kBuffer + 0x100, 0, kBuffer + 0x10, size()});
      case 'V': return one_of({0, 1, 2, 3, 3, 3, 1025, static_cast<std::uint64_t>(-1)});
      case 'y': return one_in(8) ? kNowhere : kDirectoryPlace;
      case 'Y': return one_of({0, 10, 0x800, 0x800});
      case 'X': return one_in(3) ? 0 : list_.words({1, 2, 3, one_in(4) ? 1000000000U : 4U});
      case 'U': return one_of({0, static_cast<std::uint64_t>(-1)});
      default: return 0;
    }
  }

  std::uint64_t size() {
    static constexpr std::uint64_t kLittle[] = {0, 1, 2, 3, 10, 16, 26, 27, 64};
    static constexpr std::uint64_t kMuch[] = {0x1000,
                                              0x1001,
                                              0x7FFFFFFF,
                                              0x7FFFF000,
                                              0x80000000,
                                              static_cast<std::uint64_t>(-9),
                                              static_cast<std::uint64_t>(-1),
                                              0x7FFFFFFFFFFFFFFF,
                                              0x100000000};
    return one_in(4) && !options_.emulated ? one_of(kMuch) : one_of(kLittle);
  }

  std::uint64_t hostile_pointer() {
    return one_of({0, 1, static_cast<std::uint64_t>(-1), kNowhere, kImageEnd, kImageEnd - 1, kImageEnd - 5,
                   0xFFFFFFFF, 0x7FFF00000000 | kNowhere, 0x8000000000000000, kNowhere + 0x800000000000});
  }

  std::uint64_t open_flags() {
    const std::uint64_t directory = arm_ ? 040000 : 0200000;
    const std::uint64_t no_follow = arm_ ? 0100000 : 0400000;
    std::uint64_t flags = one_of({0, 0, 1, 2, 2, options_.emulated ? 2U : 3U});
    const std::uint64_t bits[] = {0100, 0200, 01000, 02000, 04000, directory, no_follow, 02000000, 010000000};
    for (const std::uint64_t bit : bits) {
      if (options_.common && (bit == directory || bit == no_follow || bit == 010000000)) continue;
      if (one_in(bit == 0100 ? 2 : 5)) flags |= bit;
    }
    if (one_in(12) && !options_.common) flags |= 020000000 | directory;  // O_TMPFILE
    return flags;
  }

  std::uint64_t path() {
    static constexpr const char* kNames[] = {
        "a",      "big",         "dir",      "dir/inner",  "empty",
        "link",   "dlink",       "broken",   "loop",       "slash",
        "new",    "new2",        "dir/new",  "dir/sub",    "plain",
        "guest",  "dir/up",      "absent/x", "a/x",        ".",
        "..",     "./a",         "dir/..",   "dir//inner", "a/",
        "dir/",   "link/",       "dlink/",   "new/",       "broken/",
        "slash/", "dlink/inner", "a/.",      "a/..",       "dir/.",
        "",       "new3/.",      "loop/",    "empty/..",   "broken/x",
        "link/x", "dir/sub/y",   "text",     "dir/sub/.",  "dir/sub/../inner"};
    static constexpr const char* kAbsolute[] = {
        "/a", "/", "//dir/inner", "/../a", "/absent", "/dir/", "/new4", "absolute", "../../a", "/.", "/.."};
    switch (below(20)) {
      case 0: return list_.text(std::string(below(2) + 255, 'n'));
      case 1: return list_.text(fmt::format("dir/{}", std::string(below(2) + 255, 'n')));
      case 2: {
        std::string longest;
        while (longest.size() < 4093) longest += "./";
        return list_.text(longest + std::string(below(3), 'a'));
      }
      case 3:
      case 4:
        if (!options_.emulated) return hostile_pointer();
        [[fallthrough]];
      case 5:
      case 6:
        if (!options_.emulated) return list_.text(one_of(kAbsolute));
        [[fallthrough]];
      default: {
        std::string name = one_of(kNames);
        // For an emulator, nothing that may lie outside of the directory.
        // Nor what runs: that is the emulator.
        while (options_.emulated && (name.find("..") != std::string::npos || name == "guest"))
          name = one_of(kNames);
        return list_.text(name);
      }
    }
  }

  CallList& list_;
  bool about_files_;
  const ListOptions& options_;
  std::mt19937_64 engine_;
  bool arm_;
};

}  // namespace

std::vector<CallList> random_lists(const Isa& isa, const ListOptions& options, unsigned count,
                                   std::uint64_t seed) {
  constexpr unsigned kRows = 60;
  std::vector<CallList> lists;
  for (unsigned index = 0; index < count; ++index) {
    CallList& list = lists.emplace_back(isa, fmt::format("random {}", index));
    Maker maker(list, options, seed * 1000003 + index);
    hide_status(list, kStatus, false, false);
    hide_status(list, kStatus + 0x100, true, false);
    list.hide(kDirectoryPlace, kBufferBytes - 0x800 - 0x40);
    for (unsigned row = 0; row < kRows; ++row) maker.add();
  }
  return lists;
}

}  // namespace assay::test

// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>
#include <algorithm>

#include "core/digest.h"
#include "extra/run.h"

namespace assay::extra {
namespace {

constexpr std::size_t kHashDigits = 64;
constexpr std::size_t kMaxName = 4096;

struct File {
  std::string name;
  Input input;
};

/// The digits of a hash as the tool accepts them: lower case, and the capital F.
bool is_digit(Byte c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || c == 'F'; }

/// One line of a list.
struct Entry {
  std::string hash;
  std::string name;
};

/// The entry at the start of `list`, which moves behind it; nothing if it is not well formed.
std::optional<Entry> next_entry(ByteView& list) {
  if (list.size() < kHashDigits + 2 || !std::all_of(list.begin(), list.begin() + kHashDigits, is_digit)) {
    return std::nullopt;
  }
  Entry entry{std::string(as_text(list.first(kHashDigits))), ""};
  std::replace(entry.hash.begin(), entry.hash.end(), 'F', 'f');
  if (list[kHashDigits] != ' ' || list[kHashDigits + 1] != ' ') return std::nullopt;
  list = list.subspan(kHashDigits + 2);
  const std::string_view room = as_text(list).substr(0, kMaxName);
  const std::size_t line = room.find('\n');
  const std::string_view name = room.substr(0, line);
  entry.name = name.substr(0, name.find('\0'));
  list = list.subspan(name.size() + (line == std::string_view::npos ? 0 : 1));
  return entry;
}

class Sum {
 public:
  Sum(const Arguments& arguments, World& world, DiagnosticSink& sink) : run_(arguments, world, sink) {}

  Output sum() {
    if (std::optional<Output> end = parse()) return std::move(*end);
    for (const File& file : files_) {
      if (file.input.kind == Input::Kind::missing) {
        print(fmt::format("{}: No such file or directory\n", file.name), !check_);
        return finish(1);
      }
      if (!check_) {
        print(fmt::format("{}  {}\n", sha256(file.input.bytes()), file.name), true);
      } else if (std::optional<Output> end = check(file)) {
        return std::move(*end);
      }
    }
    return finish(all_match_ ? 0 : 1);
  }

 private:
  std::optional<Output> parse() {
    const std::span<const std::string> words = run_.words();
    for (std::size_t i = 0; i < words.size(); ++i) {
      const std::string& word = words[i];
      if (word == "-c" || word == "--check") {
        check_ = true;
      } else if (word == "-o" || word == "--output") {
        output_ = ++i == words.size() ? nullptr : run_.world.create(words[i], 0600);
        if (output_ == nullptr) return run_.fail("Output file cannot be opened!\n");
      } else if (word == "-h" || word == "--help") {
        run_.out("Usage: sha256sum <file> [--check]\n");
        return run_.exit(0);
      } else {
        files_.push_back({word, run_.world.open(word)});
        if (auto end = run_.unusable(files_.back().input, word, kSha256sumCrashInput)) return end;
      }
    }
    return std::nullopt;
  }

  /// Sums go to the file of -o, if there is one; what -c says does not.
  void print(const std::string& text, bool to_file) {
    if (!to_file || output_ == nullptr) {
      run_.out(text);
    } else if (!output_->write(as_bytes(text))) {
      lost_ = true;
    }
  }

  std::optional<Output> check(const File& list) {
    ByteView rest = list.input.bytes();
    do {
      const std::optional<Entry> entry = next_entry(rest);
      if (!entry) {
        run_.out(fmt::format("{}: no properly formatted SHA256 checksum lines found\n", list.name));
        return finish(1);
      }
      const Input input = run_.world.open(entry->name);
      if (input.kind == Input::Kind::missing) {
        run_.out(fmt::format("{}: No such file or directory\n", entry->name));
        return finish(1);
      }
      if (auto end = run_.unusable(input, entry->name, kSha256sumCrashInput)) return end;
      compare(*entry, sha256(input.bytes()));
    } while (!rest.empty() && rest.front() != 0);
    return std::nullopt;
  }

  void compare(const Entry& entry, const std::string& hash) {
    if (hash == entry.hash) {
      run_.out(fmt::format("{}: OK\n", entry.name));
      return;
    }
    all_match_ = false;
    run_.out(fmt::format("{}: FAILED\nWanted:   {}\nReceived: {}\n", entry.name, entry.hash, hash));
  }

  Output finish(int status) {
    return lost_ ? run_.refuse(kWriteFailed, "cannot write the output") : run_.exit(status);
  }

  Run run_;
  bool check_ = false;
  bool all_match_ = true;
  bool lost_ = false;
  std::unique_ptr<Writer> output_;
  std::vector<File> files_;
};

}  // namespace

Output sha256sum(const Arguments& arguments, World& world, DiagnosticSink& sink) {
  return Sum(arguments, world, sink).sum();
}

}  // namespace assay::extra

// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The reader of cases: a keyword a line, with its data in the lines below it. The keywords before the first
// `expect` say what is there, those behind it what must come of it.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "bootstrap/conform/case.h"
#include "bootstrap/conform/case_data.h"

namespace assay::conform {
namespace {

template <class Value>
struct Named {
  std::string_view name;
  Value value;
};

constexpr std::array<Named<Kind>, 3> kKinds{
    {{"contract", Kind::contract}, {"quirk", Kind::quirk}, {"failure", Kind::failure}}};
constexpr std::array<Named<End>, 3> kEnds{
    {{"fails", End::fails}, {"crashes", End::crashes}, {"hangs", End::hangs}}};
constexpr std::array<Named<Does>, 9> kDoes{{{"words", Does::words},
                                            {"variables", Does::variables},
                                            {"copies", Does::copies},
                                            {"fails", Does::fails},
                                            {"killed", Does::killed},
                                            {"complains", Does::complains},
                                            {"everything", Does::everything},
                                            {"mask", Does::mask},
                                            {"reads", Does::reads}}};

template <class Table>
auto find(const Table& table, std::string_view name) -> decltype(&table.front()) {
  const auto row =
      std::find_if(table.begin(), table.end(), [name](const auto& one) { return one.name == name; });
  return row == table.end() ? nullptr : &*row;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> words;
  while (!(text = trimmed(text)).empty()) {
    const std::size_t end = std::min(text.find_first_of(" \t"), text.size());
    words.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return words;
}

std::optional<unsigned> number(std::string_view text, int base) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

tl::unexpected<Error> bad(std::string message) { return fail("bad-case", std::move(message)); }

/// The word as it is passed on: '' is an empty one, escapes are those of data.
Result<std::string> argument(std::string_view word) {
  if (word == "''") return "";
  const Result<Bytes> bytes = unescape(word);
  if (!bytes) return tl::unexpected<Error>(bytes.error());
  return std::string(as_text(*bytes));
}

/// A file of a case lies in the folder that it runs in.
Result<void> inside(std::string_view name) {
  if (name.starts_with('/'))
    return bad(fmt::format("'{}' is absolute: files are named from the folder of the case", name));
  for (std::string_view rest = name;;) {
    const std::size_t end = std::min(rest.find('/'), rest.size());
    const std::string_view part = rest.substr(0, end);
    if (part.empty() || part == "." || part == "..")
      return bad(fmt::format("'{}' is no plain path: it has '{}' as a part", name, part));
    if (end == rest.size()) return {};
    rest.remove_prefix(end + 1);
  }
}

class Reader {
 public:
  explicit Reader(std::string name) { case_.name = std::move(name); }

  Result<void> line(std::size_t number, std::string_view text) {
    number_ = number;
    text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
    if (!text.empty() && (text.front() == '|' || text.front() == ':' || text.front() == '*')) {
      if (data_ == nullptr) return bad("data that belong to nothing");
      return add_data_line(text, *data_);
    }
    text = trimmed(text);
    if (text.empty() || text.front() == '#') return {};
    data_ = nullptr;
    const std::size_t end = std::min(text.find_first_of(" \t"), text.size());
    const std::string_view keyword = text.substr(0, end);
    const std::string_view rest = trimmed(text.substr(end));
    if (keyword == "expect") return expect(rest);
    return case_.expectations.empty() ? situation(keyword, rest) : expectation(keyword, rest);
  }

  Result<Case> finish(const std::vector<std::string>& usual) {
    if (case_.title.empty()) return bad("no 'case' line with a title");
    if (!has_kind_) return bad("no 'kind' line");
    if (case_.expectations.empty()) return bad("nothing is expected");
    if (case_.usual_arguments) case_.situation.arguments = usual;
    return std::move(case_);
  }

 private:
  Result<void> situation(std::string_view keyword, std::string_view rest) {
    const std::vector<std::string_view> words = split(rest);
    if (keyword == "case") {
      case_.title = rest;
      return {};
    }
    if (keyword == "kind") {
      const Named<Kind>* const row = find(kKinds, rest);
      if (row == nullptr) return bad(fmt::format("no such kind: '{}'", rest));
      case_.kind = row->value;
      has_kind_ = true;
      return {};
    }
    if (keyword == "file") return file(words);
    if (keyword == "directory" && words.size() == 1) {
      if (Result<void> good = inside(words[0]); !good) return good;
      case_.situation.given.push_back(
          {.what = Given::What::directory, .name = std::string(words[0]), .mode = 0755});
      return {};
    }
    if (keyword == "program") return program(words);
    if (keyword == "stdin" && words.empty()) {
      data_ = &case_.situation.standard_input;
      return {};
    }
    if (keyword == "args") return words_to(words, case_.situation.arguments, case_.usual_arguments);
    if (keyword == "env") {
      bool unused = false;
      return words_to(words, case_.situation.environment, unused);
    }
    if (keyword == "umask") {
      const std::optional<unsigned> mask = number(rest, 8);
      if (!mask || *mask > 0777) return bad("a umask is an octal number");
      case_.situation.umask = *mask;
      return {};
    }
    return bad(fmt::format("unknown line '{} {}'", keyword, rest));
  }

  static Result<void> words_to(const std::vector<std::string_view>& words, std::vector<std::string>& list,
                               bool& unset) {
    unset = false;
    for (const std::string_view word : words) {
      Result<std::string> value = argument(word);
      if (!value) return tl::unexpected<Error>(value.error());
      list.push_back(*std::move(value));
    }
    return {};
  }

  Result<void> file(const std::vector<std::string_view>& words) {
    if (words.empty() || words.size() > 2) return bad("a file has a name, and may have a mode");
    if (Result<void> good = inside(words[0]); !good) return good;
    Given given{.name = std::string(words[0])};
    if (words.size() == 2) {
      const std::optional<unsigned> mode = number(words[1], 8);
      if (!mode || *mode > 07777) return bad("a mode is an octal number");
      given.mode = *mode;
    }
    case_.situation.given.push_back(std::move(given));
    data_ = &case_.situation.given.back().bytes;
    return {};
  }

  Result<void> program(const std::vector<std::string_view>& words) {
    const Named<Does>* const row = words.size() < 2 ? nullptr : find(kDoes, words[1]);
    if (row == nullptr) {
      std::vector<std::string_view> names;
      for (const Named<Does>& one : kDoes) names.push_back(one.name);
      return bad(fmt::format("a program has a name and one of {}", fmt::join(names, ", ")));
    }
    if (Result<void> good = inside(words[0]); !good) return good;
    const std::optional<unsigned> status = words.size() > 2             ? number(words[2], 10)
                                           : row->value == Does::killed ? 9U
                                                                        : 1U;
    if (!status || words.size() > 3 || *status > 255) return bad("a status is a number up to 255");
    case_.situation.given.push_back({.what = Given::What::program,
                                     .name = std::string(words[0]),
                                     .mode = 0755,
                                     .does = row->value,
                                     .status = static_cast<int>(*status)});
    return {};
  }

  Result<void> expect(std::string_view rest) {
    Expectation expectation;
    expectation.line = number_;
    expectation.standard_output.line = expectation.standard_error.line = number_;
    const std::vector<std::string_view> words = split(rest);
    if (words.empty()) return bad("for whom? dialects, 'all' or 'sound'");
    if (words.size() == 1 && words[0] == "sound") {
      expectation.sound = true;
    } else if (words.size() != 1 || words[0] != "all") {
      expectation.dialects.assign(words.begin(), words.end());
    }
    case_.expectations.push_back(std::move(expectation));
    return {};
  }

  Result<void> expectation(std::string_view keyword, std::string_view rest) {
    Expectation& now = case_.expectations.back();
    if (keyword == "status") {
      const Named<End>* const row = find(kEnds, rest);
      const std::optional<unsigned> status = row == nullptr ? number(rest, 10) : 0U;
      if (!status || *status > 255) return bad("a status is a number, fails, crashes or hangs");
      now.end = row == nullptr ? End::exits : row->value;
      now.status = static_cast<int>(*status);
      // What a run says that never ends well is its own affair, unless the case says more.
      if (now.end != End::exits) now.standard_output.what = now.standard_error.what = Wish::What::any;
      return {};
    }
    if (keyword == "stdout") return wish(now.standard_output, rest);
    if (keyword == "stderr") return wish(now.standard_error, rest);
    if (keyword == "out") {
      now.files.push_back({.name = "out"});
      return wish(now.files.back(), rest);
    }
    if (keyword == "file") {
      const std::size_t end = std::min(rest.find_first_of(" \t"), rest.size());
      if (Result<void> good = inside(rest.substr(0, end)); !good) return good;
      now.files.push_back({.name = std::string(rest.substr(0, end))});
      return wish(now.files.back(), trimmed(rest.substr(end)));
    }
    if (keyword == "mode") {
      const std::optional<unsigned> mode = number(rest, 8);
      if (!mode || now.files.empty()) return bad("a mode is an octal number, behind the file that has it");
      now.files.back().mode = mode;
      return {};
    }
    return bad(fmt::format("unknown line '{} {}'", keyword, rest));
  }

  Result<void> wish(Wish& wish, std::string_view rest) {
    wish.line = number_;
    wish.what = rest == "absent" ? Wish::What::absent : rest == "any" ? Wish::What::any : Wish::What::bytes;
    if (wish.what == Wish::What::bytes) {
      if (!rest.empty()) return bad(fmt::format("'{}' is neither absent nor any", rest));
      data_ = &wish.bytes;
    }
    return {};
  }

  Case case_;
  Bytes* data_ = nullptr;
  bool has_kind_ = false;
  std::size_t number_ = 0;
};

}  // namespace

std::string_view name_of(Kind kind) {
  return std::find_if(kKinds.begin(), kKinds.end(), [kind](const auto& row) { return row.value == kind; })
      ->name;
}

std::string_view name_of(End end) {
  if (end == End::exits) return "exits";
  return std::find_if(kEnds.begin(), kEnds.end(), [end](const auto& row) { return row.value == end; })->name;
}

bool Expectation::holds_for(std::string_view dialect) const {
  return !sound &&
         (dialects.empty() || std::find(dialects.begin(), dialects.end(), dialect) != dialects.end());
}

const Expectation* Case::of(std::string_view dialect) const {
  const Expectation* general = nullptr;
  for (const Expectation& one : expectations) {
    if (!one.holds_for(dialect)) continue;
    if (!one.dialects.empty()) return &one;
    general = &one;
  }
  return general;
}

std::vector<const Expectation*> Case::sound() const {
  std::vector<const Expectation*> all;
  for (const Expectation& one : expectations) {
    if (one.sound) all.push_back(&one);
  }
  return all;
}

Result<Case> parse_case(std::string name, std::string_view text, const std::vector<std::string>& usual) {
  Reader reader(std::move(name));
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (const Result<void> read = reader.line(number, text.substr(0, end)); !read)
      return fail("bad-case", fmt::format("line {}: {}", number, read.error().message));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return reader.finish(usual);
}

}  // namespace assay::conform

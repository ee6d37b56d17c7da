// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/explain/compiled_lines.h"

#include <fmt/format.h>
#include <algorithm>
#include <set>
#include <unordered_map>

#include "bootstrap/explain/hex_text.h"
#include "bootstrap/explain/token_places.h"
#include "core/paths.h"
#include "exec/run.h"
#include "exec/state/image.h"

namespace assay::bootstrap {
namespace {

/// What M2-Mesoplanet writes before a file's text.
constexpr std::string_view kFileMark = "// #FILENAME ";

MadeFrom not_known(std::string why) { return {{}, 0, std::move(why)}; }

/// Text of the sources that a program was built of in which `what` stands; empty if none has it.
std::string_view source_with(const Products& products, FileId program, std::string_view what) {
  std::vector<FileId> open{program};
  std::set<FileId> seen;
  while (!open.empty()) {
    const FileId file = open.back();
    open.pop_back();
    if (file == kNoFile || !seen.insert(file).second) continue;
    const std::string_view text = as_text(*products[file].bytes);
    if (text.find(what) != std::string_view::npos) return text;
    if (const Making* const maker = products.maker(file))
      open.insert(open.end(), maker->inputs.begin(), maker->inputs.end());
  }
  return {};
}

/// Where the compiler has what, as its own labels and the text of its `struct token_list` say.
struct Places {
  std::uint64_t emit = 0, write = 0, token = 0;
  std::array<std::uint64_t, 3> lists{};                              ///< code, global variables, strings
  std::uint64_t next = 0, text = 0, before = 0, file = 0, line = 0;  ///< members
};

/// Or why that cannot be said.
tl::expected<Places, std::string> places_of(Products& products, FileId program, unsigned word_bytes) {
  constexpr std::string_view kStruct = "struct token_list\n{";
  const HexText labels = HexText::of(products, program, made_from(products, program));
  const std::string_view text = source_with(products, program, kStruct);
  if (text.empty()) return tl::unexpected<std::string>("its sources have no 'struct token_list'");
  const std::size_t begin = text.find(kStruct) + kStruct.size();
  const std::string_view body = text.substr(begin, text.find("\n}", begin) - begin);
  Places places;
  const std::pair<std::uint64_t*, std::string_view> names[] = {
      {&places.emit, "FUNCTION_emit"},           {&places.write, "FUNCTION_recursive_output"},
      {&places.token, "GLOBAL_global_token"},    {&places.lists[0], "GLOBAL_output_list"},
      {&places.lists[1], "GLOBAL_globals_list"}, {&places.lists[2], "GLOBAL_strings_list"}};
  for (const auto& [place, name] : names) {
    const HexLabel* const label = labels.find(name);
    if (label == nullptr) return tl::unexpected(fmt::format("it has no label '{}'", name));
    *place = label->address;
  }
  const std::pair<std::uint64_t*, std::string_view> members[] = {{&places.next, "next"},
                                                                 {&places.text, "s"},
                                                                 {&places.before, "prev"},
                                                                 {&places.file, "filename"},
                                                                 {&places.line, "linenumber"}};
  for (const auto& [place, name] : members) {
    const std::optional<unsigned> word = word_of_member(body, name);
    if (!word) return tl::unexpected(fmt::format("its tokens have no member '{}'", name));
    *place = std::uint64_t{*word} * word_bytes;
  }
  return places;
}

/// Notes which token is at work whenever a list has grown.
class Watcher {
 public:
  Watcher(const Places& places, unsigned word_bytes) : places_(places), word_bytes_(word_bytes) {}

  void reached(std::uint64_t address, const exec::Image& memory) {
    if (done_) return;
    note_growth(memory);
    if (address != places_.write) {
      note_tokens(memory);
      return;
    }
    done_ = true;
    for (std::size_t list = 0; list < lists_.size(); ++list) read_list(memory, list);
  }

  struct Element {
    std::string text;
    std::uint32_t token = 0;
  };
  [[nodiscard]] const std::array<std::vector<Element>, 3>& lists() const { return lists_; }
  [[nodiscard]] const TokenPlaces& tokens() const { return tokens_; }

 private:
  [[nodiscard]] std::uint64_t word(const exec::Image& memory, std::uint64_t at) const {
    if (!memory.holds(at, word_bytes_)) return 0;
    return word_bytes_ == 8 ? memory.load<std::uint64_t>(at) : memory.load<std::uint32_t>(at);
  }
  static std::string_view text(const exec::Image& memory, std::uint64_t at) {
    constexpr std::size_t kMost = 1 << 16;
    if (at == 0 || !memory.holds(at, 1)) return {};
    const auto* const from = reinterpret_cast<const char*>(memory.at(at));
    return {from, strnlen(from, std::min<std::uint64_t>(kMost, exec::kTop - at))};
  }

  void note_growth(const exec::Image& memory) {
    constexpr int kMost = 64;  // texts that are added in one go
    for (std::size_t list = 0; list < heads_.size(); ++list) {
      const std::uint64_t head = word(memory, places_.lists[list]);
      std::uint64_t at = head;
      for (int i = 0; i < kMost && at != 0 && at != heads_[list]; ++i) {
        maker_.insert_or_assign(at, list == kStrings ? next_ : token_);
        at = word(memory, at + places_.next);
      }
      heads_[list] = head;
    }
  }

  /// Notes the compiler's next token, and the one before it, which was read last.
  void note_tokens(const exec::Image& memory) {
    const std::uint64_t next = word(memory, places_.token);
    if (next == next_address_ || next == 0) return;
    next_address_ = next;
    next_ = token_ = add(memory, next);
    if (const std::uint64_t before = token_before(memory, next); before != 0) token_ = add(memory, before);
  }
  /// 0: there is none. The compiler keeps ends of lines and some blanks as tokens.
  [[nodiscard]] std::uint64_t token_before(const exec::Image& memory, std::uint64_t token) const {
    constexpr int kMostBlank = 64;
    for (int i = 0; i < kMostBlank && token != 0; ++i) {
      token = word(memory, token + places_.before);
      const std::string_view own = text(memory, word(memory, token + places_.text));
      if (own != "\n" && own != " ") return own.empty() ? 0 : token;
    }
    return 0;
  }
  std::uint32_t add(const exec::Image& memory, std::uint64_t token) {
    const std::uint64_t before = token_before(memory, token);
    return tokens_.add({.file = std::string(text(memory, word(memory, token + places_.file))),
                        .line = line(memory, token),
                        .text = std::string(text(memory, word(memory, token + places_.text))),
                        .first = before == 0 || line(memory, before) != line(memory, token)});
  }
  [[nodiscard]] std::uint64_t line(const exec::Image& memory, std::uint64_t token) const {
    return word(memory, token + places_.line);
  }

  void read_list(const exec::Image& memory, std::size_t list) {
    constexpr std::size_t kMost = 10'000'000;
    std::uint64_t at = heads_[list];
    for (std::size_t i = 0; i < kMost && at != 0; ++i) {
      const auto maker = maker_.find(at);
      lists_[list].push_back({std::string(text(memory, word(memory, at + places_.text))),
                              maker == maker_.end() ? TokenPlaces::kNone : maker->second});
      at = word(memory, at + places_.next);
    }
    std::reverse(lists_[list].begin(), lists_[list].end());
  }

  const Places& places_;
  unsigned word_bytes_;
  TokenPlaces tokens_;
  /// A string is added before its token is passed; instructions are, when it has been.
  static constexpr std::size_t kStrings = 2;
  std::uint32_t token_ = TokenPlaces::kNone;
  std::uint32_t next_ = TokenPlaces::kNone;
  std::uint64_t next_address_ = 0;
  std::array<std::uint64_t, 3> heads_{};
  std::unordered_map<std::uint64_t, std::uint32_t>
      maker_;  ///< the token at work, by address of what was added
  std::array<std::vector<Element>, 3> lists_;
  bool done_ = false;
};

Result<void> run_again(Products& products, const Making& making, const Places& places, Watcher& watcher) {
  MemoryTree files(products.tree());
  for (const FileId input : making.inputs) {
    if (input != kNoFile) files.put(products[input].path, *products[input].bytes);
  }
  const Command& command = making.command;
  for (const std::string& path : command.outputs) files.put(path, {});
  const Result<exec::Outcome> outcome =
      exec::run({.program = *products[making.program].bytes,
                 .argv = command.argv,
                 .env = command.env,
                 .cwd = command.cwd,
                 .files = &files,
                 .start = {},
                 .watched = {places.emit, places.write},
                 .reached = [&](std::uint64_t address, const exec::Image& memory) {
                   watcher.reached(address, memory);
                 }});
  if (!outcome) return tl::unexpected(outcome.error());
  return {};
}

/// Lines of a file from some line on, where some may have been left out or changed.
class SourceLines {
 public:
  void begin(Products& products, FileId file, std::uint64_t line) {
    file_ = file;
    text_ = file == kNoFile ? std::string_view{} : as_text(*products[file].bytes);
    starts_ = line_starts(as_bytes(text_));
    next_ = line == 0 ? 0 : line - 1;
  }
  /// The next line that reads so: it was copied. Without one, it was made of the next line.
  void place(std::string_view row, Piece& piece) {
    constexpr std::size_t kMostLeftOut = 200;
    constexpr std::size_t kTelling = 12;  // bytes of a line that is not found by chance
    piece.unknown = file_ == kNoFile || next_ >= starts_.size();
    if (piece.unknown) return;
    std::size_t found = next_;
    if (line(next_) != row && row.size() >= kTelling) {
      const std::size_t end = std::min(starts_.size(), next_ + kMostLeftOut);
      while (found < end && line(found) != row) ++found;
      if (found == end) found = next_;
    }
    piece.copied = line(found) == row;
    piece.from = file_;
    piece.offset = starts_[found];
    piece.length = piece.copied ? row.size() : 1;
    if (piece.copied || row != "\n") next_ = found + 1;
  }

 private:
  [[nodiscard]] std::string_view line(std::size_t number) const {
    const std::size_t end = number + 1 < starts_.size() ? starts_[number + 1] : text_.size();
    return text_.substr(starts_[number], end - starts_[number]);
  }
  FileId file_ = kNoFile;
  std::string_view text_;
  std::vector<std::uint64_t> starts_;
  std::size_t next_ = 0;
};

}  // namespace

MadeFrom compiled_by_m2_planet(Products& products, const Making& making, const Product& product) {
  const unsigned word_bytes = static_cast<unsigned>(products.architecture().word_bits) / 8;
  const auto fails = [&](std::string_view why) {
    return not_known(fmt::format("'{}' cannot be watched: {}", making.command.program, why));
  };
  if (making.program == kNoFile) return fails("it is not there");
  const tl::expected<Places, std::string> places = places_of(products, making.program, word_bytes);
  if (!places) return fails(places.error());
  Watcher watcher(*places, word_bytes);
  if (const Result<void> ran = run_again(products, making, *places, watcher); !ran)
    return fails(ran.error().message);
  // What lies between the lists, it writes of its own accord.
  const std::string_view text = as_text(*product.bytes);
  const bool preprocessed = std::any_of(making.inputs.begin(), making.inputs.end(), [&](FileId input) {
    return input != kNoFile && as_text(*products[input].bytes).find(kFileMark) != std::string_view::npos;
  });
  const std::vector<SourceOfToken> sources = find_tokens(products, making, watcher.tokens(), preprocessed);
  MadeFrom made;
  std::uint64_t end = 0;
  for (const std::vector<Watcher::Element>& list : watcher.lists()) {
    std::string all;
    for (const Watcher::Element& one : list) all += one.text;
    const std::size_t begin = text.find(all, end);
    if (begin == std::string_view::npos) return fails("it did not write what it had in its memory");
    if (begin > end) made.pieces.push_back({end, begin});
    end = begin;
    for (const Watcher::Element& one : list) {
      if (one.text.empty()) continue;
      Piece piece{.begin = end, .end = end + one.text.size(), .unknown = true};
      if (one.token != TokenPlaces::kNone && sources[one.token].file != kNoFile) {
        const SourceOfToken& source = sources[one.token];
        piece.from = source.file;
        piece.offset = source.offset;
        piece.length = source.length;
        piece.unknown = false;
      }
      end = piece.end;
      Piece* const last = made.pieces.empty() ? nullptr : &made.pieces.back();
      if (last != nullptr && last->from == piece.from && last->offset == piece.offset &&
          last->unknown == piece.unknown && last->end == piece.begin) {
        last->end = piece.end;
      } else {
        made.pieces.push_back(piece);
      }
    }
  }
  if (end < text.size()) made.pieces.push_back({end, text.size()});
  if (std::any_of(made.pieces.begin(), made.pieces.end(), [](const Piece& one) { return one.unknown; }))
    made.why_not = fmt::format("'{}' names no file of the tree for it", making.command.program);
  return made;
}

MadeFrom joined_by_mesoplanet(Products& products, const Making& making, const Product& product) {
  const std::string_view text = as_text(*product.bytes);
  if (text.find(kFileMark) == std::string_view::npos)
    return not_known(
        fmt::format("'{}' was run, and what it makes of what is not known", making.command.program));
  MadeFrom made;
  SourceLines source;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size() - 1) + 1;
    const std::string_view row = text.substr(at, end - at);
    Piece piece{.begin = at, .end = end};
    if (row.starts_with(kFileMark)) {
      const std::string_view rest = row.substr(kFileMark.size());
      const std::size_t blank = std::min(rest.find(' '), rest.size());
      source.begin(products, find_source(products, making, rest.substr(0, blank)),
                   std::strtoull(std::string(rest.substr(blank)).c_str(), nullptr, 10));
    } else {
      source.place(row, piece);
    }
    if (piece.unknown)
      made.why_not = fmt::format("'{}' names no file of the tree for it", making.command.program);
    made.pieces.push_back(piece);
    at = end;
  }
  return made;
}

}  // namespace assay::bootstrap

// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/conform/judge.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <mutex>

#include "core/source.h"
#include "core/threads.h"

namespace assay::conform {
namespace {

constexpr std::size_t kShown = 24;  // bytes of a text in a difference

std::string shown_byte(Byte byte) {
  return byte > 0x20 && byte < 0x7F ? fmt::format("{:02X} '{}'", byte, static_cast<char>(byte))
                                    : fmt::format("{:02X}", byte);
}

/// The start of some bytes, for people.
std::string quoted(ByteView bytes) {
  std::string text = case_data(bytes.first(std::min(bytes.size(), kShown)));
  std::replace(text.begin(), text.end(), '\n', ' ');
  if (!text.empty()) text.pop_back();
  return text.empty() ? "nothing" : text + (bytes.size() > kShown ? " ..." : "");
}

/// Lines of text, as tools print them.
bool is_lines(ByteView bytes) {
  return bytes.empty() || (bytes.back() == '\n' && std::all_of(bytes.begin(), bytes.end(), [](Byte byte) {
                             return (byte >= 0x20 && byte < 0x7F) || byte == '\n' || byte == '\t';
                           }));
}

/// The line that holds the byte at `at`, for people.
std::string line_at(ByteView bytes, std::size_t at) {
  constexpr std::size_t kMostOfALine = 100;
  if (at == bytes.size()) return "nothing";
  const std::string_view line = line_of(bytes, at);
  return fmt::format("'{}{}'", line.substr(0, kMostOfALine), line.size() > kMostOfALine ? "..." : "");
}

std::string unlike(std::string_view what, ByteView wanted, ByteView got) {
  const auto [w, g] = std::mismatch(wanted.begin(), wanted.end(), got.begin(), got.end());
  const auto at = w - wanted.begin();
  if (!wanted.empty() && !got.empty() && is_lines(wanted) && is_lines(got)) {
    const auto place = static_cast<std::size_t>(at);
    return fmt::format("{} has {} in line {}, not {}", what, line_at(got, place),
                       std::count(wanted.begin(), w, Byte{'\n'}) + 1, line_at(wanted, place));
  }
  if (w == wanted.end() && at == 0) return fmt::format("{} is not empty but {}", what, quoted(got));
  if (w == wanted.end())
    return fmt::format("{} goes on after {} bytes with {}", what, at, quoted(got.subspan(at)));
  if (g == got.end())
    return got.empty() ? fmt::format("{} is empty, not {}", what, quoted(wanted))
                       : fmt::format("{} ends after {} bytes, where {} must follow", what, at,
                                     quoted(wanted.subspan(at)));
  return fmt::format("{} has {} at byte {}, not {}", what, shown_byte(*g), at, shown_byte(*w));
}

std::string shown_end(End end, int status) {
  switch (end) {
    case End::exits: return fmt::format("ends with status {}", status);
    case End::fails: return "ends with a status that tells of failure";
    case End::crashes: return "is killed by a signal";
    case End::hangs: return "does not end";
  }
  return "";
}

bool ends_so(const Expectation& expectation, const Observed& seen) {
  switch (expectation.end) {
    case End::exits: return seen.end == End::exits && seen.status == expectation.status;
    case End::fails: return seen.end == End::exits && seen.status != 0;
    default: return seen.end == expectation.end;
  }
}

std::optional<Difference> stream_difference(std::string_view name, const Wish& wish, const Bytes& got) {
  if (wish.what == Wish::What::any || wish.bytes == got) return std::nullopt;
  return Difference{unlike(name, wish.bytes, got), wish.line};
}

std::optional<Difference> file_difference(const Wish& wish, const Observed& seen) {
  const auto file = seen.files.find(wish.name);
  const bool there = file != seen.files.end();
  if (const auto other = seen.others.find(wish.name); other != seen.others.end())
    return Difference{fmt::format("'{}' is {}, and not a regular file", wish.name, other->second), wish.line};
  if (wish.what == Wish::What::absent) {
    if (!there) return std::nullopt;
    return Difference{fmt::format("there is a file '{}'", wish.name), wish.line};
  }
  if (!there) {
    if (wish.what == Wish::What::any) return std::nullopt;
    return Difference{fmt::format("there is no file '{}'", wish.name), wish.line};
  }
  if (wish.what == Wish::What::bytes && wish.bytes != file->second.bytes)
    return Difference{unlike(wish.name, wish.bytes, file->second.bytes), wish.line};
  if (wish.mode && *wish.mode != file->second.mode)
    return Difference{fmt::format("{} has mode {:04o}, not {:04o}", wish.name, file->second.mode, *wish.mode),
                      wish.line};
  return std::nullopt;
}

/// Files that nobody wished for, or that were there and are not what they were.
std::optional<Difference> stray_difference(const Situation& situation, const Expectation& expectation,
                                           const Observed& seen) {
  if (expectation.end != End::exits) return std::nullopt;
  for (const auto& [name, left] : seen.files) {
    const auto same_name = [&name = name](const auto& one) { return one.name == name; };
    if (std::any_of(expectation.files.begin(), expectation.files.end(), same_name)) continue;
    const auto given = std::find_if(situation.given.begin(), situation.given.end(), same_name);
    if (given == situation.given.end())
      return Difference{fmt::format("it leaves a file '{}'", name), expectation.line};
    if (given->what == Given::What::file && given->bytes != left.bytes)
      return Difference{unlike(name, given->bytes, left.bytes), expectation.line};
  }
  for (const auto& [name, what] : seen.others) {
    const auto given = std::find_if(situation.given.begin(), situation.given.end(),
                                    [&name = name](const Given& one) { return one.name == name; });
    const bool was_folder =
        given == situation.given.end() ? what == "a directory" : given->what == Given::What::directory;
    if (!was_folder) return Difference{fmt::format("it leaves {} '{}'", what, name), expectation.line};
  }
  return std::nullopt;
}

}  // namespace

std::optional<Difference> first_difference(const Situation& situation, const Expectation& expectation,
                                           const Observed& seen) {
  if (!ends_so(expectation, seen)) {
    return Difference{fmt::format("it {}{}, where it {}", shown_end(seen.end, seen.status),
                                  seen.end == End::exits || seen.how.empty() ? "" : " (" + seen.how + ")",
                                  shown_end(expectation.end, expectation.status)),
                      expectation.line};
  }
  for (const Wish& wish : expectation.files) {
    if (std::optional<Difference> found = file_difference(wish, seen)) return found;
  }
  if (auto found = stream_difference("standard output", expectation.standard_output, seen.standard_output))
    return found;
  if (auto found = stream_difference("standard error", expectation.standard_error, seen.standard_error))
    return found;
  return stray_difference(situation, expectation, seen);
}

CaseResult judge(const Case& one, std::string_view dialect, Observed seen) {
  CaseResult result{
      .of = &one, .verdict = Verdict::not_asked, .note = "", .ran = true, .seen = std::move(seen)};
  const Expectation* const wanted = one.of(dialect);
  const std::vector<const Expectation*> sound = one.sound();
  if (wanted != nullptr) {
    result.difference = first_difference(one.situation, *wanted, result.seen);
    result.verdict = result.difference ? Verdict::differs : Verdict::as_expected;
  }
  if (result.verdict == Verdict::as_expected || sound.empty()) {
    if (wanted == nullptr) result.note = fmt::format("says nothing about {}", dialect);
    return result;
  }
  std::optional<Difference> unsound;
  for (const Expectation* const careful : sound) {
    unsound = first_difference(one.situation, *careful, result.seen);
    if (!unsound) break;
  }
  result.verdict = unsound ? Verdict::differs : Verdict::sound;
  if (!unsound || wanted == nullptr) result.difference = std::move(unsound);
  return result;
}

Result<Conformance> check(const std::vector<Case>& cases, std::string_view dialect, const Target& target,
                          unsigned threads) {
  Conformance all;
  all.results.resize(cases.size());
  std::atomic<std::size_t> next = 0;
  std::atomic<bool> stop = false;
  std::mutex mutex;
  std::optional<Error> trouble;
  const auto work = [&] {
    for (std::size_t at = next++; at < cases.size() && !stop; at = next++) {
      Result<Observed> seen = target.run(cases[at].situation);
      if (seen) {
        all.results[at] = judge(cases[at], dialect, *std::move(seen));
      } else if (seen.error().id == "not-applicable") {
        all.results[at] = {.of = &cases[at], .note = seen.error().message, .seen = {}};
      } else {
        const std::lock_guard lock(mutex);
        if (!trouble) trouble = seen.error();
        stop = true;
      }
    }
  };
  run_on_threads(threads, work);
  if (trouble) return tl::unexpected<Error>(*trouble);
  return all;
}

Count Conformance::count(Kind kind) const {
  Count count;
  for (const CaseResult& result : results) {
    if (result.of->kind != kind || result.verdict == Verdict::not_asked) continue;
    ++count.all;
    if (result.verdict != Verdict::differs) ++count.good;
  }
  return count;
}

Count Conformance::told() const {
  Count count;
  for (const CaseResult& result : results) {
    if (result.of->kind != Kind::failure || result.verdict == Verdict::not_asked) continue;
    ++count.all;
    if (result.seen.end == End::exits && result.seen.status != 0) ++count.good;
  }
  return count;
}

bool Conformance::contract_holds() const {
  const Count contract = count(Kind::contract);
  return contract.good == contract.all;
}

std::vector<Likeness> profile(const ToolRow& tool, const Conformance& runs) {
  std::vector<std::string_view> dialects = dialects_of(tool.tool);
  dialects.insert(dialects.begin(), kPlain);  // of equals the plainest
  std::vector<Likeness> all;
  for (const std::string_view dialect : dialects) {
    Likeness likeness{.dialect = dialect, .departures = {}};
    for (const CaseResult& run : runs.results) {
      if (!run.ran) continue;
      CaseResult now = judge(*run.of, dialect, run.seen);
      if (now.verdict == Verdict::not_asked) continue;
      ++likeness.asked;
      if (now.verdict != Verdict::differs)
        ++likeness.same;
      else
        likeness.departures.push_back(std::move(now));
    }
    if (likeness.asked > 0) all.push_back(std::move(likeness));
  }
  std::stable_sort(all.begin(), all.end(), [](const Likeness& a, const Likeness& b) {
    return std::uint64_t{a.same} * b.asked > std::uint64_t{b.same} * a.asked ||
           (std::uint64_t{a.same} * b.asked == std::uint64_t{b.same} * a.asked && a.asked > b.asked);
  });
  return all;
}

}  // namespace assay::conform

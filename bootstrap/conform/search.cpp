// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Texts are numbered; threads take them in blocks, and of the differing ones the lowest number counts, so
// that the answer does not depend on the number of threads.
#include "bootstrap/conform/search.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <mutex>

#include "bootstrap/conform/case_data.h"
#include "bootstrap/conform/random_program.h"
#include "core/threads.h"

namespace assay::conform {
namespace {

constexpr std::uint64_t kBlock = 4096;
constexpr unsigned kPieces = 40;  // of a random program

/// The text of a number, in the pieces that it may be cut into.
using MakeText = std::function<std::vector<std::string>(std::uint64_t number)>;

Bytes joined(const std::vector<std::string>& pieces) {
  Bytes text;
  for (const std::string& piece : pieces) text.insert(text.end(), piece.begin(), piece.end());
  return text;
}

std::vector<std::string> bytes_of(ByteView text) {
  std::vector<std::string> pieces;
  for (const Byte byte : text) pieces.emplace_back(1, static_cast<char>(byte));
  return pieces;
}

bool is_script(const ToolRow& tool) { return tool.tool == Tool::kaem || tool.tool == Tool::kaem_minimal; }

/// No word of a script is the path of something of the host's.
bool stays_inside(ByteView script) {
  const std::string_view text = as_text(script);
  if (text.find("..") != std::string_view::npos) return false;
  for (std::size_t at = text.find('/'); at != std::string_view::npos; at = text.find('/', at + 1)) {
    if (at == 0 || std::string_view(".ow").find(text[at - 1]) == std::string_view::npos) return false;
  }
  return true;
}

bool fails(const Observed& seen) { return seen.end != End::exits || seen.status != 0; }

std::string shown(const Observed& seen) {
  if (seen.end != End::exits)
    return fmt::format("{}{}", name_of(seen.end), seen.how.empty() ? "" : " (" + seen.how + ")");
  const auto out = seen.files.find(std::string(kOutput));
  if (const auto other = seen.others.find(kOutput); other != seen.others.end())
    return fmt::format("status {}, out is {}", seen.status, other->second);
  return fmt::format("status {}, out {}, prints '{}'", seen.status,
                     out == seen.files.end() ? "absent" : "[" + to_hex(out->second.bytes) + "]",
                     as_text(seen.standard_output));
}

/// One search over numbered texts.
class Hunt {
 public:
  /// `valid`: what is found is to be made smaller only where the reference still succeeds.
  Hunt(const ToolRow& tool, const Target& target, const Target& reference, MakeText make, std::uint64_t count,
       bool valid)
      : tool_(tool),
        target_(target),
        reference_(reference),
        make_(std::move(make)),
        count_(count),
        valid_(valid) {}

  Result<Search> run(unsigned threads) {
    run_on_threads(threads, [this] { work(); });
    if (trouble_) return tl::unexpected<Error>(*trouble_);
    Search search{.tried = tried_, .not_judged = not_judged_, .found = std::nullopt};
    if (lowest_ == count_) return search;
    const std::vector<std::string> pieces = make_(lowest_);
    Counterexample example{.input = joined(pieces), .shrunk = {}, .difference = ""};
    example.shrunk = shrink(pieces, [this](const Bytes& text) { return difference(text).has_value(); });
    example.difference = difference(example.shrunk).value_or("it differed once, and not again");
    if (trouble_) return tl::unexpected<Error>(*trouble_);
    search.found = std::move(example);
    return search;
  }

 private:
  void work() {
    for (;;) {
      const std::uint64_t first = next_.fetch_add(kBlock);
      if (first >= std::min<std::uint64_t>(count_, lowest_) || stop_) return;
      std::vector<Bytes> texts;
      std::vector<std::uint64_t> numbers;
      for (std::uint64_t number = first; number < std::min(count_, first + kBlock); ++number) {
        Bytes text = joined(make_(number));
        if (is_script(tool_) && !stays_inside(text)) continue;
        texts.push_back(std::move(text));
        numbers.push_back(number);
      }
      const Result<std::vector<Observed>> wanted = reference_.run_all(tool_, texts);
      const Result<std::vector<Observed>> got = target_.run_all(tool_, texts);
      const std::lock_guard lock(mutex_);
      if (!wanted || !got) {
        trouble_ = !wanted ? wanted.error() : got.error();
        stop_ = true;
        return;
      }
      for (std::size_t i = 0; i < texts.size(); ++i) {
        ++tried_;
        if ((*wanted)[i].undefined) ++not_judged_;
        if (!unlike_reference((*wanted)[i], (*got)[i])) continue;
        lowest_ = std::min<std::uint64_t>(lowest_, numbers[i]);
        break;
      }
    }
  }

  [[nodiscard]] std::optional<std::string> difference(const Bytes& text) {
    const Situation situation = usual_situation(tool_, text);
    const Result<Observed> wanted = reference_.run(situation);
    if (trouble_ || !wanted || (valid_ && fails(*wanted))) return std::nullopt;
    const Result<Observed> got = target_.run(situation);
    if (!got) {
      trouble_ = got.error();
      return std::nullopt;
    }
    return unlike_reference(*wanted, *got);
  }

  const ToolRow& tool_;
  const Target& target_;
  const Target& reference_;
  MakeText make_;
  std::uint64_t count_;
  bool valid_;
  std::atomic<std::uint64_t> next_ = 0;
  std::atomic<std::uint64_t> lowest_ = count_;
  std::atomic<bool> stop_ = false;
  std::mutex mutex_;
  std::uint64_t tried_ = 0;
  std::uint64_t not_judged_ = 0;
  std::optional<Error> trouble_;
};

}  // namespace

std::optional<std::string> unlike_reference(const Observed& reference, const Observed& target) {
  if (reference.undefined) return std::nullopt;
  if (fails(reference)) {
    if (fails(target) &&
        (target.end == End::exits || reference.end == End::hangs || reference.end == End::crashes))
      return std::nullopt;
    return fmt::format("{}; the reference: {}", shown(target), shown(reference));
  }
  const std::string output(kOutput);
  const auto wanted = reference.files.find(output);
  const auto got = target.files.find(output);
  const bool same_file = wanted == reference.files.end()
                             ? got == target.files.end()
                             : got != target.files.end() && wanted->second.bytes == got->second.bytes;
  if (!fails(target) && same_file && reference.standard_output == target.standard_output) return std::nullopt;
  return fmt::format("{}; the reference: {}", shown(target), shown(reference));
}

Result<Search> search_exhaustive(const ToolRow& tool, const Target& target, const Target& reference,
                                 unsigned length, unsigned threads) {
  const Result<Bytes> alphabet = unescape(tool.alphabet);
  if (!alphabet) return tl::unexpected<Error>(alphabet.error());
  constexpr std::uint64_t kMost = std::uint64_t{1} << 40U;
  std::uint64_t count = 0;
  std::uint64_t of_length = 1;
  for (unsigned i = 0; i <= length; ++i) {
    count += of_length;
    of_length *= alphabet->size();
    if (count > kMost) return fail("bad-command", "more texts than anybody can wait for");
  }
  // Numbers below 1 are the empty text, the next ones texts of one byte, and so on.
  const auto make = [&alphabet = *alphabet](std::uint64_t number) {
    std::uint64_t size = 1;
    unsigned bytes = 0;
    while (number >= size) {
      number -= size;
      size *= alphabet.size();
      ++bytes;
    }
    Bytes text(bytes);
    for (Byte& byte : text) {
      byte = alphabet[number % alphabet.size()];
      number /= alphabet.size();
    }
    return bytes_of(text);
  };
  return Hunt(tool, target, reference, make, count, false).run(threads);
}

Result<Search> search_random(const ToolRow& tool, std::string_view dialect, const Target& target,
                             const Target& reference, std::uint64_t count, std::uint64_t seed,
                             unsigned threads) {
  const auto make = [&tool, dialect, seed](std::uint64_t number) {
    std::vector<std::string> pieces = random_pieces(tool, dialect, seed, number, kPieces);
    return is_script(tool) ? pieces : bytes_of(joined(pieces));
  };
  return Hunt(tool, target, reference, make, count, true).run(threads);
}

Bytes shrink(std::vector<std::string> pieces, const std::function<bool(const Bytes&)>& differs) {
  for (std::size_t part = std::max<std::size_t>(pieces.size() / 2, 1); part >= 1 && !pieces.empty();) {
    bool smaller = false;
    for (std::size_t at = 0; at < pieces.size();) {
      const std::size_t end = std::min(at + part, pieces.size());
      std::vector<std::string> candidate(pieces.begin(), pieces.begin() + static_cast<std::ptrdiff_t>(at));
      candidate.insert(candidate.end(), pieces.begin() + static_cast<std::ptrdiff_t>(end), pieces.end());
      if (differs(joined(candidate))) {
        pieces = std::move(candidate);
        smaller = true;
      } else {
        at += part;
      }
    }
    if (part == 1 && !smaller) break;
    part = std::max<std::size_t>(part / 2, 1);
  }
  return joined(pieces);
}

std::string search_text(const Search& search) {
  std::string text = fmt::format("{} texts tried", search.tried);
  if (search.not_judged > 0)
    text +=
        fmt::format(", {} of them not judged: there the real programs' doing depends on what lies in memory",
                    search.not_judged);
  if (!search.found) return text + ": no difference\n";
  return text + fmt::format(": a difference\ntext:\n{}as found: {} bytes, shrunk to {}\nit: {}\n",
                            case_data(search.found->shrunk), search.found->input.size(),
                            search.found->shrunk.size(), search.found->difference);
}

}  // namespace assay::conform

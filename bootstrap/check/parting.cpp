// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The instructions of one run are written down, those of the other one are compared with them as they come.
// Calls are told by what they leave: the address behind them, on the stack or in a register.
#include "bootstrap/check/parting.h"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

#include "bootstrap/check/behaviour.h"
#include "bootstrap/roads/fault_place.h"
#include "bootstrap/tree/elf_symbols.h"
#include "core/paths.h"
#include "machine/engine/engine.h"
#include "machine/observer.h"
#include "machine/process/surrounding.h"

namespace assay::bootstrap {
namespace {

/// Instructions that are written down of a run: 64 MiB.
constexpr std::size_t kMostFollowed = std::size_t{8} << 20;
/// Runs with more are not made again and again.
constexpr std::uint64_t kMostInstructions = 200'000'000;
constexpr std::size_t kMostCalls = 10'000;  // that have not returned
constexpr std::size_t kShownCalls = 6;
/// Lines that are looked at above a place for what the compiler says.
constexpr std::size_t kLinesAbove = 2000;

struct Change {
  std::string_view name;  ///< for make_surrounding()
  std::string_view cause;
};
constexpr Change kChanges[] = {
    {"heap", "where its heap begins"},
    {"old-heap", "that its heap begins on a page of its own"},
    {"stack", "where its stack lies, or what is below it"},
    {"registers", "what registers hold at its start"},
    {"arguments", "where the words of its command line lie, or what a kernel tells behind them"},
    {"descriptors", "which descriptors are free"},
    {"tail", "what is behind the end of its last page"},
    {"reads", "how much one read gives"},
    {"writes", "how much one write takes"},
    {"processes", "the numbers of processes"},
};

class Follower final : public machine::Observer {
 public:
  /// `other`: a run that has been followed, to compare with; may be null.
  explicit Follower(const Follower* other) : other_(other) {}

  std::uint64_t unobserved(const machine::ImageRecord& image) override {
    return image.index == 0 ? 0 : kMostInstructions;
  }
  bool before(const machine::Instruction& at) override {
    if (parted_) return false;
    if (other_ != nullptr && at_ < other_->way_.size() && other_->way_[at_] != at.pc) {
      parted_ = true;
      return false;
    }
    if (at_++ == kMostFollowed) return false;
    if (other_ == nullptr) way_.push_back(at.pc);
    last_ = at.pc;
    stack_pointer_ = at.cpu.slots[at.isa.stack_pointer];
    return true;
  }
  void after(const machine::Instruction& at) override {
    if (other_ == nullptr) return;
    const std::uint64_t behind = at.pc + at.bytes.size();
    const std::uint64_t to = at.cpu.pc;
    if (to == behind) return;
    const auto back =
        std::find_if(calls_.rbegin(), calls_.rend(), [to](const Open& call) { return call.behind == to; });
    if (back != calls_.rend()) {
      calls_.erase(std::prev(back.base()), calls_.end());
    } else if (leaves_way_back(at, behind) && calls_.size() < kMostCalls) {
      calls_.push_back({{to, at.pc}, behind});
    }
  }

  /// The program writes text: the runs part where it is another one.
  void writes(ByteView bytes, bool is_error, const Behaviour& wanted) {
    const Bytes& text = is_error ? wanted.standard_error : wanted.standard_output;
    std::size_t& written = written_.at(is_error ? 1 : 0);
    const std::size_t begin = std::min(written, text.size());
    written += bytes.size();
    const ByteView same = ByteView(text).subspan(begin, std::min(bytes.size(), text.size() - begin));
    parted_ |= !std::equal(bytes.begin(), bytes.end(), same.begin(), same.end());
  }

  [[nodiscard]] bool parted() const { return parted_; }
  [[nodiscard]] std::uint64_t last() const { return last_; }
  [[nodiscard]] std::vector<Parting::Call> calls() const { return {calls_.rbegin(), calls_.rend()}; }

 private:
  struct Open : Parting::Call {
    std::uint64_t behind = 0;
  };
  [[nodiscard]] bool leaves_way_back(const machine::Instruction& at, std::uint64_t behind) const {
    const std::size_t word = at.isa.address_bits / 8;
    if (at.cpu.slots[at.isa.stack_pointer] + word == stack_pointer_) return true;
    const auto* const first = std::begin(at.cpu.slots);
    return std::find(first, first + at.isa.registers.size(), behind) != first + at.isa.registers.size();
  }

  const Follower* other_;
  std::vector<std::uint64_t> way_;
  std::size_t at_ = 0;
  std::uint64_t last_ = 0;
  std::uint64_t stack_pointer_ = 0;
  std::vector<Open> calls_;
  std::array<std::size_t, 2> written_{};  ///< bytes to standard output, to standard error
  bool parted_ = false;
};

/// The line, from 1, that begins the definition of a function, if one does: it is not indented, and has the
/// name and a parenthesis but no semicolon.
std::optional<std::uint64_t> line_defining(std::string_view text, std::string_view function) {
  const auto is_word = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; };
  const std::string wanted = fmt::format("{}(", function);
  std::uint64_t number = 0;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    ++number;
    const std::size_t at = line.find(wanted);
    if (at == std::string_view::npos || !is_word(line.front()) || line.find(';') != std::string_view::npos)
      continue;
    if (at == 0 || !is_word(line[at - 1])) return number;
  }
  return std::nullopt;
}

void follow(const MemoryTree& tree, machine::Request request, const Behaviour& wanted, Follower& follower) {
  request.observer = &follower;
  request.on_console = [&](ByteView bytes, bool is_error) { follower.writes(bytes, is_error, wanted); };
  MemoryTree files = tree.copy();
  (void)machine::run(files, request);
}

}  // namespace

std::optional<Parting> find_parting(const MemoryTree& tree, const machine::Request& request) {
  machine::Request plain = request;
  plain.limits.image_instructions = std::min(plain.limits.image_instructions, kMostInstructions);
  const Result<Behaviour> once = behave(tree, plain);
  if (!once || once->stop == machine::Stop::limit_instructions) return std::nullopt;
  for (const Change& one : kChanges) {
    const Result<machine::Surrounding> surrounding = machine::make_surrounding(one.name);
    if (!surrounding) continue;
    machine::Request changed = plain;
    changed.surrounding = &*surrounding;
    const Result<Behaviour> now = behave(tree, changed);
    const std::optional<std::string> change = now ? first_change(*once, *now) : std::nullopt;
    if (!change) continue;
    Parting parting{.cause = one.cause, .change = *change, .address = {}, .calls = {}};
    Follower first(nullptr);
    follow(tree, plain, *once, first);
    Follower second(&first);
    follow(tree, changed, *once, second);
    if (second.parted()) {
      parting.address = second.last();
      parting.calls = second.calls();
    }
    return parting;
  }
  return std::nullopt;
}

std::optional<std::string> line_said_above(const FileTree& files, std::string_view text, std::uint64_t line) {
  std::size_t end = 0;
  for (std::uint64_t count = 0; count < line && end < text.size(); ++count)
    end = std::min(text.find('\n', end), text.size() - 1) + 1;
  for (std::size_t above = 0; above < kLinesAbove && end != 0; ++above) {
    const std::size_t begin = end < 2 ? 0 : text.rfind('\n', end - 2) + 1;
    std::string_view one = text.substr(begin, end - begin);
    end = begin;
    if (!one.starts_with('#') && !one.starts_with(';')) continue;
    one.remove_prefix(std::min(one.find_first_not_of("#; "), one.size()));
    const std::size_t gap = one.find(' ');
    if (gap == std::string_view::npos) continue;
    std::uint64_t number = 0;
    const std::string_view digits = one.substr(gap + 1);
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    const bool is_all =
        read.ec == std::errc() && std::all_of(read.ptr, digits.data() + digits.size(),
                                              [](char c) { return c == '\n' || c == '\r' || c == ' '; });
    if (!is_all) continue;
    const Result<std::string> path = resolve_path(files, "", one.substr(0, gap));
    if (path && files.info(*path)) return fmt::format("{}:{}", *path, number);
  }
  return std::nullopt;
}

std::optional<std::string> definition_of(std::string_view function, const Chain& chain, std::size_t builder,
                                         const FileTree& files) {
  for (const std::string_view prefix : {"FUNCTION_", "f_"}) {
    if (!function.starts_with(prefix)) continue;
    function.remove_prefix(prefix.size());
    break;
  }
  bool names_text = false;
  for (std::size_t at = builder + 1; at-- > 0 && !names_text;) {
    const Command& command = chain.commands[at];
    for (const std::string& word : command.argv) {
      if (!word.ends_with(".c")) continue;
      names_text = true;
      const Result<std::string> path = resolve_path(files, command.cwd, word);
      const auto bytes = path ? files.read(*path) : fail("file-not-found", "");
      const auto line = bytes ? line_defining(as_text(**bytes), function) : std::nullopt;
      if (line) return fmt::format("{}:{}", *path, *line);
    }
  }
  return std::nullopt;
}

Finding finding_of(const Parting& parting, const Chain& chain, std::size_t which, ByteView program,
                   const ReferenceRoad& road) {
  const Command& command = chain.commands[which];
  const std::vector<Symbol> symbols = elf_symbols(program);
  /// " (FILE:LINE)" of an instruction, if that is known.
  const auto source_of = [&](std::uint64_t address) -> std::string {
    const auto place = place_of_instruction(road, command.program, program, address);
    if (!place) return {};
    const MemoryTree& files = road.known_files();
    const auto text = files.read(place->path);
    const auto said = text ? line_said_above(files, as_text(**text), place->position.line) : std::nullopt;
    return fmt::format(" ({})", said.value_or(fmt::format("{}:{}", place->path, place->position.line)));
  };
  std::string message = fmt::format("what '{}' does depends on {}: elsewhere {}", command.program,
                                    parting.cause, parting.change);
  if (parting.address) {
    std::uint64_t at = *parting.address;
    message += "; the runs part at ";
    for (std::size_t index = 0; index <= std::min(parting.calls.size(), kShownCalls); ++index) {
      const bool is_called = index < parting.calls.size();
      const std::string name = near_symbol(symbols, is_called ? parting.calls[index].function : at);
      std::string source = source_of(at);
      if (source.empty() && is_called && command.built_by) {
        if (const auto text = definition_of(name, chain, *command.built_by, road.known_files()))
          source = fmt::format(" ({})", *text);
      }
      message += fmt::format("{}0x{:x}{}{}", index == 0 ? "" : ", called at ", at,
                             name.empty() ? "" : " in " + name, source);
      if (is_called) at = parting.calls[index].from;
    }
  }
  return {"step-relies-on-surroundings",
          Severity::error,
          command.script,
          command.line,
          0,
          std::move(message),
          "no kernel promises that: a variable is used that was never set, say, or an address is taken for "
          "a number"};
}

}  // namespace assay::bootstrap

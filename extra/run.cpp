// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "extra/run.h"

#include <fmt/format.h>
#include <algorithm>

namespace assay::extra {
namespace {

struct Base {
  std::uint64_t radix;
  std::string_view digits;
};

Base split_base(std::string_view text) {
  if (text.starts_with("0b")) return {2, text.substr(2)};
  if (text.starts_with("0x")) return {16, text.substr(2)};
  if (text.starts_with('0')) return {8, text.substr(1)};
  return {10, text};
}

std::uint64_t digit_value(char digit) {
  if (digit >= '0' && digit <= '9') return static_cast<std::uint64_t>(digit - '0');
  if (digit >= 'a' && digit <= 'f') return static_cast<std::uint64_t>(digit - 'a' + 10);
  if (digit >= 'A' && digit <= 'F') return static_cast<std::uint64_t>(digit - 'A' + 10);
  return 16;
}

}  // namespace

Output Run::exit(int status) {
  output_.status = status;
  return std::move(output_);
}

Output Run::fail(std::string_view text) {
  err(text);
  return exit(1);
}

Output Run::crash(const DiagnosticKind& kind, std::string message) {
  sink.report(kind, {}, std::move(message));
  output_.ending = Ending::crashes;
  return std::move(output_);
}

Output Run::refuse(const DiagnosticKind& kind, std::string message) {
  sink.report(kind, {}, std::move(message));
  return exit(1);
}

std::optional<Output> Run::unusable(const Input& input, const std::string& path,
                                    const DiagnosticKind& crash_kind) {
  if (input.kind == Input::Kind::directory) {
    return crash(crash_kind, fmt::format("'{}' is a directory, the real tool crashes", path));
  }
  if (input.kind == Input::Kind::too_large) {
    return refuse(kInputTooLarge, fmt::format("'{}' has more than {} bytes", path, kMaxInputBytes));
  }
  return std::nullopt;
}

std::int64_t number(std::string_view text) {
  Base base = split_base(text);
  const bool negative = base.digits.starts_with('-');
  if (negative) base.digits.remove_prefix(1);
  std::uint64_t value = 0;
  for (const char c : base.digits) {
    if (c == '_') continue;
    const std::uint64_t digit = digit_value(c);
    if (digit >= base.radix) return 0;
    value = value * base.radix + digit;
  }
  return static_cast<std::int64_t>(negative ? 0 - value : value);
}

void make_directories(World& world, std::string path, std::uint32_t mode, bool parents,
                      std::uint32_t parent_mode, const std::function<void(const std::string&)>& failed) {
  // Every path tried is the start of `path`. From the whole down to the first part that can be made, or has
  // no parent; then up again.
  std::vector<std::size_t> again;
  std::size_t length = path.size() - (path.ends_with('/') ? 1 : 0);
  while (!world.make_directory(path.substr(0, length), again.empty() ? mode : parent_mode)) {
    const std::size_t slash = length == 0 ? std::string::npos : path.rfind('/', length - 1);
    if (!parents || slash == std::string::npos) {
      failed(path.substr(0, length));
      break;
    }
    // The parent's own last slash is dropped for good: what follows it is lost to the child as well.
    const bool lost = slash > 0 && path[slash - 1] == '/';
    again.push_back(lost ? slash - 1 : length);
    length = lost ? slash - 1 : slash;
  }
  while (!again.empty()) {
    const std::string whole = path.substr(0, again.back());
    again.pop_back();
    if (!world.make_directory(whole, again.empty() ? mode : parent_mode)) failed(whole);
  }
}

std::optional<Output> parse_options(Run& run, std::span<const ValueOption> values,
                                    std::span<const SwitchOption> switches, std::string_view usage) {
  const std::span<const std::string> words = run.words();
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    const auto value = std::find_if(values.begin(), values.end(), [&word](const ValueOption& option) {
      return word == option.short_name || word == option.long_name;
    });
    const auto toggle = std::find_if(switches.begin(), switches.end(), [&word](const SwitchOption& option) {
      return std::find(option.names.begin(), option.names.end(), word) != option.names.end();
    });
    if (value != values.end()) {
      if (++i == words.size()) return run.fail(value->missing);
      *value->value = words[i];
    } else if (toggle != switches.end()) {
      *toggle->value = true;
      run.err(toggle->message);
    } else if (word == "-h" || word == "--help") {
      run.err(fmt::format("Usage: {}{}", run.name(), usage));
      return run.exit(0);
    } else {
      return run.fail(fmt::format("Unknown option:{}\nAborting to avoid problems\n", word));
    }
  }
  return std::nullopt;
}

}  // namespace assay::extra

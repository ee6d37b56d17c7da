// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// replace: every occurrence of a text in a file becomes another text.
#include <fmt/format.h>
#include <algorithm>

#include "extra/run.h"

namespace assay::extra {
namespace {

/// For each prefix of the pattern the length of its longest proper border (Knuth, Morris, Pratt): the
/// search is linear whatever the input.
std::vector<std::size_t> borders_of(std::string_view pattern) {
  std::vector<std::size_t> borders(pattern.size(), 0);
  for (std::size_t i = 1, length = 0; i < pattern.size(); ++i) {
    while (length > 0 && pattern[i] != pattern[length]) length = borders[length - 1];
    if (pattern[i] == pattern[length]) ++length;
    borders[i] = length;
  }
  return borders;
}

/// Collects small pieces of output.
class Pieces {
 public:
  explicit Pieces(Writer& writer) : writer_(writer) {}
  void add(ByteView bytes) {
    if (pending_.size() + bytes.size() > kPiece) flush();
    if (bytes.size() > kPiece) {
      good_ = good_ && writer_.write(bytes);
    } else {
      pending_.insert(pending_.end(), bytes.begin(), bytes.end());
    }
  }
  /// NUL bytes of the input are lost.
  void add_without_nuls(ByteView bytes) {
    while (!bytes.empty()) {
      const auto nul = std::find(bytes.begin(), bytes.end(), Byte{0});
      const auto length = static_cast<std::size_t>(nul - bytes.begin());
      add(bytes.first(length));
      bytes = bytes.subspan(std::min(length + 1, bytes.size()));
    }
  }
  /// Whether everything was written.
  bool finish() {
    flush();
    return good_;
  }

 private:
  static constexpr std::size_t kPiece = std::size_t{1} << 16;
  void flush() {
    if (!pending_.empty()) good_ = good_ && writer_.write(pending_);
    pending_.clear();
  }
  Writer& writer_;
  Bytes pending_;
  bool good_ = true;
};

bool replace_all(ByteView text, std::string_view pattern, ByteView replacement, Writer& writer) {
  Pieces pieces(writer);
  if (pattern.empty()) {  // matches the empty window at each step, five steps past the end included
    for (std::size_t i = 0; i < text.size() + 5; ++i) pieces.add(replacement);
    return pieces.finish();
  }
  const std::vector<std::size_t> borders = borders_of(pattern);
  std::size_t start = 0;
  std::size_t matched = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = static_cast<char>(text[i]);
    while (matched > 0 && c != pattern[matched]) matched = borders[matched - 1];
    if (c == pattern[matched]) ++matched;
    if (matched < pattern.size()) continue;
    pieces.add_without_nuls(text.subspan(start, i + 1 - pattern.size() - start));
    pieces.add(replacement);
    start = i + 1;
    matched = 0;
  }
  pieces.add_without_nuls(text.subspan(start));
  return pieces.finish();
}

}  // namespace

Output replace(const Arguments& arguments, World& world, DiagnosticSink& sink) {
  Run run(arguments, world, sink);
  std::optional<std::string> file;
  std::optional<std::string> output = "/dev/stdout";
  std::optional<std::string> pattern;
  std::optional<std::string> replacement;
  const ValueOption options[] = {
      {"-f", "--file", &file, "the --file option requires a filename to be given\n"},
      {"-o", "--output", &output, "the --output option requires a filename to be given\n"},
      {"-m", "--match-on", &pattern, "the --match-on option requires a string to be given\n"},
      {"-r", "--replace-with", &replacement, "the --replace-with option requires a string to be given\n"},
  };
  if (auto end = parse_options(run, options, {},
                               " --file $input --match-on $string --replace-with $string [--output "
                               "$output] (or it'll dump to stdout)\n--help to get this message\n")) {
    return std::move(*end);
  }
  if (!file) return run.fail("You need to pass an input file with --file\n");
  if (!pattern) return run.fail("You can't do a replacement without something to match on\n");
  if (!replacement) return run.fail("You can't do a replacement without something to replace it with\n");
  const Input input = world.open(*file);
  if (input.kind == Input::Kind::missing) return run.fail("unable to open requested input file!\n");
  if (auto end = run.unusable(input, *file, kReplaceCrashInput)) return std::move(*end);
  if (pattern->size() >= input.bytes().size()) return run.fail("input file is to small for pattern\n");
  const std::unique_ptr<Writer> writer = world.create(*output, 0600);
  if (writer == nullptr) {
    return run.crash(kReplaceCrashOutput,
                     fmt::format("cannot create '{}', the real replace crashes", *output));
  }
  if (!replace_all(input.bytes(), *pattern, as_bytes(*replacement), *writer)) {
    return run.refuse(kWriteFailed, fmt::format("cannot write '{}'", *output));
  }
  return run.exit(0);
}

}  // namespace assay::extra

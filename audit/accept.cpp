// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/accept.h"

#include <fmt/format.h>
#include <fnmatch.h>
#include <algorithm>

#include "audit/head.h"
#include "audit/seeds.h"
#include "core/digest.h"

namespace assay::audit {
namespace {

std::string take_word(std::string_view& text) {
  text = trimmed(text);
  const std::size_t end = std::min(text.find_first_of(" \t"), text.size());
  std::string word(text.substr(0, end));
  text = trimmed(text.substr(end));
  return word;
}

tl::unexpected<Error> bad(std::uint64_t line, std::string_view what) {
  return fail("audit-accept-line", fmt::format("line {} of the accept file: {}", line, what));
}

}  // namespace

bool needs_digest(const Kind& kind) {
  return kind.id.starts_with("bin-") || kind.id == "archive" || kind.id == "keys" ||
         kind.id == "embedded-data";
}

Result<std::vector<AcceptLine>> read_accept_file(std::string_view text) {
  std::vector<AcceptLine> lines;
  for (std::uint64_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view rest = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (rest.empty() || rest.starts_with('#')) continue;
    AcceptLine line;
    line.digest = take_word(rest);
    line.path = take_word(rest);
    line.kind = take_word(rest);
    line.reason = std::string(rest);
    line.line = number;
    const Kind* kind = find_kind(line.kind);
    if (line.digest != "-" && !is_sha256(line.digest))
      return bad(number, "the first word is no SHA-256 and not '-'");
    if (kind == nullptr) return bad(number, fmt::format("there is no kind '{}'", line.kind));
    if (line.reason.empty()) return bad(number, "it gives no reason");
    if (line.digest == "-" && needs_digest(*kind))
      return bad(number, fmt::format("files of kind {} want a digest", line.kind));
    lines.push_back(std::move(line));
  }
  return lines;
}

void accept(Scan& scan, std::vector<AcceptLine>& lines) {
  for (FileVerdict& file : scan.files) {
    if (file.kind == nullptr) continue;
    if (const std::string_view seed = seed_name(file.digest); !seed.empty()) {
      file.accepted = fmt::format("the seed {} of stage0-posix", seed);
    }
    for (AcceptLine& line : lines) {
      if (line.kind != file.kind->id || ::fnmatch(line.path.c_str(), file.path.c_str(), 0) != 0) continue;
      if (line.digest != "-" && line.digest != file.digest) {
        file.lapsed = line.line;
        continue;
      }
      line.used = true;
      file.accepted = line.reason;
    }
    if (!file.accepted.empty()) file.lapsed = 0;
  }
}

}  // namespace assay::audit

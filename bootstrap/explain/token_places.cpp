// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/explain/token_places.h"

#include <fmt/format.h>
#include <cctype>

#include "core/paths.h"

namespace assay::bootstrap {
namespace {

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

/// Where a token stands in a line, as a whole word if it is one.
std::size_t find_in(std::string_view line, std::string_view token) {
  if (token.empty()) return std::string_view::npos;
  for (std::size_t at = line.find(token); at != std::string_view::npos; at = line.find(token, at + 1)) {
    const std::size_t end = at + token.size();
    const bool cut = (at > 0 && is_word(token.front()) && is_word(line[at - 1])) ||
                     (end < line.size() && is_word(token.back()) && is_word(line[end]));
    if (!cut) return at;
  }
  return std::string_view::npos;
}

/// Without a comment at its end, and blanks before that.
std::string_view without_comment(std::string_view line) {
  for (const std::string_view mark : {"//", "/*"}) line = line.substr(0, line.rfind(mark));
  return line.substr(0, line.find_last_not_of(" \t") + 1);
}

}  // namespace

std::uint32_t TokenPlaces::add(const Token& token) {
  const auto [place, fresh] = numbers_.try_emplace({token.file, token.line, token.text, token.first},
                                                   static_cast<std::uint32_t>(all_.size()));
  if (fresh) all_.push_back(token);
  return place->second;
}

FileId find_source(Products& products, const Making& making, std::string_view name) {
  // As #include names it: <NAME> lies in the library's directory.
  std::string written(name);
  std::erase_if(written, [](char c) { return c == '<' || c == '>' || c == '"'; });
  constexpr std::string_view kLibrary = "M2LIBC_PATH=";
  for (const std::string& variable : making.command.env) {
    if (name.starts_with('<') && variable.starts_with(kLibrary))
      written = join_path(variable.substr(kLibrary.size()), written);
  }
  const Result<std::string> path = resolve_path(*products.tree(), making.command.cwd, written);
  if (!path) return kNoFile;
  for (const FileId input : making.inputs) {
    if (input != kNoFile && products[input].path == *path) return input;
  }
  const Result<NodeInfo> info = products.tree()->info(*path);
  return info && info->kind == NodeKind::file ? products.find(*path) : kNoFile;
}

std::vector<std::uint64_t> line_starts(ByteView text) {
  std::vector<std::uint64_t> starts{0};
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\n' && at + 1 < text.size()) starts.push_back(at + 1);
  }
  return starts;
}

std::vector<SourceOfToken> find_tokens(Products& products, const Making& making, const TokenPlaces& tokens,
                                       bool preprocessed) {
  struct File {
    FileId id = kNoFile;
    std::vector<std::uint64_t> starts;
  };
  std::map<std::string, File, std::less<>> files;
  std::vector<SourceOfToken> sources;
  for (const TokenPlaces::Token& token : tokens.all()) {
    const auto [file, fresh] = files.try_emplace(token.file);
    if (fresh) {
      file->second.id = find_source(products, making, token.file);
      if (file->second.id != kNoFile) file->second.starts = line_starts(*products[file->second.id].bytes);
    }
    SourceOfToken& source = sources.emplace_back();
    const std::vector<std::uint64_t>& starts = file->second.starts;
    if (token.line == 0 || token.line > starts.size() + 1) continue;
    if (token.first && token.line > 1 && !token.text.empty()) {
      const std::uint64_t before = starts[token.line - 2];
      std::string_view line = line_of(*products[file->second.id].bytes, before);
      if (preprocessed) line = without_comment(line);
      if (line.ends_with(token.text)) {
        source = {file->second.id, before + line.size() - token.text.size(), token.text.size()};
        continue;
      }
    }
    if (token.line > starts.size()) continue;
    source.file = file->second.id;
    const std::uint64_t start = starts[token.line - 1];
    const std::string_view line = line_of(*products[source.file].bytes, start);
    const std::size_t at = find_in(line, token.text);
    const std::size_t first = line.find_first_not_of(" \t");
    source.offset = start + (at != std::string_view::npos ? at : first != std::string_view::npos ? first : 0);
    source.length = at != std::string_view::npos ? token.text.size() : 1;
  }
  return sources;
}

std::optional<unsigned> word_of_member(std::string_view body, std::string_view name) {
  unsigned number = 0;
  bool in_union = false;
  for (std::size_t at = 0; at < body.size();) {
    const std::size_t end = std::min(body.find_first_of(";{}", at), body.size());
    const std::string_view part = body.substr(at, end - at);
    const char stop = end < body.size() ? body[end] : ';';
    at = end + 1;
    if (stop == '{') {
      in_union = part.find("union") != std::string_view::npos;
    } else if (stop == '}') {
      in_union = false;
      ++number;
    } else if (const std::size_t last = part.find_last_not_of(" \t\n"); last != std::string_view::npos) {
      std::size_t first = last;
      while (first > 0 && is_word(part[first - 1])) --first;
      if (part.substr(first, last + 1 - first) == name) return number;
      if (!in_union) ++number;
    }
  }
  return std::nullopt;
}

}  // namespace assay::bootstrap

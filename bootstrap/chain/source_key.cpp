// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/chain/source_key.h"

#include <algorithm>
#include <vector>

#include "core/digest.h"

namespace assay::bootstrap {
namespace {

bool is_blank(Byte byte) { return byte == ' ' || byte == '\t' || byte == '\n'; }

/// Goes through a text once and writes down what counts.
class Condenser {
 public:
  Condenser(ByteView text, bool is_c) : text_(as_text(text)), is_c_(is_c) {}

  std::string run() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '"' || c == '\'') {
        copy_string(c);
      } else if (is_c_ ? text_.substr(at_, 2) == "//" : c == '#' || c == ';') {
        skip_to("\n");
      } else if (is_c_ && text_.substr(at_, 2) == "/*") {
        skip_to("*/");
      } else if (is_blank(static_cast<Byte>(c))) {
        ++at_;
        gap_ = true;
      } else {
        put(c);
        ++at_;
      }
    }
    return std::move(result_);
  }

 private:
  void put(char c) {
    if (gap_ && !result_.empty()) result_ += ' ';
    gap_ = false;
    result_ += c;
  }
  void copy_string(char quote) {
    put(quote);
    for (++at_; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      result_ += c;
      if (is_c_ && c == '\\' && at_ + 1 < text_.size())
        result_ += text_[++at_];
      else if (c == quote)
        break;
    }
    ++at_;
  }
  void skip_to(std::string_view end) {
    const std::size_t found = text_.find(end, at_ + (end.size() - 1) * 2);
    at_ = found == std::string_view::npos ? text_.size() : found + end.size();
    gap_ = true;
  }

  std::string_view text_;
  bool is_c_;
  std::size_t at_ = 0;
  bool gap_ = false;
  std::string result_;
};

}  // namespace

std::string source_key(std::string_view path, ByteView text) {
  const bool plain = std::none_of(text.begin(), text.end(), [](Byte byte) {
    return (byte < ' ' && byte != '\n' && byte != '\t') || byte == 0x7F;
  });
  if (!plain) return sha256(text);
  const bool is_c = path.ends_with(".c") || path.ends_with(".h");
  const std::string condensed = Condenser(text, is_c).run();
  return sha256(as_bytes(condensed));
}

std::string key_of_source(std::string_view path, ByteView text) {
  return sha256(as_bytes(source_key(path, text) + "\n"));
}

std::string SourceKeys::key_of(const Origins& origins) {
  std::vector<std::string> keys;
  for (const std::string& path : origins) {
    const auto known = keys_.find(path);
    if (known != keys_.end()) {
      keys.push_back(known->second);
      continue;
    }
    const Result<std::shared_ptr<const Bytes>> text = tree_.read(path);
    keys.push_back(text ? source_key(path, **text) : "missing");
    keys_.emplace(path, keys.back());
  }
  std::sort(keys.begin(), keys.end());
  std::string all;
  for (const std::string& key : keys) all += key + "\n";
  return sha256(as_bytes(all));
}

}  // namespace assay::bootstrap

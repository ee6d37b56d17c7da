// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The lexer against a second one that reads a byte at a time, keeps its token in a buffer of fixed size and
// ends strings at zero bytes, as the compilers do: on every short text and on longer random ones.
#include "cc/lexer.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <random>

#include "core/digest.h"

namespace assay::cc {
namespace {

class Model {
 public:
  explicit Model(std::string_view text) : text_(text) {}

  /// Tokens between bars, and how it ends.
  std::string run() {
    std::string all;
    int c = read();
    while (c != kEnd && fate_.empty()) {
      const bool got = token(c);
      if (got && fate_.empty()) all += std::string(buffer_.c_str()) + "|";
    }
    return fate_.empty() ? all : fate_;
  }

 private:
  static constexpr int kEnd = -4;

  int read() {
    if (at_ == text_.size()) {
      ++past_;
      return kEnd;
    }
    const int c = static_cast<Byte>(text_[at_++]);
    return c == 0xFC ? kEnd : c;
  }

  static bool in_set(int c, std::string_view set) {
    return c == 0 || (c > 0 && set.find(static_cast<char>(c)) != std::string_view::npos);
  }

  /// What a loop that only ends at some byte does at the end of the file.
  bool stuck(std::string_view fate) {
    if (past_ < 3) return false;
    fate_ = fate;
    return true;
  }

  void eat(int& c) {
    buffer_.push_back(static_cast<char>(c));
    c = read();
  }

  bool token(int& c) {
    static constexpr std::string_view kWords =
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";
    static constexpr std::string_view kSigns = "<=>|&!-";
    for (;;) {
      buffer_.clear();
      while (c == ' ' || c == '\n' || c == '\t') c = read();
      if (c == kEnd) return false;
      if (c == '#') {
        line(c);
        if (!fate_.empty()) return false;
        continue;
      }
      if (in_set(c, kWords)) {
        while (in_set(c, kWords)) eat(c);
        if (c != ':') return true;
        label();
        c = ' ';
        return true;
      }
      if (in_set(c, kSigns)) {
        while (in_set(c, kSigns)) eat(c);
        return true;
      }
      if (c == '"' || c == '\'') {
        string(c);
        return true;
      }
      if (c != '/') {
        eat(c);
        return true;
      }
      eat(c);
      if (c == '*') {
        c = read();
        while (c != '/') {
          while (c != '*') {
            if (stuck("hangs")) return false;
            c = read();
          }
          c = read();
        }
        c = read();
        continue;
      }
      if (c != '/') return true;
      line(c);
      if (!fate_.empty()) return false;
    }
  }

  void line(int& c) {
    do {
      if (stuck("hangs")) return;
      c = read();
    } while (c != '\n');
  }

  void string(int& c) {
    const int quote = c;
    bool escape = false;
    do {
      escape = !escape && c == '\\';
      eat(c);
      if (stuck("crashes")) return;
    } while (escape || c != quote);
    c = read();
  }

  void label() {
    char hold = ':';
    for (std::size_t i = 0;; ++i) {
      if (i == buffer_.size()) buffer_.push_back('\0');
      std::swap(hold, buffer_[i]);
      if (hold == 0) break;
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int past_ = 0;
  std::string buffer_;
  std::string fate_;
};

std::string lexed(std::string_view text) {
  NoDiagnostics none;
  Report report(none, true);
  Names names;
  std::string all;
  try {
    for (const Token& token : read_tokens(as_bytes(text), names, report)) {
      all += std::string(names.text(token.name)) + "|";
      EXPECT_LE(std::uint64_t{token.offset} + token.length, text.size());
    }
  } catch (const Stop& stop) {
    return stop.ending == Ending::hangs ? "hangs" : stop.ending == Ending::crashes ? "crashes" : "undefined";
  }
  return all;
}

void compare(std::string_view text) {
  ASSERT_EQ(lexed(text), Model(text).run()) << "on " << to_hex(as_bytes(text));
}

std::size_t compare_all(std::string_view alphabet, std::size_t longest) {
  std::size_t checked = 0;
  std::string text;
  for (std::size_t length = 0; length <= longest; ++length) {
    std::size_t count = 1;
    for (std::size_t i = 0; i < length; ++i) count *= alphabet.size();
    for (std::size_t number = 0; number < count; ++number) {
      text.clear();
      for (std::size_t i = 0, rest = number; i < length; ++i, rest /= alphabet.size()) {
        text.push_back(alphabet[rest % alphabet.size()]);
      }
      compare(text);
      if (testing::Test::HasFatalFailure()) return checked;
      ++checked;
    }
  }
  return checked;
}

TEST(CcLexer, EveryShortText) {
  EXPECT_GT(compare_all(std::string_view("a:=/*\"\\'#\n \0\xFC.", 14), 4), 40'000U);
  EXPECT_GT(compare_all("a/*\"\\\n", 6), 50'000U);
}

TEST(CcLexer, RandomTexts) {
  static constexpr std::string_view kAlphabet("ab_9:=<>-!&|/*\"\\'#\n \t\0\xFC.;{}\r\x80", 29);
  std::mt19937 numbers(7);
  for (int i = 0; i < 20'000; ++i) {
    std::string text;
    for (std::size_t length = numbers() % 40; length > 0; --length)
      text.push_back(kAlphabet[numbers() % kAlphabet.size()]);
    compare(text);
    if (HasFatalFailure()) return;
  }
}

}  // namespace
}  // namespace assay::cc

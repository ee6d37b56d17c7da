// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "mes/heap.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace assay::mes {
namespace {

constexpr std::size_t kChunkWords = std::size_t{1} << 20;
constexpr std::size_t kSmallestChunk = std::size_t{1} << 12;
/// Words that may be used between two collections at least.
constexpr std::size_t kLeastBudget = std::size_t{1} << 23;

}  // namespace

std::size_t Heap::words_of(Word header) {
  const std::size_t length = length_of_header(header);
  // At least one word behind the header: there a moved object says where it is.
  return 1 +
         (holds_bytes(kind_of_header(header)) ? length / sizeof(Word) + 1 : std::max<std::size_t>(length, 1));
}

void Heap::close_chunk() {
  if (chunks_.empty()) return;
  chunks_.back().used = used_in_chunk();
  spent_ += chunks_.back().used;
}

void Heap::refill(std::size_t words) {
  const std::size_t size = std::max({words, kSmallestChunk, std::min(kChunkWords, most_words_ / 16)});
  if (size > most_words_ || held_ > most_words_ - size) throw OutOfMemory{};
  close_chunk();
  Chunk chunk{.words = std::unique_ptr<Word[]>(new Word[size]), .size = size};
  start_ = top_ = chunk.words.get();
  end_ = top_ + size;
  held_ += size;
  chunks_.push_back(std::move(chunk));
  if (budget_ == 0) budget_ = kLeastBudget;
}

Value Heap::make(Kind kind, std::size_t length, Value fill) {
  if (length >= most_words_) throw OutOfMemory{};
  const std::size_t words = words_of(header_of(kind, length));
  Word* const at = allocate(words);
  at[0] = header_of(kind, length);
  std::fill_n(at + 1, words - 1, fill.word());
  return Value::object(at);
}

Value Heap::make_bytes(Kind kind, std::size_t length) {
  if (length / sizeof(Word) >= most_words_) throw OutOfMemory{};
  const std::size_t words = length / sizeof(Word) + 1;
  Word* const at = allocate(words + 1);
  at[0] = header_of(kind, length);
  std::fill_n(at + 1, words, Word{0});
  return Value::object(at);
}

Value Heap::make_string(std::string_view text) {
  const Value string = make_bytes(Kind::string, text.size());
  std::copy(text.begin(), text.end(), bytes_of(string));
  return string;
}

Value Heap::make_lasting(Kind kind, std::size_t length) {
  const std::size_t words = words_of(header_of(kind, length));
  if (words > most_words_ || held_ > most_words_ - words) throw OutOfMemory{};
  if (lasting_.empty() || lasting_.back().size - lasting_.back().used < words) {
    const std::size_t size = std::max<std::size_t>(words, 1U << 14);
    held_ += size;
    lasting_.push_back({.words = std::unique_ptr<Word[]>(new Word[size]), .size = size});
  }
  Chunk& chunk = lasting_.back();
  Word* const at = chunk.words.get() + chunk.used;
  chunk.used += words;
  at[0] = header_of(kind, length) | kStays;
  std::fill_n(at + 1, words - 1, holds_bytes(kind) ? Word{0} : kNil.word());
  return Value::object(at);
}

Value Heap::make_lasting_string(std::string_view text) {
  const Value string = make_lasting(Kind::string, text.size());
  std::copy(text.begin(), text.end(), bytes_of(string));
  return string;
}

void Heap::move(Value& value) {
  if (!value.is_pointer()) return;
  Word* const from = value.header();
  if ((*from & kStays) != 0) return;
  const Word tag = value.word() & 7;
  if ((*from & kMoved) == 0) {
    const std::size_t words = words_of(*from);
    Word* const to = allocate(words);
    std::copy_n(from, words, to);
    from[0] |= kMoved;
    from[1] = reinterpret_cast<Word>(to);
  }
  value = Value::from_word(from[1] | tag);
}

void Heap::scan(Word* at, const Word* end) {
  while (at < end) {
    const Word header = *at;
    const std::size_t words = words_of(header);
    if (!holds_bytes(kind_of_header(header))) {
      for (std::size_t i = 1; i < words; ++i) {
        Value value = Value::from_word(at[i]);
        move(value);
        at[i] = value.word();
      }
    }
    at += words;
  }
}

void Heap::collect(const Roots& roots) {
  close_chunk();
  std::vector<Chunk> old = std::move(chunks_);
  chunks_.clear();
  start_ = top_ = end_ = nullptr;
  for (const Chunk& chunk : old) held_ -= chunk.size;  // the copies may take as much again
  spent_ = 0;
  roots([this](Value& root) { move(root); });
  for (const Chunk& chunk : lasting_) scan(chunk.words.get(), chunk.words.get() + chunk.used);
  // What was copied is looked at in turn; more is copied behind it meanwhile.
  for (std::size_t i = 0; i < chunks_.size(); ++i) {
    std::size_t done = 0;
    while (true) {
      Word* const first = chunks_[i].words.get();
      const bool last = i + 1 == chunks_.size();
      const std::size_t used = last ? used_in_chunk() : chunks_[i].used;
      if (done == used) break;
      scan(first + done, first + used);
      done = used;
    }
  }
  live_ = spent_ + used_in_chunk();
  budget_ = std::max(kLeastBudget, live_ * 2 + live_ / 2);
  ++collections_;
}

}  // namespace assay::mes

// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Where values live. Room is handed out from the start of chunks to their end; a collection copies what can
// still be reached into new chunks and drops the old ones. It happens only where the evaluator asks for it
// (Heap::wants_collection), between two calls: primitives may hold values in variables of their own. Symbols
// stay where they are for ever.
#pragma once

#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "mes/value.h"

namespace assay::mes {

/// The heap has no more room than it was given.
struct OutOfMemory {};

class Heap {
 public:
  /// Never holds more than `most_bytes`.
  explicit Heap(std::size_t most_bytes) : most_words_(most_bytes / sizeof(Word)) {}

  Value cons(Value first, Value second) {
    Word* const at = allocate(3);
    at[0] = header_of(Kind::pair, 2);
    at[1] = first.word();
    at[2] = second.word();
    return Value::pair(at);
  }
  /// An object of `length` values, all nil.
  Value make(Kind kind, std::size_t length, Value fill = kNil);
  /// An object of bytes, all 0, with one more that is 0 behind them.
  Value make_bytes(Kind kind, std::size_t length);
  Value make_string(std::string_view text);
  /// The same in a place that is never given up.
  Value make_lasting(Kind kind, std::size_t length);
  Value make_lasting_string(std::string_view text);

  [[nodiscard]] bool wants_collection() const { return spent_ + used_in_chunk() > budget_; }
  /// Hands every root to the visitor, which may change it.
  using Visitor = std::function<void(Value& root)>;
  using Roots = std::function<void(const Visitor& visit)>;
  void collect(const Roots& roots);

  [[nodiscard]] std::size_t live_bytes() const { return live_ * sizeof(Word); }
  [[nodiscard]] std::size_t collections() const { return collections_; }

 private:
  struct Chunk {
    std::unique_ptr<Word[]> words;
    std::size_t size = 0;
    std::size_t used = 0;
  };
  Word* allocate(std::size_t words) {
    if (static_cast<std::size_t>(end_ - top_) < words) refill(words);
    Word* const at = top_;
    top_ += words;
    return at;
  }
  void refill(std::size_t words);
  void close_chunk();
  [[nodiscard]] std::size_t used_in_chunk() const { return static_cast<std::size_t>(top_ - start_); }
  void move(Value& value);
  void scan(Word* at, const Word* end);
  static std::size_t words_of(Word header);

  std::size_t most_words_;
  std::size_t held_ = 0;    ///< words of all chunks
  std::size_t spent_ = 0;   ///< words used in full chunks
  std::size_t live_ = 0;    ///< words alive after the last collection
  std::size_t budget_ = 0;  ///< words used when the next collection is due
  std::size_t collections_ = 0;
  Word* start_ = nullptr;
  Word* top_ = nullptr;
  Word* end_ = nullptr;
  std::vector<Chunk> chunks_;
  std::vector<Chunk> lasting_;

 public:
  Heap(const Heap&) = delete;
  Heap& operator=(const Heap&) = delete;
};

}  // namespace assay::mes

// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A Scheme value in a word. The lowest bits say what it is:
//
//   ..1  a number of 63 bits; of 64-bit mes's numbers those that need all 64 bits are objects
//   000  a pair, 100 another object: the address of its header in the heap (heap.h)
//   010  a character, also mes's end-of-file, -1
//   110  a special, one of those that mes knows by name (SpecialName)
//
// Types that Scheme sees (core:type) are those of mes; docs/languages/mes.md has the list.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace assay::mes {

using Word = std::uint64_t;

/// What mes calls a special: it evaluates to itself and is known by its name wherever it is read.
enum class Special : std::uint8_t {
  nil,
  no,
  yes,
  dot,
  arrow,
  undefined,
  unspecified,
  closure,
  circular,
  apply,
  eval,
  eval_expanded,
  macro_expand,
  begin,
  returns,
  unset,  ///< ours: a local that was not defined yet; never seen by programs
};
inline constexpr std::size_t kSpecialCount = 16;

/// What an object of the heap is.
enum class Kind : std::uint8_t {
  pair,
  string,
  symbol,
  keyword,
  number,
  closure,
  macro,
  values,
  vector,
  structure,
  builtin,
  continuation,
  port,
  bytes,
  binding,
  frame,        ///< ours: the variables of a procedure that closures may hold
  environment,  ///< ours: what (current-environment) stands for inside a procedure
};

class Value {
 public:
  constexpr Value() = default;
  constexpr explicit Value(Special special) : word_((static_cast<Word>(special) << 3) | 6) {}
  static constexpr Value from_word(Word word) {
    Value value;
    value.word_ = word;
    return value;
  }
  static constexpr Value fixnum(std::int64_t number) {
    return from_word((static_cast<Word>(number) << 1) | 1);
  }
  static constexpr Value character(std::int32_t code) {
    return from_word((static_cast<Word>(static_cast<std::uint32_t>(code)) << 3) | 2);
  }
  static Value pair(Word* header) { return from_word(reinterpret_cast<Word>(header)); }
  static Value object(Word* header) { return from_word(reinterpret_cast<Word>(header) | 4); }
  static constexpr Value boolean(bool yes) { return Value(yes ? Special::yes : Special::no); }

  [[nodiscard]] constexpr Word word() const { return word_; }
  [[nodiscard]] constexpr bool is_fixnum() const { return (word_ & 1) != 0; }
  [[nodiscard]] constexpr bool is_pair() const { return (word_ & 7) == 0; }
  [[nodiscard]] constexpr bool is_object() const { return (word_ & 7) == 4; }
  [[nodiscard]] constexpr bool is_pointer() const { return (word_ & 3) == 0; }
  [[nodiscard]] constexpr bool is_character() const { return (word_ & 7) == 2; }
  [[nodiscard]] constexpr bool is_special() const { return (word_ & 7) == 6; }
  [[nodiscard]] constexpr std::int64_t fixnum() const { return static_cast<std::int64_t>(word_) >> 1; }
  [[nodiscard]] constexpr std::int32_t character() const {
    return static_cast<std::int32_t>(static_cast<std::uint32_t>(word_ >> 3));
  }
  [[nodiscard]] constexpr Special special() const { return static_cast<Special>(word_ >> 3); }
  [[nodiscard]] Word* header() const { return reinterpret_cast<Word*>(word_ & ~Word{7}); }
  /// The words after the header of an object.
  [[nodiscard]] Word* body() const { return header() + 1; }

  friend constexpr bool operator==(Value left, Value right) = default;

 private:
  Word word_ = 6;  // nil
};
static_assert(sizeof(Value) == sizeof(Word));

inline constexpr Value kNil{Special::nil};
inline constexpr Value kFalse{Special::no};
inline constexpr Value kTrue{Special::yes};
inline constexpr Value kUnspecified{Special::unspecified};
inline constexpr Value kUndefined{Special::undefined};
inline constexpr Value kUnset{Special::unset};

/// The name of a special, as mes prints and reads it; empty for our own.
std::string_view name_of(Special special);

// Headers: the kind, whether the object stays where it is, and its length in words, or bytes of those that
// hold bytes.
inline constexpr Word kStays = 0x100;
inline constexpr Word kMoved = 0x200;
inline constexpr unsigned kLengthShift = 16;
inline constexpr Word header_of(Kind kind, std::size_t length) {
  return static_cast<Word>(kind) | (static_cast<Word>(length) << kLengthShift);
}
inline Kind kind_of_header(Word header) { return static_cast<Kind>(header & 0xff); }
inline std::size_t length_of_header(Word header) { return header >> kLengthShift; }
/// Whether the body is bytes instead of values.
inline bool holds_bytes(Kind kind) {
  return kind == Kind::string || kind == Kind::bytes || kind == Kind::number;
}

inline Kind kind_of(Value object) { return kind_of_header(*object.header()); }
inline bool is(Value value, Kind kind) { return value.is_object() && kind_of(value) == kind; }
inline std::size_t length_of(Value object) { return length_of_header(*object.header()); }

/// The value at a place of an object's body.
inline Value slot(Value object, std::size_t index) { return Value::from_word(object.body()[index]); }
inline void set_slot(Value object, std::size_t index, Value value) { object.body()[index] = value.word(); }

inline Value car(Value pair) { return slot(pair, 0); }
inline Value cdr(Value pair) { return slot(pair, 1); }
inline void set_car(Value pair, Value value) { set_slot(pair, 0, value); }
inline void set_cdr(Value pair, Value value) { set_slot(pair, 1, value); }

/// The bytes of a string or of bytes; a NUL stands after those of a string.
inline char* bytes_of(Value object) { return reinterpret_cast<char*>(object.body()); }
inline std::string_view text_of(Value string) { return {bytes_of(string), length_of(string)}; }

/// An address kept in a word that the collector takes for a number.
template <class T>
Word hidden(T* address) {
  return reinterpret_cast<Word>(address) | 1;
}
template <class T>
T* shown(Word word) {
  return reinterpret_cast<T*>(word & ~Word{1});
}

// Places in the bodies of objects.
inline constexpr std::size_t kSymbolName = 0;   ///< a string
inline constexpr std::size_t kSymbolMacro = 1;  ///< a macro, or unset
inline constexpr std::size_t kClosureCode = 0;  ///< hidden Code
inline constexpr std::size_t kClosureFrame = 1;
inline constexpr std::size_t kMacroProcedure = 0;
inline constexpr std::size_t kMacroName = 1;
inline constexpr std::size_t kValuesList = 0;
inline constexpr std::size_t kBuiltinIndex = 0;
inline constexpr std::size_t kPortNumber = 0;
inline constexpr std::size_t kPortString = 1;
inline constexpr std::size_t kPortPosition = 2;
inline constexpr std::size_t kBindingHandle = 0;     ///< (name . variable), or the pair of an environment
inline constexpr std::size_t kBindingLexical = 1;    ///< a number: whether the handle is of an environment
inline constexpr std::size_t kFrameParent = 0;       ///< then the variables
inline constexpr std::size_t kEnvironmentScope = 0;  ///< hidden Scope
inline constexpr std::size_t kEnvironmentFrame = 1;

// Structures as mes lays them out.
inline constexpr std::size_t kStructType = 0;
inline constexpr std::size_t kStructPrinter = 1;
inline constexpr std::size_t kVariableValue = 3;
inline constexpr std::size_t kTableSize = 3;
inline constexpr std::size_t kTableBuckets = 4;

}  // namespace assay::mes

// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Random valid programs in the languages of the mescc-tools: M1, hex2, kaem and kaem-minimal. All names of a
// program start with its number, so that many programs can be read by one process. The same numbers give the
// same programs on every host.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <string_view>

#include "command/mescc_dialects.h"

namespace assay::test {

class ValidPrograms {
 public:
  explicit ValidPrograms(std::uint32_t seed) : random_(seed) {}

  /// M1 text that every version assembles: macros, labels, references, numbers in range, strings, padding.
  std::string m1(MesccArchitecture architecture);
  /// hex2 text that links at 0x1000, as long as all programs together have less than 20,000 bytes.
  std::string hex2(MesccArchitecture architecture);
  /// A script for the full kaem: variables, aliases, conditions, continuations, quotes; it says what it does
  /// with `echo`, and runs `./k e` (which must succeed) and `./k u` (which must fail).
  /// Without `says_directory` the same script does not depend on where it runs.
  std::string kaem(bool says_directory);
  /// A script for a kaem-minimal with strings; all its commands are `./k e` with further words.
  std::string kaem_minimal();

  std::size_t below(std::size_t limit) { return random_() % limit; }

 private:
  template <std::size_t kCount>
  std::string_view one_of(const std::string_view (&words)[kCount]) {
    return words[below(kCount)];
  }
  std::string name(std::string_view kind, std::size_t count);
  std::string number(std::int64_t lowest, std::int64_t highest);
  std::string m1_number(MesccArchitecture architecture);
  std::string hex2_reference(MesccArchitecture architecture);
  std::string four_bytes();
  std::string blank();
  std::string kaem_word();
  std::string kaem_line();
  std::string kaem_end();

  std::mt19937 random_;
  std::size_t program_ = 0;
  bool says_directory_ = true;
};

}  // namespace assay::test

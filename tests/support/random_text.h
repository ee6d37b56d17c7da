// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace assay::test {

/// Texts in the language of `tool` ("hex0", "hex1", "hex2-0"), good and bad pieces mixed; the same for the
/// same seed on every host.
class RandomText {
 public:
  RandomText(std::string_view tool, std::uint32_t seed) : tool_(tool), numbers_(seed) {}
  std::string next();

 private:
  std::size_t below(std::size_t limit) { return numbers_() % limit; }
  std::string piece();
  std::string digits(std::size_t count);
  std::string name();

  std::string tool_;
  std::mt19937 numbers_;
};

/// Calls `visit` with every text of up to `length` characters of `alphabet`; returns how many.
std::size_t for_each_text(std::string_view alphabet, std::size_t length,
                          const std::function<void(std::string_view)>& visit);

}  // namespace assay::test

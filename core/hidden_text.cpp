// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hidden_text.h"

#include <fmt/format.h>
#include <algorithm>
#include <array>

namespace assay {
namespace {

struct Range {
  std::uint32_t first;
  std::uint32_t last;
  std::string_view what;
};

constexpr std::array<Range, 7> kHidden{{
    {0x061C, 0x061C, "changes the order in which text is shown"},
    {0x200B, 0x200D, "is not shown"},
    {0x200E, 0x200F, "changes the order in which text is shown"},
    {0x202A, 0x202E, "changes the order in which text is shown"},
    {0x2060, 0x2064, "is not shown"},
    {0x2066, 0x206F, "changes the order in which text is shown"},
    {0xE0000, 0xE007F, "is not shown"},
}};

/// A character of more than one byte in UTF-8 at the start of a text; its length is 0 if there is none.
struct Character {
  std::uint32_t code = 0;
  std::size_t length = 0;
};

Character character_at(std::string_view text) {
  const auto byte = [&](std::size_t index) { return static_cast<Byte>(text[index]); };
  const Byte lead = byte(0);
  const std::size_t length = lead >= 0xF0 && lead < 0xF8 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 0;
  if (length == 0 || lead >= 0xF8 || length > text.size()) return {};
  std::uint32_t code = lead & (0xFFU >> (length + 1));
  for (std::size_t index = 1; index < length; ++index) {
    if ((byte(index) & 0xC0U) != 0x80) return {};
    code = code << 6U | (byte(index) & 0x3FU);
  }
  return {code, length};
}

const Range* hidden(std::uint32_t code) {
  const auto* const row = std::find_if(kHidden.begin(), kHidden.end(), [code](const Range& range) {
    return code >= range.first && code <= range.last;
  });
  return row == kHidden.end() ? nullptr : row;
}

}  // namespace

std::vector<HiddenText> find_hidden_text(ByteView bytes, std::size_t most) {
  std::vector<HiddenText> found;
  const std::string_view text = as_text(bytes);
  for (std::size_t at = 0; at < text.size() && found.size() < most; ++at) {
    const auto byte = static_cast<Byte>(text[at]);
    if (byte == '\r' && at + 1 < text.size() && text[at + 1] != '\n' && text[at + 1] != '\r') {
      found.push_back(
          {at, 1, "a carriage return in the middle of a line, which is shown over what stands before"});
    } else if (byte >= 0xC2) {
      const Character character = character_at(text.substr(at));
      const Range* const row = character.length == 0 ? nullptr : hidden(character.code);
      if (row != nullptr)
        found.push_back({at, character.length, fmt::format("U+{:04X}, which {}", character.code, row->what)});
      if (character.length > 1) at += character.length - 1;
    }
  }
  return found;
}

std::string without_controls(std::string_view text) {
  constexpr Byte kDelete = 0x7F;
  constexpr std::uint32_t kLastControl = 0x9F;
  std::string clean;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<Byte>(text[at]);
    if (byte < ' ' || byte == kDelete) {
      clean += '?';
      continue;
    }
    const Character character = byte < 0x80 ? Character{} : character_at(text.substr(at));
    if (byte < 0x80) {
      clean += text[at];
    } else if (character.length == 0 || character.code <= kLastControl || hidden(character.code) != nullptr) {
      clean += '?';
      at += std::max<std::size_t>(character.length, 1) - 1;
    } else {
      clean += text.substr(at, character.length);
      at += character.length - 1;
    }
  }
  return clean;
}

}  // namespace assay

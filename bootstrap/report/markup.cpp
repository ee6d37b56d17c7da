// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/report/markup.h"

namespace assay::bootstrap {

std::string markup(std::string_view text) {
  constexpr std::string_view kReplacement = "\xef\xbf\xbd";
  std::string result;
  result.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto c = static_cast<unsigned char>(text[at]);
    switch (c) {
      case '&': result += "&amp;"; break;
      case '<': result += "&lt;"; break;
      case '>': result += "&gt;"; break;
      case '"': result += "&quot;"; break;
      case '\'': result += "&#39;"; break;
      case '\n': result += "&#10;"; break;  // kept in attributes too
      case '\t': result += "&#9;"; break;
      default:
        if (c < 0x20 || c == 0x7f) {
          result += kReplacement;
        } else if (text.substr(at, 3) == "\xef\xbf\xbe" || text.substr(at, 3) == "\xef\xbf\xbf") {
          result += kReplacement;  // U+FFFE, U+FFFF
          at += 2;
        } else {
          result += text[at];
        }
    }
  }
  return result;
}

}  // namespace assay::bootstrap

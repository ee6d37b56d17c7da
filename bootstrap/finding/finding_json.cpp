// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/finding/finding_json.h"

#include <nlohmann/json.hpp>

namespace assay::bootstrap {

using nlohmann::json;

std::string utf8(std::string_view text) {
  return json::parse(json(text).dump(-1, ' ', true, json::error_handler_t::replace)).get<std::string>();
}

json finding_json(const Finding& finding, std::string_view architecture) {
  return {{"id", finding.id},
          {"severity", name_of(finding.severity)},
          {"arch", architecture},
          {"file", utf8(finding.file)},
          {"line", finding.line},
          {"column", finding.column},
          {"message", utf8(finding.message)},
          {"help", utf8(finding.help)}};
}

}  // namespace assay::bootstrap

// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A report as SARIF 2.1.0 (OASIS), for code scanning: a result for each bad step and each finding. What a
// rule is about is told as in the list of all diagnostics.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace assay::bootstrap {

/// Another place that a result speaks of.
struct SarifRelated {
  std::string message;
  std::string file;
  std::uint64_t line = 0;
  bool in_tree = true;  ///< else a file that the user named
};

struct SarifResult {
  std::string id;
  std::string severity;   ///< "note", "warning", "error"
  std::string arch = {};  ///< may be empty
  std::string message = {};
  std::string file = {};  ///< path in the tree; empty: the tree as a whole
  std::uint64_t line = 0;
  std::uint64_t column = 0;
  /// Of the bytes that it is about, SHA-256: other bytes are another result. May be empty.
  std::string digest = {};
  nlohmann::json properties = {};  ///< may be null
  std::string accepted = {};  ///< why the user has accepted it: the result is suppressed; empty: nobody has
  std::string baseline = {};  ///< "new", "unchanged": beside an earlier report; empty: there was none
  std::vector<SarifRelated> related = {};
};

/// A log of one run.
class SarifLog {
 public:
  /// `pages`: of docs/.
  explicit SarifLog(std::span<const std::string_view> pages) : pages_(pages) {}

  void add(const SarifResult& added);
  nlohmann::json finish(const nlohmann::json& version, bool successful, nlohmann::json properties);

 private:
  std::size_t index_of(const std::string& id);

  std::span<const std::string_view> pages_;
  std::map<std::string, std::size_t> indices_;
  nlohmann::json rules_ = nlohmann::json::array();
  nlohmann::json results_ = nlohmann::json::array();
};

/// `pages`: of docs/.
nlohmann::json sarif_of(const nlohmann::json& report, std::span<const std::string_view> pages);

}  // namespace assay::bootstrap

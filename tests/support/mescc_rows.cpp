// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/mescc_rows.h"

#include <openssl/evp.h>
#include <zlib.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>

namespace assay::test {
namespace {

constexpr std::size_t kLargestFile = std::size_t{1} << 22;

/// The bytes that a JSON string tells as code points up to U+00FF.
std::string latin1(const std::string& utf8) {
  std::string bytes;
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    const auto lead = static_cast<unsigned char>(utf8[i]);
    if (lead < 0x80) {
      bytes.push_back(utf8[i]);
    } else if ((lead == 0xC2 || lead == 0xC3) && i + 1 < utf8.size()) {
      bytes.push_back(static_cast<char>(((lead & 3) << 6) | (static_cast<unsigned char>(utf8[++i]) & 0x3F)));
    } else {
      throw std::runtime_error("a code point over U+00FF");
    }
  }
  return bytes;
}

/// "z64:" starts base64 of a zlib stream.
std::string unpacked(const std::string& text) {
  if (!text.starts_with("z64:")) return text;
  const std::string coded = text.substr(4);
  std::vector<unsigned char> packed(coded.size());
  const int size = EVP_DecodeBlock(packed.data(), reinterpret_cast<const unsigned char*>(coded.data()),
                                   static_cast<int>(coded.size()));
  if (size < 0) throw std::runtime_error("bad base64");
  std::string data(kLargestFile, '\0');
  uLongf length = data.size();
  if (uncompress(reinterpret_cast<Bytef*>(data.data()), &length, packed.data(), static_cast<uLong>(size)) !=
      Z_OK) {
    throw std::runtime_error("bad zlib stream");
  }
  data.resize(length);
  return data;
}

std::string text_of(const nlohmann::json& json) { return unpacked(latin1(json.get<std::string>())); }

std::map<std::string, MesccFile> files_of(const nlohmann::json& json) {
  std::map<std::string, MesccFile> files;
  for (const auto& [name, value] : json.items()) {
    MesccFile& file = files[latin1(name)];
    if (value.is_string()) {
      file.data = text_of(value);
      continue;
    }
    if (value.contains("data")) file.data = text_of(value.at("data"));
    if (value.contains("mode")) file.mode = value.at("mode").get<std::string>();
    file.is_directory = value.contains("dirmode");
    if (file.is_directory) file.mode = value.at("dirmode").get<std::string>();
    if (value.contains("link")) file.link = latin1(value.at("link").get<std::string>());
    file.removed = value.contains("removed");
  }
  return files;
}

/// The default if the cell is empty.
std::vector<std::string> environment_of(const std::string& cell, bool is_seed) {
  if (cell.empty()) return {"PATH=/usr/bin:/bin", "LANG=C"};
  std::vector<std::string> environment;
  const auto json = nlohmann::ordered_json::parse(cell);
  for (const auto& [name, value] : json.items()) {
    environment.push_back(latin1(name) + "=" + unpacked(latin1(value.get<std::string>())));
  }
  // The cells of all but the seeds list it from its end.
  if (!is_seed) std::reverse(environment.begin(), environment.end());
  return environment;
}

std::string exit_of(const nlohmann::json& json) {
  return json.is_string() ? json.get<std::string>() : json.dump();
}

}  // namespace

MesccRow mescc_row(const Row& cells) {
  using nlohmann::json;
  MesccRow row;
  row.id = cells.at("id");
  row.tool = cells.at("tool");
  for (const json& word : json::parse(cells.at("argv"))) row.argv.push_back(text_of(word));
  row.env = environment_of(cells.at("env"), cells.at("ref") == "amd64");
  if (const std::string& input = cells.at("stdin"); !input.empty())
    row.standard_input = text_of(json::parse(input));
  row.files = files_of(json::parse(cells.at("files")));
  const MesccExpectation reference{cells.at("exit"), text_of(json::parse(cells.at("stdout"))),
                                   text_of(json::parse(cells.at("stderr"))),
                                   files_of(json::parse(cells.at("created")))};
  std::istringstream same(cells.at("same"));
  for (std::string build; std::getline(same, build, ',');) row.builds[build] = reference;
  if (const std::string& differs = cells.at("differs"); !differs.empty()) {
    const json builds = json::parse(differs);
    for (const auto& [build, fields] : builds.items()) {
      MesccExpectation other = reference;
      if (fields.contains("exit")) other.exit = exit_of(fields.at("exit"));
      if (fields.contains("stdout")) other.standard_output = text_of(fields.at("stdout"));
      if (fields.contains("stderr")) other.standard_error = text_of(fields.at("stderr"));
      if (fields.contains("out")) other.created = files_of(fields.at("out"));
      row.builds[build] = std::move(other);
    }
  }
  return row;
}

}  // namespace assay::test

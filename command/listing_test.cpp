// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "command/listing.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace assay {
namespace {

struct Sample {
  std::string text = "41 42 # two\n\t%far\n";
  Source source{"in.hex2", as_bytes(text)};
  Output output;
  Sample() {
    output.bytes = {0x41, 0x42, 1, 2, 3, 4, 5, 6, 7, 8, 9};
    output.base_address = 0x600000;
    output.map.add(1, {0, 0, 2});
    output.map.add(1, {0, 3, 2});
    output.map.add(9, {0, 13, 4});
  }
};

TEST(Listing, ARowALine) {
  const Sample sample;
  EXPECT_EQ(listing(sample.output, {&sample.source, 1}),
            "00000000 00600000 4142              in.hex2:1: 41 42 # two\n"
            "00000002 00600002 0102030405060708  in.hex2:2:  %far\n"
            "0000000a 0060000a 09\n");
}

TEST(Listing, MapNamesTheSpanOfEveryEntry) {
  const Sample sample;
  const nlohmann::json json = map_json(sample.output, {&sample.source, 1});
  EXPECT_EQ(json["base"], 0x600000);
  EXPECT_EQ(json["size"], 11);
  ASSERT_EQ(json["entries"].size(), 3U);
  const nlohmann::json expected = {
      {"offset", 2},         {"address", 0x600002}, {"bytes", "010203040506070809"},
      {"file", "in.hex2"},   {"line", 2},           {"column", 2},
      {"source_offset", 13}, {"source_length", 4},  {"text", "%far"}};
  EXPECT_EQ(json["entries"][2], expected);
  EXPECT_EQ(json["labels"].size(), 0U);
  EXPECT_EQ(json["sources"],
            nlohmann::json::parse(R"([{"file": "in.hex2", "lines": ["41 42 # two", " %far"]}])"));
}

TEST(Listing, LabelsHaveTheAddressOfTheByteBehindThem) {
  const std::string text = "#:start\n41 :b 42\n:end\n";
  const Source source{"in", as_bytes(text)};
  Output output;
  output.bytes = {0x41, 0x42};
  output.base_address = 0x10;
  output.map.add(1, {0, 8, 2});
  output.map.add(1, {0, 14, 2});
  EXPECT_EQ(symbols(output, {&source, 1}), "00000010 start\n00000011 b\n00000012 end\n");
  EXPECT_EQ(map_json(output, {&source, 1})["labels"][1],
            nlohmann::json::parse(R"({"name": "b", "address": 17, "file": "in", "line": 2})"));
}

TEST(Listing, NothingForNoBytes) {
  const Source empty{"in", {}};
  EXPECT_EQ(listing(Output{}, {&empty, 1}), "");
  EXPECT_EQ(map_json(Output{}, {&empty, 1})["entries"].size(), 0U);
}

}  // namespace
}  // namespace assay

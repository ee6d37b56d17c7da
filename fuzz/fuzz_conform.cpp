// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Any text as a case of `assay conform`: what is read is shown as data that are read back.
#include "bootstrap/conform/case.h"
#include "bootstrap/conform/case_data.h"
#include "fuzz/fuzz_output.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace assay;
  const auto one = conform::parse_case("name", as_text({data, size}), {"in", "out"});
  if (!one) {
    fuzz::demand(one.error().id == "bad-case");
    return 0;
  }
  fuzz::demand(!one->title.empty() && !one->expectations.empty());
  for (const conform::Given& given : one->situation.given) {
    Bytes again;
    std::string text = conform::case_data(given.bytes);
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = text.find('\n', at);
      fuzz::demand(conform::add_data_line(std::string_view(text).substr(at, end - at), again).has_value());
      at = end + 1;
    }
    fuzz::demand(again == given.bytes);
  }
  return 0;
}

// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// All recognisers of images, then every check and both reports.
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "bootstrap/check/image_check.h"
#include "bootstrap/report/image_report.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace assay::image;
  assay::Result<Image> image = open_image("fuzz", memory_medium(assay::Bytes(data, data + size)));
  if (!image) return 0;
  ImageRun run;
  run.report = examine(std::move(*image), {});
  const ImageReport& report = run.report;
  // What is accounted for is the whole medium.
  if (report.accounting.size() != 0 && report.accounting.size() != size) std::abort();
  if (report_json(run, overall_of(run)).dump().empty()) std::abort();
  (void)report_text(report);
  return 0;
}

// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/report/junit.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "bootstrap/report/bad_step.h"
#include "bootstrap/report/markup.h"

namespace assay::bootstrap {
namespace {

using nlohmann::json;

class Suite {
 public:
  Suite(std::string name, double seconds) : name_(std::move(name)), seconds_(seconds) {}

  /// `kind`: "failure", "error", "skipped" or empty. `printed`: elements behind it.
  void add(const std::string& name, double seconds, std::string_view kind = "", const std::string& type = "",
           const std::string& message = "", const std::string& printed = "") {
    ++cases_;
    failures_ += kind == "failure" ? 1 : 0;
    errors_ += kind == "error" ? 1 : 0;
    skipped_ += kind == "skipped" ? 1 : 0;
    text_ += fmt::format("    <testcase classname=\"{}\" name=\"{}\" time=\"{:.3f}\">", markup(name_),
                         markup(name), seconds);
    const std::string typed = kind == "skipped" ? "" : fmt::format(" type=\"{}\"", markup(type));
    if (!kind.empty()) text_ += fmt::format("<{} message=\"{}\"{}/>", kind, markup(message), typed);
    text_ += printed + "</testcase>\n";
  }

  [[nodiscard]] std::string text() const {
    return fmt::format(
        "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" "
        "time=\"{:.3f}\">\n{}  </testsuite>\n",
        markup(name_), cases_, failures_, errors_, skipped_, seconds_, text_);
  }
  std::size_t cases_ = 0, failures_ = 0, errors_ = 0, skipped_ = 0;

 private:
  std::string name_;
  double seconds_;
  std::string text_;
};

std::string stream(std::string_view element, const std::string& text) {
  return text.empty() ? "" : fmt::format("<{0}>{1}</{0}>", element, markup(text));
}

Suite suite_of(const json& chain) {
  Suite suite(chain.at("arch"), chain.at("seconds"));
  for (const json& step : chain.at("steps")) {
    const std::string name =
        fmt::format("{:04} {}", step.at("index").get<std::size_t>() + 1, command_line_of(step));
    const std::string verdict = step.at("verdict");
    const double seconds = step.at("seconds");
    const std::string id = bad_step_id(step);
    const json failure = step.value("failure", json::object());
    const std::string printed = stream("system-out", failure.value("standard_output", "")) +
                                stream("system-err", failure.value("standard_error", ""));
    if (!id.empty()) {
      suite.add(name, seconds, "failure", id, bad_step_message(chain, step), printed);
    } else if (verdict == "equal") {
      suite.add(name, seconds, "", "", "", printed);
    } else {
      suite.add(name, seconds, "skipped", "", verdict, printed);
    }
  }
  const json& answers = chain.at("answers");
  if (const std::size_t total = answers.at("total"); total != 0) {
    const std::size_t right = answers.at("ok");
    suite.add("answers", 0, right == total ? "" : "failure", "answers",
              fmt::format("{} of {} are right", right, total));
  }
  return suite;
}

/// Findings that are no errors are told in a case that passes.
Suite findings_suite(const json& report) {
  Suite suite("findings", 0);
  for (const json& finding : report.at("findings")) {
    const std::string id = finding.at("id");
    const std::string file = finding.at("file");
    const std::string arch = finding.at("arch");
    const std::string message =
        fmt::format("{}{}{}", arch.empty() ? "" : arch + ": ", finding.at("message").get<std::string>(),
                    finding.at("help") == "" ? "" : " (help: " + finding.at("help").get<std::string>() + ")");
    const std::string name = file.empty()
                                 ? id
                                 : fmt::format("{} {}:{}:{}", id, file, finding.at("line").get<std::size_t>(),
                                               finding.at("column").get<std::size_t>());
    if (finding.at("severity") == "error") {
      suite.add(name, 0, "failure", id, message);
    } else {
      suite.add(name, 0, "", "", "",
                stream("system-out", finding.at("severity").get<std::string>() + ": " + message));
    }
  }
  return suite;
}

Suite verdict_suite(const json& report) {
  Suite suite("assay", 0);
  const std::string verdict = report.at("verdict");
  std::string reasons;
  for (const json& reason : report.at("reasons"))
    reasons += (reasons.empty() ? "" : "\n") + reason.get<std::string>();
  suite.add("verdict", 0, verdict == "pass" ? "" : verdict == "fail" ? "failure" : "error", verdict, reasons);
  return suite;
}

}  // namespace

std::string junit_of(const json& report) {
  std::vector<Suite> suites{verdict_suite(report)};
  for (const json& chain : report.at("chains")) suites.push_back(suite_of(chain));
  if (!report.at("findings").empty()) suites.push_back(findings_suite(report));
  Suite all("", 0);
  std::string text;
  for (const Suite& suite : suites) {
    text += suite.text();
    all.cases_ += suite.cases_;
    all.failures_ += suite.failures_;
    all.errors_ += suite.errors_;
    all.skipped_ += suite.skipped_;
  }
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"assay\" tests=\"{}\" failures=\"{}\" "
      "errors=\"{}\" skipped=\"{}\">\n{}</testsuites>\n",
      all.cases_, all.failures_, all.errors_, all.skipped_, text);
}

}  // namespace assay::bootstrap

// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/conform/kit_report.h"

#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>

namespace assay::conform {
namespace {

std::string_view name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::as_expected: return "as-expected";
    case Verdict::sound: return "sound";
    case Verdict::differs: return "differs";
    case Verdict::not_asked: return "not-asked";
  }
  return "";
}

std::string place_of(const CaseResult& result) {
  return fmt::format("line {} of {}.case", result.difference->line, result.of->name);
}

/// Text in the attributes and elements of XML; what XML does not allow is '?'.
std::string xml(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      default: out += static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) > 0x7E ? '?' : c;
    }
  }
  return out;
}

/// '#' would begin a directive of TAP.
std::string without_hash(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == '#' ? "\\#" : std::string(1, c);
  return out;
}

std::string shown(Count count) { return fmt::format("{}/{}", count.good, count.all); }

}  // namespace

std::string tap_of(const Titled& titled) {
  std::string text = fmt::format("TAP version 13\n1..{}\n", titled.found.results.size());
  std::size_t number = 0;
  for (const CaseResult& result : titled.found.results) {
    const std::string what = fmt::format("{} - {}: {} ({})", ++number, result.of->name,
                                         without_hash(result.of->title), name_of(result.of->kind));
    switch (result.verdict) {
      case Verdict::as_expected: text += fmt::format("ok {}\n", what); break;
      case Verdict::sound: text += fmt::format("ok {}, told by a status\n", what); break;
      case Verdict::not_asked: text += fmt::format("ok {} # SKIP {}\n", what, result.note); break;
      case Verdict::differs:
        text += fmt::format("not ok {}\n  ---\n  message: {}\n  at: {}\n  ...\n", what,
                            nlohmann::json(result.difference->text)
                                .dump(-1, ' ', true, nlohmann::json::error_handler_t::replace),
                            place_of(result));
    }
  }
  return text;
}

std::string junit_of(const Titled& titled) {
  std::string cases;
  unsigned failures = 0;
  unsigned skipped = 0;
  for (const CaseResult& result : titled.found.results) {
    cases += fmt::format("  <testcase classname=\"{}.{}\" name=\"{}: {}\"", xml(titled.tool.name),
                         name_of(result.of->kind), xml(result.of->name), xml(result.of->title));
    if (result.verdict == Verdict::differs) {
      ++failures;
      cases += fmt::format(">\n    <failure message=\"{}\">{}</failure>\n  </testcase>\n",
                           xml(result.difference->text), xml(place_of(result)));
    } else if (result.verdict == Verdict::not_asked) {
      ++skipped;
      cases += fmt::format(">\n    <skipped message=\"{}\"/>\n  </testcase>\n", xml(result.note));
    } else {
      cases += "/>\n";
    }
  }
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"{} {} {}\" tests=\"{}\" failures=\"{}\" "
      "skipped=\"{}\">\n{}</testsuite>\n",
      xml(titled.tool.name), xml(titled.dialect), xml(titled.program), titled.found.results.size(), failures,
      skipped, cases);
}

nlohmann::json json_of(const Titled& titled) {
  const auto counted = [](Count count) { return nlohmann::json{{"good", count.good}, {"all", count.all}}; };
  nlohmann::json rows = nlohmann::json::array();
  for (const CaseResult& result : titled.found.results) {
    nlohmann::json row{{"case", result.of->name},
                       {"title", result.of->title},
                       {"kind", name_of(result.of->kind)},
                       {"verdict", name_of(result.verdict)}};
    if (!result.note.empty()) row["note"] = result.note;
    if (result.difference) {
      row["difference"] = result.difference->text;
      row["line"] = result.difference->line;
    }
    if (result.ran) {
      nlohmann::json files = nlohmann::json::object();
      for (const auto& [name, left] : result.seen.files)
        files[name] = {{"hex", to_hex(left.bytes)}, {"mode", fmt::format("{:04o}", left.mode)}};
      row["seen"] = {{"end", conform::name_of(result.seen.end)},
                     {"status", result.seen.status},
                     {"how", result.seen.how},
                     {"stdout_hex", to_hex(result.seen.standard_output)},
                     {"stderr_hex", to_hex(result.seen.standard_error)},
                     {"instructions", result.seen.instructions},
                     {"system_calls", result.seen.system_calls},
                     {"files", std::move(files)}};
      if (!result.seen.others.empty()) row["seen"]["others"] = result.seen.others;
    }
    rows.push_back(std::move(row));
  }
  return {{"tool", titled.tool.name},
          {"dialect", titled.dialect},
          {"program", titled.program},
          {"contract_holds", titled.found.contract_holds()},
          {"contract", counted(titled.found.count(Kind::contract))},
          {"quirks", counted(titled.found.count(Kind::quirk))},
          {"failures", counted(titled.found.count(Kind::failure))},
          {"told", counted(titled.found.told())},
          {"cases", std::move(rows)}};
}

std::string summary_of(const Titled& titled) {
  const Conformance& found = titled.found;
  std::string text =
      fmt::format("{} {}: contract {}", titled.tool.name, titled.program, shown(found.count(Kind::contract)));
  if (const Count quirks = found.count(Kind::quirk); quirks.all > 0)
    text += fmt::format(", quirks like {} {}", titled.dialect, shown(quirks));
  if (const Count failures = found.count(Kind::failure); failures.all > 0)
    text += fmt::format(", failures like {} or better {} ({} told by a status)", titled.dialect,
                        shown(failures), found.told().good);
  text += "\n";
  for (const Kind kind : {Kind::contract, Kind::failure, Kind::quirk}) {
    for (const CaseResult& result : found.results) {
      if (result.of->kind != kind || result.verdict != Verdict::differs) continue;
      text += fmt::format("differs ({}): {} ({}): {}\n", name_of(kind), result.of->title, place_of(result),
                          result.difference->text);
    }
  }
  std::map<std::string_view, unsigned> skipped;
  for (const CaseResult& result : found.results) {
    if (!result.ran) ++skipped[result.note];
  }
  for (const auto& [why, count] : skipped) text += fmt::format("skipped, {} of the cases: {}\n", count, why);
  const Count contract = found.count(Kind::contract);
  const bool asked = found.count(Kind::quirk).all + found.count(Kind::failure).all > 0;
  text += contract.all == 0 && asked ? "no case of the contract was asked\n"
          : contract.all == 0        ? "nothing was asked: the cases say nothing about this dialect\n"
          : found.contract_holds()   ? "the contract holds\n"
                                     : fmt::format("the contract does not hold: {} of {} cases differ\n",
                                                   contract.all - contract.good, contract.all);
  return text;
}

std::string profile_text(const std::vector<Likeness>& all) {
  if (all.empty()) return "nothing was asked\n";
  std::string text;
  for (const Likeness& one : all)
    text += fmt::format("{:20} {:4}/{} cases ({:.1f} %)\n", one.dialect, one.same, one.asked,
                        100.0 * one.same / one.asked);
  const Likeness& best = all.front();
  text += fmt::format("closest: {}{}\n", best.dialect,
                      best.departures.empty() ? ", with no departure" : fmt::format("; it departs in:"));
  for (const CaseResult& result : best.departures)
    text += fmt::format("  {} ({}): {}\n", result.of->title, place_of(result), result.difference->text);
  return text;
}

}  // namespace assay::conform

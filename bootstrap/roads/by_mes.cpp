// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What mes does, by our own interpreter of its Scheme: what it reads and starts it finds itself.
#include <fmt/format.h>

#include <algorithm>

#include "bootstrap/roads/reference_road.h"
#include "mes/mes.h"
#include "mes/tree_world.h"

namespace assay::bootstrap {
namespace {

constexpr std::uint32_t kUmask = 022;

mes::Environment split(const std::vector<std::string>& settings) {
  mes::Environment environment;
  for (const std::string& setting : settings) {
    const std::size_t sign = setting.find('=');
    if (sign != std::string::npos)
      environment.emplace_back(setting.substr(0, sign), setting.substr(sign + 1));
  }
  return environment;
}

std::vector<std::string> joined(const mes::Environment& environment) {
  std::vector<std::string> settings;
  for (const auto& [name, value] : environment) settings.push_back(name + '=' + value);
  return settings;
}

}  // namespace

std::optional<Result<Computed>> ReferenceRoad::by_mes(const Command& command, const Start& start) {
  const mes::Dialect* const dialect = mes::find_dialect(arch_.library_name);
  if (dialect == nullptr) return std::nullopt;
  StepRecorder recorder(files_);
  bool started = false;
  bool unknown = false;
  mes::TreeWorld world(files_, command.cwd, kUmask,
                       [&](const mes::TreeWorld::Start& one) -> std::optional<int> {
                         started = true;
                         const std::optional<exec::Ended> ended =
                             start({one.program, one.arguments, joined(one.environment), command.cwd});
                         if (!ended) {
                           unknown = true;
                           return std::nullopt;
                         }
                         return ended->signal != 0 ? ended->signal : ended->status << 8;
                       });
  running_.push_back(command.program);
  DiagnosticList said;
  const mes::Outcome outcome = mes::run(
      {.dialect = dialect, .arguments = command.argv, .environment = split(command.env), .limits = {}}, world,
      said);
  running_.pop_back();
  if (unknown || outcome.ending != Ending::exits) {
    undo(recorder, files_);
    if (!started) return std::nullopt;  // the program itself may be run instead
    return fail("reference-not-run", said.all.empty() ? "a program that mes starts is not known"
                                                      : fmt::format("mes: {}", said.all.front().message));
  }
  Computed computed;
  computed.by = DerivedBy::room;
  computed.status = outcome.status;
  computed.standard_output = world.written();
  computed.standard_error = world.errors();
  computed.sources = world.opened();
  for (const std::string& path : world.outputs()) {
    const std::shared_ptr<Node> node = files_.find(path);
    const bool told = std::any_of(computed.outputs.begin(), computed.outputs.end(),
                                  [&](const RoadFile& one) { return one.path == path; });
    if (node != nullptr && node->kind == NodeKind::file && !told) {
      computed.outputs.push_back({path, node->share(), node->mode});
    }
  }
  return std::optional<Result<Computed>>(std::move(computed));
}

}  // namespace assay::bootstrap

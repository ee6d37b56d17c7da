// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/run_files.h"

#include <fmt/format.h>
#include <algorithm>
#include <array>

namespace assay::audit {
namespace {

bool said_unread(Fate fate) {
  return fate == Fate::never_read || fate == Fate::removed || fate == Fate::removed_and_regenerated;
}

bool said_used(Fate fate) { return fate == Fate::used_as_shipped || fate == Fate::installed_as_shipped; }

class Witness {
 public:
  Witness(const RunFiles& run, RunWitness& result, std::vector<ScriptFinding>& findings)
      : run_(run), result_(result), findings_(findings) {}

  void judge(FileVerdict& file) {
    const auto opened = run_.opened.find(file.digest);
    if (opened != run_.opened.end()) {
      file.in_run = InRun::opened;
      ++result_.opened;
      if (file.kind != nullptr) is_opened(file, opened->second);
    } else {
      file.in_run = InRun::not_opened;
      ++result_.not_opened;
      if (file.kind != nullptr) is_not_opened(file);
    }
  }

 private:
  void is_opened(FileVerdict& file, const std::string& place) {
    if (said_unread(file.disposition.fate)) {
      disagree(file, fmt::format("but {} opened it", place));
      // It may have been read, and removed then.
      const bool read = file.disposition.fate == Fate::never_read;
      file.disposition = {read ? Fate::used_as_shipped : Fate::unknown, place, "a step opened it"};
    } else if (file.disposition.fate == Fate::unknown) {
      file.disposition = {Fate::used_as_shipped, place, "a step opened it"};
    }
  }

  void is_not_opened(FileVerdict& file) {
    const std::string no_step = fmt::format("no step of {} opened it", run_.scope);
    if (said_used(file.disposition.fate)) disagree(file, "but " + no_step);
    const bool open = file.disposition.fate == Fate::unknown || said_used(file.disposition.fate);
    if (open && result_.unproved.empty()) file.disposition = {Fate::never_read, "", no_step};
  }

  void disagree(const FileVerdict& file, std::string_view but) {
    const Disposition& said = file.disposition;
    findings_.push_back({"audit-run-disagrees", file.path, said.where.empty() ? file.path : said.where,
                         fmt::format("its script has it {}, {}", name_of(said.fate), but)});
  }

  const RunFiles& run_;
  RunWitness& result_;
  std::vector<ScriptFinding>& findings_;
};

/// Why a file of the tree may be read all the same.
std::string doubt_of_tree(const RunFiles& run, const Scan& scan) {
  if (!run.to_the_end) return "it did not go to the end of the tree's scripts";
  for (const auto& [path, digest] : run.sources) {
    const auto file = std::ranges::lower_bound(scan.files, path, {}, &FileVerdict::path);
    if (file == scan.files.end() || file->path != path || file->digest != digest)
      return fmt::format("'{}', which it opened, has other bytes here or is not here", path);
  }
  return "";
}

}  // namespace

Result<RunWitness> witness(const RunFiles& run, RunOf what, Scan& scan,
                           std::vector<ScriptFinding>& findings) {
  RunWitness result{.scope = run.scope, .unproved = run.unproved};
  if (what == RunOf::tree && result.unproved.empty()) result.unproved = doubt_of_tree(run, scan);
  Witness judge(run, result, findings);
  for (FileVerdict& file : scan.files) {
    if (!file.digest.empty()) judge.judge(file);
  }
  if (result.opened == 0) return fail("audit-other-run", "no step of the run opened anything that is here");
  return result;
}

std::string_view name_of(InRun in_run) {
  constexpr std::array<std::string_view, 3> kNames = {"not-asked", "opened", "not-opened"};
  return kNames.at(static_cast<std::size_t>(in_run));
}

}  // namespace assay::audit

// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/scale/nix_backend.h"

#include <fmt/format.h>
#include <algorithm>
#include <filesystem>

#include "bootstrap/scale/host_program.h"
#include "command/host_files.h"
#include "core/host_tree.h"

namespace assay::bootstrap {
namespace {

namespace fs = std::filesystem;

/// A builder that goes away takes with it what it was doing, and Nix counts that as failed.
constexpr int kAttempts = 2;

/// A directory for the expression, gone at the end.
class Workplace {
 public:
  Workplace() {
    std::string name = (fs::temp_directory_path() / "assay-plan-XXXXXX").string();
    if (::mkdtemp(name.data()) != nullptr) path_ = name;
  }
  ~Workplace() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  Workplace(const Workplace&) = delete;
  Workplace& operator=(const Workplace&) = delete;
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    lines.emplace_back(text.substr(0, text.find('\n')));
    text.remove_prefix(std::min(text.size(), lines.back().size() + 1));
  }
  return lines;
}

/// The last line that says something.
std::string last_line(const std::string& text) {
  std::vector<std::string> lines = lines_of(text);
  while (!lines.empty() && lines.back().find_first_not_of(" \t") == std::string::npos) lines.pop_back();
  return lines.empty() ? "it did not say why" : lines.back();
}

std::vector<std::string> joined(std::vector<std::string> words, const std::vector<std::string>& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

/// Runs one of Nix's programs that is not expected to fail.
Result<std::vector<std::string>> ask(const std::vector<std::string>& argv) {
  const Result<HostRun> run = run_host_program(argv, false);
  if (!run) return tl::unexpected(run.error());
  if (run->status != 0) return fail("nix-failed", fmt::format("{}: {}", argv[0], last_line(run->error)));
  return lines_of(run->output);
}

std::vector<std::string> missing(const std::vector<std::string>& paths) {
  std::vector<std::string> absent;
  for (const std::string& path : paths) {
    std::error_code ignored;
    if (!fs::exists(path, ignored)) absent.push_back(path);
  }
  return absent;
}

/// Has all that is not there made. `outputs`: what the derivations make.
Result<void> realise(const std::vector<std::string>& derivations, const std::vector<std::string>& outputs,
                     const NixOptions& options) {
  std::string said;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    const Result<HostRun> run =
        run_host_program(joined({"nix-store", "--realise", "--keep-going", "--no-gc-warning"}, derivations),
                         options.shows_build);
    if (!run) return tl::unexpected(run.error());
    if (run->status == 0) return {};
    said = run->error;
  }
  const std::size_t count = missing(outputs).size();
  return fail("nix-failed", fmt::format("{} of {} parts were not computed: {}", count, outputs.size(),
                                        said.empty() ? "Nix said why" : last_line(said)));
}

/// Nothing that is used was changed since it came into the store.
Result<void> verify(const std::vector<std::string>& paths) {
  const Result<HostRun> run = run_host_program(joined({"nix-store", "--verify-path"}, paths), false);
  if (!run) return tl::unexpected(run.error());
  if (run->status == 0) return {};
  return fail("nix-store-corrupt", last_line(run->error));
}

}  // namespace

Result<std::vector<ChainRecord>> run_with_nix(std::span<const Job> jobs, const NixOptions& options) {
  if (jobs.empty()) return std::vector<ChainRecord>();
  const Workplace workplace;
  const std::string plan = workplace.path() / "plan.nix";
  if (auto written = write_host_file(plan, as_bytes(nix_expression(jobs, options.program, options.twice)));
      !written)
    return tl::unexpected(written.error());
  const Result<std::vector<std::string>> derivations = ask({"nix-instantiate", plan});
  if (!derivations) return tl::unexpected(derivations.error());
  // The same tree twice is one derivation; Nix may name it once or twice.
  const Result<std::vector<std::string>> outputs =
      ask(joined({"nix-store", "--query", "--outputs"}, *derivations));
  if (!outputs) return tl::unexpected(outputs.error());
  const Result<std::vector<std::string>> program =
      ask({"nix-store", "--query", "--binding", "builder", derivations->front()});
  if (!program) return tl::unexpected(program.error());
  const std::size_t wanted = options.twice ? 2 * jobs.size() : jobs.size();
  if (derivations->size() != wanted || outputs->size() != wanted || program->size() != 1)
    return fail("nix-failed", "Nix made another number of derivations than it was asked for");
  if (auto sound = verify(*program); !sound) return tl::unexpected(sound.error());
  if (auto made = realise(*derivations, *outputs, options); !made) return tl::unexpected(made.error());
  if (auto sound = verify(*outputs); !sound) return tl::unexpected(sound.error());
  std::vector<ChainRecord> records;
  for (std::size_t index = 0; index < jobs.size(); ++index) {
    const Result<Bytes> bytes = read_host_file((*outputs)[index]);
    if (!bytes) return tl::unexpected(bytes.error());
    if (options.twice) {
      const Result<Bytes> again = read_host_file((*outputs)[jobs.size() + index]);
      if (!again) return tl::unexpected(again.error());
      if (*again != *bytes)
        return fail("nix-not-deterministic", fmt::format("'{}' and '{}' should be equal", (*outputs)[index],
                                                         (*outputs)[jobs.size() + index]));
    }
    Result<ChainRecord> record = read_record(*bytes, jobs[index].tree);
    if (!record) return tl::unexpected(record.error());
    if (auto same = check_sources(*record, HostTree(jobs[index].tree)); !same)
      return tl::unexpected(same.error());
    records.push_back(std::move(*record));
  }
  return records;
}

}  // namespace assay::bootstrap

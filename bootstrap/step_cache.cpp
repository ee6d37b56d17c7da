// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// An entry is a line with the digest of all that follows, and a CBOR document: the paths looked up, the
// outcome, the changed contents.
#include "bootstrap/step_cache.h"

#include <fmt/format.h>
#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "core/digest.h"
#include "core/host_files.h"

namespace assay::bootstrap {
namespace {

namespace fs = std::filesystem;
using machine::ImageRecord;
using machine::KnownRun;
using nlohmann::json;

constexpr std::size_t kDigestLine = 65;  // 64 digits and LF

std::string_view kind_name(const NodeState& state) {
  if (!state.kind) return "none";
  switch (*state.kind) {
    case NodeKind::file: return "file";
    case NodeKind::directory: return "directory";
    case NodeKind::link: return "link";
  }
  return "none";
}

std::optional<NodeKind> kind_of(std::string_view name) {
  if (name == "file") return NodeKind::file;
  if (name == "directory") return NodeKind::directory;
  if (name == "link") return NodeKind::link;
  return std::nullopt;
}

// CBOR does not care whether texts are UTF-8, and holds contents as they are.
json to_binary(ByteView bytes) { return json::binary({bytes.begin(), bytes.end()}); }
Bytes from_binary(const json& value) { return value.get_binary(); }

std::string text(const json& value) { return value.get<std::string>(); }

json to_value(const std::string& path, const NodeState& state, json bytes) {
  return {path, kind_name(state), state.mode, state.target, std::move(bytes)};
}

/// All but the contents of inputs and outputs.
KnownRun run_of(const json& entry) {
  KnownRun run;
  run.status = entry.at("status").get<int>();
  for (const json& use : entry.at("outputs")) {
    run.outputs.push_back({text(use.at(0)), nullptr, use.at(1).get<std::uint32_t>()});
  }
  for (const json& path : entry.at("missing")) run.missing.push_back(text(path));
  run.standard_output = from_binary(entry.at("standard_output"));
  run.standard_error = from_binary(entry.at("standard_error"));
  run.instructions = entry.at("instructions").get<std::uint64_t>();
  run.system_calls = entry.at("system_calls").get<std::uint64_t>();
  run.peak_memory = entry.at("peak_memory").get<std::uint64_t>();
  for (const json& change : entry.at("changes")) {
    NodeState state{kind_of(text(change.at(1))), change.at(2).get<std::uint32_t>(),
                    std::make_shared<const Bytes>(from_binary(change.at(4))), text(change.at(3))};
    run.changes.emplace_back(text(change.at(0)), std::move(state));
  }
  return run;
}

}  // namespace

std::string StepCache::digest_of(const std::shared_ptr<const Bytes>& bytes) {
  if (bytes == nullptr) return "";
  {
    const std::lock_guard lock(mutex_);
    if (const auto known = digests_.find(bytes); known != digests_.end()) return known->second;
  }
  std::string digest = sha256(*bytes);
  const std::lock_guard lock(mutex_);
  digests_.emplace(bytes, digest);
  return digest;
}

std::string StepCache::key_of(const ImageRecord& image, const machine::Limits& limits) {
  const json key{engine_version_,     digest_of(image.program_bytes),
                 image.program,       image.cwd,
                 image.argv,          image.env,
                 limits.instructions, limits.image_instructions,
                 limits.memory,       limits.processes,
                 limits.depth,        limits.open_files,
                 limits.file_bytes,   limits.output_bytes};
  return sha256(json::to_cbor(key));
}

std::string StepCache::entry_path(const std::string& key, int variant) const {
  return fmt::format("{}/{}/{}.{}", directory_, key.substr(0, 2), key.substr(2), variant);
}

std::optional<KnownRun> StepCache::load(const std::string& path, const MemoryTree& tree) {
  const Result<Bytes> bytes = read_host_file(path);
  if (!bytes || bytes->size() < kDigestLine) return std::nullopt;
  const ByteView body = ByteView(*bytes).subspan(kDigestLine);
  if (as_text(*bytes).substr(0, kDigestLine - 1) != sha256(body)) return std::nullopt;
  try {
    const json entry = json::from_cbor(body.begin(), body.end());
    for (const json& wanted : entry.at("before")) {
      const NodeState now = tree.state(text(wanted.at(0)));
      if (wanted != to_value(text(wanted.at(0)), now, digest_of(now.bytes))) return std::nullopt;
    }
    KnownRun run = run_of(entry);
    for (machine::FileUse& use : run.outputs) {
      const auto change = std::find_if(run.changes.begin(), run.changes.end(),
                                       [&use](const auto& one) { return one.first == use.path; });
      use.bytes = change != run.changes.end() ? change->second.bytes : tree.state(use.path).bytes;
      if (use.bytes == nullptr) return std::nullopt;
    }
    // Inputs are what the tree holds; their digests have just been compared.
    for (const json& input : entry.at("inputs")) {
      const NodeState now = tree.state(text(input.at(0)));
      if (now.bytes == nullptr) return std::nullopt;
      run.inputs.push_back({text(input.at(0)), now.bytes, input.at(1).get<std::uint32_t>()});
    }
    return run;
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

std::optional<KnownRun> StepCache::find(const ImageRecord& image, const machine::Limits& limits,
                                        const MemoryTree& tree) {
  const std::string key = key_of(image, limits);
  for (int variant = 0; variant < kVariants; ++variant) {
    const std::string path = entry_path(key, variant);
    std::error_code error;
    if (!fs::exists(path, error)) continue;
    std::optional<KnownRun> run = load(path, tree);
    if (!run) continue;
    fs::last_write_time(path, fs::file_time_type::clock::now(), error);
    const std::lock_guard lock(mutex_);
    ++hits_;
    return run;
  }
  return std::nullopt;
}

void StepCache::store(const ImageRecord& image, const machine::Limits& limits, const PathStates& before,
                      const KnownRun& run) {
  json entry;
  entry["inputs"] = json::array();
  for (const machine::FileUse& use : run.inputs) {
    // What the step itself made before it read it is not in the tree at the start: such a step is not kept.
    const auto state =
        std::find_if(before.begin(), before.end(), [&use](const auto& one) { return one.first == use.path; });
    if (state == before.end() || state->second.bytes == nullptr || *state->second.bytes != *use.bytes) return;
    entry["inputs"].push_back({use.path, use.mode});
  }
  entry["before"] = json::array();
  for (const auto& [path, state] : before)
    entry["before"].push_back(to_value(path, state, digest_of(state.bytes)));
  entry["status"] = run.status;
  entry["outputs"] = json::array();
  for (const machine::FileUse& use : run.outputs) entry["outputs"].push_back({use.path, use.mode});
  entry["missing"] = run.missing;
  entry["standard_output"] = to_binary(run.standard_output);
  entry["standard_error"] = to_binary(run.standard_error);
  entry["instructions"] = run.instructions;
  entry["system_calls"] = run.system_calls;
  entry["peak_memory"] = run.peak_memory;
  entry["changes"] = json::array();
  for (const auto& [path, state] : run.changes) {
    entry["changes"].push_back(
        to_value(path, state, to_binary(state.bytes ? ByteView(*state.bytes) : ByteView())));
  }
  const Bytes body = json::to_cbor(entry);
  Bytes file = to_bytes(sha256(body) + "\n");
  file.insert(file.end(), body.begin(), body.end());

  const std::string key = key_of(image, limits);
  int variant = 0;
  std::error_code error;
  while (variant < kVariants && fs::exists(entry_path(key, variant), error)) ++variant;
  // All taken: the digest of the entry picks the one to give way.
  if (variant == kVariants) variant = file.front() % kVariants;
  const std::string path = entry_path(key, variant);
  fs::create_directories(fs::path(path).parent_path(), error);
  if (!error) (void)write_host_file(path, file);
}

void StepCache::trim() {
  struct Entry {
    fs::file_time_type used;
    std::uint64_t size;
    fs::path path;
  };
  std::vector<Entry> entries;
  std::uint64_t total = 0;
  std::error_code error;
  for (fs::recursive_directory_iterator it(directory_, error), end; !error && it != end;
       it.increment(error)) {
    std::error_code ignored;
    if (!it->is_regular_file(ignored)) continue;
    entries.push_back({it->last_write_time(ignored), it->file_size(ignored), it->path()});
    total += entries.back().size;
  }
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.used < b.used; });
  for (const Entry& entry : entries) {
    if (total <= most_bytes_) break;
    if (fs::remove(entry.path, error)) total -= entry.size;
  }
}

}  // namespace assay::bootstrap

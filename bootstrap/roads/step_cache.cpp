// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// An entry is a line with the digest of all that follows; the length of a CBOR document, eight bytes; that
// document: its key, the paths looked up, the outcome, digests and sizes of the contents; and the contents.
#include "bootstrap/roads/step_cache.h"

#include <fmt/format.h>
#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "bootstrap/roads/cache_entries.h"
#include "command/host_files.h"
#include "core/digest.h"

namespace assay::bootstrap {
namespace {

namespace fs = std::filesystem;
using machine::ImageRecord;
using machine::KnownRun;
using nlohmann::json;

constexpr std::size_t kDigestLine = 65;  // 64 digits and LF
constexpr std::size_t kLength = 8;       // bytes of the document's length

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
  return {path,         kind_name(state), state.mode,
          state.target, std::move(bytes), state.names ? json(*state.names) : json()};
}

/// What was looked up, without the contents: `tree` must hold those.
PathStates before_of(const json& list, const MemoryTree& tree) {
  PathStates states;
  for (const json& one : list) {
    states.emplace_back(text(one.at(0)), tree.state(text(one.at(0))));
    if (!one.at(5).is_null()) states.back().second.names = one.at(5).get<std::vector<std::string>>();
  }
  return states;
}

/// The contents that an entry holds itself, by digest: all that the tree does not hold at the start of the
/// step.
class Pool {
 public:
  using Contents = std::vector<std::pair<std::string, std::shared_ptr<const Bytes>>>;

  void know(const std::string& digest, std::shared_ptr<const Bytes> bytes) {
    known_.insert_or_assign(digest, std::move(bytes));
  }
  std::string add(const std::shared_ptr<const Bytes>& bytes, std::string digest) {
    if (bytes != nullptr && !known_.contains(digest)) {
      own_.emplace_back(digest, bytes);
      know(digest, bytes);
    }
    return digest;
  }
  /// What `list` names stands in `contents`, one behind the other. Throws if it does not.
  Contents load(const json& list, ByteView contents) {
    Contents loaded;
    for (const json& one : list) {
      const auto size = one.at(1).get<std::size_t>();
      if (size > contents.size()) throw std::out_of_range("contents");
      loaded.emplace_back(text(one.at(0)),
                          std::make_shared<const Bytes>(
                              contents.begin(), contents.begin() + static_cast<std::ptrdiff_t>(size)));
      know(loaded.back().first, loaded.back().second);
      contents = contents.subspan(size);
    }
    return loaded;
  }
  /// Throws std::out_of_range if it is not there.
  [[nodiscard]] const std::shared_ptr<const Bytes>& at(const json& digest) const {
    return known_.at(text(digest));
  }
  [[nodiscard]] const Contents& own() const { return own_; }

 private:
  std::map<std::string, std::shared_ptr<const Bytes>> known_;
  Contents own_;
};

template <class Digest>
json uses_to_json(const std::vector<machine::FileUse>& uses, Pool& pool, Digest digest) {
  json list = json::array();
  for (const machine::FileUse& use : uses)
    list.push_back(json::array({use.path, use.mode, pool.add(use.bytes, digest(use.bytes))}));
  return list;
}

std::vector<machine::FileUse> uses_of(const json& list, const Pool& pool) {
  std::vector<machine::FileUse> uses;
  for (const json& use : list)
    uses.push_back({text(use.at(0)), pool.at(use.at(2)), use.at(1).get<std::uint32_t>()});
  return uses;
}

/// What a KnownRun and an ImageRecord have in common.
template <class Run, class Digest>
json to_json(const Run& run, Pool& pool, Digest digest) {
  json reliances = json::array();
  for (const machine::Reliance& one : run.reliances) reliances.push_back({one.what, one.address});
  return {{"status", run.status},
          {"inputs", uses_to_json(run.inputs, pool, digest)},
          {"outputs", uses_to_json(run.outputs, pool, digest)},
          {"missing", run.missing},
          {"reliances", std::move(reliances)},
          {"standard_output", to_binary(run.standard_output)},
          {"standard_error", to_binary(run.standard_error)},
          {"instructions", run.instructions},
          {"system_calls", run.system_calls},
          {"peak_memory", run.peak_memory}};
}

template <class Run>
Run from_json(const json& value, const Pool& pool) {
  Run run;
  run.status = value.at("status").get<int>();
  run.inputs = uses_of(value.at("inputs"), pool);
  run.outputs = uses_of(value.at("outputs"), pool);
  for (const json& path : value.at("missing")) run.missing.push_back(text(path));
  for (const json& one : value.at("reliances"))
    run.reliances.push_back({text(one.at(0)), one.at(1).get<std::uint64_t>()});
  run.standard_output = from_binary(value.at("standard_output"));
  run.standard_error = from_binary(value.at("standard_error"));
  run.instructions = value.at("instructions").get<std::uint64_t>();
  run.system_calls = value.at("system_calls").get<std::uint64_t>();
  run.peak_memory = value.at("peak_memory").get<std::uint64_t>();
  return run;
}

std::vector<std::string> texts(const json& list) {
  std::vector<std::string> all;
  for (const json& one : list) all.push_back(text(one));
  return all;
}

KnownStep step_of(const json& entry, const Pool& pool) {
  KnownStep step{from_json<KnownRun>(entry.at("run"), pool), {}};
  for (const json& change : entry.at("changes")) {
    NodeState state;
    state.kind = kind_of(text(change.at(1)));
    state.mode = change.at(2).get<std::uint32_t>();
    state.target = text(change.at(3));
    if (state.kind == NodeKind::file) state.bytes = pool.at(change.at(4));
    step.run.changes.emplace_back(text(change.at(0)), std::move(state));
  }
  for (const json& part : entry.at("parts")) {
    auto record = from_json<ImageRecord>(part.at("run"), pool);
    record.program = text(part.at("program"));
    record.argv = texts(part.at("argv"));
    record.env = texts(part.at("env"));
    record.cwd = text(part.at("cwd"));
    step.parts.push_back(std::move(record));
  }
  return step;
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
                 limits.file_bytes,   limits.output_bytes,
                 limits.host_memory};
  return sha256(json::to_cbor(key));
}

std::string StepCache::entry_path(const std::string& key, int variant) const {
  return fmt::format("{}/{}/{}.{}", directory_, key.substr(0, 2), key.substr(2), variant);
}

std::optional<KnownStep> StepCache::load(const std::string& path, const std::string& key,
                                         const MemoryTree& tree) {
  const Result<Bytes> bytes = read_plain_file(path, kMostEntryBytes);
  if (!bytes || bytes->size() < kDigestLine + kLength) return std::nullopt;
  const ByteView body = ByteView(*bytes).subspan(kDigestLine);
  if (as_text(*bytes).substr(0, kDigestLine - 1) != sha256(body)) return std::nullopt;
  try {
    std::uint64_t length = 0;
    for (std::size_t index = 0; index < kLength; ++index) length |= std::uint64_t{body[index]} << (8 * index);
    if (length > body.size() - kLength) return std::nullopt;
    const ByteView document = body.subspan(kLength, length);
    const json entry = json::from_cbor(document.begin(), document.end());
    if (entry.at("key") != key) return std::nullopt;
    const PathStates before = before_of(entry.at("before"), tree);
    Pool pool;
    for (std::size_t index = 0; index < before.size(); ++index) {
      const auto& [place, now] = before[index];
      const std::string digest = digest_of(now.bytes);
      if (entry.at("before").at(index) != to_value(place, now, digest)) return std::nullopt;
      if (now.bytes != nullptr) pool.know(digest, now.bytes);
    }
    if (!holds(before, tree)) return std::nullopt;  // the names in directories
    const Pool::Contents loaded = pool.load(entry.at("contents"), body.subspan(kLength + length));
    KnownStep step = step_of(entry, pool);
    // The entry's own digest vouches for theirs.
    const std::lock_guard lock(mutex_);
    for (const auto& [digest, contents] : loaded) digests_.emplace(contents, digest);
    return step;
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

std::optional<KnownStep> StepCache::find(const ImageRecord& image, const machine::Limits& limits,
                                         const MemoryTree& tree) {
  const std::string key = key_of(image, limits);
  for (int variant = 0; variant < kVariants; ++variant) {
    const std::string path = entry_path(key, variant);
    std::optional<KnownStep> step = load(path, key, tree);
    if (!step) continue;
    std::error_code error;
    fs::last_write_time(path, fs::file_time_type::clock::now(), error);
    const std::lock_guard lock(mutex_);
    ++hits_;
    used_.insert(path);
    return step;
  }
  return std::nullopt;
}

void StepCache::store(const ImageRecord& image, const machine::Limits& limits, const PathStates& before,
                      const KnownStep& step) {
  const auto digest = [this](const std::shared_ptr<const Bytes>& bytes) { return digest_of(bytes); };
  const std::string key = key_of(image, limits);
  Pool pool;
  json entry;
  entry["key"] = key;
  entry["before"] = json::array();
  for (const auto& [path, state] : before) {
    entry["before"].push_back(to_value(path, state, digest_of(state.bytes)));
    if (state.bytes != nullptr) pool.know(digest_of(state.bytes), state.bytes);
  }
  entry["run"] = to_json(step.run, pool, digest);
  entry["changes"] = json::array();
  for (const auto& [path, state] : step.run.changes)
    entry["changes"].push_back(to_value(path, state, pool.add(state.bytes, digest_of(state.bytes))));
  entry["parts"] = json::array();
  for (const ImageRecord& part : step.parts) {
    entry["parts"].push_back({{"program", part.program},
                              {"argv", part.argv},
                              {"env", part.env},
                              {"cwd", part.cwd},
                              {"run", to_json(part, pool, digest)}});
  }
  entry["contents"] = json::array();
  for (const auto& [name, bytes] : pool.own()) entry["contents"].push_back({name, bytes->size()});
  const Bytes document = json::to_cbor(entry);
  Bytes body;
  for (std::size_t index = 0; index < kLength; ++index)
    body.push_back(static_cast<Byte>(std::uint64_t{document.size()} >> (8 * index)));
  body.insert(body.end(), document.begin(), document.end());
  for (const auto& [name, bytes] : pool.own()) body.insert(body.end(), bytes->begin(), bytes->end());
  Bytes file = to_bytes(sha256(body) + "\n");
  file.insert(file.end(), body.begin(), body.end());

  write(key, file);
}

void StepCache::write(const std::string& key, const Bytes& entry) {
  if (entry.size() > kMostEntryBytes) return;
  std::error_code error;
  // A directory cannot be replaced; pipes and links can.
  const auto is_taken = [&](int variant) {
    const fs::file_type type = fs::symlink_status(entry_path(key, variant), error).type();
    return type == fs::file_type::regular || type == fs::file_type::directory;
  };
  int variant = 0;
  while (variant < kVariants && is_taken(variant)) ++variant;
  // All taken: the digest of the entry picks the one to give way.
  if (variant == kVariants) variant = entry.front() % kVariants;
  const fs::path path = entry_path(key, variant);
  fs::create_directories(path.parent_path(), error);
  Result<void> done;
  if (error)
    done = fail("file-unwritable", fmt::format("'{}': {}", path.parent_path().string(), error.message()));
  // What is no entry is not written through, but replaced.
  if (done) done = write_host_file(path, entry, {.replaces = true});
  const std::lock_guard lock(mutex_);
  if (!done) {
    if (trouble_.empty()) trouble_ = done.error().message;
    return;
  }
  used_.erase(path);
  stored_bytes_ += entry.size();
  if (stored_bytes_ > most_bytes_ / 4) trim_locked();
}

std::size_t StepCache::drop_used() {
  const std::lock_guard lock(mutex_);
  std::error_code error;
  for (const std::string& path : used_) fs::remove(path, error);
  return std::exchange(used_, {}).size();
}

void StepCache::trim() {
  const std::lock_guard lock(mutex_);
  trim_locked();
}

void StepCache::trim_locked() {
  stored_bytes_ = 0;
  std::vector<CacheEntry> entries = cache_entries(directory_);
  std::uint64_t total = 0;
  for (const CacheEntry& entry : entries) total += entry.size;
  std::sort(entries.begin(), entries.end(),
            [](const CacheEntry& a, const CacheEntry& b) { return a.used < b.used; });
  std::error_code error;
  for (const CacheEntry& entry : entries) {
    if (total <= most_bytes_) break;
    if (fs::remove(entry.path, error)) total -= entry.size;
  }
}

}  // namespace assay::bootstrap

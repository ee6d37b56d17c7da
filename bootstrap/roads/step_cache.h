// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A cache of steps in a directory of the host: what a program did, by all that it depends on.
//
// The key is the digest of the program, its arguments, directory, environment, the limits and the version of
// the engine; an entry holds it and is used for no other. What a program reads is known only after it ran, so
// an entry lists every path that it looked up and what was there (nothing, or kind, mode, digest or target;
// the names in a directory that it listed): an entry is used only where all of them are so again. Up to
// kVariants entries may stand for one key. What is damaged or no plain file counts as none.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "bootstrap/roads/step_recorder.h"
#include "machine/machine.h"

namespace assay::bootstrap {

/// A step's run, with the complete records of the parts that are steps of their own.
struct KnownStep {
  machine::KnownRun run;
  std::vector<machine::ImageRecord> parts;
};

class StepCache {
 public:
  /// `directory` is made when the first entry is stored. `engine_version` must change whenever the machine
  /// may compute something else; programs use the digest of their own executable.
  StepCache(std::string directory, std::string engine_version, std::uint64_t most_bytes)
      : directory_(std::move(directory)),
        engine_version_(std::move(engine_version)),
        most_bytes_(most_bytes) {}

  /// What the image will do on `tree`; nothing if that is not known. Safe from several threads.
  [[nodiscard]] std::optional<KnownStep> find(const machine::ImageRecord& image,
                                              const machine::Limits& limits, const MemoryTree& tree);

  /// Keeps what an image did. `image` is its complete record, `before` and `step.run.changes` are a
  /// recorder's. Failing to write is no error (see trouble()): the step will run again.
  void store(const machine::ImageRecord& image, const machine::Limits& limits, const PathStates& before,
             const KnownStep& step);

  /// Removes all entries that find() has given so far: a run with them and one without do not agree. Returns
  /// how many.
  std::size_t drop_used();

  /// Removes the entries used longest ago until no more than `most_bytes` are left. Files that are no entries
  /// are left alone.
  void trim();

  [[nodiscard]] std::uint64_t hits() const { return hits_; }
  /// Why entries could not be kept: the first error; empty if none.
  [[nodiscard]] const std::string& trouble() const { return trouble_; }

  static constexpr int kVariants = 8;
  /// A larger one is not kept.
  static constexpr std::uint64_t kMostEntryBytes = std::uint64_t{1} << 28;

 private:
  [[nodiscard]] std::string key_of(const machine::ImageRecord& image, const machine::Limits& limits);
  [[nodiscard]] std::string entry_path(const std::string& key, int variant) const;
  [[nodiscard]] std::optional<KnownStep> load(const std::string& path, const std::string& key,
                                              const MemoryTree& tree);
  [[nodiscard]] std::string digest_of(const std::shared_ptr<const Bytes>& bytes);
  void write(const std::string& key, const Bytes& entry);
  void trim_locked();

  std::string directory_;
  std::string engine_version_;
  std::uint64_t most_bytes_;
  std::uint64_t hits_ = 0;
  std::uint64_t stored_bytes_ = 0;  ///< since the last trim
  std::string trouble_;
  std::set<std::string> used_;  ///< files
  std::mutex mutex_;
  /// Digests of contents seen, which are kept alive so that their addresses stay theirs.
  std::map<std::shared_ptr<const Bytes>, std::string> digests_;
};

}  // namespace assay::bootstrap

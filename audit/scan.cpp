// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/scan.h"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <atomic>
#include <mutex>
#include <optional>

#include "audit/opaque.h"
#include "audit/relations.h"
#include "audit/structure.h"
#include "audit/text_rules.h"
#include "core/digest.h"
#include "core/paths.h"
#include "core/threads.h"

namespace assay::audit {
namespace {

constexpr std::size_t kClasses = 6;
/// Markers of this confidence are as good as magic numbers.
constexpr double kStrong = 0.9;

bool is_version_control(std::string_view name) {
  return name == ".git" || name == ".hg" || name == ".svn" || name == ".bzr" || name == "CVS";
}

void collect(const FileTree& tree, const std::string& directory, Scan& result) {
  const Result<std::vector<std::string>> names = tree.list(directory);
  if (!names) {
    result.troubles.push_back({"audit-unreadable", names.error().message});
    return;
  }
  for (const std::string& name : *names) {
    const std::string path = join_path(directory, name);
    const Result<NodeInfo> info = tree.info(path);
    if (!info) {
      result.troubles.push_back({"audit-unreadable", info.error().message});
    } else if (info->kind == NodeKind::directory) {
      if (!is_version_control(name)) collect(tree, path, result);
    } else if (info->kind == NodeKind::file) {
      result.files.push_back({.path = path, .size = info->size});
    }
  }
}

bool is_script(std::string_view name, std::string_view text) {
  if (text.starts_with("#!")) return true;
  return std::ranges::any_of(std::array<std::string_view, 6>{".sh", ".pl", ".PL", ".SH", ".at", ".awk"},
                             [&](std::string_view ending) { return name.ends_with(ending); });
}

/// Compressed files may happen to have no NUL.
bool starts_as_archive(std::string_view text) {
  for (const std::string_view start :
       {"\x1f\x8b", "\x1f\x9d", "BZh", "!<arch>\n", "GIF8", "PK\3\4", "\x89PNG"}) {
    if (text.starts_with(start)) return true;
  }
  return false;
}

/// Whether the file is no text.
bool is_taken_as_opaque(FileVerdict& file, ByteView bytes, const Magic& magic) {
  if (!is_opaque(bytes) && !starts_as_archive(as_text(bytes))) return false;
  file.evidence.push_back(magic.kind_of(file.path, bytes));
  file.detail = magic.describe(bytes);
  return true;
}

void look_at(FileVerdict& file, ByteView all, const Magic& magic, bool only_opaque) {
  const ByteView bytes = all.first(std::min(all.size(), kMostLookedAt));
  const std::string_view text = as_text(bytes);
  if (only_opaque) {
    is_taken_as_opaque(file, bytes, magic);
    return;
  }
  const std::string_view name = last_part(file.path);
  if (bytes.empty()) {
    find_names(file.path, text, file.evidence);
    return;
  }
  // What their comments say they say of other files.
  const bool quotes = std::ranges::any_of(std::array<std::string_view, 4>{".patch", ".diff", ".skel", ".skl"},
                                          [&](std::string_view ending) { return name.ends_with(ending); });
  const std::vector<HeadLine> head =
      quotes ? std::vector<HeadLine>{} : head_lines(text, is_script(name, text));
  find_markers(name, text, head, file.evidence);
  const bool signed_by_tool =
      std::ranges::any_of(file.evidence, [](const Evidence& one) { return one.confidence >= kStrong; });
  if (!signed_by_tool && is_taken_as_opaque(file, bytes, magic)) return;
  if (!signed_by_tool) find_phrases(name, head, file.evidence);
  find_names(file.path, text, file.evidence);
  find_structure(name, text, file.evidence);
  if (!signed_by_tool) file.remarks = find_remarks(file.path, text);
}

void decide(FileVerdict& file, double least) {
  std::ranges::stable_sort(file.evidence, std::greater{}, &Evidence::confidence);
  std::array<double, kClasses> best{};
  const Kind* kind = nullptr;
  for (const Evidence& evidence : file.evidence) {
    if (evidence.kind->tier == 0) continue;
    if (kind == nullptr) kind = evidence.kind;
    double& strongest = best.at(static_cast<std::size_t>(evidence.from));
    strongest = std::max(strongest, evidence.confidence);
  }
  double doubt = 1;
  for (const double confidence : best) doubt *= 1 - confidence;
  file.confidence = std::min(1 - doubt, 0.99);
  if (kind != nullptr && file.confidence >= least) {
    file.kind = kind;
  } else if (!file.evidence.empty()) {
    file.kind = find_kind("review");
  }
}

class Scanner {
 public:
  Scanner(const FileTree& tree, const ScanOptions& options) : tree_(tree), options_(options) {}

  Result<Scan> run() {
    collect(tree_, "", result_);
    std::ranges::sort(result_.files, {}, &FileVerdict::path);
    run_on_threads(options_.threads, [this] { work(); });
    if (failed_) return tl::unexpected(*failed_);
    if (!options_.only_opaque) relate(result_.files, makefiles_);
    finish();
    return std::move(result_);
  }

 private:
  void work() {
    const Result<Magic> magic = Magic::open();
    if (!magic) {
      const std::lock_guard lock(mutex_);
      failed_ = magic.error();
      return;
    }
    for (std::size_t at = next_++; at < result_.files.size(); at = next_++) {
      FileVerdict& file = result_.files[at];
      if (file.size > options_.largest) continue;
      const Result<std::shared_ptr<const Bytes>> bytes = tree_.read(file.path);
      if (!bytes) {
        const std::lock_guard lock(mutex_);
        result_.troubles.push_back(
            {"audit-unreadable", fmt::format("'{}': {}", file.path, bytes.error().message)});
        continue;
      }
      look_at(file, **bytes, *magic, options_.only_opaque);
      if (options_.digest_all || !file.evidence.empty()) file.digest = sha256(**bytes);
      const bool made = std::ranges::any_of(
          file.evidence, [](const Evidence& one) { return one.kind->id == "automake-makefile.in"; });
      if (!made && is_makefile_name(file.path) && (*bytes)->size() <= kMostLookedAt) {
        const std::lock_guard lock(mutex_);
        makefiles_[file.path] = as_text(**bytes);
      }
    }
  }

  void finish() {
    for (FileVerdict& file : result_.files) {
      decide(file, options_.least_confidence);
      if (file.kind == nullptr) continue;
      find_source(file, result_.files);
      if (file.digest.empty()) {
        if (const auto bytes = tree_.read(file.path)) file.digest = sha256(**bytes);
      }
    }
    std::ranges::sort(result_.troubles, {}, &Error::message);
  }

  const FileTree& tree_;
  const ScanOptions& options_;
  Scan result_;
  Makefiles makefiles_;
  std::atomic<std::size_t> next_ = 0;
  std::mutex mutex_;
  std::optional<Error> failed_;
};

/// What is in archives, after each of them.
Result<void> unpack(const FileTree& tree, const ScanOptions& options, int depth, std::uint64_t& unpacked,
                    Scan& into) {
  std::vector<FileVerdict> files;
  for (FileVerdict& file : into.files) {
    const bool holds_files =
        file.kind != nullptr && (file.kind->id == "archive" || file.kind->id == "bin-package");
    std::string path = file.path;
    files.push_back(std::move(file));
    if (!holds_files || depth >= kMostArchiveDepth || unpacked > kMostNestedBytes) continue;
    const auto bytes = tree.read(path);
    const std::shared_ptr<const FileTree> inner = bytes ? options.open_archive(*bytes) : nullptr;
    if (inner == nullptr) continue;
    Result<Scan> scanned = Scanner(*inner, options).run();
    if (!scanned) return tl::unexpected(scanned.error());
    for (const FileVerdict& one : scanned->files) unpacked += one.size;
    if (Result<void> deeper = unpack(*inner, options, depth + 1, unpacked, *scanned); !deeper) return deeper;
    for (FileVerdict& one : scanned->files) {
      one.path = path + '!' + one.path;
      files.push_back(std::move(one));
    }
  }
  into.files = std::move(files);
  return {};
}

}  // namespace

std::string_view name_of(EvidenceClass from) {
  constexpr std::array<std::string_view, kClasses> kNames = {"content",   "name",    "structure",
                                                             "make-rule", "sibling", "vcs"};
  return kNames.at(static_cast<std::size_t>(from));
}

Result<Scan> scan(const FileTree& tree, const ScanOptions& options) {
  Result<Scan> result = Scanner(tree, options).run();
  if (!result || !options.open_archive) return result;
  std::uint64_t unpacked = 0;
  if (const Result<void> done = unpack(tree, options, 1, unpacked, *result); !done)
    return tl::unexpected(done.error());
  return result;
}

}  // namespace assay::audit

// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/version_control.h"

#include <fmt/format.h>
#include <git2.h>
#include <algorithm>
#include <array>

#include "audit/head.h"
#include "core/digest.h"
#include "core/paths.h"

namespace assay::audit {
namespace {

template <auto free>
struct Freer {
  template <class T>
  void operator()(T* one) const {
    free(one);
  }
};
using Repository = std::unique_ptr<git_repository, Freer<git_repository_free>>;
using Object = std::unique_ptr<git_object, Freer<git_object_free>>;
using Database = std::unique_ptr<git_odb, Freer<git_odb_free>>;

/// libgit2 counts how often it is begun.
struct Library {
  Library() { git_libgit2_init(); }
  ~Library() { git_libgit2_shutdown(); }
};

tl::unexpected<Error> broken(const std::string& place) {
  const git_error* error = git_error_last();
  return fail("audit-no-repository",
              fmt::format("'{}': {}", place, error == nullptr ? "no repository of git" : error->message));
}

std::string text_of(const git_oid& id) {
  std::array<char, GIT_OID_HEXSZ + 1> text{};
  git_oid_tostr(text.data(), text.size(), &id);
  return text.data();
}

using Blobs = std::map<std::string, std::string, std::less<>>;

int take_entry(const char* root, const git_tree_entry* entry, void* to) {
  if (git_tree_entry_type(entry) == GIT_OBJECT_BLOB)
    static_cast<Blobs*>(to)->emplace(std::string(root) + git_tree_entry_name(entry),
                                     text_of(*git_tree_entry_id(entry)));
  return 0;
}

int take_id(const git_oid* id, void* to) {
  static_cast<std::set<std::string, std::less<>>*>(to)->insert(text_of(*id));
  return 0;
}

Result<Repository> open(const std::string& directory) {
  git_repository* opened = nullptr;
  // A repository of somebody else is only read.
  git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
  if (git_repository_open(&opened, directory.c_str()) != 0) return broken(directory);
  return Repository(opened);
}

Result<Blobs> files_at(git_repository* repository, const std::string& revision, const std::string& place) {
  git_object* found = nullptr;
  if (git_revparse_single(&found, repository, revision.c_str()) != 0) return broken(place);
  const Object named(found);
  git_object* peeled = nullptr;
  if (git_object_peel(&peeled, named.get(), GIT_OBJECT_TREE) != 0) return broken(place);
  const Object tree(peeled);
  Blobs blobs;
  if (git_tree_walk(reinterpret_cast<git_tree*>(tree.get()), GIT_TREEWALK_PRE, take_entry, &blobs) != 0)
    return broken(place);
  return blobs;
}

/// "# host.m4 serial 30": gnulib's macros say what they are in their first lines.
bool claims_to_be_copied(std::string_view name, std::string_view text) {
  if (!name.ends_with(".m4")) return false;
  for (const HeadLine& line : head_lines(text.substr(0, 512), false)) {
    if (line.number > 4) break;
    if (line.comment.starts_with("serial ") || line.comment.find(" serial ") != std::string_view::npos)
      return true;
  }
  return false;
}

constexpr std::size_t kMostNotice = 4096;  ///< bytes in which a licence is named

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

/// gnulib-tool writes another licence, or version of it, into what it copies. What the file may have been.
std::vector<std::string> with_other_licences(std::string_view text) {
  const std::string_view head = text.substr(0, kMostNotice);
  if (head.find("General Public") == std::string_view::npos) return {};
  std::vector<std::string> licences = {std::string(head)};
  replace_all(licences.front(), "Lesser General Public", "General Public");
  licences.push_back(licences.front());
  replace_all(licences.back(), "General Public", "Lesser General Public");
  std::vector<std::string> texts;
  for (const std::string& licence : licences) {
    for (const std::string_view version : {"2.1", "2", "3"}) {
      std::string other = licence;
      for (const std::string_view known : {"2.1", "2", "3"}) {
        for (const std::string_view after : {" ", ","})
          replace_all(other, fmt::format("version {}{}", known, after),
                      fmt::format("version {}{}", version, after));
      }
      texts.push_back(other.append(text.substr(head.size())));
    }
  }
  return texts;
}

void find_relicensed(std::string_view text, const std::vector<KnownProject>& projects, FileVerdict& file) {
  if (projects.empty()) return;
  for (const std::string& other : with_other_licences(text)) {
    const std::string id = blob_id(as_bytes(other));
    for (const KnownProject& project : projects) {
      if (!project.ids.contains(id)) continue;
      file.origin = Origin::copied_but_for_licence;
      file.copied_from = project.name;
      return;
    }
  }
}

}  // namespace

std::string blob_id(ByteView bytes) {
  const Library library;
  git_oid id;
  if (git_odb_hash(&id, bytes.data(), bytes.size(), GIT_OBJECT_BLOB) != 0) return {};
  return text_of(id);
}

Result<Tagged> read_tag(const std::string& place) {
  const Library library;
  const std::size_t at = place.rfind('@');
  const std::string directory = place.substr(0, at);
  const Result<Repository> repository = open(directory);
  if (!repository) return tl::unexpected(repository.error());
  Result<Blobs> blobs =
      files_at(repository->get(), at == std::string::npos ? "HEAD" : place.substr(at + 1), place);
  if (!blobs) return tl::unexpected(blobs.error());
  return Tagged{std::move(*blobs)};
}

Result<KnownProject> read_project(const std::string& directory) {
  const Library library;
  const Result<Repository> repository = open(directory);
  if (!repository) return tl::unexpected(repository.error());
  const Result<Blobs> blobs = files_at(repository->get(), "HEAD", directory);
  if (!blobs) return tl::unexpected(blobs.error());
  KnownProject project{.name = directory, .ids = {}, .names = {}};
  for (const auto& [path, id] : *blobs) project.names.emplace(last_part(path));
  git_odb* opened = nullptr;
  if (git_repository_odb(&opened, repository->get()) != 0) return broken(directory);
  const Database database(opened);
  if (git_odb_foreach(database.get(), take_id, &project.ids) != 0) return broken(directory);
  return project;
}

std::string_view name_of(Origin origin) {
  constexpr std::array<std::string_view, 6> kNames = {
      "not-asked", "same-path", "elsewhere", "copied", "copied-but-for-licence", "nowhere"};
  return kNames.at(static_cast<std::size_t>(origin));
}

void trace_origins(Scan& scan, const FileTree& tree, const Tagged* tagged,
                   const std::vector<KnownProject>& projects) {
  const Library library;
  std::set<std::string_view> in_tag;
  if (tagged != nullptr) {
    for (const auto& [path, id] : tagged->blobs) in_tag.insert(id);
  }
  for (FileVerdict& file : scan.files) {
    if (file.path.find('!') != std::string::npos) continue;
    const auto bytes = tree.read(file.path);
    if (!bytes) continue;
    const std::string id = blob_id(**bytes);
    file.origin = Origin::nowhere;
    if (tagged != nullptr && in_tag.contains(id)) {
      const auto same = tagged->blobs.find(file.path);
      file.origin = same != tagged->blobs.end() && same->second == id ? Origin::same_path : Origin::elsewhere;
      continue;
    }
    const std::string_view name = last_part(file.path);
    const KnownProject* claimed = nullptr;
    for (const KnownProject& project : projects) {
      if (project.ids.contains(id)) {
        file.origin = Origin::copied;
        file.copied_from = project.name;
      } else if (project.names.contains(name)) {
        claimed = &project;
      }
    }
    if (file.origin == Origin::nowhere) find_relicensed(as_text(**bytes), projects, file);
    if (file.origin != Origin::nowhere || claimed == nullptr || file.kind != nullptr ||
        !claims_to_be_copied(name, as_text(**bytes)))
      continue;
    file.evidence.push_back({.rule = "copy-unknown",
                             .kind = find_kind("copy-unknown"),
                             .from = EvidenceClass::vcs,
                             .confidence = 0.7,
                             .source = {}});
    file.kind = file.evidence.back().kind;
    file.confidence = file.evidence.back().confidence;
    file.copied_from = claimed->name;
    file.digest = sha256(**bytes);
  }
}

}  // namespace assay::audit

// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <iterator>

#include "audit/distribution.h"

namespace assay::audit {

std::string_view name_of(Answer answer) {
  switch (answer) {
    case Answer::yes: return "yes";
    case Answer::no: return "no";
    default: return "unknown";
  }
}

std::string_view name_of(Ground ground) {
  switch (ground) {
    case Ground::seed: return "seed";
    case Ground::elsewhere: return "elsewhere";
    case Ground::host: return "host";
    case Ground::binary: return "binary";
    case Ground::own: return "own";
    case Ground::joins: return "joins";
    default: return "unknown";
  }
}

std::span<const Distribution> distributions() {
  static const std::vector<Distribution> kAll = [] {
    std::vector<Distribution> all = systems_from_source();
    for (const auto& part : {image_builders(), package_collections(), only_recognised()})
      all.insert(all.end(), part.begin(), part.end());
    return all;
  }();
  return kAll;
}

std::vector<Distribution> only_recognised() {
  return {
      {.id = "dragora",
       .name = "Dragora",
       .recognised_by = {"recipes/*/recipe", "stages/*", "bootstrap"},
       .listed = {Answer::yes, "dragora"}},
      {.id = "netbsd",
       .name = "NetBSD",
       .recognised_by = {"build.sh", "share/mk/bsd.*.mk", "external/*"},
       .listed = {Answer::yes, "NetBSD"}},
      {.id = "freebsd",
       .name = "FreeBSD",
       .recognised_by = {"Makefile.inc1", "share/mk/bsd.*.mk", "contrib/*"},
       .listed = {Answer::yes, "FreeBSD"}},
      {.id = "adelie",
       .name = "Adelie Linux",
       .recognised_by = {"system/*/APKBUILD", "user/*/APKBUILD"},
       .listed = {Answer::no, "Adelie", "its bootstrap could not be made to work"}},
      {.id = "ptxdist",
       .name = "PTXdist",
       .recognised_by = {"rules/*.make", "rules/*.in", "bin/ptxdist"},
       .listed = {Answer::no, "PTXdist", "what it builds has no compiler"}},
      {.id = "exherbo",
       .name = "Exherbo",
       .recognised_by = {"packages/*.exheres-0", "metadata/*"},
       .listed = {Answer::no, "Exherbo", "its bootstrap could not be made to work"}},
      {.id = "lfs",
       .name = "Linux From Scratch",
       .recognised_by = {"chapter05/*.xml", "packages.ent"},
       .listed = {Answer::yes, "LFS"}},
      {.id = "azure",
       .name = "Azure Linux",
       .recognised_by = {"SPECS/*.spec", "SPECS/*.signatures.json", "toolkit/*"},
       .listed = {Answer::yes, "Azure"}},
      {.id = "crux",
       .name = "CRUX",
       .recognised_by = {"*/Pkgfile", "*/.signature"},
       .listed = {Answer::no, "CRUX", "its bootstrap could not be made to work"}},
      {.id = "slackware",
       .name = "Slackware",
       .recognised_by = {"*.SlackBuild"},
       .listed = {Answer::no, "Slackware", "it uses binary packages of its own"}},
  };
}

}  // namespace assay::audit

// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Systems that begin with seeds, or with whatever compiler is there, and build all of themselves.
#include "audit/distribution.h"

namespace assay::audit {
namespace {

using Of = CountRow::Of;

Distribution live_bootstrap() {
  return {.id = "live-bootstrap",
          .name = "live-bootstrap",
          .recognised_by = {"steps/manifest", "steps/*/sources"},
          .listed = {Answer::no, "live-bootstrap", "there are no packages to add"},
          .recipes = "steps/*",
          .counts = {{"steps with sources", "steps/*/sources"},
                     {"source lines", "steps/*/sources", Of::lines_with, "http"},
                     {"build scripts", "steps/*/pass*.sh"},
                     {"build scripts that run autoreconf", "steps/*/pass*.sh", Of::files_with, "autoreconf"}},
          .pins = {.recipes = "steps/*/sources",
                   .by_folder = true,
                   .fetches = {"http"},
                   .rows = {{"steps/*/sources", "http"}}},
          .autotools = {"each script says what it removes and makes again: --distfiles judges them"},
          .roads = {{"C",
                     {{"gcc is built with tcc", "steps/manifest", "build: gcc-"},
                      {"tcc with an older tcc", "steps/manifest", "build: tcc-0.9.27"},
                      {"that with mes", "steps/manifest", "build: tcc-0.9.26"},
                      {"mes with M2-Planet", "steps/manifest", "build: mes-"},
                      {"M2-Planet by the chain of stage0-posix", "seed/stage0-posix/kaem.x86",
                       "mescc-tools-seed-kaem.kaem"},
                      {"its first step is run by the seed",
                       "seed/stage0-posix/x86/mescc-tools-seed-kaem.kaem", "x86/hex0-seed"},
                      {"the seed", "seed/stage0-posix/bootstrap-seeds/POSIX/x86/hex0-seed"}},
                     Ground::seed,
                     "a seed of stage0-posix",
                     "the submodules of stage0-posix, in seed/stage0-posix"}}};
}

Distribution stagex() {
  return {
      .id = "stagex",
      .name = "StageX",
      .recognised_by = {"packages/*/package.toml", "packages/*/Containerfile"},
      .listed = {Answer::yes, "stagex"},
      .recipes = "packages/*",
      .counts = {{"recipes (package.toml)", "packages/*/package.toml"},
                 {"Containerfiles", "packages/*/Containerfile"},
                 {"Containerfiles with a RUN that has the network", "packages/*/Containerfile",
                  Of::files_with, "RUN", true, "--network=none"}},
      .pins = {.recipes = "packages/*/package.toml",
               .fetches = {"mirrors"},
               .rows = {{"packages/*/package.toml", "hash ="}}},
      .autotools = {.policy = kShipped,
                    .recipes = "packages/*/Containerfile",
                    .uses = {"/configure"},
                    .again = {"autoreconf", "autogen.sh"}},
      .network = {{"packages/*/Containerfile", "RUN", true, "--network=none", false}},
      .roads = {
          {"C",
           {{"llvm is built with stage 3", "packages/core/llvm/Containerfile", "stagex/bootstrap-stage3"},
            {"stage 3 with stage 2", "packages/bootstrap/stage3/Containerfile", "stagex/bootstrap-stage2"},
            {"stage 2 with stage 1", "packages/bootstrap/stage2/Containerfile", "stagex/bootstrap-stage1"},
            {"stage 1, live-bootstrap's steps, with stage 0", "packages/bootstrap/stage1/Containerfile",
             "stagex/bootstrap-stage0"},
            {"stage 0 is made by the seed", "packages/bootstrap/stage0/Containerfile", "/hex0-seed\", "},
            {"the seed", "packages/bootstrap/stage0/hex0-seed"}},
           Ground::seed,
           "a seed of stage0-posix",
           "the digest of packages/bootstrap/stage0/hex0-seed"},
          {"Rust",
           {{"rust is built with mrustc", "packages/core/rust/Containerfile", "ADD fetch/mrustc-"},
            {"mrustc with llvm", "packages/core/rust/Containerfile", "stagex/core-llvm"}},
           Ground::joins,
           kOwnC,
           "packages/core/rust"},
          {"Go",
           {{"go is built with go 1.4, which is in C", "packages/core/go/Containerfile", "go1_4"},
            {"that with stage 1", "packages/core/go/Containerfile", "stagex/bootstrap-stage1"}},
           Ground::joins,
           kOwnC,
           "packages/core/go"}}};
}

Distribution sabotage() {
  return {.id = "sabotage",
          .name = "Sabotage Linux",
          .recognised_by = {"pkg/*", "build-stage0", "KEEP/*"},
          .listed = {Answer::yes, "Sabotage"},
          .recipes = "pkg/*",
          .counts = {{"recipes", "pkg/*"}},
          .pins = {.recipes = "pkg/*",
                   .fetches = {"http://", "https://", "ftp://"},
                   .rows = {{"pkg/*", "sha512=", "sha512"}, {"pkg/*", "sha256=", "sha256"}}},
          .autotools = {.policy = kShipped,
                        .recipes = "pkg/*",
                        .uses = {"/configure"},
                        .again = {"autoreconf", "autogen.sh"}},
          .roads = {{"C",
                     {{"gcc is built in stage 1", "pkg/stage1", "gcc"},
                      {"with a C++ compiler of stage 1", "pkg/stage1-g++", "stage1-gcc"},
                      {"with the gcc of stage 0", "pkg/stage0-gcc", "gcc"},
                      {"that with the machine's own compiler", "build-stage0", "CC=gcc"}},
                     Ground::host,
                     kHost,
                     kAskHost},
                    {"Go",
                     {{"go is built with go 1.4", "pkg/go", "go14"}, {"that is in C", "pkg/go14", "[build]"}},
                     Ground::joins,
                     kOwnC,
                     "pkg/go14"}}};
}

Distribution oasis() {
  return {
      .id = "oasis",
      .name = "oasis",
      .recognised_by = {"pkg/*/gen.lua", "ninja.lua", "sets.lua"},
      .listed = {Answer::yes, "oasis"},
      .recipes = "pkg/*",
      .counts = {{"recipes (gen.lua)", "pkg/*/gen.lua"},
                 {"submodules (SHA-1 commits)", ".gitmodules", Of::lines_with, "[submodule", true},
                 {"lists of sha256", "*/sha256"},
                 {"config.h kept in the tree", "*/config.h"}},
      .pins = {.recipes = "pkg/*/gen.lua",
               .by_folder = true,
               .fetches = {"fetch '"},
               .rows = {{"pkg/*/sha256", "", "sha256"},
                        {.glob = ".gitmodules", .text = "path = ", .hash = "commit", .names_folder = true}}},
      .autotools = {"configure never runs: what it would write is kept in the tree as config.h"},
      .roads = {{"C",
                 {{"all is compiled by the host's and the target's toolchain", "config.def.lua", "host={"},
                  {"a toolchain is the cc that is found", "ninja.lua", "or 'cc')"}},
                 Ground::host,
                 kHost,
                 kAskHost}}};
}

Distribution stal_ix() {
  return {
      .id = "ix",
      .name = "stal/IX",
      .recognised_by = {"ix", "pkgs/*/ix.sh", "pkgs/die/*"},
      .listed = {Answer::no, "stal-ix", "what was built did not boot"},
      .recipes = "pkgs/*",
      .counts = {{"recipes (ix.sh)", "pkgs/*/ix.sh"},
                 {"stages of bison, of source", "pkgs/bld/boot/10/bison/?/ix.sh"}},
      .pins = {.recipes = "pkgs/*/ix.sh", .fetches = {"block fetch"}, .rows = {{"pkgs/*/ix.sh", ""}}},
      .autotools = {.policy = kShipped,
                    .recipes = "pkgs/*/ix.sh",
                    .uses = {"/autohell.sh", "/configure.sh"},
                    .again = {"autorehell", "autoreconf"}},
      .roads = {
          {"C",
           {{"clang is built in stage 9, with gcc's library", "pkgs/bld/boot/9/clang/ix.sh",
             "bld/boot/9/clang/base"},
            {"with the programs of stage 8", "pkgs/bld/boot/9/clang/base/ix.sh", "bld/boot/8/env"},
            {"those with stage 7", "pkgs/bld/boot/8/env/box/ix.sh", "bld/boot/7/env"},
            {"those with stage 6", "pkgs/bld/boot/7/env/box/ix.sh", "bld/boot/6/env"},
            {"those with stage 5", "pkgs/bld/boot/6/env/box/ix.sh", "bld/boot/5/"},
            {"those with stage 4", "pkgs/bld/boot/5/env/ix.sh", "bld/boot/4/env"},
            {"those with stage 3", "pkgs/bld/boot/4/sh/ix.sh", "bld/boot/3/env"},
            {"those with stage 2", "pkgs/bld/boot/3/env/box/ix.sh", "bld/boot/2/env"},
            {"those with stage 0", "pkgs/bld/boot/2/env/ix.sh", "bld/boot/0/env"},
            {"that is the compiler that is found", "pkgs/bld/boot/0/ind/ix.sh", "ix_boot_tool('clang++')"}},
           Ground::host,
           kHost,
           kAskHost},
          {"Go",
           {{"go is built with an older go", "pkgs/bin/go/lang/25/ix.sh", "bin/go/lang/23"},
            {"down to go 1.4, which is in C", "pkgs/bin/go/lang/19/ix.sh", "bin/go/lang/4"}},
           Ground::joins,
           kOwnC,
           "pkgs/bin/go/lang"},
          {"Rust",
           {{"what is in Rust is built with bld/rust", "pkgs/die/rust/cargo.sh",
             "replace('/cargo/', '/rust/')"},
            {"that is fetched", "pkgs/bld/rust/*/linux/ix.sh", "static.rust-lang.org/dist/rust-1"}},
           Ground::binary,
           kFetched,
           "bin/mrustc, which the tree has too, as what all else is built with"}}};
}

Distribution guix() {
  return {
      .id = "guix",
      .name = "GNU Guix",
      .recognised_by = {"gnu/packages/bootstrap.scm", "gnu/packages/commencement.scm"},
      .listed = {Answer::yes, "Guix"},
      .recipes = "gnu/packages/*",
      .counts = {{"modules of packages", "gnu/packages/*.scm"},
                 {"origins with a hash", "gnu/packages/*.scm", Of::lines_with, "(base32"}},
      .autotools = {.policy = kShipped, .recipes = "gnu/packages/*.scm", .again = {"autoreconf"}},
      .roads = {
          {"C",
           {{"gcc is built with older ones, the first with tcc", "gnu/packages/commencement.scm",
             "(define tcc-boot0"},
            {"tcc with mes", "gnu/packages/commencement.scm", "(define mes-boot"},
            {"mes with the programs of stage0-posix, which is pinned, with its seeds",
             "gnu/packages/commencement.scm", "define stage0-posix"}},
           Ground::elsewhere,
           "the archive of stage0-posix, which is pinned and has the seeds",
           "assay on that archive"},
          {"Guile, which runs every build",
           {{"the first builds are run by gash and bootar", "gnu/packages/commencement.scm",
             "%boot-gash-inputs"},
            {"which are run by a Guile that is a binary", "gnu/packages/bootstrap.scm", "%bootstrap-guile"}},
           Ground::binary,
           "a Guile that is fetched as a binary",
           "a Guile that is built of source"}}};
}

}  // namespace

std::vector<Distribution> systems_from_source() {
  return {live_bootstrap(), stagex(), sabotage(), oasis(), stal_ix(), guix()};
}

}  // namespace assay::audit

// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/profile.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <algorithm>
#include <set>

#include "audit/seeds.h"
#include "core/host_tree.h"
#include "core/memory_tree.h"
#include "tests/support/subprocess.h"

namespace assay::audit {
namespace {

Profile profile_of(const MemoryTree& tree) { return profile(tree, scan(tree, {}).value()); }

std::size_t count_of(const Profile& profile, std::string_view what) {
  for (const Counted& one : profile.counts) {
    if (one.what == what) return one.number;
  }
  return 999;
}

TEST(Profile, counts_what_recipes_say) {
  MemoryTree tree;
  tree.put("packages/a/package.toml", to_bytes("[sources.a]\nhash = \"12\"\n"));
  tree.put("packages/b/package.toml", to_bytes("[package]\n"));
  tree.put("packages/a/Containerfile",
           to_bytes("FROM x\nRUN --network=none ./configure\nRUN cargo fetch\nRUN go get\n"));
  tree.put("packages/b/Containerfile", to_bytes("RUN --network=none make\n"));
  const Profile told = profile_of(tree);
  ASSERT_NE(told.distribution, nullptr);
  EXPECT_EQ(told.distribution->id, "stagex");
  EXPECT_EQ(count_of(told, "recipes (package.toml)"), 2U);
  EXPECT_EQ(told.pins.recipes, 2U);
  EXPECT_EQ(told.pins.nothing, 2U) << "'12' is no digest";
  EXPECT_EQ(count_of(told, "Containerfiles with a RUN that has the network"), 1U) << "a file counts once";
  EXPECT_EQ(told.network.number, 2U);
  ASSERT_EQ(told.network.told.size(), 2U);
  EXPECT_EQ(told.network.told[1].where, "packages/a/Containerfile:4");
  EXPECT_EQ(told.configures.shipped, 1U);
  EXPECT_TRUE(told.seeds.empty());
}

TEST(Profile, points_at_lines_that_name_binaries) {
  MemoryTree tree;
  tree.put("main/rust/template.py",
           to_bytes("pkgname = \"rust\"\n# static.rust-lang.org/dist/ was used\nsource = "
                    "\"https://static.rust-lang.org/dist/rust-1.70.tar.xz\"\nsha256 = \"1\"\n"));
  tree.put("main/rust-src/template.py",
           to_bytes("source = \"https://static.rust-lang.org/dist/rustc-1.70-src.tar.xz\"\n"));
  tree.put("main/go-bootstrap/template.py", to_bytes("pkgname = \"go-bootstrap\"\n"));
  tree.put("src/cbuild/x.py", to_bytes("\n"));
  const Profile told = profile_of(tree);
  ASSERT_EQ(told.distribution->id, "chimera");
  ASSERT_EQ(told.binaries.told.size(), 2U);
  EXPECT_EQ(told.binaries.told[0].text, "recipe 'go-bootstrap'");
  EXPECT_EQ(told.binaries.told[1].where, "main/rust/template.py:3");
  EXPECT_EQ(told.pins.lines.at("sha256"), 1U);
}

TEST(Profile, calls_a_seed_only_what_has_its_digest) {
  using namespace std::string_literals;
  MemoryTree tree;
  tree.put("packages/a/package.toml", {});
  tree.put("packages/a/Containerfile", {});
  tree.put("packages/hex0-seed", to_bytes("\x7f"
                                          "ELF\1\1\1\0"s));
  const Profile told = profile_of(tree);
  EXPECT_TRUE(told.seeds.empty());
  EXPECT_EQ(told.opaque, 1U);
}

TEST(Profile, of_an_unknown_tree_is_none) {
  MemoryTree tree;
  tree.put("a.c", to_bytes("int a;\n"));
  EXPECT_EQ(profile_of(tree).distribution, nullptr);
}

TEST(Profile, follows_the_road_from_the_compiler_down) {
  MemoryTree tree;
  tree.put("main/go/template.py", to_bytes("# \"go-bootstrap\"\nhostmakedepends += [\"go-bootstrap\"]\n"));
  tree.put("main/go-bootstrap/template.py", to_bytes("source = f\"https://example.org/go-{pkgver}.tar\"\n"));
  tree.put("src/cbuild/x.py", to_bytes("\n"));
  tree.put("src/runner.py", to_bytes("out(\"bootstrapping stage 0\")\n    \"clang\",\n"));
  const Profile told = profile_of(tree);
  ASSERT_EQ(told.roads.size(), 2U) << "there is no rust and no java";
  const Road& c = told.roads[0];
  EXPECT_EQ(c.ground, Ground::host);
  EXPECT_EQ(c.from_source, Answer::unknown);
  ASSERT_EQ(c.hops.size(), 2U);
  EXPECT_EQ(c.hops[1].place.where, "src/runner.py:2");
  const Road& go = told.roads[1];
  EXPECT_EQ(go.of, "Go");
  EXPECT_EQ(go.ground, Ground::binary);
  EXPECT_EQ(go.hops[0].place.where, "main/go/template.py:2") << "a comment is no evidence";
  EXPECT_EQ(told.needs_no_own.answer, Answer::yes);
  EXPECT_EQ(told.needs_no_own.where, "src/runner.py:2");
  EXPECT_EQ(told.all_from_source.answer, Answer::no);
  EXPECT_EQ(told.all_from_source.where, "main/go-bootstrap/template.py:1");
}

TEST(Profile, ends_a_road_where_the_tree_says_no_more) {
  MemoryTree tree;
  tree.put("main/a/template.py", to_bytes("source = \"x\"\n"));
  tree.put("src/cbuild/x.py", to_bytes("\n"));
  tree.put("src/runner.py", to_bytes("out(\"bootstrapping stage 0\")\n"));
  const Profile told = profile_of(tree);
  ASSERT_EQ(told.roads.size(), 1U);
  EXPECT_EQ(told.roads[0].ground, Ground::unknown);
  ASSERT_EQ(told.roads[0].hops.size(), 2U);
  EXPECT_TRUE(told.roads[0].hops[1].place.where.empty());
  EXPECT_FALSE(told.roads[0].ask.empty());
  EXPECT_EQ(told.needs_no_own.answer, Answer::unknown);
  EXPECT_EQ(told.all_from_source.answer, Answer::unknown);
  EXPECT_EQ(told.all_from_source.where, "src/runner.py:1");
}

TEST(Profile, a_road_ends_on_a_seed_only_by_its_digest) {
  using namespace std::string_literals;
  MemoryTree tree;
  tree.put("packages/a/package.toml", {});
  const auto stage = [&](std::string_view path, std::string_view text) {
    tree.put(fmt::format("packages/{}/Containerfile", path), to_bytes(text));
  };
  stage("core/llvm", "COPY --from=stagex/bootstrap-stage3 . /\n");
  stage("bootstrap/stage3", "FROM stagex/bootstrap-stage2 AS base\n");
  stage("bootstrap/stage2", "COPY --from=stagex/bootstrap-stage1 . /\n");
  stage("bootstrap/stage1", "COPY --from=stagex/bootstrap-stage0 /bin /bin\n");
  stage("bootstrap/stage0", "RUN [\"/hex0-seed\", \"hex0\"]\n");
  tree.put("packages/bootstrap/stage0/hex0-seed", to_bytes("\x7f"
                                                           "ELF\1\1\1\0"s));
  const Profile told = profile_of(tree);
  ASSERT_EQ(told.roads.size(), 1U);
  EXPECT_EQ(told.roads[0].hops.size(), 6U);
  EXPECT_EQ(told.roads[0].hops[5].place.where, "packages/bootstrap/stage0/hex0-seed");
  EXPECT_EQ(told.roads[0].ground, Ground::unknown);
  EXPECT_TRUE(told.roads[0].seed.empty());
  EXPECT_EQ(told.all_from_source.answer, Answer::unknown);
}

TEST(Profile, tells_pins_by_the_kind_of_digest) {
  MemoryTree tree;
  const auto recipe = [&](std::string_view name, std::string_view text) {
    tree.put(fmt::format("package/x/{0}/{0}.desc", name), to_bytes(text));
  };
  tree.put("t2", {});
  const std::string sha224(56, 'a');
  const std::string md5(32, '1');
  recipe("strong", fmt::format("[D] {} a.tar http://example.org/\n[D] 1270215132 b.tar\n", sha224));
  recipe("sum", "[D] 1270215132 20040107.tar http://example.org/\n");
  recipe("md5", fmt::format("[D] {} a.tar\n", md5));
  recipe("none", "[D] 0 a-20040107.tar http://example.org/\n");
  recipe("nothing", "[I] a list of packages\n");
  const Profile told = profile_of(tree);
  ASSERT_EQ(told.distribution->id, "t2");
  EXPECT_EQ(told.pins.recipes, 5U);
  EXPECT_EQ(told.pins.strong, 1U);
  EXPECT_EQ(told.pins.weak.number, 2U);
  ASSERT_EQ(told.pins.without.told.size(), 1U);
  EXPECT_EQ(told.pins.without.told[0].where, "package/x/none/none.desc");
  EXPECT_EQ(told.pins.nothing, 1U);
  EXPECT_EQ(told.pins.lines.at("cksum"), 2U);
  EXPECT_EQ(told.pins.lines.at("sha224"), 1U);
}

TEST(Profile, tells_a_commit_from_a_digest) {
  MemoryTree tree;
  tree.put("project.conf", {});
  tree.put("elements/a.bst",
           to_bytes("kind: autotools\nsources:\n- kind: git_repo\n  url: x:a\n  ref: v1-0-g" +
                    std::string(40, 'b') + "\n"));
  tree.put("elements/b.bst", to_bytes("- kind: tar\n  url: x:b\n  ref: " + std::string(64, 'b') + "\n"));
  const Profile told = profile_of(tree);
  ASSERT_EQ(told.distribution->id, "freedesktop-sdk");
  EXPECT_EQ(told.pins.commit, 1U);
  EXPECT_EQ(told.pins.strong, 1U);
}

TEST(Profile, looks_for_digests_and_submodules_beside_the_recipe) {
  MemoryTree tree;
  for (const std::string_view path : {"ninja.lua", "sets.lua", "pkg/c/x.c"}) tree.put(std::string(path), {});
  tree.put("pkg/a/gen.lua", to_bytes("fetch 'git'\n"));
  tree.put("pkg/b/gen.lua", to_bytes("fetch 'curl'\n"));
  tree.put("pkg/b/sha256", to_bytes("0\n"));
  tree.put("pkg/d/gen.lua", to_bytes("fetch 'git'\n"));
  tree.put(".gitmodules", to_bytes("[submodule \"pkg/a/src\"]\n\tpath = pkg/a/src\n"));
  const Profile told = profile_of(tree);
  ASSERT_EQ(told.distribution->id, "oasis");
  EXPECT_EQ(told.pins.recipes, 3U);
  EXPECT_EQ(told.pins.commit, 1U);
  EXPECT_EQ(told.pins.strong, 1U);
  ASSERT_EQ(told.pins.without.told.size(), 1U);
  EXPECT_EQ(told.pins.without.told[0].where, "pkg/d");
}

TEST(Profile, tells_what_is_made_again_and_what_runs_as_shipped) {
  MemoryTree tree;
  const auto recipe = [&](std::string_view name, std::string_view text) {
    tree.put(fmt::format("main/{}/template.py", name), to_bytes(text));
  };
  tree.put("src/cbuild/x.py", to_bytes("\n"));
  recipe("a", "build_style = \"gnu_configure\"\n");
  recipe("b", "build_style = \"gnu_configure\"\nconfigure_gen = []\n");
  recipe("c", "build_style = \"meson\"\n# build_style = \"gnu_configure\"\n");
  const Profile told = profile_of(tree);
  EXPECT_EQ(told.configures.recipes, 2U);
  EXPECT_EQ(told.configures.again, 1U);
  EXPECT_EQ(told.configures.shipped, 1U);
}

TEST(Profile, knows_a_pinned_seed_by_its_digest) {
  MemoryTree tree;
  tree.put("gnu/packages/bootstrap.scm",
           to_bytes(fmt::format("(define x\n  \"{}\")\n", known_seeds().front().digest)));
  tree.put("gnu/packages/commencement.scm", {});
  const Profile told = profile_of(tree);
  ASSERT_EQ(told.seeds.size(), 1U);
  EXPECT_EQ(told.seeds[0].where, "gnu/packages/bootstrap.scm:2");
  EXPECT_EQ(told.seeds[0].seed, known_seeds().front().name);
}

/// A few files in the form of each tree that is too large to be had here, or has no checkout to count on.
struct FormCase {
  std::string_view id;
  std::vector<std::pair<std::string_view, std::string_view>> files;
  std::size_t strong, weak, without;
  std::vector<std::pair<std::string_view, Ground>> roads;
};

TEST(Profile, reads_the_form_of_each_collection) {
  const std::string sha256 = " " + std::string(64, 'a');
  const std::string openwrt = "PKG_SOURCE_URL:=http://example.org\nPKG_HASH:=" + std::string(64, 'a') + "\n";
  const std::string pkgsrc = "SHA512 (a.tar) = aa\nSize (a.tar) = 1 bytes\nSHA1 (patch-aa) = bb\n";
  const FormCase cases[] = {
      {"pkgsrc",
       {{"mk/bsd.pkg.mk", ""},
        {"bootstrap/bootstrap", "CC=${CC:-cc}\n"},
        {"devel/a/distinfo", pkgsrc},
        {"devel/b/distinfo", "SHA1 (b.tar) = aa\nSize (b.tar) = 1 bytes\n"},
        {"lang/rust-bin/Makefile", "MASTER_SITES=\thttps://example.org/\n"}},
       1,
       1,
       0,
       {{"C", Ground::host}, {"Rust", Ground::binary}}},
      {"freebsd-ports",
       {{"Mk/bsd.port.mk", ""},
        {"Mk/Uses/compiler.mk", "_CCVERSION!= ${CC} --version\n"},
        {"devel/a/distinfo", "SHA256 (a.tar) = aa\nSIZE (a.tar) = 1\n"},
        {"lang/rust/Makefile", "DISTFILES?= ${_RUSTC_BOOTSTRAP}\n"}},
       1,
       0,
       0,
       {{"C", Ground::host}, {"Rust", Ground::binary}}},
      {"openwrt",
       {{"rules.mk", "HOSTCC:=gcc\n"},
        {"include/package.mk", ""},
        {"toolchain/gcc/common.mk", "\t--build=$(GNU_HOST_NAME)\n"},
        {"package/libs/a/Makefile", openwrt},
        {"package/libs/b/Makefile", "PKG_SOURCE_URL:=http://example.org\nPKG_HASH:=skip\n"}},
       1,
       0,
       1,
       {{"C", Ground::host}}},
      {"homebrew",
       {{"Formula/g/gcc.rb", "      system \"../configure\"\n"},
        {"Formula/r/rust.rb",
         "  url \"https://example.org\"\n  sha256 \"aa\"\n  resource \"cargobootstrap\" do\n"}},
       1,
       0,
       0,
       {{"C", Ground::host}, {"Rust", Ground::binary}}},
      {"alpine",
       {{"main/a/APKBUILD", "source=\"a.tar\"\nsha512sums=\"aa\"\n"},
        {"community/b/APKBUILD", "source=\"b.tar\"\n"},
        {"scripts/bootstrap.sh", "SUDO_APK=abuild-apk\n[ -e x ] || echo \"abuild not found\"\n"}},
       1,
       0,
       1,
       {{"C", Ground::own}}},
      {"void",
       {{"xbps-src", "bootstrap)\n"},
        {"srcpkgs/rust-bootstrap/template", "distfiles=x\n_bootstrap_url=x\nchecksum=aa\n"}},
       1,
       0,
       0,
       {{"C", Ground::unknown}, {"Rust", Ground::binary}}},
      {"gentoo",
       {{"profiles/repo_name", "gentoo\n"},
        {"metadata/layout.conf", ""},
        {"dev-lang/go-bootstrap/go-bootstrap-1.ebuild", "BOOTSTRAP_DIST=\"x\"\nSRC_URI=\"x\"\n"},
        {"dev-lang/go-bootstrap/Manifest", "DIST x 1 BLAKE2B aa SHA512 bb\n"}},
       1,
       0,
       0,
       {{"C", Ground::unknown}, {"Go", Ground::binary}}},
      {"nixpkgs",
       {{"pkgs/by-name/a/package.nix", "fetchurl {\n  hash = \"sha256-aa\";\n"},
        {"pkgs/stdenv/linux/default.nix", "bootstrapTools = import ./bootstrap-files/x86_64.nix\n"},
        {"pkgs/stdenv/linux/bootstrap-files/x86_64.nix", "url = \"http://example.org\";\n"},
        {"pkgs/os-specific/linux/minimal-bootstrap/default.nix",
         "gcc46 = f { tinycc = tinycc-musl;\nmes = f\nstage0-posix = f\n"},
        {"pkgs/os-specific/linux/minimal-bootstrap/stage0-posix/bootstrap-sources.nix",
         "outputHash = \"sha256-aa\";\n"}},
       2,
       0,
       0,
       {{"C", Ground::own}, {"C, by minimal-bootstrap", Ground::elsewhere}}},
      {"guix",
       {{"gnu/packages/bootstrap.scm", "(define %bootstrap-guile\n"},
        {"gnu/packages/commencement.scm",
         "(define (%boot-gash-inputs)\n(define stage0-posix\n(define mes-boot\n(define tcc-boot0\n"}},
       0,
       0,
       0,
       {{"C", Ground::elsewhere}, {"Guile, which runs every build", Ground::binary}}},
  };
  for (const FormCase& one : cases) {
    SCOPED_TRACE(one.id);
    MemoryTree tree;
    for (const auto& [path, text] : one.files) tree.put(std::string(path), to_bytes(text));
    const Profile told = profile_of(tree);
    ASSERT_NE(told.distribution, nullptr);
    EXPECT_EQ(told.distribution->id, one.id);
    EXPECT_EQ(told.pins.strong, one.strong);
    EXPECT_EQ(told.pins.weak.number, one.weak);
    EXPECT_EQ(told.pins.without.number, one.without);
    ASSERT_EQ(told.roads.size(), one.roads.size());
    for (std::size_t at = 0; at < one.roads.size(); ++at) {
      EXPECT_EQ(told.roads[at].of, one.roads[at].first);
      EXPECT_EQ(told.roads[at].ground, one.roads[at].second) << told.roads[at].of;
    }
  }
}

TEST(Profile, rows_are_told_apart_by_their_ids) {
  std::set<std::string_view> ids;
  for (const Distribution& row : distributions()) {
    EXPECT_TRUE(ids.insert(row.id).second) << row.id;
    EXPECT_FALSE(row.recognised_by.empty()) << row.id;
    for (const RoadRow& road : row.roads) EXPECT_FALSE(road.hops.empty() || road.ask.empty()) << row.id;
  }
}

/// What people counted on checkouts of 2026; a tree goes on, so a little more or less is right too.
struct TreeCase {
  std::string_view folder, id;
  Ground ground;  ///< of C
  Answer all_from_source;
  std::vector<std::pair<std::string_view, std::size_t>> counts;  ///< "sha256": lines of pins
};

class ProfileOfTree : public testing::TestWithParam<TreeCase> {};

TEST_P(ProfileOfTree, counts_what_people_counted) {
  const TreeCase& one = GetParam();
  const auto path = test::find_tree(one.folder);
  if (!path) GTEST_SKIP() << "no tree " << one.folder << " below ASSAY_TREES or ~/.cache/assay";
  const HostTree tree(*path);
  const Profile told = profile(tree, scan(tree, {.threads = 2}).value());
  ASSERT_NE(told.distribution, nullptr);
  EXPECT_EQ(told.distribution->id, one.id);
  ASSERT_FALSE(told.roads.empty());
  EXPECT_EQ(told.roads.front().ground, one.ground);
  EXPECT_EQ(told.all_from_source.answer, one.all_from_source) << told.all_from_source.why;
  EXPECT_FALSE(told.all_from_source.where.empty());
  for (const auto& [what, number] : one.counts) {
    const auto pin = told.pins.lines.find(what);
    const std::size_t counted = what == "strong"               ? told.pins.strong
                                : what == "again"              ? told.configures.again
                                : what == "shipped"            ? told.configures.shipped
                                : pin != told.pins.lines.end() ? pin->second
                                                               : count_of(told, what);
    EXPECT_NEAR(static_cast<double>(counted), static_cast<double>(number),
                1 + static_cast<double>(number) * 0.02)
        << what;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Counted, ProfileOfTree,
    testing::Values(
        TreeCase{"live-bootstrap",
                 "live-bootstrap",
                 Ground::seed,
                 Answer::yes,
                 {{"sha256", 407}, {"build scripts that run autoreconf", 79}}},
        TreeCase{"stagex",
                 "stagex",
                 Ground::seed,
                 Answer::yes,
                 {{"recipes (package.toml)", 443},
                  {"strong", 421},
                  {"Containerfiles with a RUN that has the network", 100}}},
        TreeCase{"cports",
                 "chimera",
                 Ground::host,
                 Answer::no,
                 {{"recipes (template.py)", 3239}, {"strong", 3180}, {"again", 753 - 132}, {"shipped", 132}}},
        TreeCase{"buildroot",
                 "buildroot",
                 Ground::host,
                 Answer::no,
                 {{"sha256", 11348},
                  {"sha512", 242},
                  {"md5", 835},
                  {"sha1", 154},
                  {"again", 319},
                  {"shipped", 1105 - 319}}},
        TreeCase{"poky",
                 "yocto",
                 Ground::host,
                 Answer::no,
                 {{"recipes (.bb)", 1008},
                  {"recipes with sha256sum", 544},
                  {"include files with sha256sum", 31},
                  {"recipes with a commit (SRCREV)", 170}}},
        TreeCase{"sabotage",
                 "sabotage",
                 Ground::host,
                 Answer::unknown,
                 {{"recipes", 1384}, {"sha512", 1305}, {"shipped", 716 - 18}}},
        TreeCase{"oasis",
                 "oasis",
                 Ground::host,
                 Answer::unknown,
                 {{"submodules (SHA-1 commits)", 119},
                  {"lists of sha256", 41},
                  {"config.h kept in the tree", 71}}},
        TreeCase{"freedesktop-sdk",
                 "freedesktop-sdk",
                 Ground::elsewhere,
                 Answer::no,
                 {{"elements (.bst)", 1079}, {"commit", 570}, {"elements of kind autotools", 276}}},
        TreeCase{"t2", "t2", Ground::host, Answer::unknown, {{"sha224", 6763}, {"cksum", 145 + 24 + 1}}},
        TreeCase{"ix", "ix", Ground::host, Answer::no, {{"recipes (ix.sh)", 3795}, {"again", 291}}},
        TreeCase{"openadk", "openadk", Ground::host, Answer::unknown, {{"sha256", 839}, {"again", 78}}},
        TreeCase{"libreelec",
                 "libreelec",
                 Ground::host,
                 Answer::no,
                 {{"recipes (package.mk)", 1027}, {"strong", 906}, {"again", 103}}},
        TreeCase{"haikuports", "haikuports", Ground::own, Answer::no, {{"recipes", 3936}, {"strong", 3921}}},
        TreeCase{"spack-packages",
                 "spack",
                 Ground::host,
                 Answer::no,
                 {{"recipes (package.py)", 8982}, {"recipes with sha256", 8103}, {"again", 218}}},
        TreeCase{"toybox", "toybox", Ground::host, Answer::unknown, {}},
        TreeCase{"woofq", "woofq", Ground::own, Answer::no, {{"lists of binary packages", 17}}},
        TreeCase{"woof-CE", "woof-ce", Ground::own, Answer::no, {}}),
    [](const auto& one) {
      std::string name(one.param.id);
      std::ranges::replace(name, '-', '_');
      return name;
    });

}  // namespace
}  // namespace assay::audit

// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <set>

#include "bootstrap/image/live_bootstrap_check.h"
#include "core/digest.h"
#include "core/memory_tree.h"

namespace assay::image {
namespace {

const std::string kDigest(64, 'a');

/// A tree without a finding.
MemoryTree good_tree() {
  MemoryTree tree;
  const auto put = [&](std::string_view path, std::string_view text) { tree.put(path, to_bytes(text)); };
  for (const std::string_view name :
       {"after.kaem", "seed.kaem", "script-generator.c", "configurator.c", "steps/env", "steps/helpers.sh"})
    put(name, "text\n");
  put("steps/manifest",
      "# text\nbuild: one-1\ndefine: V = ( A == True )\nbuild: bash-2\nimprove: get_network\nbuild: late-3 ( "
      "V == True )\n");
  put("steps/bootstrap.cfg", "ARCH=x86\nA=True\nMIRRORS=\"http://a http://b\"\nMIRRORS_LEN=2\n");
  put("steps/one-1/pass1.kaem", "sha256sum -c sources.SHA256SUM\nungz --file x\n");
  put("steps/one-1/sources", fmt::format("f https://a/one.tar {}\n", sha256(as_bytes("one"))));
  put("steps/bash-2/pass1.kaem", "cp a b\n");
  put("steps/late-3/pass1.sh", "true\n");
  put("steps/late-3/sources", fmt::format("g git://r~ref _ {} late.tar\n", kDigest));
  put("steps/improve/get_network.sh", "true\n");
  put("steps/SHA256SUMS.pkgs", kDigest + "  late-3_0.tar.bz2\n");
  put("external/distfiles/one.tar", "one");
  return tree;
}

std::set<std::string> ids_of(const FileTree& tree) {
  Findings findings;
  check_live_bootstrap(tree, ImageKind::live_bootstrap_tree, findings);
  std::set<std::string> ids;
  for (const Finding& finding : std::move(findings).finish()) ids.insert(finding.id);
  return ids;
}

TEST(LiveBootstrap, AGoodTreeHasNoFindings) { EXPECT_EQ(ids_of(good_tree()), std::set<std::string>()); }

struct Changed {
  std::string id;
  std::string path;
  std::string text;  ///< "-": removed
};

TEST(LiveBootstrap, FindsWhatIsPlanted) {
  const std::string manifest = "build: one-1\nbuild: bash-2\nimprove: get_network\nbuild: late-3\n";
  const auto line = [&](const std::string& text) { return manifest + text + "\n"; };
  const std::vector<Changed> rows{
      {"lb-manifest-directive", "steps/manifest", line("biuld: one-1")},
      {"lb-manifest-token", "steps/manifest", line("build:  one-1")},
      {"lb-manifest-tab", "steps/manifest", line("build: one-1\t")},
      {"lb-manifest-token-long", "steps/manifest", line("build: " + std::string(64, 'x'))},
      {"lb-manifest-predicate", "steps/manifest", line("build: one-1 ( A = True )")},
      {"lb-manifest-predicate", "steps/manifest", line("build: one-1 ( A == True")},
      {"lb-manifest-predicate", "steps/manifest", line("build: one-1 (A == True)")},
      {"lb-manifest-bare-word", "steps/manifest", line("build: one-1 ( A )")},
      {"lb-manifest-mixed", "steps/manifest", line("build: one-1 ( A == 1 && A == 2 || A == 3 )")},
      {"lb-manifest-variable", "steps/manifest", line("build: one-1 ( B == True )")},
      {"lb-manifest-define", "steps/manifest", line("define: X True")},
      {"lb-config-missing", "steps/bootstrap.cfg", "-"},
      {"lb-config-empty", "steps/bootstrap.cfg", ""},
      {"lb-config-line", "steps/bootstrap.cfg", "A=True\njust text\n"},
      {"lb-config-line-long", "steps/bootstrap.cfg", "A=" + std::string(2048, 'x') + "\n"},
      {"lb-config-twice", "steps/bootstrap.cfg", "A=True\nA=False\n"},
      {"lb-config-update-checksums", "steps/bootstrap.cfg", "UPDATE_CHECKSUMS=True\n"},
      {"lb-config-mirrors", "steps/bootstrap.cfg", "MIRRORS=\"a b\"\nMIRRORS_LEN=3\n"},
      {"lb-step-missing", "steps/manifest", line("build: none-1")},
      {"lb-pass-missing", "steps/one-1/pass1.kaem", "-"},
      {"lb-pass-unused", "steps/one-1/pass2.kaem", "true\n"},
      {"lb-step-unused", "steps/more-1/sources", ""},
      {"lb-script-missing", "steps/improve/get_network.sh", "-"},
      {"lb-script-unused", "steps/improve/more.sh", "true\n"},
      {"lb-sources-line", "steps/one-1/sources", "https://a/one.tar " + kDigest + "\n"},
      {"lb-sources-digest", "steps/one-1/sources", "f https://a/one.tar " + std::string(63, 'a') + "\n"},
      {"lb-sources-name", "steps/one-1/sources", "f _ " + kDigest + "\n"},
      {"lb-sources-collision", "steps/bash-2/sources", "f https://b/one.tar " + kDigest + "\n"},
      {"lb-distfile-missing", "external/distfiles/one.tar", "-"},
      {"lb-distfile-digest", "external/distfiles/one.tar", "two"},
      {"lb-distfile-unused", "external/distfiles/more.tar", "x"},
      {"lb-checksum-line", "steps/one-1/one.checksums", "short  /usr/bin/x\n"},
      {"lb-packages-missing", "steps/SHA256SUMS.pkgs", ""},
      {"lb-packages-stale", "steps/SHA256SUMS.pkgs",
       kDigest + "  late-3_0.tar.bz2\n" + kDigest + "  gone-1_0.tar.bz2\n"},
      {"lb-unverified-unpack", "steps/one-1/pass1.kaem", "ungz --file x\nsha256sum -c s\n"},
      {"lb-file-missing", "after.kaem", "-"},
  };
  for (const Changed& row : rows) {
    MemoryTree tree = good_tree();
    if (row.text == "-") {
      ASSERT_TRUE(tree.remove(row.path)) << row.path;
    } else {
      tree.put(row.path, to_bytes(row.text));
    }
    EXPECT_TRUE(ids_of(tree).contains(row.id)) << row.id << " " << row.text;
  }
}

TEST(LiveBootstrap, AnErrorPageIsNoArchive) {
  MemoryTree tree = good_tree();
  tree.put("steps/one-1/sources", to_bytes("f https://a/one.tar.gz " + kDigest + "\n"));
  tree.put("external/distfiles/one.tar.gz", to_bytes("<html>"));
  EXPECT_TRUE(ids_of(tree).contains("lb-distfile-magic"));
}

TEST(Manifest, PassesCountDirectivesThatSurvive) {
  Findings findings;
  const Manifest manifest =
      parse_manifest("build: a ( X == 1 )\nbuild: a\nbuild: bash-1\nbuild: a ( X != 1 )\n", "m", findings);
  const auto passes = [&](std::string_view config) {
    std::string text;
    for (const PlannedDirective& planned : plan(manifest, parse_config(config, "c", findings)))
      text += fmt::format("{}{}{} ", planned.directive->argument, planned.pass, planned.bash_era ? "b" : "");
    return text;
  };
  EXPECT_EQ(passes("X=1\n"), "a1 a2 bash-11 ");
  EXPECT_EQ(passes("X=2\n"), "a1 bash-11 a2b ");
}

TEST(Manifest, PredicatesGroupToTheRight) {
  Findings findings;
  const Manifest manifest = parse_manifest(
      "build: a ( X == 0 && X == 1 || X == 1 )\nbuild: b ( X == 1 || X == 0 && X == 0 )\n", "m", findings);
  const auto planned = plan(manifest, parse_config("X=1\n", "c", findings));
  ASSERT_EQ(planned.size(), 1U);
  EXPECT_EQ(planned[0].directive->argument, "b");
}

}  // namespace
}  // namespace assay::image

// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// `assay preflight --until STEP`: what a tree does behind its answers, on both roads, against the digests
// that it brings along. The small tree is stage0-posix with steps of our own, laid out as live-bootstrap's.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "core/digest.h"
#include "tests/support/subprocess.h"

namespace assay::test {
namespace {

namespace fs = std::filesystem;

const std::string kAssay = ASSAY_BIN_DIR "/assay";
constexpr std::string_view kNoTree{" below ASSAY_TREES or ~/.cache/assay"};

struct Checked {
  std::string status;
  std::string text;
  std::string errors;
  nlohmann::json report;

  [[nodiscard]] const nlohmann::json& chain() const { return report["chains"].at(0); }
  [[nodiscard]] std::string verdict() const { return report.value("verdict", "none"); }
  /// The pin of this file; null if there is none.
  [[nodiscard]] nlohmann::json pin(const std::string& path) const {
    for (const nlohmann::json& pin : chain()["pins"]["rows"]) {
      if (pin["path"] == path) return pin;
    }
    return nullptr;
  }
  [[nodiscard]] nlohmann::json finding(std::string_view id) const {
    for (const nlohmann::json& finding : report["findings"]) {
      if (finding["id"] == id) return finding;
    }
    return nullptr;
  }
  [[nodiscard]] bool ran(std::string_view word) const {
    const nlohmann::json& steps = chain()["steps"];
    return std::any_of(steps.begin(), steps.end(), [&](const nlohmann::json& step) {
      return std::find(step["argv"].begin(), step["argv"].end(), word) != step["argv"].end();
    });
  }
};

/// Steps are kept between the tests of this file: stage0 is computed once.
const Scratch& kept() {
  static const Scratch scratch;
  return scratch;
}

Checked preflight(const fs::path& tree, std::vector<std::string> options) {
  const Scratch scratch;
  std::vector<std::string> words{
      kAssay,   "preflight",           tree.string(), "--cache", kept().path().string(),
      "--json", scratch.file("report")};
  words.insert(words.end(), options.begin(), options.end());
  const Finished finished = run({.argv = std::move(words), .seconds = 600});
  Checked checked{finished.status, finished.standard_output, finished.standard_error, {}};
  if (const auto bytes = scratch.read("report")) checked.report = nlohmann::json::parse(as_text(*bytes));
  return checked;
}

constexpr std::string_view kHello{"int main()\n{\n\treturn @RESULT@;\n}\n"};

class SmallTree : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto stage0 = find_tree("stage0-posix");
    if (!stage0) GTEST_SKIP() << "no tree stage0-posix" << kNoTree;
    fs::copy(*stage0, tree(), fs::copy_options::recursive);
    put("after.kaem",
        "set -ex\nPATH=/x86/bin\nM2LIBC_PATH=/M2libc\nTMPDIR=/tmp\nDISTFILES=/external/distfiles\n"
        "mkdir -p /usr/bin /tmp\nkaem --file /steps/0.sh\n");
    put("steps/manifest", "build: one-1\nbuild: two-2\n");
    put("steps/bootstrap.cfg", "ARCH=x86\nARCH_DIR=x86\n");
    put("steps/0.sh",
        "set -ex\ncd /steps\npkg=one-1\ncd ${pkg}\nkaem --file pass1.kaem\ncd ..\n"
        "pkg=two-2\ncd ${pkg}\nkaem --file pass1.kaem\ncd ..\n");
    put("steps/one-1/pass1.kaem",
        "set -ex\n# Unpack\nmkdir build\ncd build\nungz --file ${DISTFILES}/one.tar.gz --output one.tar\n"
        "untar --file one.tar\nrm one.tar\ncd one-1\nreplace --file hello.c --output hello.c --match-on "
        "@RESULT@ "
        "--replace-with 0\nif match a b; then\n    rm hello.c\nfi\ncp /x86/bin/hex2 /usr/bin/linker\n"
        "chmod 755 /usr/bin/linker\nM2-Mesoplanet --architecture x86 -f hello.c -o hello\n./hello\n"
        "cp hello.c /usr/bin/source\ncd ../..\nsha256sum -c ${pkg}.x86.checksums\n");
    put("steps/two-2/pass1.kaem", "set -ex\ncp /usr/bin/source /usr/bin/second\n");
    const std::string made = "int main()\n{\n\treturn 0;\n}\n";
    list("steps/one-1/one-1.x86.checksums", {{"/usr/bin/linker", digest_of_answer("x86/bin/hex2")},
                                             {"/usr/bin/source", sha256(as_bytes(made))}});
    list("steps/two-2/two-2.x86.checksums", {{"/usr/bin/second", sha256(as_bytes(made))}});
    pack(kHello);
  }

  [[nodiscard]] fs::path tree() const { return scratch_.path() / "t"; }
  void put(const std::string& path, std::string_view text) {
    fs::create_directories((tree() / path).parent_path());
    scratch_.write("t/" + path, as_bytes(text));
  }
  void list(const std::string& path, const std::vector<std::pair<std::string, std::string>>& pins) {
    std::string text;
    for (const auto& [file, digest] : pins) text += digest + "  " + file + "\n";
    put(path, text);
  }
  /// The distfile, packed by the host's tar.
  void pack(std::string_view hello) {
    fs::create_directories(scratch_.path() / "one-1");
    fs::create_directories(tree() / "external/distfiles");
    scratch_.write("one-1/hello.c", as_bytes(hello));
    const Finished packed =
        run({.argv = {"/usr/bin/tar", "-C", scratch_.path().string(), "--format=ustar", "-czf",
                      (tree() / "external/distfiles/one.tar.gz").string(), "one-1"},
             .env = {"PATH=/usr/bin:/bin"}});
    ASSERT_EQ(packed.status, "exit:0") << packed.standard_error;
  }
  /// Upstream's digest of a product.
  [[nodiscard]] std::string digest_of_answer(std::string_view path) const {
    const auto bytes = scratch_.read("t/x86.answers");
    const std::string_view text = bytes ? as_text(*bytes) : std::string_view();
    const std::size_t at = text.find(fmt::format("  {}\n", path));
    return at == std::string_view::npos ? "" : std::string(text.substr(at - kSha256Digits, kSha256Digits));
  }
  Checked until(const std::string& word, std::vector<std::string> more = {}) {
    more.insert(more.end(), {"--until", word, "--level", "replay"});
    return preflight(tree(), std::move(more));
  }

  void goes_as_far_as_asked_for();
  void ends_in_the_middle_of_a_step();
  void tells_wrong_pin();
  void names_fault_in_a_source_of_an_archive();
  void goes_on_one_road();

  Scratch scratch_;
};

void SmallTree::goes_as_far_as_asked_for() {
  const Checked checked = until("one-1");
  EXPECT_EQ(checked.status, "exit:0") << checked.text << checked.errors;
  EXPECT_EQ(checked.verdict(), "pass");
  EXPECT_EQ(checked.chain()["until"], "one-1");
  EXPECT_TRUE(checked.ran("./hello"));
  EXPECT_FALSE(checked.ran("/usr/bin/second")) << "of the next step";
  for (const nlohmann::json& step : checked.chain()["steps"])
    EXPECT_EQ(step["verdict"], "equal") << step["argv"];
  for (const char* const path : {"usr/bin/linker", "usr/bin/source"}) {
    const nlohmann::json pin = checked.pin(path);
    ASSERT_FALSE(pin.is_null()) << path;
    EXPECT_EQ(pin["verdict"], "ok") << pin;
    EXPECT_EQ(pin["seed"], pin["wanted"]);
    EXPECT_EQ(pin["reference"], pin["wanted"]);
  }
  EXPECT_EQ(checked.chain()["pins"]["later"], 1);
  EXPECT_NE(checked.text.find("2 of 2 pins behind them, up to one-1"), std::string::npos) << checked.text;
  // A copy is what it is a copy of, whatever its mode.
  const nlohmann::json& steps = checked.chain()["steps"];
  const auto sum = std::find_if(steps.begin(), steps.end(), [](const nlohmann::json& step) {
    return step["argv"].size() == 3 && step["argv"][2] == "one-1.x86.checksums";
  });
  ASSERT_NE(sum, steps.end());
  EXPECT_EQ((*sum)["role"], "sha256sum");

  const Checked all = until("two-2");
  EXPECT_EQ(all.verdict(), "pass") << all.text;
  EXPECT_EQ(all.pin("usr/bin/second")["verdict"], "ok");
  const Checked unasked = preflight(tree(), {"--level", "replay"});
  EXPECT_EQ(unasked.verdict(), "pass") << unasked.text;
  EXPECT_FALSE(unasked.ran("./hello")) << "without being asked it goes up to the answers";
}

void SmallTree::ends_in_the_middle_of_a_step() {
  const Checked checked = until("one-1/linker");
  EXPECT_EQ(checked.verdict(), "pass") << checked.text;
  EXPECT_EQ(checked.pin("usr/bin/linker")["verdict"], "ok");
  EXPECT_EQ(checked.pin("usr/bin/source")["verdict"], "not-reached");
  EXPECT_FALSE(checked.ran("./hello"));
  EXPECT_TRUE(checked.ran("untar"));
}

void SmallTree::tells_wrong_pin() {
  list("steps/one-1/one-1.x86.checksums",
       {{"/usr/bin/linker", digest_of_answer("x86/bin/hex2")}, {"/usr/bin/source", std::string(64, '0')}});
  const Checked checked = until("one-1");
  EXPECT_EQ(checked.status, "exit:1");
  EXPECT_EQ(checked.verdict(), "fail");
  const nlohmann::json pin = checked.pin("usr/bin/source");
  EXPECT_EQ(pin["verdict"], "wrong");
  EXPECT_EQ(pin["seed"], pin["reference"]);
  const nlohmann::json finding = checked.finding("pin-mismatch");
  ASSERT_FALSE(finding.is_null());
  EXPECT_EQ(finding["file"], "steps/one-1/one-1.x86.checksums");
  EXPECT_EQ(finding["line"], 2);
  EXPECT_EQ(finding["help"],
            "both roads make these bytes, so its sources or the list were changed; its script read "
            "external/distfiles/one.tar.gz");
  EXPECT_NE(finding["message"].get<std::string>().find(": steps/one-1/pass1.kaem:17, cp made it"),
            std::string::npos)
      << finding["message"];
}

void SmallTree::names_fault_in_a_source_of_an_archive() {
  pack("int main()\n{\n\treturn @RESULT@ + lost;\n}\n");
  const Checked checked = until("one-1");
  EXPECT_EQ(checked.verdict(), "fail");
  EXPECT_NE(checked.text.find("fails: steps/one-1/pass1.kaem:15"), std::string::npos) << checked.text;
  EXPECT_NE(checked.text.find("lost is not a defined symbol"), std::string::npos) << checked.text;
  EXPECT_EQ(checked.pin("usr/bin/source")["verdict"], "not-reached");
}

void SmallTree::goes_on_one_road() {
  const Checked reference = until("one-1", {"--road", "reference"});
  EXPECT_EQ(reference.verdict(), "incomplete") << reference.text;
  const nlohmann::json pin = reference.pin("usr/bin/source");
  EXPECT_EQ(pin["verdict"], "ok");
  EXPECT_EQ(pin["seed"], nullptr);
}

// One test: what was computed of stage0 is kept between its parts.
TEST_F(SmallTree, IsFollowedBehindItsAnswers) {
  goes_as_far_as_asked_for();
  ends_in_the_middle_of_a_step();
  goes_on_one_road();
  tells_wrong_pin();
  names_fault_in_a_source_of_an_archive();
}

TEST_F(SmallTree, WordsThatNameNothing) {
  const Checked checked = until("three-3");
  EXPECT_EQ(checked.status, "exit:2");
  EXPECT_NE(checked.errors.find("no 'three-3' in this configuration, but: one-1, two-2 [until-no-step]"),
            std::string::npos)
      << checked.errors;
  const Finished plain = run({.argv = {kAssay, "preflight", "--until", "one-1"}});
  EXPECT_EQ(plain.status, "exit:2");
  EXPECT_NE(plain.standard_error.find("[until-not-usable]"), std::string::npos) << plain.standard_error;
}

TEST_F(SmallTree, SourcesAreListedAndSorted) {
  const auto bytes = scratch_.read("t/external/distfiles/one.tar.gz");
  ASSERT_TRUE(bytes);
  put("steps/one-1/sources", "f https://host/one.tar.gz " + sha256(*bytes) +
                                 "\nf https://host/other.tar.gz " + std::string(64, 'b') + "\n");
  put("steps/two-2/sources", "f https://host/one-again.tar.gz " + sha256(*bytes) + "\n");
  fs::create_directories(scratch_.path() / "held/below");
  scratch_.write("held/below/other.tar.gz", as_bytes("something"));
  const Finished listed = run({.argv = {kAssay, "sources", tree().string(), "--dir", scratch_.file("held")}});
  EXPECT_EQ(listed.status, "exit:1");
  const std::string& text = listed.standard_output;
  EXPECT_NE(text.find("have     one-1"), std::string::npos) << text;
  EXPECT_NE(text.find("renamed  two-2"), std::string::npos) << text;
  EXPECT_NE(text.find("other    one-1"), std::string::npos) << text;
  EXPECT_NE(text.find("held/below/other.tar.gz' is another file: sha256 " + sha256(as_bytes("something"))),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("3 files: 1 there, 1 under another name, 0 packed anew, 1 other files, 0 missing"),
            std::string::npos)
      << text;
  const Finished first = run({.argv = {kAssay, "sources", tree().string(), "--until", "one-1"}});
  EXPECT_NE(first.standard_output.find("missing  one-1"), std::string::npos) << first.standard_output;
  EXPECT_NE(first.standard_output.find("https://host/other.tar.gz"), std::string::npos);
  EXPECT_NE(first.standard_output.find("2 files: 1 there"), std::string::npos);
}

/// live-bootstrap itself up to mes-m2, whose digests are upstream's.
void expect_mes(const std::string& arch, std::size_t steps) {
  const auto checkout = find_tree("live-bootstrap");
  const auto distfiles = find_tree("distfiles");
  if (!checkout || !distfiles || !fs::exists(*distfiles / "mes-0.27.1.tar.gz") ||
      !fs::exists(*distfiles / "nyacc-1.00.2-lb1.tar.gz"))
    GTEST_SKIP() << "no trees live-bootstrap and distfiles (mes, nyacc)" << kNoTree;
  const Scratch scratch;
  fs::copy(*checkout, scratch.path() / "t", fs::copy_options::recursive);
  for (const char* const name : {"mes-0.27.1.tar.gz", "nyacc-1.00.2-lb1.tar.gz"}) {
    fs::create_directories(scratch.path() / "t/distfiles");
    fs::copy(*distfiles / name, scratch.path() / "t/distfiles" / name);
  }
  const auto nyacc = scratch.read("t/distfiles/nyacc-1.00.2-lb1.tar.gz");
  const Checked checked = preflight(scratch.path() / "t", {"--until", "mes-0.27.1/mes-m2", "--arch", arch,
                                                           "--accept", sha256(*nyacc), "--level", "replay"});
  EXPECT_EQ(checked.verdict(), "pass") << checked.text << checked.errors;
  EXPECT_EQ(checked.chain()["steps"].size(), steps);
  std::size_t right = 0;
  for (const nlohmann::json& pin : checked.chain()["pins"]["rows"]) {
    const bool both = pin["seed"] == pin["wanted"] && pin["reference"] == pin["wanted"];
    EXPECT_EQ(pin["verdict"] == "ok", both) << pin;
    right += both ? 1 : 0;
  }
  EXPECT_EQ(right, 24U) << "19 answers, 4 programs of M2-Mesoplanet's, mes-m2";
  EXPECT_EQ(checked.pin("usr/bin/mes-m2")["verdict"], "ok");
}

/// What mes and mescc make, by our room for mes, and the tccs that tcc-mes makes: in a minute.
void expect_tcc(const std::string& arch, const std::string& until, std::size_t pins) {
  const auto checkout = find_tree("live-bootstrap");
  const auto distfiles = find_tree("distfiles");
  constexpr const char* kArchives[] = {"mes-0.27.1.tar.gz", "nyacc-1.00.2-lb1.tar.gz", "tcc-0.9.26.tar.gz",
                                       "tcc-0.9.27.tar.bz2"};
  if (!checkout || !distfiles ||
      !std::all_of(std::begin(kArchives), std::end(kArchives),
                   [&](const char* name) { return fs::exists(*distfiles / name); }))
    GTEST_SKIP() << "no trees live-bootstrap and distfiles (mes, nyacc, tcc)" << kNoTree;
  const Scratch scratch;
  fs::copy(*checkout, scratch.path() / "t", fs::copy_options::recursive);
  fs::create_directories(scratch.path() / "t/distfiles");
  for (const char* const name : kArchives) fs::copy(*distfiles / name, scratch.path() / "t/distfiles" / name);
  const auto nyacc = scratch.read("t/distfiles/nyacc-1.00.2-lb1.tar.gz");
  const Checked checked =
      preflight(scratch.path() / "t", {"--until", until, "--arch", arch, "--road", "reference", "--accept",
                                       sha256(*nyacc), "--level", "replay"});
  EXPECT_EQ(checked.verdict(), "incomplete") << "one road alone is no pass\n"
                                             << checked.text << checked.errors;
  std::size_t right = 0;
  for (const nlohmann::json& pin : checked.chain()["pins"]["rows"]) {
    if (pin["verdict"] == "not-reached") continue;
    EXPECT_EQ(pin["reference"], pin["wanted"]) << pin;
    right += pin["reference"] == pin["wanted"] ? 1 : 0;
  }
  EXPECT_EQ(right, pins);
}

TEST(LiveBootstrap, TheReferenceRoadDerivesWhatMesAndTccMake) {
  if (std::getenv("ASSAY_LONG_TESTS") == nullptr) GTEST_SKIP() << "with ASSAY_LONG_TESTS=1";
  expect_tcc("x86", "tcc-0.9.27", 47);
  expect_tcc("AMD64", "mes-0.27.1", 36);
  expect_tcc("riscv64", "tcc-0.9.26/tcc-mes", 37);
}

TEST(LiveBootstrap, BothRoadsComeToMesOfX86) { expect_mes("x86", 226); }

TEST(LiveBootstrap, BothRoadsComeToMesOfTheOthers) {
  if (std::getenv("ASSAY_LONG_TESTS") == nullptr) GTEST_SKIP() << "with ASSAY_LONG_TESTS=1";
  expect_mes("AMD64", 226);
  expect_mes("riscv64", 227);
}

}  // namespace
}  // namespace assay::test

// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What every installed program says to --help and --version (tests/golden/help, tests/golden/version), and
// its man page and completions as the build makes them.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <regex>
#include <set>

#include "command/host_files.h"
#include "tests/support/subprocess.h"

namespace assay::test {
namespace {

namespace fs = std::filesystem;

/// Where an installation put everything; made once for all tests of this program.
class Installed {
 public:
  Installed() {
    const fs::path build = fs::path(ASSAY_BIN_DIR).parent_path();
    install_ =
        run({.argv = {"/usr/bin/cmake", "--install", build.string(), "--prefix", scratch_.path().string()},
             .env = {"PATH=/usr/bin:/bin"},
             .seconds = 120});
    for (const std::string directory : {"bin", "libexec/assay"}) {
      for (const auto& entry : fs::directory_iterator(scratch_.path() / directory))
        programs_.emplace(entry.path().filename().string(), directory);
    }
  }
  [[nodiscard]] const Finished& install() const { return install_; }
  /// Names, each with its directory.
  [[nodiscard]] const std::map<std::string, std::string>& programs() const { return programs_; }
  /// Where the pages of a program are.
  [[nodiscard]] std::string data(const std::string& program) const {
    return programs_.at(program) == "bin" ? "share/" : "share/assay/";
  }
  [[nodiscard]] fs::path path(std::string_view name) const { return scratch_.path() / name; }
  [[nodiscard]] std::string text(std::string_view name) const {
    const auto bytes = scratch_.read(name);
    return bytes ? std::string(as_text(*bytes)) : "";
  }

  /// The program's answer, by its bare name.
  [[nodiscard]] Finished ask(const std::string& program, const std::string& option) const {
    const Scratch empty;
    return run({.argv = {program, option},
                .program = path(programs_.at(program) + "/" + program).string(),
                .cwd = empty.path()});
  }

 private:
  Scratch scratch_;
  Finished install_;
  std::map<std::string, std::string> programs_;
};

const Installed& installed() {
  static const Installed once;
  return once;
}

TEST(Install, ends_well_and_has_the_programs) {
  EXPECT_EQ(installed().install().status, "exit:0") << installed().install().standard_error;
  EXPECT_GE(installed().programs().size(), 29U);
}

TEST(Install, keeps_drop_ins_apart_whose_names_the_system_uses) {
  std::set<std::string> apart;
  for (const auto& [program, directory] : installed().programs()) {
    if (directory != "bin") apart.insert(program);
  }
  EXPECT_EQ(apart, (std::set<std::string>{"chmod", "cp", "match", "mes", "mkdir", "replace", "rm",
                                          "sha256sum", "unxz", "wrap"}));
  // Nothing of the system's own is shadowed, neither programs nor pages nor completions.
  const std::string debian = "/usr/bin/";
  const std::set<std::string> stand_in_for = {"M1", "hex2", "blood-elf", "get_machine", "kaem", "catm"};
  for (const auto& [program, directory] : installed().programs()) {
    if (directory != "bin" || stand_in_for.contains(program)) continue;
    EXPECT_FALSE(fs::exists(debian + program)) << program;
  }
  for (const std::string& program : apart) {
    EXPECT_FALSE(fs::exists(installed().path("share/man/man1/" + program + ".1"))) << program;
    EXPECT_FALSE(fs::exists(installed().path("share/bash-completion/completions/" + program))) << program;
    EXPECT_FALSE(fs::exists(installed().path("share/zsh/site-functions/_" + program))) << program;
    EXPECT_FALSE(fs::exists(installed().path("share/fish/vendor_completions.d/" + program + ".fish")))
        << program;
  }
}

TEST(Install, a_shell_works_with_it_first_in_PATH) {
  const Scratch scratch;
  const Finished said = run({.argv = {"/bin/sh", "-c", "mkdir -p a/b && cp -r a c && rm -rf a && ls"},
                             .env = {"PATH=" + installed().path("bin").string() + ":/usr/bin:/bin"},
                             .cwd = scratch.path()});
  EXPECT_EQ(said.status + " " + said.standard_output, "exit:0 c\n") << said.standard_error;
}

TEST(Install, every_program_answers_as_written_down) {
  for (const auto& [program, directory] : installed().programs()) {
    for (const std::string option : {"help", "version"}) {
      const Finished said = installed().ask(program, "--" + option);
      const std::string shown =
          fmt::format("{}\n{}--\n{}", said.status, said.standard_output, said.standard_error);
      const Result<Bytes> golden =
          read_host_file(fmt::format("{}/tests/golden/{}/{}.txt", ASSAY_SOURCE_DIR, option, program));
      ASSERT_TRUE(golden) << option << " " << program;
      EXPECT_EQ(shown, as_text(*golden)) << option << " " << program;
    }
  }
}

TEST(Install, every_program_and_language_has_a_page_that_groff_accepts) {
  std::vector<std::string> pages;
  for (const auto& [program, directory] : installed().programs())
    pages.push_back(fmt::format("{}man/man1/{}.1", installed().data(program), program));
  for (const std::string_view language : {"hex0", "hex1", "hex2", "M1", "kaem", "cc", "assay-map"}) {
    pages.push_back(fmt::format("share/man/man5/{}.5", language));
  }
  for (const std::string_view concept_of :
       {"architecture", "diagnostics", "machine", "porting", "surroundings", "verdicts"}) {
    pages.push_back(fmt::format("share/man/man7/assay-{}.7", concept_of));
  }
  for (const std::string& page : pages) {
    EXPECT_GT(installed().text(page).size(), 500U) << page;
    if (!fs::exists("/usr/bin/groff")) continue;
    const Finished checked =
        run({.argv = {"/usr/bin/groff", "-man", "-ww", "-z", installed().path(page).string()},
             .env = {"PATH=/usr/bin:/bin"}});
    EXPECT_EQ(checked.status, "exit:0") << page;
    EXPECT_EQ(checked.standard_error, "") << page;
  }
}

/// The commands that a help text lists.
std::vector<std::string> commands_of(const std::string& help) {
  std::vector<std::string> commands;
  const std::size_t from = help.find("\nSubcommands:");
  if (from == std::string::npos) return commands;
  const std::string list = help.substr(from);
  const std::regex row("\n  ([a-z]+) +[A-Z]");
  for (std::sregex_iterator at(list.begin(), list.end(), row), end; at != end; ++at)
    commands.push_back((*at)[1]);
  return commands;
}

TEST(Install, every_command_of_assay_has_a_page_with_its_help) {
  std::vector<std::vector<std::string>> paths = {{}};
  for (std::size_t at = 0; at < paths.size(); ++at) {
    std::vector<std::string> words = {installed().path("bin/assay").string()};
    std::string page = "share/man/man1/assay";
    for (const std::string& word : paths[at]) {
      words.push_back(word);
      page += "-" + word;
    }
    page += ".1";
    words.emplace_back("--help");
    const std::string help = run({.argv = words}).standard_output;
    ASSERT_FALSE(help.empty());
    for (const std::string& command : commands_of(help)) {
      if (command == "help" || command == "version") continue;
      paths.push_back(paths[at]);
      paths.back().push_back(command);
    }
    EXPECT_NE(installed().text(page).find(".SH SYNOPSIS\n.nf\n" + help.substr(0, 8)), std::string::npos)
        << page;
    if (!fs::exists("/usr/bin/groff")) continue;
    const Finished checked =
        run({.argv = {"/usr/bin/groff", "-man", "-ww", "-z", installed().path(page).string()},
             .env = {"PATH=/usr/bin:/bin"}});
    EXPECT_EQ(checked.status + checked.standard_error, "exit:0") << page;
  }
  EXPECT_GE(paths.size(), 12U);
}

TEST(Install, completions_name_every_option_of_the_help) {
  // An option starts a word of the help; written here apart from the generator, as a pattern.
  const std::regex option("(^|[\\s,(|\\[{])(--?[A-Za-z][-A-Za-z0-9]*)");
  for (const auto& [program, directory] : installed().programs()) {
    const std::string data = installed().data(program);
    const std::string bash = installed().text(data + "bash-completion/completions/" + program);
    const std::string zsh = installed().text(data + "zsh/site-functions/_" + program);
    const std::string fish = installed().text(data + "fish/vendor_completions.d/" + program + ".fish");
    EXPECT_NE(bash, "") << program;
    EXPECT_NE(zsh, "") << program;
    EXPECT_NE(fish, "") << program;
    static const std::set<std::string> kWithoutHelp = {"kaem-minimal", "match", "rm"};
    if (kWithoutHelp.contains(program)) continue;
    const Finished said = installed().ask(program, "--help");
    const std::string help = said.standard_output + said.standard_error;
    for (std::sregex_iterator at(help.begin(), help.end(), option), end; at != end; ++at) {
      const std::string word = (*at)[2];
      EXPECT_TRUE(std::regex_search(bash, std::regex("[' ]" + word + "[' ]"))) << program << " " << word;
      EXPECT_NE(zsh.find("'" + word + "'"), std::string::npos) << program << " " << word;
      const std::string bare = word.substr(word.starts_with("--") ? 2 : 1);
      EXPECT_TRUE(std::regex_search(fish, std::regex(" -[lso] " + bare + "\n"))) << program << " " << word;
    }
  }
}

/// What bash offers for the last of these words, which is being typed; the first is the program.
std::string offered(const std::vector<std::string>& words) {
  const std::string& program = words.front();
  std::string function = "_" + program;
  std::replace(function.begin(), function.end(), '-', '_');
  std::vector<std::string> argv = {
      "/bin/bash",
      "--norc",
      "-c",
      R"(. "$1"; f=$2; shift 2; COMP_WORDS=("$@"); COMP_CWORD=$(($#-1)); $f; echo "${COMPREPLY[*]}")",
      "bash",
      installed().path(installed().data(program) + "bash-completion/completions/" + program),
      function};
  argv.insert(argv.end(), words.begin(), words.end());
  const Finished said = run({.argv = argv, .env = {"PATH=/usr/bin:/bin"}});
  return said.standard_output + said.standard_error;
}

TEST(Install, bash_completes_commands_options_and_their_values) {
  EXPECT_EQ(offered({"assay", "pre"}), "preflight\n");
  EXPECT_EQ(offered({"assay", "image", "e"}), "extract\n");
  EXPECT_EQ(offered({"assay", "help", "verd"}), "verdicts\n");
  EXPECT_EQ(offered({"assay", "preflight", "--ro"}), "--road\n");
  EXPECT_EQ(offered({"assay", "preflight", "--road", ""}), "seed reference both cross\n");
  EXPECT_EQ(offered({"assay", "preflight", "tree", "--arch", "riscv"}), "riscv32 riscv64\n");
  // As bash takes "--arch=A" apart.
  EXPECT_EQ(offered({"assay", "run", "--arch", "=", "A"}), "AMD64 AArch64\n");
  EXPECT_EQ(offered({"assay", "image", "build", "--kind", "c"}), "cpio\n");
  EXPECT_EQ(offered({"hex0", "--dialect", "k"}), "knight\n");
  EXPECT_EQ(offered({"kaem-minimal", "--di"}), "--dialect\n");
  EXPECT_EQ(offered({"M1", "--architecture", "knight-"}), "knight-native knight-posix\n");
  // Files are left to bash.
  EXPECT_EQ(offered({"assay", "preflight", "--json", ""}), "\n");
  EXPECT_EQ(offered({"assay", "preflight", "sta"}), "\n");
}

TEST(Install, every_command_of_assay_has_its_options_completed) {
  const std::string zsh = installed().text("share/zsh/site-functions/_assay");
  const std::string fish = installed().text("share/fish/vendor_completions.d/assay.fish");
  EXPECT_NE(zsh.find("(' preflight --road') compadd -- seed reference both cross; return"),
            std::string::npos);
  EXPECT_NE(fish.find("complete -c assay -n '__fish_seen_subcommand_from preflight' -x -a 'seed reference "
                      "both cross' -l road\n"),
            std::string::npos);
  EXPECT_NE(fish.find("complete -c assay -n '__fish_use_subcommand' -f -a 'preflight "), std::string::npos);
}

}  // namespace
}  // namespace assay::test

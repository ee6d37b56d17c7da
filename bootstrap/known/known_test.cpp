// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "bootstrap/check/answers.h"
#include "bootstrap/known/cause.h"
#include "core/digest.h"
#include "core/memory_tree.h"
#include "tests/support/subprocess.h"

namespace assay::bootstrap {
namespace {

std::string digest_of(std::string_view text) { return sha256(as_bytes(text)); }

/// A chain of three steps: two copy a source each, the third reads what they made and fails.
struct Small {
  std::shared_ptr<MemoryTree> files = std::make_shared<MemoryTree>();
  Tree tree;
  ChainResult result;

  Small() {
    files->put("a.c", to_bytes("int a;\nint b;\n"));
    files->put("b.c", to_bytes("int c;\n"));
    files->put("kaem.amd64", to_bytes("script\n"));
    files->put("seed", to_bytes("seed"));
    tree = {"small", TreeKind::stage0_posix, files, {find_architecture("AMD64")}, {}};
    result.chain.architecture = find_architecture("AMD64");
    step("seed", {"a.c"}, {"a.o"}, Verdict::equal);
    step("seed", {"b.c"}, {"b.o"}, Verdict::equal);
    step("b.o", {"a.o", "b.o"}, {"c"}, Verdict::equal);
    step("c", {}, {}, Verdict::equal);
    result.verdict = ChainVerdict::pass;
  }

  void step(std::string program, std::vector<std::string> inputs, const std::vector<std::string>& outputs,
            Verdict verdict) {
    Command command;
    command.program = std::move(program);
    command.script = "kaem.amd64";
    command.inputs = std::move(inputs);
    command.outputs = outputs;
    StepResult step;
    step.command = result.chain.commands.size();
    step.verdict = verdict;
    for (const std::string& path : outputs) step.outputs.push_back({path, digest_of("good " + path), 0, 0});
    result.chain.commands.push_back(std::move(command));
    result.steps.push_back(std::move(step));
  }

  void makes(std::size_t step, std::string_view other) {
    result.steps[step].outputs[0].sha256 = digest_of(other);
  }

  [[nodiscard]] KnownState state(std::string name = "small 1") const {
    return state_of(std::move(name), std::span(&result, 1), *files);
  }

  [[nodiscard]] std::optional<Comparison> compared(const std::vector<KnownState>& states,
                                                   const FileTree* known = nullptr) const {
    return compare_with_known(tree, std::span(&result, 1), states, known);
  }
};

TEST(KnownState, is_read_line_by_line_and_strange_lines_are_refused) {
  const std::string digest(32, 'a');
  const Result<KnownState> state = read_known_state(
      fmt::format("# words\nstate s 1\nsources AMD64 x86\n{} a b.c\n\nproducts x86\n{} o\n{} o\n", digest,
                  digest, digest));
  ASSERT_TRUE(state) << state.error().message;
  EXPECT_EQ(state->name, "s 1");
  EXPECT_EQ(state->chain("AMD64")->sources.at("a b.c"), digest);
  EXPECT_EQ(state->chain("x86")->sources.at("a b.c"), digest);
  EXPECT_EQ(state->chain("x86")->products.at("o").size(), 2U);
  EXPECT_EQ(state->chain("riscv64"), nullptr);
  EXPECT_EQ(read_known_state("state s\nsources x86\nnonsense\n").error().message,
            "line 3 says nothing that is known");
  EXPECT_FALSE(read_known_state(fmt::format("state s\n{} a\n", digest))) << "of no architecture";
  EXPECT_FALSE(read_known_state("sources x86\n")) << "no name";
}

TEST(KnownState, of_a_tree_has_its_other_files_and_the_lines_of_its_sources) {
  const std::string digest(32, 'a');
  const std::string other(32, 'b');
  const Result<KnownState> old = read_known_state(
      fmt::format("state s 1\nothers like s 2\n{} README\n- gone\nlines\n{} 47yp\n", other, digest));
  ASSERT_TRUE(old) << old.error().message;
  EXPECT_EQ(old->others_like, "s 2");
  EXPECT_EQ(old->line_codes.at(digest), "47yp");
  std::vector<KnownState> states{
      *old,
      *read_known_state(fmt::format("state s 2\nothers\n{0} README\n{0} gone\n{0} makefile\n", digest))};
  complete_others(states);
  EXPECT_EQ(states[0].others, (Digests{{"README", other}, {"makefile", digest}}));
  EXPECT_EQ(states[1].others.size(), 3U);
  EXPECT_FALSE(read_known_state("state s\nlines\n- x\n"));
  EXPECT_FALSE(read_known_state(fmt::format("state s\nsources\n{} x\n", digest)));
}

TEST(KnownState, a_shortened_digest_stands_for_the_whole_but_not_a_stub) {
  const std::string whole = digest_of("x");
  EXPECT_TRUE(is_digest_of(whole, whole));
  EXPECT_TRUE(is_digest_of(whole.substr(0, 32), whole));
  EXPECT_FALSE(is_digest_of(whole.substr(0, 31), whole));
  EXPECT_FALSE(is_digest_of("", whole));
  EXPECT_FALSE(is_digest_of(digest_of("y").substr(0, 32), whole));
}

TEST(KnownState, the_releases_are_built_in_with_both_kinds_of_files) {
  const std::vector<KnownState>& states = built_in_states();
  ASSERT_FALSE(states.empty());
  EXPECT_EQ(states.front().name, "stage0-posix 1.9.1");
  for (const KnownState& state : states) {
    EXPECT_FALSE(state.chains.empty()) << state.name;
    for (const KnownChain& chain : state.chains) {
      EXPECT_NE(find_architecture(chain.architecture), nullptr) << chain.architecture;
      EXPECT_GT(chain.sources.size(), 50U) << state.name;
      EXPECT_GT(chain.products.size(), 50U) << state.name;
    }
  }
}

// The releases themselves, where they lie below ~/.cache/assay/releases.
TEST(KnownState, the_sources_of_a_release_are_what_its_state_says) {
  std::size_t found = 0;
  for (const KnownState& state : built_in_states()) {
    const std::string version = state.name.substr(state.name.rfind(' ') + 1);
    const auto path = test::find_tree("releases/Release_" + version);
    if (!path) continue;
    ++found;
    const Result<Tree> tree = open_tree(path->string());
    ASSERT_TRUE(tree) << tree.error().message;
    TreeDigests digests(*tree->files);
    for (const auto& [file, digest] : state.others)
      EXPECT_TRUE(is_digest_of(digest, digests.of(file))) << state.name << ": " << file;
    for (const KnownChain& chain : state.chains) {
      for (const auto& [file, digest] : chain.sources)
        EXPECT_TRUE(is_digest_of(digest, digests.of(file))) << state.name << ": " << file;
      // Its answers are products, mostly, and the list says what they are.
      const auto list = tree->files->read(answers_path(*find_architecture(chain.architecture)));
      ASSERT_TRUE(list) << chain.architecture;
      std::string_view rest = as_text(**list);
      while (!rest.empty()) {
        const AnswerLine answer = next_answer(rest);
        const auto made = chain.products.find(answer.path);
        // 1.5.0 lists a file that comes with the tree too.
        const std::string digest =
            made != chain.products.end() ? made->second.back() : digests.of(std::string(answer.path));
        EXPECT_TRUE(is_digest_of(digest, answer.digest)) << state.name << ": " << answer.path;
      }
    }
  }
  if (found == 0) GTEST_SKIP() << "no releases below ASSAY_TREES or ~/.cache/assay";
}

TEST(Standing, names_the_state_and_what_is_changed_missing_and_added) {
  Small small;
  const KnownState good = small.state();
  EXPECT_TRUE(small.compared({good})->standing.alike);
  EXPECT_TRUE(small.compared({good})->standing.changed.empty());
  EXPECT_FALSE(small.compared({good})->causes[0]) << "nothing is wrong";

  small.files->put("a.c", to_bytes("int d;\n"));
  ASSERT_TRUE(small.files->remove("b.c"));
  small.files->put("new.h", to_bytes("x"));
  small.result.chain.commands[0].inputs.push_back("new.h");
  const Standing standing = small.compared({good})->standing;
  EXPECT_EQ(standing.state, "small 1");
  EXPECT_EQ(standing.changed, std::vector<std::string>{"a.c"});
  EXPECT_EQ(standing.missing, std::vector<std::string>{"b.c"});
  EXPECT_EQ(standing.added, std::vector<std::string>{"new.h"});
}

TEST(Standing, is_towards_the_nearest_state) {
  Small small;
  const KnownState here = small.state("here");
  small.files->put("a.c", to_bytes("other"));
  const KnownState there = small.state("there");
  EXPECT_EQ(small.compared({here, there})->standing.state, "there");
  KnownState foreign = there;
  foreign.chains[0].architecture = "x86";
  EXPECT_FALSE(small.compared({foreign})) << "it knows nothing of AMD64";
  small.files->put("b.c", to_bytes("other"));
  small.files->put("kaem.amd64", to_bytes("other"));
  small.files->put("seed", to_bytes("other"));
  EXPECT_FALSE(small.compared({here})->standing.alike);
}

std::string changes_text(const std::vector<FileChange>& changes) {
  std::string text;
  for (const FileChange& one : changes) text += (text.empty() ? "" : "; ") + place_text(one);
  return text;
}

TEST(Standing, says_in_which_lines_files_are_changed_where_their_codes_are_known) {
  Small small;
  small.files->put("b.c", to_bytes("1\n2\n3\n4\n5\n6\n7\n8\n9\n"));
  small.files->put("README", to_bytes("words\n"));
  KnownState good = small.state();
  good.line_codes[digest_of("1\n2\n3\n4\n5\n6\n7\n8\n9\n").substr(0, 32)] =
      line_codes("1\n2\n3\n4\n5\n6\n7\n8\n9\n");
  KnownState older = good;
  older.name = "small 0";
  older.chains[0].sources["b.c"] = digest_of("old\n");
  const auto with = [&](std::string_view text) {
    small.files->put("b.c", to_bytes(text));
    const Comparison compared = *small.compared({good, older});
    EXPECT_EQ(compared.standing.changed, std::vector<std::string>{"b.c"});
    return changes_text(compared.standing.changes);
  };
  EXPECT_EQ(with("1\n2\n33\n4\n5\n6\n7\n8\n9\n"), "b.c:3");
  EXPECT_EQ(with("1\n2\n4\n5\n6\n7\n8\n9\n"), "b.c:3 (a line is missing)");
  EXPECT_EQ(with("1\n2\n3\n3\n3\n4\n5\n6\n7\n8\n9\n"), "b.c:3 (2 lines are new)");
  EXPECT_EQ(with("1\n2\n3\n4\n5\n"), "b.c:6 (the file ends here, 4 lines are missing)");
  EXPECT_EQ(with("x\n2\nx\n4\nx\ny\n6\nx\n8\n9\n"),
            "b.c:1, :3, :5 (2 lines instead of a line) and 1 more place");
  EXPECT_EQ(with("1\r\n2\r\n3\r\n4\r\n5\r\n6\r\n7\r\n8\r\n9\r\n"), "b.c (its lines end with CR LF)");
  EXPECT_EQ(with(""), "b.c (it is empty)");
  EXPECT_EQ(with("int a;\nint b;\n"), "b.c (it is what a.c should be)");
  EXPECT_EQ(with(std::string_view("\0\n", 2)), "b.c") << "no text";

  small.files->put("README", to_bytes("other words\n"));
  EXPECT_EQ(changes_text(small.compared({good})->standing.unread), "README");
  small.files->put("b.c", to_bytes("old\n"));
  good.chains[0].sources.at("seed") = digest_of("old seed");
  older.chains[0].sources.at("seed") = digest_of("older seed");
  older.chains[0].sources.at("kaem.amd64") = digest_of("older");
  EXPECT_EQ(changes_text(small.compared({good, older})->standing.changes), "b.c (as in small 0); seed");
}

TEST(Standing, of_releases_with_the_same_chains_is_told_by_the_rest_of_the_tree) {
  Small small;
  small.files->put("CHANGES", to_bytes("two\n"));
  const KnownState two = small.state("two");
  small.files->put("CHANGES", to_bytes("one\n"));
  const KnownState one = small.state("one");
  EXPECT_EQ(small.compared({two, one})->standing.state, "one");
  EXPECT_TRUE(small.compared({two, one})->standing.unread.empty());
  EXPECT_EQ(small.compared({two})->standing.unread.size(), 1U);
}

TEST(Standing, a_script_that_begins_to_be_read_is_changed_and_not_new) {
  Small small;
  small.files->put("after.kaem", to_bytes("echo\n"));
  const KnownState good = small.state();
  small.files->put("after.kaem", to_bytes("./c\n"));
  small.result.chain.commands[3].inputs.push_back("after.kaem");
  const Standing standing = small.compared({good})->standing;
  EXPECT_EQ(standing.changed, std::vector<std::string>{"after.kaem"});
  EXPECT_TRUE(standing.added.empty());
}

TEST(Cause, is_the_first_departing_product_that_the_failing_step_comes_from) {
  Small small;
  const KnownState good = small.state();
  // a.c was changed and what is made of it is the same; b.c was, and is not.
  small.files->put("a.c", to_bytes("int a;\nint b; // once more\n"));
  small.files->put("b.c", to_bytes("int e;\n"));
  small.makes(1, "bad b.o");
  small.makes(2, "bad c");
  small.result.steps[3].verdict = Verdict::failed;
  small.result.verdict = ChainVerdict::fail;
  const std::optional<Cause> cause = small.compared({good})->causes[0];
  ASSERT_TRUE(cause);
  EXPECT_EQ(cause->step, 1U);
  EXPECT_EQ(cause->product, "b.o");
  EXPECT_EQ(cause->changed, std::vector<std::string>{"b.c"});
  EXPECT_TRUE(cause->lines.empty());
}

TEST(Cause, of_a_wrong_answer_is_followed_from_its_file) {
  Small small;
  small.files->put("amd64.answers",
                   to_bytes(fmt::format("{}  a.o\n{}  b.o\n", digest_of("good a.o"), digest_of("good b.o"))));
  small.result.chain.commands[3].inputs.push_back("amd64.answers");
  const KnownState good = small.state();
  small.files->put("a.c", to_bytes("int f;\n"));
  small.makes(0, "bad a.o");
  small.makes(2, "bad c");
  small.result.verdict = ChainVerdict::fail;
  small.result.findings.push_back({"answers-mismatch", Severity::error, "amd64.answers", 1, 1, "", ""});
  const std::optional<Cause> cause = small.compared({good})->causes[0];
  ASSERT_TRUE(cause);
  EXPECT_EQ(cause->step, 0U);
  EXPECT_EQ(cause->changed, std::vector<std::string>{"a.c"});

  // A stale list: what is made is as known.
  Small stale;
  stale.files->put("amd64.answers", to_bytes(digest_of("good a.o") + "  a.o\n"));
  stale.result.chain.commands[3].inputs.push_back("amd64.answers");
  const KnownState before = stale.state();
  stale.files->put("amd64.answers", to_bytes(std::string(64, '0') + "  a.o\n"));
  stale.result.verdict = ChainVerdict::fail;
  stale.result.findings.push_back({"answers-mismatch", Severity::error, "amd64.answers", 1, 1, "", ""});
  const std::optional<Cause> list = stale.compared({before})->causes[0];
  ASSERT_TRUE(list);
  EXPECT_FALSE(list->step);
  EXPECT_EQ(list->changed, std::vector<std::string>{"amd64.answers"});
}

TEST(Cause, of_a_wrong_answer_is_not_what_is_right_in_the_same_list) {
  Small small;
  const auto list = [](std::string_view a, std::string_view b) {
    return to_bytes(fmt::format("{}  a.o\n{}  b.o\n", digest_of(a), digest_of(b)));
  };
  MemoryTree known;
  known.put("amd64.answers", list("good a.o", "good b.o"));
  small.files->put("amd64.answers", list("good a.o", "good b.o"));
  small.files->put("c.h", to_bytes("int e;\n"));
  small.result.chain.commands[3].inputs = {"amd64.answers", "a.o", "b.o", "c.h"};
  const KnownState good = small.state();
  // An honest change, in the list too, and one that is not.
  small.files->put("b.c", to_bytes("int honest;\n"));
  small.files->put("amd64.answers", list("good a.o", "honest b.o"));
  small.files->put("a.c", to_bytes("int wrong;\n"));
  small.makes(0, "bad a.o");
  small.makes(1, "honest b.o");
  small.result.steps[3].verdict = Verdict::failed;
  small.result.verdict = ChainVerdict::fail;
  small.result.findings.push_back({"answers-mismatch", Severity::error, "amd64.answers", 1, 1, "", ""});
  EXPECT_EQ(small.compared({good}, &known)->causes[0]->changed, std::vector<std::string>{"a.c"});
  // Where the line of the list is another one, the list may be why.
  small.result.findings[0].line = 2;
  EXPECT_EQ(small.compared({good}, &known)->causes[0]->changed,
            (std::vector<std::string>{"amd64.answers", "b.c"}));
}

TEST(Cause, a_changed_script_is_named_and_parts_go_with_their_whole) {
  Small small;
  Command part = small.result.chain.commands[2];
  part.parent = part.part_of = 3;
  part.outputs = {"part"};
  small.result.chain.commands.push_back(part);
  StepResult step;
  step.command = 4;
  step.verdict = Verdict::equal;
  step.outputs.push_back({"part", digest_of("good part"), 0, 0});
  small.result.steps.insert(small.result.steps.begin() + 3, step);
  const KnownState good = small.state();
  small.files->put("kaem.amd64", to_bytes("other script\n"));
  small.result.steps[3].outputs[0].sha256 = digest_of("bad part");
  small.result.steps[4].verdict = Verdict::failed;
  small.result.verdict = ChainVerdict::fail;
  const std::optional<Cause> cause = small.compared({good})->causes[0];
  ASSERT_TRUE(cause);
  EXPECT_EQ(cause->product, "part");
  EXPECT_EQ(cause->changed, std::vector<std::string>{"kaem.amd64"});
}

TEST(Cause, has_the_changed_lines_where_the_other_tree_is_at_hand) {
  Small small;
  const KnownState good = small.state();
  const MemoryTree before = small.files->copy();
  small.files->put("a.c", to_bytes("int a;\nint bb;\n"));
  small.makes(0, "bad a.o");
  small.result.steps[2].verdict = Verdict::differ;
  small.result.verdict = ChainVerdict::fail;
  const std::optional<Cause> cause = small.compared({good}, &before)->causes[0];
  ASSERT_TRUE(cause);
  ASSERT_EQ(cause->lines.size(), 1U);
  EXPECT_EQ(cause->lines[0].path, "a.c");
  EXPECT_EQ(cause->lines[0].line, 2U);
  EXPECT_EQ(cause->lines[0].known, "int b;");
  EXPECT_EQ(cause->lines[0].here, "int bb;");
}

TEST(ChangedLines, are_few_and_a_line_put_in_hides_no_more_than_it_moves) {
  const std::vector<Cause::Line> put_in = changed_lines("f", "1\n2\n3\n", "1\nnew\n2\n3\n", 5);
  ASSERT_EQ(put_in.size(), 1U);
  EXPECT_EQ(put_in[0].line, 2U);
  EXPECT_EQ(put_in[0].known, "");
  EXPECT_EQ(put_in[0].here, "new");
  EXPECT_EQ(changed_lines("f", "1\n2\n3\n", "a\nb\nc\n", 2).size(), 2U);
  EXPECT_TRUE(changed_lines("f", "1\n", "1\n", 2).empty());
}

TEST(Report, as_json_is_a_state_too) {
  const std::string json = R"({"chains": [
    {"arch": "x86", "verdict": "fail", "sources": [], "steps": []},
    {"arch": "AMD64", "verdict": "pass", "sources": [{"path": "a.c", "sha256": "01"}],
     "steps": [{"outputs": [{"path": "o", "sha256": "02"}]}]}]})";
  const Result<KnownState> state = state_of_report("mine", json);
  ASSERT_TRUE(state) << state.error().message;
  EXPECT_EQ(state->name, "mine");
  ASSERT_EQ(state->chains.size(), 1U);
  EXPECT_EQ(state->chains[0].sources.at("a.c"), "01");
  EXPECT_EQ(state->chains[0].products.at("o").front(), "02");
  EXPECT_FALSE(state_of_report("mine", "{"));
  EXPECT_FALSE(state_of_report("mine", R"({"chains": []})")) << "nothing good in it";
}

TEST(Standing, of_a_tree_whose_every_file_was_touched_is_told_by_its_lines) {
  constexpr std::string_view kText = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
  Small small;
  for (const std::string path : {"a.c", "b.c", "kaem.amd64", "seed"})
    small.files->put(path, to_bytes(path + "\n" + std::string(kText)));
  KnownState good = small.state();
  for (const auto& [path, digest] : good.chains[0].sources)
    good.line_codes[digest.substr(0, 32)] = line_codes(path + "\n" + std::string(kText));
  KnownState other = small.state("small 0");
  other.chains[0].sources["seed"] = digest_of("no such text");
  for (const std::string path : {"a.c", "kaem.amd64", "seed"})
    small.files->put(path, to_bytes(path + "\n" + std::string(kText) + "# ours\n"));
  small.files->put("b.c", to_bytes("b.c\n1\n2\n3\n4\nwrong\n6\n7\n8\n9\n// ours\n"));
  const Comparison compared = *small.compared({other, good});
  EXPECT_TRUE(compared.standing.alike);
  EXPECT_TRUE(compared.standing.by_lines);
  EXPECT_EQ(compared.standing.state, "small 1");
  for (const FileChange& change : compared.standing.changes)
    EXPECT_EQ(change.words_only, change.path == "kaem.amd64" || change.path == "seed") << place_text(change);

  for (const std::string path : {"a.c", "b.c", "kaem.amd64", "seed"})
    small.files->put(path, to_bytes("new\n"));
  EXPECT_FALSE(small.compared({good})->standing.alike);
}

TEST(Cause, names_sources_in_the_order_of_the_steps_and_those_that_differ_in_words_last) {
  Small small;
  std::swap(small.result.chain.commands[0].inputs, small.result.chain.commands[1].inputs);
  const KnownState good = small.state();
  MemoryTree known;
  for (const std::string path : {"a.c", "b.c"}) known.put(path, **small.files->read(path));
  small.makes(0, "another a.o");
  small.makes(1, "another b.o");
  small.makes(2, "another c");
  small.result.steps[3].verdict = Verdict::failed;
  small.result.verdict = ChainVerdict::fail;
  const auto named = [&](std::string_view a, std::string_view b) {
    small.files->put("a.c", to_bytes(a));
    small.files->put("b.c", to_bytes(b));
    const std::optional<Cause> cause = small.compared({good}, &known)->causes[0];
    return cause ? cause->changed : std::vector<std::string>{};
  };
  EXPECT_EQ(named("int a;\nint x;\n", "int x;\n"), (std::vector<std::string>{"b.c", "a.c"}));
  EXPECT_EQ(named("int a;\nint x;\n", "int c; // words\n"), (std::vector<std::string>{"a.c", "b.c"}));
}

}  // namespace
}  // namespace assay::bootstrap

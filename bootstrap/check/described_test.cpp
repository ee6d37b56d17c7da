// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Chains that a description tells of, checked.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <algorithm>
#include <array>

#include "bootstrap/chain/described_tree.h"
#include "bootstrap/check/preflight.h"
#include "bootstrap/roads/step_cache.h"
#include "bootstrap/tree/testing/one_chain.h"
#include "core/digest.h"
#include "core/memory_tree.h"
#include "tests/support/subprocess.h"

namespace assay::bootstrap {
namespace {

Tree described(std::shared_ptr<const FileTree> files, const std::string& text) {
  DiagnosticList said;
  const Result<Tree> tree = described_tree("tree", std::move(files), {"assay.toml", as_bytes(text)}, said);
  EXPECT_TRUE(tree.has_value()) << (said.all.empty() ? "" : said.all.front().message);
  return *tree;
}

ChainResult checked(const Tree& tree) {
  PreflightOptions options;
  options.keep_files = true;
  options.jobs = 2;
  return preflight(tree, options).front();
}

bool has(const ChainResult& result, std::string_view id) {
  return std::ranges::find(result.findings, id, &Finding::id) != result.findings.end();
}

std::string said_by(const ChainResult& result) {
  std::string text;
  for (const Finding& one : result.findings)
    text += fmt::format("{}:{}: {} [{}]\n", one.file, one.line, one.message, one.id);
  return text;
}

/// The seeds of our own tree for riscv64 and their texts, under names that no layout has.
std::shared_ptr<MemoryTree> small_tree(const std::string& script) {
  const Tree tree = one_chain();
  const ChainDescription layout = tree.chain_of(*tree.architectures.front());
  auto files = std::make_shared<MemoryTree>();
  const std::array<std::string_view, 2> names{"first", "second"};
  for (std::size_t seed = 0; seed < names.size(); ++seed) {
    files->put(fmt::format("seeds/{}", names[seed]), **tree.files->read(layout.seeds[seed].file), 0755);
    files->put(fmt::format("text/{}.hex0", names[seed]),
               **tree.files->read(layout.seeds[seed].sources.front()));
  }
  files->put("build", to_bytes(script));
  return files;
}

const std::string kBegin = "format = 1\n[chain]\nmachine = \"riscv64\"\ndirectories = [\"out\"]\n";
const std::string kBoot = kBegin + "boot = [\"./seeds/second\", \"build\"]\nanswers = \"list\"\n";
const std::string kSeeds =
    "[[seed]]\nfile = \"seeds/first\"\nsource = \"text/first.hex0\"\n[[seed]]\nfile = "
    "\"seeds/second\"\nsource = \"text/second.hex0\"\n";
const std::string kCommand = "./seeds/first text/first.hex0 out/first\n";

std::string answer_for(const MemoryTree& files) {
  return sha256(**files.read("seeds/first")) + "  out/first\n";
}

// By the digests of its sources alone: no name tells what these programs are.
TEST(DescribedTree, seeds_of_known_sources_go_both_roads) {
  const auto files = small_tree(kCommand);
  files->put("list", to_bytes(answer_for(*files)));
  const ChainResult result = checked(described(files, kBoot + kSeeds));
  EXPECT_EQ(result.verdict, ChainVerdict::pass) << said_by(result);
  EXPECT_EQ(result.count(Verdict::equal), 1U);
  EXPECT_TRUE(result.chain.commands.front().interprets);
  EXPECT_EQ(result.answers.ok, 1U);
}

TEST(DescribedTree, a_script_that_nothing_interprets_is_played) {
  const auto files = small_tree(kCommand + "./out/first text/first.hex0 out/again\n");
  files->put("list", to_bytes(answer_for(*files)));
  const ChainResult result =
      checked(described(files, kBegin + "script = \"build\"\nanswers = \"list\"\n" + kSeeds +
                                   "[[same]]\nfiles = [\"out/first\", \"out/again\", \"seeds/first\"]\n"));
  EXPECT_EQ(result.verdict, ChainVerdict::pass) << said_by(result);
  EXPECT_EQ(result.count(Verdict::equal), 2U);
  EXPECT_TRUE(has(result, "chain-script-played"));
}

TEST(DescribedTree, a_played_script_ends_with_the_first_command_that_fails) {
  const auto files = small_tree("./seeds/first text/none out/none\n" + kCommand);
  const ChainResult result = checked(described(files, kBegin + "script = \"build\"\n" + kSeeds));
  EXPECT_EQ(result.verdict, ChainVerdict::fail);
  EXPECT_EQ(result.steps.front().verdict, Verdict::failed) << said_by(result);
}

TEST(DescribedTree, without_a_list_of_answers_it_is_incomplete) {
  const ChainResult result =
      checked(described(small_tree(kCommand), kBegin + "script = \"build\"\n" + kSeeds));
  EXPECT_EQ(result.verdict, ChainVerdict::incomplete);
  EXPECT_TRUE(has(result, "answers-missing"));
}

TEST(DescribedTree, a_seed_without_source_is_no_pass) {
  const auto files = small_tree(kCommand);
  files->put("list", to_bytes(answer_for(*files)));
  const ChainResult result =
      checked(described(files, kBoot + "[[seed]]\nfile = \"seeds/first\"\n[[seed]]\nfile = "
                                       "\"seeds/second\"\nsource = \"text/second.hex0\"\n"));
  EXPECT_EQ(result.verdict, ChainVerdict::incomplete) << said_by(result);
  EXPECT_TRUE(has(result, "seed-without-source"));
  EXPECT_EQ(result.count(Verdict::equal), 1U);
}

TEST(DescribedTree, a_changed_seed_is_found_by_its_source) {
  const auto files = small_tree(kCommand);
  Bytes seed = **files->read("seeds/first");
  seed.back() ^= 1;
  files->put("seeds/first", seed, 0755);
  const ChainResult result = checked(described(files, kBegin + "script = \"build\"\n" + kSeeds));
  EXPECT_EQ(result.verdict, ChainVerdict::fail);
  EXPECT_TRUE(has(result, "seed-differs-from-source")) << said_by(result);
}

// As a clone without git-lfs leaves large files.
TEST(DescribedTree, a_pointer_of_git_lfs_is_told) {
  const auto files = small_tree("./seeds/first text/more out/more\n");
  const Bytes pointer = to_bytes("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n");
  files->put("text/more", pointer);
  const ChainResult read = checked(described(files, kBegin + "script = \"build\"\n" + kSeeds));
  EXPECT_EQ(read.verdict, ChainVerdict::fail);
  EXPECT_TRUE(has(read, "tree-lfs-pointer")) << said_by(read);
  files->put("build", to_bytes(kCommand));
  files->put("text/first.hex0", pointer);
  const ChainResult seed = checked(described(files, kBegin + "script = \"build\"\n" + kSeeds));
  EXPECT_EQ(seed.verdict, ChainVerdict::fail);
  EXPECT_TRUE(has(seed, "tree-lfs-pointer")) << said_by(seed);
}

TEST(DescribedTree, a_seed_that_is_not_shipped_is_what_its_source_says) {
  const auto files = small_tree(kCommand);
  files->put("list", to_bytes(answer_for(*files)));
  (void)files->remove("seeds/first");
  const ChainResult result = checked(described(files, kBoot + kSeeds));
  EXPECT_EQ(result.verdict, ChainVerdict::pass) << said_by(result);
  EXPECT_TRUE(has(result, "seed-assembled"));
}

TEST(DescribedTree, what_must_be_the_same_and_is_not_is_an_error) {
  const ChainResult result =
      checked(described(small_tree(kCommand), kBegin + "script = \"build\"\n" + kSeeds +
                                                  "[[same]]\nfiles = [\"seeds/second\", \"out/first\"]\n"
                                                  "[[same]]\nfiles = [\"seeds/second\", \"out/none\"]\n"));
  EXPECT_EQ(result.verdict, ChainVerdict::fail);
  EXPECT_TRUE(has(result, "fixed-point-differs")) << said_by(result);
  EXPECT_TRUE(has(result, "fixed-point-missing"));
}

// The description calls the copy of a known hex0 a catm: its sources say more. What it says of others is
// compared with what they do, and held against nobody.
TEST(DescribedTree, a_wrong_role_makes_no_tree_fail) {
  const auto files = small_tree(kCommand);
  files->put("list", to_bytes(answer_for(*files)));
  Bytes text = **files->read("text/first.hex0");
  const ChainResult known =
      checked(described(files, kBoot + kSeeds + "[[program]]\nfile = \"seeds/first\"\nrole = \"catm\"\n"));
  EXPECT_EQ(known.verdict, ChainVerdict::pass) << said_by(known);
  const Bytes more = to_bytes("00 # one byte more: nobody knows this source\n");
  text.insert(text.end(), more.begin(), more.end());
  files->put("text/first.hex0", text);
  (void)files->remove("seeds/first");
  files->put("list", {});
  for (const std::string role : {"catm", "cc", "M1", "kaem", "sha256sum", "hex2-0", "kaem-minimal"}) {
    const ChainResult other = checked(
        described(files, kBoot + kSeeds + "[[program]]\nfile = \"seeds/first\"\nrole = \"" + role + "\"\n"));
    EXPECT_EQ(other.verdict, ChainVerdict::incomplete) << role << '\n' << said_by(other);
    EXPECT_EQ(other.count(Verdict::equal), 1U) << role;
  }
}

// "Hi" for a machine whose words begin with the high byte: 10 01, the address of text, 14 ...
TEST(DescribedTree, parameters_make_another_hex2) {
  auto files = std::make_shared<MemoryTree>();
  files->put("text/hex0.hex0", to_bytes("00 01 02\n"));
  files->put("text/a", to_bytes(":start 10 $text 43 @stop :text 48 :stop\n"));
  files->put("build", to_bytes("./tool text/a out/a\n"));
  const ChainResult result = checked(
      described(files,
                "format = 1\n[chain]\nname = \"toy\"\nmachine = \"none\"\ndialect = \"AMD64\"\nscript = "
                "\"build\"\ndirectories = [\"out\"]\n[[seed]]\nfile = \"tool\"\nsource = "
                "\"text/hex0.hex0\"\n[[program]]\nfile = \"tool\"\nrole = \"hex2-0\"\nbase-address = "
                "0x100\nendianness = "
                "\"big\"\nreferences = { \"@\" = \"relative 2\", \"$\" = \"absolute 2\" }\n"));
  EXPECT_EQ(result.verdict, ChainVerdict::incomplete) << said_by(result);
  ASSERT_EQ(result.steps.front().reference_files.size(), 1U) << said_by(result);
  EXPECT_EQ(*result.steps.front().reference_files.front().bytes,
            (Bytes{0x10, 0x01, 0x06, 0x43, 0x00, 0x01, 0x48}));
}

TEST(DescribedTree, files_are_placed_before_anything_runs) {
  const auto files = small_tree("./copy/first text/first.hex0 out/first\n");
  files->put("list", to_bytes(answer_for(*files)));
  const ChainResult result = checked(
      described(files, kBegin + "script = \"build\"\nanswers = \"list\"\n[[place]]\nfrom = \"seeds\"\nto = "
                                "\"copy\"\n[[seed]]\nfile = \"copy/first\"\nsource = \"text/first.hex0\"\n"));
  EXPECT_EQ(result.verdict, ChainVerdict::pass) << said_by(result);
}

/// Another interpreter than the one that is known: one byte more behind its end.
std::shared_ptr<MemoryTree> with_unknown_interpreter(const std::string& script) {
  auto files = small_tree(script);
  Bytes text = **files->read("text/second.hex0");
  const Bytes more = to_bytes("00\n");
  text.insert(text.end(), more.begin(), more.end());
  files->put("text/second.hex0", text);
  (void)files->remove("seeds/second");
  files->put("list", to_bytes(answer_for(*files)));
  return files;
}

const std::string kTwice = kCommand + "./out/first text/first.hex0 out/again\n";

TEST(GrowingChain, on_both_roads_what_an_unknown_interpreter_starts_is_derived) {
  const ChainResult result = checked(described(with_unknown_interpreter(kTwice), kBoot + kSeeds));
  EXPECT_EQ(result.verdict, ChainVerdict::pass) << said_by(result);
  EXPECT_FALSE(result.chain.commands.front().interprets);
  EXPECT_EQ(result.count(Verdict::equal), 3U);
}

// The interpreter ends with it, and is what fails.
TEST(GrowingChain, on_the_reference_road_alone_a_part_may_fail) {
  PreflightOptions options;
  options.roads = Roads::reference;
  const ChainResult result =
      preflight(described(with_unknown_interpreter("./seeds/first text/none out/none\n"), kBoot + kSeeds),
                options)
          .front();
  EXPECT_EQ(result.verdict, ChainVerdict::fail) << said_by(result);
  EXPECT_EQ(result.count(Verdict::failed), 1U);
  EXPECT_EQ(result.steps.back().verdict, Verdict::failed);
}

TEST(GrowingChain, on_the_seed_road_alone_steps_are_what_it_runs) {
  for (const unsigned jobs : {1U, 3U}) {
    PreflightOptions options;
    options.roads = Roads::seed;
    options.jobs = jobs;
    const ChainResult result =
        preflight(described(with_unknown_interpreter(kTwice), kBoot + kSeeds), options).front();
    EXPECT_EQ(result.verdict, ChainVerdict::incomplete) << said_by(result);
    ASSERT_EQ(result.chain.commands.size(), 3U);
    EXPECT_EQ(result.chain.commands[1].argv,
              (std::vector<std::string>{"./seeds/first", "text/first.hex0", "out/first"}));
    EXPECT_EQ(result.chain.commands[2].built_by, 1U);
    EXPECT_EQ(result.chain.commands[2].part_of, 0U);
    EXPECT_EQ(result.count(Verdict::one_road_only), 3U);
    EXPECT_EQ(result.answers.ok, 1U);
  }
}

void put_number(Bytes& bytes, std::size_t at, std::uint64_t value) {
  for (std::size_t byte = 0; byte < 8; ++byte) bytes.at(at + byte) = static_cast<Byte>(value >> (8 * byte));
}
std::uint64_t number_at(const Bytes& bytes, std::size_t at) {
  std::uint64_t value = 0;
  for (std::size_t byte = 8; byte-- > 0;) value = value << 8 | bytes.at(at + byte);
  return value;
}

/// The text of a program of riscv64 that begins with other instructions, which have these bytes behind them.
Bytes text_beginning_with(Bytes program, const std::vector<std::uint32_t>& code, const Bytes& behind) {
  constexpr std::size_t kEntry = 0x18;
  constexpr std::size_t kFileSize = 0x60;
  constexpr std::size_t kMemorySize = 0x68;
  constexpr std::uint64_t kBase = 0x600000;
  while (program.size() % 4 != 0) program.push_back(0);
  put_number(program, kEntry, kBase + program.size());
  for (const std::uint32_t one : code) {
    for (unsigned byte = 0; byte < 4; ++byte) program.push_back(static_cast<Byte>(one >> (8 * byte)));
  }
  program.insert(program.end(), behind.begin(), behind.end());
  put_number(program, kFileSize, program.size());
  put_number(program, kMemorySize, std::max<std::uint64_t>(number_at(program, kMemorySize), program.size()));
  std::string text;
  for (const Byte byte : program) text += fmt::format("{:02X}\n", byte);
  return to_bytes(text);
}

constexpr std::uint32_t kSystemCall = 0x73;
enum Register : std::uint32_t { kZero = 0, kStack = 2, kKept = 8, kA0 = 10, kA1, kA2, kA3, kNumber = 17 };
constexpr std::uint32_t add(Register to, Register from, std::int32_t value) {
  return static_cast<std::uint32_t>(value) << 20 | from << 15 | to << 7 | 0x13U;
}
constexpr std::uint32_t here(Register to) { return to << 7 | 0x17U; }

/// The text of a program that first makes a call which the reference road does not have (fsync).
Bytes text_of_one_road(Bytes program) {
  constexpr std::size_t kEntry = 0x18;
  constexpr std::uint64_t kBase = 0x600000;
  const std::uint64_t begins = kBase + (program.size() + 3) / 4 * 4;
  const auto distance = static_cast<std::uint32_t>(number_at(program, kEntry) - (begins + 8));
  const std::uint32_t jump = 0x6FU | (distance & 0xFF000U) | (distance >> 11 & 1U) << 20 |
                             (distance >> 1 & 0x3FFU) << 21 | (distance >> 20 & 1U) << 31;
  return text_beginning_with(std::move(program), {add(kNumber, kZero, 82), kSystemCall, jump}, {});
}

std::shared_ptr<MemoryTree> with_interpreter_of_one_road(const std::string& script) {
  auto files = with_unknown_interpreter(script);
  files->put("text/second.hex0", text_of_one_road(**small_tree("")->read("seeds/second")));
  return files;
}

// Nobody but the machine can play the script; what it starts goes both roads all the same, also from the
// cache.
TEST(GrowingChain, what_only_the_machine_can_play_starts_steps_that_are_derived) {
  const test::Scratch scratch;
  StepCache cache(scratch.path() / "steps", "test", std::uint64_t{1} << 30);
  const auto files = with_interpreter_of_one_road(kTwice);
  for (const unsigned jobs : {1U, 3U, 2U}) {
    PreflightOptions options;
    options.jobs = jobs;
    if (jobs != 1) options.cache = &cache;
    const ChainResult result = preflight(described(files, kBoot + kSeeds), options).front();
    EXPECT_EQ(result.verdict, ChainVerdict::incomplete) << said_by(result);
    EXPECT_TRUE(has(result, "reference-not-run")) << said_by(result);
    EXPECT_EQ(result.count(Verdict::equal), 2U) << said_by(result);
    EXPECT_EQ(result.count(Verdict::one_road_only), 1U);
    EXPECT_EQ(result.answers.ok, 1U);
  }
  EXPECT_GT(cache.hits(), 0U);
}

// The reference road plays the script of an interpreter that nobody knows, and comes to a program that it
// cannot play: the seed road runs that one, and both go on.
TEST(GrowingChain, what_only_the_machine_can_run_is_a_step_of_one_road) {
  const test::Scratch scratch;
  StepCache cache(scratch.path() / "steps", "test", std::uint64_t{1} << 30);
  const auto files = with_unknown_interpreter(
      kCommand + "./out/first text/third.hex0 out/third\n./out/third text/first.hex0 out/again\n" + kCommand);
  files->put("text/third.hex0", text_of_one_road(**files->read("seeds/first")));
  for (const unsigned jobs : {1U, 3U, 1U}) {
    PreflightOptions options;
    options.jobs = jobs;
    options.cache = &cache;
    const ChainResult result = preflight(described(files, kBoot + kSeeds), options).front();
    EXPECT_EQ(result.verdict, ChainVerdict::incomplete) << said_by(result);
    EXPECT_EQ(result.count(Verdict::equal), 4U) << said_by(result);
    EXPECT_EQ(result.count(Verdict::one_road_only), 1U);
    EXPECT_EQ(result.answers.ok, 1U);
  }
}

// Where its stack is far up, as Linux has it, the program goes round for ever. That is found out once, and
// takes no longer than it takes to be sure.
TEST(DescribedTree, a_program_that_hangs_elsewhere_is_told_once) {
  const auto files = small_tree("./seeds/third\n./seeds/third\n" + kCommand);
  constexpr std::uint32_t kUpperHalf = 0x02015293;   // srli t0, sp, 32
  constexpr std::uint32_t kSkipIfNone = 0x00028463;  // beq t0, zero, +8
  constexpr std::uint32_t kForEver = 0x6F;           // j .
  files->put(
      "text/third.hex0",
      text_beginning_with(
          **files->read("seeds/first"),
          {kUpperHalf, kSkipIfNone, kForEver, add(kNumber, kZero, 93), add(kA0, kZero, 0), kSystemCall}, {}));
  const ChainResult result =
      checked(described(files, kBegin + "script = \"build\"\n" + kSeeds +
                                   "[[seed]]\nfile = \"seeds/third\"\nsource = \"text/third.hex0\"\n"));
  EXPECT_EQ(result.verdict, ChainVerdict::fail);
  EXPECT_EQ(std::ranges::count(result.findings, "adverse-differs", &Finding::id), 1) << said_by(result);
  EXPECT_EQ(result.count(Verdict::equal), 3U) << said_by(result);
}

// What a program reads from its standard input is said by the description: it copies that to out/copy.
TEST(DescribedTree, a_program_reads_what_the_description_gives_it) {
  const auto files = small_tree("./seeds/third\n" + kCommand);
  const std::vector<std::uint32_t> code{add(kNumber, kZero, 63),
                                        add(kA0, kZero, 0),
                                        add(kA1, kStack, -256),
                                        add(kA2, kZero, 64),
                                        kSystemCall,
                                        add(kKept, kA0, 0),
                                        add(kNumber, kZero, 56),
                                        add(kA0, kZero, -100),
                                        here(kA1),
                                        add(kA1, kA1, 48),
                                        add(kA2, kZero, 577),
                                        add(kA3, kZero, 420),
                                        kSystemCall,
                                        add(kNumber, kZero, 64),
                                        add(kA1, kStack, -256),
                                        add(kA2, kKept, 0),
                                        kSystemCall,
                                        add(kNumber, kZero, 93),
                                        add(kA0, kZero, 0),
                                        kSystemCall};
  files->put("text/third.hex0", text_beginning_with(**files->read("seeds/first"), code,
                                                    to_bytes(std::string("out/copy") + std::string(1, 0))));
  files->put("one", to_bytes("one\n"));
  files->put("two", to_bytes("two\n"));
  files->put("list", to_bytes(answer_for(*files) + sha256(to_bytes("one\ntwo\n")) + "  out/copy\n"));
  const std::string text = kBegin + "script = \"build\"\nanswers = \"list\"\n" + kSeeds +
                           "[[seed]]\nfile = \"seeds/third\"\nsource = \"text/third.hex0\"\n"
                           "[[input]]\nprogram = \"seeds/third\"\nfiles = [\"one\", \"two\"]\n";
  const ChainResult result = checked(described(files, text));
  EXPECT_EQ(result.verdict, ChainVerdict::pass) << said_by(result);
  EXPECT_EQ(result.count(Verdict::equal), 2U);
  (void)files->remove("two");
  const ChainResult other = checked(described(files, text));
  EXPECT_EQ(other.verdict, ChainVerdict::fail);
  EXPECT_TRUE(has(other, "chain-input-missing")) << said_by(other);
}

// A step within it that goes wrong is found as in any other chain.
TEST(GrowingChain, a_step_that_fails_within_it_is_named) {
  const ChainResult result = checked(
      described(with_interpreter_of_one_road(kCommand + "./out/first text/none out/none\n" + kCommand),
                kBoot + kSeeds));
  EXPECT_EQ(result.verdict, ChainVerdict::fail);
  const auto failed = std::ranges::find(result.steps, Verdict::failed, &StepResult::verdict);
  ASSERT_NE(failed, result.steps.end()) << said_by(result);
  EXPECT_EQ(result.chain.commands[failed->command].argv[1], "text/none");
}

}  // namespace
}  // namespace assay::bootstrap

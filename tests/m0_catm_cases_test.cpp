// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Every measured case of M0 and catm: texts against the libraries, arguments and files against the
// programs.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <algorithm>
#include <set>
#include <sstream>

#include "M1/m0.h"
#include "command/seed_command.h"
#include "linker/catm.h"
#include "tests/support/case_file.h"
#include "tests/support/subprocess.h"

namespace assay::test {
namespace {

std::string trace(const Row& row) {
  return fmt::format("{} {} {} {}", row.at("tool"), row.at("case"), row.at("arch"), row.at("description"));
}

bool has_error(const DiagnosticList& list) {
  return std::any_of(list.all.begin(), list.all.end(),
                     [](const Diagnostic& said) { return said.severity == Severity::error; });
}

void check_m0_row(const Row& row) {
  SCOPED_TRACE(trace(row));
  const Bytes input = input_of(row);
  const Source source{"in", input};
  const std::string& group = row.at("class");
  const std::string& status = row.at("status");
  for (const bool full : {false, true}) {
    DiagnosticList list;
    const Output output = m0::assemble(
        {&source, 1}, {.dialect = m0::find_dialect(row.at("arch")), .want_map = full, .want_warnings = full},
        list);
    EXPECT_EQ(has_error(list), !output.succeeded());
    EXPECT_EQ(exit_status_of(output) == 0, output.succeeded());
    if (full) {
      EXPECT_EQ(output.map.size(), output.bytes.size());
    }
    if (group == "undefined") {
      // Some of these fit the buffers after all; then the outcome is the ordinary one.
      EXPECT_TRUE(output.ending == Ending::undefined || output.succeeded());
      if (output.succeeded()) {
        EXPECT_TRUE(cell_matches(row.at("out_hex"), output.bytes));
      }
      continue;
    }
    if (group == "crash") {
      EXPECT_EQ(output.ending, Ending::crashes);
    }
    if (group == "hang") {
      EXPECT_EQ(output.ending, Ending::hangs);
    }
    if (group == "defined") {
      EXPECT_EQ(output.ending, Ending::exits);
      EXPECT_EQ(fmt::format("exit:{}", output.status), status);
    }
    const std::string& bytes = row.at("out_hex");
    EXPECT_TRUE(cell_matches(bytes == "(none)" ? "(empty)" : bytes, output.bytes)) << to_hex(output.bytes);
  }
}

TEST(M0Cases, every_measured_text) {
  const std::vector<Row> rows = rows_where(read_cases("seed-cases.tsv"), {{"tool", "M0"}});
  for (const Row& row : rows) check_m0_row(row);
  fmt::print("M0: {} rows\n", rows.size());
  EXPECT_GE(rows.size(), 770u);
}

// ---- catm: inputs are told in words -------------------------------------------------------------

/// The contents of the input files of a case, by name; "dir" is a directory, others are missing.
std::map<std::string, Bytes> catm_files(const Row& row) {
  const std::string& name = row.at("case");
  const std::size_t mebibyte = std::size_t{1} << 20;
  std::map<std::string, Bytes> files;
  if (name == "two") files = {{"f0", to_bytes("hello")}, {"f1", to_bytes("world\n")}};
  if (name == "bin") {
    for (int byte = 0; byte < 256; ++byte) files["f0"].push_back(static_cast<Byte>(byte));
  }
  if (name == "missing-mid" || name == "dir" || name == "devnull") {
    files = {{"f0", to_bytes("a")}, {"f2", to_bytes("b")}};
  }
  if (name == "1MiB") files = {{"f0", Bytes(mebibyte, 0x5A)}};
  if (name == "1MiB-1") files = {{"f0", Bytes(mebibyte - 1, 0x5A)}};
  if (name == "2.5MiB") files = {{"f0", Bytes(mebibyte * 5 / 2, 0xA5)}};
  if (name.find("MiB") != std::string::npos) files["f1"] = to_bytes("end");
  if (name == "many") {
    for (int i = 0; i < 20; ++i) files[fmt::format("f{}", i)] = to_bytes(fmt::format("{},", i));
  }
  return files;
}

std::vector<std::string> words_of(std::string_view text) {
  std::istringstream stream{std::string(text)};
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word == "''" ? "" : word);
  return words;
}

void check_catm_row(const Row& row) {
  SCOPED_TRACE(trace(row));
  const std::map<std::string, Bytes> files = catm_files(row);
  std::string_view told = row.at("input_hex");
  ASSERT_TRUE(told.starts_with("args: out")) << told;
  std::vector<std::string> words = words_of(told.substr(5));
  std::vector<catm::Input> inputs;
  for (std::size_t i = 1; i < words.size(); ++i) {
    catm::Input& input = inputs.emplace_back();
    input.source.name = words[i];
    if (const auto file = files.find(words[i]); file != files.end()) {
      input.source.bytes = file->second;
    } else if (words[i] != "/dev/null") {
      input.state = words[i] == "dir" ? catm::InputState::directory : catm::InputState::missing;
    }
  }
  DiagnosticList list;
  const Output output =
      catm::concatenate(inputs, {.dialect = catm::find_dialect(row.at("arch")), .want_map = true}, list);
  EXPECT_EQ(fmt::format("exit:{}", output.status), row.at("status"));
  EXPECT_EQ(output.map.size(), output.bytes.size());
  EXPECT_TRUE(cell_matches(row.at("out_hex"), output.bytes)) << output.bytes.size();

  const Scratch scratch;
  std::filesystem::create_directory(scratch.path() / "dir");
  for (const auto& [name, bytes] : files) scratch.write(name, bytes);
  Command command{.argv = {fmt::format("{}/catm", ASSAY_BIN_DIR), "--dialect", row.at("arch")}};
  command.argv.insert(command.argv.end(), words.begin(), words.end());
  command.cwd = scratch.path();
  const Finished finished = run(command);
  EXPECT_EQ(finished.status, row.at("status"));
  EXPECT_EQ(finished.standard_output + finished.standard_error, "");
  EXPECT_EQ(scratch.mode("out"), row.at("out_mode"));
  const std::optional<Bytes> written = scratch.read("out");
  ASSERT_TRUE(written);
  EXPECT_TRUE(*written == output.bytes) << "program and library differ";
}

TEST(CatmCases, every_measured_run) {
  const std::vector<Row> rows = rows_where(read_cases("seed-cases.tsv"), {{"tool", "catm"}});
  for (const Row& row : rows) check_catm_row(row);
  fmt::print("catm: {} rows\n", rows.size());
  EXPECT_GE(rows.size(), 50u);
}

// ---- arguments and files ------------------------------------------------------------------------

std::string our_status(const Row& row) {
  if (row.at("argv") == "(none)") return "exit:1";
  const std::string& status = row.at("status");
  if (status == "timeout") return fmt::format("exit:{}", kStatusWouldHang);
  return status == "signal:SIGSEGV" ? fmt::format("exit:{}", kStatusWouldCrash) : status;
}

void check_command_row(const Row& row) {
  SCOPED_TRACE(trace(row));
  const bool is_catm = row.at("tool") == "catm";
  const std::string& name = row.at("case");
  const std::string input = is_catm ? "data\n" : "DEFINE m 41\nm foo %5\n";
  const Scratch scratch;
  scratch.write("in", as_bytes(input));
  std::filesystem::create_directory(scratch.path() / "dir");
  if (name == "out-exists") scratch.write("out", Bytes(40, 'x'), 0644);
  Command command{.argv = {fmt::format("{}/{}", ASSAY_BIN_DIR, row.at("tool")), "--dialect", row.at("arch")}};
  if (row.at("argv") != "(none)") {
    for (const std::string& word : words_of(row.at("argv"))) command.argv.push_back(word);
  }
  command.cwd = scratch.path();
  if (name == "stdin-pipe") command.piped_input = to_bytes(input);
  if (name.ends_with("umask0")) command.umask = 0;
  if (name.ends_with("umask77")) command.umask = 077;
  const Finished finished = run(command);
  EXPECT_EQ(finished.status, our_status(row)) << finished.standard_error;
  EXPECT_TRUE(cell_matches(row.at("stdout_hex"), as_bytes(finished.standard_output)));
  EXPECT_EQ(without_lost_output(finished.standard_error).empty(), row.at("status") == "exit:0")
      << finished.standard_error;
  std::set<std::string> allowed{"in", "dir"};
  const std::string& after = row.at("files_after");
  if (after != "-") {
    const std::string file = after.substr(0, after.find(':'));
    const std::string mode = after.substr(file.size() + 1, 4);
    allowed.insert(file);
    EXPECT_EQ(scratch.mode(file), mode);
    const std::optional<Bytes> bytes = scratch.read(file);
    ASSERT_TRUE(bytes) << file;
    EXPECT_TRUE(cell_matches(after.substr(file.size() + 6), *bytes)) << to_hex(*bytes);
  }
  for (const auto& entry : std::filesystem::directory_iterator(scratch.path())) {
    EXPECT_TRUE(allowed.contains(entry.path().filename().string())) << entry.path();
  }
}

TEST(CommandCases, every_measured_use_of_arguments_and_files) {
  for (const auto& [tool, least] : {std::pair{"M0", 66u}, std::pair{"catm", 30u}}) {
    const std::vector<Row> rows = rows_where(read_cases("seed-cli-cases.tsv"), {{"tool", tool}});
    for (const Row& row : rows) check_command_row(row);
    fmt::print("{}: {} rows\n", tool, rows.size());
    EXPECT_GE(rows.size(), least);
  }
}

TEST(CatmCommand, an_output_among_the_inputs) {
  const Scratch scratch;
  scratch.write("in", as_bytes("ab"));
  Command command{.argv = {fmt::format("{}/catm", ASSAY_BIN_DIR), "out", "in", "out"}};
  command.cwd = scratch.path();
  EXPECT_EQ(run(command).status, "exit:0");
  EXPECT_EQ(as_text(*scratch.read("out")), "abab") << "what was written so far comes once more";

  scratch.write("in", Bytes(std::size_t{1} << 20, 'x'));
  const Finished finished = run(command);
  EXPECT_EQ(finished.status, fmt::format("exit:{}", kStatusWouldHang)) << "a full read feeds itself";
  EXPECT_NE(finished.standard_error.find("[catm-endless-input]"), std::string::npos)
      << finished.standard_error;
}

TEST(CatmCommand, warns_when_asked) {
  const Scratch scratch;
  Command command{.argv = {fmt::format("{}/catm", ASSAY_BIN_DIR), "-Wall", "out", "nope"}};
  command.cwd = scratch.path();
  const Finished finished = run(command);
  EXPECT_EQ(finished.status, "exit:0");
  EXPECT_EQ(finished.standard_error,
            "nope: warning: the input cannot be read (No such file or directory) [catm-skipped-input]\n"
            "  help: the real catm skips inputs it cannot read, without a word\n");
  command.argv[1] = "-Werror=catm-skipped-input";
  EXPECT_EQ(run(command).status, "exit:1");
  command.argv[1] = "-Wnonsense";
  EXPECT_EQ(run(command).status, "exit:64");
}

TEST(HelpText, names_every_option) {
  const Finished help = run({.argv = {fmt::format("{}/M0", ASSAY_BIN_DIR), "--help"}});
  EXPECT_EQ(help.status, "exit:0");
  EXPECT_TRUE(
      help.standard_output.starts_with("Assembles M1 text to hex2 text, as the M0 of the seeds does.\n"))
      << help.standard_output;
  for (const std::string_view option : {"--dialect", "--listing", "--map", "-W", "--version", "knight"}) {
    EXPECT_NE(help.standard_output.find(option), std::string::npos) << option;
  }
  const Finished catm = run({.argv = {fmt::format("{}/catm", ASSAY_BIN_DIR), "--help"}});
  EXPECT_EQ(
      catm.standard_output,
      "Joins files, as the catm of the seeds does.\n"
      "Usage: catm [OPTIONS] OUTPUT [INPUT...]\n"
      "\n"
      "Options, only before OUTPUT:\n"
      "  --dialect NAME  Whose behaviour, to the byte: AMD64 (default), x86, AArch64, riscv32, riscv64,\n"
      "                  mescc-tools (the C program; ends the options)\n"
      "  -W WHAT         Strict warnings: all, none, ID, no-ID, error, error=ID; later ones win\n"
      "  --assay-diagnostics=FORM\n"
      "                  text or json; default: ASSAY_DIAGNOSTICS of the environment, else text\n"
      "  --map FILE      Write as JSON which file and line each byte comes from\n"
      "  --help          Print this and exit\n"
      "  --version       Print the version and exit\n");
}

}  // namespace
}  // namespace assay::test

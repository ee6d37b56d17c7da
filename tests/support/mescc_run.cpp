// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/mescc_run.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <algorithm>

#include "core/digest.h"
#include "tests/support/subprocess.h"

namespace assay::test {
namespace {

/// Whether `bytes` are what a cell says.
bool text_matches(const std::string& expected, ByteView bytes) {
  if (expected.starts_with("sha256:")) {
    return expected == fmt::format("sha256:{}:len={}", sha256(bytes), bytes.size());
  }
  return expected == as_text(bytes);
}

std::string without_directory(std::string text, const std::string& directory) {
  for (std::size_t at = 0; (at = text.find(directory, at)) != std::string::npos;) {
    text.replace(at, directory.size(), "<CWD>");
  }
  return text;
}

void check_node(const Scratch& scratch, const std::string& name, const MesccFile& expected) {
  SCOPED_TRACE(name);
  struct stat status {};
  const bool exists = ::lstat(scratch.file(name).c_str(), &status) == 0;
  EXPECT_EQ(exists, !expected.removed);
  if (!exists) return;
  if (!expected.link.empty()) {
    EXPECT_EQ(std::filesystem::read_symlink(scratch.file(name)), expected.link);
    return;
  }
  EXPECT_EQ(scratch.mode(name), expected.mode);
  EXPECT_EQ(expected.is_directory, S_ISDIR(status.st_mode));
  if (expected.is_directory) return;
  const std::optional<Bytes> bytes = scratch.read(name);
  ASSERT_TRUE(bytes);
  EXPECT_TRUE(text_matches(expected.data, *bytes)) << as_text(*bytes).substr(0, 2000);
}

/// Nothing changed but what the row says.
void check_rest(const MesccRow& row, const MesccExpectation& expected, const Scratch& scratch) {
  for (const auto& [name, file] : row.files) {
    if (expected.created.contains(name)) continue;
    const std::optional<Bytes> bytes = scratch.read(name);
    EXPECT_TRUE(bytes && as_text(*bytes) == file.data) << name << " was changed";
  }
  for (const auto& entry : std::filesystem::recursive_directory_iterator(scratch.path())) {
    const std::string name = std::filesystem::relative(entry.path(), scratch.path()).string();
    const bool directory = entry.is_directory() && !entry.is_symlink();
    const bool given = std::any_of(row.files.begin(), row.files.end(), [&](const auto& file) {
      return file.first == name || (directory && file.first.starts_with(name + "/"));
    });
    EXPECT_TRUE(given || expected.created.contains(directory ? name + "/" : name)) << "left behind: " << name;
  }
}

void set_up(const MesccRow& row, const Scratch& scratch) {
  for (const auto& [name, file] : row.files) {
    std::filesystem::create_directories(std::filesystem::path(scratch.file(name)).parent_path());
    scratch.write(name, as_bytes(file.data), static_cast<unsigned>(std::stoul(file.mode, nullptr, 8)));
  }
}

}  // namespace

void check_mescc_row(const MesccRow& row, const MesccExpectation& expected, const std::string& program,
                     const std::vector<std::string>& options) {
  SCOPED_TRACE(row.id);
  const Scratch scratch;
  set_up(row, scratch);
  Command command;
  command.program = program;
  command.argv = {row.tool};
  command.argv.insert(command.argv.end(), options.begin(), options.end());
  command.argv.insert(command.argv.end(), row.argv.begin(), row.argv.end());
  command.env = row.env;
  command.cwd = scratch.path();
  command.piped_input = to_bytes(row.standard_input);
  const Finished finished = run(command);
  const std::string cwd = std::filesystem::canonical(scratch.path()).string();
  const std::string output = without_directory(finished.standard_output, cwd);
  const std::string error = without_directory(finished.standard_error, cwd);
  if (expected.exit == "-11" || expected.exit == "TIMEOUT") {
    EXPECT_TRUE(finished.status.starts_with("exit:") && finished.status != "exit:0") << finished.status;
    EXPECT_TRUE(error.find(" error: ") != std::string::npos && error.find(']') != std::string::npos)
        << "no diagnostic: " << error;
  } else {
    EXPECT_EQ(finished.status, "exit:" + expected.exit);
    EXPECT_TRUE(text_matches(expected.standard_output, as_bytes(output)))
        << "output: " << output.substr(0, 2000) << "\nwanted: " << expected.standard_output;
    EXPECT_TRUE(text_matches(expected.standard_error, as_bytes(error)))
        << "error: " << error.substr(0, 2000) << "\nwanted: " << expected.standard_error;
    check_rest(row, expected, scratch);
  }
  for (const auto& [name, node] : expected.created) check_node(scratch, name, node);
}

}  // namespace assay::test

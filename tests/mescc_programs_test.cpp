// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// mescc (Debian's mes 0.24.2) compiles and links the programs of tests/mescc_programs with our M1 and hex2
// and with Debian's: the results are the same, and do what their sources say (as with gcc).
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "command/host_files.h"
#include "tests/support/subprocess.h"

namespace assay::test {
namespace {

struct Program {
  std::string_view name;
  std::string_view status;
  std::string_view output;
};

constexpr Program kPrograms[] = {
    {"hello", "exit:3", "hello\n"},
    {"sieve", "exit:46", "46 primes\n"},
    {"recursion", "exit:9", "13\n"},
    {"structs", "exit:0", "314 -7\n"},
    {"strings", "exit:1", "tab\t\"quote\" \\ % # ; : !\n23 9 end\n"},
    {"switches", "exit:0", "2072\n"},
    {"bits", "exit:25", "224367001 1 -224367001\n"},
    {"pointers", "exit:0", "0 1 4 18 16 25 36 -999951 \n"},
};

/// Compiles in `scratch`, with the tools in `folder`; the message of a failure.
Finished compile(const Scratch& scratch, std::string_view name, const std::string& folder,
                 const std::string& output) {
  return run({.argv = {"/usr/bin/mescc", "-o", output, fmt::format("{}.c", name), "-lc+tcc"},
              .env = {"PATH=/usr/bin:/bin", "HOME=/", fmt::format("M1={}/M1", folder),
                      fmt::format("HEX2={}/hex2", folder), fmt::format("BLOOD_ELF={}/blood-elf", folder)},
              .cwd = scratch.path(),
              .seconds = 120});
}

TEST(MesccPrograms, are_the_same_with_our_tools_and_run) {
  const Finished version = run({.argv = {"/usr/bin/mescc", "--version"}, .env = {"PATH=/usr/bin:/bin"}});
  const bool debian =
      run({.argv = {"/usr/bin/M1", "--version"}}).standard_output.find("1.4.0") != std::string::npos;
  if (version.status != "exit:0" || !debian) GTEST_SKIP() << "no mescc, or no M1 1.4.0, in /usr/bin";
  for (const Program& program : kPrograms) {
    const Scratch scratch;
    const std::string source = fmt::format("{}.c", program.name);
    scratch.write(
        source, read_host_file(fmt::format("{}/tests/mescc_programs/{}", ASSAY_SOURCE_DIR, source)).value());
    const Finished theirs = compile(scratch, program.name, "/usr/bin", "theirs");
    ASSERT_EQ(theirs.status, "exit:0") << program.name << theirs.standard_error;
    const std::optional<Bytes> their_object = scratch.read(fmt::format("{}.o", program.name));
    const Finished ours = compile(scratch, program.name, ASSAY_BIN_DIR, "ours");
    ASSERT_EQ(ours.status, "exit:0") << program.name << ours.standard_error;
    ASSERT_TRUE(their_object && their_object == scratch.read(fmt::format("{}.o", program.name)))
        << program.name;
    const std::optional<Bytes> ours_bytes = scratch.read("ours");
    ASSERT_TRUE(ours_bytes && ours_bytes->size() > 1000 && ours_bytes == scratch.read("theirs"))
        << program.name;
    const Finished ran = run({.argv = {scratch.file("ours")}});
    EXPECT_EQ(ran.status, program.status) << program.name;
    EXPECT_EQ(ran.standard_output, program.output) << program.name;
  }
}

}  // namespace
}  // namespace assay::test

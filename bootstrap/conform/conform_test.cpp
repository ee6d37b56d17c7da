// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Cases are read, hold for our own implementations, and name every fault that is put into them.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <thread>

#include "bootstrap/conform/case_data.h"
#include "bootstrap/conform/judge.h"
#include "bootstrap/conform/kit_report.h"
#include "bootstrap/conform/new_port.h"
#include "bootstrap/conform/random_program.h"
#include "bootstrap/conform/search.h"
#include "bootstrap/conform/testing/faults.h"

namespace assay::conform {
namespace {

constexpr std::string_view kText = R"(# a comment
case A title
kind quirk
file in 0640
  | 41 # 42\r
  | a\x00\
  : 01 0203
  * 3 ab
  * 2 \\\i,
  * 11 \i
directory d
program p fails 3
args in out '' a\x20b
env NAME=v
umask 077
stdin
  | x
expect all
  out
    : 41
    mode 0700
expect AMD64 x86
  status 3
  out absent
  stdout any
expect sound
  status fails
)";

TEST(Cases, AreReadAsTheyAreWritten) {
  const Result<Case> one = parse_case("name", kText, {"in", "out"});
  ASSERT_TRUE(one) << one.error().message;
  EXPECT_EQ(one->title, "A title");
  EXPECT_EQ(one->kind, Kind::quirk);
  ASSERT_EQ(one->situation.given.size(), 3U);
  const Given& file = one->situation.given[0];
  EXPECT_EQ(as_text(file.bytes), std::string_view("41 # 42\r\na\0\1\2\3ababab\\0,\\1,012345678910", 38));
  EXPECT_EQ(file.mode, 0640U);
  EXPECT_EQ(one->situation.given[2].status, 3);
  EXPECT_EQ(one->situation.arguments, (std::vector<std::string>{"in", "out", "", "a b"}));
  EXPECT_EQ(one->situation.environment, std::vector<std::string>{"NAME=v"});
  EXPECT_EQ(one->situation.umask, 077U);
  EXPECT_EQ(as_text(one->situation.standard_input), "x\n");
  EXPECT_EQ(one->of("AMD64")->status, 3);
  EXPECT_EQ(one->of("riscv64")->files[0].mode, 0700U);
  EXPECT_EQ(one->sound().at(0)->end, End::fails);
}

TEST(Cases, ThatAreWrongAreNamedByTheirLine) {
  const std::pair<std::string_view, std::string_view> wrong[] = {
      {"case A\nkind odd\n", "line 2: no such kind: 'odd'"},
      {"case A\n| x\n", "line 2: data that belong to nothing"},
      {"case A\nkind quirk\nfile in\n  : 4\n", "line 4: half a byte"},
      {"case A\nkind quirk\nfile in\n  | \\q\n", "line 4: a backslash needs one of \\ n r t x behind it"},
      {"case A\nkind quirk\nfile in\n  * 9999999999 xx\n", "line 4: more than 67108864 bytes"},
      {"case A\nkind quirk\nfoo\n", "line 3: unknown line 'foo '"},
      {"case A\nkind quirk\n", "nothing is expected"},
      {"case A\nexpect all\n", "no 'kind' line"},
      {"kind quirk\nexpect all\n", "no 'case' line with a title"},
      {"case A\nkind quirk\nexpect\n", "line 3: for whom? dialects, 'all' or 'sound'"},
      {"case A\nkind quirk\nexpect all\n  mode 0700\n",
       "line 4: a mode is an octal number, behind the file that has it"},
      {"case A\nkind quirk\nexpect all\n  status 256\n",
       "line 4: a status is a number, fails, crashes or hangs"},
      {"case A\nkind quirk\nfile ../x\n", "line 3: '../x' is no plain path: it has '..' as a part"},
      {"case A\nkind quirk\nfile /tmp/x\n",
       "line 3: '/tmp/x' is absolute: files are named from the folder of the case"},
      {"case A\nkind quirk\ndirectory a/../../x\n",
       "line 3: 'a/../../x' is no plain path: it has '..' as a part"},
      {"case A\nkind quirk\nprogram /p words\n",
       "line 3: '/p' is absolute: files are named from the folder of the case"},
      {"case A\nkind quirk\ndirectory a//b\n", "line 3: 'a//b' is no plain path: it has '' as a part"},
      {"case A\nkind quirk\nexpect all\n  file ../../x\n",
       "line 4: '../../x' is no plain path: it has '..' as a part"},
  };
  for (const auto& [text, message] : wrong) {
    const Result<Case> one = parse_case("name", text, {});
    ASSERT_FALSE(one) << text;
    EXPECT_EQ(one.error().message, message);
  }
}

TEST(Cases, DataAreReadBackAsTheyWereShown) {
  for (unsigned number = 0; number < 300; ++number) {
    Bytes bytes;
    for (unsigned i = 0; i < number % 97; ++i)
      bytes.push_back(static_cast<Byte>(number % 3 == 0   ? number + i * i
                                        : number % 3 == 1 ? 0x20 + (i * 7 + number) % 0x60
                                        : i % 5 == 0      ? '\n'
                                                          : ' '));
    if (number % 10 == 9) bytes.assign(number, 'x');
    Bytes again;
    std::string text = case_data(bytes);
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = text.find('\n', at);
      ASSERT_TRUE(add_data_line(std::string_view(text).substr(at, end - at), again)) << text;
      at = end + 1;
    }
    EXPECT_EQ(bytes, again) << text;
  }
}

TEST(Cases, OfAllRoomsArePartOfTheProgram) {
  std::size_t count = 0;
  for (const ToolRow& tool : kTools) {
    EXPECT_GE(cases_of(tool).size(), 35U) << tool.name;
    for (const Case& one : cases_of(tool)) {
      EXPECT_FALSE(text_of(tool, one.name).empty());
      EXPECT_LE(one.title.size(), 90U) << one.name;
    }
    count += cases_of(tool).size();
  }
  std::size_t files = 0;
  for (const std::string_view room : {"hex0", "hex1", "hex2", "linker", "M1", "kaem"}) {
    const std::filesystem::path folder = std::filesystem::path(ASSAY_SOURCE_DIR) / room / "conformance";
    for (const auto& entry : std::filesystem::directory_iterator(folder))
      files += entry.path().extension() == ".case" ? 1 : 0;
  }
  EXPECT_EQ(count, files);  // one that cannot be read would be missing
}

/// What our programs do and our libraries alone do not: what happens before a library is asked, or after.
bool needs_command_line(std::string_view name) {
  constexpr std::string_view kNames[] = {
      "M1-raw-open",         "M1-string-open",          "M1-too-long-word",
      "M1-two-outputs",      "M1-unknown-architecture", "M1-unknown-option",
      "hex2-non-executable", "hex2-unknown-option",     "blood-elf-no-endianness",
      "kaem-version"};
  return std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames);
}

TEST(Cases, HoldForOurImplementations) {
  for (const ToolRow& tool : kTools) {
    for (const std::string_view dialect : dialects_of(tool.tool)) {
      const Result<std::unique_ptr<Target>> reference = reference_target(tool, dialect);
      ASSERT_TRUE(reference);
      const Result<Conformance> found = check(cases_of(tool), dialect, **reference, 2);
      ASSERT_TRUE(found) << found.error().message;
      unsigned ran = 0;
      for (const CaseResult& result : found->results) {
        ran += result.ran ? 1 : 0;
        // kaem-minimal of AArch64 does not tell that a command failed.
        const bool upstream =
            tool.tool == Tool::kaem_minimal && dialect == "AArch64" && result.seen.status == 0;
        // Our kaem is that of 1.7.0; the one of 1.4.0 refuses a variable without a value, and unset
        // loses what stands around it there.
        const bool newer =
            tool.tool == Tool::kaem && dialect == "debian-1.4.0" &&
            (result.of->name == "kaem-variable-empty" || result.of->name == "kaem-default-of-empty" ||
             result.of->name == "kaem-unset-two");
        if (result.verdict == Verdict::differs && !upstream && !newer && !needs_command_line(result.of->name))
          ADD_FAILURE() << tool.name << ' ' << dialect << ' ' << result.of->name << ": "
                        << result.difference->text;
      }
      EXPECT_GE(ran, 22U) << tool.name;
    }
  }
}

TEST(Faults, EachIsNamedByACase) {
  std::map<std::string_view, unsigned> count;
  std::map<std::string_view, Conformance> before;
  std::string table;
  for (const Fault& fault : faults()) {
    const ToolRow& tool = *std::find_if(kTools.begin(), kTools.end(),
                                        [&](const ToolRow& row) { return row.tool == fault.tool; });
    const std::string_view dialect = dialects_of(tool.tool).front() == "m2-64" ? "m2-64" : "AMD64";
    const Result<std::unique_ptr<Target>> good =
        reference_target(tool, fault.other_dialect.empty() ? dialect : fault.other_dialect);
    ASSERT_TRUE(good) << good.error().message;
    if (!before.contains(tool.name)) {
      const Result<std::unique_ptr<Target>> sound = reference_target(tool, dialect);
      ASSERT_TRUE(sound) << sound.error().message;
      Result<Conformance> without = check(cases_of(tool), dialect, **sound, 2);
      ASSERT_TRUE(without) << without.error().message;
      before.emplace(tool.name, *std::move(without));
    }
    const Result<Conformance> found = check(cases_of(tool), dialect, FaultyTarget(**good, fault), 2);
    ASSERT_TRUE(found) << found.error().message;
    std::string named;
    for (std::size_t i = 0; i < found->results.size(); ++i) {
      const CaseResult& result = found->results[i];
      // A case that differs without the fault names nothing.
      if (result.verdict == Verdict::differs && before.at(tool.name).results[i].verdict != Verdict::differs &&
          named.empty())
        named = result.of->name;
    }
    EXPECT_FALSE(named.empty()) << tool.name << ": " << fault.name << " is found by no case";
    table += fmt::format("| {} | {} | {} |\n", tool.name, fault.name, named);
    ++count[tool.name];
  }
  for (const ToolRow& tool : kTools) EXPECT_GE(count[tool.name], 12U) << tool.name;
  // docs/conformance.md has the table.
  RecordProperty("table", table);
  if (std::getenv("ASSAY_SHOW_FAULTS") != nullptr) fmt::print("{}", table);
}

TEST(Differences, InTextAreShownAsLinesAndInBytesAsBytes) {
  const auto difference = [](std::string_view wanted, std::string_view got) {
    Expectation expectation;
    expectation.standard_output.bytes = to_bytes(wanted);
    Observed seen;
    seen.standard_output = to_bytes(got);
    return first_difference({}, expectation, seen)->text;
  };
  EXPECT_EQ(difference("a\nbcd\ne\n", "a\nbxd\ne\n"), "standard output has 'bxd' in line 2, not 'bcd'");
  EXPECT_EQ(difference("a\nb\n", "a\n"), "standard output has nothing in line 2, not 'b'");
  EXPECT_EQ(difference("a\n", "a\n\n"), "standard output has '' in line 2, not nothing");
  EXPECT_EQ(difference("ab\n", "abc\n"), "standard output has 'abc' in line 1, not 'ab'");
  EXPECT_EQ(difference("AB", "AC"), "standard output has 43 'C' at byte 1, not 42 'B'");
}

TEST(NewPort, HasAHeaderThatIsOne) {
  const auto port = new_port({.name = "s390x", .big_endian = true, .machine = 22, .base = 0x1000000});
  ASSERT_TRUE(port);
  ASSERT_EQ(port->size(), 3U);
  const auto reference = reference_target(*find_tool("hex0"), "AArch64");
  const Result<Observed> seen =
      (*reference)->run(usual_situation(*find_tool("hex0"), to_bytes((*port)[1].text)));
  ASSERT_TRUE(seen);
  const Bytes& header = seen->files.at("out").bytes;
  ASSERT_EQ(header.size(), 0x78U);
  EXPECT_EQ(to_hex(ByteView(header).first(20)),
            "7f454c46020201000000000000000000"
            "00020016");
  EXPECT_EQ(new_port({.name = "a/b"}).error().id, "bad-port");
  const auto small = new_port({.name = "m68k", .bits = 32, .big_endian = true, .machine = 4});
  const Result<Observed> other =
      (*reference)->run(usual_situation(*find_tool("hex0"), to_bytes((*small)[1].text)));
  EXPECT_EQ(other->files.at("out").bytes.size(), 0x54U);
}

TEST(Search, FindsAndShrinks) {
  const ToolRow& tool = *find_tool("hex0");
  const auto amd64 = reference_target(tool, "AMD64");
  const auto riscv = reference_target(tool, "riscv64");
  ASSERT_TRUE(amd64 && riscv);
  const Result<Search> same = search_exhaustive(tool, **amd64, **amd64, 3, 2);
  ASSERT_TRUE(same);
  EXPECT_EQ(same->tried, 1U + 12 + 144 + 1728);
  EXPECT_FALSE(same->found);
  const Result<Search> other = search_exhaustive(tool, **riscv, **amd64, 3, 2);
  ASSERT_TRUE(other && other->found);
  EXPECT_EQ(other->found->shrunk.size(), 2U);  // a digit and G
  const Fault lost{Tool::hex0, "", {}, [](const Situation&, Observed& seen) {
                     Bytes& out = seen.files["out"].bytes;
                     if (out.size() > 20) out.pop_back();
                   }};
  const Result<Search> random = search_random(tool, "AMD64", FaultyTarget(**amd64, lost), **amd64, 500, 1, 2);
  ASSERT_TRUE(random && random->found);
  EXPECT_EQ(random->found->shrunk.size(), 42U);  // the least that 21 bytes take
}

TEST(Search, RandomProgramsAreValid) {
  for (const ToolRow& tool : kTools) {
    for (const std::string_view dialect : dialects_of(tool.tool)) {
      const auto reference = reference_target(tool, dialect);
      ASSERT_TRUE(reference);
      for (unsigned number = 0; number < 50; ++number) {
        const Bytes text = random_program(tool, dialect, 1, number, 40);
        EXPECT_EQ(text, random_program(tool, dialect, 1, number, 40));
        const Result<Observed> seen = (*reference)->run(usual_situation(tool, text));
        ASSERT_TRUE(seen);
        EXPECT_TRUE(seen->end == End::exits && seen->status == 0)
            << tool.name << ' ' << dialect << "\n"
            << case_data(text) << seen->status << as_text(seen->standard_error);
      }
    }
  }
}

}  // namespace
}  // namespace assay::conform

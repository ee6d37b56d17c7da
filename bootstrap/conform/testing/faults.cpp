// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/conform/testing/faults.h"

#include <algorithm>
#include <regex>
#include <set>

#include "bootstrap/conform/testing/fault_edits.h"

namespace assay::conform {
namespace {

/// What stands behind so many blanks is lost, up to the next blank.
std::string lost_behind_blanks(const std::string& in) {
  constexpr std::size_t kMost = 4096;
  std::string out;
  std::size_t blanks = 0;
  bool lost = false;
  for (const char c : in) {
    const bool is_blank = c == ' ' || c == '\t' || c == '\n';
    if (!is_blank && blanks > kMost) lost = true;
    blanks = is_blank ? blanks + 1 : 0;
    lost = lost && !is_blank;
    if (!lost) out += c;
  }
  return out;
}

/// Names are defined once: later definitions vanish.
std::string first_definitions(const std::string& in) {
  static const std::regex kDefinition(":([a-zA-Z_0-9]+)");
  std::set<std::string> known;
  std::string out;
  auto from = in.begin();
  for (std::sregex_iterator at(in.begin(), in.end(), kDefinition), end; at != end; ++at) {
    const bool is_new = known.insert((*at)[1]).second;
    out.append(from, (*at)[0].first);
    if (is_new) out += (*at)[0];
    from = (*at)[0].second;
  }
  return out.append(from, in.end());
}

/// Names in lower case.
std::string without_case(std::string in) {
  bool in_name = false;
  for (char& c : in) {
    if (in_name && c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    in_name = c == ':' || c == '%' || (in_name && c >= 'a' && c <= 'z');
  }
  return in;
}

void last_byte_lost(Bytes& bytes) {
  if (!bytes.empty()) bytes.pop_back();
}

void appends(const Situation& situation, Observed& seen) {
  for (const Given& given : situation.given) {
    if (given.name != kOutput || given.what != Given::What::file) continue;
    Bytes all = given.bytes;
    Bytes& made = seen.files[std::string(kOutput)].bytes;
    all.insert(all.end(), made.begin(), made.end());
    made = std::move(all);
  }
}

void leaves_tail(const Situation& situation, Observed& seen) {
  for (const Given& given : situation.given) {
    Bytes& made = seen.files[std::string(kOutput)].bytes;
    if (given.name == kOutput && given.bytes.size() > made.size())
      made.insert(made.end(), given.bytes.begin() + static_cast<std::ptrdiff_t>(made.size()),
                  given.bytes.end());
  }
}

void status_of_success_is_1(const Situation&, Observed& seen) {
  if (seen.end == End::exits && seen.status == 0) seen.status = 1;
}

void failure_is_not_told(const Situation&, Observed& seen) {
  if (seen.end == End::exits) seen.status = 0;
}

void talks(const Situation&, Observed& seen) {
  const std::string_view said = "done\n";
  seen.standard_output.insert(seen.standard_output.end(), said.begin(), said.end());
}

void empties_inputs(const Situation& situation, Observed& seen) {
  for (const Given& given : situation.given) {
    if (given.what == Given::What::file && given.name != kOutput) seen.files[given.name].bytes.clear();
  }
}

/// An output that was there gets the mode of a new one.
std::function<void(const Situation&, Observed&)> mode_of_a_new_one(std::uint32_t mode) {
  return [mode](const Situation& situation, Observed& seen) {
    for (const Given& given : situation.given) {
      if (given.name == kOutput && seen.files.contains(given.name)) seen.files[given.name].mode = mode;
    }
  };
}

/// Runs of a character are cut.
Edit runs_cut_to(char c, std::size_t most) {
  return [c, most](const std::string& in) {
    std::string out;
    std::size_t run = 0;
    for (const char one : in) {
      run = one == c ? run + 1 : 0;
      if (run <= most) out += one;
    }
    return out;
  };
}

/// A comment ends behind so many bytes.
Edit comments_end_behind(std::size_t most) {
  return [most](const std::string& in) {
    std::string out;
    std::size_t bytes = 0;  // of the comment; 0 outside
    for (const char one : in) {
      bytes = one == '\n' ? 0 : bytes > 0 || one == '#' || one == ';' ? bytes + 1 : 0;
      out += bytes == most ? '\n' : one;
    }
    return out;
  };
}

/// Labels, definitions, ... whose number is over a thousand, or so, are lost.
Edit numbered_lost(const std::string& front, const std::string& behind) {
  return replaced(front + "[1-9]\\d{3}" + behind, "");
}

void leaves_a_file(const Situation&, Observed& seen) { seen.files["out.tmp"] = {{}, 0600}; }

/// What goes wrong in every tool that reads a text and makes a file.
void add_common(std::vector<Fault>& all, Tool tool) {
  all.push_back({tool, "last byte lost", {}, output(last_byte_lost)});
  all.push_back({tool, "appends instead of truncating", {}, appends});
  all.push_back({tool, "does not truncate", {}, leaves_tail});
  all.push_back({tool, "success is status 1", {}, status_of_success_is_1});
  all.push_back({tool, "talks on standard output", {}, talks});
  all.push_back({tool, "empties its inputs", {}, empties_inputs});
  all.push_back({tool, "leaves a file behind", {}, leaves_a_file});
  all.push_back({tool, "mode of the output", {}, mode(0777, 0002)});
}

/// Of texts with comments.
void add_comments(std::vector<Fault>& all, Tool tool) {
  all.push_back({tool, "a comment ends behind 65536 bytes", text(comments_end_behind(65536)), {}});
  all.push_back({tool, "a backslash takes the next line into a comment", text(replaced("\\\\\n", " ")), {}});
  all.push_back({tool, "# is ignored", text(without('#')), {}});
  all.push_back({tool, "; is ignored", text(without(';')), {}});
  all.push_back({tool, "a comment takes the next line too", text(replaced("(#[^\n]*)\n", "$1 ")), {}});
  all.push_back({tool,
                 "the last line without its end is lost",
                 text([](const std::string& in) { return in.substr(0, in.rfind('\n') + 1); }),
                 {}});
  all.push_back({tool, "only the first 1000 bytes count", text(cut_to(1000)), {}});
}

void add_hex(std::vector<Fault>& all, Tool tool) {
  add_common(all, tool);
  add_comments(all, tool);
  all.push_back({tool, "an output has 65536 bytes at most", {}, output([](Bytes& bytes) {
                   bytes.resize(std::min<std::size_t>(bytes.size(), 65536));
                 })});
  all.push_back({tool, "a page of zeros is left out", {}, output([](Bytes& bytes) {
                   const Bytes page(4096, 0);
                   const auto at = std::search(bytes.begin(), bytes.end(), page.begin(), page.end());
                   if (at != bytes.end()) bytes.erase(at, at + 4096);
                 })});
  all.push_back({tool, "a digit is lost behind 4096 blanks", text(lost_behind_blanks), {}});
  all.push_back({tool, "odd digit padded", text([](const std::string& in) { return in + "\n0"; }), {}});
  all.push_back({tool, "stops at a zero byte", text(cut_at('\0')), {}});
  all.push_back({tool,
                 "lower-case digits refused",
                 text(each([](char c) { return c >= 'a' && c <= 'f' ? ' ' : c; })),
                 {}});
  all.push_back({tool,
                 "upper-case digits refused",
                 text(each([](char c) { return c >= 'A' && c <= 'F' ? ' ' : c; })),
                 {}});
  all.push_back(
      {tool, "high bit dropped", text(each([](char c) { return static_cast<char>(c & 0x7F); })), {}});
  all.push_back({tool, "stops at 0xFF", text(cut_at('\xFF')), {}});
  all.push_back({tool, "digits must stand together", text(replaced("\n", "0\n")), {}});
  all.push_back({tool, "output not executable", {}, mode(~0111U)});
  all.push_back({tool, "a blank ends half a byte", text(replaced(" ", "\n\n  ")), output([](Bytes& bytes) {
                   if (bytes.size() > 1 && bytes[0] == 0x41) bytes[0] = 0x04;
                 })});
}

void add_labels(std::vector<Fault>& all, Tool tool) {
  all.push_back(
      {tool, "label off by one", text(replaced(":([a-z_]+)[ \n]([0-9A-F][0-9A-F])", "$2 :$1\n")), {}});
  all.push_back({tool, "first definition wins", text(first_definitions), {}});
  all.push_back({tool, "labels in comments count", text(replaced("[#;] (:a)", "\n$1 ")), {}});
  all.push_back({tool, "labels without case", text(without_case), {}});
  all.push_back({tool, "a definition at the very end is lost", text(replaced(":z\n?$", "")), {}});
}

void add_scripts(std::vector<Fault>& all, Tool tool) {
  const auto children = [](std::function<void(Given&)> edit) {
    return [edit = std::move(edit)](Situation& situation) {
      for (Given& given : situation.given) {
        if (given.what == Given::What::program) edit(given);
      }
    };
  };
  all.push_back(
      {tool, "goes on after a failed command", children([](Given& given) { given.status = 0; }), {}});
  all.push_back({tool,
                 "goes on after a killed command",
                 children([](Given& given) {
                   if (given.does == Does::killed) given.does = Does::fails, given.status = 0;
                 }),
                 {}});
  all.push_back({tool, "a failed command is not told", {}, failure_is_not_told});
  all.push_back({tool, "success is status 1", {}, status_of_success_is_1});
  all.push_back({tool, "# is ignored", text(without('#')), {}});
  all.push_back({tool, "# counts at the start of a line only", text(replaced("([^\n])#", "$1\\#")), {}});
  all.push_back({tool, "quotes are ignored", text(without('"')), {}});
  all.push_back({tool,
                 "the last line without its end is run",
                 text([](const std::string& in) { return in + "\n"; }),
                 {}});
  all.push_back({tool, "a tab is no blank", text(replaced("\t", "_")), {}});
  all.push_back({tool, "a backslash is ignored", text(without('\\')), {}});
  all.push_back({tool,
                 "the environment is not passed",
                 [](Situation& situation) { situation.environment.clear(); },
                 {}});
  all.push_back({tool, "words are cut at 100 bytes", text(replaced("x{100}x+", std::string(100, 'x'))), {}});
  all.push_back({tool, "thirty words at most", text(replaced("( a){30}[ a]+", " a a a a a a a")), {}});
  all.push_back({tool,
                 "the first command alone",
                 text([](const std::string& in) { return in.substr(0, in.find('\n') + 1); }),
                 {}});
  all.push_back({tool, "a missing command is passed over", text(replaced("\\./(missing|nope)\n", "")), {}});
  all.push_back({tool, "what is no program is passed over", text(replaced("\\./text\n", "")), {}});
  all.push_back({tool, "talks at the end", {}, talks});
  all.push_back({tool, "the last byte of its output is lost", {}, printed(last_byte_lost)});
  all.push_back({tool, "leaves a file behind", {}, leaves_a_file});
  all.push_back({tool, "a comment ends behind 65536 bytes", text(comments_end_behind(65536)), {}});
  all.push_back({tool, "a hundred commands at most", text(replaced("\\./w 1\\d\\d\n", "")), {}});
  all.push_back({tool, "blanks in a string are one", text(replaced("(\"[^\"\n]*[^\"\n ])  +", "$1 ")), {}});
  all.push_back({tool,
                 "a variable without a value is not passed",
                 [](Situation& situation) {
                   std::erase_if(situation.environment,
                                 [](const std::string& one) { return one.ends_with('='); });
                 },
                 {}});
  all.push_back({tool,
                 "the first variable alone is passed",
                 [](Situation& situation) {
                   if (situation.environment.size() > 1) situation.environment.resize(1);
                 },
                 {}});
}

/// Of names that are longer than one character.
void add_names(std::vector<Fault>& all, Tool tool) {
  all.push_back({tool, "names have 256 bytes", text(replaced("n{256}[nab]*", std::string(256, 'n'))), {}});
  all.push_back({tool, "five thousand labels at most", text(replaced(":l[5-9]\\d{3}", "")), {}});
  all.push_back({tool, "the second of three definitions counts", text(replaced(":a 44", "44")), {}});
  all.push_back({tool, "a name is its beginning", text(replaced("%abc", "%ab")), {}});
}

/// Of M0 and M1.
void add_macros(std::vector<Fault>& all, Tool tool) {
  all.push_back({tool, "a thousand definitions at most", text(numbered_lost("DEFINE name", " \\d+\n")), {}});
  all.push_back({tool, "names have 128 bytes", text(replaced("n{128}[nab]*", std::string(128, 'n'))), {}});
  all.push_back({tool, "the first of three definitions counts", text(replaced("DEFINE a 4[23]\n", "")), {}});
  all.push_back({tool, "255 is no byte", text(replaced("!255", "!25")), {}});
  all.push_back({tool, "-128 is no byte", text(replaced("!-128", "!-127")), {}});
  all.push_back({tool, "-32768 is no number of two bytes", text(replaced("@-32768", "@-32767")), {}});
  all.push_back({tool, "%-2147483648 is cut", text(replaced("%-2147483648", "%-2147483647")), {}});
  all.push_back(
      {tool, "a string has eight bytes at most", text(replaced("\"abcdefghi\"", "\"abcdefgh\"")), {}});
  all.push_back(
      {tool, "a raw string loses the blanks at its ends", text(replaced("' *([^']*[^' ]) *'", "'$1'")), {}});
  all.push_back({tool, "a label at the very end is lost", text(replaced(":end\n?$", "")), {}});
  all.push_back({tool, "a word is lost behind 4096 blanks", text(lost_behind_blanks), {}});
}

std::vector<Fault> make() {
  std::vector<Fault> all;
  add_hex(all, Tool::hex0);
  all.push_back({Tool::hex0, "a carriage return ends a comment", {}, {}, "riscv64"});
  all.push_back({Tool::hex0, "G is no digit", {}, {}, "AArch64"});
  all.push_back({Tool::hex0, "0x1A ends the text", text(cut_at('\x1A')), {}});
  all.push_back({Tool::hex0, "0x04 ends the text", text(cut_at('\x04')), {}});
  all.push_back({Tool::hex0, "an output has 4096 bytes at most", {}, output([](Bytes& b) {
                   b.resize(std::min<std::size_t>(b.size(), 4096));
                 })});
  all.push_back({Tool::hex0, "a line feed is added", {}, output([](Bytes& b) { b.push_back('\n'); })});
  all.push_back({Tool::hex0, "a label is bytes", text(replaced(":1", "A1")), {}});
  all.push_back({Tool::hex0, "a form feed ends a comment", text(replaced("\f", "\n")), {}});
  all.push_back({Tool::hex0,
                 "twenty thousand comments at most",
                 text([](const std::string& in) {
                   std::size_t comments = 0;
                   std::size_t at = 0;
                   while (at < in.size() && comments <= 20'000)
                     comments += in[at] == '#' || in[at] == ';', ++at;
                   return in.substr(0, at);
                 }),
                 {}});
  all.push_back({Tool::hex0, "// starts a comment", text(replaced("//[^\n]*", "")), {}});
  for (const Tool tool : {Tool::hex0, Tool::hex1, Tool::hex2_0})
    all.push_back({tool, "an output that exists becomes executable", {}, mode_of_a_new_one(0700)});
  for (const Tool tool : {Tool::hex2_0, Tool::hex2}) add_names(all, tool);
  for (const Tool tool : {Tool::m0, Tool::m1}) {
    add_macros(all, tool);
    all.push_back({tool, "an output that exists gets another mode", {}, mode_of_a_new_one(0600)});
  }
  all.push_back({Tool::catm, "an output that exists gets another mode", {}, mode_of_a_new_one(0600)});
  add_hex(all, Tool::hex1);
  add_labels(all, Tool::hex1);
  all.push_back({Tool::hex1, "references of another architecture", {}, {}, "AArch64"});
  all.push_back({Tool::hex1, "a blank is no label", text(replaced(": ", ":")), {}});
  all.push_back({Tool::hex1, "# is no label", text(replaced(":#", "#")), {}});
  all.push_back({Tool::hex1, "a line feed is no label", text(replaced(":\n", ":")), {}});
  add_hex(all, Tool::hex2_0);
  add_labels(all, Tool::hex2_0);
  all.push_back({Tool::hex2_0, "another base address", {}, {}, "x86"});
  all.push_back({Tool::hex2_0, "the displacement begins at the field", {}, {}, "AArch64"});
  all.push_back({Tool::hex2_0, "absolute references are differences", {}, {}, "riscv64"});
  all.push_back({Tool::hex2_0, "an unknown label is 0", {}, failure_is_not_told});
  all.push_back({Tool::hex2_0, "a tab does not end a name", text(without('\t')), {}});
  all.push_back({Tool::hex2_0, "> does not end a name", text(without('>')), {}});
  all.push_back({Tool::hex2_0, "names have 16 bytes", text(replaced("(x{16})x*[yz]", "$1")), {}});
  all.push_back({Tool::hex2_0, "two hundred labels at most", text(replaced(":l([3-6]\\d\\d)", "")), {}});
  add_common(all, Tool::catm);
  const auto words = [](std::function<void(std::vector<std::string>&)> edit) {
    return [edit = std::move(edit)](Situation& situation) { edit(situation.arguments); };
  };
  const auto bytes_of_inputs = [](std::function<void(Bytes&)> edit) {
    return [edit = std::move(edit)](Situation& situation) {
      for (Given& given : situation.given) {
        if (given.name != kOutput) edit(given.bytes);
      }
    };
  };
  all.push_back({Tool::catm,
                 "in the order of the alphabet",
                 words([](auto& w) {
                   if (w.size() > 2) std::sort(w.begin() + 1, w.end());
                 }),
                 {}});
  all.push_back({Tool::catm,
                 "two inputs at most",
                 words([](auto& w) { w.resize(std::min<std::size_t>(w.size(), 3)); }),
                 {}});
  all.push_back({Tool::catm,
                 "an input once",
                 words([](auto& w) {
                   if (w.size() == 3 && w[1] == w[2]) w.pop_back();
                 }),
                 {}});
  all.push_back(
      {Tool::catm, "a line feed between inputs", bytes_of_inputs([](Bytes& b) { b.push_back('\n'); }), {}});
  all.push_back({Tool::catm,
                 "stops at a zero byte",
                 bytes_of_inputs([](Bytes& b) { b.erase(std::find(b.begin(), b.end(), Byte{0}), b.end()); }),
                 {}});
  all.push_back(
      {Tool::catm,
       "stops at 0xFF",
       bytes_of_inputs([](Bytes& b) { b.erase(std::find(b.begin(), b.end(), Byte{0xFF}), b.end()); }),
       {}});
  all.push_back({Tool::catm,
                 "carriage returns dropped",
                 bytes_of_inputs([](Bytes& b) { std::erase(b, Byte{'\r'}); }),
                 {}});
  all.push_back({Tool::catm,
                 "4096 bytes of an input",
                 bytes_of_inputs([](Bytes& b) { b.resize(std::min<std::size_t>(b.size(), 4096)); }),
                 {}});
  all.push_back({Tool::catm,
                 "1 MiB of an input",
                 bytes_of_inputs([](Bytes& b) { b.resize(std::min<std::size_t>(b.size(), 1U << 20U)); }),
                 {}});
  all.push_back({Tool::catm,
                 "ends at an empty input",
                 words([](auto& w) {
                   if (w.size() == 4 && w[1] == "a" && w[2] == "b" && w[3] == "a") w.resize(2);
                 }),
                 {}});
  all.push_back({Tool::catm, "output executable", {}, mode(0777, 0100)});
  all.push_back({Tool::catm,
                 "sixty inputs at most",
                 words([](auto& w) { w.resize(std::min<std::size_t>(w.size(), 61)); }),
                 {}});
  all.push_back({Tool::catm, "4 MiB together", {}, output([](Bytes& b) {
                   b.resize(std::min<std::size_t>(b.size(), std::size_t{4} << 20U));
                 })});
  all.push_back({Tool::catm,
                 "an input that ends the arguments twice counts once",
                 words([](auto& w) {
                   if (w.size() == 4 && w[1] == w[2] && w[2] == w[3]) w.pop_back();
                 }),
                 {}});
  all.push_back({Tool::catm,
                 "blanks at the end of an input are dropped",
                 bytes_of_inputs([](Bytes& b) {
                   while (!b.empty() && b.back() == ' ') b.pop_back();
                 }),
                 {}});
  add_common(all, Tool::m0);
  add_comments(all, Tool::m0);
  for (const Tool tool : {Tool::m0, Tool::m1}) {
    all.push_back({tool, "strings have no zero", {}, output([](Bytes& b) {
                     b = to_bytes(replaced("00 ?\n", "\n")(std::string(as_text(b))));
                   })});
    all.push_back({tool, "lower-case digits", {}, output([](Bytes& b) {
                     for (Byte& one : b) one = static_cast<Byte>(std::tolower(one));
                   })});
    all.push_back({tool,
                   "comments begin within strings",
                   text(replaced("([\"'])([^\"'\n]*)[#;][^\"']*([\"'])", "$1$2$3")),
                   {}});
    all.push_back({tool, "a definition goes on within longer words", text(replaced("foo+", "foo")), {}});
    all.push_back({tool, "decimal numbers are hexadecimal", text(replaced("([%!@])([1-9])", "$010x$2")), {}});
    all.push_back({tool, "negative numbers have no sign", text(replaced("([%!@])-", "$1")), {}});
    all.push_back({tool, "carriage returns dropped", text(without('\r')), {}});
    all.push_back({tool, "a backslash escapes", text(replaced("\\\\n", "\n")), {}});
    all.push_back({tool, "the other quote ends a string", text(replaced("\"it's\"", "\"it\"")), {}});
    all.push_back({tool, "words of 100 bytes", text(replaced("([xy]{100})[xy]*", "$1")), {}});
    all.push_back({tool, "definitions vanish", text(replaced("DEFINE foo [0-9A-F]+", "")), {}});
  }
  all.push_back({Tool::m0,
                 "first definition wins",
                 text([](const std::string& in) { return replaced("DEFINE foo B+4\n", "")(in); }),
                 {}});
  all.push_back({Tool::m0, "numbers of another architecture", {}, {}, "riscv64"});
  add_common(all, Tool::m1);
  add_comments(all, Tool::m1);
  all.push_back(
      {Tool::m1, "first definition wins", text(replaced("(DEFINE foo 41\nfoo\n)DEFINE foo 42\n", "$1")), {}});
  all.push_back({Tool::m1, "another version", {}, {}, "debian-1.4.0"});
  all.push_back({Tool::m1, "errors are not told", {}, failure_is_not_told});
  all.push_back({Tool::m1,
                 "big-endian",
                 [](Situation& s) {
                   std::replace(s.arguments.begin(), s.arguments.end(), std::string("--little-endian"),
                                std::string("--big-endian"));
                 },
                 {}});
  add_hex(all, Tool::hex2);
  add_labels(all, Tool::hex2);
  all.push_back({Tool::hex2, "an unknown label is 0", {}, failure_is_not_told});
  all.push_back({Tool::hex2,
                 "another base address",
                 [](Situation& s) {
                   std::replace(s.arguments.begin(), s.arguments.end(), std::string("0x600000"),
                                std::string("0x400000"));
                 },
                 {}});
  all.push_back({Tool::hex2,
                 "big-endian",
                 [](Situation& s) {
                   std::replace(s.arguments.begin(), s.arguments.end(), std::string("--little-endian"),
                                std::string("--big-endian"));
                 },
                 {}});
  add_common(all, Tool::blood_elf);
  add_comments(all, Tool::blood_elf);
  all.push_back({Tool::blood_elf, "labels in strings count", text(without('"')), {}});
  all.push_back({Tool::blood_elf, "labels twice are one", text(first_definitions), {}});
  all.push_back({Tool::blood_elf, "sorted", text(replaced(":z\n:a\n:m", ":a\n:m\n:z")), {}});
  all.push_back({Tool::blood_elf, "the last label is lost", text(replaced(":[a-zA-Z_]+\n$", "")), {}});
  all.push_back({Tool::blood_elf, "carriage returns dropped", text(without('\r')), {}});
  all.push_back({Tool::blood_elf, "hidden labels are seen", text(replaced(":_a", ":a")), {}});
  all.push_back({Tool::blood_elf, "a hundred labels", text(replaced(":l[12]\\d+\n", "")), {}});
  all.push_back({Tool::blood_elf, "32 bits", [](Situation& s) { std::erase(s.arguments, "--64"); }, {}});
  all.push_back({Tool::blood_elf,
                 "big-endian",
                 [](Situation& s) {
                   std::replace(s.arguments.begin(), s.arguments.end(), std::string("--little-endian"),
                                std::string("--big-endian"));
                 },
                 {}});
  all.push_back({Tool::blood_elf, "names have 256 bytes", text(runs_cut_to('x', 256)), {}});
  all.push_back({Tool::blood_elf,
                 "a file counts once",
                 [](Situation& s) {
                   if (s.arguments.size() > 5 && s.arguments[3] == s.arguments[5])
                     s.arguments.erase(s.arguments.begin() + 4, s.arguments.begin() + 6);
                 },
                 {}});
  all.push_back({Tool::blood_elf, "a name is its beginning", text(replaced(":abc", ":ab")), {}});
  add_scripts(all, Tool::kaem_minimal);
  all.push_back({Tool::kaem_minimal, "commands are not shown", {}, printed([](Bytes& b) {
                   b = to_bytes(replaced(" \\+> [^\n]*\n", "")(std::string(as_text(b))));
                 })});
  all.push_back({Tool::kaem_minimal, "programs are looked for", text(replaced("\nw a\n", "\n")), {}});
  add_scripts(all, Tool::kaem);
  all.push_back({Tool::kaem,
                 "commands are shown",
                 [](Situation& s) { s.arguments.insert(s.arguments.begin(), "--verbose"); },
                 {}});
  all.push_back({Tool::kaem,
                 "not strict",
                 [](Situation& s) { s.arguments.insert(s.arguments.begin(), "--non-strict"); },
                 {}});
  const auto path = [](const std::string& from, const std::string& to) {
    return [from, to](Situation& situation) {
      for (std::string& one : situation.environment) {
        if (one == from) one = to;
      }
    };
  };
  all.push_back({Tool::kaem, "an empty PATH is the usual one", path("PATH=", "PATH=bin"), {}});
  all.push_back({Tool::kaem, "PATH ends at an empty entry", path("PATH=:bin", "PATH="), {}});
  all.push_back({Tool::kaem, "PATH ends at two colons", path("PATH=missing::bin", "PATH=missing"), {}});
  all.push_back({Tool::kaem,
                 "PATH ends at a directory that is not there",
                 path("PATH=missing:bin", "PATH=missing"),
                 {}});
  all.push_back({Tool::kaem, "the last entry of PATH is lost", path("PATH=missing:.", "PATH=missing"), {}});
  all.push_back({Tool::kaem,
                 "the first variable of a word alone",
                 text(replaced("(\\$\\{[A-Z]+\\})\\$\\{[A-Z]+\\}", "$1")),
                 {}});
  all.push_back(
      {Tool::kaem, "variables in strings stay", text(replaced("\"a \\$\\{A\\} b\"", "\"a \\$A b\"")), {}});
  all.push_back({Tool::kaem, "the first value of a variable stays", text(replaced("A=y\n", "")), {}});
  all.push_back({Tool::kaem, "a value ends at its blank", text(replaced("\"x y\"", "x")), {}});
  all.push_back(
      {Tool::kaem, "variables of the environment are empty", text(replaced("\\$\\{HOME\\}", "")), {}});
  all.push_back({Tool::kaem, "a variable is no command", text(replaced("\n\\$\\{A\\} b", "\nA b")), {}});
  all.push_back(
      {Tool::kaem, "a variable of two letters is the first", text(replaced("\\$\\{AB\\}", "${A}")), {}});
  all.push_back({Tool::kaem, "ninety variables at most", text(replaced("V99=99\n", "")), {}});
  all.push_back({Tool::kaem, "else is run as well", text(replaced("else\n([^\n]*)\nfi", "fi\n$1")), {}});
  all.push_back({Tool::kaem, "if is ignored", text(replaced("if [^\n]*\n", "")), {}});
  all.push_back({Tool::kaem, "else is ignored", text(replaced("else\n", "")), {}});
  all.push_back({Tool::kaem, "variables are empty", text(replaced("\\$\\{[A-Z]+\\}", "")), {}});
  all.push_back({Tool::kaem, "defaults are ignored", text(replaced(":-[a-z]+\\}", "}")), {}});
  all.push_back({Tool::kaem, "cd is ignored", text(replaced("cd [^\n]*\n", "")), {}});
  all.push_back({Tool::kaem, "aliases are ignored", text(replaced("alias [^\n]*\n", "")), {}});
  all.push_back({Tool::kaem, "dropped commands are run", text(replaced("  \n", "\n")), {}});
  add_faults_of_porters(all);
  return all;
}

}  // namespace

const std::vector<Fault>& faults() {
  static const std::vector<Fault> all = make();
  return all;
}

}  // namespace assay::conform

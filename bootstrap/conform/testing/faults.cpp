// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/conform/testing/faults.h"

#include <algorithm>
#include <regex>
#include <set>

namespace assay::conform {
namespace {

using Edit = std::function<std::string(std::string)>;

/// Changes the text that the tool reads.
std::function<void(Situation&)> text(Edit edit) {
  return [edit = std::move(edit)](Situation& situation) {
    for (Given& given : situation.given) {
      if (given.what == Given::What::file && given.name == kInput)
        given.bytes = to_bytes(edit(std::string(as_text(given.bytes))));
    }
  };
}

/// Changes what it makes.
std::function<void(const Situation&, Observed&)> output(std::function<void(Bytes&)> edit) {
  return [edit = std::move(edit)](const Situation&, Observed& seen) {
    const auto out = seen.files.find(std::string(kOutput));
    if (out != seen.files.end() && seen.end == End::exits) edit(out->second.bytes);
  };
}

std::function<void(const Situation&, Observed&)> printed(std::function<void(Bytes&)> edit) {
  return [edit = std::move(edit)](const Situation&, Observed& seen) { edit(seen.standard_output); };
}

std::function<void(const Situation&, Observed&)> mode(std::uint32_t mask, std::uint32_t set = 0) {
  return [=](const Situation&, Observed& seen) {
    const auto out = seen.files.find(std::string(kOutput));
    if (out != seen.files.end()) out->second.mode = (out->second.mode & mask) | set;
  };
}

Edit replaced(const std::string& pattern, const std::string& with) {
  return [expression = std::regex(pattern), with](const std::string& in) {
    return std::regex_replace(in, expression, with);
  };
}

Edit cut_at(char c) {
  return [c](const std::string& in) { return in.substr(0, in.find(c)); };
}

Edit cut_to(std::size_t size) {
  return [size](const std::string& in) { return in.substr(0, size); };
}

Edit each(std::function<char(char)> change) {
  return [change = std::move(change)](std::string in) {
    std::transform(in.begin(), in.end(), in.begin(), change);
    return in;
  };
}

Edit without(char c) {
  return [c](std::string in) {
    std::erase(in, c);
    return in;
  };
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
  all.push_back({Tool::hex2_0, "two hundred labels at most", text(replaced(":l([3-6][0-9][0-9])", "")), {}});
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
  all.push_back({Tool::blood_elf, "a hundred labels", text(replaced(":l[12][0-9]+\n", "")), {}});
  all.push_back({Tool::blood_elf, "32 bits", [](Situation& s) { std::erase(s.arguments, "--64"); }, {}});
  all.push_back({Tool::blood_elf,
                 "big-endian",
                 [](Situation& s) {
                   std::replace(s.arguments.begin(), s.arguments.end(), std::string("--little-endian"),
                                std::string("--big-endian"));
                 },
                 {}});
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
  all.push_back({Tool::kaem, "if is ignored", text(replaced("if [^\n]*\n", "")), {}});
  all.push_back({Tool::kaem, "else is ignored", text(replaced("else\n", "")), {}});
  all.push_back({Tool::kaem, "variables are empty", text(replaced("\\$\\{[A-Z]+\\}", "")), {}});
  all.push_back({Tool::kaem, "defaults are ignored", text(replaced(":-[a-z]+\\}", "}")), {}});
  all.push_back({Tool::kaem, "cd is ignored", text(replaced("cd [^\n]*\n", "")), {}});
  all.push_back({Tool::kaem, "aliases are ignored", text(replaced("alias [^\n]*\n", "")), {}});
  all.push_back({Tool::kaem, "dropped commands are run", text(replaced("  \n", "\n")), {}});
  return all;
}

}  // namespace

const std::vector<Fault>& faults() {
  static const std::vector<Fault> all = make();
  return all;
}

}  // namespace assay::conform

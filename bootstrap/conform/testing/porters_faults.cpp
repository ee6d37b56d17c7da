// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <algorithm>

#include "bootstrap/conform/testing/fault_edits.h"

namespace assay::conform {
namespace {

constexpr std::string_view kDash = "-";

Before words(std::function<void(std::vector<std::string>&)> edit) {
  return [edit = std::move(edit)](Situation& situation) { edit(situation.arguments); };
}

Before given(std::function<void(Given&)> edit) {
  return [edit = std::move(edit)](Situation& situation) {
    for (Given& one : situation.given) edit(one);
  };
}

After output_text(Edit edit) {
  return output(
      [edit = std::move(edit)](Bytes& bytes) { bytes = to_bytes(edit(std::string(as_text(bytes)))); });
}

/// A file called "-" is not read, but what comes through the pipe.
void reads_standard_input(Situation& situation) {
  for (Given& one : situation.given) {
    if (one.name == kDash) one.bytes = situation.standard_input;
  }
}

After loses_a_last_page(std::size_t page) {
  return output([page](Bytes& bytes) {
    if (!bytes.empty() && bytes.size() % page == 0) bytes.resize(bytes.size() - page);
  });
}

After cut_output(std::size_t most) {
  return output([most](Bytes& bytes) { bytes.resize(std::min(bytes.size(), most)); });
}

void inputs_become_0600(const Situation& situation, Observed& seen) {
  for (const Given& one : situation.given) {
    if (one.what == Given::What::file && one.name != kOutput) seen.files[one.name].mode = 0600;
  }
}

/// Of texts that have comments.
void add_comments(std::vector<Fault>& all, Tool tool) {
  all.push_back({tool, "a second # ends a comment", text(replaced("#([^\n#]*)#", "#$1\n")), {}});
  all.push_back({tool, "a second ; ends a comment", text(replaced(";([^\n;]*);", ";$1\n")), {}});
  all.push_back({tool, "- is standard input", reads_standard_input, {}});
}

/// Of programs that write bytes.
void add_bytes(std::vector<Fault>& all, Tool tool) {
  all.push_back({tool, "0A is written as 0D 0A", {}, output_text(replaced("\n", "\r\n"))});
  all.push_back({tool, "0D is not written", {}, output_text(without('\r'))});
  all.push_back({tool, "the output ends at 1A", {}, output_text(cut_at('\x1A'))});
  all.push_back({tool, "the output ends at 00", {}, output_text(cut_at('\0'))});
  all.push_back({tool, "the output ends at FF", {}, output_text(cut_at('\xFF'))});
  all.push_back({tool, "a last page that is full is lost", {}, loses_a_last_page(4096)});
  all.push_back({tool, "a last buffer of 8192 bytes is lost", {}, loses_a_last_page(8192)});
  all.push_back({tool, "a last buffer of 65536 bytes is lost", {}, loses_a_last_page(65536)});
  all.push_back({tool, "0x7F takes a digit away", text(replaced("[0-9A-F]\x7F", "")), {}});
  all.push_back({tool, "0x85 ends a line", text(each([](char c) { return c == '\x85' ? '\n' : c; })), {}});
}

void add_hex(std::vector<Fault>& all, Tool tool) {
  add_comments(all, tool);
  add_bytes(all, tool);
  all.push_back({tool, "a backslash takes the next byte away", text(replaced("\\\\[^\n]", "")), {}});
}

void add_long_names(std::vector<Fault>& all, Tool tool) {
  all.push_back({tool, "names have 1000 bytes", text(replaced("x{1000}x*[ab]", std::string(1000, 'x'))), {}});
  all.push_back({tool, "names are their last eight bytes", text(replaced("[ab]_abcdefgh", "abcdefgh")), {}});
  all.push_back({tool, "names are their first eight bytes", text(replaced("abcdefgh_[ab]", "abcdefgh")), {}});
  all.push_back({tool, "zeros before a name of digits are lost", text(replaced("([:&])0+1", "$011")), {}});
  all.push_back({tool,
                 "names lose their high bits",
                 text(each([](char c) { return static_cast<char>(static_cast<unsigned char>(c) & 0x7FU); })),
                 {}});
}

void add_catm(std::vector<Fault>& all) {
  const auto add = [&all](std::string_view name, Before before, After after = {}) {
    all.push_back({Tool::catm, name, std::move(before), std::move(after)});
  };
  add("zeros at the end of an input are lost", given([](Given& one) {
        while (!one.bytes.empty() && one.bytes.back() == 0) one.bytes.pop_back();
      }));
  add("nothing follows an input of 65536 bytes", words([](auto& all_words) {
        const std::vector<std::string> three{"out", "a", "b", "c"};
        if (all_words == three) all_words.resize(2);
      }));
  add("127 inputs at most",
      words([](auto& all_words) { all_words.resize(std::min<std::size_t>(all_words.size(), 128)); }));
  add("two empty inputs are the end", words([](auto& all_words) {
        const auto at =
            std::adjacent_find(all_words.begin(), all_words.end(),
                               [](const auto& one, const auto& two) { return one == "e" && two == "e"; });
        all_words.erase(at, all_words.end());
      }));
  add("a byte order mark is dropped", given([](Given& one) {
        if (one.bytes.size() > 3 && one.bytes[0] == 0xEF && one.bytes[1] == 0xBB)
          one.bytes.erase(one.bytes.begin(), one.bytes.begin() + 3);
      }));
  add("- is standard input", reads_standard_input);
  add("what begins with - is an option", words([](auto& all_words) {
        std::erase_if(all_words, [](const auto& word) { return word.size() == 2 && word[0] == '-'; });
      }));
  add("what begins with . is passed over", words([](auto& all_words) {
        std::erase_if(all_words,
                      [](const auto& word) { return word.starts_with('.') && !word.starts_with("./"); });
      }));
  add("a program as input makes the output one", {}, [](const Situation& situation, Observed& seen) {
    for (const Given& one : situation.given) {
      if (!one.bytes.empty() && one.bytes[0] == 0x7F) seen.files[std::string(kOutput)].mode |= 0100U;
    }
  });
  add("inputs get another mode", {}, inputs_become_0600);
}

void add_m0(std::vector<Fault>& all) {
  const auto add = [&all](std::string_view name, Before before, After after = {}) {
    all.push_back({Tool::m0, name, std::move(before), std::move(after)});
  };
  add_comments(all, Tool::m0);
  add("a number that begins with 0 is octal", text(replaced("%017", "%15")));
  add("0X is hexadecimal", text(replaced("%0X", "%0x")));
  add("0b is binary", text(replaced("%0b101", "%5")));
  add("a form feed ends a word", text(replaced("\f", "\n")));
  add("a carriage return ends a comment", text(replaced("\r", "\n")));
  add("blanks at the end of a string are lost", text(replaced(" +\"( |\n)", "\"$1")));
  add("one of two % is enough", text(replaced("%%", "%")));
  add("a name of a definition may have quotes", text(replaced("DEFINE \"a\"", "DEFINE a")));
  add("an output has 65536 bytes at most", {}, cut_output(65536));
  add("a number behind & has four bytes", text(replaced("&(\\d)", "%$1")));
  add("a number behind $ has two bytes", text(replaced("\\$(\\d)", "@$1")));
}

void add_scripts(std::vector<Fault>& all, Tool tool) {
  const auto add = [&all, tool](std::string_view name, Before before, After after = {}) {
    all.push_back({tool, name, std::move(before), std::move(after)});
  };
  const auto passes_over = [](Does does, int status) {
    return given([=](Given& one) {
      if (one.what == Given::What::program && one.does == does && one.status == status)
        one.does = Does::fails, one.status = 0;
    });
  };
  add("a status of 127 is passed over", passes_over(Does::fails, 127));
  add("a status of 126 is passed over", passes_over(Does::fails, 126));
  add("a child that SIGPIPE kills is passed over", passes_over(Does::killed, 13));
  add("a child that SIGTERM kills is passed over", passes_over(Does::killed, 15));
  add("a second # ends a comment", text(replaced("#([^\n#]*)#", "#$1\n")));
  add("standard error goes to standard output", {}, [](const Situation&, Observed& seen) {
    seen.standard_output.insert(seen.standard_output.end(), seen.standard_error.begin(),
                                seen.standard_error.end());
    seen.standard_error.clear();
  });
  add("standard input is closed", [](Situation& situation) { situation.standard_input.clear(); });
  add("children get the usual umask", [](Situation& situation) { situation.umask = 022; });
}

void add_minimal(std::vector<Fault>& all) {
  constexpr Tool kTool = Tool::kaem_minimal;
  add_scripts(all, kTool);
  all.push_back({kTool, "cd is a builtin", text(replaced("\ncd [^\n]*", "\n")), {}});
  all.push_back(
      {kTool, "a backslash at the end of a comment continues it", text(replaced("#[^\n]*\\\\\n", "# ")), {}});
  all.push_back({kTool, "a backslash in a string escapes", text(replaced("\\\\\"", "'")), {}});
  all.push_back(
      {kTool,
       "the environment of children is sorted",
       [](Situation& situation) { std::sort(situation.environment.begin(), situation.environment.end()); },
       {}});
  all.push_back({kTool,
                 "children get a variable more",
                 [](Situation& situation) { situation.environment.emplace_back("_=./x"); },
                 {}});
  all.push_back({kTool, "- is standard input", reads_standard_input, {}});
}

void add_kaem(std::vector<Fault>& all) {
  add_scripts(all, Tool::kaem);
  all.push_back({Tool::kaem, "a value ends at a second =", text(replaced("A=b=c", "A=b")), {}});
  all.push_back({Tool::kaem, "unset takes one name", text(replaced("unset A B", "unset A")), {}});
}

void add_blood_elf(std::vector<Fault>& all) {
  const auto add = [&all](std::string_view name, Edit edit) {
    all.push_back({Tool::blood_elf, name, text(std::move(edit)), {}});
  };
  add("a second # ends a comment", replaced("#([^\n#]*)#", "#$1\n"));
  add("a second ; ends a comment", replaced(";([^\n;]*);", ";$1\n"));
  add("labels stand at the start of a line", replaced("[ \t]:[abcd]\n", "\n"));
  add("labels do not begin with a digit", replaced(":[12]a?\n", "\n"));
  add("a dash ends a label", replaced(":a-b", ":a"));
  add("labels that begin with ELF_ are hidden", replaced(":ELF_x", ""));
  add("labels of the sections are seen", replaced(":ELF_(text|data)\n", ":$1\n"));
  add("the name of a definition is a label", replaced("DEFINE ", ":"));
  add("a reference is a label", replaced("[!%&]([23b])", ":$1"));
}

/// Of hex2: what its options say.
Before base(const std::string& from, const std::string& to) {
  return words([=](auto& all_words) { std::replace(all_words.begin(), all_words.end(), from, to); });
}

void add_hex2(std::vector<Fault>& all) {
  all.push_back({Tool::hex2, "a base address is that of its page", base("0x600123", "0x600000"), {}});
  all.push_back({Tool::hex2, "a base address has upper-case digits", base("0xabcdef", "0x0"), {}});
  all.push_back({Tool::hex2, "no label is at address 0", base("0x0", "0x1"), {}});
  all.push_back(
      {Tool::hex2, "& with > is a difference where no base is named", text(replaced("&b>a", "%b>a")), {}});
  all.push_back({Tool::hex2, "ppc64le is amd64", base("ppc64le", "amd64"), {}});
}

}  // namespace

void add_faults_of_porters(std::vector<Fault>& all) {
  for (const Tool tool : {Tool::hex0, Tool::hex1, Tool::hex2_0}) add_hex(all, tool);
  for (const Tool tool : {Tool::hex2_0, Tool::hex2}) add_long_names(all, tool);
  add_bytes(all, Tool::hex2);
  all.push_back({Tool::hex0, "an output has a mebibyte at most", {}, cut_output(std::size_t{1} << 20U)});
  all.push_back({Tool::hex0, "fE is FF", text(replaced("fE", "FF")), {}});
  for (const Tool tool : {Tool::hex0, Tool::hex1}) {
    all.push_back({tool,
                   "a line of one dot ends the text",
                   text([](const std::string& in) { return in.substr(0, in.find("\n.\n")); }),
                   {}});
    all.push_back({tool,
                   "__END__ ends the text",
                   text([](const std::string& in) { return in.substr(0, in.find("__END__")); }),
                   {}});
  }
  all.push_back(
      {Tool::hex2_0, "a definition close behind another is lost", text(replaced(":a 42", "42")), {}});
  add_catm(all);
  add_m0(all);
  add_minimal(all);
  add_kaem(all);
  add_blood_elf(all);
  add_comments(all, Tool::m1);
  all.push_back({Tool::m1, "a number that begins with 0 is decimal", text(replaced("%017", "%17")), {}});
  all.push_back(
      {Tool::m1, "blanks at the end of a string are lost", text(replaced(" +\"( |\n)", "\"$1")), {}});
  all.push_back({Tool::m1, "an output has 65536 bytes at most", {}, cut_output(65536)});
  add_comments(all, Tool::hex2);
  add_hex2(all);
}

}  // namespace assay::conform

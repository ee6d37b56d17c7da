// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// make_pages SOURCE_DIR BIN_DIR VERSION OUTPUT_DIR NAME...: writes
// OUTPUT_DIR/{man/man1,man/man5,man/man7,bash,zsh,fish} and, for the programs NAME that are installed apart,
// OUTPUT_DIR/apart/{man/man1,bash,zsh,fish} from SOURCE_DIR/contrib/programs.tsv (name, section, how to ask
// for help or "-", page or "-", summary, options that the help does not name), from the pages and from what
// the programs in BIN_DIR answer. "PROGRAM WORD... --help" asks for the help of a subcommand. A part of the
// build: it is not installed.
#include <fmt/format.h>
#include <algorithm>
#include <cctype>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

struct Entry {
  std::string name;
  std::string section;
  std::string page;
  std::string summary;
  std::string help;  ///< what the program says; empty if it has no such option
};

std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + path.string());
  return {std::istreambuf_iterator<char>(in), {}};
}

void write_file(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream out(path, std::ios::binary);
  out << text;
  if (!out.flush()) throw std::runtime_error("cannot write " + path.string());
}

std::vector<std::string> split(const std::string& text, char by) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == by) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

/// What a program prints when it is asked for help, by its bare name.
std::string help_of(const fs::path& program, const std::string& option) {
  const std::string command =
      fmt::format("cd '{}' && PATH=.:$PATH '{}' {} </dev/null 2>&1", program.parent_path().string(),
                  program.filename().string(), option);
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("cannot run " + program.string());
  std::string text;
  for (int c = std::getc(pipe); c != EOF; c = std::getc(pipe)) text += static_cast<char>(c);
  if (pclose(pipe) != 0 || text.empty()) throw std::runtime_error("no help from " + program.string());
  return text;
}

/// All words of a help text that are options, in order, each once.
std::vector<std::string> options_of(const std::string& help) {
  std::vector<std::string> options;
  const auto is_name = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_';
  };
  for (std::size_t at = 0; at < help.size(); ++at) {
    if (help[at] != '-' || (at > 0 && (is_name(help[at - 1]) || help[at - 1] == '/'))) continue;
    std::size_t end = at;
    while (end < help.size() && is_name(help[end])) ++end;
    std::string word = help.substr(at, end - at);
    const std::size_t letter = word.find_first_not_of('-');
    if (letter != std::string::npos && letter <= 2 &&
        std::isalpha(static_cast<unsigned char>(word[letter])) != 0 &&
        std::find(options.begin(), options.end(), word) == options.end()) {
      options.push_back(word);
    }
    at = end;
  }
  return options;
}

/// Text that roff prints as it is: control characters escaped, other characters than ASCII by number.
std::string roff(const std::string& line) {
  std::string text;
  if (!line.empty() && (line[0] == '.' || line[0] == '\'')) text = "\\&";
  for (std::size_t at = 0; at < line.size(); ++at) {
    const auto byte = static_cast<unsigned char>(line[at]);
    if (byte == '\\') {
      text += "\\e";
    } else if (byte == '-') {
      text += "\\-";
    } else if (byte < 0x80) {
      text += line[at];
    } else {
      const int more = byte >= 0xF0 ? 3 : byte >= 0xE0 ? 2 : 1;
      unsigned code = byte & (0x3FU >> more);
      for (int i = 0; i < more && at + 1 < line.size(); ++i)
        code = code << 6 | (static_cast<unsigned char>(line[++at]) & 0x3FU);
      text += fmt::format("\\[u{:04X}]", code);
    }
  }
  return text;
}

/// "[text](where)" as "text (where)", or once where both are the same.
std::string without_links(const std::string& line) {
  std::string text;
  for (std::size_t at = 0; at < line.size();) {
    const std::size_t open = line.find('[', at);
    const std::size_t middle = line.find("](", at);
    const std::size_t close = line.find(')', middle);
    if (open == std::string::npos || middle == std::string::npos || close == std::string::npos ||
        open > middle)
      return text + line.substr(at);
    const std::size_t last_open = line.rfind('[', middle);
    const std::string name = line.substr(last_open + 1, middle - last_open - 1);
    const std::string where = line.substr(middle + 2, close - middle - 2);
    text += line.substr(at, last_open - at);
    text += name == where ? name : fmt::format("{} ({})", name, where);
    at = close + 1;
  }
  return text;
}

std::string without_marks(std::string line) {
  line = without_links(line);
  std::erase(line, '`');
  for (std::size_t at; (at = line.find("**")) != std::string::npos;) line.erase(at, 2);
  return line;
}

/// The cells of a row of a table, "\\|" being a part of one.
std::vector<std::string> cells_of(const std::string& row) {
  std::vector<std::string> cells;
  for (std::size_t at = 1; at < row.size(); ++at) {
    std::string cell;
    for (; at < row.size() && row[at] != '|'; ++at) {
      if (row[at] == '\\' && at + 1 < row.size() && row[at + 1] == '|') ++at;
      cell += row[at];
    }
    const std::size_t from = cell.find_first_not_of(' ');
    cells.push_back(from == std::string::npos ? ""
                                              : cell.substr(from, cell.find_last_not_of(' ') + 1 - from));
  }
  return cells;
}

/// A row as an entry of a list: the first cell, and below it the others, after their headings where there are
/// several.
std::string table_entry(const std::vector<std::string>& headings, const std::vector<std::string>& cells) {
  std::string rest;
  for (std::size_t at = 1; at < cells.size(); ++at) {
    if (cells[at].empty()) continue;
    const bool named = cells.size() > 2 && at < headings.size() && !headings[at].empty();
    rest += (rest.empty() ? "" : "; ") + (named ? headings[at] + ": " : "") + cells[at];
  }
  const std::string first = cells.empty() || cells[0].empty() ? "(none)" : cells[0];
  return ".TP\n" + roff(without_marks(first)) + "\n" + roff(without_marks(rest)) + "\n";
}

/// The body of a page: headings, paragraphs, lists, tables; code as it is.
std::string body_of(const std::string& page) {
  std::string text;
  bool in_comment = false;
  bool in_code = false;
  std::vector<std::string> headings;  // of the table, while in one
  for (const std::string& line : split(page, '\n')) {
    if (line.starts_with("<!--")) in_comment = true;
    if (in_comment) {
      if (line.find("-->") != std::string::npos) in_comment = false;
      continue;
    }
    const bool is_row = !in_code && line.starts_with("|");
    if (!is_row && !headings.empty()) {
      headings.clear();
      text += ".PP\n";
    }
    if (line.starts_with("```")) {
      text += in_code ? ".fi\n" : ".PP\n.nf\n";
      in_code = !in_code;
    } else if (in_code) {
      text += line.empty() ? ".sp\n" : roff(line) + "\n";
    } else if (is_row) {
      if (headings.empty()) {
        headings = cells_of(line);
      } else if (line.find_first_not_of("|- :") != std::string::npos) {
        text += table_entry(headings, cells_of(line));
      }
    } else if (line.starts_with("# ")) {
      continue;
    } else if (line.starts_with("#")) {
      const std::size_t from = line.find_first_not_of("# ");
      const std::string title = from == std::string::npos ? "" : without_marks(line.substr(from));
      text += fmt::format("{} {}\n", line.starts_with("###") ? ".SS" : ".SH", roff(title));
    } else if (line.empty()) {
      if (!text.ends_with(".PP\n") && !text.empty()) text += ".PP\n";
    } else if (line.starts_with("* ") || line.starts_with("- ")) {
      text += ".IP \\(bu 2\n" + roff(without_marks(line.substr(2))) + "\n";
    } else {
      const std::size_t from = line.find_first_not_of(' ');
      if (from != std::string::npos) text += roff(without_marks(line.substr(from))) + "\n";
    }
  }
  if (in_code) text += ".fi\n";
  return text;
}

std::string man_page(const Entry& entry, const std::string& page, const std::string& version,
                     const std::string& see_also) {
  std::string text = fmt::format(".TH {} {} \"\" \"assay {}\"\n.SH NAME\n{} \\- {}\n", roff(entry.name),
                                 entry.section, version, roff(entry.name), roff(entry.summary));
  if (!entry.help.empty()) {
    text += ".SH SYNOPSIS\n.nf\n";
    for (const std::string& line : split(entry.help, '\n'))
      text += line.empty() ? ".sp\n" : roff(line) + "\n";
    text += ".fi\n";
  }
  if (!page.empty()) text += ".SH DESCRIPTION\n" + body_of(page);
  return text + see_also;
}

void write_completions(const fs::path& to, const Entry& entry, const std::vector<std::string>& options) {
  std::string words;
  std::string zsh = fmt::format("#compdef {}\n_arguments", entry.name);
  std::string fish;
  for (const std::string& option : options) {
    words += (words.empty() ? "" : " ") + option;
    zsh += fmt::format(" '{}'", option);
    const bool is_long = option.starts_with("--");
    fish += fmt::format("complete -c {} {} {}\n", entry.name,
                        is_long              ? "-l"
                        : option.size() == 2 ? "-s"
                                             : "-o",
                        option.substr(is_long ? 2 : 1));
  }
  if (fish.empty()) fish = fmt::format("complete -c {}\n", entry.name);
  write_file(to / "bash" / entry.name, fmt::format("complete -o default -W '{}' {}\n", words, entry.name));
  write_file(to / "zsh" / ("_" + entry.name), zsh + " '*:file:_files'\n");
  write_file(to / "fish" / (entry.name + ".fish"), fish);
}

/// Names the pages of the subcommands of `assay`, those about it, and those above them.
std::string see_also(const std::string& name, const std::vector<std::string>& lines) {
  std::string pages;
  for (const std::string& line : lines) {
    const std::vector<std::string> cells = split(line, '\t');
    const std::string& other = cells.front();
    if (!name.starts_with("assay") || !(other.starts_with(name + "-") || name.starts_with(other + "-")))
      continue;
    pages += fmt::format("{}.BR {} ({})", pages.empty() ? "" : " ,\n", roff(other), cells.at(1));
  }
  return pages.empty() ? "" : ".SH SEE ALSO\n" + pages + "\n";
}

void make_all(const fs::path& source, const fs::path& programs, const std::string& version,
              const fs::path& output, const std::set<std::string>& apart) {
  const std::vector<std::string> lines = split(read_file(source / "contrib/programs.tsv"), '\n');
  for (const std::string& line : lines) {
    if (line.empty()) continue;
    const std::vector<std::string> cells = split(line, '\t');
    if (cells.size() != 6) throw std::runtime_error("programs.tsv: not six cells: " + line);
    Entry entry{cells[0], cells[1], cells[3], cells[4], ""};
    const fs::path to = entry.section == "1" && apart.contains(entry.name) ? output / "apart" : output;
    const std::size_t words = cells[2].find(' ');
    const bool is_subcommand = words != std::string::npos;
    if (is_subcommand) {
      entry.help = help_of(programs / cells[2].substr(0, words), cells[2].substr(words + 1));
    } else if (cells[2] != "-") {
      entry.help = help_of(programs / entry.name, cells[2]);
    }
    const std::string page = entry.page == "-" ? "" : read_file(source / entry.page);
    write_file(to / fmt::format("man/man{}/{}.{}", entry.section, entry.name, entry.section),
               man_page(entry, page, version, see_also(entry.name, lines)));
    if (entry.section == "1" && !is_subcommand)
      write_completions(to, entry, options_of(entry.help + " " + cells[5]));
  }
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc < 5) throw std::runtime_error("usage: make_pages SOURCE_DIR BIN_DIR VERSION OUTPUT_DIR NAME...");
    make_all(argv[1], argv[2], argv[3], argv[4], {argv + 5, argv + argc});
  } catch (const std::exception& error) {
    fmt::print(stderr, "make_pages: {}\n", error.what());
    return EXIT_FAILURE;
  }
  return EXIT_SUCCESS;
}

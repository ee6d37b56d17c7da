// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/chain/description_reader.h"

#include <fmt/format.h>
#include <algorithm>
#include <set>

#include "M1/m0_dialects.h"
#include "bootstrap/chain/description_kinds.h"
#include "bootstrap/chain/role.h"
#include "bootstrap/chain/toml_reader.h"
#include "cc/dialects.h"
#include "command/architecture_names.h"
#include "command/mescc_dialects.h"
#include "command/nearest_word.h"
#include "core/digest.h"
#include "core/paths.h"
#include "hex0/dialects.h"
#include "hex1/dialects.h"
#include "hex2/dialects.h"
#include "kaem/minimal.h"
#include "linker/catm_dialects.h"

namespace assay::bootstrap {
namespace {

constexpr std::string_view kNoMachine{"none"};
constexpr std::uint64_t kMaxReferenceBytes = 4;

const std::vector<std::string> kFileKeys{"format", "chain", "seed",  "program",
                                         "place",  "same",  "input", "stale"};
const std::vector<std::string> kChainKeys{
    "name",        "machine",     "dialect",     "word-size",        "directory",
    "boot",        "environment", "script",      "language",         "answers",
    "backslashes", "suffix",      "directories", "not-reproducible", "root"};
const std::vector<std::string> kSeedKeys{"file", "source", "role", "dialect"};
const std::vector<std::string> kProgramKeys{"file",         "source",    "role",       "dialect",
                                            "base-address", "word-size", "endianness", "references"};
const std::vector<std::string> kPlaceKeys{"from", "to"};
const std::vector<std::string> kSameKeys{"files"};
const std::vector<std::string> kInputKeys{"program", "files"};
const std::vector<std::string> kStaleKeys{"file", "answer", "why"};
const std::vector<std::string> kLanguages{"kaem", "kaem-minimal"};
const std::vector<std::string> kEndings{"little", "big"};

template <class Rows>
std::vector<std::string> names_of(const Rows& rows) {
  std::vector<std::string> names;
  for (const auto& row : rows) names.emplace_back(row.name);
  return names;
}

/// The rows of a role's table; none: the role has no dialects.
std::vector<std::string> dialects_of(Role role) {
  switch (role) {
    case Role::hex0: return names_of(hex0::kDialects);
    case Role::hex1: return names_of(hex1::kDialects);
    case Role::hex2_0: return names_of(hex2::kDialects);
    case Role::m0: return names_of(m0::kDialects);
    case Role::catm: return names_of(catm::kDialects);
    case Role::cc: return names_of(cc::dialects());
    case Role::m1:
    case Role::hex2: return names_of(kMesccDialects);
    case Role::kaem_minimal: {
      std::vector<std::string> names;
      for (const kaem::MinimalDialect& row : kaem::minimal_dialects()) names.emplace_back(row.arch);
      return names;
    }
    default: return {};
  }
}

/// As the tables spell it, where it means the same; else as it is.
std::string spelled_as(const std::vector<std::string>& known, const std::string& word) {
  const auto same = std::ranges::find_if(
      known, [&](const std::string& one) { return common_name(one) == common_name(word); });
  return same == known.end() ? word : *same;
}

class Reader {
 public:
  Reader(const Source& text, const FileTree* files, DiagnosticSink& sink)
      : toml_(text, sink), files_(files) {}

  std::shared_ptr<DescribedChain> run() {
    const std::optional<toml::table> file = toml_.parse();
    if (!file) return nullptr;
    const std::optional<std::uint64_t> format = toml_.number(*file, "format");
    if (!file->contains("format")) {
      toml_.say(kChainFileFormat, {0, 0, 1}, "the file does not say which version of the format it is in");
    } else if (format && *format != kDescriptionFormat) {
      toml_.say(kChainFileFormat, toml_.span_of(file->get("format")->source()),
                fmt::format("format {} is not known here", *format));
    }
    toml_.check_keys(*file, kFileKeys, "the file");
    // What is laid out first can be named by all that follows.
    for (const toml::table* place : toml_.tables(*file, "place")) read_place(*place);
    for (const toml::table* seed : toml_.tables(*file, "seed")) read_seed(*seed);
    const toml::table* const chain = toml_.sub_table(*file, "chain");
    if (chain != nullptr) {
      read_chain(*chain);
    } else if (!file->contains("chain")) {
      toml_.say(kChainFileMissing, {0, 0, 1}, "the file needs a table [chain]");
    }
    for (const toml::table* program : toml_.tables(*file, "program")) read_program(*program);
    for (const toml::table* same : toml_.tables(*file, "same")) read_same(*same);
    for (const toml::table* input : toml_.tables(*file, "input")) read_input(*input);
    for (const toml::table* stale : toml_.tables(*file, "stale")) read_stale(*stale);
    if (out_->architecture.bare && chain != nullptr) check_bare(*chain);
    return toml_.failed() ? nullptr : std::move(out_);
  }

 private:
  [[nodiscard]] ChainDescription& chain() { return out_->chain; }

  /// A normal path; nothing, and said, if it is none.
  std::optional<std::string> path_of(const PlacedText& text) {
    std::string path;
    for (const std::string_view part : path_parts(text.text)) {
      if (part == ".") continue;
      if (part == "..") path.clear();
      if (part == ".." || text.text.starts_with('/') || text.text.find('\0') != std::string::npos) {
        toml_.say(kChainFilePath, text.span,
                  fmt::format("'{}' is no path from the root of the tree", text.text));
        return std::nullopt;
      }
      path = join_path(path, part);
    }
    return path;
  }
  [[nodiscard]] bool is_there(const std::string& path) const {
    return files_ == nullptr || files_->info(path).has_value() ||
           std::ranges::any_of(out_->places, [&](const PlaceDescription& place) {
             const std::string& to = place.to;
             if (path != to && !path.starts_with(to + "/")) return false;
             return files_->info(place.from.front() + path.substr(to.size())).has_value();
           });
  }
  /// The same of a file that must be there.
  std::optional<std::string> file_of(const PlacedText& text) {
    std::optional<std::string> path = path_of(text);
    if (path && !is_there(*path)) {
      toml_.say(kChainFileNotThere, text.span, fmt::format("there is no '{}' in the tree", text.text));
      return std::nullopt;
    }
    return path;
  }
  std::optional<std::string> file_of(const std::optional<PlacedText>& text) {
    return text ? file_of(*text) : std::nullopt;
  }

  /// One of `known`, as it is spelled there; nothing, and said, if it is none.
  std::optional<std::string> word_of(const std::optional<PlacedText>& text, std::string_view what,
                                     const std::vector<std::string>& known) {
    if (!text) return std::nullopt;
    std::string word = spelled_as(known, text->text);
    if (std::ranges::find(known, word) != known.end()) return word;
    toml_.say(kChainFileWord, text->span,
              fmt::format("there is no {} '{}'; {}", what, text->text, known_words(text->text, known)));
    return std::nullopt;
  }

  void read_place(const toml::table& table) {
    toml_.check_keys(table, kPlaceKeys, "[[place]]");
    PlaceDescription place;
    const std::vector<PlacedText> from = toml_.texts(table, "from");
    if (from.empty()) toml_.say(kChainFileMissing, toml_.span_of(table.source()), "[[place]] needs 'from'");
    for (const PlacedText& one : from) {
      if (std::optional<std::string> path = file_of(one)) place.from.push_back(*std::move(path));
    }
    const std::optional<PlacedText> to = toml_.required(table, "to", "[[place]]");
    const std::optional<std::string> path = to ? path_of(*to) : std::nullopt;
    if (place.from.empty() || !path) return;
    place.to = *path;
    out_->places.push_back(std::move(place));
  }

  void read_seed(const toml::table& table) {
    toml_.check_keys(table, kSeedKeys, "[[seed]]");
    SeedDescription seed;
    for (const PlacedText& source : toml_.texts(table, "source")) {
      if (std::optional<std::string> path = file_of(source)) seed.sources.push_back(*std::move(path));
    }
    const std::optional<PlacedText> file = toml_.required(table, "file", "[[seed]]");
    // One that is not shipped is what its source says.
    const bool made = !toml_.texts(table, "source").empty();
    const std::optional<std::string> path = !file ? std::nullopt : made ? path_of(*file) : file_of(*file);
    seed.role = word_of(toml_.text(table, "role"), "role", role_names()).value_or("");
    seed.dialect =
        word_of(toml_.text(table, "dialect"), "dialect of hex0", dialects_of(Role::hex0)).value_or("");
    if (!path) return;
    seed.file = *path;
    if (chain().seed(*path) != nullptr)
      toml_.say(kChainFileTwice, file->span, fmt::format("'{}' is a seed already", *path));
    chain().seeds.push_back(std::move(seed));
  }

  /// What runs the chain's programs, and the rows that its languages have.
  void read_machine(const toml::table& table) {
    std::vector<std::string> known = names_of(architectures());
    const std::vector<std::string> rows = known;
    known.emplace_back(kKnight.name);
    known.emplace_back(kNoMachine);
    const std::optional<std::string> machine =
        word_of(toml_.required(table, "machine", "[chain]"), "machine", known);
    const std::optional<std::string> dialect = word_of(toml_.text(table, "dialect"), "dialect", rows);
    if (machine == kNoMachine && !table.contains("dialect"))
      toml_.say(kChainFileMissing, toml_.span_of(table.source()),
                "a chain that no machine here runs needs 'dialect': the architecture that it is most like");
    const std::optional<std::uint64_t> bits = toml_.number(table, "word-size");
    if (!machine) return;
    const bool runs = *machine != kNoMachine;
    const Architecture* const like =
        machine == kKnight.name ? &kKnight : find_architecture(runs ? *machine : dialect.value_or("AMD64"));
    Architecture& arch = out_->architecture;
    arch = *like;
    arch.like = like->name;
    arch.runs = runs;
    if (!runs) arch.elf_machine = 0;
    if (dialect) arch.dialect = find_architecture(*dialect)->dialect;
    if (bits) arch.word_bits = static_cast<int>(check_word_size(*bits, *table.get("word-size")));
    const std::optional<PlacedText> name = toml_.text(table, "name");
    out_->name = name ? name->text : std::string(runs ? like->name : "chain");
    arch.name = out_->name;
  }
  unsigned check_word_size(std::uint64_t bits, const toml::node& node) {
    if (bits != 32 && bits != 64)
      toml_.say(kChainFileWord, toml_.span_of(node.source()), "a word has 32 or 64 bits here");
    return bits == 32 ? 32 : 64;
  }

  void read_chain(const toml::table& table) {
    toml_.check_keys(table, kChainKeys, "[chain]");
    read_machine(table);
    if (const auto directory = toml_.text(table, "directory"))
      chain().directory = path_of(*directory).value_or("");
    for (const PlacedText& one : toml_.texts(table, "directories")) {
      if (std::optional<std::string> path = path_of(one)) out_->directories.push_back(*std::move(path));
    }
    for (const PlacedText& one : toml_.texts(table, "environment")) {
      if (!is_variable(one.text))
        toml_.say(kChainFileWord, one.span, fmt::format("'{}' is not NAME=VALUE", one.text));
      chain().environment.push_back(one.text);
    }
    chain().script = file_of(toml_.text(table, "script")).value_or("");
    read_boot(table);
    out_->answers = file_of(toml_.text(table, "answers")).value_or("");
    out_->architecture.answers = out_->answers;
    chain().backslashes = toml_.flag(table, "backslashes").value_or(false);
    out_->is_root = toml_.flag(table, "root").value_or(false);
    if (const auto suffix = toml_.text(table, "suffix")) chain().suffix = suffix->text;
    for (const PlacedText& one : toml_.texts(table, "not-reproducible")) {
      if (std::optional<std::string> path = path_of(one))
        chain().not_reproducible.push_back(*std::move(path));
    }
  }

  /// A machine without a kernel starts nothing, and its programs have two tapes.
  void check_bare(const toml::table& table) {
    const auto say = [&](const std::string& what) {
      toml_.say(kChainFileMachine, toml_.span_of(table.source()),
                fmt::format("a {} has no kernel: {}", kKnight.name, what));
    };
    if (!chain().boot.empty() || chain().plays_minimal || !chain().inputs.empty())
      say("its chain is a 'script' in kaem that assay plays, without 'boot' and [[input]]");
    const auto check = [&](const std::string& role) {
      static const std::set<std::string, std::less<>> kOfTapes{"", "hex0", "hex1", "hex2-0", "M0"};
      if (!kOfTapes.contains(role)) say(fmt::format("no program of it is a '{}'", role));
    };
    for (const SeedDescription& seed : chain().seeds) check(seed.role);
    for (const ProgramDescription& program : chain().programs) check(program.role);
  }

  void read_boot(const toml::table& table) {
    const std::optional<std::string> language =
        word_of(toml_.text(table, "language"), "language", kLanguages);
    chain().plays_minimal = language == "kaem-minimal";
    const std::vector<PlacedText> boot = toml_.texts(table, "boot");
    for (const PlacedText& word : boot) chain().boot.push_back(word.text);
    if (boot.empty()) {
      if (!table.contains("script") && !table.contains("boot"))
        toml_.say(kChainFileMissing, toml_.span_of(table.source()),
                  "[chain] needs 'boot', the command that begins, or a 'script' that assay plays");
      return;
    }
    if (table.contains("language"))
      toml_.say(kChainFileWord, toml_.span_of(table.get("language")->source()),
                "what 'boot' starts plays its script: 'language' is for chains without 'boot'");
    const std::string path = from_directory(boot.front().text);
    const auto seed = std::ranges::find(chain().seeds, path, &SeedDescription::file);
    if (seed != chain().seeds.end()) {
      seed->interprets = true;
    } else {
      toml_.say(kChainFileBoot, boot.front().span, fmt::format("'{}' is the file of no [[seed]]", path));
    }
  }
  /// A word of a command as a normal path.
  [[nodiscard]] std::string from_directory(const std::string& word) const {
    std::vector<std::string_view> parts =
        path_parts(word.starts_with('/') ? std::string_view() : out_->chain.directory);
    for (const std::string_view part : path_parts(word)) {
      if (part == "..") {
        if (!parts.empty()) parts.pop_back();
      } else if (part != ".") {
        parts.push_back(part);
      }
    }
    std::string path;
    for (const std::string_view part : parts) path = join_path(path, part);
    return path;
  }

  void read_program(const toml::table& table) {
    toml_.check_keys(table, kProgramKeys, "[[program]]");
    ProgramDescription program;
    const std::optional<PlacedText> file = toml_.text(table, "file");
    const std::optional<PlacedText> source = toml_.text(table, "source");
    if (table.contains("file") == table.contains("source"))
      toml_.say(kChainFileMissing, toml_.span_of(table.source()),
                "[[program]] needs 'file', where the program stands, or 'source', a text that goes into it: "
                "one of the two");
    if (file) program.file = path_of(*file).value_or("");
    program.source = file_of(source).value_or("");
    const std::optional<std::string> role =
        word_of(toml_.required(table, "role", "[[program]]"), "role", role_names());
    if (!role) return;
    program.role = *role;
    const Role is = *role_named(*role);
    program.dialect =
        word_of(toml_.text(table, "dialect"), "dialect of " + *role, dialects_of(is)).value_or("");
    read_parameters(table, is, program);
    const auto same = [&](const ProgramDescription& one) {
      return one.file == program.file && one.source == program.source;
    };
    if (std::ranges::any_of(chain().programs, same)) {
      toml_.say(kChainFileTwice, toml_.span_of(table.source()),
                fmt::format("'{}' is described already", file ? program.file : program.source));
    }
    chain().programs.push_back(std::move(program));
  }

  void read_parameters(const toml::table& table, Role role, ProgramDescription& program) {
    const bool has_labels = role == Role::hex1 || role == Role::hex2_0;
    for (const auto& [key, allowed] : {std::pair{"base-address", has_labels},
                                       {"references", has_labels},
                                       {"endianness", has_labels},
                                       {"word-size", role == Role::m0}}) {
      if (!allowed && table.contains(key))
        toml_.say(kChainFileParameter, toml_.span_of(table.get(key)->source()),
                  fmt::format("{} has no '{}'", name_of(role), key));
    }
    program.base_address = toml_.number(table, "base-address");
    if (const auto bits = toml_.number(table, "word-size"))
      program.word_bits = check_word_size(*bits, *table.get("word-size"));
    if (const auto end = word_of(toml_.text(table, "endianness"), "endianness", kEndings))
      program.big_endian = *end == "big";
    if (const toml::table* const references = toml_.sub_table(table, "references"))
      program.references = read_references(*references);
  }

  hex1::References read_references(const toml::table& table) {
    hex1::References references{};
    std::size_t count = 0;
    for (const auto& [key, node] : table) {
      const std::string name(key.str());
      const std::optional<PlacedText> value = toml_.text(table, name);
      constexpr std::string_view kOtherMeanings{":#;><.^`_"};
      const bool is_sigil = name.size() == 1 && name[0] > ' ' && name[0] < 0x7F &&
                            std::isalnum(static_cast<unsigned char>(name[0])) == 0 &&
                            kOtherMeanings.find(name[0]) == std::string_view::npos;
      const std::optional<hex1::Reference> one = value ? reference_of(value->text) : std::nullopt;
      if (!is_sigil) {
        toml_.say(kChainFileReference, toml_.span_of(key.source()), fmt::format("'{}' is no sigil", name));
      } else if (value && !one) {
        toml_.say(kChainFileReference, value->span, fmt::format("'{}' is no kind of reference", value->text));
      } else if (count == references.size()) {
        toml_.say(kChainFileReference, toml_.span_of(key.source()),
                  fmt::format("more than {} kinds of reference", references.size()));
      } else if (one) {
        references[count] = *one;
        references[count++].sigil = name[0];
      }
    }
    return references;
  }
  /// "relative 4", "absolute 2", "relative 3 words", "i-field".
  static std::optional<hex1::Reference> reference_of(std::string_view text) {
    using hex1::Form;
    hex1::Reference reference;
    for (const auto& [name, form] : {std::pair<std::string_view, Form>{"i-field", Form::i_field},
                                     {"b-field", Form::b_field},
                                     {"j-field", Form::j_field},
                                     {"u-field", Form::u_field}}) {
      reference.form = form;
      if (text == name) return reference;
    }
    const bool relative = text.starts_with("relative ");
    reference.form = relative ? Form::relative : Form::absolute;
    if (!relative && !text.starts_with("absolute ")) return std::nullopt;
    text.remove_prefix(std::string_view("relative ").size());
    if (text.empty() || text[0] < '1' || text[0] > static_cast<char>('0' + kMaxReferenceBytes))
      return std::nullopt;
    reference.size = static_cast<std::uint8_t>(text[0] - '0');
    text.remove_prefix(1);
    reference.in_words = relative && text == " words";
    return text.empty() || reference.in_words ? std::optional(reference) : std::nullopt;
  }

  std::vector<std::string> read_files(const toml::table& table) {
    std::vector<std::string> files;
    for (const PlacedText& one : toml_.texts(table, "files")) {
      if (std::optional<std::string> path = path_of(one)) files.push_back(*std::move(path));
    }
    return files;
  }

  void read_input(const toml::table& table) {
    toml_.check_keys(table, kInputKeys, "[[input]]");
    const std::optional<PlacedText> program = toml_.required(table, "program", "[[input]]");
    const std::optional<std::string> path = program ? path_of(*program) : std::nullopt;
    std::vector<std::string> files = read_files(table);
    if (files.empty())
      toml_.say(kChainFileMissing, toml_.span_of(table.source()), "[[input]] needs 'files', one or more");
    if (!path) return;
    if (std::ranges::find(chain().inputs, *path, &InputDescription::program) != chain().inputs.end())
      toml_.say(kChainFileTwice, program->span, fmt::format("'{}' has its input already", program->text));
    chain().inputs.push_back({*path, std::move(files)});
  }

  void read_stale(const toml::table& table) {
    toml_.check_keys(table, kStaleKeys, "[[stale]]");
    const std::optional<PlacedText> file = toml_.required(table, "file", "[[stale]]");
    const std::optional<PlacedText> answer = toml_.required(table, "answer", "[[stale]]");
    const std::optional<PlacedText> why = toml_.required(table, "why", "[[stale]]");
    const std::optional<std::string> path = file ? path_of(*file) : std::nullopt;
    if (answer && !is_sha256(answer->text))
      toml_.say(kChainFileWord, answer->span, "an answer is a SHA-256 of 64 lower-case digits");
    if (path && answer && why) chain().stale.push_back({*path, answer->text, why->text});
  }

  void read_same(const toml::table& table) {
    toml_.check_keys(table, kSameKeys, "[[same]]");
    std::vector<std::string> files = read_files(table);
    if (files.size() < 2)
      toml_.say(kChainFileMissing, toml_.span_of(table.source()), "[[same]] needs 'files', two or more");
    chain().equal.push_back(std::move(files));
  }

  TomlReader toml_;
  const FileTree* files_;
  std::shared_ptr<DescribedChain> out_ = std::make_shared<DescribedChain>();
};

}  // namespace

std::shared_ptr<DescribedChain> read_description(const Source& text, const FileTree* files,
                                                 DiagnosticSink& sink) {
  DiagnosticList said;
  std::shared_ptr<DescribedChain> chain;
  if (text.bytes.size() > kMaxDescription) {
    said.report(kChainFileSyntax, {0, 0, 1}, "the file is longer than a MiB");
  } else {
    chain = Reader(text, files, said).run();
  }
  // Tables have no order: what is said is in that of the text.
  std::ranges::stable_sort(said.all, {}, [](const Diagnostic& one) { return one.span.offset; });
  for (Diagnostic& one : said.all) sink.report(std::move(one));
  if (chain != nullptr) chain->file = text.name;
  return chain;
}

}  // namespace assay::bootstrap

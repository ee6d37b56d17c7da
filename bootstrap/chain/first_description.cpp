// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/chain/first_description.h"

#include <fmt/format.h>
#include <algorithm>
#include <set>

#include "bootstrap/chain/chain.h"
#include "bootstrap/chain/description_reader.h"
#include "bootstrap/chain/own_source.h"
#include "bootstrap/chain/source_key.h"
#include "bootstrap/tree/program_check.h"
#include "core/paths.h"
#include "hex0/hex0.h"
#include "kaem/minimal.h"

namespace assay::bootstrap {
namespace {

constexpr std::size_t kMaxFiles = 200'000;                  // looked at in a tree
constexpr std::uint64_t kMaxSeed = std::uint64_t{1} << 18;  // larger programs are no seeds
constexpr std::size_t kMaxSeeds = 16;                       // more are not named

/// As TOML has it.
std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      result += fmt::format("\\{}", c);
    } else if (static_cast<unsigned char>(c) < ' ' || c == 0x7F) {
      result += fmt::format("\\u{:04X}", static_cast<unsigned>(c));
    } else {
      result += c;
    }
  }
  return result + "\"";
}

std::string list_of(const std::vector<std::string>& texts) {
  std::string result;
  for (const std::string& text : texts) result += (result.empty() ? "" : ", ") + quoted(text);
  return fmt::format("[{}]", result);
}

std::string one_or_list(const std::vector<std::string>& texts) {
  return texts.size() == 1 ? quoted(texts.front()) : list_of(texts);
}

std::string seed_text(const SeedDescription& seed) {
  std::string text = fmt::format("\n[[seed]]\nfile = {}\n", quoted(seed.file));
  text += seed.sources.empty()
              ? "# source = \"...\"   # the text in hex0 that it was assembled from: none in the tree does\n"
              : fmt::format("source = {}\n", one_or_list(seed.sources));
  text += seed.role.empty() ? "# role = \"...\"     # what it does: hex0, kaem-minimal, ...\n"
                            : fmt::format("role = {}\n", quoted(seed.role));
  if (!seed.dialect.empty()) text += fmt::format("dialect = {}\n", quoted(seed.dialect));
  return text;
}

std::string program_text(const ProgramDescription& program) {
  const bool by_file = !program.file.empty();
  std::string text = fmt::format("\n[[program]]\n{} = {}\nrole = {}\n", by_file ? "file" : "source",
                                 quoted(by_file ? program.file : program.source), quoted(program.role));
  if (!program.dialect.empty()) text += fmt::format("dialect = {}\n", quoted(program.dialect));
  return text;
}

/// All files of a tree but git's own.
void list_files(const FileTree& files, const std::string& directory, std::vector<std::string>& found) {
  const auto names = files.list(directory);
  if (!names) return;
  for (const std::string& name : *names) {
    if (name == ".git" || found.size() >= kMaxFiles) continue;
    const std::string path = join_path(directory, name);
    const Result<NodeInfo> info = files.info(path);
    if (!info) continue;
    if (info->kind == NodeKind::directory) list_files(files, path, found);
    if (info->kind == NodeKind::file) found.push_back(path);
  }
}

const Architecture* architecture_of(ByteView program) {
  const auto all = architectures();
  const auto found =
      std::ranges::find_if(all, [&](const Architecture& arch) { return !program_fault(program, arch); });
  return found == all.end() ? nullptr : &*found;
}

/// What can be seen in a tree that nobody knows.
class Finder {
 public:
  Finder(const FileTree& files, DescribedChain& out) : files_(files), out_(out) {
    list_files(files, "", paths_);
  }
  void run() {
    find_seeds();
    find_boot();
  }

 private:
  void find_seeds() {
    for (const std::string& path : paths_) {
      const Result<NodeInfo> info = files_.info(path);
      if (!info || info->size > kMaxSeed || info->size == 0) continue;
      const auto bytes = files_.read(path);
      if (!bytes || !is_elf(**bytes)) continue;
      const Architecture* const arch = architecture_of(**bytes);
      if (arch == nullptr || (arch_ != nullptr && arch != arch_) || chain().seeds.size() >= kMaxSeeds)
        continue;
      arch_ = arch;
      chain().seeds.push_back(seed_at(path, **bytes));
    }
    if (arch_ != nullptr) {
      out_.architecture = *arch_;
      out_.architecture.like = arch_->name;
      return;
    }
    // No seed is shipped: the texts may be.
    out_.architecture.runs = false;
    for (const std::string& path : paths_) {
      if (path.ends_with(".hex0") && last_part(path).starts_with("hex0"))
        chain().seeds.push_back({.file = "seeds/hex0", .sources = {path}, .role = "hex0"});
      if (!chain().seeds.empty()) return;
    }
  }

  SeedDescription seed_at(const std::string& path, ByteView bytes) {
    SeedDescription seed{.file = path};
    NoDiagnostics quiet;
    for (const std::string& source : paths_) {
      if (!source.ends_with(".hex0")) continue;
      const auto text = files_.read(source);
      if (!text) continue;
      const Output made =
          hex0::assemble({source, **text}, {.dialect = hex0::find_dialect(arch_->dialect)}, quiet);
      if (!std::ranges::equal(made.bytes, bytes)) continue;
      seed.sources.push_back(source);
      Role role = role_by_key(*arch_, key_of_source(source, **text));
      if (role == Role::unknown) role = role_of({source});
      if (seed.role.empty() && role != Role::unknown) seed.role = name_of(role);
    }
    return seed;
  }

  void find_boot() {
    const auto is_script = [](std::string_view name) {
      return (name.starts_with("kaem.") && !name.ends_with(".c") && !name.ends_with(".h")) ||
             name.ends_with(".kaem") || name.ends_with(".run");
    };
    for (const std::string& path : paths_) {
      const std::string_view name = last_part(path);
      // One at the root, and one of this machine, before others.
      const bool better = chain().script.empty() || (arch_ != nullptr && parent_path(path).empty() &&
                                                     name.ends_with(arch_->library_name));
      if (is_script(name) && better) chain().script = path;
      if (name.ends_with(".answers") && out_.answers.empty()) out_.answers = path;
    }
    const auto speaks = [](const SeedDescription& seed) {
      return seed.role.starts_with("kaem") || last_part(seed.file).find("kaem") != std::string_view::npos;
    };
    const auto first = std::ranges::find_if(chain().seeds, speaks);
    if (first != chain().seeds.end()) {
      chain().boot = {"./" + first->file};
      if (!chain().script.empty()) chain().boot.push_back("./" + chain().script);
    } else if (chain().script.empty() && !chain().seeds.empty() && !chain().seeds.front().is_assembled) {
      chain().boot = {"./" + chain().seeds.front().file};
    }
  }

  ChainDescription& chain() { return out_.chain; }

  const FileTree& files_;
  DescribedChain& out_;
  std::vector<std::string> paths_;
  const Architecture* arch_ = nullptr;
};

}  // namespace

std::string description_text(const DescribedChain& described) {
  const ChainDescription& chain = described.chain;
  const Architecture& arch = described.architecture;
  std::string text = fmt::format(
      "# How this tree bootstraps itself: assay-chain(5) says what can stand here.\nformat = {}\n\n[chain]\n",
      kDescriptionFormat);
  if (!described.name.empty()) text += fmt::format("name = {}\n", quoted(described.name));
  if (arch.runs) {
    text += fmt::format("machine = {}\n", quoted(arch.known_name()));
  } else {
    text += fmt::format(
        "machine = \"none\"    # nothing here runs its programs: x86, AMD64, ... if something does\n"
        "dialect = {}     # the architecture whose tools its own are most like\n",
        quoted(arch.dialect.empty() ? "AMD64" : arch.dialect));
  }
  if (!chain.directory.empty()) text += fmt::format("directory = {}\n", quoted(chain.directory));
  if (!chain.boot.empty())
    text += fmt::format("boot = {}\n", list_of(chain.boot));
  else if (chain.script.empty())
    text +=
        "# boot = [\"./seeds/kaem\", \"kaem.run\"]   # the command that begins; or a script that assay "
        "plays\n";
  if (!chain.environment.empty()) text += fmt::format("environment = {}\n", list_of(chain.environment));
  text +=
      chain.script.empty() ? "# script = \"kaem.run\"\n" : fmt::format("script = {}\n", quoted(chain.script));
  if (chain.plays_minimal) text += "language = \"kaem-minimal\"\n";
  text += described.answers.empty() ? "# answers = \"...\"   # a list as sha256sum writes it\n"
                                    : fmt::format("answers = {}\n", quoted(described.answers));
  if (chain.backslashes) text += "backslashes = true\n";
  if (!chain.suffix.empty()) text += fmt::format("suffix = {}\n", quoted(chain.suffix));
  for (const SeedDescription& seed : chain.seeds) text += seed_text(seed);
  if (chain.seeds.empty())
    text += "\n# [[seed]]\n# file = \"seeds/hex0\"\n# source = \"hex0.hex0\"\n# role = \"hex0\"\n";
  for (const ProgramDescription& program : chain.programs) text += program_text(program);
  for (const PlaceDescription& place : described.places)
    text += fmt::format("\n[[place]]\nfrom = {}\nto = {}\n", one_or_list(place.from), quoted(place.to));
  for (const std::vector<std::string>& files : chain.equal)
    text += fmt::format("\n[[same]]\nfiles = {}\n", list_of(files));
  return text;
}

std::string first_description(const Tree& tree, const Architecture& arch) {
  DescribedChain described;
  described.architecture = arch;
  described.chain = tree.chain_of(arch);
  if (tree.files->info(answers_path(arch))) described.answers = answers_path(arch);
  // The port to UEFI has an interpreter of its own.
  const bool own_kaem = !arch.runs && kaem::minimal_dialect(arch.name) != nullptr;
  if (!arch.runs) described.name = arch.name;
  std::set<std::string> seen;
  const Chain chain = compute_chain(tree, arch);
  for (const Command& command : chain.commands) {
    const bool is_own = own_kaem && command.role == Role::kaem_minimal;
    if ((!command.built_by && !is_own) || command.role == Role::unknown) continue;
    if (!seen.insert(command.program).second) continue;
    described.chain.programs.push_back({.file = command.program,
                                        .source = {},
                                        .role = std::string(name_of(command.role)),
                                        .dialect = is_own ? std::string(arch.name) : ""});
  }
  return description_text(described);
}

std::string first_description(const FileTree& files) {
  DescribedChain described;
  Finder(files, described).run();
  return description_text(described);
}

}  // namespace assay::bootstrap

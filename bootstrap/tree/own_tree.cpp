// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/tree/own_tree.h"

#include <fmt/format.h>
#include <algorithm>

#include "core/paths.h"

namespace assay::bootstrap {
namespace {

bool is_file(const FileTree& files, const std::string& path) {
  const Result<NodeInfo> info = files.info(path);
  return info && info->kind == NodeKind::file;
}

/// Changes the lines of a script that hold `word`; `change` may leave them as they are.
template <typename Change>
void edit_script(const std::string& path, std::string_view word, Change change, MemoryTree& files,
                 std::vector<ScriptEdit>& edits) {
  const Result<std::shared_ptr<const Bytes>> script = files.read(path);
  if (!script) return;
  std::string_view rest = as_text(**script);
  std::string text;
  for (std::uint64_t number = 1; !rest.empty(); ++number) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string before(rest.substr(0, end));
    std::string after = before;
    if (!before.starts_with('#') && before.find(word) != std::string::npos) change(after);
    if (after != before) edits.push_back({path, number, before, after});
    text += after;
    if (end < rest.size()) text += '\n';
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  files.put(path, to_bytes(text));
}

/// Takes the word that holds `part` out of a line.
void drop_word(std::string& line, std::string_view part) {
  const std::size_t at = line.find(part);
  if (at == std::string::npos) return;
  const std::size_t begin = line.rfind(' ', at);
  const std::size_t end = std::min(line.find(' ', at), line.size());
  if (begin != std::string::npos) line.erase(begin, end - begin);
}

void replace_all(std::string& line, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = line.find(from, at)) != std::string::npos; at += to.size())
    line.replace(at, from.size(), to);
}

/// Where AArch64 of stage0-posix has its catm: it is written for hex1. Empty for other programs.
std::string other_catm(const OwnProgram& program, const Architecture& arch) {
  return program.name == "catm" ? filled("{ARCH}/catm_{ARCH}.hex1", arch) : "";
}

/// Where a tree differs from ours in more than a text: our M0 has its header with it, and our catm is written
/// for hex2-0 where AArch64's is for hex1.
void fit_script(const OwnProgram& program, const Architecture& arch, MemoryTree& files,
                std::vector<ScriptEdit>& edits) {
  const std::string script = filled("{ARCH}/mescc-tools-mini-kaem.kaem", arch);
  if (program.name == "M0")
    edit_script(
        script, filled("M0_{ARCH}.hex2", arch), [](std::string& line) { drop_word(line, "/ELF-"); }, files,
        edits);
  if (const std::string other = other_catm(program, arch); !other.empty() && is_file(files, other))
    edit_script(
        script, other,
        [&](std::string& line) {
          replace_all(line, other, filled(program.place, arch));
          replace_all(line, "artifact/hex1", "artifact/hex2-0");
        },
        files, edits);
}

Result<void> put_program(const Tree& tree, const OwnProgram& program, const Architecture& arch,
                         MemoryTree& files, OwnTree& own) {
  const std::optional<ByteView> text = own_text(program, arch);
  if (!text)
    return fail("own-tool-missing", fmt::format("there is no {} of ours for {}", program.name, arch.name));
  const std::string place = filled(program.place, arch);
  if (!is_file(*tree.files, place) && !is_file(*tree.files, other_catm(program, arch)))
    return fail("own-tool-no-place", fmt::format("'{}' has no '{}', which our {} is to take the place of",
                                                 tree.path, place, program.name));
  fit_script(program, arch, files, own.edits);
  files.put(place, Bytes(text->begin(), text->end()));
  own.ours.push_back(place);
  return {};
}

}  // namespace

Result<std::vector<const OwnProgram*>> own_programs_of(std::string_view list) {
  std::string all;
  for (const OwnProgram& program : own_programs())
    all += (all.empty() ? "" : ",") + std::string(program.name);
  std::string_view rest = list == "own" ? all : list.starts_with("own:") ? list.substr(4) : "";
  std::vector<const OwnProgram*> programs;
  for (;;) {
    const std::string_view name = rest.substr(0, rest.find(','));
    const OwnProgram* const program = find_own_program(name);
    if (program == nullptr)
      return fail("own-tool-unknown",
                  fmt::format("--with-tools takes own, or own: and some of {}; not '{}'", all, list));
    if (std::ranges::find(programs, program) == programs.end()) programs.push_back(program);
    if (name.size() == rest.size()) return programs;
    rest.remove_prefix(name.size() + 1);
  }
}

void put_own_seeds(const Architecture& arch, const Layout& layout, MemoryTree& files) {
  for (const auto& [name, path] : {std::pair{"hex0", hex0_seed_path(arch, layout)},
                                   std::pair{"kaem-minimal", kaem_seed_path(arch, layout)}}) {
    const OwnProgram& program = *find_own_program(name);
    const std::optional<ByteView> text = own_text(program, arch);
    if (!text) continue;
    files.put(path, assembled_seed(*text, arch), 0755);
    files.put(join_path(parent_path(path), last_part(filled(program.place, arch))),
              Bytes(text->begin(), text->end()));
  }
}

Result<OwnTree> with_own(const Tree& tree, const OwnParts& parts,
                         const std::vector<const Architecture*>& architectures) {
  OwnTree own{tree, {}, {}, parts.seeds};
  const auto files = std::make_shared<MemoryTree>(tree.files);
  for (const Architecture* arch : architectures) {
    if (parts.seeds) {
      // Elsewhere the seeds lie beside the texts of the tree, or the second one is a whole kaem.
      if (tree.layout().hex0_seed != todays_layout().hex0_seed)
        return fail("own-seeds-no-place",
                    fmt::format("'{}' is laid out as stage0-posix {}: our seeds are for 1.3 and later",
                                tree.path, tree.layout().releases));
      put_own_seeds(*arch, tree.layout(), *files);
    }
    for (const OwnProgram* program : parts.programs) {
      if (const Result<void> put = put_program(tree, *program, *arch, *files, own); !put)
        return tl::unexpected(put.error());
    }
  }
  std::ranges::sort(own.ours);
  own.tree.files = files;
  return own;
}

}  // namespace assay::bootstrap

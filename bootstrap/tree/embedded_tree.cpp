// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/tree/embedded_tree.h"

#include "bootstrap/tree/embedded_files.h"
#include "bootstrap/tree/own_tree.h"
#include "core/memory_tree.h"

namespace assay::bootstrap {
namespace {

constexpr std::string_view kFolder = "bootstrap/embedded/";

/// Files of the folder whose name or directory is that of an architecture are its own; those of "arch" and
/// "ARCH" are for each of them.
void add_scripts(const Architecture& arch, MemoryTree& files) {
  const std::string own = std::string(arch.library_name) + "/";
  for (const EmbeddedFile& file : embedded_files()) {
    if (!file.path.starts_with(kFolder)) continue;
    const std::string_view name = file.path.substr(kFolder.size());
    const auto put = [&](const std::string& path) {
      files.put(path, to_bytes(filled(as_text(file.bytes), arch)));
    };
    if (name.starts_with("ARCH/"))
      put(filled("{ARCH}", arch) + std::string(name.substr(4)));
    else if (name == "kaem.arch")
      put(boot_script_path(arch));
    else if (name.starts_with(own))
      put(filled("{ARCH}/", arch) + std::string(name.substr(own.size())));
    else if (name == answers_path(arch) || name == "README.md")
      put(std::string(name));
  }
}

}  // namespace

Tree embedded_tree() {
  auto files = std::make_shared<MemoryTree>();
  for (const Architecture& arch : architectures()) {
    add_scripts(arch, *files);
    for (const OwnProgram& program : own_programs()) {
      if (const std::optional<ByteView> text = own_text(program, arch))
        files->put(filled(program.place, arch), Bytes(text->begin(), text->end()));
    }
    put_own_seeds(arch, todays_layout(), *files);
  }
  Tree tree{"(embedded)", TreeKind::embedded, files, architectures_in(*files, todays_layout()), {}};
  tree.found = recognise(*files);
  return tree;
}

}  // namespace assay::bootstrap

// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/tree/embedded_tree.h"

#include "bootstrap/tree/embedded_files.h"
#include "core/memory_tree.h"
#include "hex0/hex0.h"

namespace assay::bootstrap {

Tree embedded_tree() {
  const Architecture& arch = *find_architecture("riscv64");
  auto files = std::make_shared<MemoryTree>();
  for (const EmbeddedFile& file : embedded_files()) {
    files->put(file.path, Bytes(file.bytes.begin(), file.bytes.end()));
    if (!file.path.ends_with(".hex0")) continue;
    NoDiagnostics none;
    Output seed = hex0::assemble({std::string(file.path), file.bytes},
                                 {.dialect = hex0::find_dialect(arch.name)}, none);
    files->put(hex0_seed_path(arch), std::move(seed.bytes), 0755);
  }
  return {"(embedded)", TreeKind::embedded, files, {&arch}, {}};
}

}  // namespace assay::bootstrap

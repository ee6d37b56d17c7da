// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A program without files or arguments, for tests that compare what runs it.
#pragma once

#include "core/memory_tree.h"
#include "exec/run.h"
#include "machine/machine.h"

namespace assay::test {

inline Result<machine::Outcome> run_in_machine(const Bytes& elf) {
  MemoryTree tree;
  tree.put("program", elf, 0755);
  machine::Request request;
  request.program = "/program";
  request.argv = {"program"};
  return machine::run(tree, request);
}

inline Result<exec::Outcome> run_in_exec(const Bytes& elf, exec::Engine engine) {
  MemoryTree files;
  exec::Request request;
  request.program = elf;
  request.argv = {"program"};
  request.files = &files;
  request.engine = engine;
  return exec::run(request);
}

}  // namespace assay::test

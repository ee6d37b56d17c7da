// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Programs of the reference road: random code in a random ELF file must end in a verdict, the same by both
// engines, when it is run again, and without shortcuts (but for the number of jumps).
#include <algorithm>
#include <cstdlib>

#include "exec/kept.h"
#include "exec/run.h"
#include "exec/testing/test_program.h"

namespace {

using namespace assay;

constexpr std::uint64_t kJumps = 2000;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  struct Kind {
    unsigned machine;
    bool wide;
  };
  constexpr Kind kKinds[] = {{3, false}, {62, true}, {183, true}, {243, false}, {243, true}};
  const ByteView code(data + 1, size - 1);
  const unsigned which = data[0] % 6;
  const Bytes program =
      // In a whole file, so that most inputs get as far as their instructions.
      which < 5 ? exec::test_program::elf(code, kKinds[which].machine, kKinds[which].wide)
                : Bytes(code.begin(), code.end());
  exec::KeptPrograms kept;  // of both engines: the translator has what the interpreter came to
  const auto run = [&](exec::Engine engine, bool shortcuts, MemoryTree& files) {
    files.put("file", to_bytes("contents"));
    exec::Request request;
    request.program = program;
    request.argv = {"prog"};
    request.files = &files;
    request.jumps = kJumps;
    request.engine = engine;
    request.shortcuts = shortcuts;
    request.kept = &kept;
    return exec::run(request);
  };
  MemoryTree one_tree;
  const Result<exec::Outcome> one = run(exec::Engine::interpret, true, one_tree);
  const struct {
    exec::Engine engine;
    bool shortcuts;
  } ways[] = {{exec::Engine::translate, true},
              {exec::Engine::translate, true},
              {exec::Engine::interpret, true},
              {exec::Engine::interpret, false}};
  for (const auto& [engine, shortcuts] : ways) {
    MemoryTree other_tree;
    const Result<exec::Outcome> other = run(engine, shortcuts, other_tree);
    if (one.has_value() != other.has_value()) std::abort();
    if (!one) return 0;
    if (!shortcuts && other->ending == Ending::hangs) continue;
    if (one->ending != other->ending || one->status != other->status ||
        one->standard_output != other->standard_output || one->standard_error != other->standard_error ||
        one->outputs != other->outputs || one->reason != other->reason) {
      std::abort();
    }
  }
  return 0;
}

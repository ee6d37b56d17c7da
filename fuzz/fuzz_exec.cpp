// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Programs of the reference road: random code in a random ELF file must end in a verdict, the same by both
// engines, when it is run again, and without shortcuts (but for the number of jumps).
#include <algorithm>
#include <cstdlib>

#include "cc/exec/kept.h"
#include "cc/exec/run.h"

namespace {

using namespace assay;

constexpr std::uint64_t kBase = 0x600000;
constexpr std::uint64_t kJumps = 2000;

void put(Bytes& out, std::uint64_t value, unsigned bytes) {
  for (unsigned index = 0; index < bytes; ++index) out.push_back(static_cast<Byte>(value >> (8 * index)));
}

/// The code in a whole file, so that most inputs get as far as their instructions.
Bytes wrap(ByteView code, unsigned machine, bool wide) {
  const unsigned word = wide ? 8 : 4;
  const std::uint64_t headers = wide ? 120 : 84;
  Bytes out{0x7f, 'E', 'L', 'F', static_cast<Byte>(wide ? 2 : 1), 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0};
  put(out, 2, 2);
  put(out, machine, 2);
  put(out, 1, 4);
  put(out, kBase + headers, word);
  put(out, wide ? 64 : 52, word);
  put(out, 0, word);
  put(out, 0, 4);
  for (const unsigned value : {wide ? 64U : 52U, wide ? 56U : 32U, 1U, 0U, 0U, 0U}) put(out, value, 2);
  put(out, 1, 4);
  if (wide) put(out, 7, 4);
  for (const std::uint64_t value :
       {std::uint64_t{0}, kBase, kBase, headers + code.size(), headers + code.size() + 4096})
    put(out, value, word);
  if (!wide) put(out, 7, 4);
  put(out, 1, word);
  out.insert(out.end(), code.begin(), code.end());
  return out;
}

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
      which < 5 ? wrap(code, kKinds[which].machine, kKinds[which].wide) : Bytes(code.begin(), code.end());
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

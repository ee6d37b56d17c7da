// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The Scheme of mes: the first byte says whether the rest is read and written only, or run. Every run must
// end with a status or a named diagnostic, and be the same on every try.
#include <string>

#include "fuzz/fuzz_output.h"
#include "mes/mes.h"
#include "mes/tree_world.h"

namespace {

using namespace assay;

constexpr std::string_view kReadAll{"(define (loop) (core:write (read-env (list))) (loop)) (loop)"};

struct Ran {
  int status;
  std::string output;
  std::string errors;
  friend bool operator==(const Ran&, const Ran&) = default;
};

Ran run(std::string_view text, bool evaluate) {
  MemoryTree tree;
  tree.put("mes/module/mes/boot-5.scm", to_bytes(evaluate ? text : kReadAll));
  mes::TreeWorld world(tree, "");
  world.set_standard_input(to_bytes(text));
  DiagnosticList said;
  const mes::Outcome outcome =
      mes::run({.dialect = &mes::kDialects[text.size() % 2],
                .arguments = {"mes"},
                .environment = {{"MES_MAX_STRING", "1000"}},
                .limits = {.heap_bytes = std::size_t{1} << 22,
                           .stack_values = 20000,
                           .depth = 200,
                           .calls = evaluate ? 20000U : static_cast<unsigned>(text.size() + 2)}},
               world, said);
  fuzz::demand(outcome.ending == Ending::exits || !said.all.empty());
  return {outcome.status, world.written(), world.errors()};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const bool evaluate = data[0] % 2 == 1;
  fuzz::demand(run(text, evaluate) == run(text, evaluate));
  return 0;
}

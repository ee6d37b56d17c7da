// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Random ELF files: the loader, and a short run under both engines, which must end alike. The first byte
// says what the rest is: a whole file; or patches of a good header, then code.
#include <algorithm>

#include "fuzz/fuzz_output.h"
#include "machine/machine.h"
#include "machine/process/elf.h"
#include "machine/testing/guest_elf.h"

namespace {

using namespace assay;

machine::Outcome run(const Bytes& file, machine::EngineKind engine) {
  MemoryTree tree;
  tree.put("program", file, 0755);
  machine::Request request;
  request.program = "program";
  request.argv = {"program", "argument"};
  request.env = {"NAME=value"};
  request.engine = engine;
  request.limits.instructions = 2'000;
  request.limits.memory = std::uint64_t{64} << 20;
  request.limits.processes = 8;
  request.limits.depth = 3;
  request.limits.open_files = 16;
  request.limits.file_bytes = request.limits.output_bytes = std::uint64_t{1} << 20;
  Result<machine::Outcome> outcome = machine::run(tree, request);
  fuzz::demand(outcome.has_value());
  return *std::move(outcome);
}

// Pairs of offset and value up to the first that patches nothing; then code.
Bytes patched(const machine::Isa& isa, ByteView data) {
  constexpr std::size_t kHeaders = 120;
  std::size_t patches = 0;
  while (2 * patches + 1 < data.size() && data[2 * patches] < kHeaders) ++patches;
  Bytes file = machine::testing::make_elf(isa, data.subspan(std::min(data.size(), 2 * patches + 1)));
  for (std::size_t i = 0; i < patches; ++i) file[data[2 * i]] = data[2 * i + 1];
  return file;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const auto isas = machine::all_isas();
  const ByteView rest(data + 1, size - 1);
  const std::size_t kind = data[0] % (isas.size() + 1);
  const Bytes file = kind == isas.size() ? Bytes(rest.begin(), rest.end()) : patched(*isas[kind], rest);
  const Result<machine::ElfFile> elf = machine::parse_elf(file);
  fuzz::demand(elf.has_value() || elf.error().id == "bad-program");
  const machine::Outcome one = run(file, machine::EngineKind::interpreter);
  const machine::Outcome other = run(file, machine::EngineKind::translator);
  fuzz::demand(one.stop == other.stop && one.status == other.status && one.message == other.message &&
               one.instructions == other.instructions && one.system_calls == other.system_calls &&
               one.standard_output == other.standard_output && one.findings == other.findings);
  return 0;
}

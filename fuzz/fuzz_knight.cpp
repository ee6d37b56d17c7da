// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Random programs of the knight machine: the first byte chooses the size of its registers and of its memory,
// the second how much of the rest is tape. They run for a while; seen or not, they must do the same.
#include <algorithm>

#include "fuzz/fuzz_output.h"
#include "machine/machine.h"
#include "machine/observer.h"

namespace {

using namespace assay;
using namespace assay::machine;

constexpr std::uint64_t kInstructions = 5000;

class Watcher final : public Observer {
 public:
  std::uint64_t unobserved(const ImageRecord&) override { return 0; }
  bool before(const Instruction& instruction) override { return instruction.bytes.size() <= 6; }
  void after(const Instruction&) override {}
};

struct Ran {
  Outcome outcome;
  NodeState tapes[2];
};

Ran run_once(ByteView program, ByteView tape, unsigned choice, Observer* observer) {
  MemoryTree tree;
  tree.put("rom", {program.begin(), program.end()});
  tree.put("tape_01", {tape.begin(), tape.end()});
  Request request;
  request.program = "/rom";
  constexpr unsigned kSizes[] = {16, 32, 64};
  request.knight = KnightMachine{.word_bits = kSizes[choice % 3],
                                 .memory = choice >= 128 ? 70'000U : program.size() + choice};
  request.limits.image_instructions = kInstructions;
  request.limits.output_bytes = kInstructions / 2;
  request.standard_input = {tape.begin(), tape.end()};
  request.observer = observer;
  Result<Outcome> outcome = run(tree, request);
  fuzz::demand(outcome.has_value());
  return {std::move(*outcome), {tree.state("tape_01"), tree.state("tape_02")}};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const ByteView rest(data + 2, size - 2);
  const std::size_t tape = std::min<std::size_t>(data[1], rest.size());
  Watcher watcher;
  const Ran one = run_once(rest.subspan(tape), rest.first(tape), data[0], nullptr);
  const Ran other = run_once(rest.subspan(tape), rest.first(tape), data[0], &watcher);
  fuzz::demand(one.outcome.stop == other.outcome.stop && one.outcome.message == other.outcome.message &&
               one.outcome.instructions == other.outcome.instructions &&
               one.outcome.standard_output == other.outcome.standard_output);
  fuzz::demand(one.tapes[0] == other.tapes[0] && one.tapes[1] == other.tapes[1]);
  return 0;
}

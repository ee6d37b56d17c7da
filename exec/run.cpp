// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "exec/run.h"

#include <fmt/format.h>

#include "exec/kept.h"
#include "exec/system/start_block.h"
#include "exec/system/system.h"

namespace assay::exec {
namespace {

/// Where the host has something in the stack's place, the stack lies lower.
Result<std::unique_ptr<Image>> load(const Request& request) {
  if (request.surroundings.number == 0) return Image::load(request.program);
  std::uint64_t top = stack_top(request.program, request.surroundings.number);
  while (true) {
    Result<std::unique_ptr<Image>> image = Image::load(request.program, top);
    top = top / 2 & ~std::uint64_t{4095};
    if (image || image.error().id != "no-memory" || top - kStackBytes < kTop) return image;
  }
}

}  // namespace

Result<Outcome> run(const Request& request) {
  const Result<std::unique_ptr<Image>> image = load(request);
  if (!image) {
    pass_on_no_memory(image.error());
    return tl::unexpected<Error>(image.error());
  }
  const InstructionSet* const set = find_instruction_set((*image)->machine(), (*image)->word_bytes());
  if (set == nullptr) {
    return fail("exec-no-instruction-set",
                fmt::format("programs of ELF machine {} are not run here", (*image)->machine()));
  }
  const bool watches = !request.watched.empty();
  KeptPrograms* const keeper = watches ? nullptr : request.kept;
  std::unique_ptr<Kept> kept =
      keeper != nullptr ? keeper->take(request.program, (*image)->stack_top() == kTop) : nullptr;
  if (kept != nullptr) {
    kept->program.begin(**image);
  } else {
    kept = std::make_unique<Kept>(request.program, **image, *set);
  }
  if (watches) {
    (*image)->join_nothing();
    kept->program.watch(request.watched, request.reached);
  }
  kept->program.use_shortcuts(request.shortcuts);
  System system(request, kept->program, **image, *set);
  Registers registers;
  const Result<void> begun = system.begin(registers);
  if (!begun) return tl::unexpected<Error>(begun.error());
  const SystemCall call = [&system](Registers& now) { return system.call(now); };
  const bool translated = !watches && request.engine != Engine::interpret && can_translate();
  if (translated && kept->translation == nullptr)
    kept->translation = Translation::make(kept->program, **image, *set);
  const Halted halted = translated && kept->translation != nullptr
                            ? kept->translation->run(**image, registers, request.jumps, call)
                            : interpret(kept->program, **image, *set, registers, request.jumps, call);
  if (keeper != nullptr) keeper->give(std::move(kept));
  Outcome outcome = system.finish(halted);
  outcome.jumps += halted.why == Halt::too_long ? request.jumps : request.jumps - halted.jumps;
  return outcome;
}

}  // namespace assay::exec

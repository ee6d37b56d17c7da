// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cc/exec/run.h"

#include <fmt/format.h>

#include "cc/exec/system_calls.h"
#include "cc/exec/translator.h"

namespace assay::exec {

Result<Outcome> run(const Request& request) {
  const Result<std::unique_ptr<Image>> image = Image::load(request.program);
  if (!image) return tl::unexpected<Error>(image.error());
  const InstructionSet* const set = find_instruction_set((*image)->machine(), (*image)->word_bytes());
  if (set == nullptr) {
    return fail("exec-no-instruction-set",
                fmt::format("programs of ELF machine {} are not run here", (*image)->machine()));
  }
  Program program(**image, *set);
  System system(request, program, **image, *set);
  Registers registers;
  const Result<void> begun = system.begin(registers);
  if (!begun) return tl::unexpected<Error>(begun.error());
  const bool translated = request.engine != Engine::interpret && can_translate();
  const auto engine = translated ? translate_and_run : interpret;
  const Halted halted = engine(program, **image, *set, registers, request.jumps,
                               [&system](Registers& now) { return system.call(now); });
  return system.finish(halted);
}

}  // namespace assay::exec

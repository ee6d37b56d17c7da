// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "machine/engine/interpreter.h"
#include "machine/observer.h"

namespace assay::machine {

/// The engine of observed images: the interpreter, one guest instruction at a time.
class Stepper final : public Engine {
 public:
  /// All must outlive it. Takes over a memory in which another engine may have translated code.
  Stepper(const Isa& isa, Memory& memory, Observer& observer, std::uint32_t image);
  /// As any engine; also Exit::observer when the observer ends the run.
  Exit run(Cpu& cpu) override;
  [[nodiscard]] std::uint64_t held() const override { return interpreter_.held(); }

 private:
  const Isa& isa_;
  Observer& observer_;
  std::uint32_t image_;
  Interpreter interpreter_;
};

}  // namespace assay::machine

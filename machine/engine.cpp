// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "machine/engine.h"

#include "machine/interpreter.h"

namespace assay::machine {

bool translator_available() { return false; }

std::unique_ptr<Engine> make_engine(EngineKind, const Isa& isa, Memory& memory) {
  return std::make_unique<Interpreter>(isa, memory);
}

}  // namespace assay::machine

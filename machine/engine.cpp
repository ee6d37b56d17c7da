// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "machine/engine.h"

#include "machine/interpreter.h"
#if defined(__linux__) && defined(__x86_64__)
#include "machine/translator.h"
#endif

namespace assay::machine {

bool translator_available() {
#if defined(__linux__) && defined(__x86_64__)
  return __builtin_cpu_supports("bmi2") != 0 && __builtin_cpu_supports("lzcnt") != 0 &&
         __builtin_cpu_supports("popcnt") != 0 && __builtin_cpu_supports("bmi") != 0;
#else
  return false;
#endif
}

std::unique_ptr<Engine> make_engine(EngineKind kind, const Isa& isa, Memory& memory) {
#if defined(__linux__) && defined(__x86_64__)
  if (kind != EngineKind::interpreter && translator_available()) {
    if (std::unique_ptr<Engine> engine = Translator64::create(isa, memory)) return engine;
  }
#else
  (void)kind;
#endif
  return std::make_unique<Interpreter>(isa, memory);
}

}  // namespace assay::machine

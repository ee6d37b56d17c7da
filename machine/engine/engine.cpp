// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "machine/engine/engine.h"

#include "machine/engine/interpreter.h"
#if defined(__linux__) && defined(__x86_64__)
#include <cpuid.h>

#include "machine/engine/translator.h"
#endif

namespace assay::machine {
namespace {

#if defined(__linux__) && defined(__x86_64__)
// clang's __builtin_cpu_supports does not know "lzcnt".
bool has_lzcnt() {
  unsigned a = 0;
  unsigned b = 0;
  unsigned c = 0;
  unsigned d = 0;
  return __get_cpuid(0x80000001, &a, &b, &c, &d) != 0 && (c & bit_LZCNT) != 0;
}
#endif

}  // namespace

bool translator_available() {
#if defined(__linux__) && defined(__x86_64__)
  return __builtin_cpu_supports("bmi2") != 0 && has_lzcnt() && __builtin_cpu_supports("popcnt") != 0 &&
         __builtin_cpu_supports("bmi") != 0;
#else
  return false;
#endif
}

std::unique_ptr<Engine> make_engine(EngineKind kind, const Isa& isa, Memory& memory) {
#if defined(__linux__) && defined(__x86_64__)
  if (kind != EngineKind::interpreter && !memory.has_far_stack() && translator_available()) {
    if (std::unique_ptr<Engine> engine = Translator64::create(isa, memory)) return engine;
  }
#else
  (void)kind;
#endif
  return std::make_unique<Interpreter>(isa, memory);
}

}  // namespace assay::machine

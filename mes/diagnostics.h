// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Everything this room reports by itself. What mes prints goes to the world instead.
#pragma once

#include <array>

#include "core/diagnostic.h"

namespace assay::mes {

inline constexpr DiagnosticKind kNoBoot{"mes-no-boot", Severity::error,
                                        "set MES_PREFIX to the tree of mes, or run where mes/module is"};
inline constexpr DiagnosticKind kAbort{
    "mes-abort", Severity::error, "the real mes is killed by a signal here; what it printed before says why"};
inline constexpr DiagnosticKind kHeapLimit{
    "mes-heap-limit", Severity::error,
    "the program keeps more than it was given: raise --memory if it needs it"};
inline constexpr DiagnosticKind kStackLimit{
    "mes-stack-limit", Severity::error,
    "calls are nested deeper than there is room for: does a procedure call itself for ever?"};
inline constexpr DiagnosticKind kDepthLimit{
    "mes-depth-limit", Severity::error,
    "forms are nested deeper than this interpreter follows them: split the form"};
inline constexpr DiagnosticKind kCallLimit{
    "mes-call-limit", Severity::error, "the program made all the calls it was given: does it end at all?"};
inline constexpr DiagnosticKind kEndlessApply{
    "mes-endless-apply", Severity::error,
    "the real mes never ends here: what is called is no procedure and evaluates to itself"};
inline constexpr DiagnosticKind kBadForm{"mes-bad-form", Severity::error,
                                         "the real mes reads memory that is no value here: correct the form"};
inline constexpr DiagnosticKind kDeadContinuation{
    "mes-dead-continuation", Severity::error,
    "this interpreter cannot go back into an evaluation that has ended; call the continuation before"};
inline constexpr DiagnosticKind kUnsupported{"mes-unsupported", Severity::error,
                                             "this interpreter does not do that; the real mes does"};

inline constexpr std::array kDiagnostics{kNoBoot,           kAbort,      kHeapLimit,    kStackLimit,
                                         kDepthLimit,       kCallLimit,  kEndlessApply, kBadForm,
                                         kDeadContinuation, kUnsupported};

}  // namespace assay::mes

// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What can be wrong in the description of a chain.
#pragma once

#include "core/diagnostic.h"

namespace assay::bootstrap {

inline constexpr DiagnosticKind kChainFileSyntax{"chain-file-syntax", Severity::error,
                                                 "the file is TOML: see docs/chains.md for an example"};
inline constexpr DiagnosticKind kChainFileFormat{"chain-file-format", Severity::error,
                                                 "begin the file with: format = 1"};
inline constexpr DiagnosticKind kChainFileKey{"chain-file-key", Severity::error,
                                              "take it out, or correct its name: see docs/chains.md"};
inline constexpr DiagnosticKind kChainFileMissing{"chain-file-missing-key", Severity::error,
                                                  "docs/chains.md says what each part must have"};
inline constexpr DiagnosticKind kChainFileType{"chain-file-type", Severity::error,
                                               "docs/chains.md says what kind of value each key takes"};
inline constexpr DiagnosticKind kChainFileWord{"chain-file-word", Severity::error,
                                               "take one of the words that docs/chains.md lists"};
inline constexpr DiagnosticKind kChainFilePath{
    "chain-file-path", Severity::error, "write paths from the root of the tree, without '..': seeds/hex0"};
inline constexpr DiagnosticKind kChainFileNotThere{"chain-file-not-there", Severity::error,
                                                   "the name is wrong, or the tree is not complete"};
inline constexpr DiagnosticKind kChainFileTwice{"chain-file-twice", Severity::error,
                                                "one of the two is enough"};
inline constexpr DiagnosticKind kChainFileBoot{
    "chain-file-boot", Severity::error,
    "the first word of boot is a path, from the directory of the chain, to the file of a [[seed]]"};
inline constexpr DiagnosticKind kChainFileMachine{
    "chain-file-machine", Severity::error, "docs/chains.md says what a machine without a kernel can do"};
inline constexpr DiagnosticKind kChainFileParameter{"chain-file-parameter", Severity::error,
                                                    "only languages with references have this parameter"};
inline constexpr DiagnosticKind kChainFileReference{
    "chain-file-reference", Severity::error,
    "references = { \"%\" = \"relative 4\", \"$\" = \"absolute 2\", \"~\" = \"relative 3 words\" }"};

}  // namespace assay::bootstrap

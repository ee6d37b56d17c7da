// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Everything the kaem room can say about a script.
#pragma once

#include <array>

#include "core/diagnostic.h"

namespace assay::kaem {

inline constexpr DiagnosticKind kLastLineDropped{
    "kaem-last-line-dropped", Severity::warning,
    "end the file with a newline: the interpreter drops an unfinished last line and exits with 0"};
inline constexpr DiagnosticKind kUnfinishedComment{"kaem-unfinished-comment", Severity::error,
                                                   "end the file with a newline"};
inline constexpr DiagnosticKind kUnfinishedString{"kaem-unfinished-string", Severity::error,
                                                  "close the quote"};
inline constexpr DiagnosticKind kCommandDropped{
    "kaem-command-dropped", Severity::warning,
    "leave at most one blank before the end of the command, and none after a closing quote: the interpreter "
    "skips this command silently"};
inline constexpr DiagnosticKind kWordTooLong{"kaem-word-too-long", Severity::error,
                                             "keep words and lines within the interpreter's buffer"};
inline constexpr DiagnosticKind kTooManyWords{
    "kaem-too-many-words", Severity::error,
    "split the command: the interpreter has no room for so many words"};
inline constexpr DiagnosticKind kCarriageReturn{
    "kaem-carriage-return", Severity::warning,
    "save the script with LF line ends: the CR becomes part of the last word"};
inline constexpr DiagnosticKind kQuoteIsLiteral{
    "kaem-quote-is-literal", Severity::warning,
    "remove the quote: this architecture's kaem-minimal has no strings"};
inline constexpr DiagnosticKind kEscapeEndsWord{
    "kaem-escape-ends-word", Severity::warning,
    "put a blank before the backslash and use it only at the end of a line"};
inline constexpr DiagnosticKind kContinuationGlued{
    "kaem-continuation-glued", Severity::note,
    "put a blank before the backslash: kaem-minimal ends the word here, the full kaem would lose text"};
inline constexpr DiagnosticKind kStaleWord{"kaem-stale-word", Severity::warning,
                                           "put a blank before the backslash and another one at the start of "
                                           "the next line: the interpreter loses or "
                                           "mixes up text otherwise"};
inline constexpr DiagnosticKind kVariableSyntax{"kaem-variable-syntax", Severity::error,
                                                "write ${NAME}, ${NAME:-text} or $@"};
inline constexpr DiagnosticKind kAssignmentWithCommand{
    "kaem-assignment-with-command", Severity::warning,
    "put the assignment on a line of its own: the rest of the line is ignored"};
inline constexpr DiagnosticKind kNoVariables{"kaem-minimal-no-variables", Severity::warning,
                                             "write the text itself: kaem-minimal has no variables"};
inline constexpr DiagnosticKind kNoBuiltins{
    "kaem-minimal-no-builtins", Severity::warning,
    "kaem-minimal has no builtins, assignments or ';': move the command to a script for the full kaem"};
inline constexpr DiagnosticKind kNestedIf{"kaem-nested-if", Severity::warning,
                                          "kaem cannot nest: the first fi ends both"};
inline constexpr DiagnosticKind kNotFound{"kaem-program-not-found", Severity::error,
                                          "check the path, PATH and the working directory"};
inline constexpr DiagnosticKind kUnterminatedIf{"kaem-unterminated-if", Severity::error,
                                                "end the if with a line 'fi' and a newline"};
inline constexpr DiagnosticKind kBuiltinFailed{"kaem-builtin-failed", Severity::error,
                                               "the interpreter stops here in strict mode"};
inline constexpr DiagnosticKind kCrash{"kaem-crash", Severity::error,
                                       "the real interpreter dies of a segmentation fault here"};

inline constexpr DiagnosticKind kCommentInWord{
    "kaem-comment-in-word", Severity::warning,
    "put a blank before the '#', or write the text without it: a '#' starts a comment inside a word too"};
inline constexpr DiagnosticKind kQuoteEndsWord{
    "kaem-quote-ends-word", Severity::warning,
    "put the whole word into the quotes: the closing quote ends the word, and what follows is another one"};
inline constexpr DiagnosticKind kEmptyString{
    "kaem-empty-string", Severity::warning,
    "remove the empty quotes: they make no argument, and can drop the command at the end of a line"};
inline constexpr DiagnosticKind kLineIgnored{
    "kaem-line-ignored", Severity::warning,
    "put the command on the next line: kaem ignores the rest of a line that starts with then, else or fi"};
inline constexpr DiagnosticKind kAfterExec{"kaem-after-exec", Severity::warning,
                                           "put exec last: nothing behind it runs"};
inline constexpr DiagnosticKind kDefaultMisread{"kaem-default-misread", Severity::warning,
                                                "put ${NAME:-text} first and alone in its word, with plain "
                                                "text: kaem looks for ':-' in the whole rest of "
                                                "the word and does not expand the text"};
inline constexpr DiagnosticKind kNotAShell{
    "kaem-not-a-shell", Severity::warning,
    "kaem has no pipes, redirections, && or single quotes, no patterns, loops or functions: the word is "
    "passed on as it is"};
inline constexpr DiagnosticKind kToolArgument{
    "kaem-tool-argument", Severity::warning,
    "the small tools of a bootstrap take fewer arguments than GNU's: their pages say which"};
inline constexpr DiagnosticKind kEndByte{
    "kaem-end-byte", Severity::warning,
    "remove the byte 0xFC: kaem-minimal takes it for the end of the script, and the rest never runs"};
inline constexpr DiagnosticKind kByteOrderMark{
    "kaem-byte-order-mark", Severity::error,
    "save the script without a byte order mark: it becomes part of the first word"};
inline constexpr DiagnosticKind kNulByte{"kaem-nul-byte", Severity::warning,
                                         "remove the NUL: it cuts a word or ends it"};
inline constexpr DiagnosticKind kEmptyArgument{
    "kaem-empty-argument", Severity::warning,
    "set the variable before; an unset or empty one becomes an empty argument (a single blank vanishes)"};
inline constexpr DiagnosticKind kVariableUnset{
    "kaem-variable-unset", Severity::warning,
    "set it in the script: else it is what the environment of whoever starts the bootstrap says"};
inline constexpr DiagnosticKind kIfTooDeep{"kaem-if-too-deep", Severity::error,
                                           "end each if with a fi: the interpreter needs memory for each"};
inline constexpr DiagnosticKind kHiddenText{
    "kaem-hidden-text", Severity::warning,
    "remove the character, and look with a tool that shows bytes: people are shown another text than is run"};
inline constexpr DiagnosticKind kLostOutput{"kaem-lost-output", Severity::warning,
                                            "the real kaem does not notice: is the disk full?"};
inline constexpr DiagnosticKind kStatusLost{
    "kaem-status-lost", Severity::note,
    "check what it made: this kaem-minimal exits with 0 after a failed command, so the script goes on"};

inline constexpr std::array kDiagnostics{
    kLastLineDropped, kUnfinishedComment, kUnfinishedString,      kCommandDropped, kWordTooLong,
    kTooManyWords,    kCarriageReturn,    kQuoteIsLiteral,        kEscapeEndsWord, kContinuationGlued,
    kStaleWord,       kVariableSyntax,    kAssignmentWithCommand, kNoVariables,    kNoBuiltins,
    kNestedIf,        kNotFound,          kUnterminatedIf,        kBuiltinFailed,  kCrash,
    kCommentInWord,   kQuoteEndsWord,     kEmptyString,           kLineIgnored,    kAfterExec,
    kDefaultMisread,  kNotAShell,         kToolArgument,          kEndByte,        kByteOrderMark,
    kNulByte,         kEmptyArgument,     kVariableUnset,         kIfTooDeep,      kHiddenText,
    kLostOutput,      kStatusLost};

}  // namespace assay::kaem

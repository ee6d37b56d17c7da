// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "kaem/check.h"

#include <fmt/format.h>
#include <algorithm>

#include "kaem/diagnostics.h"
#include "kaem/expand.h"
#include "kaem/reader.h"

namespace assay::kaem {
namespace {

constexpr std::string_view kBuiltins[] = {"alias", "cd",  "echo", "else", "exec", "fi",
                                          "if",    "pwd", "set",  "then", "unset"};
constexpr std::size_t kMaxWords = 511;

bool is_builtin(std::string_view word) {
  return std::find(std::begin(kBuiltins), std::end(kBuiltins), word) != std::end(kBuiltins);
}

bool is_assignment(std::string_view word) { return word.find('=') != std::string_view::npos; }

void check_minimal(ByteView text, std::uint32_t source, const MinimalDialect& dialect, DiagnosticSink& sink) {
  for (const MinimalCommand& command : parse_minimal(text, source, dialect, sink).commands) {
    const std::string& first = command.words.front();
    if (is_builtin(first) || is_assignment(first)) {
      sink.report(kNoBuiltins, command.span, fmt::format("kaem-minimal runs '{}' as a program", first));
    }
    for (const std::string& word : command.words) {
      if (word.find('$') != std::string::npos) {
        sink.report(kNoVariables, command.span, fmt::format("'{}' is passed on as it is", word));
      } else if (word.find(';') != std::string::npos) {
        sink.report(kNoBuiltins, command.span, fmt::format("';' in '{}' does not end a command here", word));
      }
    }
  }
}

/// Follows assignments, aliases and the nesting of `if` without running anything.
class FullCheck {
 public:
  FullCheck(ByteView text, std::uint32_t source, DiagnosticSink& sink)
      : reader_(text, source, sink), sink_(sink) {}

  void run() {
    while (true) {
      const Command command = reader_.next();
      if (command.end == Command::End::broken) return;
      if (command.end == Command::End::script) break;
      if (!command.words.empty()) check(command);
    }
    if (open_ifs_ > 0) sink_.report(kUnterminatedIf, if_span_, "the script ends inside this if");
  }

 private:
  void check(const Command& command) {
    const Scope scope{&environment_, &aliases_, ""};
    const Expansion expansion = expand(command.words, scope, sink_);
    if (!expansion.error.empty()) return;
    if (expansion.words.empty()) {
      sink_.report(kCrash, command.span, "every word of the command may vanish");
      return;
    }
    if (expansion.words.size() > kMaxWords) {
      sink_.report(kTooManyWords, command.span,
                   fmt::format("{} words; kaem holds {}", expansion.words.size(), kMaxWords));
    }
    const std::string& first = expansion.words.front().text;
    if (is_assignment(first)) {
      assign(first, expansion.words.size(), command);
    } else if (first == "alias" && expansion.words.size() > 1) {
      const std::string& text = expansion.words[1].text;
      const std::size_t equals = text.find('=');
      if (equals != std::string::npos) aliases_.push_back({text.substr(0, equals), text.substr(equals + 1)});
    } else if (first == "if") {
      if (open_ifs_++ > 0) sink_.report(kNestedIf, command.span, "an if inside an if");
      if (open_ifs_ == 1) if_span_ = command.span;
    } else if (first == "fi" && open_ifs_ > 0) {
      --open_ifs_;
    }
  }

  void assign(const std::string& first, std::size_t words, const Command& command) {
    const std::size_t equals = first.find('=');
    environment_.set(first.substr(0, equals), first.substr(equals + 1));
    if (words > 1) {
      sink_.report(kAssignmentWithCommand, command.span,
                   fmt::format("what follows '{}' is never run", first));
    }
  }

  Reader reader_;
  DiagnosticSink& sink_;
  Environment environment_;
  std::vector<Alias> aliases_;
  int open_ifs_ = 0;
  Span if_span_;
};

}  // namespace

void check_script(ByteView text, std::uint32_t source, const MinimalDialect* minimal, DiagnosticSink& sink) {
  if (minimal != nullptr) {
    check_minimal(text, source, *minimal, sink);
  } else {
    FullCheck(text, source, sink).run();
  }
}

}  // namespace assay::kaem

// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The rooms of the tools with options: cc_<arch>, blood-elf, M1, hex2, sha256sum. Inputs that are missing
// never come here: the chain reports them.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "M1/blood_elf_options.h"
#include "M1/m1_options.h"
#include "bootstrap/roads/rooms.h"
#include "cc/cc.h"
#include "extra/tools.h"
#include "extra/tree_world.h"
#include "linker/options.h"

namespace assay::bootstrap {
namespace {

constexpr DiagnosticKind kNotComputed{kForeignCommandLine, Severity::error,
                                      "the reference road does not know this use of the tool"};

/// The build that the chain makes of the C tools.
const MesccDialect& dialect_of(const RoomRequest& request) {
  const ProgramDescription* const described = request.command.described;
  if (described != nullptr && !described->dialect.empty()) return *find_mescc_dialect(described->dialect);
  return *find_mescc_dialect(request.arch.word_bits == 64 ? "m2-64" : "m2-32");
}

std::vector<std::string> words_of(const Command& command) {
  return {command.argv.begin() + 1, command.argv.end()};
}

}  // namespace

Output not_computed(const RoomRequest& request, DiagnosticSink& diagnostics) {
  diagnostics.report(kNotComputed, {0, 0, 0},
                     fmt::format("'{}' is not computed", fmt::join(request.command.argv, " ")));
  Output output;
  output.status = 1;
  return output;
}

Output run_cc(const RoomRequest& request, DiagnosticSink& diagnostics) {
  const ProgramDescription* const described = request.command.described;
  const cc::Dialect* const dialect = cc::find_dialect(
      described != nullptr && !described->dialect.empty() ? described->dialect : request.arch.dialect);
  if (request.sources.empty() || dialect == nullptr) return not_computed(request, diagnostics);
  return cc::compile(
      request.sources.front(),
      {.dialect = dialect, .want_map = request.want_map, .want_warnings = request.want_warnings},
      diagnostics);
}

Output run_m1(const RoomRequest& request, DiagnosticSink& diagnostics) {
  const std::vector<std::string> words = words_of(request.command);
  m1::Options options{
      .dialect = &dialect_of(request), .want_map = request.want_map, .want_warnings = request.want_warnings};
  for (std::size_t at = 0; at < words.size(); ++at) {
    switch (m1::read_option(words, at, options)) {
      case m1::Word::option:
      case m1::Word::file:
      case m1::Word::output: break;
      default: return not_computed(request, diagnostics);
    }
  }
  return m1::assemble(request.sources, options, diagnostics);
}

Output run_hex2(const RoomRequest& request, DiagnosticSink& diagnostics) {
  const std::vector<std::string> words = words_of(request.command);
  linker::Options options{
      .dialect = &dialect_of(request), .want_map = request.want_map, .want_warnings = request.want_warnings};
  for (std::size_t at = 0; at < words.size(); ++at) {
    switch (linker::read_option(words, at, options)) {
      case linker::Word::option:
      case linker::Word::file:
      case linker::Word::output: break;
      default: return not_computed(request, diagnostics);
    }
  }
  Output output = linker::link(request.sources, options, diagnostics);
  output.standard_error.insert(0, linker::warnings_about(options));
  return output;
}

Output run_blood_elf(const RoomRequest& request, DiagnosticSink& diagnostics) {
  const std::vector<std::string> words = words_of(request.command);
  blood_elf::Options options{.want_map = request.want_map};
  bool endian_set = false;
  for (std::size_t at = 0; at < words.size(); ++at) {
    switch (blood_elf::read_option(words, at, options)) {
      case blood_elf::Word::option:
      case blood_elf::Word::file:
      case blood_elf::Word::output: break;
      case blood_elf::Word::endianness: endian_set = true; break;
      default: return not_computed(request, diagnostics);
    }
  }
  if (!endian_set || request.sources.empty()) return not_computed(request, diagnostics);
  return blood_elf::footer(request.sources, options, diagnostics);
}

Output run_sha256sum(const RoomRequest& request, DiagnosticSink& diagnostics) {
  // A file to write is none of the files that the chain knows of.
  const std::vector<std::string>& words = request.command.argv;
  const auto writes = [](const std::string& word) { return word == "-o" || word == "--output"; };
  if (std::any_of(words.begin(), words.end(), writes)) return not_computed(request, diagnostics);
  extra::TreeWorld world(request.files, request.command.cwd);
  return extra::sha256sum(request.command.argv, world, diagnostics);
}

}  // namespace assay::bootstrap

// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Our own libraries as a target, without their command lines: for comparisons by the thousand.
#include <fmt/format.h>

#include <algorithm>

#include "M1/blood_elf_options.h"
#include "M1/m0.h"
#include "M1/m1_options.h"
#include "bootstrap/conform/reference_script.h"
#include "bootstrap/conform/target.h"
#include "hex0/hex0.h"
#include "hex1/hex1.h"
#include "hex2/hex2.h"
#include "linker/catm.h"
#include "linker/options.h"

namespace assay::conform {
namespace {

constexpr std::uint32_t kLinkedMode = 0750;

struct Run {
  std::vector<Source> sources;
  std::string_view dialect;
  std::vector<std::string> words;
};

Output run_hex0(const Run& run, DiagnosticSink& quiet) {
  return hex0::assemble(run.sources.at(0), {.dialect = hex0::find_dialect(run.dialect)}, quiet);
}

Output run_hex1(const Run& run, DiagnosticSink& quiet) {
  return hex1::assemble(run.sources.at(0), {.dialect = hex1::find_dialect(run.dialect)}, quiet);
}

Output run_hex2_0(const Run& run, DiagnosticSink& quiet) {
  return hex2::assemble(run.sources.at(0), {.dialect = hex2::find_dialect(run.dialect)}, quiet);
}

Output run_catm(const Run& run, DiagnosticSink& quiet) {
  std::vector<catm::Input> inputs;
  for (const Source& source : run.sources) inputs.push_back({source, catm::InputState::readable});
  return catm::concatenate(inputs, {.dialect = catm::find_dialect(run.dialect)}, quiet);
}

Output run_m0(const Run& run, DiagnosticSink& quiet) {
  return m0::assemble(run.sources, {.dialect = m0::find_dialect(run.dialect)}, quiet);
}

template <class Options, class ReadOption>
void read_options(const Run& run, Options& options, ReadOption read_option) {
  for (std::size_t at = 0; at < run.words.size(); ++at) (void)read_option(run.words, at, options);
}

Output run_m1(const Run& run, DiagnosticSink& quiet) {
  m1::Options options{.dialect = find_mescc_dialect(run.dialect)};
  read_options(run, options, m1::read_option);
  return m1::assemble(run.sources, options, quiet);
}

Output run_hex2(const Run& run, DiagnosticSink& quiet) {
  linker::Options options{.dialect = find_mescc_dialect(run.dialect)};
  read_options(run, options, linker::read_option);
  Output output = linker::link(run.sources, options, quiet);
  output.standard_error.insert(0, linker::warnings_about(options));
  return output;
}

Output run_blood_elf(const Run& run, DiagnosticSink& quiet) {
  blood_elf::Options options;
  read_options(run, options, blood_elf::read_option);
  return blood_elf::footer(run.sources, options, quiet);
}

struct Library {
  Tool tool;
  std::uint32_t created;  ///< mode of the output
  Output (*run)(const Run& run, DiagnosticSink& quiet);
};

constexpr std::array<Library, 8> kLibraries{{{Tool::hex0, 0700, run_hex0},
                                             {Tool::hex1, 0700, run_hex1},
                                             {Tool::hex2_0, 0700, run_hex2_0},
                                             {Tool::catm, 0600, run_catm},
                                             {Tool::m0, 0600, run_m0},
                                             {Tool::m1, 0600, run_m1},
                                             {Tool::hex2, 0600, run_hex2},
                                             {Tool::blood_elf, 0600, run_blood_elf}}};

End end_of(Ending ending) {
  return ending == Ending::exits ? End::exits : ending == Ending::hangs ? End::hangs : End::crashes;
}

class LibraryTarget final : public Target {
 public:
  LibraryTarget(const ToolRow& tool, const Library& library, std::string_view dialect)
      : tool_(tool), library_(library), dialect_(dialect) {}

  [[nodiscard]] Result<Observed> run(const Situation& situation) const override {
    Run run{.sources = {}, .dialect = dialect_, .words = situation.arguments};
    bool has_output = false;
    for (std::size_t i = 0; i < run.words.size(); ++i) {
      if (is_output(run.words, i)) has_output = run.words[i] == kOutput;
      if (!is_input(run.words, i)) continue;
      const Given* const given = file_named(situation, run.words[i]);
      if (given == nullptr || given->name == kOutput)
        return fail("not-applicable", "only texts that can be read");
      run.sources.push_back({given->name, given->bytes});
    }
    if (run.sources.empty() && tool_.tool != Tool::catm)
      return fail("not-applicable", "only with a text to read");
    if (!has_output) return fail("not-applicable", "only with an output");
    NoDiagnostics quiet;
    return observed(situation, library_.run(run, quiet));
  }

 private:
  /// The word names a file that is read: behind -f, or at its place.
  [[nodiscard]] bool is_input(const std::vector<std::string>& words, std::size_t at) const {
    switch (tool_.tool) {
      case Tool::catm: return at > 0;
      case Tool::m1:
      case Tool::hex2:
      case Tool::blood_elf: return at > 0 && (words[at - 1] == "-f" || words[at - 1] == "--file");
      default: return at == 0;
    }
  }
  [[nodiscard]] bool is_output(const std::vector<std::string>& words, std::size_t at) const {
    switch (tool_.tool) {
      case Tool::catm: return at == 0;
      case Tool::m1:
      case Tool::hex2:
      case Tool::blood_elf: return at > 0 && (words[at - 1] == "-o" || words[at - 1] == "--output");
      default: return at == 1;
    }
  }
  static const Given* file_named(const Situation& situation, std::string_view name) {
    const auto given = std::find_if(situation.given.begin(), situation.given.end(), [name](const Given& one) {
      return one.name == name && one.what == Given::What::file;
    });
    return given == situation.given.end() ? nullptr : &*given;
  }

  [[nodiscard]] Observed observed(const Situation& situation, Output output) const {
    Observed seen;
    seen.end = end_of(output.ending);
    seen.undefined = output.ending == Ending::undefined;
    seen.status = seen.end == End::exits ? output.status : 0;
    for (const Given& given : situation.given) {
      if (given.what != Given::What::directory) seen.files[given.name] = {given.bytes, given.mode};
    }
    const Given* const old = file_named(situation, kOutput);
    std::uint32_t mode = old != nullptr ? old->mode : library_.created & ~situation.umask;
    if (const MesccDialect* const build = find_mescc_dialect(dialect_); build != nullptr && old == nullptr)
      mode = build->creation_mode & ~situation.umask;
    if (tool_.tool == Tool::hex2 && output.succeeded()) mode = kLinkedMode;
    seen.files[std::string(kOutput)] = {std::move(output.bytes), mode};
    seen.standard_output = to_bytes(output.standard_output);
    seen.standard_error = to_bytes(output.standard_error);
    return seen;
  }

  const ToolRow& tool_;
  const Library& library_;
  std::string dialect_;
};

}  // namespace

Result<std::unique_ptr<Target>> reference_target(const ToolRow& tool, std::string_view dialect) {
  const std::vector<std::string_view> known = dialects_of(tool.tool);
  if (std::find(known.begin(), known.end(), dialect) == known.end())
    return fail("unknown-dialect", fmt::format("{} has no dialect '{}' that we know", tool.name, dialect));
  for (const Library& library : kLibraries) {
    if (library.tool == tool.tool) return std::make_unique<LibraryTarget>(tool, library, dialect);
  }
  return script_target(tool, dialect);
}

}  // namespace assay::conform

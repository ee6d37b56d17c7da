// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/roads/cross_programs.h"

#include <fmt/format.h>
#include <algorithm>

#include "M1/m1.h"
#include "cc/cc.h"
#include "core/paths.h"
#include "linker/linker.h"

namespace assay::bootstrap {
namespace {

constexpr std::string_view kLibrary = "M2libc/";
constexpr std::int64_t kBaseAddress = 0x600000;
constexpr std::string_view kCompiled = "cross.M1";  // in a copy of the files

/// The library of AMD64's Linux, in an order in which each file finds what it uses; what a release does not
/// have is left out.
constexpr std::string_view kWholeLibrary[] = {"sys/types.h",
                                              "stddef.h",
                                              "sys/utsname.h",
                                              "amd64/linux/unistd.c",
                                              "amd64/linux/fcntl.c",
                                              "fcntl.c",
                                              "amd64/linux/sys/stat.c",
                                              "string.c",
                                              "ctype.c",
                                              "stdlib.c",
                                              "stdarg.h",
                                              "stdio.h",
                                              "stdio.c",
                                              "bootstrappable.c"};
constexpr std::string_view kSmallLibrary[] = {"amd64/linux/bootstrap.c", "bootstrappable.c"};

bool is_of_library(std::string_view path) {
  return path.starts_with(kLibrary) || path.find("/" + std::string(kLibrary)) != std::string_view::npos;
}

tl::unexpected<Error> not_built(std::string why) { return fail("cross-not-built", std::move(why)); }

/// The first error that a room reports.
std::string first_error(const DiagnosticList& said) {
  for (const Diagnostic& one : said.all) {
    if (one.severity == Severity::error) return one.message;
  }
  return "it fails";
}

/// The port's own files, behind our library's.
std::vector<std::string> sources_of(const Recipe& recipe, const FileTree& files) {
  std::vector<std::string> sources;
  const auto add = [&](std::string_view name) {
    std::string path = std::string(kLibrary) + std::string(name);
    if (files.info(path)) sources.push_back(std::move(path));
  };
  if (recipe.bootstraps) {
    for (const std::string_view name : kSmallLibrary) add(name);
  } else {
    for (const std::string_view name : kWholeLibrary) add(name);
  }
  for (const std::string& source : recipe.sources) {
    if (!is_of_library(source)) sources.push_back(source);
  }
  return sources;
}

Result<Bytes> compile_by_cc(const std::vector<std::string>& sources, const FileTree& files) {
  Bytes text;
  for (const std::string& path : sources) {
    const auto bytes = files.read(path);
    if (!bytes) return not_built(fmt::format("'{}' is missing", path));
    text.insert(text.end(), (*bytes)->begin(), (*bytes)->end());
  }
  DiagnosticList said;
  Output output = cc::compile({"cross.c", text}, {.dialect = cc::find_dialect("AMD64")}, said);
  if (!output.succeeded()) return not_built(fmt::format("cc: {}", first_error(said)));
  return std::move(output.bytes);
}

Result<Bytes> link(ByteView assembly, bool bootstraps, const FileTree& files) {
  const auto library = [&](std::string_view name) {
    return files.read(std::string(kLibrary) + "amd64/" + std::string(name));
  };
  const auto defines = library("amd64_defs.M1");
  const auto start = library(bootstraps ? "libc-core.M1" : "libc-full.M1");
  const auto header = library("ELF-amd64.hex2");
  if (!defines || !start || !header) return not_built("M2libc has no amd64");
  DiagnosticList said;
  const MesccDialect* const dialect = find_mescc_dialect("m2-64");
  const Source texts[] = {{"defs", **defines}, {"libc", **start}, {"program", assembly}};
  const Output assembled = m1::assemble(
      texts, {.dialect = dialect, .architecture = MesccArchitecture::amd64, .big_endian = false}, said);
  if (!assembled.succeeded()) return not_built(fmt::format("M1: {}", first_error(said)));
  const Source parts[] = {{"header", **header}, {"program", assembled.bytes}};
  Output linked = linker::link(parts,
                               {.dialect = dialect,
                                .architecture = MesccArchitecture::amd64,
                                .big_endian = false,
                                .base_address = kBaseAddress},
                               said);
  if (!linked.succeeded()) return not_built(fmt::format("hex2: {}", first_error(said)));
  return std::move(linked.bytes);
}

}  // namespace

std::shared_ptr<const Recipe> Recipes::find(const std::string& path) const {
  const auto found = recipes_.find(path);
  return found == recipes_.end() ? nullptr : found->second;
}

void Recipes::note(const Command& command) {
  std::shared_ptr<const Recipe> recipe;
  for (const std::string& input : command.inputs) {
    if (recipe == nullptr) recipe = find(input);
  }
  switch (command.role) {
    case Role::m2_planet:
      recipe = std::make_shared<Recipe>(Recipe{
          command.inputs,
          std::find(command.argv.begin(), command.argv.end(), "--bootstrap-mode") != command.argv.end(),
          find(command.program)});
      break;
    case Role::catm:
      if (recipe == nullptr && std::any_of(command.inputs.begin(), command.inputs.end(),
                                           [](const std::string& one) { return one.ends_with(".c"); }))
        recipe = std::make_shared<Recipe>(Recipe{command.inputs, true, nullptr});
      break;
    case Role::cc:
      if (recipe == nullptr) recipe = std::make_shared<Recipe>(Recipe{command.inputs, true, nullptr});
      break;
    case Role::hex2_0:
    case Role::hex2:
    case Role::m0:
    case Role::m1: break;
    default: recipe = nullptr; break;
  }
  for (const std::string& output : command.outputs) {
    recipe != nullptr ? (void)recipes_.insert_or_assign(output, recipe) : (void)recipes_.erase(output);
  }
}

Result<Bytes> CrossPrograms::compile_by_m2(const Recipe& recipe, const std::vector<std::string>& sources,
                                           const MemoryTree& of) {
  const auto compiler = program(recipe.compiler, of);
  if (!compiler) return tl::unexpected<Error>(compiler.error());
  MemoryTree files = of.copy();
  exec::Request request;
  request.program = **compiler;
  request.argv = {"M2-Planet", "--architecture", "amd64"};
  for (const std::string& path : sources) request.argv.insert(request.argv.end(), {"-f", path});
  if (recipe.bootstraps) request.argv.emplace_back("--bootstrap-mode");
  request.argv.insert(request.argv.end(), {"-o", std::string(kCompiled)});
  request.env = {"HOME=/"};
  request.files = &files;
  request.engine = engine_;
  request.kept = kept_.get();
  const Result<exec::Outcome> outcome = exec::run(request);
  if (!outcome) return tl::unexpected<Error>(outcome.error());
  const auto made = files.read(kCompiled);
  if (outcome->ending != Ending::exits || outcome->status != 0 || !made) {
    return not_built(
        fmt::format("M2-Planet: {}", !outcome->reason.empty() ? outcome->reason : outcome->standard_error));
  }
  return **made;
}

Result<std::shared_ptr<const Bytes>> CrossPrograms::program(const std::shared_ptr<const Recipe>& recipe,
                                                            const MemoryTree& files) {
  const auto known = built_.find(recipe);
  if (known != built_.end()) return known->second;
  const std::vector<std::string> sources = sources_of(*recipe, files);
  Result<Bytes> compiled =
      recipe->compiler == nullptr ? compile_by_cc(sources, files) : compile_by_m2(*recipe, sources, files);
  Result<Bytes> linked = compiled ? link(*compiled, recipe->bootstraps, files) : std::move(compiled);
  auto result = linked.map([](Bytes& bytes) { return std::make_shared<const Bytes>(std::move(bytes)); });
  built_.emplace(recipe, result);
  return result;
}

}  // namespace assay::bootstrap

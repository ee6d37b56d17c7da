// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include "extra/run.h"

namespace assay::extra {
namespace {

constexpr std::size_t kMaxSources = 256;

struct Request {
  bool verbose = false;
  std::vector<std::string> sources;
  std::optional<std::string> destination;
};

bool is_operand(const std::string& word) { return !word.starts_with('-'); }

/// The words up to the end, or an early end of the run.
std::optional<Output> parse(Run& run, Request& request) {
  const std::span<const std::string> words = run.words();
  std::size_t last_operand = words.size();
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (is_operand(words[i])) last_operand = i;
  }
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (word == "-h" || word == "--help") {
      run.out(
          fmt::format("Usage: {} [-h | --help] [-V | --version] [-v | --verbose] source1 source2 "
                      "sourcen destination\n",
                      run.name()));
      return run.exit(0);
    }
    if (word == "-V" || word == "--version") {
      run.out("cp version 1.4.0\n");
      return run.exit(0);
    }
    if (word == "-v" || word == "--verbose") {
      request.verbose = true;
    } else if (!is_operand(word)) {
      return run.fail("UNKNOWN_ARGUMENT\n");
    } else if (i == last_operand) {
      request.destination = word;
    } else {
      if (request.sources.size() == kMaxSources) return run.fail("Too many files\n");
      request.sources.push_back(word);
    }
  }
  return std::nullopt;
}

/// The file in the directory `destination`: nothing if it is no directory. The current directory is none.
std::optional<std::string> inside_directory(World& world, const std::string& destination,
                                            const std::string& source) {
  const bool slash = destination.ends_with('/');
  if (!slash && !world.is_other_directory(destination)) return std::nullopt;
  return destination + (slash ? "" : "/") + source.substr(source.rfind('/') + 1);
}

std::optional<Output> copy(Run& run, const Request& request, const std::string& source,
                           const std::string& destination) {
  if (request.verbose) run.out(fmt::format("'{}' -> '{}'\n", source, destination));
  const Input input = run.world.open(source);
  if (input.kind == Input::Kind::missing) {
    return run.fail(fmt::format("Error opening source file {}\n", source));
  }
  const std::unique_ptr<Writer> output = run.world.create(destination, 0600);
  if (output == nullptr) {
    return run.crash(kCpCrashDestination,
                     fmt::format("cannot create '{}', the real cp crashes", destination));
  }
  if (std::optional<Output> end = run.unusable(input, source, kCpCrashSource)) return end;
  if (input.kind == Input::Kind::stream) return run.exit(1);
  if (!output->write(input.bytes())) {
    return run.refuse(kWriteFailed, fmt::format("cannot write '{}'", destination));
  }
  return std::nullopt;
}

}  // namespace

Output cp(const Arguments& arguments, World& world, DiagnosticSink& sink) {
  Run run(arguments, world, sink);
  Request request;
  if (std::optional<Output> end = parse(run, request)) return std::move(*end);
  if (request.sources.empty() || request.sources.front().empty()) return run.fail("Provide a source file\n");
  if (!request.destination || request.destination->empty()) return run.fail("Provide a destination file\n");
  std::string destination = *request.destination;
  for (const std::string& source : request.sources) {
    // Each name is appended to what the last one left, so a second source finds no directory.
    std::optional<std::string> file = inside_directory(world, destination, source);
    if (!file && request.sources.size() > 1) {
      return run.fail("Provide a directory destination for multiple source files\n");
    }
    if (file) destination = std::move(*file);
    if (std::optional<Output> end = copy(run, request, source, destination)) return std::move(*end);
  }
  return run.exit(0);
}

}  // namespace assay::extra

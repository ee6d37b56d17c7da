// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// match, mkdir, chmod and rm.
#include <fmt/format.h>

#include "extra/run.h"

namespace assay::extra {
namespace {

constexpr std::uint32_t kModeBits = 07777;

/// The mode that a word means: octal, because the tools put a 0 in front.
std::uint32_t mode_of(const std::string& word) {
  return static_cast<std::uint32_t>(number("0" + word)) & kModeBits;
}

}  // namespace

Output match(const Arguments& arguments, World& world, DiagnosticSink& sink) {
  Run run(arguments, world, sink);
  const std::span<const std::string> words = run.words();
  if (words.size() != 2) {
    run.err("match needs exactly 2 arguments.\n");
    return run.exit(2);
  }
  return run.exit(words[0] == words[1] ? 0 : 1);
}

Output mkdir(const Arguments& arguments, World& world, DiagnosticSink& sink) {
  Run run(arguments, world, sink);
  bool parents = false;
  std::uint32_t mode = 0755;
  const std::span<const std::string> words = run.words();
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (word == "-p" || word == "--parents") {
      parents = true;
    } else if (word == "-h" || word == "--help") {
      run.out(
          "mescc-tools-extra mkdir supports --parents and --mode 0750 but the last argument always must be "
          "the directly to make\n");
      return run.exit(0);
    } else if (word == "-v" || word == "--version") {
      run.out("mescc-tools-extra mkdir version 1.4.0\n");
      return run.exit(0);
    } else if (word == "-m" || word == "--mode") {
      if (++i == words.size()) return run.crash(kMkdirCrashMode, "no mode follows, the real mkdir crashes");
      mode = mode_of(words[i]);
    } else {
      std::string failed;
      bool has_failed = false;
      make_directories(world, word, mode, parents, mode, [&](const std::string& path) {
        failed = path;
        has_failed = true;
      });
      if (has_failed && !parents) return run.fail(fmt::format("Could not create directory {}\n", failed));
    }
  }
  return run.exit(0);
}

Output chmod(const Arguments& arguments, World& world, DiagnosticSink& sink) {
  Run run(arguments, world, sink);
  bool verbose = false;
  std::optional<std::string> mode;
  std::vector<std::string> files;
  for (const std::string& word : run.words()) {
    if (word == "-h" || word == "--help") {
      run.out(fmt::format("Usage: {} [-h | --help] [-V | --version] [-v | --verbose]\n", run.name()));
      return run.exit(0);
    }
    if (word == "-V" || word == "--version") {
      run.out("chmod version 1.4.0\n");
      return run.exit(0);
    }
    if (word == "-v" || word == "--verbose") {
      verbose = true;
    } else if (!mode) {
      mode = word;
    } else {
      files.push_back(word);
    }
  }
  if (!mode) return run.fail("Provide a mode\n");
  if (files.empty()) return run.fail("Provide a file\n");
  for (auto file = files.rbegin(); file != files.rend(); ++file) {
    if (!world.exists(*file)) return run.fail(fmt::format("The file: {} does not exist\n", *file));
    if (verbose) run.out(fmt::format("mode of '{}' changed to 0{}\n", *file, *mode));
    world.set_mode(*file, mode_of(*mode));
  }
  return run.exit(0);
}

Output rm(const Arguments& arguments, World& world, DiagnosticSink& sink) {
  Run run(arguments, world, sink);
  for (const std::string& word : run.words()) {
    if (!world.remove(word)) run.err(fmt::format("unable to delete file: {} !!!\n", word));
  }
  return run.exit(0);
}

}  // namespace assay::extra

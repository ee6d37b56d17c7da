// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/check/probe_kaem.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "bootstrap/finding/finding.h"
#include "core/memory_tree.h"
#include "kaem/minimal_run.h"
#include "machine/machine.h"
#include "machine/process/elf_program.h"

namespace assay::bootstrap {
namespace {

using machine::ImageRecord;
using machine::Stop;

constexpr std::uint64_t kInstructions = 5'000'000;
constexpr std::uint64_t kLoadAddress = 0x600000;
const std::vector<std::string> kEnvironment = {"NAME=value"};

struct Probe {
  std::string_view text;
  std::string_view script;  ///< empty: there is none
};

constexpr Probe kProbes[] = {
    {"children that succeed", "./good a\n./good b c\n"},
    {"a child that fails", "./good a\n./fails\n./good b\n"},
    {"a child that is killed", "./good a\n./killed\n./good b\n"},
    {"a killed child at the end", "./killed\n"},
    {"a program that is not there", "./good a\n./missing\n./good b\n"},
    {"a program that is a directory", "./directory\n./good b\n"},
    {"a script that is not there", ""},
};

/// A program of which the first instruction is none: whoever runs it is killed by a signal.
Bytes killed_program(const Architecture& arch) {
  const machine::Isa& isa = *machine::find_isa(arch.elf_machine, arch.word_bits == 64 ? 2 : 1);
  // ud2 on x86; on the others any word whose low half is zero is no instruction.
  Bytes code = {0, 0, 0, 0, 0, 0, 0, 0};
  if (arch.elf_machine == 3 || arch.elf_machine == 62) code = {0x0F, 0x0B, 0, 0, 0, 0, 0, 0};
  return machine::elf_program(isa, code, {.base = kLoadAddress});
}

/// A program that is started.
struct Start {
  std::vector<std::string> argv;
  std::vector<std::string> env;
  bool operator==(const Start&) const = default;
};

struct Course {
  std::vector<Start> starts;
  std::string output;
  Stop stop = Stop::exited;
  int status = 0;
};

/// The programs of the probes, for the room.
class ProbeHost final : public kaem::Host {
 public:
  explicit ProbeHost(Course& course) : course_(course) {}
  kaem::ChildEnd launch(const kaem::Launch& launch) override {
    if (launch.program == "./missing" || launch.program == "./directory") return {1, 0};
    course_.starts.push_back({launch.argv, launch.env});
    if (launch.program == "./fails") return {3, 0};
    constexpr int kSignalIll = 4;
    return {0, launch.program == "./killed" ? kSignalIll : 0};
  }
  kaem::Found find(const std::string& /*path*/) override { return kaem::Found::nothing; }
  bool enter(const std::string& /*directory*/) override { return false; }
  std::string current_directory() override { return "/"; }
  void write_output(std::string_view text) override { course_.output += text; }
  void write_error(std::string_view /*text*/) override {}

 private:
  Course& course_;
};

Course expected(const Probe& probe, const kaem::MinimalDialect& dialect) {
  Course course;
  if (probe.script.empty()) {
    course.status = dialect.status_no_script;
    return course;
  }
  ProbeHost host(course);
  NoDiagnostics quiet;
  course.status = kaem::run_minimal(as_bytes(probe.script), dialect, kEnvironment, host, quiet).status;
  return course;
}

Result<Course> observed(const Probe& probe, const Architecture& arch, const Bytes& program) {
  MemoryTree tree;
  const Bytes child = killed_program(arch);
  tree.put("kaem", program, 0755);
  for (const char* name : {"good", "fails", "killed"}) tree.put(name, child, 0755);
  (void)tree.create("directory", NodeKind::directory, 0755);
  if (!probe.script.empty()) tree.put("script", to_bytes(probe.script));
  Course course;
  machine::Request request;
  request.program = "/kaem";
  request.argv = {"/kaem", "/script"};
  request.env = kEnvironment;
  request.stack = machine::StackPlace::kernel;  // where half an address is none
  request.limits.image_instructions = kInstructions;
  request.known = [&](const ImageRecord& image) -> std::optional<machine::KnownRun> {
    if (image.index == 0) return std::nullopt;
    course.starts.push_back({image.argv, image.env});
    if (image.program == "killed") return std::nullopt;
    machine::KnownRun run;
    run.status = image.program == "fails" ? 3 : 0;
    return run;
  };
  const Result<machine::Outcome> outcome = machine::run(tree, request);
  if (!outcome) {
    pass_on_no_memory(outcome.error());
    return tl::unexpected<Error>(outcome.error());
  }
  course.stop = outcome->stop;
  course.status = outcome->status;
  course.output = as_text(outcome->standard_output);
  return course;
}

/// What it says while it does so is its sources' to say; `says`: they are known to say the same.
std::optional<std::string> difference(const Course& once, const Course& now, bool says) {
  if (now.starts.size() != once.starts.size())
    return fmt::format("it starts {} programs instead of {}", now.starts.size(), once.starts.size());
  for (std::size_t i = 0; i < once.starts.size(); ++i) {
    if (!(once.starts[i] == now.starts[i]))
      return fmt::format("it starts '{}' ({}) instead of '{}' ({})", fmt::join(now.starts[i].argv, " "),
                         fmt::join(now.starts[i].env, " "), fmt::join(once.starts[i].argv, " "),
                         fmt::join(once.starts[i].env, " "));
  }
  if (now.stop != once.stop) return fmt::format("it ends with {}", name_of(now.stop));
  if (now.status != once.status)
    return fmt::format("it exits with status {} instead of {}", now.status, once.status);
  if (says && now.output != once.output)
    return fmt::format("it prints '{}' instead of '{}'", now.output, once.output);
  return std::nullopt;
}

}  // namespace

std::vector<std::string> probe_kaem_minimal(const Architecture& arch, const kaem::MinimalDialect& dialect,
                                            const Bytes& program, bool is_known) {
  std::vector<std::string> texts;
  for (const Probe& probe : kProbes) {
    const Result<Course> now = observed(probe, arch, program);
    const std::optional<std::string> change =
        now ? difference(expected(probe, dialect), *now, is_known) : std::optional(now.error().message);
    if (change) texts.push_back(fmt::format("with {}: {}", probe.text, printable(*change)));
  }
  return texts;
}

}  // namespace assay::bootstrap

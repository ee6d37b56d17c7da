// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A program in the machine. The programs that a case puts beside it are told to the machine as known runs:
// they are headers with no code of their own, so that they exist for every architecture.
#include <algorithm>

#include "bootstrap/conform/child.h"
#include "bootstrap/conform/machine_batch.h"
#include "bootstrap/conform/target.h"
#include "core/paths.h"
#include "machine/machine.h"
#include "machine/process/elf.h"
#include "machine/process/elf_program.h"

namespace assay::conform {
namespace {

using machine::ImageRecord;
using machine::KnownRun;
using machine::Stop;

constexpr std::string_view kProgram = "tool";
constexpr std::uint64_t kChildAddress = 0x600000;
constexpr std::uint64_t kInstructionsOfAByte = 200;  // of what the case has to read, besides
constexpr std::uint64_t kMostFileBytes = std::uint64_t{64} << 20U;
constexpr std::size_t kMachineOffset = 18;  // e_machine of an ELF file, 2 bytes; its class is byte 4

/// A program that is killed as soon as it runs: 0F 0B is ud2, and on the others no word with a low half of 0
/// is an instruction.
Bytes killed_program(const machine::Isa& isa, bool is_x86) {
  Bytes code(8, 0);
  if (is_x86) code = {0x0F, 0x0B, 0, 0, 0, 0, 0, 0};
  return machine::elf_program(isa, code, {.base = kChildAddress});
}

class MachineTarget final : public Target {
 public:
  MachineTarget(Bytes program, Bytes child, std::uint64_t most)
      : program_(std::make_shared<const Bytes>(std::move(program))),
        child_(std::make_shared<const Bytes>(std::move(child))),
        most_(most) {}

  [[nodiscard]] Result<Observed> run(const Situation& situation) const override {
    MemoryTree tree = tree_of(situation);
    machine::Request request = request_of(situation);
    request.known = [&](const ImageRecord& image) { return known(situation, image, tree); };
    const Result<machine::Outcome> outcome = machine::run(tree, request);
    if (!outcome) return tl::unexpected<Error>(outcome.error());
    if (outcome->stop == Stop::bad_program) return fail("bad-program", outcome->message);
    return observed(*outcome, tree);
  }

  [[nodiscard]] Result<std::vector<Observed>> run_all(const ToolRow& tool,
                                                      const std::vector<Bytes>& inputs) const override {
    if (tool.tool == Tool::kaem || tool.tool == Tool::kaem_minimal || inputs.empty())
      return Target::run_all(tool, inputs);  // they start others
    const Situation situation = usual_situation(tool, inputs.front());
    MemoryTree tree = tree_of(situation);
    Result<std::vector<Observed>> all =
        run_batch(tree, request_of(situation), {inputs, std::string(kInput), std::string(kOutput)});
    if (!all && all.error().id == "bad-program") return Target::run_all(tool, inputs);
    return all;
  }

 private:
  [[nodiscard]] MemoryTree tree_of(const Situation& situation) const {
    MemoryTree tree;
    const auto put = [&tree](std::string_view name, const std::shared_ptr<const Bytes>& bytes,
                             std::uint32_t mode) {
      tree.put(name, {}, mode);
      tree.find(name)->set_bytes(bytes);
    };
    put(kProgram, program_, 0755);
    for (const Given& given : situation.given) {
      switch (given.what) {
        case Given::What::directory: (void)tree.create(given.name, NodeKind::directory, given.mode); break;
        case Given::What::file: tree.put(given.name, given.bytes, given.mode); break;
        case Given::What::program: put(given.name, child_, given.mode); break;
      }
    }
    return tree;
  }

  [[nodiscard]] machine::Request request_of(const Situation& situation) const {
    machine::Request request;
    request.program = "/" + std::string(kProgram);
    request.argv = {std::string("./") + std::string(kProgram)};
    request.argv.insert(request.argv.end(), situation.arguments.begin(), situation.arguments.end());
    request.env = situation.environment;
    request.standard_input = situation.standard_input;
    request.umask = situation.umask;
    request.limits.image_instructions = most_;
    for (const Given& given : situation.given)
      request.limits.image_instructions += kInstructionsOfAByte * given.bytes.size();
    request.limits.file_bytes = kMostFileBytes;
    request.limits.output_bytes = kMostFileBytes;
    return request;
  }

  static std::optional<KnownRun> known(const Situation& situation, const ImageRecord& image,
                                       const MemoryTree& tree) {
    if (image.index == 0) return std::nullopt;
    const Given* const given = program_named(situation, image.program);
    if (given == nullptr || given->does == Does::killed) return std::nullopt;
    const ChildRun child = run_child(*given, situation, image.argv, image.env, [&](const std::string& path) {
      const Result<std::string> normal = resolve_path(tree, image.cwd, path);
      return normal ? tree.read(*normal) : tl::unexpected<Error>(normal.error());
    });
    KnownRun run;
    run.status = child.status;
    run.standard_output = to_bytes(child.output);
    run.standard_error = to_bytes(child.complaint);
    if (child.copy) {
      if (const Result<std::string> path = resolve_path(tree, image.cwd, child.copy->first))
        run.changes.emplace_back(*path, NodeState{NodeKind::file, 0644, child.copy->second, ""});
    }
    return run;
  }

  static Observed observed(const machine::Outcome& outcome, const MemoryTree& tree) {
    Observed seen;
    seen.instructions = outcome.instructions;
    seen.system_calls = outcome.system_calls;
    seen.standard_output = outcome.standard_output;
    seen.standard_error = outcome.standard_error;
    seen.how = outcome.message;
    switch (outcome.stop) {
      case Stop::exited: seen.status = outcome.status; break;
      case Stop::memory_fault:
      case Stop::unknown_instruction:
      case Stop::arithmetic_fault:
      case Stop::breakpoint: seen.end = End::crashes; break;
      default: seen.end = End::hangs;
    }
    // A program that is killed by a signal while others run has its stop in its record only.
    for (const std::string& path : tree.known_paths()) {
      const NodeState state = tree.state(path);
      if (state.kind == NodeKind::file && path != kProgram) seen.files[path] = {*state.bytes, state.mode};
    }
    return seen;
  }

  std::shared_ptr<const Bytes> program_;
  std::shared_ptr<const Bytes> child_;
  std::uint64_t most_;
};

}  // namespace

Result<std::unique_ptr<Target>> machine_target(Bytes program, std::uint64_t most_instructions) {
  constexpr std::size_t kEnoughForAHeader = 52;
  if (program.size() < kEnoughForAHeader || program[0] != 0x7F || program[1] != 'E')
    return fail("bad-program",
                "not an ELF file: only static ELF programs run in the machine (--command runs others)");
  const auto number = static_cast<std::uint16_t>(program[kMachineOffset] | program[kMachineOffset + 1] << 8U);
  const machine::Isa* const isa = machine::find_isa(number, program[4]);
  if (isa == nullptr)
    return fail(
        "bad-program",
        "a program for an architecture that the machine does not have (--command runs it in an emulator)");
  constexpr std::uint16_t kX86 = 3;
  constexpr std::uint16_t kAmd64 = 62;
  return std::make_unique<MachineTarget>(
      std::move(program), killed_program(*isa, number == kX86 || number == kAmd64), most_instructions);
}

}  // namespace assay::conform

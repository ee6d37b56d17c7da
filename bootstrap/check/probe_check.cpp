// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/check/probe_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "bootstrap/chain/own_source.h"
#include "bootstrap/check/behaviour.h"
#include "bootstrap/check/probe_files.h"
#include "bootstrap/check/probe_kaem.h"

namespace assay::bootstrap {
namespace {

using machine::Stop;

enum class Situation : std::uint8_t {
  missing_input,
  directory_input,
  no_output_directory,
  directory_output,
  full_disk,
};

struct SituationRow {
  Situation situation;
  std::string_view text;
  std::string_view from;
  std::string_view to;
};

constexpr SituationRow kSituations[] = {
    {Situation::missing_input, "a missing input", kProbeMissing, kProbeOutput},
    {Situation::directory_input, "a directory for its input", kProbeDirectory, kProbeOutput},
    {Situation::no_output_directory, "an output in a missing directory", kProbeInput, "/missing/output"},
    {Situation::directory_output, "a directory for its output", kProbeInput, kProbeDirectory},
    {Situation::full_disk, "a full disk", kProbeInput, "/dev/full"},
};

/// What the program leaves.
enum class Leaves : std::uint8_t {
  nothing,     ///< no file, no text
  empty_file,  ///< its output, empty
  product,     ///< its output: what it makes of an empty input
  printed,     ///< on standard output: what it makes of its input
};

enum Family : unsigned { kX86 = 1, kAmd64 = 2, kAArch64 = 4, kRiscv = 8, kOthers = 7, kAny = 15 };

struct Row {
  Role role;
  Situation situation;
  unsigned families;
  Stop stop;
  int status;
  Leaves leaves;
};

// Measured on the real programs: docs/languages has the same facts for people.
constexpr Row kRows[] = {
    {Role::hex0, Situation::missing_input, kAny, Stop::limit_instructions, 0, Leaves::empty_file},
    {Role::hex0, Situation::directory_input, kAny, Stop::limit_instructions, 0, Leaves::empty_file},
    {Role::hex0, Situation::no_output_directory, kAny & ~kAmd64, Stop::exited, 0, Leaves::nothing},
    {Role::hex0, Situation::directory_output, kAny, Stop::exited, 0, Leaves::nothing},
    {Role::hex1, Situation::missing_input, kRiscv, Stop::exited, 1, Leaves::nothing},
    {Role::hex1, Situation::missing_input, kOthers, Stop::limit_instructions, 0, Leaves::empty_file},
    {Role::hex1, Situation::directory_input, kAny, Stop::limit_instructions, 0, Leaves::empty_file},
    {Role::hex1, Situation::no_output_directory, kAny, Stop::exited, 0, Leaves::nothing},
    {Role::hex1, Situation::directory_output, kAny, Stop::exited, 0, Leaves::nothing},
    {Role::hex2_0, Situation::missing_input, kRiscv, Stop::exited, 1, Leaves::nothing},
    {Role::hex2_0, Situation::missing_input, kAArch64, Stop::exited, 0, Leaves::empty_file},
    {Role::hex2_0, Situation::missing_input, kX86 | kAmd64, Stop::limit_instructions, 0, Leaves::empty_file},
    {Role::hex2_0, Situation::directory_input, kAArch64, Stop::exited, 0, Leaves::empty_file},
    {Role::hex2_0, Situation::directory_input, kAny & ~kAArch64, Stop::limit_instructions, 0,
     Leaves::empty_file},
    {Role::hex2_0, Situation::no_output_directory, kOthers, Stop::exited, 0, Leaves::printed},
    {Role::hex2_0, Situation::no_output_directory, kRiscv, Stop::exited, 0, Leaves::nothing},
    {Role::hex2_0, Situation::directory_output, kOthers, Stop::exited, 0, Leaves::printed},
    {Role::hex2_0, Situation::directory_output, kRiscv, Stop::exited, 0, Leaves::nothing},
    {Role::m0, Situation::missing_input, kRiscv, Stop::exited, 1, Leaves::nothing},
    {Role::m0, Situation::missing_input, kOthers, Stop::memory_fault, 0, Leaves::empty_file},
    {Role::m0, Situation::directory_input, kRiscv, Stop::limit_instructions, 0, Leaves::empty_file},
    {Role::m0, Situation::directory_input, kOthers, Stop::memory_fault, 0, Leaves::empty_file},
    {Role::m0, Situation::no_output_directory, kOthers, Stop::exited, 0, Leaves::printed},
    {Role::m0, Situation::no_output_directory, kRiscv, Stop::exited, 0, Leaves::nothing},
    {Role::m0, Situation::directory_output, kOthers, Stop::exited, 0, Leaves::printed},
    {Role::m0, Situation::directory_output, kRiscv, Stop::exited, 0, Leaves::nothing},
    {Role::catm, Situation::no_output_directory, kAny, Stop::exited, 0, Leaves::nothing},
    {Role::catm, Situation::directory_output, kAny, Stop::exited, 0, Leaves::nothing},
    {Role::cc, Situation::missing_input, kRiscv, Stop::exited, 1, Leaves::nothing},
    {Role::cc, Situation::missing_input, kOthers, Stop::exited, 0, Leaves::product},
    {Role::cc, Situation::directory_input, kOthers, Stop::exited, 0, Leaves::product},
    {Role::cc, Situation::no_output_directory, kOthers, Stop::exited, 0, Leaves::printed},
    {Role::cc, Situation::no_output_directory, kRiscv, Stop::exited, 0, Leaves::nothing},
    {Role::cc, Situation::directory_output, kOthers, Stop::exited, 0, Leaves::printed},
    {Role::cc, Situation::directory_output, kRiscv, Stop::exited, 0, Leaves::nothing},
    // Write errors are never noticed.
    {Role::hex0, Situation::full_disk, kAny, Stop::exited, 0, Leaves::nothing},
    {Role::hex1, Situation::full_disk, kAny, Stop::exited, 0, Leaves::nothing},
    {Role::hex2_0, Situation::full_disk, kAny, Stop::exited, 0, Leaves::nothing},
    {Role::m0, Situation::full_disk, kAny, Stop::exited, 0, Leaves::nothing},
    {Role::catm, Situation::full_disk, kAny, Stop::exited, 0, Leaves::nothing},
    {Role::cc, Situation::full_disk, kAny, Stop::exited, 0, Leaves::nothing},
};

Family family_of(const Architecture& arch) {
  if (arch.known_name() == "x86" || arch.known_name() == "armv7l") return kX86;
  if (arch.known_name() == "AMD64") return kAmd64;
  return arch.known_name() == "AArch64" ? kAArch64 : kRiscv;
}

/// The file that a run left at kProbeOutput.
const NodeState* output_of(const Behaviour& behaviour) {
  for (const auto& [path, state] : behaviour.changes) {
    if (path == kProbeOutput.substr(1)) return &state;
  }
  return nullptr;
}

Behaviour expected(const Row& row, const Behaviour& healthy, const Behaviour& empty) {
  Behaviour result;
  result.stop = row.stop;
  result.status = row.status;
  const NodeState made = *output_of(healthy);
  const auto leave = [&](std::shared_ptr<const Bytes> bytes) {
    result.changes.emplace_back(kProbeOutput.substr(1),
                                NodeState{NodeKind::file, made.mode, std::move(bytes), ""});
  };
  switch (row.leaves) {
    case Leaves::nothing: break;
    case Leaves::empty_file: leave(std::make_shared<Bytes>()); break;
    case Leaves::product: leave(output_of(empty) != nullptr ? output_of(empty)->bytes : nullptr); break;
    case Leaves::printed: result.standard_output = *made.bytes; break;
  }
  return result;
}

/// It ends otherwise, but leaves nothing that it should not: it may well be the better program.
bool leaves_nothing(const Behaviour& now) {
  return now.standard_output.empty() &&
         std::all_of(now.changes.begin(), now.changes.end(), [](const auto& change) {
           return change.first == kProbeOutput.substr(1) && change.second.bytes != nullptr &&
                  change.second.bytes->empty();
         });
}

std::vector<std::string> probe_kaem(const kaem::MinimalDialect* dialect, const Architecture& arch,
                                    const Bytes& program, bool is_known) {
  return dialect == nullptr ? std::vector<std::string>{}
                            : probe_kaem_minimal(arch, *dialect, program, is_known);
}

}  // namespace

std::vector<std::string> probe_program(Role role, const Architecture& arch, const Bytes& program,
                                       bool is_known) {
  if (role == Role::kaem_minimal)
    return probe_kaem(kaem::minimal_dialect(arch.known_name()), arch, program, is_known);
  if (std::none_of(std::begin(kRows), std::end(kRows), [role](const Row& row) { return row.role == role; }))
    return {};
  const ProbeFiles files(role, program);
  const Result<Behaviour> healthy = behave(files.tree, files.request(kProbeInput, kProbeOutput));
  const Result<Behaviour> empty = behave(files.tree, files.request(kProbeEmpty, kProbeOutput));
  if (!healthy || !empty || output_of(*healthy) == nullptr) return {"with a small input: it makes nothing"};
  std::vector<std::string> texts;
  for (const Row& row : kRows) {
    if (row.role != role || (row.families & family_of(arch)) == 0) continue;
    const SituationRow& situation = kSituations[static_cast<std::size_t>(row.situation)];
    if (row.leaves == Leaves::product && output_of(*empty) == nullptr) continue;
    const Result<Behaviour> now = behave(files.tree, files.request(situation.from, situation.to));
    const std::optional<std::string> change =
        now ? first_change(expected(row, *healthy, *empty), *now) : std::optional(now.error().message);
    if (change && !(now && leaves_nothing(*now)))
      texts.push_back(fmt::format("with {}: {}", situation.text, printable(*change)));
  }
  return texts;
}

std::shared_ptr<const Bytes> program_of(const Tree& tree, const Command& command, const CommandRuns& runs) {
  if (!command.built_by) return tree.files->read(command.program).value_or(nullptr);
  const std::optional<machine::KnownRun>& made = runs[*command.built_by];
  if (!made) return nullptr;
  for (const machine::FileUse& file : made->outputs) {
    if (file.path == command.program) return file.bytes;
  }
  return nullptr;
}

std::vector<Finding> check_probes(const Tree& tree, const Chain& chain, const CommandRuns& runs) {
  std::vector<Finding> findings;
  std::set<Bytes> tried;
  for (const Command& command : chain.commands) {
    const std::shared_ptr<const Bytes> program = program_of(tree, command, runs);
    if (program == nullptr || !tried.insert(*program).second) continue;
    // What other sources of an assembler do is theirs to say; but no interpreter goes on after a failure.
    if (!command.known && (command.role != Role::kaem_minimal || command.described != nullptr)) continue;
    const Architecture& arch = *chain.architecture;
    const std::vector<std::string> texts =
        command.role == Role::kaem_minimal
            ? probe_kaem(minimal_dialect_of(command, arch), arch, *program, command.known)
            : probe_program(command.role, arch, *program, command.known);
    for (const std::string& text : texts) {
      findings.push_back({"probe-differs", Severity::error, command.script, command.line, 0,
                          fmt::format("'{}' ({}) {}", command.program, name_of(command.role), text),
                          "it does something else than other programs of its role when things go wrong"});
    }
  }
  return findings;
}

}  // namespace assay::bootstrap

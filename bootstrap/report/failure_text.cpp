// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/report/failure_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>
#include <vector>

#include "bootstrap/finding/finding.h"
#include "command/render.h"

namespace assay::bootstrap {
namespace {

constexpr std::size_t kLastLines = 5;
constexpr std::size_t kLineLength = 200;

std::string byte_text(const std::optional<Byte>& byte) {
  return byte ? fmt::format("{:02x}", *byte) : std::string("nothing (the file ends)");
}

std::string place_text(std::string_view what, const std::string& path, Position position,
                       const std::string& line) {
  if (path.empty()) return "";
  return fmt::format("  {} {}:{}:{}\n", what, path, position.line, position.column) +
         source_excerpt(line, position.column, 1);
}

std::string divergence_text(const Divergence& divergence) {
  if (divergence.seed_mode) {
    return fmt::format(
        "  {}: the bytes are equal, the modes are not: seed road {:04o}, reference road {:04o}\n",
        divergence.path, *divergence.seed_mode, divergence.reference_mode.value_or(0));
  }
  if (!divergence.seed_state.empty()) {
    return fmt::format(
        "  {}: the roads do not leave the same there\n    seed road:      {}\n    reference road: {}\n",
        printable(divergence.path), printable(divergence.seed_state), printable(divergence.reference_state));
  }
  return fmt::format("  {}: first difference at offset 0x{:x} (address 0x{:x})\n", divergence.path,
                     divergence.offset, divergence.address) +
         fmt::format("    seed road:      {}\n", byte_text(divergence.seed)) +
         fmt::format("    reference road: {}\n", byte_text(divergence.reference)) +
         place_text("the reference made this byte from", divergence.source_path, divergence.source_position,
                    divergence.source_line);
}

/// Where the program that a step runs came from.
std::string builder_text(const Chain& chain, const Command& command) {
  if (!command.built_by) return fmt::format("  the program {} comes with the tree\n", command.program);
  const Command& builder = chain.commands[*command.built_by];
  const std::string by = builder.inputs.empty() ? builder.program : std::string(name_of(builder.role));
  const std::vector<std::string>& from = builder.inputs.empty() ? builder.argv : builder.inputs;
  return fmt::format("  the program {} was built at {} by {} from {}\n", command.program,
                     chain.place_of(builder), by,
                     printable(fmt::format("{}", fmt::join(from, builder.inputs.empty() ? " " : ", "))));
}

/// What a program printed on one of its streams.
std::string stream_text(std::string_view stream, std::string_view printed) {
  if (printed.find_first_not_of(" \t\n") == std::string_view::npos) return "";
  return fmt::format("  it printed on {}:\n{}", stream, last_lines(printed, "    "));
}

std::string ending_text(const StepResult& step) {
  return fmt::format("  the program {}\n", printable(step.failure)) +
         place_text("its instruction was made from", step.fault_path, step.fault_position, step.fault_line);
}

std::string printed_text(const StepResult& step) {
  return stream_text("standard error", step.standard_error) +
         stream_text("standard output", step.standard_output);
}

/// The command that a step ran.
std::string command_text(const Command& command) {
  return fmt::format("  {} ({}), in /{}\n", printable(fmt::format("{}", fmt::join(command.argv, " "))),
                     name_of(command.role), printable(command.cwd));
}

/// The last of the programs that a failed step started, where that failed too: what it printed is the reason,
/// and what the step printed then is the consequence.
std::string part_text(const ChainResult& result, const StepResult& whole) {
  const auto part = std::find_if(result.steps.rbegin(), result.steps.rend(), [&](const StepResult& step) {
    return step.command != whole.command && result.chain.is_within(step.command, whole.command);
  });
  if (part == result.steps.rend() || part->failure.empty()) return "";
  return "  it had started\n" + command_text(result.chain.commands[part->command]) + ending_text(*part) +
         printed_text(*part);
}

/// What a user's variables change about the step that failed, or about what it had started.
std::string variables_text(const ChainResult& result, const StepResult& step) {
  const auto is_of_step = [&](const Finding& finding) {
    if (finding.id != kReliesOnVariables) return false;
    return std::ranges::any_of(result.steps, [&](const StepResult& other) {
      const Command& command = result.chain.commands[other.command];
      return other.verdict == Verdict::failed && result.chain.is_within(other.command, step.command) &&
             command.script == finding.file && command.line == finding.line;
    });
  };
  const auto found = std::ranges::find_if(result.findings, is_of_step);
  return found == result.findings.end()
             ? ""
             : fmt::format("  no variables are set here: {}\n", printable(found->message));
}

}  // namespace

bool is_of_list(const Finding& finding) {
  return finding.id.starts_with("answers-") || finding.id == kPinMismatch;
}

const Finding* wrong_list(const ChainResult& result, const StepResult& step) {
  if (step.verdict != Verdict::failed) return nullptr;
  const std::vector<std::string>& inputs = result.chain.commands[step.command].inputs;
  const auto wrong =
      std::find_if(result.findings.begin(), result.findings.end(), [&](const Finding& finding) {
        return is_of_list(finding) && std::find(inputs.begin(), inputs.end(), finding.file) != inputs.end();
      });
  return wrong == result.findings.end() ? nullptr : &*wrong;
}

std::string last_lines(std::string_view printed, std::string_view indent) {
  while (printed.ends_with('\n')) printed.remove_suffix(1);
  std::vector<std::string_view> lines;
  while (lines.size() < kLastLines && !printed.empty()) {
    const std::size_t at = printed.rfind('\n');
    lines.push_back(at == std::string_view::npos ? printed : printed.substr(at + 1));
    printed = at == std::string_view::npos ? "" : printed.substr(0, at);
  }
  const auto more = static_cast<std::size_t>(std::count(printed.begin(), printed.end(), '\n'));
  std::string text = printed.empty() ? "" : fmt::format("{}({} lines before)\n", indent, more + 1);
  for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
    const bool cut = line->size() > kLineLength;
    text += fmt::format("{}{}{}\n", indent, printable(line->substr(0, kLineLength)), cut ? "..." : "");
  }
  return text;
}

std::string failure_text(const ChainResult& result, bool colour) {
  const auto step = std::find_if(result.steps.begin(), result.steps.end(), [](const StepResult& one) {
    return one.verdict == Verdict::differ || one.verdict == Verdict::failed;
  });
  if (step == result.steps.end()) return "";
  const Command& command = result.chain.commands[step->command];
  std::string text = fmt::format("{}{}: step {} of {} {}{}: {}\n", colour ? "\x1b[1;31m" : "",
                                 result.chain.architecture->name, step - result.steps.begin() + 1,
                                 result.steps.size(), step->verdict == Verdict::differ ? "differs" : "fails",
                                 colour ? "\x1b[0m" : "", result.chain.place_of(command));
  if (const Finding* const wrong = wrong_list(result, *step))
    return text + fmt::format("  it checks the list of {}, which is wrong\n",
                              wrong->id == kPinMismatch ? "digests" : "answers");
  text += command_text(command);
  if (step->divergence) text += divergence_text(*step->divergence);
  if (!step->failure.empty()) {
    const std::string part = part_text(result, *step);
    text += ending_text(*step) + (part.empty() ? printed_text(*step) : part);
    text += variables_text(result, *step);
  }
  return text + builder_text(result.chain, command);
}

}  // namespace assay::bootstrap

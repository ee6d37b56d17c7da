// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// From a request to a running program: where mes finds the Scheme that it boots from, and how a run ends.
#include <fmt/format.h>

#include <charconv>
#include <new>

#include "mes/diagnostics.h"
#include "mes/vm.h"

namespace assay::mes {
namespace {

constexpr int kCrashStatus = 128 + 6;  ///< as a shell tells a program that was killed by abort

/// A number as atoi reads it.
std::size_t number_in(const std::string& text, std::size_t otherwise) {
  std::size_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  return problem == std::errc() ? value : otherwise;
}

}  // namespace

Vm::Vm(const Request& request, World& world_in, DiagnosticSink& sink_in)
    : heap(request.limits.heap_bytes),
      world(world_in),
      sink(sink_in),
      dialect(*request.dialect),
      limits(request.limits),
      environment(request.environment),
      arguments(request.arguments),
      stack_(new Word[request.limits.stack_values]) {
  stack_start_ = reinterpret_cast<Value*>(stack_.get());
  stack_end_ = stack_start_ + limits.stack_values;
  sp_ = fp_ = resume_ = level_base_ = stack_start_;
  descriptors_.resize(3);
  descriptors_[1].output = &world.standard_output();
  descriptors_[2].output = &world.standard_error();
  for (const auto& [name, value] : environment) {
    if (name == "MES_MAX_STRING") most_string = number_in(value, 0);
  }
  init_symbols();
  init_module();
  with_values_ = new_code();
  const auto op = [](Op one) { return static_cast<std::int32_t>(one); };
  with_values_->instructions = {
      op(Op::local), 1, op(Op::local), 0, op(Op::call), 0, op(Op::spread_tail_call), op(Op::returns)};
  with_values_->compiled = true;
  with_values_->required = with_values_->arguments = 2;
  with_values_->most_stack = kControl + 4;
  with_values_->function = std::make_shared<Function>();
}

Value Vm::boot_form() {
  const auto variable = [&](std::string_view name) -> const std::string* {
    for (const auto& [key, value] : environment) {
      if (key == name) return &value;
    }
    return nullptr;
  };
  const std::string* const chosen = variable("MES_BOOT");
  const std::string boot = chosen != nullptr ? *chosen : "boot-5.scm";
  std::vector<std::string> directories;
  if (const std::string* const prefix = variable("MES_PREFIX")) {
    directories.push_back(*prefix + "/mes");
    directories.push_back(*prefix + "/share/mes");
  }
  const std::string* const source = variable("srcdest");
  directories.push_back((source != nullptr ? *source : std::string()) + "mes");
  for (const std::string& directory : directories) {
    const int descriptor = open(directory + "/module/mes/" + boot, 0, 0);
    if (descriptor < 0) continue;
    const Value name = module_variable(intern("%datadir"), true);
    set_slot(name, kVariableValue, heap.make_string(directory));
    input = descriptor;
    break;
  }
  if (input == 0) {
    const Value name = module_variable(intern("%datadir"), true);
    set_slot(name, kVariableValue, heap.make_string(directories.back()));
    input = std::max(0, open(boot, 0, 0));
  }
  if (input == 0) {
    print_error(fmt::format("mes: boot failed: no such file: {}\n", boot));
    sink.report(kNoBoot, {}, fmt::format("{} is in none of the places where mes looks for it", boot));
    throw Exit{1};
  }
  const Value forms = read_all();
  input = 0;
  return forms;
}

Outcome Vm::boot_and_run() {
  Outcome outcome;
  const auto stopped = [&](const DiagnosticKind& kind, std::string message) {
    sink.report(kind, {}, std::move(message));
    outcome.ending = &kind == &kEndlessApply ? Ending::hangs : Ending::crashes;
    outcome.status = kCrashStatus;
  };
  try {
    eval_forms(boot_form(), kNil);
  } catch (const Exit& end) {
    outcome.status = end.status;
  } catch (const Stop& end) {
    stopped(*end.kind, end.message);
  } catch (const SchemeError&) {
    stopped(kAbort, "an error outside of any program");
  } catch (const Escape&) {
    stopped(kDeadContinuation, "a continuation of an evaluation that has ended is called");
  } catch (const OutOfMemory&) {
    stopped(kHeapLimit, fmt::format("more than {} bytes of values", limits.heap_bytes));
  } catch (const std::bad_alloc&) {
    stopped(kHeapLimit, "the host gives no more memory");
  }
  outcome.statistics = {.calls = calls_, .collections = heap.collections(), .live_bytes = heap.live_bytes()};
  return outcome;
}

Outcome run(const Request& request, World& world, DiagnosticSink& sink) {
  try {
    return Vm(request, world, sink).boot_and_run();
  } catch (const std::bad_alloc&) {
    sink.report(kHeapLimit, {}, "the host gives no memory to begin with");
    return {.ending = Ending::crashes, .status = kCrashStatus, .statistics = {}};
  } catch (const OutOfMemory&) {
    sink.report(kHeapLimit, {}, "no memory to begin with");
    return {.ending = Ending::crashes, .status = kCrashStatus, .statistics = {}};
  }
}

}  // namespace assay::mes

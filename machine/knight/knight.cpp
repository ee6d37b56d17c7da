// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "machine/knight/knight.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>

#include "core/paths.h"
#include "machine/knight/processor.h"
#include "machine/knight/tapes.h"
#include "machine/observer.h"
#include "machine/process/known_run.h"
#include "machine/process/stop_state.h"

namespace assay::machine {
namespace {

/// Instructions between two looks at the stop token, and while they are observed.
constexpr std::uint64_t kSlice = 10'000'000;
constexpr std::uint64_t kObservedSlice = 100'000;
constexpr int kFaultStatus = 1;  // of upstream's machine when it gives up
constexpr Slot kStack = 15;      // by the habit of its programs

constexpr std::array<std::string_view, knight::kRegisters> kNames{
    "r0", "r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15"};

constexpr Isa row(std::uint8_t bits) {
  Isa isa;
  isa.name = "knight";
  isa.address_bits = bits;
  isa.max_length = knight::kLongest;
  isa.registers = kNames;
  isa.stack_pointer = kStack;
  return isa;
}

/// Names of registers, for who looks at a run; no engine reads its instructions by these.
const Isa& isa_of(unsigned bits) {
  static constexpr Isa kRows[] = {row(16), row(32), row(64)};
  return *std::find_if(std::begin(kRows), std::end(kRows) - 1,
                       [bits](const Isa& isa) { return isa.address_bits == bits; });
}

using knight::Event;

class KnightRun {
 public:
  KnightRun(MemoryTree& tree, const Request& request)
      : tree_(tree), request_(request), isa_(isa_of(request.knight->word_bits)) {}

  Result<Outcome> run() {
    const Result<std::string> path = resolve_path(tree_, request_.cwd, request_.program);
    if (!path) return tl::unexpected<Error>(path.error());
    const std::shared_ptr<Node> node = tree_.find(*path);
    if (node == nullptr) return fail("file-not-found", fmt::format("no such program: '{}'", *path));
    if (node->kind != NodeKind::file) return fail("not-a-file", fmt::format("'{}' is no file", *path));
    if (!may_load(*path, node->bytes().size())) return std::move(outcome_);
    start(*path, node->share());
    std::optional<KnownRun> known = request_.known ? request_.known(image()) : std::nullopt;
    if (known) {
      take_known(*known);
    } else {
      execute();
    }
    outcome_.stop = image().stop;
    outcome_.status = image().status;
    outcome_.message = image().message;
    if (request_.on_end) request_.on_end(image());
    return std::move(outcome_);
  }

 private:
  ImageRecord& image() { return outcome_.images.front(); }

  bool may_load(const std::string& path, std::size_t size) {
    const std::uint64_t memory = request_.knight->memory;
    if (memory > request_.limits.memory) {
      outcome_.stop = Stop::limit_memory;
      outcome_.message = fmt::format("{} bytes of memory; the limit is {}", memory, request_.limits.memory);
      return false;
    }
    if (size <= memory) return true;
    outcome_.stop = Stop::bad_program;
    outcome_.message = fmt::format("'{}' has {} bytes, the machine's memory {}", path, size, memory);
    return false;
  }

  void start(const std::string& path, std::shared_ptr<const Bytes> program) {
    ImageRecord image;
    image.program = path;
    image.program_bytes = std::move(program);
    image.argv = request_.argv;
    image.env = request_.env;
    image.cwd = request_.cwd;
    outcome_.images.push_back(std::move(image));
    budget_ = request_.budget ? request_.budget(outcome_.images.front()) : request_.limits.image_instructions;
    budget_ = std::min(budget_, request_.limits.instructions);
    if (request_.on_start) request_.on_start(outcome_.images.front());
  }

  void take_known(KnownRun& known) {
    take_over(image(), outcome_, known);
    image().standard_output = known.standard_output;
    outcome_.standard_output = known.standard_output;
    if (request_.on_console && !known.standard_output.empty())
      request_.on_console(known.standard_output, false);
    if (const Result<void> changed = make_changes(tree_, known); !changed) {
      image().stop = Stop::bad_program;
      image().message = changed.error().message;
    }
    image().status = known.status;
  }

  void execute() {
    Bytes memory(request_.knight->memory);
    std::copy(image().program_bytes->begin(), image().program_bytes->end(), memory.begin());
    image().peak_memory = memory.size();
    outcome_.peak_memory = memory.size();
    knight::Tapes tapes(tree_, request_, image(), outcome_);
    knight::Processor processor(request_.knight->word_bits, memory, tapes);
    Cpu cpu;
    while (image().stop == Stop::exited && slice(processor, cpu, tapes)) {
    }
    tapes.finish();
    outcome_.instructions = image().instructions;
    outcome_.system_calls = image().system_calls;
    image().address = image().stop == Stop::exited ? 0 : cpu.pc;
    if (image().stop != Stop::exited) note_state(processor, cpu);
  }

  // Runs for a while; false when the program has halted.
  bool slice(knight::Processor& processor, Cpu& cpu, const knight::Tapes& tapes) {
    if (request_.cancel.stop_requested()) return stop(Stop::cancelled, "cancelled");
    const std::uint64_t unobserved = request_.observer == nullptr ? std::numeric_limits<std::uint64_t>::max()
                                                                  : request_.observer->unobserved(image());
    const bool observed = unobserved == 0;
    const std::uint64_t most =
        std::min(observed ? kObservedSlice : std::min(unobserved, kSlice), budget_ - image().instructions);
    if (most == 0)
      return stop(Stop::limit_instructions, fmt::format("{} instructions of '{}'", budget_, image().program));
    for (std::uint64_t i = 0; i < most; ++i) {
      const Event event = observed ? watched_step(processor, cpu) : processor.step(cpu);
      if (broken_)
        return stop(Stop::breakpoint, fmt::format("break at {:#x} of '{}'", cpu.pc, image().program));
      if (event == Event::done) {
        ++image().instructions;
        continue;
      }
      if (event == Event::halted) {
        ++image().instructions;
        return false;
      }
      return fault(event, processor, cpu, tapes);
    }
    return true;
  }

  Event watched_step(knight::Processor& processor, Cpu& cpu) {
    const Bytes bytes = processor.instruction_at(cpu.pc);
    const Instruction instruction{image().index, isa_, cpu, cpu.pc, bytes};
    broken_ = !request_.observer->before(instruction);
    if (broken_) return Event::done;
    const Event event = processor.step(cpu);
    if (event == Event::done || event == Event::halted) request_.observer->after(instruction);
    return event;
  }

  bool fault(Event event, const knight::Processor& processor, const Cpu& cpu, const knight::Tapes& tapes) {
    image().status = kFaultStatus;
    switch (event) {
      case Event::unknown_instruction:
        return stop(Stop::unknown_instruction, fmt::format("unknown instruction {} at {:#x}",
                                                           to_hex(processor.instruction_at(cpu.pc)), cpu.pc));
      case Event::arithmetic_fault:
        return stop(Stop::arithmetic_fault, fmt::format("division fault at {:#x}", cpu.pc));
      case Event::fetch_fault:
        return stop(Stop::memory_fault,
                    fmt::format("the instruction at {:#x} is not within the memory of {} bytes", cpu.pc,
                                processor.memory().size()));
      case Event::device_fault:
        return stop(tapes.stop(), fmt::format("{} at {:#x}", tapes.message(), cpu.pc));
      default:
        return stop(Stop::memory_fault,
                    fmt::format("memory fault at {:#x}, address {:#x}", cpu.pc, cpu.fault_address));
    }
  }

  bool stop(Stop stop, std::string message) {
    image().stop = stop;
    image().message = std::move(message);
    return false;
  }

  void note_state(const knight::Processor& processor, const Cpu& cpu) {
    const auto view = [memory = processor.memory()](std::uint64_t address, std::uint64_t size) {
      const std::uint64_t from = std::min<std::uint64_t>(address, memory.size());
      return memory.subspan(from, std::min<std::uint64_t>(size, memory.size() - from));
    };
    image().state = state_at_stop(isa_, cpu, image().stop, request_.dumps, view);
  }

  MemoryTree& tree_;
  const Request& request_;
  const Isa& isa_;
  Outcome outcome_;
  std::uint64_t budget_ = 0;
  bool broken_ = false;
};

}  // namespace

std::optional<std::uint64_t> memory_size_in(std::string_view text) {
  constexpr std::uint64_t kMost = std::uint64_t{1} << 40;
  constexpr std::string_view kUnits = "KMG";
  constexpr unsigned kUnitBits = 10;
  const std::size_t unit = text.empty() ? std::string_view::npos : kUnits.find(text.back());
  if (unit != std::string_view::npos) text.remove_suffix(1);
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc() || end != text.data() + text.size() || number >= kMost)
    return std::nullopt;
  if (unit != std::string_view::npos) {
    for (std::size_t i = 0; i <= unit && number < kMost; ++i) number <<= kUnitBits;
  }
  return number < kMost ? std::optional(number) : std::nullopt;
}

Result<Outcome> run_knight(MemoryTree& tree, const Request& request) {
  return KnightRun(tree, request).run();
}

}  // namespace assay::machine

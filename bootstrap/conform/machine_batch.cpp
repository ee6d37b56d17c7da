// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/conform/machine_batch.h"

#include <fmt/format.h>

#include "machine/linux/linux.h"
#include "machine/process/runner.h"

namespace assay::conform {
namespace {

using machine::Process;
using machine::Runner;
using machine::Stop;

// Of a run, besides those for each byte of its input: seeds read and write a byte a call, some of them twice.
constexpr std::uint64_t kMostCalls = 2000;
constexpr std::uint64_t kCallsOfAByte = 16;

/// Bytes of the instruction that calls the kernel.
unsigned call_width(const machine::Isa& isa) { return isa.name == "amd64" || isa.name == "x86" ? 2 : 4; }

/// Linux, but for the first process, whose first call starts the next run, again and again.
class Feeder final : public machine::Personality {
 public:
  Feeder(const Batch& batch, MemoryTree& tree, std::vector<Observed>& seen)
      : batch_(batch), tree_(tree), seen_(seen), next_(seen.size()) {}

  Result<machine::Loaded> load(const machine::Program& program, machine::Memory& memory) override {
    return linux_.load(program, memory);
  }
  machine::CallUse call_use(const Process& process) override { return linux_.call_use(process); }

  void system_call(Runner& runner, Process& process) override {
    if (!process.in_snapshot) return start_next(runner, process);
    ++now_.system_calls;
    if (now_.system_calls > kMostCalls + kCallsOfAByte * batch_.inputs[next_ - 1].size()) {
      now_.end = End::hangs;
      now_.how = fmt::format("{} system calls", now_.system_calls - 1);
      return runner.end_process(process, 0);
    }
    linux_.system_call(runner, process);
  }

  void print(ByteView bytes, bool is_error) {
    Bytes& stream = is_error ? now_.standard_error : now_.standard_output;
    stream.insert(stream.end(), bytes.begin(), bytes.end());
  }

  /// The run that was going on when all stopped.
  void note_stopped(const std::string& message) {
    if (seen_.size() == next_) return;
    now_.end = End::hangs;
    now_.how = message;
    note();
  }

 private:
  void start_next(Runner& runner, Process& process) {
    if (seen_.size() < next_) {
      constexpr int kSignal = 0x7F;  // of a wait status
      const int status = process.ended.empty() ? 0 : process.ended.back().wait_status;
      if (now_.end == End::exits && (status & kSignal) != 0) {
        now_.end = End::crashes;
        now_.how = fmt::format("signal {}", status & kSignal);
      }
      if (now_.end == End::exits) now_.status = status >> 8;
      note();
    }
    process.ended.clear();
    if (next_ == batch_.inputs.size()) return runner.end_process(process, 0);
    (void)tree_.remove(batch_.output);
    tree_.put(batch_.input, batch_.inputs[next_++]);
    now_ = {};
    process.space->memory->keep_snapshot();
    Process* const child = runner.fork(process);
    if (child == nullptr) return;
    process.cpu.pc -= call_width(*process.space->isa);  // it calls again when the child is gone
    system_call(runner, *child);
  }

  void note() {
    for (const std::string& path : {batch_.input, batch_.output}) {
      const std::shared_ptr<Node> node = tree_.find(path);
      if (node != nullptr && node->kind == NodeKind::file) now_.files[path] = {node->bytes(), node->mode};
    }
    seen_.push_back(std::move(now_));
  }

  machine::Linux linux_;
  const Batch& batch_;
  MemoryTree& tree_;
  std::vector<Observed>& seen_;
  std::size_t next_;
  Observed now_;
};

}  // namespace

Result<std::vector<Observed>> run_batch(MemoryTree& tree, machine::Request request, const Batch& batch) {
  std::vector<Observed> seen;
  seen.reserve(batch.inputs.size());
  request.limits.processes = static_cast<std::uint32_t>(batch.inputs.size()) + 1;
  while (seen.size() < batch.inputs.size()) {
    const std::size_t before = seen.size();
    auto feeder = std::make_unique<Feeder>(batch, tree, seen);
    Feeder& feeding = *feeder;
    request.on_console = [&feeding](ByteView bytes, bool is_error) { feeding.print(bytes, is_error); };
    Runner runner(tree, request, std::move(feeder));
    const Result<machine::Outcome> outcome = runner.run();
    if (!outcome) return tl::unexpected<Error>(outcome.error());
    feeding.note_stopped(outcome->message);
    // Not one call: it does the same whatever it is to read.
    if (seen.size() == before) return fail("bad-program", "it makes no system call");
  }
  return seen;
}

}  // namespace assay::conform

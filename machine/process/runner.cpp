// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "machine/process/runner.h"

#include <fmt/format.h>

#include <algorithm>
#include <new>

#include "core/paths.h"
#include "machine/engine/stepper.h"
#include "machine/process/known_run.h"
#include "machine/process/stop_state.h"

namespace assay::machine {
namespace {

constexpr std::size_t kMostFindings = 100;
constexpr std::size_t kMostReliances = 100;  // of an image
constexpr std::size_t kMostIdle = 12;        // spaces
/// Instructions between two looks at the stop token; results do not depend on it.
constexpr std::uint64_t kSlice = 100'000'000;
/// The same while instructions are observed: between two questions to Observer::unobserved, too.
constexpr std::uint64_t kObservedSlice = 100'000;
// What things cost the host, roughly, besides their texts and bytes.
constexpr std::uint64_t kImageCost = 2048;
constexpr std::uint64_t kTextCost = 64;
constexpr std::uint64_t kNoteCost = 256;   // a path of a record: noted twice
constexpr std::uint64_t kNodeCost = 512;   // of the tree, with its place in a directory
constexpr std::uint64_t kConsoleCost = 6;  // a byte: of the image and of the run, in vectors that double
constexpr int kSignalIll = 4;
constexpr int kSignalTrap = 5;
constexpr int kSignalFpe = 8;
constexpr int kSignalSegv = 11;

Stop stop_of(Exit exit) {
  switch (exit) {
    case Exit::undetermined:
    case Exit::unknown_instruction: return Stop::unknown_instruction;
    case Exit::breakpoint: return Stop::breakpoint;
    case Exit::floating_point_fault:
    case Exit::arithmetic_fault: return Stop::arithmetic_fault;
    default: return Stop::memory_fault;
  }
}

// The direction flag, which is a register here, is always clear.
void fill_registers(Cpu& cpu, const Loaded& loaded, const Surrounding& surrounding) {
  const Isa& isa = *loaded.isa;
  for (std::size_t i = 0; i < isa.registers.size(); ++i) {
    if (i == isa.zero || isa.registers[i] == "df") continue;
    std::uint64_t value = 0;
    switch (surrounding.registers) {
      case RegisterFill::zero: break;
      case RegisterFill::noise: value = noise(i); break;
      case RegisterFill::ones: value = ~std::uint64_t{0}; break;
      case RegisterFill::small: value = i + 1; break;
      case RegisterFill::pointers: value = loaded.stack_pointer - 64 * i; break;
    }
    cpu.slots[i] = isa.address_bits == 32 ? value & 0xFFFF'FFFFU : value;
  }
  cpu.slots[isa.stack_pointer] = loaded.stack_pointer;
  cpu.flags.a = surrounding.flags;
}

int signal_of(Exit exit) {
  switch (exit) {
    case Exit::undetermined:
    case Exit::unknown_instruction: return kSignalIll;
    case Exit::breakpoint: return kSignalTrap;
    case Exit::floating_point_fault:
    case Exit::arithmetic_fault: return kSignalFpe;
    default: return kSignalSegv;
  }
}

ByteView instruction_at(const Process& process) {
  const Isa& isa = *process.space->isa;
  const std::uint64_t pc = process.cpu.pc;
  return instruction_bytes(isa, pc, process.space->memory->fetch(pc, isa.max_length));
}

std::uint64_t cost_of(const std::vector<std::string>& texts) {
  std::uint64_t cost = 0;
  for (const std::string& text : texts) cost += kTextCost + text.size();
  return cost;
}

}  // namespace

Runner::Runner(MemoryTree& tree, const Request& request, std::unique_ptr<Personality> personality)
    : tree_(tree), request_(request), personality_(std::move(personality)) {}

Result<Outcome> Runner::run() {
  auto first = std::make_unique<Process>();
  first->pid = next_pid_++;
  first->cwd = request_.cwd;
  first->umask = request_.umask;
  for (const FileKind kind : {FileKind::input, FileKind::output, FileKind::error}) {
    auto file = std::make_shared<OpenFile>();
    file->kind = kind;
    file->reads = kind == FileKind::input;
    file->writes = !file->reads;
    first->files.push_back({std::move(file), false});
  }
  const Result<std::string> path = resolve_path(tree_, first->cwd, request_.program);
  if (!path) return tl::unexpected<Error>(path.error());
  processes_.push_back(std::move(first));
  Process& process = *processes_.back();
  const Result<void> started = start_image(process, *path, request_.argv, request_.env, 0, 0);
  if (!started) {
    if (started.error().id == "file-not-found" || started.error().id == "no-memory") {
      return tl::unexpected<Error>(started.error());
    }
    outcome_.stop = started.error().id == "limit-memory" ? Stop::limit_memory : Stop::bad_program;
    outcome_.message = started.error().message;
    return std::move(outcome_);
  }
  end_if_known(process);
  while (!processes_.empty() && !stopped_) slice(*processes_.back());
  finish_all();
  return std::move(outcome_);
}

// Sees to it that an image is observed if it is to be. Gives the most instructions until the next look.
std::uint64_t Runner::choose_engine(Process& process) {
  if (request_.observer == nullptr || request_.on_undefined) return kSlice;
  const std::uint64_t unobserved = request_.observer->unobserved(record(process));
  Space& space = *process.space;
  if (space.observed != (unobserved == 0)) {
    space.observed = unobserved == 0;
    space.engine.reset();
    space.memory->forget_code();
    space.memory->clear_code_changed();
    space.memory->set_host_protection(false);
    if (space.observed) {
      space.engine = std::make_unique<Stepper>(*space.isa, *space.memory, *request_.observer, process.image);
    } else {
      space.engine = make_engine(request_.engine, *space.isa, *space.memory);
    }
  }
  return space.observed ? kObservedSlice : std::min(unobserved, kSlice);
}

// Runs the newest process until its next event.
void Runner::slice(Process& process) {
  if (request_.cancel.stop_requested()) return stop(Stop::cancelled, "cancelled");
  ImageRecord& image = record(process);
  const std::uint64_t of_run = limits().instructions - outcome_.instructions;
  const std::uint64_t of_image = notes_[process.image].budget - image.instructions;
  const std::uint64_t given = std::min({of_run, of_image, choose_engine(process)});
  process.cpu.remaining = given;
  const Exit exit = process.space->engine->run(process.cpu);
  const std::uint64_t retired = given - process.cpu.remaining;
  image.instructions += retired;
  outcome_.instructions += retired;
  switch (exit) {
    case Exit::system_call:
      ++image.system_calls;
      ++outcome_.system_calls;
      serve(process);
      check_room();
      return;
    case Exit::no_budget:
      if (retired == of_run) {
        stop(Stop::limit_instructions, fmt::format("{} instructions in all", limits().instructions));
      } else if (retired == of_image) {
        stop(Stop::limit_instructions,
             fmt::format("{} instructions of '{}'", notes_[process.image].budget, image.program));
      }
      return;
    case Exit::observer:
      stop(Stop::breakpoint, fmt::format("break at {:#x} of '{}'", process.cpu.pc, image.program));
      return;
    default: fault(process, exit);
  }
}

void Runner::serve(Process& process) {
  Definedness* const definedness = process.space->definedness;
  if (definedness == nullptr) return personality_->system_call(*this, process);
  const CallUse use = personality_->call_use(process);
  definedness->before_call(process.cpu, use);
  const Process* const caller = &process;
  personality_->system_call(*this, process);
  // A process that is gone, or has another program, gets nothing; of a fork, parent and child get a result.
  if (stopped_ || processes_.empty()) return;
  Process& next = *processes_.back();
  if (next.space == nullptr || next.space->definedness != definedness) return;
  if (&next == caller || next.in_snapshot) definedness->after_call(next.cpu, use);
}

void Runner::watch_definedness(Process& process) {
  Space& space = *process.space;
  space.definedness = nullptr;
  if (!request_.on_undefined) return;
  auto engine = std::make_unique<Definedness>(*space.isa, *space.memory,
                                              [this, image = process.image](const UndefinedUse& use) {
                                                request_.on_undefined(outcome_.images[image], use);
                                              });
  engine->begin(process.cpu);
  space.definedness = engine.get();
  space.engine = std::move(engine);
}

std::string Runner::fault_message(Process& process, Exit exit) {
  const Cpu& cpu = process.cpu;
  switch (exit) {
    case Exit::unknown_instruction:
      return fmt::format("unknown instruction {} at {:#x}", to_hex(instruction_at(process)), cpu.pc);
    case Exit::breakpoint: return fmt::format("breakpoint at {:#x}", cpu.pc);
    case Exit::arithmetic_fault: return fmt::format("division fault at {:#x}", cpu.pc);
    case Exit::floating_point_fault: return fmt::format("floating-point exception at {:#x}", cpu.pc);
    case Exit::undetermined:
      return fmt::format("instruction {} at {:#x}: processors differ in its result",
                         to_hex(instruction_at(process)), cpu.pc);
    case Exit::fetch_fault:
      if (const Isa& isa = *process.space->isa; cpu.pc % isa.alignment != 0) {
        return fmt::format("jump to {:#x}, which is not a multiple of {}{}{}", cpu.pc, isa.alignment,
                           isa.misaligned.empty() ? "" : ": ", isa.misaligned);
      }
      return fmt::format("nothing executable at {:#x}", cpu.pc);
    default: return fmt::format("memory fault at {:#x}, address {:#x}", cpu.pc, cpu.fault_address);
  }
}

void Runner::fault(Process& process, Exit exit) {
  check_room();
  if (stopped_ || (exit == Exit::fetch_fault && personality_->jumped_nowhere(process))) return;
  const std::string message = fault_message(process, exit);
  if (process.owns_image) {
    end_image(process, stop_of(exit), 128 + signal_of(exit), process.cpu.pc, message);
  } else {
    finding(fmt::format("forked child of image {} ('{}') ended by {}", process.image, record(process).program,
                        message));
  }
  leave(process, signal_of(exit));
}

// Room for a program: where it has run before if possible.
Result<std::shared_ptr<Space>> Runner::new_space(const std::shared_ptr<const Bytes>& program) {
  auto found = std::find_if(idle_.begin(), idle_.end(), [&](const Idle& idle) {
    return idle.space->engine != nullptr && (idle.program == program || *idle.program == *program);
  });
  if (found == idle_.end()) {
    found = std::find_if(idle_.begin(), idle_.end(),
                         [](const Idle& idle) { return idle.space->engine == nullptr; });
  }
  auto space = std::make_shared<Space>();
  if (found != idle_.end()) {
    space = std::move(found->space);
    idle_.erase(found);
    return space;
  }
  Result<std::unique_ptr<Memory>> memory = Memory::create();
  if (!memory && !idle_.empty()) {
    idle_.clear();
    memory = Memory::create();
  }
  if (!memory) return tl::unexpected<Error>(memory.error());
  space->memory = std::move(*memory);
  return space;
}

void Runner::give_back(std::shared_ptr<Space> space, std::shared_ptr<const Bytes> program) {
  space->definedness = nullptr;
  const bool kept = space->engine != nullptr && !space->observed && space->engine->keep();
  if (!kept) space->engine.reset();
  space->observed = false;
  space->memory->clear();
  if (idle_.size() == kMostIdle) idle_.erase(idle_.begin());
  idle_.push_back({std::move(program), std::move(space)});
}

// A process goes away from its memory: gives it back to the parent as it was, or up for reuse.
void Runner::leave_space(Process& process) {
  if (process.space == nullptr) return;
  if (process.in_snapshot) {
    process.space->memory->restore_snapshot();
    if (process.space->definedness != nullptr) process.space->definedness->restore_snapshot();
  } else {
    give_back(process.space, record(process).program_bytes);
  }
  process.in_snapshot = false;
  process.space.reset();
}

Result<void> Runner::start_image(Process& process, const std::string& path, std::vector<std::string> argv,
                                 std::vector<std::string> env, std::uint32_t parent, std::uint32_t depth) {
  const std::shared_ptr<Node> node = tree_.find(path);
  if (node == nullptr) return fail("file-not-found", fmt::format("no such program: '{}'", path));
  if (node->kind != NodeKind::file) {
    return fail("not-executable", fmt::format("not an executable file: '{}'", path));
  }
  const std::shared_ptr<const Bytes> bytes = node->share();
  Result<std::shared_ptr<Space>> space = new_space(bytes);
  if (!space) return tl::unexpected<Error>(space.error());
  // Nobody runs in it now, and what is in it may be translated again.
  if (room() < limits().memory / 2) idle_.clear();
  const std::uint64_t memory = std::min(limits().memory, room());
  const StackPlace stack = surrounding().kernel_stack ? StackPlace::kernel : request_.stack;
  const Program program{path, node->mode, *bytes, argv, env, {memory, stack, path, &surrounding()}};
  const Result<Loaded> loaded = personality_->load(program, *(*space)->memory);
  if (!loaded) {
    (*space)->engine.reset();
    give_back(*std::move(space), nullptr);
    return tl::unexpected<Error>(loaded.error());
  }
  (*space)->isa = loaded->isa;
  if ((*space)->engine != nullptr) {
    (*space)->engine->again();
  } else {
    (*space)->engine = make_engine(request_.engine, *loaded->isa, *(*space)->memory);
  }

  // Nothing can fail from here on.
  if (process.space != nullptr) {
    record(process).replaced = process.owns_image;
    if (process.owns_image) end_image(process, Stop::exited, 0, 0, "");
    leave_space(process);
  }
  ImageRecord image;
  image.index = static_cast<std::uint32_t>(outcome_.images.size());
  image.parent = parent;
  image.depth = depth;
  image.program = path;
  image.program_bytes = bytes;
  hold(kImageCost + path.size() + process.cwd.size() + cost_of(argv) + cost_of(env));
  image.argv = std::move(argv);
  image.env = std::move(env);
  image.cwd = process.cwd;
  process.image = image.index;
  process.owns_image = true;
  process.space = std::move(*space);
  process.program = node;
  process.cpu = Cpu{};
  process.cpu.pc = loaded->entry;
  fill_registers(process.cpu, *loaded, surrounding());
  outcome_.images.push_back(std::move(image));
  Notes notes;
  notes.budget = request_.budget ? request_.budget(outcome_.images.back()) : limits().image_instructions;
  notes_.push_back(std::move(notes));
  watch_definedness(process);
  if (request_.on_start) request_.on_start(outcome_.images.back());
  measure();
  return {};
}

std::uint64_t Runner::guests_hold() const {
  std::uint64_t bytes = 0;
  for (const std::unique_ptr<Process>& process : processes_) {
    if (process->in_snapshot || process->space == nullptr) continue;
    bytes += process->space->memory->held() + process->space->engine->held();
  }
  for (const Idle& idle : idle_) {
    if (idle.space->engine != nullptr) bytes += idle.space->engine->held();
  }
  return bytes;
}

std::uint64_t Runner::room() const {
  const std::uint64_t used = held_ + guests_;
  return limits().host_memory - std::min(used, limits().host_memory);
}

bool Runner::measure() {
  guests_ = guests_hold();
  if (room() == 0 && !idle_.empty()) {
    idle_.clear();
    guests_ = guests_hold();
  }
  return hold(0);
}

bool Runner::hold(std::uint64_t bytes) {
  held_ += bytes;
  if (room() > 0) return true;
  stop(Stop::limit_memory,
       fmt::format("the run holds more than {} bytes of this machine's memory", limits().host_memory));
  return false;
}

Bytes* Runner::contents_for(Node& node, std::uint64_t end) {
  if (!node.owns_contents() && !hold(node.bytes().size())) return nullptr;
  Bytes& contents = node.writable();
  const std::uint64_t old = contents.capacity();
  if (end > old) {
    const std::uint64_t grown = std::max(end, old + old / 2 + kTextCost);
    if (!hold(grown)) return nullptr;  // for a moment there are both
    contents.reserve(grown);
    let_go(old);
  }
  if (end > contents.size()) contents.resize(end);
  return &contents;
}

void Runner::empty(Node& node) {
  if (node.owns_contents()) let_go(node.writable().capacity());
  node.set_bytes(std::make_shared<const Bytes>());
}

bool Runner::hold_node(std::string_view path) { return hold(kNodeCost + 2 * path.size()); }

// A snapshot that found no room.
void Runner::check_room() {
  if (processes_.empty() || stopped_) return;
  const Process& process = *processes_.back();
  if (process.space != nullptr && process.space->memory->out_of_room()) {
    guests_ = limits().host_memory;
    hold(0);
  }
}

Process* Runner::fork(Process& process) {
  if (started_ > limits().processes) {
    stop(Stop::limit_processes, fmt::format("more than {} processes", limits().processes));
    return nullptr;
  }
  if (processes_.size() > limits().depth) {
    stop(Stop::limit_processes, fmt::format("forks nested deeper than {}", limits().depth));
    return nullptr;
  }
  auto child = std::make_unique<Process>(process);
  ++started_;
  child->pid = next_pid_++;
  child->parent_pid = process.pid;
  child->owns_image = false;
  child->in_snapshot = true;
  child->ended.clear();
  child->signals.pending = 0;
  if (!measure()) return nullptr;
  child->space->memory->set_snapshot_room(child->space->memory->snapshot_bytes() + room());
  child->space->memory->take_snapshot();
  if (child->space->definedness != nullptr) child->space->definedness->take_snapshot();
  processes_.push_back(std::move(child));
  return processes_.back().get();
}

Result<void> Runner::execute(Process& process, const std::string& path, std::vector<std::string> argv,
                             std::vector<std::string> env) {
  const ImageRecord& old = record(process);
  // A forked child's program is the child of the image that forked; one that replaces itself takes its place.
  const std::uint32_t parent = process.owns_image && old.depth > 0 ? old.parent : old.index;
  const std::uint32_t depth = process.owns_image ? old.depth : old.depth + 1;
  Result<void> started = start_image(process, path, std::move(argv), std::move(env), parent, depth);
  if (!started) {
    pass_on_no_memory(started.error());
    if (started.error().id == "limit-memory") stop(Stop::limit_memory, started.error().message);
    return started;
  }
  for (Descriptor& descriptor : process.files) {
    if (descriptor.close_on_exec) descriptor = {};
  }
  for (Signals::Action& action : process.signals.actions) {
    if (action.handler != 1) action = {};
  }
  process.signals.interrupted.clear();
  end_if_known(process);
  return started;
}

// Ends an image that has just started as the request knows it; its process is gone then.
void Runner::end_if_known(Process& process) {
  std::optional<KnownRun> known = request_.known ? request_.known(record(process)) : std::nullopt;
  if (!known) return;
  take_over(record(process), outcome_, *known);
  if (outcome_.instructions > limits().instructions) {
    return stop(Stop::limit_instructions, fmt::format("{} instructions in all", limits().instructions));
  }
  console(process, FileKind::output, known->standard_output);
  console(process, FileKind::error, known->standard_error);
  if (const Result<void> changed = make_changes(tree_, *known); !changed)
    return stop(Stop::bad_program, changed.error().message);
  end_process(process, known->status);
}

void Runner::end_process(Process& process, int exit_status) {
  if (process.owns_image) end_image(process, Stop::exited, exit_status, 0, "");
  leave(process, exit_status << 8);
}

void Runner::end_by_signal(Process& process, int signal) {
  constexpr int kBySignal = 128;
  if (process.owns_image) end_image(process, Stop::exited, kBySignal + signal, 0, "");
  leave(process, signal);
}

void Runner::end_image(Process& process, Stop stop, int status, std::uint64_t address, std::string message) {
  note_memory(process);
  ImageRecord& image = record(process);
  image.stop = stop;
  image.status = status;
  image.address = address;
  image.message = std::move(message);
  if (stop != Stop::exited) note_state(process, stop);
  std::vector<FileUse> kept;
  for (FileUse& use : image.outputs) {
    const std::shared_ptr<Node> node = tree_.find(use.path);
    if (node == nullptr || node->kind != NodeKind::file) continue;
    use.bytes = node->share();
    use.mode = node->mode;
    kept.push_back(std::move(use));
  }
  image.outputs = std::move(kept);
  if (request_.on_end) request_.on_end(image);
}

void Runner::note_state(const Process& process, Stop stop) {
  const auto view = [&process](std::uint64_t address, std::uint64_t size) {
    return process.space->memory->view(address, size);
  };
  StopState& state = record(process).state;
  state = state_at_stop(*process.space->isa, process.cpu, stop, request_.dumps, view);
  state.flags = flags_word(process.cpu.flags);
}

// The process is over: its parent, if any, goes on.
void Runner::leave(Process& process, int wait_status) {
  leave_space(process);
  const Ended ended{process.pid, wait_status};
  if (processes_.size() == 1) {
    const ImageRecord& last = record(process);
    outcome_.stop = last.stop;
    outcome_.status = last.status;
    outcome_.message = last.message;
    outcome_.stopped_image = last.index;
  } else {
    processes_[processes_.size() - 2]->ended.push_back(ended);
  }
  processes_.pop_back();
  if (!processes_.empty() && !stopped_) personality_->child_ended(*this, *processes_.back());
}

void Runner::stop(Stop stop, std::string message) {
  if (stopped_) return;
  stopped_ = true;
  outcome_.stop = stop;
  outcome_.message = std::move(message);
  if (!processes_.empty()) outcome_.stopped_image = processes_.back()->image;
}

// After a stop: every image that still runs ends with it, the innermost first.
void Runner::finish_all() {
  while (!processes_.empty()) {
    Process& process = *processes_.back();
    if (process.owns_image) end_image(process, outcome_.stop, 0, process.cpu.pc, outcome_.message);
    leave_space(process);
    processes_.pop_back();
  }
}

namespace {

void add_once(std::vector<std::string>& all, std::string text) {
  if (all.size() < kMostFindings && std::find(all.begin(), all.end(), text) == all.end())
    all.push_back(std::move(text));
}

}  // namespace

void Runner::finding(std::string text) { add_once(outcome_.findings, std::move(text)); }

void Runner::note(std::string text) { add_once(outcome_.notes, std::move(text)); }

void Runner::rely(const Process& process, std::string_view what, std::uint64_t address) {
  std::vector<Reliance>& all = record(process).reliances;
  const bool known = std::any_of(all.begin(), all.end(), [&](const Reliance& one) {
    return one.what == what && one.address == address;
  });
  if (!known && all.size() < kMostReliances) all.push_back({std::string(what), address});
}

bool Runner::is_running(const Node& node) const {
  return std::any_of(processes_.begin(), processes_.end(),
                     [&node](const auto& process) { return process->program.get() == &node; });
}

bool Runner::is_open_for_writing(const Node& node) const {
  for (const std::unique_ptr<Process>& process : processes_) {
    for (const Descriptor& one : process->files) {
      if (one.file != nullptr && one.file->writes && one.file->node.get() == &node) return true;
    }
  }
  return false;
}

void Runner::moved(const std::string& from, const std::string& to) {
  const auto move = [&](std::string& path) {
    if (path == from || path.starts_with(from + "/")) path = to + path.substr(from.size());
  };
  for (const std::unique_ptr<Process>& process : processes_) {
    move(process->cwd);
    for (const Descriptor& one : process->files) {
      if (one.file != nullptr) move(one.file->path);
    }
  }
}

void Runner::note_input(const Process& process, const std::string& path, Node& node) {
  if (!notes_[process.image].inputs.insert(path).second || !hold(kNoteCost + 2 * path.size())) return;
  record(process).inputs.push_back({path, node.share(), node.mode});
}

void Runner::note_output(const Process& process, OpenFile& file) {
  if (file.noted_by == process.image) return;
  file.noted_by = process.image;
  if (!notes_[process.image].outputs.insert(file.path).second || !hold(kNoteCost + 2 * file.path.size()))
    return;
  record(process).outputs.push_back({file.path, nullptr, 0});
}

void Runner::note_missing(const Process& process, std::string_view path) {
  if (!notes_[process.image].missing.emplace(path).second || !hold(kNoteCost + 2 * path.size())) return;
  record(process).missing.emplace_back(path);
}

bool Runner::count_output(std::uint64_t bytes) {
  output_bytes_ += bytes;
  if (output_bytes_ <= limits().output_bytes) return true;
  stop(Stop::limit_output, fmt::format("more than {} bytes written", limits().output_bytes));
  return false;
}

void Runner::console(const Process& process, FileKind kind, ByteView bytes) {
  if (!hold(kConsoleCost * bytes.size())) return;
  ImageRecord& image = record(process);
  Bytes& of_run = kind == FileKind::error ? outcome_.standard_error : outcome_.standard_output;
  Bytes& of_image = kind == FileKind::error ? image.standard_error : image.standard_output;
  of_run.insert(of_run.end(), bytes.begin(), bytes.end());
  of_image.insert(of_image.end(), bytes.begin(), bytes.end());
  if (request_.on_console) request_.on_console(bytes, kind == FileKind::error);
}

void Runner::note_memory(const Process& process) {
  const std::uint64_t size = process.space->memory->size();
  ImageRecord& image = record(process);
  image.peak_memory = std::max(image.peak_memory, size);
  outcome_.peak_memory = std::max(outcome_.peak_memory, size);
  measure();
}

}  // namespace assay::machine

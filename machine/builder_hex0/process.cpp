// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Programs: execve, fork as a copy put aside, exit as its return.
//
// There is one area for processes. Here each program has a memory of its own, and a parent's is kept
// while its child runs, which is the same but for what lies beyond a parent's heap: that is zeros again
// when it comes back.
#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "machine/builder_hex0/kernel.h"

namespace assay::machine {
namespace {

constexpr std::uint64_t kSlice = 100'000'000;  // instructions between two looks at the stop token
constexpr std::size_t kMostSpare = 4;
constexpr std::size_t kMostReliances = 500;
constexpr std::uint64_t kStackTop = 0x0800'0000;
constexpr std::uint64_t kStackLow = 0x0108'0000;
constexpr std::uint32_t kHeapGap = 0x2'0000;  // from the end of the last segment
constexpr std::size_t kMostArguments = 100'000;
constexpr std::uint64_t kMostSegmentBytes = std::uint64_t{1} << 30;  // all program headers together
/// The kernel's table has room for 32, the shell included.
constexpr std::size_t kMostProcesses = 32;
/// What the interrupt pushes, and the call of the handler.
constexpr std::uint64_t kPushedByCall = 16;
/// What fork has pushed when it looks where the stack is: those and six registers.
constexpr std::uint64_t kPushedByFork = 40;
constexpr std::uint32_t kNoMode = 0777;  // no file has a mode
constexpr std::uint8_t kAll = kPageRead | kPageWrite | kPageExecute;

enum Register : unsigned { kAx = 0, kSp = 4 };

Hex0Stop stop_of(Exit exit) {
  switch (exit) {
    case Exit::undetermined:
    case Exit::unknown_instruction: return Hex0Stop::unknown_instruction;
    case Exit::breakpoint: return Hex0Stop::breakpoint;
    case Exit::floating_point_fault:
    case Exit::arithmetic_fault: return Hex0Stop::arithmetic_fault;
    default: return Hex0Stop::memory_fault;
  }
}

Stop image_stop(Hex0Stop stop) {
  switch (stop) {
    case Hex0Stop::finished: return Stop::exited;
    case Hex0Stop::memory_fault: return Stop::memory_fault;
    case Hex0Stop::unknown_instruction: return Stop::unknown_instruction;
    case Hex0Stop::arithmetic_fault: return Stop::arithmetic_fault;
    case Hex0Stop::breakpoint: return Stop::breakpoint;
    case Hex0Stop::limit_instructions: return Stop::limit_instructions;
    case Hex0Stop::limit_descriptors: return Stop::limit_open_files;
    case Hex0Stop::limit_console: return Stop::limit_output;
    case Hex0Stop::cancelled: return Stop::cancelled;
    default: return Stop::bad_program;
  }
}

std::string_view text_of(const std::array<Byte, kHex0ArgumentBytes>& block) {
  const auto* const start = reinterpret_cast<const char*>(block.data());
  return {start, strnlen(start, block.size())};
}

}  // namespace

BuilderHex0::BuilderHex0(const Hex0Request& request)
    : request_(request),
      isa_(*find_isa("x86")),
      buffer_(std::size_t{64} * 512),
      sector_(request.stream_sector),
      buffer_at_(buffer_.size()) {
  processes_.reserve(kMostProcesses);
  processes_.emplace_back();
}

std::string BuilderHex0::program() const {
  return processes_.size() > 1 ? records_[processes_.back().image].image.program : "the kernel's shell";
}

void BuilderHex0::stop(Hex0Stop stop, std::string message) {
  if (stopped_) return;
  stopped_ = true;
  outcome_.stop = stop;
  outcome_.message = std::move(message);
}

void BuilderHex0::lean(std::string_view id, std::string_view what, std::uint64_t count,
                       std::string_view detail) {
  const auto known = reliances_.find({id, std::string(what)});
  if (known != reliances_.end()) {
    outcome_.reliances[known->second].count += count;
    return;
  }
  if (reliances_.size() >= kMostReliances) return;
  reliances_.emplace(std::pair(id, std::string(what)), outcome_.reliances.size());
  std::string first = program();
  if (!detail.empty()) first += fmt::format(": {}", detail);
  outcome_.reliances.push_back({id, std::string(what), count, std::move(first)});
}

std::unique_ptr<Memory> BuilderHex0::new_memory() {
  if (!spare_.empty()) {
    std::unique_ptr<Memory> memory = std::move(spare_.back());
    spare_.pop_back();
    return memory;
  }
  Result<std::unique_ptr<Memory>> memory = Memory::create();
  return memory ? std::move(*memory) : nullptr;
}

// Copies the segments that the program headers name, unchecked there; here they must lie in the area.
bool BuilderHex0::load(Process& process, std::uint32_t file, const std::string& path) {
  const std::uint64_t at = files_.address(file);
  const auto bad = [&](std::string why) {
    stop(Hex0Stop::bad_program, fmt::format("'{}' cannot be executed: {}", path, why));
    return false;
  };
  if (files_.length(file) < 52)
    return bad(fmt::format("it has {} bytes, no ELF header", files_.length(file)));
  if (files_.word(at) != 0x464C457F)
    lean("no-elf-file", "programs that are no ELF files: nobody looks", 1, path);
  const std::uint32_t count = files_.word(at + 0x2C) & 0xFFFFU;
  if (count == 0) return bad("no program headers");
  const std::uint64_t headers = at + files_.word(at + 0x1C);
  std::uint64_t low = kHex0ProcessEnd;
  std::uint64_t high = kHex0ProcessLow;
  std::uint64_t total = 0;
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::uint64_t header = headers + std::uint64_t{i} * 32;
    const std::uint64_t address = files_.word(header + 8);
    const std::uint64_t size = files_.word(header + 16);
    total += size;
    if (total > kMostSegmentBytes) return bad("its segments are too large");
    process.brk = static_cast<std::uint32_t>(address + size) + kHeapGap;
    if (i == 0) process.address = static_cast<std::uint32_t>(address);
    if (size == 0) continue;
    if (address < kHex0ProcessLow || address + size > kHex0ProcessEnd) {
      return bad(fmt::format("segment {} goes to {:#x} to {:#x}, outside the area of programs", i, address,
                             address + size));
    }
    low = std::min(low, address);
    high = std::max(high, address + size);
  }
  if (low >= high) return bad("nothing to load");
  if (process.brk < kHex0ProcessLow || process.brk > kHex0ProcessEnd || process.address < kHex0ProcessLow ||
      process.address > process.brk) {
    return bad(fmt::format("its heap would start at {:#x}: the last program header decides", process.brk));
  }
  Memory& memory = *process.memory;
  if (!memory.reserve_image(kHex0ProcessLow, page_ceil(high))) return bad("the host gives no memory for it");
  Bytes image(page_ceil(high) - kHex0ProcessLow);
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::uint64_t header = headers + std::uint64_t{i} * 32;
    const std::uint64_t size = files_.word(header + 16);
    if (size == 0) continue;
    const std::uint64_t to = files_.word(header + 8) - std::uint64_t{kHex0ProcessLow};
    const ByteView bytes = files_.view(at + files_.word(header + 4), size);
    std::copy(bytes.begin(), bytes.end(), image.begin() + static_cast<std::ptrdiff_t>(to));
    std::fill_n(image.begin() + static_cast<std::ptrdiff_t>(to + bytes.size()), size - bytes.size(), Byte{0});
  }
  memory.load(kHex0ProcessLow, image, image.size(), kAll);
  memory.place_stack(kStackTop, kStackTop - kStackLow, kAll);
  memory.place_heap(memory.image_high(), kAll);
  process.cpu = Cpu{};
  process.cpu.pc = files_.word(at + 0x18);
  outcome_.peaks.process_bytes =
      std::max<std::uint64_t>(outcome_.peaks.process_bytes, process.brk - kHex0ProcessLow);
  return true;
}

// Strings go behind the saved processes, the environment first, then the arguments from the last to the
// first; pointers to them onto the stack, the environment in reverse.
void BuilderHex0::push_arguments(Process& process, const Start& request) {
  Memory& memory = *process.memory;
  const std::size_t blocks = request.arguments.size() + request.environment.size();
  const std::uint64_t end = saved_end_ + blocks * kHex0ArgumentBytes;
  if (end > kHex0FileLow) {
    stop(Hex0Stop::limit_saved_bytes,
         fmt::format("the arguments of '{}' do not fit in {} bytes with the saved processes", request.path,
                     kHex0SavedBytes));
    return;
  }
  if (!memory.set_brk(page_ceil(std::max<std::uint64_t>(end, kHex0ProcessEnd)))) {
    stop(Hex0Stop::process_area, "the host gives no memory for the area of programs");
    return;
  }
  std::uint64_t stack = request.stack;
  const auto push = [&](std::uint64_t value) {
    stack -= 4;
    const auto word = static_cast<std::uint32_t>(value);
    memory.write(stack, &word, sizeof word);
  };
  const auto copy = [&](const Argument& block) {
    memory.write(saved_end_, block.data(), block.size());
    push(saved_end_);
    saved_end_ += block.size();
    const std::string_view text = text_of(block);
    outcome_.peaks.longest_argument =
        std::max(outcome_.peaks.longest_argument, static_cast<std::uint32_t>(text.size()));
    if (text.size() == block.size())
      lean("long-argument",
           fmt::format("arguments of {} bytes and more: they run into the next", block.size()), 1,
           text.substr(0, 40));
  };
  if (stack > kStackTop || stack < kStackLow + 4 * (blocks + 3)) {
    stop(Hex0Stop::memory_fault,
         fmt::format("'{}' has its stack at {:#x} when it executes another program", program(), stack));
    return;
  }
  push(0);
  for (const Argument& block : request.environment) copy(block);
  push(0);
  for (std::size_t i = request.arguments.size(); i-- > 0;) copy(request.arguments[i]);
  push(request.arguments.size());
  process.cpu.slots[kSp] = stack;
  outcome_.peaks.saved_bytes = std::max(outcome_.peaks.saved_bytes, saved_end_ - kHex0SavedLow);
}

// Starts a program for `from`: as its child, or in its place if it has not forked.
void BuilderHex0::start(Process& from, const Start& request) {
  const bool first = processes_.size() == 1;
  const bool child = first || from.forked > 0;
  const std::string absolute = hex0_absolute_path(from.cwd, request.path);
  const std::uint32_t file = files_.find(absolute);
  if (file == BuilderHex0Files::kNone) {
    return stop(
        Hex0Stop::missing_program,
        fmt::format("'{}' executes '{}', which is missing: it jumps to nowhere", program(), absolute));
  }
  if (!child && !request_.execve_keeps_stack) {
    return stop(Hex0Stop::execve_in_place,
                fmt::format("'{}' executes '{}' without a fork: this revision of the kernel resets the stack",
                            program(), absolute));
  }
  if (++outcome_.programs > request_.programs) {
    return stop(Hex0Stop::limit_programs, fmt::format("more than {} programs", request_.programs));
  }
  if (processes_.size() >= kMostProcesses) {
    return stop(Hex0Stop::limit_processes, fmt::format("programs nested deeper than {}", kMostProcesses - 1));
  }
  Process next;
  next.memory = new_memory();
  if (next.memory == nullptr) return stop(Hex0Stop::process_area, "the host gives no 8 GiB of address space");
  if (!load(next, file, absolute)) return;
  push_arguments(next, request);
  if (stopped_) return;
  next.engine = make_engine(request_.engine, isa_, *next.memory);
  next.files.resize(kHex0Descriptors);
  next.cwd = from.cwd;
  next.image = static_cast<std::uint32_t>(records_.size());

  Record record;
  ImageRecord& image = record.image;
  image.index = next.image;
  if (!first) {
    const ImageRecord& old = records_[from.image].image;
    image.parent = child ? old.index : old.parent;
    image.depth = child ? old.depth + 1 : old.depth;
  }
  image.program = absolute.substr(1);
  image.program_bytes = files_.share(file);
  for (const Argument& block : request.arguments) image.argv.emplace_back(text_of(block));
  for (const Argument& block : request.environment) image.env.emplace_back(text_of(block));
  image.cwd = from.cwd.substr(1, from.cwd.size() > 1 ? from.cwd.size() - 2 : 0);
  if (child) {
    if (!first) --from.forked;
    processes_.push_back(std::move(next));
  } else {
    next.child_code = from.child_code;
    end_image(from, Hex0Stop::finished, 0, "");
    from.engine.reset();
    from.memory->clear();
    if (spare_.size() < kMostSpare) spare_.push_back(std::move(from.memory));
    from = std::move(next);
  }
  records_.push_back(std::move(record));
  outcome_.peaks.processes =
      std::max(outcome_.peaks.processes, static_cast<std::uint32_t>(processes_.size() - 1));
  if (request_.on_start) request_.on_start(records_.back().image);
}

// Gathers a list of pointers to strings, 256 bytes each, whatever follows them.
bool BuilderHex0::strings(Process& process, std::uint32_t at, std::vector<Argument>& texts) {
  Memory& memory = *process.memory;
  const auto unreadable = [&](std::uint32_t where) {
    stop(Hex0Stop::memory_fault,
         fmt::format("'{}' passes an argument list with the address {:#x}", program(), where));
    return false;
  };
  while (true) {
    std::uint32_t pointer = 0;
    if (!memory.read(at, &pointer, sizeof pointer)) return unreadable(at);
    if (pointer == 0) return true;
    if (texts.size() == kMostArguments) {
      stop(Hex0Stop::limit_saved_bytes,
           fmt::format("'{}' passes more than {} arguments", program(), kMostArguments));
      return false;
    }
    const ByteView bytes = memory.view(pointer, kHex0ArgumentBytes);
    if (bytes.empty()) return unreadable(pointer);
    Argument& block = texts.emplace_back();
    block.fill(0);
    std::copy(bytes.begin(), bytes.end(), block.begin());
    at += 4;
  }
}

void BuilderHex0::execve(Process& process, std::uint32_t name, std::uint32_t argv, std::uint32_t env) {
  Start request;
  const std::optional<std::string> path = process.memory->read_string(name, kHex0PathBuffer / 2);
  if (!path || path->size() >= kHex0PathBuffer / 2) {
    return stop(Hex0Stop::path_too_long,
                fmt::format("'{}' executes a program by the address {:#x}", program(), name));
  }
  if (env == 0) {
    return stop(Hex0Stop::no_environment,
                fmt::format("'{}' executes '{}' without an environment: the kernel reads address 0",
                            program(), *path));
  }
  request.path = *path;
  if (!strings(process, env, request.environment) || !strings(process, argv, request.arguments)) return;
  if (request.arguments.empty()) {
    return stop(
        Hex0Stop::no_arguments,
        fmt::format("'{}' executes '{}' without arguments: the kernel counts down from 0", program(), *path));
  }
  request.stack = process.cpu.slots[kSp] - kPushedByCall;
  start(process, request);
}

void BuilderHex0::fork(Process& process) {
  if (process.forked != 0) {
    return stop(Hex0Stop::fork_twice,
                fmt::format("'{}' forks again before its child executes a program", program()));
  }
  const std::uint64_t stack = kStackTop - process.cpu.slots[kSp] + kPushedByFork;
  const std::uint64_t image = process.brk - process.address;
  if (stack > kStackTop - kStackLow || saved_end_ + stack + image > kHex0FileLow) {
    return stop(Hex0Stop::limit_saved_bytes,
                fmt::format("'{}' forks with {} bytes, {} are saved already: more than {}", program(),
                            stack + image, saved_end_ - kHex0SavedLow, kHex0SavedBytes));
  }
  process.forked = 1;
  process.saved_at = saved_end_;
  process.saved_brk = process.brk;
  saved_end_ += stack + image;
  outcome_.peaks.saved_bytes = std::max(outcome_.peaks.saved_bytes, saved_end_ - kHex0SavedLow);
  process.saved_cpu = process.cpu;
  process.saved_cpu.slots[kAx] = 1;
  process.cpu.slots[kAx] = 0;
  process.memory->take_snapshot();
}

// A forked child that exits without a program of its own is its parent: the parent's parent comes back.
void BuilderHex0::exit(std::uint32_t code) {
  if (current().forked != 0) {
    lean("child-exit", "forked children that exit without execve: their parent ends with them", 1);
  }
  end_image(current(), Hex0Stop::finished, static_cast<int>(code & 0xFFU), "");
  Process& process = current();
  process.engine.reset();
  process.memory->clear();
  if (spare_.size() < kMostSpare) spare_.push_back(std::move(process.memory));
  processes_.pop_back();
  if (processes_.size() == 1) return;
  Process& parent = current();
  parent.child_code = code;
  parent.brk = parent.saved_brk;
  parent.cpu = parent.saved_cpu;
  saved_end_ = parent.saved_at;
  Memory& memory = *parent.memory;
  memory.restore_snapshot();
  const std::uint64_t end = memory.brk();
  const std::uint64_t keep = std::max<std::uint64_t>(page_ceil(parent.brk), memory.image_high());
  if (keep < kHex0ProcessEnd && end > kHex0ProcessEnd) {
    // The strings of its own arguments lie behind the area.
    const ByteView strings = memory.view(kHex0ProcessEnd, end - kHex0ProcessEnd);
    const Bytes kept(strings.begin(), strings.end());
    if (memory.set_brk(keep) && memory.set_brk(end)) memory.write(kHex0ProcessEnd, kept.data(), kept.size());
  } else if (keep < end && memory.set_brk(keep)) {
    memory.set_brk(end);
  }
}

void BuilderHex0::end_image(Process& process, Hex0Stop stop, int status, const std::string& message) {
  Record& record = records_[process.image];
  ImageRecord& image = record.image;
  image.stop = image_stop(stop);
  image.status = status;
  image.message = message;
  image.address = stop == Hex0Stop::finished ? 0 : process.cpu.pc;
  image.peak_memory = std::max<std::uint64_t>(image.peak_memory, process.brk - kHex0ProcessLow);
  // As Runner has it: what is at each path now, and nothing that the program removed.
  std::set<std::uint32_t> seen;
  for (const std::uint32_t made : record.output_order) {
    const std::string path = files_.path(made);
    const std::uint32_t file = files_.find(path);
    if (record.unlinked.contains(path) || file == BuilderHex0Files::kNone || !seen.insert(file).second)
      continue;
    image.outputs.push_back({path.substr(1), files_.share(file), kNoMode});
  }
  record.unlinked.clear();
  record.inputs.clear();
  record.outputs.clear();
  record.output_order.clear();
  if (request_.on_end) request_.on_end(image);
  // What is kept of it: who it was.
  image.inputs.clear();
  image.outputs.clear();
  image.program_bytes = nullptr;
  image.standard_output.clear();
}

void BuilderHex0::fault(const Process& process, Exit exit) {
  const Cpu& cpu = process.cpu;
  std::string what;
  const ByteView own_bytes = instruction_bytes(isa_, cpu.pc, process.memory->fetch(cpu.pc, isa_.max_length));
  switch (exit) {
    case Exit::unknown_instruction: what = fmt::format("unknown instruction {}", to_hex(own_bytes)); break;
    case Exit::undetermined:
      what = fmt::format("processors differ in the result of instruction {}", to_hex(own_bytes));
      break;
    case Exit::floating_point_fault: what = "floating-point exception"; break;
    case Exit::breakpoint: what = "breakpoint"; break;
    case Exit::arithmetic_fault: what = "division fault"; break;
    case Exit::fetch_fault: what = "it jumps outside its memory"; break;
    default: what = fmt::format("it touches {:#x}, outside its memory", cpu.fault_address);
  }
  stop(stop_of(exit), fmt::format("'{}' at {:#x}: {}", program(), cpu.pc, what));
}

void BuilderHex0::slice(Process& process) {
  if (request_.cancel.stop_requested()) return stop(Hex0Stop::cancelled, "cancelled");
  ImageRecord& image = records_[process.image].image;
  const std::uint64_t left = request_.instructions - outcome_.instructions;
  const std::uint64_t given = std::min(left, kSlice);
  process.cpu.remaining = given;
  const Exit exit = process.engine->run(process.cpu);
  const std::uint64_t retired = given - process.cpu.remaining;
  image.instructions += retired;
  outcome_.instructions += retired;
  if (exit == Exit::system_call) {
    ++image.system_calls;
    ++outcome_.system_calls;
    system_call(process);
  } else if (exit != Exit::no_budget) {
    fault(process, exit);
  } else if (retired == left) {
    stop(Hex0Stop::limit_instructions, fmt::format("{} instructions in all", request_.instructions));
  }
}

void BuilderHex0::run_programs() {
  while (processes_.size() > 1 && !stopped_) slice(current());
  while (processes_.size() > 1) {
    end_image(current(), outcome_.stop, 0, outcome_.message);
    processes_.pop_back();
  }
}

Result<Hex0Outcome> BuilderHex0::boot() {
  shell();
  if (shell_descriptors_ > kHex0Descriptors) {
    lean("shell-descriptors", "files that the kernel's shell leaves open behind its own table",
         shell_descriptors_ - kHex0Descriptors);
  }
  outcome_.files = files_.newest();
  return std::move(outcome_);
}

Result<Hex0Outcome> run_builder_hex0(const Hex0Request& request) { return BuilderHex0(request).boot(); }

std::string_view name_of(Hex0Stop stop) {
  switch (stop) {
    case Hex0Stop::finished: return "finished";
    case Hex0Stop::memory_fault: return "memory-fault";
    case Hex0Stop::unknown_instruction: return "unknown-instruction";
    case Hex0Stop::arithmetic_fault: return "arithmetic-fault";
    case Hex0Stop::breakpoint: return "breakpoint";
    case Hex0Stop::missing_program: return "missing-program";
    case Hex0Stop::bad_program: return "bad-program";
    case Hex0Stop::process_area: return "process-area";
    case Hex0Stop::heap_shrinks: return "heap-shrinks";
    case Hex0Stop::no_arguments: return "no-arguments";
    case Hex0Stop::no_environment: return "no-environment";
    case Hex0Stop::fork_twice: return "fork-twice";
    case Hex0Stop::execve_in_place: return "execve-in-place";
    case Hex0Stop::unopened_write: return "unopened-write";
    case Hex0Stop::file_area_low: return "file-area-low";
    case Hex0Stop::command_too_long: return "command-too-long";
    case Hex0Stop::path_too_long: return "path-too-long";
    case Hex0Stop::endless_comment: return "endless-comment";
    case Hex0Stop::disk_end: return "disk-end";
    case Hex0Stop::limit_names: return "limit-names";
    case Hex0Stop::limit_file_bytes: return "limit-file-bytes";
    case Hex0Stop::limit_saved_bytes: return "limit-saved-bytes";
    case Hex0Stop::limit_descriptors: return "limit-descriptors";
    case Hex0Stop::limit_processes: return "limit-processes";
    case Hex0Stop::limit_instructions: return "limit-instructions";
    case Hex0Stop::limit_programs: return "limit-programs";
    case Hex0Stop::limit_console: return "limit-console";
    case Hex0Stop::limit_file_memory: return "limit-file-memory";
    case Hex0Stop::cancelled: return "cancelled";
  }
  return "unknown";
}

}  // namespace assay::machine

// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The hermetic machine: runs a static ELF program, and every program it starts, on a file tree in
// memory. It knows nothing about bootstrapping. A guest reaches nothing of the host: no files, no
// clock, no environment, no randomness; the same request on the same tree gives the same result.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/memory_tree.h"
#include "core/result.h"

namespace assay::machine {

/// Where a run is stopped, each with its own Stop. Zero never means "unlimited".
struct Limits {
  std::uint64_t instructions = 1'000'000'000'000;        ///< all processes together
  std::uint64_t image_instructions = 1'000'000'000'000;  ///< one image, its own only
  std::uint64_t memory = std::uint64_t{1} << 30;         ///< bytes, one process (image + heap + stack)
  std::uint32_t processes = 100'000;                     ///< forks in one run
  std::uint32_t depth = 64;                              ///< forks inside forks
  std::uint32_t open_files = 1024;                       ///< descriptors of one process
  std::uint64_t file_bytes = std::uint64_t{1} << 30;     ///< one file
  std::uint64_t output_bytes = std::uint64_t{4} << 30;   ///< all writes of the run together
  /// Bytes of this machine's own memory, all together: what guests have and share, files they wrote, texts
  /// they printed, records of what they did. It is counted by what it costs, not by what a guest asked for.
  std::uint64_t host_memory = std::uint64_t{1} << 30;
};

enum class Stop {
  exited,               ///< `status` is the exit status
  memory_fault,         ///< the guest's SIGSEGV
  unknown_instruction,  ///< or an illegal one; `address` and `message` name it
  arithmetic_fault,     ///< division fault of x86
  breakpoint,           ///< ebreak, int3, brk, udf; or the observer's wish
  device_fault,         ///< of a machine without a kernel: a tape that is not there, or not open
  limit_instructions,
  limit_memory,
  limit_processes,
  limit_open_files,
  limit_output,
  cancelled,    ///< the request's stop token fired
  bad_program,  ///< not an ELF file of a known machine, or not executable
};

/// Stable name of a stop: "exited", "memory-fault", "unknown-instruction", "limit-memory", ...
std::string_view name_of(Stop stop);

class Observer;      // machine/observer.h
struct Isa;          // machine/isa/isa.h
struct Surrounding;  // machine/process/surrounding.h

/// Memory that somebody wants to see where a program stops.
struct MemoryWish {
  /// The address is in this register ("rsi"; "stack": the stack pointer); empty: `address` is it.
  std::string register_name;
  std::uint64_t address = 0;
  std::uint64_t size = 0;  ///< bytes, at most; fewer where no more can be read
};

struct SeenMemory {
  std::uint64_t address = 0;
  Bytes bytes;
};

/// The registers of an image where the machine stopped it.
struct StopState {
  const Isa* isa = nullptr;
  std::vector<std::uint64_t> registers;  ///< in the order of Isa::registers
  std::uint64_t flags = 0;               ///< kFlagCarry ... of machine/ir/ir.h
  std::uint64_t pc = 0;
  /// What a memory_fault could not access.
  std::optional<std::uint64_t> fault_address;
  std::vector<SeenMemory> memory;  ///< one for each of Request::dumps
};

/// One file that an image read or wrote.
struct FileUse {
  std::string path;                    ///< normal path in the tree
  std::shared_ptr<const Bytes> bytes;  ///< inputs: when opened; outputs: when the image ended
  std::uint32_t mode = 0;              ///< same moment
};

/// Something that no tree determines and that a program asked for: its process number, the name of the
/// system, time. What it does after that may be otherwise on a real kernel.
struct Reliance {
  std::string what;           ///< "process-number", "system-name", ...: docs/machine/linux.md has them all
  std::uint64_t address = 0;  ///< of the call
};

/// One program run: from execve (or the start) to its end. A forked child that never executes
/// anything of its own belongs to its parent's image.
struct ImageRecord {
  std::uint32_t index = 0;   ///< order of start
  std::uint32_t parent = 0;  ///< index of the image that forked it; itself for the first
  std::uint32_t depth = 0;   ///< 0 for the first program
  std::string program;       ///< normal path of the file executed
  std::shared_ptr<const Bytes> program_bytes;
  std::vector<std::string> argv;
  std::vector<std::string> env;
  std::string cwd;              ///< normal path at the start
  std::vector<FileUse> inputs;  ///< opened for reading, in order, each path once
  std::vector<FileUse>
      outputs;  ///< created, truncated or written, in order, each path once; removed ones left out
  std::vector<std::string> missing;  ///< paths whose opening failed, as written, each once
  Bytes standard_output;  ///< what this image itself wrote to descriptor 1 as inherited from the start
  Bytes standard_error;
  Stop stop = Stop::exited;
  int status = 0;
  bool replaced = false;            ///< its process goes on with another program: the next image to start
  std::uint64_t address = 0;        ///< of the instruction that stopped it
  std::string message;              ///< human text for every stop but `exited`
  StopState state;                  ///< for every stop but `exited`
  std::vector<Reliance> reliances;  ///< in order, each once
  std::uint64_t instructions = 0;
  std::uint64_t system_calls = 0;
  std::uint64_t peak_memory = 0;  ///< bytes
};

/// What an image does that need not run, because somebody knows: see Request::known.
struct KnownRun {
  int status = 0;  ///< it exits
  std::vector<FileUse> inputs;
  std::vector<FileUse> outputs;
  std::vector<std::string> missing;
  Bytes standard_output;
  Bytes standard_error;
  std::uint64_t instructions = 0;
  std::uint64_t system_calls = 0;
  std::uint64_t peak_memory = 0;
  /// What it leaves at each path that it changes, in order.
  std::vector<std::pair<std::string, NodeState>> changes;
  std::vector<Reliance> reliances = {};
};

/// What a program does depends on a value that nobody gave: no kernel, and no instruction.
struct UndefinedUse {
  std::uint64_t address = 0;  ///< of the instruction
  std::string what;           ///< "a branch", "the address of a store", "argument 1 of read"
  std::string origin;         ///< "register s4 at the start", "memory at 0x..."
};

/// What runs the instructions; results are the same.
enum class EngineKind : std::uint8_t {
  automatic,  ///< the translator where the host allows it, else the interpreter
  interpreter,
  translator,  ///< to x86-64; falls back to the interpreter where the host does not allow it
};

/// True if the translator works on this host.
bool translator_available();

/// Where a program's stack is. High: below 4 GiB, so negative as a signed 32-bit number (x86 kernels);
/// low: below 2 GiB. A program that compares addresses as signed numbers may behave differently. Kernel:
/// where Linux has it for the architecture, which for 64-bit ones is far above 4 GiB; a program that keeps
/// half of such an address does not get far there. The interpreter runs those.
enum class StackPlace : std::uint8_t { high, low, kernel };

/// The kernel that the guests see: a row of machine.cpp.
enum class Kernel : std::uint8_t { linux_kernel };
/// "linux".
std::string_view name_of(Kernel kernel);
std::optional<Kernel> find_kernel(std::string_view name);

/// A machine without a kernel, whose memory begins with the program: docs/machine/knight.md.
struct KnightMachine {
  unsigned word_bits = 32;        ///< of registers: 16, 32 or 64
  std::uint64_t memory = 16'384;  ///< bytes; Limits::memory bounds it
  /// Its two tapes, as paths seen from cwd. A tape is made when the program opens it for writing.
  std::string tape_01 = "tape_01";
  std::string tape_02 = "tape_02";
};

struct Request {
  std::string program;  ///< as a path seen from cwd
  std::vector<std::string> argv;
  std::vector<std::string> env;
  std::string cwd;  ///< normal path in the tree, "" for the root
  Bytes standard_input;
  std::uint32_t umask = 022;
  Limits limits;
  EngineKind engine = EngineKind::automatic;
  StackPlace stack = StackPlace::high;
  Kernel kernel = Kernel::linux_kernel;
  /// If there is one, it runs the program, on no kernel. It knows one engine and one surrounding, and does
  /// not tell uses of undefined values: its registers and memory begin as zeros.
  std::optional<KnightMachine> knight;
  /// What the kernel leaves open; must outlive the run. Null: the friendly one.
  const Surrounding* surrounding = nullptr;
  /// Called when an image starts or ends (its record is complete then). May be empty.
  std::function<void(const ImageRecord&)> on_start;
  std::function<void(const ImageRecord&)> on_end;
  /// Asked when an image is about to run its first instruction, after on_start. If it gives a value, the
  /// program does not run: it ends with that, and on_end is called as if it had. May be empty.
  std::function<std::optional<KnownRun>(const ImageRecord&)> known;
  /// Instructions allowed to an image, asked when it starts (its record has argv, program and cwd).
  /// Empty: Limits::image_instructions.
  std::function<std::uint64_t(const ImageRecord&)> budget;
  /// Fired from any thread (or from a callback) it ends the run soon with Stop::cancelled.
  std::stop_token cancel;
  /// Called after every system call with a line "read(3, 0x..., 1) = 1". Empty: not formatted at all.
  std::function<void(const ImageRecord&, std::string_view)> on_system_call;
  /// Told of each use of a value that nobody gave, once for an instruction. If it is not empty, programs run
  /// some hundred times slower, and `observer` is not asked. See machine/engine/definedness.h.
  std::function<void(const ImageRecord&, const UndefinedUse&)> on_undefined;
  /// What StopState::memory is to hold.
  std::vector<MemoryWish> dumps;
  /// Called with what a program writes to its standard output (or error) when it writes it. May be empty.
  std::function<void(ByteView bytes, bool is_error)> on_console;
  /// Sees instructions, at the price of speed; must outlive the run. See machine/observer.h.
  Observer* observer = nullptr;
};

struct Outcome {
  Stop stop = Stop::exited;
  int status = 0;  ///< exit status of the first program
  std::string message;
  std::uint32_t stopped_image = 0;  ///< index of the image that was running when the run stopped
  Bytes standard_output;            ///< of all programs, in order
  Bytes standard_error;
  std::vector<ImageRecord> images;  ///< in order of start
  /// Findings about the guest, which may go otherwise on a real kernel: "unknown-system-call 7 at 0x...".
  std::vector<std::string> findings;
  /// The same, where every kernel does alike.
  std::vector<std::string> notes;
  std::uint64_t instructions = 0;
  std::uint64_t system_calls = 0;
  std::uint64_t peak_memory = 0;  ///< largest process
};

/// Runs one program to its end on `tree`, which it may change. An error only when the request
/// itself cannot be met ("file-not-found" for the program); everything a guest does is an Outcome.
Result<Outcome> run(MemoryTree& tree, const Request& request);

}  // namespace assay::machine

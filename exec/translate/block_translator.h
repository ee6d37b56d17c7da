// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Makes x86-64 code of the host from a block of operations, one operation after the other, with the registers
// used most in registers of the host. Only for hosts that can run it.
#pragma once

#include <vector>

#include "exec/interpret/interpreter.h"
#include "exec/translate/code_memory.h"
#include "exec/translate/host_assembler.h"
#include "exec/translate/reach.h"

namespace assay::exec {

/// What translated code and its caller share. rbx points here.
struct Context {
  Registers registers;
  const void* const* starts = nullptr;  ///< code by address from the image's base
  std::uint64_t code_end = 0;           ///< addresses below may be code: the interpreter stores there
  std::uint64_t stack_bottom = 0;       ///< the lowest address of the stack
  const Operation* operation = nullptr;
  const void* resume = nullptr;
  std::uint64_t address = 0;
  std::uint64_t jumps = 0;
  Image* image = nullptr;
};

/// Why translated code comes back.
enum class Exit : unsigned {
  operation,  ///< `operation` is the interpreter's; then on at `resume`
  beyond,     ///< a block would touch more than the stack: it is to be asked at every access
  link,       ///< the jump `operation` has no goal yet; `resume`: the distance to set
  go,         ///< to `address`
  too_long,
  branch,  ///< within translated code: what a branch does if it jumps
};

constexpr std::int32_t field(std::size_t offset) { return static_cast<std::int32_t>(offset); }
inline constexpr HostRegister kContext = kRbx;
inline constexpr HostRegister kMemory = kRbp;
inline constexpr HostRegister kJumps = 13;

/// Conditions as x86 numbers them, in the order of Condition.
inline constexpr unsigned kCodes[] = {4, 5, 12, 13, 14, 15, 2, 3, 6, 7};
inline constexpr unsigned kNegative = 8;

class BlockTranslator {
 public:
  /// Code goes to `memory`, beginning with what enters and leaves translated code.
  BlockTranslator(Program& program, Image& image, const InstructionSet& set, CodeMemory& memory,
                  std::size_t starts);

  using Enter = unsigned (*)(Context* context, Byte* memory, const void* code);
  /// Returns why it came back: an Exit.
  [[nodiscard]] Enter enter() const { return enter_; }
  /// Code that goes to the address in rcx by Exit::go.
  [[nodiscard]] const void* go() const { return go_; }

  /// The image of the next run.
  void use(const Image& image) { image_ = &image; }

  /// The block's code, to be appended to the memory next; empty if it is too large. `ask_always`: at every
  /// access.
  const Bytes& translate_block(const Operation* start, bool ask_always);

 private:
  struct Late {
    std::size_t distance_at;
    const Operation* operation;
    Exit why;
    std::size_t resume;  ///< offset in the block's code
  };

  void make_entry();
  void make_run_loop();
  void load_holders(HostAssembler& as) const;
  void store_holders(HostAssembler& as) const;
  void jump_out(HostAssembler& as) const;
  /// Of what is in the memory, from the begin of the code that is to be appended next.
  [[nodiscard]] std::size_t distance_to(const Byte* at) const {
    return static_cast<std::size_t>(at - (memory_.start() + memory_.used()));
  }
  void translate(const Operation& o);
  void finish_late();
  void set_truth(Register reg, unsigned value);
  void divide(const Operation& o);
  std::vector<std::size_t> grow_heap();
  std::vector<std::size_t> put_byte(Register file);
  std::vector<std::size_t> get_byte(Register file);
  template <class S>
  std::vector<std::size_t> take(Register file, std::size_t stream);
  std::vector<std::size_t> fill_bytes(const Operation& o);
  void system_call(const Operation& o);
  void ask_loop(const Operation& o);
  void count_heat(const Operation& o);
  void count_entry(const Operation& o);
  void count(const std::uint32_t& times);
  std::size_t count_to(const std::uint32_t& times, std::uint32_t most);
  void ask(const Operation& o);
  void to_rdx(const Sum& sum, std::uint64_t more, const Loop& loop, std::vector<std::size_t>& unsure);

  [[nodiscard]] bool is_wide() const { return set_.word_bytes == 8; }
  [[nodiscard]] HostRegister holder(Register reg) const { return holders_[reg]; }
  /// Where a register's value is, loaded into `scratch` if nowhere yet.
  HostRegister value(Register reg, HostRegister scratch);
  HostRegister destination(Register reg) const { return holders_[reg] != kRsp ? holders_[reg] : kRax; }
  void written(Register reg, HostRegister from);
  void to_rax(Register reg);
  void add(Register reg, std::int32_t value_added);
  void two(Alu alu, const Operation& o);
  void leave_to(Exit why, const Operation& o, std::size_t distance_at, std::size_t resume = 0);
  [[nodiscard]] std::size_t jump_if(Condition condition) {
    return as_.jump_if(kCodes[static_cast<std::size_t>(condition)]);
  }
  /// From each of these jumps to where the operation goes if it cannot be done.
  void leave_to_target(const Operation& o, const std::vector<std::size_t>& jumps);
  /// From each of these jumps to the interpreter, and on behind what is written by now.
  void leave_to_interpreter(const Operation& o, const std::vector<std::size_t>& jumps);
  /// rax holds an address: checked, or the interpreter does the operation.
  std::vector<std::size_t> check(unsigned bytes, bool stores);
  std::size_t check_within(HostRegister from, std::int64_t offset, std::uint64_t bytes);
  std::size_t check_no_code(HostRegister address);
  std::size_t check_stack(HostRegister from, std::int64_t low = 0, std::int64_t bytes = 8);
  void ask_for_windows(const Operation& start);
  /// Where [rbp + index + offset] is what an operation touches at register `reg` + `offset`.
  struct Place {
    HostRegister index;
    std::int32_t offset;
  };
  Place place(Register reg, std::int64_t offset);
  /// The same, asked if need be: `slow` gets the jumps to take otherwise.
  Place asked(const Operation& o, unsigned bytes, bool stores, std::vector<std::size_t>& slow);
  /// Of a push, pop or call: the address is register `reg` + `offset`.
  Place asked_stack(Register reg, std::int32_t offset, std::vector<std::size_t>& slow);
  void load(const Operation& o);
  void look_ahead(HostRegister at, std::int32_t offset);
  void store(const Operation& o);
  void count_jump(const Operation& o);
  void link(const Operation& o);        ///< goes to a goal that never changes
  void go_to_goal(const Operation& o);  ///< the same, counted
  void go_to(const Operation& o);       ///< rcx holds an address

  Program& program_;
  const Image* image_;
  const InstructionSet& set_;
  CodeMemory& memory_;
  std::size_t starts_;                              ///< bytes of the image: addresses where code may start
  std::array<HostRegister, kRegisters> holders_{};  ///< kRsp: none
  HostAssembler as_;
  std::vector<Late> late_;
  Reaches reaches_;  ///< of the block
  Reach reach_;      ///< of the operation
  Enter enter_ = nullptr;
  const Byte* exit_ = nullptr;
  const Byte* run_loop_ = nullptr;  ///< has the loop done that rax points to, and returns
  const void* go_ = nullptr;
};

}  // namespace assay::exec

// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "exec/interpret/trace_recorder.h"

#include <algorithm>
#include <array>

#include "exec/trace/ways.h"

namespace assay::exec {
namespace {

constexpr std::size_t kMostSteps = 400;
constexpr std::size_t kFewestSteps = 12;  // of a way that does not come round
constexpr unsigned kMostTries = 3;

/// A loop is recorded a few times at most.
void give_up(Program::Heat& heat, const Operation* head) {
  heat.times = 0;
  heat.go = ++heat.failed == kMostTries ? head : nullptr;
}

class Recorder {
 public:
  Recorder(const Operation& heat, Program& program, Image& image, const InstructionSet& set,
           Registers& registers, std::uint64_t& jumps, const SystemCall& system_call)
      : heat_(heat),
        program_(program),
        image_(image),
        set_(set),
        registers_(registers),
        jumps_(jumps),
        system_call_(system_call) {}

  Recording run();

 private:
  bool step(const Operation& o);
  bool branch(const Operation& o, Path::Step& step);
  bool go(std::uint64_t address);
  bool jump(const Operation& o);
  void note_return(std::uint64_t to) {
    if (!left_ && std::find(returns_.begin(), returns_.end(), to) == returns_.end())
      left_ = path_.steps.size();
  }
  bool execute(std::initializer_list<Operation> operations);
  [[nodiscard]] std::uint64_t word(std::uint64_t value) const {
    return set_.word_bytes == 8 ? value : static_cast<std::uint32_t>(value);
  }
  bool push_return(const Operation& call) {
    return execute({{.op = Op::set, .d = kNowhere, .immediate = static_cast<std::int64_t>(call.extra)},
                    {.op = Op::push, .a = call.a, .b = kNowhere, .immediate = set_.word_bytes}});
  }

  const Operation& heat_;
  Program& program_;
  Image& image_;
  const InstructionSet& set_;
  Registers& registers_;
  std::uint64_t& jumps_;
  const SystemCall& system_call_;
  Path path_;
  std::vector<std::uint64_t> seen_;
  Recording result_;
  bool round_ = false;
  std::vector<std::uint64_t> returns_;  ///< where what was called may return to
  /// Where the program first left what it was in when the recording began.
  std::optional<std::size_t> left_;
};

/// False if the program halted.
bool Recorder::execute(std::initializer_list<Operation> operations) {
  std::array<Operation, 3> list{};
  Operation* next = list.data();
  for (const Operation& one : operations) go_alone(*next++ = one);
  go_alone(*next = {.op = Op::pause});
  const Halted halted = interpret_from(list.data(), program_, image_, set_, registers_, 1, system_call_);
  if (halted.why == Halt::paused) return true;
  result_.halted = halted;
  return false;
}

/// On at an address; false if the recording ends there.
bool Recorder::go(std::uint64_t address) {
  --jumps_;
  result_.next = program_.at(address);
  if (result_.next == nullptr) {
    result_.halted = {Halt::bad_jump, address};
    return false;
  }
  round_ = address == path_.address;
  const bool again = std::find(seen_.begin(), seen_.end(), address) != seen_.end();
  seen_.push_back(address);
  return !again;
}

/// By a jump or branch. Of a loop that can be filled, only the last time round is gone step by step.
bool Recorder::jump(const Operation& o) {
  const auto address = static_cast<std::uint64_t>(o.immediate);
  const Operation* const goal = o.back && address != path_.address ? program_.goal(o) : nullptr;
  const auto go_there = [&] {
    if (go(address)) return true;
    // Another loop, which may have a trace of its own.
    if (goal != nullptr && !result_.halted) result_.next = program_.head(address);
    return false;
  };
  if (goal == nullptr || goal->op != Op::fill) return go_there();
  const Loop& loop = program_.loop(goal->extra);
  constexpr std::uint64_t kFewest = 2;
  if (!loop.is_simple() || !run_loop(loop, image_, registers_, kFewest)) return go_there();
  path_.steps.push_back({.operation = goal, .loop = &loop});
  --jumps_;
  result_.next = program_.at(address);
  return true;
}

bool Recorder::branch(const Operation& o, Path::Step& step) {
  Operation asked[] = {o, {.op = Op::set, .d = kNowhere}, {.op = Op::pause}};
  Operation jumped[] = {{.op = Op::set, .d = kNowhere, .immediate = 1}, {.op = Op::pause}};
  asked[0].target = jumped;
  for (Operation& one : asked) go_alone(one);
  for (Operation& one : jumped) go_alone(one);
  (void)interpret_from(asked, program_, image_, set_, registers_, 1, system_call_);
  step.jumped = registers_[kNowhere] != 0;
  if (step.jumped) {
    step.other = &o + 1;
  } else {
    step.other = o.target != nullptr ? program_.at(static_cast<std::uint64_t>(o.immediate)) : &o;
  }
  path_.steps.push_back(step);
  result_.next = &o + 1;
  return !step.jumped || jump(o);
}

/// Does one operation. False: the recording ends before it or behind it, where `next` is.
bool Recorder::step(const Operation& o) {
  Path::Step step{.operation = &o};
  switch (o.op) {
    case Op::branch:
    case Op::test: return branch(o, step);
    case Op::jump: path_.steps.push_back(step); return jump(o);
    case Op::call:
      path_.steps.push_back(step);
      returns_.push_back(o.extra);
      return push_return(o) && go(static_cast<std::uint64_t>(o.immediate));
    case Op::call_register:
      step.to = word(registers_[o.b]);
      path_.steps.push_back(step);
      returns_.push_back(o.extra);
      return push_return(o) && go(step.to);
    case Op::leave:
      if (!execute({{.op = Op::pop, .d = kNowhere, .a = o.a, .immediate = set_.word_bytes}})) return false;
      step.to = registers_[kNowhere];
      note_return(step.to);
      path_.steps.push_back(step);
      return go(step.to);
    case Op::jump_register:
      step.to = word(registers_[o.a] + static_cast<std::uint64_t>(o.immediate));
      note_return(step.to);
      path_.steps.push_back(step);
      return go(step.to);
    case Op::system_call:
      if (const std::uint64_t number = registers_[set_.calls.number];
          number != set_.calls.brk && number != set_.calls.read && number != set_.calls.write)
        return false;
      path_.steps.push_back(step);
      result_.next = &o + 1;
      return execute({o});
    case Op::fill:
    case Op::heat:
    case Op::expect:
    case Op::pause:
    case Op::watch:
    case Op::unknown:
    case Op::x87:
    case Op::insert_byte: return false;
    default:
      if (is_wide(o.op)) return false;
      if (o.op == Op::set) returns_.push_back(static_cast<std::uint64_t>(o.immediate));
      path_.steps.push_back(step);
      result_.next = &o + 1;
      return execute({o});
  }
}

Recording Recorder::run() {
  path_.head = result_.next = heat_.target;
  path_.address = static_cast<std::uint64_t>(heat_.immediate);
  path_.heat = heat_.extra;
  seen_.push_back(path_.address);
  const std::uint64_t stack = registers_[set_.in_stack[0]];
  const auto is_on_stack = [this](std::uint64_t at) { return at - image_.stack_bottom() < kStackBytes; };
  for (std::size_t index = 0; index < set_.in_stack.size(); ++index) {
    const std::uint64_t at = registers_[set_.in_stack[index]];
    if (is_on_stack(stack) && is_on_stack(at)) path_.distances[index] = static_cast<std::int64_t>(at - stack);
  }
  while (jumps_ > 1 && path_.steps.size() < kMostSteps && step(*result_.next)) {
  }
  Program::Heat& heat = program_.heat(heat_.extra);
  heat.times = 0;
  if (!round_ && !result_.halted) {
    path_.end = left_ ? path_.steps[*left_].operation : result_.next;
    if (left_) path_.steps.resize(*left_);
  }
  if (round_ || (path_.end != nullptr && path_.steps.size() >= kFewestSteps))
    heat.go = program_.trace(std::move(path_));
  if (heat.go == nullptr) give_up(heat, heat_.target);
  return result_;
}

}  // namespace

bool is_of_use(const Operation& enter, Program& program) {
  Program::Heat& heat = program.heat(enter.extra);
  const bool useful = heat.rounds >= static_cast<std::uint64_t>(enter.immediate);
  heat.entered = heat.rounds = 0;
  if (!useful) give_up(heat, enter.target);
  return useful;
}

Recording record(const Operation& heat, Program& program, Image& image, const InstructionSet& set,
                 Registers& registers, std::uint64_t& jumps, const SystemCall& system_call) {
  return Recorder(heat, program, image, set, registers, jumps, system_call).run();
}

}  // namespace assay::exec

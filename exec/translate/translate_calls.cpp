// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Translating what programs ask the system for most often: memory, and single bytes of files.
#include "exec/translate/block_translator.h"

#if defined(__x86_64__)

namespace assay::exec {

/// To what rdx holds; these jump if it cannot.
std::vector<std::size_t> BlockTranslator::grow_heap() {
  std::vector<std::size_t> cannot;
  const auto compare = [&](std::size_t with, Condition condition) {
    as_.load_field(kRcx, kContext, field(with));
    as_.registers(0x39, kRcx, kRdx, true);  // cmp rdx, rcx
    cannot.push_back(jump_if(condition));
  };
  constexpr std::size_t kRegistersAt = offsetof(Context, registers);
  compare(kRegistersAt + offsetof(Registers, heap), Condition::below);
  compare(kRegistersAt + offsetof(Registers, heap_most), Condition::above);
  as_.store_field(kContext, field(kRegistersAt + offsetof(Registers, heap)), kRdx);
  return cannot;
}

/// rax gets the place of a stream's next byte; these jump if it is not that file's, or there is none.
template <class S>
std::vector<std::size_t> BlockTranslator::take(Register file, std::size_t stream) {
  std::vector<std::size_t> cannot;
  const HostRegister number = value(file, kRax);
  as_.load_field(kRcx, kContext, field(offsetof(Context, registers) + stream));
  const auto compare = [&](HostRegister with, std::size_t at) {
    as_.rex(true, with, 0, kRcx);  // cmp [rcx + at], with
    as_.byte(0x39);
    as_.byte(0x40 | (with & 7) << 3 | kRcx);
    as_.byte(static_cast<unsigned>(at));
  };
  compare(number, offsetof(S, file));
  cannot.push_back(jump_if(Condition::not_equal));
  as_.load_field(kRax, kRcx, field(offsetof(S, next)));
  compare(kRax, offsetof(S, end));
  cannot.push_back(jump_if(Condition::equal));
  for (const unsigned byte : {0x48U, 0xffU, 0x41U}) as_.byte(byte);  // inc qword [rcx + next]
  as_.byte(static_cast<unsigned>(offsetof(S, next)));
  return cannot;
}

/// What dl holds, to the stream of a file.
std::vector<std::size_t> BlockTranslator::put_byte(Register file) {
  std::vector<std::size_t> cannot = take<Output>(file, offsetof(Registers, output));
  for (const unsigned byte : {0x88U, 0x10U}) as_.byte(byte);  // mov [rax], dl
  return cannot;
}

/// eax = the next byte of a file.
std::vector<std::size_t> BlockTranslator::get_byte(Register file) {
  std::vector<std::size_t> cannot = take<Input>(file, offsetof(Registers, input));
  for (const unsigned byte : {0x0fU, 0xb6U, 0x00U}) as_.byte(byte);  // movzx eax, byte [rax]
  return cannot;
}

/// The calls that programs make most often, done here.
void BlockTranslator::system_call(const Operation& o) {
  const auto& words = set_.calls.words;
  const auto unless = [&](Register reg, std::uint64_t is) {
    as_.alu_constant(Alu::compare, value(reg, kRax), static_cast<std::int32_t>(is));
    return jump_if(Condition::not_equal);
  };
  const std::size_t no_break = unless(set_.calls.number, set_.calls.brk);
  as_.move_all(kRdx, value(words[0], kRdx));
  std::vector<std::size_t> others = grow_heap();
  written(set_.calls.result, kRdx);
  const std::size_t done = as_.jump();
  const auto leave_too = [&](const std::vector<std::size_t>& jumps) {
    others.insert(others.end(), jumps.begin(), jumps.end());
  };
  as_.land(no_break);
  others.push_back(unless(words[2], 1));
  as_.move_all(kRdx, value(words[1], kRdx));
  const std::size_t no_write = unless(set_.calls.number, set_.calls.write);
  others.push_back(check_within(kRdx, 0, 1));
  as_.access(kRdx, 0xb6, true, false, false, false, kRdx, 0);
  leave_too(put_byte(words[0]));
  const std::size_t written_one = as_.jump();
  as_.land(no_write);
  others.push_back(unless(set_.calls.number, set_.calls.read));
  others.push_back(check_within(kRdx, 0, 1));
  others.push_back(check_no_code(kRdx));
  leave_too(get_byte(words[0]));
  as_.access(kRax, 0x88, false, false, false, true, kRdx, 0);
  as_.land(written_one);
  as_.set(kRdx, 1);
  written(set_.calls.result, kRdx);
  as_.land(done);
  leave_to_interpreter(o, others);
}

}  // namespace assay::exec

#endif

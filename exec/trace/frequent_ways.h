// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the programs of a bootstrap do most often, counted over the chains of all five architectures: these
// ways follow each other so often that they are done as one.
#pragma once

#include <array>

#include "exec/trace/way.h"

namespace assay::exec {

inline constexpr std::size_t kMostTogether = 4;

constexpr auto frequent_ways(bool wide) {
  using enum Op;
  using enum Source;
  const Op load = word_load(wide ? 8 : 4);
  const Op store = word_store(wide ? 8 : 4);
  constexpr unsigned plain = 0;
  constexpr unsigned sure = 1;
  const auto to_stack = [](Op op, Source a = memory) { return Way{op, plain, a, memory, true}; };
  constexpr auto equal = static_cast<unsigned>(Condition::equal);
  constexpr auto not_equal = static_cast<unsigned>(Condition::not_equal);
  constexpr auto less = static_cast<unsigned>(Condition::less);
  constexpr auto greater_equal = static_cast<unsigned>(Condition::greater_equal);
  constexpr auto above_equal = static_cast<unsigned>(Condition::above_equal);
  constexpr auto below_equal = static_cast<unsigned>(Condition::below_equal);
  return std::to_array<std::array<Way, kMostTogether>>({
      {{to_stack(add_constant, stack), {store, plain, stack}, {store, plain, stack}, {store, plain, stack}}},
      {{{add_constant, plain, stack}, to_stack(add_constant, stack), {round}}},
      {{{add_constant, plain, stack}, {store, sure, stack, last}}},
      {{{add_constant, plain, stack},
        {store, sure, stack, last},
        {add_constant, plain, stack},
        {store, sure, stack, last}}},
      {{{add_constant, plain, stack}, {store, sure, stack, last}, {set}, {store, sure, stack, last}}},
      {{{add_constant}, {branch, equal, last}, {move, plain, last}, {round}}},
      {{{add_constant}, {branch, greater_equal, memory, last}, {ask_write}, {store_byte, sure}}},
      {{{add_constant}, {round}}},
      {{{add_constant}, {set_aside, plain, stack, last}, {load}}},
      {{{add_constant}, {set}, {jump}}},
      {{{add_constant}, {store, plain, last}}},
      {{{add}, {ask_read, plain, last}, {load_byte_signed, sure, last}, {branch, equal, memory, last}}},
      {{{add}, {ask_write, plain, last}, {store_byte, sure, last}}},
      {{{and_constant, plain, last}, {put_byte}, {store, sure, stack}}},
      {{{ask_read, plain, last}, {load, sure, last}, {compare, equal, memory, last}, {compare, equal}}},
      {{{ask_read}, {load, sure}, {branch, equal, last}, {load, sure}}},
      {{{ask_read}, {load, sure}, {branch, equal, memory, last}}},
      {{{ask_read}, {load, sure}, {branch, equal, memory, last}, {load, sure}}},
      {{{ask_read}, {load, sure}, {compare, equal}, {compare, equal}}},
      {{{ask_read}, {load_byte, sure}}},
      {{{ask_read}, {load_byte, sure}, {branch, equal, memory, last}}},
      {{{ask_read}, {load_byte, sure}, {subtract, plain, last}, {branch, above_equal, memory, last}}},
      {{{ask_read}, {load_byte_signed, sure}}},
      {{{ask_read}, {load_byte_signed, sure}, {branch, equal, memory, last}}},
      {{{ask_read}, {load_byte_signed, sure}, {subtract, plain, last}, {branch, above_equal, memory, last}}},
      {{{ask_word}, {load, sure, stack}, {ask_word}}},
      {{{ask_write}, {store, sure, memory, last}, {load, sure}}},
      {{{ask_write}, {store, sure, memory, last}, {load, sure}, {branch, equal, memory, last}}},
      {{{bit_and, plain, last}, {branch, not_equal, last}, {branch, equal}, {branch, equal}}},
      {{{bit_and, plain, memory, last}, {branch, not_equal, last}, {branch, equal}, {branch, equal}}},
      {{{branch, above_equal, memory, last}, {subtract, plain, last}, {branch, equal, last}}},
      {{{branch, above_equal}, {ask_read}, {load, sure}}},
      {{{branch, equal, memory, last}, {add_constant}, {round}}},
      {{{branch, equal}, {ask_read}, {load, sure}}},
      {{{branch, greater_equal, memory, last}, {grow_heap}, {ask_write}, {store, sure, memory, last}}},
      {{{compare, equal, last}, {move}, {bit_and, plain, last}, {branch, equal, last}}},
      {{{compare, less, last},
        {xor_constant, plain, last},
        {bit_and, plain, memory, last},
        {branch, not_equal, last}}},
      {{{enter}, {ask_stack}, {ask_equal}}},
      {{{enter}, {ask_stack}, {ask_equal}, {ask_equal}}},
      {{{enter}, {ask_stack}, {ask_equal}, {load, sure, stack}}},
      {{{load, plain, last}, {store, plain, memory, last}, {jump}}},
      {{{load, plain, stack}, {load, plain, stack}, {load, plain, stack}, to_stack(add_constant, stack)}},
      {{{load, sure, stack}, {load, sure, stack}}},
      {{{load, sure, stack}, {load, sure, stack}, {load, sure, stack}}},
      {{{load, sure}, {add_constant, plain, last}}},
      {{{load, sure}, {store, sure, stack}, {store, sure, stack}}},
      {{{load, sure}, {store, sure, stack}, {store, sure, stack}, {round}}},
      {{{load_byte_signed, plain, last}, {move}}},
      {{{load_byte_signed, plain, last}, {move}, {test, equal, last}, {set}}},
      {{{load_byte_signed, plain, last}, {set_aside, plain, stack, last}, {load}}},
      {{{load}, to_stack(add_constant), {jump_register}}},
      {{{load}, {add_constant, plain, last}, {set_aside, plain, stack, last}, {load}}},
      {{{load}, to_stack(move), {leave, plain, stack}}},
      {{{load}, {push, plain, stack, last}, {move}, {call, plain, stack}}},
      {{{load}, {push, plain, stack, last}, {set}, {push, plain, stack, last}}},
      {{{load}, {set_aside, plain, stack, last}, {add_constant, plain, last}}},
      {{{load}, {set_aside, plain, stack, last}, {load}}},
      {{{load}, {set_aside, plain, stack, last}, {load}, {add, plain, last}}},
      {{{load}, {set_aside, plain, stack, last}, {load}, {add, plain, memory, last}}},
      {{{load}, {set_aside, plain, stack, last}, {set}}},
      {{{load}, {set}, {load}, {push, plain, stack, last}}},
      {{to_stack(move), {pop, plain, stack}, {pop, plain, stack}, {pop, plain, stack}}},
      {{{move}, {call, plain, stack}}},
      {{{move}, {load, plain, last}}},
      {{{move}, {round}}},
      {{{move}, {set}, {load}, {push, plain, stack, last}}},
      {{{move}, {set}, {round}}},
      {{{move}, {set}, {set}, {jump}}},
      {{{pop, plain, stack}, {pop, plain, stack}, {pop, plain, stack}}},
      {{{pop, plain, stack}, {pop, plain, stack}, {pop, plain, stack}, {pop, plain, stack}}},
      {{{pop, plain, stack}, {store, plain, last}}},
      {{{push, plain, stack, last}, {push, plain, stack}, {push, plain, stack}, {move, plain, stack}}},
      {{{push, plain, stack, last}, {set}, {push, plain, stack, last}}},
      {{{push, plain, stack}, {push, plain, stack}, {push, plain, stack}, {move, plain, stack}}},
      {{{push, plain, stack}, {push, plain, stack}, {push, plain, stack}, {push, plain, stack}}},
      {{{set_aside, plain, stack, last}, {add_constant, plain, last}, {move}, {store, plain, last}}},
      {{{set_aside, plain, stack, last}, {load}, {add, plain, last}}},
      {{{set_aside, plain, stack, last}, {load}, {add, plain, memory, last}}},
      {{{set_aside, plain, stack, last}, {load}, {store_byte, plain, memory, last}}},
      {{{set_aside, plain, stack, last}, {move}, {load, plain, last}}},
      {{{set_aside, plain, stack, last}, {move}, {load, plain, last}, {move}}},
      {{{set_aside, plain, stack, last}, {move}, {set}, {load}}},
      {{{set_aside, plain, stack, last}, {set}, {store, plain, memory, last}}},
      {{{set}, {add_constant, plain, stack}, to_stack(add_constant, stack), {round}}},
      {{{set}, {add_constant, plain, stack}, {add_constant, plain, stack}}},
      {{{set}, {compare, equal, last}, {load, sure}, {set}}},
      {{{set}, {push, plain, stack, last}}},
      {{{set}, {set_aside, plain, stack, last}, {add_constant, plain, last}}},
      {{{set}, {set_aside, plain, stack, last}, {add_constant, plain, last}, {move, plain, last}}},
      {{{set}, {set_aside, plain, stack, last}, {load}}},
      {{{set}, {set_aside, plain, stack, last}, {load}, {compare, equal, memory, last}}},
      {{{set}, {set_aside, plain, stack, last}, {load}, {subtract, plain, last}}},
      {{{set}, {set_aside, plain, stack, last}, {load}, {test, below_equal, memory, last}}},
      {{{set}, {set_aside, plain, stack, last}, {load}, {test, greater_equal, memory, last}}},
      {{{set}, {set_aside, plain, stack, last}, {load}, {test, not_equal, memory, last}}},
      {{{set}, {set}}},
      {{{set}, {set}, {add_constant, plain, stack}}},
      {{{set}, {set}, {jump}}},
      {{{set}, {store, sure, stack, last}}},
      {{{set}, {store, sure, stack, last}, {set}, {store, sure, stack, last}}},
      {{{sign_byte}, {ask_write}, {store_byte, sure, memory, last}}},
      {{{store, sure, stack}, {add_constant, plain, stack}, {store, sure, stack, last}}},
      {{{store, sure, stack}, {add_constant}, {store, sure, stack, last}}},
      {{{store, sure, stack}, {move, plain, last}, {round}}},
      {{{store, sure, stack}, {set}, {store, sure, stack, last}}},
      {{{store, sure, stack},
        {store, sure, stack},
        {add_constant, plain, stack},
        {store, sure, stack, last}}},
      {{{store, sure, stack}, {store, sure, stack}, {add_constant}, {round}}},
      {{{store, sure, stack}, {store, sure, stack}, {set}, {store, sure, stack, last}}},
      {{{store, sure, stack}, {store, sure, stack}, {store, sure, stack}}},
      {{{store, sure, stack}, {store, sure, stack}, {store, sure, stack}, {store, sure, stack}}},
  });
}

}  // namespace assay::exec

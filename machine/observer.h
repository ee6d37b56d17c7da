// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Looking at a run instruction by instruction. While an Observer wants to see an image, the runner runs it
// with the Stepper (stepper.h) instead of an engine; results and counts are the same, only slower.
// Without one nothing is different. A run is deterministic, so what happened before a stop can be looked
// at afterwards: run again, unobserved up to a few instructions before it.
#pragma once

#include <cstdint>

#include "core/bytes.h"

namespace assay::machine {

struct Cpu;
struct ImageRecord;
struct Isa;

/// One guest instruction of the image with that index.
struct Instruction {
  std::uint32_t image = 0;
  const Isa& isa;
  const Cpu& cpu;  ///< as it is when the observer is asked
  std::uint64_t pc = 0;
  /// As they were before it ran; more than its own if it is unknown, none if nothing executable is there.
  ByteView bytes;
};

class Observer {
 public:
  virtual ~Observer() = default;
  /// How many more instructions the image may run unobserved; asked again and again. 0: observe it.
  virtual std::uint64_t unobserved(const ImageRecord& image) = 0;
  /// The instruction is about to run. False ends the run before it, with Stop::breakpoint.
  virtual bool before(const Instruction& instruction) = 0;
  /// It is done, and counted. A system call has yet to be served.
  virtual void after(const Instruction& instruction) = 0;
};

}  // namespace assay::machine

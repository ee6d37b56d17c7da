// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Programs that have run, with what was made of them, for their next run: in a chain, the same few compilers
// run again and again. What comes out of a run does not depend on it.
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "exec/translate/translator.h"

namespace assay::exec {

/// A program made ready to run.
struct Kept {
  Kept(ByteView file, Image& image, const InstructionSet& set)
      : bytes(file.begin(), file.end()), has_low_stack(image.stack_top() == kTop), program(image, set) {}
  Bytes bytes;  ///< the file's
  bool has_low_stack;
  Program program;
  std::unique_ptr<Translation> translation;
};

/// Any thread may take and give. Who has taken a program has it alone.
class KeptPrograms {
 public:
  /// Null if there is none.
  std::unique_ptr<Kept> take(ByteView file, bool has_low_stack);
  /// Those not taken for the longest time go when there are too many, and those that have become too large.
  void give(std::unique_ptr<Kept> kept);

 private:
  std::mutex mutex_;
  std::vector<std::unique_ptr<Kept>> kept_;  ///< the one used last is the last
};

}  // namespace assay::exec

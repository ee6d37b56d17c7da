// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "exec/decode/arm_reader.h"

namespace assay::exec {

Block ArmReader::read() {
  const std::uint64_t begin = at_;
  while (!done_ && (block_.size() < kMostOperations || (block_.size() < kMostForFlags && flags_.known()))) {
    const bool whole = at_ + 4 <= image_.end() && at_ % 4 == 0;
    if (whole) code_ = image_.load<std::uint32_t>(at_);
    const bool is_read = whole && one();
    if (!is_read) {
      block_.emit({.op = Op::unknown,
                   .extra = flags_.asked_in_vain() ? 1U : 0U,
                   .immediate = static_cast<std::int64_t>(at_)});
      done_ = true;
    }
    // What cannot be read behind others may be data.
    if (is_read || at_ == begin) image_.mark_code(at_, 4);
    at_ = next_ != 0 ? next_ : at_ + 4;
    next_ = 0;
  }
  if (!done_) {
    flags_.save(at_);
    block_.jump(at_);
  }
  return block_.finish();
}

void ArmReader::go_to(std::uint64_t target) {
  flags_.save(at_);
  next_ = block_.go_to(at_, target, image_.joins_end());
  done_ = next_ == 0;
}

}  // namespace assay::exec

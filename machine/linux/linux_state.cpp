// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "machine/linux/linux_state.h"

namespace assay::machine {

FileStatus& LinuxState::status(const std::shared_ptr<Node>& node) {
  FileStatus& status = files_[node.get()];
  if (status.inode == 0) {
    status.node = node;
    status.inode = next_inode_++;
    status.accessed = status.modified = status.changed = kStart;
  }
  return status;
}

void LinuxState::written(const std::shared_ptr<Node>& node) {
  if (last_ == node.get()) return;
  FileStatus& of = status(node);
  now_ += kSecond;
  last_ = node.get();
  of.modified = of.changed = now_;
  if (of.accessed == kStart) of.accessed = now_;
}

void LinuxState::changed(const std::shared_ptr<Node>& node) {
  FileStatus& of = status(node);
  now_ += kQuestion;
  last_ = nullptr;
  of.changed = now_;
}

}  // namespace assay::machine

// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "machine/engine/code_buffer.h"

#include <sys/mman.h>
#include <unistd.h>

namespace assay::machine {

std::unique_ptr<CodeBuffer> CodeBuffer::create(std::size_t size) {
#if defined(__linux__)
  const int file = memfd_create("assay-code", MFD_CLOEXEC);
  if (file < 0) return nullptr;
  std::unique_ptr<CodeBuffer> buffer;
  if (ftruncate(file, static_cast<off_t>(size)) == 0) {
    void* const writable = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    void* const executable = mmap(nullptr, size, PROT_READ | PROT_EXEC, MAP_SHARED, file, 0);
    if (writable != MAP_FAILED && executable != MAP_FAILED) {
      buffer.reset(new CodeBuffer);
      buffer->writable_ = static_cast<Byte*>(writable);
      buffer->executable_ = static_cast<Byte*>(executable);
      buffer->size_ = size;
    } else {
      if (writable != MAP_FAILED) munmap(writable, size);
      if (executable != MAP_FAILED) munmap(executable, size);
    }
  }
  close(file);
  return buffer;
#else
  (void)size;
  return nullptr;
#endif
}

CodeBuffer::~CodeBuffer() {
  munmap(writable_, size_);
  munmap(executable_, size_);
}

}  // namespace assay::machine

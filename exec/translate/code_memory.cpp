// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "exec/translate/code_memory.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstring>

namespace assay::exec {

std::unique_ptr<CodeMemory> CodeMemory::make(std::size_t bytes) {
  const int file = ::memfd_create("assay-exec", MFD_CLOEXEC);
  if (file < 0) return nullptr;
  void* write = MAP_FAILED;
  void* run = MAP_FAILED;
  if (::ftruncate(file, static_cast<off_t>(bytes)) == 0) {
    write = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    run = ::mmap(nullptr, bytes, PROT_READ | PROT_EXEC, MAP_SHARED, file, 0);
  }
  ::close(file);
  if (write != MAP_FAILED && run != MAP_FAILED)
    return std::unique_ptr<CodeMemory>(
        new CodeMemory(static_cast<Byte*>(write), static_cast<Byte*>(run), bytes));
  if (write != MAP_FAILED) ::munmap(write, bytes);
  if (run != MAP_FAILED) ::munmap(run, bytes);
  return nullptr;
}

CodeMemory::~CodeMemory() {
  ::munmap(write_, size_);
  ::munmap(run_, size_);
}

const Byte* CodeMemory::append(ByteView code) {
  std::memcpy(write_ + used_, code.data(), code.size());
  const Byte* const at = run_ + used_;
  used_ += code.size();
  return at;
}

std::uint32_t CodeMemory::number(const Byte* at) const {
  std::uint32_t value = 0;
  std::memcpy(&value, at, sizeof value);
  return value;
}

void CodeMemory::patch(const Byte* at, std::uint32_t value) {
  std::memcpy(write_ + (at - run_), &value, sizeof value);
}

}  // namespace assay::exec

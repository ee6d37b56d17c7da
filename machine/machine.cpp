// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The kernels that a program can run on, and running one.
#include "machine/machine.h"

#include "machine/knight/knight.h"
#include "machine/linux/linux.h"

namespace assay::machine {
namespace {

struct Row {
  Kernel kernel;
  std::string_view name;
  std::unique_ptr<Personality> (*make)();
};

template <class T>
std::unique_ptr<Personality> make() {
  return std::make_unique<T>();
}

constexpr Row kRows[] = {{Kernel::linux_kernel, "linux", make<Linux>}};

std::unique_ptr<Personality> make_personality(Kernel kernel) {
  for (const Row& row : kRows) {
    if (row.kernel == kernel) return row.make();
  }
  return std::make_unique<Linux>();
}

}  // namespace

Result<Outcome> run(MemoryTree& tree, const Request& request) {
  if (request.knight) return run_knight(tree, request);
  return Runner(tree, request, make_personality(request.kernel)).run();
}

std::string_view name_of(Kernel kernel) {
  for (const Row& row : kRows) {
    if (row.kernel == kernel) return row.name;
  }
  return "unknown";
}

std::optional<Kernel> find_kernel(std::string_view name) {
  for (const Row& row : kRows) {
    if (row.name == name) return row.kernel;
  }
  return std::nullopt;
}

}  // namespace assay::machine

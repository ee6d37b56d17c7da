// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The cross road: a port's programs that are written in C need not run on the port's machine to be predicted.
// The same sources, compiled for a machine that exec/ runs, compute the same outputs. Nothing of what the
// port's own compiler wrote is used: our cc for that machine compiles the port's M2-Planet, and that one
// everything else.
//
// What is taken from the port is what its programs were built of, as its commands said; the C library's files
// for its machine are replaced by those for ours, which lie in the same M2libc.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "bootstrap/chain/chain.h"
#include "core/memory_tree.h"
#include "exec/kept.h"
#include "exec/run.h"

namespace assay::bootstrap {

/// How a program was built, in C: by which compiler, of which files.
struct Recipe {
  /// Normal paths in the order of the command.
  std::vector<std::string> sources;
  bool bootstraps = false;  ///< with the small C library
  /// How M2-Planet, which compiled it, was built; null: cc compiled it.
  std::shared_ptr<const Recipe> compiler;
};

/// What each file is, if it is a program of C or on the way to one.
class Recipes {
 public:
  /// A command has made its outputs of its inputs.
  void note(const Command& command);
  /// Null: the file is none of these.
  [[nodiscard]] std::shared_ptr<const Recipe> find(const std::string& path) const;

 private:
  std::map<std::string, std::shared_ptr<const Recipe>, std::less<>> recipes_;
};

class CrossPrograms {
 public:
  explicit CrossPrograms(exec::Engine engine) : engine_(engine) {}

  /// The program for AMD64's Linux. `files`: the road's, sources among them. Errors: "cross-not-built", with
  /// the reason.
  Result<std::shared_ptr<const Bytes>> program(const std::shared_ptr<const Recipe>& recipe,
                                               const MemoryTree& files);

 private:
  Result<Bytes> compile_by_m2(const Recipe& recipe, const std::vector<std::string>& sources,
                              const MemoryTree& files);

  exec::Engine engine_;
  std::shared_ptr<exec::KeptPrograms> kept_ = std::make_shared<exec::KeptPrograms>();
  std::map<std::shared_ptr<const Recipe>, Result<std::shared_ptr<const Bytes>>> built_;
};

}  // namespace assay::bootstrap

// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A chain computed as a road goes: the scripts say what is started, the road says what that does.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "bootstrap/chain/chain.h"
#include "core/memory_tree.h"

namespace assay::bootstrap {

/// The signal of a program that crashed, where nobody says which it was: SIGSEGV.
inline constexpr int kCrashSignal = 11;

/// How a command ended, and what it did to files.
struct CommandEnd {
  bool known = true;  ///< false: nobody can say; the chain ends here
  int status = 0;
  int signal = 0;  ///< non-zero: killed by it
  /// Normal paths of files. `reads` counts for programs whose command line does not tell.
  std::vector<std::string> reads{};
  std::vector<std::string> writes{};
};

/// A program that a command starts by itself.
struct PartStart {
  std::string program;  ///< as a path from cwd
  std::vector<std::string> argv;
  std::vector<std::string> env;
  std::string cwd;        ///< normal path
  bool replaces = false;  ///< it takes the place of who starts it
  bool asks = false;      ///< the condition of an `if`
};

class CommandEffects {
 public:
  virtual ~CommandEffects() = default;
  /// The files as they are now.
  virtual MemoryTree& files() = 0;
  /// Whether the files are those of a real run: then a script that the chain made can be read.
  [[nodiscard]] virtual bool is_real() const = 0;
  /// The source that a program of the tree is known to be assembled from: a seed's. Nothing: it is a binary
  /// that somebody brought along.
  [[nodiscard]] virtual std::optional<std::string> source_of(const std::string& program) const = 0;
  /// Whether the user takes responsibility for such a binary.
  [[nodiscard]] virtual bool accepts(ByteView program) const = 0;
  using Start = std::function<CommandEnd(const PartStart&)>;
  /// Does what the last of the chain's commands does.
  virtual CommandEnd perform(const Chain& chain, std::size_t command, const Start& start) = 0;
  /// A script's interpreter is about to begin; has ended, or another program takes its place.
  virtual void begin(const Chain& chain, std::size_t interpreter) = 0;
  virtual void end(const Chain& chain, std::size_t interpreter, const Interpretation& done) = 0;
};

/// Walks through the scripts of a tree. `chain` is filled as the walk goes on. `end`: where it is to end;
/// null: with the scripts.
void walk_chain(const Tree& tree, const Architecture& arch, CommandEffects& effects, Chain& chain,
                const ChainEnd* end = nullptr);

}  // namespace assay::bootstrap

// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Pins: the lines of the lists of digests that a tree brings along (ARCH.answers, *.ARCH.checksums,
// steps/SHA256SUMS.pkgs), each against what the roads made. A product is judged as it is when a command
// checks its list; where none does, as it is in the end.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "bootstrap/chain/verdict.h"
#include "bootstrap/tree/tree.h"

namespace assay::bootstrap {

class PinBook {
 public:
  /// Both roads go through the chain: a pin that only one came to is no `ok`.
  PinBook(const Tree& tree, const Architecture& arch, bool both_roads);

  struct Product {
    std::string path;
    std::string seed;       ///< SHA-256; empty: that road made none
    std::string reference;  ///< likewise
    bool alone = false;     ///< made of what one road took over from the other
  };
  struct Step {
    std::vector<Product> made;
    std::vector<std::string> gone;  ///< paths that it removed
    std::vector<std::string> read;  ///< paths
    bool alone = false;             ///< one road alone knows what it does
  };
  /// The steps in order of their ends.
  void add(std::size_t index, const Command& command, Step step);
  /// What was seen. Wrong pins are findings, unless others say so already (of the answers).
  Pins finish(std::vector<Finding>& findings) &&;

 private:
  struct List {
    std::string path;
    std::vector<Pin> pins;
    bool is_answers = false;
    bool judged = false;  ///< a command has checked it
  };
  /// Who made a file.
  struct Maker {
    std::string directory;  ///< of its script
    std::string command;    ///< in words
  };
  struct Made {
    Product product;
    std::size_t step = 0;
    Maker maker;
  };

  void read(const FileTree& files, const std::string& path, bool is_answers);
  void judge(List& list, bool own_only);
  void note_given(const std::string& directory, const Step& step);
  [[nodiscard]] std::string given_text(const std::string& directory) const;
  [[nodiscard]] PinVerdict verdict_of(const Product& made, const std::string& wanted) const;

  std::shared_ptr<const FileTree> files_;
  bool both_roads_;
  std::vector<List> lists_;
  std::map<std::string, Made, std::less<>> made_;
  std::map<const Pin*, Maker> wrong_;
  /// What scripts read of the tree, by their directory.
  std::map<std::string, std::set<std::string>, std::less<>> given_;
};

}  // namespace assay::bootstrap

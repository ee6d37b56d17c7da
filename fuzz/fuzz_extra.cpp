// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The tools that parse files that others made: archives, lists of checksums, patterns. The first byte chooses
// the tool and its options. Whatever the file holds, the tool ends, the same way twice, explains itself where
// the real one crashes, and writes nothing outside its directory.
#include <algorithm>
#include <string>

#include "core/memory_tree.h"
#include "extra/tools.h"
#include "extra/tree_world.h"
#include "fuzz/fuzz_output.h"

namespace {

using namespace assay;

constexpr std::string_view kIn = "box/in.tgz";
constexpr std::string_view kKeep = "keep";

const std::vector<extra::Arguments>& command_lines() {
  static const std::vector<extra::Arguments> lines = {
      {"untar", "-f", "in.tgz"},
      {"untar", "--non-strict", "-v", "-f", "in.tgz"},
      {"ungz", "-f", "in.tgz", "-o", "out"},
      {"ungz", "-f", "in.tgz"},
      {"unbz2", "-f", "in.tgz", "-o", "out"},
      {"unxz", "-f", "in.tgz", "-o", "out"},
      {"unxz"},
      {"sha256sum", "-c", "in.tgz"},
      {"sha256sum", "in.tgz", "keep"},
      {"match", "in.tgz", "keep"},
      {"replace", "-f", "in.tgz", "-o", "out", "-m", "ab", "-r", "c"},
      {"replace", "-f", "keep", "-o", "out", "-m", "PATTERN", "-r", "PATTERN"},
  };
  return lines;
}

struct Ran {
  Output output;
  std::string files;  ///< names outside the box and the kept file's contents
};

Ran run(const extra::Tool& tool, const extra::Arguments& arguments, ByteView data, DiagnosticSink& sink) {
  MemoryTree tree;
  tree.put(kIn, Bytes(data.begin(), data.end()), 0644);
  tree.put("box/keep", to_bytes("some text\n"), 0644);
  tree.put(kKeep, to_bytes("kept"), 0600);
  extra::TreeWorld world(tree, "box");
  world.set_standard_input(Bytes(data.begin(), data.end()));
  Ran ran{tool.run(arguments, world, sink), ""};
  const Result<std::vector<std::string>> names = tree.list("");
  fuzz::demand(names.has_value());
  for (const std::string& name : *names) ran.files += name + "\n";
  const auto kept = tree.read(kKeep);
  if (kept) ran.files += as_text(**kept);
  return ran;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const ByteView text{data + 1, size - 1};
  extra::Arguments arguments = command_lines()[data[0] % command_lines().size()];
  // A pattern of the fuzzer's own choice: no NUL, as on a real command line.
  const std::string pattern(as_text(text.subspan(0, std::min<std::size_t>(text.size(), 8))));
  for (std::string& word : arguments) {
    if (word == "PATTERN") word = pattern.substr(0, pattern.find('\0'));
  }
  const extra::Tool* tool = extra::find_tool(arguments.front());
  fuzz::demand(tool != nullptr);
  DiagnosticList said;
  NoDiagnostics quiet;
  const Ran one = run(*tool, arguments, text, said);
  const Ran two = run(*tool, arguments, text, quiet);
  fuzz::demand(one.output.status == two.output.status && one.output.ending == two.output.ending &&
               one.output.standard_error == two.output.standard_error);
  fuzz::demand(one.files == "box\nkeep\nkept");
  fuzz::demand(one.output.ending == Ending::exits || !said.all.empty());
  return 0;
}

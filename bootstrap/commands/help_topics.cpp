// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/commands/help_topics.h"

namespace assay::bootstrap {
namespace {

struct Topic {
  std::string_view name;
  std::string_view text;
};

constexpr Topic kTopics[] = {
    {"environment", R"(Variables that assay reads:

  ASSAY_ENGINE       engine of the machine: interp or jit; the fastest that there is if left out
  ASSAY_DIAGNOSTICS  text or json: form of the messages of M1, hex2, kaem, cc_* and the other drop-ins
  ASSAY_KERNEL       kernel of hex0: plain, or the name of a fast one
  NO_COLOR           no colours, if it is not empty; none either with TERM=dumb
  TERM               dumb: no line of progress is written again
  XDG_CACHE_HOME     results of steps are kept in its assay/steps (else in ~/.cache/assay/steps)
)"},
    {"trees", R"(A tree is a directory of sources that bootstraps itself from seeds. To get one and check it:

  git clone --recurse-submodules https://github.com/oriansj/stage0-posix
  assay preflight stage0-posix

Without --recurse-submodules most of it is missing; in such a tree:

  git -C stage0-posix submodule update --init --recursive

A checkout of live-bootstrap and images (builder-hex0, disks, initramfs) are checked by the same command.
)"},
    {"verdicts", R"(Of a step:

  equal          both roads made the same bytes, modes, messages and status
  one-road-only  only the programs of the tree made it: nobody compared
  differ         the roads part there
  failed         the program failed, or the machine stopped it
  not-run        it was not reached

Of everything, which the exit status tells too:

  pass             0  all steps equal, all answers right
  fail             1  something is wrong; the report says what came first
  incomplete       2  nothing is wrong, but something could not be judged
  nothing-checked  2  there was nothing to check
)"},
};

}  // namespace

std::string_view help_topic(std::string_view name) {
  for (const Topic& topic : kTopics) {
    if (topic.name == name) return topic.text;
  }
  return "";
}

std::vector<std::string> help_topics() {
  std::vector<std::string> names;
  for (const Topic& topic : kTopics) names.emplace_back(topic.name);
  return names;
}

}  // namespace assay::bootstrap

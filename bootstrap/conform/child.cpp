// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/conform/child.h"

#include <fmt/format.h>

#include <algorithm>

namespace assay::conform {
namespace {

/// As a line for each: NAME=value, or NAME? if it is not there.
std::string variables(const std::vector<std::string>& argv, const std::vector<std::string>& env) {
  std::string text;
  for (std::size_t i = 1; i < argv.size(); ++i) {
    const auto entry = std::find_if(env.begin(), env.end(),
                                    [&](const std::string& one) { return one.starts_with(argv[i] + "="); });
    text += (entry == env.end() ? argv[i] + "?" : *entry) + "\n";
  }
  return text;
}

}  // namespace

ChildRun run_child(const Given& program, const Situation& situation, const std::vector<std::string>& argv,
                   const std::vector<std::string>& env, const ReadFile& read) {
  ChildRun run;
  switch (program.does) {
    case Does::words:
    case Does::complains: {
      std::string& words = program.does == Does::words ? run.output : run.complaint;
      for (std::size_t i = 1; i < argv.size(); ++i) words += fmt::format("<{}>", argv[i]);
      words += "\n";
      break;
    }
    case Does::everything:
      for (const std::string& one : env) run.output += one + "\n";
      break;
    case Does::mask: run.output = fmt::format("{:04o}\n", situation.umask); break;
    case Does::reads: run.output = as_text(situation.standard_input); break;
    case Does::variables: run.output = variables(argv, env); break;
    case Does::copies: {
      const Result<std::shared_ptr<const Bytes>> bytes =
          argv.size() == 3 ? read(argv[1]) : fail("file-not-found", "two arguments");
      if (bytes) {
        run.copy.emplace(argv[2], *bytes);
      } else {
        run.status = 1;
      }
      break;
    }
    case Does::fails: run.status = program.status; break;
    case Does::killed: break;
  }
  return run;
}

std::string child_script(const Given& program) {
  switch (program.does) {
    case Does::words: return "#!/bin/sh\nfor a; do printf '<%s>' \"$a\"; done\necho\n";
    case Does::variables:
      return "#!/bin/sh\nfor a; do eval \"if [ \\\"\\${$a+x}\\\" ]; then echo \\\"$a=\\$$a\\\"; "
             "else echo \\\"$a?\\\"; fi\"; done\n";
    case Does::copies: return "#!/bin/sh\n[ $# = 2 ] || exit 1\n/bin/cat \"$1\" > \"$2\" 2>/dev/null\n";
    case Does::fails: return fmt::format("#!/bin/sh\nexit {}\n", program.status);
    case Does::killed: return fmt::format("#!/bin/sh\nkill -{} $$\n", program.status);
    case Does::complains: return "#!/bin/sh\nfor a; do printf '<%s>' \"$a\" >&2; done\necho >&2\n";
    // The shell adds variables of its own.
    case Does::everything: return "#!/bin/sh\n/usr/bin/tr '\\000' '\\n' < /proc/$$/environ\n";
    case Does::mask: return "#!/bin/sh\numask\n";
    case Does::reads: return "#!/bin/sh\nexec /bin/cat\n";
  }
  return "";
}

const Given* program_named(const Situation& situation, std::string_view path) {
  while (path.starts_with("./")) path.remove_prefix(2);
  if (path.starts_with("/")) path.remove_prefix(1);
  const auto given = std::find_if(situation.given.begin(), situation.given.end(), [path](const Given& one) {
    return one.what == Given::What::program && one.name == path;
  });
  return given == situation.given.end() ? nullptr : &*given;
}

}  // namespace assay::conform

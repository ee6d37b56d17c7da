// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The parsers of both script interpreters and the check: the first byte chooses the reader. What a script
// does must not depend on who looks, must end, and every place named must lie in the text.
#include "fuzz/fuzz_output.h"
#include "kaem/check.h"
#include "kaem/interpreter.h"
#include "kaem/minimal_run.h"

namespace {

using namespace assay;

/// Nothing exists outside; a program's ending is a digest of its arguments.
class FuzzHost final : public kaem::Host {
 public:
  kaem::ChildEnd launch(const kaem::Launch& launch) override {
    for (const std::string& word : launch.argv) sum_ = sum_ * 31 + word.size();
    return {sum_ % 5 == 0 ? 1 : 0, sum_ % 11 == 0 ? 9 : 0};
  }
  kaem::Found find(const std::string& path) override {
    return path.size() % 3 == 0 ? kaem::Found::nothing : kaem::Found::file;
  }
  bool enter(const std::string& directory) override { return directory.size() % 2 == 0; }
  std::string current_directory() override { return "/"; }
  void write_output(std::string_view text) override { sum_ += text.size(); }
  void write_error(std::string_view text) override { sum_ += 7 * text.size(); }
  [[nodiscard]] std::size_t sum() const { return sum_; }

 private:
  std::size_t sum_ = 1;
};

void demand_places(const DiagnosticList& said, ByteView text) {
  for (const Diagnostic& one : said.all) {
    fuzz::demand(one.kind != nullptr && one.span.offset + one.span.length <= text.size());
  }
}

void check_minimal(ByteView text, const kaem::MinimalDialect& dialect) {
  DiagnosticList said;
  kaem::check_script(text, 0, &dialect, said);
  demand_places(said, text);
  NoDiagnostics quiet;
  const kaem::MinimalScript script = kaem::parse_minimal(text, 0, dialect, quiet);
  for (const kaem::MinimalCommand& command : script.commands) {
    fuzz::demand(!command.words.empty() && command.words.size() == command.places.size());
  }
  FuzzHost host;
  (void)kaem::run_minimal(text, dialect, {"A=b"}, host, quiet);
}

void check_full(ByteView text, unsigned choice) {
  DiagnosticList said;
  const kaem::Environment environment({"SHELL=x", "B= "});
  kaem::check_script(text, 0, nullptr, said, choice % 2 == 0 ? &environment : nullptr);
  demand_places(said, text);
  kaem::Settings settings;
  settings.strict = choice % 3 != 0;
  settings.verbose = choice % 5 == 0;
  settings.rest_of_command_line = "-- a b";
  FuzzHost first;
  FuzzHost second;
  DiagnosticList at_run;
  NoDiagnostics quiet;
  const kaem::Finish one = kaem::interpret(text, 0, settings, environment, first, at_run);
  const kaem::Finish two = kaem::interpret(text, 0, settings, environment, second, quiet);
  fuzz::demand(one.ending == two.ending && one.status == two.status && first.sum() == second.sum());
  demand_places(at_run, text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const ByteView text{data + 1, size - 1};
  const auto dialects = kaem::minimal_dialects();
  const std::size_t reader = data[0] % 8;
  if (reader < dialects.size()) {
    check_minimal(text, dialects[reader]);
  } else {
    check_full(text, data[0]);
  }
  return 0;
}

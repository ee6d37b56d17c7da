// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>
#include <algorithm>

#include "extra/run.h"
#include "extra/xz.h"

namespace assay::extra {
namespace {

/// A file that was read whole.
class InputReader final : public Reader {
 public:
  explicit InputReader(const Input& input) : rest_(input.bytes()) {}
  std::size_t read(std::span<Byte> room) override {
    const std::size_t count = std::min(room.size(), rest_.size());
    std::copy_n(rest_.begin(), count, room.begin());
    rest_ = rest_.subspan(count);
    return count;
  }

 private:
  ByteView rest_;
};

Output finish(Run& run, const XzEnd& end) {
  if (end.unwritten) return run.refuse(kWriteFailed, "cannot write the output");
  if (!end.message.empty()) return run.fail(end.message);
  return run.exit(end.has_dictionary ? end.code : 1);
}

}  // namespace

Output unxz(const Arguments& arguments, World& world, DiagnosticSink& sink) {
  Run run(arguments, world, sink);
  std::optional<std::string> file;
  std::optional<std::string> output;
  bool fuzzing = false;
  const ValueOption values[] = {
      {"-f", "--file", &file, "the --file option requires a filename to be given\n"},
      {"-o", "--output", &output, "the --output option requires a filename to be given\n"}};
  const SwitchOption switches[] = {
      {{"--chaos", "--fuzz-mode", "--fuzzing"}, &fuzzing, "fuzz-mode enabled, preparing for chaos\n"}};
  if (auto end = parse_options(
          run, values, switches,
          " [--file $input.xz or --file $input.lzma] (or it'll read from stdin)\n [--output $output] (or "
          "it'll "
          "write to stdout)\n--help to get this message\n--fuzz-mode if you wish to fuzz this application "
          "safely\n")) {
    return std::move(*end);
  }
  Input input;
  if (file) {
    input = world.open(*file);
    if (input.kind == Input::Kind::missing) return run.fail(fmt::format("File {} not found!\n", *file));
    if (auto end = run.unusable(input, *file, kUnxzCrashInput)) return std::move(*end);
  }
  std::unique_ptr<Writer> created;
  if (output) created = world.create(*output, 0600);
  if (fuzzing) created = world.create("/dev/null", 0600);
  if (created == nullptr && output) {
    return run.crash(kUnxzCrashOutput, fmt::format("cannot create '{}', the real unxz crashes", *output));
  }
  Writer& writer = created == nullptr ? world.standard_output() : *created;
  if (!file) return finish(run, decode_xz(world.standard_input(), writer));
  InputReader reader(input);
  return finish(run, decode_xz(reader, writer));
}

}  // namespace assay::extra

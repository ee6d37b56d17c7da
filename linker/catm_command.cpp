// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "linker/catm_command.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "command/architecture_names.h"
#include "command/diagnostic_printer.h"
#include "command/host_files.h"
#include "command/listing.h"
#include "command/nearest_word.h"
#include "command/print.h"
#include "command/program.h"
#include "command/seed_command.h"
#include "command/warnings.h"
#include "core/host_descriptor.h"
#include "linker/catm.h"

namespace assay::catm {
namespace {

constexpr mode_t kCreationMode = 0600;

constexpr std::string_view kFormOption = "--assay-diagnostics=";

constexpr std::string_view kHelp =
    R"(Joins files, as the catm of the seeds does.
Usage: catm [OPTIONS] OUTPUT [INPUT...]

Options, only before OUTPUT:
  --dialect NAME  Whose behaviour, to the byte: AMD64 (default), x86, AArch64, riscv32, riscv64,
                  mescc-tools (the C program; ends the options)
  -W WHAT         Strict warnings: all, none, ID, no-ID, error, error=ID; later ones win
  --assay-diagnostics=FORM
                  text or json; default: ASSAY_DIAGNOSTICS of the environment, else text
  --map FILE      Write as JSON which file and line each byte comes from
  --help          Print this and exit
  --version       Print the version and exit
)";

struct Arguments {
  const Dialect* dialect = &kDialects[0];
  WarningPolicy policy;
  DiagnosticForm form = default_diagnostic_form();
  std::string map;
  std::vector<std::string> files;
};

int usage(std::string_view message) {
  assay::print_error("catm: {}; see --help\n", message);
  return kStatusUsage;
}

/// Reads the options; a status to exit with, or -1 to go on.
int parse(std::span<char*> words, Arguments& arguments) {
  const std::span<const DiagnosticKind> kinds[] = {kKinds};
  std::size_t at = 0;
  for (; at < words.size(); ++at) {
    const std::string_view word = words[at];
    if (word == "--help" || word == "--version") {
      assay::print("{}", word == "--help" ? kHelp : "catm (assay) " ASSAY_VERSION "\n");
      return 0;
    }
    if (word.starts_with("--dialect")) {
      std::string_view name = word.substr(9);
      if (name.empty() && at + 1 < words.size()) {
        name = words[++at];
      } else if (name.starts_with('=')) {
        name.remove_prefix(1);
      }
      arguments.dialect = find_named(kDialects, name);
      if (arguments.dialect == nullptr) {
        std::vector<std::string> known;
        for (const Dialect& row : kDialects) known.emplace_back(row.name);
        return usage(fmt::format("no dialect '{}': {}", name, known_words(name, known)));
      }
      if (arguments.dialect->reports_output && ++at > 0) break;
    } else if (word.starts_with(kFormOption)) {
      const std::optional<DiagnosticForm> form = find_diagnostic_form(word.substr(kFormOption.size()));
      if (!form) return usage(fmt::format("no form '{}'", word));
      arguments.form = *form;
    } else if (word == "--map" && at + 1 < words.size()) {
      arguments.map = words[++at];
    } else if (word.starts_with("-W")) {
      if (const auto applied = arguments.policy.apply(word.substr(2), kinds); !applied) {
        return usage(applied.error().message);
      }
    } else {
      break;
    }
  }
  arguments.files.assign(words.begin() + static_cast<std::ptrdiff_t>(at), words.end());
  return -1;
}

/// Keeps what was written, and which bytes of which file it was.
class Recorder {
 public:
  explicit Recorder(std::size_t files) : texts_(files) {}

  /// Bytes that are no file's (file 0: the output has no line) or follow the last ones of that file.
  void wrote(std::uint32_t file, ByteView bytes) {
    Bytes& text = texts_[file];
    for (ByteView rest = bytes; !rest.empty();) {
      const auto end = std::find(rest.begin(), rest.end(), Byte{'\n'});
      const std::size_t length = static_cast<std::size_t>(end - rest.begin()) + (end == rest.end() ? 0 : 1);
      output_.map.add(length, {file, text.size(), length});
      text.insert(text.end(), rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(length));
      rest = rest.subspan(length);
    }
    output_.bytes.insert(output_.bytes.end(), bytes.begin(), bytes.end());
  }
  Result<void> save(const std::string& path, std::vector<Source> sources) const {
    for (std::size_t i = 0; i < sources.size(); ++i) sources[i].bytes = texts_[i];
    return write_host_file(path, as_bytes(map_json(output_, sources).dump(1) + "\n"));
  }

 private:
  Output output_;
  std::vector<Bytes> texts_;
};

class Run {
 public:
  explicit Run(const Arguments& arguments)
      : arguments_(arguments),
        dialect_(*arguments.dialect),
        copier_(dialect_),
        printer_(*this),
        filter_(arguments.policy, printer_),
        buffer_(dialect_.chunk) {
    for (const std::string& name : arguments.files) sources_.push_back({name, {}});
    if (!arguments.map.empty()) recorder_.emplace(sources_.size());
  }

  int run() {
    if (!open_output()) return kStatusFailed;
    for (std::uint32_t file = 1; file < sources_.size(); ++file) {
      if (const int status = copy(file); status != 0) return status;
    }
    if (recorder_) {
      if (const Result<void> saved = recorder_->save(arguments_.map, sources_); !saved) {
        assay::print_error("catm: {} [{}]\n", saved.error().message, saved.error().id);
        return kStatusFailed;
      }
    }
    return filter_.raised_error() ? kStatusFailed : 0;
  }

 private:
  class Printer final : public DiagnosticSink {
   public:
    explicit Printer(const Run& run) : run_(run) {}
    using DiagnosticSink::report;
    void report(Diagnostic diagnostic) override {
      assay::print_error("{}", shown(diagnostic, run_.sources_, run_.arguments_.form, STDERR_FILENO));
    }

   private:
    const Run& run_;
  };

  bool open_output() {
    const std::string& name = arguments_.files[0];
    output_ = ::open(name.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, kCreationMode);
    if (output_ >= 0) return true;
    if (dialect_.reports_output) {
      assay::print_error("{}", bad_file_message(name, true));
      return false;
    }
    lose_output("created");
    return true;
  }

  int copy(std::uint32_t file) {
    const Span start{file, 0, 0};
    const int input = ::open(sources_[file].name.c_str(), O_RDONLY | O_CLOEXEC);
    if (input < 0 && dialect_.bad_input == BadInput::fails) {
      assay::print_error("{}", bad_file_message(sources_[file].name, false));
      return kStatusFailed;
    }
    if (input >= 0 && grows_for_ever(input)) {
      filter_.report(kind("catm-endless-input"), start, "the output is an input of a whole chunk or more");
      ::close(input);
      return kStatusWouldHang;
    }
    ssize_t got = input < 0 ? -1 : ::read(input, buffer_.data(), buffer_.size());
    if (got < 0) {
      const ByteView stale = copier_.unreadable();
      filter_.report(stale.empty() ? kind("catm-skipped-input") : kind("catm-dumped-buffer"), start,
                     fmt::format("the input cannot be read ({})", std::strerror(errno)));
      write(0, stale);
    }
    while (got > 0) {
      write(file, copier_.chunk(ByteView(buffer_).first(static_cast<std::size_t>(got))));
      if (static_cast<std::size_t>(got) < buffer_.size()) break;
      got = ::read(input, buffer_.data(), buffer_.size());
    }
    if (got > 0 && ::lseek(input, 0, SEEK_CUR) < 0 && ::read(input, buffer_.data(), 1) == 1) {
      filter_.report(kind("catm-short-read"), start, "the input goes on after a short read");
    }
    if (input >= 0) ::close(input);
    return 0;
  }

  /// The input is the output itself and a read fills the buffer: each read makes the next one full.
  [[nodiscard]] bool grows_for_ever(int input) const {
    struct stat in {};
    struct stat out {};
    return output_ >= 0 && ::fstat(input, &in) == 0 && ::fstat(output_, &out) == 0 && S_ISREG(in.st_mode) &&
           in.st_dev == out.st_dev && in.st_ino == out.st_ino &&
           static_cast<std::size_t>(in.st_size) >= dialect_.chunk;
  }

  void write(std::uint32_t file, ByteView bytes) {
    if (recorder_) recorder_->wrote(file, bytes);
    if (output_ >= 0 && !write_all(output_, bytes) && !std::exchange(lost_, true)) lose_output("written");
  }

  void lose_output(std::string_view what) {
    filter_.report_always(kind("catm-lost-output"), {0, 0, 0},
                          fmt::format("the output cannot be {} ({})", what, std::strerror(errno)));
  }

  const Arguments& arguments_;
  const Dialect& dialect_;
  Copier copier_;
  std::vector<Source> sources_;  ///< the output's name first
  Printer printer_;
  FilteredDiagnostics filter_;
  Bytes buffer_;
  std::optional<Recorder> recorder_;  ///< with --map
  int output_ = -1;
  bool lost_ = false;
};

}  // namespace

namespace {

int run_words(std::span<char*> words) {
  Arguments arguments;
  if (const int status = parse(words, arguments); status >= 0) return status;
  if (arguments.files.empty()) {
    assay::print_error("{}", arguments.dialect->reports_output ? "catm requires 2 or more arguments\n"
                                                               : "catm: no output named; see --help\n");
    return kStatusFailed;
  }
  return Run(arguments).run();
}

}  // namespace

int run_command(std::span<char*> words) {
  return run_program("catm", kStatusFailed, [&] { return run_words(words); });
}

}  // namespace assay::catm

// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "command/mescc_command.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <nlohmann/json.hpp>

#include "command/host_files.h"
#include "command/input_bytes.h"
#include "command/listing.h"
#include "command/print.h"
#include "command/seed_command.h"
#include "core/host_descriptor.h"

namespace assay {
namespace {

constexpr std::array<DiagnosticKind, 6> kKinds{{
    {"mescc-missing-argument", Severity::error, "the real tool crashes here"},
    {"mescc-directory-input", Severity::error, "the real tool crashes on a directory"},
    {"mescc-pipe-input", Severity::error, "the real tool needs inputs that it can seek in"},
    {"mescc-input-too-large", Severity::error, ""},
    {"mescc-lost-output", Severity::warning, "the real tool does not notice"},
    {"mescc-unwritable-report", Severity::error, ""},
}};

enum : std::size_t { kMissingArgument, kDirectory, kPipe, kTooLarge, kLostOutput, kReport };

constexpr std::string_view kOwnHelp =
    R"(
Options of this program; all others are those of the real one (see -h):
  --assay-dialect=NAME  which build to stand in for: m2-64 (default), m2-32, gcc, debian-1.4.0
  --compat VERSION      as the first option: 1.7.0 is m2-64, 1.4.0 is debian-1.4.0
  --assay-explain       explain errors also where the real tool has a message
  --assay-W=WHAT        strict warnings: all, none, ID, no-ID, error, error=ID; later ones win
  --assay-diagnostics=FORM
                        text, or json: an object a line, also for what the real tool has a
                        message for; default: ASSAY_DIAGNOSTICS of the environment, else text
  --assay-listing=FILE  write every byte with the source line that made it
  --assay-map=FILE      the same as JSON
  --assay-symbols=FILE  write address and name of every label
  --assay-help          print this and exit
  --assay-version       print the version and exit
)";

}  // namespace

std::span<const DiagnosticKind> mescc_kinds() { return kKinds; }

MesccCommand::MesccCommand(const MesccTool& tool, int argc, char** argv)
    : tool_(tool), program_(argc > 0 ? argv[0] : std::string(tool.name)) {
  for (int i = parse_compat(argc, argv); i < argc; ++i) {
    const std::string_view word = argv[i];
    if (!word.starts_with("--assay-")) {
      words_.emplace_back(word);
    } else if (!parse_own(word.substr(8)) && !early_status_) {
      assay::print_error("{}: unknown option or value '{}'; see --assay-help\n", tool.name, word);
      stop(kStatusUsage);
    }
  }
}

MesccCommand::~MesccCommand() {
  if (output_ >= 0) ::close(output_);
}

// Only at the start, where the real tool can take it for nothing but a mistake: not for a file's name.
int MesccCommand::parse_compat(int argc, char** argv) {
  const std::string_view name = "--compat";
  const std::string_view first = argc > 1 ? argv[1] : "";
  std::string_view version;
  int next = 2;
  if (first.starts_with("--compat=")) {
    version = first.substr(name.size() + 1);
  } else if (first == name && argc > 2) {
    version = argv[next++];
  } else {
    return 1;
  }
  if (version == "1.4.0") {
    dialect_ = find_mescc_dialect("debian-1.4.0");
  } else if (version != "1.7.0") {
    assay::print_error("{}: no version '{}': --compat takes 1.7.0 or 1.4.0\n", tool_.name, version);
    stop(kStatusUsage);
  }
  return next;
}

bool MesccCommand::parse_own(std::string_view word) {
  const auto value_of = [&](std::string_view name, std::string_view& value) {
    if (!word.starts_with(name) || word.size() <= name.size() || word[name.size()] != '=') return false;
    value = word.substr(name.size() + 1);
    return true;
  };
  std::string_view value;
  if (word == "help") {
    assay::print("{}{}", tool_.summary, kOwnHelp);
    stop(0);
  } else if (word == "version") {
    assay::print("{} (assay) {}\n", tool_.name, ASSAY_VERSION);
    stop(0);
  } else if (word == "explain") {
    explains_ = true;
  } else if (value_of("diagnostics", value)) {
    const std::optional<DiagnosticForm> found = find_diagnostic_form(value);
    if (!found) return false;
    form_ = *found;
  } else if (value_of("dialect", value)) {
    const MesccDialect* const found = find_mescc_dialect(value);
    if (found == nullptr) return false;
    dialect_ = found;
  } else if (value_of("W", value)) {
    std::vector<std::span<const DiagnosticKind>> known(tool_.kinds.begin(), tool_.kinds.end());
    known.emplace_back(kKinds);
    if (!policy_.apply(value, known)) return false;
    wants_warnings_ = true;
  } else if (value_of("listing", value)) {
    listing_ = value;
  } else if (value_of("map", value)) {
    map_ = value;
  } else if (value_of("symbols", value)) {
    symbols_ = value;
  } else {
    return false;
  }
  return true;
}

MesccInput MesccCommand::read(const std::string& name) {
  MesccInput input;
  const int descriptor = ::open(name.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    input.state = MesccInput::State::missing;
    return input;
  }
  struct stat status {};
  const bool known = ::fstat(descriptor, &status) == 0;
  const bool directory = known && S_ISDIR(status.st_mode);
  const bool regular = known && S_ISREG(status.st_mode);
  input.rewinds = ::lseek(descriptor, 0, SEEK_CUR) >= 0;
  if (dialect_->seeks_inputs && directory) {
    input.state = MesccInput::State::crashes;
  } else if (dialect_->seeks_inputs && !input.rewinds) {
    input.state = MesccInput::State::stops;
  } else if (!directory && (regular || !dialect_->seeks_inputs)) {
    InputRead read = read_input(descriptor, kMaxMesccInputBytes);
    if (read.too_large) input.state = MesccInput::State::too_large;
    input.bytes = inputs_.emplace_back(std::move(read.bytes)).view();
  }
  ::close(descriptor);
  return input;
}

bool MesccCommand::open_output(const std::string& name) {
  if (output_ >= 0) ::close(output_);
  output_ = ::open(name.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, dialect_->creation_mode);
  if (output_ < 0) return false;
  output_name_ = name;
  // The output may be an input that was read before.
  for (InputBytes& input : inputs_) {
    if (!input.keep_if_file(output_)) return false;
  }
  return ::ftruncate(output_, 0) == 0 || errno == EINVAL;  // a pipe or a device has no length
}

void MesccCommand::set_output_mode(std::uint32_t mode) const {
  struct stat status {};
  if (output_ >= 0 && ::fstat(output_, &status) == 0 && S_ISREG(status.st_mode)) ::fchmod(output_, mode);
}

void MesccCommand::print(std::string_view text) const {
  if (write_all(STDOUT_FILENO, as_bytes(text))) return;
  report(kKinds[kLostOutput], "standard output",
         fmt::format("cannot write the output ({})", std::strerror(errno)), 0);
}
void MesccCommand::print_error(std::string_view text) const { write_all(STDERR_FILENO, as_bytes(text)); }

OutputSink MesccCommand::sink() {
  if (wants_map()) return {};
  return [this](ByteView piece) { write(piece); };
}

void MesccCommand::write(ByteView bytes) {
  if (write_error_ == 0 && !write_all(output_ >= 0 ? output_ : STDOUT_FILENO, bytes)) write_error_ = errno;
}

int MesccCommand::finish(const Output& output, std::span<const Source> sources) {
  write(output.bytes);
  print(output.standard_output);
  print_error(output.standard_error);
  const bool shows_errors = explains() || output.ending != Ending::exits || output.standard_error.empty();
  show(diagnostics_.all, shows_errors, sources);
  if (write_error_ != 0) {
    // Nobody may miss it, whatever is switched off.
    class Printer final : public DiagnosticSink {
     public:
      explicit Printer(const MesccCommand& command) : command_(command) {}
      void report(Diagnostic diagnostic) override {
        command_.report(*diagnostic.kind, command_.output_name_, std::move(diagnostic.message), 0,
                        diagnostic.severity);
      }

     private:
      const MesccCommand& command_;
    };
    Printer printer(*this);
    FilteredDiagnostics filter(policy_, printer);
    filter.report_always(kKinds[kLostOutput], {},
                         fmt::format("cannot write the output ({})", std::strerror(write_error_)));
    failed_ = failed_ || filter.raised_error();
  }
  if (wants_map()) write_reports(output, sources);
  const int status = exit_status_of(output);
  return status == 0 && failed_ ? kStatusFailed : status;
}

void MesccCommand::show(std::span<Diagnostic> diagnostics, bool shows_errors,
                        std::span<const Source> sources) {
  DiagnosticPrinter printer(sources, form_);
  FilteredDiagnostics filter(policy_, printer);
  for (Diagnostic& diagnostic : diagnostics) {
    if (diagnostic.severity != Severity::error || shows_errors) filter.report(std::move(diagnostic));
  }
  printer.finish();
  failed_ = failed_ || filter.raised_error();
}

void MesccCommand::write_reports(const Output& output, std::span<const Source> sources) {
  const auto write = [&](const std::string& path, const std::string& text) {
    if (path.empty()) return;
    if (const Result<void> written = write_host_file(path, as_bytes(text)); !written) {
      failed_ = true;
      report(kKinds[kReport], path, written.error().message, kStatusFailed);
    }
  };
  if (!listing_.empty()) write(listing_, listing(output, sources));
  if (!map_.empty()) write(map_, map_json(output, sources).dump(1) + "\n");
  if (!symbols_.empty()) write(symbols_, symbols(output, sources));
}

int MesccCommand::report(const DiagnosticKind& kind, std::string_view name, std::string message, int status,
                         std::optional<Severity> severity) const {
  const Source source{std::string(name), {}};
  const Diagnostic diagnostic{&kind, severity.value_or(kind.severity), {}, std::move(message), {}};
  assay::print_error("{}", shown(diagnostic, {&source, 1}, form_, STDERR_FILENO));
  return status;
}

int MesccCommand::fail(std::string_view message) {
  print_error(message);
  return kStatusFailed;
}

int MesccCommand::missing_argument(std::string_view word) {
  return report(kKinds[kMissingArgument], tool_.name, fmt::format("'{}' is the last word", word),
                kStatusWouldCrash);
}

int MesccCommand::bad_input(const std::string& name, MesccInput::State state) {
  switch (state) {
    case MesccInput::State::crashes:
      return report(kKinds[kDirectory], name, "the input is a directory", kStatusWouldCrash);
    case MesccInput::State::too_large:
      return report(kKinds[kTooLarge], name,
                    fmt::format("the input has more than {} bytes", kMaxMesccInputBytes), kStatusFailed);
    case MesccInput::State::stops:
      return explains() ? report(kKinds[kPipe], name, "the input is a pipe", kStatusFailed) : kStatusFailed;
    case MesccInput::State::read:
    case MesccInput::State::missing: break;
  }
  return kStatusFailed;
}

}  // namespace assay

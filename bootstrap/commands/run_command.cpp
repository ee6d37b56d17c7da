// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <set>

#include "bootstrap/commands/commands.h"
#include "bootstrap/commands/run_adverse.h"
#include "bootstrap/commands/run_knight.h"
#include "bootstrap/commands/run_watch.h"
#include "bootstrap/explain/place.h"
#include "bootstrap/finding/finding.h"
#include "bootstrap/roads/engine_choice.h"
#include "bootstrap/tree/architecture.h"
#include "command/architecture_names.h"
#include "command/host_files.h"
#include "command/nearest_word.h"
#include "command/print.h"
#include "core/host_tree.h"
#include "core/paths.h"
#include "machine/isa/isa.h"
#include "machine/process/elf.h"
#include "machine/process/surrounding.h"

namespace assay::bootstrap {
namespace {

/// The program was stopped by the machine; its own statuses are passed on as they are.
constexpr int kStatusStopped = 126;
/// It does something else in another surrounding, or what it does depends on a value that nobody gave.
constexpr int kStatusDepends = 125;
constexpr std::string_view kAllSurroundings = "all";
constexpr std::uint64_t kDumpSize = 64;  // bytes, where --dump names none
constexpr std::uint64_t kMostDumped = 1U << 20;
constexpr std::size_t kMostLostShown = 8;

struct Settings {
  std::string tree;
  std::string arch;
  std::vector<std::string> program;
  std::string cwd;
  std::string input;
  std::vector<std::string> env;
  std::vector<std::string> write_back;
  std::uint64_t max_instructions = 0;
  bool system_calls = false;
  bool stats = false;
  std::string adverse;  ///< empty: the friendly surrounding
  bool undefined = false;
  KnightWishes knight;
  WatchWishes watch;
  std::string trace;
  std::string trace_format;
  std::string trace_file;
  std::string coverage_file;
  std::vector<std::string> maps;
  std::vector<std::string> breaks;
  std::vector<std::string> dumps;
};

/// The program must be for the instruction set that the user named, as trees or machines spell it.
Result<void> check_architecture(const MemoryTree& files, const Settings& settings, const std::string& cwd) {
  if (settings.arch.empty()) return {};
  const Architecture* arch = find_architecture(settings.arch);
  const machine::Isa* isa =
      machine::find_isa(arch != nullptr ? std::string(arch->library_name) : common_name(settings.arch));
  if (isa == nullptr) {
    std::vector<std::string> known;
    for (const machine::Isa* one : machine::all_isas()) known.emplace_back(one->name);
    return fail("unknown-architecture", fmt::format("unknown architecture '{}': {}", settings.arch,
                                                    known_words(settings.arch, known)));
  }
  const Result<std::string> path = resolve_path(files, cwd, settings.program.front());
  if (!path) return tl::unexpected<Error>(path.error());
  const auto bytes = files.read(*path);
  if (!bytes) return tl::unexpected<Error>(bytes.error());
  const Result<machine::ElfFile> elf = machine::parse_elf(**bytes);
  if (!elf) return tl::unexpected<Error>(elf.error());
  if (elf->isa == isa) return {};
  return fail("other-architecture", fmt::format("'{}' is a program for {}, not {}", settings.program.front(),
                                                elf->isa->name, isa->name));
}

/// What has no meaning without a kernel.
Result<void> check_machine(const Settings& settings) {
  if (settings.knight.machine.empty()) return {};
  if (settings.system_calls || settings.watch.trace == TraceKind::system_calls)
    return fail("usage", "a knight machine has no kernel: there are no system calls to log");
  if (!settings.adverse.empty() || settings.undefined)
    return fail("usage", "a knight machine has no kernel, and begins with zeros: nothing is left open");
  if (!settings.arch.empty() || settings.program.size() > 1)
    return fail("usage", "a knight machine takes a program alone: no --arch, no arguments");
  return {};
}

Result<void> write_back(const MemoryTree& files, const std::string& cwd,
                        const std::vector<std::string>& wishes) {
  for (const std::string& wish : wishes) {
    const std::size_t equals = wish.find('=');
    const Result<std::string> path = resolve_path(files, cwd, wish.substr(0, equals));
    if (!path) return tl::unexpected<Error>(path.error());
    const auto bytes = files.read(*path);
    if (!bytes) return tl::unexpected<Error>(bytes.error());
    if (auto written =
            write_host_file(wish.substr(equals + 1), **bytes, {.mode = files.info(*path)->mode & 0777U});
        !written)
      return written;
  }
  return {};
}

void print_stats(const machine::Outcome& outcome) {
  for (const machine::ImageRecord& image : outcome.images) {
    assay::print_error("{:>16} instructions {:>12} calls {:>8} KiB  {}\n", image.instructions,
                       image.system_calls, image.peak_memory / 1024, image.program);
  }
  assay::print_error("{:>16} instructions {:>12} calls {:>8} KiB  in all\n", outcome.instructions,
                     outcome.system_calls, outcome.peak_memory / 1024);
}

/// Where trace lines go: a file, or standard error.
class TraceFile {
 public:
  ~TraceFile() { close(); }
  Result<void> open(const std::string& path) {
    path_ = path;
    if (path.empty()) return {};
    if (path == "-") {
      file_ = stdout;
      return {};
    }
    file_ = std::fopen(path.c_str(), "wb");
    if (file_ == nullptr) return fail("file-unwritable", fmt::format("cannot write '{}'", path));
    return {};
  }
  void line(std::string_view text) {
    std::FILE* const to = file_ != nullptr ? file_ : stderr;
    print_to(to, "{}\n", text);
  }
  /// An error if not all of it could be written.
  Result<void> close() {
    if (file_ == nullptr) return {};
    const bool good = std::ferror(file_) == 0;
    const bool closed = (file_ == stdout ? std::fflush(file_) : std::fclose(file_)) == 0;
    file_ = nullptr;
    if (good && closed) return {};
    return fail("write-failed", fmt::format("cannot write all of the trace to '{}'", path_));
  }

 private:
  std::string path_;
  std::FILE* file_ = nullptr;
};

/// PATH of a map is a program of the tree, or a text that a map before it was made from.
Result<SourceLines> read_maps(const MemoryTree& files, const std::string& cwd,
                              const std::string& first_program, const std::vector<std::string>& wishes,
                              ProgramForm form) {
  SourceLines lines(form);
  for (const std::string& wish : wishes) {
    const std::size_t equals = wish.find('=');
    const Result<Bytes> json = read_host_file(equals == std::string::npos ? wish : wish.substr(equals + 1));
    if (!json) return tl::unexpected<Error>(json.error());
    Result<ProgramMap> parsed = ProgramMap::parse(*json);
    if (!parsed) return tl::unexpected<Error>(parsed.error());
    const auto map = std::make_shared<ProgramMap>(std::move(*parsed));
    const bool has_name = equals != std::string::npos;
    const std::string name = has_name ? wish.substr(0, equals) : first_program;
    if (has_name) {
      const Result<bool> added = lines.add_text(name, map);
      if (!added) return tl::unexpected<Error>(added.error());
      if (*added) continue;
    }
    const Result<std::string> path = resolve_path(files, cwd, name);
    if (!path) return tl::unexpected<Error>(path.error());
    // A map that does not fit is told of when the program starts.
    if (const auto program = files.read(*path)) (void)map->bind(**program, form);
    lines.add(has_name ? *path : "", map);
  }
  return lines;
}

tl::unexpected<Error> no_place(std::string_view what, const std::string& place, const SourceLines& lines) {
  const std::string nearest = lines.nearest_label(place);
  return fail("unknown-place",
              fmt::format("no {}, and no label or line of a --program-map, is '{}'{}", what, place,
                          nearest.empty() ? "" : fmt::format("; did you mean '{}'?", nearest)));
}

/// Numbers, labels and FILE:LINE.
Result<void> read_breaks(const SourceLines& lines, const std::vector<std::string>& wishes,
                         WatchWishes& watch) {
  for (const std::string& wish : wishes) {
    if (const std::optional<std::uint64_t> address = number_in(wish)) {
      watch.breaks.insert(*address);
    } else if (lines.has_place(wish)) {
      watch.named_breaks.push_back(wish);
    } else {
      return no_place("address", wish, lines);
    }
  }
  return {};
}

bool names_register(std::string_view word) {
  const std::span<const machine::Isa* const> isas = machine::all_isas();
  return word == "stack" || std::any_of(isas.begin(), isas.end(), [word](const machine::Isa* isa) {
           return std::find(isa->registers.begin(), isa->registers.end(), word) != isa->registers.end();
         });
}

/// PLACE[,SIZE].
Result<std::vector<machine::MemoryWish>> read_dumps(const SourceLines& lines,
                                                    const std::vector<std::string>& wishes) {
  std::vector<machine::MemoryWish> dumps;
  for (const std::string& wish : wishes) {
    const std::size_t comma = wish.find(',');
    const std::string place = wish.substr(0, comma);
    const auto size =
        comma == std::string::npos ? std::optional(kDumpSize) : number_in(wish.substr(comma + 1));
    if (!size || *size > kMostDumped)
      return fail("usage", fmt::format("--dump wants PLACE or PLACE,SIZE with at most {} bytes, not '{}'",
                                       kMostDumped, wish));
    if (names_register(place)) {
      dumps.push_back({place, 0, *size});
      continue;
    }
    std::optional<std::uint64_t> address = number_in(place);
    if (!address) address = lines.address_of(place);
    if (!address) return no_place("address or register", place, lines);
    dumps.push_back({"", *address, *size});
  }
  return dumps;
}

/// Files that the run made are gone with it; says so.
void tell_unwritten(const machine::Outcome& outcome, const MemoryTree& files, const std::string& cwd,
                    const std::vector<std::string>& written_back) {
  std::set<std::string> kept;
  for (const std::string& wish : written_back) {
    if (const Result<std::string> path = resolve_path(files, cwd, wish.substr(0, wish.find('='))))
      kept.insert(*path);
  }
  std::vector<std::string> lost;
  for (const machine::ImageRecord& image : outcome.images) {
    for (const machine::FileUse& use : image.outputs) {
      const auto now = files.read(use.path);
      if (!now || !kept.insert(use.path).second) continue;
      lost.push_back(fmt::format("{} ({} bytes)", printable(use.path), (*now)->size()));
    }
  }
  if (lost.empty()) return;
  const std::size_t shown = std::min(lost.size(), kMostLostShown);
  assay::print_error("assay: written in memory only: {}{}; --write-back PATH=HOSTPATH gets one\n",
                     fmt::join(lost.begin(), lost.begin() + static_cast<std::ptrdiff_t>(shown), ", "),
                     shown == lost.size() ? "" : fmt::format(" and {} more", lost.size() - shown));
}

/// Tells where the run, or else the first of its programs that was stopped, came to its end.
void report_stop(const Settings& settings, const machine::Request& request, const machine::Outcome& outcome,
                 const SourceLines& lines, const RunWatch& observer) {
  const machine::ImageRecord* stopped = nullptr;
  for (const machine::ImageRecord& image : outcome.images) {
    if (image.stop == machine::Stop::exited || image.state.isa == nullptr) continue;
    if (outcome.stop == machine::Stop::exited ? stopped == nullptr : image.index == outcome.stopped_image)
      stopped = &image;
  }
  if (stopped == nullptr) return;
  if (outcome.stop == machine::Stop::exited) {
    assay::print_error("assay: '{}' (image {}) was stopped: {}: {}\n", stopped->program, stopped->index,
                       name_of(stopped->stop), stopped->message);
  }
  // Where the bound of all runs is met is no place to look at, and to come there again takes minutes.
  if (stopped->stop == machine::Stop::limit_instructions && settings.max_instructions == 0) return;
  MemoryTree files(std::make_shared<HostTree>(settings.tree));
  const Result<machine::Recent> recent =
      machine::look_back(files, request, *stopped, observer.breaks_of(stopped->index));
  if (!recent) {
    assay::print_error("{}", stop_report(*stopped, stopped->state, {}, lines));
    assay::print_error("assay: {} [{}]\n", recent.error().message, recent.error().id);
    return;
  }
  assay::print_error("{}", stop_report(*stopped, recent->state, recent->instructions, lines));
}

Result<void> write_coverage(const std::string& path, const machine::Coverage& coverage,
                            const SourceLines& lines) {
  if (path.empty()) return {};
  return write_host_file(path, to_bytes(path.ends_with(".json") ? coverage_json(coverage, lines)
                                                                : coverage_text(coverage, lines)));
}

/// Sets up the callbacks of a request for what the user wants to see.
void watch(machine::Request& request, const Settings& settings, RunWatch& observer, SourceLines& lines) {
  request.observer = &observer;
  request.on_start = [&](const machine::ImageRecord& image) {
    if (const Result<void> bound = lines.started(image); !bound) {
      assay::print_error("assay: the map for '{}' is not used: {} [{}]\n", image.program,
                         bound.error().message, bound.error().id);
    }
    observer.started(image);
  };
  // As it is written, in the order of all streams.
  request.on_console = [](ByteView bytes, bool is_error) {
    if (is_error) std::fflush(stdout);
    print_text(is_error ? stderr : stdout, as_text(bytes));
    if (!is_error && std::find(bytes.begin(), bytes.end(), '\n') != bytes.end()) std::fflush(stdout);
  };
  if (settings.system_calls || settings.watch.trace == TraceKind::system_calls) {
    request.on_system_call = [&](const machine::ImageRecord& image, std::string_view line) {
      if (settings.system_calls) assay::print_error("[{}] {}\n", image.index, line);
      observer.system_call(image, line);
    };
  }
}

/// Has uses of undefined values told, and counted.
void watch_undefined(machine::Request& request, const SourceLines& lines, std::size_t& uses) {
  request.on_undefined = [&](const machine::ImageRecord& image, const machine::UndefinedUse& use) {
    ++uses;
    const std::string place = lines.text(image.index, use.address);
    fmt::print(stderr, "assay: undefined value: {} at {:#x} of '{}'{}{} depends on {}\n", use.what,
               use.address, image.program, place.empty() ? "" : ", ", place, use.origin);
  };
}

int tell_adverse(const MemoryTree& files, const machine::Request& request) {
  const Result<std::vector<std::string>> lines = run_adverse(files, request);
  if (!lines) return cannot_run(lines.error());
  for (const std::string& line : *lines) fmt::print(stderr, "assay: {} [adverse-differs]\n", line);
  return lines->empty() ? 0 : kStatusDepends;
}

int run(const Settings& settings) {
  for (const std::string& wish : settings.write_back) {
    if (wish.find('=') == std::string::npos) return cannot_run({"usage", "--write-back wants PATH=HOSTPATH"});
  }
  MemoryTree files(std::make_shared<HostTree>(settings.tree));
  const Result<std::string> cwd =
      settings.cwd.empty() ? Result<std::string>("") : resolve_path(files, "", settings.cwd);
  if (!cwd) return cannot_run(cwd.error());
  if (const Result<void> checked = check_machine(settings); !checked) return cannot_run(checked.error());
  Result<std::optional<machine::KnightMachine>> knight = knight_machine(settings.knight);
  if (!knight) return cannot_run(knight.error());
  if (auto checked = check_architecture(files, settings, *cwd); !checked) return cannot_run(checked.error());
  const Result<machine::EngineKind> engine = engine_choice();
  if (!engine) return cannot_run(engine.error());
  machine::Request request;
  request.program = settings.program.front();
  request.argv = settings.program;
  request.env = settings.env;
  request.cwd = *cwd;
  request.engine = *engine;
  request.knight = *knight;
  if (settings.max_instructions != 0) {
    request.limits.image_instructions = settings.max_instructions;
    request.limits.instructions = std::max(request.limits.instructions, settings.max_instructions);
  }
  if (!settings.input.empty()) {
    Result<Bytes> input = read_host_file(settings.input == "-" ? "/dev/stdin" : settings.input);
    if (!input) return cannot_run(input.error());
    request.standard_input = std::move(*input);
  }
  Result<SourceLines> lines = read_maps(files, *cwd, settings.program.front(), settings.maps,
                                        *knight ? ProgramForm::memory : ProgramForm::elf);
  if (!lines) return cannot_run(lines.error());
  WatchWishes wishes = settings.watch;
  if (auto read = read_breaks(*lines, settings.breaks, wishes); !read) return cannot_run(read.error());
  Result<std::vector<machine::MemoryWish>> dumps = read_dumps(*lines, settings.dumps);
  if (!dumps) return cannot_run(dumps.error());
  request.dumps = std::move(*dumps);
  int depends = 0;
  Result<machine::Surrounding> surrounding = machine::kFriendly;
  if (settings.adverse == kAllSurroundings) {  // before anybody watches: only the last run is shown
    depends = tell_adverse(files, request);
    if (depends == kStatusCannotRun) return depends;
  } else if (!settings.adverse.empty()) {
    surrounding = machine::make_surrounding(settings.adverse);
    if (!surrounding) return cannot_run(surrounding.error());
    request.surrounding = &*surrounding;
  }
  TraceFile trace;
  if (auto opened = trace.open(settings.trace_file); !opened) return cannot_run(opened.error());
  RunWatch observer(wishes, *lines, [&trace](std::string_view line) { trace.line(line); });
  watch(request, settings, observer, *lines);
  std::size_t undefined_uses = 0;
  if (settings.undefined) watch_undefined(request, *lines, undefined_uses);
  const Result<machine::Outcome> outcome = machine::run(files, request);
  if (!outcome) return cannot_run(outcome.error());
  if (const std::vector<Error> troubles = files.troubles(); !troubles.empty())
    return cannot_run(troubles.front());
  std::fflush(stdout);
  for (const std::vector<std::string>* told : {&outcome->findings, &outcome->notes}) {
    for (const std::string& one : *told) assay::print_error("assay: {}\n", one);
  }
  if (settings.stats) print_stats(*outcome);
  if (auto written = write_back(files, *cwd, settings.write_back); !written)
    return cannot_run(written.error());
  if (outcome->stop != machine::Stop::exited)
    assay::print_error("assay: stopped: {}: {}\n", name_of(outcome->stop), outcome->message);
  report_stop(settings, request, *outcome, *lines, observer);
  const bool only_objects = wishes.json && settings.trace_file.empty();  // on standard error
  if (!only_objects) tell_unwritten(*outcome, files, *cwd, settings.write_back);
  if (auto closed = trace.close(); !closed) return cannot_run(closed.error());
  if (auto written = write_coverage(settings.coverage_file, observer.coverage(), *lines); !written)
    return cannot_run(written.error());
  if (depends != 0 || undefined_uses != 0) return kStatusDepends;
  return outcome->stop == machine::Stop::exited ? outcome->status : kStatusStopped;
}

TraceKind trace_kind(std::string_view name) {
  if (name == "insn") return TraceKind::instructions;
  if (name == "block") return TraceKind::blocks;
  return name == "syscall" ? TraceKind::system_calls : TraceKind::none;
}

void add_watch_options(CLI::App& command, Settings& settings) {
  command
      .add_option("--trace", settings.trace, "Log instructions, jumps or system calls: insn, block, syscall")
      ->type_name("KIND")
      ->check(CLI::IsMember({"insn", "block", "syscall"}).description(""));
  command
      .add_option("--trace-format", settings.trace_format,
                  "How: text (the default), or json: an object a line")
      ->type_name("FORMAT")
      ->check(CLI::IsMember({"text", "json"}).description(""));
  command
      .add_option("--trace-file", settings.trace_file,
                  "Where to ('-': standard output); standard error if left out")
      ->type_name("FILE");
  command
      .add_option("--trace-limit", settings.watch.trace_limit,
                  fmt::format("Most lines of a trace; {} if left out", kTraceLines))
      ->type_name("N");
  command
      .add_option("--coverage", settings.coverage_file,
                  "Write which instructions ran how often; JSON if FILE ends in .json")
      ->type_name("FILE");
  command
      .add_option("--break", settings.breaks,
                  "Stop before the instruction at this address of any program, or at this label or FILE:LINE "
                  "of a --program-map")
      ->type_name("PLACE")
      ->allow_extra_args(false);
  command
      .add_option(
          "--dump", settings.dumps,
          "Where the run stops, show 64 (SIZE) bytes of memory at an address, a label, what a register "
          "points at, or 'stack'")
      ->type_name("PLACE[,SIZE]")
      ->allow_extra_args(false);
  command
      .add_option(
          "--program-map", settings.maps,
          "What --map of an assembler wrote for the program (or the one at PATH, or the text PATH that "
          "a map before was made from): name source lines")
      ->type_name("[PATH=]FILE")
      ->allow_extra_args(false);
}

}  // namespace

void add_run_command(CLI::App& app, int& status) {
  auto settings = std::make_shared<Settings>();
  CLI::App& command = *app.add_subcommand(
      "run", "Runs one program of a tree in the machine: assay run [OPTIONS] PROGRAM [ARGS...]");
  command.add_option("--tree", settings->tree, "The directory that is the program's root; never written")
      ->required()
      ->check(CLI::ExistingDirectory);
  command.add_option("--arch", settings->arch, "Insist on a program for this architecture")
      ->type_name("NAME");
  command.add_option("--cwd", settings->cwd, "Directory of the tree to start in")->type_name("DIR");
  command.add_option("--stdin", settings->input, "Standard input ('-': assay's own); empty if left out")
      ->type_name("FILE");
  command.add_option("--env", settings->env, "Add NAME=VALUE to the otherwise empty environment")
      ->type_name("NAME=VALUE")
      ->allow_extra_args(false);
  command.add_option("--write-back", settings->write_back, "Copy a file of the tree to the host afterwards")
      ->type_name("PATH=HOSTPATH")
      ->allow_extra_args(false);
  command.add_option("--max-insns", settings->max_instructions, "Stop a program after so many instructions")
      ->type_name("N");
  command.add_flag("--syscalls", settings->system_calls, "Log every system call on standard error");
  command.add_flag("--stats", settings->stats, "Print instructions, system calls and peak memory");
  command.add_flag(
      "--adverse{all}", settings->adverse,
      "Also run it with all that kernels leave open in other ways (or, with --adverse=WHAT, run it in "
      "that surrounding): noise, old-kernel, crowded, pointers, sparing, or a list of registers, stack, "
      "arguments, descriptors, heap, old-heap, tail, reads, writes, processes");
  command.add_flag("--undefined", settings->undefined,
                   "Tell where it depends on a value that nobody gave (slow)");
  add_knight_options(command, settings->knight);
  add_watch_options(command, *settings);
  // Everything from the first word that is not an option of ours belongs to the program.
  command.prefix_command();
  command.footer(
      "Options come first; the program and its own arguments follow.\n"
      "Exit status: the program's own; 126 if the machine stopped it, 125 if it depends on its surrounding\n"
      "or on a value that nobody gave, 2 if it cannot run.");
  command.callback([settings, &status, &command] {
    settings->program = command.remaining();
    settings->watch.trace = trace_kind(settings->trace);
    settings->watch.json = settings->trace_format == "json";
    settings->watch.coverage = !settings->coverage_file.empty();
    status = settings->program.empty() ? cannot_run({"usage", "a program is required"}) : run(*settings);
  });
}

}  // namespace assay::bootstrap

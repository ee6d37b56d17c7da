// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/system_call_host.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sched.h>
#include <sys/personality.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>

#include "core/host_tree.h"
#include "core/paths.h"
#include "exec/run.h"
#include "tests/support/find_program.h"
#include "tests/support/subprocess.h"

namespace assay::test {
namespace {

constexpr unsigned kSeconds = 20;
constexpr unsigned kOpenFiles = 1024;

void lay_out(const MemoryTree& tree, const std::string& path, const std::filesystem::path& to) {
  const NodeState state = tree.state(path);
  const std::filesystem::path here = to / path;
  if (state.kind == NodeKind::link) {
    std::filesystem::create_symlink(state.target, here);
    return;
  }
  if (state.kind == NodeKind::directory) {
    if (!path.empty()) std::filesystem::create_directory(here);
    const std::vector<std::string> names = tree.list(path).value();
    for (const std::string& name : names) lay_out(tree, join_path(path, name), to);
  } else {
    std::ofstream(here, std::ios::binary)
        .write(reinterpret_cast<const char*>(state.bytes->data()),
               static_cast<std::streamsize>(state.bytes->size()));
  }
  ::chmod(here.c_str(), state.mode);
}

void describe(const FileTree& tree, const std::string& path, std::vector<std::string>& lines) {
  const Result<NodeInfo> info = tree.info(path);
  if (!info) {
    lines.push_back(fmt::format("'{}' {}", path, info.error().id));
    return;
  }
  if (info->kind == NodeKind::link) {
    lines.push_back(fmt::format("'{}' -> '{}'", path, *tree.link_target(path)));
    return;
  }
  if (info->kind == NodeKind::directory) {
    lines.push_back(fmt::format("'{}' directory {:o}", path, info->mode));
    const std::vector<std::string> names = tree.list(path).value_or(std::vector<std::string>{});
    for (const std::string& name : names) describe(tree, join_path(path, name), lines);
    return;
  }
  const std::shared_ptr<const Bytes> bytes = *tree.read(path);
  std::size_t hash = 0;
  for (const Byte byte : *bytes) hash = hash * 31 + byte;
  lines.push_back(fmt::format("'{}' file {:o} {} bytes {:x} {:.40}", path, info->mode, bytes->size(), hash,
                              to_hex(ByteView(*bytes).first(std::min<std::size_t>(bytes->size(), 20)))));
}

bool write_file(const char* path, const std::string& text) {
  const int fd = ::open(path, O_WRONLY);
  if (fd < 0) return false;
  const bool done = ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  ::close(fd);
  return done;
}

/// Root for chroot: really, or in a user namespace.
bool become_root() {
  if (::geteuid() == 0) return true;
  const auto user = ::geteuid();
  const auto group = ::getegid();
  return ::unshare(CLONE_NEWUSER) == 0 && write_file("/proc/self/setgroups", "deny") &&
         write_file("/proc/self/uid_map", fmt::format("0 {} 1", user)) &&
         write_file("/proc/self/gid_map", fmt::format("0 {} 1", group));
}

struct Ended {
  std::string output;
  int status = 0;
};

constexpr int kCannot = 97;  // the exit status of a child that could not start

/// Runs `child`, which executes something, with pipes as its streams.
Ended run_child(const std::function<void()>& child) {
  int input[2];
  int output[2];
  int error[2];
  if (::pipe(input) != 0 || ::pipe(output) != 0 || ::pipe(error) != 0) return {"", kCannot << 8};
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::dup2(input[0], 0);
    ::dup2(output[1], 1);
    ::dup2(error[1], 2);
    for (int fd = 3; fd < 256; ++fd) ::close(fd);
    const rlimit limit{kOpenFiles, kOpenFiles};
    ::setrlimit(RLIMIT_NOFILE, &limit);
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
    ::umask(022);
    ::alarm(kSeconds);
    child();
    ::_exit(kCannot);
  }
  ::close(input[0]);
  ::close(input[1]);
  ::close(output[1]);
  ::close(error[1]);
  Ended ended;
  std::array<char, 65536> piece{};
  bool open[2] = {true, true};
  while (open[0] || open[1]) {
    pollfd fds[] = {{open[0] ? output[0] : -1, POLLIN, 0}, {open[1] ? error[0] : -1, POLLIN, 0}};
    if (::poll(fds, 2, -1) < 0 && errno != EINTR) break;
    for (int index = 0; index < 2; ++index) {
      if (fds[index].revents == 0) continue;
      const ssize_t got = ::read(fds[index].fd, piece.data(), piece.size());
      if (got <= 0) open[index] = false;
      if (got > 0 && index == 0) ended.output.append(piece.data(), static_cast<std::size_t>(got));
    }
  }
  ::close(output[0]);
  ::close(error[0]);
  while (::waitpid(pid, &ended.status, 0) < 0 && errno == EINTR) {
  }
  return ended;
}

std::vector<std::string> lines_of(const CallList& list, std::string_view output, int wait_status,
                                  const FileTree& tree) {
  std::vector<std::string> lines = list.results(output);
  lines.push_back(fmt::format("wait status {:#x}", wait_status));
  const std::vector<std::string> files = tree_lines(tree);
  lines.insert(lines.end(), files.begin(), files.end());
  return lines;
}

CallOutcome run_in_directory(const CallList& list, const std::function<void()>& child) {
  const Scratch scratch;
  lay_out(tree_for(list), "", scratch.path());
  const Ended ended = run_child([&] {
    if (::chdir(scratch.path().c_str()) == 0) child();
  });
  if (WIFEXITED(ended.status) && WEXITSTATUS(ended.status) == kCannot) return {{}, "it could not be started"};
  return {lines_of(list, ended.output, ended.status, HostTree(scratch.path())), ""};
}

}  // namespace

MemoryTree tree_for(const CallList& list) {
  MemoryTree tree;
  (void)tree.create("dir", NodeKind::directory, 0755);
  (void)tree.create("empty", NodeKind::directory, 0755);
  (void)tree.create("dir/sub", NodeKind::directory, 0700);
  tree.put("a", to_bytes("abcdefghijklmnopqrstuvwxyz"));
  Bytes big(5000);
  for (std::size_t index = 0; index < big.size(); ++index) big[index] = static_cast<Byte>(index * 7);
  tree.put("big", std::move(big), 0600);
  tree.put("dir/inner", to_bytes("inner\n"));
  tree.put("plain", to_bytes("not a program\n"));
  tree.put("text", to_bytes("no program either\n"), 0755);
  tree.put("guest", list.program(), 0755);
  tree.put("crash", crashing_program(list.isa()), 0755);
  tree.put("seven", exiting_program(list.isa()), 0755);
  const auto link = [&](const char* path, const char* target) {
    (*tree.create(path, NodeKind::link, 0777))->target = target;
  };
  link("link", "a");
  link("dlink", "dir");
  link("slash", "dir/");
  link("broken", "nowhere");
  link("loop", "loop");
  link("dir/up", "../a");
  link("absolute", "/dir/inner");
  return tree;
}

std::vector<std::string> tree_lines(const FileTree& tree) {
  std::vector<std::string> lines;
  describe(tree, "", lines);
  lines.erase(lines.begin());  // the root's mode is the host's affair
  return lines;
}

bool host_runs(const machine::Isa& isa) {
#if defined(__x86_64__) && defined(__linux__)
  if (isa.abi != machine::Abi::amd64 && isa.abi != machine::Abi::x86) return false;
  const Scratch scratch;
  scratch.write("seven", exiting_program(isa), 0755);
  const std::string path = scratch.file("seven");
  return run({.argv = {path}}).status == "exit:7";
#else
  return false;
#endif
}

std::optional<std::string> find_emulator(const machine::Isa& isa) {
  const std::string name = isa.abi == machine::Abi::arm ? "arm" : std::string(isa.name);
  return find_program("qemu-" + name);
}

CallOutcome run_on_host(const CallList& list) {
  return run_in_directory(list, [] {
    char name[] = "/guest";
    char* const argv[] = {name, nullptr};
    char* const env[] = {nullptr};
    ::personality(ADDR_NO_RANDOMIZE);
    if (become_root() && ::chroot(".") == 0 && ::chdir("/") == 0) ::execve(name, argv, env);
  });
}

CallOutcome run_in_emulator(const CallList& list, const std::string& emulator) {
  return run_in_directory(list, [&emulator] {
    char name[] = "./guest";
    std::string path = emulator;
    char* const argv[] = {path.data(), name, nullptr};
    char* const env[] = {nullptr};
    ::execve(path.c_str(), argv, env);
  });
}

CallOutcome run_in_machine(const CallList& list, machine::EngineKind engine, machine::Outcome* given) {
  MemoryTree tree = tree_for(list);
  machine::Request request;
  request.program = "/guest";
  request.argv = {"/guest"};
  request.engine = engine;
  Result<machine::Outcome> outcome = machine::run(tree, request);
  if (!outcome) return {{}, outcome.error().message};
  const bool by_signal = outcome->status > 128 && outcome->stop != machine::Stop::exited;
  if (!by_signal && outcome->stop != machine::Stop::exited) return {{}, outcome->message};
  const int status = by_signal ? outcome->status - 128 : outcome->status << 8;
  CallOutcome result{lines_of(list, std::string(as_text(outcome->standard_output)), status, tree), ""};
  if (given != nullptr) *given = std::move(*outcome);
  return result;
}

CallOutcome run_in_exec(const CallList& list, bool translate) {
  MemoryTree tree = tree_for(list);
  const Bytes program = list.program();
  exec::Request request;
  request.program = program;
  request.argv = {"/guest"};
  request.running = {"guest"};
  request.start = [](const exec::Start& start) -> std::optional<exec::Ended> {
    if (start.program == "seven") return exec::Ended{7};
    if (start.program == "crash") return exec::Ended{0, 4};
    return std::nullopt;
  };
  request.files = &tree;
  request.engine = translate ? exec::Engine::translate : exec::Engine::interpret;
  const Result<exec::Outcome> outcome = exec::run(request);
  if (!outcome) return {{}, outcome.error().message};
  if (outcome->ending != Ending::exits) return {{}, outcome->reason};
  return {lines_of(list, outcome->standard_output, outcome->status << 8, tree), ""};
}

}  // namespace assay::test

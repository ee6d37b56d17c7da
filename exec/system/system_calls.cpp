// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "exec/system/system.h"

#include "exec/system/start_block.h"

#include <fmt/format.h>

#include <algorithm>

#include "exec/system/errors.h"

namespace assay::exec {
namespace {

constexpr std::uint64_t kMostHeap = std::uint64_t{1} << 30;
constexpr std::uint64_t kMostStack = std::uint64_t{8} << 20;  // what a kernel gives
constexpr std::size_t kMostText = 131072;
constexpr std::size_t kMostTexts = std::size_t{2} << 20;  // bytes of all of them, pointers among them
constexpr std::uint64_t kCreateToWrite = 01101;           // O_CREAT, O_WRONLY, O_TRUNC
/// Behind it no kernel has a call: each answers ENOSYS.
constexpr std::uint64_t kLastNumber = 511;

struct CallRow {
  std::uint16_t number;
  Call call;
};
constexpr CallRow kX86Calls[] = {{1, Call::exit},
                                 {2, Call::fork},
                                 {3, Call::read},
                                 {4, Call::write},
                                 {5, Call::open},
                                 {6, Call::close},
                                 {7, Call::waitpid},
                                 {10, Call::unlink},
                                 {11, Call::execve},
                                 {12, Call::chdir},
                                 {15, Call::chmod},
                                 {19, Call::lseek},
                                 {33, Call::access},
                                 {39, Call::mkdir},
                                 {45, Call::brk},
                                 {20, Call::getpid},
                                 {24, Call::identity},
                                 {47, Call::identity},
                                 {49, Call::identity},
                                 {50, Call::identity},
                                 {60, Call::umask},
                                 {64, Call::getppid},
                                 {114, Call::wait4},
                                 {122, Call::uname},
                                 {183, Call::getcwd},
                                 {252, Call::exit},
                                 {54, Call::ioctl},
                                 {83, Call::symlink},
                                 {265, Call::clock_gettime},
                                 {8, Call::creat},
                                 {13, Call::time},
                                 {38, Call::rename},
                                 {40, Call::rmdir},
                                 {41, Call::dup},
                                 {42, Call::pipe},
                                 {48, Call::signal},
                                 {55, Call::fcntl},
                                 {63, Call::dup2},
                                 {78, Call::gettimeofday},
                                 {106, Call::stat},
                                 {107, Call::lstat},
                                 {108, Call::fstat},
                                 {118, Call::fsync},
                                 {141, Call::getdents},
                                 {195, Call::stat64},
                                 {196, Call::lstat64},
                                 {197, Call::fstat64},
                                 {221, Call::fcntl}};
// x86's numbers, without waitpid.
constexpr CallRow kArmCalls[] = {
    {1, Call::exit},      {2, Call::fork},      {3, Call::read},      {4, Call::write},     {5, Call::open},
    {6, Call::close},     {10, Call::unlink},   {11, Call::execve},   {12, Call::chdir},    {15, Call::chmod},
    {19, Call::lseek},    {20, Call::getpid},   {33, Call::access},   {39, Call::mkdir},    {45, Call::brk},
    {24, Call::identity}, {47, Call::identity}, {49, Call::identity}, {50, Call::identity}, {60, Call::umask},
    {64, Call::getppid},  {114, Call::wait4},   {122, Call::uname},   {183, Call::getcwd},  {248, Call::exit},
    {8, Call::creat}};
constexpr CallRow kAmd64Calls[] = {
    {0, Call::read},       {1, Call::write},      {2, Call::open},          {3, Call::close},
    {8, Call::lseek},      {12, Call::brk},       {21, Call::access},       {57, Call::fork},
    {59, Call::execve},    {60, Call::exit},      {61, Call::wait4},        {63, Call::uname},
    {79, Call::getcwd},    {80, Call::chdir},     {83, Call::mkdir},        {39, Call::getpid},
    {87, Call::unlink},    {90, Call::chmod},     {95, Call::umask},        {102, Call::identity},
    {104, Call::identity}, {107, Call::identity}, {108, Call::identity},    {110, Call::getppid},
    {231, Call::exit},     {16, Call::ioctl},     {88, Call::symlink},      {228, Call::clock_gettime},
    {85, Call::creat},     {4, Call::stat},       {5, Call::fstat},         {6, Call::lstat},
    {32, Call::dup},       {33, Call::dup2},      {72, Call::fcntl},        {74, Call::fsync},
    {82, Call::rename},    {84, Call::rmdir},     {96, Call::gettimeofday}, {201, Call::time}};
constexpr CallRow kGenericCalls[] = {
    {17, Call::getcwd},        {34, Call::mkdirat},   {35, Call::unlinkat},  {48, Call::faccessat},
    {49, Call::chdir},         {53, Call::fchmodat},  {56, Call::openat},    {57, Call::close},
    {62, Call::lseek},         {63, Call::read},      {64, Call::write},     {93, Call::exit},
    {94, Call::exit},          {95, Call::waitid},    {160, Call::uname},    {166, Call::umask},
    {172, Call::getpid},       {173, Call::getppid},  {174, Call::identity}, {175, Call::identity},
    {176, Call::identity},     {177, Call::identity}, {214, Call::brk},      {220, Call::clone},
    {221, Call::execve},       {260, Call::wait4},    {29, Call::ioctl},     {36, Call::symlinkat},
    {113, Call::clock_gettime}};

// What a 32-bit architecture has otherwise.
constexpr CallRow kGeneric32Calls[] = {{62, Call::llseek}};

std::span<const CallRow> calls_of(const InstructionSet& set) {
  if (set.elf_machine == 3) return kX86Calls;
  if (set.elf_machine == 62) return kAmd64Calls;
  if (set.elf_machine == 40) return kArmCalls;
  return kGenericCalls;
}

std::uint64_t page_up(std::uint64_t value) { return (value + 4095) & ~std::uint64_t{4095}; }

}  // namespace

System::System(const Request& request, Program& program, Image& image, const InstructionSet& set)
    : request_(request),
      tree_(*request.files),
      program_(program),
      image_(image),
      set_(set),
      cwd_(request.cwd),
      times_(request.times != nullptr ? request.times : &own_times_) {
  for (const CallRow& row : calls_of(set)) calls_[row.number] = row.call;
  if (set.name == "riscv32") {
    for (const CallRow& row : kGeneric32Calls) calls_[row.number] = row.call;
  }
  // A kernel leaves a gap before the heap, another one each time; the machine has none.
  constexpr std::uint64_t kMostGap = 1024;  // pages
  std::uint64_t gap = 5;
  for (const Byte byte : request.program.first(std::min<std::size_t>(request.program.size(), 4096)))
    gap = gap * 31 + byte;
  if (request.surroundings.number != 0) gap = drawn(request.surroundings.number, 7);
  heap_begin_ = page_up(image.end()) + (gap % kMostGap + 1) * 4096;
  for (const std::string& path : request.running) {
    if (std::shared_ptr<Node> node = tree_.find(path); node != nullptr) running_.push_back(std::move(node));
  }
  files_.resize(3);
  files_[0] = std::make_shared<OpenFile>(OpenFile{.reads = true, .given = request_.standard_input});
  files_[1] = std::make_shared<OpenFile>(OpenFile{.writes = true, .console = &outcome_.standard_output});
  files_[2] = std::make_shared<OpenFile>(OpenFile{.writes = true, .console = &outcome_.standard_error});
}

Result<void> System::begin(Registers& registers) {
  const Surroundings& around = request_.surroundings;
  std::vector<std::string> env = request_.env;
  const auto is_given = [&](const std::string& one) {
    const std::string_view name = std::string_view(one).substr(0, one.find('=') + 1);
    return std::ranges::any_of(request_.env,
                               [&](const std::string& other) { return other.starts_with(name); });
  };
  std::ranges::remove_copy_if(around.variables, std::back_inserter(added_), is_given);
  env.insert(env.end(), added_.begin(), added_.end());
  const Result<std::uint64_t> stack = put_start_block({request_.argv, env, around.number}, set_, image_);
  if (!stack) return tl::unexpected<Error>(stack.error());
  registers[set_.stack] = *stack;
  registers.output = &output_;
  registers.input = &input_;
  registers.heap = heap_begin_;
  registers.heap_most = std::min(heap_begin_ + kMostHeap, kTop - kStackBytes - 1);
  return {};
}

std::int64_t System::give_up(std::string reason) {
  over_ = true;
  outcome_.ending = Ending::undefined;
  outcome_.reason = std::move(reason);
  return 0;
}

bool System::call(Registers& registers) {
  settle_streams();
  const std::uint64_t number = registers[set_.calls.number];
  const Call call = number < calls_.size() ? calls_[number] : Call::none;
  std::int64_t result = kNoCall;
  heap_end_ = registers.heap;
  call_address_ = registers.next - (set_.elf_machine == 3 || set_.elf_machine == 62 ? 2 : 4);
  note_running_children(call, registers);
  if (call == Call::none && number <= kLastNumber) {
    give_up(fmt::format("system call {} is not known", number));
  } else if (call == Call::none) {
  } else if (call == Call::exit) {
    end(static_cast<int>(registers[set_.calls.words[0]] & 0xff) << 8);
    return false;
  } else {
    result = dispatch(call, registers);
  }
  if (over_ || child_ended_) return false;
  open_streams(call, registers[set_.calls.words[0]], result);
  registers[set_.calls.result] =
      set_.word_bytes == 8 ? static_cast<std::uint64_t>(result) : static_cast<std::uint32_t>(result);
  return true;
}

std::int64_t System::dispatch(Call call, Registers& registers) {
  const auto word = [&](unsigned index) { return registers[set_.calls.words[index]]; };
  // Calls with a directory before the path: only the current one, or the path is absolute, is ever passed.
  const auto at_current = [&] { return static_cast<std::int32_t>(word(0)) == -100; };
  switch (call) {
    case Call::access: return check_access(word(0), word(1));
    case Call::brk: return set_break(registers, word(0));
    case Call::chdir: return change_directory(word(0));
    case Call::chmod: return change_mode(word(0), word(1));
    case Call::creat: return open(word(0), kCreateToWrite, word(1));
    case Call::close:
      if (file(word(0)) == nullptr) return kBadFile;
      files_[static_cast<std::uint32_t>(word(0))] = nullptr;
      closed_by_execve_.erase(static_cast<std::uint32_t>(word(0)));
      return 0;
    case Call::dup: return duplicate(word(0), 0);
    case Call::dup2: return duplicate_as(word(0), word(1));
    case Call::execve: return execute(registers);
    case Call::fcntl: return control_file(word(0), word(1), word(2));
    case Call::fstat: return stat_open(word(0), word(1), false);
    case Call::fstat64: return stat_open(word(0), word(1), true);
    case Call::fsync: return file(word(0)) == nullptr ? kBadFile : 0;
    case Call::getdents: return read_directory(file(word(0)), word(1), word(2) & 0xffffffff);
    case Call::gettimeofday: return time_of_day(word(0), word(1));
    case Call::lstat: return stat(word(0), word(1), false, false);
    case Call::lstat64: return stat(word(0), word(1), false, true);
    case Call::pipe: return make_pipe(word(0));
    case Call::rename: return rename(word(0), word(1));
    case Call::rmdir: return remove_directory(word(0));
    case Call::signal: return set_handler(word(0), word(1));
    case Call::stat: return stat(word(0), word(1), true, false);
    case Call::stat64: return stat(word(0), word(1), true, true);
    case Call::time: return time(word(0));
    case Call::faccessat:
      return at_current() ? check_access(word(1), word(2)) : give_up("faccessat of a directory");
    case Call::fchmodat:
      return at_current() ? change_mode(word(1), word(2)) : give_up("fchmodat of a directory");
    case Call::clock_gettime: rely("system-call clock_gettime"); return kNoCall;  // there is no clock
    case Call::clone:
      if (word(0) != 17) return give_up("clone of a thread");
      return fork(registers);
    case Call::fork: return fork(registers);
    case Call::getcwd: return current_directory(word(0), word(1));
    case Call::getpid: rely("process-number"); return kOwnNumber + static_cast<int>(children_);
    case Call::getppid: rely("process-number"); return kOwnNumber - 1 + static_cast<int>(children_);
    case Call::identity: rely("identity"); return 0;
    case Call::ioctl: return control(word(0));
    case Call::llseek: return long_seek(registers);
    case Call::lseek: {
      const std::uint64_t offset = word(1);
      return seek(
          file(word(0)),
          set_.word_bytes == 8 ? static_cast<std::int64_t>(offset) : static_cast<std::int32_t>(offset),
          word(2));
    }
    case Call::mkdir: return make_directory(word(0), word(1));
    case Call::mkdirat:
      return at_current() ? make_directory(word(1), word(2)) : give_up("mkdirat of a directory");
    case Call::open: return open(word(0), word(1), word(2));
    case Call::openat:
      return at_current() ? open(word(1), word(2), word(3)) : give_up("openat of a directory");
    case Call::read: return read(file(word(0)), word(1), word(2));
    case Call::symlink: return make_link(word(0), word(1));
    case Call::symlinkat:
      return static_cast<std::int32_t>(word(1)) == -100 ? make_link(word(0), word(2))
                                                        : give_up("symlinkat of a directory");
    case Call::umask: rely("umask"); return std::exchange(umask_, static_cast<std::uint32_t>(word(0) & 0777));
    case Call::uname: return name_system(word(0));
    case Call::unlink: return remove(word(0));
    case Call::unlinkat:
      return at_current() && word(2) == 0 ? remove(word(1)) : give_up("unlinkat of a directory");
    case Call::wait4: return wait(static_cast<std::int32_t>(word(0)), word(1), word(2), word(3));
    case Call::waitpid: return wait(static_cast<std::int32_t>(word(0)), word(1), word(2), 0);
    case Call::waitid: return wait_for_info(registers);
    case Call::write: return write(file(word(0)), word(1), word(2));
    default: return kNoCall;
  }
}

void System::rely(std::string_view what) {
  constexpr std::size_t kMost = 100;
  std::vector<Reliance>& all = outcome_.reliances;
  const bool known = std::any_of(all.begin(), all.end(), [&](const Reliance& one) {
    return one.what == what && one.address == call_address_;
  });
  if (!known && all.size() < kMost) all.push_back({std::string(what), call_address_});
}

/// A kernel may carry out a call while a child still runs that has ended here.
void System::note_running_children(Call call, const Registers& registers) {
  if (ended_.empty() || call == Call::brk || call == Call::umask) return;
  const auto word = [&](unsigned index) { return registers[set_.calls.words[index]]; };
  constexpr std::uint64_t kNoHang = 1;
  if ((call == Call::wait4 || call == Call::waitpid) && (word(2) & kNoHang) == 0) return;
  if (call == Call::waitid && (word(3) & kNoHang) == 0) return;
  rely("unwaited-child");
}

/// A descriptor is an int, whatever the upper half of its register holds.
System::OpenFile* System::file(std::uint64_t fd) const {
  const auto number = static_cast<std::uint32_t>(fd);
  return number < files_.size() ? files_[number].get() : nullptr;
}

/// The image's pages, the heap, the stack as large as a kernel lets it grow.
std::uint64_t System::mapped(std::uint64_t at, std::uint64_t bytes) const {
  const std::pair<std::uint64_t, std::uint64_t> pieces[] = {
      {image_.base(), page_up(image_.end())},
      {heap_begin_, page_up(heap_end_)},
      {image_.stack_top() - kMostStack, image_.stack_top()}};
  std::uint64_t end = at;
  for (const auto& [low, high] : pieces) {
    if (end >= low && end < high) end = std::min(high, bytes > high - end + (end - at) ? high : at + bytes);
  }
  return end - at;
}

bool System::is_in_range(std::uint64_t at, std::uint64_t bytes) const {
  // A 32-bit x86 program runs on a 64-bit kernel; riscv32 has a kernel of its own.
  std::uint64_t end = (std::uint64_t{1} << 47) - 4096;
  if (set_.name == "AArch64") end = std::uint64_t{1} << 48;
  if (set_.name == "riscv32") end = std::uint64_t{3} << 30;
  return at <= end && bytes <= end - at;
}

/// Nothing if it is not readable up to its end or its first `most` bytes.
std::optional<std::string> System::text(std::uint64_t at, std::size_t most) const {
  std::string result;
  while (result.size() < most) {
    const std::uint64_t room = mapped(at, 4096 - at % 4096);
    if (room == 0) return std::nullopt;
    const auto* const from = reinterpret_cast<const char*>(image_.at(at));
    const std::size_t length = ::strnlen(from, std::min<std::size_t>(room, most - result.size()));
    result.append(from, length);
    if (length < room) return result;
    at += room;
  }
  return result;
}

std::int64_t System::texts(std::uint64_t at, std::vector<std::string>& result, std::size_t& total) const {
  for (; at != 0; at += set_.word_bytes) {
    if (mapped(at, set_.word_bytes) != set_.word_bytes) return kFault;
    const std::uint64_t pointer =
        set_.word_bytes == 8 ? image_.load<std::uint64_t>(at) : image_.load<std::uint32_t>(at);
    if (pointer == 0) break;
    std::optional<std::string> one = text(pointer, kMostText);
    if (!one) return kFault;
    total += one->size() + set_.word_bytes;
    if (one->size() >= kMostText || total > kMostTexts) return kTooMuch;
    result.push_back(std::move(*one));
  }
  return 0;
}

/// A heap that cannot be is refused by leaving it; one that could be, but not here, ends the run.
std::int64_t System::set_break(Registers& registers, std::uint64_t to) {
  std::uint64_t& heap = registers.heap;
  if (!registers.grow_heap(to) && to >= heap_begin_ && to < heap) {
    // What is given back and taken again is zero.
    std::memset(image_.to_write(to, heap - to), 0, heap - to);
    heap = to;
  } else if (to > heap && is_in_range(to, 0) && (set_.word_bytes == 8 || to < 0xff000000)) {
    return give_up(fmt::format("it asks for a heap up to 0x{:x}: more than {} bytes", to, kMostHeap));
  }
  return static_cast<std::int64_t>(heap);
}

Outcome System::finish(const Halted& last) {
  settle_streams();
  const Halted halted = child_halted_.value_or(last);
  static constexpr std::string_view kReasons[] = {"",
                                                  "",
                                                  "reads or writes outside its memory at",
                                                  "jumps outside its program to",
                                                  "divides by zero or too much at",
                                                  "unknown instruction at",
                                                  "writes over its own code at",
                                                  "does not end; it is at",
                                                  "needs flags that are not known here at"};
  if (halted.why != Halt::ended) {
    outcome_.ending = halted.why == Halt::too_long ? Ending::hangs
                      : halted.why == Halt::unknown_instruction || halted.why == Halt::unknown_flags ||
                              halted.why == Halt::writes_code
                          ? Ending::undefined
                          : Ending::crashes;
    outcome_.reason =
        fmt::format("{} 0x{:x}", kReasons[static_cast<std::size_t>(halted.why)], halted.address);
  }
  std::erase_if(outcome_.outputs, [this](const std::string& path) { return tree_.find(path) == nullptr; });
  return std::move(outcome_);
}

}  // namespace assay::exec

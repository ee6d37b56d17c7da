// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cc/exec/system_calls.h"

#include <fmt/format.h>

#include <algorithm>

namespace assay::exec {
namespace {

constexpr std::uint64_t kMostHeap = std::uint64_t{512} << 20;
constexpr std::size_t kMostFiles = 1024;
constexpr std::size_t kMostText = 131072;
constexpr std::size_t kMostTexts = 10000;
constexpr std::uint64_t kMostFileBytes = std::uint64_t{1} << 30;
constexpr std::size_t kMostConsole = std::size_t{64} << 20;
constexpr unsigned kDeepestFork = 2;
constexpr std::uint64_t kMostJumpsOfChild = std::uint64_t{1} << 30;  // until it counts as hanging

// Error numbers, the same on all five.
constexpr std::int64_t kNoEntry = -2;
constexpr std::int64_t kBadFile = -9;
constexpr std::int64_t kNoChild = -10;
constexpr std::int64_t kNoMemory = -12;
constexpr std::int64_t kNoAccess = -13;
constexpr std::int64_t kFault = -14;
constexpr std::int64_t kExists = -17;
constexpr std::int64_t kNotDirectory = -20;
constexpr std::int64_t kIsDirectory = -21;
constexpr std::int64_t kInvalid = -22;
constexpr std::int64_t kTooManyFiles = -24;
constexpr std::int64_t kNoSeek = -29;
constexpr std::int64_t kRange = -34;
constexpr std::int64_t kNoCall = -38;
constexpr std::int64_t kNotEmpty = -39;
constexpr std::int64_t kTooManyLinks = -40;

struct CallRow {
  std::uint16_t number;
  Call call;
};
constexpr CallRow kX86Calls[] = {
    {1, Call::exit},   {2, Call::fork},    {3, Call::read},    {4, Call::write},    {5, Call::open},
    {6, Call::close},  {7, Call::waitpid}, {10, Call::unlink}, {11, Call::execve},  {12, Call::chdir},
    {15, Call::chmod}, {19, Call::lseek},  {33, Call::access}, {39, Call::mkdir},   {45, Call::brk},
    {60, Call::umask}, {114, Call::wait4}, {122, Call::uname}, {183, Call::getcwd}, {252, Call::exit}};
constexpr CallRow kAmd64Calls[] = {
    {0, Call::read},    {1, Call::write},   {2, Call::open},    {3, Call::close},   {8, Call::lseek},
    {12, Call::brk},    {21, Call::access}, {57, Call::fork},   {59, Call::execve}, {60, Call::exit},
    {61, Call::wait4},  {63, Call::uname},  {79, Call::getcwd}, {80, Call::chdir},  {83, Call::mkdir},
    {87, Call::unlink}, {90, Call::chmod},  {95, Call::umask},  {231, Call::exit}};
constexpr CallRow kGenericCalls[] = {
    {17, Call::getcwd}, {34, Call::mkdirat},  {35, Call::unlinkat}, {48, Call::faccessat},
    {49, Call::chdir},  {53, Call::fchmodat}, {56, Call::openat},   {57, Call::close},
    {62, Call::lseek},  {63, Call::read},     {64, Call::write},    {93, Call::exit},
    {94, Call::exit},   {160, Call::uname},   {166, Call::umask},   {214, Call::brk},
    {220, Call::clone}, {221, Call::execve},  {260, Call::wait4}};

// What a 32-bit architecture has otherwise.
constexpr CallRow kGeneric32Calls[] = {{62, Call::llseek}, {95, Call::waitid}};

std::span<const CallRow> calls_of(const InstructionSet& set) {
  if (set.elf_machine == 3) return kX86Calls;
  if (set.elf_machine == 62) return kAmd64Calls;
  return kGenericCalls;
}

std::int64_t error_number(const Error& error) {
  if (error.id == "file-not-found") return kNoEntry;
  if (error.id == "not-a-directory") return kNotDirectory;
  if (error.id == "too-many-links") return kTooManyLinks;
  if (error.id == "file-exists") return kExists;
  if (error.id == "directory-not-empty") return kNotEmpty;
  return kInvalid;
}

std::uint64_t page_up(std::uint64_t value) { return (value + 4095) & ~std::uint64_t{4095}; }

}  // namespace

System::System(const Request& request, Program& program, Image& image, const InstructionSet& set)
    : request_(request),
      tree_(*request.files),
      program_(program),
      image_(image),
      set_(set),
      cwd_(request.cwd) {
  for (const CallRow& row : calls_of(set)) calls_[row.number] = row.call;
  if (set.name == "riscv32") {
    for (const CallRow& row : kGeneric32Calls) calls_[row.number] = row.call;
  }
  heap_begin_ = page_up(image.end());
  files_.resize(3);
  files_[0] = std::make_shared<OpenFile>(OpenFile{.reads = true});
  files_[1] = std::make_shared<OpenFile>(OpenFile{.writes = true, .console = &outcome_.standard_output});
  files_[2] = std::make_shared<OpenFile>(OpenFile{.writes = true, .console = &outcome_.standard_error});
}

Result<void> System::begin(Registers& registers) {
  const std::uint64_t word = set_.word_bytes;
  std::uint64_t at = kTop - 4096;
  const auto put_word = [&](std::uint64_t place, std::uint64_t value) {
    if (word == 8) {
      image_.store<std::uint64_t>(place, value);
    } else {
      image_.store<std::uint32_t>(place, static_cast<std::uint32_t>(value));
    }
  };
  std::size_t total = 0;
  for (const std::vector<std::string>* list : {&request_.argv, &request_.env}) {
    for (const std::string& text : *list) total += text.size() + 1 + word;
  }
  if (total > kStackBytes / 4)
    return fail("argument-list-too-long", "the arguments of a program take too much room");
  std::vector<std::uint64_t> words{request_.argv.size()};
  for (const std::vector<std::string>* list : {&request_.argv, &request_.env}) {
    for (const std::string& text : *list) {
      at -= text.size() + 1;
      std::memcpy(image_.at(at), text.c_str(), text.size() + 1);
      words.push_back(at);
    }
    words.push_back(0);
  }
  words.insert(words.end(), {0, 0});  // the end of the auxiliary vector
  at = (at & ~std::uint64_t{15}) - (words.size() * word + 15) / 16 * 16;
  for (std::size_t index = 0; index < words.size(); ++index) put_word(at + index * word, words[index]);
  registers[set_.stack] = at;
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
  if (call == Call::none) {
    give_up(fmt::format("system call {} is not known", number));
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
    case Call::close:
      if (file(word(0)) == nullptr) return kBadFile;
      files_[word(0)] = nullptr;
      return 0;
    case Call::execve: return execute(registers);
    case Call::faccessat:
      return at_current() ? check_access(word(1), word(2)) : give_up("faccessat of a directory");
    case Call::fchmodat:
      return at_current() ? change_mode(word(1), word(2)) : give_up("fchmodat of a directory");
    case Call::clone:
      if (word(0) != 17) return give_up("clone of a thread");
      return fork(registers);
    case Call::fork: return fork(registers);
    case Call::getcwd: return current_directory(word(0), word(1));
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
    case Call::open: return open(true, word(0), word(1), word(2));
    case Call::openat: return open(at_current(), word(1), word(2), word(3));
    case Call::read: return read(file(word(0)), word(1), word(2));
    case Call::umask: return std::exchange(umask_, static_cast<std::uint32_t>(word(0) & 0777));
    case Call::uname: return name_system(word(0));
    case Call::unlink: return remove(word(0));
    case Call::unlinkat:
      return at_current() && word(2) == 0 ? remove(word(1)) : give_up("unlinkat of a directory");
    case Call::wait4:
    case Call::waitpid: return wait(word(1));
    case Call::waitid: return wait_for_info(word(2));
    case Call::write: return write(file(word(0)), word(1), word(2));
    default: return kNoCall;
  }
}

System::OpenFile* System::file(std::uint64_t fd) const {
  return fd < files_.size() ? files_[fd].get() : nullptr;
}

std::optional<std::string> System::text(std::uint64_t at) const {
  std::string result;
  for (;; ++at) {
    if (!image_.holds(at, 1) || result.size() > kMostText) return std::nullopt;
    const Byte byte = *image_.at(at);
    if (byte == 0) return result;
    result.push_back(static_cast<char>(byte));
  }
}

std::optional<std::vector<std::string>> System::texts(std::uint64_t at) const {
  std::vector<std::string> result;
  if (at == 0) return result;
  for (; result.size() < kMostTexts; at += set_.word_bytes) {
    if (!image_.holds(at, set_.word_bytes)) return std::nullopt;
    const std::uint64_t pointer =
        set_.word_bytes == 8 ? image_.load<std::uint64_t>(at) : image_.load<std::uint32_t>(at);
    if (pointer == 0) return result;
    std::optional<std::string> one = text(pointer);
    if (!one) return std::nullopt;
    result.push_back(std::move(*one));
  }
  return std::nullopt;
}

std::int64_t System::resolve(std::uint64_t at, LastLink last, std::string& path) const {
  const std::optional<std::string> raw = text(at);
  if (!raw) return kFault;
  Result<std::string> result = resolve_path(tree_, cwd_, *raw, last);
  if (!result) return error_number(result.error());
  path = std::move(*result);
  return 0;
}

std::int64_t System::open(bool at, std::uint64_t path_at, std::uint64_t flags, std::uint64_t mode) {
  constexpr std::uint64_t kCreate = 0100;
  constexpr std::uint64_t kExclusive = 0200;
  constexpr std::uint64_t kTruncate = 01000;
  constexpr std::uint64_t kAppend = 02000;
  const bool exclusive = (flags & kCreate) != 0 && (flags & kExclusive) != 0;
  std::string path;
  if (!at) return give_up("openat of a directory");
  const std::int64_t error = resolve(path_at, exclusive ? LastLink::keep : LastLink::follow, path);
  if (error != 0) return error;
  std::shared_ptr<Node> node = tree_.find(path);
  const bool writes = (flags & 3) == 1 || (flags & 3) == 2;
  bool made = false;
  if (node == nullptr) {
    if ((flags & kCreate) == 0) return kNoEntry;
    Result<std::shared_ptr<Node>> created =
        tree_.create(path, NodeKind::file, static_cast<std::uint32_t>(mode) & ~umask_ & 07777);
    if (!created) return error_number(created.error());
    node = *created;
    made = true;
  } else if (exclusive) {
    return kExists;
  }
  if (node->kind == NodeKind::link) return kTooManyLinks;
  if (node->kind == NodeKind::directory) return writes ? kIsDirectory : give_up("open of a directory");
  const bool truncates = (flags & kTruncate) != 0 && writes;
  if (truncates) node->set_bytes(std::make_shared<const Bytes>());
  std::vector<std::string>& outputs = outcome_.outputs;
  if ((made || writes) && std::find(outputs.begin(), outputs.end(), path) == outputs.end())
    outputs.push_back(path);
  auto free = std::find(files_.begin(), files_.end(), nullptr);
  if (free == files_.end()) {
    if (files_.size() >= kMostFiles) return kTooManyFiles;
    free = files_.insert(files_.end(), nullptr);
  }
  *free = std::make_shared<OpenFile>(OpenFile{.node = std::move(node),
                                              .path = std::move(path),
                                              .reads = (flags & 3) != 1,
                                              .writes = writes,
                                              .appends = (flags & kAppend) != 0});
  return free - files_.begin();
}

std::int64_t System::read(OpenFile* from, std::uint64_t at, std::uint64_t bytes) {
  if (from == nullptr || !from->reads) return kBadFile;
  if (from->node == nullptr) return 0;
  const Bytes& contents = from->node->bytes();
  if (from->offset >= contents.size()) return 0;
  bytes = std::min<std::uint64_t>(bytes, contents.size() - from->offset);
  if (!image_.holds(at, bytes) || image_.is_code(at, bytes)) return kFault;
  std::memcpy(image_.to_write(at, bytes), contents.data() + from->offset, bytes);
  from->offset += bytes;
  return static_cast<std::int64_t>(bytes);
}

std::int64_t System::write(OpenFile* to, std::uint64_t at, std::uint64_t bytes) {
  if (to == nullptr || !to->writes) return kBadFile;
  if (bytes == 0) return 0;
  if (bytes > kTop || !image_.holds(at, bytes)) return kFault;
  const Byte* const from = image_.at(at);
  if (to->console != nullptr) {
    if (to->console->size() + bytes > kMostConsole) return give_up("too much is written to the console");
    to->console->append(from, from + bytes);
    return static_cast<std::int64_t>(bytes);
  }
  if (to->appends) to->offset = to->node->bytes().size();
  if (to->offset + bytes > kMostFileBytes) return give_up(fmt::format("'{}' becomes too large", to->path));
  put(*to, {from, bytes});
  return static_cast<std::int64_t>(bytes);
}

void System::put(OpenFile& to, ByteView bytes) {
  Bytes& contents = to.node->writable();
  if (to.offset == contents.size()) {
    contents.insert(contents.end(), bytes.begin(), bytes.end());
  } else {
    if (to.offset + bytes.size() > contents.size()) contents.resize(to.offset + bytes.size());
    std::memcpy(contents.data() + to.offset, bytes.data(), bytes.size());
  }
  to.offset += bytes.size();
}

/// Where a byte has been read or written, more may follow. What is written goes to the file when the next
/// call is made; so nobody must read it meanwhile.
void System::open_streams(Call call, std::uint64_t number, std::int64_t result) {
  constexpr std::size_t kStreamed = std::size_t{64} << 10;
  if (call != Call::read && call != Call::write) {
    input_.file = output_.file = kNoFile;
    return;
  }
  if (result == 1) (call == Call::read ? input_.file : output_.file) = number;
  const OpenFile* const to = file(output_.file);
  const OpenFile* const from = file(input_.file);
  if (to != nullptr && to->console == nullptr && to->offset == to->node->bytes().size() &&
      to->offset + kStreamed <= kMostFileBytes) {
    streamed_.resize(kStreamed);
    output_.next = streamed_.data();
    output_.end = output_.next + kStreamed;
  }
  if (from != nullptr && from->node != nullptr && (to == nullptr || to->node != from->node) &&
      from->offset < from->node->bytes().size()) {
    const Bytes& contents = from->node->bytes();
    input_.next = contents.data() + from->offset;
    input_.end = contents.data() + contents.size();
  }
}

/// What was read and written meanwhile, as if the system had been called.
void System::settle_streams() {
  if (output_.next != nullptr && output_.next != streamed_.data())
    put(*file(output_.file), {streamed_.data(), static_cast<std::size_t>(output_.next - streamed_.data())});
  if (input_.next != nullptr) {
    OpenFile& from = *file(input_.file);
    from.offset = static_cast<std::uint64_t>(input_.next - from.node->bytes().data());
  }
  output_ = {.file = output_.file};
  input_ = {.file = input_.file};
}

std::int64_t System::seek(OpenFile* file, std::int64_t offset, std::uint64_t whence) {
  if (file == nullptr) return kBadFile;
  if (file->node == nullptr) return kNoSeek;
  if (whence > 2) return kInvalid;
  const std::uint64_t start = whence == 0 ? 0 : whence == 1 ? file->offset : file->node->bytes().size();
  const std::int64_t to = static_cast<std::int64_t>(start) + offset;
  if (to < 0 || static_cast<std::uint64_t>(to) > kMostFileBytes) return kInvalid;
  file->offset = static_cast<std::uint64_t>(to);
  return to;
}

/// A place for the result is often not passed: the file is moved all the same.
std::int64_t System::long_seek(Registers& registers) {
  const auto word = [&](unsigned index) { return registers[set_.calls.words[index]]; };
  const std::int64_t to = seek(file(word(0)), static_cast<std::int64_t>(word(1) << 32 | word(2)), word(4));
  if (to < 0) return to;
  if (!image_.holds(word(3), 8) || image_.is_code(word(3), 8)) return kFault;
  image_.store<std::int64_t>(word(3), to);
  return 0;
}

std::int64_t System::set_break(Registers& registers, std::uint64_t to) {
  std::uint64_t& heap = registers.heap;
  if (!registers.grow_heap(to) && to >= heap_begin_ && to < heap) {
    // What is given back and taken again is zero.
    std::memset(image_.to_write(to, heap - to), 0, heap - to);
    heap = to;
  }
  return static_cast<std::int64_t>(heap);
}

std::int64_t System::remove(std::uint64_t at) {
  std::string path;
  const std::int64_t error = resolve(at, LastLink::keep, path);
  if (error != 0) return error;
  const std::shared_ptr<Node> node = tree_.find(path);
  if (node == nullptr) return kNoEntry;
  if (node->kind == NodeKind::directory) return kIsDirectory;
  const Result<void> removed = tree_.remove(path);
  return removed ? 0 : error_number(removed.error());
}

std::int64_t System::make_directory(std::uint64_t at, std::uint64_t mode) {
  std::string path;
  const std::int64_t error = resolve(at, LastLink::keep, path);
  if (error != 0) return error;
  const auto made =
      tree_.create(path, NodeKind::directory, static_cast<std::uint32_t>(mode) & ~umask_ & 07777);
  return made ? 0 : error_number(made.error());
}

std::int64_t System::change_mode(std::uint64_t at, std::uint64_t mode) {
  std::string path;
  const std::int64_t error = resolve(at, LastLink::follow, path);
  if (error != 0) return error;
  const std::shared_ptr<Node> node = tree_.find(path);
  if (node == nullptr) return kNoEntry;
  node->mode = static_cast<std::uint32_t>(mode & 07777);
  return 0;
}

std::int64_t System::check_access(std::uint64_t at, std::uint64_t how) {
  std::string path;
  const std::int64_t error = resolve(at, LastLink::follow, path);
  if (error != 0) return error;
  const std::shared_ptr<Node> node = tree_.find(path);
  if (node == nullptr) return kNoEntry;
  const bool denied = (how & 1) != 0 && node->kind == NodeKind::file && (node->mode & 0111) == 0;
  return denied ? kNoAccess : 0;
}

std::int64_t System::change_directory(std::uint64_t at) {
  std::string path;
  const std::int64_t error = resolve(at, LastLink::follow, path);
  if (error != 0) return error;
  const std::shared_ptr<Node> node = tree_.find(path);
  if (node == nullptr) return kNoEntry;
  if (node->kind != NodeKind::directory) return kNotDirectory;
  cwd_ = std::move(path);
  return 0;
}

std::int64_t System::current_directory(std::uint64_t at, std::uint64_t bytes) {
  const std::string path = "/" + cwd_;
  if (bytes < path.size() + 1) return kRange;
  if (!image_.holds(at, path.size() + 1)) return kFault;
  std::memcpy(image_.to_write(at, path.size() + 1), path.c_str(), path.size() + 1);
  return static_cast<std::int64_t>(path.size() + 1);
}

std::int64_t System::name_system(std::uint64_t at) {
  constexpr std::size_t kField = 65;
  const std::string_view machine = set_.name == "AMD64"     ? "x86_64"
                                   : set_.name == "AArch64" ? "aarch64"
                                   : set_.name == "x86"     ? "i686"
                                                            : set_.name;
  const std::string_view fields[] = {"Linux", "assay", "6.1.0", "#1", machine, "(none)"};
  if (!image_.holds(at, kField * std::size(fields))) return kFault;
  Byte* const to = image_.to_write(at, kField * std::size(fields));
  std::memset(to, 0, kField * std::size(fields));
  for (std::size_t index = 0; index < std::size(fields); ++index)
    std::memcpy(to + index * kField, fields[index].data(), fields[index].size());
  return 0;
}

/// The child runs at once, to its end, by the interpreter; then all that it wrote to memory is as before.
std::int64_t System::fork(const Registers& registers) {
  if (children_ >= kDeepestFork) return kNoMemory;
  const Operation* const start = program_.at(registers.next);
  Registers own = registers;
  own[set_.calls.result] = 0;
  const Files files = files_;
  const std::string cwd = cwd_;
  const std::uint32_t umask = umask_;
  // Children of its own that it did not wait for are nobody's then.
  const std::vector<std::pair<int, int>> ended = std::exchange(ended_, {});
  image_.begin_undo();
  ++children_;
  const Halted halted = start == nullptr ? Halted{Halt::bad_jump, registers.next}
                                         : interpret_from(start, program_, image_, set_, own,
                                                          std::min(request_.jumps, kMostJumpsOfChild),
                                                          [this](Registers& now) { return call(now); });
  --children_;
  image_.undo();
  if (halted.why != Halt::ended) {
    child_halted_ = halted;
    over_ = true;
  }
  if (over_) return 0;
  child_ended_ = false;
  files_ = files;
  cwd_ = cwd;
  umask_ = umask;
  ended_ = ended;
  const int number = next_number_++;
  ended_.emplace_back(number, child_status_);
  return number;
}

/// The end of a process, with a wait status.
void System::end(int wait_status) {
  if (children_ == 0) {
    over_ = true;
    outcome_.status = wait_status >> 8;
  } else {
    child_ended_ = true;
    child_status_ = wait_status;
  }
}

std::int64_t System::execute(const Registers& registers) {
  Start start;
  const std::int64_t error = resolve(registers[set_.calls.words[0]], LastLink::follow, start.program);
  if (error != 0) return error;
  const std::shared_ptr<Node> node = tree_.find(start.program);
  if (node == nullptr) return kNoEntry;
  if (node->kind != NodeKind::file || (node->mode & 0111) == 0) return kNoAccess;
  const auto argv = texts(registers[set_.calls.words[1]]);
  const auto env = texts(registers[set_.calls.words[2]]);
  if (!argv || !env) return kFault;
  start.argv = *argv;
  start.env = *env;
  start.cwd = cwd_;
  const std::optional<int> status = request_.start ? request_.start(start) : std::nullopt;
  if (!status) return give_up(fmt::format("'{}', which it starts, cannot be computed", start.program));
  end((*status & 0xff) << 8);
  return 0;
}

std::int64_t System::wait(std::uint64_t status_at) {
  if (ended_.empty()) return kNoChild;
  const auto [number, status] = ended_.front();
  ended_.erase(ended_.begin());
  if (status_at != 0) {
    if (!image_.holds(status_at, 4)) return kFault;
    image_.store<std::int32_t>(status_at, status);
  }
  return number;
}

/// As waitid does it: into a siginfo of 32 bits.
std::int64_t System::wait_for_info(std::uint64_t info_at) {
  if (ended_.empty()) return kNoChild;
  const auto [number, status] = ended_.front();
  ended_.erase(ended_.begin());
  if (info_at == 0) return 0;
  const std::int32_t info[] = {17, 0, 1, number, 0, status >> 8};  // SIGCHLD, exited
  if (!image_.holds(info_at, sizeof info)) return kFault;
  std::memcpy(image_.to_write(info_at, sizeof info), info, sizeof info);
  return 0;
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
                                                  "does not end; it is at"};
  if (halted.why != Halt::ended) {
    outcome_.ending = halted.why == Halt::too_long ? Ending::hangs
                      : halted.why == Halt::unknown_instruction || halted.why == Halt::writes_code
                          ? Ending::undefined
                          : Ending::crashes;
    outcome_.reason =
        fmt::format("{} 0x{:x}", kReasons[static_cast<std::size_t>(halted.why)], halted.address);
  }
  std::erase_if(outcome_.outputs, [this](const std::string& path) { return tree_.find(path) == nullptr; });
  return std::move(outcome_);
}

}  // namespace assay::exec

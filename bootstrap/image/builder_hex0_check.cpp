// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/image/builder_hex0_check.h"

#include <fmt/format.h>
#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "bootstrap/image/kernel_path.h"
#include "bootstrap/image/stage_check.h"
#include "core/paths.h"
#include "hex0/hex0.h"

namespace assay::image {
namespace {

constexpr Bytes::size_type kElfMagicBytes = 4;

std::string place(const StreamCommand& command) {
  return fmt::format("byte {:#x} (sector {})", command.offset, command.sector());
}

/// Walks the stream with the names that exist at each command.
class StreamCheck {
 public:
  StreamCheck(const BuilderHex0Image& image, Findings& findings) : image_(image), findings_(findings) {}

  void run() {
    names_["/"] = Named{};
    for (const StreamCommand& command : image_.commands) {
      check_word(command);
      switch (command.kind) {
        case CommandKind::source: check_source(command); break;
        case CommandKind::hex0: check_hex0(command); break;
        case CommandKind::run: check_run(command); break;
        case CommandKind::flush:
        case CommandKind::end: break;
      }
      previous_ = &command;
    }
    check_stop();
    check_totals();
  }

 private:
  /// The newest entry of a name.
  struct Named {
    std::uint64_t size = 0;
    const StreamCommand* command = nullptr;
    bool elf = true;
  };

  void report(std::string_view id, const StreamCommand& command, const std::string& message) {
    findings_.add(id, command.path, 0, fmt::format("{}: {}", place(command), message));
  }

  void check_word(const StreamCommand& command) {
    const bool fine = command.kind == CommandKind::run || command.kind == CommandKind::end ||
                      command.word == "src " || command.word == "hex0 " || command.word == "f\n";
    if (fine) return;
    const bool readable = is_readable(as_bytes(command.word));
    report(
        readable && command.kind != CommandKind::flush ? "image-reserved-letter" : "image-stream-out-of-step",
        command,
        fmt::format("the kernel takes '{}' for {}",
                    readable ? command.word.substr(0, command.word.find('\n')) : "?",
                    command.kind == CommandKind::source ? "src"
                    : command.kind == CommandKind::hex0 ? "hex0"
                                                        : "f"));
  }

  /// `blanks`: the name may hold them.
  void check_name(const StreamCommand& command, std::string_view name, bool blanks) {
    if (name.ends_with('\r')) report("image-carriage-return", command, "a name ends in a carriage return");
    if (name.find(' ') != std::string_view::npos)
      report(blanks ? "image-name-space" : "image-command-space", command, "a name holds a blank");
    if (std::any_of(name.begin(), name.end(),
                    [](char character) { return static_cast<Byte>(character) >= 0x7F; }))
      report("image-name-not-ascii", command, "a name holds bytes that are not ASCII");
    if (kernel_path(name).size() > kMaxKernelNameBytes)
      report("image-name-too-long", command, fmt::format("a name of {} bytes", kernel_path(name).size()));
    if (has_dot_name(name))
      report("image-name-dot", command, fmt::format("the kernel will call it '{}'", kernel_path(name)));
  }

  void check_size(const StreamCommand& command) {
    const std::string& text = command.size_text;
    const bool digits =
        !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
    const std::size_t first = text.find_first_not_of('0');
    const std::string significant = first == std::string::npos ? "0" : text.substr(first);
    if (!digits || significant != std::to_string(command.payload_size))
      report("image-size-not-number", command,
             fmt::format("the kernel reads the size '{}' as {}", text, command.payload_size));
  }

  /// What every new file asks for: an entry, a parent, a name of its own.
  void create(const StreamCommand& command, std::string_view name, Named named) {
    const std::string path = kernel_path(name);
    const std::string parent = "/" + std::string(parent_path(std::string_view(path).substr(1)));
    const auto above = names_.find(parent);
    if (above == names_.end()) {
      report("image-parent-missing", command,
             fmt::format("'{}' is made in '{}', which does not exist", path, parent));
      return;
    }
    if (above->second.size != 0)
      report("image-parent-file", command,
             fmt::format("'{}' is made in '{}', which is a file", path, parent));
    ++entries_;
    const auto [old, added] = names_.try_emplace(path, named);
    // The root has no entry before the stream gives it one.
    if (!added && path != "/")
      report("image-name-twice", command, fmt::format("'{}' is made a second time", path));
    if (!added) old->second = named;
    if (named.size == 0) empty_.push_back(path);
    parents_.insert(parent);
  }

  void check_source(const StreamCommand& command) {
    check_size(command);
    check_name(command, command.path, true);
    payload_ += command.payload_size;
    create(command, command.path, {command.payload_size, &command, true});
  }

  void check_hex0(const StreamCommand& command) {
    check_name(command, command.path, false);
    check_name(command, command.argument, false);
    Named output{0, nullptr, true};
    const auto input = names_.find(kernel_path(command.path));
    if (input == names_.end()) {
      report("image-hex0-input-missing", command,
             fmt::format("hex0 reads '{}', which does not exist", command.path));
      output.elf = false;
    } else if (input->second.command != nullptr) {
      if (const Result<Bytes> text = image_.payload(*input->second.command))
        output = assemble(command, *text);
    }
    create(command, command.argument, output);
  }

  Named assemble(const StreamCommand& command, const Bytes& text) {
    NoDiagnostics nobody;
    const Output made =
        hex0::assemble(Source{command.path, text}, {.dialect = hex0::find_dialect("bh0-kernel")}, nobody);
    if (made.ending != Ending::exits)
      report("image-hex0-source", command, fmt::format("hex0 never ends with '{}'", command.path));
    constexpr Byte kElf[] = {0x7F, 'E', 'L', 'F'};
    const bool elf = made.bytes.size() > kElfMagicBytes &&
                     std::equal(std::begin(kElf), std::end(kElf), made.bytes.begin());
    payload_ += made.bytes.size();
    return {made.bytes.size(), nullptr, elf};
  }

  void check_run(const StreamCommand& command) {
    if (command.path.starts_with('\n')) {
      report("image-stream-blank-line", command, "a blank line where a command should begin");
      return;
    }
    if (!is_readable(as_bytes(command.path)) || command.path.find('\n') != std::string::npos) {
      const std::string before = previous_ != nullptr ? fmt::format(" behind '{}'", previous_->path) : "";
      findings_.add("image-stream-out-of-step", previous_ != nullptr ? previous_->path : "", 0,
                    fmt::format("{}: no command{}", place(command), before));
      return;
    }
    ++programs_;
    check_name(command, command.path, false);
    if (command.argument.ends_with('\r'))
      report("image-carriage-return", command, "the argument ends in a carriage return");
    if (command.argument.find(' ') != std::string::npos)
      report("image-command-space", command, "the blank is a part of the one argument");
    if (command.path.size() > kMaxKernelArgumentBytes || command.argument.size() > kMaxKernelArgumentBytes)
      report("image-argument-too-long", command,
             fmt::format("arguments of {} and {} bytes", command.path.size(), command.argument.size()));
    const auto program = names_.find(kernel_path(command.path));
    if (program == names_.end()) {
      // After one program has run, others may exist.
      if (programs_ == 1)
        report("image-program-missing", command, fmt::format("there is no program '{}'", command.path));
      return;
    }
    if (!program->second.elf)
      report("image-program-not-elf", command,
             fmt::format("'{}' does not begin as a program does", command.path));
    if (programs_ == 1 && command.argument.starts_with('/') &&
        !names_.contains(kernel_path(command.argument)))
      report("image-argument-file-missing", command, fmt::format("there is no file '{}'", command.argument));
  }

  void check_stop() {
    const std::string at =
        fmt::format("byte {:#x} (sector {})", image_.stream_end, image_.stream_end / kSectorBytes);
    const std::string last = previous_ != nullptr ? previous_->path : "";
    if (image_.stop == StreamStop::medium_ends && previous_ != nullptr &&
        previous_->kind == CommandKind::source && previous_->end() > image_.medium->size()) {
      findings_.add("image-stream-truncated", last, 0,
                    fmt::format("{} bytes at {:#x}, but the medium ends at {:#x}", previous_->payload_size,
                                previous_->payload_offset, image_.medium->size()));
    } else if (image_.stop == StreamStop::medium_ends) {
      findings_.add("image-stream-unterminated", last, 0, at + ": the medium ends before the stream does");
    } else if (image_.stop == StreamStop::header_too_long) {
      findings_.add(image_.commands.size() > 1 ? "image-stream-out-of-step" : "image-stream-header", last, 0,
                    at + ": no command: its line has no end");
    } else if (image_.stop == StreamStop::too_many_commands) {
      findings_.add("image-stream-too-long", last, 0,
                    fmt::format("more than {} commands", kMaxStreamCommands));
    }
  }

  void check_totals() {
    if (entries_ > kMaxKernelEntries) {
      findings_.add("image-entries", "", 0,
                    fmt::format("the stream makes {} entries, {} are possible", entries_, kMaxKernelEntries));
    } else if (entries_ > kMaxKernelEntries / 2) {
      findings_.add("image-entries-many", "", 0,
                    fmt::format("the stream takes {} of {} entries", entries_, kMaxKernelEntries));
    }
    if (payload_ > kKernelFileBytes) {
      findings_.add("image-payload-budget", "", 0,
                    fmt::format("{} bytes of files, {} are possible", payload_, kKernelFileBytes));
    } else if (payload_ > kKernelFileBytes - kFiwixFileSystemBytes) {
      findings_.add("image-payload-large", "", 0,
                    fmt::format("{} bytes of files leave no room for Fiwix's {} of {}", payload_,
                                kFiwixFileSystemBytes, kKernelFileBytes));
    }
    if (programs_ == 0) findings_.add("image-no-program", "", 0, "the stream runs no program");
    for (const std::string& path : empty_) {
      if (!parents_.contains(path) && last_part(path).find('.') != std::string_view::npos)
        findings_.add("image-empty-file", path.substr(1), 0,
                      fmt::format("'{}' is empty: a directory to the kernel", path));
    }
  }

  const BuilderHex0Image& image_;
  Findings& findings_;
  std::unordered_map<std::string, Named> names_;
  std::unordered_set<std::string> parents_;
  std::vector<std::string> empty_;
  const StreamCommand* previous_ = nullptr;
  std::size_t entries_ = 0;
  std::size_t programs_ = 0;
  std::uint64_t payload_ = 0;
};

/// DISK of steps/bootstrap.cfg in the stream.
std::string disk_of(const BuilderHex0Image& image) {
  for (const StreamCommand& command : image.commands) {
    if (command.kind != CommandKind::source || kernel_path(command.path) != "/steps/bootstrap.cfg") continue;
    const Result<Bytes> bytes = image.payload(command);
    if (!bytes) return "";
    const std::string text = "\n" + std::string(as_text(*bytes));
    const std::size_t at = text.find("\nDISK=");
    return at == std::string::npos ? "" : text.substr(at + 6, text.find('\n', at + 1) - at - 6);
  }
  return "";
}

void check_medium(const BuilderHex0Image& image, Findings& findings) {
  const std::uint64_t size = image.medium->size();
  if (image.stop == StreamStop::terminated) {
    const std::uint64_t reads =
        (image.stream_end - image.stream_offset + kKernelReadBytes - 1) / kKernelReadBytes;
    const std::uint64_t needed = image.stream_offset + reads * kKernelReadBytes;
    if (needed > size) {
      findings.add(
          "image-tail-read", "", 0,
          fmt::format("the stream ends in sector {}; the kernel's last read goes up to sector {}, but the "
                      "image has {} sectors",
                      (image.stream_end - 1) / kSectorBytes, needed / kSectorBytes, size / kSectorBytes));
    }
  }
  const std::string disk = disk_of(image);
  const bool whole_disk = !disk.empty() && (disk.back() < '0' || disk.back() > '9');
  if (image.stream_end > kFirstPartitionByte && (whole_disk || disk.empty()))
    findings.add("image-beyond-1gib", "steps/bootstrap.cfg", 0,
                 fmt::format("the stream ends at byte {}, beyond 1 GiB", image.stream_end));
  if (whole_disk && size <= kFirstPartitionByte)
    findings.add("image-medium-small", "steps/bootstrap.cfg", 0,
                 fmt::format("DISK={}, and the image has {} bytes only", disk, size));
}

}  // namespace

void check_builder_hex0(const BuilderHex0Image& image, const StageSources& sources, Findings& findings) {
  check_stages(image, sources, findings);
  StreamCheck(image, findings).run();
  check_medium(image, findings);
}

std::shared_ptr<const LazyTree> tree_of(const BuilderHex0Image& image) {
  auto tree = std::make_shared<LazyTree>();
  for (const StreamCommand& command : image.commands) {
    if (command.kind != CommandKind::source) continue;
    // As written, not as the kernel calls it: people look for the name they gave.
    std::string path = command.path;
    while (path.starts_with("./") || path.starts_with('/')) path.erase(0, path.starts_with('/') ? 1 : 2);
    if (path.empty() || path == ".") continue;
    if (command.payload_size == 0) {
      tree->put_directory(path, 0755);
    } else {
      tree->put_file(path, 0644, command.payload_size,
                     [medium = image.medium, at = command.payload_offset, size = command.payload_size] {
                       return read_payload(*medium, at, size);
                     });
    }
  }
  return tree;
}

}  // namespace assay::image

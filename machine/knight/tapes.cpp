// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "machine/knight/tapes.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/paths.h"

namespace assay::machine::knight {
namespace {

constexpr std::uint32_t kMode = 0666;  // of a new file

/// Notes a file once.
bool note(std::vector<FileUse>& uses, const std::string& path) {
  const bool known =
      std::any_of(uses.begin(), uses.end(), [&](const FileUse& use) { return use.path == path; });
  if (!known) uses.push_back({path, nullptr, 0});
  return !known;
}

}  // namespace

std::optional<std::size_t> Tapes::tape_of(std::uint64_t device) {
  if (device != kFirstTape && device != kFirstTape + 1) return std::nullopt;
  return device - kFirstTape;
}

bool Tapes::fail_with(Stop stop, std::string message) {
  stop_ = stop;
  message_ = std::move(message);
  return false;
}

bool Tapes::open_read(std::uint64_t device) {
  const std::optional<std::size_t> tape = tape_of(device);
  if (!tape) return true;
  const Result<std::string> path = resolve_path(tree_, image_.cwd, name(*tape));
  const std::shared_ptr<Node> node = path ? tree_.find(*path) : nullptr;
  if (node == nullptr || node->kind != NodeKind::file) {
    image_.missing.push_back(name(*tape));
    return fail_with(Stop::device_fault,
                     fmt::format("tape {}: there is no file '{}'", *tape + 1, name(*tape)));
  }
  if (note(image_.inputs, *path)) {
    image_.inputs.back().bytes = node->share();
    image_.inputs.back().mode = node->mode;
  }
  tapes_[*tape] = {node, false, 0, ""};
  return true;
}

Result<std::shared_ptr<Node>> Tapes::make(const std::string& path) const {
  std::shared_ptr<Node> node = tree_.find(path);
  if (node == nullptr) return tree_.create(path, NodeKind::file, kMode & ~request_.umask);
  if (node->kind != NodeKind::file) return fail("not-a-file", fmt::format("'{}' is no file", path));
  node->set_bytes(std::make_shared<const Bytes>());
  return node;
}

// A tape that cannot be written is found out when it is used.
bool Tapes::open_write(std::uint64_t device) {
  const std::optional<std::size_t> tape = tape_of(device);
  if (!tape) return true;
  tapes_[*tape] = {};
  const Result<std::string> path = resolve_path(tree_, image_.cwd, name(*tape));
  Result<std::shared_ptr<Node>> node =
      path ? make(*path) : Result<std::shared_ptr<Node>>(tl::unexpected<Error>(path.error()));
  if (!node) {
    tapes_[*tape].trouble = node.error().message;
    return true;
  }
  note(image_.outputs, *path);
  tapes_[*tape] = {std::move(*node), true, 0, ""};
  return true;
}

bool Tapes::opened(std::size_t tape, std::string_view what) {
  if (tapes_[tape].node != nullptr) return true;
  const std::string& trouble = tapes_[tape].trouble;
  return fail_with(Stop::device_fault, fmt::format("{} of tape {}, which is not open{}{}", what, tape + 1,
                                                   trouble.empty() ? "" : ": ", trouble));
}

bool Tapes::close(std::uint64_t device) {
  const std::optional<std::size_t> tape = tape_of(device);
  if (!tape) return true;
  if (!opened(*tape, "FCLOSE")) return false;
  tapes_[*tape] = {};
  return true;
}

bool Tapes::rewind(std::uint64_t device) {
  const std::optional<std::size_t> tape = tape_of(device);
  if (!tape) return true;
  if (!opened(*tape, "REWIND")) return false;
  tapes_[*tape].offset = 0;
  return true;
}

bool Tapes::get(std::uint64_t device, int& byte) {
  byte = -1;
  if (device == kConsole) {
    if (input_offset_ < request_.standard_input.size()) byte = request_.standard_input[input_offset_++];
    return true;
  }
  const std::optional<std::size_t> number = tape_of(device);
  if (!number) return true;
  if (!opened(*number, "FGETC")) return false;
  Tape& tape = tapes_[*number];
  const Bytes& bytes = tape.node->bytes();
  if (!tape.writes && tape.offset < bytes.size()) byte = bytes[tape.offset++];
  return true;
}

bool Tapes::put_console(Byte byte) {
  const Bytes one{byte};
  outcome_.standard_output.push_back(byte);
  image_.standard_output.push_back(byte);
  if (request_.on_console) request_.on_console(one, false);
  return true;
}

bool Tapes::put(std::uint64_t device, Byte byte) {
  const std::optional<std::size_t> number = tape_of(device);
  if (!number && device != kConsole) return true;
  if (number && !opened(*number, "FPUTC")) return false;
  if (number && !tapes_[*number].writes) return true;
  if (++written_ > request_.limits.output_bytes)
    return fail_with(Stop::limit_output,
                     fmt::format("more than {} bytes written", request_.limits.output_bytes));
  if (!number) return put_console(byte);
  Tape& tape = tapes_[*number];
  if (tape.offset >= request_.limits.file_bytes)
    return fail_with(Stop::limit_output,
                     fmt::format("tape {} is longer than {} bytes", *number + 1, request_.limits.file_bytes));
  Bytes& bytes = tape.node->writable();
  if (tape.offset >= bytes.size()) bytes.resize(tape.offset + 1);
  bytes[tape.offset++] = byte;
  return true;
}

void Tapes::finish() {
  for (FileUse& use : image_.outputs) {
    const std::shared_ptr<Node> node = tree_.find(use.path);
    use.bytes = node->share();
    use.mode = node->mode;
  }
}

}  // namespace assay::machine::knight

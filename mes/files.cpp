// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Descriptors, and ports over strings. A number that is not negative is a descriptor, others are string
// ports.
#include <fmt/format.h>

#include "mes/diagnostics.h"
#include "mes/vm.h"

namespace assay::mes {
namespace {

constexpr int kEnd = -1;
constexpr std::int64_t kWriteOnly = 1;
constexpr std::int64_t kAccessMask = 3;
constexpr std::int64_t kCreate = 0x40;
constexpr std::int64_t kTruncate = 0x200;
/// Most that a process may have open; mes never closes any.
constexpr std::size_t kMostDescriptors = 1024;

/// The port of this number among those that were opened; nil if none.
Value find_port(Value ports, int number) {
  for (; ports.is_pair(); ports = cdr(ports)) {
    if (slot(car(ports), kPortNumber) == Value::fixnum(number)) return car(ports);
  }
  return kNil;
}

}  // namespace

int Vm::read_char() {
  if (input < 0) {
    const Value port = find_port(ports, input);
    if (port == kNil) stop(kBadForm, "the current input is a port that is not there");
    const std::string_view text = text_of(slot(port, kPortString));
    const auto position = static_cast<std::size_t>(slot(port, kPortPosition).fixnum());
    if (position >= text.size()) return kEnd;
    set_slot(port, kPortPosition, Value::fixnum(static_cast<std::int64_t>(position) + 1));
    return static_cast<unsigned char>(text[position]);
  }
  if (static_cast<std::size_t>(input) >= descriptors_.size()) return kEnd;
  Descriptor& file = descriptors_[static_cast<std::size_t>(input)];
  if (file.pushed_back >= 0) return std::exchange(file.pushed_back, kEnd);
  if (input == 0 && file.input == nullptr) file.input = world.read_standard_input();
  if (file.input == nullptr || file.position >= file.input->size()) return kEnd;
  return (*file.input)[file.position++];
}

void Vm::unread_char(int character) {
  if (character == kEnd) return;
  if (input < 0) {
    const Value port = find_port(ports, input);
    if (port == kNil) return;
    const std::int64_t position = slot(port, kPortPosition).fixnum();
    if (position == 0) stop(kBadForm, "a character is put back in front of a string");
    set_slot(port, kPortPosition, Value::fixnum(position - 1));
    bytes_of(slot(port, kPortString))[position - 1] = static_cast<char>(character);
    return;
  }
  if (static_cast<std::size_t>(input) >= descriptors_.size()) return;
  Descriptor& file = descriptors_[static_cast<std::size_t>(input)];
  if (file.pushed_back >= 0) {
    print_error(fmt::format(" ***MES C LIB*** fdungetc ungetc buffer overflow fd={}\n", input));
    check(false, "0");
  }
  file.pushed_back = character & 0xff;
}

int Vm::peek_char() {
  const int character = read_char();
  unread_char(character);
  return character;
}

int Vm::open(const std::string& path, std::int64_t flags, std::uint32_t mode) {
  Descriptor file;
  if ((flags & kAccessMask) == 0) {
    file.input = world.read(path);
    if (file.input == nullptr) return -1;
  } else {
    if ((flags & kAccessMask) != kWriteOnly)
      stop(kUnsupported, fmt::format("{} is opened to be read and written", path));
    file.owned = world.open_for_writing(path, (flags & kCreate) != 0, (flags & kTruncate) != 0, mode);
    if (file.owned == nullptr) return -1;
    file.output = file.owned.get();
  }
  if (descriptors_.size() >= kMostDescriptors) return -1;
  descriptors_.push_back(std::move(file));
  return static_cast<int>(descriptors_.size()) - 1;
}

void Vm::write_text(int descriptor, std::string_view text) {
  if (descriptor < 0 || static_cast<std::size_t>(descriptor) >= descriptors_.size()) return;
  Writer* const writer = descriptors_[static_cast<std::size_t>(descriptor)].output;
  if (writer != nullptr) writer->write(text);
}

int Vm::duplicate(int from) {
  if (from < 0 || static_cast<std::size_t>(from) >= descriptors_.size() ||
      descriptors_.size() >= kMostDescriptors) {
    return -1;
  }
  descriptors_.push_back(descriptors_[static_cast<std::size_t>(from)]);
  return static_cast<int>(descriptors_.size()) - 1;
}

void Vm::duplicate(int from, int to) {
  const auto size = descriptors_.size();
  if (from < 0 || to < 0 || static_cast<std::size_t>(from) >= size ||
      static_cast<std::size_t>(to) >= kMostDescriptors)
    return;
  if (static_cast<std::size_t>(to) >= size) descriptors_.resize(static_cast<std::size_t>(to) + 1);
  descriptors_[static_cast<std::size_t>(to)] = descriptors_[static_cast<std::size_t>(from)];
}

}  // namespace assay::mes

// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/system_call_guest.h"

#include <fmt/format.h>

#include <cstring>
#include <stdexcept>

#include "machine/linux/linux_abi.h"
#include "machine/testing/guest_elf.h"

namespace assay::test {
namespace {

using machine::Abi;
using machine::Isa;
using machine::testing::kGuestCode;
using machine::testing::put;

constexpr std::uint64_t kTable = kGuestCode + 0x200;
constexpr std::uint64_t kData = kGuestCode + 0x4000;
constexpr std::uint64_t kHere =
    kBuffer - 16;  // where 32-bit x86 keeps the row's address: no register is left

Bytes code_of(const std::vector<unsigned>& list) {
  Bytes code;
  for (const unsigned byte : list) code.push_back(static_cast<Byte>(byte));
  return code;
}

Bytes words_of(const std::vector<std::uint32_t>& list) {
  Bytes code;
  for (const std::uint32_t word : list) put(code, word, 4);
  return code;
}

constexpr unsigned low(std::uint64_t value, unsigned byte) {
  return static_cast<unsigned>(value >> (8 * byte) & 0xFF);
}

// Each loads a row, calls, stores the result, goes on.
Bytes loop_of(const Isa& isa) {
  constexpr unsigned kTable0 = low(kTable, 0), kTable1 = low(kTable, 1), kTable2 = low(kTable, 2);
  constexpr unsigned kHere0 = low(kHere, 0), kHere1 = low(kHere, 1), kHere2 = low(kHere, 2);
  switch (isa.abi) {
    case Abi::amd64:
      return code_of({0xBB, kTable0, kTable1, kTable2, 0,       // mov ebx, table
                      0x48, 0x8B,    0x43,    0x00,             // mov rax, [rbx]
                      0x48, 0x8B,    0x7B,    0x08,             // rdi
                      0x48, 0x8B,    0x73,    0x10,             // rsi
                      0x48, 0x8B,    0x53,    0x18,             // rdx
                      0x4C, 0x8B,    0x53,    0x20,             // r10
                      0x4C, 0x8B,    0x43,    0x28,             // r8
                      0x4C, 0x8B,    0x4B,    0x30,             // r9
                      0x0F, 0x05,                               // syscall
                      0x48, 0x89,    0x43,    0x00,             // mov [rbx], rax
                      0x48, 0x8B,    0x4B,    0x38,             // mov rcx, [rbx + 56]
                      0x48, 0x85,    0xC0,                      // test rax, rax
                      0x0F, 0x85,    0x03,    0,       0,   0,  // jne +3
                      0x48, 0x01,    0xCB,                      // add rbx, rcx
                      0x48, 0x83,    0xC3,    0x40,             // add rbx, 64
                      0xE9, 0xC5,    0xFF,    0xFF,    0xFF});  // jmp to the first load
    case Abi::x86:
      return code_of({0xBB, kTable0, kTable1, kTable2, 0,          // mov ebx, table
                      0x89, 0x1D,    kHere0,  kHere1,  kHere2, 0,  // mov [here], ebx
                      0x8B, 0x2D,    kHere0,  kHere1,  kHere2, 0,  // mov ebp, [here]
                      0x8B, 0x45,    0x00,                         // mov eax, [ebp]
                      0x8B, 0x5D,    0x04,                         // ebx
                      0x8B, 0x4D,    0x08,                         // ecx
                      0x8B, 0x55,    0x0C,                         // edx
                      0x8B, 0x75,    0x10,                         // esi
                      0x8B, 0x7D,    0x14,                         // edi
                      0x8B, 0x6D,    0x18,                         // ebp
                      0xCD, 0x80,                                  // int 128
                      0x8B, 0x1D,    kHere0,  kHere1,  kHere2, 0,  // mov ebx, [here]
                      0x89, 0x43,    0x00,                         // mov [ebx], eax
                      0x8B, 0x4B,    0x1C,                         // mov ecx, [ebx + 28]
                      0x85, 0xC0,                                  // test eax, eax
                      0x0F, 0x85,    0x02,    0,       0,      0,  // jne +2
                      0x01, 0xCB,                                  // add ebx, ecx
                      0x83, 0xC3,    0x20,                         // add ebx, 32
                      0xE9, 0xBF,    0xFF,    0xFF,    0xFF});     // jmp to where here is written
    case Abi::arm:
      return words_of({0xE59F802C,  // ldr r8, [pc, 44]: the word at the end
                       0xE5987000,  // ldr r7, [r8]
                       0xE5980004,  // r0
                       0xE5981008, 0xE598200C, 0xE5983010, 0xE5984014, 0xE5985018,
                       0xEF000000,  // svc
                       0xE5880000,  // str r0, [r8]
                       0xE3500000,  // cmp r0, 0
                       0x0598901C,  // ldreq r9, [r8, 28]
                       0xEA000000,  // over the word
                       kTable,
                       0x00888009,    // addeq r8, r8, r9
                       0xE2888020,    // add r8, r8, 32
                       0xEAFFFFEF});  // b to the first load
    case Abi::aarch64:
      return words_of({0xD2A00013 | (kTable >> 16) << 5,        // movz x19, table >> 16, lsl 16
                       0x91000273 | (kTable & 0xFFF) << 10,     // add x19, x19, its last 12 bits
                       0x91400273 | (kTable >> 12 & 15) << 10,  // and those before
                       0xF9400268,                              // ldr x8, [x19]
                       0xF9400660, 0xF9400A61, 0xF9400E62, 0xF9401263, 0xF9401664, 0xF9401A65,
                       0xD4000001,    // svc
                       0xF9000260,    // str x0, [x19]
                       0xF9401E69,    // ldr x9, [x19, 56]
                       0xB5000040,    // cbnz x0, +8
                       0x8B090273,    // add x19, x19, x9
                       0x91010273,    // add x19, x19, 64
                       0x17FFFFF3});  // b to the first load
    case Abi::generic64:
    case Abi::generic32: {
      const bool wide = isa.address_bits == 64;
      const std::uint32_t load = wide ? 0x3003 : 0x2003;
      const std::uint32_t store = wide ? 0x3023 : 0x2023;
      const unsigned word = wide ? 8 : 4;
      constexpr std::uint32_t s1 = 9, t0 = 5, a0 = 10, a7 = 17;
      const auto from_row = [&](std::uint32_t reg, unsigned index) {
        return load | reg << 7 | s1 << 15 | index * word << 20;
      };
      std::vector<std::uint32_t> code{
          static_cast<std::uint32_t>((kTable + 0x800) >> 12 << 12) | s1 << 7 | 0x37,  // lui s1
          static_cast<std::uint32_t>(kTable & 0xFFF) << 20 | s1 << 15 | s1 << 7 | 0x13, from_row(a7, 0)};
      for (std::uint32_t index = 0; index < 6; ++index) code.push_back(from_row(a0 + index, index + 1));
      code.insert(code.end(), {0x73,                                        // ecall
                               store | s1 << 15 | a0 << 20,                 // the result
                               from_row(t0, 7), 0x00001463 | a0 << 15,      // bne a0, zero, +8
                               0x33 | s1 << 7 | s1 << 15 | t0 << 20,        // add s1, s1, t0
                               0x13 | s1 << 7 | s1 << 15 | 8 * word << 20,  // add s1, s1, a row
                               0xFCDFF06F});                                // j -52
      return words_of(code);
    }
  }
  return {};
}

}  // namespace

std::optional<std::uint64_t> CallList::number_of(std::string_view call) const {
  for (const machine::CallRow& row : machine::call_table(isa_->abi)) {
    if (machine::name_of(row.call) == call) return row.number;
  }
  return std::nullopt;
}

std::uint64_t CallList::text(std::string_view text) {
  const std::uint64_t at = kData + data_.size();
  data_.insert(data_.end(), text.begin(), text.end());
  data_.push_back(0);
  return at;
}

std::uint64_t CallList::texts(const std::vector<std::string>& list) {
  std::vector<std::uint64_t> pointers;
  for (const std::string& one : list) pointers.push_back(text(one));
  pointers.push_back(0);
  return words(pointers);
}

std::uint64_t CallList::words(const std::vector<std::uint64_t>& list) {
  while (data_.size() % 8 != 0) data_.push_back(0);
  const std::uint64_t at = kData + data_.size();
  for (const std::uint64_t one : list) put(data_, one, word());
  return at;
}

CallRow& CallList::raw(std::uint64_t number, const std::vector<std::uint64_t>& arguments) {
  CallRow& row = rows_.emplace_back();
  row.number = number;
  row.text = fmt::format("{}(", number);
  for (std::size_t index = 0; index < arguments.size(); ++index) {
    row.arguments[index] = arguments[index];
    row.text += fmt::format("{}{:#x}", index == 0 ? "" : ", ", arguments[index]);
  }
  row.text += ")";
  return row;
}

CallRow& CallList::call(std::string_view name, const std::vector<std::uint64_t>& arguments) {
  const std::optional<std::uint64_t> number = number_of(name);
  if (!number) throw std::logic_error(fmt::format("{} has no {}", isa_->name, name));
  CallRow& row = raw(*number, arguments);
  std::string words;
  for (const std::uint64_t value : arguments) {
    if (!words.empty()) words += ", ";
    const bool is_text = value >= kData && value < kData + data_.size();
    const char* const start = is_text ? reinterpret_cast<const char*>(data_.data()) + (value - kData) : "";
    words += is_text ? fmt::format("\"{:.60}\"", start) : fmt::format("{:#x}", value);
  }
  row.text = fmt::format("{}({})", name, words);
  return row;
}

void CallList::hide(std::uint64_t address, std::uint64_t bytes) { hidden_.emplace_back(address, bytes); }

constexpr std::uint64_t kCurrentDirectory = static_cast<std::uint64_t>(-100);

CallRow& CallList::open_at_address(std::uint64_t path, std::uint64_t flags, std::uint64_t mode) {
  return has("open") ? call("open", {path, flags, mode})
                     : call("openat", {kCurrentDirectory, path, flags, mode});
}

CallRow& CallList::open(std::string_view path, std::uint64_t flags, std::uint64_t mode) {
  return open_at_address(text(path), flags, mode);
}

// As in "mkdir" and "mkdirat", "chmod" and "fchmodat".
CallRow& CallList::on_path(std::string_view name, std::string_view path, std::optional<std::uint64_t> mode) {
  std::vector<std::uint64_t> arguments{text(path)};
  if (mode) arguments.push_back(*mode);
  if (has(name)) return call(name, arguments);
  arguments.insert(arguments.begin(), kCurrentDirectory);
  if (name == "rmdir") return call("unlinkat", {arguments[0], arguments[1], 0x200});
  if (name == "unlink") arguments.push_back(0);
  if (has(fmt::format("{}at", name))) return call(fmt::format("{}at", name), arguments);
  return call(fmt::format("f{}at", name), arguments);
}

CallRow& CallList::fork() {
  CallRow& row = has("fork") ? call("fork", {}) : call("clone", {17, 0, 0, 0, 0});
  row.shown = Shown::sign;
  return row;
}

CallRow& CallList::execute(std::string_view path, const std::vector<std::string>& arguments) {
  const std::uint64_t at = text(path);
  return call("execve", {at, texts(arguments), texts({})});
}

Bytes CallList::program() const {
  const std::optional<std::uint64_t> write = number_of("write");
  const std::optional<std::uint64_t> exit = number_of("exit");
  std::vector<CallRow> rows = rows_;
  rows.push_back({"", *write, {1, kTable, rows_.size() * row_bytes()}});
  rows.push_back({"", *write, {1, kBuffer, kBufferBytes}});
  rows.push_back({"", *exit, {0}});
  if (kTable + rows.size() * row_bytes() > kData) throw std::logic_error("the list is too long");
  Bytes code = loop_of(*isa_);
  code.resize(kTable - kGuestCode);
  for (const CallRow& row : rows) {
    put(code, row.number, word());
    for (const std::uint64_t argument : row.arguments) put(code, argument, word());
    put(code, row.skip * row_bytes(), word());
  }
  code.resize(kData - kGuestCode);
  code.insert(code.end(), data_.begin(), data_.end());
  return machine::testing::make_elf(*isa_, code);
}

std::vector<std::string> CallList::results(std::string_view output) const {
  std::vector<std::string> lines;
  if (output.size() != rows_.size() * row_bytes() + kBufferBytes) {
    lines.push_back(fmt::format("{} bytes of results", output.size()));
    return lines;
  }
  for (std::size_t index = 0; index < rows_.size(); ++index) {
    std::uint64_t raw = 0;
    std::memcpy(&raw, output.data() + index * row_bytes(), word());
    const auto value = word() == 8 ? static_cast<std::int64_t>(raw) : static_cast<std::int32_t>(raw);
    const CallRow& row = rows_[index];
    const bool hidden = row.shown == Shown::sign && value > 0;
    lines.push_back(fmt::format("{} = {}", row.text, hidden ? "positive" : fmt::format("{}", value)));
  }
  std::string buffer(output.substr(rows_.size() * row_bytes()));
  for (const auto& [address, bytes] : hidden_) std::memset(buffer.data() + (address - kBuffer), '#', bytes);
  // A line for every 16 bytes that hold something.
  for (std::size_t at = 0; at < buffer.size(); at += 16) {
    const std::string_view part = std::string_view(buffer).substr(at, 16);
    if (part.find_first_not_of('\0') == std::string_view::npos) continue;
    lines.push_back(fmt::format("buffer {:#x}: {}", kBuffer + at, to_hex(as_bytes(part))));
  }
  return lines;
}

Bytes crashing_program(const Isa& isa) {
  switch (isa.abi) {
    case Abi::amd64:
    case Abi::x86: return machine::testing::make_elf(isa, code_of({0x0F, 0x0B}));
    case Abi::arm: return machine::testing::make_elf(isa, words_of({0xE7F000F0}));
    default: return machine::testing::make_elf(isa, words_of({0}));
  }
}

Bytes exiting_program(const Isa& isa) {
  CallList list(isa, "");
  list.call("exit", {7});
  return list.program();
}

}  // namespace assay::test

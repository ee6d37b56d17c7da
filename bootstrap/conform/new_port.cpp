// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/conform/new_port.h"

#include <fmt/format.h>

#include <algorithm>

#include "bootstrap/conform/tools.h"

namespace assay::conform {
namespace {

/// Lines of a header in hex0: bytes, and what they are.
class Header {
 public:
  explicit Header(bool big_endian) : big_endian_(big_endian) {}

  void field(std::uint64_t value, unsigned bytes, std::string_view what) {
    std::string line;
    for (unsigned i = 0; i < bytes; ++i)
      line += fmt::format("{:02X} ", value >> (8 * (big_endian_ ? bytes - 1 - i : i)) & 0xFFU);
    text_ += fmt::format("{:26}# {}\n", line, what);
  }
  void comment(std::string_view text) { text_ += fmt::format("\n# {}\n", text); }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  bool big_endian_;
  std::string text_;
};

std::string header_of(const Port& port) {
  const unsigned word = port.bits / 8;
  const unsigned header = port.bits == 64 ? 0x40 : 0x34;
  const unsigned program = port.bits == 64 ? 0x38 : 0x20;
  Header lines(port.big_endian);
  lines.comment("ELF header");
  lines.field(port.big_endian ? 0x7F454C46 : 0x464C457F, 4, "magic");
  lines.field(port.bits == 64 ? 2 : 1, 1, fmt::format("{} bits", port.bits));
  lines.field(port.big_endian ? 2 : 1, 1, port.big_endian ? "big-endian" : "little-endian");
  lines.field(1, 1, "version of the header");
  lines.field(0, 1, "system V");
  lines.field(0, 8, "nothing");
  lines.field(2, 2, "e_type: a program");
  lines.field(port.machine, 2, port.machine == 0 ? "e_machine: FILL IN, see elf.h" : "e_machine");
  lines.field(1, 4, "e_version");
  lines.field(port.base + header + program, word, "e_entry: right behind the headers");
  lines.field(header, word, "e_phoff");
  lines.field(0, word, "e_shoff: no sections");
  lines.field(0, 4, "e_flags: FILL IN what your kernel wants");
  lines.field(header, 2, "e_ehsize");
  lines.field(program, 2, "e_phentsize");
  lines.field(1, 2, "e_phnum");
  lines.field(0, 2, "e_shentsize");
  lines.field(0, 2, "e_shnum");
  lines.field(0, 2, "e_shstrndx");
  lines.comment("the one segment: all of the file, readable, writable, executable");
  lines.field(1, 4, "p_type: loaded");
  if (port.bits == 64) lines.field(7, 4, "p_flags: r w x");
  lines.field(0, word, "p_offset");
  lines.field(port.base, word, "p_vaddr");
  lines.field(port.base, word, "p_paddr");
  lines.field(header + program, word, "p_filesz: FILL IN, the bytes of the file");
  lines.field(header + program, word, "p_memsz: the same, or more");
  if (port.bits == 32) lines.field(7, 4, "p_flags: r w x");
  lines.field(1, word, "p_align");
  return lines.text();
}

std::string source_of(const Port& port) {
  return fmt::format(
      "# hex0 for {}: turns pairs of hexadecimal digits into bytes. hex0 IN OUT\n"
      "# One instruction a line: its bytes, what it is, why it is there.\n{}\n"
      "# _start: the stack pointer points to the number of arguments, our name, IN and OUT\n"
      "#   open IN for reading (O_RDONLY); a negative result: exit with status 1\n"
      "#   open OUT (O_WRONLY | O_CREAT | O_TRUNC, mode 0700); a negative result: exit with status 1\n"
      "# next: read one byte into memory; 0: exit with status 0; a negative result: exit with status 1\n"
      "#   in a comment: a line feed ends it, all else is nothing\n"
      "#   '#' or ';' begins one; 0-9, A-F and a-f are digits; all else is nothing\n"
      "#   a first digit waits; a second one makes a byte, which is written at once; not written: status 1\n",
      port.name, header_of(port));
}

std::string cases_list() {
  std::string text;
  for (const ToolRow& tool : kTools) {
    text += fmt::format("{}\n", tool.name);
    for (const Kind kind : {Kind::contract, Kind::failure}) {
      for (const Case& one : cases_of(tool)) {
        if (one.kind != kind || (one.of(kPlain) == nullptr && one.sound().empty())) continue;
        text += fmt::format("  {:10} {:36} {}\n", name_of(kind), one.name, one.title);
      }
    }
  }
  return text;
}

std::string readme_of(const Port& port) {
  return fmt::format(R"(# {0}

A port to {0}, rung by rung. Each rung is a program in the language of the one below it; nobody needs to trust more than
the first, which a person can check byte by byte.

| rung | source | made by | what it must do |
|---|---|---|---|
| hex0 | hex0_{0}.hex0 | hex0 | pairs of digits become bytes |
| kaem-minimal | kaem-minimal.hex0 | hex0 | runs the commands of a script |
| hex1 | hex1_{0}.hex0 | hex0 | labels of one character |
| hex2-0 | hex2_{0}.hex1 | hex1 | labels with names |
| catm | catm_{0}.hex2 | hex2-0 | joins files |
| M0 | M0_{0}.hex2 | hex2-0 | macros: assembly language |
| cc | cc_{0}.M1 | M0 | a subset of C |

For each rung:

1. Write it, one instruction a line. `hex0_{0}.hex0` is begun here: its header is there, its code is not.
2. Assemble it: `hex0 --dialect AArch64 hex0_{0}.hex0 hex0` (a dialect without quirks).
3. Try it. Where the machine of assay has {0}: `assay conform --tool hex0 --dialect plain --exe hex0`; else in an emulator:

       assay conform --tool hex0 --dialect plain --command 'qemu-{0} ./hex0 {{in}} {{out}}'

   What it prints is the list of what is still to be done: `CASES` has all of it. `contract` must hold; `failures` are what a
   careful program tells by its status.
4. Try more than that: `--exhaustive 3 --dialect AArch64` compares it with our implementation on all short texts, `--random 1000`
   on long ones. A difference is shown as small as it can be.
5. Let it make itself: `qemu-{0} ./hex0 hex0_{0}.hex0 again && cmp hex0 again`.

hex1 and hex2-0 have references of their own on each architecture, as its instructions need them; choose a dialect that is
like yours (`assay conform --tool hex1 --profile ...` says which it is), and write cases for the rest: `--cases DIR`.
The pages of the languages are in assay's documentation: hex0, hex1, hex2-0, catm, M0, kaem.
)",
                     port.name);
}

}  // namespace

Result<std::vector<PortFile>> new_port(const Port& port) {
  const bool is_name = !port.name.empty() && std::all_of(port.name.begin(), port.name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
  if (!is_name)
    return fail("bad-port",
                fmt::format("'{}' is no name of a machine: letters, digits, '_' and '-'", port.name));
  if (port.bits != 32 && port.bits != 64) return fail("bad-port", "a machine has 32 or 64 bits here");
  return std::vector<PortFile>{{"README.md", readme_of(port)},
                               {fmt::format("hex0_{}.hex0", port.name), source_of(port)},
                               {"CASES", cases_list()}};
}

}  // namespace assay::conform

// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The tools that have cases: a row each.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "bootstrap/conform/case.h"

namespace assay::conform {

enum class Tool : std::uint8_t {
  hex0,
  hex1,
  hex2_0,
  catm,
  m0,
  kaem_minimal,
  m1,
  hex2,
  blood_elf,
  kaem,
};

struct ToolRow {
  Tool tool;
  std::string_view name;
  std::string_view room;      ///< ROOM/conformance has its cases
  std::string_view prefix;    ///< of their names, where the room has cases of several tools
  std::string_view usual;     ///< the arguments of a case that names none
  std::string_view alphabet;  ///< of --exhaustive: escapes as in cases
  /// After so many instructions a program of this kind never ends: the seeds are small, the others compiled.
  std::uint64_t most_instructions;
};

inline constexpr std::uint64_t kOfSeeds = 50'000'000;
inline constexpr std::uint64_t kOfHex2 = 600'000'000;  ///< some fill all their memory before they crash
inline constexpr std::uint64_t kOfCompiled = 2'000'000'000;

inline constexpr std::array<ToolRow, 10> kTools{{
    {Tool::hex0, "hex0", "hex0", "", "in out", R"(09AfG#;\n\r \x00Z)", kOfSeeds},
    {Tool::hex1, "hex1", "hex1", "", "in out", R"(4f:%&~#\n\r )", kOfSeeds},
    {Tool::hex2_0, "hex2-0", "hex2", "", "in out", R"(4f:%&>#\n )", kOfHex2},
    {Tool::catm, "catm", "linker", "catm-", "out in", R"(a\n\x00\xFF)", kOfSeeds},
    {Tool::m0, "M0", "M1", "M0-", "in out", R"(%a0'"#\n )", kOfSeeds},
    {Tool::kaem_minimal, "kaem-minimal", "kaem", "minimal-", "in", R"(./ow#\\\n ")", kOfSeeds},
    {Tool::m1, "M1", "M1", "M1-", "--architecture amd64 --little-endian -f in -o out", R"(%a0'"#\n )",
     kOfCompiled},
    {Tool::hex2, "hex2", "linker", "hex2-",
     "--architecture amd64 --little-endian --base-address 0x600000 -f in -o out", R"(4f:%&>#\n )",
     kOfCompiled},
    {Tool::blood_elf, "blood-elf", "M1", "blood-elf-", "--64 --little-endian -f in -o out", R"(:a_"#\n >)",
     kOfCompiled},
    {Tool::kaem, "kaem", "kaem", "kaem-", "-f in", R"(./ow#\\\n ")", kOfCompiled},
}};

/// The row with this name; nothing if there is none.
const ToolRow* find_tool(std::string_view name);
/// The names, for people.
std::vector<std::string> tool_names();
/// The arguments of a case that names none, as words.
std::vector<std::string> usual_arguments(const ToolRow& tool);
/// Where kaem-minimal reads its script, or another tool its text, and which file it writes, in the usual
/// arguments.
inline constexpr std::string_view kInput = "in";
inline constexpr std::string_view kOutput = "out";

/// The dialects that our own implementation of a tool knows: names that cases use. "plain" is none of them: a
/// program without quirks, of which only what all of them share is asked.
std::vector<std::string_view> dialects_of(Tool tool);
inline constexpr std::string_view kPlain = "plain";

/// The cases of a tool that are part of this program, sorted by name.
const std::vector<Case>& cases_of(const ToolRow& tool);
/// The text of one of them, for those who want to read it.
std::string_view text_of(const ToolRow& tool, std::string_view name);

}  // namespace assay::conform

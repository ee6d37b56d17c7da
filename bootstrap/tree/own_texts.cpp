// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/tree/own_texts.h"

#include <algorithm>
#include <array>

#include "bootstrap/tree/embedded_files.h"
#include "bootstrap/tree/layout.h"
#include "hex0/hex0.h"

namespace assay::bootstrap {
namespace {

constexpr std::array<OwnProgram, 6> kPrograms{{
    {"hex0", "hex0/seeds/{arch}.hex0", "{ARCH}/hex0_{ARCH}.hex0"},
    {"kaem-minimal", "kaem/seeds/kaem-minimal-{arch}.hex0", "{ARCH}/kaem-minimal.hex0"},
    {"hex1", "hex1/seeds/{arch}.hex0", "{ARCH}/hex1_{ARCH}.hex0"},
    {"hex2-0", "hex2/seeds/{arch}.hex1", "{ARCH}/hex2_{ARCH}.hex1"},
    {"catm", "linker/seeds/catm-{arch}.hex2", "{ARCH}/catm_{ARCH}.hex2"},
    {"M0", "M1/seeds/M0-{arch}.hex2", "{ARCH}/M0_{ARCH}.hex2"},
}};

}  // namespace

std::span<const OwnProgram> own_programs() { return kPrograms; }

const OwnProgram* find_own_program(std::string_view name) {
  const auto row = std::ranges::find(kPrograms, name, &OwnProgram::name);
  return row == kPrograms.end() ? nullptr : &*row;
}

std::optional<ByteView> own_text(const OwnProgram& program, const Architecture& arch) {
  const std::string path = filled(program.text, arch);
  for (const EmbeddedFile& file : embedded_files()) {
    if (file.path == path) return file.bytes;
  }
  return std::nullopt;
}

Bytes assembled_seed(ByteView text, const Architecture& arch) {
  NoDiagnostics none;
  return hex0::assemble({"seed", text}, {.dialect = hex0::find_dialect(arch.name)}, none).bytes;
}

}  // namespace assay::bootstrap

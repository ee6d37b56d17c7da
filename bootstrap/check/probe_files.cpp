// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/check/probe_files.h"

namespace assay::bootstrap {
namespace {

constexpr std::uint64_t kInstructions = 2'000'000;  // a hundred times what the inputs need

/// Something for each part of the language that all architectures have.
std::string_view sample(Role role) {
  switch (role) {
    case Role::hex0: return "# bytes\n41 42 43 44\n";
    case Role::hex1: return ":a 41 42 ; bytes\n:b 43\n";
    case Role::hex2_0: return "# labels\n:first 41 42\n:second 43 %first &second\n";
    case Role::m0:
      return "# words\nDEFINE one 41\nDEFINE two 42\n:label one two\n!5 \"text\" 'raw'\n%0x12 one\n";
    case Role::cc: return "int main()\n{\n\tint a;\n\ta = 3;\n\twhile(a) a = a - 1;\n\treturn a;\n}\n";
    default: return "text\n";
  }
}

}  // namespace

ProbeFiles::ProbeFiles(Role of, const Bytes& program) : role(of) {
  const auto name = [](std::string_view path) { return path.substr(1); };
  tree.put(name(kProbeProgram), program, 0755);
  tree.put(name(kProbeInput), to_bytes(sample(role)));
  tree.put(name(kProbeEmpty), {});
  (void)tree.create(name(kProbeDirectory), NodeKind::directory, 0755);
}

machine::Request ProbeFiles::request(std::string_view from, std::string_view to) const {
  machine::Request request;
  request.program = kProbeProgram;
  request.argv = role == Role::catm
                     ? std::vector<std::string>{request.program, std::string(to), std::string(from)}
                     : std::vector<std::string>{request.program, std::string(from), std::string(to)};
  request.limits.image_instructions = kInstructions;
  return request;
}

}  // namespace assay::bootstrap

# SPDX-FileCopyrightText: 2026 The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# cmake -DROOT=dir -DFILES="a;b" -DOUTPUT=file.cpp -P EmbedFiles.cmake: writes the definition of
# assay::bootstrap::embedded_files().
set(arrays "")
set(rows "")
set(index 0)
foreach(file ${FILES})
  file(READ ${ROOT}/${file} hex HEX)
  string(REGEX REPLACE "(..)" "0x\\1," bytes "${hex}")
  string(APPEND arrays "constexpr std::uint8_t kFile${index}[] = {${bytes}};\n")
  string(APPEND rows "    {\"${file}\", kFile${index}},\n")
  math(EXPR index "${index} + 1")
endforeach()
file(WRITE ${OUTPUT} "// Generated from ${index} files; do not edit.
#include \"bootstrap/tree/embedded_files.h\"

namespace assay::bootstrap {
namespace {
${arrays}
constexpr EmbeddedFile kFiles[] = {
${rows}};
}  // namespace

std::span<const EmbeddedFile> embedded_files() { return kFiles; }

}  // namespace assay::bootstrap
")

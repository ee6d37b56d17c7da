# SPDX-FileCopyrightText: 2026 The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# cmake -DFILES="a;b" -DHEADER=x.h -DFUNCTION=name -DOUTPUT=file.cpp -P EmbedTexts.cmake: writes the definition of
# assay::bootstrap::name(). Texts without `)text"`; a string literal a part, since compilers limit them.
set(rows "")
foreach(file ${FILES})
  file(READ ${file} text)
  string(LENGTH "${text}" length)
  set(parts "")
  set(at 0)
  while(at LESS length)
    string(SUBSTRING "${text}" ${at} 8000 part)
    string(APPEND parts "R\"text(${part})text\"\n")
    math(EXPR at "${at} + 8000")
  endwhile()
  string(APPEND rows "    std::string_view(${parts}, ${length}),\n")
endforeach()
file(WRITE ${OUTPUT} "// Generated; do not edit.
#include \"${HEADER}\"

namespace assay::bootstrap {
namespace {
constexpr std::string_view kTexts[] = {
${rows}};
}  // namespace

std::span<const std::string_view> ${FUNCTION}() { return kTexts; }

}  // namespace assay::bootstrap
")

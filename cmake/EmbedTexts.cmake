# SPDX-FileCopyrightText: 2026 The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# assay_embed_texts(FUNCTION header.h FILES a b...): writes FUNCTION.cpp in the binary directory, with the definition of
# assay::bootstrap::FUNCTION() that the header declares: a std::span of the texts, in this order. Texts are ASCII
# without `)text"`; a string literal a part, since compilers limit them.
if(NOT CMAKE_SCRIPT_MODE_FILE)
  function(assay_embed_texts function header)
    cmake_parse_arguments(ARG "" "" "FILES" ${ARGN})
    set(script ${PROJECT_SOURCE_DIR}/cmake/EmbedTexts.cmake)
    add_custom_command(
      OUTPUT ${function}.cpp
      COMMAND ${CMAKE_COMMAND} "-DFILES=${ARG_FILES}" -DFUNCTION=${function} -DHEADER=${header} -P ${script}
      DEPENDS ${ARG_FILES} ${script}
      VERBATIM)
  endfunction()
  return()
endif()
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
file(WRITE ${FUNCTION}.cpp "// Generated; do not edit.
#include \"${HEADER}\"

// Both compilers that we build with take longer ones than the standard wants.
#pragma GCC diagnostic ignored \"-Woverlength-strings\"

namespace assay::bootstrap {
namespace {
constexpr std::string_view kTexts[] = {
${rows}};
}  // namespace

std::span<const std::string_view> ${FUNCTION}() { return kTexts; }

}  // namespace assay::bootstrap
")

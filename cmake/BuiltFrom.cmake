# SPDX-FileCopyrightText: 2026 The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# cmake -DROOT=dir -DOUTPUT=file.h -P BuiltFrom.cmake: writes which commit the sources are, where git knows;
# leaves a file alone that says so already. Packagers who build from an archive give ASSAY_COMMIT in the environment.
set(commit "$ENV{ASSAY_COMMIT}")
find_program(GIT git)
if(commit STREQUAL "" AND GIT AND EXISTS ${ROOT}/.git)
  execute_process(COMMAND ${GIT} -C ${ROOT} -c safe.directory=* describe --always --abbrev=40 --match= --dirty=\ and\ changes
    OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
endif()
if(commit STREQUAL "")
  set(commit "unknown: not a checkout of git")
endif()
set(text "// Generated; do not edit.\n#define ASSAY_COMMIT \"${commit}\"\n")
set(old "")
if(EXISTS ${OUTPUT})
  file(READ ${OUTPUT} old)
endif()
if(NOT old STREQUAL text)
  file(WRITE ${OUTPUT} "${text}")
endif()

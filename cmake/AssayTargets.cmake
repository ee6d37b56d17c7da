# SPDX-FileCopyrightText: 2026 The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A room is: assay_library(hex0 SOURCES ... LINK core), assay_program(hex0 main.cpp hex0),
# assay_test(hex0_test hex0_test.cpp hex0). Included as "hex0/hex0.h".
include(GoogleTest)

add_library(assay_options INTERFACE)
target_include_directories(assay_options INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(assay_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion)
target_compile_definitions(assay_options INTERFACE ASSAY_VERSION="${PROJECT_VERSION}")
if(ASSAY_WERROR)
  target_compile_options(assay_options INTERFACE -Werror)
endif()
if(ASSAY_SANITIZE)
  target_compile_options(assay_options INTERFACE -fsanitize=${ASSAY_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(assay_options INTERFACE -fsanitize=${ASSAY_SANITIZE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU") # g++ 12 warns inside std::regex when it instruments it (GCC bug 105562)
    target_compile_options(assay_options INTERFACE -Wno-maybe-uninitialized)
  endif()
endif()
option(ASSAY_LLD "Link with lld, where it is installed" OFF)
find_program(ASSAY_LLD_PROGRAM ld.lld)
if(ASSAY_LLD AND ASSAY_LLD_PROGRAM)
  target_link_options(assay_options INTERFACE -fuse-ld=lld)
endif()
if(ASSAY_STATIC)
  target_link_options(assay_options INTERFACE -static)
endif()
if(ASSAY_FUZZ)
  target_compile_options(assay_options INTERFACE -fsanitize=fuzzer-no-link,address,undefined)
  target_link_options(assay_options INTERFACE -fsanitize=address,undefined)
endif()

# What nearly every source reads first, compiled once for the libraries and once for the tests: a third of the time of
# a build. Not with ccache, which would take every source for a new one.
option(ASSAY_PRECOMPILED_HEADERS "Compile the common headers once" ON)
set(ASSAY_COMMON_HEADERS <algorithm> <array> <cstdint> <functional> <map> <memory> <optional> <set> <span> <string>
  <string_view> <unordered_map> <utility> <variant> <vector> <fmt/format.h> <tl/expected.hpp>)
if(ASSAY_PRECOMPILED_HEADERS AND NOT CMAKE_CXX_COMPILER_LAUNCHER MATCHES "ccache")
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # g++ 12 forgets that precompiled headers are the system's and warns inside std::string (GCC bug 105651 and its
    # like); the presets asan and clang, and builds with ccache, still have these warnings.
    target_compile_options(assay_options INTERFACE
      -Wno-array-bounds -Wno-restrict -Wno-stringop-overflow -Wno-stringop-overread)
  endif()
  set(ASSAY_COMMON_SOURCE ${PROJECT_BINARY_DIR}/common.cpp)
  file(CONFIGURE OUTPUT ${ASSAY_COMMON_SOURCE} CONTENT "")
  add_library(assay_common OBJECT ${ASSAY_COMMON_SOURCE})
  target_link_libraries(assay_common PRIVATE assay_options ${ASSAY_FMT} tl::expected)
  target_precompile_headers(assay_common PRIVATE ${ASSAY_COMMON_HEADERS})
  if(ASSAY_TESTS)
    add_library(assay_test_common OBJECT ${ASSAY_COMMON_SOURCE})
    target_link_libraries(assay_test_common PRIVATE assay_options ${ASSAY_FMT} tl::expected GTest::gtest)
    target_compile_options(assay_test_common PRIVATE -O0)
    target_precompile_headers(assay_test_common PRIVATE ${ASSAY_COMMON_HEADERS} <gtest/gtest.h>)
  endif()
endif()

# assay_common_headers(TARGET OWNER): TARGET takes the headers that OWNER (assay_common, assay_test_common) compiled.
function(assay_common_headers target owner)
  if(TARGET ${owner})
    target_precompile_headers(${target} REUSE_FROM ${owner})
  endif()
endfunction()

# Several sources of a library compiled as one: half the time of a build from nothing. A source that has names of its
# own in common with its neighbours stands APART. Not with ccache, which is for those who change a source at a time.
option(ASSAY_TOGETHER "Compile several sources at once" ON)
if(CMAKE_CXX_COMPILER_LAUNCHER MATCHES "ccache")
  set(ASSAY_TOGETHER OFF)
endif()
if(ASSAY_TOGETHER AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU") # g++ takes the sources for headers
  target_compile_options(assay_options INTERFACE -Wno-subobject-linkage)
endif()

# assay_library(NAME SOURCES a.cpp... APART a.cpp... LINK lib...): the static library assay_NAME.
function(assay_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;APART;LINK" ${ARGN})
  add_library(assay_${name} STATIC ${ARG_SOURCES})
  target_link_libraries(assay_${name} PUBLIC assay_options ${ARG_LINK})
  assay_common_headers(assay_${name} assay_common)
  set_target_properties(assay_${name} PROPERTIES UNITY_BUILD ${ASSAY_TOGETHER} UNITY_BUILD_BATCH_SIZE 12)
  set_source_files_properties(${ARG_APART} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
endfunction()

# Drop-ins that Debian has other programs of the same name for (coreutils, xz-utils, mariadb-client, ...), or whose
# name is a word that a user may give to a program of his own. They are installed apart from bin: who wants them puts
# their directory into PATH.
set(ASSAY_SYSTEM_NAMES chmod cp match mes mkdir replace rm sha256sum unxz wrap)
if(ASSAY_DEB) # those of the package mescc-tools
  list(APPEND ASSAY_SYSTEM_NAMES M1 blood-elf catm get_machine hex2 kaem)
endif()
set(ASSAY_INSTALL_APART_DIR ${CMAKE_INSTALL_LIBEXECDIR}/assay)

# assay_program(NAME source lib...): an installed program. The target `programs` is all of them.
add_custom_target(programs)
function(assay_program name source)
  add_executable(program_${name} ${source})
  add_dependencies(programs program_${name})
  set_target_properties(program_${name} PROPERTIES OUTPUT_NAME ${name} RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
  target_link_libraries(program_${name} PRIVATE ${ARGN})
  assay_common_headers(program_${name} assay_common)
  if(name IN_LIST ASSAY_SYSTEM_NAMES)
    install(TARGETS program_${name} RUNTIME DESTINATION ${ASSAY_INSTALL_APART_DIR})
  else()
    install(TARGETS program_${name} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
  endif()
endfunction()

# assay_test(NAME SOURCES a.cpp... LINK lib... [PROGRAMS name...]): a GoogleTest program, one ctest entry a test.
# Tests see ASSAY_SOURCE_DIR (the repository) and ASSAY_BIN_DIR (the built programs).
function(assay_test name)
  if(NOT ASSAY_TESTS)
    return()
  endif()
  cmake_parse_arguments(ARG "WHOLE" "TIMEOUT" "SOURCES;LINK;PROGRAMS" ${ARGN})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 300)
  endif()
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_LINK} GTest::gtest_main)
  target_compile_options(${name} PRIVATE -O0) # what is tested is optimised; the tests are compiled sooner
  assay_common_headers(${name} assay_test_common)
  target_compile_definitions(${name} PRIVATE ASSAY_SOURCE_DIR="${PROJECT_SOURCE_DIR}" ASSAY_BIN_DIR="${PROJECT_BINARY_DIR}/bin")
  foreach(program ${ARG_PROGRAMS})
    add_dependencies(${name} program_${program})
  endforeach()
  if(ARG_WHOLE) # one ctest entry for the whole program: data-driven tests with thousands of rows
    add_test(NAME ${name} COMMAND ${name})
    set_tests_properties(${name} PROPERTIES TIMEOUT ${ARG_TIMEOUT} SKIP_REGULAR_EXPRESSION "\\[  SKIPPED \\]")
  else()
    gtest_discover_tests(${name} TEST_PREFIX "${name}." DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT ${ARG_TIMEOUT})
  endif()
endfunction()

# assay_fuzzer(NAME source lib...): a libFuzzer program, only with ASSAY_FUZZ. The target `fuzzers` is all of them.
function(assay_fuzzer name source)
  if(NOT TARGET fuzzers)
    add_custom_target(fuzzers)
  endif()
  add_dependencies(fuzzers ${name})
  add_executable(${name} ${source})
  target_link_libraries(${name} PRIVATE ${ARGN})
  target_link_options(${name} PRIVATE -fsanitize=fuzzer)
  assay_common_headers(${name} assay_common)
endfunction()

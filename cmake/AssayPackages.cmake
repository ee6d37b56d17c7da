# SPDX-FileCopyrightText: 2026 The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Every library we lean on, found or named with the Debian package that brings it.
function(assay_need package debian)
  find_package(${package} ${ARGN} QUIET)
  if(NOT ${package}_FOUND)
    message(FATAL_ERROR "assay needs ${package}: apt-get install ${debian}")
  endif()
endfunction()

macro(assay_require package debian)
  assay_need(${package} ${debian} ${ARGN})
  find_package(${package} REQUIRED ${ARGN} QUIET)
endmacro()

assay_require(fmt libfmt-dev)
assay_require(CLI11 libcli11-dev)
assay_require(tl-expected libexpected-dev)
assay_require(nlohmann_json nlohmann-json3-dev)
assay_require(OpenSSL libssl-dev)
assay_require(ZLIB zlib1g-dev)
assay_require(BZip2 libbz2-dev)
assay_require(LibLZMA liblzma-dev)
assay_require(LibArchive libarchive-dev)
assay_require(Threads libc6-dev)
find_path(ASSAY_EXT2FS_HEADERS ext2fs/ext2fs.h)
if(NOT ASSAY_EXT2FS_HEADERS)
  message(FATAL_ERROR "assay needs libext2fs: apt-get install libext2fs-dev")
endif()

# The disassemblers only, linked statically: a program that loads all of LLVM starts 15 ms later. llvm-config knows
# what they need; LLVM's package file for CMake asks for a C compiler and half a dozen packages more.
find_program(ASSAY_LLVM_CONFIG llvm-config)
if(NOT ASSAY_LLVM_CONFIG)
  message(FATAL_ERROR "assay needs LLVM: apt-get install llvm-dev")
endif()
function(assay_ask_llvm result)
  execute_process(COMMAND ${ASSAY_LLVM_CONFIG} --link-static ${ARGN} OUTPUT_VARIABLE answer
                  OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  separate_arguments(answer UNIX_COMMAND "${answer}")
  set(${result} ${answer} PARENT_SCOPE)
endfunction()
set(ASSAY_LLVM_PARTS x86disassembler x86desc aarch64disassembler armdisassembler riscvdisassembler)
assay_ask_llvm(ASSAY_LLVM_HEADERS --includedir)
assay_ask_llvm(ASSAY_LLVM_DIR --libdir)
assay_ask_llvm(ASSAY_LLVM_LIBS --libs ${ASSAY_LLVM_PARTS})
assay_ask_llvm(ASSAY_LLVM_SYSTEM_LIBS --system-libs ${ASSAY_LLVM_PARTS})
add_library(assay_llvm INTERFACE)
target_include_directories(assay_llvm SYSTEM INTERFACE ${ASSAY_LLVM_HEADERS})
target_link_directories(assay_llvm INTERFACE ${ASSAY_LLVM_DIR})
target_link_libraries(assay_llvm INTERFACE -Wl,--push-state,--as-needed ${ASSAY_LLVM_LIBS} ${ASSAY_LLVM_SYSTEM_LIBS}
                      -Wl,--pop-state)

assay_require(GTest libgtest-dev)
if(ASSAY_BENCH)
  assay_require(benchmark libbenchmark-dev)
endif()

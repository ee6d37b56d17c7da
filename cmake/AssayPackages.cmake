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
assay_require(GTest libgtest-dev)
if(ASSAY_BENCH)
  assay_require(benchmark libbenchmark-dev)
endif()

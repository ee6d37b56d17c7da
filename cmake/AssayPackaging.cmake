# SPDX-FileCopyrightText: 2026 The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Packages, by cpack. The preset `deb` is a build for one: `cpack --preset deb`.
set(CPACK_PACKAGE_NAME assay)
set(CPACK_PACKAGE_VENDOR "The Assay authors")
set(CPACK_PACKAGE_CONTACT "The Assay authors <assay@assay.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "check of bootstrap seeds, trees and images before booting them")
set(CPACK_PACKAGE_DESCRIPTION "Derives every byte of a bootstrap (stage0-posix, live-bootstrap,
builder-hex0) twice, by two roads that share no code, and says where they
part: one runs the seeds and all that they build in a hermetic machine, of
any of five architectures, the other computes the same files from their
sources.
.
Drop-in tools for hex0, hex1, hex2, M0, M1, kaem and others come with it, in
/usr/libexec/assay where Debian has other programs of their names.")
set(CPACK_STRIP_FILES ON)
set(CPACK_GENERATOR DEB)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
if(ASSAY_DEB)
  set(doc ${CMAKE_INSTALL_DATADIR}/doc/assay)
  install(FILES ${PROJECT_SOURCE_DIR}/contrib/debian/copyright ${PROJECT_SOURCE_DIR}/contrib/debian/changelog DESTINATION ${doc})
  install(CODE "
    file(GLOB_RECURSE pages \$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_DATADIR}/man/*.[1-9]
                            \$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_DATADIR}/assay/man/*.[1-9])
    execute_process(COMMAND gzip -9nf \${pages} \$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${doc}/changelog
      COMMAND_ERROR_IS_FATAL ANY)")
endif()
include(CPack)

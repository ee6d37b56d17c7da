;;; SPDX-FileCopyrightText: 2026 The Assay authors
;;; SPDX-License-Identifier: GPL-3.0-or-later
;;;
;;; guix shell --file=guix.scm -- assay preflight stage0-posix; guix build --file=guix.scm
(use-modules (guix gexp)
             (guix packages)
             (guix git-download)
             (guix build-system cmake)
             ((guix licenses) #:prefix license:)
             (gnu packages))

(define here (dirname (current-filename)))

(package
  (name "assay")
  (version "0.1.0")
  (source (local-file here "assay-checkout"
                      #:recursive? #t
                      #:select? (or (git-predicate here) (const #t))))
  (build-system cmake-build-system)
  (arguments
   '(#:tests? #f                        ; they are not built: see cmake --preset dev
     #:configure-flags
     (list "-DASSAY_TESTS=OFF" "-DASSAY_BENCH=OFF")))
  (inputs
   (map specification->package
        '("fmt" "cli11" "libexpected" "nlohmann-json" "tomlplusplus" "openssl" "zlib" "bzip2"
          "xz" "libarchive" "e2fsprogs")))
  (home-page "https://example.org/assay")
  (synopsis "Check of bootstrap seeds, trees and images before booting them")
  (description
   "Assay derives every byte of a bootstrap (stage0-posix, live-bootstrap,
builder-hex0) twice, by two roads that share no code, and says where they part.")
  (license license:gpl3+))

#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# usage: build_real_tools.sh ARCH...     (x86 AMD64 AArch64 riscv32 riscv64)
#
# Builds the early programs of a stage0-posix tree with the tree's own seeds, up to and including the
# compiler, and keeps them as real-tools/ARCH/{hex0,hex1,hex2-0,catm,M0,cc} in the cache, for tests that
# compare us with the real programs. The work is done on a copy; the tree is not touched. Programs of other
# machines run under qemu-user. Does nothing for an architecture that is already there.
#
# ASSAY_TREES (default ~/.cache/assay) holds the tree stage0-posix and gets the results.
set -euo pipefail

trees=${ASSAY_TREES:-$HOME/.cache/assay}
tree=$trees/stage0-posix

runner_of() {
  case $1 in
    x86) echo qemu-i386 ;; # not every kernel of x86_64 runs these
    AMD64) if [ "$(uname -m)" = x86_64 ]; then echo; else echo qemu-x86_64; fi ;;
    AArch64) if [ "$(uname -m)" = aarch64 ]; then echo; else echo qemu-aarch64; fi ;;
    riscv32) echo qemu-riscv32 ;;
    riscv64) echo qemu-riscv64 ;;
    *) echo "unknown architecture $1" >&2; return 2 ;;
  esac
}

# Runs the commands of the tree's script that make the tools we keep: everything up to the one whose
# output is the compiler. One command a line; the scripts have no quotes before that point.
build() {
  local arch=$1 runner=$2 work=$3 line
  local compiler=./$arch/artifact/cc_${arch,,}
  local -a words
  while read -r line; do
    case $line in '' | '#'*) continue ;; esac
    read -ra words <<<"$line"
    ${runner:+"$runner"} "${words[@]}" </dev/null
    case $line in
      *" $compiler") return 0 ;;
    esac
  done < <(cat "$work/$arch/mescc-tools-seed-kaem.kaem" "$work/$arch/mescc-tools-mini-kaem.kaem" | grep -v kaem-minimal)
  echo "the script of $arch builds no $compiler" >&2
  return 1
}

for arch in "$@"; do
  cache=$trees/real-tools/$arch
  if [ -x "$cache/cc" ]; then continue; fi
  runner=$(runner_of "$arch")
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  mkdir -p "$work/bootstrap-seeds/POSIX"
  cp -r "$tree/$arch" "$work/$arch"
  cp -r "$tree/bootstrap-seeds/POSIX/$arch" "$work/bootstrap-seeds/POSIX/$arch"
  rm -rf "${work:?}/$arch/artifact" && mkdir "$work/$arch/artifact"
  (cd "$work" && build "$arch" "$runner" "$work")
  mkdir -p "$cache"
  for tool in hex0 hex1 hex2-0 catm M0; do cp "$work/$arch/artifact/$tool" "$cache/$tool"; done
  # The name that callers test for comes last and whole.
  cp "$work/$arch/artifact/cc_${arch,,}" "$cache/cc.new"
  chmod 0755 "$cache"/*
  mv "$cache/cc.new" "$cache/cc"
  rm -rf "$work"
  trap - EXIT
done

#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The Assay authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Runs the whole AMD64 chain of a stage0-posix tree on a copy of it, natively (some 20 seconds of CPU time on
# an x86-64 host), and keeps the programs it made as real-tools/AMD64/bin in the cache, for tests that compare us
# with the real programs. The tree is not touched. Does nothing if they are already there.
#
# ASSAY_TREES (default ~/.cache/assay) holds the tree stage0-posix and gets the results.
set -euo pipefail

trees=${ASSAY_TREES:-$HOME/.cache/assay}
cache=$trees/real-tools/AMD64
if [ -d "$cache/bin" ]; then exit 0; fi
if [ "$(uname -m)" != x86_64 ]; then echo "needs an x86-64 host" >&2; exit 2; fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -r "$trees/stage0-posix" "$work/tree"
(cd "$work/tree" && env -i ./bootstrap-seeds/POSIX/AMD64/kaem-optional-seed kaem.amd64 </dev/null >"$work/log") ||
  { tail -5 "$work/log" >&2; exit 1; }
mkdir -p "$cache"
rm -f "$work/tree/AMD64/bin/placeholder"
cp "$work/tree/AMD64/artifact/kaem-0" "$work/tree/AMD64/bin/kaem-0"
# The name that callers test for comes last and whole.
cp -r "$work/tree/AMD64/bin" "$cache/bin.$$"
mv -T "$cache/bin.$$" "$cache/bin"

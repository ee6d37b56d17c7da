// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What other files of the tree tell about a file: rules of makefiles, neighbours of the same name.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "audit/makefile.h"
#include "audit/scan.h"

namespace assay::audit {

bool is_makefile_name(std::string_view path);

/// Adds evidence to the files of one tree, all of which are in `files`, sorted by path.
void relate(std::vector<FileVerdict>& files, const Makefiles& makefiles);

/// Finds the file that the verdict was made of among `files` (sorted): what evidence names, then what the
/// kind is made of as a rule.
void find_source(FileVerdict& verdict, const std::vector<FileVerdict>& files);

}  // namespace assay::audit

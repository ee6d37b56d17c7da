// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The cases that are part of this program, made by the build of ROOM/conformance/*.case; their paths are in
// case_names.h, in the same order.
#pragma once

#include <span>
#include <string_view>

namespace assay::bootstrap {

std::span<const std::string_view> case_texts();

}  // namespace assay::bootstrap

namespace assay::conform {
using bootstrap::case_texts;
}  // namespace assay::conform

// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bootstrap/scale/matrix.h"

namespace assay::bootstrap {

/// Names of the architectures that any of the trees holds, in the order of architectures().
std::vector<std::string_view> matrix_columns(std::span<const MatrixRow> rows);

}  // namespace assay::bootstrap

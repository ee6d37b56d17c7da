// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "linker/catm_command.h"

int main(int argc, char** argv) { return assay::catm::run_command({argv + (argc > 0 ? 1 : 0), argv + argc}); }

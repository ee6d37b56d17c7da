// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What faults are made of: changes of what goes in, and of what comes out.
#pragma once

#include <functional>
#include <string>

#include "bootstrap/conform/testing/faults.h"

namespace assay::conform {

using Edit = std::function<std::string(std::string)>;
using Before = std::function<void(Situation&)>;
using After = std::function<void(const Situation&, Observed&)>;

/// Changes the text that the tool reads.
Before text(Edit edit);
/// Changes what it makes, or prints.
After output(std::function<void(Bytes&)> edit);
After printed(std::function<void(Bytes&)> edit);
/// The mode of what it makes: those bits of it, and these besides.
After mode(std::uint32_t mask, std::uint32_t set = 0);

/// std::regex_replace. Texts of long lines, which std::regex cannot stand, stay: those faults have others.
Edit replaced(const std::string& pattern, const std::string& with);
Edit cut_at(char c);
Edit cut_to(std::size_t size);
Edit each(std::function<char(char)> change);
Edit without(char c);

/// What porters of programs meet: signs in comments, sizes, names, what becomes of children.
void add_faults_of_porters(std::vector<Fault>& all);

}  // namespace assay::conform

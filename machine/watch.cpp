// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "machine/watch.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <limits>

namespace assay::machine {
namespace {

/// Instructions looked at before the ones that are kept: flags that a translator has not kept because
/// nothing reads them are right again after so many.
constexpr std::uint64_t kLead = 1000;

/// Keeps the last instructions of one image.
class LookBack final : public Observer {
 public:
  LookBack(std::uint32_t image, std::uint64_t instructions, const std::set<std::uint64_t>& breaks)
      : image_(image), breaks_(breaks) {
    from_ = instructions - std::min(instructions, kLead);
  }

  std::uint64_t unobserved(const ImageRecord& image) override {
    if (image.index != image_) return std::numeric_limits<std::uint64_t>::max();
    return from_ - std::min(from_, image.instructions);
  }
  bool before(const Instruction& instruction) override {
    if (kept_.size() == kRecentInstructions + 1) kept_.pop_front();
    kept_.push_back({instruction.pc, {instruction.bytes.begin(), instruction.bytes.end()}, false});
    return !breaks_.contains(instruction.pc);
  }
  void after(const Instruction& /*instruction*/) override { kept_.back().done = true; }

  [[nodiscard]] std::vector<RecentInstruction> kept() const {
    const std::size_t undone = kept_.empty() || kept_.back().done ? 0 : 1;
    const std::size_t size = std::min(kept_.size(), kRecentInstructions + undone);
    return {kept_.end() - static_cast<std::ptrdiff_t>(size), kept_.end()};
  }

 private:
  std::uint32_t image_;
  const std::set<std::uint64_t>& breaks_;
  std::uint64_t from_ = 0;
  std::deque<RecentInstruction> kept_;
};

}  // namespace

void Coverage::started(const ImageRecord& image) {
  std::size_t index = 0;
  while (index < programs_.size()) {
    const Program& known = programs_[index].program;
    if (known.path == image.program && *known.bytes == *image.program_bytes) break;
    ++index;
  }
  if (index == programs_.size()) {
    programs_.emplace_back();
    programs_.back().program.path = image.program;
    programs_.back().program.bytes = image.program_bytes;
    programs_.back().program.image = image.index;
  }
  if (by_image_.size() <= image.index) by_image_.resize(image.index + 1);
  by_image_[image.index] = index;
}

void Coverage::ran(const Instruction& instruction) {
  Counted& counted = programs_[by_image_[instruction.image]];
  counted.program.isa = &instruction.isa;
  ++counted.program.count;
  Row& row = counted.rows[instruction.pc];
  if (!std::equal(row.bytes.begin(), row.bytes.end(), instruction.bytes.begin(), instruction.bytes.end())) {
    if (row.count != 0) counted.replaced[{instruction.pc, std::string(as_text(row.bytes))}] = row.count;
    row.address = instruction.pc;
    row.bytes.assign(instruction.bytes.begin(), instruction.bytes.end());
    const auto again = counted.replaced.find({instruction.pc, std::string(as_text(row.bytes))});
    row.count = again == counted.replaced.end() ? 0 : again->second;
    if (again != counted.replaced.end()) counted.replaced.erase(again);
  }
  ++row.count;
}

std::vector<Coverage::Program> Coverage::programs() const {
  std::vector<Program> all;
  for (const Counted& counted : programs_) {
    Program program = counted.program;
    for (const auto& [address, row] : counted.rows) program.rows.push_back(row);
    for (const auto& [key, count] : counted.replaced) {
      program.rows.push_back({key.address, to_bytes(key.bytes), count});
    }
    std::sort(program.rows.begin(), program.rows.end(), [](const Row& a, const Row& b) {
      return std::tie(a.address, a.bytes) < std::tie(b.address, b.bytes);
    });
    all.push_back(std::move(program));
  }
  return all;
}

Result<Recent> look_back(MemoryTree& tree, const Request& request, const ImageRecord& stopped,
                         const std::set<std::uint64_t>& breaks) {
  LookBack observer(stopped.index, stopped.instructions, breaks);
  Request again = request;
  again.on_start = {};
  again.on_end = {};
  again.on_system_call = {};
  again.on_console = {};
  again.observer = &observer;
  const Result<Outcome> outcome = run(tree, again);
  if (!outcome) return tl::unexpected<Error>(outcome.error());
  if (stopped.index >= outcome->images.size())
    return fail("not-repeated", "the run did not repeat: another number of programs");
  const ImageRecord& image = outcome->images[stopped.index];
  if (image.stop != stopped.stop || image.instructions != stopped.instructions ||
      image.message != stopped.message) {
    return fail("not-repeated",
                fmt::format("the run did not repeat: it stopped after {} instructions with {}",
                            image.instructions, name_of(image.stop)));
  }
  return Recent{observer.kept(), image.state};
}

}  // namespace assay::machine

// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/roads/reference_run.h"

#include <algorithm>
#include <map>
#include <utility>

namespace assay::bootstrap {

ReferenceRun::ReferenceRun(const Chain& chain, ReferenceRoad& road, Done done)
    : chain_(chain), done_(std::move(done)), road_(road) {
  std::map<std::string_view, std::size_t> made;  // by path: units up to the last one that makes it
  Unit unit;
  for (const std::size_t index : chain.steps()) {
    unit.commands.push_back(index);
    if (chain.commands[index].part_of) continue;
    std::map<std::string_view, std::size_t> own;
    const auto need = [&](std::string_view path) {
      if (const auto found = made.find(path); found != made.end() && !own.contains(path))
        unit.needs = std::max(unit.needs, found->second);
    };
    for (const std::size_t one : unit.commands) {
      const Command& command = chain.commands[one];
      need(command.program);
      for (const std::string& path : command.inputs) need(path);
      for (const std::string& path : command.outputs) own.emplace(path, units_.size() + 1);
    }
    for (const auto& [path, up_to] : own) made.insert_or_assign(path, up_to);
    units_.push_back(std::exchange(unit, {}));
  }
}

std::optional<std::size_t> ReferenceRun::next_ahead() const {
  for (std::size_t index = first_; start_ && index < units_.size(); ++index) {
    if (units_[index].state == Unit::State::open && units_[index].needs <= first_) return index;
  }
  return std::nullopt;
}

/// The first unit that is not done.
void ReferenceRun::go_on(std::unique_lock<std::mutex>& lock) {
  Unit& unit = units_[first_];
  const std::optional<ReferenceRoad::Ahead> ahead = std::exchange(unit.ahead, std::nullopt);
  unit.state = Unit::State::running;
  busy_ = true;
  lock.unlock();
  if (ahead && road_.take(chain_, *ahead)) {
    for (std::size_t index = 0; index < unit.commands.size(); ++index)
      done_(unit.commands[index], ahead->computed[index]);
  } else {
    for (const std::size_t command : unit.commands) done_(command, road_.compute(chain_, command));
  }
  lock.lock();
  busy_ = false;
  ++first_;
  start_.reset();
  if (workers_ > 1) start_.emplace(road_.copy());
}

void ReferenceRun::go_ahead(Unit& unit, std::unique_lock<std::mutex>& lock) {
  unit.state = Unit::State::running;
  ReferenceRoad road = start_->copy();
  lock.unlock();
  std::optional<ReferenceRoad::Ahead> ahead = road.compute_ahead(chain_, unit.commands);
  lock.lock();
  unit.state = ahead ? Unit::State::ahead : Unit::State::open;
  unit.ahead = std::move(ahead);
}

void ReferenceRun::work() {
  std::unique_lock lock(mutex_);
  ++workers_;
  const auto open = [](const Unit& unit) { return unit.state == Unit::State::open; };
  while (first_ < units_.size()) {
    if (!busy_ && units_[first_].state != Unit::State::running) {
      go_on(lock);
    } else if (const std::optional<std::size_t> next = next_ahead()) {
      go_ahead(units_[*next], lock);
    } else if (std::any_of(units_.begin(), units_.end(), open)) {
      changed_.wait(lock);
      continue;
    } else {
      break;  // those who run the last ones see to the end
    }
    changed_.notify_all();
  }
  if (--workers_ > 0 || first_ < units_.size()) return;
  start_.reset();
  road_.release_programs();
}

}  // namespace assay::bootstrap

// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "exec/translate/translator.h"

#if defined(__x86_64__)

#include <algorithm>
#include <limits>
#include <unordered_map>
#include <utility>

#include "exec/interpret/trace_recorder.h"
#include "exec/trace/ways.h"
#include "exec/translate/block_translator.h"

namespace assay::exec {
namespace {

constexpr std::size_t kCodeBytes = std::size_t{64} << 20;

class Translator : public Translation {
 public:
  Translator(Program& program, Image& image, const InstructionSet& set, std::unique_ptr<CodeMemory> memory)
      : program_(program),
        image_(&image),
        set_(set),
        memory_(std::move(memory)),
        starts_(image.end() - image.base()),
        blocks_(program, image, set, *memory_, starts_.size()) {
    std::fill(starts_.begin(), starts_.end(), blocks_.go());
  }

  Halted run(Image& image, Registers& registers, std::uint64_t jumps, const SystemCall& system_call) override;
  [[nodiscard]] std::size_t code_bytes() const override { return memory_->used(); }

 private:
  void begin(Image& image);
  void patch(const Byte* at, std::uint32_t value);
  const void* code_for(const Operation* start, bool ask_always = false);
  const void* code_at(std::uint64_t address);
  void go_on(std::uint32_t heat);

  Program& program_;
  Image* image_;
  const InstructionSet& set_;
  std::unique_ptr<CodeMemory> memory_;
  Context context_;
  std::vector<const void*> starts_;
  BlockTranslator blocks_;
  std::unordered_map<const Operation*, const void*> made_;
  std::unordered_map<const Operation*, const void*> made_asking_;  ///< blocks that ask at every access
  // Of this run.
  std::unordered_map<std::uint32_t, const Byte*> heats_;  ///< by number: what is behind the jump at its begin
  struct Patch {
    const Byte* at;
    std::uint32_t before;
  };
  std::vector<Patch> patches_;
  std::vector<std::uint64_t> started_;            ///< addresses in `starts_`
  Operation alone_[2] = {{}, {.op = Op::pause}};  ///< for the interpreter
};

const void* Translator::code_for(const Operation* start, bool ask_always) {
  auto& made = ask_always ? made_asking_ : made_;
  if (const auto found = made.find(start); found != made.end()) return found->second;
  const Bytes& bytes = blocks_.translate_block(start, ask_always);
  context_.code_end = image_->code_end();
  if (bytes.empty() || !memory_->fits(bytes.size())) return nullptr;
  const void* const code = memory_->append(bytes);
  made.emplace(start, code);
  return code;
}

const void* Translator::code_at(std::uint64_t address) {
  const Operation* const start = program_.at(address);
  if (start == nullptr) return nullptr;
  const void* const code = code_for(start);
  if (code == nullptr) return nullptr;
  starts_[address - image_->base()] = code;
  started_.push_back(address);
  return code;
}

/// Has a loop go on where it should, if that has been found; else it is counted.
void Translator::go_on(std::uint32_t heat) {
  const auto jump = heats_.find(heat);
  if (jump == heats_.end()) return;
  const Operation* const go = program_.heat(heat).go;
  const void* const code = go != nullptr ? code_for(go) : jump->second;
  if (code != nullptr)
    patch(jump->second - 4, static_cast<std::uint32_t>(static_cast<const Byte*>(code) - jump->second));
}

void Translator::patch(const Byte* at, std::uint32_t value) {
  patches_.push_back({at, memory_->number(at)});
  memory_->patch(at, value);
}

/// Nothing is linked yet, as in the first run.
void Translator::begin(Image& image) {
  image_ = context_.image = &image;
  blocks_.use(image);
  for (; !patches_.empty(); patches_.pop_back()) memory_->patch(patches_.back().at, patches_.back().before);
  for (const std::uint64_t address : started_) starts_[address - image.base()] = blocks_.go();
  started_.clear();
  heats_.clear();
}

Halted Translator::run(Image& image, Registers& registers, std::uint64_t jumps,
                       const SystemCall& system_call) {
  begin(image);
  context_.starts = starts_.data();
  context_.stack_bottom = image.stack_bottom();
  context_.jumps = std::min<std::uint64_t>(jumps, std::numeric_limits<std::int64_t>::max());
  context_.registers = registers;
  std::uint64_t address = image_->entry();
  const Operation* start = nullptr;
  const void* code = code_at(address);
  context_.operation = program_.at(address);
  while (code != nullptr) {
    const Exit why{blocks_.enter()(&context_, image_->at(0), code)};
    const Operation& o = *context_.operation;
    if (why == Exit::too_long) return {Halt::too_long, static_cast<std::uint64_t>(o.immediate), 0};
    if (why == Exit::go) {
      address = context_.address;
      start = nullptr;
      code = code_at(address);
    } else if (why == Exit::link || why == Exit::beyond) {
      address = static_cast<std::uint64_t>(o.immediate);
      start = why == Exit::link ? program_.goal(o) : &o;
      code = start == nullptr ? nullptr : code_for(start, why == Exit::beyond);
      if (code != nullptr) {
        const auto* const at = static_cast<const Byte*>(context_.resume);
        patch(at, static_cast<std::uint32_t>(static_cast<const Byte*>(code) - (at + 4)));
      }
    } else if (o.op == Op::heat) {
      const Program::Heat& heat = program_.heat(o.extra);
      start = heat.go;
      if (heat.go == nullptr) {
        const Recording recording =
            record(o, program_, *image_, set_, context_.registers, context_.jumps, system_call);
        if (recording.halted) return {recording.halted->why, recording.halted->address, context_.jumps};
        start = recording.next;
      }
      heats_[o.extra] = static_cast<const Byte*>(context_.resume);
      if (heat.go != nullptr) go_on(o.extra);
      code = code_for(start);
    } else if (o.op == Op::enter) {
      code = context_.resume;
      if (!is_of_use(o, program_)) {
        go_on(o.extra);
        start = o.target;
        code = code_for(start);
      }
    } else if (o.op == Op::system_call) {
      context_.registers.next = static_cast<std::uint64_t>(o.immediate);
      if (!system_call(context_.registers)) return {Halt::ended, 0, context_.jumps};
      context_.code_end = image_->code_end();  // a child may have run
      address = context_.registers.next;
      start = nullptr;
      code = address == static_cast<std::uint64_t>(o.immediate) ? context_.resume : code_at(address);
    } else {
      alone_[0] = o;
      for (Operation& one : alone_) go_alone(one);
      const Halted halted =
          interpret_from(alone_, program_, *image_, set_, context_.registers, 1, system_call);
      if (halted.why != Halt::paused) return {halted.why, halted.address, context_.jumps};
      code = context_.resume;
    }
  }
  // No room for more code, or nothing to run there: the interpreter says which.
  if (start == nullptr) start = program_.at(address);
  if (start == nullptr) return {Halt::bad_jump, address, context_.jumps};
  return interpret_from(start, program_, *image_, set_, context_.registers, context_.jumps, system_call);
}

}  // namespace

bool can_translate() { return true; }

std::unique_ptr<Translation> Translation::make(Program& program, Image& image, const InstructionSet& set) {
  std::unique_ptr<CodeMemory> memory = CodeMemory::make(kCodeBytes);
  if (memory == nullptr) return nullptr;
  return std::make_unique<Translator>(program, image, set, std::move(memory));
}

}  // namespace assay::exec

#else

namespace assay::exec {

bool can_translate() { return false; }

std::unique_ptr<Translation> Translation::make(Program& /*program*/, Image& /*image*/,
                                               const InstructionSet& /*set*/) {
  return nullptr;
}

}  // namespace assay::exec

#endif

// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "machine/engine/translator.h"

#include <algorithm>
#include <cstddef>

#include "machine/engine/block_compiler.h"
#include "machine/engine/fault_handler.h"
#include "machine/ir/optimise.h"

namespace assay::machine {

using namespace x64;

namespace {

constexpr std::size_t kBufferBytes = std::size_t{64} << 20;
constexpr unsigned kStopsBeforeCare = 3;
constexpr unsigned kChangesBeforeGivingUp = 1000;
constexpr unsigned kVisitsBeforeFill = 16;      // of a jump backward, before its target is looked at
constexpr std::uint64_t kAsked = 256;           // how often a loop is asked before it is judged
constexpr std::uint64_t kFewestIterations = 8;  // it must do each time to stay

std::uint64_t call_flag_helper(const Cpu* cpu, std::uint64_t what) {
  const std::uint64_t word = flags_word(cpu->flags);
  return what == 0xFF ? word : flag_holds(static_cast<FlagCondition>(what), word) ? 1 : 0;
}

std::uint64_t call_binary_helper(const Cpu* cpu, std::uint64_t what) {
  const auto op = static_cast<Op>(what & 0xFF);
  const auto width = static_cast<Width>(what >> 8);
  const std::uint64_t a = cpu->private_words[kWordA];
  return op <= Op::rem_s ? eval::binary(op, width, a, cpu->private_words[kWordB]) : eval::unary(op, width, a);
}

std::uint64_t call_unit_helper(Cpu* cpu, std::uint64_t operation) {
  const auto unit = reinterpret_cast<UnitFunction>(cpu->private_words[kWordUnit]);
  return unit(cpu->slots, operation, cpu->private_words[kWordA], cpu->private_words[kWordB]);
}

constexpr Reg kSaved[] = {rbx, rbp, r12, r13, r14, r15};
constexpr Reg kKept[] = {rcx, rdx, rsi, rdi, r8, r9, r10, r11};

std::int32_t cpu_offset(std::size_t member) { return static_cast<std::int32_t>(member) - kCpuBias; }
Mem remaining_cell() { return {rbp, no_reg, cpu_offset(offsetof(Cpu, remaining))}; }

// A call of a C++ function (Cpu*, rax) that keeps all registers but rax.
Byte* write_helper(Assembler& code, std::uint64_t function) {
  Byte* const start = code.here();
  for (const Reg reg : kKept) code.push(reg);
  code.alu_imm(true, Alu::sub, rsp, 8);
  code.lea(true, rdi, {rbp, no_reg, -kCpuBias});
  code.mov(true, rsi, rax);
  code.mov_imm(rax, function);
  code.call_reg(rax);
  code.alu_imm(true, Alu::add, rsp, 8);
  for (std::size_t i = std::size(kKept); i-- > 0;) code.pop(kKept[i]);
  code.ret();
  return start;
}

}  // namespace

std::array<Reg, 256> pinned_registers(const Isa& isa) {
  std::array<Reg, 256> pins;
  pins.fill(no_reg);
  for (std::size_t i = 0; i < std::min(isa.hot.size(), kPinned.size()); ++i) pins[isa.hot[i]] = kPinned[i];
  return pins;
}

Mem slot_cell(Slot slot) { return {rbp, no_reg, cpu_offset(offsetof(Cpu, slots) + std::size_t{8} * slot)}; }
Mem word_cell(Word word) {
  return {rbp, no_reg, cpu_offset(offsetof(Cpu, private_words) + std::size_t{8} * word)};
}

bool write_common_code(Translations& t, const Isa& isa) {
  const std::array<Reg, 256> pins = pinned_registers(isa);
  Assembler& code = t.code;
  code.start(t.buffer->writable());
  // enter(Cpu* rdi, code rsi): the stack is aligned by 16 inside translated code.
  t.enter = code.here();
  for (const Reg reg : kSaved) code.push(reg);
  code.alu_imm(true, Alu::sub, rsp, 8);
  code.lea(true, rbp, {rdi, no_reg, kCpuBias});
  code.mov(true, rax, rsi);
  code.load(true, r14, word_cell(kWordMemory));
  code.load(true, r15, remaining_cell());
  for (unsigned slot = 0; slot < kFirstTemp; ++slot) {
    if (pins[slot] != no_reg) code.load(true, pins[slot], slot_cell(static_cast<Slot>(slot)));
  }
  code.jmp_reg(rax);
  t.faulted = code.here();
  code.mov_imm(rax, static_cast<std::uint32_t>(Return::fault));
  t.leave = code.here();
  for (unsigned slot = 0; slot < kFirstTemp; ++slot) {
    if (pins[slot] != no_reg) code.store(true, slot_cell(static_cast<Slot>(slot)), pins[slot]);
  }
  code.store(true, remaining_cell(), r15);
  code.alu_imm(true, Alu::add, rsp, 8);
  for (std::size_t i = std::size(kSaved); i-- > 0;) code.pop(kSaved[i]);
  code.ret();
  t.flag_helper = write_helper(code, reinterpret_cast<std::uint64_t>(&call_flag_helper));
  t.binary_helper = write_helper(code, reinterpret_cast<std::uint64_t>(&call_binary_helper));
  t.unit_helper = write_helper(code, reinterpret_cast<std::uint64_t>(&call_unit_helper));
  t.start = code.here();
  return true;
}

std::unique_ptr<Engine> Translator64::create(const Isa& isa, Memory& memory) {
  if (!install_fault_handler()) return nullptr;
  std::unique_ptr<Translator64> engine(new Translator64(isa, memory));
  engine->translations_.buffer = CodeBuffer::create(kBufferBytes);
  if (engine->translations_.buffer == nullptr) return nullptr;
  write_common_code(engine->translations_, isa);
  engine->pinned_ = pinned_registers(isa);
  engine->table_.resize(std::size_t{1} << kTableBits);
  engine->begin();
  return engine;
}

void Translator64::begin() {
  memory_.set_host_protection(true);
  careful_stores_work_ = memory_.image_is_writable();
}

bool Translator64::keep() {
  if (given_up_ || changes_ != 0) return false;
  std::optional<std::vector<Memory::Code>> code = memory_.code();
  if (!code) return false;
  kept_ = *std::move(code);
  return true;
}

void Translator64::again() {
  begin();
  if (!memory_.mark_if_same(kept_)) forget();
  kept_.clear();
}

void Translator64::forget() {
  memory_.forget_code();
  memory_.clear_code_changed();
  Translations& t = translations_;
  t.code.start(t.start);
  t.sites.clear();
  t.recoveries.clear();
  t.flag_recoveries.clear();
  t.links.clear();
  t.blocks.clear();
  t.by_pc.clear();
  t.flags_dead.clear();
  for (auto& [pc, since] : t.careful) since = 0;
  t.fills.clear();
  t.not_fills.clear();
  t.peeked.clear();
  std::fill(table_.begin(), table_.end(), TableEntry{});
}

std::uint64_t Translator64::held() const {
  constexpr std::uint64_t kTables = 3;  // what is known about code takes twice its room again
  const Translations& t = translations_;
  return kTables * static_cast<std::uint64_t>(t.code.here() - t.buffer->writable());
}

std::uint32_t Translator64::block_at(std::uint64_t pc) {
  Translations& t = translations_;
  const auto known = t.by_pc.find(pc);
  if (known != t.by_pc.end()) return known->second;
  if (static_cast<std::size_t>(t.code.here() - t.buffer->writable()) + BlockCompiler::kMostBytes >
      t.buffer->size()) {
    forget();
  }
  // A block ends where a loop must be asked.
  const Fetch fetch = [&](std::uint64_t at, std::size_t most) {
    return at != pc && !t.fills.empty() && t.fills.contains(at) ? ByteView{} : memory_.fetch(at, most);
  };
  Block block = translate(isa_, pc, kMostGuest, fetch);
  optimise(block, isa_.address_bits);
  const auto index = static_cast<std::uint32_t>(t.blocks.size());
  BlockCompiler(t, isa_, block, fetch).compile();
  for (const GuestIns& guest : block.guest) memory_.mark_code(guest.pc, guest.length);
  for (const Literal& literal : block.literals) memory_.mark_code(literal.address, literal.length);
  for (const GuestIns& guest : t.peeked) memory_.mark_code(guest.pc, guest.length);
  t.peeked.clear();
  return index;
}

Translator64::TableEntry& Translator64::entry_of(std::uint64_t pc) {
  return table_[pc / isa_.alignment & ((std::uint64_t{1} << kTableBits) - 1)];
}

void Translator64::prepare(Cpu& cpu) {
  std::uint64_t* const words = cpu.private_words;
  words[kWordTable] = reinterpret_cast<std::uint64_t>(table_.data());
  words[kWordLimit] = kAddressSpace;
  words[kWordUnit] = reinterpret_cast<std::uint64_t>(isa_.unit);
  words[kWordMemory] = reinterpret_cast<std::uint64_t>(memory_.base());
  words[kWordImageLow] = memory_.image_low();
  const std::uint64_t size = memory_.image_high() - memory_.image_low();
  words[kWordImageSize] =
      careful_stores_work_ && !memory_.image_has_changed() && !memory_.in_snapshot() ? size - 8 : 0;
  words[kWordCodeMap] = reinterpret_cast<std::uint64_t>(memory_.code_map());
  words[kWordAlias] = reinterpret_cast<std::uint64_t>(memory_.alias());
}

const Site* Translator64::site_of_fault(const Cpu& cpu) const {
  const auto at = static_cast<std::uint32_t>(
      cpu.private_words[kWordFault] - reinterpret_cast<std::uint64_t>(translations_.buffer->executable()));
  const auto found = std::lower_bound(translations_.sites.begin(), translations_.sites.end(), at,
                                      [](const Site& site, std::uint32_t where) { return site.at < where; });
  return found != translations_.sites.end() && found->at == at ? &*found : nullptr;
}

// The guest's state before the instruction of a site, from the homes as they are there.
Exit Translator64::recover(Cpu& cpu, std::uint32_t index) {
  const Site& site = translations_.sites[index];
  const auto value = [&](const Place& place) {
    if (place.kind == Place::constant) return static_cast<std::uint64_t>(place.imm);
    const std::uint64_t sum = cpu.slots[place.base] + static_cast<std::uint64_t>(place.imm);
    return isa_.address_bits == 32 && place.imm != 0 ? sum & 0xFFFF'FFFFU : sum;
  };
  if (site.flags != 0) {
    const FlagRecovery& flags = translations_.flag_recoveries[site.flags - 1];
    cpu.flags = {flags.ins.flag_kind, flags.ins.width, value(flags.a), value(flags.b), value(flags.c)};
  }
  std::uint64_t values[kFirstTemp];
  for (unsigned i = 0; i < site.count; ++i) values[i] = value(translations_.recoveries[site.first + i].place);
  for (unsigned i = 0; i < site.count; ++i)
    cpu.slots[translations_.recoveries[site.first + i].slot] = values[i];
  cpu.remaining += site.refund;
  cpu.pc = site.pc;
  // One that stops again and again is translated anew, with care; the old block leads there.
  if (++stops_[site.pc] >= kStopsBeforeCare) {
    const auto since =
        translations_.careful.try_emplace(site.pc, static_cast<std::uint32_t>(translations_.blocks.size()))
            .first;
    if (site.block < since->second) redirect(site.block);
  }
  return step(cpu);
}

void Translations::leave_to_cpp(Return why, std::size_t index) {
  code.mov_imm(rax, (static_cast<std::uint32_t>(index) << 3) | static_cast<std::uint32_t>(why));
  Assembler::patch(code.jmp(), leave);
}

// Has the block translated again when next it is reached.
void Translator64::redirect(std::uint32_t index) {
  Translations& t = translations_;
  const Compiled& block = t.blocks[index];
  const auto current = t.by_pc.find(block.pc);
  if (current != t.by_pc.end() && current->second == index) t.by_pc.erase(current);
  Assembler jump_away;
  jump_away.start(block.entry);
  Byte* const jump = jump_away.jmp();
  t.links.push_back({block.pc, jump});
  t.code.bind(jump);
  t.leave_to_cpp(Return::link, t.links.size() - 1);
}

// A loop that a jump to `start` closes may have its head there, or where the block of `start` itself goes
// back.
void Translator64::look_for_fill(std::uint64_t start) {
  Translations& t = translations_;
  const Fetch fetch = [this](std::uint64_t at, std::size_t most) { return memory_.fetch(at, most); };
  const Block block = translate(isa_, start, kMostGuest, fetch);
  for (std::size_t i = 0; i < block.guest.size(); ++i) {
    const std::uint64_t head = block.guest[i].pc;
    if (i != 0 && head > block.guest[i - 1].pc) continue;
    if (t.fills.contains(head) || !t.not_fills.insert(head).second) continue;
    std::optional<FillLoop> loop = find_fill_loop(isa_, head, fetch);
    if (!loop) continue;
    for (const Literal& bytes : loop->code) memory_.mark_code(bytes.address, bytes.length);
    t.not_fills.erase(head);
    t.fills.emplace(head, FillCount{std::move(*loop)});
    for (const std::uint64_t pc : {start, head}) {
      if (const auto known = t.by_pc.find(pc); known != t.by_pc.end()) redirect(known->second);
    }
    return;
  }
}

void Translator64::fill(Cpu& cpu, std::uint32_t index) {
  FillCount& fill = *translations_.blocks[index].fill;
  fill.iterations += run_fill_loop(fill.loop, isa_, memory_, cpu);
  // One that is short most of the time costs more than it saves.
  if (++fill.asked % kAsked != 0 || fill.iterations >= fill.asked * kFewestIterations) return;
  const std::uint64_t head = translations_.blocks[index].pc;
  translations_.not_fills.insert(head);
  translations_.fills.erase(head);
  redirect(index);
}

Exit Translator64::step(Cpu& cpu) {
  const Exit exit = interpreter_.step(cpu);
  if (memory_.code_changed() && ++changes_ > kChangesBeforeGivingUp) given_up_ = true;
  return exit;
}

Exit Translator64::run(Cpu& cpu) {
  Translations& t = translations_;
  prepare(cpu);
  const auto low = reinterpret_cast<std::uintptr_t>(t.buffer->executable());
  const FaultScope scope(low, low + t.buffer->size(),
                         reinterpret_cast<std::uintptr_t>(t.executable(t.faulted)),
                         &cpu.private_words[kWordFault]);
  using Enter = std::uint32_t (*)(Cpu*, const Byte*);
  const auto enter = reinterpret_cast<Enter>(reinterpret_cast<std::uintptr_t>(t.executable(t.enter)));
  std::uint32_t from = ~std::uint32_t{0};
  bool filled = false;  // the loop at cpu.pc has been asked
  while (!given_up_) {
    if (memory_.code_changed()) {
      forget();
      from = ~std::uint32_t{0};
    }
    if (cpu.remaining == 0) return Exit::no_budget;
    TableEntry& recent = entry_of(cpu.pc);
    const Byte* code = recent.code;
    if (recent.pc != cpu.pc || from != ~std::uint32_t{0} || filled) {
      const Compiled& block = t.blocks[block_at(cpu.pc)];
      code = t.executable(filled ? block.body : block.entry);
      if (from < t.links.size() && t.links[from].target == cpu.pc && t.links[from].patch != nullptr)
        Assembler::patch(t.links[from].patch, block.entry);
      if (!filled) recent = {cpu.pc, code};
    }
    from = ~std::uint32_t{0};
    filled = false;
    const std::uint32_t result = enter(&cpu, code);
    const std::uint32_t what = result >> 3;
    Exit exit = Exit::no_budget;
    switch (static_cast<Return>(result & 7)) {
      case Return::link: {
        Link& link = t.links[what];
        cpu.pc = link.target;
        if (link.backward) {
          if (++link.visits < kVisitsBeforeFill) continue;
          look_for_fill(cpu.pc);
        }
        from = what;
        continue;
      }
      case Return::fill:
        cpu.pc = t.blocks[what].pc;
        fill(cpu, what);
        filled = true;
        continue;
      case Return::indirect: continue;
      case Return::system_call: cpu.pc = t.links[what].target; return Exit::system_call;
      case Return::budget:
        cpu.pc = t.blocks[what].pc;
        exit = step(cpu);
        break;
      case Return::site: exit = recover(cpu, what); break;
      case Return::fault: {
        const Site* const site = site_of_fault(cpu);
        if (site == nullptr) return Exit::memory_fault;
        exit = recover(cpu, static_cast<std::uint32_t>(site - t.sites.data()));
        break;
      }
    }
    if (exit != Exit::no_budget) return exit;
  }
  return interpreter_.run(cpu);
}

}  // namespace assay::machine

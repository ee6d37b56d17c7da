// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/seed_models.h"

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <sstream>
#include <utility>
#include <vector>

namespace assay::test {
namespace {

constexpr int kEof = -1;

/// Thrown where a program stops before the end of its text.
struct Stopped {
  std::string status;
};

class Reader {
 public:
  explicit Reader(ByteView text) : text_(text) {}
  int get() { return at_ < text_.size() ? text_[at_++] : kEof; }
  void rewind() { at_ = 0; }

 private:
  ByteView text_;
  std::size_t at_ = 0;
};

int hex_value(int c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

Modelled model_hex0_sh(ByteView text) {
  Modelled result;
  std::string clean;
  for (const Byte byte : text) {
    if (byte != 0) clean.push_back(static_cast<char>(byte));
  }
  std::istringstream lines(clean);
  for (std::string line; std::getline(lines, line);) {
    line = line.substr(0, line.find_first_of("#;"));
    std::string word;
    for (const char c : line + " ") {
      if (c != ' ' && c != '\t') {
        word.push_back(c);
        continue;
      }
      if (word.empty()) continue;
      const bool good = word.size() == 2 && hex_value(static_cast<Byte>(word[0])) >= 0 &&
                        hex_value(static_cast<Byte>(word[1])) >= 0;
      if (!good) {
        result.status = "exit:1";
        result.bytes.resize(result.bytes.size() - result.bytes.size() % 256);
        return result;
      }
      result.bytes.push_back(static_cast<Byte>(std::stoi(word, nullptr, 16)));
      word.clear();
    }
  }
  return result;
}

Modelled model_hex0(std::string_view machine, ByteView text) {
  if (machine == "hex0.sh") return model_hex0_sh(text);
  const bool return_ends = machine.starts_with("riscv") || machine == "onramp";
  const bool boot_sector = machine.starts_with("bh0") && machine != "bh0-kernel";
  Modelled result;
  Reader in(text);
  int held = -1;
  for (int c = in.get(); c != kEof; c = in.get()) {
    if (c == '#' || c == ';') {
      while (c != kEof && c != '\n' && !(return_ends && c == '\r')) c = in.get();
      if (c != kEof) continue;
      if (machine == "knight" || machine.starts_with("bh0")) result.status = "hangs";
      if (machine == "UEFI-amd64") result.status = "crashes";
      break;
    }
    if (c == 0 && boot_sector) break;
    if (c == '@' && machine == "onramp") {  // so many bytes are there: "@0x1F", at most eight digits
      std::string said;
      for (c = in.get(); c != kEof && c != '\n' && c != '\r'; c = in.get())
        said.push_back(static_cast<char>(c));
      said = said.substr(0, said.find_first_of(" \t"));
      const bool is_number = said.size() >= 3 && said.size() <= 10 &&
                             (said.starts_with("0x") || said.starts_with("0X")) &&
                             std::all_of(said.begin() + 2, said.end(),
                                         [](char one) { return hex_value(static_cast<Byte>(one)) >= 0; });
      if (!is_number || std::stoul(said, nullptr, 16) != result.bytes.size()) {
        result.status = "exit:1";
        break;
      }
      continue;
    }
    int value = hex_value(c);
    if ((machine == "AMD64" || machine == "x86") && (c == 'G' || c == 'g')) value = 16;
    if (value < 0) continue;
    if (held < 0) {
      held = value;
    } else {
      result.bytes.push_back(static_cast<Byte>(held * 16 + value));
      held = -1;
    }
  }
  if (machine == "bh0-mini") {
    while (result.bytes.size() % 512 != 0) result.bytes.pop_back();
  }
  return result;
}

/// What hex1 and hex2-0 have in common.
class TwoPasses {
 public:
  TwoPasses(std::string_view machine, ByteView text)
      : in_(text),
        riscv_(machine.starts_with("riscv")),
        knight_(machine == "knight"),
        aarch64_(machine == "AArch64"),
        machine_(machine) {}
  virtual ~TwoPasses() = default;

  Modelled run() {
    try {
      for (second_ = false;; second_ = true) {
        start_pass();
        in_.rewind();
        for (int c = in_.get(); c != kEof && !(c == 0xFC && fc_ends_); c = in_.get()) step(c);
        if (second_) break;
      }
    } catch (const Stopped& stopped) {
      result_.status = stopped.status;
    }
    if (undefined_) result_.status = "undefined";
    return result_;
  }

 protected:
  virtual void step(int c) = 0;

  virtual void start_pass() {
    ip_ = start_;
    held_ = -1;
    bits_ = 0;
  }

  void comment() {
    int c = 0;
    do {
      c = in_.get();
      if (c == kEof && comment_at_end_is_fine_) return;
      if (c == kEof) throw Stopped{"hangs"};
    } while (c != '\n' && !(return_ends_comment_ && c == '\r'));
  }

  void digit(int value) {
    if (held_ < 0) {
      held_ = value;
      if (!second_ && !late_count_) ++ip_;
      return;
    }
    const int high = std::exchange(held_, -1);
    if (!second_) {
      if (late_count_) ++ip_;
      return;
    }
    if (no_output_) throw Stopped{"crashes"};
    const int low = static_cast<int>(bits_ % 256) ^ value;
    bits_ /= 256;
    result_.bytes.push_back(static_cast<Byte>(high * 16 + low));
    ++ip_;
  }

  void put_number(std::int64_t value, int size) {
    ip_ += size;
    if (!second_) return;
    Bytes bytes;
    for (int i = 0; i < size; ++i) {
      bytes.push_back(static_cast<Byte>(value & 255));
      value >>= 8;
    }
    if (knight_) bytes = Bytes(bytes.rbegin(), bytes.rend());
    result_.bytes.insert(result_.bytes.end(), bytes.begin(), bytes.end());
  }

  /// The instruction bits for a distance, one bit at a time.
  static std::uint32_t pattern(int sigil, std::int64_t distance) {
    std::uint32_t word = 0;
    const auto move = [&](std::int64_t value, int from, int to) {
      if (((value >> from) & 1) != 0) word |= 1U << to;
    };
    if (sigil == '!') {
      for (int i = 0; i < 12; ++i) move(distance + 4, i, 20 + i);
    } else if (sigil == '@') {
      for (int i = 1; i <= 4; ++i) move(distance, i, 7 + i);
      for (int i = 5; i <= 10; ++i) move(distance, i, 20 + i);
      move(distance, 11, 7);
      move(distance, 12, 31);
    } else if (sigil == '$') {
      for (int i = 1; i <= 10; ++i) move(distance, i, 20 + i);
      move(distance, 11, 20);
      for (int i = 12; i <= 19; ++i) move(distance, i, i);
      move(distance, 20, 31);
    } else {
      const std::int64_t rounded = distance + 0x800;
      for (int i = 12; i < 32; ++i) move(rounded, i, i);
    }
    return word;
  }

  Reader in_;
  bool riscv_;
  bool knight_;
  bool aarch64_;
  std::string_view machine_;
  bool second_ = false;
  bool undefined_ = false;
  bool fc_ends_ = false;
  bool no_output_ = false;  ///< it cannot write a byte any more
  bool return_ends_comment_ = true;
  bool comment_at_end_is_fine_ = false;
  bool late_count_ = false;
  std::int64_t start_ = 0;
  std::int64_t ip_ = 0;
  int held_ = -1;
  std::uint64_t bits_ = 0;
  Modelled result_;
};

class Hex1 final : public TwoPasses {
 public:
  Hex1(std::string_view machine, ByteView text) : TwoPasses(machine, text), labels_(256, 0) {
    fc_ends_ = machine == "AMD64" || riscv_;
    return_ends_comment_ = !aarch64_ && !knight_;
    late_count_ = riscv_ || knight_;
    start_ = aarch64_ ? 0x600000 : 0;
  }

 private:
  std::string_view sigils() const {
    if (riscv_) return "!@$~";
    if (aarch64_) return "$~&";
    return knight_ ? "@" : "%";
  }

  void step(int c) override {
    if (c == '#' || c == ';') {
      comment();
    } else if (c == ':') {
      define(in_.get());
    } else if (sigils().find(static_cast<char>(c)) != std::string_view::npos) {
      refer(c, in_.get());
    } else if (hex_value(c) >= 0) {
      digit(hex_value(c));
    } else if (c == '`' && knight_) {
      digit(9);
    }
  }

  void check(int label) {
    if (label == 0 && !knight_) undefined_ = true;
    if (label >= 0x80 && riscv_) undefined_ = true;
  }

  void define(int label) {
    if (label == kEof) {
      if (riscv_) undefined_ = true;
      cut_ = true;
      no_output_ = machine_ == "armv7l";
      return;
    }
    check(label);
    if (!second_) labels_[static_cast<std::size_t>(label)] = ip_;
  }

  void refer(int sigil, int label) {
    // The colon at the end wrote over this piece of the program, measured with the programs themselves.
    const bool broken =
        (aarch64_ && sigil == '&') || (machine_ == "x86" && sigil == '%') || machine_ == "armv7l";
    if (second_ && cut_ && broken) throw Stopped{"crashes"};
    if (label == kEof) {
      undefined_ = undefined_ || second_;
      label = 1;
    }
    if (second_) check(label);
    const std::int64_t target = labels_[static_cast<std::size_t>(label)];
    if (riscv_) {
      if (!second_) return;
      const std::int64_t distance = target - ip_;
      const std::uint32_t word = pattern(sigil, distance);
      bits_ ^= word;
      const bool carry = sigil == '~' && (distance & 0xFFF) >= 0x800;
      if (machine_ == "riscv64" && carry && word >= 0x80000000U) bits_ ^= 0xFFFFFFFF00000000U;
    } else if (aarch64_) {
      if (sigil == '~') put_number((target - ip_) >> 2, 3);
      if (sigil == '$') put_number(target, 2);
      if (sigil == '&') put_number(target, 4);
    } else {
      const int size = knight_ ? 2 : 4;
      put_number(target - (ip_ + size), size);
    }
  }

  std::vector<std::int64_t> labels_;
  bool cut_ = false;  ///< the text ends in ':'
};

class Hex2 final : public TwoPasses {
 public:
  Hex2(std::string_view machine, ByteView text) : TwoPasses(machine, text) {
    fc_ends_ = aarch64_;
    return_ends_comment_ = !knight_;
    comment_at_end_is_fine_ = knight_;
    late_count_ = riscv_;
    arm_ = machine == "armv7l";
    start_ = machine == "x86" || machine == "armv7l-GAS" ? 0x8048000
             : arm_                                      ? 0x10000
             : knight_                                   ? 0
                                                         : 0x600000;
  }

 private:
  void start_pass() override {
    TwoPasses::start_pass();
    caret_ = false;
  }

  int size_of(int sigil) const {
    if (riscv_) return sigil == '%' || sigil == '&' ? 4 : 0;
    if (sigil == '!') return 1;
    if (sigil == '@' || sigil == '$') return 2;
    return sigil == '~' ? 3 : 4;
  }

  bool is_sigil(int c) const {
    if (knight_) return c == '@' || c == '$' || c == '&';
    if (c == '~') return riscv_ || aarch64_ || arm_;
    return c == '!' || c == '@' || c == '$' || c == '%' || c == '&';
  }

  /// Reads a name; the byte that ended it is left in last_.
  std::string name(bool definition) {
    std::string text;
    while (true) {
      last_ = in_.get();
      if (aarch64_ && (last_ == kEof || last_ == 0xFC)) break;
      if (last_ == kEof) throw Stopped{knight_ && !definition ? "hangs" : "crashes"};
      if (last_ == '\t' || last_ == '\n' || last_ == ' ') break;
      if (last_ == '>' && !knight_) break;
      text.push_back(static_cast<char>(last_));
    }
    const std::size_t nul = text.find('\0');
    return nul == std::string::npos ? text : text.substr(0, nul);
  }

  std::int64_t lookup(const std::string& wanted) {
    for (auto label = labels_.rbegin(); label != labels_.rend(); ++label) {
      if (label->first == wanted) return label->second;
    }
    if (labels_.empty()) throw Stopped{"crashes"};
    if (knight_) return 0x2F04000D;
    throw Stopped{"exit:1"};
  }

  void step(int c) override {
    const bool caret = arm_ ? caret_ : std::exchange(caret_, false);
    if (c == '#' || c == ';') {
      comment();
    } else if (c == ':') {
      std::string label = name(true);
      if (!second_) labels_.emplace_back(std::move(label), ip_);
    } else if (is_sigil(c)) {
      refer(c, caret);
    } else if (c == '^' && aarch64_) {
      caret_ = !caret;
    } else if (c == '^' && arm_) {
      caret_ = true;
    } else if (c == '<' && (riscv_ || arm_)) {
      while (ip_ % 4 != 0) put_number(0, 1);
    } else if (c == '.' && riscv_) {
      mask();
    } else if (hex_value(c) >= 0) {
      digit(hex_value(c));
    } else if (c == '`' && knight_) {
      digit(9);
    }
  }

  void refer(int sigil, bool caret) {
    const std::string target_name = name(false);
    const bool field = riscv_ && size_of(sigil) == 0;
    const bool based = last_ == '>' && !field;
    const std::string base_name = based ? name(false) : "";
    const int size = size_of(sigil);
    if (!second_) {
      ip_ += size;
      return;
    }
    const std::int64_t target = lookup(target_name);
    if (field) {
      bits_ ^= pattern(sigil, target - ip_);
      return;
    }
    const std::int64_t base = based ? lookup(base_name) : aarch64_ ? ip_ : ip_ + size;
    const bool absolute = sigil == '&' || (sigil == '$' && !riscv_);
    std::int64_t value = absolute && !(riscv_ && based) ? target : target - base;
    if (arm_ && !absolute && !based) {
      value += base % 4 - 8;
      caret_ = false;
    }
    if (caret && !absolute && !(arm_ && based)) value >>= 2;
    put_number(value, size);
  }

  /// The eight digits after '.', whatever else is between them.
  void mask() {
    std::uint32_t word = 0;
    for (int i = 0; i < 4;) {
      const int c = in_.get();
      if (c == '#' || c == ';') {
        comment();
        continue;
      }
      const int value = c == kEof ? 0 : hex_value(c);
      if (value < 0) continue;
      if (held_ < 0) {
        held_ = value;
        continue;
      }
      word |= static_cast<std::uint32_t>(std::exchange(held_, -1) * 16 + value) << (8 * i);
      ++i;
    }
    bits_ ^= word;
  }

  std::vector<std::pair<std::string, std::int64_t>> labels_;
  bool caret_ = false;
  bool arm_ = false;
  int last_ = 0;
};

}  // namespace

Modelled model(std::string_view tool, std::string_view dialect, ByteView text) {
  if (tool == "hex0") return model_hex0(dialect, text);
  if (tool == "hex1") return Hex1(dialect, text).run();
  return Hex2(dialect, text).run();
}

}  // namespace assay::test

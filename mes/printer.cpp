// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// core:display and core:write. What their names say of closures and builtins is addresses where mes has no
// better.
#include <fmt/format.h>

#include "mes/diagnostics.h"
#include "mes/vm.h"

namespace assay::mes {
namespace {

std::string character_text(int code) {
  switch (code) {
    case 0: return "\\nul";
    case 7: return "\\alarm";
    case 8: return "\\backspace";
    case 9: return "\\tab";
    case 10: return "\\newline";
    case 11: return "\\vtab";
    case 12: return "\\page";
    case 13: return "\\return";
    case ' ': return "\\space";
    default: break;
  }
  const auto byte = static_cast<char>(code);
  return byte >= 32 ? std::string{'\\', byte} : std::string(1, byte);
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char byte : text) {
    switch (byte) {
      case 0: out += "\\0"; break;
      case 7: out += "\\a"; break;
      case 8: out += "\\b"; break;
      case 9: out += "\\t"; break;
      case 10: out += "\\n"; break;
      case 11: out += "\\v"; break;
      case 12: out += "\\f"; break;
      case 13: out += "\\r"; break;
      case 27: out += "\\e"; break;
      case '\\': out += "\\\\"; break;
      case '"': out += "\\\""; break;
      default: out += byte;
    }
  }
  return out;
}

/// Writes values one after the other; text is collected until a printer of the program's own has to be
/// called.
class Printer {
 public:
  Printer(Vm& vm, int descriptor, bool write) : vm_(vm), descriptor_(descriptor), write_(write) {}
  ~Printer() { flush(); }
  Printer(const Printer&) = delete;
  Printer& operator=(const Printer&) = delete;

  void value(Value value) {
    const Vm::Depth depth(vm_);
    if (value.is_pair()) {
      list(value);
    } else if (vm_.is_number(value)) {
      text_ += std::to_string(Vm::number_of(value));
    } else if (value.is_character()) {
      if (write_) {
        text_ += '#' + character_text(value.character());
      } else {
        text_ += static_cast<char>(value.character());
      }
    } else if (value.is_special()) {
      text_ += escaped(name_of(value.special()));
    } else {
      object(value);
    }
    if (text_.size() > kMostText) flush();
  }

 private:
  static constexpr std::size_t kMostText = 1U << 16;

  void flush() {
    if (!text_.empty()) vm_.write_text(descriptor_, text_);
    text_.clear();
  }

  void list(Value first) {
    const Vm::Root keep(vm_, first);
    text_ += '(';
    Vm::Root at(vm_, first);
    while (true) {
      value(car(at));
      const Value rest = cdr(at);
      if (rest == kNil) break;
      if (!rest.is_pair()) {
        text_ += " . ";
        value(rest);
        break;
      }
      text_ += ' ';
      at = rest;
    }
    text_ += ')';
  }

  void plain(Value value) {
    const bool write = std::exchange(write_, false);
    this->value(value);
    write_ = write;
  }

  void object(Value object) {
    switch (kind_of(object)) {
      case Kind::string:
        if (write_) {
          text_ += '"' + escaped(text_of(object)) + '"';
        } else {
          text_ += text_of(object).substr(0, text_of(object).find('\0'));
        }
        break;
      case Kind::symbol: text_ += escaped(text_of(slot(object, kSymbolName))); break;
      case Kind::keyword: text_ += "#:" + escaped(text_of(slot(object, 0))); break;
      case Kind::closure: {
        const Code& code = *shown<Code>(object.body()[kClosureCode]);
        const Value formals = code.formals;
        text_ += "#<closure ";
        plain(code.name);
        text_ += ' ';
        plain(formals);
        text_ += '>';
        break;
      }
      case Kind::macro:
        text_ += "#<macro ";
        plain(slot(object, kMacroName));
        text_ += '>';
        break;
      case Kind::binding:
        text_ += "#<binding ";
        plain(car(slot(object, kBindingHandle)));
        text_ += '>';
        break;
      case Kind::port:
        text_ +=
            fmt::format("#<port {} \"{}\">", slot(object, kPortNumber).fixnum(),
                        escaped(text_of(slot(object, kPortString))
                                    .substr(static_cast<std::size_t>(slot(object, kPortPosition).fixnum()))));
        break;
      case Kind::vector:
        text_ += "#(";
        elements(object, 0);
        text_ += ')';
        break;
      case Kind::structure: structure(object); break;
      case Kind::builtin: builtin(object); break;
      default: text_ += fmt::format("<{}:0>", static_cast<int>(kind_of(object)));
    }
  }

  void elements(Value object, std::size_t first) {
    const Vm::Root keep(vm_, object);
    for (std::size_t i = first; i < length_of(keep); ++i) {
      if (i != 0) text_ += ' ';
      value(slot(keep, i));
    }
  }

  void structure(Value object) {
    const Value printer = slot(object, kStructPrinter);
    if (is(printer, Kind::closure) || is(printer, Kind::builtin)) {
      flush();
      vm_.apply(printer, vm_.heap.cons(object, kNil));
      return;
    }
    const Vm::Root keep(vm_, object);
    text_ += "#<";
    value(slot(keep, kStructType));
    elements(keep, 2);
    text_ += '>';
  }

  void builtin(Value object) {
    const PrimitiveRow& row =
        primitive_rows()[static_cast<std::size_t>(slot(object, kBuiltinIndex).fixnum())];
    text_ += fmt::format("#<#<<record-type> <builtin> (name arity address)> <builtin> {} {} 0>", row.name,
                         row.arity);
  }

  Vm& vm_;
  int descriptor_;
  bool write_;
  std::string text_;
};

}  // namespace

void Vm::print(Value value, int descriptor, bool write) { Printer(*this, descriptor, write).value(value); }

}  // namespace assay::mes

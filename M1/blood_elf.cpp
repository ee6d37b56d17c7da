// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "M1/blood_elf.h"

#include <fmt/format.h>

#include "M1/m1_digits.h"
#include "core/byte_masks.h"

namespace assay::blood_elf {
namespace {

constexpr std::size_t kLongestLabel = 4095;

/// Writes the text, and the constants of the chosen size and base.
class Writer {
 public:
  explicit Writer(const Options& options) : options_(options), zero_(constant(0, 4)) {}

  /// A quoted constant of some bytes.
  [[nodiscard]] std::string constant(std::uint64_t value, unsigned bytes) const {
    char digits[m1::kMostDigits];
    const unsigned count = m1::write_digits(digits, value, bytes, options_.base, options_.big_endian);
    return fmt::format("'{}'", std::string_view(digits, count));
  }
  [[nodiscard]] std::string word(std::uint64_t value) const { return constant(value, 4); }
  /// As wide as a register: the upper half is zero, and always comes second.
  [[nodiscard]] std::string wide(std::string_view value) const {
    return options_.wide ? fmt::format("{} {}", value, zero_) : std::string(value);
  }

  void put(std::string_view text) { text_ += text; }
  template <class... Values>
  void line(fmt::format_string<Values...> format, Values&&... values) {
    fmt::format_to(std::back_inserter(text_), format, std::forward<Values>(values)...);
    text_ += '\n';
  }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  const Options& options_;
  std::string zero_;
  std::string text_;
};

struct Section {
  std::string_view label;
  std::string name, type, flags, address, offset, size, link, info, entry_size;
};

void put_section(Writer& out, const Section& section) {
  out.line("\n{}", section.label);
  out.line("{}\t#sh_name", section.name);
  out.line("{}\t#sh_type", section.type);
  out.line("{}\t#sh_flags", out.wide(section.flags));
  out.line("{}\t#sh_addr", out.wide(section.address));
  out.line("{}\t#sh_offset", out.wide(section.offset));
  out.line("{}\t#sh_size", out.wide(section.size));
  out.line("{}\t#sh_link", section.link);
  out.line("{}\t#sh_info", section.info);
  out.line("{}\t#sh_addralign", out.wide(out.word(1)));
  out.line("{}\t#sh_entsize", out.wide(section.entry_size));
}

void put_sections(Writer& out, bool wide, std::uint64_t symbols) {
  const std::string zero = out.word(0);
  out.line("# Generated sections\n:ELF_shstr\n{}\t# NULL", out.constant(0, 1));
  out.line(":ELF_shstr__text\n\".text\"\n:ELF_shstr__shstr\n\".shstrtab\"");
  out.line(":ELF_shstr__sym\n\".symtab\"\n:ELF_shstr__str\n\".strtab\"");
  put_section(out, {":ELF_section_headers", zero, zero, zero, zero, zero, zero, zero, zero, zero});
  put_section(out, {":ELF_section_header_text", "%ELF_shstr__text>ELF_shstr", out.word(1), out.word(6),
                    "&ELF_text", "%ELF_text>ELF_base", "%ELF_data>ELF_text", zero, zero, zero});
  put_section(out, {":ELF_section_header_shstr", "%ELF_shstr__shstr>ELF_shstr", out.word(3), zero,
                    "&ELF_shstr", "%ELF_shstr>ELF_base", "%ELF_section_headers>ELF_shstr", zero, zero, zero});
  put_section(out, {":ELF_section_header_str", "%ELF_shstr__str>ELF_shstr", out.word(3), zero, "&ELF_str",
                    "%ELF_str>ELF_base", "%ELF_sym>ELF_str", zero, zero, zero});
  put_section(out, {":ELF_section_header_sym", "%ELF_shstr__sym>ELF_shstr", out.word(2), zero, "&ELF_sym",
                    "%ELF_sym>ELF_base", "%ELF_end>ELF_sym", out.word(3), out.word(symbols),
                    out.word(wide ? 24 : 16)});
}

void put_null_symbol(Writer& out, bool wide) {
  const std::string zero = out.word(0);
  const std::string byte = out.constant(0, 1);
  out.line("\n# Generated symbol table\n:ELF_sym\n# Required NULL symbol entry\n{}\t# st_name", zero);
  if (!wide) out.line("{}\t# st_value\n{}\t# st_size", zero, zero);
  out.line("{}\t# st_info\n{}\t# st_other\n{}\t# st_shndx", byte, byte, out.constant(1, 2));
  if (wide) out.line("{}\t# st_value\n{}\t# st_size", out.wide(zero), out.wide(zero));
  out.line("");
}

void put_symbol(Writer& out, bool wide, std::string_view name, bool hidden) {
  const std::string size = fmt::format("{}\t# st_size (unknown size)", out.wide(out.word(0)));
  out.line("%ELF_str_{}>ELF_str\t# st_name", name);
  if (!wide) out.line("&{}\t#st_value\n{}", name, size);
  out.line("{}\t# st_info (FUNC)", out.constant(2, 1));
  out.line("{}\t# st_other ({})", out.constant(hidden ? 2 : 0, 1),
           hidden ? "hidden"
           : wide ? "other"
                  : "default");
  out.line("{}\t# st_shndx", out.constant(1, 2));
  if (wide) out.line("&{} {}\t# st_value\n{}", name, out.word(0), size);
  out.line("");
}

}  // namespace

Footer::Footer(Options options) : options_(std::move(options)) {
  for (const std::string& name : options_.entries) symbols_.push_back({name, {}});
}

bool Footer::add(const Source& source, DiagnosticSink& diagnostics) {
  const std::uint32_t file = files_++;
  const std::string_view text = as_text(source.bytes);
  const char* const end = text.data() + text.size();
  const auto past = [end](const char* found) { return found < end ? found + 1 : end; };
  const auto fail = [&](std::string message, const DiagnosticKind& kind, Span span) {
    failure_.status = 1;
    failure_.standard_error = message;
    message.pop_back();
    diagnostics.report(kind, span, std::move(message));
    return false;
  };
  for (const char* at = text.data(); (at = find_any<'#', ';', '"', ':'>(at, end)) < end;) {
    const char c = *at++;
    if (c == '"') {
      at = past(find_any<'"'>(at, end));
    } else if (c != ':') {
      at = past(find_any<'\n', '\r'>(at, end));
    } else {
      const auto first = static_cast<std::uint64_t>(at - 1 - text.data());
      if (at == end) return fail("Can not have an EOF token\n", kKinds[0], {file, first, 1});
      // What comes first is of the name, whatever it is.
      const char* const name_end = find_any<' ', '\t', '\n', '>'>(at + 1, end);
      const std::string_view raw(at, static_cast<std::size_t>(name_end - at));
      if (raw.size() > kLongestLabel) {
        return fail("Token exceeds token length restriction\n", kKinds[1], {file, first + 1, raw.size()});
      }
      at = past(name_end);
      symbols_.push_back({std::string(raw.substr(0, raw.find('\0'))), {file, first, raw.size() + 1}});
    }
  }
  return true;
}

Output Footer::finish() const {
  Output output;
  Writer out(options_);
  std::size_t mapped = 0;
  const auto map = [&](Span span) {
    if (options_.want_map) output.map.add(out.text().size() - mapped, span);
    mapped = out.text().size();
  };
  put_sections(out, options_.wide, symbols_.size() + 1);
  out.line("\n# Generated string table\n:ELF_str\n{}\t# NULL string", out.constant(0, 1));
  map({});
  for (const Symbol& symbol : symbols_) {
    out.line(":ELF_str_{}\t\"{}\"", symbol.name, symbol.name);
    map(symbol.span);
  }
  out.line("# END Generated string table\n");
  put_null_symbol(out, options_.wide);
  map({});
  const std::string entry = options_.entries.empty() ? "" : options_.entries.back();
  for (const Symbol& symbol : symbols_) {
    put_symbol(out, options_.wide, symbol.name, symbol.name.starts_with('_') && symbol.name != entry);
    map(symbol.span);
  }
  out.line("# END Generated symbol table\n\n:ELF_end");
  map({});
  output.bytes = to_bytes(out.text());
  return output;
}

Output footer(std::span<const Source> sources, const Options& options, DiagnosticSink& diagnostics) {
  Footer footer(options);
  for (const Source& source : sources) {
    if (!footer.add(source, diagnostics)) return footer.failure();
  }
  return footer.finish();
}

}  // namespace assay::blood_elf

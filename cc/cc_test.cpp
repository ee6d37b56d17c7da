// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the real compilers were seen to do with one construct or one mistake at a time, and what we
// say about it. Whole programs are compared in tests/cc_real_test.cpp.
#include "cc/cc.h"

#include <gtest/gtest.h>

#include "cc/diagnostics.h"
#include "cc/emitter.h"
#include "cc/parser.h"
#include "tests/support/diagnostic_text.h"

namespace assay::cc {
namespace {

using namespace std::string_view_literals;

Output run(std::string_view dialect, std::string_view text, DiagnosticSink& sink) {
  return compile({"in.c", as_bytes(text)},
                 {.dialect = find_dialect(dialect), .want_map = true, .want_warnings = true}, sink);
}

Output run(std::string_view dialect, std::string_view text) {
  NoDiagnostics none;
  return run(dialect, text, none);
}

/// The code of a program: what stands before the globals, without the heading.
std::string code(std::string_view dialect, std::string_view text) {
  const Output output = run(dialect, text);
  const std::string_view all = as_text(output.bytes);
  if (!output.succeeded()) return "failed: " + output.standard_error;
  const std::string_view heading = "\n# Core program\n";
  const std::string_view end =
      find_dialect(dialect)->data_mark.empty() ? "\n# Program global" : "\n:ELF_data\n";
  return std::string(all.substr(heading.size(), all.find(end) - heading.size()));
}

/// The strings section of a program, without its heading and end.
std::string strings(std::string_view dialect, std::string_view text) {
  const Output output = run(dialect, text);
  const std::string_view all = as_text(output.bytes);
  const std::string_view heading = "\n# Program strings\n";
  const std::size_t start = all.find(heading);
  if (start == std::string_view::npos) return "failed: " + output.standard_error;
  return std::string(all.substr(start + heading.size(), all.size() - start - heading.size() - 10));
}

const std::string& long_name() {
  static const std::string text = "int " + std::string(256, 'n') + ";\n";
  return text;
}

const std::string& long_string() {
  static const std::string text = "int f() { return \"" + std::string(253, 's') + "\"; }\n";
  return text;
}

const std::string& deep() {
  static const std::string text = "int f() { return " + std::string(3000, '(') + "1;\n";
  return text;
}

const std::string& many_returns() {
  static const std::string text = [] {
    std::string made = "int f() { ";
    for (int i = 0; i < 6000; ++i) made += "int a;";
    for (int i = 0; i < 2000; ++i) made += "return;";
    return made + "}";
  }();
  return text;
}

/// Enough for the real compiler to crash in 8 MiB of stack (seen on AMD64; 55000 terms pass).
const std::string& many_operations() {
  static const std::string text = [] {
    std::string made = "int f() { return 1";
    for (int i = 0; i < 60000; ++i) made += "+1";
    return made + "; }";
  }();
  return text;
}

const test::Example kExamples[] = {
    {"AMD64", "enum { A = 1 }; struct s { int* a; }; int f(struct s* p) { p->a[A] = p->a[1] + 1; return 0; }",
     ""},
    {"AMD64", "int x = 5; int y;",
     "1:7+1 cc-silent-end: '=' after the declared name: the rest of the file is ignored\n"},
    {"AMD64", "int x;\xFC int y;",
     "1:7+1 cc-early-end: byte FC counts as the end of the file; 8 bytes are ignored\n"},
    {"AMD64", "int x\0y;"sv, "1:5+3 cc-nul-byte: zero byte inside a token hides the rest of it\n"},
    {"AMD64", "int f() { return 1 + 2 * 3; }",
     "1:24+1 cc-flat-precedence: '*' does not bind tighter than the operators to its left\n"},
    {"AMD64", "int f() { return 1 * 2 + 3; }", ""},
    {"AMD64", "int f() { return 1 | 2 & 3; }",
     "1:24+1 cc-flat-precedence: '&' does not bind tighter than the operators to its left\n"},
    {"AMD64", "int f(int a, int b) { return a && (b == 0); }",
     "1:32+2 cc-bitwise-logic: '&&' works on bits, and one of its sides may be other than 0 and 1\n"},
    {"AMD64", "int f(int a, int b) { return (a < 1) || !b; }", ""},
    {"AMD64", "int f(int a) { return (a == 0) || (f(1) == 0); }",
     "1:32+2 cc-no-short-circuit: the right side of '||' is evaluated in any case\n"},
    {"AMD64", "int f() { while(1) { continue; } }",
     "1:22+8 cc-continue-no-jump: continue is only a comment in the output\n"},
    {"AMD64", "int f(int a) { return !!a; }", "1:23+2 cc-glued-prefix: '!!' counts as '!'\n"},
    {"AMD64", "int f(int a) { return a / 2; }", "1:25+1 cc-unsigned-division: '/' is unsigned\n"},
    {"riscv64", "int f(int a) { return a / 2; }", ""},
    {"riscv64", "int f(int a) { return a >> 2; }", "1:25+2 cc-logical-shift: '>>' is logical\n"},
    {"AMD64", "int f(unsigned a) { return a < 2; }", "1:30+1 cc-unsigned-ignored: '<' is signed\n"},
    {"AMD64", "struct s { int a; char c; }; int f(struct s* p) { return p->c; }",
     "1:61+1 cc-small-member: 'c' is not loaded: this is its address\n"},
    {"AMD64", "struct s { int a; char c; }; int f(struct s* p) { p->c = 1; }",
     "1:54+1 cc-small-member: 'c' has 1 byte but a whole word is stored\n"},
    {"AMD64", "struct s { char b[8]; }; int f(struct s* p) { return p->b; }",
     "1:57+1 cc-array-member: 'b' gives the first word of the array\n"},
    {"riscv64", "struct s { int a; int b; int c; }; int f(struct s* p) { return p[1]; }",
     "1:65+1 cc-index-scale: elements of 24 bytes are taken for 2^6307399 bytes\n"},
    {"AMD64", "struct s { int a; int b; int c; }; int f(struct s* p) { return p[1]; }",
     "1:65+1 cc-index-scale: elements of 24 bytes are taken for 2^5 bytes\n"},
    {"AMD64", "char* g; char* f() { g; return f()[1]; }",
     "1:35+1 cc-stale-type: the type here is left over from earlier: char*\n"},
    {"AMD64", "struct s { int a; }; int f(struct s* p) { return (p + 1)->a; }",
     "1:57+2 cc-merged-type: the type here is chosen by name: s\n"},
    {"AMD64", "int f(char** v) { return v[0][1]; }",
     "1:30+1 cc-double-index: the second index uses the same type as the first\n"},
    {"AMD64", "int f() { return 'ab'; }", "1:18+4 cc-many-characters: only the first character counts: 97\n"},
    {"AMD64", "int f() { return ''; }", "1:18+2 cc-many-characters: only the first character counts: 0\n"},
    {"AMD64", "int f() { return \"a\\x00b\"; }",
     "1:18+8 cc-string-cut: the string of 7 bytes ends at a zero byte\n"},
    {"x86", "int f() { return \"ERROR: a\"; }",
     "1:18+10 cc-blank-colon: 'R' before ':' makes this a string of hexadecimal digits: the table of blanks "
     "lacks its "
     "end in cc_x86\n"},
    {"AMD64", "int f() { return \"ERROR: a\"; }", ""},
    {"AMD64", "int f(int a int b) { return b; }",
     "1:13+3 cc-missing-comma: arguments without a comma between them\n"},
    {"AMD64", "int f() { struct s { int a; }; x = 1; }",
     "1:32+1 cc-struct-as-local: 'x' becomes a variable: a struct definition counts as the type of one\n"},
    {"AMD64", many_operations(),
     "1:1+0 cc-deep-output: cc_amd64 writes its output by recursion; about 360009 levels take 8 MiB of "
     "stack, and 8 are "
     "usual\n"},
    {"AMD64", "int f() { return 1 }", "1:20+1 cc-missing-token: expected ';', found '}'\n"},
    {"AMD64", "foo x;", "1:1+3 cc-unknown-type: unknown type 'foo'\n"},
    {"AMD64", "int f() { x; }", "1:11+1 cc-undefined-symbol: 'x' is not defined\n"},
    {"AMD64", "int first; int f() { frist; }",
     "1:22+5 cc-undefined-symbol: 'frist' is not defined: did you mean 'first'?\n"},
    {"AMD64", "int f(int a) { a->b; }", "1:19+1 cc-no-member: 'int' has no member 'b'\n"},
    {"AMD64", "int f() { return \"\\0\"; }", "1:18+4 cc-unknown-escape: unknown escape\n"},
    {"riscv32", "int f() { return '\\x1A'; }",
     "1:18+6 cc-bad-hex-digit: not a hexadecimal digit for this compiler\n"},
    {"AMD64", "int f() { return ?; }", "1:18+1 cc-unexpected-token: '?' begins no expression\n"},
    {"AMD64", "int f() { break; }", "1:11+5 cc-stray-break: break outside of a loop\n"},
    {"AMD64", "int f() { int a; int b; { break; } }",
     "1:27+5 cc-stray-break: break outside of a loop; the real message begins with the bytes of an "
     "address\n"},
    {"riscv64", "int f() { break; }", "1:11+5 cc-stray-break: break outside of a loop crashes cc_riscv64\n"},
    {"AMD64", "int f() {",
     "1:10+0 cc-unexpected-end: the text ends in the middle of a declaration; the real compiler crashes\n"},
    {"AMD64", "int f() { return \"a;\n",
     "1:18+4 cc-open-string: the text ends inside a string; the real compiler fills its memory and "
     "crashes\n"},
    {"AMD64", "int x; /* a",
     "1:8+4 cc-open-comment: the text ends inside a comment; the real compiler reads for ever\n"},
    {"AMD64", "int x; // a",
     "1:8+4 cc-open-comment: the text ends inside a line; the real compiler reads for ever\n"},
    {"AMD64", "#if",
     "1:1+3 cc-open-comment: the text ends inside a line; the real compiler reads for ever\n"},
    {"AMD64", "int f() { return 1[2]; }",
     "1:21+1 cc-no-type: index without a current type; the real compiler crashes\n"},
    {"riscv32", "struct s { char a; int b; };",
     "1:25+1 cc-member-hang: cc_riscv32 hangs on a member at offset 1, behind a single char\n"},
    {"riscv64", "struct s { int b[2]; };",
     "1:17+1 cc-member-hang: cc_riscv64 hangs on a struct that begins with an array\n"},
    {"riscv64", "struct s { int a; int b[2]; };", "1:24+1 cc-missing-token: expected ';', found '['\n"},
    {"AMD64", long_name(),
     "1:5+256 cc-long-token: token of 256 bytes; the real compilers have room for 255\n"},
    {"AMD64", long_string(),
     "1:18+255 cc-long-string: the string takes 256 bytes of output; the real compiler has room for 255\n"},
    {"AMD64", deep(), "1:1017+1 cc-nesting-too-deep: more than 2000 levels of nesting\n"},
    {"AMD64", many_returns(), "1:45790+6 cc-output-too-large: the output has more than 268435456 bytes\n"},
};

TEST(Cc, SaysWhatIsOddAndWhere) {
  for (const test::Example& example : kExamples) {
    DiagnosticList list;
    const Output output = run(example.dialect, example.text, list);
    EXPECT_EQ(test::diagnostic_text(list, example.text), example.said)
        << example.dialect << ": " << example.text.substr(0, 80);
    EXPECT_EQ(output.map.size(), output.bytes.size());
  }
}

TEST(Cc, EveryIdHasAnExample) {
  // Ids about files have theirs in the tests of the programs.
  const std::set<std::string_view> files{"cc-lost-output", "cc-missing-input", "cc-unreadable-input",
                                         "cc-input-too-large"};
  EXPECT_EQ(test::ids_without_example(kKinds, kExamples), files);
}

TEST(Cc, EmptyProgramIsTheFraming) {
  EXPECT_EQ(as_text(run("AMD64", "").bytes),
            "\n# Core program\n\n# Program global variables\n\n# Program strings\n\n:ELF_end\n");
  EXPECT_EQ(as_text(run("riscv32", "").bytes),
            "\n# Core program\n\n:ELF_data\n\n# Program global variables\n\n# Program strings\n\n:ELF_end\n");
}

struct Message {
  std::string_view dialect;
  std::string_view text;
  std::string_view standard_error;
};

TEST(Cc, MessagesAreTheRealOnes) {
  const Message messages[] = {
      {"AMD64", "int f() { int a }", "ERROR in collect_local\nMissing ;\n"},
      {"AMD64", "enum x", "ERROR in enum\nExpected {\n"},
      {"AMD64", "enum { a , }", "ERROR in enum\nExpected =\n"},
      {"AMD64", "enum { a = 1 b", "ERROR in enum\nExpected }\n"},
      {"AMD64", "enum { a = 1 } int", "ERROR in enum\nExpected ;\n"},
      {"AMD64", "struct s int", "ERROR in create_struct\n Missing {\n"},
      {"AMD64", "struct s { int a }", "ERROR in create_struct\n Missing ;\n"},
      {"AMD64", "struct s { int a[2;", "Struct only supports [num] form\n"},
      {"AMD64", "int f() { 1 }", "ERROR in statement\nMissing ;\n"},
      {"AMD64", "int f() { goto x y }", "ERROR in statement\nMissing ;\n"},
      {"AMD64", "int f() { return 1 }", "ERROR in return_result\nMISSING ;\n"},
      {"AMD64", "int f() { asm x", "ERROR in process_asm\nMISSING (\n"},
      {"AMD64", "int f() { asm(x", "ERROR in process_asm\nMISSING )\n"},
      {"AMD64", "int f() { asm() x", "ERROR in process_asm\nMISSING ;\n"},
      {"AMD64", "int f() { if 1", "ERROR in process_if\nMISSING (\n"},
      {"AMD64", "int f() { if(1;", "ERROR in process_if\nMISSING )\n"},
      {"AMD64", "int f() { do 1; until", "ERROR in process_do\nMISSING while\n"},
      {"AMD64", "int f() { do 1; while 1", "ERROR in process_do\nMISSING (\n"},
      {"AMD64", "int f() { do 1; while(1;", "ERROR in process_do\nMISSING )\n"},
      {"AMD64", "int f() { do 1; while(1) 1", "ERROR in process_do\nMISSING ;\n"},
      {"AMD64", "int f() { while 1", "ERROR in process_while\nMISSING (\n"},
      {"AMD64", "int f() { while(1;", "ERROR in process_while\nMISSING )\n"},
      {"AMD64", "int f() { for 1", "ERROR in process_for\nMISSING (\n"},
      {"AMD64", "int f() { for(1)", "ERROR in process_for\nMISSING ;1\n"},
      {"AMD64", "int f() { for(1;1)", "ERROR in process_for\nMISSING ;2\n"},
      {"AMD64", "int f() { for(1;1;1;", "ERROR in process_for\nMISSING )\n"},
      {"AMD64", "int f() { while(1) break }", "ERROR in break statement\nMissing ;\n"},
      {"AMD64", "int f() { (1; }", "Error in Primary expression\nDidn't get )\n"},
      {"AMD64", "int f() { f(1; }", "ERROR in process_expression_list\nNo ) was found\n"},
      {"AMD64", "int f(int* a) { a[1; }", "ERROR in postfix_expr\nMissing ]\n"},
      {"AMD64", "int f() { sizeof 1", "ERROR in unary_expr\nMissing (\n"},
      {"AMD64", "int f() { sizeof(int;", "ERROR in unary_expr\nMissing )\n"},
      {"AMD64", "int f() { @; }", "Received @ in primary_expr\n"},
      {"AMD64", "x f;", "Unknown type x\n"},
      {"AMD64", "int f() { y; }", "y is not a defined symbol\n"},
      {"AMD64", "int f() { '\\q'; }", "Unknown escape received: \\q Unable to process\n"},
      {"AMD64", "int f(int* a) { a->b; }", "ERROR in lookup_member int->b does not exist\n\n"},
      {"riscv64", "int f(int* a) { a->b; }", "ERROR in lookup_member int does not exist\n\n"},
      {"AArch64", "int f() { '\\xZ'; }", "Tried to print non-hex number\n"},
      {"AMD64", "int f() { if(1) break; }", "0Not inside of a loop or case statement"},
  };
  for (const Message& one : messages) {
    const Output output = run(one.dialect, one.text);
    EXPECT_EQ(output.standard_error, one.standard_error) << one.text;
    EXPECT_EQ(output.status, 1) << one.text;
    EXPECT_TRUE(output.bytes.empty()) << one.text;
  }
}

TEST(Cc, Amd64SendsTheHexMessageToTheOutput) {
  const Output output = run("AMD64", "int f() { return '\\xZ'; }");
  EXPECT_EQ(as_text(output.bytes), "Tried to print non-hex number\n");
  EXPECT_EQ(output.standard_error, "");
  EXPECT_EQ(output.status, 1);
}

TEST(Cc, EndingsOfTheRealTool) {
  EXPECT_EQ(run("AMD64", "int x; /*").ending, Ending::hangs);
  EXPECT_EQ(run("AMD64", "int f() { \"").ending, Ending::crashes);
  EXPECT_EQ(run("AMD64", "int x").ending, Ending::crashes);
  EXPECT_EQ(run("riscv32", "struct s { char a; char b; };").ending, Ending::hangs);
  EXPECT_EQ(run("riscv32", "int f() { break; }").ending, Ending::crashes);
  EXPECT_EQ(run("AMD64", long_name()).ending, Ending::undefined);
  EXPECT_EQ(run("AMD64", deep()).ending, Ending::undefined);
}

TEST(Cc, FirstLocalsOfEachKindOfFunction) {
  constexpr std::string_view kText =
      "int main(int a) { int x; x; } int f() { int x; x; } int g(int a, int b) { int x; int y; y; }";
  const auto displacements = [&](std::string_view dialect, std::string_view mark, char end) {
    std::string all;
    const std::string text = code(dialect, kText);
    for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + 1)) {
      const std::size_t from = at + mark.size();
      all += text.substr(from, text.find(end, from) - from) + " ";
    }
    return all;
  };
  EXPECT_EQ(displacements("x86", "[ebp+DWORD] %", '\n'), "-20 -8 -20 ");
  EXPECT_EQ(displacements("AMD64", "[rbp+DWORD] %", '\n'), "-40 -16 -40 ");
  EXPECT_EQ(displacements("AArch64", "SKIP_32_DATA\n%", '\n'), "32 8 32 ");
  EXPECT_EQ(displacements("riscv32", "rs1_fp !-", ' '), "16 4 16 ");
  EXPECT_EQ(displacements("riscv64", "rs1_fp !-", ' '), "32 8 32 ");
}

TEST(Cc, NothingIsPoppedBehindAReturn) {
  EXPECT_EQ(code("AMD64", "int f() { int a; { int b; return 1; } }"),
            "# Defining function f\n:FUNCTION_f\n# Defining local a\npush_rax\t#a\n# Defining local "
            "b\npush_rax\t#b\n"
            "mov_rax, %1\npop_rbx\t# _return_result_locals\npop_rbx\t# _return_result_locals\nret\n");
}

TEST(Cc, TheIdTakesItsLineFeedAlong) {
  EXPECT_EQ(
      code("riscv64", "int f() { if(1) goto x; }"),
      "# Defining function f\n:FUNCTION_f\n# IF_f_0\nrd_a0 ~1 lui\nrd_a0 rs1_a0 !1 addiw\nrs1_a0 @8 bnez\n"
      "$ELSE_f_0\njal\n$x jal\n$_END_IF_f_0\njal\n:ELSE_f_0\n:_END_IF_f_0\nret\n");
}

TEST(Cc, StringsAreRegularOrHexadecimal) {
  const auto one = [](std::string_view dialect, std::string_view literal) {
    return strings(dialect, "int f(){ return " + std::string(literal) + "; }").substr(12);
  };
  EXPECT_EQ(one("AMD64", R"("a\tb'")"), "\"a\tb'\"\n");
  EXPECT_EQ(one("AMD64", R"("\"")"), "' 22 00'\n");
  EXPECT_EQ(one("AMD64", R"("a :")"), "' 61 20 3A 00'\n");
  EXPECT_EQ(one("AMD64", R"("a \x3a")"), "\"a :\"\n") << "only a raw colon counts";
  EXPECT_EQ(one("AMD64", R"("\x00:")"), "' 00 3A 00'\n") << "zero is in every set";
  EXPECT_EQ(one("AMD64", R"("a\x00b")"), "\"a");
  EXPECT_EQ(one("AMD64", R"("\x4")"), "' 10 00'\n") << "the missing digit is the zero behind the token";
  EXPECT_EQ(one("x86", "\"S:\""), "' 53 3A 00'\n");
  EXPECT_EQ(one("AMD64", "\"S:\""), "\"S:\"\n");
}

TEST(Cc, BigNumbersPrintAWrongFirstDigit) {
  const std::string text = "struct s { char a[30000000000]; int b; }; int f(struct s* p) { return p->b; }";
  EXPECT_NE(code("AMD64", text).find("mov_rbx, %N000000000\n"), std::string::npos) << code("AMD64", text);
}

TEST(Cc, EveryByteIsMappedToTheTokenThatMadeIt) {
  const Output output = run("AMD64", "int g; int f() { return \"a\"; }");
  std::string map;
  for (const MapEntry& entry : output.map.entries()) {
    map += std::to_string(entry.offset) + "+" + std::to_string(entry.length) + " <- " +
           std::to_string(entry.span.offset) + "+" + std::to_string(entry.span.length) + "\n";
  }
  EXPECT_EQ(map,
            "0+16 <- 0+0\n"
            "16+34 <- 11+1\n"
            "50+32 <- 24+3\n"
            "82+4 <- 17+6\n"
            "86+28 <- 0+0\n"
            "114+15 <- 4+1\n"
            "129+19 <- 0+0\n"
            "148+16 <- 24+3\n"
            "164+10 <- 0+0\n");
}

TEST(Cc, NestingUpToTheLimitIsFine) {
  const std::string text = "int f() { return " + std::string(900, '(') + "1" + std::string(900, ')') + "; }";
  for (const Dialect& dialect : dialects()) EXPECT_TRUE(run(dialect.name, text).succeeded());
}

TEST(Cc, OtherTypesOfTheSameNameKeepTheirOrder) {
  // The merge of int and a struct pointer is the newest struct of that name, not the pointer.
  EXPECT_NE(code("AMD64", "struct s { int a; int b; }; int f(struct s* p, int i) { return (i + p)[1]; }")
                .find("sal_rax, !3"),
            std::string::npos);
  // char** has no entry of its own: two of them merge to nothing, and the index crashes.
  EXPECT_EQ(run("AMD64", "int f(char** p, char** q) { return (p + q)[1]; }").ending, Ending::crashes);
}

}  // namespace
}  // namespace assay::cc

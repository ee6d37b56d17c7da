// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <set>

#include "bootstrap/lint/lint_tree.h"
#include "bootstrap/lint/twins.h"
#include "core/host_tree.h"
#include "tests/support/subprocess.h"

namespace assay::bootstrap::lint {
namespace {

/// "LINE: message [id]" for each alarm.
std::string alarms(const std::string& name, std::string_view architecture, std::string_view text) {
  Counts counts;
  DiagnosticList said;
  lint_text({name, as_bytes(text)}, architecture, counts, said);
  std::string lines;
  for (const Diagnostic& one : said.all) {
    lines += fmt::format("{}: {} [{}]\n", position_of(as_bytes(text), one.span.offset).line, one.message,
                         one.kind->id);
  }
  EXPECT_EQ(counts.alarms, said.all.size());
  return lines;
}

TEST(Lint, NamesOfX86Definitions) {
  EXPECT_EQ(alarms("d.M1", "AMD64", "DEFINE mov_rdi,rax 4889C3\n"),
            "1: 'mov_rdi,rax' names 4889C3, which is 'mov rbx, rax' [lint-instruction]\n");
  EXPECT_EQ(alarms("d.M1", "AMD64", "DEFINE sub_rax, 83E8\n"),
            "1: 'sub_rax,' names 83E8, which is 'sub eax, 0x0' [lint-instruction]\n");
  EXPECT_EQ(alarms("d.M1", "x86", "DEFINE cmp_ebx,ecx 39D9\n"),
            "1: 'cmp_ebx,ecx' names 39D9, which is 'cmp ecx, ebx' [lint-instruction]\n");
  EXPECT_EQ(alarms("d.M1", "AMD64", "DEFINE mov_rsp,[rsp+BYTE] 488BA424\n"),
            "1: 'mov_rsp,[rsp+BYTE]' takes another size behind 488BA424: 'mov rsp, qword ptr [rsp]' "
            "[lint-width]\n");
  EXPECT_EQ(alarms("d.M1", "x86", "DEFINE je32 74\n"),
            "1: 'je32' takes another size behind 74: 'je 0x2' [lint-width]\n");
  // synonyms, operands in either order, numbers to come, words that name no instruction
  EXPECT_EQ(
      alarms("d.M1", "AMD64",
             "DEFINE mov_rdi,rax 4889C7\nDEFINE sal_rax, 48C1E0\nDEFINE xchg_rbx,rax 4893\nDEFINE jz8 74\n"
             "DEFINE imul_rax, 486BC0\nDEFINE lea_rax,[rip+DWORD] 488D05\nDEFINE cmp 39C3\nDEFINE NULL 0000\n"
             "DEFINE movsx_rax,DWORD_PTR_[rax] 486300\nDEFINE hello_world C3\n"),
      "");
}

TEST(Lint, NamesOfAArch64Definitions) {
  EXPECT_EQ(alarms("d.M1", "AArch64", "DEFINE ADD_X0_X16_X0 0020008b\n"),
            "1: 'ADD_X0_X16_X0' names 0020008b, which is 'add x0, x0, x0, lsl #8' [lint-instruction]\n");
  EXPECT_EQ(alarms("d.M1", "AArch64", "DEFINE SET_X0_TO_2 600080d2\n"),
            "1: 'SET_X0_TO_2' names 600080d2, which is 'mov x0, #3' [lint-number]\n");
  EXPECT_EQ(alarms("d.M1", "AArch64", "DEFINE LOAD_W0_AHEAD 40000098\n"),
            "1: 'LOAD_W0_AHEAD' names 40000098, which is 'ldrsw x0, 0x8' [lint-instruction]\n");
  EXPECT_EQ(
      alarms(
          "d.M1", "AArch64",
          "DEFINE XOR_X0_X1_X0 000001ca\nDEFINE DEREF_X0_BYTE 00004039\nDEFINE CMP_X0_TO_MINUS_4 1f1000b1\n"
          "DEFINE ADD_X0_X0_0x100000 00004491\nDEFINE PUSH_X0 408e1ff8\nDEFINE SKIP_INST_EQ 40000054\n"),
      "");
}

TEST(Lint, NamesOfRiscvDefinitions) {
  EXPECT_EQ(alarms("d.M1", "riscv64", "DEFINE rd_a1 .00050000\n"),
            "1: 'rd_a1' is 0x00000500, and x11 there is 0x00000580 [lint-instruction]\n");
  EXPECT_EQ(alarms("d.M1", "riscv64", "DEFINE sub 33000000\n"),
            "1: 'sub' names 33000000, which is 'add zero, zero, zero' [lint-instruction]\n");
  EXPECT_EQ(alarms("d.M1", "riscv64",
                   "DEFINE rd_a1 .80050000\nDEFINE sub 33000040\nDEFINE not 1340F0FF\nDEFINE ret 67800000\n"),
            "");
}

TEST(Lint, CommentsAgainstTheirBytes) {
  EXPECT_EQ(alarms("a.hex0", "AMD64", "83E8 30 ; sub_rax, !0x30\n"),
            "1: the comment says 'sub_rax, !0x30', the bytes are 'sub eax, 0x30' [lint-instruction]\n");
  EXPECT_EQ(alarms("a.hex0", "AMD64", "6A 03 ; push !2\n"),
            "1: the comment says 'push !2', the bytes are 'push 0x3' [lint-number]\n");
  EXPECT_EQ(alarms("a.hex0", "riscv32", "13 05 30 00 # rd_a0 !2 addi ; two\n"),
            "1: the comment says 'rd_a0 !2 addi', the bytes are 'li a0, 3' [lint-number]\n");
  EXPECT_EQ(alarms("a.hex2", "riscv64", "# rd_a7 !63 addi ; above its bytes\n.80080000 .0000E003 13000000\n"),
            "1: the comment says 'rd_a7 !63 addi', the bytes are 'li a7, 62' [lint-number]\n");
  // octal as M1 reads it, a displacement, prose
  EXPECT_EQ(alarms("a.hex0", "riscv32", "13 06 10 24 # rd_a2 !00001101 addi\n"), "");
  EXPECT_EQ(
      alarms("a.hex0", "AMD64", "488B4310 ; mov_rax,[rbx+BYTE] !16\n90 ; push it all\nC3 # int is a type\n"),
      "");
}

TEST(Lint, PlainAssemblerAndRealMode) {
  EXPECT_EQ(alarms("a.hex0", "x86", "31 C0 # xor ax, ax\n81 C1 C0 00 # and cx, 0x00C0\n"),
            "2: the comment says 'and cx, 0x00C0', the bytes are 'add cx, 0xc0' [lint-instruction]\n");
  EXPECT_EQ(alarms("a.hex0", "x86", "CD 80 # int 80\n89 44 24 04 # mov [esp + 4], eax\n31 C0 # xor ax, ax\n"),
            "");
}

TEST(Lint, TargetsOfJumps) {
  const std::string_view text = "#:loop\n90\n75 FD ; jne !loop\n75 FC ; jne !loop\n#:end\nC3\n";
  EXPECT_EQ(alarms("a.hex0", "x86", text),
            "4: the comment names 'loop' at 0x0, the bytes lead to 0x1 [lint-target]\n");
  EXPECT_EQ(alarms("a.hex0", "riscv64", "#:a\n13 00 00 00\n63 00 05 00 # rs1_a0 @a beqz\n"),
            "3: the comment names 'a' at 0x0, the bytes lead to 0x4 [lint-target]\n");
}

TEST(Lint, DistancesBelowTheirInstruction) {
  EXPECT_EQ(alarms("a.hex0", "riscv64", "EF 00 80 18 # rd_ra $out jal\n    # +392B\n"), "");
  EXPECT_EQ(alarms("a.hex0", "riscv64", "EF 00 80 18 # rd_ra $out jal\n    # +932B\n"),
            "2: the comment says +932, the distance is +392 [lint-distance]\n");
  // 0x1000 and 562 - 0x1000 come from where the pair starts
  EXPECT_EQ(alarms("a.hex0", "riscv64",
                   "17 05 00 00 # rd_a0 ~s auipc\n13 05 25 23 # rd_a0 rs1_a0 !s addi\n  # +562B\n"),
            "");
}

/// A 32-bit program of one instruction at 0x8048054.
constexpr std::string_view kHeader =
    "7F 45 4C 46 01 01 01 03 00 00 00 00 00 00 00 00\n02 00 03 00 01 00 00 00 54 80 04 08 34 00 00 00\n"
    "00 00 00 00 00 00 00 00 34 00 20 00 01 00 00 00\n00 00 00 00\n"
    "01 00 00 00 00 00 00 00 00 80 04 08 00 80 04 08\n80 00 00 00 80 00 00 00 07 00 00 00 01 00 00 00\n";

std::string program(std::string_view code) {
  return std::string(kHeader) + std::string(code) +
         "00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00\n" +
         "00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00\n";
}

TEST(Lint, AddressesInAWholeProgram) {
  EXPECT_EQ(alarms("a.hex0", "x86", program("#:_start ; (0x8048054)\n40 ; inc_eax\n#:next ; (0x8048054)\n")),
            "9: the comment says 0x8048054, the address is 0x8048055 [lint-address]\n");
  EXPECT_EQ(alarms("a.hex0", "x86", "#:part ; (0x8048054)\n90\n"), "")
      << "where a part of a program will be nobody knows";
  EXPECT_EQ(alarms("a.hex0", "x86", "90\n#:_start\n90\n#:next [_start+0x1]\n90\n#:last [_start+0x1]\n90\n"),
            "6: the comment says 0x1, the address is 0x2 [lint-address]\n");
}

TEST(Lint, TwinsThatAreNot) {
  const std::string used = program("#:_start\n40 ; inc_eax\n43 ; inc_ebx\n");
  const std::string tail =
      ":end\n'000000000000000000000000000000000000000000000000'\n'"
      "000000000000000000000000000000000000000000000000'\n";
  const auto compare = [&](const std::string& twin) {
    const auto result =
        compare_twins({"Development/a.M1", as_bytes(twin)}, {"a.hex0", as_bytes(used)}, {}, "x86");
    return !result ? "not compared" : result->alarm ? result->alarm->message : "same";
  };
  const std::string defines = "# none\nDEFINE inc_eax 40\nDEFINE inc_ebx 43\n";
  EXPECT_EQ(compare(defines + ":_start\ninc_eax\ninc_ebx\n" + tail), "same");
  EXPECT_EQ(compare(defines + ":_start\ninc_ebx\ninc_ebx\n" + tail),
            "this makes 43 at offset 84, a.hex0:8 makes 40 (134 bytes and 134)");
  EXPECT_EQ(compare(defines + ":_start\ninc_ecx\ninc_ebx\n" + tail),
            "M1 does not assemble this, and a.hex0 is in use: 'inc_ecx' is not defined: did you mean "
            "'inc_eax'?");
}

TEST(Lint, TextsThatDoNotAssembleSayNothing) {
  EXPECT_EQ(alarms("a.hex2", "knight", "90 ; push !2\n"), "");
  EXPECT_EQ(alarms("a.hex0", "", "6A 03 ; push !2\n"), "");
  EXPECT_EQ(alarms("a.hex2", "AMD64", ":a\nE8 %nowhere ; call %nowhere\n6A 03 ; push !2\n"),
            "3: the comment says 'push !2', the bytes are 'push 0x3' [lint-number]\n")
      << "but a part of a program that lacks labels does";
}

/// What is said of statements in a function with some variables.
std::string c_alarms(std::string_view statements) {
  const std::string text =
      "struct cell { int a; int b; };\nint f(struct cell* p, char* s, int n, FUNCTION g, FUNCTION "
      "h)\n{\nint* q;\n" +
      std::string(statements) + "\n}\n";
  Counts counts;
  DiagnosticList said;
  lint_text({"a.c", as_bytes(text)}, "", counts, said);
  std::string ids;
  for (const Diagnostic& one : said.all) ids += fmt::format("{} ", one.kind->id);
  return ids;
}

TEST(Lint, CThatIsReadOtherwise) {
  EXPECT_EQ(c_alarms("if(p && p->a) return 1;"), "lint-c-both-sides ");
  EXPECT_EQ(c_alarms("while(NULL != p && n == p->a) n = 2;"), "lint-c-both-sides ");
  EXPECT_EQ(c_alarms("if(NULL == p || p->a) return 1;"), "lint-c-both-sides ");
  EXPECT_EQ(c_alarms("if((n & 4) && (n == 1)) return 1;"), "lint-c-bits ");
  EXPECT_EQ(c_alarms("if(p && q) return 1;"), "lint-c-bits ");
  EXPECT_EQ(c_alarms("q = q + 1; p = p - n;"), "lint-c-bytes lint-c-bytes ");
  EXPECT_EQ(c_alarms("q = &p[2];"), "lint-c-address ");
  EXPECT_EQ(c_alarms("return g(h(1));"), "lint-c-call ");
}

TEST(Lint, CThatIsReadAsItLooks) {
  EXPECT_EQ(c_alarms("if(NULL == p) return 0; if(p->a) return 1;"), "");
  EXPECT_EQ(c_alarms("if((NULL == p->a) && !(p->b & 2)) return 1;"), "");
  EXPECT_EQ(c_alarms("if(s[len(s) - 1] != 1 && s[0] != 2) return 1;"), "");
  EXPECT_EQ(c_alarms("if((n & 4) != 0 && n < 9) return 1;"), "");
  EXPECT_EQ(c_alarms("s = s + 1; n = p->a + 1; n = n * q[1] + 2; q += 1; n = q - p;"), "");
  EXPECT_EQ(c_alarms("n = a & b[1]; return g(1) + h(2);"), "");
  EXPECT_EQ(c_alarms("#ifdef __M2__\nq = q + 1;\n#else\nq = q + 2;\n#endif\n/* p && p->a */ // p && p->a"),
            "lint-c-bytes ");
  EXPECT_EQ(c_alarms("#if !__M2__\nq = q + 1;\n#endif"), "");
}

TEST(Lint, ConstantsOfOneAreNoMask) {
  Linter linter("");
  const auto bytes = [](std::string_view text) { return std::make_shared<const Bytes>(to_bytes(text)); };
  linter.add_file("a.h", bytes("enum { FLAG = 1, OTHER = 2 };\n"));
  linter.add_file(
      "a.c",
      bytes("int f(int o) { if((o & FLAG) && (o == 3)) return 1; if((o & OTHER) && (o == 3)) return 1; }\n"));
  linter.finish();
  EXPECT_EQ(linter.counts().files, 1U);
  EXPECT_EQ(linter.counts().alarms, 1U);
}

TEST(Lint, ArchitectureOfAPath) {
  EXPECT_EQ(architecture_of_path("x86/hex0_x86.hex0"), "x86");
  EXPECT_EQ(architecture_of_path("POSIX/AMD64/kaem-minimal.hex0"), "AMD64");
  EXPECT_EQ(architecture_of_path("AArch64/GAS/M0_riscv32.S"), "riscv32");
  EXPECT_EQ(architecture_of_path("x86_64/kaem-minimal.hex0"), "AMD64");
  EXPECT_EQ(architecture_of_path("kaem-minimal.hex0"), "");
}

/// Every alarm in stage0-posix 1.9.1 was read: they are wrong comments, names and twins, not wrong alarms.
TEST(Lint, Upstream) {
  const auto path = test::find_tree("stage0-posix");
  if (!path) GTEST_SKIP() << "no stage0-posix in $ASSAY_TREES or ~/.cache/assay";
  Linter linter("");
  linter.add_tree(HostTree(*path), "");
  linter.finish();
  std::set<std::string> address_files;
  std::size_t addresses = 0;
  std::map<std::string_view, std::size_t> by_kind;
  std::set<std::string> places;
  for (const FileAlarms& file : linter.found()) {
    for (const Diagnostic& alarm : file.alarms) {
      ++by_kind[alarm.kind->id];
      std::vector<std::string> names = file.also;
      names.push_back(file.name);
      for (const std::string& name : names) {
        places.insert(fmt::format("{}:{}", name, position_of(*file.bytes, alarm.span.offset).line));
        if (alarm.kind->id != "lint-address") continue;
        ++addresses;
        address_files.insert(name);
      }
    }
  }
  EXPECT_EQ(addresses, 63U);
  EXPECT_EQ(address_files.size(), 5U);
  for (const char* place :
       {"/x86/hex0_x86.hex0:140", "/AMD64/hex2_AMD64.hex1:324", "/AMD64/hex2_AMD64.hex1:327",
        "/AMD64/hex2_AMD64.hex1:330", "/AMD64/catm_AMD64.hex2:69", "/riscv32/M0_riscv32.hex2:1424",
        "/riscv32/Development/hex1_riscv32.M1:79", "/M2-Planet/cc_emit.c:725", "/M2-Planet/cc_emit.c:746",
        "/M2-Planet/cc_emit.c:848", "/M2-Planet/cc_emit.c:871", "/x86/M0_x86.hex2:193"}) {
    EXPECT_TRUE(places.contains(place)) << place;
  }
  EXPECT_GT(linter.counts().instructions, 14000U);
  EXPECT_EQ(linter.counts().twins, 45U);
  EXPECT_EQ(linter.counts().alarms, 91U);
}

}  // namespace
}  // namespace assay::bootstrap::lint

// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The interpreter on small programs: they are what it boots from, so no file of mes's is needed. What mes's
// builtins give is measured on the real one (conformance/values.tsv); what it does with forms too.
#include "mes/mes.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>

#include "mes/diagnostics.h"
#include "mes/tree_world.h"

namespace assay::mes {
namespace {

struct Ran {
  Outcome outcome;
  std::string output;
  std::string errors;
  DiagnosticList said;
};

struct Setting {
  std::string_view dialect = "amd64";
  Limits limits{.heap_bytes = std::size_t{1} << 28,
                .stack_values = std::size_t{1} << 20,
                .depth = 500,
                .calls = 5'000'000};
  Environment environment;
  std::string input;
};

class Program {
 public:
  /// Writes a file that the program may read.
  void put(std::string_view path, std::string_view text) { tree.put(path, to_bytes(text)); }

  Ran run(std::string_view text, const Setting& setting = {}) {
    put("mes/module/mes/boot-5.scm", text);
    TreeWorld world(tree, "", 022, start);
    world.set_standard_input(to_bytes(setting.input));
    Ran ran;
    const Request request{.dialect = find_dialect(setting.dialect),
                          .arguments = {"mes", "one"},
                          .environment = setting.environment,
                          .limits = setting.limits};
    ran.outcome = mes::run(request, world, ran.said);
    ran.output = world.written();
    ran.errors = world.errors();
    return ran;
  }

  MemoryTree tree;
  TreeWorld::Run start;
};

std::string output_of(std::string_view text, const Setting& setting = {}) {
  return Program().run(text, setting).output;
}

/// What the modules of mes define before anything else, as far as these tests need it.
const std::string kBase = R"((define (not x) (if x #f #t))
(define call/cc call-with-current-continuation)
(define (cadr x) (car (cdr x)))
(define (show x) (core:write x) (core:display "\n"))
(define-macro (let bindings . body)
  (cons (cons (quote lambda) (cons (map1 car bindings) body)) (map1 cadr bindings)))
(define (map1 f l) (if (null? l) l (cons (f (car l)) (map1 f (cdr l)))))
)";

std::string with_base(std::string_view text) { return output_of(kBase + std::string(text)); }

std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 3 < text.size() && text[i + 1] == 'x') {
      out += static_cast<char>(std::stoi(std::string(text.substr(i + 2, 2)), nullptr, 16));
      i += 3;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::vector<std::vector<std::string>> measured_rows() {
  std::vector<std::vector<std::string>> rows;
  std::ifstream file(ASSAY_SOURCE_DIR "/mes/conformance/values.tsv");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("# ")) continue;
    if (line == "#") continue;
    std::vector<std::string> row(1);
    for (const char c : line) {
      if (c == '\t') {
        row.emplace_back();
      } else {
        row.back() += c;
      }
    }
    rows.push_back(row);
  }
  return rows;
}

TEST(Mes, WritesAndDisplaysWhatTheRealOneDoes) {
  const auto rows = measured_rows();
  ASSERT_GT(rows.size(), 400U);
  for (const std::size_t column : {1U, 2U, 3U, 4U}) {
    std::string program = "(define (vector . rest) (list->vector rest))";
    for (const auto& row : rows) {
      program += fmt::format("(core:display \"\\x01\")({} {})\n", column < 3 ? "core:write" : "core:display",
                             row.at(0));
    }
    const std::string output = output_of(
        program,
        {.dialect = column % 2 == 1 ? "x86" : "amd64", .limits = {}, .environment = {}, .input = {}});
    std::size_t at = 0;
    for (const auto& row : rows) {
      ASSERT_EQ(output.substr(at, 1), "\x01") << row.at(0);
      const std::size_t end = std::min(output.find('\x01', at + 1), output.size());
      EXPECT_EQ(output.substr(at + 1, end - at - 1), unescaped(row.at(column)))
          << row.at(0) << " column " << column;
      at = end;
    }
  }
}

TEST(Mes, TailCallsNeedNoRoom) {
  EXPECT_EQ(output_of("(define (loop n) (if (= n 0) 7 (loop (- n 1)))) (core:display (loop 1000000))"), "7");
  EXPECT_EQ(
      output_of(
          "(define (even n) (if (= n 0) 1 (odd (- n 1)))) (define (odd n) (if (= n 0) 0 (even (- n 1))))"
          "(core:display (even 300001))"),
      "0");
  EXPECT_EQ(output_of("(define (loop n) (if (= n 0) 7 (core:apply loop (list (- n 1)) (list)))) "
                      "(core:display (loop 200000))"),
            "7");
}

TEST(Mes, ContinuationsLeaveAndComeBack) {
  EXPECT_EQ(with_base("(show (+ 1 (call/cc (lambda (k) (+ 10 (k 5))))))"), "6\n");
  EXPECT_EQ(with_base("(define (f) (let ((n 0) (k #f)) (call/cc (lambda (c) (set! k c))) (set! n (+ n 1))"
                      " (if (< n 3) (k 0)) n)) (show (f))"),
            "3\n");
  // Out of a macro that is being expanded: a level of evaluation is left.
  EXPECT_EQ(with_base("(define out #f) (define-macro (leave x) (out x))"
                      "(show (call/cc (lambda (k) (set! out k) (core:eval (quote (leave 4)) (quote ())))))"),
            "4\n");
}

TEST(Mes, ContinuationOfWhatHasEndedIsNamed) {
  const Ran ran = Program().run(kBase + "(define k #f) (show (call/cc (lambda (c) (set! k c) 1))) (k 2)");
  EXPECT_EQ(ran.output, "1\n");
  EXPECT_TRUE(ran.said.has("mes-dead-continuation"));
}

TEST(Mes, ValuesGoToTheirConsumer) {
  EXPECT_EQ(with_base("(show (call-with-values (lambda () (values 1 2 3)) list))"), "(1 2 3)\n");
  EXPECT_EQ(with_base("(show (call-with-values (lambda () 5) list)) (show (+ (values 4 9) 1))"), "(5)\n5\n");
}

TEST(Mes, MacrosAreExpandedWhereverAListBegins) {
  EXPECT_EQ(with_base("(define-macro (add a b) (list (quote +) a b)) (show (add 1 (add 2 3)))"), "6\n");
  // The rest of a list is a list too: mes expands (add 1 2) inside (list add 1 2).
  EXPECT_EQ(with_base("(define-macro (add a b) (list a b)) (show (list add 1 2))"), "(1 2)\n");
}

TEST(Mes, WhatACallMeantFirstItMeansForEver) {
  EXPECT_EQ(with_base("(define (f) 1) (define (g) (f)) (define (h) (let ((p f)) (p))) (show (g))"
                      "(define (f) 2) (show (g)) (show (h)) (show (f))"),
            "1\n1\n2\n2\n");
  // The same of a primitive, reached before or only after its name got another meaning.
  EXPECT_EQ(with_base("(define (a) (length (list 1 2))) (define (b) (length (list 1 2))) (show (a))"
                      "(define (length x) 9) (show (a)) (show (b))"),
            "2\n2\n9\n");
}

TEST(Mes, LocalNamesMeanOuterOnesUntilTheyAreDefined) {
  EXPECT_EQ(with_base("(define y 10) (define (f) (define z y) (define y 20) (list z y)) (show (f)) (show y)"),
            "(10 20)\n10\n");
  EXPECT_EQ(with_base("(define (f n) (define (g m) (if (= m 0) n (g (- m 1)))) (g 3)) (show (f 8))"), "8\n");
}

TEST(Mes, ClosuresKeepVariablesOfTheirOwn) {
  EXPECT_EQ(
      with_base("(define (make n) (lambda () (set! n (+ n 1)) n)) (define a (make 0)) (define b (make 10))"
                "(a) (a) (show (list (a) (b)))"),
      "(3 11)\n");
  EXPECT_EQ(
      with_base(
          "(define (constantly x) (lambda () x)) (define five (constantly 5)) (constantly 6) (show (five))"),
      "5\n");
  EXPECT_EQ(
      with_base(
          "(define (collect i l) (if (= i 3) l (collect (+ i 1) (cons (let ((j (* i i))) (lambda () j)) l))))"
          "(show (map1 (lambda (f) (f)) (collect 0 (list))))"),
      "(4 1 0)\n");
}

TEST(Mes, AFormInThePlaceOfAProcedureIsEvaluatedTwice) {
  EXPECT_EQ(with_base("(define (pick) (core:display \"p\") car) (show ((pick) (list 1 2)))"), "pp1\n");
}

TEST(Mes, DefinitionsUnderEvalStayThere) {
  EXPECT_EQ(with_base("(define (e form) (core:eval form (current-environment)))"
                      "(show (e (quote (begin (define zz 5) (+ zz 1)))))"),
            "6\n");
  const Ran ran = Program().run(
      kBase + "(define (e form) (core:eval form (current-environment))) (e (quote (define zz 5))) (show zz)");
  EXPECT_EQ(ran.output, "");
}

TEST(Mes, ErrorsGoToThrow) {
  EXPECT_EQ(with_base("(define (throw key . rest) (core:write (list key rest)) (exit 3)) (car 5)"),
            "(not-a-pair ((5 . car)))");
  EXPECT_EQ(with_base("(define (throw key . rest) 42) (show (+ 1 (cdr 5)))"), "43\n");
  EXPECT_EQ(Program().run("(exit 3)").outcome.status, 3);
}

TEST(Mes, AnErrorWithoutThrowEndsTheRun) {
  const Ran ran = Program().run("(nothing 1)");
  EXPECT_EQ(ran.errors, "unbound-variable: nothing\n");
  EXPECT_EQ(ran.outcome.ending, Ending::crashes);
  EXPECT_TRUE(ran.said.has("mes-abort"));
}

TEST(Mes, FilesAndPorts) {
  Program program;
  program.put("in", "(a . b) \"c\"");
  EXPECT_EQ(
      program
          .run(kBase +
                   "(set-current-input-port (open-input-file \"in\")) (show (read-env (list))) (show "
                   "(read-env (list)))"
                   "(set-current-input-port 0) (show (read-env (list)))"
                   "(define p (open-output-file \"out\")) (core:display-port \"text\" p) (write-byte 10 p)"
                   "(chmod \"out\" #o755) (show (access? \"out\" 1)) (show (access? \"none\" 4))",
               {.dialect = "x86", .limits = {}, .environment = {}, .input = "stdin"})
          .output,
      "(a . b)\n\"c\"\nstdin\n#t\n#f\n");
  EXPECT_EQ(program.tree.state("out").mode, 0755U);
  EXPECT_EQ(as_text(*program.tree.state("out").bytes), "text\n");
}

TEST(Mes, StringPorts) {
  EXPECT_EQ(
      with_base("(set-current-input-port (open-input-string \"xyz\")) (show (read-char)) (show (peek-char))"
                "(show (read-string)) (show (char->integer (read-char)))"),
      "#\\x\n#\\y\n\"yz\"\n-1\n");
}

TEST(Mes, AChildRunsAProgramAndItsParentWaits) {
  Program program;
  program.tree.put("bin/tool", {}, 0755);
  std::vector<std::string> words;
  program.start = [&](const TreeWorld::Start& start) -> std::optional<int> {
    words = start.arguments;
    return 5 << 8;
  };
  EXPECT_EQ(program
                .run(kBase +
                     "(define (start file . words) (if (= 0 (primitive-fork)) (exit (core:execl file words)))"
                     " (cdr (core:waitpid 0 0)))"
                     "(show (start \"/bin/tool\" \"tool\" \"-x\")) (show (start \"/bin/none\"))")
                .output,
            "1280\n65280\n");
  EXPECT_EQ(words, (std::vector<std::string>{"tool", "-x"}));
}

TEST(Mes, WhatIsAliveOutlivesCollections) {
  Setting setting;
  setting.limits.heap_bytes = std::size_t{300} << 20;
  setting.limits.calls = 50'000'000;
  const Ran ran =
      Program().run(kBase +
                        "(define keep (list 1 (list->vector (list 2 \"three\")) (lambda (x) (+ x 1))))"
                        "(define (churn n l) (if (= n 0) (car l) (churn (- n 1) (cons n (if (= 0 (modulo n "
                        "1000)) (list) l)))))"
                        "(show (churn 6000000 (list))) (show (car (cdr keep))) (show ((cadr (cdr keep)) 41))",
                    setting);
  EXPECT_EQ(ran.output, "1\n#(2 \"three\")\n42\n");
  EXPECT_GT(ran.outcome.statistics.collections, 0U);
}

struct Hostile {
  std::string_view id;
  std::string_view program;
};

class Limit : public ::testing::TestWithParam<Hostile> {};

TEST_P(Limit, IsNamed) {
  const Ran ran = Program().run(kBase + std::string(GetParam().program));
  EXPECT_TRUE(ran.said.has(GetParam().id))
      << (ran.said.all.empty() ? "" : ran.said.all.front().message) << ran.errors;
  EXPECT_NE(ran.outcome.ending, Ending::exits);
}

const std::string kNested = std::string(5000, '(') + std::string(5000, ')');

INSTANTIATE_TEST_SUITE_P(
    Mes, Limit,
    ::testing::Values(
        Hostile{"mes-call-limit", "(define (loop) (loop)) (loop)"},
        Hostile{"mes-stack-limit", "(define (deep n) (+ 1 (deep n))) (deep 1)"},
        Hostile{"mes-heap-limit",
                "(define (more l) (more (cons 1 l))) (define (big l) (big (cons (make-vector 100000) l))) "
                "(big (list))"},
        Hostile{"mes-heap-limit", "(make-vector 1000000000000)"}, Hostile{"mes-depth-limit", kNested},
        Hostile{"mes-depth-limit",
                "(define (nest n l) (if (= n 0) l (nest (- n 1) (list l)))) (show (nest 5000 1))"},
        Hostile{"mes-depth-limit", "(define (again) (core:eval (quote (again)) (list))) (again)"},
        Hostile{"mes-endless-apply", "((vector-ref (make-vector 1 (make-vector 1)) 0))"},
        Hostile{"mes-bad-form", "(core:display \"abc"}, Hostile{"mes-bad-form", "#| never"},
        Hostile{"mes-bad-form", "(vector-ref (make-vector 2) -1)"}, Hostile{"mes-bad-form", "(if)"},
        Hostile{"mes-bad-form", "(assq 1 (list 2))"}, Hostile{"mes-bad-form", "(lambda)"},
        Hostile{"mes-bad-form", "(set! 5 1)"}, Hostile{"mes-unsupported", "(eval-apply)"},
        Hostile{"mes-unsupported", "(open \"x\" 2)"}));

TEST(Mes, SaysWhereItLookedForItsBoot) {
  MemoryTree tree;
  TreeWorld world(tree, "");
  DiagnosticList said;
  const Outcome outcome = run(
      {.arguments = {"mes"}, .environment = {{"MES_BOOT", "other.scm"}}, .limits = {.stack_values = 1000}},
      world, said);
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(world.errors(), "mes: boot failed: no such file: other.scm\n");
  EXPECT_TRUE(said.has("mes-no-boot"));
}

}  // namespace
}  // namespace assay::mes

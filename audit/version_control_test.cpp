// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/version_control.h"

#include <gtest/gtest.h>

#include "core/memory_tree.h"
#include "tests/support/subprocess.h"

namespace assay::audit {
namespace {

/// Two repositories: a project, and one that it copies from, whose macro has two versions.
class Repositories : public testing::Test {
 protected:
  void SetUp() override {
    const test::Finished made = test::run(
        {.argv =
             {"/bin/sh", "-ec",
              "git() { command git -c user.name=a -c user.email=a@b -c init.defaultBranch=main \"$@\"; }\n"
              "git init -q own; cd own; mkdir src; echo 'int a;' > src/a.c; echo text > README\n"
              "git add .; git commit -qm 1; git tag v1; cd ..\n"
              "git init -q lib; cd lib; mkdir m4; echo '# host.m4 serial 1' > m4/host.m4; git add .; git "
              "commit -qm 1\n"
              "printf '/* under the GNU Lesser General Public\\n License, version 2.1 or later */\\nint "
              "c;\\n' > c.c\n"
              "git add .\n"
              "echo '# host.m4 serial 2' > m4/host.m4; git commit -qam 2\n"},
         .program = "/bin/sh",
         .env = {"PATH=/usr/bin:/bin", "HOME=" + scratch_.path().string()},
         .cwd = scratch_.path()});
    if (made.status == "exit:127") GTEST_SKIP() << "no git";
    ASSERT_EQ(made.status, "exit:0") << made.standard_error;
  }

  test::Scratch scratch_;
};

TEST_F(Repositories, say_where_each_file_is) {
  const Result<Tagged> tagged = read_tag(scratch_.file("own@v1"));
  ASSERT_TRUE(tagged) << tagged.error().message;
  const Result<KnownProject> project = read_project(scratch_.file("lib"));
  ASSERT_TRUE(project) << project.error().message;
  MemoryTree tree;
  tree.put("src/a.c", to_bytes("int a;\n"));
  tree.put("COPY", to_bytes("text\n"));
  tree.put("src/new.c", to_bytes("int b;\n"));
  tree.put("lib/c.c", to_bytes("/* under the GNU General Public\n License, version 3 or later */\nint c;\n"));
  tree.put("lib/d.c", to_bytes("/* under the GNU General Public\n License, version 3 or later */\nint d;\n"));
  tree.put("m4/host.m4", to_bytes("# host.m4 serial 1\n"));
  tree.put("m4/sub/host.m4", to_bytes("# host.m4 serial 30\nevil\n"));
  tree.put("m4/own.m4", to_bytes("# own.m4 serial 3\n"));
  Scan scan = audit::scan(tree, {}).value();
  trace_origins(scan, tree, &*tagged, {*project});
  std::string told;
  for (const FileVerdict& file : scan.files)
    told += file.path + ' ' + std::string(name_of(file.origin)) +
            (file.kind == nullptr ? "" : ' ' + std::string(file.kind->id)) + '\n';
  EXPECT_EQ(told,
            "COPY elsewhere\nlib/c.c copied-but-for-licence\nlib/d.c nowhere\nm4/host.m4 copied\nm4/own.m4 "
            "nowhere\nm4/sub/host.m4 nowhere "
            "copy-unknown\nsrc/a.c same-path\nsrc/new.c nowhere\n");
}

TEST_F(Repositories, that_are_none_are_errors) {
  EXPECT_EQ(read_tag(scratch_.file("own@v2")).error().id, "audit-no-repository");
  EXPECT_EQ(read_tag(scratch_.file("nothing")).error().id, "audit-no-repository");
  EXPECT_EQ(read_project(scratch_.path().string()).error().id, "audit-no-repository");
}

// As `git hash-object` says.
TEST(BlobId, is_that_of_git) {
  EXPECT_EQ(blob_id({}), "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
  EXPECT_EQ(blob_id(as_bytes("hello\n")), "ce013625030ba8dba906f756967f9e9ca394464a");
}

}  // namespace
}  // namespace assay::audit

// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/remarks.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "core/diagnostic.h"

namespace assay::audit {
namespace {

/// "LINE SEVERITY ID", a line each.
std::string said(std::string_view path, std::string_view text) {
  std::string all;
  for (const Remark& one : find_remarks(path, text))
    all += fmt::format("{} {} {}\n", one.line, name_of(one.severity), one.id);
  return all;
}

struct Row {
  std::string_view path;
  std::string_view text;
  std::string_view said;
};

TEST(Remarks, tell_what_fetches_inside_a_build) {
  constexpr std::string_view kWarning = "1 warning audit-download\n";
  constexpr std::string_view kNote = "1 note audit-download\n";
  const Row rows[] = {
      {"get.sh", "curl -LO https://example.org/a.tar.gz\n", kNote},
      {"get.sh", "#!/bin/sh\ncd x && wget \"$URL\"\n", "2 note audit-download\n"},
      {"Makefile", "a.txt:\n\t@curl -o $@ $(URL)\n", "2 note audit-download\n"},
      {"Makefile.am", "\t-git submodule update --init\n", kNote},
      {"a.mk", "x := $(shell git clone https://example.org/x)\n", kNote},
      {"build", "#!/bin/bash\nif ! pip install foo; then\n", "2 note audit-download\n"},
      {"Dockerfile", "RUN apt-get install -y gcc\n", kNote},
      {"build.sh", "x=$(curl https://example.org)\n", kNote},
      {"CMakeLists.txt", "FetchContent_Declare(a\n  URL https://example.org/a.tgz\n  URL_HASH SHA256=00)\n",
       kNote},
      {"CMakeLists.txt", "FetchContent_Declare(a GIT_REPOSITORY https://example.org/a GIT_TAG main)\n",
       kWarning},
      {"a.cmake",
       "ExternalProject_Add(a GIT_REPOSITORY https://example.org/a GIT_TAG "
       "0123456789abcdef0123456789abcdef01234567)\n",
       kNote},
      {"zlib.wrap", "[wrap-file]\nsource_url = https://example.org/z\nsource_hash = 12\n", kNote},
      {"glib.wrap", "[wrap-git]\nurl = https://example.org/g\nrevision = main\n", kWarning},
      {"WORKSPACE",
       "http_archive(\n  name = \"a\",\n  url = \"https://example.org\",\n  sha256 = \"0\",\n)\n", kNote},
  };
  for (const Row& row : rows) EXPECT_EQ(said(row.path, row.text), row.said) << row.path << ":\n" << row.text;
}

TEST(Remarks, are_silent_where_nothing_is_fetched) {
  const Row rows[] = {
      {"get.sh", "# curl https://example.org\necho \"please run wget https://example.org\"\n", ""},
      {"get.sh", "curl --version\nwget_opts=1\n", ""},
      {"get.sh", "curl file:///a $x\n", ""},
      {"Makefile", "curl.o: curl.c\n\tcc -c curl.c\n", ""},
      {"a.c", "/* curl https://example.org */\n", ""},
      {"CMakeLists.txt", "# FetchContent_Declare(a URL x)\nExternalProject_Add(a SOURCE_DIR here)\n", ""},
      {"build.sh", "cargo fetch --offline\npip install --no-index x\n", ""},
      {"README", "wget https://example.org\n", ""},
  };
  for (const Row& row : rows) EXPECT_EQ(said(row.path, row.text), "") << row.path << ":\n" << row.text;
}

TEST(Remarks, tell_terms_that_are_not_free) {
  EXPECT_EQ(said("LICENSE", "This is\nfor non-commercial use only.\n"), "2 note audit-licence\n");
  EXPECT_EQ(said("a.c",
                 "// SPDX-License-"
                 "Identifier: CC-BY-NC-4.0\n"),
            "1 note audit-licence\n");
  EXPECT_EQ(said("COPYING", "this alternative is allowed only for noncommercial distribution and\n"), "");
}

TEST(Remarks, of_a_file_have_a_bound) {
  std::string text;
  for (int line = 0; line < 100; ++line) text += "curl https://example.org\n";
  EXPECT_EQ(find_remarks("a.sh", text).size(), kMostRemarks);
}

}  // namespace
}  // namespace assay::audit

// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Every failure that can be planted in a small image is planted and found.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <functional>
#include <set>

#include "bootstrap/check/image_check.h"
#include "bootstrap/image/builder_hex0_check.h"
#include "bootstrap/image/kernel_path.h"
#include "bootstrap/image/testing/synthetic_image.h"
#include "bootstrap/report/image_report.h"
#include "tests/support/subprocess.h"

namespace assay::image {
namespace {

constexpr std::string_view kProgramText = "7F 45 4C 46 01 00\n";

std::string good_stream() {
  return source_command(".", "") + source_command("./d", "") + source_command("./d/p.hex0", kProgramText) +
         source_command("./k", "text\n") + "hex0 /d/p.hex0 /prog\n/prog /k\n";
}

ImageReport examine_bytes(Bytes bytes) {
  Result<Image> image = open_image("test", memory_medium(std::move(bytes)));
  EXPECT_TRUE(image) << (image ? "" : image.error().message);
  return image ? examine(std::move(*image), {}) : ImageReport{};
}

std::set<std::string> errors_and_warnings(const ImageReport& report) {
  std::set<std::string> ids;
  for (const Finding& finding : report.findings) {
    if (finding.severity != Severity::note && finding.id != "image-boot-sector-unknown")
      ids.insert(finding.id);
  }
  return ids;
}

/// How long a planted failure took to find.
void tell_time(std::string_view id, std::chrono::steady_clock::time_point begin) {
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begin;
  fmt::print("{:<32} found in {:>8.2f} ms\n", id, took.count());
  EXPECT_LT(took.count(), 30'000.0) << id;
}

/// The parts lie one behind the other and cover the medium.
void expect_complete(const ImageReport& report) {
  std::uint64_t at = 0;
  for (const Part& part : report.accounting.parts()) {
    EXPECT_EQ(part.extent.begin, at);
    EXPECT_GT(part.extent.end, part.extent.begin);
    at = part.extent.end;
  }
  EXPECT_EQ(at, *report.size);
}

TEST(LevelA, AGoodImageHasNoErrors) {
  SyntheticImage synthetic;
  synthetic.stream = good_stream();
  const ImageReport report = examine_bytes(synthetic.bytes());
  EXPECT_EQ(errors_and_warnings(report), std::set<std::string>());
  EXPECT_TRUE(report.passed());
  expect_complete(report);
}

struct Planted {
  std::string id;
  std::function<void(SyntheticImage&)> plant;
  std::function<void(Bytes&)> spoil = {};
};

SyntheticImage with_stream(std::string stream) {
  SyntheticImage synthetic;
  synthetic.stream = std::move(stream);
  return synthetic;
}

Planted stream_fault(std::string id, std::string stream) {
  return {std::move(id), [stream](SyntheticImage& image) { image = with_stream(stream); }};
}

std::vector<Planted> planted() {
  const std::string good = good_stream();
  std::vector<Planted> all{
      stream_fault("image-parent-missing", good + source_command("./no/f", "x")),
      stream_fault("image-parent-file", good + source_command("./k/f", "x")),
      stream_fault("image-stream-blank-line", good + "\nsrc 0 ./x\n"),
      stream_fault("image-stream-out-of-step",
                   source_command(".", "") + "src 3 ./f\n12345678\1\2\3 a\nx y\n"),
      stream_fault("image-reserved-letter", good + "sha256sum /k\n"),
      stream_fault("image-size-not-number", good + "src 0x ./f\n"),
      stream_fault("image-size-not-number", good + "src 4294967296 ./f\n"),
      stream_fault("image-carriage-return", good + "hex0 /d/p.hex0 /q\r\n"),
      stream_fault("image-command-space", good + "hex0 /d/p.hex0 /q r\n"),
      stream_fault("image-name-not-ascii", good + source_command("./\xc3\xa4", "x")),
      stream_fault("image-name-too-long", good + source_command("./" + std::string(1101, 'n'), "x")),
      stream_fault("image-name-dot", good + source_command("./d/.keep", "x")),
      stream_fault("image-argument-too-long", good + "/prog /" + std::string(255, 'a') + "\n"),
      stream_fault("image-name-twice", good + source_command("./k", "again")),
      stream_fault("image-hex0-input-missing", good + "hex0 /none /q\n"),
      stream_fault("image-hex0-source", good + source_command("./e", "AA # open") + "hex0 /e /q\n"),
      stream_fault("image-program-missing", source_command(".", "") + "/none /k\n"),
      stream_fault("image-program-not-elf", good + source_command("./e", "AA") + "hex0 /e /q\n/q /k\n"),
      stream_fault("image-argument-file-missing",
                   source_command("./p.hex0", kProgramText) + "hex0 /p.hex0 /prog\n/prog /none\n"),
      stream_fault("image-no-program", source_command(".", "")),
      stream_fault("image-unknown-bytes", good + source_command("./b", std::string("\0\1\2", 3))),
      stream_fault("image-stream-truncated", good + "src 4000000000 ./f\n"),
      stream_fault("image-stream-out-of-step", good + "src 1 " + std::string(5000, 'x')),
      stream_fault("image-payload-budget", good + "src 1744830465 ./f\n"),
  };
  all.push_back(
      {"image-bytes-after-stream", [](SyntheticImage& image) { image.stream += std::string("\0left", 5); }});
  all.push_back({"image-stream-unterminated",
                 [](SyntheticImage& image) { image.total_bytes = 1024 + image.stream.size(); }});
  all.push_back({"image-tail-read", [](SyntheticImage& image) { image.total_bytes = 1024 + 512 * 17; }});
  // The kernel would read its own text.
  all.push_back({"image-sector-constant", [](SyntheticImage& image) { image.stream_sector = 1; }});
  all.push_back({"image-sector-constant", [](SyntheticImage& image) { image.stream_sector = 4; }});
  all.push_back({"image-sector-constant-missing", [](SyntheticImage& image) { image.stage2_text = "90\n"; }});
  all.push_back({"image-stage2-open-comment", [](SyntheticImage& image) { image.stage2_text += "# open"; }});
  all.push_back({"image-stage2-too-large", [](SyntheticImage& image) {
                   for (int line = 0; line < 33281; ++line) image.stage2_text += "00";
                   image.stage2_text += "\n";
                 }});
  all.push_back({"image-entries", [](SyntheticImage& image) {
                   for (int file = 0; file < 14332; ++file)
                     image.stream += fmt::format("src 0 ./d/f{}\n", file);
                 }});
  const auto at = [](std::string id, std::size_t offset, Byte value) {
    return Planted{std::move(id), [](SyntheticImage&) {}, [=](Bytes& bytes) { bytes[offset] = value; }};
  };
  all.push_back(at("image-boot-signature", 510, 0));
  all.push_back(at("image-gap-not-zero", 1023, 'x'));
  all.push_back(stream_fault("image-stage2-unknown", good));
  all.push_back(stream_fault("image-stream-header", "src 1 " + std::string(5000, 'x')));
  all.push_back(stream_fault("image-name-space", good + source_command("./a b", "x")));
  all.push_back(stream_fault("image-empty-file", good + source_command("./k.txt", "")));
  all.push_back(stream_fault(
      "image-medium-small",
      good + source_command("./steps", "") + source_command("./steps/bootstrap.cfg", "DISK=sda\n")));
  all.push_back({"image-entries-many", [](SyntheticImage& image) {
                   for (int file = 0; file < 7200; ++file)
                     image.stream += fmt::format("src 0 ./d/f{}\n", file);
                 }});
  all.push_back({"image-stage2-unterminated", [](SyntheticImage& image) { image.stage2_text = "90\n"; },
                 [](Bytes& bytes) {
                   bytes.resize(4096);
                   std::replace(bytes.begin() + 512, bytes.end(), Byte{0}, Byte{' '});
                 }});
  all.push_back(at("image-boot-entry", 0, 0x31));
  all.push_back(at("image-boot-partition", 446, 0));
  all.push_back({"image-boot-disk-id", [](SyntheticImage&) {},
                 [](Bytes& bytes) { std::fill_n(bytes.begin() + 440, 4, Byte{0}); }});
  return all;
}

TEST(LevelA, FindsWhatIsPlanted) {
  for (const Planted& row : planted()) {
    SyntheticImage synthetic = with_stream(good_stream());
    row.plant(synthetic);
    Bytes bytes = synthetic.bytes();
    if (row.spoil) row.spoil(bytes);
    const auto begin = std::chrono::steady_clock::now();
    const ImageReport report = examine_bytes(std::move(bytes));
    EXPECT_TRUE(std::any_of(report.findings.begin(), report.findings.end(),
                            [&](const Finding& finding) { return finding.id == row.id; }))
        << row.id << "\n"
        << report_text(report);
    tell_time(row.id, begin);
    expect_complete(report);
  }
}

/// A synthetic image with a hole of `bytes` as the payload of one more file.
struct WithHole {
  explicit WithHole(std::uint32_t bytes) {
    SyntheticImage synthetic = with_stream(good_stream() + fmt::format("src {} ./hole\n", bytes));
    synthetic.total_bytes = 1024 + synthetic.stream.size();
    const std::string path = scratch.file("image");
    scratch.write("image", synthetic.bytes());
    std::filesystem::resize_file(path, synthetic.total_bytes + bytes + (1U << 20U));
    Result<Image> image = open_image(path);
    EXPECT_TRUE(image);
    report = examine(std::move(*image), {});
  }
  test::Scratch scratch;
  ImageReport report;
};

TEST(LevelA, WhatIsTooLargeIsFoundWithoutReadingIt) {
  struct Case {
    std::string_view id;
    std::uint32_t bytes;
    bool reported;
  };
  // The room beside Fiwix's file system, and the GiB.
  for (const auto& [id, bytes, reported] :
       {Case{"image-payload-large", 330'300'000, false}, Case{"image-payload-large", 330'301'440, true},
        Case{"image-beyond-1gib", 1'073'000'000, false}, Case{"image-beyond-1gib", 1'073'741'824, true},
        Case{"image-payload-budget", 1'744'000'000, false},
        Case{"image-payload-budget", 1'744'830'464, true}}) {
    const auto begin = std::chrono::steady_clock::now();
    const WithHole image(bytes);
    EXPECT_EQ(errors_and_warnings(image.report).contains(std::string(id)), reported) << id << " " << bytes;
    expect_complete(image.report);
    tell_time(id, begin);
  }
}

/// A good stream of a live-bootstrap tree whose one step unpacks an archive of `members` empty files.
std::string unpacking_stream(std::size_t members) {
  std::string tar;
  for (std::size_t member = 0; member < members; ++member) {
    std::string header = fmt::format("f{}", member);
    header.resize(100);
    header += std::string("0000644\0000000000\0000000000\00000000000000\00000000000000\0", 48);
    std::uint64_t sum = 8 * ' ' + '0' + 'u' + 's' + 't' + 'a' + 'r' + '0' + '0';
    for (const char byte : header) sum += static_cast<Byte>(byte);
    header += fmt::format("{:06o}", sum) + std::string("\0 0", 3);
    header.resize(257);
    header += std::string("ustar\00000", 8);
    header.resize(512);
    tar += header;
  }
  tar.resize(tar.size() + 1024);
  return good_stream() + source_command("./steps", "") + source_command("./steps/a", "") +
         source_command("./steps/manifest", "build: a\njump: fiwix\nbuild: a\n") +
         source_command("./steps/bootstrap.cfg", "ARCH=x86\nDISK=sda\nKERNEL_BOOTSTRAP=True\n") +
         source_command("./steps/a/pass1.kaem", "mkdir build\nuntar --file /external/distfiles/a.tar\n") +
         source_command("./external", "") + source_command("./external/distfiles", "") +
         source_command("./external/distfiles/a.tar", tar);
}

TEST(LevelA, NamesAreForetold) {
  const auto message = [](std::size_t members, std::string_view id) {
    const ImageReport report = examine_bytes(with_stream(unpacking_stream(members)).bytes());
    for (const Finding& finding : report.findings) {
      if (finding.id == id) return finding.message;
    }
    return std::string();
  };
  // 13 commands make names, and mkdir.
  EXPECT_EQ(
      message(100, "image-entries-forecast"),
      "about 114 of 14332 names when Fiwix takes over: 13 of the stream, 0 of the x86 chain, 1 of the kaem "
      "steps, 100 unpacked");
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_NE(message(14'400, "image-entries-predicted"), "");
  tell_time("image-entries-predicted", begin);
}

TEST(LevelA, AStreamWithoutEndIsNoStream) {
  std::string stream;
  for (std::size_t command = 0; command <= kMaxStreamCommands; ++command) stream += "src 0 .\n";
  const auto begin = std::chrono::steady_clock::now();
  const ImageReport report = examine_bytes(with_stream(std::move(stream)).bytes());
  EXPECT_TRUE(errors_and_warnings(report).contains("image-stream-too-long"));
  tell_time("image-stream-too-long", begin);
}

TEST(LevelA, ATextOfWholeSectorsIsCompiledOnIntoTheStream) {
  SyntheticImage synthetic = with_stream(good_stream());
  const std::size_t text = synthetic.stage2_text.size() + 11 - 3;
  synthetic.stage2_text += std::string(512 - text - 1, ' ') + "\n";
  synthetic.stream_sector = 2;
  Bytes bytes = synthetic.bytes();
  // The padding sector that the maker of the image forgot.
  bytes.erase(bytes.begin() + 1024, bytes.begin() + 1536);
  EXPECT_TRUE(errors_and_warnings(examine_bytes(std::move(bytes))).contains("image-stage2-no-padding"));
}

TEST(LevelA, StageTextsAreComparedWithTheirSources) {
  SyntheticImage synthetic = with_stream(good_stream());
  const Result<BuilderHex0Image> image = parse_builder_hex0_image(memory_medium(synthetic.bytes()));
  ASSERT_TRUE(image);
  std::string hex;
  for (const Byte byte : image->boot_sector) hex += fmt::format("{:02X} ", byte);
  StageSources sources{to_bytes(hex + "\n"), image->stage2_text};
  Findings same;
  check_builder_hex0(*image, sources, same);
  EXPECT_FALSE(same.has("image-boot-sector-differs"));
  EXPECT_FALSE(same.has("image-boot-sector-unknown"));
  EXPECT_FALSE(same.has("image-stage2-differs"));
  sources.stage1[1] = '0';
  sources.stage2[0] = '8';
  Findings other;
  check_builder_hex0(*image, sources, other);
  EXPECT_TRUE(other.has("image-boot-sector-differs"));
  EXPECT_TRUE(other.has("image-stage2-differs"));
}

TEST(LevelA, EveryTruncationEndsInFindings) {
  const Bytes whole = with_stream(good_stream()).bytes();
  for (std::size_t size = 0; size < 1400; size += 7) {
    const Result<Image> image = open_image(
        "test", memory_medium(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size))));
    if (!image) continue;
    const ImageReport report = examine(Image(*image), {});
    if (report.kind != ImageKind::builder_hex0) continue;
    EXPECT_FALSE(report.passed()) << size;
    expect_complete(report);
  }
}

TEST(KernelPath, IsWhatTheKernelMakesOfAName) {
  for (const auto& [name, path] : {std::pair<std::string, std::string>{".", "/"},
                                   {"./a", "/a"},
                                   {"a//b/", "/a/b"},
                                   {"/a/./b", "/a/b"},
                                   {"/a/../b", "/b"},
                                   {"/a/b/..", "/a"},
                                   {"/a/.keep", "/a/eep"},
                                   {"", "/"},
                                   {"/", "/"},
                                   {"/..", "/"}}) {
    EXPECT_EQ(kernel_path(name), path) << name;
  }
}

}  // namespace
}  // namespace assay::image

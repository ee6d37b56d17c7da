// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The kernel itself, booted by QEMU, against our model of it: a disk with programs that ask it
// everything, its console text, the lengths of its files, and what it writes to the disk: what the calls gave
// back, the programs' memory and stack. ASSAY_BOOT_IMAGE=FILE boots a whole image
// as well, which takes an hour.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "command/host_files.h"
#include "hex0/hex0.h"
#include "machine/builder_hex0/builder_hex0.h"
#include "tests/support/hex0_probe.h"
#include "tests/support/subprocess.h"

namespace assay {
namespace {

using test::Hex0Probe;
using test::kMakeFile;

constexpr std::string_view kQemu = "/usr/bin/qemu-system-i386";
constexpr std::size_t kSector = 512;
constexpr std::size_t kStream = machine::kHex0StreamSector * kSector;
constexpr unsigned kSeconds = 280;

Bytes boot_sector(const std::filesystem::path& tree) {
  const Result<Bytes> text = read_host_file((tree / "builder-hex0-x86-stage1.hex0").string());
  NoDiagnostics nobody;
  return text ? hex0::assemble(Source{"stage1", *text}, {.dialect = hex0::find_dialect("bh0-kernel")}, nobody)
                    .bytes
              : Bytes{};
}

// stage1, stage2's text, the stream, zeros to what the kernel reads at once.
Bytes disk(const std::filesystem::path& tree, std::string_view stream) {
  Bytes bytes = boot_sector(tree);
  const Result<Bytes> text = read_host_file((tree / "builder-hex0-x86-stage2.hex0").string());
  if (bytes.size() != kSector || !text) return {};
  bytes.insert(bytes.end(), text->begin(), text->end());
  if (bytes.size() >= kStream) return {};
  bytes.resize(kStream);
  bytes.insert(bytes.end(), stream.begin(), stream.end());
  constexpr std::size_t kChunk = 64 * kSector;
  bytes.resize(kStream + (stream.size() / kChunk + 1) * kChunk);
  return bytes;
}

machine::Hex0Outcome model(const Bytes& disk) {
  machine::Hex0Request request;
  request.disk_bytes = disk.size();
  request.read_disk = [&disk](std::uint64_t offset, std::span<Byte> to) {
    std::copy_n(disk.begin() + static_cast<std::ptrdiff_t>(offset), to.size(), to.begin());
    return true;
  };
  Result<machine::Hex0Outcome> outcome = machine::run_builder_hex0(request);
  return outcome ? std::move(*outcome) : machine::Hex0Outcome{};
}

struct Booted {
  std::string status;
  std::string console;
  Bytes disk;
};

Booted boot(const Bytes& disk, std::string_view memory, unsigned seconds) {
  const test::Scratch scratch;
  scratch.write("disk.img", disk);
  test::Command command;
  command.argv = {std::string(kQemu),
                  "-accel",
                  "tcg",
                  "-m",
                  std::string(memory),
                  "-nographic",
                  "-no-reboot",
                  "-nic",
                  "none",
                  "-machine",
                  "kernel-irqchip=split",
                  "-drive",
                  fmt::format("file={},format=raw", scratch.file("disk.img"))};
  command.seconds = seconds;
  const test::Finished finished = test::run(command);
  return {finished.status, finished.standard_output, scratch.read("disk.img").value_or(Bytes{})};
}

// The terminal wraps lines and the firmware moves the cursor: what is left are the characters.
std::string characters(std::string_view text) {
  std::string kept;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\x1b') {
      while (++i < text.size() && (std::isalpha(static_cast<unsigned char>(text[i])) == 0)) {
      }
    } else if (text[i] > ' ' && text[i] < '\x7f') {
      kept.push_back(text[i]);
    }
  }
  return kept;
}

Hex0Probe child_probe() {
  Hex0Probe probe;
  probe.open("/out/child", kMakeFile);
  probe.call(4, 4, Hex0Probe::kStackPointer, 32);    // argc, argv, environment
  probe.call(4, 4, Hex0Probe::kFirstArgument, 256);  // the text and what follows it
  probe.call(0x14, 0, Hex0Probe::kStackPointer);
  probe.call(4, 4, Hex0Probe::kLog, 80);
  probe.call(0xB7, Hex0Probe::kBuffer);
  probe.call(4, 4, Hex0Probe::kBuffer, 16);
  probe.call(4, 1, probe.text("child speaks\n"), 13);
  probe.exit(0x2A);
  return probe;
}

Hex0Probe files_probe() {
  Hex0Probe p;
  const std::uint32_t buffer = Hex0Probe::kBuffer;
  p.open("/out/a", kMakeFile);
  p.write(4, "hello world\n");
  p.open("/out/a", 0);
  p.call(3, 5, buffer, 5);
  p.call(3, 5, buffer + 16, 100);
  p.call(3, 5, buffer + 32, 100);
  p.call(0x13, 5, static_cast<std::uint32_t>(-3), 2);
  p.call(0x13, 5, 2, 1);
  p.call(0x13, 5, 1, 0);
  p.call(3, 5, buffer + 32, 3);
  p.call(6, 4);
  p.call(6, 5);
  p.open("/out/missing", 0);
  p.open("/nodir/x", kMakeFile);
  p.write(static_cast<std::uint32_t>(-1), "lost text\n");
  p.call(3, 9, buffer + 48, 4);  // not open
  p.open("/out/a", kMakeFile);
  p.write(4, "HI");
  p.call(6, 4);
  p.open("/out/a", 0);
  p.call(0x13, 4, 0, 2);
  p.call(6, 4);
  p.call(0x21, p.text("/out/a"));
  p.call(0x21, p.text("/out/zz"));
  p.call(0x27, p.text("/out/d/"));
  p.call(0x0C, p.text("/out//d"));
  p.call(0xB7, buffer + 64);
  p.open("../a", 0);
  p.open(".hid", kMakeFile);
  p.call(0x21, p.text("id"));
  p.call(0x21, p.text("./../d/./../a"));
  p.call(0x0C, p.text("/out/a"));
  p.call(0x0C, p.text("/nowhere"));
  p.call(0x0C, p.text(".."));
  p.call(0xB7, buffer + 96);
  p.call(0x0A, p.text("/out/a"));
  p.call(0x0F, p.text("/out/a"), 0755);
  p.call(0x127, p.text("/out/e"));
  p.open("/out/x", kMakeFile);
  p.open("/out/y", kMakeFile);
  p.write(7, "xxxx");
  p.write(8, "yy");
  p.open("/out/x", 0);
  p.call(3, 9, buffer + 128, 10);
  p.open("/out/z", kMakeFile);
  p.call(0x13, 10, 10, 0);
  p.write(10, "Q");
  p.call(0x13, 10, 0, 2);
  p.call(0x2D, 0);
  p.call(0x2D, 0x0810'0000);
  p.call(0x2D, 0);
  p.call(3, 0, buffer + 160, 8);  // a byte of the stream
  for (std::uint32_t fd = 4; fd < 16; ++fd) p.call(6, fd);
  p.open("/out/log", kMakeFile);
  p.call(4, 4, Hex0Probe::kLog, 0x500);
  p.call(4, 4, buffer, 0x100);
  p.exit(7);
  return p;
}

/// Files whose lengths the kernel is asked for at the end, by name.
constexpr std::string_view kFiles[] = {"/out/plain", "/child", "/files", "/processes", "/out/a",    "/out/d",
                                       "/out/x",     "/out/y", "/out/z", "/out/log",   "/out/child"};

/// `lengths`: where the log has the answers, in the order of kFiles.
Hex0Probe process_probe(std::vector<std::size_t>& lengths) {
  Hex0Probe p;
  const std::uint32_t buffer = Hex0Probe::kBuffer;
  const std::uint32_t argv =
      p.words({p.text("child"), p.text("first argument"), p.text(std::string(300, 'L')), 0});
  const std::uint32_t env = p.words({p.text("A=1"), p.text("B=2"), 0});
  p.call(0x14, 0, Hex0Probe::kStackPointer);
  p.call(0x0C, p.text("/out"));
  p.call(2);
  p.call(0x0B, p.text("/child"), argv, env);
  p.call(7, 1, buffer, 0);
  p.call(0x72, 1, buffer + 4, 0);
  p.call(2);
  p.call(0x0B, p.text("../child"), argv, env);
  p.call(7, 1, buffer + 8, 0);
  p.open("/out/child", 0);
  p.call(3, 4, buffer + 256, 1024);
  p.open("/out/log", 0);
  p.call(3, 5, buffer + 0x800, 0x600);
  for (const std::string_view file : kFiles) {
    p.open(file, 0);
    // The children's two execve are not in their parent's log.
    lengths.push_back(p.call(0x13, 6, 0, 2) - 2);
    p.call(6, 6);
  }
  p.open("/dev/hda", kMakeFile);
  p.call(4, 6, Hex0Probe::kLog, 0x9000);  // the calls and the buffer
  p.call(4, 6, Hex0Probe::kStackPointer, 20);
  p.exit(0);
  return p;
}

std::string stream(std::vector<std::size_t>& lengths) {
  Hex0Probe files = files_probe();
  return test::stream_directory("/dev") + test::stream_directory("/out") +
         test::stream_file("/out/plain", "plain text\n") + test::stream_probe("/child", child_probe()) +
         test::stream_probe("/files", files) + test::stream_probe("/processes", process_probe(lengths)) +
         "/files argument\nZ/processes one two\n" + "hex0 /missing /out/empty\n";
}

TEST(BuilderHex0Oracle, KernelAndModelAgree) {
  const auto tree = test::find_tree("builder-hex0");
  if (!tree) GTEST_SKIP() << "no tree builder-hex0 below ASSAY_TREES or ~/.cache/assay";
  if (!std::filesystem::exists(kQemu)) GTEST_SKIP() << "no " << kQemu;
  std::vector<std::size_t> lengths;
  const Bytes image = disk(*tree, stream(lengths));
  ASSERT_FALSE(image.empty()) << "the tree's stages do not fit";
  const machine::Hex0Outcome expected = model(image);
  ASSERT_EQ(expected.stop, machine::Hex0Stop::finished) << expected.message;
  ASSERT_GT(expected.written.size(), 0x9000U);
  // The first probe's calls and buffer are part of what is compared.
  EXPECT_EQ(as_text(ByteView(expected.written).subspan(0x8000 + 0x800 + 0x500, 11)),
            std::string_view("hello\0\0\0\0\0\0", 11));
  // The lengths that are compared below are those of the model's list of files.
  for (std::size_t i = 0; i < lengths.size(); ++i) {
    const auto file =
        std::find_if(expected.files.begin(), expected.files.end(),
                     [&](const machine::Hex0File& one) { return one.path == kFiles[i].substr(1); });
    ASSERT_NE(file, expected.files.end()) << kFiles[i];
    std::uint32_t answer = 0;
    std::memcpy(&answer, expected.written.data() + lengths[i] * 16, sizeof answer);
    EXPECT_EQ(answer, file->length) << kFiles[i];
  }
  const Booted booted = boot(image, "1536M", kSeconds);
  EXPECT_EQ(booted.status, "exit:0");
  const std::string text = characters(booted.console);
  const std::string wanted = characters(expected.console);
  EXPECT_NE(text.find(wanted), std::string::npos) << text << "\n-- expected --\n" << wanted;
  ASSERT_GE(booted.disk.size(), expected.written.size());
  for (std::size_t i = 0; i < expected.written.size(); ++i) {
    ASSERT_EQ(booted.disk[i], expected.written[i]) << fmt::format("byte {:#x} of the disk", i);
  }
  EXPECT_TRUE(std::equal(image.begin() + static_cast<std::ptrdiff_t>(expected.written.size()), image.end(),
                         booted.disk.begin() + static_cast<std::ptrdiff_t>(expected.written.size())));
}

TEST(BuilderHex0Oracle, WholeImageGivesTheSameConsole) {
  const char* const path = std::getenv("ASSAY_BOOT_IMAGE");
  if (path == nullptr) GTEST_SKIP() << "ASSAY_BOOT_IMAGE names no image";
  const Result<Bytes> image = read_host_file(path);
  ASSERT_TRUE(image) << image.error().message;
  const machine::Hex0Outcome expected = model(*image);
  const Booted booted = boot(*image, "4G", 4 * 3600);
  EXPECT_NE(characters(booted.console).find(characters(expected.console)), std::string::npos);
  ASSERT_GE(booted.disk.size(), expected.written.size());
  EXPECT_TRUE(std::equal(expected.written.begin(), expected.written.end(), booted.disk.begin()));
}

}  // namespace
}  // namespace assay

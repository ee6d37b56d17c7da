// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/image/builder_hex0_image.h"

#include <gtest/gtest.h>

#include "bootstrap/image/testing/synthetic_image.h"

namespace assay::image {
namespace {

BuilderHex0Image parse(const SyntheticImage& synthetic) {
  return *parse_builder_hex0_image(memory_medium(synthetic.bytes()));
}

TEST(BuilderHex0Image, ReadsEveryKindOfCommand) {
  SyntheticImage synthetic;
  synthetic.stream =
      source_command("./dir", "") + source_command("./dir/a b", "one\n") + "hex0 /in /out\nf\n/prog /arg\n";
  const BuilderHex0Image image = parse(synthetic);
  EXPECT_EQ(image.stream_offset, 1024U);
  ASSERT_TRUE(image.sector_constant);
  EXPECT_EQ(image.sector_constant->value, 2U);
  EXPECT_EQ(image.stop, StreamStop::terminated);
  ASSERT_EQ(image.commands.size(), 6U);
  EXPECT_EQ(image.commands[0].kind, CommandKind::source);
  EXPECT_EQ(image.commands[0].payload_size, 0U);
  EXPECT_EQ(image.commands[0].word, "src ");
  EXPECT_EQ(image.commands[1].path, "./dir/a b");
  EXPECT_EQ(as_text(*image.payload(image.commands[1])), "one\n");
  EXPECT_EQ(image.commands[2].kind, CommandKind::hex0);
  EXPECT_EQ(image.commands[2].path, "/in");
  EXPECT_EQ(image.commands[2].argument, "/out");
  EXPECT_EQ(image.commands[3].kind, CommandKind::flush);
  EXPECT_EQ(image.commands[4].kind, CommandKind::run);
  EXPECT_EQ(image.commands[4].path, "/prog");
  EXPECT_EQ(image.commands[4].argument, "/arg");
  EXPECT_EQ(image.commands[5].kind, CommandKind::end);
  EXPECT_EQ(image.stream_end, image.stream_offset + synthetic.stream.size() + 1);
}

TEST(BuilderHex0Image, CommandsLieOneBehindTheOther) {
  SyntheticImage synthetic;
  synthetic.stream = source_command("a", "xyz") + "hex0 a b\nprog \n";
  const BuilderHex0Image image = parse(synthetic);
  std::uint64_t at = image.stream_offset;
  for (const StreamCommand& command : image.commands) {
    EXPECT_EQ(command.offset, at);
    at = command.end();
  }
  EXPECT_EQ(at, image.stream_end);
}

TEST(BuilderHex0Image, SizesAreReadAsTheKernelReadsThem) {
  struct Case {
    std::string digits;
    std::uint32_t value;
  };
  for (const auto& [digits, value] :
       {Case{"12", 12}, Case{"", 0}, Case{"4294967297", 1}, Case{"/", 255}, Case{"1:", 20}, Case{"007", 7}}) {
    SyntheticImage synthetic;
    synthetic.stream = "sXX " + digits + " f\n";
    const Bytes bytes = synthetic.bytes();
    const Stream stream = parse_stream(*memory_medium(bytes), 1024);
    ASSERT_FALSE(stream.commands.empty());
    EXPECT_EQ(stream.commands[0].payload_size, value) << digits;
    EXPECT_EQ(stream.commands[0].word, "sXX ");
  }
}

TEST(BuilderHex0Image, StopsAtTheEndOfTheMedium) {
  SyntheticImage synthetic;
  synthetic.stream = "src 100 f\nshort";
  synthetic.total_bytes = 1024 + synthetic.stream.size();
  const BuilderHex0Image image = parse(synthetic);
  EXPECT_EQ(image.stop, StreamStop::medium_ends);
  ASSERT_EQ(image.commands.size(), 1U);
  EXPECT_FALSE(image.payload(image.commands[0]));
  EXPECT_EQ(image.stream_end, image.medium->size());
}

TEST(BuilderHex0Image, StopsAtAHeaderWithoutEnd) {
  SyntheticImage synthetic;
  synthetic.stream = "src 1 " + std::string(kMaxHeaderBytes, 'x') + "\n1";
  EXPECT_EQ(parse(synthetic).stop, StreamStop::header_too_long);
}

TEST(BuilderHex0Image, ANulInACommentDoesNotEndStage2) {
  SyntheticImage synthetic;
  synthetic.stage2_text = std::string("90 # a\0b\n91 C7 05 00 00 00 01 @K@\n", 35);
  const BuilderHex0Image image = parse(synthetic);
  EXPECT_TRUE(image.stage2_ends);
  EXPECT_EQ(image.stage2.bytes.size(), 12U);
}

TEST(BuilderHex0Image, WithoutAConstantTheStreamIsSoughtBehindTheText) {
  SyntheticImage synthetic;
  synthetic.stage2_text = "90";
  synthetic.stream = source_command("a", "");
  const BuilderHex0Image image = parse(synthetic);
  EXPECT_FALSE(image.sector_constant);
  EXPECT_EQ(image.stream_offset, 1024U);
  EXPECT_EQ(image.commands.size(), 2U);
}

TEST(BuilderHex0Image, TellsItsOwnKind) {
  EXPECT_TRUE(looks_like_builder_hex0(*memory_medium(SyntheticImage{}.bytes())));
  EXPECT_FALSE(looks_like_builder_hex0(*memory_medium({})));
  EXPECT_FALSE(looks_like_builder_hex0(*memory_medium(Bytes(4096))));
}

}  // namespace
}  // namespace assay::image

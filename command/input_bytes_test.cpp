// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "command/input_bytes.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "tests/support/subprocess.h"

namespace assay {
namespace {

constexpr std::uint64_t kMost = 300'000;

class InputBytesTest : public testing::Test {
 protected:
  int open(const Bytes& bytes) {
    scratch_.write("in", bytes);
    descriptor_ = ::open(scratch_.file("in").c_str(), O_RDWR | O_CLOEXEC);
    return descriptor_;
  }
  void TearDown() override { ::close(descriptor_); }

  test::Scratch scratch_;
  int descriptor_ = -1;
};

Bytes pattern(std::size_t size) {
  Bytes bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<Byte>(i * 7 + i / 256);
  return bytes;
}

TEST_F(InputBytesTest, FilesOfAllSizes) {
  for (const std::size_t size : {0, 1, 65535, 65536, 300'000}) {
    const InputRead read = read_input(open(pattern(size)), kMost);
    EXPECT_EQ(read.error, 0);
    EXPECT_FALSE(read.too_large);
    EXPECT_TRUE(std::ranges::equal(read.bytes.view(), pattern(size))) << size;
    ::close(descriptor_);
  }
  EXPECT_TRUE(read_input(open(pattern(300'001)), kMost).too_large);
}

TEST_F(InputBytesTest, FromThePlaceOfTheDescriptor) {
  ::lseek(open(pattern(100'000)), 99'990, SEEK_SET);
  EXPECT_EQ(read_input(descriptor_, kMost).bytes.view().size(), 10U);
}

TEST_F(InputBytesTest, EndlessAndUnreadableOnes) {
  descriptor_ = ::open("/dev/zero", O_RDONLY | O_CLOEXEC);
  EXPECT_TRUE(read_input(descriptor_, kMost).too_large);
  ::close(descriptor_);
  descriptor_ = ::open("/", O_RDONLY | O_CLOEXEC);
  EXPECT_EQ(read_input(descriptor_, kMost).error, EISDIR);
}

TEST_F(InputBytesTest, KeptBytesOutliveTheirFile) {
  InputRead read = read_input(open(pattern(200'000)), kMost);
  const Byte* const place = read.bytes.view().data();
  ASSERT_TRUE(read.bytes.keep_if_file(descriptor_));
  ASSERT_EQ(::ftruncate(descriptor_, 0), 0);
  EXPECT_EQ(read.bytes.view().data(), place);
  const InputBytes moved = std::move(read.bytes);
  EXPECT_TRUE(std::ranges::equal(moved.view(), pattern(200'000)));
}

}  // namespace
}  // namespace assay

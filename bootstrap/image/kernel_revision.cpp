// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Digests of what every revision of builder-hex0 assembles to.
#include "bootstrap/image/kernel_revision.h"

#include <algorithm>
#include <array>

#include "core/digest.h"

namespace assay::image {
namespace {

// clang-format off
constexpr std::array<KernelRevision, 14> kStage2{{
    {"7d6c869aee748abf7bb1eefbce194b86c471d73a3afe283a2d60ac79a32dddf0", "5c8c8a8", "2024-02-17",
     "a branch for debugging: registers are kept over calls of the BIOS", true},
    {"388a08c7da40b9eca3fa8684e39665bed71eee87737e46bdfe277e35b5194f2f", "d8fd371", "2024-02-13",
     "", true},
    {"82c6427a7406f70ca7edca65c3029694a9724ab81a0a8383e21562097e832178", "90f74f2", "2024-02-13",
     "sectors are read one by one", true},
    {"c6e85be0eafe56dd6f4ad983d21b4f2506f726d418648fa54b36b5f3c81d8e28", "b5ea0dd", "2024-02-12",
     "sectors are read one by one, the BIOS may change registers", true},
    {"08d3e1a082fc130f57ec5aab6f71441feb81d9410b92672e318b727eca54fcae", "4ac9f76", "2024-02-05",
     "there is no /e820, sectors are read one by one", true},
    {"aa4c14c8cc17d5f2258afe1d80173ffe5958768c92b0fac826a4a8e8bd052c95", "e134ac7", "2024-01-29",
     "there is no /e820, names are not cleared, sectors are read one by one", true},
    {"99d04da3bcb046a52b44aaade17e2a34ea48663125f48537adc4fc55939aec41", "8a6be6d", "2024-01-20",
     "execve without a fork resets the stack, there is no /e820, names are not cleared, sectors are read one by one", false},
    {"e7419fc12097ffcf073a467aadb4195350bd71ba2a579cffec89cdbaa472973b", "b57afc2", "2024-01-18",
     "execve without a fork resets the stack, there is no /e820, names are not cleared, sectors are read one by one", false},
    {"30b3f4f8fa78eeb8991cfc28f1c37c3e04f9ba809bd7a94c4dd727ebceecf41f", "65c8770", "2024-01-17",
     "execve without a fork resets the stack, there is no /e820, names are not cleared, sectors are read one by one", false},
    {"655f23ff145c7629376a53a9c868dd9510a09c2e83eb402f575a6103eadbbfe3", "534a10e", "2023-12-02",
     "execve without a fork resets the stack, there is no /e820, names are not cleared, sectors are read one by one", false},
    {"4f5c70edfcc62f41e8a5cc449298ed5b3dafe1f862b95a16660e1d8ca7b53a56", "3f20b99", "2023-06-06",
     "execve without a fork resets the stack, there is no /e820, names are not cleared, sectors are read one by one", false},
    {"45b5ab7aefea8f0f20c7ef5b351a12e572f67bdac03bf4546fe4bbbb4cde0f46", "3717995", "2023-06-05",
     "execve without a fork resets the stack, there is no /e820, names are not cleared, sectors are read one by one", false},
    {"594d95984ec5540579159e727f820d282013946db165dcfb098b87cc085dd266", "d5f572c", "2023-05-31",
     "execve without a fork resets the stack, there is no /e820, names are not cleared, sectors are read one by one", false},
    {"9ef122ba6ece7a9078279f017dd5a78b1fc64fa4908db712671c3f0d2b7b3cdc", "0166a89", "2023-05-16",
     "execve without a fork resets the stack, there is no /e820, names are not cleared, sectors are read one by one", false},
}};

constexpr std::array<std::string_view, 6> kStage1{
    "26ff0171f6b9faae2a339b755dbf45a12c04556b41ff5283420343ac6a1c7c5d",  // e3c3984, 2024-01-25
    "87c3d44555bd294dbc7be12dd06697235a354247c155eb0eb5a8834a3aad1b59",  // d178091, 2024-01-25
    "6776eb8388a082b64aed6a8f53a4e4a59bb56c0f5cb4b49a787e9ddcf066ee02",  // f93fb33, 2024-01-21
    "6da371490a141730811db174be5f151c7727752a0575e9a7fcdaece9bd7a9eec",  // 2301d19, 2023-12-02
    "af458e4ed610128679bc4c52f729cc6b0ca76dec8f4b395f1510b22da7b09d0b",  // 3717995, 2023-06-05
    "7f28529822cac96d8b54c65c9b4f0a559040ba430113c2bffae93f038f886c7b",  // 0e5ff49, 2023-05-17
};
// clang-format on

}  // namespace

const KernelRevision* kernel_revision(std::string_view digest) {
  const auto* const row = std::find_if(kStage2.begin(), kStage2.end(),
                                       [&](const KernelRevision& one) { return one.digest == digest; });
  return row == kStage2.end() ? nullptr : row;
}

const KernelRevision* kernel_revision(ByteView stage2) { return kernel_revision(sha256(stage2)); }

bool is_known_stage1(std::string_view digest) {
  return std::find(kStage1.begin(), kStage1.end(), digest) != kStage1.end();
}

}  // namespace assay::image

// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/seeds.h"

#include <algorithm>

namespace assay::audit {
namespace {

constexpr KnownSeed kSeeds[] = {
    {"13b45134a88c1c6db349cb40f82269cee9edfce71ac644dc0e137bad053bf5ce", "NATIVE/knight/hex0-seed"},
    {"7f28529822cac96d8b54c65c9b4f0a559040ba430113c2bffae93f038f886c7b",
     "NATIVE/x86/builder-hex0-x86-stage1.img"},
    {"045ef96e1c8fb011cba89f268f823c06b21f91270fb9afb0af42a1ac8c3ee44b", "NATIVE/x86/stage0_monitor.img"},
    {"8ca9745e20af3f0d6037684cbc3ec3789c205d86ccecf43f77d0aeabf16050b4", "POSIX/AArch64/hex0-seed"},
    {"dd0be3e4606670336f96f4c4150bc7c39f2d94042b4aa0428e3d306b320aefcd", "POSIX/AArch64/kaem-optional-seed"},
    {"edf25e639530cd3c5965ebc578afd5a79897a90271eb4468b1165760e37c41a4", "POSIX/AArch64/kaem-optional-seed"},
    {"5ab0c8e2b5f228fe4495671f8d4f484083fe7ffdf9610d11739260a3d50f09be", "POSIX/AMD64/hex0-seed"},
    {"66c95985e668f20f2465c2b876f83fef066fd7c8c2dd3adb51a969f2d7120c8b", "POSIX/AMD64/hex0-seed"},
    {"ebe6d93129e9d7135504d4297cb4d735bf8af0f2491a6af04e4597747112a8f4", "POSIX/AMD64/hex0-seed"},
    {"f503294f4dc193b9d844752d64298ea2954d531b938229ee830bae5e5cc5be8e", "POSIX/AMD64/hex0-seed"},
    {"153b8915b73bd07132b59538d10fe53d26578eb160a67db72af07aaa61c51b3b", "POSIX/AMD64/kaem-optional-seed"},
    {"4fa493288d203a8371e21c3d8b294f0742b527022fb9716548df253f981dffa2", "POSIX/AMD64/kaem-optional-seed"},
    {"52ad912df871fde5cad9082e3d56fe88b9ce0f91b3b84e37f38856fd321cadd3", "POSIX/AMD64/kaem-optional-seed"},
    {"a798705f344d4aa066a4477243870f785079c9c62941b62348a392c25a0348f3", "POSIX/riscv32/hex0-seed"},
    {"ba20b32142a475db4b8d9a27ba9554f6a7d5df5fde0eb53340a9e53acf69ec6c", "POSIX/riscv32/kaem-optional-seed"},
    {"1b50ceef632b83b79aef0cf91d60bc0cb242a3b2bfba22cb5115d80112b50ac9", "POSIX/riscv64/hex0-seed"},
    {"98d8b503bda94229784aa5fb516a07d8f978c5ad4ca1697cadefcaec16c3fdc5", "POSIX/riscv64/hex0-seed"},
    {"12c0a7d01f2e369598ffdfc6e0881d62d20621d5f0d9fa9580ee511d72300650", "POSIX/riscv64/kaem-optional-seed"},
    {"32fed11d797459204c5d776a8b046c8657a05307b73217c8ee9ceb025fa0c4d7", "POSIX/riscv64/kaem-optional-seed"},
    {"02e4de2c6624beeebda73c80859ba0919f2f233ea97fda27f09b509266b8ee94", "POSIX/x86/hex0-seed"},
    {"d83d55f7ffa566b7125a3126ab7829953fd6ef548ad80707fe27223ef104de64", "POSIX/x86/hex0-seed"},
    {"e650a1b5bdcfd79689569a3199a252a76622f7ea4fe036a5dddc2039fdad79c5", "POSIX/x86/hex0-seed"},
    {"f74dcf9cef2aee9eb7723eca755849d474fccd89662947021d1aa08429d23c13", "POSIX/x86/hex0-seed"},
    {"4fd5d6d7f1ac4708c06df2bf7e0b7f6dc45a493ac100e14fc52172929b807f5e", "POSIX/x86/kaem-optional-seed"},
    {"545f89537f070d7e62b05243be34cbcfdb1e92dbf9d82e2cd15792d880436ac2", "POSIX/x86/kaem-optional-seed"},
    {"b6ccef8fff520c0ae45ff2436678785f5881f441fe99723353277ef980f560bc", "POSIX/x86/kaem-optional-seed"},
    {"ed54aacb771347b1f5e2386192e92348da75c69760ef2f41b063a45e43696ea1", "POSIX/x86/kaem-optional-seed"},
    {"1631ef6acdcf754e5ef2a3c2309a83f46892913adb9f1f6721d322833b301d4c", "UEFI/amd64/hex0-seed.efi"},
    {"f424efbf87c8d628b529e06b71f51d1c68057c15a73e8b7dca7970e9e51b27ce", "UEFI/amd64/hex0-seed.efi"},
    {"36a68388f1145e4dcd0f5079f8836760a6db1ca51c3df598c46ec8c1ff853227", "UEFI/amd64/kaem-optional-seed.efi"},
    {"6b89e00f68daf59abe5ff60d194563564d61ed8e24f46054fb061ebc149f33b4", "UEFI/amd64/kaem-optional-seed.efi"},
};

}  // namespace

std::span<const KnownSeed> known_seeds() { return kSeeds; }

std::string_view seed_name(std::string_view digest) {
  const auto* found = std::ranges::find(kSeeds, digest, &KnownSeed::digest);
  return found == std::end(kSeeds) ? std::string_view{} : found->name;
}

}  // namespace assay::audit

// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The sources that the rooms were written from: those of stage0-posix 1.9.1. A row is made by
// `assay preflight --json`, which tells the key of what each step's program was built of ("program_sources").
#include <algorithm>

#include "bootstrap/chain/source_key.h"

namespace assay::bootstrap {
namespace {

struct KnownSource {
  Role role;
  std::string_view architecture;
  std::string_view key;
};

constexpr KnownSource kKnown[] = {
    {Role::mes, "x86",
     "966f8fb8588caba024e48158bf55828785d9aebdb46444988a688d575c27ee99"},  // 0.27.1 as live-bootstrap patches
                                                                           // it
    {Role::mes, "AMD64",
     "966f8fb8588caba024e48158bf55828785d9aebdb46444988a688d575c27ee99"},  // 0.27.1 as live-bootstrap patches
                                                                           // it
    {Role::mes, "riscv64",
     "966f8fb8588caba024e48158bf55828785d9aebdb46444988a688d575c27ee99"},  // 0.27.1 as live-bootstrap patches
                                                                           // it
    {Role::m0, "AArch64", "0762736c56d2b8fa4684024567e2236880acacaa49f7ce31c33d8ea0f33290ff"},
    {Role::m0, "AMD64", "3443658795a3b5914016b64fa8cf249b078bef272f68629eb1a1496eca90512b"},
    {Role::m0, "riscv32", "80113c64b8ad8e509f3e32bd0f34e2223cb98b6f506b2ad6907cc2b76a356efa"},
    {Role::m0, "riscv64", "2e5e24bd9eb46e2e94a4fba9121410ec241a7d38fa81fa0eea33e9bf816b2d76"},
    {Role::m0, "x86", "9e78bbcab42f3a009675b353e72175f13f8a95bc87db953b2f37353d2af4b305"},
    {Role::m0, "armv7l", "5a2432b9f2103d433a008d2b687882a257d30320768bc4b037c4b85d725404de"},
    {Role::m1, "AArch64", "6bcf458a17332ddb89753b291a3c9cd4ab92e43c7b71796997d6042f6c67a526"},
    {Role::m1, "AArch64", "7bfe3bcc3b00e302da32b0d9f0104f518c96d0e921981b35f569d510d60eb7bf"},
    {Role::m1, "AMD64", "1e61c2da45f3e64bf383b3cee6995ec1336a6cb98136baf9f04ad0127b1abd49"},
    {Role::m1, "AMD64", "2cf7ff751a182e3d1abb8428d6909872b4a6b36870674af21ce43d6c81acd9cb"},
    {Role::m1, "riscv32", "290382f825594c54d884f2f99bd1e792a7e7f2f2179e9db85a0fc684662a6e61"},
    {Role::m1, "riscv32", "53325861a8fa76731f519de59d43e8c37c2b193a2158eebb1508ddef67f3bcf0"},
    {Role::m1, "riscv64", "af7705d4ca9e61646f76bda3bd42388ddd0530e1d2cf2425aa81f574cf22f7a4"},
    {Role::m1, "riscv64", "dcd3c626fa98b86b745200e4e96fae396398685a9a8dfd5a78d2030d57e42289"},
    {Role::m1, "x86", "124844b6c5bf42eb3bd53987c2f87c70317b933fdc727bc86f7bbb0a135d6c49"},
    {Role::m1, "x86", "a8a0d3ee8e936d5eb8539c8a0eff619d5fb2cf23ad3b9d26550f4694bc279326"},
    {Role::m1, "armv7l", "0aaca276cbd132ce603239bceadb434168bcbc12c84fc50e6b9c8e7e19b68f09"},
    {Role::m1, "armv7l", "0e6f442a3cd8833eb6c2d5443d9732e92339180c65ba110b7a62a400083e10bb"},
    {Role::blood_elf, "AArch64", "b5cf2aaa49d76e8a7420d51fc99efc0aa8a8f8c6d33fc69f002442500377947e"},
    {Role::blood_elf, "AArch64", "c73d6aac1cb429a67df2fd7c13185d98ec5fc7b6d207b65417e140d3263039c6"},
    {Role::blood_elf, "AMD64", "3dc7a37d5509c28d403d7ac43e1794b0a636495151b96267141e6c65171a6906"},
    {Role::blood_elf, "AMD64", "eacbb6e80249177d12755aaa8ca15aa9f8bc1cc616961df44af4e97d53fa6cd3"},
    {Role::blood_elf, "riscv32", "87f6fc97272eb92e13f5f5a5b97aa838dc75e712d05db1b8202cdb0ce39f0c15"},
    {Role::blood_elf, "riscv32", "8d20113cd88195e4313e41d8c51f8348de21cbe054ff41cdc37a8d0e0d0e669c"},
    {Role::blood_elf, "riscv64", "02813f9d3acc90eb0ce4858f20f8284bd2943948b1ef33c0c2a181405b7bc271"},
    {Role::blood_elf, "riscv64", "baa21fb8a8e3d12a67eae00c6f5959acefe261928305a1fe2f2716bb78c530a7"},
    {Role::blood_elf, "x86", "2f80fe6c39228b21864f528e477107bc1afc4069dc41c01fe51ed36cda037394"},
    {Role::blood_elf, "x86", "44cc87d46c5ca9fbb8ac90b3b16f210239fafc5698a7075ec27b0e7b092b9ff8"},
    {Role::blood_elf, "armv7l", "f7022fac6c4c2bda4ca703cb4f265d12a4ec1ce4a6c32d3eaf8980c1e2783b84"},
    {Role::blood_elf, "armv7l", "8fa169b6f23dd7929cab10e3aea85e85d7964286906611ad19421cd7b849c41e"},
    {Role::catm, "AArch64", "ae790b49601ae3a26eadf970766e38acaa222e0ecbacaa2b1def324d32ebe874"},
    {Role::catm, "AMD64", "2be06d0755c16963b84b108e65587869a334d0e7901e6dedc099a5afda05a09f"},
    {Role::catm, "riscv32", "28c8c6ab6469b16cb269808e2355a191dd13579151cc52646ee98352b7d218ef"},
    {Role::catm, "riscv64", "b239b92e50c9e1e5b42017f3eef9867c3c3e15643f1193ffa0942441d5d49267"},
    {Role::catm, "x86", "83bb85fe9520cb0701dc99d84edb1646b62580705fc7be687065f446dec6862e"},
    {Role::catm, "armv7l", "85b233f3b233be111289a176efd7ea6a4e0a49e5e0a0d93c000ca09046ff085c"},
    {Role::cc, "AArch64", "c42e2879395a043444544093004cf8c0284ac7ffcb33990206d2ab346d8b3b28"},
    {Role::cc, "AMD64", "aa7f9ef8c515f3a9f3d50f233cefac3349c34d1343ab7f39e3cbbd00728bd2f6"},
    {Role::cc, "riscv32", "6c0b008e4d8c93ceacce35f3c0184c645232dd36a449dd6c63ef881cf255420f"},
    {Role::cc, "riscv64", "c0db2c7a378500cc3217ca7cbdf72d7d84d2d77a128fa7334a3bde9a4cb8113b"},
    {Role::cc, "x86", "ec4a00ed5501e9872723e063b2dd9f10ec9bd97998c5db415b428e680a1fd1b6"},
    {Role::hex0, "AArch64", "45d9502758a91c320030e5e721341c0f7b631e17d291759af63ec30ecc808896"},
    {Role::hex0, "AMD64", "0d72765c382051a03a84f31b2a005cd3ac4e0b7026d1738c878d4df5421b88aa"},
    {Role::hex0, "riscv32", "8a55cf0ca3f56ffca0b50280089851c248bb063b501e7e5330a7dc79adde26e8"},
    {Role::hex0, "riscv64", "e6d1bc2a51b3274a7502077ba569f5ccb249106716abf01c608d6b9715c8d14c"},
    {Role::hex0, "x86", "d95d7732b6804e9615c854b7e5a9f59afbe36cd224e1e06bacc0fd67e1c3ef99"},
    {Role::hex0, "armv7l", "9aff485984dc55bff34e7a27332dc72041f729569b4792069ff3cb3f3ac69cc5"},
    {Role::hex1, "AArch64", "f4a38ec0a45df0ea2b8f6b9f76a9cdec7cb64c67f6ee1a1eaf6b45fc62405668"},
    {Role::hex1, "AMD64", "ae54312dfc711244482766ce97bbd195d5d0c9ee2b9bf4db1a30736d694195be"},
    {Role::hex1, "riscv32", "0d05249c2bfee9294f3adbdeb6fbe4419c8cf53f40459f5d32c6db9be18ed0fb"},
    {Role::hex1, "riscv64", "340c47a70429f89bf23d9b780456682c73963c5155bcb13438763c86c6ed0a0c"},
    {Role::hex1, "x86", "1ac2ba0cc8a78e5316d61da9bf5ee8daf53d781828904a12245cb34509f1ad53"},
    {Role::hex1, "armv7l", "2622e240173bd4a1a14111c25ad4a057a170f481551196d316020671c7c29495"},
    {Role::hex2, "AArch64", "a4f1b8cb9f74e0ac4271ec6d7c1db734002d5f05af23413ce60299b3ac21925b"},
    {Role::hex2, "AMD64", "fab2bb4ad1959e3d7172fa49e1c00ee54360e4a506d55277ba20a955a5a1327e"},
    {Role::hex2, "riscv32", "c1b710e3ec3e449b0e228d74f9e9c67bfaf976c9634de44ca964af0da7eebb0b"},
    {Role::hex2, "riscv64", "fd95ffe83df57a66cab3e0530afd0b6463f41fe49f92625489354923470c062c"},
    {Role::hex2, "x86", "7a92d882c1ab1c29fd806b73ef145e81e77bc7a5726bcb716ce751765227693c"},
    {Role::hex2, "armv7l", "4e8a755381f5ac1a49d29c4f3d9720e4e80a2f564b38972b1e42b9bf0857ab0c"},
    {Role::hex2_0, "AArch64", "84cbf8dc5a8d2acd7d16a4d50e9e636aa1b769ccfd65ad703312facaeeff282a"},
    {Role::hex2_0, "AMD64", "8b2c81af97bdb0bef7fafdf2108452773f95503f1c03b1e7a48eb680e4086b9e"},
    {Role::hex2_0, "riscv32", "1d749d81d12a4f2fe715a7bda5a0fe9e0768e1de0b7c1a82c399b0762aa9b536"},
    {Role::hex2_0, "riscv64", "860a1326ed75d7fd1e3073ed7b27db0575c0dbac69500bbc6a6b744f160d311d"},
    {Role::hex2_0, "x86", "3abd2682f9cba0eae0b933a9a146bb0395e7f0c56753f64297da93fed68d9d4f"},
    {Role::hex2_0, "armv7l", "91cc16021b9dc91d4ba487b8a277e76d9fb4efe5233aefcf2636ba730b25e97b"},
    {Role::kaem, "AArch64", "e583b572373a9aad7081bd0f3e8421419b2ee4893e96d3ec9e1c6db661ed0180"},
    {Role::kaem, "AMD64", "3a081b2a73e4f235209ce7a1bca6d197ae0473817f1c212b25b2eac1f4fdb886"},
    {Role::kaem, "riscv32", "45f6aed51e4a96ccf2e1b56b586bd766f46f02a7bd41889f8a25577ca6fdfc63"},
    {Role::kaem, "riscv64", "9af1b7c19f019dce9667249251ebc1f292d07503a928de570da88b0d56e3445e"},
    {Role::kaem, "x86", "c8072b51f9842769a81ab5d6320d1ce1a85105b908bddfc35483c927c814e463"},
    {Role::kaem, "armv7l", "54ca21d9f0943fb462622f21dc10a8bbe475bfe4268c173033164e390edd03a6"},
    {Role::kaem_minimal, "AArch64", "1ef5930fe061e41612d0e2a2a65514211120f664a8e279e77d11e1f1ad858512"},
    {Role::kaem_minimal, "AMD64", "07d6778b888674bab36e8d48ca90bf9b397b09381476786612fd0ccd3c3b09eb"},
    {Role::kaem_minimal, "riscv32", "3d8006f9a712e29d750be97adcabd221337ecf401e3fe0cdc79e81e7ec0dfff4"},
    {Role::kaem_minimal, "riscv64", "1440b2f1d921c7717d731bb547dd1c62ef21be0f83c6b7cfa5294182c9eb9bf5"},
    {Role::kaem_minimal, "x86", "7fbd30497f39a96b05e4810e33da059f2f1332a25511b5a7944d39222459565a"},
    {Role::kaem_minimal, "armv7l", "403798bd230eea68e172e74e01955ba0375e72bd62c156b3d473a39ad542b69c"},
    {Role::sha256sum, "AArch64", "5e64f61d6102ed6b8a275a9a450258c660cd44ec3146c2c547b9754124646a50"},
    {Role::sha256sum, "AMD64", "5e64f61d6102ed6b8a275a9a450258c660cd44ec3146c2c547b9754124646a50"},
    {Role::sha256sum, "riscv32", "5e64f61d6102ed6b8a275a9a450258c660cd44ec3146c2c547b9754124646a50"},
    {Role::sha256sum, "riscv64", "5e64f61d6102ed6b8a275a9a450258c660cd44ec3146c2c547b9754124646a50"},
    {Role::sha256sum, "x86", "5e64f61d6102ed6b8a275a9a450258c660cd44ec3146c2c547b9754124646a50"},
};

}  // namespace

bool is_known_source(Role role, std::string_view architecture, std::string_view key) {
  return std::any_of(std::begin(kKnown), std::end(kKnown), [&](const KnownSource& row) {
    return row.role == role && row.architecture == architecture && row.key == key;
  });
}

Role role_of_known_source(std::string_view architecture, std::string_view key) {
  const auto row = std::ranges::find_if(
      kKnown, [&](const KnownSource& one) { return one.architecture == architecture && one.key == key; });
  return row == std::end(kKnown) ? Role::unknown : row->role;
}

}  // namespace assay::bootstrap

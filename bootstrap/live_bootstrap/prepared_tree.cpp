// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/live_bootstrap/prepared_tree.h"

#include <fmt/format.h>

#include "bootstrap/tree/architecture.h"
#include "core/paths.h"

namespace assay::image {
namespace {

constexpr int kMostDepth = 64;
constexpr std::string_view kConfig = "steps/bootstrap.cfg";

class Laying {
 public:
  explicit Laying(std::shared_ptr<const FileTree> from) : from_(std::move(from)) {}

  void directory(const std::string& source, const std::string& target, int depth = 0) {
    const auto names = from_->list(source);
    if (!names || depth > kMostDepth) return;
    for (const std::string& name : *names) {
      if (name == ".git") continue;
      entry(join_path(source, name), join_path(target, name), depth);
    }
  }
  void files_of(const std::string& source) {
    const auto names = from_->list(source);
    for (const std::string& name : names ? *names : std::vector<std::string>()) {
      const auto info = from_->info(join_path(source, name));
      if (info && info->kind != NodeKind::directory) entry(join_path(source, name), name, 0);
    }
  }

  std::shared_ptr<LazyTree> tree = std::make_shared<LazyTree>();

 private:
  void entry(const std::string& source, const std::string& target, int depth) {
    const auto info = from_->info(source);
    if (!info) return;
    if (info->kind == NodeKind::directory) {
      tree->put_directory(target, info->mode);
      directory(source, target, depth + 1);
    } else if (info->kind == NodeKind::link) {
      const auto link = from_->link_target(source);
      if (link) tree->put_link(target, *link);
    } else {
      tree->put_file(target, info->mode, info->size, [from = from_, source]() -> Result<Bytes> {
        const auto bytes = from->read(source);
        if (!bytes) return tl::unexpected(bytes.error());
        return **bytes;
      });
    }
  }

  std::shared_ptr<const FileTree> from_;
};

std::string config_for(std::string_view arch) {
  const bootstrap::Architecture* known = nullptr;
  for (const bootstrap::Architecture& one : bootstrap::architectures()) {
    if (one.library_name == arch) known = &one;
  }
  return fmt::format(
      "ARCH={}\nARCH_DIR={}\nFORCE_TIMESTAMPS=False\nCHROOT=True\nUPDATE_CHECKSUMS=False\nJOBS=1\n"
      "SWAP_SIZE=0\nFINAL_JOBS=1\nINTERNAL_CI=False\nINTERACTIVE=False\nQEMU=False\nBARE_METAL=False\n"
      "DISK=sda1\nKERNEL_BOOTSTRAP=False\nBUILD_KERNELS=False\nCONFIGURATOR=False\nMIRRORS_LEN=0\n",
      arch, known == nullptr ? arch : known->name);
}

}  // namespace

std::shared_ptr<const LazyTree> prepared_tree(std::shared_ptr<const FileTree> checkout,
                                              std::string_view arch) {
  Laying laying(std::move(checkout));
  laying.directory("seed/stage0-posix", "");
  laying.files_of("seed");
  laying.directory("steps", "steps");
  laying.directory("distfiles", "external/distfiles");
  if (!laying.tree->info(kConfig)) {
    Bytes config = to_bytes(config_for(arch));
    const std::uint64_t size = config.size();
    laying.tree->put_file(kConfig, 0644, size,
                          [config = std::move(config)]() -> Result<Bytes> { return config; });
  }
  return laying.tree;
}

}  // namespace assay::image

// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/image/open_image.h"

#include <fmt/format.h>
#include <array>
#include <filesystem>

#include "bootstrap/image/archive_image.h"
#include "bootstrap/image/builder_hex0_check.h"
#include "bootstrap/image/disk_image.h"
#include "bootstrap/tree/recognise.h"
#include "bootstrap/tree/tree.h"
#include "core/host_read.h"
#include "core/host_tree.h"

namespace assay::image {

std::string_view name_of(ImageKind kind) {
  constexpr std::array<std::string_view, 5> kNames{"builder-hex0-image", "disk-image", "archive",
                                                   "live-bootstrap-checkout", "live-bootstrap-tree"};
  return kNames.at(static_cast<std::size_t>(kind));
}

bool is_live_bootstrap(const std::string& directory) {
  return bootstrap::is_live_bootstrap(bootstrap::recognise(HostTree(directory)).family);
}

namespace {

/// An error that names what it is about.
Error named(Error error, const std::string& path) {
  if (error.message.find(path) == std::string::npos)
    error.message = fmt::format("'{}': {}", path == "-" ? "standard input" : path, error.message);
  return error;
}

}  // namespace

Result<Image> open_image(const std::string& path) {
  std::error_code ignored;
  if (path != "-" && std::filesystem::is_directory(path, ignored)) {
    const auto files = std::make_shared<const HostTree>(path, kMostHostBytes);
    const bootstrap::FoundTree found = bootstrap::recognise(*files);
    if (found.family == bootstrap::Family::stage0_posix &&
        !bootstrap::architectures_in(*files, *found.layout).empty())
      return fail(
          "image-not-recognised",
          fmt::format("'{}' is a tree of stage0-posix, no image and no tree of live-bootstrap", path));
    if (!bootstrap::is_live_bootstrap(found.family))
      return fail("image-not-recognised",
                  fmt::format("'{}' {}", path, bootstrap::why_no_stage0(*files, found)));
    Image image;
    image.path = path;
    image.kind = found.family == bootstrap::Family::live_bootstrap_checkout
                     ? ImageKind::live_bootstrap_checkout
                     : ImageKind::live_bootstrap_tree;
    image.files = files;
    return image;
  }
  Result<std::shared_ptr<const Medium>> medium = open_medium(path);
  if (!medium) return tl::unexpected(named(medium.error(), path));
  Result<Image> image = open_image(path, std::move(*medium));
  if (!image) return tl::unexpected(named(image.error(), path));
  return image;
}

Result<Image> open_image(const std::string& path, std::shared_ptr<const Medium> medium) {
  Image image;
  image.path = path;
  image.medium = medium;
  if (looks_like_builder_hex0(*medium)) {
    Result<BuilderHex0Image> parsed = parse_builder_hex0_image(medium);
    if (!parsed) return tl::unexpected(parsed.error());
    image.kind = ImageKind::builder_hex0;
    image.files = tree_of(*parsed);
    image.builder_hex0 = std::move(*parsed);
    return image;
  }
  if (looks_like_disk(*medium)) {
    image.kind = ImageKind::disk;
    image.files = open_disk(medium, image.accounting, image.findings);
    return image;
  }
  Result<std::shared_ptr<const FileTree>> archive = open_archive(medium, image.findings);
  if (!archive) return tl::unexpected(archive.error());
  image.kind = ImageKind::archive;
  image.files = std::move(*archive);
  return image;
}

}  // namespace assay::image

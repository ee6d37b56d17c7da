// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>
#include <algorithm>
#include <limits>

#include "bootstrap/image/build_image.h"
#include "bootstrap/image/builder_hex0_check.h"
#include "core/paths.h"
#include "hex0/hex0.h"

namespace assay::image {
namespace {

constexpr std::string_view kStage1 = "builder-hex0/builder-hex0-x86-stage1.hex0";
constexpr std::string_view kStage2 = "builder-hex0/builder-hex0-x86-stage2.hex0";
constexpr std::uint64_t kMiB = std::uint64_t{1} << 20U;

/// Where a path of the tree stands in the stream; empty: nowhere.
std::string place_in_checkout(std::string_view path) {
  constexpr std::string_view kStage0 = "seed/stage0-posix/";
  constexpr std::string_view kSeed = "seed/";
  if (path.starts_with(kStage0)) {
    const std::string_view rest = path.substr(kStage0.size());
    return rest == "bootstrap-seeds" || rest.starts_with("bootstrap-seeds/") ? "" : std::string(rest);
  }
  if (path.starts_with(kSeed)) {
    const std::string_view rest = path.substr(kSeed.size());
    return rest == "stage0-posix" || rest.find('/') != std::string_view::npos ? "" : std::string(rest);
  }
  if (path == "distfiles" || path.starts_with("distfiles/")) return "external/" + std::string(path);
  return path == "steps" || path.starts_with("steps/") ? std::string(path) : "";
}

/// The entries of the stream, at their places, sorted, with every directory.
Result<std::vector<PackedEntry>> placed(const FileTree& tree) {
  Result<std::vector<PackedEntry>> all = entries_of(tree, true);
  if (!all) return all;
  const bool checkout = tree.info("seed/stage0-posix").has_value();
  std::vector<PackedEntry> entries;
  for (PackedEntry& entry : *all) {
    if (entry.path == "builder-hex0" || entry.path.starts_with("builder-hex0/")) continue;
    if (checkout) entry.path = place_in_checkout(entry.path);
    // Only directories of seed/ itself fall away with their contents.
    if (!entry.path.empty()) entries.push_back(std::move(entry));
  }
  if (checkout && tree.info("distfiles")) entries.push_back({"external", NodeKind::directory, false, ""});
  std::sort(entries.begin(), entries.end(), [](const PackedEntry& a, const PackedEntry& b) {
    return path_parts(a.path) < path_parts(b.path);
  });
  return entries;
}

Result<Bytes> text_of(const FileTree& tree, std::string_view path) {
  const auto bytes = tree.read(path);
  if (!bytes) return fail("image-no-stage-sources", fmt::format("the tree holds no '{}'", path));
  return Bytes(**bytes);
}

Result<void> write_stages(const FileTree& tree, OutputFile& file) {
  const Result<Bytes> stage1 = text_of(tree, kStage1);
  if (!stage1) return tl::unexpected(stage1.error());
  const Result<Bytes> stage2 = text_of(tree, kStage2);
  if (!stage2) return tl::unexpected(stage2.error());
  NoDiagnostics nobody;
  const hex0::Options options{.dialect = hex0::find_dialect("bh0-stage1-master")};
  const Output boot_sector = hex0::assemble(Source{std::string(kStage1), *stage1}, options, nobody);
  if (boot_sector.bytes.size() != kSectorBytes)
    return fail("image-no-stage-sources",
                fmt::format("'{}' makes {} bytes, not 512", kStage1, boot_sector.bytes.size()));
  file.write(boot_sector.bytes);
  file.write(*stage2);
  // A NUL ends the text even if it fills its last sector.
  file.extend_to((file.size() + 1 + kSectorBytes - 1) / kSectorBytes * kSectorBytes);
  const Output kernel = hex0::assemble(Source{std::string(kStage2), *stage2}, options, nobody);
  if (kernel.bytes.size() > kMaxStage2Bytes)
    return fail("image-stage2-too-large", fmt::format("'{}' makes {} bytes, {} are possible", kStage2,
                                                      kernel.bytes.size(), kMaxStage2Bytes));
  const std::optional<SectorConstant> constant = sector_constant_of(kernel.bytes);
  if (constant && constant->value != file.size() / kSectorBytes)
    return fail("image-sector-constant",
                fmt::format("'{}' reads its commands from sector {}, but they begin at sector {}", kStage2,
                            constant->value, file.size() / kSectorBytes));
  return {};
}

Result<void> write_entry(const FileTree& tree, const PackedEntry& entry, OutputFile& file) {
  if (entry.path.find_first_of(std::string_view("\n\0", 2)) != std::string::npos ||
      entry.path.size() + 2 > kMaxKernelNameBytes)
    return fail("image-name", fmt::format("a stream cannot hold the name '{}'", entry.path));
  std::shared_ptr<const Bytes> bytes = std::make_shared<const Bytes>();
  if (entry.kind == NodeKind::file) {
    auto read = tree.read(entry.source);
    if (!read) return tl::unexpected(read.error());
    bytes = *read;
  }
  if (bytes->size() > std::numeric_limits<std::uint32_t>::max())
    return fail("image-limit", fmt::format("'{}' has {} bytes", entry.path, bytes->size()));
  file.write(as_bytes(fmt::format("src {} ./{}\n", bytes->size(), entry.path)));
  file.write(*bytes);
  return {};
}

/// What starts the x86 chain: the seeds are made by the kernel's own hex0.
constexpr std::string_view kStart =
    "src 0 /bootstrap-seeds\n"
    "src 0 /bootstrap-seeds/POSIX\n"
    "src 0 /bootstrap-seeds/POSIX/x86\n"
    "hex0 /x86/hex0_x86.hex0 /bootstrap-seeds/POSIX/x86/hex0-seed\n"
    "hex0 /x86/kaem-minimal.hex0 /bootstrap-seeds/POSIX/x86/kaem-optional-seed\n"
    "hex0 /x86/kaem-minimal.hex0 /init\n"
    "/bootstrap-seeds/POSIX/x86/kaem-optional-seed /kaem.x86\n";

}  // namespace

Result<void> build_builder_hex0(const FileTree& tree, OutputFile& file) {
  if (auto stages = write_stages(tree, file); !stages) return stages;
  const std::uint64_t stream = file.size();
  const Result<std::vector<PackedEntry>> entries = placed(tree);
  if (!entries) return tl::unexpected(entries.error());
  file.write(as_bytes("src 0 .\n"));
  std::size_t needed_by_start = 0;
  for (const PackedEntry& entry : *entries) {
    if (auto written = write_entry(tree, entry, file); !written) return written;
    needed_by_start +=
        entry.path == "x86/hex0_x86.hex0" || entry.path == "x86/kaem-minimal.hex0" || entry.path == "kaem.x86"
            ? 1
            : 0;
  }
  if (needed_by_start == 3) file.write(as_bytes(kStart));
  // The kernel reads 64 sectors at a time, the last time beyond the NUL.
  const std::uint64_t read =
      (file.size() + 1 - stream + kKernelReadBytes - 1) / kKernelReadBytes * kKernelReadBytes;
  file.extend_to((stream + read + kMiB - 1) / kMiB * kMiB);
  return {};
}

}  // namespace assay::image

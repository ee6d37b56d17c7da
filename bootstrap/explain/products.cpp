// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/explain/products.h"

#include "bootstrap/roads/reference_walk.h"

namespace assay::bootstrap {

/// Keeps what the walk leaves. Commands are numbered as they begin.
class Products::Collector final : public WalkObserver {
 public:
  Collector(Products& products, ReferenceRoad& road) : products_(products), road_(road) {}

  void on_begin(const Command& command) override {
    const std::size_t number = products_.makings_.size();
    products_.makings_.push_back({command});
    numbers_.push_back(number);
    // What lies in the tree, or was left by the program that starts this one.
    const std::optional<std::size_t> writer =
        command.part_of ? std::optional(numbers_[*command.part_of]) : std::nullopt;
    const auto take = [&](const std::string& path) {
      const std::shared_ptr<Node> node = road_.files().find(path);
      if (node == nullptr || node->kind != NodeKind::file) return kNoFile;
      return products_.read(path, node->share(), writer);
    };
    if (command.interprets) return;
    products_.makings_[number].program = take(command.program);
    for (const std::string& path : command.inputs) products_.makings_[number].inputs.push_back(take(path));
  }
  void on_derived(std::size_t index, Computed computed) override {
    for (const RoadFile& file : computed.outputs) products_.wrote(file.path, file.bytes, numbers_[index]);
  }
  std::optional<TakenOver> on_unknown(std::size_t /*index*/, const Error& /*error*/,
                                      std::optional<Computed> /*room*/, const StartPart& /*start*/) override {
    return std::nullopt;
  }
  bool is_over() override { return false; }
  void on_interpreted(std::size_t /*index*/, const Interpretation& /*done*/) override {}

 private:
  Products& products_;
  ReferenceRoad& road_;
  std::vector<std::size_t> numbers_;  ///< of makings, by command
};

FileId Products::add(std::string path, std::shared_ptr<const Bytes> bytes, std::optional<std::size_t> maker) {
  const auto file = static_cast<FileId>(files_.size());
  last_.insert_or_assign(path, file);
  files_.push_back({std::move(path), std::move(bytes), maker});
  return file;
}

FileId Products::read(const std::string& path, const std::shared_ptr<const Bytes>& bytes,
                      std::optional<std::size_t> writer) {
  const auto known = last_.find(path);
  if (known != last_.end() && *files_[known->second].bytes == *bytes) return known->second;
  if (known == last_.end() && writer) {
    const Result<std::shared_ptr<const Bytes>> lies = tree_->read(path);
    if (lies && **lies == *bytes) return add(path, *lies, std::nullopt);
  }
  return add(path, bytes, writer);
}

void Products::wrote(const std::string& path, const std::shared_ptr<const Bytes>& bytes, std::size_t maker) {
  // What a part made is the whole's product, too.
  const auto known = last_.find(path);
  if (known != last_.end() && files_[known->second].maker && *files_[known->second].bytes == *bytes) return;
  add(path, bytes, maker);
}

FileId Products::find(std::string_view path) {
  if (const auto known = last_.find(path); known != last_.end()) return known->second;
  const Result<std::shared_ptr<const Bytes>> lies = tree_->read(path);
  return lies ? add(std::string(path), *lies, std::nullopt) : kNoFile;
}

std::vector<FileId> Products::made() const {
  std::vector<FileId> files;
  for (FileId file = 0; file < files_.size(); ++file) {
    if (files_[file].maker && last_.at(files_[file].path) == file) files.push_back(file);
  }
  return files;
}

Products Products::of(const Tree& tree, const Architecture& arch, StepCache* cache) {
  Products products;
  products.architecture_ = &arch;
  products.tree_ = tree.files;
  ReferenceRoad road(tree, arch, exec::Engine::automatic, cache);
  for (const SeedDescription& described : tree.chain_of(arch).seeds) {
    const std::string& seed = described.file;
    const std::optional<std::string> source = road.source_of(seed);
    const Result<std::shared_ptr<const Bytes>> bytes = road.files().read(seed);
    if (!source || !bytes) continue;
    Making making;
    making.command.role = Role::hex0;
    making.command.inputs = {*source};
    making.command.outputs = {seed};
    making.inputs = {products.find(*source)};
    products.makings_.push_back(std::move(making));
    products.add(seed, *bytes, products.makings_.size() - 1);
  }
  Collector collector(products, road);
  (void)ReferenceWalk(road, collector, {}).walk(tree, arch);
  return products;
}

}  // namespace assay::bootstrap

// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/live_bootstrap/walk_tools.h"

#include <fmt/format.h>
#include <algorithm>

#include "bootstrap/image/archive_image.h"
#include "bootstrap/image/archive_stream.h"
#include "bootstrap/image/extract.h"
#include "bootstrap/live_bootstrap/live_bootstrap_check.h"
#include "bootstrap/live_bootstrap/patch_file.h"
#include "core/paths.h"
#include "extra/tools.h"
#include "extra/tree_world.h"

namespace assay::image {
namespace {

constexpr std::size_t kMostUnpacked = std::size_t{1} << 30U;

class Command {
 public:
  Command(const StepCommand& command, const std::string& script, WalkWorld& world, Findings& findings)
      : command_(command), script_(script), world_(world), findings_(findings), name_(command.program()) {}

  void run() {
    if (name_ == "mkdir") return make_directories();
    if (name_ == "cp" && !has_option()) return copy();
    if (name_ == "chmod" || name_ == "rm") return change();
    if (name_ == "catm") return concatenate();
    if (name_ == "sha256sum") return verify();
    if (name_ == "ungz" || name_ == "unbz2" || name_ == "unxz") return decompress_early();
    if (name_ == "untar") return unpack_early();
    if (name_ == "gzip" || name_ == "bzip2" || name_ == "bunzip2" || name_ == "gunzip")
      return decompress_late();
    if (name_ == "tar") return unpack_late();
    if (name_ == "patch") return patch();
    if (name_ == "M2-Mesoplanet") return compile();
    if (name_ == "configurator") return;
    if (name_ == "script-generator") return world_.put_unknown("steps/0.sh");
    other();
  }

 private:
  void report(std::string_view id, std::string message) {
    findings_.add(id, script_, command_.line, std::move(message));
  }
  [[nodiscard]] bool has_option() const {
    return std::any_of(command_.words.begin() + 1, command_.words.end(),
                       [](const std::string& word) { return word.starts_with('-'); });
  }
  [[nodiscard]] std::string behind(std::string_view option, std::string_view other) const {
    for (std::size_t at = 1; at + 1 < command_.words.size(); ++at) {
      if (command_.words[at] == option || command_.words[at] == other)
        return command_.path(command_.words[at + 1]);
    }
    return "";
  }
  /// What the step's own directory lacks is told of by other checks.
  [[nodiscard]] bool is_own(const std::string& path) const {
    return script_.starts_with("steps/") && path.starts_with(std::string(parent_path(script_)) + "/");
  }
  void missing(const std::string& path) {
    if (!world_.may_hold(path) && !is_own(path))
      report("lb-input-missing", fmt::format("'{}' reads '{}', which nobody made", name_, path));
  }
  [[nodiscard]] bool all_known(const std::vector<std::string>& paths) const {
    return std::all_of(paths.begin(), paths.end(),
                       [&](const std::string& path) { return world_.exists(path); });
  }

  /// The real tool on the world, if there is one of this name.
  std::optional<Output> real(MemoryTree& files, const std::vector<std::string>& words) {
    const extra::Tool* const tool = extra::find_tool(name_);
    if (tool == nullptr) return std::nullopt;
    extra::TreeWorld inside(files, command_.cwd);
    NoDiagnostics nobody;
    return tool->run(words, inside, nobody);
  }
  static std::string last_words(const Output& output) {
    std::string_view text = output.standard_error;
    while (text.ends_with('\n')) text.remove_suffix(1);
    if (const std::size_t line = text.rfind('\n'); line != std::string_view::npos)
      text.remove_prefix(line + 1);
    if (!text.empty()) return std::string(text);
    return output.ending == Ending::exits ? fmt::format("it exits with {}", output.status)
                                          : "it crashes or hangs";
  }

  void make_directories() {
    const std::optional<Output> done = real(world_.files, command_.words);
    const std::string last = command_.path(command_.words.back());
    const bool again = world_.remakes_directories && world_.is_directory(last);
    if (done && !done->succeeded() && !again && !world_.may_hold(last))
      report("lb-tool-fails", fmt::format("mkdir: {}", last_words(*done)));
    for (const std::string& made : command_.outputs()) {
      if (world_.may_hold(made)) world_.open(made);
    }
  }

  void copy() {
    const std::vector<std::string> inputs = command_.inputs();
    if (all_known(inputs) && world_.is_directory(std::string(parent_path(target())))) {
      const std::optional<Output> done = real(world_.files, command_.words);
      if (!done || done->succeeded()) return;
      report("lb-tool-fails", fmt::format("cp: {}", last_words(*done)));
    }
    for (const std::string& input : inputs) {
      if (!world_.exists(input)) missing(input);
    }
    const std::string above(parent_path(target()));
    if (!above.empty() && !world_.is_directory(above) && !world_.may_hold(above))
      report("lb-tool-fails", fmt::format("cp: there is no directory '/{}'", above));
    // Into a directory under its own name, or to a name.
    const std::string to = target();
    for (const std::string& input : inputs)
      world_.put_unknown(world_.is_directory(to) ? join_path(to, last_part(input)) : to);
  }
  [[nodiscard]] std::string target() const { return command_.path(command_.words.back()); }

  void change() {
    if (has_option()) return;
    std::vector<std::string> files;
    for (std::size_t at = name_ == "chmod" ? 2 : 1; at < command_.words.size(); ++at)
      files.push_back(command_.path(command_.words[at]));
    if (name_ == "chmod") {
      for (const std::string& file : files) {
        if (!world_.exists(file) && !world_.may_hold(file))
          report("lb-tool-fails", fmt::format("chmod: '/{}' does not exist", file));
      }
    }
    if (all_known(files)) (void)real(world_.files, command_.words);
  }

  void concatenate() {
    const std::vector<std::string> inputs = command_.inputs();
    Bytes all;
    bool known = true;
    std::vector<std::pair<std::string, std::uint64_t>> parts;
    for (const std::string& input : inputs) {
      if (!world_.exists(input)) missing(input);
      const auto bytes = world_.known(input);
      known = known && bytes != nullptr && all.size() + bytes->size() <= kMostUnpacked;
      if (!known) continue;
      all.insert(all.end(), bytes->begin(), bytes->end());
      parts.emplace_back(input, std::count(bytes->begin(), bytes->end(), Byte{'\n'}));
    }
    for (const std::string& made : command_.outputs()) {
      if (known && world_.is_directory(std::string(parent_path(made)))) {
        world_.files.put(made, all);
        world_.made_of[made] = parts;
      } else {
        world_.put_unknown(made);
      }
    }
  }

  /// What a list names is there, or the step would end here.
  void verify() {
    const std::string list = behind("-c", "--check");
    if (list.empty()) return;
    for (const std::string& name : names_in_checksums(world_.files, list))
      world_.put_unknown(command_.path(name));
  }

  void decompress_early() {
    const std::string from = behind("-f", "--file");
    const std::string to = behind("-o", "--output");
    if (world_.known(from) == nullptr) {
      if (!to.empty()) world_.put_unknown(to);
      return;
    }
    const std::optional<Output> done = real(world_.files, command_.words);
    if (done && !done->succeeded()) {
      report("lb-archive-early-tool",
             fmt::format("{} cannot read '/{}': {}", name_, from, last_words(*done)));
      world_.put_unknown(to);
    }
  }

  /// The paths of an archive by libarchive's reading; nothing if it is none.
  static std::optional<std::set<std::string>> members(const Bytes& bytes) {
    Findings damage;
    const auto archive = open_archive(memory_medium(bytes), damage);
    const auto all = archive && !damage.has("image-unreadable") ? list_all(**archive) : fail("", "");
    if (!all) return std::nullopt;
    std::set<std::string> paths;
    for (const ListedEntry& entry : *all) {
      if (entry.info.kind == NodeKind::file) paths.insert(entry.path);
    }
    return paths;
  }

  void unpack_early() {
    world_.open(command_.cwd);
    const std::string from = behind("-f", "--file");
    const auto archive = world_.known(from);
    const auto wanted = archive == nullptr ? std::nullopt : members(*archive);
    if (!wanted) return;
    const std::optional<Output> done = real(world_.files, command_.words);
    if (!done || !done->succeeded()) {
      report("lb-archive-early-tool",
             fmt::format("untar cannot read '/{}': {}", from, done ? last_words(*done) : ""));
      return;
    }
    std::size_t lost = 0;
    std::string first;
    for (const std::string& path : *wanted) {
      if (world_.exists(join_path(command_.cwd, path))) continue;
      if (lost++ == 0) first = path;
    }
    if (lost != 0)
      report("lb-archive-early-tool",
             fmt::format("untar does not make '{}' of '/{}'{}: long names and links are beyond it", first,
                         from, lost == 1 ? "" : fmt::format(" and {} more", lost - 1)));
  }

  void decompress_late() {
    for (const std::string& from : command_.inputs()) {
      const std::size_t dot = from.rfind('.');
      if (dot == std::string::npos || dot < from.rfind('/') + 1) continue;
      world_.put_unknown(from.substr(0, dot));
      const auto bytes = world_.known(from);
      if (bytes == nullptr) continue;
      const auto medium = memory_medium(*bytes);
      const auto stream = plain_stream(*medium);
      Bytes plain;
      Bytes window(std::size_t{1} << 16U);
      bool good = true;
      while (plain.size() < kMostUnpacked) {
        const auto got = stream->read(window);
        good = got.has_value();
        if (!good || *got == 0) break;
        plain.insert(plain.end(), window.begin(), window.begin() + static_cast<std::ptrdiff_t>(*got));
      }
      if (good) world_.files.put(from.substr(0, dot), std::move(plain));
    }
  }

  void unpack_late() {
    world_.open(command_.cwd);
    if (command_.words.size() < 3) return;
    const auto bytes = world_.known(command_.path(command_.words[2]));
    Findings damage;
    const auto archive = bytes == nullptr ? fail("", "") : open_archive(memory_medium(*bytes), damage);
    const auto all = archive ? list_all(**archive) : fail("", "");
    if (!all) return;
    for (const ListedEntry& entry : *all) {
      const auto contents = (*archive)->read(entry.path);
      if (contents) world_.files.put(join_path(command_.cwd, entry.path), **contents, entry.info.mode);
    }
  }

  /// The file that patch would take, by its names; empty: none that we know.
  [[nodiscard]] std::string patched_path(const PatchedFile& patched, unsigned strip, bool exists) const {
    for (const std::string_view name : {patched.old_name, patched.new_name}) {
      const std::string_view left = name.empty() ? name : strip_name(name, strip);
      if (left.empty()) continue;
      std::string path = WalkWorld::path(command_.cwd, left);
      if (!exists || world_.known(path) != nullptr) return path;
    }
    return "";
  }

  void patch() {
    const std::string from = behind("-i", "--input");
    const auto text = world_.known(from);
    if (text == nullptr) return;
    const Patch parsed = parse_patch(as_text(*text));
    const unsigned strip = strip_level(command_.words);
    for (const PatchedFile& patched : parsed.files) {
      std::string path = patched_path(patched, strip, true);
      if (path.empty() && patched.creates()) path = patched_path(patched, strip, false);
      const auto bytes = path.empty() ? nullptr : world_.known(path);
      if (path.empty() || (bytes == nullptr && !patched.creates())) continue;
      apply(patched, path, bytes == nullptr ? "" : std::string(as_text(*bytes)), from);
    }
  }

  void apply(const PatchedFile& patched, const std::string& path, const std::string& text,
             const std::string& from) {
    const PatchedText done = apply_hunks(text, patched);
    if (done.already) {
      findings_.add("lb-patch-refused", from, patched.line, fmt::format("'/{}' is changed already", path));
      return;
    }
    for (const HunkResult& hunk : done.hunks) {
      if (!hunk.applied) {
        findings_.add("lb-patch-refused", from, hunk.line,
                      fmt::format("the hunk does not fit into '/{}'", path));
      } else if (hunk.offset != 0 || hunk.fuzz != 0) {
        findings_.add(
            "lb-patch-moved", from, hunk.line,
            fmt::format("it fits into '/{}' {} lines away, with fuzz {}", path, hunk.offset, hunk.fuzz));
      }
    }
    world_.files.put(path, to_bytes(done.text));
  }

  void compile() {
    for (const std::string& input : command_.inputs()) {
      if (!world_.exists(input)) missing(input);
    }
    other_outputs();
  }

  void other_outputs() {
    for (const std::string& made : command_.outputs()) world_.put_unknown(made);
  }

  void other() {
    // Of what it does only its options tell.
    const bool makes_only_named =
        name_ == "simple-patch" || name_ == "checksum-transcriber" || name_ == "replace";
    if (!makes_only_named) world_.open(command_.cwd);
    other_outputs();
    // It may have changed what it was given.
    for (const std::string& input : command_.inputs()) {
      if (world_.known(input) != nullptr && name_ == "simple-patch" && input == command_.inputs().front())
        world_.put_unknown(input);
    }
    const std::string replaced = name_ == "replace" ? behind("-o", "--output") : "";
    if (!replaced.empty()) world_.put_unknown(replaced);
  }

  const StepCommand& command_;
  const std::string& script_;
  WalkWorld& world_;
  Findings& findings_;
  std::string name_;
};

}  // namespace

void run_tool(const StepCommand& command, const std::string& script, WalkWorld& world, Findings& findings) {
  Command(command, script, world, findings).run();
}

}  // namespace assay::image

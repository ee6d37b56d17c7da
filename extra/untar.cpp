// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// untar: the members of tar archives, as files below the current directory.
//
// The name is the header's first 100 bytes, and where these hold no NUL it runs on into the next
// fields; the ustar prefix, pax headers and GNU long names are not understood. Each member is written as it
// comes; only one thing of the real untar is refused: writing outside the current directory, be it by
// an absolute name, by ".." or through a link.
#include <fmt/format.h>
#include <algorithm>

#include "extra/run.h"

namespace assay::extra {
namespace {

constexpr std::size_t kBlock = 512;

/// The first run of octal digits among the first `room` bytes of `field`; one more byte may be looked
/// at, as the real one does, but not used.
std::uint64_t octal(std::string_view field, std::size_t room) {
  field = field.substr(0, room);
  std::uint64_t value = 0;
  const auto is_octal = [](char c) { return c >= '0' && c <= '7'; };
  auto at = std::find_if(field.begin(), field.end(), is_octal);
  for (; at != field.end() && is_octal(*at); ++at) value = value * 8 + static_cast<std::uint64_t>(*at - '0');
  return value;
}

struct Header {
  std::string_view block;

  [[nodiscard]] std::string name() const { return std::string(block.substr(0, block.find('\0'))); }
  [[nodiscard]] std::string link() const {
    const std::string_view field = block.substr(157, 100);
    return std::string(field.substr(0, field.find('\0')));
  }
  [[nodiscard]] std::uint32_t mode() const { return static_cast<std::uint32_t>(octal(block.substr(100), 8)); }
  [[nodiscard]] std::uint64_t size() const { return octal(block.substr(124), 12); }
  [[nodiscard]] char type() const { return block[156]; }
  [[nodiscard]] bool is_end() const { return block.find_first_not_of('\0') == std::string_view::npos; }
  /// Bytes count as signed, so a name beyond ASCII fails.
  [[nodiscard]] bool checksum_is_right() const {
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < kBlock; ++i) {
      sum += i >= 148 && i < 156 ? ' ' : static_cast<signed char>(block[i]);
    }
    return sum == static_cast<std::int64_t>(octal(block.substr(148), 8));
  }
};

struct Refused {
  char type;
  std::string_view plural;  ///< in the strict message
  std::string_view single;
};

constexpr Refused kRefused[] = {{'1', "hardlinks", "hardlink"},
                                {'3', "character devices", "character device"},
                                {'4', "block devices", "block device"},
                                {'6', "FIFO", "FIFO"}};

struct Modes {
  bool verbose = false;
  bool strict = true;
  bool fuzzing = false;
};

class Extraction {
 public:
  Extraction(Run& run, const Modes& modes, std::string path, ByteView archive)
      : run_(run), modes_(modes), path_(std::move(path)), rest_(as_text(archive)) {}

  /// Whether the archive ended well; nothing if the whole run ended.
  std::optional<bool> extract() {
    if (modes_.verbose) run_.out(fmt::format("Extracting from {}\n", path_));
    while (true) {
      const std::string_view block = next_block();
      if (block.size() < kBlock) {
        run_.err(fmt::format("Short read on {}: expected 512, got {}\n", path_, block.size()));
        return false;
      }
      const Header header{block};
      if (header.is_end()) {
        if (modes_.verbose) run_.out(fmt::format("End of {}\n", path_));
        return true;
      }
      if (!header.checksum_is_right()) {
        run_.err("Checksum failure\n");
        return false;
      }
      std::unique_ptr<Writer> file;
      if (!member(header, file)) return std::nullopt;
      if (header.type() != '5' && !contents(header.size(), std::move(file))) return false;
    }
  }

  /// Whether contents could not be written, which the real untar does not count as an error.
  [[nodiscard]] bool lost() const { return lost_; }
  /// How the run ended.
  Output end() { return std::move(*end_); }

 private:
  std::string_view next_block() {
    const std::string_view block = rest_.substr(0, kBlock);
    rest_.remove_prefix(block.size());
    return block;
  }

  /// Makes a member without its contents; false ends the run.
  bool member(const Header& header, std::unique_ptr<Writer>& file) {
    const std::string name = header.name();
    if (name == "././@LongLink") return fail("unable to create long symlink\n");
    const auto* const refused = std::find_if(std::begin(kRefused), std::end(kRefused),
                                             [&](const Refused& row) { return row.type == header.type(); });
    if (refused != std::end(kRefused)) {
      if (modes_.strict) return fail(fmt::format("unable to create {}\n", refused->plural));
      run_.out(fmt::format(" Ignoring {} {}\n", refused->single, name));
      return true;
    }
    const bool directory = header.type() == '5';
    const bool link = header.type() == '2';
    if (modes_.verbose) run_.out(fmt::format(" Extracting {} {}\n", directory ? "dir" : "file", name));
    if (modes_.fuzzing) return true;
    if (!run_.world.stays_inside(name, directory || link ? LastLink::keep : LastLink::follow)) {
      end_ = run_.refuse(kUntarEscape,
                         fmt::format("{}: member '{}' leads out of the current directory", path_, name));
      return false;
    }
    if (link) return make_link(header, name);
    if (directory) {
      make_directory(name, header.mode());
    } else {
      file = make_file(name);
    }
    return true;
  }

  bool make_link(const Header& header, const std::string& name) {
    if (run_.world.make_link(header.link(), name)) return true;
    run_.err("Failed to create symlink\n");
    if (modes_.strict) end_ = run_.exit(1);
    return !modes_.strict;
  }

  void make_directory(const std::string& name, std::uint32_t mode) {
    make_directories(run_.world, name, mode, true, 0755, [this](const std::string& path) {
      run_.err(fmt::format("Could not create directory {}\n", path));
    });
  }

  std::unique_ptr<Writer> make_file(const std::string& name) {
    std::unique_ptr<Writer> file = run_.world.create(name, 0600);
    const std::size_t slash = name.rfind('/');
    if (file != nullptr || slash == std::string::npos) return file;
    std::string parent = name.substr(0, slash);
    make_directory(parent, 0755);
    // A slash that the parent ended with is dropped for good, and with it the rest of the name.
    return run_.world.create(parent.ends_with('/') ? parent.substr(0, slash - 1) : name, 0600);
  }

  /// Moves past the contents, into `file` if there is one; false at a premature end of the archive.
  bool contents(std::uint64_t size, std::unique_ptr<Writer> file) {
    while (size > 0) {
      const std::string_view block = next_block();
      if (block.size() < kBlock) {
        run_.err(fmt::format("Short read on {}: Expected 512, got ", path_));
        run_.out(fmt::format("{}\n", block.size()));
        return false;
      }
      const std::uint64_t used = std::min<std::uint64_t>(size, kBlock);
      if (file != nullptr && !file->write(as_bytes(block.substr(0, used)))) {
        run_.err("Failed write\n");
        lost_ = true;
        file = nullptr;
      }
      size -= used;
    }
    return true;
  }

  bool fail(std::string_view text) {
    end_ = run_.fail(text);
    return false;
  }

  Run& run_;
  const Modes& modes_;
  std::string path_;
  std::string_view rest_;
  bool lost_ = false;
  std::optional<Output> end_;
};

struct Archive {
  std::string path;
  Input input;
};

/// The words, with the archives opened on the way.
std::optional<Output> parse(Run& run, Modes& modes, std::vector<Archive>& archives) {
  const std::span<const std::string> words = run.words();
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (word == "-f" || word == "--file") {
      if (++i == words.size()) return run.fail("the --file option requires a filename to be given\n");
      archives.push_back({words[i], run.world.open(words[i])});
      if (auto end = run.unusable(archives.back().input, words[i], kUntarCrashInput)) return end;
      if (archives.back().input.kind != Input::Kind::missing) continue;
      run.err(fmt::format("Unable to open {}\n", words[i]));
      if (modes.strict) return run.exit(1);
    } else if (word == "--chaos" || word == "--fuzz-mode" || word == "--fuzzing") {
      modes.fuzzing = true;
      run.err("fuzz-mode enabled, preparing for chaos\n");
    } else if (word == "-v" || word == "--verbose") {
      modes.verbose = true;
    } else if (word == "--non-strict" || word == "--bad-decisions-mode" || word == "--drunk-mode") {
      modes.strict = false;
      run.err("non-strict mode enabled, preparing for chaos\n");
    } else if (word == "-h" || word == "--help") {
      run.err(
          fmt::format("Usage: {} --file $input.gz\n--verbose to print list of extracted files\n--help to "
                      "get this message\n--fuzz-mode if you wish to fuzz this application "
                      "safely\n--non-strict if you wish to just ignore files not existing\n",
                      run.name()));
      return run.exit(0);
    } else {
      return run.fail(fmt::format("Unknown option:{}\nAborting to avoid problems\n", word));
    }
  }
  return std::nullopt;
}

}  // namespace

Output untar(const Arguments& arguments, World& world, DiagnosticSink& sink) {
  Run run(arguments, world, sink);
  Modes modes;
  std::vector<Archive> archives;
  if (std::optional<Output> end = parse(run, modes, archives)) return std::move(*end);
  bool lost = false;
  for (auto archive = archives.rbegin(); archive != archives.rend(); ++archive) {
    const auto& [path, input] = *archive;
    if (input.kind == Input::Kind::missing) {
      return run.crash(kUntarCrashInput, fmt::format("'{}' is missing, the real untar crashes", path));
    }
    Extraction extraction(run, modes, path, input.bytes());
    const std::optional<bool> good = extraction.extract();
    if (!good) return extraction.end();
    run.err(fmt::format("The extraction of {} {}\n", path, *good ? "was successful" : "produced errors"));
    lost = lost || extraction.lost();
    if (input.kind == Input::Kind::stream) return run.exit(1);
  }
  return lost ? run.refuse(kWriteFailed, "not every file could be written") : run.exit(0);
}

}  // namespace assay::extra

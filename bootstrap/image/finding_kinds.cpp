// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "bootstrap/image/finding_kinds.h"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <cassert>

namespace assay::image {
namespace {

constexpr auto kError = Severity::error;
constexpr auto kWarning = Severity::warning;
constexpr auto kNote = Severity::note;

// clang-format off
constexpr std::array kKinds{
    // The boot sector and stage2.
    DiagnosticKind{"image-boot-signature", kError, "a BIOS boots a sector that ends in 55 AA only"},
    DiagnosticKind{"image-boot-entry", kWarning, "some BIOSes switch quirks on unless the sector begins with 33 C0"},
    DiagnosticKind{"image-boot-disk-id", kWarning, "some BIOSes want a disk id other than zero at byte 440"},
    DiagnosticKind{"image-boot-partition", kWarning, "some BIOSes boot a disk with one active partition entry only"},
    DiagnosticKind{"image-boot-sector-unknown", kWarning, "compare it with sources you trust: --sources DIR re-assembles those in DIR/builder-hex0"},
    DiagnosticKind{"image-boot-sector-differs", kError, "somebody changed the boot sector or it was made from other sources"},
    DiagnosticKind{"image-stage2-unknown", kNote, "read it before you boot it, or compare it with --sources DIR"},
    DiagnosticKind{"image-stage2-differs", kError, "the stage2 text is not the one of the given sources"},
    DiagnosticKind{"image-stage2-unterminated", kError, "stage1 stops at a NUL byte only: put one behind the text"},
    DiagnosticKind{"image-stage2-no-padding", kError, "a text of whole sectors needs one more sector of NUL bytes: stage1 compiles on into the stream"},
    DiagnosticKind{"image-stage2-open-comment", kError, "end the last line of stage2 with a line feed: stage1 skips a comment for ever"},
    DiagnosticKind{"image-stage2-too-large", kError, "stage1 writes with a 16-bit pointer from 0:7E00; it wraps at 33,280 bytes"},
    DiagnosticKind{"image-sector-constant", kError, "the kernel reads its commands from the sector that is a constant in stage2: change it with the text's size"},
    DiagnosticKind{"image-sector-constant-missing", kWarning, "stage2 holds no known instruction that sets the stream's sector; it was taken to follow the text"},
    // The stream.
    DiagnosticKind{"image-stream-unterminated", kError, "the stream ends at a NUL byte where a command should begin; pad the image with zeros"},
    DiagnosticKind{"image-stream-truncated", kError, "the medium ends inside a file of the stream; the size is wrong or the image was cut"},
    DiagnosticKind{"image-stream-header", kError, "a command is one line of less than 2,048 bytes"},
    DiagnosticKind{"image-stream-too-long", kError, "no machine holds so many files; this is not a stream"},
    DiagnosticKind{"image-stream-out-of-step", kError, "the kernel is no longer at a command: the size of a file before is wrong"},
    DiagnosticKind{"image-stream-blank-line", kError, "the kernel takes the next line for the name of a program: remove the blank line"},
    DiagnosticKind{"image-reserved-letter", kError, "the kernel looks at the first letter only: s, h and f are taken; write a path in front of the name"},
    DiagnosticKind{"image-size-not-number", kError, "the kernel takes any byte for a digit and counts in 32 bits"},
    DiagnosticKind{"image-carriage-return", kError, "the kernel takes the carriage return for a part of the name: use line feeds only"},
    DiagnosticKind{"image-name-space", kNote, "initramfs lists of later steps are separated by blanks"},
    DiagnosticKind{"image-command-space", kError, "hex0 and programs take names without blanks only"},
    DiagnosticKind{"image-name-not-ascii", kWarning, "later file systems and scripts may read these bytes differently"},
    DiagnosticKind{"image-name-too-long", kError, "the kernel keeps 1,023 bytes of a name"},
    DiagnosticKind{"image-name-dot", kWarning, "the kernel drops the dot and the letter behind it from a name that begins with a dot"},
    DiagnosticKind{"image-argument-too-long", kError, "execve copies 255 bytes of an argument"},
    DiagnosticKind{"image-parent-missing", kError, "without its directory the file's bytes go to the console and the file does not exist"},
    DiagnosticKind{"image-parent-file", kWarning, "an empty file is a directory to the kernel, a file with bytes cannot be entered"},
    DiagnosticKind{"image-name-twice", kWarning, "each takes an entry; the last one hides those before"},
    DiagnosticKind{"image-empty-file", kNote, "an empty file and a directory are the same thing to the kernel"},
    DiagnosticKind{"image-hex0-input-missing", kError, "the kernel writes an empty file and goes on"},
    DiagnosticKind{"image-hex0-source", kError, "the hex0 text does not end where it should"},
    DiagnosticKind{"image-program-missing", kError, "the kernel jumps into nothing: make the program by src or hex0 before"},
    DiagnosticKind{"image-program-not-elf", kError, "execve copies program headers without looking for them"},
    DiagnosticKind{"image-argument-file-missing", kWarning, "the program will find no such file"},
    DiagnosticKind{"image-no-program", kWarning, "without a program nothing is built"},
    DiagnosticKind{"image-entries", kError, "the 14,333rd entry overwrites where the stream is read"},
    DiagnosticKind{"image-entries-many", kWarning, "each file that is made later takes an entry too, and none is ever given back"},
    DiagnosticKind{"image-entries-predicted", kError, "leave sources out or unpack less before Fiwix starts: the 14,333rd name overwrites where the stream is read"},
    DiagnosticKind{"image-entries-forecast", kNote, "no name is ever given back; the replay counts them"},
    // The medium.
    DiagnosticKind{"image-tail-read", kError, "the kernel reads 64 sectors at a time: add zeros behind the image"},
    DiagnosticKind{"image-beyond-1gib", kError, "the first partition begins at 1 GiB of the same disk: keep the stream below it"},
    DiagnosticKind{"image-medium-small", kNote, "DISK names the whole disk: it must be larger than 1 GiB where the image is booted"},
    DiagnosticKind{"image-payload-budget", kError, "files, everything written and the ext2 image of Fiwix share 1,744,830,464 bytes"},
    DiagnosticKind{"image-payload-large", kWarning, "330 MB are left for sources and everything built until Fiwix starts"},
    DiagnosticKind{"image-bytes-after-stream", kWarning, "nothing reads them: find out what they are"},
    DiagnosticKind{"image-gap-not-zero", kWarning, "nothing reads these bytes: find out what they are"},
    DiagnosticKind{"image-unknown-bytes", kWarning, "they are not text, and no sources file lists their digest"},
    DiagnosticKind{"image-unreadable", kError, "the medium or archive could not be read to its end"},
    DiagnosticKind{"image-partition-bounds", kError, "a partition must lie inside the medium and apart from others"},
    DiagnosticKind{"image-filesystem", kError, "the file system is damaged; e2fsck -n tells more"},
    DiagnosticKind{"image-entry-unsafe", kError, "a name must stay inside the tree: no '..', no absolute path, no part below a link"},
    DiagnosticKind{"image-behind-end", kWarning,
                   "archives one behind the other? tar unpacks the first alone, a kernel or tar -i all: check each by itself"},
    DiagnosticKind{"image-entry-special", kNote, "devices, pipes and sockets are not extracted"},
    DiagnosticKind{"image-limit", kError, "the image is larger than anything a bootstrap needs: a bomb, or damaged"},
    // live-bootstrap.
    DiagnosticKind{"lb-manifest-directive", kError, "build:, improve:, define:, jump: and uninstall: are known; the generator aborts in the guest"},
    DiagnosticKind{"lb-manifest-token", kError, "words are separated by single blanks"},
    DiagnosticKind{"lb-manifest-tab", kError, "a tab is part of a word; words are separated by single blanks"},
    DiagnosticKind{"lb-manifest-token-long", kError, "the generator has 64 bytes for a word"},
    DiagnosticKind{"lb-manifest-predicate", kError, "a predicate is ( NAME == value ) or !=, joined by && or ||"},
    DiagnosticKind{"lb-manifest-bare-word", kWarning, "a word alone is a constant, true only if it is True: write ( NAME == True )"},
    DiagnosticKind{"lb-manifest-mixed", kWarning, "&& and || have no precedence and group to the right"},
    DiagnosticKind{"lb-manifest-variable", kWarning, "an unset variable is the empty text: set it in bootstrap.cfg or by define:"},
    DiagnosticKind{"lb-manifest-define", kError, "define: NAME = value or define: NAME = ( predicate )"},
    DiagnosticKind{"lb-config-missing", kWarning, "rootfs.py writes steps/bootstrap.cfg; a tree without it cannot be booted"},
    DiagnosticKind{"lb-config-line", kError, "every line is NAME=value; the configurator crashes on others"},
    DiagnosticKind{"lb-config-line-long", kError, "the configurator reads 2,047 bytes of a line"},
    DiagnosticKind{"lb-config-twice", kWarning, "the generator takes the first"},
    DiagnosticKind{"lb-config-update-checksums", kWarning, "no digest is checked then"},
    DiagnosticKind{"lb-config-mirrors", kError, "MIRRORS_LEN counts the words of MIRRORS"},
    DiagnosticKind{"lb-config-disk", kWarning, "DISK must fit the kind of image"},
    DiagnosticKind{"lb-config-empty", kError, "the configurator crashes on an empty file"},
    DiagnosticKind{"lb-step-missing", kError, "the manifest builds a package that has no directory in steps/"},
    DiagnosticKind{"lb-pass-missing", kError, "a kaem step needs its passN.kaem"},
    DiagnosticKind{"lb-pass-unused", kNote, "no directive of the manifest runs it"},
    DiagnosticKind{"lb-step-unused", kNote, "no directive of the manifest builds it"},
    DiagnosticKind{"lb-script-missing", kError, "the manifest names a script that does not exist"},
    DiagnosticKind{"lb-script-unused", kNote, "no directive of the manifest names it"},
    DiagnosticKind{"lb-sources-line", kError, "f URL SHA256 [NAME] or g REPOSITORY URL|_ SHA256 [NAME]"},
    DiagnosticKind{"lb-sources-digest", kError, "a SHA-256 digest is 64 lower-case hexadecimal digits"},
    DiagnosticKind{"lb-sources-name", kError, "a line with '_' for its URL needs a name"},
    DiagnosticKind{"lb-sources-collision", kError, "one file name stands for two digests"},
    DiagnosticKind{"lb-sources-alternative", kWarning, "alternatives for one file need one name: write it as the last word"},
    DiagnosticKind{"lb-sources-tls", kNote, "give an http source as well: until curl has TLS only a mirror has the file"},
    DiagnosticKind{"lb-distfile-missing", kError, "download it before you boot"},
    DiagnosticKind{"lb-distfile-digest", kError, "the file is not the one that the sources file lists: download it again"},
    DiagnosticKind{"lb-distfile-magic", kError, "the file is not of the kind that its name says: an error page or a stub?"},
    DiagnosticKind{"lb-distfile-unused", kNote, "no sources file of the manifest lists it"},
    DiagnosticKind{"lb-distfile-unlisted", kError, "list it in the sources of the step, or mend the name"},
    DiagnosticKind{"lb-early-not-closed", kError, "list it in the sources of a step before the network is up: it is not packed otherwise"},
    DiagnosticKind{"lb-distfile-later", kWarning, "list it in the sources of this step too: its digest is not checked here"},
    DiagnosticKind{"lb-distfiles-absent", kNote, "no distfiles directory: presence and digests were not checked"},
    DiagnosticKind{"lb-checksum-line", kError, "64 hexadecimal digits, two blanks, a name"},
    DiagnosticKind{"lb-checksum-uncovered", kNote, "add it to the .checksums of the step"},
    DiagnosticKind{"lb-result-unverified", kWarning, "end the step with sha256sum -c of its .checksums"},
    DiagnosticKind{"lb-packages-missing", kError, "the guest aborts when it has built a package without a digest"},
    DiagnosticKind{"lb-packages-stale", kNote, "no directive builds it"},
    DiagnosticKind{"lb-unverified-unpack", kWarning, "check the digest before unpacking: checksum-transcriber sources, sha256sum -c"},
    DiagnosticKind{"lb-input-missing", kError, "add the file to the step, or mend the name"},
    DiagnosticKind{"lb-command-missing", kError, "build it in an earlier step, or mend the name"},
    DiagnosticKind{"lb-command-dropped", kError, "the interpreter skips it without a word: what stands there never runs"},
    DiagnosticKind{"lb-directory-missing", kError, "make the directory before cd enters it"},
    DiagnosticKind{"lb-tool-fails", kError, "the script ends there: the real tool fails at this command"},
    DiagnosticKind{"lb-archive-early-tool", kError, "this archive is beyond the small tool that unpacks it: pack it again without long names, links or newer methods, or unpack it after tar is built"},
    DiagnosticKind{"lb-patch-hunk", kError, "patch refuses the file: make it again"},
    DiagnosticKind{"lb-patch-path", kError, "a patch names files below the source directory only"},
    DiagnosticKind{"lb-patch-strip", kError, "patch finds no file: take a smaller -p"},
    DiagnosticKind{"lb-patch-target", kError, "patch finds no file: mend the name or the level of -p, or list the archive"},
    DiagnosticKind{"lb-patch-refused", kError, "patch fails there: make the patch again for this very source"},
    DiagnosticKind{"lb-patch-moved", kNote, "patch takes it all the same"},
    DiagnosticKind{"lb-patch-empty", kWarning, "a patch has lines that begin with ---, +++ and @@"},
    DiagnosticKind{"lb-no-seeds", kError, "bootstrap-seeds/POSIX/ARCH holds hex0-seed and kaem-optional-seed, beside kaem.ARCH: without them nothing can be built"},
    DiagnosticKind{"lb-file-missing", kError, "the tree cannot boot without it"},
    // The replay.
    DiagnosticKind{"boot-failed", kError, "the kernel prints \"Build finished.\" all the same: only the console tells"},
    DiagnosticKind{"boot-other-command", kWarning, "steps from here on are not compared with the reference road"},
    DiagnosticKind{"boot-no-chain", kWarning, "no step can be compared with the reference road: x86 images start the seed of kaem with /kaem.x86"},
    DiagnosticKind{"boot-near-limit", kWarning, "the kernel checks none of its limits"},
    DiagnosticKind{"boot-other-kernel", kWarning, "what was played is revision b8a2047: what this image does may be something else. Pack it with that builder-hex0"},
    DiagnosticKind{"boot-memory-fault", kError, "the program does this to itself; on the real machine nothing catches it"},
    DiagnosticKind{"boot-unknown-instruction", kError, "the program does this to itself; on the real machine nothing catches it"},
    DiagnosticKind{"boot-arithmetic-fault", kError, "the program does this to itself; on the real machine nothing catches it"},
    DiagnosticKind{"boot-breakpoint", kError, "the program does this to itself; on the real machine nothing catches it"},
    DiagnosticKind{"boot-missing-program", kError, "the kernel jumps into nothing: the program must exist before it is called"},
    DiagnosticKind{"boot-bad-program", kError, "the kernel copies program headers without looking for them"},
    DiagnosticKind{"boot-process-area", kError, "a program asks for memory beyond 2FFFFFFF, where saved processes lie"},
    DiagnosticKind{"boot-heap-shrinks", kError, "a brk below the last one makes the kernel clear all memory"},
    DiagnosticKind{"boot-no-arguments", kError, "execve needs argv[0]"},
    DiagnosticKind{"boot-no-environment", kError, "execve needs a list of variables, even an empty one"},
    DiagnosticKind{"boot-fork-twice", kError, "one child lives at a time: execve or exit before the next fork"},
    DiagnosticKind{"boot-execve-in-place", kError, "the kernel hangs or runs on ruins there: take builder-hex0 of January 2024 (e134ac7) or later"},
    DiagnosticKind{"boot-unopened-write", kError, "the kernel writes into its own memory"},
    DiagnosticKind{"boot-file-area-low", kError, "a seek before the start of a file leaves the files"},
    DiagnosticKind{"boot-command-too-long", kError, "a name in the stream leaves its buffer"},
    DiagnosticKind{"boot-path-too-long", kError, "a path leaves its buffer"},
    DiagnosticKind{"boot-endless-comment", kError, "end the last line of a hex0 source with a line feed"},
    DiagnosticKind{"boot-disk-end", kError, "the kernel reads 64 sectors at a time and tries for ever: add zeros behind the image"},
    DiagnosticKind{"boot-limit-names", kError, "the kernel checks none of its limits: it overwrites its own memory"},
    DiagnosticKind{"boot-limit-file-bytes", kError, "the kernel checks none of its limits: it overwrites its own memory"},
    DiagnosticKind{"boot-limit-saved-bytes", kError, "the kernel checks none of its limits: it overwrites its own memory"},
    DiagnosticKind{"boot-limit-descriptors", kError, "the kernel checks none of its limits: it overwrites its own memory"},
    DiagnosticKind{"boot-limit-processes", kError, "the kernel checks none of its limits: it overwrites its own memory"},
    DiagnosticKind{"boot-limit-instructions", kWarning, "our limit, not the machine's: the boot was not followed further"},
    DiagnosticKind{"boot-limit-programs", kWarning, "our limit, not the machine's: the boot was not followed further"},
    DiagnosticKind{"boot-limit-console", kWarning, "our limit, not the machine's: the boot was not followed further"},
    DiagnosticKind{"boot-limit-file-memory", kWarning, "our limit, not the machine's: the boot was not followed further"},
    DiagnosticKind{"boot-cancelled", kWarning, "the run was stopped: the boot was not followed further"},
    DiagnosticKind{"boot-ignored-call", kNote, "the call returns 0 and nothing happens"},
    DiagnosticKind{"boot-call-above-255", kNote, "only the lowest eight bits of the number count"},
    DiagnosticKind{"boot-wait-in-child", kNote, "the kernel has no such child"},
    DiagnosticKind{"boot-waitpid-result", kNote, "callers that compare it with the process fail"},
    DiagnosticKind{"boot-wait4-status", kNote, "a failure of the child is not seen: check what it made"},
    DiagnosticKind{"boot-dot-name", kNote, "give files names that do not begin with a dot"},
    DiagnosticKind{"boot-long-path", kNote, "the kernel keeps 1,023 bytes of a name"},
    DiagnosticKind{"boot-made-again", kNote, "each takes an entry, and none is given back"},
    DiagnosticKind{"boot-no-truncation", kNote, "old bytes behind the new ones stay"},
    DiagnosticKind{"boot-null-status", kNote, "the kernel writes to address 0"},
    DiagnosticKind{"boot-reads-stream", kNote, "the bytes are commands of the image"},
    DiagnosticKind{"boot-unopened-read", kNote, "the program sees an empty file"},
    DiagnosticKind{"boot-older-file-grows", kWarning, "only the newest file may grow: the next one is overwritten"},
    DiagnosticKind{"boot-unopened-console", kNote, "the bytes are lost"},
    DiagnosticKind{"boot-unopened-seek", kNote, "nothing happens"},
    DiagnosticKind{"boot-no-elf-file", kWarning, "the kernel copies program headers without looking for them"},
    DiagnosticKind{"boot-long-argument", kNote, "execve copies 255 bytes of an argument"},
    DiagnosticKind{"boot-child-exit", kNote, "the parent ends with the child"},
    DiagnosticKind{"boot-shell-descriptors", kNote, "the kernel's table is smaller than what the stream opens"},
    DiagnosticKind{"boot-no-directory", kWarning, "make the directory before the file"},
    DiagnosticKind{"boot-missing-source", kWarning, "the kernel writes an empty file and goes on"},
    // How many more there were.
    DiagnosticKind{"image-more-findings", kNote, "mend the first ones and run again"},
};
// clang-format on

}  // namespace

std::span<const DiagnosticKind> kinds() { return kKinds; }

const DiagnosticKind& kind_of(std::string_view id) {
  const auto* found =
      std::find_if(kKinds.begin(), kKinds.end(), [&](const DiagnosticKind& kind) { return kind.id == id; });
  assert(found != kKinds.end());
  return found == kKinds.end() ? kKinds.back() : *found;
}

void Findings::add(std::string_view id, std::string file, std::uint64_t line, std::string message,
                   std::uint64_t column) {
  if (++counts_[std::string(id)] > kMaxFindingsOfAKind) return;
  const DiagnosticKind& kind = kind_of(id);
  all_.push_back({std::string(kind.id), kind.severity, std::move(file), line, column, std::move(message),
                  std::string(kind.help)});
}

std::size_t Findings::count(std::string_view id) const {
  const auto found = counts_.find(id);
  return found == counts_.end() ? 0 : found->second;
}

std::vector<Finding> Findings::finish() && {
  const auto counts = counts_;
  for (const auto& [id, count] : counts) {
    if (count > kMaxFindingsOfAKind)
      add("image-more-findings", "", 0, fmt::format("{} more findings {}", count - kMaxFindingsOfAKind, id));
  }
  return std::move(all_);
}

}  // namespace assay::image

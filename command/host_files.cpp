// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "command/host_files.h"

namespace assay {

Result<void> write_host_file(const std::string& path, ByteView bytes, OutputOptions options) {
  Result<OutputFile> file = OutputFile::create(path, options);
  if (!file) return tl::unexpected<Error>(file.error());
  file->write(bytes);
  return file->commit();
}

}  // namespace assay

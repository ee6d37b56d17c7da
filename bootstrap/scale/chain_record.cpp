// SPDX-FileCopyrightText: 2026 The Assay authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A CBOR document. Each structure is an array of its fields, in their order: what takes a structure apart is
// written once, and serves writing and reading. A field that somebody adds to one does not compile here.
#include "bootstrap/scale/chain_record.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace assay::bootstrap {
namespace {

using nlohmann::json;

constexpr std::string_view kFormat = "assay chain record 1, assay " ASSAY_VERSION;

template <class Visit>
void fields(FileDigest& of, Visit visit) {
  auto& [path, digest, size, mode] = of;
  visit(path, digest, size, mode);
}

template <class Visit>
void fields(Position& of, Visit visit) {
  auto& [line, column] = of;
  visit(line, column);
}

template <class Visit>
void fields(Divergence& of, Visit visit) {
  auto& [path, offset, address, seed, reference, seed_mode, reference_mode, seed_state, reference_state,
         source_path, source_position, source_line] = of;
  visit(path, offset, address, seed, reference, seed_mode, reference_mode, seed_state, reference_state,
        source_path, source_position, source_line);
}

template <class Visit>
void fields(RoadFile& of, Visit visit) {
  auto& [path, bytes, mode] = of;
  visit(path, bytes, mode);
}

template <class Visit>
void fields(StepResult& of, Visit visit) {
  auto& [command, by, verdict, kept, inputs, outputs, seed_files, reference_files, instructions, seconds,
         divergence, failure, standard_output, standard_error, fault_path, fault_position, fault_line] = of;
  kept = false;
  seconds = 0;
  visit(command, by, verdict, inputs, outputs, seed_files, reference_files, instructions, divergence, failure,
        standard_output, standard_error, fault_path, fault_position, fault_line);
}

template <class Visit>
void fields(Finding& of, Visit visit) {
  auto& [id, severity, file, line, column, message, help] = of;
  visit(id, severity, file, line, column, message, help);
}

template <class Visit>
void fields(Command& of, Visit visit) {
  // A description stays with its tree.
  auto& [script, line, role, known, telling, sources, program, described, built_by, argv, env, cwd,
         standard_input, inputs, outputs, interprets, parent, part_of, replaces, asks] = of;
  visit(script, line, role, known, telling, sources, program, built_by, argv, env, cwd, standard_input,
        inputs, outputs, interprets, parent, part_of, replaces, asks);
}

template <class Visit>
void fields(Chain& of, Visit visit) {
  auto& [architecture, commands, findings, findings_at, cut, ended] = of;
  visit(architecture, commands, findings, findings_at, cut, ended);
}

template <class Visit>
void fields(Answers& of, Visit visit) {
  auto& [ok, total] = of;
  visit(ok, total);
}

template <class Visit>
void fields(Pin& of, Visit visit) {
  auto& [list, line, path, wanted, seed, reference, verdict, step] = of;
  visit(list, line, path, wanted, seed, reference, verdict, step);
}

template <class Visit>
void fields(Pins& of, Visit visit) {
  auto& [rows, later, unpinned] = of;
  visit(rows, later, unpinned);
}

template <class Visit>
void fields(ChainResult& of, Visit visit) {
  auto& [chain, verdict, steps, answers, answers_decide, pins, until, findings, instructions, peak_memory,
         seconds] = of;
  seconds = 0;
  visit(chain, verdict, steps, answers, answers_decide, pins, until, findings, instructions, peak_memory);
}

template <class Visit>
void fields(ChainRecord& of, Visit visit) {
  auto& [result, sources] = of;
  visit(result, sources);
}

template <class Value>
json write(Value& value);
template <class Value>
void read(const json& from, Value& value);

json write_value(const Architecture*& arch) { return arch->name; }
void read_value(const json& from, const Architecture*& arch) {
  arch = find_architecture(from.get<std::string>());
  if (arch == nullptr) throw std::out_of_range("architecture");
}

json write_value(const std::shared_ptr<const Bytes>& bytes) {
  return bytes == nullptr ? json() : json::binary(*bytes);
}
void read_value(const json& from, std::shared_ptr<const Bytes>& bytes) {
  if (!from.is_null()) bytes = std::make_shared<const Bytes>(from.get_binary());
}

template <class Value>
json write_value(std::optional<Value>& value) {
  return value ? json::array({write(*value)}) : json();
}
template <class Value>
void read_value(const json& from, std::optional<Value>& value) {
  if (!from.is_null()) read(from.at(0), value.emplace());
}

template <class Value>
json write_value(std::vector<Value>& values) {
  json list = json::array();
  for (Value& value : values) list.push_back(write(value));
  return list;
}
template <class Value>
void read_value(const json& from, std::vector<Value>& values) {
  for (const json& one : from) read(one, values.emplace_back());
}

json write_value(Digests& digests) { return json(digests); }
void read_value(const json& from, Digests& digests) {
  for (const auto& [path, digest] : from.items()) digests.emplace(path, digest.get<std::string>());
}

template <class Value>
concept Plain = std::is_integral_v<Value> || std::is_enum_v<Value> || std::is_same_v<Value, std::string>;

template <class Value>
json write(Value& value) {
  if constexpr (Plain<Value>) {
    return value;
  } else if constexpr (requires { write_value(value); }) {
    return write_value(value);
  } else {
    json list = json::array();
    fields(value, [&list](auto&... field) { (list.push_back(write(field)), ...); });
    return list;
  }
}

template <class Value>
void read(const json& from, Value& value) {
  if constexpr (Plain<Value>) {
    from.get_to(value);
  } else if constexpr (requires { read_value(from, value); }) {
    read_value(from, value);
  } else {
    std::size_t at = 0;
    fields(value, [&](auto&... field) { (read(from.at(at++), field), ...); });
    if (at != from.size()) throw std::out_of_range("fields");
  }
}

void replace_all(std::string& text, std::string_view what, const std::string& by) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += by.size())
    text.replace(at, what.size(), by);
}

}  // namespace

Bytes write_record(const ChainRecord& record) {
  ChainRecord copy = record;
  return json::to_cbor(json::array({kFormat, write(copy)}));
}

Result<ChainRecord> read_record(ByteView bytes, const std::string& tree_path) {
  ChainRecord record;
  try {
    const json document = json::from_cbor(bytes.begin(), bytes.end());
    if (document.at(0) != kFormat)
      return fail("record-malformed", fmt::format("the record is no '{}'", kFormat));
    read(document.at(1), record);
    for (const StepResult& step : record.result.steps) (void)record.result.chain.commands.at(step.command);
  } catch (const std::exception&) {
    return fail("record-malformed", "the record of a chain is damaged");
  }
  for (Finding& finding : record.result.findings) {
    replace_all(finding.message, kRecordedTree, tree_path);
    replace_all(finding.help, kRecordedTree, tree_path);
  }
  return record;
}

Result<void> check_sources(const ChainRecord& record, const FileTree& tree) {
  TreeDigests digests(tree);
  for (const auto& [path, digest] : record.sources) {
    if (digests.of(path) != digest)
      return fail("record-of-other-tree",
                  fmt::format("the record was made of another '{}' than the tree holds", path));
  }
  if (sources_of(record.result, digests) != record.sources)
    return fail("record-of-other-tree", "the record was made of fewer files than the tree holds");
  return {};
}

}  // namespace assay::bootstrap

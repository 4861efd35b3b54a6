#include "client/filing/sample.h"

#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
#include "client/filing/csv_file.h"
#include "core/base/hex.h"
#include "core/base/limits.h"
#include "core/base/text.h"
#include "core/registry/values/personal_data.h"
#include "nlohmann/json.hpp"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;

// One record as named cells.
struct Row {
  std::vector<std::string> names;  // JSON only
  std::vector<std::string> cells;
};

std::optional<Row> ReadCsvRow(const std::string& record) {
  auto cells = ParseCsvLine(record);
  if (!cells.ok()) return std::nullopt;
  return Row{{}, *std::move(cells)};
}

std::optional<Row> ReadJsonRow(const std::string& record) {
  const auto object = nlohmann::ordered_json::parse(record, nullptr,
                                                    /*allow_exceptions=*/false);
  if (!object.is_object()) return std::nullopt;
  Row row;
  for (const auto& [name, value] : object.items()) {
    row.names.push_back(name);
    row.cells.push_back(value.is_string() ? value.get<std::string>()
                                          : value.dump());
  }
  return row;
}

// Keeps the first character of personal values and nothing of sensitive ones.
std::string Mask(const std::string& cell, v1::FieldClassification kind) {
  if (cell.empty()) return cell;
  if (kind == v1::SENSITIVE_PERSONAL) return "*";
  if (kind != v1::PERSONAL_INFORMATION) return cell;
  size_t first = 1;
  while (first < cell.size() &&
         (static_cast<uint8_t>(cell[first]) & 0xc0) == 0x80) {
    ++first;
  }
  const size_t hidden = base::CountCharacters(cell) - 1;
  return cell.substr(0, first) + std::string(std::max<size_t>(hidden, 1), '*');
}

class SampleMaker {
 public:
  explicit SampleMaker(const v1::ApplicationForm& form) : form_(form) {}

  void Add(const RecordProof& proof) {
    if (form_.storage_format() == v1::CSV && proof.index == 0) {
      if (auto header = ReadCsvRow(proof.record)) {
        for (const std::string& name : header->cells) {
          out_.columns.emplace_back(base::Trim(name));
        }
      }
      return;
    }
    std::string text;
    if (form_.storage_format() == v1::CSV) {
      text = MaskRow(proof.index, ReadCsvRow(proof.record));
    } else if (form_.storage_format() == v1::JSON) {
      text = MaskRow(proof.index, ReadJsonRow(proof.record));
    }
    Append(proof, text);
  }

  MaskedSample Take() { return std::move(out_); }

 private:
  std::string MaskRow(uint64_t index, std::optional<Row> row) {
    if (!row.has_value()) {
      Bad("B09", index, "", "该行无法解析，请检查数据文件",
          "the row cannot be parsed; check the data file");
      return {};
    }
    if (out_.columns.empty()) out_.columns = row->names;
    if (row->cells.size() != out_.columns.size()) {
      Bad("B09", index, "", "列数与表头不一致，请检查数据文件",
          "the row has another number of columns than the header; check the "
          "data file");
      return {};
    }
    for (size_t i = 0; i < row->cells.size(); ++i) {
      const v1::DataField* field = FieldOf(out_.columns[i]);
      const auto kind =
          field != nullptr ? field->classification() : v1::GENERAL;
      row->cells[i] = Mask(row->cells[i], kind);
      Scan(index, i, row->cells[i], field);
    }
    return CsvLine(row->cells);
  }

  const v1::DataField* FieldOf(const std::string& column) const {
    for (const v1::DataField& field : form_.fields()) {
      if (field.name() == column) return &field;
    }
    return nullptr;
  }

  void Scan(uint64_t index, size_t column, const std::string& cell,
            const v1::DataField* field) {
    const std::string type = field != nullptr ? field->type() : "";
    for (const registry::PersonalDataKind kind :
         registry::ScanCell({cell, type})) {
      ++out_.scan_findings;
      Bad("B10", index, out_.columns[column],
          absl::StrCat("脱敏后仍含疑似", registry::NameZh(kind), "，请",
                       registry::MaskingAdvice(kind)),
          absl::StrCat("still looks like ", registry::NameEn(kind),
                       " after masking; classify the column as personal or ",
                       registry::MaskingAdviceEn(kind)));
    }
  }

  void Bad(absl::string_view rule, uint64_t index, absl::string_view column,
           absl::string_view zh, absl::string_view en) {
    rpc::v1::FieldViolation& violation = out_.violations.emplace_back();
    violation.set_field("sample");
    violation.set_rule(std::string(rule));
    const std::string place =
        column.empty()
            ? absl::StrCat("第 ", index, " 条记录")
            : absl::StrCat("第 ", index, " 条记录的“", column, "”列");
    violation.set_message_zh(absl::StrCat(place, ":", zh));
    violation.set_message_en(
        absl::StrCat("record ", index, " ", column, ": ", en));
  }

  void Append(const RecordProof& proof, const std::string& text) {
    nlohmann::ordered_json line;
    line["record"] = proof.index;
    line["row"] = text;
    line["leaf"] = base::HexEncode(RecordLeaf(proof.salt, proof.record).bytes);
    auto& path = line["path"] = nlohmann::ordered_json::array();
    for (const hash::Hash& node : proof.path) {
      path.push_back(base::HexEncode(node.bytes));
    }
    absl::StrAppend(&out_.ndjson,
                    line.dump(-1, ' ', false,
                              nlohmann::ordered_json::error_handler_t::replace),
                    "\n");
    ++out_.row_count;
  }

  const v1::ApplicationForm& form_;
  MaskedSample out_;
};

}  // namespace

std::vector<uint64_t> SampleIndices(const FileDigest& digest,
                                    const v1::ApplicationForm& form) {
  const uint64_t first = form.storage_format() == v1::CSV ? 1 : 0;
  std::vector<uint64_t> indices;
  if (first == 1) indices.push_back(0);
  if (digest.leaf_count <= first) return indices;
  const uint64_t rows = digest.leaf_count - first;
  const uint64_t count = std::min<uint64_t>(rows, limits::kDefaultSampleRows);
  for (uint64_t i = 0; i < count; ++i) {
    // rows * i fits: a file of 2^59 records is none that a disk holds.
    indices.push_back(first + rows * i / count);
  }
  return indices;
}

MaskedSample MakeSample(const FileDeposit& deposit,
                        const v1::ApplicationForm& form) {
  SampleMaker maker(form);
  for (const RecordProof& proof : deposit.records) maker.Add(proof);
  return maker.Take();
}

std::optional<std::string> SampleRow(absl::string_view line) {
  if (line.empty() || line.front() != '{') return std::nullopt;
  const auto object = nlohmann::json::parse(line.begin(), line.end(), nullptr,
                                            /*allow_exceptions=*/false);
  if (!object.is_object() || !object.contains("leaf")) return std::nullopt;
  const auto row = object.find("row");
  if (row == object.end() || !row->is_string()) return std::nullopt;
  return row->get<std::string>();
}

}  // namespace dataip::client

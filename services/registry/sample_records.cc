#include "services/registry/sample_records.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"
#include "client/filing/csv_file.h"
#include "client/filing/sample.h"

namespace dataip::registryd {
namespace {

constexpr size_t kBlockBytes = 65'536;

std::string HeaderOf(const v1::Sample& sample) {
  return client::CsvLine({sample.columns().begin(), sample.columns().end()});
}

std::vector<std::string> Blocks(absl::string_view file) {
  std::vector<std::string> blocks;
  for (size_t at = 0; at < file.size(); at += kBlockBytes) {
    blocks.emplace_back(file.substr(at, kBlockBytes));
  }
  return blocks;
}

}  // namespace

std::vector<std::string> SampleRecords(absl::string_view file,
                                       const v1::Sample& sample) {
  if (file.find('\0') != absl::string_view::npos) return Blocks(file);
  const std::string header = HeaderOf(sample);
  std::vector<std::string> records;
  for (const absl::string_view raw : absl::StrSplit(file, '\n')) {
    const absl::string_view line = absl::StripAsciiWhitespace(raw);
    const auto row = client::SampleRow(line);
    const absl::string_view record =
        row.has_value() ? absl::StripAsciiWhitespace(*row) : line;
    if (!record.empty() && record != header) records.emplace_back(record);
  }
  return records;
}

}  // namespace dataip::registryd

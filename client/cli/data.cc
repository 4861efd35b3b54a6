// `dataip data`: digests of a data file, and single records of it proved
// against a certificate without showing the others (formats.md 10).
#include <ctime>
#include <fstream>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "client/cli/commands.h"
#include "client/cli/master_key.h"
#include "client/filing/record_proof.h"
#include "core/base/hex.h"
#include "core/base/status_macros.h"
#include "core/verify/check.h"
#include "core/verify/trust.h"

namespace dataip::client {
namespace {

absl::StatusOr<std::string> ReadWhole(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return absl::NotFoundError(absl::StrCat("找不到文件 no such file: ", path));
  }
  return std::string((std::istreambuf_iterator<char>(file)),
                     std::istreambuf_iterator<char>());
}

absl::Status WriteWhole(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  if (file) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat("无法写入 cannot write ", path));
}

absl::StatusOr<Cut> CutOf(const Invocation& invocation) {
  const std::string word = invocation.Text("--cut");
  if (word == "lines") return Cut::kLines;
  if (word == "blocks") return Cut::kBlocks;
  return absl::InvalidArgumentError(
      "--cut 应为 lines 或 blocks must be lines or blocks");
}

void PrintRecord(Invocation& invocation, const Record& record) {
  if (!invocation.json()) {
    invocation.Print(FormatRecord(record));
    return;
  }
  std::string out = "{";
  for (const auto& [name, value] : record) {
    absl::StrAppend(&out, out.size() > 1 ? ", " : "", JsonString(name), ": ",
                    JsonString(value));
  }
  invocation.Print(out + "}\n");
}

absl::StatusOr<int> RunHash(Invocation& invocation) {
  ASSIGN_OR_RETURN(const Cut cut, CutOf(invocation));
  const std::string& path = invocation.words()[0];
  ASSIGN_OR_RETURN(const FileDigest digest, DigestFile(path, cut));
  Record record = {{"file_sha256", base::HexEncode(digest.sha256.bytes)},
                   {"file_sm3", base::HexEncode(digest.sm3.bytes)},
                   {"byte_size", absl::StrCat(digest.byte_size)},
                   {"leaf_count", absl::StrCat(digest.leaf_count)}};
  if (invocation.Has("--master-key")) {
    ASSIGN_OR_RETURN(const MasterKey key,
                     ReadMasterKeyOf(invocation, MissingKey::kRefuse));
    ASSIGN_OR_RETURN(const FileDeposit deposit,
                     DepositFile({path, cut, key}, digest, {}));
    record.emplace_back("root", base::HexEncode(deposit.root.bytes));
  }
  PrintRecord(invocation, record);
  return kExitOk;
}

absl::StatusOr<int> RunProve(Invocation& invocation) {
  ASSIGN_OR_RETURN(const Cut cut, CutOf(invocation));
  ASSIGN_OR_RETURN(const uint64_t index, invocation.Number("--record"));
  ASSIGN_OR_RETURN(const MasterKey key,
                   ReadMasterKeyOf(invocation, MissingKey::kRefuse));
  const std::string& path = invocation.words()[0];
  ASSIGN_OR_RETURN(const FileDigest digest, DigestFile(path, cut));
  ASSIGN_OR_RETURN(const FileDeposit deposit,
                   DepositFile({path, cut, key}, digest, {index}));
  const std::string text = FormatRecordProof(deposit, deposit.records[0]);
  const std::string out = invocation.Text("--out");
  if (out.empty()) {
    invocation.Print(text);
    return kExitOk;
  }
  RETURN_IF_ERROR(WriteWhole(out, text));
  invocation.Say(absl::StrCat("已写入 written: ", out));
  return kExitOk;
}

absl::StatusOr<int> RunCheck(Invocation& invocation) {
  ASSIGN_OR_RETURN(const std::string proof_text,
                   ReadWhole(invocation.words()[0]));
  ASSIGN_OR_RETURN(const std::string bundle,
                   ReadWhole(invocation.Text("--certificate")));
  ASSIGN_OR_RETURN(const verify::Trust* const trust, invocation.Trust());
  const verify::CheckOptions options{
      .now_ms = static_cast<int64_t>(std::time(nullptr)) * 1000};
  ASSIGN_OR_RETURN(const verify::Report report,
                   verify::Check(hash::AsBytes(bundle), *trust, options));
  const RecordVerdict verdict = CheckRecordProof(proof_text, bundle);
  PrintRecord(invocation, {{"certificate", report.conclusion_zh},
                           {"record", verdict.explanation_zh},
                           {"explanation", verdict.explanation_en},
                           {"index", absl::StrCat(verdict.index)},
                           {"content", verdict.record}});
  const int conclusion = verify::ExitCode(report.conclusion);
  if (conclusion == kExitNotGenuine || conclusion == kExitCannotDecide) {
    return conclusion;
  }
  if (verdict.kind == RecordVerdict::Kind::kCannotDecide) {
    return kExitCannotDecide;
  }
  return verdict.kind == RecordVerdict::Kind::kProved ? conclusion
                                                      : kExitNotGenuine;
}

FlagRule CutFlag() {
  return {.name = "--cut",
          .value = "lines|blocks",
          .help = "lines for CSV and JSON, blocks of 65,536 bytes for others",
          .default_value = "lines"};
}

}  // namespace

std::vector<CommandSpec> DataCommands() {
  return {
      {.group = "data",
       .name = "hash",
       .words = "FILE",
       .word_count = {1, 1},
       .summary = "数据文件摘要 Digests, size and records of a data file",
       .flags = {CutFlag(), MasterKeyFlag()},
       .examples = {"dataip data hash data/01_hourly_2018-01.csv",
                    "dataip data hash data.xlsx --cut blocks --master-key "
                    "state/master.key"},
       .run = RunHash},
      {.group = "data",
       .name = "prove",
       .words = "FILE",
       .word_count = {1, 1},
       .summary = "出示一条记录 Proves one record without showing the others",
       .flags = {{.name = "--record",
                  .value = "N",
                  .help = "number of the record, from 0 (CSV: 0 is the header)",
                  .required = true},
                 CutFlag(),
                 MasterKeyFlag(),
                 {.name = "--out",
                  .value = "FILE",
                  .help = "where the proof goes; default stdout"}},
       .examples = {"dataip data prove data/01_hourly_2018-01.csv --record 12 "
                    "--out record.json"},
       .run = RunProve},
      {.group = "data",
       .name = "check",
       .words = "PROOF.json",
       .word_count = {1, 1},
       .summary = "核验一条记录 Checks a proved record against a certificate",
       .flags = {{.name = "--certificate",
                  .value = "FILE.bundle",
                  .help = "the certificate's bundle",
                  .required = true}},
       .examples = {"dataip data check record.json --certificate c.bundle "
                    "--trust trust.json"},
       .run = RunCheck}};
}

}  // namespace dataip::client

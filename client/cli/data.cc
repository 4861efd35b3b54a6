// `dataip data`: digests of a data file, and single records of it proved
// against a certificate without showing the others (formats.md 10).
#include <ctime>
#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "client/cli/commands.h"
#include "client/cli/input_files.h"
#include "client/cli/master_key.h"
#include "client/filing/record_proof.h"
#include "core/base/hex.h"
#include "core/base/status_macros.h"
#include "core/verify/check.h"
#include "core/verify/trust.h"

namespace dataip::client {
namespace {

absl::StatusOr<Cut> CutOf(const Invocation& invocation) {
  const std::string word = invocation.Text("--cut");
  if (word == "lines") return Cut::kLines;
  if (word == "blocks") return Cut::kBlocks;
  return absl::InvalidArgumentError(
      "--cut 应为 lines 或 blocks must be lines or blocks");
}

// What is printed: in a table under its label, in JSON under its name.
struct Shown {
  std::string name;
  std::string label;  // empty: JSON only
  std::string value;
  bool is_text = true;  // else a JSON value as it stands
};

void Print(Invocation& invocation, const std::vector<Shown>& all) {
  Record record;
  std::string json = "{";
  for (const Shown& shown : all) {
    if (!shown.label.empty()) record.emplace_back(shown.label, shown.value);
    absl::StrAppend(&json, json.size() > 1 ? ", " : "", JsonString(shown.name),
                    ": ",
                    shown.is_text ? JsonString(shown.value) : shown.value);
  }
  invocation.Print(invocation.json() ? json + "}\n" : FormatRecord(record));
}

// Whether the master key lies where it lies by default.
bool HasMasterKey(const Invocation& invocation) {
  std::error_code error;
  return std::filesystem::exists(MasterKeyPath(invocation), error);
}

absl::StatusOr<int> RunHash(Invocation& invocation) {
  ASSIGN_OR_RETURN(const Cut cut, CutOf(invocation));
  const std::string& path = invocation.words()[0];
  ASSIGN_OR_RETURN(const FileDigest digest, AsUsage(DigestFile(path, cut)));
  std::vector<Shown> shown = {
      {"file_sha256", "SHA-256", base::HexEncode(digest.sha256.bytes)},
      {"file_sm3", "SM3", base::HexEncode(digest.sm3.bytes)},
      {"byte_size", "字节数", absl::StrCat(digest.byte_size)},
      {"leaf_count", "记录数", absl::StrCat(digest.leaf_count)}};
  if (invocation.Has("--master-key") || HasMasterKey(invocation)) {
    ASSIGN_OR_RETURN(const MasterKey key,
                     ReadMasterKeyOf(invocation, MissingKey::kRefuse));
    ASSIGN_OR_RETURN(const FileDeposit deposit,
                     DepositFile({path, cut, key}, digest, {}));
    shown.push_back({"root", "存证树根", base::HexEncode(deposit.root.bytes)});
  } else {
    invocation.Say(absl::StrCat(
        "未算存证树根：没有主密钥，请用 --master-key 指明 no root without the "
        "master key, name it with --master-key; looked for ",
        MasterKeyPath(invocation)));
  }
  Print(invocation, shown);
  return kExitOk;
}

absl::StatusOr<int> RunProve(Invocation& invocation) {
  ASSIGN_OR_RETURN(const Cut cut, CutOf(invocation));
  ASSIGN_OR_RETURN(const uint64_t index, invocation.Number("--record"));
  ASSIGN_OR_RETURN(const MasterKey key,
                   ReadMasterKeyOf(invocation, MissingKey::kRefuse));
  const std::string& path = invocation.words()[0];
  ASSIGN_OR_RETURN(const FileDigest digest, AsUsage(DigestFile(path, cut)));
  ASSIGN_OR_RETURN(const FileDeposit deposit,
                   DepositFile({path, cut, key}, digest, {index}));
  const std::string text = FormatRecordProof(deposit, deposit.records[0]);
  const std::string out = invocation.Text("--out");
  if (out.empty()) {
    invocation.Print(text);
    return kExitOk;
  }
  RETURN_IF_ERROR(WriteOutputFile(out, text));
  invocation.Say(absl::StrCat("已写入 written: ", out));
  return kExitOk;
}

absl::string_view VerdictName(RecordVerdict::Kind kind) {
  switch (kind) {
    case RecordVerdict::Kind::kProved:
      return "PROVED";
    case RecordVerdict::Kind::kRefused:
      return "REFUSED";
    case RecordVerdict::Kind::kCannotDecide:
      return "CANNOT_DECIDE";
  }
  return "";
}

// The certificate's answer counts first, but for whether it is in force.
int CodeOf(const verify::Report& report, const RecordVerdict& verdict) {
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

absl::StatusOr<int> RunCheck(Invocation& invocation) {
  ASSIGN_OR_RETURN(const std::string proof_text,
                   ReadInputFile(invocation.words()[0], kRecordProofBytes));
  ASSIGN_OR_RETURN(const std::string bundle,
                   ReadBundleFile(invocation.Text("--certificate")));
  ASSIGN_OR_RETURN(const verify::Trust* const trust, invocation.Trust());
  const verify::CheckOptions options{
      .now_ms = static_cast<int64_t>(std::time(nullptr)) * 1000};
  ASSIGN_OR_RETURN(const verify::Report report,
                   verify::Check(hash::AsBytes(bundle), *trust, options));
  const RecordVerdict verdict = CheckRecordProof(proof_text, bundle);
  const int code = CodeOf(report, verdict);
  std::vector<Shown> shown;
  if (report.demonstration && !invocation.json()) {
    shown.push_back({"", "演示",
                     "*** 演示证书，没有效力 / a demonstration, no "
                     "legal effect ***"});
  }
  shown.insert(
      shown.end(),
      {{"demonstration", "", report.demonstration ? "true" : "false", false},
       {"conclusion", "", std::string(ConclusionName(report.conclusion))},
       {"record_verdict", "", std::string(VerdictName(verdict.kind))},
       {"exit_code", "", absl::StrCat(code), false},
       {"certificate_number", "证书编号", report.certificate_number},
       {"certificate", "证书", report.conclusion_zh},
       {"record", "记录", verdict.explanation_zh},
       {"explanation", "英文说明", verdict.explanation_en},
       {"index", "记录序号", absl::StrCat(verdict.index)},
       {"content", "记录内容", verdict.record}});
  Print(invocation, shown);
  return code;
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

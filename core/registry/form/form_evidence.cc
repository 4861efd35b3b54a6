// What the applicant proves: deposit, evidence, sample.
#include <algorithm>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "core/base/hex.h"
#include "core/base/limits.h"
#include "core/hash/hash.h"
#include "core/registry/form/form_checks.h"
#include "core/registry/values/civil_date.h"

namespace dataip::registry {
namespace {

// Leaves that the cut makes of the data, where the form says it; 0 = unknown.
uint64_t LeavesExpected(const v1::ApplicationForm& form) {
  const v1::Deposit& deposit = form.deposit();
  if (deposit.cut() == v1::BLOCKS) {
    return (deposit.byte_size() + limits::kDepositBlockBytes - 1) /
           limits::kDepositBlockBytes;
  }
  const bool counted = form.storage_format() == v1::CSV &&
                       form.record_count() > 1 &&
                       form.record_count() < UINT64_MAX;
  return counted ? form.record_count() + 1 : 0;
}

void CheckDeposit(const v1::ApplicationForm& form, Violations& out) {
  const v1::Deposit& deposit = form.deposit();
  const bool shaped = deposit.file_sha256().size() == hash::kHashBytes &&
                      deposit.file_sm3().size() == hash::kHashBytes &&
                      deposit.root().size() == hash::kHashBytes &&
                      deposit.leaf_count() > 0;
  if (!shaped) {
    Report({"deposit"},
           {"", "B14", "存证的摘要、树根或记录数缺失，请重新对数据文件存证",
            "the deposit's digests, root or leaf count are missing; deposit "
            "the data file again",
            "formats 10"},
           out);
    return;
  }
  if (deposit.byte_size() != form.byte_size()) {
    Report({"byte_size"},
           {"", "B14", "数据大小与存证的文件大小不一致，请核对",
            "the size is not that of the deposited file; check it", ""},
           out);
  }
  const bool lines =
      form.storage_format() == v1::CSV || form.storage_format() == v1::JSON;
  if (form.storage_format() != v1::STORAGE_FORMAT_UNSPECIFIED &&
      deposit.cut() != (lines ? v1::LINES : v1::BLOCKS)) {
    Report({"deposit", -1, "cut"},
           {"", "B14", "CSV 与 JSON 按行存证，其他格式按块存证，请重新存证",
            "CSV and JSON are cut by lines, other formats by blocks; deposit "
            "again",
            "formats 10"},
           out);
    return;
  }
  const uint64_t expected = LeavesExpected(form);
  if (expected != 0 && deposit.leaf_count() != expected) {
    Report({"record_count"},
           {"", "B14",
            absl::StrCat("记录数与存证不一致：存证有 ", deposit.leaf_count(),
                         " 个叶子，应为 ", expected, " 个，请核对"),
            absl::StrCat("the count does not fit the deposit: it has ",
                         deposit.leaf_count(), " leaves, not ", expected,
                         "; check it"),
            "formats 10"},
           out);
  }
}

bool SameTime(const google::protobuf::Timestamp& a,
              const google::protobuf::Timestamp& b) {
  return a.seconds() == b.seconds() && a.nanos() == b.nanos();
}

void CheckOwnDeposit(const v1::Evidence& evidence, int index,
                     const FormContext& context, Violations& out) {
  const bool in_time = SameTime(evidence.time(), context.issued_at) ||
                       (context.earlier_deposit_at.has_value() &&
                        SameTime(evidence.time(), *context.earlier_deposit_at));
  if (!in_time) {
    Report({"evidence", index, "time"},
           {"", "B12", "本次存证的时间应等于命令的签发时间，请重新生成",
            "the time of this form's deposit is the command's issued_at; make "
            "the command again",
            ""},
           out);
  }
  if (!evidence.provider().empty() || !evidence.number().empty() ||
      !evidence.hash_hex().empty() || evidence.has_file()) {
    Report(
        {"evidence", index},
        {"", "B13", "本次存证不填机构、编号、摘要与文件，请清空",
         "a DEPOSIT has no provider, number, digest or file; clear them", ""},
        out);
  }
}

void CheckOtherEvidence(const v1::ApplicationForm& form, int index,
                        const FormContext& context, Violations& out) {
  const v1::Evidence& evidence = form.evidence(index);
  CheckText({"evidence", index, "provider"},
            {"EVIDENCE", "存证或公证机构", "the provider", 2,
             limits::kLineCharacters},
            evidence.provider(), out);
  CheckText({"evidence", index, "number"},
            {"EVIDENCE", "存证或公证编号", "the provider's number", 1,
             limits::kLineCharacters},
            evidence.number(), out);
  const std::optional<int64_t> time_ms = ToUnixMs(evidence.time());
  if (!evidence.has_time() || !time_ms || *time_ms > context.filed_at_ms) {
    Report({"evidence", index, "time"},
           {"", "B12", "存证时间缺失或晚于申请时间，请核对",
            "the time of the evidence is missing or after the filing; check it",
            ""},
           out);
  }
  const auto digest = base::HexDecode(evidence.hash_hex());
  if (!digest || digest->size() != hash::kHashBytes) {
    Report({"evidence", index, "hash_hex"},
           {"", "B13", "存证摘要应为 64 位小写十六进制(SHA-256 或 SM3)，请核对",
            "the digest takes 64 lowercase hex digits (SHA-256 or SM3); check "
            "it",
            ""},
           out);
  } else {
    const std::string bytes(digest->begin(), digest->end());
    if (bytes != form.deposit().file_sha256() &&
        bytes != form.deposit().file_sm3()) {
      Report({"evidence", index, "hash_hex"},
             {"", "B14", "存证摘要与数据文件的摘要不一致，请核对",
              "the digest is not that of the data file; check it", ""},
             out);
    }
  }
  if (!evidence.has_file()) {
    Report({"evidence", index, "file"},
           {"", "EVIDENCE", "请上传存证证书或公证书",
            "upload the evidence certificate or notarial deed", ""},
           out);
  } else {
    CheckFile({"evidence", index, "file"}, evidence.file(), out);
  }
}

bool NamesTheFields(const v1::ApplicationForm& form) {
  const auto& columns = form.sample().columns();
  if (form.deposit().cut() == v1::BLOCKS) return columns.empty();
  return std::equal(columns.begin(), columns.end(), form.fields().begin(),
                    form.fields().end(),
                    [](const std::string& column, const v1::DataField& field) {
                      return column == field.name();
                    });
}

}  // namespace

void CheckEvidence(const v1::ApplicationForm& form, const FormContext& context,
                   Violations& out) {
  CheckDeposit(form, out);
  const int count = form.evidence_size();
  if (count < 1 || count > limits::kEvidencePerForm) {
    Report({"evidence"},
           {"", "EVIDENCE", "须有 1 至 20 项存证或公证，请填写",
            "an application has 1 to 20 pieces of evidence; give them", "R04"},
           out);
    return;
  }
  int deposits = 0;
  for (int i = 0; i < count; ++i) {
    if (form.evidence(i).kind() == v1::EVIDENCE_KIND_UNSPECIFIED) {
      Report({"evidence", i, "kind"},
             {"", "EVIDENCE", "请选择存证或公证的种类",
              "choose the kind of evidence", ""},
             out);
    } else if (form.evidence(i).kind() != v1::DEPOSIT) {
      CheckOtherEvidence(form, i, context, out);
    } else if (++deposits > 1) {
      Report({"evidence", i, "kind"},
             {"", "EVIDENCE", "本次存证只填一项，请删除多余的",
              "this form's DEPOSIT stands once; remove the others", ""},
             out);
    } else {
      CheckOwnDeposit(form.evidence(i), i, context, out);
    }
  }
}

void CheckSample(const v1::ApplicationForm& form, Violations& out) {
  const v1::Sample& sample = form.sample();
  if (!sample.has_file()) {
    Report({"sample", -1, "file"},
           {"", "B09", "缺少样例数据文件，请生成并上传",
            "the sample file is missing; make and upload it", ""},
           out);
    return;
  }
  CheckFile({"sample", -1, "file"}, sample.file(), out);
  const bool too_many =
      form.record_count() > 1 && sample.row_count() > form.record_count();
  if (sample.row_count() < 1 || sample.row_count() > limits::kSampleRows ||
      too_many) {
    Report({"sample", -1, "row_count"},
           {"", "B09", "样例应为 1 至 500 行且不多于记录数，请重新生成",
            "a sample has 1 to 500 rows and no more than there are records; "
            "make it again",
            ""},
           out);
  }
  if (!NamesTheFields(form)) {
    Report({"sample", -1, "columns"},
           {"", "B09", "样例的列应与字段表完全一致(名称与次序)，请核对",
            "the sample's columns must be the field table's, in order; check "
            "them",
            ""},
           out);
  }
  if (sample.scan_findings() != 0) {
    Report({"sample", -1, "scan_findings"},
           {"", "B10",
            absl::StrCat("样例中疑似个人信息 ", sample.scan_findings(),
                         " 处，请脱敏后重新生成"),
            absl::StrCat("the sample seems to hold personal data in ",
                         sample.scan_findings(),
                         " places; mask them and make it again"),
            "GB/T 35273-2020"},
           out);
  }
}

}  // namespace dataip::registry

#include "client/cli/command_view.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/cli/checklist.h"
#include "client/cli/command_bodies.h"
#include "client/cli/form_labels.h"
#include "client/cli/labels.h"
#include "client/command.h"
#include "core/registry/decide.h"
#include "core/registry/values/civil_date.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;

std::string SignatureLines(const v1::Command& command,
                           const std::vector<std::string>& key_ids,
                           const CommandSurroundings& known) {
  std::vector<std::string> lines;
  for (const std::string& key_id : key_ids) {
    const auto signer = known.signers.find(key_id);
    lines.push_back(signer == known.signers.end()
                        ? key_id
                        : absl::StrCat(signer->second, "  ", key_id));
  }
  const auto consents = known.consents.find(SubjectOf(command));
  const size_t wanted = registry::RequiredSigners(
      command, consents == known.consents.end() ? std::set<std::string>()
                                                : consents->second);
  if (key_ids.size() < wanted) {
    lines.push_back(absl::StrCat("尚缺 ", wanted - key_ids.size(), " 个签名"));
  }
  return absl::StrJoin(lines, "\n");
}

std::string GroundLines(const v1::RefuseApplication& body) {
  std::vector<std::string> lines;
  for (const std::string& code : body.grounds()) {
    lines.push_back(GroundLabel(code));
  }
  return absl::StrJoin(lines, "\n");
}

std::string UsageLines(const v1::RecordUsage& body) {
  std::vector<std::string> lines;
  for (const v1::UsageEvent& event : body.events()) {
    std::string line = absl::StrCat(event.occurred_on(), "  ", event.source(),
                                    "/", event.id());
    if (event.quantity() != 0) {
      absl::StrAppend(&line, "  数量 ", event.quantity());
    }
    if (event.has_payment()) {
      absl::StrAppend(&line, "  金额 ", FormatFen(event.payment().fen()));
    }
    if (!event.reverses_id().empty()) {
      absl::StrAppend(&line, "  冲正 ", event.reverses_id());
    }
    lines.push_back(line);
  }
  return absl::StrJoin(lines, "\n");
}

void AppendDefects(const v1::RequestCorrection& body, Record& record) {
  std::vector<std::string> lines;
  for (const v1::Defect& defect : body.defects()) {
    lines.push_back(absl::StrCat(defect.field(), "：", defect.reason()));
  }
  record.push_back({"补正事项", absl::StrJoin(lines, "\n")});
}

void AppendCorrection(const v1::CorrectApplication& body, Record& record) {
  std::vector<std::string> lines;
  for (const v1::ChangeReason& change : body.reasons()) {
    lines.push_back(absl::StrCat(change.field(), "：", change.reason()));
  }
  record.push_back({"变更说明", absl::StrJoin(lines, "\n")});
  AppendSignedForm(body.form(), record);
}

void AppendSubmission(const v1::SubmitApplication& body, Record& record) {
  // A draft's form is the one that the co-applicants have signed.
  if (body.has_form()) AppendSignedForm(body.form(), record);
}

void AppendErasures(const v1::ErasePayload& body, Record& record) {
  record.push_back({"命令机关", body.ordered_by()});
  record.push_back({"法律依据", body.legal_basis()});
  std::vector<std::string> lines;
  for (const v1::ErasedEntry& entry : body.entries()) {
    lines.push_back(
        absl::StrCat(entry.index(), "  ", HexOf(entry.payload_sha256())));
  }
  record.push_back({"删除条目", absl::StrJoin(lines, "\n")});
}

void AppendBody(const v1::Command& command, Record& record) {
  switch (command.body_case()) {
    case v1::Command::kOpenNotice:
      record.push_back(
          {"核查声明", ChecklistText(command.open_notice().checklist())});
      break;
    case v1::Command::kRefuseApplication:
      record.push_back(
          {"不予登记依据", GroundLines(command.refuse_application())});
      record.push_back({"理由", command.refuse_application().reason()});
      break;
    case v1::Command::kRegisterApplication:
      break;  // the number is all of it
    case v1::Command::kRequestCorrection:
      AppendDefects(command.request_correction(), record);
      break;
    case v1::Command::kWithdrawApplication:
      record.push_back({"理由", command.withdraw_application().reason()});
      break;
    case v1::Command::kSubmitApplication:
      AppendSubmission(command.submit_application(), record);
      break;
    case v1::Command::kCorrectApplication:
      AppendCorrection(command.correct_application(), record);
      break;
    case v1::Command::kErasePayload:
      AppendErasures(command.erase_payload(), record);
      break;
    case v1::Command::kRecordUsage:
      record.push_back({"运用记录", UsageLines(command.record_usage())});
      break;
    default:
      if (AppendCaseBody(command, record)) break;
      if (AppendObjectionBody(command, record)) break;
      if (AppendCertificateBody(command, record)) break;
      record.push_back({"内容", ToJson(command)});
  }
}

int64_t Ms(const google::protobuf::Timestamp& time) {
  return registry::ToUnixMs(time).value_or(0);
}

}  // namespace

Record CommandRecord(const v1::Command& command,
                     const std::vector<std::string>& key_ids,
                     const CommandSurroundings& known) {
  const std::string body = BodyName(command);
  const std::string subject = SubjectOf(command);
  Record record = {{"命令", absl::StrCat(BodyLabel(body), " (", body, ")")}};
  if (!subject.empty()) record.push_back({"对象", subject});
  const auto name = known.names.find(subject);
  if (name != known.names.end()) record.push_back({"名称", name->second});
  AppendBody(command, record);
  const auto object = known.objects.find(subject);
  if (object != known.objects.end()) {
    record.insert(record.end(), object->second.begin(), object->second.end());
  }
  const int64_t expires_ms = Ms(command.expires_at());
  record.push_back({"行为人", command.actor()});
  record.push_back({"依据版本", absl::StrCat(command.version())});
  record.push_back({"签发", FormatTime(Ms(command.issued_at()))});
  record.push_back(
      {"失效", absl::StrCat(
                   FormatTime(expires_ms),
                   known.now_ms > expires_ms ? "（已过期，须重新签发）" : "")});
  record.push_back({"签名", SignatureLines(command, key_ids, known)});
  return record;
}

}  // namespace dataip::client

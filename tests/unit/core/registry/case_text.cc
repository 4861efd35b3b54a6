#include "tests/unit/core/registry/case_text.h"

#include <map>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/registry/certificate/certificate_orders.h"
#include "core/registry/objection/objections.h"
#include "core/registry/values/canonical.h"

namespace dataip::testing {
namespace {

namespace v1 = registry::v1;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using Lines = std::vector<std::string>;

constexpr size_t kMostLines = 12;

// Of the members of v1::Event.
const std::map<std::string, std::string>& EventNames() {
  static const auto* names = new std::map<std::string, std::string>{
      {"application_submitted", "收到申请"},
      {"correction_requested", "通知补正"},
      {"correction_filed", "补正已交"},
      {"deemed_withdrawn", "视为撤回"},
      {"application_withdrawn", "申请撤回"},
      {"application_refused", "不予登记"},
      {"notice_opened", "公示开始"},
      {"application_registered", "准予登记"},
      {"certificate_issued", "签发证书"},
      {"certificate_announced", "登记公告"},
      {"status_changed", "证书状态"},
      {"licence_filed", "许可备案"},
      {"usage_recorded", "运用记录"},
      {"attorney_granted", "授权委托"},
      {"attorney_revoked", "委托终止"},
      {"application_prepared", "草稿立案"},
      {"application_cosigned", "共同申请人确认"},
      {"draft_discarded", "草稿放弃"},
      {"opinion_recorded", "录入意见"},
      {"application_claimed", "领取"},
      {"application_released", "退回"},
      {"batch_decided", "成批决定"},
      {"objection_filed", "提出异议"},
      {"objection_accepted", "受理异议"},
      {"objection_rejected", "不受理异议"},
      {"objection_forwarded", "转送异议"},
      {"objection_answered", "答复异议"},
      {"objection_upheld", "异议成立"},
      {"reply_defaulted", "逾期未答复"},
      {"objection_dismissed", "异议不成立"},
      {"objection_withdrawn", "异议撤回"},
      {"notice_resumed", "公示续行"},
      {"proceedings_suspended", "程序中止"},
      {"proceedings_resumed", "程序恢复"},
      {"request_filed", "收到请求"},
      {"request_cosigned", "同意请求"},
      {"request_withdrawn", "请求撤回"},
      {"request_refused", "请求不予"},
      {"request_granted", "请求准予"},
      {"pledge_registered", "质押登记"},
      {"pledge_changed", "质押变更"},
      {"pledge_released", "质押解除"},
      {"certificate_expired", "到期失效"},
      {"revocation_opened", "启动撤销"},
      {"revocation_heard", "陈述意见"},
      {"certificate_revoked", "撤销登记"},
      {"revocation_dropped", "终止撤销"},
      {"certificate_frozen", "冻结"},
      {"freeze_released", "冻结解除"},
      {"certificate_corrected", "证书更正"},
      {"certificate_imported", "证书导入"},
      {"licence_confirmed", "许可确认"},
      {"licence_changed", "许可变更"},
      {"licence_ended", "许可终止"},
      {"profile_adopted", "采用规则"},
      {"field_disclosed", "字段公开"},
      {"table_loaded", "载入表"},
  };
  return *names;
}

// Of fields that a line tells, wherever they stand.
const std::map<std::string, std::string>& FieldNames() {
  static const auto* names = new std::map<std::string, std::string>{
      {"application_no", "申请"},
      {"draft_no", "草稿"},
      {"objection_no", "异议"},
      {"request_no", "请求"},
      {"revocation_no", "撤销案"},
      {"freeze_no", "冻结"},
      {"licence_no", "许可"},
      {"attorney_no", "委托书"},
      {"batch_no", "批"},
      {"pledge_no", "质押"},
      {"certificate_number", "证书"},
      {"new_certificate_number", "新证书"},
      {"registration_number", "登记号"},
      {"field", "字段"},
      {"grounds", "理由代码"},
      {"reason", "理由"},
      {"party_number", "主体"},
      {"principal", "委托人"},
      {"agent", "代理人"},
      {"objector", "异议人"},
      {"requester", "请求人"},
      {"cosigners", "须经同意"},
      {"pledgee", "质权人"},
      {"licensor", "许可人"},
      {"licensee", "被许可人"},
      {"rank", "顺位"},
      {"remaining_notice_days", "剩余公示日"},
      {"remaining_days", "剩余答复日"},
      {"announced_on", "公告日"},
      {"effective_from", "施行日"},
      {"profile_id", "规则"},
      {"until", "至"},
      {"document_no", "文书"},
      {"valid_from", "自"},
      {"valid_to", "至"},
      {"ended_on", "止日"},
      {"revoked_on", "终止日"},
      {"value_fen", "金额(分)"},
      {"legacy_numbers", "原编号"},
      {"replaces", "取代"},
      {"officer", "经办"},
      {"name", "名称"},
  };
  return *names;
}

const std::map<std::string, std::string>& DeadlineNames() {
  static const auto* names = new std::map<std::string, std::string>{
      {"correction.window", "补正期"},
      {"publicity", "公示期"},
      {"objection.forward", "转送期"},
      {"objection.reply", "答复期"},
      {"objection.proceedings", "起诉期"},
      {"revocation.hearing", "听取意见期"}};
  return *names;
}

// Members of whose messages lines tell nothing.
const std::set<std::string>& Silent() {
  static const auto* names = new std::set<std::string>{
      "counted",     "form",     "snapshot",     "claim",       "evidence",
      "document",    "files",    "duplicates",   "sealed",      "opening",
      "proceedings", "opinion",  "profile",      "change",      "renewal",
      "correction",  "transfer", "cancellation", "replacement", "amount",
      "price",       "deposit",  "scenario"};
  return *names;
}

std::string DeadlineText(const v1::Deadline& deadline) {
  const auto name = DeadlineNames().find(deadline.rule());
  return absl::StrCat(
      name == DeadlineNames().end() ? deadline.rule() : name->second, " ",
      deadline.start_date(), " 起 ", deadline.working_days(), " 个工作日,至 ",
      deadline.due_date(), deadline.provisional() ? "(暂定)" : "");
}

void Tell(const Message& message, Lines& parts);

void TellField(const Message& message, const FieldDescriptor& field,
               Lines& parts) {
  const auto* reflection = message.GetReflection();
  const auto name = FieldNames().find(field.name());
  const bool told = name != FieldNames().end();
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
    if (Silent().count(field.name()) > 0) return;
    if (!field.is_repeated()) {
      Tell(reflection->GetMessage(message, &field), parts);
      return;
    }
    for (int i = 0; i < reflection->FieldSize(message, &field); ++i) {
      Tell(reflection->GetRepeatedMessage(message, &field, i), parts);
    }
    return;
  }
  if (!told) return;
  Lines words;
  if (field.is_repeated()) {
    if (field.cpp_type() != FieldDescriptor::CPPTYPE_STRING) return;
    for (int i = 0; i < reflection->FieldSize(message, &field); ++i) {
      words.push_back(reflection->GetRepeatedString(message, &field, i));
    }
  } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
    words.push_back(reflection->GetString(message, &field));
  } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_UINT32) {
    words.push_back(absl::StrCat(reflection->GetUInt32(message, &field)));
  } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_INT64) {
    words.push_back(absl::StrCat(reflection->GetInt64(message, &field)));
  }
  if (!words.empty()) {
    parts.push_back(
        absl::StrCat(name->second, " ", absl::StrJoin(words, "、")));
  }
}

void Tell(const Message& message, Lines& parts) {
  if (const auto* deadline = dynamic_cast<const v1::Deadline*>(&message)) {
    parts.push_back(DeadlineText(*deadline));
    return;
  }
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) TellField(message, *field, parts);
}

std::string CertificateText(const std::string& bytes) {
  const auto content = registry::ParseCanonical<v1::CertificateContent>(bytes);
  Lines holders;
  for (const v1::Holder& holder : content->holders()) {
    holders.push_back(holder.name().empty() ? holder.masked_name()
                                            : holder.name());
  }
  std::string text = absl::StrCat(
      "证书 ", content->number(), ";登记号 ", content->registration_number(),
      ";权利人 ", absl::StrJoin(holders, "、"), ";有效期 ",
      content->valid_from(), " 至 ", content->valid_to(), ";记录数 ",
      content->record_count());
  if (!content->replaces().empty()) {
    absl::StrAppend(&text, ";取代 ", content->replaces());
  }
  if (!content->legacy_numbers().empty()) {
    absl::StrAppend(&text, ";原编号 ",
                    absl::StrJoin(content->legacy_numbers(), "、"));
  }
  return text;
}

std::string LineOf(const v1::Event& event) {
  const auto* field = v1::Event::descriptor()->FindFieldByNumber(
      static_cast<int>(event.event_case()));
  const auto name = EventNames().find(field->name());
  std::string line = name == EventNames().end() ? field->name() : name->second;
  if (event.has_certificate_issued()) {
    return absl::StrCat(line, ":",
                        CertificateText(event.certificate_issued().content()));
  }
  if (event.has_status_changed()) {
    const auto record = registry::ParseCanonical<v1::StatusRecord>(
        event.status_changed().status_record());
    return absl::StrCat(line, ":证书 ", record->number(), " ", TextOf(*record));
  }
  Lines parts;
  Tell(event.GetReflection()->GetMessage(event, field), parts);
  return parts.empty() ? line
                       : absl::StrCat(line, ":", absl::StrJoin(parts, ";"));
}

const char* OverlayZh(v1::OverlayKind kind) {
  switch (kind) {
    case v1::PLEDGE:
      return "质押";
    case v1::FREEZE:
      return "冻结";
    case v1::DISPUTE:
      return "争议";
    case v1::LICENCE:
      return "许可";
    default:
      return "";
  }
}

// How many there are of each kind.
Lines Counted(const Lines& lines) {
  std::map<std::string, int> counts;
  for (const std::string& line : lines) {
    ++counts[line.substr(0, line.find(":"))];
  }
  Lines out;
  for (const auto& [name, count] : counts) {
    out.push_back(absl::StrCat(name, " × ", count));
  }
  return out;
}

}  // namespace

std::string TextOf(const v1::StatusRecord& status) {
  Lines overlays;
  for (const v1::Overlay& one : status.overlays()) {
    overlays.push_back(one.kind() == v1::PLEDGE
                           ? absl::StrCat("第", one.rank(), "顺位质押")
                           : OverlayZh(one.kind()));
  }
  const std::string state(registry::StateNameZh(status.state()));
  return overlays.empty()
             ? state
             : absl::StrCat(state, "(", absl::StrJoin(overlays, "、"), ")");
}

Lines TextOf(const registry::Events& events) {
  Lines lines;
  for (const v1::Event& event : events) {
    if (event.has_batch_decided()) {
      lines.push_back(
          absl::StrCat("成批决定:批 ", event.batch_decided().batch_no(), ",",
                       event.batch_decided().application_nos_size(), " 件"));
    } else {
      lines.push_back(LineOf(event));
    }
  }
  return lines.size() > kMostLines ? Counted(lines) : lines;
}

std::string TextOf(const registry::Refusal& refusal) {
  Lines parts;
  for (const auto& one : refusal.violations) {
    parts.push_back(absl::StrCat("[", one.rule(), "] ", one.field(), ":",
                                 one.message_zh()));
  }
  return absl::StrCat("✗ ", absl::StrJoin(parts, ";"));
}

Lines ChangesBetween(const registry::State& before,
                     const registry::State& after) {
  Lines lines;
  for (const auto& [number, now] : after.applications) {
    const auto* was = registry::FindApplication(before, number);
    if (was != nullptr && was->state() == now.state()) continue;
    lines.push_back(absl::StrCat("→ 申请 ", number, " 现为“",
                                 registry::StateNameZh(now.state()), "”"));
  }
  for (const auto& [number, now] : after.objections) {
    const auto* was = registry::FindObjection(before, number);
    if (was != nullptr && was->state() == now.state()) continue;
    lines.push_back(absl::StrCat("→ 异议 ", number, " 现为“",
                                 registry::StateNameZh(now.state()), "”"));
  }
  for (const auto& [number, now] : after.certificates) {
    const auto* was = registry::FindSheet(before, number);
    if (was != nullptr && TextOf(was->status()) == TextOf(now.status())) {
      continue;
    }
    lines.push_back(
        absl::StrCat("→ 证书 ", number, " 现为“", TextOf(now.status()), "”"));
  }
  if (lines.size() <= kMostLines) return lines;
  return {absl::StrCat("→ ", lines.size(), " 件状态改变")};
}

}  // namespace dataip::testing

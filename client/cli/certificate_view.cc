#include "client/cli/certificate_view.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/cli/form_view.h"
#include "client/cli/label_table.h"
#include "client/cli/labels.h"
#include "core/registry/values/civil_date.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;

// Leaves out what is empty.
void Add(const std::string& name, const std::string& value, Record& record) {
  if (!value.empty()) record.push_back({name, value});
}

std::string PartyList(
    const google::protobuf::RepeatedPtrField<std::string>& parties) {
  return absl::StrJoin(parties, "、");
}

void AppendTransfer(const v1::TransferRequest& transfer, Record& record) {
  record.push_back({"转移原因", LabelOf(transfer.kind())});
  record.push_back({"新权利人", NewHolderLines(transfer.new_holders())});
  record.push_back({"文书编号", transfer.document_no()});
  record.push_back({"文书", FileText(transfer.document())});
}

void AppendRenewal(const v1::RenewalRequest& renewal, Record& record) {
  record.push_back({"使用情况", renewal.statement_of_use()});
  record.push_back({"续展至", renewal.valid_to().empty() ? "规则允许的最后一日"
                                                         : renewal.valid_to()});
  std::vector<std::string> contracts;
  for (int i = 0; i < renewal.contract_ends_size(); ++i) {
    contracts.push_back(absl::StrCat(
        renewal.contract_ends(i), "  ",
        i < renewal.contracts_size() ? FileText(renewal.contracts(i)) : ""));
  }
  Add("合同止期", absl::StrJoin(contracts, "\n"), record);
  if (!renewal.has_deposit()) return;
  record.push_back({"存证 SHA-256", HexOf(renewal.deposit().file_sha256())});
  record.push_back({"存证 SM3", HexOf(renewal.deposit().file_sm3())});
  record.push_back(
      {"数据规模", absl::StrCat(renewal.deposit().leaf_count(), " 条，",
                                renewal.deposit().byte_size(), " 字节")});
}

void AppendPledge(const v1::PledgeRequest& pledge, Record& record) {
  if (pledge.action() == v1::PledgeRequest::RELEASE) {
    record.push_back({"质押编号", pledge.pledge_no()});
    return;
  }
  Add("质押编号", pledge.pledge_no(), record);  // of a change
  Add("质权人", pledge.pledgee(), record);
  record.push_back({"担保金额", FormatFen(pledge.amount().fen())});
  Add("起日", pledge.valid_from(), record);
  record.push_back({"止日", pledge.valid_to()});
  record.push_back({"合同号", pledge.contract_no()});
}

}  // namespace

std::string LabelOf(v1::PledgeRequest::Action action) {
  return FindLabel<v1::PledgeRequest::Action>(
      action, {{v1::PledgeRequest::REGISTER, "质押登记"},
               {v1::PledgeRequest::RELEASE, "质押注销"},
               {v1::PledgeRequest::CHANGE, "质押变更"}});
}

std::string LabelOf(v1::RequestState state) {
  return FindLabel<v1::RequestState>(state,
                                     {{v1::REQUEST_AWAITING_COSIGN, "待同意"},
                                      {v1::REQUEST_UNDER_REVIEW, "待审核"},
                                      {v1::REQUEST_GRANTED, "已准予"},
                                      {v1::REQUEST_REFUSED, "已不予"},
                                      {v1::REQUEST_WITHDRAWN, "已撤回"}});
}

std::string LabelOf(v1::TransferKind kind) {
  return FindLabel<v1::TransferKind>(kind, {{v1::ASSIGNMENT, "转让"},
                                            {v1::MERGER, "合并"},
                                            {v1::SPLIT, "分立"},
                                            {v1::INHERITANCE, "继承、遗赠"},
                                            {v1::JUDGMENT, "判决、裁决"}});
}

std::string LabelOf(v1::RevocationState state) {
  return FindLabel<v1::RevocationState>(state,
                                        {{v1::REVOCATION_HEARING, "听取意见"},
                                         {v1::REVOCATION_HEARD, "已陈述意见"},
                                         {v1::REVOCATION_DECIDED, "已撤销"},
                                         {v1::REVOCATION_DROPPED, "不予撤销"}});
}

std::string LabelOf(v1::RevocationEffect effect) {
  return FindLabel<v1::RevocationEffect>(
      effect, {{v1::FROM_DECISION, "自决定之日起"},
               {v1::FROM_REGISTRATION, "自登记之日起（自始）"}});
}

std::string LabelOf(v1::RevocationOccasion occasion) {
  return FindLabel<v1::RevocationOccasion>(
      occasion, {{v1::EX_OFFICIO, "依职权"},
                 {v1::ON_REPORT, "举报"},
                 {v1::ON_JUDGMENT, "生效裁判、仲裁裁决"}});
}

std::string RevocationGroundLabel(absl::string_view code) {
  struct Ground {
    absl::string_view code;
    absl::string_view wording;
  };
  for (const Ground& ground :
       {Ground{"R01", "危害国家安全、泄露国家秘密或者损害公共利益"},
        {"R02", "数据获取不合法或者缺少来源授权"},
        {"R03", "不属于登记对象"},
        {"R04", "没有存证或者公证"},
        {"R05", "权属争议经认定不属于持有人"},
        {"R06", "侵害个人信息或者隐私"},
        {"R07", "侵害他人知识产权"},
        {"R08", "隐瞒情况或者提供虚假材料"},
        {"V01", "以欺骗等不正当手段取得登记"},
        {"V02", "人民法院、仲裁机构的生效裁决"}}) {
    if (ground.code == code) return absl::StrCat(code, " ", ground.wording);
  }
  return std::string(code);
}

std::string RequestKindText(const v1::RequestBody& body) {
  switch (body.body_case()) {
    case v1::RequestBody::kChange:
      return "变更";
    case v1::RequestBody::kTransfer:
      return absl::StrCat("转移（", LabelOf(body.transfer().kind()), "）");
    case v1::RequestBody::kRenewal:
      return "续展";
    case v1::RequestBody::kPledge:
      return LabelOf(body.pledge().action());
    case v1::RequestBody::kCancellation:
      return "注销";
    case v1::RequestBody::kCorrection:
      return "更正";
    case v1::RequestBody::kReplacement:
      return "换发证书";
    case v1::RequestBody::BODY_NOT_SET:
      break;
  }
  return "";
}

void AppendChange(const v1::ChangeRequest& change, Record& record) {
  Add("新名称", change.name(), record);
  Add("新地区", change.region_code(), record);
  if (change.update_frequency() != v1::UPDATE_FREQUENCY_UNSPECIFIED) {
    record.push_back({"新更新频次", LabelOf(change.update_frequency())});
  }
  if (change.record_count() != 0) {
    record.push_back({"新记录数", absl::StrCat(change.record_count(), " 条")});
  }
  if (change.byte_size() != 0) {
    record.push_back({"新字节数", absl::StrCat(change.byte_size(), " 字节")});
  }
  Add("变更事实发生日", change.changed_on(), record);
  if (change.holder_names()) {
    record.push_back({"权利人名称", "按登记主体的现有名称更新"});
  }
}

void AppendRequestBody(const v1::RequestBody& body, Record& record) {
  record.push_back({"请求事项", RequestKindText(body)});
  switch (body.body_case()) {
    case v1::RequestBody::kChange:
      AppendChange(body.change(), record);
      break;
    case v1::RequestBody::kTransfer:
      AppendTransfer(body.transfer(), record);
      break;
    case v1::RequestBody::kRenewal:
      AppendRenewal(body.renewal(), record);
      break;
    case v1::RequestBody::kPledge:
      AppendPledge(body.pledge(), record);
      break;
    case v1::RequestBody::kCancellation:
      record.push_back({"理由", body.cancellation().reason()});
      break;
    case v1::RequestBody::kCorrection:
      record.push_back({"差错", body.correction().error()});
      AppendChange(body.correction().values(), record);
      break;
    case v1::RequestBody::kReplacement:
      record.push_back({"理由", body.replacement().reason()});
      break;
    case v1::RequestBody::BODY_NOT_SET:
      break;
  }
}

std::string NewHolderLines(
    const google::protobuf::RepeatedPtrField<v1::NewHolder>& holders) {
  std::vector<std::string> lines;
  for (const v1::NewHolder& holder : holders) {
    lines.push_back(holder.share_bp() == 0
                        ? holder.party_number()
                        : absl::StrCat(holder.party_number(), "（",
                                       holder.share_bp(), "/10000）"));
  }
  return absl::StrJoin(lines, "\n");
}

Record RequestRecord(const v1::CertificateRequest& request) {
  Record record = {{"请求编号", request.request_no()},
                   {"状态", LabelOf(request.state())},
                   {"证书编号", request.certificate_number()},
                   {"请求人", request.requester()}};
  AppendRequestBody(request.body(), record);
  if (request.late()) {
    record.push_back({"提示", "超过变更事实发生后应提出的期限，照常受理"});
  }
  Add("须同意", PartyList(request.cosigners()), record);
  Add("已同意", PartyList(request.cosigned()), record);
  Add("不予理由", request.refusal_reason(), record);
  Add("新证书编号", request.new_certificate_number(), record);
  record.push_back({"提出时间", FormatTime(request.filed_at_ms())});
  record.push_back({"更新时间", FormatTime(request.updated_at_ms())});
  record.push_back({"规则", request.profile().profile_id()});
  record.push_back({"版本", absl::StrCat(request.version())});
  return record;
}

std::string RevocationText(const v1::Revocation& revocation) {
  std::vector<std::string> grounds;
  for (const std::string& code : revocation.grounds()) {
    grounds.push_back(RevocationGroundLabel(code));
  }
  std::vector<std::string> lines = {
      absl::StrCat(revocation.revocation_no(), "  ",
                   LabelOf(revocation.state()), "  ",
                   revocation.certificate_number()),
      absl::StrCat(
          "由来：", LabelOf(revocation.occasion()),
          revocation.document_no().empty() ? "" : "  ",
          revocation.document_no(), revocation.has_document() ? "  " : "",
          revocation.has_document() ? FileText(revocation.document()) : ""),
      absl::StrJoin(grounds, "；"), revocation.reason(),
      absl::StrCat("陈述期限 ", DeadlineText(revocation.hearing_deadline()))};
  if (revocation.heard_at_ms() != 0) {
    lines.push_back(
        absl::StrCat("最近陈述于 ", FormatTime(revocation.heard_at_ms())));
  }
  if (!revocation.statement().empty()) {
    lines.push_back(absl::StrCat("陈述：", revocation.statement()));
  }
  for (const v1::FileCommitment& file : revocation.statement_files()) {
    lines.push_back(FileText(file));
  }
  return absl::StrJoin(lines, "\n");
}

std::string FreezeText(const v1::Freeze& freeze) {
  return absl::StrCat(freeze.freeze_no(), "  ", freeze.certificate_number(),
                      "\n", freeze.authority(), "  ", freeze.document_no(),
                      "\n冻结至 ", freeze.until(), "  ",
                      FileText(freeze.document()));
}

std::string PledgeText(const v1::Pledge& pledge) {
  return absl::StrCat(pledge.pledge_no(), "  ", pledge.certificate_number(),
                      "  顺位 ", pledge.rank(), "\n", pledge.pledgee(), "  ",
                      FormatFen(pledge.amount().fen()), "\n",
                      pledge.valid_from(), " 至 ", pledge.valid_to(), "  合同 ",
                      pledge.contract_no());
}

std::string OverlayText(const v1::StatusRecord& status) {
  std::vector<std::string> overlays;
  for (const v1::Overlay& overlay : status.overlays()) {
    overlays.push_back(overlay.rank() == 0
                           ? LabelOf(overlay.kind())
                           : absl::StrCat("第 ", overlay.rank(), " 顺位",
                                          LabelOf(overlay.kind())));
  }
  return absl::StrJoin(overlays, "、");
}

std::string StatusText(const v1::StatusRecord& status) {
  std::string text = absl::StrCat(
      status.version(), "  ",
      FormatTime(registry::ToUnixMs(status.decided_at()).value_or(0)), "  ",
      LabelOf(status.state()));
  if (!status.replaced_by().empty()) {
    absl::StrAppend(&text, " → ", status.replaced_by());
  }
  const std::string overlays = OverlayText(status);
  if (!overlays.empty()) absl::StrAppend(&text, "  ", overlays);
  return text;
}

}  // namespace dataip::client

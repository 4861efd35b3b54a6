#include "client/cli/event_text.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "client/cli/certificate_view.h"
#include "client/cli/labels.h"
#include "client/cli/output.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;

std::string WithDeadline(absl::string_view text, const v1::Deadline& deadline) {
  const std::string until = DeadlineText(deadline);
  return until.empty() ? std::string(text) : absl::StrCat(text, until);
}

std::string SheetText(const std::string& number) {
  return number.empty() ? "" : absl::StrCat("，新证书编号 ", number);
}

std::string ApplicationText(const v1::Event& event) {
  switch (event.event_case()) {
    case v1::Event::kApplicationPrepared:
      return absl::StrCat("草稿编号 ",
                          event.application_prepared().draft().draft_no());
    case v1::Event::kApplicationCosigned:
      return "已确认";
    case v1::Event::kDraftDiscarded:
      return "草稿已作废";
    case v1::Event::kApplicationSubmitted:
      return absl::StrCat(
          "已受理 ",
          event.application_submitted().application().application_no());
    case v1::Event::kCorrectionRequested:
      return WithDeadline("补正期限 ", event.correction_requested().deadline());
    case v1::Event::kCorrectionFiled:
      return "补正已提交";
    case v1::Event::kApplicationWithdrawn:
      return LabelOf(v1::WITHDRAWN);
    case v1::Event::kApplicationRefused:
      return LabelOf(v1::REFUSED);
    case v1::Event::kNoticeOpened:
      return WithDeadline("公示至 ", event.notice_opened().deadline());
    case v1::Event::kApplicationRegistered:
      return absl::StrCat(
          "证书编号 ", event.application_registered().certificate_number(),
          "，登记号 ", event.application_registered().registration_number());
    case v1::Event::kApplicationClaimed:
      return "已领取";
    case v1::Event::kApplicationReleased:
      return "已退回";
    case v1::Event::kOpinionRecorded:
      return "数据主管部门意见已记录";
    case v1::Event::kFieldDisclosed:
      return absl::StrCat("已公开 ", event.field_disclosed().field());
    case v1::Event::kBatchDecided:
      return absl::StrCat("批次编号 ", event.batch_decided().batch_no());
    default:
      return "";
  }
}

std::string ObjectionText(const v1::Event& event) {
  switch (event.event_case()) {
    case v1::Event::kObjectionFiled:
      return absl::StrCat("异议编号 ",
                          event.objection_filed().objection().objection_no());
    case v1::Event::kObjectionAccepted:
      return WithDeadline("异议已受理，转送期限 ",
                          event.objection_accepted().forward_deadline());
    case v1::Event::kObjectionRejected:
      return "异议不予受理";
    case v1::Event::kObjectionForwarded:
      return WithDeadline("已转送，答复期限 ",
                          event.objection_forwarded().reply_deadline());
    case v1::Event::kObjectionAnswered:
      return "已答复";
    case v1::Event::kObjectionUpheld:
      return "异议成立";
    case v1::Event::kObjectionDismissed:
      return WithDeadline("异议不成立，证明已提起诉讼等程序的期限 ",
                          event.objection_dismissed().proceedings_deadline());
    case v1::Event::kObjectionWithdrawn:
      return "异议已撤回";
    case v1::Event::kNoticeResumed:
      return WithDeadline("公示继续，至 ", event.notice_resumed().deadline());
    case v1::Event::kProceedingsSuspended:
      return "已中止";
    case v1::Event::kProceedingsResumed:
      // While an objection is open the notice stands still all the same.
      return event.proceedings_resumed().has_notice_deadline()
                 ? WithDeadline("已恢复，公示至 ",
                                event.proceedings_resumed().notice_deadline())
                 : "已恢复，异议处理继续";
    default:
      return "";
  }
}

std::string RequestText(const v1::Event& event) {
  switch (event.event_case()) {
    case v1::Event::kRequestFiled:
      return absl::StrCat("请求编号 ",
                          event.request_filed().request().request_no());
    case v1::Event::kRequestCosigned:
      return "已同意";
    case v1::Event::kRequestWithdrawn:
      return "请求已撤回";
    case v1::Event::kRequestRefused:
      return "请求未获准许";
    case v1::Event::kRequestGranted:
      return absl::StrCat(
          "准许", SheetText(event.request_granted().new_certificate_number()));
    case v1::Event::kPledgeRegistered:
      return absl::StrCat("质押编号 ",
                          event.pledge_registered().pledge().pledge_no(),
                          "，顺位 ", event.pledge_registered().pledge().rank());
    case v1::Event::kPledgeChanged:
      return absl::StrCat("质押已变更 ",
                          event.pledge_changed().pledge().pledge_no());
    case v1::Event::kPledgeReleased:
      return absl::StrCat("质押已注销 ", event.pledge_released().pledge_no());
    default:
      return "";
  }
}

std::string RevokedText(const v1::CertificateRevoked& revoked) {
  return absl::StrCat(LabelOf(v1::REVOKED), "，", LabelOf(revoked.effect()),
                      revoked.reason().empty() ? "" : "，理由：",
                      revoked.reason());
}

std::string CertificateText(const v1::Event& event) {
  switch (event.event_case()) {
    case v1::Event::kRevocationOpened:
      return absl::StrCat(
          "撤销案号 ", event.revocation_opened().revocation().revocation_no());
    case v1::Event::kRevocationHeard:
      return "陈述已记录";
    case v1::Event::kCertificateRevoked:
      return RevokedText(event.certificate_revoked());
    case v1::Event::kRevocationDropped:
      return "不予撤销";
    case v1::Event::kCertificateFrozen:
      return absl::StrCat("冻结编号 ",
                          event.certificate_frozen().freeze().freeze_no());
    case v1::Event::kFreezeReleased:
      return "已解除冻结";
    case v1::Event::kCertificateCorrected:
      return absl::StrCat(
          "已更正",
          SheetText(event.certificate_corrected().new_certificate_number()));
    case v1::Event::kCertificateImported:
      return absl::StrCat("证书编号 ",
                          event.certificate_imported().certificate_number());
    case v1::Event::kLicenceFiled:
      return absl::StrCat("许可编号 ",
                          event.licence_filed().licence().licence_no());
    case v1::Event::kLicenceConfirmed:
      return "许可已确认";
    case v1::Event::kLicenceChanged:
      return "许可已变更，待被许可人确认";
    case v1::Event::kLicenceEnded:
      return absl::StrCat("许可止于 ", event.licence_ended().ended_on());
    case v1::Event::kUsageRecorded:
      return absl::StrCat("新增 ", event.usage_recorded().counted_size(),
                          " 条，",
                          FormatFen(event.usage_recorded().value_fen()));
    default:
      return "";
  }
}

std::string RegistryText(const v1::Event& event) {
  switch (event.event_case()) {
    case v1::Event::kAttorneyGranted:
      return absl::StrCat("委托编号 ",
                          event.attorney_granted().attorney().attorney_no());
    case v1::Event::kAttorneyRevoked:
      return absl::StrCat("委托自 ", event.attorney_revoked().revoked_on(),
                          " 起终止");
    case v1::Event::kProfileAdopted:
      return absl::StrCat(
          "自 ", event.profile_adopted().adoption().effective_from(),
          " 起适用 ",
          event.profile_adopted().adoption().profile().profile_id());
    case v1::Event::kDeadlinesRecomputed:
      return absl::StrCat("重新计算 ",
                          event.deadlines_recomputed().deadlines_size(),
                          " 个暂定期限");
    case v1::Event::kOpeningsErased:
      return absl::StrCat("命令删除 ",
                          event.openings_erased().order().commitments_size(),
                          " 项明文");
    default:
      return "";
  }
}

}  // namespace

std::string EventText(const v1::Event& event) {
  for (std::string (*const text_of)(const v1::Event&) :
       {ApplicationText, ObjectionText, RequestText, CertificateText,
        RegistryText}) {
    std::string text = text_of(event);
    if (!text.empty()) return text;
  }
  return "";
}

}  // namespace dataip::client

#include "core/registry/certificate/certificate_orders.h"

#include "absl/strings/str_cat.h"
#include "core/registry/certificate/certificate_content.h"
#include "core/registry/certificate/rules.h"

namespace dataip::registry {

const v1::Certificate* FindSheet(const State& state, absl::string_view number) {
  const auto found = state.certificates.find(number);
  return found == state.certificates.end() ? nullptr : &found->second;
}

const v1::Certificate* NewestSheet(const State& state,
                                   absl::string_view number) {
  const v1::Certificate* sheet = FindSheet(state, number);
  if (sheet == nullptr) sheet = FindCertificate(state, number);
  if (sheet == nullptr) return nullptr;
  const auto newest =
      state.registration_numbers.find(sheet->content().registration_number());
  if (newest == state.registration_numbers.end()) return sheet;
  return FindSheet(state, newest->second);
}

absl::string_view StateNameZh(v1::CertificateState state) {
  switch (state) {
    case v1::VALID:
      return "有效";
    case v1::EXPIRED:
      return "到期失效";
    case v1::CANCELLED:
      return "已注销";
    case v1::REVOKED:
      return "已撤销";
    case v1::REPLACED:
      return "已换证";
    default:
      return "未知";
  }
}

MaybeRefusal CheckSheet(const Case& a_case, const OrderOn& order) {
  const v1::Certificate* sheet = FindSheet(a_case.state, order.number);
  if (sheet == nullptr) {
    return NotFound(
        order.field,
        absl::StrCat("没有编号为“", order.number, "”的证书，请核对编号"),
        absl::StrCat("there is no certificate `", order.number,
                     "`; check the number"));
  }
  return CheckVersion(a_case, sheet->status().version());
}

MaybeRefusal CheckValidSheet(const Case& a_case, const OrderOn& order) {
  RETURN_IF_REFUSED(CheckSheet(a_case, order));
  const v1::StatusRecord& status =
      FindSheet(a_case.state, order.number)->status();
  if (status.state() == v1::VALID) return std::nullopt;
  if (order.or_expired && status.state() == v1::EXPIRED) return std::nullopt;
  const std::string& successor = status.replaced_by();
  return Refuse(
      rpc::v1::RULE_REFUSES,
      {std::string(order.field), std::string(order.rule),
       absl::StrCat("证书 ", order.number, " 现为“",
                    StateNameZh(status.state()), "”，此操作只对有效",
                    order.or_expired ? "或到期失效的证书进行" : "证书进行",
                    successor.empty() ? "" : "，请改对证书 ", successor),
       absl::StrCat("certificate ", order.number, " is ",
                    v1::CertificateState_Name(status.state()),
                    "; this command acts on one that is VALID",
                    order.or_expired ? " or EXPIRED" : "",
                    successor.empty() ? "" : ", which is now ", successor),
       ""});
}

Decision DecideExpireCertificate(const Case& a_case) {
  const std::string& number =
      a_case.command.expire_certificate().certificate_number();
  RETURN_IF_REFUSED(
      CheckValidSheet(a_case, {"certificate_number", "C8", number}));
  const v1::Certificate& sheet = *FindSheet(a_case.state, number);
  const Due due = ExpiryOf(a_case.state, sheet);
  const int64_t due_ms = due.at_ms;
  if (a_case.state.due.count(due) == 0) {
    return Refuse(
        rpc::v1::RULE_REFUSES,
        {"certificate_number", "C8", "续展请求尚未办结，证书暂不到期失效",
         "a renewal is open; the term waits for it", ""});
  }
  if (a_case.decided_at_ms <= due_ms) {
    const std::string last_day = FormatDate(ShanghaiDate(due_ms));
    return Refuse(
        rpc::v1::RULE_REFUSES,
        {"certificate_number", "C8",
         absl::StrCat("证书至 ", last_day, " 日终才到期，不得提前失效"),
         absl::StrCat("the certificate runs to the end of ", last_day,
                      "; it cannot expire before"),
         ""});
  }
  Events events(1);
  v1::CertificateExpired* expired = events[0].mutable_certificate_expired();
  expired->set_certificate_number(number);
  *expired->mutable_effective_at() = FromUnixMs(due_ms);
  v1::StatusRecord record = NextStatus(a_case, sheet);
  SetEnded(v1::EXPIRED, record);
  AppendStatus(record, events);
  return events;
}

}  // namespace dataip::registry

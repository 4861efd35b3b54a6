// What requests about pledges say (rules 2.3 C5).
#include "absl/strings/str_cat.h"
#include "core/registry/certificate/certificate_content.h"
#include "core/registry/request/body_checks.h"
#include "core/registry/values/canonical.h"
#include "core/registry/values/money.h"
#include "core/registry/values/number_scheme.h"

namespace dataip::registry {
namespace {

// What a new pledge and a change of one both say; `valid_from` is its first
// day.
MaybeRefusal CheckPledgeTerms(const Case& a_case, const Asked& asked,
                              const std::string& valid_from) {
  const v1::PledgeRequest& pledge = asked.body.pledge();
  if (pledge.amount().currency() != kCurrency || pledge.amount().fen() <= 0) {
    return InvalidIn(asked, "pledge.amount",
                     "金额须为人民币(CNY)且大于 0 分，请修改",
                     "the amount is in CNY and over 0 fen; change it");
  }
  const auto from = ParseDate(valid_from);
  const auto to = ParseDate(pledge.valid_to());
  if (!from || !to || *to < *from || *to < a_case.today()) {
    return InvalidIn(
        asked, "pledge.valid_to",
        "质押期限须为 YYYY-MM-DD 日期，止日不早于起日与今日",
        "the period needs dates YYYY-MM-DD, the last not before the "
        "first nor today");
  }
  RETURN_IF_REFUSED(
      CheckDocumentNo(asked, "pledge.contract_no", pledge.contract_no()));
  if (pledge.salt().size() != hash::kHashBytes) {
    return InvalidIn(asked, "pledge.salt", "随机盐应为 32 字节",
                     "a salt is 32 random bytes");
  }
  return std::nullopt;
}

MaybeRefusal CheckNewPledge(const Case& a_case, const Asked& asked) {
  const v1::PledgeRequest& pledge = asked.body.pledge();
  if (FindParty(a_case.state, pledge.pledgee()) == nullptr ||
      IsHolder(asked.certificate, pledge.pledgee())) {
    return InvalidIn(asked, "pledge.pledgee",
                     "质权人未登记或就是权利人，请核对主体编号",
                     "the pledgee is not registered or is a holder; check its "
                     "party number");
  }
  RETURN_IF_REFUSED(CheckPledgeTerms(a_case, asked, pledge.valid_from()));
  if (a_case.state.counters.pledges >= kSerial7) {
    return Refuse(rpc::v1::RULE_REFUSES,
                  {absl::StrCat(asked.field, ".pledge"), "NUMBERS",
                   "质押编号已用尽", "no pledge number is left", ""});
  }
  return std::nullopt;
}

MaybeRefusal CheckPledgeChange(const Case& a_case, const Asked& asked,
                               const v1::Pledge& before) {
  const v1::PledgeRequest& wanted = asked.body.pledge();
  if (!wanted.pledgee().empty() || !wanted.valid_from().empty()) {
    return InvalidIn(
        asked,
        wanted.pledgee().empty() ? "pledge.valid_from" : "pledge.pledgee",
        "质押变更不改质权人与起日，请留空；更换质权人须另行登记",
        "a change leaves pledgee and first day as they are: leave both empty; "
        "another pledgee takes another pledge");
  }
  RETURN_IF_REFUSED(CheckPledgeTerms(a_case, asked, before.valid_from()));
  if (SerializeCanonical(ChangedPledge(wanted, before)) !=
      SerializeCanonical(before)) {
    return std::nullopt;
  }
  return InvalidIn(asked, "pledge", "与质押现有内容没有不同，请填写要改的内容",
                   "nothing differs from the pledge; say what changes");
}

}  // namespace

v1::Pledge ChangedPledge(const v1::PledgeRequest& wanted,
                         const v1::Pledge& before) {
  v1::Pledge pledge = before;
  *pledge.mutable_amount() = wanted.amount();
  pledge.set_valid_to(wanted.valid_to());
  pledge.set_contract_no(wanted.contract_no());
  return pledge;
}

MaybeRefusal CheckPledge(const Case& a_case, const Asked& asked) {
  const v1::PledgeRequest& pledge = asked.body.pledge();
  if (pledge.action() == v1::PledgeRequest::REGISTER) {
    return CheckNewPledge(a_case, asked);
  }
  if (pledge.action() == v1::PledgeRequest::ACTION_UNSPECIFIED) {
    return InvalidIn(asked, "pledge.action", "请选择质押登记、变更或注销",
                     "choose REGISTER, CHANGE or RELEASE");
  }
  const auto found = a_case.state.pledges.find(pledge.pledge_no());
  if (found == a_case.state.pledges.end() ||
      found->second.certificate_number() != asked.certificate.number()) {
    return InvalidIn(asked, "pledge.pledge_no",
                     "证书上没有此编号的有效质押，请核对",
                     "the certificate has no pledge of this number in force; "
                     "check it");
  }
  return pledge.action() == v1::PledgeRequest::CHANGE
             ? CheckPledgeChange(a_case, asked, found->second)
             : std::nullopt;
}

}  // namespace dataip::registry

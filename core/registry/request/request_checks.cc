// The bodies of requests: shape, and what their rules say.
#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/limits.h"
#include "core/registry/certificate/certificate_content.h"
#include "core/registry/form/form_checks.h"
#include "core/registry/request/body_checks.h"
#include "core/registry/request/requests.h"
#include "core/registry/tables/calendar.h"

namespace dataip::registry {
namespace {

Fault FaultAt(const Asked& asked, absl::string_view member, std::string zh,
              std::string en) {
  return {absl::StrCat(asked.field, ".", member),
          std::string(RuleOf(asked.body)), std::move(zh), std::move(en), ""};
}

Refusal RuleRefuses(const Asked& asked, absl::string_view member,
                    std::string zh, std::string en,
                    absl::string_view clause = "") {
  Fault fault = FaultAt(asked, member, std::move(zh), std::move(en));
  fault.clause = std::string(clause);
  return Refuse(rpc::v1::RULE_REFUSES, std::move(fault));
}

MaybeRefusal CheckDocument(const Asked& asked, absl::string_view member,
                           const v1::FileCommitment& file) {
  Violations found;
  CheckFile({"document"}, file, found);
  if (found.empty()) return std::nullopt;
  found.front().set_field(absl::StrCat(asked.field, ".", member));
  return RefuseForm({std::move(found.front())});
}

MaybeRefusal CheckReasonOf(const Asked& asked, absl::string_view member,
                           const std::string& text, size_t most) {
  return CheckReason(absl::StrCat(asked.field, ".", member), text,
                     limits::kReasonLeastCharacters, most);
}

// C1. One that is filed late is taken all the same, for the register is to
// become true: the request tells the officers that it is.
MaybeRefusal CheckChange(const Case& a_case, const Asked& asked) {
  const v1::ChangeRequest& change = asked.body.change();
  const auto changed_on = ParseDate(change.changed_on());
  if (!changed_on || a_case.today() < *changed_on) {
    return InvalidIn(
        asked, "change.changed_on",
        "变更事实发生日须为不晚于今日的 YYYY-MM-DD 日期",
        "the day of the fact is a date YYYY-MM-DD, not after today");
  }
  v1::CertificateContent content = asked.certificate.content();
  return ApplyChange(a_case, asked.certificate, change,
                     absl::StrCat(asked.field, ".change"), "C1", content);
}

bool SameHolders(const v1::Certificate& certificate,
                 const v1::TransferRequest& transfer) {
  const auto& now = certificate.content().holders();
  return now.size() == transfer.new_holders_size() &&
         std::equal(now.begin(), now.end(), transfer.new_holders().begin(),
                    [](const v1::Holder& a, const v1::NewHolder& b) {
                      return a.party_number() == b.party_number() &&
                             a.share_bp() == b.share_bp();
                    });
}

MaybeRefusal CheckNewHolders(const Case& a_case, const Asked& asked) {
  const v1::TransferRequest& transfer = asked.body.transfer();
  const int count = transfer.new_holders_size();
  std::set<std::string> parties;
  uint64_t sum_bp = 0;
  int with_share = 0;
  for (const v1::NewHolder& holder : transfer.new_holders()) {
    if (FindParty(a_case.state, holder.party_number()) != nullptr) {
      parties.insert(holder.party_number());
    }
    sum_bp += holder.share_bp();
    with_share += holder.share_bp() > 0 ? 1 : 0;
  }
  if (count < 1 || count > limits::kApplicantsPerForm ||
      parties.size() != static_cast<size_t>(count)) {
    return InvalidIn(
        asked, "transfer.new_holders",
        "新权利人应为 1 至 7 个已登记且不重复的主体，请核对主体编号",
        "new holders are 1 to 7 registered parties without repeats; "
        "check their numbers");
  }
  if (with_share != 0 &&
      (with_share != count || sum_bp != limits::kWholeShareBp)) {
    return InvalidIn(asked, "transfer.new_holders",
                     "份额应全部不填，或全部填写且合计为 10000",
                     "shares are all absent, or all set with the sum 10,000");
  }
  if (SameHolders(asked.certificate, transfer)) {
    return InvalidIn(asked, "transfer.new_holders",
                     "新权利人与现权利人相同，请核对",
                     "the new holders are the present ones; check them");
  }
  return std::nullopt;
}

// C2.
MaybeRefusal CheckTransfer(const Case& a_case, const Asked& asked) {
  const v1::TransferRequest& transfer = asked.body.transfer();
  if (transfer.kind() == v1::TRANSFER_KIND_UNSPECIFIED) {
    return InvalidIn(
        asked, "transfer.kind", "请选择转移原因：转让、合并、分立、继承或判决",
        "choose the kind: ASSIGNMENT, MERGER, SPLIT, INHERITANCE or "
        "JUDGMENT");
  }
  RETURN_IF_REFUSED(CheckNewHolders(a_case, asked));
  RETURN_IF_REFUSED(
      CheckDocument(asked, "transfer.document", transfer.document()));
  return CheckDocumentNo(asked, "transfer.document_no", transfer.document_no());
}

// Sources of the form that have a contract.
int ContractsOf(const Case& a_case, const v1::Certificate& certificate) {
  const v1::Application* application =
      FindApplication(a_case.state, certificate.content().application_no());
  if (application == nullptr) return 0;
  const auto& sources = application->form().sources();
  return static_cast<int>(std::count_if(
      sources.begin(), sources.end(),
      [](const auto& source) { return !source.contract_end().empty(); }));
}

MaybeRefusal CheckContracts(const Case& a_case, const Asked& asked,
                            const CivilDate& last) {
  const v1::RenewalRequest& renewal = asked.body.renewal();
  const int contracts = ContractsOf(a_case, asked.certificate);
  if (renewal.contract_ends_size() != contracts ||
      renewal.contracts_size() != contracts) {
    return InvalidIn(
        asked, "renewal.contract_ends",
        absl::StrCat("登记表有 ", contracts,
                     " 项来源附合同，请逐项填写现在的到期日并附合同"),
        absl::StrCat("the form has ", contracts,
                     " sources with a contract; give the present end and the "
                     "document of each"));
  }
  for (int i = 0; i < contracts; ++i) {
    const auto end = ParseDate(renewal.contract_ends(i));
    if (!end || !(last < *end)) {
      return Refuse(
          rpc::v1::RULE_REFUSES,
          {absl::StrCat(asked.field, ".renewal.contract_ends[", i, "]"), "B07",
           absl::StrCat("来源合同须在现有效期 ", FormatDate(last),
                        " 之后仍有效，请补充有效合同"),
           absl::StrCat("the source's contract must go on after ",
                        FormatDate(last), "; it needs one in force"),
           std::string(a_case.values->ClauseOf(kCertificateTerm))});
    }
    RETURN_IF_REFUSED(CheckDocument(asked,
                                    absl::StrCat("renewal.contracts[", i, "]"),
                                    renewal.contracts(i)));
  }
  return std::nullopt;
}

MaybeRefusal CheckWindow(const Case& a_case, const Asked& asked,
                         const CivilDate& last) {
  const auto months = [&](absl::string_view key) {
    return static_cast<int>(a_case.values->Months(key).value_or(0));
  };
  const CivilDate from = AddMonths(last, -months(kRenewalWindow));
  const int grace = months(kRenewalGrace);
  const CivilDate to = grace == 0 ? last : AddMonths(last, grace);
  // Filed in time; the grant may take longer. One of two that were filed is in
  // time for the term that the other one renewed, and not for the new term.
  const CivilDate day = asked.filed_on.value_or(a_case.today());
  if (!(day < from) && !(to < day)) return std::nullopt;
  return RuleRefuses(asked, "renewal",
                     absl::StrCat("续展应在 ", FormatDate(from), " 至 ",
                                  FormatDate(to), " 之间申请"),
                     absl::StrCat("a renewal is filed from ", FormatDate(from),
                                  " to ", FormatDate(to)),
                     a_case.values->ClauseOf(kRenewalWindow));
}

// C3.
MaybeRefusal CheckRenewal(const Case& a_case, const Asked& asked) {
  const v1::RenewalRequest& renewal = asked.body.renewal();
  const auto last = ParseDate(asked.certificate.content().valid_to());
  if (!last) {
    return RuleRefuses(asked, "renewal", "证书没有可续展的期限",
                       "the certificate has no term to renew");
  }
  RETURN_IF_REFUSED(CheckWindow(a_case, asked, *last));
  RETURN_IF_REFUSED(CheckReason(
      absl::StrCat(asked.field, ".renewal.statement_of_use"),
      renewal.statement_of_use(), limits::kUseStatementLeastCharacters,
      limits::kTextCharacters));
  RETURN_IF_REFUSED(CheckContracts(a_case, asked, *last));
  const auto wished = ParseDate(renewal.valid_to());
  if (!renewal.valid_to().empty() && (!wished || !(*last < *wished))) {
    return InvalidIn(asked, "renewal.valid_to",
                     absl::StrCat("新的到期日须为晚于 ", FormatDate(*last),
                                  " 的 YYYY-MM-DD 日期，或不填"),
                     absl::StrCat("the new last day is a date after ",
                                  FormatDate(*last), ", or empty"));
  }
  const CivilDate renewed_to = RenewedTo(a_case, asked);
  if (wished && renewed_to < *wished) {
    return RuleRefuses(
        asked, "renewal.valid_to",
        absl::StrCat("续展最长至 ", FormatDate(renewed_to), "，请修改"),
        absl::StrCat("the term can be renewed to ", FormatDate(renewed_to),
                     " at most; change it"),
        a_case.values->ClauseOf(kRenewalTerm));
  }
  if (renewed_to < a_case.today()) {
    return RuleRefuses(asked, "renewal.valid_to",
                       "续展后的期限也已届满，不能续展",
                       "the renewed term would be over as well");
  }
  const v1::Deposit& deposit = renewal.deposit();
  if (renewal.has_deposit() &&
      (deposit.file_sha256().size() != hash::kHashBytes ||
       deposit.file_sm3().size() != hash::kHashBytes ||
       deposit.root().size() != hash::kHashBytes || deposit.leaf_count() == 0 ||
       deposit.byte_size() == 0 ||
       deposit.cut() == v1::DEPOSIT_CUT_UNSPECIFIED)) {
    return InvalidIn(asked, "renewal.deposit",
                     "存证的摘要、树根或记录数缺失，请重新对数据文件存证",
                     "the deposit's digests, root or leaf count are missing; "
                     "deposit the data file again");
  }
  return std::nullopt;
}

}  // namespace

Refusal InvalidIn(const Asked& asked, absl::string_view member, std::string zh,
                  std::string en) {
  return Refuse(rpc::v1::INVALID_FIELD,
                FaultAt(asked, member, std::move(zh), std::move(en)));
}

MaybeRefusal CheckDocumentNo(const Asked& asked, absl::string_view member,
                             const std::string& number) {
  Violations found;
  CheckText({"document_no"},
            {RuleOf(asked.body), "文件编号", "the document's number", 1,
             limits::kDocumentNumberCharacters},
            number, found);
  if (found.empty()) return std::nullopt;
  found.front().set_field(absl::StrCat(asked.field, ".", member));
  return RefuseForm({std::move(found.front())});
}

CivilDate RenewedTo(const Case& a_case, const Asked& asked) {
  const v1::RenewalRequest& renewal = asked.body.renewal();
  const auto last = ParseDate(asked.certificate.content().valid_to());
  auto years = a_case.values->Years(kRenewalTerm);
  if (!years.ok()) years = a_case.values->Years(kCertificateTerm);
  const CivilDate from = AddDays(last.value_or(CivilDate{}), 1);
  CivilDate to =
      AddDays(AddYears(from, static_cast<int>(years.value_or(0))), -1);
  for (const std::string& text : renewal.contract_ends()) {
    if (const auto end = ParseDate(text)) to = std::min(to, *end);
  }
  return to;
}

MaybeRefusal CheckBody(const Case& a_case, const Asked& asked) {
  switch (asked.body.body_case()) {
    case v1::RequestBody::kChange:
      return CheckChange(a_case, asked);
    case v1::RequestBody::kTransfer:
      return CheckTransfer(a_case, asked);
    case v1::RequestBody::kRenewal:
      return CheckRenewal(a_case, asked);
    case v1::RequestBody::kPledge:
      return CheckPledge(a_case, asked);
    case v1::RequestBody::kCancellation:
      return CheckReasonOf(asked, "cancellation.reason",
                           asked.body.cancellation().reason(),
                           limits::kRefusalReasonCharacters);
    case v1::RequestBody::kCorrection: {
      RETURN_IF_REFUSED(CheckReasonOf(asked, "correction.error",
                                      asked.body.correction().error(),
                                      limits::kRefusalReasonCharacters));
      v1::CertificateContent content = asked.certificate.content();
      return ApplyChange(
          a_case, asked.certificate, asked.body.correction().values(),
          absl::StrCat(asked.field, ".correction.values"), "C10", content);
    }
    case v1::RequestBody::kReplacement:
      return CheckReasonOf(asked, "replacement.reason",
                           asked.body.replacement().reason(),
                           limits::kReasonCharacters);
    case v1::RequestBody::BODY_NOT_SET:
      break;
  }
  return Refuse(rpc::v1::INVALID_FIELD,
                {asked.field, "REQUEST", "请求没有内容，请填写请求的事项",
                 "the request asks for nothing; say what", ""});
}

}  // namespace dataip::registry
